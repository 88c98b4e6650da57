"""ask, plan, milestone and compare as a person calls them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # each runs the command as a process of its own

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"
QUILLFIELD = EXAMPLES / "quillfield.yaml"
DAY = ("--as-of", "2026-11-23")
Readiness = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A client's folder."""
    client = tmp_path / "quillfield-1"
    client.mkdir()
    shutil.copy(QUILLFIELD, client / "engagement.yaml")
    (client / "journal").mkdir()
    return client


def test_ask_holds_the_minutes(readiness: Readiness) -> None:
    ran = readiness("ask", QUILLFIELD, "--minutes", 15, "--json", *DAY)
    found = json.loads(ran.out)
    assert ran.status == 0
    assert len(found["questions"]) == 5
    assert found["open"] > 5
    told = readiness("ask", QUILLFIELD, "--minutes", 15, *DAY)
    assert "5 of " in told.out
    assert "in 15 minutes" in told.out


def test_plan_on_screen_as_json_and_as_csv(readiness: Readiness, tmp_path: Path) -> None:
    ran = readiness("plan", QUILLFIELD, "--csv", tmp_path / "plan.csv", *DAY)
    assert ran.status == 0
    assert "Expected downtime goes from" in ran.out
    rows = list(csv.DictReader((tmp_path / "plan.csv").read_text("utf-8").splitlines()))
    made = json.loads(readiness("plan", QUILLFIELD, "--json", *DAY).out)
    assert [r["Title"] for r in rows] == [s["Title"] for s in made["steps"]]
    assert made["left_out"]


def test_an_unknown_aim_is_refused_with_a_guess(readiness: Readiness) -> None:
    ran = readiness("plan", QUILLFIELD, "--aim", "promis", *DAY)
    assert ran.status == 2
    assert 'did you mean "promise"' in ran.err


def test_a_plan_that_cannot_be_written_is_said(readiness: Readiness, tmp_path: Path) -> None:
    ran = readiness("plan", QUILLFIELD, "--csv", tmp_path / "gone" / "plan.csv", *DAY)
    assert ran.status == 2
    assert "could not be written" in ran.err


def test_a_milestone_stands_in_the_clients_folder_and_compares_with_now(readiness: Readiness, folder: Path) -> None:
    assert readiness("milestone", folder, "before-launch", *DAY).status == 0
    file = folder / "milestones" / "before-launch.json"
    assert file.exists()
    again = readiness("milestone", folder, "before-launch", *DAY)
    assert again.status == 2
    assert "already" in again.err
    text = (folder / "engagement.yaml").read_text("utf-8")
    (folder / "engagement.yaml").write_text(text.replace("load_test: never", "load_test: measured"), "utf-8")
    found = json.loads(readiness("compare", file, folder, "--json", *DAY).out)
    assert [x["practice"] for x in found["answers"]] == ["load_test"]
    assert found["headline"]["loss_per_year"]["by"]["client"] < 0
    assert "by the client" in readiness("compare", file, folder, *DAY).out


def test_a_single_file_needs_a_place_for_its_milestone(readiness: Readiness, tmp_path: Path) -> None:
    ran = readiness("milestone", QUILLFIELD, "start", *DAY)
    assert ran.status == 2
    assert "--out" in ran.err
    assert readiness("milestone", QUILLFIELD, "start", "--out", tmp_path / "kept", *DAY).status == 0


def test_what_is_no_milestone_is_one_sentence(readiness: Readiness, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("{}", "utf-8")
    ran = readiness("compare", file, QUILLFIELD, *DAY)
    assert ran.status == 2
    assert "not a milestone" in ran.err
    assert "Traceback" not in ran.err
