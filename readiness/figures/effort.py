"""Effort against effect: each improvement as a point, what is in the plan told apart from what is not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from readiness.figures.labels import Box, overlap
from readiness.figures.theme import CALM, QUIET, STRESSED, template
from readiness.language import signed, tr
from readiness.text import escape_plotly

LINE_POINTS = 24
# The plot in pixels, about, and how far a label reaches from its point: across by letter, up by half a line.
WIDE, TALL = 540.0, 210.0
LETTER, HALF_LINE, MARK = 6.5, 6.0, 5.0


def effort(
    hours: Sequence[float], effect: Sequence[float], labels: Sequence[str], planned: Sequence[bool], *, axis_title: str, pays_at: float | None = None, pays_text: str = ""
) -> dict[str, Any]:  # fmt: skip
    """A map with effort to the right, on a scale of ratios, and effect upward.

    Parameters
    ----------
    hours, effect
        Of each improvement by itself; hours above 0.
    labels
        Written beside the points that have one, short; empty for none. One that would stand on another is left out: the numbers are those of a table.
    planned
        Whether the plan holds it.
    pays_at, pays_text
        Effect a year for each hour from which a step pays, as a line, and what is written at it.
    """
    data: list[dict[str, Any]] = []
    least, most = min(map(float, hours), default=1.0) * 0.8, max(map(float, hours), default=10.0) * 1.3
    sides = _sides(hours, effect, labels, planned, least, most)
    for inside, name, colour, symbol in ((False, tr("not in the plan"), CALM, "circle"), (True, tr("in the plan, by number"), STRESSED, "diamond")):
        rows = [i for i, p in enumerate(planned) if p == inside]
        if rows:
            data.append({"type": "scatter", "mode": "markers+text", "x": [float(hours[i]) for i in rows], "y": [float(effect[i]) for i in rows], "text": [escape_plotly(labels[i]) if sides[i] else "" for i in rows],
                         "textposition": [sides[i] or "middle right" for i in rows], "textfont": {"size": 11}, "name": name, "marker": {"color": colour, "symbol": symbol, "size": 8},
                         "hovertemplate": "%{x:.0f} h, %{y:,.0f}<extra></extra>"})  # fmt: skip
    if pays_at:
        x = [least * (most / least) ** (i / (LINE_POINTS - 1)) for i in range(LINE_POINTS)]
        data.append({"type": "scatter", "mode": "lines", "x": x, "y": [pays_at * h for h in x], "name": escape_plotly(pays_text), "line": {"color": QUIET, "width": 1, "dash": "dash"}, "hoverinfo": "skip"})  # fmt: skip
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if least <= t <= most]
    layout: dict[str, Any] = {
        "template": template(), "height": 330, "showlegend": True,
        "xaxis": {"title": {"text": tr("Hours of work")}, "type": "log", "tickvals": ticks, "ticktext": [signed(f"{t:,}") for t in ticks]},
        "yaxis": {"title": {"text": axis_title}, "tickformat": ",.0f"},
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _sides(hours: Sequence[float], effect: Sequence[float], labels: Sequence[str], planned: Sequence[bool], least: float, most: float) -> list[str]:
    """Where each label stands beside its point so that none covers another or a point of the plan, those of most effect first; empty where there is no room."""
    low, high = min(map(float, effect), default=0.0), max(map(float, effect), default=1.0)
    points = [(WIDE * math.log(float(h) / least) / math.log(most / least), TALL * (float(e) - low) / ((high - low) or 1.0)) for h, e in zip(hours, effect, strict=True)]
    marks: list[Box] = [(x - MARK, y - MARK, x + MARK, y + MARK) for (x, y), inside in zip(points, planned, strict=True) if inside]
    written: list[Box] = []
    sides = [""] * len(points)
    for i in sorted((i for i, label in enumerate(labels) if label), key=lambda i: -float(effect[i])):
        (x, y), wide = points[i], LETTER * len(labels[i])
        boxes: dict[str, Box] = {
            "middle right": (x + MARK, y - HALF_LINE, x + MARK + wide, y + HALF_LINE), "middle left": (x - MARK - wide, y - HALF_LINE, x - MARK, y + HALF_LINE),
            "top center": (x - wide / 2, y + MARK, x + wide / 2, y + MARK + 2 * HALF_LINE), "bottom center": (x - wide / 2, y - MARK - 2 * HALF_LINE, x + wide / 2, y - MARK),
        }  # fmt: skip
        free = next((side for side, box in boxes.items() if not any(overlap(box, other) for other in (*marks, *written))), "")
        if free:
            sides[i] = free
            written.append(boxes[free])
    return sides
