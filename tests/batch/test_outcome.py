"""Every way in which a process can end is judged as what it is."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import readiness.errors
from readiness.batch.outcome import KIND_OF_ERROR, KIND_WORDS, LONGEST_SAID, RETRIED, Ended, Kind, judged


def ended(**facts: Any) -> Ended:
    return Ended(**{"job": 1, "result": None, "began": True, "exit_code": 0, **facts})


def error(kind: str) -> dict[str, Any]:
    return {"error": {"class": kind, "said": "what was said"}}


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        pytest.param(ended(result={"error": None}), None, id="a result without an error"),
        pytest.param(ended(result={"error": None}, exit_code=1), None, id="a result counts, not the exit status"),
        pytest.param(ended(exit_code=0), "crashed", id="exit status 0 without a result"),
        pytest.param(ended(exit_code=-11), "crashed", id="a segmentation fault"),
        pytest.param(ended(exit_code=-9, timed_out=True), "timeout", id="ended by us for taking too long"),
        pytest.param(ended(began=False, exit_code=1), "start_failed", id="ended before it read its job"),
        pytest.param(ended(began=False, exit_code=None), "start_failed", id="no process at all"),
        pytest.param(ended(result=error("EngagementError")), "bad_input", id="the client's file"),
        pytest.param(ended(result=error("DataError")), "bad_input", id="the client's bank"),
        pytest.param(ended(result=error("ModelError")), "model_error", id="a model"),
        pytest.param(ended(result=error("NotebookError")), "notebook_error", id="a cell"),
        pytest.param(ended(result=error("KeyError")), "notebook_error", id="anything else inside a run"),
        pytest.param(ended(result=error("MemoryError")), "crashed", id="out of memory"),
        pytest.param(ended(result=error("StorageError")), "crashed", id="a full disk"),
    ],
)
def test_an_end_is_judged(end: Ended, kind: Kind | None) -> None:
    assert judged(end, timeout_seconds=60)[0] == kind


def test_the_signal_and_the_last_line_are_told() -> None:
    _, said = judged(ended(exit_code=-11, tail="one\nFatal Python error: Segmentation fault\n\n"), timeout_seconds=60)
    assert said == "the process ended without a result (signal SIGSEGV): Fatal Python error: Segmentation fault"


def test_a_flood_of_words_is_cut() -> None:
    _, said = judged(ended(tail="x" * 10_000), timeout_seconds=60)
    assert len(said) == LONGEST_SAID


def test_every_error_of_ours_has_a_kind() -> None:
    ours = {name for name, found in vars(readiness.errors).items() if isinstance(found, type) and issubclass(found, readiness.errors.ReadinessError)}
    assert ours - {"ReadinessError"} <= set(KIND_OF_ERROR)


def test_every_kind_has_words_and_only_luck_is_tried_again() -> None:
    assert set(KIND_WORDS) == set(get_args(Kind))
    assert {"crashed", "timeout", "start_failed"} == RETRIED
