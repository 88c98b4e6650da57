"""What one report needs later, made in a second process while the first goes on; the same either way."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Chapter, Exhibit, Part

Made = TypeVar("Made")
Maker = Callable[[Assessment], Made]
Work = Mapping[str, Callable[[], Any]]


class Second:
    """A second process that works through what it is given, in order: what it has sent so far, and what is still to come."""

    def __init__(self, work: Work) -> None:
        self.found: dict[str, Any] = {}
        context = multiprocessing.get_context("fork")
        self.receiving, sending = context.Pipe(duplex=False)
        self.process = context.Process(target=_send, args=(work, sending), daemon=True)
        self.process.start()
        sending.close()

    def take(self, name: str) -> Any:
        """What it made, as soon as that is there; None when the process has ended without it."""
        try:
            while name not in self.found:
                made, result = self.receiving.recv()
                self.found[made] = result
        except (EOFError, OSError):
            return None
        return self.found[name]

    def end(self) -> None:
        self.receiving.close()
        self.process.terminate()
        self.process.join()


_wanted = False
_started: list[Second] = []
_chapters: tuple[Assessment, Second, frozenset[str]] | None = None


@contextmanager
def side_by_side() -> Iterator[None]:
    """Within it, a report may use a second process, where there is another processor and forking is safe.

    Notes
    -----
    For a process that is there for the report alone; in a kernel, whose threads hold locks, nobody asks for it.
    """
    global _wanted, _chapters
    _wanted = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
    try:
        yield
    finally:
        _wanted, _chapters = False, None
        while _started:
            _started.pop().end()


def start(work: Work) -> Second | None:
    """A second process for some work; None outside of `side_by_side`, and for no work."""
    if not _wanted or not work:
        return None
    _started.append(Second(work))
    return _started[-1]


def begin(a: Assessment, makers: Sequence[Maker[Any]]) -> None:
    """Let a second process make these chapters of a client, in this order; nothing outside of `side_by_side`."""
    global _chapters
    second = start({_name(make): partial(make, a) for make in makers}) if _chapters is None else None
    if second is not None:
        _chapters = a, second, frozenset(map(_name, makers))


def maybe_ahead(make: Maker[Made]) -> Maker[Made]:
    """What `begin` may be given: taken from the second process where that has made it, else made here."""

    @wraps(make)
    def made(a: Assessment) -> Made:
        found: Made | None = _chapters[1].take(_name(make)) if _chapters is not None and is_begun(a, make) else None
        return make(a) if found is None else found

    return made


def is_begun(a: Assessment, make: Maker[Any]) -> bool:
    """Whether a second process was given this to make."""
    return _chapters is not None and _chapters[0] is a and _name(make) in _chapters[2]


def _name(make: Maker[Any]) -> str:
    return f"{make.__module__}.{make.__qualname__}"


def _send(work: Work, sending: Connection) -> None:
    """What the second process does. Where it fails, the first does the work itself and says what is wrong."""
    global _wanted, _chapters
    _wanted, _chapters = False, None
    gc.disable()  # its life is short, and every object looked at is a page copied
    try:
        for name, make in work.items():
            made = make()
            sending.send((name, replace(made, parts=tuple(map(_plain, made.parts))) if isinstance(made, Chapter) else made))
    except Exception:
        sending.close()
    os._exit(0)


def _plain(part: Part) -> Part:
    return replace(part, figure=partial(_same, part.figure())) if isinstance(part, Exhibit) and part.figure is not None else part


def _same(figure: Any) -> Any:
    return figure
