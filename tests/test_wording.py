"""Sentences made from numbers: plain, and never stronger than the range."""

from __future__ import annotations

import re
from datetime import date

import pytest

from readiness.assessment import assess
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.text import Ledger
from readiness.wording import breach_sentence, causes_sentence, joined, reason_sentence, verdict_sentence

AS_OF = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
    ids=["none", "one", "two", "three"],
)
def test_words_are_joined_as_in_a_sentence(words: list[str], said: str) -> None:
    assert joined(words) == said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([], "No cause of downtime is known."),
        ([("Changes", 0.55), ("Load", 0.45)], "Changes cause"),
        ([("Changes", 0.3), ("Load", 0.3), ("Zone", 0.2), ("Mail", 0.2)], "No single cause dominates"),
    ],
    ids=["none", "one leads", "none leads"],
)
def test_a_leader_is_named_only_where_there_is_one(shares: list[tuple[str, float]], said: str) -> None:
    assert causes_sentence(shares, Ledger()).startswith(said)


def test_every_client_gets_a_verdict_and_every_reason_in_whole_sentences(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for engagement in clients.values():
        a = assess(catalog, engagement, as_of=AS_OF, draws=256)
        ledger = Ledger(engagement.client.currency)
        told = [verdict_sentence(a, ledger), breach_sentence(a, ledger), *(reason_sentence(a, r)[0] for r in a.standing.verdict.reasons)]
        for sentence in told:
            assert sentence[:1].isupper() or sentence[:1].isdigit()
            assert not re.search(r"\b(nan|None|inf)\b|[{}]", sentence), sentence
        assert {tone for _, tone in (reason_sentence(a, r) for r in a.standing.verdict.reasons)} <= {"bad", "warn"}


def test_a_promise_that_cannot_be_told_is_not_told(catalog: Catalog, northlight: Engagement) -> None:
    """Nothing asked: the range of the chance is wide, and the sentence says so instead of giving one number."""
    blank = northlight.model_copy(update={"answers": {}})
    told = assess(catalog, blank, as_of=AS_OF, draws=256)
    chance = told.main.yearly_breach(0.98)
    loose = blank.model_copy(
        update={"journeys": tuple(j.model_copy(update={"promise": j.promise.model_copy(update={"slo": 0.98})}) for j in blank.journeys)}
    )
    sentence = breach_sentence(assess(catalog, loose, as_of=AS_OF, draws=256), Ledger())
    assert float(chance.max() - chance.min()) > 0.6
    assert "cannot be told yet" in sentence
