"""Which colour is which: a row of keys over the chart, or names at the ends of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from readiness.report.brand import LEAST_CONTRAST, contrast
from readiness.report.svg.canvas import INK, Canvas, colour_of, dash_of
from readiness.report.svg.colours import hexadecimal
from readiness.report.svg.lettering import Point, text_width
from readiness.report.svg.marks import PX, mark
from readiness.report.svg.scatter import mode_of
from readiness.report.svg.wording import lines_of

SIZE = 8.2
_KEY, _GAP = 17.0, 16.0
Trace = Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """One row of the legend: a trace, its name and its colour."""

    trace: Trace
    name: str
    colour: str


def keys(traces: Sequence[Trace], colours: Sequence[str], layout: Mapping[str, Any]) -> list[Key]:
    """What the legend shows: named traces, when there is more than one or the figure says so."""
    wanted = layout.get("showlegend")
    if wanted is False:
        return []
    found, groups = [], set()
    for trace, colour in zip(traces, colours, strict=True):
        group = trace.get("legendgroup")
        if trace.get("showlegend") is False or not trace.get("name") or trace.get("type") == "heatmap":
            continue
        if group and group in groups:
            continue
        groups.add(group)
        found.append(Key(trace, str(trace["name"]), colour))
    return found if len(found) > 1 or wanted or (found and found[0].trace.get("showlegend")) else []


def rows_of(legend: Sequence[Key], room: float) -> list[list[Key]]:
    """Keys in rows that fit the width."""
    rows: list[list[Key]] = []
    used = 0.0
    for key in legend:
        wide = _KEY + text_width(lines_of(key.name), size=SIZE) + _GAP
        if not rows or used + wide - _GAP > room:
            rows.append([])
            used = 0.0
        rows[-1].append(key)
        used += wide
    return rows


def height(legend: Sequence[Key], room: float) -> float:
    """Height of the legend in points, the air under it included."""
    rows = rows_of(legend, room)
    return 13.0 * len(rows) + 5.0 if rows else 0.0


def draw(canvas: Canvas, legend: Sequence[Key], left: float, top: float, room: float) -> None:
    """Draw the keys from the left, row by row."""
    for number, row in enumerate(rows_of(legend, room)):
        x, y = left, top + 6 + 13.0 * number
        for key in row:
            _sample(canvas, key, (x, y))
            canvas.text((x + _KEY, y), lines_of(key.name)[:1], size=SIZE)
            x += _KEY + text_width(lines_of(key.name), size=SIZE) + _GAP


def _sample(canvas: Canvas, key: Key, at: Point) -> None:
    """A piece of what is drawn in the chart."""
    trace, (x, y) = key.trace, at
    line = trace.get("line") or {}
    marker = trace.get("marker") or {}
    single = marker.get("color") if isinstance(marker.get("color"), str) else None
    if str(trace.get("type", "scatter")) in ("bar", "barpolar"):
        shape = (marker.get("pattern") or {}).get("shape")
        fill = colour_of(single, key.colour)
        filled_with = canvas.pattern(shape, fill) if isinstance(shape, str) and shape else fill
        canvas.rect(x, y - 4, 12, 8, fill=filled_with)
        return
    colour = colour_of(line.get("color") or single, key.colour)
    if trace.get("fill") not in (None, "none"):
        given = trace.get("fillcolor")
        box = [(x, y - 4), (x + 12, y - 4), (x + 12, y + 4), (x, y + 4)]
        canvas.path(box, fill=colour_of(given, colour), closed=True, opacity=1.0 if given else 0.16)
    mode = mode_of(trace)
    if "lines" in mode and float(line.get("width", 2)) > 0:
        canvas.line(
            (x, y), (x + 12, y), colour=colour, width=float(line.get("width", 2)) * PX, dash=dash_of(line.get("dash"))
        )
    if "markers" in mode:
        symbol = marker.get("symbol", "circle")
        mark(canvas, (x + 6, y), 5.2, symbol if isinstance(symbol, str) else "circle", colour_of(single, colour))


def at_line_ends(canvas: Canvas, ends: Sequence[tuple[Key, Point]], bottom: float) -> None:
    """Names beside the last points of lines, pushed apart where they would touch.

    Parameters
    ----------
    canvas
        Where to draw.
    ends
        Each line's name and where it ends.
    bottom
        Below which no name is written, unless its line ends there.
    """
    step = SIZE * 1.25
    placed = sorted(ends, key=lambda end: end[1][1])
    ys = [point[1] for _, point in placed]
    for number in range(1, len(ys)):
        ys[number] = max(ys[number], ys[number - 1] + step)
    if ys and ys[-1] > bottom:
        ys[-1] = max(bottom, placed[-1][1][1])
        for number in range(len(ys) - 2, -1, -1):
            ys[number] = min(ys[number], ys[number + 1] - step)
    for (key, (x, y)), shifted in zip(placed, ys, strict=True):
        if abs(shifted - y) > step / 2:
            canvas.line((x + 1.5, y), (x + 5, shifted), colour=key.colour, width=0.5)
        canvas.text((x + 6, shifted), key.name, size=SIZE, colour=_readable(key.colour), bold=True)


def _readable(colour: str) -> str:
    """The colour of a name: the line's own when it can be read on white, otherwise ink."""
    mixed = hexadecimal(colour)
    return mixed if contrast(mixed, "#ffffff") >= LEAST_CONTRAST else INK
