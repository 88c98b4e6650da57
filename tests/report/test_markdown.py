"""Prose of a notebook is read as prose: no formula, no picture, no HTML."""

from __future__ import annotations

import pytest

from readiness.report.markdown import blocks_of


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("Budget is $5,000 now and $10,000 with HA", id="dollars are money"),
        pytest.param("<img src=x onerror=alert(1)> and <b>bold</b>", id="tags are letters"),
        pytest.param("![x](http://192.0.2.1/img.png)", id="a picture is its source"),
        pytest.param("<http://192.0.2.1/>", id="an address is text"),
        pytest.param("${7+7} #{7} {{7 * 7}}", id="templates are letters"),
    ],
)
def test_it_stays_the_letters_it_is(source):
    ((paragraph,),) = [block["paragraphs"] for block in blocks_of(source)]
    text = "".join(span["text"] for span in paragraph)
    assert text.replace(" (http://192.0.2.1/img.png)", "(http://192.0.2.1/img.png)").replace("!x(", "![x](") == source


def test_lists_keep_their_order_their_numbers_and_their_inner_points():
    (numbered,) = blocks_of("1. first **one**\n2. second\n   - inner\n\n   more")
    assert numbered["numbered"] is True
    texts = ["".join(span["text"] for span in point) for point in numbered["points"]]
    assert texts == ["first one", "second\n\N{EN DASH} inner\nmore"]


def test_an_address_is_printed_in_full_because_paper_cannot_be_clicked():
    ((paragraph,),) = [block["paragraphs"] for block in blocks_of("See [the paper](https://example.com/a).")]
    assert "".join(span["text"] for span in paragraph) == "See the paper (https://example.com/a)."


def test_a_fence_is_code_with_its_line_breaks():
    ((paragraph,),) = [block["paragraphs"] for block in blocks_of("```\na\n  b\n```")]
    assert paragraph == [{"text": "a\n  b", "code": True}]


@pytest.mark.parametrize("piece", ["[", "[a](", "**a *b ", "> "])
def test_markdown_nested_without_end_keeps_its_letters(piece):
    source = piece * (20_000 // len(piece))
    blocks = blocks_of(source)
    letters = "".join(span["text"] for block in blocks for p in block["paragraphs"] for span in p)
    assert letters.count(piece.strip()[0]) >= 1


def test_more_than_fits_a_report_is_left_for_the_document_to_refuse():
    assert len(blocks_of("a" * 100_001)[0]["paragraphs"][0][0]["text"]) == 100_001
