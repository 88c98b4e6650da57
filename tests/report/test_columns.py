"""Columns of a table fill the page, numbers are never wrapped, and every column can be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.report.blocks import Table
from readiness.report.columns import column_widths
from readiness.report.typefaces import width

ROOM = 471.0


def table(columns: list[tuple[str, str]], rows: list[list[str]], widths: list[float | None] | None = None) -> Table:
    """A table."""
    wishes = widths or [None] * len(columns)
    return Table(
        columns=[
            {"label": label, "align": align, "width": wish}
            for (label, align), wish in zip(columns, wishes, strict=True)
        ],
        rows=rows,
    )


def test_numbers_get_what_they_need_and_words_share_the_rest():
    found = column_widths(
        table(
            [("Cause", "left"), ("Hours a year", "right")], [["A cause with a long name " * 9, "1,234.5 to 6,789.0"]]
        ),
        ROOM,
        size=8.7,
    )
    assert sum(found) == pytest.approx(ROOM, abs=0.01)
    assert found[1] >= width("1,234.5 to 6,789.0", size=8.7, bold=True)
    assert found[0] > 3 * found[1]


def test_a_small_table_is_as_wide_as_text():
    assert sum(column_widths(table([("a", "left"), ("b", "right")], [["x", "1"]]), ROOM, size=8.7)) == pytest.approx(
        0.84 * ROOM, abs=0.01
    )


def test_widths_that_the_author_wishes_are_shares():
    found = column_widths(table([("a", "left"), ("b", "left")], [["x", "y"]], [1.0, 3.0]), ROOM, size=8.7)
    assert found == pytest.approx([ROOM / 4, ROOM * 3 / 4], abs=0.01)


def test_numbers_keep_what_they_need_beside_widths_that_are_wished():
    made = table(
        [("a", "left"), ("90 % range", "right"), ("b", "left")], [["x", "0.54 to 6.6 a year", "y"]], [3.0, None, 1.0]
    )
    found = column_widths(made, ROOM, size=8.7)
    assert found[1] >= width("0.54 to 6.6 a year", size=8.7, bold=True)
    assert found[0] == pytest.approx(3 * found[2], abs=0.01)
    assert sum(found) == pytest.approx(ROOM, abs=0.01)


def test_many_columns_of_numbers_shrink_together():
    found = column_widths(table([(f"column {n}", "right") for n in range(20)], [["1,000,000"] * 20]), ROOM, size=7.8)
    assert sum(found) == pytest.approx(ROOM, abs=0.01)
    assert max(found) - min(found) < 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["left", "right"]), min_size=1, max_size=8),
    st.lists(st.text("ab 1,", max_size=60), min_size=8, max_size=8),
)
def test_any_table_fits_the_page_and_no_column_vanishes(aligns, cells):
    made = table([("label", align) for align in aligns], [cells[: len(aligns)]])
    found = column_widths(made, ROOM, size=8.7)
    assert sum(found) <= ROOM + 0.01
    assert min(found) >= 5


def test_a_wish_never_makes_a_column_narrower_than_its_longest_word() -> None:
    row = ["Containers in two zones", "7.1\N{NO-BREAK SPACE}h", "\N{MINUS SIGN}USD\N{NO-BREAK SPACE}10,000"]
    widths = column_widths(table([("Way", "left"), ("Hours", "right"), ("Loss a year", "right")], [row], [6.0, 0.3, 0.3]), ROOM, size=7.8)
    assert sum(widths) == pytest.approx(ROOM, abs=0.01)
    assert all(wide >= width(cell, size=7.8, bold=True) + 12.0 for cell, wide in zip(row[1:], widths[1:], strict=True))
