"""A hostile client's report, format by format: every text is there letter for letter, and none of it is anything but text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser

import openpyxl
import pytest

from readiness.report.make import render_report
from tests.report.hostile_client import PAYLOADS, shown, write_hostile_client

pytestmark = pytest.mark.slow
ALL = [p for p in PAYLOADS if shown(p)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    client = write_hostile_client(tmp_path_factory.mktemp("hostile"))
    return render_report(client, formats=("pdf", "html", "xlsx", "md"), as_of=date(2026, 11, 23)).contents


class Words(HTMLParser):
    """The text of a page and the tags around it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def test_html_holds_every_text_and_no_tag_of_theirs(files):
    page = Words(files["report.html"].decode())
    text = re.sub(r"\s", "", "".join(page.words))
    assert [p for p in ALL if shown(p) not in text] == []
    assert page.tags & {"object", "embed", "iframe", "img", "link", "details", "form", "base"} == set()
    assert page.handlers == []


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_pdf_holds_every_text_and_does_nothing(files, tmp_path):
    import pypdf

    file = tmp_path / "report.pdf"
    file.write_bytes(files["report.pdf"])
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout.decode()
    squeezed = re.sub(r"[\s\u200b\u202a-\u202e]+", "", text)
    # Emoji and letters of scripts without an installed face come out as a visible sign, right-to-left text in its own order.
    plain = [p for p in ALL if shown(p).isascii()]
    assert len(plain) > 20
    assert [p for p in plain if shown(p) not in squeezed] == []
    kinds = {str(note.get_object().get("/A", {}).get("/S")) for page in pypdf.PdfReader(io.BytesIO(files["report.pdf"])).pages for note in page.get("/Annots", ())}
    assert kinds <= {"/GoTo", "None"}, "links lead inside the report only"
    for name in (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/URI"):
        assert name not in files["report.pdf"]


def test_xlsx_holds_no_formula_of_theirs_and_no_link(files):
    with zipfile.ZipFile(io.BytesIO(files["report.xlsx"])) as archive:
        assert [n for n in archive.namelist() if "external" in n.lower()] == []
        assert not any(b"hyperlink" in archive.read(n) for n in archive.namelist())
    book = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not re.search(r"HYPERLINK|DDE|WEBSERVICE|canary", str(cell.value), re.IGNORECASE)
    texts = "".join("".join(str(cell.value).split()) for row in book["Summary"].iter_rows() for cell in row if cell.data_type == "s")
    assert shown(ALL[0]) in texts or any(shown(p) in texts for p in ALL)


def test_markdown_holds_no_tag_and_no_link(files):
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(files["report.md"].decode())
    kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence"}
