"""Fonts of a brand: embedded wherever text is set, ours for what they lack, and one sentence for a file that will not do."""

from __future__ import annotations

import base64
import io
import re
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import EngagementError
from readiness.report import opentype, typefaces
from readiness.report.brand import Brand, Fonts
from readiness.report.brand_file import as_plain, load_brand
from readiness.report.document import Document, make
from readiness.report.html import write_html
from readiness.report.pdf import write_pdf

BRANDS = Path(__file__).resolve().parents[2] / "data" / "examples" / "brands"
TEXT, BOLD = (BRANDS / f"fernhill-{cut}.ttf" for cut in ("text", "bold"))
NAME = "DejaVu Serif Condensed"


@pytest.fixture(scope="module")
def branded(example: Document) -> Document:
    return example.model_copy(update={"brand": load_brand(BRANDS / "fernhill.yaml")})


def patched(font: bytes, table: str, offset: int, value: int) -> bytes:
    """The font with another 16-bit number in one of its tables."""
    at = opentype.tables(font)[table] + offset
    return font[:at] + struct.pack(">H", value) + font[at + 2 :]


def brand_with(folder: Path, lines: str, **files: bytes) -> Path:
    for name, content in files.items():
        (folder / f"{name}.ttf").write_bytes(content)
    file = folder / "brand.yaml"
    file.write_text(f"name: A\nfonts:\n{lines}")
    return file


def test_the_invented_brand_has_fonts_that_travel_in_a_notebook():
    brand = load_brand(BRANDS / "fernhill.yaml")
    assert brand.faces is not None
    assert (brand.faces.text.family, brand.faces.text.weight, brand.faces.bold.weight) == (NAME, 400, 700)
    assert brand.faces.heading == brand.faces.bold
    assert Brand.model_validate(as_plain(brand)) == brand
    assert Brand().faces is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pypdf")
def test_a_pdf_is_set_in_them_and_in_ours_for_letters_that_they_lack(branded: Document):
    pypdf = pytest.importorskip("pypdf")
    mixed = make([{"kind": "heading", "text": "Київ"}, {"kind": "text", "paragraphs": ["Straße"]}], brand=branded.brand)
    for document, more in ((branded, ""), (mixed, "NotoSans")):
        content = write_pdf(document)
        assert write_pdf(document) == content
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        names = {font.get_object()["/BaseFont"].partition("+")[2] for page in pages for font in page["/Resources"].get("/Font", {}).values()}
        assert "DejaVuSerifCondensed-Bold" in names
        assert not any(name.startswith("Lato") for name in names)
        assert any(more in name for name in names)


def test_a_page_opens_offline_in_them_and_its_charts_name_them(branded: Document):
    page = write_html(branded)
    assert "font-src data:" in page
    assert page.count("@font-face") == 6
    assert base64.b64encode(TEXT.read_bytes()).decode() in page
    assert f'font:16px/1.5 "{NAME}",Lato' in page
    assert f'font-family="{NAME}, ' in page
    assert re.search(r'"font":\{[^}]*"family":"DejaVu Serif Condensed, Lato', page)


def test_a_workbook_names_them(branded: Document):
    from xlsxwriter import Workbook

    from readiness.report.xlsx_page import Styles

    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "a", Styles(book, branded.brand).cell("text"))
    with zipfile.ZipFile(made) as archive:
        assert f'<name val="{NAME}"/>' in archive.read("xl/styles.xml").decode()


def test_text_is_measured_in_them_and_each_piece_names_its_face(branded: Document):
    lato = typefaces.width("Wide words", size=10)
    with typefaces.set_in(branded.brand.faces):
        assert typefaces.family() == NAME
        assert typefaces.width("Wide words", size=10) > 1.02 * lato
        assert typefaces.runs("Erdoğan, Київ") == [(NAME, "Erdoğan, "), ("Noto Sans", "Київ")]
        assert typefaces.drawable("Ł\U000e0fff") == "Ł\ufffd"
    assert typefaces.family() == "Lato"
    assert typefaces.width("Wide words", size=10) == lato


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: b"GIF89a", "neither a TTF nor an OTF"),
        (lambda f: b"wOFF" + f[4:], "web fonts"),
        (lambda f: f[:3000], "damaged"),
        (lambda f: f.replace(b"glyf", b"gone", 1), "no table “glyf”"),
        (lambda f: f.replace(b"gasp", b"fvar", 1) if b"gasp" in f[:400] else f.replace(b"GPOS", b"fvar", 1), "variable"),
        (lambda f: patched(f, "OS/2", 8, 2), "licence forbids embedding"),
        (lambda f: patched(f, "OS/2", 8, 0x0100), "a part of its outlines"),
        (lambda f: f.replace("DejaVu".encode("utf-16-be"), "De{}Vu".encode("utf-16-be")), "no plain name"),
        (lambda f: f + bytes(opentype.LARGEST_FONT_BYTES), "at most 2,000,000"),
    ],
)
def test_a_font_that_will_not_do_is_one_sentence(change, said, tmp_path):
    file = brand_with(tmp_path, "  text: text.ttf\n  bold: bold.ttf\n", text=change(TEXT.read_bytes()), bold=BOLD.read_bytes())
    with pytest.raises(EngagementError, match=said) as caught:
        load_brand(file)
    assert "\n" not in str(caught.value)


def test_licences_that_allow_a_reader_to_see_it_will_do():
    for allowed in (0x0000, 0x0004, 0x0008, 0x0006):
        assert opentype.face(patched(TEXT.read_bytes(), "OS/2", 8, allowed)).family == NAME


def test_a_font_without_latin_letters_is_named_by_what_it_lacks():
    text = TEXT.read_bytes()
    latin = struct.pack(">H", 0x7E)
    # The range that holds ASCII is made to end before "w".
    at = text.index(latin, opentype.tables(text)["cmap"])
    with pytest.raises(ValueError, match=r"lacks Latin letters: w x y z \{"):
        opentype.face(text[:at] + struct.pack(">H", 0x76) + text[at + 2 :])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("  text: text.ttf\n", "bold"),
        ("  text: text.ttf\n  bold: text.ttf\n", "is not bold"),
        ("  text: text.ttf\n  bold: lato.ttf\n", "of one family"),
        ("  text: text.ttf\n  bold: bold.ttf\n  hedding: bold.ttf\n", "heading"),
        ("  text: nowhere.ttf\n  bold: bold.ttf\n", "cannot be read"),
        ("  text: ../text.ttf\n  bold: bold.ttf\n", "outside"),
        ("  text: [1]\n  bold: bold.ttf\n", "not the name of a file"),
        ("  - text.ttf\n", "fonts"),
    ],
)
def test_a_brand_file_that_names_fonts_wrongly_is_one_sentence(lines, said, tmp_path):
    file = brand_with(tmp_path, lines, text=TEXT.read_bytes(), bold=BOLD.read_bytes(), lato=typefaces.lato_file(bold=True).read_bytes())
    with pytest.raises(EngagementError, match=said) as caught:
        load_brand(file)
    assert "\n" not in str(caught.value)


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_no_damage_is_anything_but_a_sentence(data: st.DataObject):
    font = bytearray(TEXT.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        font[data.draw(st.one_of(st.integers(0, 700), st.integers(0, len(font) - 1)))] = data.draw(st.integers(0, 255))
    with suppress(ValueError):
        opentype.face(bytes(font[: data.draw(st.integers(0, len(font)))] if data.draw(st.booleans()) else font))


def test_heading_has_a_cut_of_its_own():
    fonts = Fonts(text=TEXT.read_bytes(), bold=BOLD.read_bytes(), heading=typefaces.lato_file(bold=True).read_bytes())
    document = make([{"kind": "heading", "text": "Title"}, {"kind": "text", "paragraphs": ["words"]}], brand=Brand(fonts=fonts))
    content = write_pdf(document)
    assert b"Lato-Bold" in content
    assert "data:font/ttf" in write_html(document)
