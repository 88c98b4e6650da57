"""What a terminal shows: sentences, tables, progress; and JSON when a machine asks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from readiness.errors import StorageError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """A line of plain text; brackets are text, not markup."""
    out.print(text, markup=False)


def complain(text: str) -> None:
    """One sentence about what is wrong, on standard error."""
    err.print(f"readiness: {text}", markup=False, style="red" if err.is_terminal else "")


def write(file: Path, text: str, then: str = "") -> None:
    """Write a text to a file that was asked for, and say so.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    try:
        file.write_text(text, "utf-8")
    except OSError as problem:
        raise StorageError(f"cannot be written: {problem.strerror}", file=file, hint="choose another file with --out") from None
    say(f"Written: {file}{then}")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), title: str | None = None) -> None:
    """A table whose cells are text, never markup."""
    from rich.text import Text

    shown = Table(title=title, box=None, pad_edge=False, header_style="bold", title_justify="left")
    for number, head in enumerate(heads):
        shown.add_column(head, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(str(cell)) for cell in row))
    (Console(highlight=False) if out.is_terminal else Console(highlight=False, width=140)).print(shown)


def as_json(content: Any) -> None:
    """JSON on standard output, sorted, for machines."""
    sys.stdout.write(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, default=str) + "\n")


@contextmanager
def progress(first: str) -> Iterator[Any]:
    """Shows what is being done while it takes time; gives a function that changes the words."""
    if not err.is_terminal:
        yield lambda words: None
        return
    with err.status(first) as status:
        yield status.update
