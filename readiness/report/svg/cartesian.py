"""Charts between two axes: margins from the labels, axes and grid, and the traces in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from readiness.errors import ModelError
from readiness.report.svg import bars, heat, legend, overlays, scatter, ticks
from readiness.report.svg.arrays import sequence
from readiness.report.svg.canvas import GRID, HAIR, QUIET, Canvas, colour_of
from readiness.report.svg.lettering import Point
from readiness.report.svg.scales import Scale, kind_of

KINDS = ("scatter", "bar", "heatmap")
_TITLE = 13.0
Trace = Mapping[str, Any]
Margins = tuple[float, float, float, float]


class Chart:
    """One chart with its axes; `draw` puts it on a canvas.

    Parameters
    ----------
    traces
        Traces of the kinds scatter, bar and heatmap, with their template's settings.
    colours
        The colour of each trace that names none.
    layout
        The layout, with its template's settings.
    """

    def __init__(self, traces: Sequence[Trace], colours: Sequence[str], layout: Mapping[str, Any]) -> None:
        self.traces, self.colours, self.layout = traces, colours, layout
        self.mode = str(layout.get("barmode") or "group")
        meta = layout.get("meta")
        self.direct = bool(isinstance(meta, Mapping) and meta.get("direct_labels"))
        self.keys = [] if self.direct else legend.keys(traces, colours, layout)
        pairs = dict.fromkeys((str(t.get("xaxis") or "x"), str(t.get("yaxis") or "y")) for t in traces)
        self.pairs: list[tuple[str, str]] = list(pairs) or [("x", "y")]
        names = dict.fromkeys(name for pair in self.pairs for name in pair)
        self.axes: dict[str, Scale] = {name: self._scale(name) for name in names}

    def settings(self, name: str) -> Mapping[str, Any]:
        """Plotly's settings of the axis ``x``, ``y2``, ..."""
        return self.layout.get(f"{name[0]}axis{name[1:]}") or {}

    def _of(self, name: str) -> list[int]:
        """Numbers of the traces on an axis."""
        return [n for n, t in enumerate(self.traces) if str(t.get(f"{name[0]}axis") or name[0]) == name]

    def _family(self, name: str) -> list[str]:
        """The axes that share one range with this one, by ``matches``."""
        root = str(self.settings(name).get("matches") or name)
        names = {str(t.get(f"{name[0]}axis") or name[0]) for t in self.traces}
        return sorted({one for one in names if str(self.settings(one).get("matches") or one) == root} | {name})

    def _scale(self, name: str) -> Scale:
        direction = name[0]
        values: list[Any] = []
        from_zero = False
        ends: list[bool] = []
        for one in self._family(name):
            group = [self.traces[n] for n in self._of(one)]
            standing = [t for t in group if t.get("type") == "bar"]
            if standing:
                values += bars.reach(standing, self.mode, direction)
                from_zero = from_zero or any((direction == "x") == bars.lying(t) for t in standing)
            for trace in group:
                if trace.get("type") == "heatmap":
                    values += heat.reach(trace, direction)
                    ends.append(True)
                elif trace.get("type", "scatter") == "scatter":
                    values += scatter.reach(trace, direction)
                    only_lines = "markers" not in scatter.mode_of(trace)
                    ends.append(direction == "x" and only_lines)
        axis = self.settings(name)
        scale = Scale(axis, values, from_zero=from_zero, padding=0.0 if ends and all(ends) else 0.055)
        self._widen(scale, name)
        return scale

    def _widen(self, scale: Scale, name: str) -> None:
        """Bars and cells on an axis of numbers or dates need half their width at both ends."""
        if scale.kind == "category" or sequence(self.settings(name).get("range")):
            return
        half = 0.0
        for number in self._of(name):
            trace = self.traces[number]
            if trace.get("type") == "bar" and (name[0] == "y") == bars.lying(trace):
                half = max(half, bars.spacing(bars.of_traces([trace], self.mode), scale) / 2)
            elif trace.get("type") == "heatmap":
                at = [m for m in map(scale.measure, heat.reach(trace, name[0])) if m is not None]
                half = max(half, min((b - a for a, b in pairwise(at)), default=1.0) / 2)
        if half:
            sign = 1 if scale.high >= scale.low else -1
            if kind_of(scale.axis, [1.0]) == "linear" or scale.kind == "date":
                scale.low, scale.high = scale.low - sign * half, scale.high + sign * half

    def draw(self, canvas: Canvas, more: Margins) -> None:
        """Draw everything.

        Parameters
        ----------
        canvas
            Where to draw.
        more
            Room to add at left, top, right and bottom, because text reached beyond the page before.
        """
        area = self._place(canvas, more)
        overlays.draw_shapes(canvas, self.layout, "below", self.axes, area)
        for pair in self.pairs:
            self._grid(canvas, pair)
        ends: list[tuple[legend.Key, Point]] = []
        clips = {pair: canvas.clip(*self._box(pair)) for pair in self.pairs}
        for pair in self.pairs:
            self._traces(canvas, pair, clips[pair], ends)
        for pair in self.pairs:
            self._lines(canvas, pair)
        overlays.draw_shapes(canvas, self.layout, "above", self.axes, area)
        if ends:
            legend.at_line_ends(canvas, ends, area[3])
        self._labels(canvas, area)
        overlays.draw_annotations(canvas, self.layout, self.axes, area)
        legend.draw(canvas, self.keys, 0.5, more[1], canvas.width)

    def _place(self, canvas: Canvas, more: Margins) -> overlays.Area:
        """Margins from the labels, then the ends of every axis."""
        rough = canvas.height - 60
        self._upright: dict[str, ticks.Labels] = {}
        self._level: dict[str, ticks.Labels] = {}
        left = right = 2.0
        for name, scale in self.axes.items():
            if name[0] != "y":
                continue
            start, end = self._domain(name)
            labels = ticks.upright(scale, rough * (end - start), canvas.width)
            if self._at_right(name):
                right = max(right, labels.room + (0 if end > 0.99 else _TITLE) * bool(self._title(name)))
            elif self._foot(name) < 0.05:
                turned = _TITLE if self._title(name) and end < 0.99 else 0
                left = max(left, labels.room + turned)
        if any(t.get("type") == "heatmap" and t.get("showscale") is not False for t in self.traces):
            right += heat.BAR_ROOM
        left, right = left + more[0], right + more[2] + 4
        top = legend.height(self.keys, canvas.width) + more[1] + 6
        if any(name[0] == "y" and self._domain(name)[1] > 0.99 and self._title(name) for name in self.axes):
            top += _TITLE
        bottom = 2.0
        wide = max(canvas.width - left - right, 20.0)
        for name, scale in self.axes.items():
            if name[0] == "x":
                start, end = self._domain(name)
                scale.between(left + start * wide, left + end * wide)
                self._level[name] = ticks.level(scale, wide * (end - start))
                room = self._level[name].room + (_TITLE + 2 if self._title(name) else 0)
                if self.settings(name).get("side") == "top":
                    top += room
                elif self._foot(name) < 0.05:
                    bottom = max(bottom, room)
        bottom += more[3] + 2
        tall = max(canvas.height - top - bottom, 20.0)
        for name, scale in self.axes.items():
            if name[0] == "y":
                start, end = self._domain(name)
                scale.between(top + (1 - start) * tall, top + (1 - end) * tall)
                self._upright[name] = ticks.upright(scale, tall * (end - start), canvas.width)
        return left, top, left + wide, top + tall

    def _domain(self, name: str) -> tuple[float, float]:
        over = self.settings(name).get("overlaying")
        given = sequence(self.settings(str(over) if over else name).get("domain"))
        return (float(given[0]), float(given[1])) if len(given) == 2 else (0.0, 1.0)

    def _at_right(self, name: str) -> bool:
        return self.settings(name).get("side") == "right"

    def _title(self, name: str) -> str:
        axis = self.settings(name)
        title = axis.get("title")
        if axis.get("visible") is False:
            return ""
        return str(title.get("text") or "") if isinstance(title, Mapping) else str(title or "")

    def _partner(self, name: str) -> str:
        """The axis that crosses this one."""
        anchor = str(self.settings(name).get("anchor") or "")
        if anchor in self.axes:
            return anchor
        return next(
            (x if name[0] == "y" else y for x, y in self.pairs if name in (x, y)), "x" if name[0] == "y" else "y"
        )

    def _foot(self, name: str) -> float:
        """Where along the other direction the axis stands, as a share of the plot."""
        return self._domain(self._partner(name))[0]

    def _box(self, pair: tuple[str, str]) -> tuple[float, float, float, float]:
        across, up = self.axes[pair[0]], self.axes[pair[1]]
        left, right = sorted((across.start, across.end))
        top, bottom = sorted((up.start, up.end))
        return left, top, right - left, bottom - top

    def _grid(self, canvas: Canvas, pair: tuple[str, str]) -> None:
        left, top, wide, tall = self._box(pair)
        for name in pair:
            scale, axis = self.axes[name], self.settings(name)
            flat = name[0] == "y"
            if axis.get("visible") is False or axis.get("showgrid") is False or axis.get("overlaying"):
                continue
            if scale.kind == "category":
                continue
            for measure, _ in (self._upright if flat else self._level)[name].ticks:
                at = scale.along(measure)
                ends = ((left, at), (left + wide, at)) if flat else ((at, top), (at, top + tall))
                canvas.line(*ends, colour=colour_of(axis.get("gridcolor"), GRID), width=0.6)

    def _lines(self, canvas: Canvas, pair: tuple[str, str]) -> None:
        """The lines of the axes: where bars stand on zero, at zero."""
        left, top, wide, tall = self._box(pair)
        for name in pair:
            scale, axis = self.axes[name], self.settings(name)
            flat = name[0] == "y"
            other = self.axes[pair[0] if flat else pair[1]]
            if axis.get("visible") is False or axis.get("showline") is False or axis.get("overlaying"):
                continue
            if flat and scale.kind != "category":
                continue  # the grid carries the eye; a line beside it says nothing
            zero = other.place(0) if other.kind == "linear" else None
            edge = left if flat else top + tall
            at = edge if zero is None or not _within(zero, other) else zero
            if self._at_right(name):
                at = left + wide
            ends = ((at, top), (at, top + tall)) if flat else ((left, at), (left + wide, at))
            canvas.line(*ends, colour="#8b96a1", width=0.8)

    def _traces(self, canvas: Canvas, pair: tuple[str, str], clip: str, ends: list[tuple[legend.Key, Point]]) -> None:
        on = [n for n in self._of(pair[0]) if n in self._of(pair[1])]
        axes = self.axes[pair[0]], self.axes[pair[1]]
        standing = [n for n in on if self.traces[n].get("type") == "bar"]
        for number in on:
            if self.traces[number].get("type") == "heatmap":
                heat.draw(canvas, self.traces[number], *axes, clip)
                if self.traces[number].get("showscale") is not False:
                    left, top, wide, tall = self._box(pair)
                    heat.colour_bar(canvas, self.traces[number], left + wide + 12, top, tall)
        if standing:
            bars.draw(
                canvas, [self.traces[n] for n in standing], [self.colours[n] for n in standing], axes, self.layout, clip
            )
        before: list[Point | None] | None = None
        for number in on:
            trace = self.traces[number]
            if trace.get("type", "scatter") != "scatter":
                continue
            before = scatter.draw(canvas, trace, *axes, self.colours[number], clip, before)
            whole = [point for point in before if point is not None]
            if self.direct and whole and trace.get("name") and trace.get("showlegend") is not False:
                own = (trace.get("line") or {}).get("color") or self.colours[number]
                ends.append((legend.Key(trace, str(trace["name"]), colour_of(own)), whole[-1]))

    def _labels(self, canvas: Canvas, area: overlays.Area) -> None:
        """Labels and titles of the axes."""
        for name, labels in self._level.items():
            scale, partner = self.axes[name], self.axes[self._partner(name)]
            at_top = self.settings(name).get("side") == "top"
            at = min(partner.start, partner.end) if at_top else max(partner.start, partner.end)
            ticks.draw_level(canvas, scale, labels, at, over=at_top)
            middle = (scale.start + scale.end) / 2
            spot = at - labels.room - 4 if at_top else at + labels.room + 5
            down = "bottom" if at_top else "top"
            canvas.text((middle, spot), self._title(name), size=8.2, colour=QUIET, across="middle", down=down)
        for name, labels in self._upright.items():
            scale, partner = self.axes[name], self.axes[self._partner(name)]
            right = self._at_right(name)
            at = max(partner.start, partner.end) if right else min(partner.start, partner.end)
            ticks.draw_upright(canvas, scale, labels, at, right_side=right)
            top = min(scale.start, scale.end)
            if self._domain(name)[1] > 0.99:
                # Written level over the axis: nobody turns a page to read a word.
                over = (area[2] + labels.room, top - 6) if right else (max(at - labels.room, 0.5), top - 6)
                canvas.text(
                    over, self._title(name), size=8.2, colour=QUIET, across="end" if right else "start", down="bottom"
                )
            else:
                beside = (at + (labels.room + 8 if right else -labels.room - 6), (scale.start + scale.end) / 2)
                canvas.text(beside, self._title(name), size=8.2, colour=QUIET, across="middle", angle=-90)


def _within(place: float, scale: Scale) -> bool:
    low, high = sorted((scale.start, scale.end))
    return low - 0.01 <= place <= high + 0.01


def check(traces: Sequence[Trace]) -> None:
    """Refuse traces of a kind that this chart does not draw."""
    for trace in traces:
        if trace.get("type", "scatter") not in KINDS:
            raise ModelError(f'charts on paper do not know traces of the kind "{trace.get("type")}"')


__all__ = ["HAIR", "KINDS", "Chart", "check"]
