"""What a figure says beside its traces: annotations, lines and boxes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.report.svg.canvas import INK, QUIET, Canvas, colour_of, dash_of
from readiness.report.svg.lettering import Point, text_width
from readiness.report.svg.marks import PX
from readiness.report.svg.scales import Scale
from readiness.report.svg.wording import lines_of

# Between a text and what it is anchored to, in points.
_AIR = 1.6
Area = tuple[float, float, float, float]
Axes = Mapping[str, Scale]


def spot(value: Any, reference: str, direction: str, axes: Axes, area: Area) -> float:
    """Place on the page of an annotation's or a shape's coordinate.

    Parameters
    ----------
    value
        The coordinate.
    reference
        ``paper``, an axis such as ``x2``, or ``y domain``.
    direction
        ``x`` or ``y``.
    axes
        The axes by their names.
    area
        Left, top, right and bottom of the whole plot.
    """
    if reference == "paper":
        start, end = (area[0], area[2]) if direction == "x" else (area[3], area[1])
        return start + float(value) * (end - start)
    name, _, domain = reference.partition(" ")
    if name not in axes:
        raise ModelError(f'a mark stands on the axis "{reference}", which the chart does not have')
    scale = axes[name]
    if domain:
        ends = sorted((scale.start, scale.end), reverse=direction == "y")
        return ends[0] + float(value) * (ends[1] - ends[0])
    if scale.kind == "log" and isinstance(value, int | float):
        return scale.along(float(value))  # plotly takes powers of ten here
    place = scale.place(value)
    if place is None:
        raise ModelError(f'a mark stands at "{value}", which its axis does not have')
    return place


def draw_shapes(canvas: Canvas, layout: Mapping[str, Any], layer: str, axes: Axes, area: Area) -> None:
    """Draw the lines, boxes and circles of one layer: ``below`` or ``above`` the traces."""
    for shape in layout.get("shapes") or ():
        if shape.get("layer", "above") != layer or shape.get("visible") is False:
            continue
        kind = shape.get("type", "rect")
        if kind not in ("line", "rect", "circle") or (shape.get("label") or {}).get("text"):
            raise ModelError(f'a shape of the kind "{kind}" or with a label is not known on paper')
        across, up = shape.get("xref", "x"), shape.get("yref", "y")
        # On a logarithmic axis a shape, other than an annotation, is given in values.
        x0, x1 = (_shape_spot(shape[key], across, "x", axes, area) for key in ("x0", "x1"))
        y0, y1 = (_shape_spot(shape[key], up, "y", axes, area) for key in ("y0", "y1"))
        line = shape.get("line") or {}
        stroke, width = colour_of(line.get("color"), QUIET), float(line.get("width", 1)) * PX
        dash, opacity = dash_of(line.get("dash")), float(shape.get("opacity", 1.0))
        fill = colour_of(shape.get("fillcolor"))
        if kind == "line":
            canvas.path([(x0, y0), (x1, y1)], stroke=stroke, width=width, dash=dash, opacity=opacity)
        elif kind == "rect":
            canvas.rect(x0, y0, x1 - x0, y1 - y0, fill=fill, stroke=stroke, line=width, dash=dash, opacity=opacity)
        else:
            middle, radii = ((x0 + x1) / 2, (y0 + y1) / 2), (abs(x1 - x0) / 2, abs(y1 - y0) / 2)
            outline = [
                (
                    middle[0] + radii[0] * math.cos(turn * math.pi / 36),
                    middle[1] + radii[1] * math.sin(turn * math.pi / 36),
                )
                for turn in range(72)
            ]
            canvas.path(outline, fill=fill, stroke=stroke, width=width, dash=dash, closed=True, opacity=opacity)


def _shape_spot(value: Any, reference: str, direction: str, axes: Axes, area: Area) -> float:
    scale = axes.get(reference)
    if scale is not None and scale.kind == "log" and isinstance(value, int | float):
        place = scale.place(value)
        return scale.start if place is None else place
    return spot(value, reference, direction, axes, area)


def draw_annotations(canvas: Canvas, layout: Mapping[str, Any], axes: Axes, area: Area) -> None:
    """Draw the annotations, with their arrows."""
    for note in layout.get("annotations") or ():
        if note.get("visible") is False or not str(note.get("text") or ""):
            continue
        x = spot(note.get("x", 0), note.get("xref", "x"), "x", axes, area) + float(note.get("xshift") or 0) * PX
        y = spot(note.get("y", 0), note.get("yref", "y"), "y", axes, area) - float(note.get("yshift") or 0) * PX
        arrow = note.get("showarrow", True)
        at: Point = (x, y)
        if arrow:
            at = (x + float(note.get("ax", -10)) * PX, y + float(note.get("ay", -30)) * PX)
        _words(canvas, note, at, (x, y) if arrow else None)


def _words(canvas: Canvas, note: Mapping[str, Any], at: Point, tip: Point | None) -> None:
    font = note.get("font") or {}
    size = float(font.get("size") or 10.7) * PX
    lines = lines_of(note["text"])
    wide = text_width(lines, size=size)
    tall = size * 1.18 * len(lines)
    paper = note.get("xref") == "paper"
    across = note.get("xanchor", "auto")
    if across == "auto":
        across = "center"
        if tip is not None:
            across = "left" if at[0] > tip[0] + 4 else "right" if at[0] < tip[0] - 4 else "center"
        elif paper and isinstance(note.get("x"), int | float):
            across = "left" if note["x"] <= 1 / 3 else "right" if note["x"] >= 2 / 3 else "center"
    down = note.get("yanchor", "auto")
    if down == "auto":
        down = "middle"
        if tip is not None:
            down = "bottom" if at[1] < tip[1] - 4 else "top" if at[1] > tip[1] + 4 else "middle"
        elif note.get("yref") == "paper" and isinstance(note.get("y"), int | float):
            down = "bottom" if note["y"] <= 1 / 3 else "top" if note["y"] >= 2 / 3 else "middle"
    if tip is not None:
        _arrow(canvas, note, at, tip)
    left = at[0] - {"left": -_AIR, "center": wide / 2, "right": wide + _AIR}[across]
    top = at[1] - {"top": -_AIR, "middle": tall / 2, "bottom": tall + _AIR}[down]
    if note.get("bgcolor") or note.get("bordercolor"):
        pad = float(note.get("borderpad", 2)) * PX + 1
        canvas.rect(
            left - pad,
            top - pad,
            wide + 2 * pad,
            tall + 2 * pad,
            fill=colour_of(note.get("bgcolor")),
            stroke=colour_of(note.get("bordercolor")),
            line=float(note.get("borderwidth", 1)) * PX,
        )
    colour = colour_of(font.get("color"), INK)
    align = note.get("align", "center")
    inside = {"left": (left, "start"), "center": (left + wide / 2, "middle"), "right": (left + wide, "end")}[align]
    angle = float(note.get("textangle") or 0)
    if angle:
        turned_about = {"left": "start", "center": "middle", "right": "end"}[across]
        canvas.text(at, lines, size=size, colour=colour, across=turned_about, down=down, angle=angle)
        return
    canvas.text((inside[0], top + tall / 2), lines, size=size, colour=colour, across=inside[1])


def _arrow(canvas: Canvas, note: Mapping[str, Any], start: Point, tip: Point) -> None:
    colour = colour_of(note.get("arrowcolor"), QUIET)
    width = float(note.get("arrowwidth") or 1) * PX
    canvas.line(start, tip, colour=colour, width=width)
    if note.get("arrowhead", 1) == 0:
        return
    length = math.hypot(tip[0] - start[0], tip[1] - start[1])
    if length < 1:
        return
    back = ((start[0] - tip[0]) / length, (start[1] - tip[1]) / length)
    foot = (tip[0] + back[0] * 5, tip[1] + back[1] * 5)
    side = (-back[1] * 2, back[0] * 2)
    canvas.path(
        [tip, (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1])], fill=colour, closed=True
    )
