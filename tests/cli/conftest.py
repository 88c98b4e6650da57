"""The command as a person calls it, in this process: status, what it said, and what it wrote."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from readiness.cli import run, screen


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def readiness(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Ran]:
    """Run one command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(screen, "out", Console(file=out, highlight=False, soft_wrap=True))
        monkeypatch.setattr(screen, "err", Console(file=err, highlight=False, soft_wrap=True))
        with redirect_stdout(out), redirect_stderr(err):
            try:
                run([str(a) for a in arguments])
                status = 0
            except SystemExit as ended:
                status = int(ended.code or 0)
        return Ran(status, out.getvalue(), err.getvalue())

    return call
