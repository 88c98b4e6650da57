"""What practices buy beside designs: bad minutes saved and money a month of each next better answer, and of all that a promise asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment, assess_if
from readiness.assessment.causes import CauseDraws, causes_of
from readiness.assessment.design_options import SPREAD_MONTHS, bad_minutes_of
from readiness.assessment.money import line_amounts, tier_amounts, total
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR
from readiness.catalog.schema import Practice, Range, Remedy
from readiness.engagement.schema import Engagement, GivenAnswer
from readiness.models import Array
from readiness.moves import Values
from readiness.practices import with_practice

LEAST_SAVED = 0.002
"""Share of today's bad minutes below which a practice is not worth a line here."""


@dataclass(frozen=True)
class PracticeBuy:
    """A practice raised to its next better answer.

    Parameters
    ----------
    minutes
        Change of bad minutes a year, below zero for fewer; mean.
    cash_per_month
        Change of cash: the remedy's own price, on-call pay, tools.
    hours_once, hours_per_month_spread
        Hours to get there, and the same spread over three years; shown apart from cash.
    """

    practice: Practice
    to: str
    minutes: float
    cash_per_month: float
    hours_once: float

    @property
    def hours_per_month_spread(self) -> float:
        return self.hours_once / SPREAD_MONTHS


@dataclass(frozen=True, eq=False)
class Raised:
    """The client with every practice at the answer that the promise asks for.

    Parameters
    ----------
    a
        Assessed so, on the same draws.
    practices
        What had to be raised.
    cash_per_month, hours_once
        What that costs.
    """

    a: Assessment
    practices: tuple[Practice, ...]
    cash_per_month: float
    hours_once: float


def _level(a: Assessment, practice: Practice) -> float:
    """Today's level; for an open question the mean over its answers."""
    given = a.engagement.answers.get(practice.id)
    if given is not None and not given.not_applicable:
        return float(min(practice.answer(x).level for x in given.answers))
    return sum(x.level * x.share.likely for x in practice.answers)


def _remedy(practice: Practice, to: str) -> Remedy | None:
    return next((r for r in practice.remedies if r.to == to), None)


def _mean(a: Assessment, name: str, given: Range | None) -> float:
    return 0.0 if given is None else float(a.values.ranged(name, given.low, given.likely, given.high).mean())


def remedy_cost(a: Assessment, practice: Practice, to: str) -> tuple[float, float]:
    """Money a month and hours once, as means."""
    remedy = _remedy(practice, to)
    if remedy is None:
        return 0.0, 0.0
    name = f"{practice.id}.{to}"
    return _mean(a, f"{name}.cost", remedy.cost_per_month) * a.engagement.client.exchange_rate_from_usd, _mean(a, f"{name}.hours", remedy.hours)


def _minutes(a: Assessment, values: Values) -> tuple[Array, tuple[CauseDraws, ...]]:
    """Bad minutes a year weighted by revenue of the same design under other numbers, and their causes."""
    by_journey: list[Array] = []
    causes: dict[str, CauseDraws] = {}
    for journey in a.engagement.journeys:
        found = causes_of(a.catalog, a.engagement, a.design, journey, values)
        causes |= {c.id: c for c in found}
        by_journey.append(np.minimum(bad_minutes_of(found, values.draws)[0], MINUTES_PER_YEAR))
    return np.asarray(np.tensordot(np.array(a.weights), np.stack(by_journey), axes=1)), tuple(causes.values())


def _cash(a: Assessment, values: Values, causes: Sequence[CauseDraws]) -> float:
    """Cash a month of the same design under other numbers."""
    tiers = tier_amounts(a.design, values)
    lines = line_amounts(a.catalog, a.design, values, tiers, causes)
    return float(total((*tiers, *lines), "cash", values.draws).mean()) / MONTHS_PER_YEAR


def raised_answer(a: Assessment, practice: Practice, to: str) -> GivenAnswer:
    """A better answer, known no better than today's: the gain is the practice's, not that of somebody having looked."""
    given = a.engagement.answers.get(practice.id)
    return GivenAnswer(answer=to, rung=given.rung if given is not None else "claimed", on=a.as_of)


def practice_buys(a: Assessment) -> tuple[PracticeBuy, ...]:
    """Each practice's next better answer that saves bad minutes, the most first; on the common draws.

    Notes
    -----
    An open question is raised from the mixture over its answers. Effects do not add up: each is found alone.
    """
    before, causes = _minutes(a, a.values)
    cash_before = _cash(a, a.values, causes)
    applies = {c.origin for c in a.values.choices}
    moved_by = {name.rpartition(".")[2] for r in a.journeys for c in r.causes for name in c.inputs}
    found = []
    for practice in a.catalog.practices.values():
        given = a.engagement.answers.get(practice.id)
        reaches = any(m.target in moved_by for x in practice.answers for m in x.moves)
        if not reaches or practice.id not in applies or (given is not None and given.not_applicable):
            continue
        now = _level(a, practice)
        better = sorted((x.level, x.id) for x in practice.answers if x.level > now and _remedy(practice, x.id) is not None)
        if not better:
            continue
        to = better[0][1]
        altered = a.engagement.with_answer(practice.id, raised_answer(a, practice, to))
        values = with_practice(a.values, a.catalog, altered, practice.id, as_of=a.as_of)
        minutes, causes = _minutes(a, values)
        saved = float(minutes.mean() - before.mean())
        if saved < -LEAST_SAVED * float(before.mean()):
            price, hours = remedy_cost(a, practice, to)
            found.append(PracticeBuy(practice, to, saved, _cash(a, values, causes) - cash_before + price, hours))
    return tuple(sorted(found, key=lambda b: (b.minutes, b.practice.id)))


def raised(a: Assessment) -> Raised | None:
    """The client with all practices that the promise asks for; None when none is missing."""
    wanted = [(p.practice, p.required) for p in a.standing.practices if p.gate in ("missed", "unproven") and p.required is not None]
    if not wanted:
        return None
    altered: Engagement = a.engagement
    price = hours = 0.0
    for practice, to in wanted:
        altered = altered.with_answer(practice.id, raised_answer(a, practice, to))
        more = remedy_cost(a, practice, to)
        price, hours = price + more[0], hours + more[1]
    b = assess_if(a, altered)
    cash = float(b.figure("cash_per_month").draws.mean() - a.figure("cash_per_month").draws.mean())
    return Raised(b, tuple(p for p, _ in wanted), cash + price, hours)


@dataclass(frozen=True)
class PathStep:
    """One practice on the way down from today's design: where one stands once it and all before it are done."""

    practice: Practice
    to: str
    minutes: float
    cash_per_month: float


def practice_path(a: Assessment, buys: Sequence[PracticeBuy], *, most: int = 5) -> tuple[PathStep, ...]:
    """The best practices one after the other, their effects found together, on the common draws.

    Returns
    -------
    path
        Bad minutes a year after each step, and cash a month above today's.
    """
    values, engagement = a.values, a.engagement
    cash_before = _cash(a, a.values, _minutes(a, a.values)[1])
    price, path = 0.0, []
    for buy in buys[:most]:
        engagement = engagement.with_answer(buy.practice.id, raised_answer(a, buy.practice, buy.to))
        values = with_practice(values, a.catalog, engagement, buy.practice.id, as_of=a.as_of)
        minutes, causes = _minutes(a, values)
        price += remedy_cost(a, buy.practice, buy.to)[0]
        path.append(PathStep(buy.practice, buy.to, float(minutes.mean()), _cash(a, values, causes) - cash_before + price))
    return tuple(path)
