"""Export folds the journal into one file that says the same, comments and order kept; the log says who said what."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from readiness.catalog import load_catalog
from readiness.catalog.read import data_folder
from readiness.engagement import open_engagement
from readiness.engagement.writing import exported, in_short, log_of, write_export
from readiness.errors import EngagementError, StorageError
from readiness.workshop import Room
from readiness.workshop.place import folder_of
from readiness.workshop.room import Wish

CATALOG = load_catalog()


@pytest.fixture(params=sorted(p.stem for p in (data_folder() / "examples").glob("*.yaml")))
def room(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))
    source = data_folder() / "examples" / f"{request.param}.yaml"
    made = Room(folder_of(source, copies=tmp_path / "engagements")[0], catalog=CATALOG, as_of=date(2026, 11, 23))
    made.reckon = lambda: None  # type: ignore[method-assign]
    return made


def test_without_answers_the_export_says_what_the_file_says(room: Room) -> None:
    text = exported(open_engagement(room.folder, CATALOG), CATALOG)
    comments = [line.strip() for line in room.file.read_text("utf-8").splitlines() if line.strip().startswith("#")]
    assert all(comment in text for comment in comments)


def test_the_export_reads_back_as_the_same_client(room: Room, tmp_path: Path) -> None:
    room.answer("on_call", {"answer": "rota", "note": "no: yes, 0123 # not a comment\n- x", "by": "CTO", "rung": "observed"})
    room.answer("runbooks", None)
    room.put([Wish("demand.growth_per_year", 2.5), Wish("team.engineers", 12), Wish("money.customers", None)])
    room.add("parking_lot", {"text": "? x"})
    opened = open_engagement(room.folder, CATALOG)
    out = write_export(opened, CATALOG, tmp_path / "export.yaml")
    assert open_engagement(out, CATALOG).engagement == room.engagement
    text = out.read_text("utf-8")
    assert all(line.strip() in text for line in room.file.read_text("utf-8").splitlines() if line.strip().startswith("#"))


def test_the_clients_own_file_is_not_written_over(room: Room, tmp_path: Path) -> None:
    opened = open_engagement(room.folder, CATALOG)
    with pytest.raises(EngagementError):
        write_export(opened, CATALOG, room.file)
    with pytest.raises(StorageError):
        write_export(opened, CATALOG, tmp_path / "no" / "such" / "x.yaml")


def test_while_people_disagree_nothing_is_exported(room: Room) -> None:
    other = Room(room.folder, catalog=CATALOG, as_of=date(2026, 11, 23), writer_name="Bo")
    other._disk = lambda: other._stamps  # type: ignore[method-assign]
    room.answer("on_call", "rota")
    other.answer("on_call", "goodwill")
    with pytest.raises(EngagementError, match="two values"):
        exported(open_engagement(room.folder, CATALOG), CATALOG)


def test_the_log_tells_each_change(room: Room) -> None:
    room.answer("on_call", {"answer": "rota", "by": "CTO"}, who="CTO")
    lines, findings = log_of(room.folder)
    assert findings == ()
    assert (lines[-1].who, lines[-1].what) == ("CTO", "answers.on_call")
    assert lines[-1].after.startswith("rota")
    assert lines[-1].as_data()["checksum"] == lines[-1].line.checksum


def test_a_single_file_has_no_log() -> None:
    with pytest.raises(EngagementError):
        log_of(data_folder() / "examples" / "northlight.yaml")


@pytest.mark.parametrize(("value", "said"), [(None, ""), ("rota", "rota"), ({"views": [1]}, "views: [1]"), (3, "3"), ([], "0 in a list")])
def test_values_are_told_in_short(value: object, said: str) -> None:
    assert in_short(value) == said
