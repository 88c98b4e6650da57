"""Makes the report of one client: runs the notebook, renders every format aside, and puts them in place together."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from readiness.errors import StorageError, UsageError, did_you_mean
from readiness.report.running import NOTEBOOK, notebook_folder, run_notebook
from readiness.report.soundness import blocks, check_sound

__all__ = ["FORMATS", "NOTEBOOK", "Made", "Rendered", "make_report", "notebook_folder", "put_in_place", "render_report", "run_notebook"]


@dataclass(frozen=True)
class Made:
    """The files of one report, and the headline numbers on one screen."""

    files: tuple[Path, ...]
    headline: tuple[tuple[str, str], ...]


def notebook_folder() -> Path:
    """Where the notebooks lie: beside the package in a checkout, inside it in a wheel."""
    checkout = Path(__file__).resolve().parents[2] / "notebooks"
    return checkout if checkout.is_dir() else Path(__file__).resolve().parents[1] / "notebooks"


def run_notebook(notebook: Path, parameters: dict[str, Any], *, known: Sequence[str] = PARAMETERS) -> dict[str, Any]:
    """Run a notebook with papermill, in this process; nothing is written.

    Raises
    ------
    UsageError
        For a parameter that the notebook does not have, before anything runs.
    ReadinessError
        What the notebook itself said in one sentence.
    """
    refuse_unknown(parameters, known)
    from papermill.execute import execute_notebook
    from papermill.iorw import load_notebook_node

    from readiness.report import papermill_engines

    papermill_engines.register()
    with tempfile.TemporaryDirectory() as aside:
        out = Path(aside) / "out.ipynb"
        try:
            execute_notebook(str(notebook), str(out), parameters=parameters, engine_name="readiness", progress_bar=False, log_output=False,
                             autosave_cell_every=0, request_save_on_cell_execute=False)  # fmt: skip
        except Exception as problem:
            raise _said(problem) from problem
        node: dict[str, Any] = load_notebook_node(str(out))
        return node


def _said(problem: Exception) -> ReadinessError:
    """What a failed cell said, as a sentence; the class of the error is kept when it is ours."""
    import readiness.errors as errors

    name, value = getattr(problem, "ename", type(problem).__name__), getattr(problem, "evalue", str(problem))
    kind = getattr(errors, str(name), None)
    if isinstance(kind, type) and issubclass(kind, ReadinessError):
        return kind(str(value))
    return ModelError(
        f"the notebook stopped with {name}: {' '.join(str(value).split())[:300]}",
        hint="this is a mistake of the workbook, not of the client's file",
    )


def make_report(
    engagement: Path, out: Path, *, formats: Sequence[str] = ("pdf", "html"), as_of: date | None = None, audience: str = "client",
    paper: str = "a4", progress: Callable[[str], None] = lambda _: None,
) -> Made:  # fmt: skip
    """The report of one client in several formats.

    Parameters
    ----------
    engagement
        The client's YAML file or folder.
    out
        Folder for the files; made when it does not exist.
    formats
        Of ``pdf``, ``html`` and ``ipynb``.
    as_of
        The day the report is about; today when None.
    audience, paper
        Who reads it; ``a4`` or ``us-letter``.
    progress
        Called with a few words at each step.

    Returns
    -------
    Made
        Files that all exist. On any error none of them does: an older report of the same name is taken away first,
        so that it never looks fresh.
    """
    for wanted in formats:
        if wanted not in FORMATS:
            raise UsageError(
                f'"{wanted}" is not a format',
                place="formats",
                hint=did_you_mean(wanted, FORMATS) or f"formats are {', '.join(FORMATS)}",
            )
    files = tuple(out / f"report.{wanted}" for wanted in formats)
    _clear(out)
    progress("Reading the engagement and reckoning")
    given = {
        "engagement": str(Path(engagement).resolve()),
        "as_of": as_of.isoformat() if as_of else "",
        "audience": audience,
        "interactive": False,
    }
    node = run_notebook(notebook_folder() / NOTEBOOK, given)
    from readiness.report.document import from_notebook

    document = from_notebook(node)
    contents: dict[str, bytes] = {}
    for wanted in formats:
        progress(f"Writing {wanted.upper()}")
        contents[wanted] = _rendered(wanted, node, document, paper)
    put_in_place(out, {f"report.{wanted}": content for wanted, content in contents.items()})
    return Made(files, _headline(node))


def _rendered(wanted: str, node: dict[str, Any], document: Any, paper: str) -> bytes:
    if wanted == "pdf":
        from readiness.report.pdf import write_pdf

        return write_pdf(document, paper=paper)  # type: ignore[arg-type]
    if wanted == "html":
        from readiness.report.html import write_html

        return write_html(document).encode()
    return (json.dumps(node, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _clear(out: Path) -> None:
    """Take the files of an earlier report away: a report that fails must not leave one that looks fresh."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for old in out.glob("report.*"):
            if old.suffix.lstrip(".") in (*FORMATS, "xlsx", "json", "md", "csv"):
                old.unlink()
    except OSError as problem:
        raise StorageError(
            f"cannot be written to: {problem.strerror}", file=out, hint="choose another folder with --out"
        ) from None


def put_in_place(out: Path, contents: dict[str, bytes]) -> None:
    """Write files aside and rename them when all are whole."""
    aside = Path(tempfile.mkdtemp(prefix=".report-", dir=out))
    try:
        for name, content in contents.items():
            (aside / name).write_bytes(content)
        for name in contents:
            _replace(aside / name, out / name)
    except OSError as problem:
        raise StorageError(f"cannot be written: {problem.strerror}", file=out) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _replace(source: Path, target: Path) -> None:
    """Rename, tried again for a while where another program holds the file (Windows)."""
    import time

    for attempt in range(5):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if attempt == 4:
                raise
            time.sleep(0.1 * 2**attempt)


def _headline(node: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The headline numbers as they stand in the report."""
    from readiness.exhibits.exhibit import MIME_TYPE

    found: list[tuple[str, str]] = []
    for cell in node["cells"]:
        for output in cell.get("outputs", ()):
            for block in output.get("data", {}).get(MIME_TYPE, {}).get("blocks", ()):
                if block["kind"] == "verdict":
                    found.append(("Verdict", f"{block['verdict']} ({block['promise']})"))
                if block["kind"] == "figures_panel":
                    found += [(f["label"], f"{f['value']}  [{f['range']}]") for f in block["figures"]]
    return tuple(found)
