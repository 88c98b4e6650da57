"""Papermill without the workbook's command: with the stock kernel and with our engine by name, and the same figures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.report.running import NOTEBOOK, notebook_folder
from readiness.report.soundness import blocks

pytestmark = pytest.mark.slow


@pytest.fixture
def papermill(tmp_path: Path, write_client: Callable[..., Path]) -> Callable[..., subprocess.CompletedProcess[str]]:
    client = write_client(tmp_path, "acme", seed=3)

    def run(name: str, *others: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "ignore", "-m", "papermill", str(notebook_folder() / NOTEBOOK), str(tmp_path / name), "--no-progress-bar",
                   "-p", "engagement", str(client), "-p", "as_of", "2026-11-23", *others]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180, cwd=tmp_path)

    return run


def shown(path: Path) -> list[Any]:
    return list(blocks(json.loads(path.read_text("utf-8"))))


def test_the_stock_kernel_and_our_engine_show_the_same(papermill: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    stock = papermill("stock.ipynb")
    assert stock.returncode == 0, stock.stderr
    ours = papermill("ours.ipynb", "--engine", "readiness")
    assert ours.returncode == 0, ours.stderr
    assert shown(tmp_path / "stock.ipynb")
    assert shown(tmp_path / "ours.ipynb") == shown(tmp_path / "stock.ipynb")


def test_a_misspelt_parameter_is_an_error_in_both(papermill: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    for engine in ((), ("--engine", "readiness")):
        told = papermill("out.ipynb", "-p", "audiense", "board", *engine)
        assert told.returncode != 0
        assert "audience" in told.stderr
