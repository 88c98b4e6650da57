"""Cells whose colour stands for a number, and the bar that explains the colours."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from readiness.report.svg.arrays import sequence
from readiness.report.svg.canvas import QUIET, Canvas, colour_of
from readiness.report.svg.colours import Stops, readable_on, shade, stops_of
from readiness.report.svg.lettering import text_width
from readiness.report.svg.marks import PX
from readiness.report.svg.scales import Scale, nice_step
from readiness.report.svg.wording import filled, formatted, lines_of

Trace = Mapping[str, Any]
BAR_ROOM = 44.0


def reach(trace: Trace, axis: str) -> list[Any]:
    """The names or middles of the cells along ``x`` or ``y``."""
    values = sequence(trace.get(axis))
    if values:
        return values
    rows = sequence(trace.get("z"))
    return list(range(len(rows) if axis == "y" else max(map(len, rows), default=0)))


def limits(trace: Trace) -> tuple[float, float]:
    """The numbers at the two ends of the colour scale."""
    known = [value for row in sequence(trace.get("z")) for value in row if value is not None] or [0.0, 1.0]
    low, high = trace.get("zmin"), trace.get("zmax")
    low, high = (min(known) if low is None else low), (max(known) if high is None else high)
    if trace.get("zmid") is not None:
        half = max(abs(high - trace["zmid"]), abs(low - trace["zmid"]))
        low, high = trace["zmid"] - half, trace["zmid"] + half
    return float(low), float(high)


def draw(canvas: Canvas, trace: Trace, across: Scale, up: Scale, clip: str) -> None:
    """Draw the cells and the text in them."""
    rows = sequence(trace.get("z"))
    edges_x, edges_y = _edges(reach(trace, "x"), across), _edges(reach(trace, "y"), up)
    stops = stops_of(trace.get("colorscale"))
    if trace.get("reversescale"):
        stops = [(1 - at, colour) for at, colour in reversed(stops)]
    low, high = limits(trace)
    span = (high - low) or 1.0
    gap_x, gap_y = float(trace.get("xgap") or 1.2) * PX, float(trace.get("ygap") or 1.2) * PX
    words = sequence(trace.get("text"))
    size = float((trace.get("textfont") or {}).get("size") or 10.7) * PX
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            left, right = sorted(edges_x[place : place + 2])
            top, bottom = sorted(edges_y[number : number + 2])
            fill = "#ffffff" if value is None else shade(stops, (value - low) / span)
            canvas.rect(
                left + gap_x / 2, top + gap_y / 2, right - left - gap_x, bottom - top - gap_y, fill=fill, clip=clip
            )
            said = words[number][place] if words else None
            label = str(said) if said is not None else ""
            if trace.get("texttemplate"):
                fields = {"x": reach(trace, "x")[place], "y": reach(trace, "y")[number], "z": value, "text": label}
                label = "" if value is None and not label else filled(str(trace["texttemplate"]), fields)
            if label:
                smaller = size
                room = right - left - gap_x - 2
                wide = text_width(lines_of(label), size=size)
                if wide > room:
                    smaller = max(5.5, size * room / wide)
                canvas.text(
                    ((left + right) / 2, (top + bottom) / 2),
                    label,
                    size=smaller,
                    colour=readable_on(fill),
                    across="middle",
                )


def _edges(values: list[Any], scale: Scale) -> list[float]:
    """Edges of the cells on the page: half-way between their middles."""
    at = [measure for measure in map(scale.measure, values) if measure is not None]
    if len(at) == 1:
        at_edges = [at[0] - 0.5, at[0] + 0.5]
    else:
        inner = [(a + b) / 2 for a, b in pairwise(at)]
        at_edges = [2 * at[0] - inner[0], *inner, 2 * at[-1] - inner[-1]]
    return [scale.along(edge) for edge in at_edges]


def colour_bar(canvas: Canvas, trace: Trace, left: float, top: float, tall: float) -> None:
    """The bar at the right that says which number a colour stands for."""
    bar = trace.get("colorbar") or {}
    stops: Stops = stops_of(trace.get("colorscale"))
    if trace.get("reversescale"):
        stops = [(1 - at, colour) for at, colour in reversed(stops)]
    low, high = limits(trace)
    title = (bar.get("title") or {}).get("text", "") if isinstance(bar.get("title"), Mapping) else bar.get("title", "")
    if title:
        canvas.text((left, top - 4), str(title), size=7.6, colour=QUIET, down="bottom")
    slices = 32
    for place in range(slices):
        fill = shade(stops, 1 - (place + 0.5) / slices)
        overlap = 0.3 if place < slices - 1 else 0.0
        canvas.rect(left, top + tall * place / slices, 8, tall / slices + overlap, fill=colour_of(fill))
    values = sequence(bar.get("tickvals"))
    words = [str(word) for word in sequence(bar.get("ticktext"))]
    if not values:
        step = nice_step((high - low) / 4)
        numbers = range(int(low / step), int(high / step) + 1)
        values = [step * number for number in numbers if low - 1e-9 <= step * number <= high + 1e-9]
        words = [formatted(value, bar.get("tickformat") or None, step=step) for value in values]
    for value, word in zip(values, words or [formatted(value) for value in values], strict=True):
        share = (value - low) / ((high - low) or 1.0)
        whole = f"{bar.get('tickprefix') or ''}{word}{bar.get('ticksuffix') or ''}"
        canvas.text((left + 11, top + tall * (1 - share)), whole, size=7.2, colour=QUIET)
