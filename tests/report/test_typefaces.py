"""Widths and coverage of the faces are those of the files; what no face draws is seen to be missing."""

from __future__ import annotations

import pytest

from readiness.report import opentype, typefaces


@pytest.mark.parametrize("bold", [False, True])
def test_every_width_is_the_one_that_fonttools_reads(bold):
    ttlib = pytest.importorskip("fontTools.ttLib")
    font = ttlib.TTFont(typefaces.lato_file(bold=bold))
    units = font["head"].unitsPerEm
    for point, glyph in font.getBestCmap().items():
        assert typefaces.width(chr(point), size=units, bold=bold) == pytest.approx(font["hmtx"][glyph][0])


def test_coverage_is_the_one_that_fonttools_reads():
    ttlib = pytest.importorskip("fontTools.ttLib")
    for folder in typefaces.folders():
        for file in sorted(folder.rglob("*.ttf"))[:3]:
            ours = opentype.characters(file.read_bytes())
            assert set(ttlib.TTFont(file).getBestCmap()) == set(ours), file.name


def test_digits_are_equally_wide_so_that_numbers_stand_in_columns():
    assert len({typefaces.width(digit, size=10) for digit in "0123456789"}) == 1
    assert len({typefaces.width(digit, size=10, bold=True) for digit in "0123456789"}) == 1


def test_a_longer_text_is_wider():
    assert typefaces.width("ab", size=10) == pytest.approx(
        typefaces.width("a", size=10) + typefaces.width("b", size=10)
    )


def test_what_no_face_can_draw_is_a_visible_sign():
    assert typefaces.drawable("\U000e1234") == typefaces.MISSING
    assert typefaces.drawable("plain") == "plain"


def test_every_sign_that_counts_as_drawn_is_drawn_by_typst():
    typst = pytest.importorskip("typst")
    signs = "".join(chr(point) for first, last in typefaces._SIGNS for point in range(first, last + 1))
    source = f'#set document(title: "signs")\n#set text(font: {typefaces._SIGNS_FAMILY!r}, fallback: false)\n'
    source = source.replace("'", '"') + f'#text("{signs}")'
    # PDF/UA refuses a character without a glyph.
    assert typst.compile(source.encode(), ignore_system_fonts=True, pdf_standards="ua-1", timestamp=0).startswith(
        b"%PDF"
    )


def test_letters_that_stand_in_for_lato_have_a_face_of_their_own():
    for package, letters in (("fontpkg_noto_sans", "ğşőПЖΩ"), ("justmytype_intl_rtl", "אבגمرحبا")):
        if typefaces._folder(package) is not None:
            assert typefaces.drawable(letters) == letters
