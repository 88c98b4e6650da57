"""Looks at an executed notebook before anybody believes it: all cells ran, nothing is missing, every headline is a number."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.report.blocks import MIME_TYPE
from readiness.report.running import NotebookError

# A cell that shows nothing without forms carries this tag.
MAY_BE_EMPTY = "may-be-empty"
_NOT_A_NUMBER = re.compile(r"\b(nan|inf|infinity|not known)\b", re.IGNORECASE)


def check_sound(node: Mapping[str, Any]) -> None:
    """Raise when a run that ended without an error is no whole report.

    Raises
    ------
    NotebookError
        When a cell did not run or shows nothing, or an exhibit has an empty figure.
    ModelError
        When a headline is not a number.
    """
    for number, cell in enumerate(node["cells"], start=1):
        if cell["cell_type"] != "code" or not _text(cell["source"]).strip():
            continue
        if not cell.get("execution_count"):
            raise NotebookError("did not run, so the report is not whole", place=f"cell {number}")
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            raise NotebookError("failed, so the report is not whole", place=f"cell {number}")
        if _shows(_text(cell["source"])) and not cell["outputs"] and MAY_BE_EMPTY not in cell["metadata"].get("tags", ()):
            raise NotebookError("shows nothing, though its last line is there to show something", place=f"cell {number}")
    for block in blocks(node):
        if block["kind"] == "exhibit":
            _check_figure(block)
        if block["kind"] == "figures_panel":
            for headline in block["figures"]:
                if _NOT_A_NUMBER.search(f"{headline['value']} {headline.get('range', '')}"):
                    raise ModelError(f'the headline “{headline["label"]}” is “{headline["value"]}” ({headline.get("range", "")})',
                                     hint="this is a mistake of the workbook: no report is better than this one")  # fmt: skip


def blocks(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Everything that the cells of an executed notebook put on the page, in order."""
    for cell in node["cells"]:
        for output in cell.get("outputs", ()):
            yield from output.get("data", {}).get(MIME_TYPE, {}).get("blocks", ())


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _shows(source: str) -> bool:
    """Whether a cell ends in an expression, so that something should be seen."""
    if source.rstrip().endswith(";"):
        return False
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False  # a line of magic
    return bool(body) and isinstance(body[-1], ast.Expr)


def _check_figure(exhibit: Mapping[str, Any]) -> None:
    """A figure that is there has something in it."""
    figure = exhibit.get("figure")
    if figure is None:
        return
    traces = figure.get("data") or ()
    if not traces:
        raise NotebookError("has a figure without anything in it", place=f"exhibit {exhibit['id']}")
    if not any(_drawn(trace) for trace in traces):
        raise NotebookError("has a figure in which no value is a number", place=f"exhibit {exhibit['id']}")


def _drawn(trace: Mapping[str, Any]) -> bool:
    """Whether any of a trace's values can be drawn."""
    return any(_finite(trace[axis]) for axis in ("x", "y", "z", "r", "values") if trace.get(axis) is not None and not _words(trace[axis]))


def _words(values: Any) -> bool:
    first = next(iter(values), None) if isinstance(values, list | tuple) else None
    return isinstance(first, str)


def _finite(values: Any) -> bool:
    if isinstance(values, list | tuple):
        return any(_finite(value) for value in values)
    if isinstance(values, Mapping):
        return bool(values.get("bdata"))  # plotly's typed arrays
    return isinstance(values, int | float) and math.isfinite(values)
