"""Errors are one sentence, and say who can put them right."""

from __future__ import annotations

import pytest

from readiness import errors
from readiness.errors import EngagementError, ReadinessError, did_you_mean

KINDS = [errors.EngagementError, errors.DataError, errors.ImportFileError, errors.UsageError, errors.StorageError, errors.ModelError]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_is_caught_as_ours(kind: type[ReadinessError]) -> None:
    with pytest.raises(ReadinessError, match=r"^acme\.yaml: client\.id: is odd; try another$"):
        raise kind("is odd", file="acme.yaml", place="client.id", hint="try another")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "is odd"),
        ({"file": "a.yaml"}, "a.yaml: is odd"),
        ({"place": "line 3"}, "line 3: is odd"),
        ({"hint": 'did you mean "b"?'}, 'is odd; did you mean "b"?'),
    ],
    ids=["nothing but what is wrong", "the file", "the place", "a guess"],
)
def test_only_what_is_known_is_said(given: dict[str, str], said: str) -> None:
    assert str(EngagementError("is odd", **given)) == said


@pytest.mark.parametrize(
    ("word", "words", "guess"),
    [
        ("on_cal", ["on_call", "rollback"], 'did you mean "on_call"?'),
        ("ON_CALL", ["on_call"], None),
        ("", ["on_call"], None),
        ("on_call", [], None),
    ],
    ids=["a letter is missing", "nothing in common but case", "an empty word", "nothing to guess from"],
)
def test_a_guess_is_near_or_is_not_made(word: str, words: list[str], guess: str | None) -> None:
    assert did_you_mean(word, words) == guess
