"""Text of a chart: plotly's few tags, its number formats and its templates, read strictly."""

from __future__ import annotations

import datetime
import html
import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from readiness.errors import ModelError
from readiness.language import signed

_TAG = re.compile(r"<(br|/?b|/?i)\s*/?>", re.IGNORECASE)
_FIELD = re.compile(r"%\{([a-zA-Z]+)(?:\[(\d+)\])?(?::([^}|]+))?\}")
_FORMAT = re.compile(r"^(?P<sign>\+)?(?P<money>\$)?(?P<comma>,)?(?:\.(?P<digits>\d))?(?P<trim>~)?(?P<kind>[fgdse%])?$")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|nbsp|#39|#x27|#36);")
MINUS = "\N{MINUS SIGN}"


class Run(NamedTuple):
    """Letters in one style."""

    text: str
    bold: bool
    italic: bool


Line = list[Run]


def lines_of(text: object) -> list[Line]:
    """The lines of a label, by ``<br>``; ``<b>`` and ``<i>`` are styles, any other tag is the letters it is.

    Examples
    --------
    >>> [[run.text for run in line] for line in lines_of("SLA &gt;99.9%<br><script>")]
    [['SLA >99.9%'], ['<script>']]
    """
    lines: list[Line] = [[]]
    bold = italic = False
    at = 0
    whole = str(text).replace("\n", "<br>")
    for tag in [*_TAG.finditer(whole), None]:
        letters = whole[at : tag.start() if tag else len(whole)]
        if letters:
            plain = _ENTITY.sub(lambda found: html.unescape(found[0]), letters)
            lines[-1].append(Run(plain, bold, italic))
        if tag is None:
            break
        at = tag.end()
        name = tag[1].lower()
        if name == "br":
            lines.append([])
        elif name.endswith("b"):
            bold = not name.startswith("/")
        else:
            italic = not name.startswith("/")
    return lines


def formatted(value: Any, pattern: str | None = None, *, step: float | None = None) -> str:
    """A number as an axis or a label shows it.

    Parameters
    ----------
    value
        A number, a date or text; text stays as it is.
    pattern
        A d3 format of the forms ``,.0f``, ``.1%``, ``$,.2f``, ``.3g``, ``~s``; or a date format such as ``%b %Y``.
    step
        Distance of two ticks: decides the decimals when there is no pattern.

    Raises
    ------
    ModelError
        When the pattern is not one of these.

    Examples
    --------
    >>> formatted(12500, ",.0f"), formatted(0.255, ".0%"), formatted(-2.5, step=0.5), formatted(12500)
    ('12,500', '26%', '−2.5', '12,500')
    >>> formatted(12_500_000, "~s"), formatted(-3, "$,.0f")
    ('12.5M', '−$3')
    """
    if isinstance(value, datetime.date):
        return value.strftime(pattern or "%Y-%m-%d")
    if isinstance(value, str) or value is None:
        return value or ""
    number = float(value)
    if not pattern:
        return _general(number, step)
    found = _FORMAT.match(pattern)
    if found is None:
        raise ModelError(f'the number format "{pattern}" is not one that charts on paper know')
    digits, kind = found["digits"], found["kind"] or "g"
    comma = "," if found["comma"] else ""
    size = abs(number)
    if kind == "%":
        body = f"{_half_up(size * 100, int(digits or 0)):{comma}.{digits or 0}f}%"
    elif kind in "fd":
        places = int(digits) if digits is not None else (6 if kind == "f" else 0)
        body = f"{_half_up(size, places):{comma}.{places}f}"
    elif kind == "s":
        body = _with_prefix(size, digits, bool(found["trim"]))
    else:
        body = f"{size:{comma}.{digits or 6}{kind}}"
    if found["trim"] and "." in body and kind != "s":
        body = body.rstrip("0").rstrip(".")
    sign = MINUS if number < 0 and any(c in "123456789" for c in body) else ("+" if found["sign"] else "")
    return f"{sign}{'$' if found['money'] else ''}{signed(body)}"


def _half_up(size: float, places: int) -> float:
    """As d3 rounds: a half goes up, whatever stands before it."""
    scale = 10**places
    return math.floor(size * scale + 0.5 + 1e-9) / scale


def _with_prefix(size: float, digits: str | None, trim: bool) -> str:
    for power, sign in ((12, "T"), (9, "G"), (6, "M"), (3, "k"), (0, "")):
        if size >= 10**power or power == 0:
            body = f"{size / 10**power:.{digits or 6}g}"
            if trim and "." in body:
                body = body.rstrip("0").rstrip(".")
            return body + sign
    return str(size)


def _general(number: float, step: float | None) -> str:
    """Thousands separated, and as many decimals as tell two ticks apart."""
    if number == 0:
        return "0"
    size = abs(number)
    if step:
        places = max(0, -math.floor(math.log10(abs(step)) + 1e-9))
        if places <= 8 and round(step, places) != round(step, 10):
            places += 1
    else:
        places = max(0, 3 - math.floor(math.log10(size))) if size < 1000 else 0
    body = f"{size:,.{min(places, 10)}f}"
    if step is None and "." in body:
        body = body.rstrip("0").rstrip(".")
    return (MINUS if number < 0 else "") + signed(body)


def filled(template: str, fields: Mapping[str, Any]) -> str:
    """A text template with its fields put in: ``%{y:.1f} h``.

    Raises
    ------
    ModelError
        When it names a field that the trace does not have.

    Examples
    --------
    >>> filled("%{x}: %{y:.1f} h", {"x": "Kafka", "y": 0.94})
    'Kafka: 0.9 h'
    """

    def put_in(found: re.Match[str]) -> str:
        name, place, pattern = found[1], found[2], found[3]
        if name not in fields:
            raise ModelError(f'the label template names "{name}", which the chart does not have')
        value = fields[name]
        if place is not None:
            value = value[int(place)]
        return formatted(value, pattern)

    return _FIELD.sub(put_in, template)


def wrapped(text: str, room: float, width: Any, most: int = 3) -> list[str]:
    """The words of a label on as few lines as fit the room; the last line keeps what is left.

    Parameters
    ----------
    text
        Plain text.
    room
        Width of a line.
    width
        Function that gives the width of a text.
    most
        Largest number of lines.

    Examples
    --------
    >>> wrapped("outside dependency: payments", 15, len)
    ['outside', 'dependency:', 'payments']
    """
    lines: list[str] = []
    for word in (word for word in re.split(r"[ \n\t]+", text) if word):
        together = f"{lines[-1]} {word}" if lines else word
        if lines and (width(together) <= room or len(lines) == most):
            lines[-1] = together
        elif lines:
            lines.append(word)
        else:
            lines = [word]
    return lines or [""]
