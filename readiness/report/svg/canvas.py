"""A page of SVG: shapes and text in points, with a note of how far the text reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence

from readiness.errors import ModelError
from readiness.report import typefaces
from readiness.report.svg.lettering import LEADING, Label, Point, number, text_width, written
from readiness.report.svg.wording import Line, lines_of

INK, QUIET, HAIR, GRID = "#1c2530", "#55606b", "#cfd6dd", "#e6eaee"
_COLOUR = re.compile(r"^(#[0-9a-fA-F]{3,8}|rgba?\([\d.,% ]+\)|[a-zA-Z]{3,20})$")
_DASHES = {
    "solid": "",
    "dot": "1 2.4",
    "dash": "4.5 2.6",
    "longdash": "8 3",
    "dashdot": "4.5 2.4 1 2.4",
    "longdashdot": "8 3 1 3",
}


def colour_of(value: object, default: str = "none") -> str:
    """A colour that is safe to write into SVG.

    Raises
    ------
    ModelError
        When it is not a colour.

    Examples
    --------
    >>> colour_of("rgba(31, 78, 121, 0.15)")
    'rgba(31, 78, 121, 0.15)'
    """
    if value is None or value == "":
        return default
    if not isinstance(value, str) or not _COLOUR.match(value):
        raise ModelError(f'"{value}" is not a colour')
    return "none" if value in ("rgba(0,0,0,0)", "transparent") else value


def dash_of(name: object) -> str:
    """The dashes of a line, in points, by plotly's name for them."""
    if name is None:
        return ""
    if name not in _DASHES:
        raise ModelError(f'the dash "{name}" is not known')
    return _DASHES[str(name)]


class Canvas:
    """What has been drawn so far.

    Parameters
    ----------
    width, height
        Size in points.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._drawn: list[str] = []
        self._definitions: list[str] = []
        self._labels: list[Label] = []
        # How far text reaches beyond the page: left, top, right, bottom.
        self.beyond = [0.0, 0.0, 0.0, 0.0]

    def _add(self, element: str) -> None:
        self._drawn.append(element)

    def clip(self, left: float, top: float, width: float, height: float) -> str:
        """A rectangle outside which nothing is seen; the name to draw with."""
        name = f"c{len(self._definitions)}"
        self._definitions.append(
            f'<clipPath id="{name}"><rect x="{number(left)}" y="{number(top)}" width="{number(width)}" '
            f'height="{number(height)}"/></clipPath>'
        )
        return name

    def pattern(self, shape: str, colour: str) -> str:
        """A fill of lines or dots on a colour, for bars that must differ in grey print."""
        paths = {
            "/": "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2",
            "\\": "M-1,5 l2,2 M0,0 l6,6 M5,-1 l2,2",
            "x": "M0,0 l6,6 M0,6 l6,-6",
            "-": "M0,3 h6",
            "|": "M3,0 v6",
            "+": "M0,3 h6 M3,0 v6",
            ".": "M3,3 h0.01",
        }
        if shape not in paths:
            raise ModelError(f'the pattern "{shape}" is not known')
        name = f"p{len(self._definitions)}"
        self._definitions.append(
            f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<rect width="6" height="6" fill="{colour}"/><path d="{paths[shape]}" fill="none" stroke="#ffffff" '
            f'stroke-width="{1.6 if shape == "." else 0.9}" stroke-linecap="{"round" if shape == "." else "butt"}"/>'
            "</pattern>"
        )
        return f"url(#{name})"

    def line(self, start: Point, end: Point, *, colour: str = HAIR, width: float = 0.6, dash: str = "") -> None:
        """A straight line."""
        self.path([start, end], stroke=colour, width=width, dash=dash)

    def path(
        self,
        points: Sequence[Point],
        *,
        fill: str = "none",
        stroke: str = "none",
        width: float = 0.0,
        dash: str = "",
        closed: bool = False,
        clip: str = "",
        opacity: float = 1.0,
    ) -> None:
        """A line through the points, or the area that they enclose."""
        if len(points) < 2:
            return
        places = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        look = f'fill="{fill}"'
        if stroke != "none" and width > 0:
            look += f' stroke="{stroke}" stroke-width="{number(width)}" stroke-linejoin="round"'
            look += f' stroke-dasharray="{dash}"' if dash else ""
        look += f' clip-path="url(#{clip})"' if clip else ""
        look += f' opacity="{number(opacity)}"' if opacity < 1 else ""
        self._add(f'<path d="M{places}{"Z" if closed else ""}" {look}/>')

    def rect(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str,
        stroke: str = "none",
        line: float = 0.0,
        dash: str = "",
        clip: str = "",
        opacity: float = 1.0,
    ) -> None:
        """A rectangle; sizes below zero are turned round."""
        if width < 0:
            left, width = left + width, -width
        if height < 0:
            top, height = top + height, -height
        look = f'fill="{fill}"'
        if stroke != "none" and line > 0:
            look += f' stroke="{stroke}" stroke-width="{number(line)}"' + (
                f' stroke-dasharray="{dash}"' if dash else ""
            )
        look += f' clip-path="url(#{clip})"' if clip else ""
        look += f' opacity="{number(opacity)}"' if opacity < 1 else ""
        self._add(
            f'<rect x="{number(left)}" y="{number(top)}" width="{number(width)}" height="{number(height)}" {look}/>'
        )

    def circle(self, middle: Point, radius: float, *, fill: str, stroke: str = "none", line: float = 0.0) -> None:
        """A circle."""
        edge = f' stroke="{stroke}" stroke-width="{number(line)}"' if stroke != "none" and line > 0 else ""
        self._add(
            f'<circle cx="{number(middle[0])}" cy="{number(middle[1])}" r="{number(radius)}" fill="{fill}"{edge}/>'
        )

    def text(
        self,
        where: Point,
        words: str | list[Line],
        *,
        size: float = 8.0,
        colour: str = INK,
        across: str = "start",
        down: str = "middle",
        bold: bool = False,
        angle: float = 0.0,
    ) -> None:
        """One or more lines of text.

        Parameters
        ----------
        where
            The anchor.
        words
            A label, or its lines.
        size
            Size of the type in points.
        across
            Which part of a line is at the anchor: ``start``, ``middle`` or ``end``.
        down
            Which part of the text is at the anchor: ``top``, ``middle`` or ``bottom``.
        angle
            Turned by so many degrees, clockwise, about the anchor.
        """
        lines = lines_of(words) if isinstance(words, str) else words
        if not any(run.text.strip() for line in lines for run in line):
            return
        step = size * LEADING
        tall = step * (len(lines) - 1)
        # Capital letters of Lato are 0.72 of the size high.
        first = {"top": 0.76 * size, "middle": 0.36 * size - tall / 2, "bottom": -0.2 * size - tall}[down]
        self._reach(where, lines, size, across, bold, first, angle)
        for row, line in enumerate(lines):
            if line:
                self._labels.append(Label(where, first + row * step, line, size, colour, across, bold, angle))

    def _reach(
        self, where: Point, lines: list[Line], size: float, across: str, bold: bool, first: float, angle: float
    ) -> None:
        """Note how far the text reaches beyond the page."""
        wide = text_width(lines, size=size, bold=bold)
        left = {"start": 0.0, "middle": -wide / 2, "end": -wide}[across]
        top, bottom = first - 0.76 * size, first + size * LEADING * (len(lines) - 1) + 0.22 * size
        corners = [
            turned(point, angle) for point in ((left, top), (left + wide, top), (left, bottom), (left + wide, bottom))
        ]
        xs = [where[0] + x for x, _ in corners]
        ys = [where[1] + y for _, y in corners]
        over = (-min(xs), -min(ys), max(xs) - self.width, max(ys) - self.height)
        self.beyond = [max(before, now) for before, now in zip(self.beyond, over, strict=True)]

    def labels(self) -> list[Label]:
        """All lines of text, in the order in which they were written."""
        return list(self._labels)

    def finished(self, *, letters: bool = True) -> str:
        """The picture as one SVG file.

        Parameters
        ----------
        letters
            Whether the text is in it; without, the page sets the `labels` over it.
        """
        defined = f"<defs>{''.join(self._definitions)}</defs>" if self._definitions else ""
        lettering = "".join(map(written, self._labels)) if letters else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(self.width)}" height="{number(self.height)}" '
            f'viewBox="0 0 {number(self.width)} {number(self.height)}" font-family="{typefaces.family()}, Helvetica, Arial, sans-serif">{defined}'
            f"{''.join(self._drawn)}{lettering}</svg>"
        )


def turned(point: Point, angle: float) -> Point:
    """A point turned about the origin, clockwise, by degrees.

    Examples
    --------
    >>> [round(value, 6) for value in turned((1.0, 0.0), 90)]
    [0.0, 1.0]
    """
    from math import cos, radians, sin

    turn = radians(angle)
    return point[0] * cos(turn) - point[1] * sin(turn), point[0] * sin(turn) + point[1] * cos(turn)
