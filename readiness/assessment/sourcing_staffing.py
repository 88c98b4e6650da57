"""Can this team run it: hours against what it can spare, the rota, who knows what, and the cheapest cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.assessment.sourcing import Sourcing
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.language import tr
from readiness.models import Array
from readiness.models.labour import on_call_people, rota_minimum
from readiness.models.staffing import Cover, HoursBalance, bus_factor, cheapest_cover, hours_balance

HOURS_PER_WEEK = 168
MOST_PAGES = 0.5
"""Providers cover a rota when most of its pages come from what they would run."""
OPERATIONS = ("toil", "incident_work", "forced_upgrades", "false_pages")
OWNERS_PRACTICE = "owners_and_deputies"
PEOPLE_BY_LEVEL = {0: 1, 1: 1, 2: 1, 3: 2, 4: 2}


@dataclass(frozen=True)
class Staffing:
    """The team against what it runs.

    Parameters
    ----------
    balance
        Hours a month by service and other operations, against what can be spared; None when nobody said what that is.
    hours
        Titles and hours a month per draw, the services first.
    spare_hours
        What the team can spare a month, as said.
    around_the_clock
        Whether the promise needs somebody at night.
    people, needed, pragmatic
        On the rota now; what lasts; the floor below which people leave.
    bus
        People who must leave until some service has nobody, and which those are; None when it was not asked.
    covers
        Ways to cover the rota, the cheapest first.
    pages_per_year, pages_of_services
        Incidents a year that wake somebody, and those that managed services would take over.
    """

    balance: HoursBalance | None
    hours: tuple[tuple[str, str, Array], ...]
    spare_hours: float | None
    around_the_clock: bool
    people: int | None
    needed: int
    pragmatic: int
    bus: tuple[int, tuple[str, ...]] | None
    covers: tuple[Cover, ...]
    pages_per_year: float
    pages_of_services: float


def staffing(s: Sourcing) -> Staffing:
    """Hours, rota, bus factor and cover of one client."""
    a, values = s.assessment, s.today.values
    team = a.engagement.team
    hours: list[tuple[str, str, Array]] = [(t.placed.tier.name, t.placed.way.title, t.hours_now) for t in s.costs.tiers]
    hours += [(x.id, x.title, x.per_year / MONTHS_PER_YEAR) for x in a.amounts if x.id in OPERATIONS]
    balance = None
    if team.spare_hours_per_month is not None:
        balance = hours_balance([h[0] for h in hours], np.column_stack([h[2] for h in hours]), team.spare_hours_per_month)
    night = a.main.journey.promise.slo >= float(values["around_the_clock_from_share"].mean()) - 1e-12
    needed = rota_minimum() if night else on_call_people(min(float(values["working_week_hours"].mean()), HOURS_PER_WEEK))
    pragmatic = rota_minimum(pragmatic=True) if night else needed
    woken = [c for c in s.today.causes if c.woken and not c.planned]
    own = {v.placed.tier.name for v in s.services}
    of = lambda causes: float(np.sum([np.mean(c.rate) for c in causes]))  # noqa: E731 - named once, used twice
    pages, of_services = of(woken), of([c for c in woken if c.group in own])
    covers: tuple[Cover, ...] = ()
    if team.on_call_people is not None:
        contracts = values["contract_value_at_stake_per_year"] * values["contract_block_share"] / MONTHS_PER_YEAR
        managed = [v.managed for v in s.services]
        # Somebody else is woken only for the service; where most pages come from changes and people, it covers no rota.
        ready = bool(managed) and all(m is not None for m in managed) and of_services >= MOST_PAGES * pages
        rate = values["loaded_rate_per_hour"]
        premium = np.sum([m.premium_per_month + m.hours_other * rate for m in managed if m], axis=0) if ready else None
        covers = cheapest_cover(people=team.on_call_people, people_needed=pragmatic,
                                cost_per_person_month=rate * values["productive_year_hours"] / MONTHS_PER_YEAR,
                                loss_of_lower_promise_per_month=contracts if contracts.any() and night else None,
                                managed_cost_per_month=premium)  # fmt: skip
    return Staffing(balance, tuple(hours), team.spare_hours_per_month, night, team.on_call_people, needed, pragmatic, _bus(s), covers,
                    pages, of_services)  # fmt: skip


def _bus(s: Sourcing) -> tuple[int, tuple[str, ...]] | None:
    """From what was said of owners and deputies: how many people can run each service alone."""
    a = s.assessment
    standing = next((p for p in a.standing.practices if p.practice.id == OWNERS_PRACTICE), None)
    own = [v.placed.tier.name for v in s.services]
    if standing is None or standing.level is None or not own:
        return None
    people = PEOPLE_BY_LEVEL[int(standing.level)]
    names = [tr("person {n}", n=n + 1) for n in range(people)]
    return bus_factor(dict.fromkeys(own, names))
