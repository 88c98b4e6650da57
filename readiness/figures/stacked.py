"""Bars in layers: what a whole is made of, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import PALETTE, PATTERNS, QUIET, template
from readiness.text import escape_plotly


def stacked(periods: Sequence[str], layers: Sequence[tuple[str, Sequence[float]]], *, axis_title: str, mark: tuple[str, str] | None = None) -> dict[str, Any]:
    """Layers of a cost by period.

    Parameters
    ----------
    periods
        Names of the bars.
    layers
        Name and values, the lowest layer first; at most as many as the palette has colours.
    mark
        A period and what happens there, such as the end of start-up credits.
    """
    data = [
        {
            "type": "bar", "x": list(periods), "y": [float(v) for v in values], "name": escape_plotly(name),
            "marker": {"color": PALETTE[i % len(PALETTE)], "pattern": {"shape": PATTERNS[i % len(PATTERNS)]}},
            "hovertemplate": "%{x}: %{y:,.0f}<extra>" + escape_plotly(name) + "</extra>",
        }
        for i, (name, values) in enumerate(layers)
    ]  # fmt: skip
    annotations = []
    if mark is not None:
        annotations.append({"x": mark[0], "yref": "paper", "y": 0.93, "xanchor": "left", "yanchor": "bottom", "text": escape_plotly(mark[1]), "showarrow": False, "font": {"color": QUIET, "size": 11}})
    layout = {
        "template": template(), "height": 296, "barmode": "stack", "showlegend": True,
        "xaxis": {"type": "category"}, "yaxis": {"title": {"text": axis_title}, "tickformat": ",.0f", "rangemode": "tozero"},
        "annotations": annotations,
    }  # fmt: skip
    return {"data": data, "layout": layout}
