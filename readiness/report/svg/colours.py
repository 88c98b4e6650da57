"""Colours that stand for numbers, and what can be read on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from readiness.errors import ModelError
from readiness.figures.theme import colour_scale
from readiness.report.brand import luminance
from readiness.report.svg.canvas import INK, colour_of

Stops = list[tuple[float, tuple[int, int, int]]]
_RGB = re.compile(r"rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)")


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, ``#rgb`` or ``rgb(..)``.

    Examples
    --------
    >>> channels("#17365d"), channels("rgba(1, 2, 3, 0.5)")
    ((23, 54, 93), (1, 2, 3))
    """
    found = _RGB.match(colour)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    if re.fullmatch(r"#[0-9a-fA-F]{3}", colour):
        colour = "#" + "".join(letter * 2 for letter in colour[1:])
    if re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
    named = {"white": (255, 255, 255), "black": (0, 0, 0)}
    if colour in named:
        return named[colour]
    raise ModelError(f'the colour "{colour}" cannot be mixed; write it as #rrggbb')


def hexadecimal(colour: str) -> str:
    """A colour as ``#rrggbb``, which every sink reads alike.

    Examples
    --------
    >>> hexadecimal("rgb(23, 54, 93)"), hexadecimal("white")
    ('#17365d', '#ffffff')
    """
    return "#" + "".join(f"{channel:02x}" for channel in channels(colour))


def stops_of(scale: Any) -> Stops:
    """The stops of a colour scale, as plotly writes it; ours when there is none."""
    if scale is None:
        scale = colour_scale()
    if isinstance(scale, str):
        raise ModelError(f'the colour scale "{scale}" is known to plotly by name only; write its colours')
    return [(float(at), channels(colour_of(colour))) for at, colour in scale]


def shade(stops: Stops, share: float) -> str:
    """The colour at a share of the scale, from 0 to 1.

    Examples
    --------
    >>> shade([(0.0, (0, 0, 0)), (1.0, (200, 100, 50))], 0.5)
    '#643219'
    """
    share = min(max(share, stops[0][0]), stops[-1][0])
    for (low, under), (high, over) in pairwise(stops):
        if share <= high:
            part = (share - low) / (high - low) if high > low else 0.0
            return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(under, over, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in stops[-1][1])


def readable_on(fill: str) -> str:
    """White or ink, whichever is easier to read on the colour."""
    if fill == "none" or fill.startswith("url"):
        return INK
    return "#ffffff" if luminance(hexadecimal(fill)) < 0.22 else INK


def of_numbers(values: Sequence[Any], marker: Mapping[str, Any]) -> list[str | None]:
    """Colours of markers or bars: those given, or the scale's colours for numbers."""
    if not any(isinstance(value, int | float) for value in values):
        return [colour_of(value) if value else None for value in values]
    stops = stops_of(marker.get("colorscale"))
    known = [value for value in values if isinstance(value, int | float)]
    low = marker.get("cmin", min(known))
    high = marker.get("cmax", max(known))
    span = (high - low) or 1.0
    return [shade(stops, (value - low) / span) if isinstance(value, int | float) else None for value in values]
