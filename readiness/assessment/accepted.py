"""Accepted risks with their price, and when to look at everything again: signs of growth, and evidence that ages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.easing import better_answer
from readiness.assessment.scenarios import scenario_result, scenarios_of
from readiness.assessment.sourcing_growth import growth_of
from readiness.assessment.yearly import Year, supposed
from readiness.assumptions import DAYS_PER_MONTH, MONTHS_PER_YEAR
from readiness.engagement.schema import AcceptedRisk, GivenAnswer
from readiness.language import tr
from readiness.models import Array
from readiness.models.uncertainty import Band, band
from readiness.text import whole

YEARS_LATER = 2.0
SITUATION_WITH_REVENUE = ("revenue", "churn", "lost data")
FRESH_DAYS = 92
GROWN = 2.0
"""What is reckoned for today's load and staff is looked at again when either has doubled."""


@dataclass(frozen=True)
class PricedRisk:
    """One accepted risk.

    Parameters
    ----------
    now, later
        What it is expected to cost a year (cash, hours at their loaded rate, loss), today and in 24 months; None when it cannot be priced.
    basis
        How it was priced.
    overdue
        True when its review date has passed.
    """

    risk: AcceptedRisk
    now: Band | None
    later: Band | None
    basis: str
    overdue: bool


def growth_factor(a: Assessment, years: float = YEARS_LATER) -> Array:
    """How much more revenue an outage touches after some years, (draws,), as the client expects its demand to grow, with a spread."""
    months = round(years * MONTHS_PER_YEAR)
    return growth_of(a.engagement, a.values, months=months + 1).factor[:, months]


def priced_risks(a: Assessment) -> tuple[PricedRisk, ...]:
    """Every accepted risk with its price, the dearest first.

    Notes
    -----
    A risk that names a practice costs what its best answer would spare; one that names a situation costs its chance times what it
    takes. In 24 months all that hangs on revenue has grown as the client expects, with its spread and fading; the rest is as today.
    """
    grown = growth_factor(a)
    found = [_priced(a, risk, grown) for risk in a.engagement.accepted_risks]
    return tuple(sorted(found, key=lambda r: -(r.now.mean if r.now else 0.0)))


def _priced(a: Assessment, risk: AcceptedRisk, grown: Array) -> PricedRisk:
    overdue = risk.review_on < a.as_of
    scenario = scenarios_of(a).get(risk.scenario or "")
    if scenario is not None:
        result = scenario_result(a, scenario)
        hours = result.hours * result.rate_per_hour
        later = sum((line * grown if name in SITUATION_WITH_REVENUE else line for name, line in result.lines.items()), hours)
        return PricedRisk(
            risk, band(result.cost_per_year), band(result.per_year * later), tr("its chance a year times what it costs when it happens"), overdue
        )
    practice = a.catalog.practices.get(risk.practice or "")
    best = better_answer(practice, a.engagement) if practice is not None else None
    if practice is None or best is None:
        return PricedRisk(risk, None, None, tr("it names neither a situation nor a practice that could be better"), overdue)
    held = a.engagement.answers.get(practice.id)
    mended = a.engagement.with_answer(practice.id, GivenAnswer(answer=best, rung=held.rung if held else "observed"))
    draws = a.values.draws
    today, then = supposed(a, draws=draws), supposed(a, mended, draws=draws)
    now, later = today.economic - then.economic, _grown(today, grown) - _grown(then, grown)
    return PricedRisk(risk, band(now), band(later), tr("what “{answer}” would spare", answer=practice.answer(best).text), overdue)


def _grown(year: Year, grown: Array) -> Array:
    """The economic cost of a year in which all that hangs on revenue has grown."""
    more = [x.per_year * (grown - 1) for x in year.amounts if x.with_revenue]
    return np.asarray(year.economic + np.sum(more, axis=0))


@dataclass(frozen=True, slots=True)
class Review:
    """A day or a sign at which to look again.

    Parameters
    ----------
    on
        The day; None for a sign that may show any time.
    sign
        What happens.
    what
        What to look at.
    owner
        Who, where it is known.
    """

    on: date | None
    sign: str
    what: str
    owner: str | None = None


def review_calendar(a: Assessment) -> tuple[Review, ...]:
    """When to look at readiness again: days first, in order, then signs."""
    days = sorted([*_dated(a), *_ageing(a)], key=lambda r: (r.on or date.max, r.sign))
    return (*days, *_signs(a))


def _dated(a: Assessment) -> Iterator[Review]:
    for risk in a.engagement.accepted_risks:
        yield Review(risk.review_on, tr("accepted risk: {risk}", risk=risk.title), tr("Is it still acceptable at this price?"), risk.owner)
    for journey in a.engagement.journeys:
        starts = journey.promise.from_date
        if starts is not None and starts > a.as_of:
            yield _before(a, starts, 30, tr("the promise for “{journey}” starts on {starts}", journey=journey.title, starts=starts), tr("Gates of the promise, and the chance to break it"))
    for gift in a.engagement.money.startup_credits:
        if gift.expires > a.as_of:
            yield _before(
                a,
                gift.expires,
                90,
                tr("the start-up credits of {provider} expire on {expires}", provider=gift.provider, expires=gift.expires),
                tr("Cash after the cliff, and the ways that get cheaper by it"),
            )
    for discount in a.engagement.money.commitment_discounts:
        if discount.until >= a.as_of:
            yield _before(a, discount.until, 90, tr("the discount of {provider} ends on {until}", provider=discount.provider, until=discount.until),
                          tr("Commit anew, to no more than what will still be run there, or negotiate"))  # fmt: skip
    extreme = a.engagement.demand.extreme.on
    if extreme is not None and extreme > a.as_of:
        yield _before(a, extreme, 14, tr("the expected extreme on {extreme}", extreme=extreme), tr("Load test and capacity: {story}", story=a.engagement.demand.extreme.story))


def _before(a: Assessment, day: date, days: int, sign: str, what: str) -> Review:
    """Some days before something; today when that is past already."""
    return Review(max(a.as_of, day - timedelta(days=days)), sign, what)


def _ageing(a: Assessment) -> Iterator[Review]:
    """Evidence by the quarter in which it passes its shelf life; what is past it already first."""
    shelf = a.catalog.default("evidence_shelf_months", a.engagement.stage)
    if shelf is None:
        return
    stale: list[str] = []
    ageing: dict[date, list[str]] = {}
    titles: Mapping[str, str] = {p: practice.title for p, practice in a.catalog.practices.items()}
    for practice, given in a.engagement.answers.items():
        if given.on is None or given.not_applicable or given.rung == "claimed":
            continue
        ends = given.on + timedelta(days=round(shelf.likely * DAYS_PER_MONTH))
        if ends < a.as_of:
            stale.append(titles[practice])
        else:
            ageing.setdefault(date(ends.year, 3 * ((ends.month - 1) // 3) + 1, 1), []).append(titles[practice])
    if stale:
        yield Review(a.as_of, tr("evidence is past its shelf life"), tr("Show again: {practices}", practices=', '.join(stale)))
    for start, names in sorted(ageing.items()):
        told = ", ".join(names) if len(names) <= 4 else tr("{first} and {further} more", first=", ".join(names[:4]), further=len(names) - 4)
        yield Review(max(a.as_of, start), tr("evidence passes its shelf life in this quarter"), tr("Show again: {practices}", practices=told))


def _signs(a: Assessment) -> Iterator[Review]:
    e = a.engagement
    paying = e.money.customers or (e.money.revenue_per_hour is not None or e.money.revenue_per_year)
    if e.stage == "pre_revenue" or not paying:
        yield Review(None, tr("the first paying customer"), tr("Promise, support at night, backups, and what an hour of outage costs"))
    if e.demand.peak_per_second:
        yield Review(
            None,
            tr("peak demand passes {grown} requests a second, twice today's", grown=whole(GROWN * e.demand.peak_per_second)),
            tr("Load test, limits and quotas, tiers that are full first"),
        )
    if e.team.engineers:
        yield Review(None, tr("the team passes {grown} people, twice today's", grown=whole(GROWN * e.team.engineers)), tr("Rights, owners and deputies, on-call, training"))
    yield Review(
        None,
        tr("a new feature brings a new dependency, new personal data or a new way to pay"),
        tr("Journeys, dependencies, industry rules, and what counts as down"),
    )
    yield Review(None, tr("a large customer asks for a higher promise"), tr("Gates of that promise, and what it costs"))
    yield Review(None, tr("before investors see figures"), tr("Every number in this report that says “estimate”, and the plan's progress"))


__all__ = ["PricedRisk", "Review", "growth_factor", "priced_risks", "review_calendar"]
