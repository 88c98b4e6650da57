"""Whose paper it is: name, logo, colours and small print of the consultancy, checked before anything is drawn."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from readiness.figures.theme import STRESSED
from readiness.report.opentype import Face, face
from readiness.report.typefaces import Faces

# WCAG 2.2, success criterion 1.4.3: text on its background.
LEAST_CONTRAST = 4.5
LARGEST_LOGO_BYTES = 500_000
_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
# What can fetch, run or link; a logo needs none of them.
_ACTIVE_SVG = re.compile(
    rb"<\s*(script|foreignobject|iframe|image|use|a|style|animate|set|handler)\b|<!|<\?xml-stylesheet|"
    rb"\son\w+\s*=|href\s*=|url\s*\(\s*['\"]?\s*(?!#)|javascript:|data:",
    re.IGNORECASE,
)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``: 0 is black, 1 is white.

    Notes
    -----
    WCAG 2.2, definition of relative luminance.
    """
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 (the same) to 21 (black on white).

    Notes
    -----
    WCAG 2.2, definition of contrast ratio.

    Examples
    --------
    Can a client's yellow carry white text? No:

    >>> round(contrast("#ffd400", "#ffffff"), 1)
    1.4
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def logo_kind(picture: bytes) -> str:
    """``"png"`` or ``"svg"``, read from the bytes and never from a file's name.

    Raises
    ------
    ValueError
        When it is neither, or an SVG that could fetch or run something.
    """
    if len(picture) > LARGEST_LOGO_BYTES:
        raise ValueError(f"the logo has {len(picture):,} bytes; at most {LARGEST_LOGO_BYTES:,} are taken")
    if picture.startswith(b"\x89PNG\r\n\x1a\n") and picture[12:16] == b"IHDR":
        width, height = int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")
        if not (0 < width <= 8000 and 0 < height <= 8000):
            raise ValueError(f"the logo is {width} by {height} pixels; at most 8000 by 8000 are taken")
        return "png"
    body = re.sub(rb"^\xef\xbb\xbf|^\s*<\?xml [^>]*\?>", b"", picture.strip()).strip()
    if body.startswith(b"<svg") and body.endswith(b"</svg>"):
        found = _ACTIVE_SVG.search(body)
        if found:
            raise ValueError(
                f'the SVG logo holds "{found[0].decode("latin-1").strip()}"; only plain shapes are taken, '
                "so export it without scripts, links, styles and embedded pictures"
            )
        return "svg"
    raise ValueError("the logo is neither a PNG nor an SVG picture")


class Fonts(BaseModel):
    """Font files of a brand: an upright and a bold cut for text, and a cut for headings (the bold one when not given).

    Notes
    -----
    Each is base64 in JSON and YAML. They are embedded into PDF and HTML and named in XLSX; what they lack is set in our faces.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: bytes = Field(repr=False)
    bold: bytes = Field(repr=False)
    heading: bytes | None = Field(default=None, repr=False)

    @field_validator("text", "bold", "heading", mode="before")
    @classmethod
    def _font(cls, font: Any) -> Any:
        content = _decoded(font, "font")
        if isinstance(content, bytes):
            _face(content)
        return content

    @model_validator(mode="after")
    def _a_pair(self) -> Self:
        text, bold = _face(self.text), _face(self.bold)
        if text.group != bold.group:
            raise ValueError(f"the text is set in {text.family} and its bold cut is of {bold.family}; both have to be of one family")
        if bold.weight < max(600, text.weight + 100):
            raise ValueError(f"the bold cut of {bold.family} is not bold: its weight is {bold.weight}, that of the text {text.weight}")
        return self

    @property
    def faces(self) -> Faces:
        """The files, read."""
        return Faces(_face(self.text), _face(self.bold), _face(self.heading or self.bold))


@lru_cache(maxsize=8)
def _face(content: bytes) -> Face:
    return face(content)


def _decoded(value: Any, what: str) -> Any:
    """Bytes from base64, as JSON holds them."""
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            raise ValueError(f"the {what} is not base64") from None
    return value


class Brand(BaseModel):
    """A consultancy's paper: applied to PDF, HTML, XLSX and figures.

    Notes
    -----
    ``logo`` is base64 in JSON and YAML. The accent carries white text and stands on white, so both are held to a
    contrast of 4.5.

    Examples
    --------
    >>> Brand(name="Northgate", accent="#ffd400")
    Traceback (most recent call last):
    ...
    pydantic_core._pydantic_core.ValidationError: 1 validation error for Brand
    accent
      Value error, #ffd400 has a contrast of 1.4 to white; at least 4.5 is needed to be read ...
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(max_length=120)] = "Production readiness"
    accent: str = "#1f4e79"
    ink: str = "#1c2530"
    logo: bytes | None = Field(default=None, repr=False)
    logo_alt: Annotated[str, Field(max_length=200)] = ""
    footer: Annotated[str, Field(max_length=200)] = ""
    legal_note: Annotated[str, Field(max_length=2000)] = ""
    fonts: Fonts | None = None

    @field_validator("accent", "ink")
    @classmethod
    def _readable(cls, colour: str) -> str:
        if not _COLOUR.match(colour):
            raise ValueError(f'"{colour}" is not a colour such as #1f4e79')
        ratio = contrast(colour, "#ffffff")
        if ratio < LEAST_CONTRAST:
            raise ValueError(
                f"{colour} has a contrast of {ratio:.1f} to white; at least {LEAST_CONTRAST} is needed to be read"
            )
        return colour.lower()

    @field_validator("logo", mode="before")
    @classmethod
    def _picture(cls, logo: Any) -> Any:
        return _decoded(logo, "logo")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.logo is not None:
            logo_kind(self.logo)
        return self

    @property
    def faces(self) -> Faces | None:
        """The brand's own faces; nothing when it has none."""
        return self.fonts.faces if self.fonts else None

    @property
    def logo_media_type(self) -> str | None:
        """The media type of the logo, or nothing when there is none."""
        if self.logo is None:
            return None
        return {"png": "image/png", "svg": "image/svg+xml"}[logo_kind(self.logo)]


DEFAULT_BRAND = Brand()


def in_colours(figure: Any, brand: Brand) -> Any:
    """A chart with the brand's accent where ours stresses the finding; all else stays, for it is told apart by lightness.

    Examples
    --------
    >>> in_colours({"marker": {"color": [STRESSED, "#9fb8cf"]}}, Brand(accent="#0a5c36"))
    {'marker': {'color': ['#0a5c36', '#9fb8cf']}}
    """
    if brand.accent == DEFAULT_BRAND.accent:
        return figure
    if isinstance(figure, dict):
        return {key: in_colours(value, brand) for key, value in figure.items()}
    if isinstance(figure, list | tuple):
        return [in_colours(value, brand) for value in figure]
    return brand.accent if isinstance(figure, str) and figure.lower() == STRESSED else figure
