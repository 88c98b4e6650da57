"""Notebooks beside the engagement, and a server that only this computer sees."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from readiness.catalog.read import data_folder
from readiness.errors import UsageError
from readiness.workshop import notebooks, serving

NORTHLIGHT = data_folder() / "examples" / "northlight.yaml"


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_other_addresses_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTERHUB_API_TOKEN", raising=False)
    with pytest.raises(UsageError, match="seen by others"):
        serving.refuse_elsewhere(address)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "x")
    serving.refuse_elsewhere(address)


def test_a_taken_port_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind((serving.HERE, 0))
        taken.listen()
        with pytest.raises(UsageError, match="not free"):
            serving.free_port(taken.getsockname()[1])
    assert serving.free_port(0) > 0


def test_notebooks_are_copied_with_the_client_in_their_parameters(folder: Path) -> None:
    target = notebooks.copy_to(folder, as_of="2026-11-23", audience="board")
    assert notebooks.FIRST in notebooks.names()
    for name in notebooks.names():
        copy = json.loads((target / name).read_text("utf-8"))
        cell = next(c for c in copy["cells"] if "parameters" in c["metadata"].get("tags", ()))
        given: dict[str, object] = {}
        exec("".join(cell["source"]), given)
        assert (given["engagement"], given["as_of"], given["audience"], given["interactive"]) == ("..", "2026-11-23", "board", True)
        assert all(not c["outputs"] for c in copy["cells"] if c["cell_type"] == "code")
        assert "  # " in "".join(cell["source"])


def test_the_shipped_notebooks_are_not_touched(folder: Path) -> None:
    from readiness.report.make import notebook_folder

    before = {p.name: p.read_bytes() for p in notebook_folder().glob("*.ipynb")}
    notebooks.copy_to(folder, as_of="", audience="client")
    assert {p.name: p.read_bytes() for p in notebook_folder().glob("*.ipynb") if p.name in before} == before


@pytest.mark.parametrize("notebook", ["0_start_here.ipynb", "1_intake.ipynb", "2_questions.ipynb"])
def test_in_a_batch_the_same_notebooks_show_pages_and_change_nothing(folder: Path, notebook: str) -> None:
    from readiness.report.make import notebook_folder, run_notebook

    files = sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file())
    node = run_notebook(notebook_folder() / notebook, {"engagement": str(folder), "as_of": "2026-11-23", "audience": "client", "interactive": False})
    kinds = {kind for cell in node["cells"] for output in cell.get("outputs", ()) for kind in output.get("data", {})}
    assert "application/vnd.readiness.blocks+json" in kinds
    assert "application/vnd.jupyter.widget-view+json" not in kinds
    assert sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file()) == files


def run(*arguments: str) -> tuple[int, str]:
    from readiness.cli import _register, app

    if not app.registered_commands:
        _register()
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output + str(result.exception or "")


def test_the_commands_around_a_meeting(folder: Path, tmp_path: Path) -> None:
    assert run("prework", str(folder), "--out", str(tmp_path / "p"))[0] == 0
    assert {p.name for p in (tmp_path / "p").iterdir()} == {"prework.xlsx", "prework.html"}
    assert run("prework", str(folder), "--read", str(tmp_path / "p" / "prework.xlsx"))[0] == 0
    assert run("log", str(folder))[0] == 0
    assert run("export", str(folder), "--out", str(tmp_path / "e.yaml"))[0] == 0
    assert (tmp_path / "e.yaml").exists()
    status, said = run("workshop", str(folder), "--address", "0.0.0.0", "--no-browser")
    assert status != 0
    assert "seen by others" in said


def test_copies_alone_are_written_for_another_editor(folder: Path) -> None:
    status, said = run("workshop", str(folder), "--copy-only", "--as-of", "2026-11-23")
    assert status == 0, said
    assert {p.name for p in (folder / notebooks.FOLDER).iterdir()} == set(notebooks.names())
    assert "Run All" in said
    assert not (folder / ".workshop").exists()  # no server was started


@pytest.mark.slow
@pytest.mark.parametrize(("name", "forms"), [("0_start_here.ipynb", 1), ("1_intake.ipynb", 3), ("2_questions.ipynb", 3)])
def test_copies_run_by_hand_from_their_own_folder(folder: Path, name: str, forms: int) -> None:
    """As an editor runs them that knows nothing of us: the kernel as Jupyter ships it, started where the notebook lies."""
    import nbformat
    from nbclient import NotebookClient

    target = notebooks.copy_to(folder, as_of="2026-11-23", audience="client")
    node = nbformat.read(target / name, as_version=4)
    NotebookClient(node, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(target)}}).execute()
    kinds = [kind for cell in node["cells"] for output in cell.get("outputs", ()) for kind in output.get("data", {})]
    assert kinds.count("application/vnd.jupyter.widget-view+json") == forms
