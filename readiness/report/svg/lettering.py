"""Lines of text in a picture: where they stand, how wide they are, and how SVG writes them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from readiness.report import typefaces
from readiness.report.svg.wording import Line, Run

# Distance of two lines as a multiple of the size of the type.
LEADING = 1.18
Point = tuple[float, float]


def number(value: float) -> str:
    """A coordinate with two decimals: the same bytes on every machine.

    Examples
    --------
    >>> number(12.0), number(-0.001), number(3.456)
    ('12', '0', '3.46')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


class Label(NamedTuple):
    """One line of text: its anchor, its baseline below that (before it is turned), and its look."""

    where: Point
    offset: float
    runs: Line
    size: float
    colour: str
    across: str
    bold: bool
    angle: float


def written(label: Label) -> str:
    """One line of text as SVG, as wide as it was measured whatever face a browser finds for it."""
    x, y = label.where
    wide = text_width([label.runs], size=label.size, bold=label.bold)
    look = ' font-weight="700"' if label.bold else ""
    look += f' text-anchor="{label.across}"' if label.across != "start" else ""
    look += f' transform="rotate({number(label.angle)} {number(x)} {number(y)})"' if label.angle else ""
    look += f' textLength="{number(wide)}" lengthAdjust="spacingAndGlyphs"' if wide else ""
    runs = "".join(_marked(run, label.bold) for run in label.runs)
    return (
        f'<text x="{number(x)}" y="{number(y + label.offset)}" font-size="{number(label.size)}" '
        f'fill="{label.colour}"{look}>{runs}</text>'
    )


def _marked(run: Run, bold: bool) -> str:
    """One run of a label, escaped; letters of another face than Lato name their face."""
    pieces = []
    for family, letters in typefaces.runs(typefaces.drawable(run.text)):
        heavy = run.bold or bold
        look = ' font-style="italic"' if run.italic and family == typefaces.family() else ""
        if family != typefaces.family():
            # Faces that begin at the weight "thin" are drawn thin unless more is asked for.
            look += f' font-family="{family}" font-weight="{700 if heavy else 500}"'
        elif run.bold and not bold:
            look += ' font-weight="700"'
        safe = escape(letters, quote=True)
        pieces.append(f"<tspan{look}>{safe}</tspan>" if look else safe)
    return "".join(pieces)


def text_width(lines: Iterable[Line], *, size: float, bold: bool = False) -> float:
    """Width of the longest line, in points."""
    return max(
        (sum(typefaces.width(run.text, size=size, bold=bold or run.bold) for run in line) for line in lines),
        default=0.0,
    )
