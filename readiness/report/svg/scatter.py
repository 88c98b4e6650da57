"""Lines, points, bands and labels between two axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.report.svg.arrays import each, sequence
from readiness.report.svg.canvas import Canvas, colour_of, dash_of
from readiness.report.svg.colours import of_numbers
from readiness.report.svg.lettering import Point
from readiness.report.svg.marks import PX, mark
from readiness.report.svg.scales import Scale
from readiness.report.svg.wording import filled

Trace = Mapping[str, Any]


def mode_of(trace: Trace) -> str:
    """How a scatter trace is drawn; plotly's default depends on the number of points."""
    mode = trace.get("mode")
    if mode:
        return str(mode)
    return "lines+markers" if len(sequence(trace.get("x")) or sequence(trace.get("y"))) < 20 else "lines"


def pairs(trace: Trace) -> tuple[list[Any], list[Any]]:
    """x and y of a trace; a missing one counts from 0."""
    x, y = sequence(trace.get("x")), sequence(trace.get("y"))
    if not x:
        x = list(range(len(y)))
    if not y:
        y = list(range(len(x)))
    return x, y


def reach(trace: Trace, axis: str) -> list[Any]:
    """All values of a trace along ``x`` or ``y``, the ends of its error bars included."""
    values = pairs(trace)[0 if axis == "x" else 1]
    wide = list(values)
    below, above = error_of(trace, axis, len(values))
    for value, under, over in zip(values, below, above, strict=True):
        if isinstance(value, int | float):
            wide.extend(value + end for end in (-(under or 0), over or 0) if end)
    if trace.get("fill") == f"tozero{axis}":
        wide.append(0)
    return wide


def error_of(trace: Trace, axis: str, count: int) -> tuple[list[Any], list[Any]]:
    """Lengths of the error bars, towards less and towards more."""
    error = trace.get(f"error_{axis}") or {}
    if not error or error.get("visible") is False:
        return [None] * count, [None] * count
    if error.get("type", "data") != "data" or "array" not in error:
        raise ModelError("error bars on paper are given as a list")
    above = each(error["array"], count)
    below = each(error["arrayminus"], count) if error.get("arrayminus") is not None else above
    return below, above


def places(trace: Trace, across: Scale, up: Scale) -> list[Point | None]:
    """Points of a trace on the page; nothing for a gap."""
    found: list[Point | None] = []
    for x, y in zip(*pairs(trace), strict=False):
        left, top = across.place(x), up.place(y)
        found.append(None if left is None or top is None else (left, top))
    return found


def draw(
    canvas: Canvas, trace: Trace, across: Scale, up: Scale, colour: str, clip: str, before: list[Point | None] | None
) -> list[Point | None]:
    """Draw one trace; the points are returned for a band that the next trace may fill.

    Parameters
    ----------
    canvas
        Where to draw.
    trace
        The trace, with its template's settings.
    across, up
        Its axes.
    colour
        Its colour when it names none.
    clip
        The area that lines and bands may not leave.
    before
        Points of the trace before it on the same axes.
    """
    points = places(trace, across, up)
    line = trace.get("line") or {}
    own = colour_of(line.get("color") or _single((trace.get("marker") or {}).get("color")), colour)
    corners = _stepped(points, str(line.get("shape") or "linear"))
    _fill(canvas, trace, corners, before, (across, up), own, clip)
    mode = mode_of(trace)
    wide = float(line.get("width", 2)) * PX
    if "lines" in mode and wide > 0:
        for piece in _pieces(corners, bool(trace.get("connectgaps"))):
            canvas.path(
                piece, stroke=own, width=wide, dash=dash_of(line.get("dash")), clip=clip, opacity=_opacity(trace)
            )
    _errors(canvas, trace, (across, up), own)
    if "markers" in mode:
        _markers(canvas, trace, points, own)
    if "text" in mode:
        _labels(canvas, trace, points)
    return corners


def _single(colour: Any) -> str | None:
    return colour if isinstance(colour, str) else None


def _opacity(trace: Trace) -> float:
    return float(trace.get("opacity", 1.0))


def _stepped(points: list[Point | None], shape: str) -> list[Point | None]:
    """The corners of a line: straight, or as stairs."""
    if shape in ("linear", "spline"):
        return points
    if shape not in ("hv", "vh", "hvh", "vhv"):
        raise ModelError(f'the line shape "{shape}" is not known')
    found: list[Point | None] = []
    for point, after in zip(points, [*points[1:], None], strict=True):
        found.append(point)
        if point and after:
            middle = (point[0] + after[0]) / 2, (point[1] + after[1]) / 2
            found += {
                "hv": [(after[0], point[1])],
                "vh": [(point[0], after[1])],
                "hvh": [(middle[0], point[1]), (middle[0], after[1])],
                "vhv": [(point[0], middle[1]), (after[0], middle[1])],
            }[shape]
    return found


def _pieces(points: list[Point | None], across_gaps: bool) -> list[list[Point]]:
    """A line cut where values are missing."""
    pieces: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            pieces[-1].append(point)
        elif not across_gaps and pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if len(piece) > 1]


def _fill(
    canvas: Canvas,
    trace: Trace,
    points: list[Point | None],
    before: list[Point | None] | None,
    axes: tuple[Scale, Scale],
    colour: str,
    clip: str,
) -> None:
    """The area between a line and the axis, the line before it, or itself."""
    fill = trace.get("fill") or "none"
    whole = [point for point in points if point is not None]
    if fill == "none" or len(whole) < 2:
        return
    across, up = axes
    if fill == "toself":
        area = whole
    elif fill in ("tonexty", "tonextx") and before:
        area = whole + [point for point in reversed(before) if point is not None]
    elif fill in ("tozeroy", "tonexty"):
        foot = up.place(0)
        foot = up.start if foot is None else foot
        area = [*whole, (whole[-1][0], foot), (whole[0][0], foot)]
    elif fill in ("tozerox", "tonextx"):
        foot = across.place(0)
        foot = across.start if foot is None else foot
        area = [*whole, (foot, whole[-1][1]), (foot, whole[0][1])]
    else:
        raise ModelError(f'the fill "{fill}" is not known')
    given = trace.get("fillcolor")
    canvas.path(area, fill=colour_of(given, colour), closed=True, clip=clip, opacity=1.0 if given else 0.16)


def _errors(canvas: Canvas, trace: Trace, axes: tuple[Scale, Scale], colour: str) -> None:
    x, y = pairs(trace)
    for axis in ("x", "y"):
        below, above = error_of(trace, axis, len(x))
        look = trace.get(f"error_{axis}") or {}
        for left, top, less, more in zip(x, y, below, above, strict=False):
            if left is None or top is None or not (less or more):
                continue
            value = left if axis == "x" else top
            ends = (value - (less or 0), value + (more or 0))
            error_bar(canvas, axis, (left, top), ends, axes, colour_of(look.get("color"), colour))


def error_bar(
    canvas: Canvas, axis: str, at: tuple[Any, Any], ends: tuple[float, float], axes: tuple[Scale, Scale], colour: str
) -> float | None:
    """One error bar with its caps; the place of its upper end."""
    scale = axes[0] if axis == "x" else axes[1]
    other = axes[1].place(at[1]) if axis == "x" else axes[0].place(at[0])
    low, high = scale.place(ends[0]), scale.place(ends[1])
    low = scale.start if low is None else low
    if other is None or high is None:
        return None
    caps = [((end, other - 2), (end, other + 2)) for end in (low, high)]
    for start, end in (((low, other), (high, other)), *caps):
        if axis == "y":
            start, end = (start[1], start[0]), (end[1], end[0])
        canvas.line(start, end, colour="#ffffff", width=2.3)
        canvas.line(start, end, colour=colour, width=0.9)
    return high


def _markers(canvas: Canvas, trace: Trace, points: list[Point | None], colour: str) -> None:
    marker = trace.get("marker") or {}
    count = len(points)
    colours = of_numbers(each(marker.get("color"), count), marker)
    sizes = each(marker.get("size", 6), count)
    symbols = each(marker.get("symbol", "circle"), count)
    edge = marker.get("line") or {}
    for place, point in enumerate(points):
        if point is None or sizes[place] in (None, 0):
            continue
        size = _diameter(float(sizes[place]), marker) * PX
        mark(
            canvas,
            point,
            size,
            str(symbols[place] or "circle"),
            colours[place] or colour,
            edge=colour_of(_single(edge.get("color"))),
            line=float(edge.get("width") or 0) * PX if not isinstance(edge.get("width"), list) else 0.75,
        )


def _diameter(size: float, marker: Mapping[str, Any]) -> float:
    """Diameter of a bubble in pixels, as plotly reckons it."""
    reference = float(marker.get("sizeref") or 1)
    half = size / 2 / reference
    radius = math.sqrt(half) if marker.get("sizemode") == "area" else half
    return max(2 * radius, float(marker.get("sizemin") or 0))


def fields_of(trace: Trace, place: int) -> dict[str, Any]:
    """What a text template may name at one point."""
    fields: dict[str, Any] = {"name": str(trace.get("name", ""))}
    for key in ("x", "y", "text", "customdata", "hovertext"):
        value = trace.get(key)
        if value is None:
            continue
        values = each(value, place + 1)
        fields[key] = values[place]
    return fields


def words_of(trace: Trace, count: int) -> list[str]:
    """The label at each point."""
    template = trace.get("texttemplate")
    if template:
        return [filled(one or "", fields_of(trace, place)) for place, one in enumerate(each(template, count))]
    return ["" if one is None else str(one) for one in each(trace.get("text"), count)]


def _labels(canvas: Canvas, trace: Trace, points: list[Point | None]) -> None:
    look = trace.get("textfont") or {}
    marker = trace.get("marker") or {}
    spots = each(trace.get("textposition", "middle center"), len(points))
    colours = each(look.get("color"), len(points))
    sizes = each(marker.get("size", 6), len(points))
    shown = "markers" in mode_of(trace)
    for place, (point, words) in enumerate(zip(points, words_of(trace, len(points)), strict=True)):
        if point is None or not words:
            continue
        down, across = [*str(spots[place] or "middle center").split(), "center"][:2]
        gap = (float(sizes[place] or 6) * PX / 2 if shown else 0) + 2.5
        x = point[0] + {"left": -gap, "center": 0, "right": gap}[across]
        y = point[1] + {"top": -gap, "middle": 0, "bottom": gap}[down]
        if down != "middle" and across != "center":  # diagonal: half the gap each way looks the same distance
            x, y = (x + point[0]) / 2, (y + point[1]) / 2
        canvas.text(
            (x, y),
            words,
            size=float(look.get("size") or 10.7) * PX,
            colour=colour_of(colours[place], "#1c2530"),
            across={"left": "end", "center": "middle", "right": "start"}[across],
            down={"top": "bottom", "middle": "middle", "bottom": "top"}[down],
        )
