"""What one extreme situation is for one client: minutes, users, data, money, people, and the verdict over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from readiness.assumptions import HOURS_PER_YEAR, MINUTES_PER_YEAR
from readiness.catalog.schema import Scenario
from readiness.engagement.schema import WINDOWS_PER_YEAR, Journey
from readiness.language import N_
from readiness.models import Array
from readiness.models.load import Queue

# Policies of this workbook, said in the exhibit: how sure "carried" is, and when money alone ends a company.
SURE = 0.9
WEEK_HOURS = 168.0
ENDING_SHARE_OF_REVENUE = 0.5

Verdict = Literal["carried", "hurts", "ends the company"]


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the time until users are served again."""

    number: str
    title: str
    minutes: Array


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to hold for the situation to be carried, and its chance."""

    kind: Literal["rto", "rpo", "budget", "money", "hours"]
    limit: float
    unit: str
    chance: float

    @property
    def holds(self) -> bool:
        return self.chance >= SURE


@dataclass(frozen=True)
class ScenarioResult:
    """One situation for one client; arrays are per draw.

    Parameters
    ----------
    hit
        Tiers and outside dependencies that it takes down; none means that nothing of the client's is hit.
    per_year
        How often a year.
    reach
        Share of the users of the journeys it hits.
    weight
        Share of revenue of those journeys.
    phases
        Minutes until users are served, part by part.
    aftermath_minutes
        Bad minutes of the year after, where it is the people and not the machines that are gone.
    lines
        Money when it happens once, by kind; `hours` of people stand beside it.
    """

    scenario: Scenario
    own: bool
    applies: bool
    hit: tuple[str, ...]
    journeys: tuple[Journey, ...]
    per_year: Array
    reach: Array
    weight: float
    phases: tuple[Phase, ...]
    aftermath_minutes: Array
    data_lost_hours: Array | None
    hours: Array
    rate_per_hour: Array
    lines: Mapping[str, Array] = field(repr=False)
    revenue_per_hour: Array = field(repr=False)
    tickets: Queue | None = None
    spare_hours: float | None = None
    cash_budget: float | None = None

    @cached_property
    def minutes(self) -> Array:
        """Until users are served again."""
        return np.sum([p.minutes for p in self.phases], axis=0) + np.zeros(len(self.reach))

    @cached_property
    def bad_minutes(self) -> Array:
        """Bad minutes weighted by users and by the revenue of the journeys it hits, aftermath included."""
        return self.minutes * self.reach * self.weight + self.aftermath_minutes

    @cached_property
    def chance(self) -> Array:
        """Chance of at least one within a year."""
        return -np.expm1(-self.per_year)

    @cached_property
    def loss(self) -> Array:
        """Money when it happens once, without the hours of people."""
        return sum(self.lines.values(), np.zeros(len(self.reach)))

    @cached_property
    def cost_per_year(self) -> Array:
        """How often, times money and hours at their loaded rate: an expectation for ranking, never a reason to trade a gate."""
        return self.per_year * (self.loss + self.hours * self.rate_per_hour)

    @cached_property
    def minutes_per_year(self) -> Array:
        return self.per_year * self.bad_minutes

    @property
    def rto_hours(self) -> float | None:
        return min((j.promise.rto_hours for j in self.journeys if j.promise.rto_hours), default=None)

    @property
    def rpo_hours(self) -> float | None:
        return min((j.promise.rpo_hours for j in self.journeys if j.promise.rpo_hours), default=None)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What has to hold to call it carried."""
        found: list[Check] = []
        if self.rto_hours is not None and self.phases:
            found.append(Check("rto", self.rto_hours, "hours", float(np.mean((self.minutes <= self.rto_hours * 60) | (self.reach <= 0)))))
        if self.rpo_hours is not None and self.data_lost_hours is not None:
            found.append(Check("rpo", self.rpo_hours, "hours", float(np.mean(self.data_lost_hours <= self.rpo_hours))))
        if self.rto_hours is None and self.phases and self.journeys:
            promise = max((j.promise for j in self.journeys), key=lambda p: p.slo)
            budget = (1 - promise.slo) * MINUTES_PER_YEAR / WINDOWS_PER_YEAR[promise.window]
            found.append(Check("budget", budget, "minutes", float(np.mean(self.minutes * self.reach <= budget))))
        limit = float(self.revenue_per_hour.mean()) * WEEK_HOURS or self.cash_budget
        if limit:
            found.append(Check("money", limit, "money", float(np.mean(self.loss <= limit))))
        if self.spare_hours is not None:
            found.append(Check("hours", self.spare_hours, "hours", float(np.mean(self.hours <= self.spare_hours))))
        return tuple(found)

    @property
    def verdict(self) -> Verdict:
        if all(c.holds for c in self.checks):
            return N_("carried")
        yearly = float(self.revenue_per_hour.mean()) * HOURS_PER_YEAR
        if self.scenario.ends_company or (yearly and float(self.loss.mean()) > ENDING_SHARE_OF_REVENUE * yearly):
            return N_("ends the company")
        return N_("hurts")
