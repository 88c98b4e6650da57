"""A range that narrows as questions are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.lines import with_band
from readiness.figures.theme import STRESSED, template
from readiness.language import tr


def narrowing(asked: Sequence[int], low: Sequence[float], mean: Sequence[float], high: Sequence[float], *, axis_title: str, told: str) -> dict[str, Any]:
    """The mean with its 90 % range after so many answers.

    Parameters
    ----------
    asked
        Questions answered, from none on.
    told
        What stands at the end of the line.
    """
    data = with_band(list(asked), low, mean, high, name=tr("average, with nine cases of ten"), colour=STRESSED)
    data.append({"type": "scatter", "mode": "markers+text", "x": [asked[-1]], "y": [float(mean[-1])], "text": [told], "textposition": "top center", "marker": {"size": 9, "color": STRESSED},
                 "showlegend": False, "hoverinfo": "skip"})  # fmt: skip
    layout = {
        "template": template(), "height": 296, "showlegend": True,
        "xaxis": {"title": {"text": tr("Questions answered")}, "range": [0, max(asked) * 1.12 or 1]}, "yaxis": {"title": {"text": axis_title}, "tickformat": ",.0f", "rangemode": "tozero"},
    }  # fmt: skip
    return {"data": data, "layout": layout}
