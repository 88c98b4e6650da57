"""The PDF is whole, tagged, the same every time, and says literally what the client wrote."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from readiness.errors import ModelError
from readiness.report import typefaces
from readiness.report.brand import Brand
from readiness.report.document import Document, make
from readiness.report.pdf import _on_a_line, page_content, write_pdf

CASES = Path(__file__).parent.parent / "cases" / "hostile_text.yaml"
HOSTILE = YAML(typ="safe").load(CASES.read_text(encoding="utf-8"))["cases"]
PDFTOTEXT = shutil.which("pdftotext")
needs_pdftotext = pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext (poppler-utils) is not installed")


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF in reading order, as pdftotext extracts it."""
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    done = subprocess.run([str(PDFTOTEXT), "-raw", str(file), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def squeezed(text: str) -> str:
    """Letters without gaps: lines of a page break where the page wants."""
    return re.sub(r"[\s\u200b\u202a-\u202e]+", "", text)


@pytest.fixture(scope="module")
def pdf(example: Document) -> bytes:
    return write_pdf(example)


def test_the_same_document_gives_the_same_bytes(example, pdf):
    assert write_pdf(example) == pdf
    assert write_pdf(make([{"kind": "missing", "text": "a"}])) == write_pdf(make([{"kind": "missing", "text": "a"}]))


def test_it_says_that_it_keeps_the_standard_for_accessible_pdf(pdf):
    pypdf = pytest.importorskip("pypdf")

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en"
    assert reader.metadata.title == "Production readiness of the ordering platform"
    assert reader.metadata.creation_date.date().isoformat() == "2026-11-23"


def alternatives(pdf: bytes) -> list[str]:
    """Alternative texts of the figures in the tree of tags."""
    pypdf = pytest.importorskip("pypdf")

    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            walk(node.get("/K", []))

    walk(pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_every_chart_has_its_alternative_text(pdf, example):
    spoken = alternatives(pdf)
    for exhibit in example.exhibits():
        if exhibit.figure is not None:
            assert exhibit.alt in spoken


def test_chapters_are_bookmarks(pdf):
    pypdf = pytest.importorskip("pypdf")

    outline = pypdf.PdfReader(io.BytesIO(pdf)).outline
    titles = [str(mark.title) for mark in outline if not isinstance(mark, list)]
    assert [re.sub(r"^\d+\s*", "", title) for title in titles] == [
        "Summary",
        "Readiness by dimension",
        "Where the downtime comes from",
        "What each nine costs",
        "What we assumed",
    ]


@needs_pdftotext
def test_all_that_the_blocks_say_is_on_the_pages_in_their_order(pdf, example, tmp_path):
    text = squeezed(text_of(pdf, tmp_path))
    wanted = [
        "Production readiness of the ordering platform",
        "Contents",
        "Not yet",
        "The database runs on one machine and has never been restored",
        "$214,000",
        "Next quarter",
        "Figure 1 Lifecycle, commitments and recovery",
        "Table 1 Seven questions are open",
        "Seven questions about permissioning were not asked",
        "Figure 2 One database causes 61 % of the expected downtime",
        "Start-up credits",
        "All numbers with their sources",
        "Version 0.1.0, see the causes; important and stressed.",
    ]
    start = text.index(squeezed("1 Summary"), text.index(squeezed("Figures")))
    places = [text.index(squeezed(words), start if n > 1 else 0) for n, words in enumerate(wanted)]
    assert places == sorted(places)


@needs_pdftotext
def test_every_page_says_whose_it_is_and_which_of_how_many(pdf, tmp_path):
    pages = text_of(pdf, tmp_path).split("\f")[:-1]
    for number, page in enumerate(pages[1:], start=2):
        assert f"Page {number} of {len(pages)}" in page
        assert "As of 2026-11-23" in page
        assert "Confidential" in page
    assert "Page 1" not in pages[0], "the cover has no running lines"


@needs_pdftotext
def test_the_head_of_a_long_table_is_repeated_on_every_page(pdf, tmp_path):
    pages = [page for page in text_of(pdf, tmp_path).split("\f") if "growth_per_year" in page]
    assert len(pages) >= 3
    for page in pages:
        assert "Assumption" in page
        assert "90 % range" in page


@needs_pdftotext
@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["id"])
def test_hostile_text_comes_out_letter_for_letter(case, tmp_path):
    payload = case["payload"]
    blocks: list[dict[str, Any]] = [
        {"kind": "cover", "title": "t", "client": payload, "as_of": "2026-11-23", "facts": [["fact", payload]]},
        {"kind": "heading", "level": 1, "text": payload},
        {"kind": "text", "paragraphs": [payload]},
        {"kind": "list", "title": payload, "points": [payload]},
        {"kind": "definitions", "terms": [[payload, payload]]},
        {"kind": "missing", "text": payload},
        {
            "kind": "verdict",
            "verdict": "Go",
            "promise": payload,
            "sentence": payload,
            "reasons": [{"text": payload, "tone": "bad"}],
        },
        {"kind": "figures_panel", "figures": [{"label": payload, "value": payload, "range": payload, "note": payload}]},
        {
            "kind": "exhibit",
            "id": "e",
            "title": "title",
            "finding": payload,
            "note": payload,
            "alt": payload,
            "figure": {"data": [{"type": "bar", "x": ["a"], "y": [1], "name": "a"}], "layout": {}},
            "table": {"columns": [{"label": payload}], "rows": [[payload]]},
        },
    ]
    document = make(blocks)
    seen = squeezed(text_of(write_pdf(document), tmp_path))
    wanted = typefaces.drawable(document.blocks[2].paragraphs[0][0].text)
    # In lines that run from right to left pdftotext puts brackets and numbers in the order of the page.
    right_to_left = re.search("[\u0590-\u06ff]", wanted)
    pieces = re.findall(r"[\w%]+", wanted) if right_to_left else [wanted]
    for piece in pieces:
        letters = "".join(sorted(squeezed(piece)))
        if right_to_left and re.search("[\u0600-\u06ff]", piece):
            assert set(letters) <= set(seen)
        else:
            least = 3 if right_to_left else 12
            assert seen.count(squeezed(piece)) >= least, f"{piece!r} is on the page {seen.count(squeezed(piece))} times"


def test_an_introduction_stays_with_the_exhibit_that_it_introduces(example_blocks):
    heading = {"kind": "heading", "level": 1, "text": "h"}
    words = {"kind": "text", "paragraphs": ["A few words."]}
    exhibit = {"kind": "exhibit", "id": "e", "title": "t", "table": {"columns": [{"label": "a"}], "rows": []}}
    sticky = [
        block["sticky"]
        for block in page_content(make([heading, words, exhibit, words, heading, words]), paper="a4")["blocks"]
        if block["kind"] == "text"
    ]
    assert sticky == [True, False, False]


@pytest.mark.parametrize("above", range(30, 46))
def test_a_table_never_begins_with_its_head_and_a_row_at_the_end_of_a_page(above):
    pypdf = pytest.importorskip("pypdf")
    rows = [[f"begins{number}x", str(number)] for number in range(40)]
    table = {"kind": "exhibit", "id": "e", "title": "t", "finding": "f", "table": {"columns": [{"label": "a"}, {"label": "b"}], "rows": rows}}
    document = make([{"kind": "list", "points": [f"line {n}" for n in range(above)], "numbered": False}, table])
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write_pdf(document))).pages]
    first = next(page for page in pages if "begins0x" in page)
    assert "begins2x" in first


def test_client_text_is_never_read_as_markup():
    document = make([{"kind": "text", "paragraphs": ['#panic("x") $x$ @label <l> *a* _b_ `c` \\ ~ // [ ] = h']}])
    assert write_pdf(document).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize(
    "kind",
    ["cover", "verdict", "figures_panel", "exhibit", "text", "list", "definitions", "heading", "missing", "page_break"],
)
def test_every_kind_of_block_is_set_alone(kind, paper, example_blocks):
    document = make([block for block in example_blocks if block["kind"] == kind])
    assert write_pdf(document, paper=paper).startswith(b"%PDF-1.7")


def test_both_papers_have_their_size(example):
    pypdf = pytest.importorskip("pypdf")

    for paper, size in (("a4", (595, 842)), ("us-letter", (612, 792))):
        box = pypdf.PdfReader(io.BytesIO(write_pdf(example, paper=paper))).pages[0].mediabox
        assert (round(box.width), round(box.height)) == size


def test_another_paper_is_refused(example):
    with pytest.raises(ModelError, match="a5"):
        write_pdf(example, paper="a5")  # type: ignore[arg-type]


@needs_pdftotext
def test_text_of_any_length_ends_on_some_page(tmp_path):
    long = "word " * 19_000 + "end"
    table = {"columns": [{"label": "a"}, {"label": "b"}], "rows": [[long, "1"], ["last", "2"]]}
    exhibit = {"kind": "exhibit", "id": "e", "title": "t", "table": table}
    text = text_of(write_pdf(make([{"kind": "text", "paragraphs": [long]}, exhibit])), tmp_path)
    assert squeezed(text).count("wordend") == 2
    assert "last" in text


@needs_pdftotext
def test_a_word_without_a_gap_does_not_leave_the_page(tmp_path):
    word = "sha256:" + "0123456789abcdef" * 16
    write = write_pdf(make([{"kind": "text", "paragraphs": [word]}]))
    (tmp_path / "w.pdf").write_bytes(write)
    done = subprocess.run([str(PDFTOTEXT), "-bbox", str(tmp_path / "w.pdf"), "-"], capture_output=True, check=True)
    rights = [float(found) for found in re.findall(r'<word [^>]*xMax="([\d.]+)"', done.stdout.decode())]
    assert max(rights) < 595.28 - 62 + 1
    assert squeezed(text_of(write, tmp_path)).count(word) == 1


def test_a_brand_is_on_the_page(example_blocks, tmp_path):
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#0a5c36"/></svg>'
    brand = Brand(
        name="Northgate Advisory",
        accent="#0a5c36",
        footer="Northgate: for the addressee only",
        legal_note="No warranty.",
        logo=logo,
    )
    content = page_content(make(example_blocks, brand=brand), paper="a4")
    assert content["brand"]["logo"]["format"] == "svg"
    assert "Northgate: for the addressee only" in content["footer"]
    pdf = write_pdf(make(example_blocks, brand=brand))
    assert b"/Author(Northgate Advisory)" in pdf.replace(b"/Author (", b"/Author(")
    assert "Northgate Advisory" in alternatives(pdf), "the logo is read aloud by the name"


def test_nothing_is_fetched_and_no_font_of_the_system_is_used(pdf):
    pypdf = pytest.importorskip("pypdf")

    names = set()
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    families = {re.sub(r"[-,].*", "", name) for name in names}
    # the letters of Chinese, Japanese and Korean come with the extra [cjk]
    assert families <= {"Lato", "NotoSans", "NotoSansHebrew", "NotoSansArabic", "NotoSansSC", "DejaVuSansMono"}
    assert b"/URI" not in pdf
    assert b"/JavaScript" not in pdf
    assert b"/EmbeddedFile" not in pdf


# Letters of every script that the faces have, signs, and some that no face has.
SCRIPTS = st.text("abž ğşПриЖΩλאבגשلمرحبا中文한🙂✓→≥₪%()-0123456789\u0301\u200d", min_size=1, max_size=24).filter(
    str.strip
)


@settings(max_examples=25, deadline=None)
@given(st.lists(SCRIPTS, min_size=1, max_size=6, unique=True))
def test_names_in_any_script_are_set_on_the_page_and_in_charts(names):
    figure = {"data": [{"type": "bar", "orientation": "h", "y": names, "x": list(range(len(names)))}], "layout": {}}
    exhibit = {"kind": "exhibit", "id": "e", "title": names[0], "alt": names[-1], "figure": figure}
    table = {"columns": [{"label": names[0]}], "rows": [[name] for name in names]}
    blocks = [
        {"kind": "text", "paragraphs": names},
        exhibit,
        {"kind": "exhibit", "id": "t", "title": "t", "table": table},
    ]
    assert write_pdf(make(blocks)).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        ("The highest promise one could sign today is 90 %.", "The highest promise one could sign today is 90 %."),
        ("No single cause dominates: the first three together cause 39 % of the expected downtime of a year, led by edge: Cloudflare, Business.", "No single cause dominates"),
        ("The largest single step is “api: Containers on GKE Autopilot over several zones”, with USD 18,000 a year for 120 h of work.", ""),
        ("Expected downtime goes from 50 h to 35 h a year; the chance to break 99.9 % within a year goes from 99.9 % to 99 %.", "Expected downtime goes from 50 h to 35 h a year"),
    ],
)
def test_the_contents_say_a_finding_on_one_line_and_never_cut_a_name(finding: str, line: str) -> None:
    assert _on_a_line(finding) == line
