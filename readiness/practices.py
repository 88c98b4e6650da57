"""What the client's practices contribute to the numbers: the moves of each answer, or a mixture where nobody was asked."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache

from readiness.assumptions import DAYS_PER_MONTH
from readiness.catalog import Catalog
from readiness.catalog.schema import Answer, Practice
from readiness.engagement.schema import Engagement, GivenAnswer, MoneyFacts
from readiness.language import N_
from readiness.models.loss import weighted_reach
from readiness.moves import Choice, Move, Values

NOT_FOR_THIS_CLIENT = "does not apply"
"""State of the choice of a practice that this client is not asked."""


def applies(practice: Practice, engagement: Engagement, catalog: Catalog) -> bool:
    """Whether a practice can be asked of this client at all."""
    when = practice.applies_when
    ways = catalog.ways
    tiers = [t for t in engagement.architecture.tiers if not when.any_tier or t.need in when.any_tier]
    known = [ways[t.way][1] for t in tiers if t.way in ways]
    if when.any_tier and not tiers:
        return False
    if when.run_by_client and not any(way.run_by == "client" for way in known):
        return False
    if when.redundant and not any((t.copies or ways[t.way][1].copies) > ways[t.way][1].needed for t in tiers if t.way in ways):
        return False
    if when.stages and engagement.stage not in when.stages:
        return False
    return not when.profiles or engagement.profile in when.profiles


def choice_of(practice: Practice, given: GivenAnswer | None, catalog: Catalog, *, as_of: date, stage: str) -> Choice:
    """What one practice contributes: the moves of its answer, or the mixture over its answers when it was not asked."""
    if given is not None and given.not_applicable:
        return _nothing(practice.id, "not applicable")
    if given is None:
        return _open_choice(_Key(practice))
    return _held_choice(_Key(practice), given.answers, widening(given, catalog, as_of=as_of, stage=stage))


class _Key:
    """A practice as the key of a cache: the same object, or another; hashing all of its text would cost more than the work."""

    __slots__ = ("practice",)

    def __init__(self, practice: Practice) -> None:
        self.practice = practice

    def __hash__(self) -> int:
        return id(self.practice)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.practice is self.practice


@lru_cache(maxsize=1024)
def _nothing(origin: str, state: str) -> Choice:
    return Choice(origin, (1.0,), ((),), state)


@lru_cache(maxsize=1024)
def _open_choice(key: _Key) -> Choice:
    practice = key.practice
    total = sum(a.share.likely for a in practice.answers)
    weights = tuple(a.share.likely / total for a in practice.answers)
    return Choice(practice.id, weights, tuple(_moves(practice, a) for a in practice.answers), "not asked", tuple(a.id for a in practice.answers))


@lru_cache(maxsize=4096)
def _held_choice(key: _Key, held: tuple[str, ...], factor: float) -> Choice:
    practice = key.practice
    alternatives = tuple(tuple(m.widened(factor) for m in _moves(practice, practice.answer(a))) for a in held)
    weights = tuple(1 / len(held) for _ in held)
    return Choice(practice.id, weights, alternatives, "answered" if len(held) == 1 else "disputed", held)


def _moves(practice: Practice, answer: Answer) -> tuple[Move, ...]:
    origin = f"practice:{practice.id}={answer.id}"
    return tuple(Move.of(m, origin=origin, why=f"{practice.title}: {answer.text}") for m in answer.moves)


def widening(given: GivenAnswer, catalog: Catalog, *, as_of: date, stage: str) -> float:
    """How much wider (above 1) or narrower a range becomes by how the answer is known, and how long ago."""

    def policy(name: str) -> float:
        found = catalog.default(name, stage)
        return found.likely if found else 1.0

    factor = {"claimed": policy("claimed_widening"), "observed": 1.0, "verified": policy("verified_narrowing")}[given.rung]
    if is_stale(given, catalog, as_of=as_of, stage=stage):
        factor *= policy("stale_widening")
    return factor


def is_stale(given: GivenAnswer, catalog: Catalog, *, as_of: date, stage: str) -> bool:
    """Whether the evidence of an answer is past its shelf life."""
    shelf = catalog.default("evidence_shelf_months", stage)
    return given.on is not None and shelf is not None and (as_of - given.on).days / DAYS_PER_MONTH > shelf.likely


def choices(catalog: Catalog, engagement: Engagement, *, as_of: date) -> tuple[Choice, ...]:
    """What all practices contribute, in the order of the catalog; one that does not apply contributes nothing.

    It is kept all the same, so that each input keeps its column of the common draws when a practice starts to apply.
    """
    practices = tuple(
        choice_of(practice, engagement.answers.get(practice.id), catalog, as_of=as_of, stage=engagement.stage)
        if applies(practice, engagement, catalog)
        else _nothing(practice.id, NOT_FOR_THIS_CLIENT)
        for practice in catalog.practices.values()
    )
    factors = tuple(group_factors(engagement.money).items())
    return (*practices, _tenant_groups(factors)) if factors else practices


def group_factors(money: MoneyFacts) -> dict[str, float]:
    """What tenant groups make of numbers that are about all customers together; empty where nothing moves.

    Returns
    -------
    dict
        Of ``peak_factor``, how much of the revenue an outage touches: the hit share weighted by revenue. Of
        ``churn_factor``: how readily those leave who are hit, weighted by the revenue that is hit.
    """
    felt = [g.share_of_revenue * g.hit_share for g in money.groups]
    if not any(felt):
        return {"peak_factor": 0.0} if money.groups else {}
    touched = float(weighted_reach([g.hit_share for g in money.groups], [g.share_of_revenue for g in money.groups]))
    leaving = math.fsum(f * g.churn_times for f, g in zip(felt, money.groups, strict=True)) / math.fsum(felt)
    return {name: factor for name, factor in (("peak_factor", touched), ("churn_factor", leaving)) if abs(factor - 1) > 1e-9}


@lru_cache(maxsize=64)
def _tenant_groups(factors: tuple[tuple[str, float], ...]) -> Choice:
    """What tenant groups make of the numbers that say what an outage costs all customers together."""
    why, source = "tenant groups: how much of the revenue feels an outage, and how readily it leaves", N_("the client's tenant groups")
    moves = tuple(Move(name, "scale", x, x, x, "client", why, source, "arithmetic") for name, x in factors)
    return Choice("tenant_groups", (1.0,), (moves,), "supposed")


def with_practice(values: Values, catalog: Catalog, altered: Engagement, practice: str, *, as_of: date) -> Values:
    """The same client and draws with one practice answered as in ``altered``; what was measured moves with the model."""
    now = choice_of(catalog.practices[practice], altered.answers.get(practice), catalog, as_of=as_of, stage=altered.stage)
    return values.altered(tuple(now if c.origin == practice else c for c in values.choices))
