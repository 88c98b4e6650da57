"""Brings a process to where imports are done and what all clients share is made, without running a client's notebook."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

from readiness.batch.job import WHOLE
from readiness.catalog.read import data_folder
from readiness.report import html, pdf
from readiness.report.document import Document, from_notebook
from readiness.report.manifest import manifest_of
from readiness.report.running import NOTEBOOK, notebook_folder, run_notebook

EXAMPLE = "quillfield.yaml"
# Beside reading and assessing a client, these fill what does not depend on one: draws, quantiles, tables of lengths.
_SHOWN = "downtime.downtime(a) + promise.promises(a)"
# Half a second more: other draws, the solver behind the plan, what every step would change.
_SHOWN_FOR_WHOLE = f"summary.summary(a, client.plans[0]) + steadiness.steadiness(a) + {_SHOWN}"


def _spreadsheet(_: Document) -> None:
    """Its imports alone: it is made from the whole assessment, which a beginning does not carry."""
    import xlsxwriter  # noqa: F401

    from readiness.report import xlsx  # noqa: F401


# Of the formats that take time to begin with, what a process without threads can do; typst starts some.
_RENDERED: dict[str, Callable[[Document], Any]] = {"pdf": partial(pdf.page_content, paper="a4"), "html": html.write_html, "xlsx": _spreadsheet}


def warm_up(asked: Collection[str] = (WHOLE, *_RENDERED)) -> str:
    """Import what a report needs, and go once through the beginning of the workbook's own with a small invented client.

    Parameters
    ----------
    asked
        The formats that will be asked for, and `WHOLE` when it is for the workbook's own report. Anything else is made as
        well, only slower.

    Returns
    -------
    str
        What failed on the way; nothing when all is warm.

    Notes
    -----
    The first client of a process is slower than the next by what lies in caches: imports, the catalog, draws, quantiles of
    the catalog's numbers, tables of lengths. A small client's first chapters fill them; a large one's whole report costs
    seconds more and leaves no more behind. It is run as a client's notebook is, so that papermill and the shell are warm as
    well. Typst starts a thread pool, and a fork of a process with threads may hang, so the page is put together here and set
    in the child only.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="readiness-warm-") as folder:
            beginning = Path(folder, NOTEBOOK)
            beginning.write_text(json.dumps(_beginning(_SHOWN_FOR_WHOLE if WHOLE in asked else _SHOWN)), "utf-8")
            node = run_notebook(beginning, {"engagement": str(data_folder() / "examples" / EXAMPLE), "as_of": "2026-01-01", "interactive": False})
        document = from_notebook(node)
        for wanted in asked:
            if wanted in _RENDERED:
                _RENDERED[wanted](document)
        manifest_of(node, {})
    except Exception as problem:
        # A cold start is slower and no less right; a notebook that fails will say so in its own run.
        return f"{type(problem).__name__}: {problem}"
    return ""


def _beginning(shown: str) -> dict[str, Any]:
    """The report's notebook up to where its client is assessed, and a cell for what else there is to warm."""
    notebook: dict[str, Any] = json.loads((notebook_folder() / NOTEBOOK).read_text("utf-8"))
    cells = notebook["cells"]
    session = next(n for n, cell in enumerate(cells) if "client = session(" in "".join(cell["source"]))
    return {**notebook, "cells": [*cells[: session + 1], {**cells[session], "id": "warms", "source": shown}]}
