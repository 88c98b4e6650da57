"""Charts around a circle: lines and areas, and bars as petals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from readiness.errors import ModelError
from readiness.report.svg import legend
from readiness.report.svg.arrays import each, sequence
from readiness.report.svg.canvas import GRID, INK, QUIET, Canvas, colour_of, dash_of
from readiness.report.svg.lettering import Point
from readiness.report.svg.marks import PX, mark
from readiness.report.svg.scales import Scale
from readiness.report.svg.scatter import mode_of
from readiness.report.svg.wording import wrapped
from readiness.report.typefaces import width

KINDS = ("scatterpolar", "barpolar")
_SIZE = 8.0
Trace = Mapping[str, Any]
Margins = tuple[float, float, float, float]


class Circle:
    """One polar chart; `draw` puts it on a canvas.

    Parameters
    ----------
    traces
        Traces of the kinds scatterpolar and barpolar.
    colours
        The colour of each trace that names none.
    layout
        The layout, with its template's settings.
    """

    def __init__(self, traces: Sequence[Trace], colours: Sequence[str], layout: Mapping[str, Any]) -> None:
        self.traces, self.colours = traces, colours
        self.polar: Mapping[str, Any] = layout.get("polar") or {}
        self.keys = legend.keys(traces, colours, layout)
        angles = [value for trace in traces for value in sequence(trace.get("theta"))]
        self.names = list(dict.fromkeys(angles)) if any(isinstance(value, str) for value in angles) else []
        radii = [value for trace in traces for value in sequence(trace.get("r")) if value is not None]
        self.radial: Mapping[str, Any] = self.polar.get("radialaxis") or {}
        self.scale = Scale(dict(self.radial) | {"rangemode": "tozero"}, [*radii, 0], from_zero=True, padding=0.04)
        self.middle, self.radius = (0.0, 0.0), 1.0

    def angle(self, theta: Any) -> float | None:
        """The direction of a value, in radians on the page: 0 is to the right, more is clockwise."""
        if theta is None:
            return None
        axis = self.polar.get("angularaxis") or {}
        if self.names:
            if theta not in self.names:
                return None
            degrees = 360.0 * self.names.index(theta) / len(self.names)
        else:
            degrees = float(theta)
        clockwise = axis.get("direction", "counterclockwise") == "clockwise"
        rotation = float(axis.get("rotation", 90 if clockwise else 0))
        return math.radians(-(rotation - degrees) if clockwise else -(rotation + degrees))

    def spot(self, r: Any, theta: Any) -> Point | None:
        """Place on the page of a point."""
        angle, measure = self.angle(theta), self.scale.measure(r)
        if angle is None or measure is None:
            return None
        away = max(0.0, self.scale.along(measure))
        return self.middle[0] + away * math.cos(angle), self.middle[1] + away * math.sin(angle)

    def draw(self, canvas: Canvas, more: Margins) -> None:
        """Draw everything; ``more`` is room to add where text reached beyond the page before."""
        top = legend.height(self.keys, canvas.width) + 4 + more[1]
        bottom = 4 + more[3]
        tall = canvas.height - top - bottom
        beside = max(more[0], more[2])
        self.radius = max(20.0, min(tall / 2 - 15, canvas.width / 2 - 70) - beside)
        self.middle = (canvas.width / 2, top + tall / 2)
        self.scale.between(0.0, self.radius)
        self._grid(canvas)
        for trace, colour in zip(self.traces, self.colours, strict=True):
            if trace.get("type") == "barpolar":
                self._petals(canvas, trace, colour)
        for trace, colour in zip(self.traces, self.colours, strict=True):
            if trace.get("type") == "scatterpolar":
                self._line(canvas, trace, colour)
        self._radial_labels(canvas)
        self._names(canvas)
        legend.draw(canvas, self.keys, 0.5, more[1], canvas.width)

    def _directions(self) -> list[tuple[Any, str]]:
        axis = self.polar.get("angularaxis") or {}
        if axis.get("tickvals") is not None:
            values = sequence(axis["tickvals"])
            return list(zip(values, [str(word) for word in sequence(axis.get("ticktext")) or values], strict=True))
        if self.names:
            return [(name, str(name)) for name in self.names]
        return [(degrees, f"{degrees}\N{DEGREE SIGN}") for degrees in range(0, 360, 45)]

    def _grid(self, canvas: Canvas) -> None:
        straight = self.polar.get("gridshape") == "linear"
        for measure, _ in self.scale.ticks(self.radius, 24):
            away = self.scale.along(measure)
            if away > 0.5:
                canvas.path(self._ring(away, straight), stroke=GRID, width=0.6, closed=True)
        for theta, _ in self._directions():
            angle = self.angle(theta)
            if angle is not None:
                end = self.middle[0] + self.radius * math.cos(angle), self.middle[1] + self.radius * math.sin(angle)
                canvas.line(self.middle, end, colour=GRID, width=0.6)

    def _ring(self, away: float, straight: bool) -> list[Point]:
        angles = [turn * math.pi / 45 for turn in range(90)]
        if straight and self.names:
            angles = [angle for name in self.names if (angle := self.angle(name)) is not None]
        return [(self.middle[0] + away * math.cos(a), self.middle[1] + away * math.sin(a)) for a in angles]

    def _line(self, canvas: Canvas, trace: Trace, colour: str) -> None:
        points = [
            self.spot(r, theta) for r, theta in zip(sequence(trace.get("r")), sequence(trace.get("theta")), strict=True)
        ]
        whole = [point for point in points if point is not None]
        line = trace.get("line") or {}
        own = colour_of(line.get("color"), colour)
        if trace.get("fill") in ("toself", "tonext"):
            given = trace.get("fillcolor")
            canvas.path(whole, fill=colour_of(given, own), closed=True, opacity=1.0 if given else 0.16)
        mode = str(trace.get("mode") or ("lines" if trace.get("fill") else mode_of({"x": whole})))
        if "lines" in mode:
            canvas.path(whole, stroke=own, width=float(line.get("width", 2)) * PX, dash=dash_of(line.get("dash")))
        if "markers" in mode:
            marker = trace.get("marker") or {}
            sizes, symbols = each(marker.get("size", 6), len(whole)), each(marker.get("symbol", "circle"), len(whole))
            fill = colour_of(marker["color"]) if isinstance(marker.get("color"), str) else own
            for point, size, symbol in zip(whole, sizes, symbols, strict=True):
                mark(canvas, point, float(size or 6) * PX, str(symbol or "circle"), fill)

    def _petals(self, canvas: Canvas, trace: Trace, colour: str) -> None:
        marker = trace.get("marker") or {}
        thetas, radii = sequence(trace.get("theta")), sequence(trace.get("r"))
        colours = each(marker.get("color"), len(radii))
        slot = 2 * math.pi / (len(self.names) or len(thetas) or 1)
        for theta, r, own in zip(thetas, radii, colours, strict=True):
            angle, measure = self.angle(theta), self.scale.measure(r)
            if angle is None or measure is None:
                continue
            away, half = self.scale.along(measure), slot * 0.42
            arc = [angle - half + 2 * half * step / 16 for step in range(17)]
            outline = [
                self.middle,
                *((self.middle[0] + away * math.cos(a), self.middle[1] + away * math.sin(a)) for a in arc),
            ]
            canvas.path(outline, fill=colour_of(own, colour), closed=True, opacity=float(trace.get("opacity", 1.0)))

    def _radial_labels(self, canvas: Canvas) -> None:
        if self.radial.get("showticklabels") is False or self.radial.get("visible") is False:
            return
        # Half-way between the first two directions nothing else is written.
        count = len(self._directions()) or 8
        first = self.angle(self._directions()[0][0]) or 0.0
        angle = first + math.pi / count
        for measure, label in self.scale.ticks(self.radius, 24):
            away = self.scale.along(measure)
            if away > 4:
                at = self.middle[0] + away * math.cos(angle), self.middle[1] + away * math.sin(angle)
                half = width(label, size=6.8) / 2 + 1.5
                canvas.rect(at[0] - half, at[1] - 4, 2 * half, 8, fill="#ffffff", opacity=0.75)
                canvas.text(at, label, size=6.8, colour=QUIET, across="middle")

    def _names(self, canvas: Canvas) -> None:
        room = max(60.0, canvas.width / 2 - self.radius - 14)
        for theta, label in self._directions():
            angle = self.angle(theta)
            if angle is None:
                continue
            x, y = math.cos(angle), math.sin(angle)
            at = self.middle[0] + (self.radius + 7) * x, self.middle[1] + (self.radius + 7) * y
            across = "middle" if abs(x) < 0.2 else "start" if x > 0 else "end"
            down = "middle" if abs(y) < 0.6 else "top" if y > 0 else "bottom"
            rows = wrapped(label, room if across != "middle" else 150, lambda text: width(text, size=_SIZE), 2)
            canvas.text(at, "<br>".join(rows), size=_SIZE, colour=INK, across=across, down=down)


def check(traces: Sequence[Trace]) -> None:
    """Refuse traces of a kind that this chart does not draw."""
    for trace in traces:
        if trace.get("type") not in KINDS:
            raise ModelError(f'charts around a circle do not know traces of the kind "{trace.get("type")}"')
