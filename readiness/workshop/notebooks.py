"""The notebooks of a workshop: copied beside the engagement, with the client written into their parameters."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from readiness.errors import StorageError
from readiness.report.make import notebook_folder

FIRST = "0_start_here.ipynb"
FOLDER = "notebooks"
_ASSIGNMENT = re.compile(r"^([a-z_]+)(\s*:\s*[a-z]+)?\s*=\s*")


def names() -> tuple[str, ...]:
    """The notebooks that a workshop uses, in the order of a meeting: all but the report's and those over many clients."""
    return tuple(sorted(p.name for p in notebook_folder().glob("[0-8]_*.ipynb")))


def with_parameters(notebook: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """A notebook with other values in its parameters cell, its code folded away and its outputs taken out.

    Examples
    --------
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["interactive: bool = False  # forms"]}
    >>> with_parameters({"cells": [cell]}, {"interactive": True})["cells"][0]["source"]
    ['interactive: bool = True  # forms']
    """
    made: dict[str, Any] = json.loads(json.dumps(notebook))
    for cell in made["cells"]:
        if cell["cell_type"] != "code":
            continue
        cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"].setdefault("jupyter", {})["source_hidden"] = True
        if "parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = [_assigned(line, parameters) for line in "".join(cell["source"]).splitlines(keepends=True)]
    return made


def _assigned(line: str, parameters: Mapping[str, Any]) -> str:
    found = _ASSIGNMENT.match(line)
    if not found or found[1] not in parameters:
        return line
    comment = re.search(r"  #.*$", line.rstrip("\n"))
    return f"{found[0]}{parameters[found[1]]!r}{comment[0] if comment else ''}" + ("\n" if line.endswith("\n") else "")


def copy_to(folder: Path, *, as_of: str, audience: str) -> Path:
    """Copy the notebooks beside the engagement; those of an earlier meeting are replaced, answers are not in them.

    Parameters
    ----------
    folder
        The client's folder.
    as_of
        The day everything is reckoned for; empty for today, whenever they are opened.
    audience
        Who looks at the screen.

    Returns
    -------
    Path
        The folder that they are in.
    """
    target = folder / FOLDER
    # ".." and not the folder's own path: a folder that is moved or synchronised keeps working.
    parameters = {"engagement": "..", "as_of": as_of, "audience": audience, "interactive": True}
    try:
        target.mkdir(exist_ok=True)
        for name in names():
            source = json.loads((notebook_folder() / name).read_text("utf-8"))
            aside = target / f".{name}.{secrets.token_hex(4)}"
            aside.write_text(json.dumps(with_parameters(source, parameters), indent=1, ensure_ascii=False) + "\n", "utf-8")
            os.replace(aside, target / name)
    except OSError as problem:
        raise StorageError(f"the notebooks cannot be copied: {problem.strerror}", file=target, hint="name a folder that can be written") from None
    return target
