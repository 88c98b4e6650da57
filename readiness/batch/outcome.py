"""How a client's run ended, in a closed list of kinds: nothing counts as done unless it was proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["bad_input", "model_error", "notebook_error", "crashed", "timeout", "start_failed", "interrupted", "not_run"]
State = Literal["done", "failed"]

KIND_WORDS: dict[Kind, str] = {
    "bad_input": "bad input",
    "model_error": "model error",
    "notebook_error": "notebook error",
    "crashed": "crashed",
    "timeout": "timeout",
    "start_failed": "start failed",
    "interrupted": "interrupted",
    "not_run": "not run",
}
# What may go well the second time; the others would fail again in the same way.
RETRIED: frozenset[Kind] = frozenset({"crashed", "timeout", "start_failed"})
# By who can put it right (the classes of readiness.errors).
KIND_OF_ERROR: dict[str, Kind] = {
    "EngagementError": "bad_input",
    "ImportFileError": "bad_input",
    "DataError": "bad_input",
    "UsageError": "bad_input",
    "StorageError": "crashed",
    "MemoryError": "crashed",
    "WorkerDiffers": "start_failed",
    "ModelError": "model_error",
    "NotebookError": "notebook_error",
}
LONGEST_SAID = 500


@dataclass(frozen=True)
class Outcome:
    """How one client's run ended.

    Parameters
    ----------
    name, engagement
        The client's name in the batch, and the name of its file.
    kind
        Why there is no report; None when there is one.
    said
        One sentence about it.
    headline
        The headline numbers as they stand in the report.
    outputs
        The report's files, each with its sha256.
    kept
        Whether the report of an earlier run was still right.
    attempts, seconds, peak_megabytes, parts
        How often it was started, how long the last start took and what it needed; seconds by part.
    """

    name: str
    engagement: str
    kind: Kind | None
    said: str = ""
    headline: tuple[tuple[str, str], ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False
    attempts: int = 0
    seconds: float = 0.0
    peak_megabytes: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.kind is None

    @property
    def state(self) -> State:
        return "done" if self.done else "failed"


@dataclass(frozen=True)
class Ended:
    """What is known when a client's process has ended: its own word, if it left one, and how it went.

    Parameters
    ----------
    job
        Number of the start.
    result
        What the process wrote last of all, and None when it never came to that.
    began
        Whether it got as far as reading its job.
    exit_code
        As Python tells it: negative for a signal; None when it never started.
    timed_out
        Whether it was ended for taking too long.
    tail
        The last of what it printed outside cells.
    """

    job: int
    result: Mapping[str, Any] | None
    began: bool
    exit_code: int | None
    timed_out: bool = False
    seconds: float = 0.0
    peak_megabytes: float = 0.0
    tail: str = ""


def judged(ended: Ended, *, timeout_seconds: float) -> tuple[Kind | None, str]:
    """The kind of an end and one sentence; None for a run that is done.

    Examples
    --------
    A process that leaves without a word has crashed, whatever exit status it gives:

    >>> judged(Ended(1, None, began=True, exit_code=0), timeout_seconds=60)
    ('crashed', 'the process ended without a result (exit status 0)')
    """
    if ended.timed_out:
        return "timeout", f"took longer than {timeout_seconds:g} seconds and was ended"
    if ended.result is not None:
        if ended.result.get("error") is None:
            return None, ""
        error = ended.result["error"]
        return KIND_OF_ERROR.get(error["class"], "notebook_error"), _short(error["said"])
    if not ended.began:
        return "start_failed", _short(f"the process did not start ({_exit_words(ended.exit_code)})", ended.tail)
    return "crashed", _short(f"the process ended without a result ({_exit_words(ended.exit_code)})", ended.tail)


def _exit_words(code: int | None) -> str:
    if code is None:
        return "no process"
    if code >= 0:
        return f"exit status {code}"
    import signal

    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _short(said: str, tail: str = "") -> str:
    lines = [line for line in tail.splitlines() if line.strip()]
    text = " ".join(said.split()) + (f": {' '.join(lines[-1].split())}" if lines else "")
    return text if len(text) <= LONGEST_SAID else text[: LONGEST_SAID - 1] + "\N{HORIZONTAL ELLIPSIS}"
