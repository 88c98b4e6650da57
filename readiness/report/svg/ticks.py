"""The labels of an axis: which are written, on how many lines, and how much room they take."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from readiness.report.svg.canvas import QUIET, Canvas
from readiness.report.svg.lettering import LEADING
from readiness.report.svg.scales import Scale, Tick
from readiness.report.svg.wording import wrapped
from readiness.report.typefaces import width

SIZE = 8.0
# Distance that neighbours keep, in points: of numbers along, of numbers up.
ALONG, UP = 58.0, 34.0
_WIDEST = 0.36


@dataclass(frozen=True)
class Labels:
    """The labels of one axis, ready to be drawn.

    Parameters
    ----------
    ticks
        Places along the axis and labels, all of them; a grid line stands at each.
    lines
        The lines of each label; empty where a label is left out.
    angle
        Turned by so many degrees.
    room
        Room across the axis in points.
    """

    ticks: tuple[Tick, ...]
    lines: tuple[tuple[str, ...], ...]
    angle: float
    room: float


def _wide(text: str) -> float:
    return width(text, size=SIZE)


def upright(scale: Scale, length: float, page: float) -> Labels:
    """Labels beside an axis that stands; long names go on to a second and third line.

    Parameters
    ----------
    scale
        The axis.
    length
        Its length in points.
    page
        Width of the whole chart, of which the labels get at most about a third.
    """
    if scale.axis.get("showticklabels") is False or scale.axis.get("visible") is False:
        return Labels(tuple(scale.ticks(length, UP)), (), 0, 0)
    ticks = scale.ticks(length, UP)
    slot = length / max(len(ticks), 1)
    most = max(1, min(3, int(slot / (SIZE * LEADING))))
    lines = [tuple(_rows(label, page * _WIDEST, most)) for _, label in ticks]
    room = max((_wide(row) for rows in lines for row in rows), default=0.0)
    return Labels(tuple(ticks), tuple(lines), 0, room + 6 if room else 0)


def level(scale: Scale, length: float) -> Labels:
    """Labels under an axis that lies: in one line, then in three, then some left out or all turned.

    Parameters
    ----------
    scale
        The axis.
    length
        Its length in points.
    """
    ticks = scale.ticks(length, ALONG)
    if scale.axis.get("showticklabels") is False or scale.axis.get("visible") is False or not ticks:
        return Labels(tuple(ticks), (), 0, 0)
    slot = length / max(len(ticks), 1) if scale.kind == "category" else _closest(scale, ticks, length)
    angle = float(scale.axis.get("tickangle") or 0)
    labels = [label for _, label in ticks]
    if not angle and scale.kind == "category":
        rows = [tuple(_rows(label, slot - 3, 3)) for label in labels]
        if all(_wide(row) <= slot - 1 for lines in rows for row in lines):
            return Labels(tuple(ticks), tuple(rows), 0, SIZE * LEADING * max(map(len, rows)) + 4)
        if len(labels) > 24:  # too many names to turn: every second, third, ... is written
            every = max(2, -(-int(max(map(_wide, labels)) + 8) // max(int(slot), 1)))
            written = tuple((label,) if place % every == 0 else tuple[str, ...]() for place, label in enumerate(labels))
            return Labels(tuple(ticks), written, 0, SIZE * LEADING + 4)
        angle = -38.0
    if angle:
        # Long names, turned, would take the chart's height: two lines of at most 110 points.
        turned = tuple(tuple(_rows(label, 110, 2)) for label in labels)
        longest = max(_wide(row) for rows in turned for row in rows)
        return Labels(tuple(ticks), turned, angle, min(longest * 0.64 + 18, 110))
    kept: list[tuple[str, ...]] = []
    reached = -1e9
    for measure, label in ticks:
        at = scale.along(measure)
        parts = tuple(label.split("<br>"))
        half = max(map(_wide, parts)) / 2
        if at - half > reached + 4:
            kept.append(parts)
            reached = at + half
        else:
            kept.append(())
    return Labels(tuple(ticks), tuple(kept), 0, SIZE * LEADING * max(map(len, kept)) + 4)


def _rows(label: str, room: float, most: int) -> list[str]:
    """A label on as few lines as fit; ``<br>`` always begins a new one."""
    parts = label.split("<br>")
    return [row for part in parts for row in wrapped(part, room, _wide, max(1, most - len(parts) + 1))]


def _closest(scale: Scale, ticks: list[Tick], length: float) -> float:
    span = abs(scale.high - scale.low) or 1.0
    gaps = [abs(b - a) / span * length for (a, _), (b, _) in pairwise(ticks)]
    return min(gaps, default=length)


def draw_upright(canvas: Canvas, scale: Scale, labels: Labels, left: float, *, right_side: bool = False) -> None:
    """Write the labels beside the axis; ``left`` is where the axis stands."""
    for (measure, _), rows in zip(labels.ticks, labels.lines, strict=False):
        if rows:
            at = (left + (5 if right_side else -5), scale.along(measure))
            canvas.text(at, "<br>".join(rows), size=SIZE, colour=QUIET, across="start" if right_side else "end")


def draw_level(canvas: Canvas, scale: Scale, labels: Labels, top: float, *, over: bool = False) -> None:
    """Write the labels under (or over) the axis; ``top`` is where the axis lies."""
    for (measure, _), rows in zip(labels.ticks, labels.lines, strict=False):
        if not rows:
            continue
        x = scale.along(measure)
        if labels.angle:
            canvas.text((x + 2, top + 7), "<br>".join(rows), size=SIZE, colour=QUIET, across="end", angle=labels.angle)
        else:
            at, down = (top - 4, "bottom") if over else (top + 4, "top")
            canvas.text((x, at), "<br>".join(rows), size=SIZE, colour=QUIET, across="middle", down=down)
