"""What each improvement takes off each risk, alone and in pairs that do more together; differences of whole years on common draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.improvements import Candidates, Improvement, applied
from readiness.assessment.promise import JourneyResult
from readiness.assessment.yearly import FEW_DRAWS, Year, supposed
from readiness.assumptions import LIMIT_NUMBERS, MONTHS_PER_YEAR, OPTION_NUMBERS
from readiness.models import Array

Aim = Literal["economic", "loss", "promise"]
MOST_PAIRS = 24
PAIR_GAIN = 0.002
"""Share of all risks that two improvements have to avoid beyond their single effects to be planned as a pair."""
SMALL_RISK = 0.002
MOST_TAKEN = 0.995
NOTHING = 1e-4


@dataclass(frozen=True)
class Effects:
    """Improvements as the planner wants them.

    Parameters
    ----------
    aim
        What is made small: ``economic`` (loss, hours at their loaded rate, cash), ``loss`` (and cash), ``promise`` (how often outages use
        up the allowance of the main journey).
    risks
        Money a year by risk, used-up allowances a year by cause for a promise; small ones together.
    order
        Ids of the rows below: the candidates, then pairs that cost nothing and need both.
    shares
        Taken off each risk by each, over and above the step before; (rows, risks).
    running_per_month
        Cash a month that each adds; negative when it saves.
    harm_per_year
        Money a year by which it makes some risks larger.
    """

    candidates: Candidates = field(repr=False)
    aim: Aim
    risks: Mapping[str, float]
    order: tuple[str, ...]
    hours: Array
    lead_weeks: Array
    shares: Array = field(repr=False)
    running_per_month: Array = field(repr=False)
    harm_per_year: Array = field(repr=False)
    needs: Mapping[str, tuple[str, ...]]
    rivals: tuple[tuple[str, ...], ...]

    def avoided_per_year(self, name: str) -> float:
        """What one step alone takes off all risks, over and above the step before."""
        return float(self.shares[self.order.index(name)] @ np.array(list(self.risks.values())))


def effects_of(measured: Measured, aim: Aim = "economic") -> Effects:
    """Single effects of all candidates, and of pairs worth planning as such.

    Notes
    -----
    A step's effect is what its year leaves of each risk against the year of the step before it. The product of two is a pair's only if
    they act on different factors of a cause: whatever a pair leaves beyond that is an improvement of its own, without hours, that needs both.
    """
    every = measured.every
    today = measured.of(()).risks(aim)
    whole = sum(today.values())
    kept = [k for k, v in today.items() if v > SMALL_RISK * whole]
    names = (*kept, "other")
    risks = _vector(today, kept)
    shares, running, harm = [], [], []
    for improvement in every.improvements:
        before = every.chain(improvement)[:-1]
        was, now = measured.of(before), measured.of([*before, improvement])
        share, worse = _difference(_vector(was.risks(aim), kept), _vector(now.risks(aim), kept))
        if not improvement.asked and not improvement.gate:
            # Nobody knows how it stands: it may be done for what needs it, never for its own sake.
            share = np.zeros_like(share)
        shares.append(share)
        running.append((now.cash - was.cash) / MONTHS_PER_YEAR + improvement.cost_per_month)
        harm.append(worse)
    ids = [i.id for i in every.improvements]
    needs = {i.id: i.needs for i in every.improvements}
    for pair, extra in _pairs(measured, aim, kept, np.array(shares).reshape(len(ids), len(names)), risks):
        name = "+".join(i.id for i in pair)
        ids.append(name)
        needs[name] = tuple(i.id for i in pair)
        shares.append(extra)
        running.append(0.0)
        harm.append(0.0)
    zeros = [0.0] * (len(ids) - len(every.improvements))
    return Effects(
        every,
        aim,
        dict(zip(names, map(float, risks), strict=True)),
        tuple(ids),
        np.array([i.hours for i in every.improvements] + zeros),
        np.array([i.lead_weeks for i in every.improvements] + zeros),
        np.array(shares).reshape(len(ids), len(names)),
        np.array(running),
        np.array(harm),
        needs,
        every.rivals,
    )


@dataclass(frozen=True)
class Outcome:
    """Means of one year: money by risk, hours in money by line, used-up allowances of the main journey by cause, cash, all a year."""

    loss: Mapping[str, float]
    hours: Mapping[str, float]
    allowances: Mapping[str, float]
    cash: float

    def risks(self, aim: Aim) -> Mapping[str, float]:
        """What the plan is to make small."""
        return {**self.loss, **self.hours} if aim == "economic" else self.loss if aim == "loss" else self.allowances

    def total(self, aim: Aim) -> float:
        return sum(self.risks(aim).values()) + (0.0 if aim == "promise" else self.cash)


class Measured:
    """The year after some improvements; each combination is looked at once, whatever the plan aims at.

    Parameters
    ----------
    a
        The client as it stands.
    every
        What could be done.
    """

    def __init__(self, a: Assessment, every: Candidates) -> None:
        self.a, self.every = a, every
        self._known: dict[frozenset[tuple[str | None, ...]], Outcome] = {}

    def of(self, improvements: Sequence[Improvement]) -> Outcome:
        # Of one practice the last step counts, so that chains share what they have in common.
        last = {(i.practice, i.tier): i for i in improvements}
        key = frozenset((i.practice, i.answer, i.tier, i.way) for i in last.values())
        if key not in self._known:
            self._known[key] = _outcome(supposed(self.a, applied(self.a.engagement, last.values()), draws=FEW_DRAWS))
        return self._known[key]


def _outcome(year: Year) -> Outcome:
    lines = {a.id for a in year.amounts if a.column == "hours"}
    risks = {k: v for k, (_, v) in year.risks(with_hours=True).items()}
    return Outcome(
        {k: v for k, v in risks.items() if k not in lines},
        {k: v for k, v in risks.items() if k in lines},
        allowances_used(year.main),
        float(year.cash.mean()),
    )


def allowances_used(result: JourneyResult) -> dict[str, float]:
    """How many windows' allowances a year the outages of each cause use up, every outage at most one.

    Notes
    -----
    rate x E[min(reach x duration, allowance)] / allowance, a lognormal duration's mean up to a cap. Bad minutes alone would let one rare
    week-long outage outweigh a hundred outages that each break the promise just as surely.
    """
    promise = result.journey.promise
    allowance = (1 - promise.slo) * result.window_minutes
    found: dict[str, float] = {}
    for cause in result.causes:
        if not cause.planned:
            minutes = cause.counted(allowance, result.sigma)
        else:
            minutes = float(cause.bad_minutes.mean()) if promise.planned_work_counts else 0.0
        key = cause.id.partition("~")[0]
        found[key] = found.get(key, 0.0) + minutes / allowance
    return found


def _vector(risks: Mapping[str, float], kept: Sequence[str]) -> Array:
    """Risks in a fixed order, the small ones together at the end."""
    return np.array([*(risks.get(k, 0.0) for k in kept), sum(v for k, v in risks.items() if k not in kept)])


def _difference(was: Array, now: Array) -> tuple[Array, float]:
    left = np.divide(now, was, out=np.ones_like(was), where=was > 0)
    share = np.clip(1 - left, 0.0, MOST_TAKEN)
    share[share < NOTHING] = 0.0
    return share, float(np.clip(now - was, 0.0, None).sum())


def _pairs(measured: Measured, aim: Aim, kept: Sequence[str], shares: Array, risks: Array) -> list[tuple[tuple[Improvement, Improvement], Array]]:
    """Pairs that avoid noticeably more together: moves with practices that act on parts, and the largest of the rest."""
    every = measured.every
    by_worth = [every.improvements[p] for p in np.argsort(-(shares @ risks), kind="stable")]
    moves = [i for i in by_worth if i.tier]
    on_parts = [i for i in by_worth if i.practice and _acts_on_parts(measured.a, i)]
    looked = [(m, p) for m in moves for p in on_parts[:4] if p.after != m.id]
    looked += [pair for pair in combinations([i for i in by_worth if i.practice][:6], 2) if pair[0].practice != pair[1].practice]
    found = []
    for one, other in looked[:MOST_PAIRS]:
        together = list(dict.fromkeys([*every.chain(one), *every.chain(other)]))
        if any(len({i.way for i in together if i.tier == t}) > 1 for t in {i.tier for i in together if i.tier}):
            continue
        first, second, both = (_vector(measured.of(steps).risks(aim), kept) for steps in (every.chain(one), every.chain(other), together))
        expected = np.divide(first * second, risks, out=np.zeros_like(risks), where=risks > 0)
        left = np.divide(both, expected, out=np.ones_like(risks), where=expected > 0)
        extra = np.clip(1 - left, 0.0, MOST_TAKEN)
        if float(extra @ expected) > PAIR_GAIN * float(risks.sum()):
            found.append(((one, other), np.where(extra < NOTHING, 0.0, extra)))
    return found


def _acts_on_parts(a: Assessment, improvement: Improvement) -> bool:
    moves = a.catalog.practices[improvement.practice or ""].answer(improvement.answer or "").moves
    return any(m.target.rsplit(".", 1)[-1] in OPTION_NUMBERS.keys() - LIMIT_NUMBERS for m in moves)


__all__ = ["Aim", "Effects", "Measured", "Outcome", "effects_of"]
