"""nbconvert writes our PDF and our HTML from an executed notebook."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.report.blocks import MIME_TYPE
from readiness.report.exporter import ReadinessHTMLExporter, ReadinessPDFExporter


@pytest.fixture
def executed(example_blocks: list[dict[str, Any]]) -> Any:
    """An executed notebook with the whole report."""
    v4 = pytest.importorskip("nbformat.v4")
    output = v4.new_output(
        "display_data", data={MIME_TYPE: {"version": 1, "blocks": example_blocks}, "text/plain": "report"}
    )
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# The report"), v4.new_code_cell("show(report)", outputs=[output])]
    )


def test_the_pdf_exporter_gives_a_pdf(executed):
    pdf, resources = ReadinessPDFExporter().from_notebook_node(executed, {"metadata": {"name": "9_report"}})
    assert pdf.startswith(b"%PDF-1.7")
    assert resources["output_extension"] == ".pdf"
    assert resources["metadata"]["name"] == "9_report"


def test_the_paper_is_a_setting(executed):
    from traitlets import TraitError

    letter, _ = ReadinessPDFExporter(paper="us-letter").from_notebook_node(executed)
    assert b"612" in letter
    with pytest.raises(TraitError):
        ReadinessPDFExporter(paper="a5")


def test_the_html_exporter_gives_a_page(executed):
    page, resources = ReadinessHTMLExporter().from_notebook_node(executed)
    assert page.startswith("<!doctype html>")
    assert resources["output_extension"] == ".html"
    assert "show(report)" not in page, "code is never shown"


def test_a_notebook_file_is_exported(executed, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    file = tmp_path / "report.ipynb"
    nbformat.write(executed, file)
    pdf, _ = ReadinessPDFExporter().from_filename(str(file))
    assert pdf.startswith(b"%PDF-1.7")


def test_file_extensions_are_those_of_what_comes_out():
    assert (ReadinessPDFExporter().file_extension, ReadinessHTMLExporter().file_extension) == (".pdf", ".html")
    assert (ReadinessPDFExporter.output_mimetype, ReadinessHTMLExporter.output_mimetype) == (
        "application/pdf",
        "text/html",
    )
