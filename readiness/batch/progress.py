"""What is seen while a batch runs: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from readiness.batch.outcome import KIND_WORDS, Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

_SECONDS_BETWEEN_LINES = 10.0


class Watcher(Protocol):
    """Told of everything that happens in a batch."""

    def begin(self, clients: int, to_run: int) -> None: ...
    def started(self, name: str) -> None: ...
    def again(self, name: str, why: str) -> None: ...
    def ended(self, outcome: Outcome) -> None: ...
    def tick(self) -> None: ...
    def end(self) -> None: ...


class Silent:
    """Says nothing."""

    def begin(self, clients: int, to_run: int) -> None:
        """Nothing."""

    def started(self, name: str) -> None:
        """Nothing."""

    def again(self, name: str, why: str) -> None:
        """Nothing."""

    def ended(self, outcome: Outcome) -> None:
        """Nothing."""

    def tick(self) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class Lines(Silent):
    """Lines for a log: failures at once, and now and then how far it is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._total = self._over = self._failed = 0
        self._started = self._last = time.monotonic()

    def begin(self, clients: int, to_run: int) -> None:
        """How many there are."""
        self._total = to_run
        self._started = self._last = time.monotonic()
        kept = clients - to_run
        self._say(f"{to_run} of {clients} clients to run" + (f", {kept} left as they are" if kept else ""))

    def again(self, name: str, why: str) -> None:
        """A second try."""
        self._say(f"{name}: {why}, once more")

    def ended(self, outcome: Outcome) -> None:
        """A failure is worth a line."""
        self._over += 1
        if not outcome.done:
            self._failed += 1
            self._say(f"{outcome.name}: {KIND_WORDS[outcome.kind or 'crashed']}: {outcome.said}")
        if time.monotonic() - self._last > _SECONDS_BETWEEN_LINES and self._over < self._total:
            self._last = time.monotonic()
            left = time_left(self._over, self._total, self._last - self._started)
            self._say(f"{self._over} of {self._total}, {self._failed} failed, about {left} left")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False)


class Bar(Silent):
    """A bar for a terminal. It draws when it is told to: a thread of its own would stand in the way of forking."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._console = console
        self._progress = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[left]}"),
                                  console=console, auto_refresh=False, transient=True)  # fmt: skip
        self._task: TaskID | None = None
        self._total = self._over = self._failed = 0
        self._started = time.monotonic()

    def begin(self, clients: int, to_run: int) -> None:
        """Draw the bar."""
        self._total, self._started = to_run, time.monotonic()
        self._progress.start()
        self._task = self._progress.add_task("Reports", total=to_run, left="")
        self.tick()

    def again(self, name: str, why: str) -> None:
        """A second try."""
        self._console.print(f"{name}: {why}, once more", markup=False)

    def ended(self, outcome: Outcome) -> None:
        """One more."""
        self._over += 1
        if not outcome.done:
            self._failed += 1
            self._console.print(f"{outcome.name}: {KIND_WORDS[outcome.kind or 'crashed']}: {outcome.said}", markup=False)
        self.tick()

    def tick(self) -> None:
        """Draw it again."""
        if self._task is None:
            return
        left = f"about {time_left(self._over, self._total, time.monotonic() - self._started)} left" if self._over else "starting"
        failed = f"Reports, {self._failed} failed" if self._failed else "Reports"
        self._progress.update(self._task, completed=self._over, description=failed, left=left, refresh=True)

    def end(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._progress.stop()


def time_left(over: int, total: int, seconds: float) -> str:
    """How long the rest will take, at the pace so far.

    Examples
    --------
    >>> time_left(20, 200, 12.0), time_left(1, 3, 90.0)
    ('2 min', '3 min')
    >>> time_left(0, 10, 5.0)
    'an unknown time'
    """
    if not over:
        return "an unknown time"
    left = seconds / over * (total - over)
    if left < 90:
        return f"{max(1, round(left))} s"
    return f"{round(left / 60)} min" if left < 5400 else f"{left / 3600:.1f} h"
