"""Bars that stand on one another: how causes add up, and where the promise's allowance ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import BAD, CALM, INK, QUIET, STRESSED, template
from readiness.language import tr
from readiness.text import escape_plotly


def waterfall(
    labels: Sequence[str], values: Sequence[float], texts: Sequence[str], *, allowed: float, allowed_text: str, total_text: str, axis_title: str, stressed: Sequence[int]
) -> dict[str, Any]:  # fmt: skip
    """Causes added up from the top, with their sum below and a line where the allowance ends.

    Parameters
    ----------
    labels, values, texts
        From the largest to the smallest.
    allowed, allowed_text
        What the promise forgives, in the unit of the values, and how that is said.
    stressed
        Positions of the causes that carry the colour of the finding.
    """
    starts = [sum(values[:i]) for i in range(len(values))]
    names = [*(escape_plotly(label) for label in labels), tr("All causes")]
    total = float(sum(values))
    colours = [STRESSED if i in stressed else CALM for i in range(len(values))] + [QUIET]
    widest = max(total, allowed)
    trace: dict[str, Any] = {
        "type": "bar", "orientation": "h", "base": [*starts, 0.0][::-1], "x": [*map(float, values), total][::-1], "y": names[::-1],
        "text": [*texts, total_text][::-1], "textposition": "outside", "marker": {"color": colours[::-1]}, "showlegend": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    layout = {
        "template": template(), "height": 84 + 20 * len(names), "showlegend": False, "margin": {"t": 44},
        "xaxis": {"title": {"text": axis_title}, "range": [0, widest * 1.16]}, "yaxis": {"showgrid": False, "automargin": True},
        "shapes": [{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": allowed, "x1": allowed, "line": {"color": BAD, "width": 1.6, "dash": "dash"}}],
        "annotations": [{"x": allowed, "yref": "paper", "y": 1.0, "yanchor": "bottom", "xanchor": "left" if allowed < widest * 0.6 else "right",
                         "text": escape_plotly(allowed_text), "showarrow": False, "font": {"color": INK, "size": 11}}],
    }  # fmt: skip
    return {"data": [trace], "layout": layout}
