"""Effort against effect: each improvement as a point, what is in the plan told apart from what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import CALM, QUIET, STRESSED, template
from readiness.text import escape_plotly

LINE_POINTS = 24


def effort(
    hours: Sequence[float], effect: Sequence[float], labels: Sequence[str], planned: Sequence[bool], *, axis_title: str, pays_at: float | None = None, pays_text: str = ""
) -> dict[str, Any]:  # fmt: skip
    """A map with effort to the right, on a scale of ratios, and effect upward.

    Parameters
    ----------
    hours, effect
        Of each improvement by itself; hours above 0.
    labels
        Written beside the points that have one, short; empty for none.
    planned
        Whether the plan holds it.
    pays_at, pays_text
        Effect a year for each hour from which a step pays, as a line, and what is written at it.
    """
    data: list[dict[str, Any]] = []
    for inside, name, colour, symbol in ((False, "not in the plan", CALM, "circle"), (True, "in the plan, by number", STRESSED, "diamond")):
        rows = [i for i, p in enumerate(planned) if p == inside]
        if rows:
            data.append({"type": "scatter", "mode": "markers+text", "x": [float(hours[i]) for i in rows], "y": [float(effect[i]) for i in rows], "text": [escape_plotly(labels[i]) for i in rows],
                         "textposition": "middle right", "textfont": {"size": 11}, "name": name, "marker": {"color": colour, "symbol": symbol, "size": 8},
                         "hovertemplate": "%{x:.0f} h, %{y:,.0f}<extra></extra>"})  # fmt: skip
    least, most = min(map(float, hours), default=1.0) * 0.8, max(map(float, hours), default=10.0) * 1.3
    if pays_at:
        x = [least * (most / least) ** (i / (LINE_POINTS - 1)) for i in range(LINE_POINTS)]
        data.append({"type": "scatter", "mode": "lines", "x": x, "y": [pays_at * h for h in x], "name": escape_plotly(pays_text), "line": {"color": QUIET, "width": 1, "dash": "dash"}, "hoverinfo": "skip"})  # fmt: skip
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if least <= t <= most]
    layout: dict[str, Any] = {
        "template": template(), "height": 330, "showlegend": True,
        "xaxis": {"title": {"text": "Hours of work"}, "type": "log", "tickvals": ticks, "ticktext": [f"{t:,}" for t in ticks]},
        "yaxis": {"title": {"text": axis_title}, "tickformat": ",.0f"},
    }  # fmt: skip
    return {"data": data, "layout": layout}
