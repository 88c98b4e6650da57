"""The client's extreme event: does each tier carry it, how long until it is well again, who answers, and what would carry it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.limits import SURE, Limit, limit_of
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.catalog import Catalog
from readiness.design import Design, Placed
from readiness.engagement.schema import Engagement, Extreme, GivenAnswer
from readiness.language import N_, Words, joined, tr
from readiness.models import Array
from readiness.models.load import Queue, Runway, headroom, load_on_people, runway
from readiness.models.spike import CARRIED, REFUSED, SLOW, STUCK, TOO_SMALL, spike
from readiness.moves import Values
from readiness.practices import with_practice
from readiness.text import rounded, whole

# Estimates of this workbook, named in the exhibit: nobody measures them before the day.
PATIENCE_SECONDS = 10.0
RETRIES = 2
RETRY_BUDGET = 0.1
MINUTES_PER_TICKET = 12.0
MINUTES_PER_PAGE = 10.0
PAGES_PER_HOUR_AND_TIER = 4.0
# New capacity is taken to come with this much to spare, or the backlog would never drain.
SPARE_AFTER_SCALING = 1.5
# Shares of requests refused below this are not worth a reader's time.
WORTH_SAYING = 0.01
# A provider's service that grows within so many minutes is taken to grow by itself, up to its quota.
QUICK_MINUTES = 10.0
WEEKS_PER_MONTH = 52.1775 / MONTHS_PER_YEAR
# Practices that decide how an overload goes, and from which level retries are held to a budget.
CARRYING = ("autoscaling", "overload_shedding", "load_test", "limits_and_quotas")
SHEDS_FROM_LEVEL = 3

WORDS = Words({CARRIED: N_("carried"), SLOW: N_("slow, then well"), REFUSED: N_("refused above its limit"), STUCK: N_("stuck until load is shed"), TOO_SMALL: N_("too small")})
Outcome = Literal["carried", "hurts", "cannot tell"]


@dataclass(frozen=True)
class TierLoad:
    """One tier in the event; capacities in requests per second, draws first.

    Parameters
    ----------
    capacity
        What it serves today; None when nobody knows.
    elastic
        The provider grows it by itself; unless its capacity is known, its limit decides.
    by_room, longest_wait_seconds
        As in `readiness.models.spike`; None when the capacity is not known.
    degraded_minutes
        Until it serves all of it again; None when neither capacity nor limit is known.
    lag_minutes
        Until more capacity serves.
    limit
        What its provider lets through before it refuses; None when no limit is known.
    """

    tier: str
    title: str
    capacity: float | None
    elastic: bool
    headroom_today: float | None
    times_peak: float | None
    lag_minutes: Array
    by_room: np.ndarray | None
    longest_wait_seconds: Array | None
    degraded_minutes: Array | None
    capacity_to_carry: Array | None
    lag_minutes_to_carry: float | None
    growth: Runway | None
    limit: Limit | None = None

    @cached_property
    def verdict(self) -> np.ndarray | None:
        """The worse of what its room and its provider's limit do, draw by draw; None when neither is known."""
        if self.limit is None:
            return self.by_room
        by_limit = np.where(self.limit.refused_share > 0, REFUSED, CARRIED)
        return by_limit if self.by_room is None else np.maximum(self.by_room, by_limit)

    @property
    def serves(self) -> float | None:
        """Requests of the product a second that its room and its limit let through, the smaller of them."""
        known = [x for x in (self.capacity, None if self.limit is None else self.limit.per_second) if x is not None]
        return min(known, default=None)

    @property
    def chance_carried(self) -> float | None:
        return None if self.verdict is None else float(np.mean(self.verdict == CARRIED))

    @property
    def word(self) -> str:
        """The commonest outcome over the draws."""
        if self.verdict is None:
            return tr("grows by itself; ask for its quota") if self.elastic else tr("not known")
        return WORDS[int(np.bincount(self.verdict, minlength=len(WORDS)).argmax())]


@dataclass(frozen=True)
class Carrier:
    """Something that would help, the chance that the event is carried with it, and the share of requests still refused."""

    what: str
    practice: str | None
    tier: str | None
    chance_carried: float
    degraded_minutes: float
    refused_share: float


@dataclass(frozen=True)
class ExtremeResult:
    """The event as a whole.

    Parameters
    ----------
    peak_per_second, load_per_second
        The usual peak and the event's; None when the client gave no demand.
    growth_per_year
        As the client expects.
    tickets, pages
        People on duty as servers; None when their number or their work is not known.
    """

    event: Extreme
    peak_per_second: float | None
    load_per_second: float | None
    growth_per_year: float
    tiers: tuple[TierLoad, ...]
    tickets: Queue | None
    pages: Queue | None
    retries: int
    retry_budget: float
    carriers: tuple[Carrier, ...] = ()

    @property
    def known(self) -> tuple[TierLoad, ...]:
        return tuple(t for t in self.tiers if t.verdict is not None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Tiers of which nobody knows what they serve."""
        return tuple(t.tier for t in self.tiers if t.verdict is None and not t.elastic)

    @property
    def by_quota(self) -> tuple[str, ...]:
        """Tiers that their provider grows, up to a limit that nobody named."""
        return tuple(t.tier for t in self.tiers if t.verdict is None and t.elastic)

    @cached_property
    def verdict(self) -> np.ndarray | None:
        """The worst tier decides, draw by draw."""
        verdicts = [t.verdict for t in self.known if t.verdict is not None]
        return np.maximum.reduce(verdicts) if verdicts else None

    @property
    def chance_carried(self) -> float | None:
        return None if self.verdict is None else float(np.mean(self.verdict == CARRIED))

    @cached_property
    def degraded_minutes(self) -> Array | None:
        """Until the last tier is well again; at most as long as the event lasts."""
        found = [t.degraded_minutes for t in self.known if t.degraded_minutes is not None]
        return np.maximum.reduce(found) if found else None

    @cached_property
    def refused_share(self) -> Array | None:
        """Share of the peak's requests that some provider refuses: the narrowest limit's; None when no limit is known."""
        found = [t.limit.refused_share for t in self.tiers if t.limit is not None]
        return np.maximum.reduce(found) if found else None

    @property
    def narrowest(self) -> TierLoad | None:
        """The tier that fails first: the least chance to carry it, then the longest wait."""
        return min(self.known, key=lambda t: (t.chance_carried, -float(np.mean(_finite(t.longest_wait_seconds)))), default=None)

    @property
    def outcome(self) -> Outcome:
        chance = self.chance_carried
        if chance is None:
            return "cannot tell"
        if chance >= SURE:
            return "cannot tell" if self.unknown else "carried"
        return "hurts"


def extreme(a: Assessment, event: Extreme | None = None) -> ExtremeResult:
    """The client's extreme event, or another one, and what would carry it.

    Examples
    --------
    Would the product carry what the room is most afraid of? ``extreme(assessment).outcome``
    """
    chosen = event or a.engagement.demand.extreme
    today = event_at(a.catalog, a.engagement, a.design, a.values, chosen)
    return replace(today, carriers=_carriers(a, today))


def event_at(
    catalog: Catalog, engagement: Engagement, design: Design, values: Values, event: Extreme, *, unlimited: Collection[str] = ()
) -> ExtremeResult:
    """The event under given numbers; `extreme` adds what would carry it. Limits of the tiers ``unlimited`` are raised as far as needed."""
    demand = engagement.demand
    peak = demand.peak_per_second if demand.peak_per_second is not None else demand.mean_per_second
    load = None if not peak else peak * event.factor
    given = engagement.answers.get("overload_shedding")
    practice = catalog.practices.get("overload_shedding")
    shed = bool(practice and given and given.answers) and min(practice.answer(w).level for w in given.answers) >= SHEDS_FROM_LEVEL  # type: ignore[union-attr]
    budget = RETRY_BUDGET if shed else float("inf")
    tiers = tuple(
        _tier(p, values, peak, event, demand.growth_per_year, budget, raised=p.tier.name in unlimited) for p in design.placed if p.service.serves_requests
    )
    overloaded = sum(1 for t in tiers if t.verdict is not None and t.word != WORDS[CARRIED])
    team = engagement.team
    tickets = None
    if event.tickets_per_hour and team.support_people:
        tickets = load_on_people(pages_per_hour=event.tickets_per_hour, minutes_per_page=MINUTES_PER_TICKET, staff=team.support_people)
    pages = None
    if overloaded and team.on_call_people:
        # One person is on duty at a time, however many take turns.
        pages = load_on_people(pages_per_hour=PAGES_PER_HOUR_AND_TIER * overloaded, minutes_per_page=MINUTES_PER_PAGE, staff=1)
    return ExtremeResult(event, peak, load, demand.growth_per_year, tiers, tickets, pages, RETRIES, budget)


def capacity_of(placed: Placed, values: Values) -> tuple[float | None, bool]:
    """Requests per second a tier serves today as far as known, and whether its provider grows it by itself."""
    known = placed.tier.capacity_per_second
    if known is None and placed.way.capacity_per_copy is not None:
        known = placed.way.capacity_per_copy * placed.copies
    scale_out = values[f"{placed.tier.name}.scale_out_minutes"]
    quick = 0 < float(np.median(scale_out)) <= QUICK_MINUTES
    return known, placed.way.run_by == "provider" and (placed.way.redundancy == "serverless" or (known is None and quick))


def ramp_lag(lag_minutes: Array, *, capacity: float, peak: float, load: float, over_minutes: float) -> Array:
    """The lag that piles up as much after a jump as the true lag does on a ramp.

    Notes
    -----
    The load rises evenly from the peak to the event's load; more capacity is called when today's is reached. What is
    over then rises as a triangle, with a block after it if the lag outlasts the ramp.

    Examples
    --------
    Five minutes of ramp from 100 to 1,000 a second, room for 550: it runs over after half of it. Ten minutes of lag
    then pile up as much as 8.75 minutes of the full jump.

    >>> float(ramp_lag(np.array(10.0), capacity=550, peak=100, load=1000, over_minutes=5))
    8.75
    """
    if load <= capacity or load <= peak:
        return np.asarray(lag_minutes, dtype=float)
    left = over_minutes * (load - max(capacity, peak)) / (load - peak)
    lag = np.asarray(lag_minutes, dtype=float)
    return np.where(lag >= left, lag - left / 2, lag**2 / (2 * left) if left > 0 else lag)


def _tier(placed: Placed, values: Values, peak: float | None, event: Extreme, growth: float, budget: float, *, raised: bool = False) -> TierLoad:
    tier = placed.tier.name
    capacity, elastic = capacity_of(placed, values)
    scale_out = values[f"{tier}.scale_out_minutes"]
    lag = scale_out if elastic else np.maximum(scale_out, values["overload_minutes"])
    limit = limit_of(tier, values, peak * event.factor, raised=raised) if peak else None
    months = _runway(placed, values, None if elastic else capacity, limit, peak, growth) if peak else None
    if not peak or capacity is None:
        while_refused = None if limit is None else np.where(limit.refused_share > 0, event.lasts_minutes, 0.0)
        times = None if limit is None or not peak else limit.per_second / peak
        return TierLoad(tier, placed.way.title, capacity, elastic, None, times, lag, None, None, while_refused, None, None, months, limit)
    load = peak * event.factor
    ceiling = capacity if not scale_out.any() else SPARE_AFTER_SCALING * load
    felt = ramp_lag(lag, capacity=capacity, peak=peak, load=load, over_minutes=event.over_minutes)
    found = spike(
        load=load, capacity=capacity, ceiling=ceiling, lag_seconds=felt * 60, patience_seconds=PATIENCE_SECONDS, retries=RETRIES, retry_budget=budget
    )
    degraded = np.where(found.verdict == CARRIED, 0.0, np.minimum(found.degraded_seconds / 60, event.lasts_minutes))
    # Stuck means that it does not end by itself while the load lasts.
    stays = found.verdict >= STUCK if limit is None else (found.verdict >= STUCK) | (limit.refused_share > 0)
    degraded = np.where(stays, event.lasts_minutes, degraded)
    soonest = float(np.mean(found.lag_to_carry_seconds)) / 60
    serves = capacity if limit is None else min(capacity, limit.per_second)
    return TierLoad(tier, placed.way.title, capacity, elastic, float(headroom(peak, serves)), serves / peak, lag, found.verdict,
                    found.longest_wait_seconds, degraded, found.capacity_to_carry, soonest, months, limit)  # fmt: skip


def _runway(placed: Placed, values: Values, capacity: float | None, limit: Limit | None, peak: float, growth: float) -> Runway | None:
    """Months until growth meets the nearer of a tier's room and its provider's limit, each with its own lead time."""
    bounds = []
    if capacity is not None:
        bounds.append((capacity, placed.way.capacity_per_copy or capacity, values[f"{placed.tier.name}.lead_weeks"] / WEEKS_PER_MONTH))
    if limit is not None:
        bounds.append((limit.per_second, limit.per_second, limit.raise_days / (7 * WEEKS_PER_MONTH)))
    if not bounds:
        return None
    most, step, lead = min(bounds, key=lambda bound: bound[0])
    return runway(load=peak, limit=most, growth_per_year=growth, step=step, lead_months=lead)


def _carriers(a: Assessment, today: ExtremeResult) -> tuple[Carrier, ...]:
    """Practices at their best answer, the room that tiers lack, and all of it together."""
    if today.outcome == "carried" or today.verdict is None or today.load_per_second is None:
        return ()
    found: list[Carrier] = []
    better: dict[str, str] = {}
    for name in CARRYING:
        practice, given = a.catalog.practices.get(name), a.engagement.answers.get(name)
        best = max(practice.answers, key=lambda answer: answer.level) if practice else None
        if practice is None or best is None or (given is not None and best.id in given.answers):
            continue
        then = _then(a, today, {name: best.id}, {})
        less_refused = _mean(today.refused_share) - _mean(then.refused_share)
        if then.chance_carried != today.chance_carried or _mean(then.degraded_minutes) < 0.99 * _mean(today.degraded_minutes) or less_refused >= WORTH_SAYING:
            better[name] = best.id
            found.append(_carrier(f"{practice.title}: {best.text}", name, None, then))
    load = today.load_per_second
    short = [t.tier for t in today.known if t.by_room is not None and float(np.mean(t.by_room == CARRIED)) < SURE]
    limited = [t for t in today.known if t.limit is not None and t.limit.binds]
    room = dict.fromkeys(short, load)
    beforehand = tr("room for {load} requests a second beforehand in {tiers}", load=whole(load), tiers=joined(short))
    raised = joined([_raise(t.tier, t.limit, load) for t in limited if t.limit is not None])
    names = tuple(t.tier for t in limited)
    if short:
        found.append(_carrier(beforehand, None, ", ".join(short), _then(a, today, {}, room)))
    if limited:
        found.append(_carrier(raised, None, ", ".join(names), _then(a, today, {}, {}, names)))
    if short and limited:
        found.append(_carrier(tr("{beforehand}, and {raised}", beforehand=beforehand, raised=raised), None, ", ".join(dict.fromkeys([*short, *names])), _then(a, today, {}, room, names)))
    found.sort(key=lambda c: (-c.chance_carried, c.degraded_minutes, c.refused_share))
    if len(better) > 1 and not any(c.practice and c.chance_carried >= SURE for c in found):
        found.append(_carrier(tr("all of these practices together"), "all", None, _then(a, today, better, {})))
    return tuple(found)


def _raise(tier: str, limit: Limit, load: float) -> str:
    """What to ask a provider for, and how long before."""
    needed, today = rounded(limit.needed_per_minute(load), 2), rounded(float(np.median(limit.per_minute)), 2)
    return tr("a limit of {needed} calls a minute at {tier} instead of {today}, asked for {days} days before", needed=whole(needed), tier=tier, today=whole(today), days=whole(max(1.0, rounded(float(np.median(limit.raise_days)), 2))))


def _then(a: Assessment, today: ExtremeResult, answers: dict[str, str], room: dict[str, float], unlimited: Collection[str] = ()) -> ExtremeResult:
    """The same event with practices answered so, tiers that large and these limits raised."""
    altered, values, design = a.engagement, a.values, a.design
    for practice, answer in answers.items():
        given = a.engagement.answers.get(practice)
        known = {} if given is None else {"rung": given.rung, "on": given.on}
        altered = altered.with_answer(practice, GivenAnswer(answer=answer, **known))
        values = with_practice(values, a.catalog, altered, practice, as_of=a.as_of)
    if room:
        design = Design(tuple(_with_room(p, room.get(p.tier.name)) for p in design.placed))
    return event_at(a.catalog, altered, design, values, today.event, unlimited=unlimited)


def _with_room(placed: Placed, room: float | None) -> Placed:
    return placed if room is None else replace(placed, tier=placed.tier.model_copy(update={"capacity_per_second": room}))


def _carrier(what: str, practice: str | None, tier: str | None, then: ExtremeResult) -> Carrier:
    return Carrier(what, practice, tier, then.chance_carried or 0.0, _mean(then.degraded_minutes), _mean(then.refused_share))


def _mean(values: Array | None) -> float:
    return 0.0 if values is None else float(values.mean())


def _finite(values: Array | None) -> Array:
    if values is None:
        return np.zeros(1)
    return np.where(np.isfinite(values), values, 1e12)
