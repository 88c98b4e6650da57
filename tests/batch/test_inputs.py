"""What a report depends on is in its key, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.batch.inputs import input_files, inputs_digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "clients" / "acme"
    (home / "journal").mkdir(parents=True)
    (home / "reports").mkdir()
    (home / "engagement.yaml").write_text('version: 1\nbank: ../bank\nhistory: {file: "evidence/incidents.csv"}\nbrand: nowhere.yaml\n')
    (home / "journal" / "ann.jsonl").write_text("{}\n")
    (home / "evidence").mkdir()
    (home / "evidence" / "incidents.csv").write_text("started\n")
    (tmp_path / "clients" / "bank" / "practices").mkdir(parents=True)
    (tmp_path / "clients" / "bank" / "practices" / "own.yaml").write_text("id: own\n")
    return home


def test_everything_that_is_read_is_an_input(folder: Path) -> None:
    assert [name for name, _ in input_files(folder)] == [
        "../bank/practices/own.yaml", "engagement.yaml", "evidence/incidents.csv", "journal/ann.jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda home: (home / "engagement.yaml").write_text("version: 1\n"), id="the engagement"),
        pytest.param(lambda home: (home / "journal" / "ann.jsonl").write_text("{}\n{}\n"), id="a line of the journal"),
        pytest.param(lambda home: (home / "journal" / "bob.jsonl").write_text("{}\n"), id="a second writer"),
        pytest.param(lambda home: (home.parent / "bank" / "practices" / "own.yaml").write_text("id: other\n"), id="the bank it names"),
        pytest.param(lambda home: (home / "evidence" / "incidents.csv").unlink(), id="a list that is gone"),
    ],
)
def test_a_change_of_an_input_changes_the_digest(folder: Path, change: Callable[[Path], object]) -> None:
    before = inputs_digest(folder)
    change(folder)
    assert inputs_digest(folder) != before


def test_a_report_in_the_client_s_folder_is_no_input(folder: Path) -> None:
    before = inputs_digest(folder)
    (folder / "reports" / "report.pdf").write_bytes(b"%PDF")
    assert inputs_digest(folder) == before


def test_the_place_on_the_disk_is_no_input(folder: Path, tmp_path: Path) -> None:
    before = inputs_digest(folder)
    (tmp_path / "clients").rename(tmp_path / "moved")
    assert inputs_digest(tmp_path / "moved" / "acme") == before


def test_a_client_that_names_a_whole_disk_is_not_searched_for_ever(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text("bank: /\n")
    assert len(input_files(tmp_path / "acme.yaml")) <= 10_001


def test_a_client_that_does_not_exist_has_a_digest_too(tmp_path: Path) -> None:
    assert len(inputs_digest(tmp_path / "gone.yaml")) == 64
