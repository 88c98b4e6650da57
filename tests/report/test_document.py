"""A notebook becomes one document, and what cannot be a document is refused with its place."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from readiness.errors import ModelError
from readiness.report.blocks import MIME_TYPE, plain
from readiness.report.brand import Brand
from readiness.report.document import from_notebook, make


def handed(*blocks: dict[str, Any], version: int = 1) -> dict[str, Any]:
    """A code cell whose output hands over blocks."""
    data = {MIME_TYPE: {"version": version, "blocks": list(blocks)}, "text/html": "<p>for the screen</p>"}
    return {
        "cell_type": "code",
        "source": "secret = 1",
        "metadata": {},
        "outputs": [{"output_type": "display_data", "data": data, "metadata": {}}],
    }


def prose(source: str, *tags: str) -> dict[str, Any]:
    """A markdown cell."""
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    """A notebook."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


COVER = {"kind": "cover", "title": "Report", "client": "Acme", "as_of": "2026-11-23", "status": "final"}


def test_prose_and_blocks_come_in_the_order_of_the_cells_and_code_never():
    document = from_notebook(
        notebook(
            prose("# The report of the workshop\n\nRun it with papermill."),
            handed(COVER),
            prose("## Summary\n\nAll is **well**, see [the causes](#downtime.causes).\n\n- one\n- two"),
            handed({"kind": "missing", "text": "No bill was given."}),
        )
    )
    assert [block.kind for block in document.blocks] == ["cover", "heading", "text", "list", "missing"]
    assert "secret" not in document.model_dump_json()
    assert document.blocks[1].level == 1, "without the title the chapters are at the top"
    spans = document.blocks[2].paragraphs[0]
    assert [(span.text, span.bold, span.to) for span in spans] == [
        ("All is ", False, None),
        ("well", True, None),
        (", see ", False, None),
        ("the causes", False, "downtime.causes"),
        (".", False, None),
    ]


def test_the_cover_comes_first_wherever_its_cell_stands():
    document = from_notebook(notebook(prose("## Summary"), handed(COVER)))
    assert [block.kind for block in document.blocks] == ["cover", "heading"]
    assert (document.title, document.client, document.status) == ("Report", "Acme", "final")


def test_a_cell_for_the_screen_only_is_left_out():
    document = from_notebook(notebook(prose("Press Shift and Enter.", "screen-only"), prose("Printed.")))
    assert [plain(p) for block in document.blocks for p in block.paragraphs] == ["Printed."]


def test_sources_as_lists_of_lines_are_read():
    document = from_notebook(notebook({"cell_type": "markdown", "source": ["# A\n", "b"], "metadata": {}}))
    assert document.title == "A"


def test_a_title_without_a_cover_stays_a_heading():
    assert [b.kind for b in from_notebook(notebook(prose("# Only text"))).blocks] == ["heading"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-11-23", datetime.date(2026, 11, 23), id="as computers write it"),
        pytest.param("23 November 2026", datetime.date(2026, 11, 23), id="as people write it"),
        pytest.param("this week", None, id="not a day"),
    ],
)
def test_the_day_of_the_report_is_read(day, expected):
    assert make([{**COVER, "as_of": day}]).date == expected


def test_levels_of_headings_never_skip_a_step():
    levels = [1, 3, 3, 2, 3, 1, 2]
    document = make([{"kind": "heading", "level": level, "text": "x"} for level in levels])
    assert [block.level for block in document.blocks] == [1, 2, 3, 2, 3, 1, 2]


def test_figures_and_tables_are_counted_apart(example):
    names = example.numbering()
    assert names["readiness.radar"] == "Figure 1"
    assert names["readiness.table"] == "Table 1"
    assert names["downtime.causes"] == "Figure 2"
    assert names["assumptions"] == "Table 3", "the table under a figure counts too"


TABLE = {"columns": [{"label": "a"}, {"label": "b"}], "rows": [["1", "2"]]}
EXHIBIT = {"kind": "exhibit", "id": "x", "title": "t", "alt": "what it shows"}


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        pytest.param([{"kind": "carousel"}], "carousel", id="unknown kind of block"),
        pytest.param([{"kind": "missing", "text": "a", "colour": "red"}], "Extra inputs", id="unknown key"),
        pytest.param([{"kind": "missing", "text": 5}], "must be text", id="number that was not formatted"),
        pytest.param([{"kind": "missing", "text": "x" * 100_001}], "100,001 characters", id="too long a text"),
        pytest.param([EXHIBIT, EXHIBIT], "same id", id="two exhibits with one id"),
        pytest.param(
            [{**EXHIBIT, "table": {**TABLE, "rows": [["1"]]}}], "1 cells for 2 columns", id="row that is too short"
        ),
        pytest.param(
            [{**EXHIBIT, "table": {**TABLE, "emphasis": [4]}}], "does not exist", id="stress on a row that is not there"
        ),
        pytest.param(
            [{**EXHIBIT, "alt": "", "figure": {"data": []}}], "alternative text", id="chart that cannot be read aloud"
        ),
        pytest.param([{**EXHIBIT, "id": "a b<"}], "id", id="id that is not a word"),
        pytest.param(
            [{"kind": "verdict", "verdict": "Maybe"}], "Go with conditions", id="verdict that is none of the three"
        ),
    ],
)
def test_what_is_not_a_document_is_refused(blocks, sentence):
    with pytest.raises(ModelError, match=sentence):
        make(blocks)


def test_a_cell_that_failed_never_becomes_a_report():
    failed = {
        "cell_type": "code",
        "source": "",
        "metadata": {},
        "outputs": [{"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}],
    }
    with pytest.raises(ModelError, match="cell 1: the cell failed with ValueError"):
        from_notebook(notebook(prose("a"), failed))


@pytest.mark.parametrize("payload", [{"version": 2, "blocks": []}, {"version": 1, "blocks": {}}, "blocks"])
def test_blocks_in_another_form_are_refused(payload):
    cell = handed()
    cell["outputs"][0]["data"][MIME_TYPE] = payload
    with pytest.raises(ModelError, match="cell 0"):
        from_notebook(notebook(cell))


def test_harmful_signs_are_seen_as_missing():
    document = make([{"kind": "missing", "text": "a\x00b\u202ec\ud800d\r\ne"}])
    assert document.blocks[0].text == "a\ufffdb\ufffdc\ufffdd\ne"


def test_a_brand_given_by_hand_goes_before_that_of_the_cover():
    own = Brand(name="Ours")
    blocks = [{**COVER, "brand": {"name": "Theirs"}}]
    assert make(blocks).brand.name == "Theirs"
    assert make(blocks, brand=own).brand.name == "Ours"
