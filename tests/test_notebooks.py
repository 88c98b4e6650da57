"""Notebooks: stripped, short, without logic; run by our own engine and by plain papermill with the same headline."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REPORT = ROOT / "notebooks" / "9_report.ipynb"
NORTHLIGHT = ROOT / "data" / "examples" / "northlight.yaml"
SHAPE = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda file: file.stem)
BANNED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.Try)


def cells(notebook: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook.read_text("utf-8"))["cells"]
    return found


def code(notebook: Path) -> list[str]:
    return ["".join(c["source"]) for c in cells(notebook) if c["cell_type"] == "code"]


@SHAPE
def test_is_stripped(notebook: Path) -> None:
    for cell in cells(notebook):
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert cell["id"]
    metadata = json.loads(notebook.read_text("utf-8"))["metadata"]
    assert "widgets" not in metadata
    assert "papermill" not in metadata


@SHAPE
def test_is_short_and_begins_with_its_question(notebook: Path) -> None:
    found = cells(notebook)
    assert found[0]["cell_type"] == "markdown"
    assert "".join(found[0]["source"]).startswith("# ")
    # The report has a heading and a call for each chapter, so it may be longer than a workshop's notebook.
    assert len([c for c in found if c["cell_type"] == "code"]) <= 25
    assert all(len("".join(c["source"]).splitlines()) <= 10 for c in found)


@SHAPE
def test_holds_no_logic(notebook: Path) -> None:
    for source in code(notebook):
        assert "read_csv" not in source
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, BANNED)]


@SHAPE
def test_parameters_are_one_typed_cell_with_a_comment_each(notebook: Path) -> None:
    tagged = [c for c in cells(notebook) if "parameters" in c.get("metadata", {}).get("tags", [])]
    assert len(tagged) <= 1
    for cell in tagged:
        for line in "".join(cell["source"]).splitlines():
            assert "#" in line, line
        assert all(isinstance(node, ast.AnnAssign) for node in ast.parse("".join(cell["source"])).body)


@SHAPE
def test_ids_are_unique(notebook: Path) -> None:
    ids = [c["id"] for c in cells(notebook)]
    assert len(set(ids)) == len(ids)


# The report, run


def executed(*options: str, notebook: Path = REPORT, folder: Path) -> subprocess.CompletedProcess[str]:
    """Papermill's own command, in a process of its own."""
    command = [sys.executable, "-m", "papermill", str(notebook), "out.ipynb", "--no-progress-bar", "--no-log-output",
               "-r", "engagement", str(NORTHLIGHT), "-r", "as_of", "2026-11-23", *options]  # fmt: skip
    quiet = os.environ | {"PYTHONWARNINGS": "ignore", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=quiet)


def payloads(notebook: Path) -> list[Any]:
    """What the cells show, as our own MIME type."""
    found = []
    for cell in cells(notebook):
        for output in cell.get("outputs", ()):
            found += [v for k, v in output.get("data", {}).items() if k.startswith("application/vnd.readiness")]
    return found


@pytest.mark.slow
def test_our_engine_and_a_stock_kernel_show_the_same(tmp_path: Path) -> None:
    shown = []
    for engine in (("--engine", "readiness"), ("--kernel", "python3")):
        ran = executed(*engine, folder=tmp_path)
        assert ran.returncode == 0, ran.stderr[-2000:]
        shown.append(payloads(tmp_path / "out.ipynb"))
        assert not [o for c in cells(tmp_path / "out.ipynb") for o in c.get("outputs", ()) if o["output_type"] in ("error", "stream")]
    assert shown[0]
    assert shown[0] == shown[1]


@pytest.mark.slow
@pytest.mark.parametrize("engine", [("--engine", "readiness"), ("--kernel", "python3")], ids=["our engine", "a stock kernel"])
def test_an_unknown_parameter_is_refused_by_the_first_call(engine: tuple[str, ...], tmp_path: Path) -> None:
    ran = executed(*engine, "-p", "audiance", "board", folder=tmp_path)
    assert ran.returncode != 0
    assert '"audiance" is not a parameter of this notebook' in ran.stderr
    assert 'did you mean "audience"?' in ran.stderr


def test_our_runner_refuses_an_unknown_parameter_before_anything_runs() -> None:
    from readiness.errors import UsageError
    from readiness.report.make import run_notebook

    with pytest.raises(UsageError, match=r'"audiance" is not a parameter of this notebook; did you mean "audience"\?'):
        run_notebook(ROOT / "notebooks" / "nowhere.ipynb", {"audiance": "board"})


def test_the_parameters_are_what_papermill_says_they_are() -> None:
    from readiness.report.session import PARAMETERS

    [cell] = [c for c in cells(REPORT) if "parameters" in c.get("metadata", {}).get("tags", [])]
    names = [
        node.target.id for node in ast.parse("".join(cell["source"])).body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    assert names == list(PARAMETERS)


def test_a_mistake_in_the_clients_file_reads_as_one_sentence(tmp_path: Path) -> None:
    """In a process of its own: running a notebook takes over `__main__`."""
    (tmp_path / "client.yaml").write_text(NORTHLIGHT.read_text("utf-8").replace("slo: 0.999", "slo: 99.9", 1), "utf-8")
    command = [sys.executable, "-m", "readiness", "report", "client.yaml", "--out", "out"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "did you mean 0.999?" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("example", sorted((ROOT / "data" / "examples").glob("*.yaml")), ids=lambda file: file.stem)
def test_every_example_becomes_the_same_report_twice(example: Path, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        command = [sys.executable, "-m", "readiness", "report", str(example), "--out", "out", "--as-of", "2026-11-23"]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        made.append({p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()})
    assert {"report.pdf", "report.html"} <= made[0].keys()
    assert made[0] == made[1]
