"""Reads font files (OpenType, TTF or OTF): names, widths, characters; and says what a file must be to be embedded."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

LARGEST_FONT_BYTES = 2_000_000
_KINDS = {b"\x00\x01\x00\x00": "ttf", b"true": "ttf", b"OTTO": "otf"}
_NEEDED = ("OS/2", "cmap", "head", "hhea", "hmtx", "maxp", "name")
# A family's name goes into style sheets and workbooks.
_FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
# What a report in a western language cannot do without: ASCII and the letters of Latin-1.
_LATIN = frozenset(range(0x20, 0x7F)) | frozenset(range(0xC0, 0x100)) - {0xD7, 0xF7}
# Encodings of one font; usual are two to five.
_MOST_MAPS = 16
# OS/2 fsType, OpenType 1.9: bit 1 restricted licence, bit 8 no subsetting, bit 9 bitmaps only.
_RESTRICTED, _NO_SUBSET, _BITMAPS = 0x0002, 0x0100, 0x0200


@dataclass(frozen=True)
class Face:
    """One font file, read: its family as programs list it, and the larger one that its cuts of all weights belong to."""

    content: bytes = field(repr=False)
    family: str
    group: str
    weight: int
    kind: str

    @cached_property
    def advances(self) -> dict[int, float]:
        """Advance widths by code point, as a share of the type size."""
        return advances(self.content)


def face(content: bytes) -> Face:
    """A font file that may be embedded into a report.

    Parameters
    ----------
    content
        Bytes of an OpenType file.

    Raises
    ------
    ValueError
        In one sentence: not a font, too large, damaged, variable, of a licence that forbids embedding, or without Latin letters.
    """
    if len(content) > LARGEST_FONT_BYTES:
        raise ValueError(f"the font has {len(content):,} bytes; at most {LARGEST_FONT_BYTES:,} are taken")
    kind = _KINDS.get(content[:4])
    if kind is None:
        raise ValueError("the font is neither a TTF nor an OTF file; collections (TTC) and web fonts (WOFF) are not taken")
    try:
        return _read(content, kind)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, ZeroDivisionError):
        raise ValueError("the font file is damaged") from None


def _read(content: bytes, kind: str) -> Face:
    known = tables(content)
    lacking = [name for name in (*_NEEDED, "glyf" if kind == "ttf" else "CFF ") if name not in known]
    if lacking:
        raise ValueError(f"the font has no table “{lacking[0].strip()}”, so it cannot be set")
    if "fvar" in known:
        raise ValueError("the font is a variable one; export its regular and its bold cut as files of their own")
    weight, _, licence = struct.unpack_from(">HHH", content, known["OS/2"] + 4)
    if licence & _RESTRICTED and not licence & 0x000C:
        raise ValueError("the font's licence forbids embedding (OS/2 fsType 2), so it cannot go into a report")
    if licence & (_NO_SUBSET | _BITMAPS):
        raise ValueError("the font's licence forbids to embed a part of its outlines (OS/2 fsType), which a PDF does")
    drawn = characters(content)
    missing = sorted(_LATIN - drawn.keys())
    if missing:
        raise ValueError(f"the font lacks Latin letters: {' '.join(chr(c) for c in missing[:5])}{' and more' if len(missing) > 5 else ''}")
    family, group = _family(content, known["name"])
    if not _FAMILY.fullmatch(family):
        raise ValueError("the font's family has no plain name of at most 60 letters, digits, spaces, dots and hyphens")
    read = Face(content, family, group, weight, kind)
    if not all(0 <= wide < 10 for wide in read.advances.values()):
        raise ValueError("the font file is damaged")
    return read


def _family(content: bytes, start: int) -> tuple[str, str]:
    """The family (name 1) and the typographic one (name 16, where there is one), as Windows and Unicode platforms have them."""
    _, count, storage = struct.unpack_from(">HHH", content, start)
    found: dict[int, str] = {}
    for at in range(start + 6, start + 6 + 12 * count, 12):
        platform, _, _, name, length, offset = struct.unpack_from(">HHHHHH", content, at)
        if platform in (0, 3) and name in (1, 16):
            where = start + storage + offset
            found.setdefault(name, content[where : where + length].decode("utf-16-be"))
    family = found.get(1, "").strip()
    return family, found.get(16, family).strip()


def advances(font: bytes) -> dict[int, float]:
    """Advance widths by code point, as a share of the type size."""
    known = tables(font)
    units = struct.unpack_from(">H", font, known["head"] + 18)[0]
    metrics = struct.unpack_from(">H", font, known["hhea"] + 34)[0]
    start = known["hmtx"]

    def advance(glyph: int) -> float:
        return float(struct.unpack_from(">H", font, start + 4 * min(glyph, metrics - 1))[0]) / units

    return {point: advance(glyph) for point, glyph in characters(font).items()}


def tables(font: bytes) -> dict[str, int]:
    """Offsets of the tables of an OpenType file by their names."""
    count = struct.unpack_from(">H", font, 4)[0]
    return {
        font[at : at + 4].decode("latin-1"): struct.unpack_from(">I", font, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }


def characters(font: bytes) -> dict[int, int]:
    """Glyph of each code point, from the widest Unicode table (format 4 or 12) of the file's ``cmap``.

    Notes
    -----
    OpenType 1.9, chapter "cmap". Read here because fontTools is 5 MB and 60 ms for these two tables.
    """
    start = tables(font)["cmap"]
    found: dict[int, int] = {}
    for at in range(start + 4, start + 4 + 8 * min(struct.unpack_from(">H", font, start + 2)[0], _MOST_MAPS), 8):
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
    before = -1
    ends = struct.unpack_from(f">{count}H", font, where + 14)
    starts = struct.unpack_from(f">{count}H", font, where + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", font, where + 16 + 4 * count)
    ranges_at = where + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", font, ranges_at)
    for place, (first, last, delta, jump) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        before = _ascending(before, first, last)
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
    before = -1
    for group in range(struct.unpack_from(">I", font, where + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", font, where + 16 + 12 * group)
        before = _ascending(before, first, last)
        yield from ((point, glyph + point - first) for point in range(first, last + 1))


def _ascending(before: int, first: int, last: int) -> int:
    """The end of a range that begins behind the one before it: a file made to be read for ever does not."""
    if not before < first <= last <= 0x10FFFF:
        raise struct.error("ranges overlap")
    return last
