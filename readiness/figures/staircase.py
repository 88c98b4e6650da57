"""A staircase: what is expected a year, as it steps down with each quarter of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import CALM, HAIR, STRESSED, template
from readiness.text import escape_plotly


def staircase(labels: Sequence[str], mean: Sequence[float], low: Sequence[float], high: Sequence[float], texts: Sequence[str], *, axis_title: str) -> dict[str, Any]:
    """Steps with their 90 % ranges as whiskers.

    Parameters
    ----------
    labels
        Today, and each quarter.
    mean, low, high, texts
        What is expected after it, with its range, and how that is written.
    """
    names = [escape_plotly(x) for x in labels]
    data: list[dict[str, Any]] = [
        {
            "type": "bar", "x": names, "y": list(map(float, mean)), "marker": {"color": [CALM, *[STRESSED] * (len(names) - 1)]}, "showlegend": False, "width": 0.62,
            "error_y": {"type": "data", "symmetric": False, "color": "#55606b", "thickness": 1.2, "width": 4,
                        "array": [max(0.0, float(h) - float(m)) for m, h in zip(mean, high, strict=True)],
                        "arrayminus": [max(0.0, float(m) - float(lo)) for m, lo in zip(mean, low, strict=True)]},
            "hovertemplate": "%{x}: %{y:,.0f}<extra></extra>",
        },
        {
            "type": "scatter", "mode": "text", "x": names, "y": [float(h) for h in high], "text": list(texts), "textposition": "top center",
            "showlegend": False, "hoverinfo": "skip",
        },
    ]  # fmt: skip
    layout = {
        "template": template(), "height": 296, "showlegend": False, "xaxis": {"type": "category", "showgrid": False, "linecolor": HAIR},
        "yaxis": {"title": {"text": axis_title}, "tickformat": ",.0f", "range": [0, max(map(float, high), default=1.0) * 1.14 or 1.0]},
    }  # fmt: skip
    return {"data": data, "layout": layout}
