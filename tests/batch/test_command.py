"""The command: what it says, and the exit status by which a script knows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def readiness(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "readiness", "batch", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "COLUMNS": "120"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("nowhere", "--out", "OUT"), "does not exist", id="no such folder"),
        pytest.param(("CLIENTS", "--out", "OUT", "--formats", "pdff"), 'did you mean "pdf"', id="no such format"),
        pytest.param(("CLIENTS", "--out", "OUT", "--as-of", "yesterday"), "not a date", id="no such day"),
        pytest.param(("CLIENTS", "--out", "OUT", "--resume", "--only-failed"), "cannot go together", id="two wishes that exclude each other"),
        pytest.param(("CLIENTS", "--out", "OUT", "--timeout", "0"), "needs some time", id="no time at all"),
        pytest.param(("CLIENTS",), "--out", id="no folder for the reports"),
    ],
)
def test_wrong_input_is_status_2_and_one_sentence(arguments: tuple[str, ...], said: str, tmp_path: Path, write_client: Callable[..., Path]) -> None:
    write_client(tmp_path / "clients", "acme")
    places = {"CLIENTS": str(tmp_path / "clients"), "OUT": str(tmp_path / "out")}
    told = readiness(*(places.get(a, a) for a in arguments))
    assert told.returncode == 2
    assert said in " ".join(told.stderr.replace("│", " ").split())
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "out").exists()


def test_a_batch_says_what_became_of_it(tmp_path: Path, write_client: Callable[..., Path], short: Path) -> None:
    write_client(tmp_path / "clients", "acme")
    (tmp_path / "clients" / "broken.yaml").write_text("client: {id: [}\n")
    (tmp_path / "out" / "gone").mkdir(parents=True)
    (tmp_path / "out" / "gone" / "record.json").write_text("{}")
    told = readiness(tmp_path / "clients", "--out", tmp_path / "out", "--formats", "ipynb", "--notebook", short, "--as-of", "2026-11-23")
    assert told.returncode == 1, told.stderr
    assert "Not of this batch, and left as they were: gone." in told.stdout
    assert "1 of 2 clients done, 1 failed (1 bad input)" in told.stdout
    assert "broken: bad input: broken.yaml: line 1" in told.stderr
    assert sorted(p.name for p in (tmp_path / "out").glob("summary.*")) == ["summary.csv", "summary.html", "summary.json"]
    again = readiness(tmp_path / "clients", "--out", tmp_path / "out", "--formats", "ipynb", "--notebook", short, "--as-of", "2026-11-23",
                      "--only-failed", "--json")  # fmt: skip
    assert json.loads(again.stdout)["totals"]["clients"] == 2
    assert again.returncode == 1
