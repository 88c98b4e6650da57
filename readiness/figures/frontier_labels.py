"""What is written on the frontier's chart, and where: lines at their ends, points beside them, practices in a column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from readiness.figures.labels import LINE_TALL, MARK, Box, Placed, Spot, column, overlap, place
from readiness.figures.theme import BAD, INK, QUIET
from readiness.language import tr
from readiness.text import escape_plotly

WIDTH, HEIGHT = 548.0, 262.0
"""The inside of the plot as it stands on a page, in pixels: labels are placed for it."""
SIZE = 11.0
FIRST = 2
"""Dots that are labelled before all else: today, and what is recommended."""
LETTER = 6.0
"""Width of a letter of a label, in pixels, a little generous."""


@dataclass(frozen=True)
class Dot:
    """A design on the chart: cash a month, bad minutes a year, the sign it carries, its label and what it is made of."""

    cost: float
    minutes: float
    kind: str
    label: str
    hover: str = ""


@dataclass(frozen=True)
class Line:
    """Designs along a frontier by rising cost, each with what it is made of."""

    cost: Sequence[float]
    minutes: Sequence[float]
    hover: Sequence[str]
    label: str = ""


@dataclass
class Plot:
    """The inside of the plot while it is being lettered: what is taken, and the notes so far."""

    x_high: float
    low: float
    high: float
    taken: list[Box] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def at(self, cost: float, minutes: float) -> tuple[float, float]:
        """A design's place in pixels from the lower left corner, at the edge when it lies outside."""
        low, high = math.log10(self.low), math.log10(self.high)
        return cost / self.x_high * WIDTH, (math.log10(min(max(minutes, self.low), self.high)) - low) / (high - low) * HEIGHT

    def covered(self, box: Box) -> float:
        """How much of what is there a box would cover, or how far it would stand out."""
        return sum(overlap(box, b) for b in self.taken) + 100 * max(0.0, -box[1]) + 100 * max(0.0, box[3] - HEIGHT)

    def along(self, minutes: float, text: str, colour: str, *, ends: str = "right left", lowest: int = 0) -> None:
        """A label at a level line, or so many lines below it: at the end and on the side where it covers least, the first named end first."""
        y, wide = self.at(0, minutes)[1], len(text) * LETTER + 8
        tried = []
        for end in ends.split():
            left = WIDTH - wide if end == "right" else 0.0
            for side, bottom, lower in (*(("top", y - 17 * (n + 1), 17 * n) for n in range(lowest + 1)), ("bottom", y + 1, 0)):
                box = (left, bottom, left + wide, bottom + 16)
                tried.append((self.covered(box) + lower, end, side, lower, box))
        _, end, side, lower, box = min(tried, key=lambda t: t[0])
        self.taken.append(box)
        self.notes.append({"xref": "paper", "x": 1 if end == "right" else 0, "xanchor": end, "yref": "y", "y": math.log10(minutes), "yanchor": side, "yshift": -lower,
                           "text": escape_plotly(text), "showarrow": False, "align": end, "font": {"size": SIZE, "color": colour}})  # fmt: skip

    def stand(self, dot: Dot, where: Placed, colour: str) -> None:
        """A label where it was placed, with a thin line to its point when it stands apart."""
        note = {"x": dot.cost, "y": math.log10(dot.minutes), "text": escape_plotly(dot.label), "align": where.anchor,
                "font": {"size": SIZE, "color": colour}, "xanchor": where.anchor, "yanchor": "middle"}  # fmt: skip
        if not where.leader:
            self.notes.append(note | {"showarrow": False, "xshift": where.dx, "yshift": where.dy})
            return
        dy = where.dy
        if where.anchor == "center":
            # The line ends at the label's near edge, not in the middle of its words.
            note["yanchor"] = "bottom" if dy > 0 else "top"
            dy -= math.copysign(SIZE * LINE_TALL / 2, dy)
        self.notes.append(note | {"showarrow": True, "arrowhead": 0, "arrowwidth": 0.7, "arrowcolor": QUIET, "ax": where.dx, "ay": -dy})


def labels(
    front: Line, floor: float, promise: tuple[float, str], dots: Sequence[Dot], path: Sequence[Dot], improved: Line | None, budget: float | None,
    x_high: float, ends: tuple[float, float],
) -> list[dict[str, Any]]:  # fmt: skip
    """Labels of lines at their ends and of points beside them, none over another as far as there is room."""
    plot = Plot(x_high, *ends)
    points = [plot.at(d.cost, d.minutes) for d in (*dots, *path)]
    plot.taken += [(x - MARK, y - MARK, x + MARK, y + MARK) for x, y in points]
    for start, end in pairwise([points[0], *points[len(dots) :]]):
        plot.taken += _between(start, end)
    for line in (front, improved):
        plot.taken += [] if line is None else list(_stairs(line, plot))
    for minutes in (promise[0], floor):
        y = plot.at(0, minutes)[1]
        plot.taken.append((0.0, y - 1.0, WIDTH, y + 1.0))
    if promise[0] < ends[0]:
        plot.taken.append((WIDTH - (len(promise[1]) + 14) * LETTER, 0.0, WIDTH, 18.0))
        plot.notes.append({"xref": "paper", "x": 1, "xanchor": "right", "yref": "paper", "y": 0, "yanchor": "bottom", "text": escape_plotly(tr("{promise}: further down", promise=promise[1])),
                           "showarrow": False, "align": "right", "font": {"size": SIZE, "color": BAD}})  # fmt: skip
    elif promise[0] <= ends[1]:
        plot.along(promise[0], promise[1], BAD)
    plot.along(floor, tr("no design gets into the shade"), QUIET, ends="left right", lowest=2)
    if improved is not None:
        plot.along(improved.minutes[-1], improved.label, QUIET, ends="right")
    if budget is not None and budget < x_high:
        _budget(plot, budget)
    # What is said first is placed first; practices keep clear of it, and the other answers of both.
    words = _beside(plot, list(zip(dots, points, strict=False))[:FIRST])
    placed = column([Spot(*xy, d.label) for xy, d in zip(points[len(dots) :], path, strict=True)], width=WIDTH, height=HEIGHT, taken=plot.taken, words=words)
    for dot, where, (x, y) in zip(path, placed, points[len(dots) :], strict=True):
        plot.stand(dot, where, BAD)
        plot.taken += [where.box, *_between((x, y), (x + where.dx, y + where.dy), half=1.5)]
    _beside(plot, list(zip(dots, points, strict=False))[FIRST:])
    return plot.notes


def _beside(plot: Plot, dots: Sequence[tuple[Dot, tuple[float, float]]]) -> list[Box]:
    """Labels beside points; what they cover now."""
    own = {(x - MARK, y - MARK, x + MARK, y + MARK) for _, (x, y) in dots}
    placed = place([Spot(*xy, d.label) for d, xy in dots], width=WIDTH, height=HEIGHT, taken=[b for b in plot.taken if b not in own])
    for (dot, _), where in zip(dots, placed, strict=True):
        plot.stand(dot, where, INK)
    boxes = [where.box for where in placed]
    plot.taken += boxes
    return boxes


def _budget(plot: Plot, budget: float) -> None:
    """The word at the budget's line, at its top or its foot."""
    x = plot.at(budget, plot.high)[0]
    above, below = (x - 44, HEIGHT - 16, x + 2, HEIGHT), (x - 44, 0.0, x + 2, 16.0)
    top = plot.covered(above) <= plot.covered(below)
    plot.notes.append({"xref": "x", "x": budget, "yref": "paper", "y": 1 if top else 0, "xanchor": "right", "yanchor": "top" if top else "bottom",
                       "text": "budget", "showarrow": False, "font": {"size": SIZE, "color": QUIET}})  # fmt: skip
    plot.taken += [above if top else below, (x - 1.5, 0.0, x + 1.5, HEIGHT)]


def _between(start: tuple[float, float], end: tuple[float, float], *, half: float = 3.0, parts: int = 8) -> Iterator[Box]:
    """Small boxes along a slanting line, so that nothing is written over it."""
    for i in range(parts + 1):
        x, y = (a + (b - a) * i / parts for a, b in zip(start, end, strict=True))
        yield x - half, y - half, x + half, y + half


def _stairs(line: Line, plot: Plot) -> Iterator[Box]:
    """Small boxes along a frontier's stairs."""
    for i, (cost, minutes) in enumerate(zip(line.cost, line.minutes, strict=True)):
        x, y = plot.at(cost, minutes)
        end = plot.at(line.cost[i + 1], minutes)[0] if i + 1 < len(line.cost) else WIDTH
        yield x, y - 2, end, y + 2
        if i:
            before = plot.at(cost, line.minutes[i - 1])[1]
            yield x - 2, min(y, before), x + 2, max(y, before)
