"""Bars lying down, longest first: which of several things matters most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import CALM, QUIET, STRESSED, template
from readiness.text import escape_plotly


def bars(
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    *,
    axis_title: str,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    stressed: int = 1,
) -> dict[str, Any]:
    """Bars with their values written at the end, and a whisker for the 90 % range.

    Parameters
    ----------
    labels, values, texts
        From the largest to the smallest; ``texts`` stand at the bars' ends.
    low, high
        Ends of the whiskers.
    stressed
        How many of the first bars carry the colour of the finding.
    """
    colours = [STRESSED if i < stressed else CALM for i in range(len(values))]
    trace: dict[str, Any] = {
        "type": "bar", "orientation": "h", "x": list(map(float, values))[::-1], "y": [escape_plotly(label) for label in labels][::-1],
        "text": list(texts)[::-1], "textposition": "outside", "marker": {"color": colours[::-1]}, "showlegend": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    if low is not None and high is not None:
        trace["error_x"] = {
            "type": "data", "symmetric": False, "color": QUIET, "thickness": 1, "width": 3,
            "array": [max(0.0, float(h) - float(v)) for v, h in zip(values, high, strict=True)][::-1],
            "arrayminus": [max(0.0, float(v) - float(lo)) for v, lo in zip(values, low, strict=True)][::-1],
        }  # fmt: skip
    layout = {
        "template": template(), "height": 56 + 27 * len(values), "showlegend": False,
        "xaxis": {"title": {"text": axis_title}, "rangemode": "tozero"}, "yaxis": {"showgrid": False, "automargin": True},
    }  # fmt: skip
    return {"data": [trace], "layout": layout}
