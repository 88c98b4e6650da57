"""Chapters that need nothing but the assessment, made in a second process while the first goes on with the rest."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from multiprocessing.connection import Connection
from typing import Any

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Chapter, Exhibit, Part

Maker = Callable[[Assessment], Chapter]


class _Second:
    """The second process: what it has sent so far, and what is still to come."""

    def __init__(self, a: Assessment, makers: Sequence[Maker]) -> None:
        self.assessment, self.found = a, dict[str, Chapter]()
        context = multiprocessing.get_context("fork")
        self.receiving, sending = context.Pipe(duplex=False)
        self.process = context.Process(target=_send, args=(a, makers, sending), daemon=True)
        self.process.start()
        sending.close()

    def chapter(self, name: str) -> Chapter | None:
        """The chapter as soon as it is there; None when the process has ended without it."""
        try:
            while name not in self.found:
                made, chapter = self.receiving.recv()
                self.found[made] = chapter
        except (EOFError, OSError):
            return None
        return self.found[name]

    def end(self) -> None:
        self.receiving.close()
        self.process.terminate()
        self.process.join()


_wanted = False
_second: _Second | None = None


@contextmanager
def side_by_side() -> Iterator[None]:
    """Within it, a report may use a second process, where there is another processor and forking is safe."""
    global _wanted, _second
    _wanted = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
    try:
        yield
    finally:
        _wanted = False
        if _second is not None:
            _second.end()
        _second = None


def begin(a: Assessment, makers: Sequence[Maker]) -> None:
    """Let the second process make these chapters, in this order; nothing outside of `side_by_side`."""
    global _second
    if _wanted and _second is None:
        _second = _Second(a, makers)


def maybe_ahead(make: Maker) -> Maker:
    """A chapter that `begin` may be given: taken from the second process where that has made it, else made here; the same either way."""

    @wraps(make)
    def chapter(a: Assessment) -> Chapter:
        found = _second.chapter(_name(make)) if _second is not None and _second.assessment is a else None
        return make(a) if found is None else found

    return chapter


def _name(make: Maker) -> str:
    return f"{make.__module__}.{make.__qualname__}"


def _send(a: Assessment, makers: Sequence[Maker], sending: Connection) -> None:
    """What the second process does. Where it fails, the first makes the chapter itself and says what is wrong."""
    global _second
    _second = None
    try:
        for make in makers:
            sending.send((_name(make), replace(made := make(a), parts=tuple(map(_plain, made.parts)))))
    except Exception:
        sending.close()
    os._exit(0)


def _plain(part: Part) -> Part:
    return replace(part, figure=partial(_same, part.figure())) if isinstance(part, Exhibit) and part.figure is not None else part


def _same(figure: Any) -> Any:
    return figure
