"""Brings a process to where every import is done and every cache is full, without running a client's notebook."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from readiness.report.running import NOTEBOOK, notebook_folder, quick_nbformat

EXAMPLE = "northlight.yaml"


def warm_up() -> str:
    """Import what a report needs, and go once through the workbook's own notebook with an invented client.

    Returns
    -------
    str
        What failed on the way; nothing when all is warm.

    Notes
    -----
    The cells run as plain Python in a namespace that is thrown away: an IPython shell would start no thread here, but
    stays out of the parent so that each child has a fresh one. Typst starts a thread pool, and a fork of a process with
    threads may hang, so the page is put together here and set in the child only.
    """
    with quick_nbformat():
        import papermill.execute
        import papermill.translators  # noqa: F401

        from readiness.report import papermill_engines, shell  # noqa: F401  # the shell brings IPython
    papermill_engines.register()
    from readiness.catalog import load_catalog
    from readiness.catalog.read import data_folder
    from readiness.report import document, html, make, pdf

    load_catalog()
    example = data_folder() / "examples" / EXAMPLE
    try:
        outputs = _shown(notebook_folder() / NOTEBOOK, example)
        found = document.from_notebook({"cells": outputs, "metadata": {}})
        pdf.page_content(found, paper="a4")
        for wanted, render in make.RENDERERS.items():
            if wanted not in ("pdf", "html", "ipynb"):
                render({"cells": outputs, "metadata": {}}, found, "a4")
        html.write_html(found)
    except Exception as problem:
        # A cold start is slower and no less right; a notebook that fails will say so in its own run.
        return f"{type(problem).__name__}: {problem}"
    return ""


def _shown(notebook: Path, example: Path) -> list[dict[str, Any]]:
    """The cells of a notebook with what they show for the example client."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": "readiness_warming"}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), str(notebook), "exec"), names)
        value = eval(compile(ast.Expression(last.value), str(notebook), "eval"), names) if isinstance(last, ast.Expr) else None
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= {"engagement": str(example), "as_of": "2026-01-01", "audience": "client", "interactive": False}
        shows = getattr(value, "_repr_mimebundle_", None)
        cell["outputs"] = [{"output_type": "execute_result", "data": shows(), "metadata": {}}] if shows else []
    return cells
