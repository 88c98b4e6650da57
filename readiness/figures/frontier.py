"""The frontier: what each design costs a month against its bad minutes a year, with the promise, the floor and today."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from readiness.figures.frontier_labels import HEIGHT, Dot, Line, labels
from readiness.figures.theme import BAD, GOOD, INK, PALETTE, QUIET, STRESSED, faded, template
from readiness.language import tr
from readiness.text import MINUTES_PER_YEAR, availability, duration, escape_plotly, rounded, thousands

MOST_TICKS = 7
FAR = 2.4
"""What lies so many times further out than everything else is named at the edge, not drawn: it would squeeze the rest."""
SIGNS: Mapping[str, tuple[str, str, float]] = {
    "today": ("square", INK, 12),
    "recommended": ("diamond", GOOD, 14),
    "worth": ("circle", PALETTE[2], 11),
    "best": ("triangle-up", PALETTE[2], 11),
    "keeps": ("cross", PALETTE[2], 11),
    "hand-made": ("x", PALETTE[4], 11),
}


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Bad minutes a year between two ends, at round shares of a year, said both as availability and as time.

    Examples
    --------
    >>> [" ".join(text.split()) for _, text in ticks(400, 60_000)]
    ['99.9 %, 8.8 h', '99 %, 3.6 days', '90 %, 36 days']
    """
    steps = [m * 10.0**-e for e in range(6, 0, -1) for m in (1, 2, 5)]
    wide = [u for u in steps if low <= u * MINUTES_PER_YEAR <= high]
    if len(wide) > MOST_TICKS:
        wide = [u for u in wide if abs(math.log10(u) - round(math.log10(u))) < 1e-9]
    if len(wide) < 3:
        every = [m * 10.0**-e for e in range(6, 0, -1) for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)]
        wide = [u for u in every if low <= u * MINUTES_PER_YEAR <= high]
    while len(wide) > MOST_TICKS:
        # Of every two one goes, so that as many as can be stay at a nine, or at two or five times one.
        wide = max((wide[::2], wide[1::2]), key=lambda kept: sum({"1.0": 3, "2.0": 1, "5.0": 1}.get(f"{u:.1e}"[:3], 0) for u in kept))
    if len(wide) >= 3 and math.log10(high / low) > 1.6:
        whole = [u for u in wide if abs(math.log10(u) - round(math.log10(u))) < 1e-9]
        wide = whole if len(whole) >= 3 else wide
    return [(u * MINUTES_PER_YEAR, f"{availability(rounded(u, 3))}, {duration(u * MINUTES_PER_YEAR)}") for u in wide]


def frontier_figure(
    front: Line, *, currency: str, floor: float, promise: tuple[float, str], dots: Sequence[Dot], path: Sequence[Dot] = (),
    improved: Line | None = None, budget: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The chart.

    Parameters
    ----------
    front
        What no other design beats, within the team's hours.
    currency
        Of the costs.
    floor
        Bad minutes a year that no design removes.
    promise
        Bad minutes that the promise forgives in a year, and the promise in words.
    dots
        Today first, then the designs that answer a question, the most important first.
    path
        Practices one after the other, beginning after today: each where one then stands.
    improved
        The front once the practices are in place that the promise asks for.
    budget
        Cash a month that is there.
    """
    if improved is not None and (not improved.cost or improved.cost[0] > FAR * max(d.cost for d in (*dots, *path))):
        improved = None
    x_high, (low, high) = _reach(front, floor, promise[0], dots, path, improved, budget)
    lines = [front, *([improved] if improved is not None else [])]
    data: list[dict[str, Any]] = [_stairs(line, x_high, high, dashed=number > 0) for number, line in enumerate(lines)]
    today = dots[0]
    if path:
        data.append({"type": "scatter", "mode": "lines+markers", "x": [today.cost, *(p.cost for p in path)], "y": [today.minutes, *(p.minutes for p in path)],
                     "line": {"color": BAD, "width": 1.5, "dash": "dot"}, "marker": {"symbol": "circle-open", "size": 8, "color": BAD},
                     "hovertext": [today.hover, *(p.hover for p in path)], "hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False})  # fmt: skip
    for dot in reversed(dots):
        symbol, colour, size = SIGNS[dot.kind]
        data.append({"type": "scatter", "mode": "markers", "x": [dot.cost], "y": [dot.minutes], "marker": {"symbol": symbol, "size": size, "color": colour},
                     "hovertext": [dot.hover], "hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False})  # fmt: skip
    layout = {
        "template": template(), "height": HEIGHT + 78, "showlegend": False, "margin": {"l": 8, "r": 16, "t": 12, "b": 8},
        "xaxis": {"title": {"text": tr("Cash for the tiers, {currency} a month", currency=escape_plotly(currency))}, "range": [0, x_high],
                  "tickvals": (at := _round_steps(x_high)), "ticktext": [thousands(v, 3) if v else "0" for v in at]},
        "yaxis": {"title": {"text": tr("Expected downtime a year")}, "type": "log", "range": [math.log10(low), math.log10(high)],
                  "tickvals": [v for v, _ in ticks(low, high)], "ticktext": [t for _, t in ticks(low, high)]},
        "shapes": _shapes(floor, promise[0], budget, low, x_high),
        "annotations": labels(front, floor, promise, dots, path, improved, budget, x_high, (low, high)),
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _round_steps(high: float) -> list[float]:
    step = 10.0 ** math.floor(math.log10(high / 4))
    step *= next(m for m in (1, 2, 2.5, 5, 10) if high / (step * m) <= 6)
    return [step * i for i in range(int(high / step) + 1)]


def _reach(front: Line, floor: float, promise: float, dots: Sequence[Dot], path: Sequence[Dot], improved: Line | None, budget: float | None) -> tuple[float, tuple[float, float]]:
    """The ends of the axes: everything that answers a question, and as much of the front as is not far worse than today."""
    minutes = [d.minutes for d in (*dots, *path)]
    top = max(minutes) * 1.35
    shown = [(c, m) for line in (front, improved) if line is not None for c, m in zip(line.cost, line.minutes, strict=True) if m <= top]
    costs = [*(d.cost for d in (*dots, *path)), *(c for c, _ in shown)]
    x_high = max(costs) * 1.12 or 1.0
    if budget is not None and budget <= x_high * 1.25:
        x_high = max(x_high, budget * 1.06)
    lowest = min([floor, *minutes, *(m for _, m in shown)])
    if promise * FAR >= lowest:
        lowest = min(lowest, promise)
    return x_high, (lowest / 1.35, max(top, promise * 1.15 if promise < top * FAR else 0.0))


def _stairs(line: Line, x_high: float, top: float, *, dashed: bool) -> dict[str, Any]:
    """A frontier as stairs: what a budget buys stays the same until the next design can be paid."""
    x, y, hover = [], [], []
    for place_, (cost, minutes, text) in enumerate(zip(line.cost, line.minutes, line.hover, strict=True)):
        if place_:
            x.append(cost)
            y.append(min(line.minutes[place_ - 1], top))
            hover.append(line.hover[place_ - 1])
        x.append(cost)
        y.append(min(minutes, top))
        hover.append(text)
    if x:
        x.append(x_high)
        y.append(y[-1])
        hover.append(hover[-1])
    colour = QUIET if dashed else STRESSED
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": colour, "width": 1.5 if dashed else 2.5, "dash": "dash" if dashed else "solid"},
            "hovertext": hover, "hovertemplate": "%{hovertext}<extra></extra>", "showlegend": False}  # fmt: skip


def _shapes(floor: float, promise: float, budget: float | None, low: float, x_high: float) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": low, "y1": floor, "fillcolor": faded(QUIET, 0.13), "line": {"width": 0}, "layer": "below"},
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": promise, "y1": promise, "line": {"color": BAD, "width": 1.5, "dash": "dash"}},
    ]  # fmt: skip
    if budget is not None and budget < x_high:
        found.append({"type": "line", "xref": "x", "x0": budget, "x1": budget, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": QUIET, "width": 1, "dash": "dot"}})  # fmt: skip
    return found
