"""The faces that page and charts are set in: where their files lie, how wide text is, which characters they can draw."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from readiness.errors import ModelError
from readiness.report.opentype import Face, advances, characters

FAMILY = "Lato"
# In order of preference. Lato has no Turkish, Cyrillic or Greek letters, so Noto Sans stands in for single letters.
_PACKAGES = ("font_lato", "fontpkg_noto_sans", "justmytype_intl_rtl", "justmytype_intl_cjk")
_FAMILIES = {
    "font_lato": ("Lato",),
    "fontpkg_noto_sans": ("Noto Sans",),
    "justmytype_intl_rtl": ("Noto Sans Hebrew", "Noto Sans Arabic"),
    "justmytype_intl_cjk": ("Noto Sans SC", "Noto Sans JP", "Noto Sans KR", "Noto Sans TC"),
}
# DejaVu Sans Mono travels inside typst; these blocks of signs are whole in it (a test draws each of them).
_SIGNS_FAMILY = "DejaVu Sans Mono"
_SIGNS = ((0x2190, 0x2213), (0x2241, 0x2269), (0x2500, 0x262F), (0x2713, 0x2718), (0xFFFD, 0xFFFD))
# Marks that draw nothing themselves: joiners, direction marks, variation selectors.
_INVISIBLE = frozenset({0x200B, 0x200C, 0x200D, 0x200E, 0x200F, *range(0xFE00, 0xFE10)})
# PDF/UA forbids it, and inside a text it says nothing.
_BYTE_ORDER = "\ufeff"
MISSING = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Faces:
    """The faces of a brand: its text, upright and bold, and what headings are set in."""

    text: Face
    bold: Face
    heading: Face


_OWN: ContextVar[Faces | None] = ContextVar("faces of the brand", default=None)


@contextmanager
def set_in(own: Faces | None) -> Iterator[None]:
    """While this lasts, text is measured and named in a brand's faces; ours stand in for letters that they lack."""
    before = _OWN.set(own)
    try:
        yield
    finally:
        _OWN.reset(before)


def family() -> str:
    """The family that text is set in: the brand's, or Lato."""
    own = _OWN.get()
    return own.text.family if own else FAMILY


def _folder(package: str) -> Path | None:
    """The folder of an installed package, found without running its code; nothing when it is not installed."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


@lru_cache(maxsize=1)
def folders() -> tuple[Path, ...]:
    """The folders with the font files of this installation, Lato first.

    Returns
    -------
    tuple of Path
        One folder for each font package that is installed.

    Raises
    ------
    ModelError
        When ``font-lato``, which the package depends on, is not there.
    """
    found = tuple(folder for folder in map(_folder, _PACKAGES) if folder is not None)
    if _folder("font_lato") is None:
        raise ModelError("the package font-lato is not installed, so there is no typeface for the report")
    return found


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """Names of the families to set text in, best first, for typst and for SVG alike."""
    names = [name for package in _PACKAGES if _folder(package) for name in _FAMILIES[package]]
    return (*names, _SIGNS_FAMILY)


def lato_file(*, bold: bool = False) -> Path:
    """The file of Lato Regular or Lato Bold."""
    return folders()[0] / "files" / ("Lato-Bold.ttf" if bold else "Lato-Regular.ttf")


@lru_cache(maxsize=16)
def _characters_of(family: str) -> frozenset[int]:
    """What the upright faces of one family can draw; read when it is first asked for."""
    if family == _SIGNS_FAMILY:
        return frozenset(point for first, last in _SIGNS for point in range(first, last + 1))
    if family == FAMILY:
        return frozenset(characters(lato_file().read_bytes()))
    name = family.replace(" ", "")
    files = [file for folder in folders() for file in sorted(folder.rglob("*.ttf")) if "Italic" not in file.name]
    return frozenset(
        point for file in files if file.name.split("[")[0].split("-")[0].removesuffix(".ttf") == name for point in characters(file.read_bytes())
    )


@lru_cache(maxsize=4096)
def _family_of(point: int) -> str | None:
    """The best family of ours that draws a character; nothing when none does."""
    return next((name for name in families() if point in _characters_of(name)), None)


def _covered(point: int) -> bool:
    """Whether any face draws a character; signs are looked up before the great fonts are read."""
    return point in _INVISIBLE or point in _characters_of(_SIGNS_FAMILY) or _family_of(point) is not None


@lru_cache(maxsize=4)
def _first_characters(own: Faces | None) -> frozenset[int]:
    """What the first face itself draws, the brand's or Lato: by far the most frequent question of `runs`."""
    return frozenset(own.text.advances if own else _advances(False, None))


def runs(text: str) -> list[tuple[str, str]]:
    """Drawable text in pieces that one face draws, each with the family's name.

    Parameters
    ----------
    text
        Text in which every character can be drawn.

    Notes
    -----
    A page finds the face letter by letter on its own; a picture (SVG) does so only by luck, and PDF/UA then refuses it.

    Examples
    --------
    >>> runs("Erdo\u011fan")
    [('Lato', 'Erdo'), ('Noto Sans', 'ğ'), ('Lato', 'an')]
    """
    first, named = _first_characters(_OWN.get()), family()
    if all(ord(letter) in first for letter in text):
        return [(named, text)] if text else []
    pieces: list[tuple[str, str]] = []
    for letter in text:
        point = ord(letter)
        of = named if point in first else _family_of(point) or FAMILY
        if pieces and (of == pieces[-1][0] or point in _INVISIBLE):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + letter)
        else:
            pieces.append((of, letter))
    return pieces


def drawable(text: str) -> str:
    """The text with each character that no face can draw replaced by a visible sign.

    Notes
    -----
    PDF/UA forbids a character without a glyph, and a reader must see that something is missing.

    Examples
    --------
    A Turkish name is whole, an unassigned character is seen as missing:

    >>> drawable("Erdo\\u011fan, 5 \\u2265 4")
    'Erdoğan, 5 ≥ 4'
    >>> drawable("a\\U000e0fffb") == "a\\ufffdb"
    True
    """
    first = _first_characters(_OWN.get())
    if all(ord(letter) in first or letter in "\n\t" for letter in text):
        return text
    text = text.replace(_BYTE_ORDER, "")
    return "".join(letter if letter in "\n\t" or ord(letter) in first or _covered(ord(letter)) else MISSING for letter in text)


def width(text: str, *, size: float, bold: bool = False) -> float:
    """Width of one line of text, in the unit of ``size``.

    Parameters
    ----------
    text
        Plain text without line breaks.
    size
        Size of the type; the result has the same unit.
    bold
        Whether it is set in Lato Bold.

    Notes
    -----
    Sum of the advance widths of Lato, without kerning, which makes it at most a little too wide. A letter that Lato
    does not have counts as 0.62 of the size, a Chinese, Japanese or Korean one as the whole size.

    Examples
    --------
    How much room does the label of an axis need?

    >>> round(width("99.95 %", size=10), 1)
    35.1
    """
    known = _advances(bold, _OWN.get())
    return size * sum(known.get(point, 1.0 if point > 0x2E80 else 0.62) for point in map(ord, text))


@lru_cache(maxsize=8)
def _advances(bold: bool, own: Faces | None) -> dict[int, float]:
    """Advance widths by code point, as a share of the type size: of the brand's face, and of Lato for what it lacks."""
    lato = advances(lato_file(bold=bold).read_bytes())
    return lato if own is None else {**lato, **(own.bold if bold else own.text).advances}
