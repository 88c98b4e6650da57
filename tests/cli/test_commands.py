"""The commands as they are used: what they print, for people and for machines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from readiness.catalog import Catalog

pytestmark = pytest.mark.slow  # each runs the command as a process of its own

NORTHLIGHT = Path(__file__).resolve().parents[2] / "data" / "examples" / "northlight.yaml"
Readiness = Callable[..., "object"]
DAY = ("--as-of", "2026-11-23")


def test_assess_fits_one_screen_and_leads_with_the_verdict(readiness: Readiness) -> None:
    ran = readiness("assess", NORTHLIGHT, *DAY)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Northlight Analytics, as of 2026-11-23: Not yet"
    assert len(lines) <= 30
    assert "bad_minutes_per_year" in ran.out


def test_machines_get_the_same_numbers_every_time(readiness: Readiness) -> None:
    first, second = (readiness("assess", NORTHLIGHT, *DAY, "--json") for _ in range(2))
    assert first == second
    found = json.loads(first.out)
    assert found["client"] == "northlight"
    assert found["verdict"] in ("Go", "Go with conditions", "Not yet")
    band = found["figures"]["loss_per_year"]
    assert band["low"] < band["mean"] < band["high"]


@pytest.mark.parametrize("number", ["engage_minutes", "loss_per_year", "orders_db.recovery_minutes", "breach_chance_per_year", "toil"])
def test_why_tells_what_a_number_is_made_of(number: str, readiness: Readiness) -> None:
    ran = readiness("why", NORTHLIGHT, number, *DAY)
    assert ran.status == 0
    assert ran.out.startswith(f"{number}: ")
    told = json.loads(readiness("why", NORTHLIGHT, number, *DAY, "--json").out)
    assert told["trail"] or told["parts"]
    assert all(step["source"] and step["evidence"] for step in told["trail"])


def test_an_answer_stands_in_the_trail_of_the_number_it_moves(readiness: Readiness, catalog: Catalog) -> None:
    ran = readiness("why", NORTHLIGHT, "engage_minutes", *DAY)
    assert f"{catalog.practices['on_call'].title}: " in ran.out
    assert "starts at" in ran.out


def test_new_then_check_then_assess(readiness: Readiness, tmp_path: Path) -> None:
    made = readiness("new", "acme-shop", "--from", "eks_rds")
    assert made.status == 0
    [folder] = tmp_path.glob("acme-shop-*")
    assert readiness("check", folder).status == 0
    assert readiness("assess", folder, *DAY).out.startswith("Acme Shop, as of 2026-11-23: ")


def test_the_archetypes_are_listed(readiness: Readiness) -> None:
    ran = readiness("new", "list", "--list")
    assert ran.status == 0
    assert "eks_rds" in ran.out


def test_the_doctor_finds_what_the_workbook_needs(readiness: Readiness) -> None:
    ran = readiness("doctor")
    assert ran.status == 0
    assert "good" in ran.out


@pytest.mark.parametrize("command", [(), ("check",), ("new",), ("assess",), ("why",), ("doctor",), ("report",)], ids=lambda c: " ".join(c) or "all")
def test_help_says_what_and_shows_an_example(command: tuple[str, ...], readiness: Readiness) -> None:
    ran = readiness(*command, "--help")
    assert ran.status == 0
    assert "Usage" in ran.out
    if command and command != ("doctor",):
        assert "Example" in ran.out


def test_the_module_runs_as_the_command_does() -> None:
    ran = subprocess.run([sys.executable, "-m", "readiness", "assess", str(NORTHLIGHT), *DAY], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("Northlight Analytics")


def test_a_reader_who_stops_reading_is_no_mistake() -> None:
    piped = f'"{sys.executable}" -m readiness assess "{NORTHLIGHT}" --json | head -1'
    ran = subprocess.run(["bash", "-o", "pipefail", "-c", piped], capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stderr
    assert ran.stdout == "{\n"


@pytest.mark.slow
def test_check_prints_one_screen_about_the_data(readiness: Readiness) -> None:
    ran = readiness("check", *DAY)
    assert ran.status == 0, ran.err
    assert "The data is good." in ran.out
    assert len(ran.out.splitlines()) <= 45


def test_a_report_says_where_its_files_lie(tmp_path: Path) -> None:
    """In a process of its own: running a notebook takes over `__main__`."""
    command = [sys.executable, "-m", "readiness", "report", str(NORTHLIGHT), "--out", "out", *DAY]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ran.stdout.startswith("Verdict")
    written = [line.removeprefix("Written: ") for line in ran.stdout.splitlines() if line.startswith("Written: ")]
    assert {"out/report.html", "out/report.pdf"} <= set(written)
    assert all(p.name.startswith("report.") for p in (tmp_path / "out").iterdir())
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_report_that_fails_half_way_takes_the_older_one_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readiness: Readiness) -> None:
    from readiness.errors import StorageError
    from readiness.report import pdf

    def broken(*given: object, **named: object) -> bytes:
        raise StorageError("the disk is full")

    monkeypatch.setattr(pdf, "write_pdf", broken)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.pdf").write_text("an older report")
    (tmp_path / "out" / "minutes.txt").write_text("not ours")
    ran = readiness("report", NORTHLIGHT, "--out", "out", *DAY)
    assert ran.status == 2
    assert "the disk is full" in ran.err
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["minutes.txt"]
