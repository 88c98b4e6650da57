"""Clients that are fine, clients that are broken, and a notebook that breaks them."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from readiness.batch.runner import Options
from readiness.catalog import load_catalog
from readiness.report.running import NOTEBOOK, notebook_folder

HERE = Path(__file__).parent
AS_OF = date(2026, 11, 23)
EXAMPLES = notebook_folder().parent / "data" / "examples"


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    """The generator of clients, which lies beside the tests of all packages."""
    spec = importlib.util.spec_from_file_location("synthetic_clients", HERE.parent / "synthetic_clients.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _shortened(*further: dict[str, Any]) -> str:
    """The report's notebook up to its summary: what a batch makes of a run does not depend on how long the report is."""
    notebook = json.loads((notebook_folder() / NOTEBOOK).read_text("utf-8"))
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    at = next(n for n, c in enumerate(cells) if "session(" in "".join(c["source"]))
    page = {**cells[at + 1], "source": "summary.summary(a)"}  # without the plan, which takes as long as all the rest
    return json.dumps({**notebook, "cells": [*cells[: at + 1], *further, page]})


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of one page."""
    path = tmp_path_factory.mktemp("notebooks") / "short.ipynb"
    path.write_text(_shortened(), "utf-8")
    return path


@pytest.fixture(scope="session")
def sabotaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one more cell, in which the saboteur may act."""
    source = (
        f"import importlib.util\nspec = importlib.util.spec_from_file_location('saboteur', {str(HERE / 'saboteur.py')!r})\n"
        "saboteur = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(saboteur)\n"
        "done = saboteur.sabotage(client.assessment.engagement.client.id)"
    )
    cell = {"cell_type": "code", "id": "sabotage", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
    path = tmp_path_factory.mktemp("notebooks") / "sabotaged.ipynb"
    path.write_text(_shortened(cell), "utf-8")
    return path


@pytest.fixture(scope="session")
def write_client(synthetic: ModuleType) -> Callable[..., Path]:
    """Writes one client with a given id."""
    catalog = load_catalog()

    def write(folder: Path, id: str, *, seed: int = 1, note: str = "") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{id}.yaml"
        path.write_text(synthetic.written(synthetic.client(seed, catalog, id=id, note=note)), "utf-8")
        return path

    return write


@pytest.fixture
def options() -> Callable[..., Options]:
    """Options with a fixed day, and the quickest format."""

    def make(**others: Any) -> Options:
        return Options(**{"as_of": AS_OF, "formats": ("ipynb",), "workers": 2, **others})

    return make


@pytest.fixture(scope="session")
def still_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workbook that nobody edits meanwhile: part of each record is a digest of the code."""
    import shutil

    home = tmp_path_factory.mktemp("tree")
    for name in ("readiness", "data", "notebooks"):
        shutil.copytree(notebook_folder().parent / name, home / name)
    return home
