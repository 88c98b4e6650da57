"""Runs a notebook with papermill in this process, and strips what is not of the report: paths, clocks, random ids."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from readiness.errors import ModelError, ReadinessError, StorageError, UsageError
from readiness.report.session import PARAMETERS, refuse_unknown

NOTEBOOK = "9_report.ipynb"
# A board reads another, shorter report; what the long one shows beside it is never in the executed notebook.
_OF_AUDIENCE = {"board": "9_board.ipynb"}
# Ids of cells are otherwise random.
GIVEN_CELL = "parameters-given"


class NotebookError(ModelError):
    """A cell stopped with something that is no sentence of ours: a mistake in the notebook or in the workbook."""


def notebook_folder() -> Path:
    """Where the notebooks lie: beside the package in a checkout, inside it in a wheel."""
    checkout = Path(__file__).resolve().parents[2] / "notebooks"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parents[1] / "notebooks"


def notebook_for(audience: str) -> Path:
    """The workbook's own notebook for who will read the report."""
    return notebook_folder() / _OF_AUDIENCE.get(audience, NOTEBOOK)


@contextmanager
def quick_nbformat() -> Iterator[None]:
    """Import nbformat and papermill without what they never use here.

    Notes
    -----
    nbformat imports jsonschema, which imports rfc3987_syntax to check URLs in schemas; that builds a grammar of all
    URLs with lark and costs more than a second. papermill imports pyarrow, where there is one, to read notebooks from
    Hadoop. Both do without when the import fails, and so they are made to.
    """
    left_out = [name for name in ("rfc3987_syntax", "pyarrow") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in left_out:
            sys.modules.pop(name, None)


def run_notebook(notebook: Path, parameters: dict[str, Any], *, known: Sequence[str] = PARAMETERS) -> dict[str, Any]:
    """Run a notebook with papermill, in this process; nothing is written.

    Parameters
    ----------
    notebook
        The notebook's file.
    parameters
        What stands in its `parameters` cell, or some of it.
    known
        The parameters that it has.

    Returns
    -------
    dict
        The executed notebook, without papermill's clocks, so that the same run gives the same notebook.

    Raises
    ------
    UsageError
        For a parameter that the notebook does not have, before anything runs.
    NotebookError
        When a cell failed with something else than a sentence of ours, or ended the run.
    ReadinessError
        What the notebook itself said in one sentence.
    """
    refuse_unknown(parameters, known)
    with quick_nbformat():
        from papermill.engines import papermill_engines as engines
        from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
        from papermill.iorw import load_notebook_node
        from papermill.parameterize import parameterize_notebook
        from papermill.translators import PythonTranslator

        from readiness.report import papermill_engines

    papermill_engines.register()
    try:
        # What papermill's `execute_notebook` does, less writing the notebook out as JSON for no file.
        node = parameterize_notebook(load_notebook_node(_readable(notebook)), parameters, kernel_name="python3", language="python", engine_name="readiness")
        node = remove_error_markers(prepare_notebook_metadata(node, str(notebook), None, False))
        node = engines.execute_notebook_with_engine("readiness", node, kernel_name="python3", progress_bar=False, log_output=False, autosave_cell_every=0)
        raise_for_execution_errors(node, None)
    except ReadinessError:
        raise
    except Exception as problem:
        raise _said(problem) from problem
    shown = {**parameters, "engagement": Path(parameters["engagement"]).name} if "engagement" in parameters else parameters
    return stripped(node, PythonTranslator.codify(shown, "Parameters"))


def _readable(notebook: Path) -> str:
    """Papermill fills `{name}` in paths from the parameters; a folder may be called so."""
    if not notebook.is_file():
        raise UsageError("does not exist", file=notebook, hint="name a notebook")
    return str(notebook)


def stripped(node: dict[str, Any], given: str) -> dict[str, Any]:
    """An executed notebook without anything that differs from run to run or from folder to folder.

    Parameters
    ----------
    node
        The notebook as papermill leaves it; changed in place.
    given
        What the cell of injected parameters shall say instead: the engagement by its name, not by where it lies.
    """
    node["metadata"].pop("papermill", None)
    for cell in node["cells"]:
        for clock in ("papermill", "execution"):
            cell["metadata"].pop(clock, None)
        if not cell["metadata"].get("tags", True):
            del cell["metadata"]["tags"]
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            cell["id"], cell["source"] = GIVEN_CELL, given
    return node


def _said(problem: Exception) -> ReadinessError:
    """What a failed cell said, as a sentence; the class of the error is kept when it is ours."""
    import readiness.errors as errors

    name, value = getattr(problem, "ename", type(problem).__name__), getattr(problem, "evalue", str(problem))
    if name == "KeyboardInterrupt":
        raise KeyboardInterrupt from problem
    if name == "MemoryError":
        raise MemoryError(str(value)) from problem
    kind = getattr(errors, str(name), None)
    if isinstance(kind, type) and issubclass(kind, ReadinessError):
        return kind(str(value))
    if isinstance(problem, OSError):
        return StorageError(f"cannot be read: {problem.strerror}", file=problem.filename)
    return NotebookError(
        f"the notebook stopped with {name}: {' '.join(str(value).split())[:300]}", hint="this is a mistake of the workbook, not of the client's file"
    )
