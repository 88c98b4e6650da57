"""Effort against effect: each improvement as a point, what is in the plan told apart from what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import CALM, QUIET, STRESSED, template
from readiness.text import escape_plotly


def effort(
    hours: Sequence[float], effect: Sequence[float], labels: Sequence[str], planned: Sequence[bool], *, axis_title: str, pays_at: float | None = None
) -> dict[str, Any]:  # fmt: skip
    """A map with effort to the right and effect upward.

    Parameters
    ----------
    hours, effect
        Of each improvement by itself.
    labels
        Written beside the points that have one; empty for none.
    planned
        Whether the plan holds it.
    pays_at
        Effect a year for each hour from which a step pays; a line from the origin.
    """
    data: list[dict[str, Any]] = []
    for inside, name, colour, symbol in ((False, "not in the plan", CALM, "circle"), (True, "in the plan", STRESSED, "diamond")):
        rows = [i for i, p in enumerate(planned) if p == inside]
        if rows:
            data.append({"type": "scatter", "mode": "markers+text", "x": [float(hours[i]) for i in rows], "y": [float(effect[i]) for i in rows], "text": [escape_plotly(labels[i]) for i in rows],
                         "textposition": "middle right", "textfont": {"size": 11}, "name": name, "marker": {"color": colour, "symbol": symbol, "size": 9},
                         "hovertemplate": "%{x:.0f} h, %{y:,.0f}<extra></extra>"})  # fmt: skip
    widest = max(map(float, hours), default=1.0) * 1.12
    highest = max([*map(float, effect), 1e-9]) * 1.1
    layout: dict[str, Any] = {
        "template": template(), "height": 380, "showlegend": True,
        "xaxis": {"title": {"text": "Hours of work"}, "range": [0, widest], "tickformat": ",.0f"}, "yaxis": {"title": {"text": axis_title}, "range": [min(0.0, *map(float, effect)) * 1.1 if effect else 0, highest], "tickformat": ",.0f"},
    }  # fmt: skip
    if pays_at:
        end = min(widest, highest / pays_at)
        layout["shapes"] = [{"type": "line", "x0": 0, "y0": 0, "x1": end, "y1": end * pays_at, "line": {"color": QUIET, "width": 1, "dash": "dash"}}]
        layout["annotations"] = [{"x": end, "y": end * pays_at, "xanchor": "right", "yanchor": "top", "text": "above the line it pays for its own hours", "showarrow": False, "font": {"size": 11, "color": QUIET}}]
    return {"data": data, "layout": layout}
