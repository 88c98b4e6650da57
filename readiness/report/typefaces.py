"""The faces that page and charts are set in: where their files lie, how wide text is, which characters they can draw."""

from __future__ import annotations

import importlib.util
import struct
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from readiness.errors import ModelError

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


@lru_cache(maxsize=1)
def _coverage() -> tuple[tuple[str, frozenset[int]], ...]:
    """What the upright faces can draw, family by family, best first."""
    files = [file for folder in folders() for file in sorted(folder.rglob("*.ttf")) if "Italic" not in file.name]
    found = []
    for family in families():
        if family == _SIGNS_FAMILY:
            points = frozenset(point for first, last in _SIGNS for point in range(first, last + 1))
        elif family == FAMILY:
            points = frozenset(_characters(lato_file().read_bytes()))
        else:
            name = family.replace(" ", "")
            points = frozenset(
                point
                for file in files
                if file.name.split("[")[0].split("-")[0].removesuffix(".ttf") == name
                for point in _characters(file.read_bytes())
            )
        found.append((family, points))
    return tuple(found)


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """All code points that at least one face can draw."""
    return frozenset(_INVISIBLE).union(*(points for _, points in _coverage()))


@lru_cache(maxsize=1)
def _lato_characters() -> frozenset[int]:
    """What Lato itself draws: the first and by far the most frequent question of `drawable`."""
    return frozenset(_advances(False))


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
    lato = _lato_characters()
    if all(ord(letter) in lato for letter in text):
        return [(FAMILY, text)] if text else []
    pieces: list[tuple[str, str]] = []
    for letter in text:
        point = ord(letter)
        family = next((name for name, points in _coverage() if point in points), FAMILY)
        if pieces and (family == pieces[-1][0] or point in _INVISIBLE):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + letter)
        else:
            pieces.append((family, letter))
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
    lato = _lato_characters()
    if all(ord(letter) in lato or letter in "\n\t" for letter in text):
        return text
    covered = _covered()
    text = text.replace(_BYTE_ORDER, "")
    return "".join(letter if letter in "\n\t" or ord(letter) in covered else MISSING for letter in text)


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
    advances = _advances(bold)
    return size * sum(advances.get(point, 1.0 if point > 0x2E80 else 0.62) for point in map(ord, text))


@lru_cache(maxsize=2)
def _advances(bold: bool) -> dict[int, float]:
    """Advance widths of Lato by code point, as a share of the type size."""
    font = lato_file(bold=bold).read_bytes()
    tables = _tables(font)
    units = struct.unpack_from(">H", font, tables["head"] + 18)[0]
    metrics = struct.unpack_from(">H", font, tables["hhea"] + 34)[0]
    start = tables["hmtx"]

    def advance(glyph: int) -> float:
        return float(struct.unpack_from(">H", font, start + 4 * min(glyph, metrics - 1))[0]) / units

    return {point: advance(glyph) for point, glyph in _characters(font).items()}


def _tables(font: bytes) -> dict[str, int]:
    """Offsets of the tables of a TrueType file by their names."""
    count = struct.unpack_from(">H", font, 4)[0]
    return {
        font[at : at + 4].decode("latin-1"): struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }


def _characters(font: bytes) -> dict[int, int]:
    """Glyph of each code point, from the widest Unicode table (format 4 or 12) of the file's ``cmap``.

    Notes
    -----
    OpenType 1.9, chapter "cmap". Read here because fontTools is 5 MB and 60 ms for these two tables.
    """
    start = _tables(font)["cmap"]
    found: dict[int, int] = {}
    for at in range(start + 4, start + 4 + 8 * struct.unpack_from(">H", font, start + 2)[0], 8):
        platform, _, offset = struct.unpack_from(">HHI", font, at)
        if platform not in (0, 3):
            continue
        where = start + offset
        layout = struct.unpack_from(">H", font, where)[0]
        if layout == 4:
            found.update(_segments(font, where))
        elif layout == 12:
            found.update(_groups(font, where))
    return found


def _segments(font: bytes, where: int) -> Iterator[tuple[int, int]]:
    """Code points and glyphs of a ``cmap`` of format 4."""
    count = struct.unpack_from(">H", font, where + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, where + 14)
    starts = struct.unpack_from(f">{count}H", font, where + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, where + 16 + 4 * count)
    ranges_at = where + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", font, ranges_at)
    for place, (first, last, delta, jump) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if jump:
                glyph = struct.unpack_from(">H", font, ranges_at + 2 * place + jump + 2 * (point - first))[0]
            if jump and not glyph:
                continue
            glyph = (glyph + delta) & 0xFFFF
            if glyph:
                yield point, glyph


def _groups(font: bytes, where: int) -> Iterator[tuple[int, int]]:
    """Code points and glyphs of a ``cmap`` of format 12."""
    for group in range(struct.unpack_from(">I", font, where + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", font, where + 16 + 12 * group)
        yield from ((point, glyph + point - first) for point in range(first, last + 1))
