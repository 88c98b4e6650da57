"""Other banks, bills and our own lens, from the command line: shown first, accepted with --yes, taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import Catalog
from readiness.engagement import open_engagement

pytestmark = pytest.mark.slow  # each runs the command as a process of its own

Run = Callable[..., Any]
BILL = "component,category,provider,managed(yes/no),monthly_cost,currency,month,note\nAmazon Elastic Compute Cloud,Compute,AWS,no,900,USD,2026-10,\nA mystery,Other,X,yes,20,USD,2026-10,\n"


@pytest.fixture
def folder(tmp_path: Path, northlight_text: str) -> Path:
    home = tmp_path / "northlight"
    home.mkdir()
    (home / "engagement.yaml").write_text(northlight_text, "utf-8")
    (tmp_path / "bill.csv").write_text(BILL, "utf-8")
    return home


def test_a_bill_is_shown_accepted_and_taken_back(readiness: Run, folder: Path, catalog: Catalog) -> None:
    before = open_engagement(folder, catalog).engagement
    shown = readiness("import", "bill", folder, "bill.csv", "--as-of", "2026-11-23")
    assert shown.status == 0
    assert "Nothing was written" in shown.out
    assert "A mystery" in shown.out
    assert open_engagement(folder, catalog).engagement == before
    accepted = readiness("import", "bill", folder, "bill.csv", "--as-of", "2026-11-23", "--yes")
    group = re.search(r"import-[0-9a-f]{8}", accepted.out)
    assert group is not None
    assert sum(x.cost_per_month for x in open_engagement(folder, catalog).engagement.bill.lines) == pytest.approx(920)
    assert readiness("undo", folder, group.group()).status == 0
    assert open_engagement(folder, catalog).engagement == before
    assert readiness("undo", folder, group.group()).status == 2


def test_our_lens_goes_out_and_its_answers_come_in_as_claimed(readiness: Run, folder: Path, tmp_path: Path, catalog: Catalog) -> None:
    assert readiness("export", "--lens", "--out", "lens.json").status == 0
    (tmp_path / "answers.json").write_text(json.dumps({"scalability": {"load_test": ["once"]}, "deployment": {"schema_changes": ["scripted"]}}), "utf-8")
    ran = readiness("bank", "lens.json", "--answers", "answers.json", "--into", folder, "--yes")
    assert ran.status == 0
    after = open_engagement(folder, catalog).engagement
    assert (after.answers["schema_changes"].answer, after.answers["schema_changes"].rung) == ("scripted", "claimed")
    assert after.answers["load_test"].answer == "never"
    assert "answered already" in ran.out


@pytest.mark.parametrize("text", ["", "[", "not json", '{"pillars": 3}'])
def test_a_bank_that_cannot_be_read_is_one_sentence(readiness: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bank.json").write_text(text, "utf-8")
    ran = readiness("bank", "bank.json")
    assert ran.status == 2
    assert "Traceback" not in ran.err
    assert len(ran.err.strip().splitlines()) == 1
