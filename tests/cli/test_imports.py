"""Taking in a client's incidents: the difference first, written only when accepted, and taken back as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import Catalog
from readiness.engagement import open_engagement

pytestmark = pytest.mark.slow  # each runs the command as a process of its own

ROWS = """started,resolved,detected,share of users,cause
2026-01-10 10:00,2026-01-10 11:30,2026-01-10 10:10,100%,deploy
2026-03-02 22:00,2026-03-03 04:00,,50%,=disk full
2026-05-20 09:15,2026-05-20 09:50,,20%,deploy
2026-09-01 12:00,,,,
"""
Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, northlight_text: str) -> Path:
    home = tmp_path / "northlight"
    home.mkdir()
    (home / "engagement.yaml").write_text(northlight_text, "utf-8")
    (tmp_path / "incidents.csv").write_text(ROWS, "utf-8")
    return home


def state(home: Path) -> dict[str, bytes]:
    return {str(f.relative_to(home)): f.read_bytes() for f in sorted(home.rglob("*.*")) if f.is_file() and f.suffix != ".lock"}


def test_the_difference_is_shown_and_nothing_is_written_without_yes(readiness: Run, folder: Path) -> None:
    before = state(folder)
    ran = readiness("import", "incidents", folder, "incidents.csv", "--from", "2025-11-23", "--as-of", "2026-11-23")
    assert ran.status == 0
    assert "Nothing was written" in ran.out
    assert re.search(r"incidents\s+0\s+4", ran.out)
    assert "Expected downtime" in ran.out
    assert state(folder) == before


def test_accepted_incidents_are_in_the_journal_and_taken_back_as_a_whole(readiness: Run, folder: Path, catalog: Catalog) -> None:
    before = open_engagement(folder, catalog).engagement
    ran = readiness("import", "incidents", folder, "incidents.csv", "--from", "2025-11-23", "--as-of", "2026-11-23", "--yes")
    assert ran.status == 0
    group = re.search(r"import-[0-9a-f]{8}", ran.out)
    assert group is not None
    after = open_engagement(folder, catalog).engagement
    assert len(after.history.incidents) == 4
    assert after.history.file == "incidents.csv"
    assert after.history.incidents[1].share_of_users == 0.5
    assert after.answers == before.answers
    again = readiness("import", "incidents", folder, "incidents.csv", "--from", "2025-11-23", "--as-of", "2026-11-23", "--yes")
    assert "Nothing would change" in again.out
    assert readiness("undo", folder, group.group()).status == 0
    assert open_engagement(folder, catalog).engagement == before
    twice = readiness("undo", folder, group.group())
    assert twice.status == 2
    assert "taken back already" in twice.err


def test_what_was_changed_since_is_not_thrown_away(readiness: Run, folder: Path) -> None:
    first = readiness("import", "incidents", folder, "incidents.csv", "--as-of", "2026-11-23", "--yes")
    group = re.search(r"import-[0-9a-f]{8}", first.out)
    assert group is not None
    (folder.parent / "incidents.csv").write_text(ROWS + "2026-10-01 08:00,2026-10-01 09:00,,100%,deploy\n", "utf-8")
    assert readiness("import", "incidents", folder, "incidents.csv", "--as-of", "2026-11-23", "--yes").status == 0
    ran = readiness("undo", folder, group.group())
    assert ran.status == 2
    assert "was changed after" in ran.err


def test_a_single_file_is_read_only_and_says_how_to_make_a_folder(readiness: Run, folder: Path, tmp_path: Path, northlight_text: str) -> None:
    single = tmp_path / "alone.yaml"
    single.write_text(northlight_text, "utf-8")
    ran = readiness("import", "incidents", single, "incidents.csv", "--as-of", "2026-11-23", "--yes")
    assert ran.status == 2
    assert "mkdir" in ran.err
    assert single.read_text("utf-8") == northlight_text
    assert readiness("import", "incidents", single, "incidents.csv", "--as-of", "2026-11-23").status == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "empty"), ("when,what\n1,2\n", "started"), ("started\n\x00\x01\n", "")],
    ids=["an empty file", "no column says when", "rubbish"],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_changes_nothing(readiness: Run, folder: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.csv").write_text(text, "utf-8")
    before = state(folder)
    ran = readiness("import", "incidents", folder, "bad.csv", "--as-of", "2026-11-23")
    assert ran.status in (0, 2)
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert state(folder) == before


def test_an_unknown_import_is_named(readiness: Run, folder: Path) -> None:
    ran = readiness("undo", folder, "import-00000000")
    assert ran.status == 2
    assert "is not a group of changes" in ran.err
