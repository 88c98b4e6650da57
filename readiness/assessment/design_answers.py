"""The questions a client asks of all designs: what keeps the promise, what the budget buys, what is worth buying, what comes first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from readiness.assessment.design_branches import plan_in
from readiness.assessment.design_options import Option
from readiness.assessment.design_regions import SECOND_REGION
from readiness.assessment.design_sums import LOOSE_NEEDS, Plan, Sums
from readiness.assessment.designs import DesignSpace, Scored
from readiness.assessment.money import DOWNTIME_LOSS
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR
from readiness.language import tr
from readiness.models.frontier import Front, Point
from readiness.models.frontier_fields import Integers
from readiness.models.frontier_questions import Distance, Prices, best_within, distance, least_economic_cost, marginal_price, within_hours
from readiness.models.frontier_search import k_best

T = TypeVar("T")
CONFIDENCE = 0.9
STEPS = 3
ALTERNATIVES = 3
DIFFER = 2
MATERIAL = 0.02
"""Share of today's cash or downtime below which a difference is none."""
SEARCHED = 12
"""Next best designs looked at for alternatives: those of other global choices may differ in one tier only."""


@dataclass(frozen=True)
class Limits:
    """What the client can spend, and what a bad minute costs it.

    Parameters
    ----------
    budget, budget_said
        Cash a month; False when nobody said it and today's bill stands in.
    hours
        A month: what running the tiers takes today, or what the team says it can spare, whichever is more.
    loss_per_minute
        Money that one expected bad minute costs: revenue, customers, staff and credits of today, divided by today's minutes.
    rate
        Loaded rate of an hour.
    """

    budget: float
    budget_said: bool
    hours: float
    loss_per_minute: float
    rate: float


@dataclass(frozen=True)
class Step:
    """One step from today's design towards another: its tiers, the ways after it, and its own gain and cost."""

    tiers: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    cash: float
    minutes: float
    hours: float
    hours_once: float


def limits_of(space: DesignSpace) -> Limits:
    """Budget, hours and money per bad minute, from the client's file and today's assessment."""
    a, today = space.a, space.sums(space.today)
    said = a.engagement.money.cloud_budget_per_month
    lost = sum(float(a.figure(line).draws.mean()) for line in DOWNTIME_LOSS)
    minutes = float(a.bad_minutes_weighted.mean())
    return Limits(said if said is not None else today.cash, said is not None, max(today.hours, a.engagement.team.spare_hours_per_month or 0.0),
                  lost / minutes if minutes else 0.0, float(a.values["loaded_rate_per_hour"].mean()))  # fmt: skip


def part_of(front: Front, places: Integers) -> Front:
    """The front at some of its places only."""
    return replace(front, cost=front.cost[places], loss=front.loss[places], hours=None if front.hours is None else front.hours[places],
                   branch=front.branch[places], keys=front.keys[places])  # fmt: skip


def reachable(space: DesignSpace, hours: float = math.inf) -> Integers:
    """Places of the designs that no other beats in cash and minutes among those that need at most ``hours`` a month."""
    return within_hours(space.front, hours)


def cheapest_keeping(
    space: DesignSpace, *, confidence: float | None = None, hours: float = math.inf, allowances: Sequence[float] | None = None
) -> Plan | None:
    """The cheapest design on the front whose promises hold on average, or in at least ``confidence`` of the draws.

    Returns
    -------
    plan
        None when no design on the front does.

    Notes
    -----
    On average: the expected bad minutes of a year that each promise counts are at most what it forgives. With a
    confidence: in that share of the draws, that is whatever the uncertain numbers turn out to be, the expected minutes of
    all journeys stay within. Neither speaks of luck: the chance of a bad month stands beside it.
    """
    for place in reachable(space, hours).tolist():
        plan = space.plan(place)
        average, share = space.meets(plan, allowances)
        if average if confidence is None else share >= confidence:
            return plan
    return None


def best_for(space: DesignSpace, budget: float, hours: float = math.inf) -> Plan | None:
    """The design with the fewest bad minutes within a budget and the team's hours."""
    found = best_within(space.front, budget, hours)
    return None if found is None or found.index is None else space.plan(found.index)


def worth_buying(
    space: DesignSpace, loss_per_minute: float, rate: float, hours: float = math.inf, minutes: float = math.inf
) -> Plan | None:
    """The design with the least cash + hours x rate + loss: what is worth buying at this loss per bad minute.

    ``hours`` a month and bad ``minutes`` a year are caps.
    """
    needed = space.front.hours if space.front.hours is not None else np.zeros(len(space.front))
    front = part_of(space.front, np.flatnonzero((needed <= hours + 1e-9) & (space.front.loss <= minutes + 1e-6)))
    if not len(front):
        return None
    found = least_economic_cost(front, loss_per_minute / MONTHS_PER_YEAR, rate)
    return space.plan_of(found.design, found.branch)


def prices_along(space: DesignSpace, hours: float = math.inf) -> Prices:
    """What each corner of the front costs for a minute avoided and for a nine."""
    return marginal_price(space.front, corners=True, hours_max=hours, minutes_per_year=MINUTES_PER_YEAR)


def away_from_front(space: DesignSpace, plan: Plan, hours: float = math.inf) -> Distance:
    """How far a design, today's or one made by hand, stands from the front in money and in minutes."""
    s = space.sums(plan)
    return distance(part_of(space.front, reachable(space, max(hours, s.hours))), Point(s.cash, s.minutes))


def alternatives(space: DesignSpace, plan: Plan, *, hours: float = math.inf, differ: int = DIFFER, wanted: int = ALTERNATIVES) -> tuple[Plan, ...]:
    """The cheapest other designs that are about as good and differ in at least ``differ`` tiers from it and from one another."""
    chosen: list[Plan] = [plan]
    limit = space.sums(plan).minutes * 1.02
    cap = hours if math.isfinite(hours) else None
    for point in k_best(space.loose, SEARCHED, loss_max=limit, hours_max=cap, differ=min(differ, len(plan.options))):
        other = plan_in(space.loose_branches[point.branch], point.design)
        if all(len(other.differs(c)) >= differ for c in chosen):
            chosen.append(other)
    return tuple(sorted(chosen[1:], key=lambda p: space.sums(p).cash)[:wanted])


def groups(space: DesignSpace, before: Plan, after: Plan) -> tuple[tuple[str, ...], ...]:
    """Tiers that have to change together: those of a bundle, and all that stand with the home when the home changes."""
    need = {t.name: t.need for t in space.a.engagement.architecture.tiers}
    found: list[set[str]] = []
    moved = set(after.differs(before))
    at_home = {t for t in moved - {SECOND_REGION} if need[t] not in LOOSE_NEEDS} if space.extras(before).home != space.extras(after).home else set()
    for t in sorted(moved):
        group = {t} | (at_home if t in at_home else set())
        for part in (*before.parts, *after.parts):
            if set(part.tiers) & group and len(part.tiers) > 1:
                group |= set(part.tiers) & moved
        for other in [g for g in found if g & group]:
            found.remove(other)
            group |= other
        found.append(group)
    return tuple(tuple(sorted(g)) for g in found)


def steps_to(space: DesignSpace, after: Plan, *, most: int = STEPS) -> tuple[Step, ...]:
    """The first steps from today's design to another, the best gain for its cost first; gains by `assess` on the common draws."""
    now, left = space.today, list(groups(space, space.today, after))
    taken: list[Step] = []
    ways, second = dict(space.today.ways), space.today.second
    goal = after.ways
    while left and len(taken) < most:
        tried = []
        for group in left:
            plan = space.plan_with(ways | {t: goal[t] for t in group if t in goal}, second=second or SECOND_REGION in group)
            if plan is not None:
                tried.append((_rank(space.sums(now), space.sums(plan)), group, plan))
        if not tried:
            break
        _, group, plan = min(tried, key=lambda x: (x[0], x[1]))
        taken.append(_step(space, now, plan, group))
        ways, second = plan.ways, plan.second
        left.remove(group)
        now = plan
    return tuple(taken)


def _rank(before: Sums, after: Sums) -> tuple[int, float]:
    """First what saves money and minutes, then what buys minutes by gain per money, last what gives minutes away."""
    minutes, cash = after.minutes - before.minutes, after.cash - before.cash
    if minutes <= 0 and cash <= 0:
        return 0, minutes
    if minutes < 0:
        return 1, minutes / cash
    return 2, minutes / -cash if cash < 0 else math.inf


def _step(space: DesignSpace, before: Plan, after: Plan, tiers: Sequence[str]) -> Step:
    was, now = space.sums(before), space.sums(after)
    minutes = float(space.minutes(after).mean() - space.minutes(before).mean())
    changed = [o for o in after.parts if set(o.tiers) & set(tiers)]
    old = {t: o for o in before.parts for t in o.tiers}
    opened = after.second and not before.second
    titles = (*dict.fromkeys(old[t].way.title for t in tiers if t in old), *((tr("one region"),) if opened else ()))
    once = sum(o.move_hours for o in changed) + (space.hours_once(after) - space.hours_once(replace(after, second=False)) if opened else 0.0)
    return Step(tuple(tiers), titles, (*(o.way.title for o in changed), *((tr("a second on standby"),) if opened else ())), now.cash - was.cash, minutes, now.hours - was.hours, once)


def better_in_both(space: DesignSpace, *, most: int = 3) -> tuple[Step, ...]:
    """Changes of a single tier (or to a single bundle) of today's design that cost no more and lose no more, by `assess`."""
    now, today = space.sums(space.today), space.today
    home = space.extras(today).home
    need = {t.name: t.need for t in space.a.engagement.architecture.tiers}
    found = []
    for option in [o for t in space.choices.varied for o in space.choices.single[t]] + list(space.choices.bundles):
        if option.today or not _stays(space, option, home, need):
            continue
        plan = space.plan_with(dict.fromkeys(option.tiers, option.way.id))
        if plan is None:
            continue
        s = space.sums(plan)
        worth_it = now.cash - s.cash > MATERIAL * now.cash or now.minutes - s.minutes > MATERIAL * now.minutes
        if s.cash <= now.cash and s.minutes <= now.minutes and worth_it:
            found.append((s.minutes, s.cash, option, plan))
    found.sort(key=lambda x: (x[0], x[1], x[2].way.id))
    kept: dict[tuple[str, ...], tuple[Option, Plan]] = {}
    for _, _, option, plan in found:
        kept.setdefault(option.tiers, (option, plan))
    return tuple(_step(space, today, plan, option.tiers) for option, plan in list(kept.values())[:most])


def _stays(space: DesignSpace, option: Option, home: str, need: Mapping[str, str]) -> bool:
    return option.provider == home or option.provider not in space.summing.homes or all(need[t] in LOOSE_NEEDS for t in option.tiers)


@dataclass(frozen=True, eq=False)
class Answers:
    """Every question's answer for one client, each design re-scored by `assess`.

    ``keeps`` and ``keeps_surely`` are the cheapest designs that keep the promises on average and with 90 % confidence;
    ``best`` is the best within budget and hours, ``worth`` the one worth buying, ``recommended`` one of these. None
    where no design answers.
    """

    space: DesignSpace
    limits: Limits
    today: Scored
    keeps: Scored | None
    keeps_surely: Scored | None
    best: Scored | None
    worth: Scored | None
    recommended: Scored
    alternatives: tuple[Plan, ...]
    steps: tuple[Step, ...]
    single: tuple[Step, ...]
    away: Distance
    prices: Prices

    @property
    def once_hours(self) -> float:
        """Hours to come from today's design to the recommended one, once."""
        return self.space.hours_once(self.recommended.plan)


def recommended_of(worth_and_sure: T | None, keeps_surely: T | None, worth_and_no_worse: T | None, keeps: T | None) -> T | None:
    """The first that there is: nothing is saved at the cost of more downtime, unless the promise surely holds then too."""
    return next((x for x in (worth_and_sure, keeps_surely, worth_and_no_worse, keeps) if x is not None), None)


def answer_all(space: DesignSpace, limits: Limits | None = None) -> Answers:
    """All answers for a client.

    Notes
    -----
    What is recommended: the design that is worth buying within the team's hours, if it keeps the promises with 90 %
    confidence; else the cheapest that does; where none does, what is worth buying among the designs with no more downtime
    than today's.
    """
    limits = limits or limits_of(space)
    today = space.score(space.today)

    def scored(plan: Plan | None) -> Scored | None:
        return None if plan is None else space.score(plan)

    keeps = scored(cheapest_keeping(space, hours=limits.hours))
    surely = scored(cheapest_keeping(space, confidence=CONFIDENCE, hours=limits.hours))
    best = scored(best_for(space, limits.budget, limits.hours))
    worth = scored(worth_buying(space, limits.loss_per_minute, limits.rate, limits.hours))
    no_worse = scored(worth_buying(space, limits.loss_per_minute, limits.rate, limits.hours, float(today.minutes.mean())))
    chosen = recommended_of(worth if worth is not None and worth.confidence >= CONFIDENCE else None, surely, no_worse, keeps) or today
    return Answers(
        space, limits, today, keeps, surely, best, worth, chosen, alternatives(space, chosen.plan, hours=limits.hours),
        steps_to(space, chosen.plan), better_in_both(space), away_from_front(space, space.today, limits.hours), prices_along(space, limits.hours),
    )  # fmt: skip

