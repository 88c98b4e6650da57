"""Bars standing or lying, side by side, stacked or over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from readiness.report.svg.arrays import each
from readiness.report.svg.canvas import INK, Canvas, colour_of
from readiness.report.svg.colours import of_numbers, readable_on
from readiness.report.svg.lettering import text_width
from readiness.report.svg.marks import PX
from readiness.report.svg.scales import Scale
from readiness.report.svg.scatter import error_bar, error_of, pairs, words_of
from readiness.report.svg.wording import lines_of

Trace = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """One bar before it has a place: which, where it stands, from which value to which."""

    trace: int
    place: int
    stands_at: Any
    foot: float
    top: float
    outermost: bool


def lying(trace: Trace) -> bool:
    """Whether the bars of a trace lie."""
    return trace.get("orientation") == "h"


def of_traces(traces: Sequence[Trace], mode: str) -> list[Bar]:
    """All bars of the traces that share their axes.

    Parameters
    ----------
    traces
        Bar traces.
    mode
        ``group``, ``stack``, ``relative`` or ``overlay``.
    """
    bars: list[Bar] = []
    ends: dict[tuple[Any, bool], float] = {}
    last: dict[tuple[Any, bool], int] = {}
    for number, trace in enumerate(traces):
        x, y = pairs(trace)
        stands, values = (y, x) if lying(trace) else (x, y)
        bases = each(trace.get("base"), len(values))
        for place, (at, value) in enumerate(zip(stands, values, strict=False)):
            if at is None or value is None:
                continue
            foot = float(bases[place] or 0.0)
            side = (at, value < 0)
            if mode in ("stack", "relative") and bases[place] is None:
                foot = ends.get(side, 0.0)
                ends[side] = foot + value
                if value:
                    last[side] = len(bars)
            bars.append(Bar(number, place, at, foot, foot + float(value), mode not in ("stack", "relative")))
    outermost = set(last.values())
    return [
        Bar(bar.trace, bar.place, bar.stands_at, bar.foot, bar.top, bar.outermost or number in outermost)
        for number, bar in enumerate(bars)
    ]


def reach(traces: Sequence[Trace], mode: str, axis: str) -> list[Any]:
    """All values of the bars along ``x`` or ``y``, ends of error bars included."""
    values: list[Any] = []
    for bar in of_traces(traces, mode):
        trace = traces[bar.trace]
        if (axis == "y") == lying(trace):
            values.append(bar.stands_at)
            continue
        below, above = error_of(trace, axis, bar.place + 1)
        values += [bar.foot, bar.top, bar.top - (below[-1] or 0), bar.top + (above[-1] or 0)]
    return values


def spacing(bars: Sequence[Bar], scale: Scale) -> float:
    """Smallest distance between two bars along the axis they stand on."""
    at = sorted({measure for bar in bars if (measure := scale.measure(bar.stands_at)) is not None})
    return min((b - a for a, b in pairwise(at)), default=1.0)


def draw(
    canvas: Canvas,
    traces: Sequence[Trace],
    colours: Sequence[str],
    axes: tuple[Scale, Scale],
    layout: Mapping[str, Any],
    clip: str,
) -> None:
    """Draw all bars that share their axes, and then their labels."""
    mode = str(layout.get("barmode") or "group")
    bars = of_traces(traces, mode)
    labels = []
    steps = {flat: spacing(bars, axes[1] if flat else axes[0]) for flat in {lying(trace) for trace in traces}}
    for bar in bars:
        trace = traces[bar.trace]
        flat = lying(trace)
        along, value = (axes[1], axes[0]) if flat else axes
        step = steps[flat]
        room = step * (1 - float(layout.get("bargap", 0.2)))
        offset = -room / 2
        if mode == "group" and len(traces) > 1:
            room /= len(traces)
            offset += room * bar.trace
            room *= 1 - float(layout.get("bargroupgap", 0.0))
        given = each(trace.get("width"), bar.place + 1)[bar.place]
        if given:
            offset, room = -float(given) / 2, float(given)
        middle = along.measure(bar.stands_at)
        top = value.place(bar.top)
        foot = value.place(bar.foot)
        if middle is None or top is None:
            continue
        foot = value.start if foot is None else foot
        one, other = along.along(middle + offset), along.along(middle + offset + room)
        box = (
            (foot, min(one, other), top - foot, abs(other - one))
            if flat
            else (min(one, other), top, abs(other - one), foot - top)
        )
        fill = _draw_box(canvas, trace, bar.place, box, colours[bar.trace], clip)
        labels.append((bar, box, fill))
    for bar, box, fill in labels:
        _label(canvas, traces[bar.trace], bar, box, fill, axes)


def _draw_box(canvas: Canvas, trace: Trace, place: int, box: tuple[float, ...], colour: str, clip: str) -> str:
    marker = trace.get("marker") or {}
    count = place + 1
    fill = of_numbers(each(marker.get("color"), count), marker)[place] if marker.get("color") is not None else None
    fill = fill or colour
    shape = each((marker.get("pattern") or {}).get("shape"), count)[place]
    edge = marker.get("line") or {}
    opacity = float(each(marker.get("opacity"), count)[place] or 1.0) * float(trace.get("opacity", 1.0))
    canvas.rect(
        *box,
        fill=canvas.pattern(str(shape), fill) if shape else fill,
        stroke=colour_of(each(edge.get("color"), count)[place]),
        line=float(each(edge.get("width", 0), count)[place] or 0) * PX,
        clip=clip,
        opacity=opacity,
    )
    return fill if opacity > 0.6 else "#ffffff"


def _label(
    canvas: Canvas, trace: Trace, bar: Bar, box: tuple[float, ...], fill: str, axes: tuple[Scale, Scale]
) -> None:
    """The label of a bar inside it, or beyond its end and its error bar."""
    flat = lying(trace)
    axis = "x" if flat else "y"
    below, above = error_of(trace, axis, bar.place + 1)
    less, more = below[-1] or 0.0, above[-1] or 0.0
    left, top, wide, tall = box
    end = (left + wide) if flat else top
    if less or more:
        at = (bar.top, bar.stands_at) if flat else (bar.stands_at, bar.top)
        along = axes[1] if flat else axes[0]
        shifted = _middle_of(along, box, flat)
        reached = error_bar(canvas, axis, shifted if shifted else at, (bar.top - less, bar.top + more), axes, INK)
        end = end if reached is None else (max(end, reached) if flat else min(end, reached))
    where = str(each(trace.get("textposition", "auto"), bar.place + 1)[bar.place] or "auto")
    words = words_of(trace, bar.place + 1)[bar.place]
    if not words or where == "none":
        return
    size = float((trace.get("textfont") or {}).get("size") or 10.7) * PX
    lines = lines_of(words)
    wanted = text_width(lines, size=size) + 5, size * 1.2 * len(lines)
    fits = wanted[0] <= abs(wide) + 0.5 and wanted[1] <= abs(tall) + 0.5
    hatched = each((trace.get("marker") or {}).get("pattern", {}).get("shape"), bar.place + 1)[bar.place]
    if where in ("inside", "auto") and fits and not (hatched and bar.outermost):
        canvas.text((left + wide / 2, top + tall / 2), lines, size=size, colour=readable_on(fill), across="middle")
    elif bar.outermost:
        negative = bar.top < bar.foot
        if flat:
            canvas.text(
                (end + (-4 if negative else 4), top + tall / 2), lines, size=size, across="end" if negative else "start"
            )
        else:
            canvas.text(
                (left + wide / 2, end + (3 if negative else -3)),
                lines,
                size=size,
                across="middle",
                down="top" if negative else "bottom",
            )


def _middle_of(along: Scale, box: tuple[float, ...], flat: bool) -> tuple[Any, Any] | None:
    """The middle of a bar as a value of its axis, for an error bar in a group of bars."""
    if along.kind not in ("category", "linear"):
        return None
    place = box[1] + box[3] / 2 if flat else box[0] + box[2] / 2
    span = along.end - along.start or 1.0
    measure = along.low + (place - along.start) / span * (along.high - along.low)
    return (0.0, measure) if flat else (measure, 0.0)
