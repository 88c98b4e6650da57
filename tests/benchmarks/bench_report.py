"""Speed of the report: all formats from a cold start, and each format once the notebook has run."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness.report.document import from_notebook
from readiness.report.formats import RENDERERS
from readiness.report.make import render_report
from readiness.report.manifest import manifest_of

CLIENT = Path(__file__).resolve().parents[2] / "data" / "examples" / "northlight.yaml"
ALL = ("pdf", "html", "xlsx", "json", "md", "csv")


@pytest.fixture(scope="module")
def executed() -> dict[str, Any]:
    """The executed notebook, as every renderer is given it."""
    return json.loads(render_report(CLIENT, formats=("ipynb",), as_of=date(2026, 11, 23)).contents["report.ipynb"])


def test_all_formats_from_a_cold_start(benchmark: Any, tmp_path: Path) -> None:
    """A new process to finished files; the goal is 6 seconds on two idle cores."""

    def run() -> None:
        command = [sys.executable, "-m", "readiness", "report", str(CLIENT), "--out", str(tmp_path), "--as-of", "2026-11-23", "--formats", ",".join(ALL)]
        subprocess.run(command, check=True, capture_output=True)

    benchmark.pedantic(run, rounds=2, iterations=1)
    benchmark.extra_info["goal_seconds"] = 6


def test_run_of_the_notebook_once_warm(benchmark: Any) -> None:
    """Assessment, all chapters and the Markdown; what is left of a report when rendering costs nothing."""
    benchmark.pedantic(lambda: render_report(CLIENT, formats=("md",), as_of=date(2026, 11, 23)), rounds=2, iterations=1, warmup_rounds=1)


@pytest.mark.parametrize("name", ALL)
def test_one_format_once_warm(name: str, benchmark: Any, executed: dict[str, Any]) -> None:
    """From the executed notebook to the bytes of one file; the goal for PDF is 1 second."""
    document = from_notebook(executed)
    content = benchmark.pedantic(lambda: RENDERERS[name](executed, document, "a4"), rounds=3, iterations=1, warmup_rounds=1)
    benchmark.extra_info["bytes"] = len(content)


def test_document_and_manifest_once_warm(benchmark: Any, executed: dict[str, Any]) -> None:
    """Reading the blocks out of the notebook and tracing every printed number."""
    benchmark.pedantic(lambda: (from_notebook(executed), manifest_of(executed, {})), rounds=3, iterations=1, warmup_rounds=1)
