"""What a design adds up to: cash, hours and bad minutes of its parts, and what they cost together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.design_options import NEUTRAL, Choices, Option, bad_minutes_of
from readiness.assessment.sourcing_gates import homes
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.models import Array


@dataclass(frozen=True, eq=False)
class Plan:
    """One design: the option of each varied tier; a bundle stands in each tier it fills."""

    options: tuple[Option, ...]

    @cached_property
    def parts(self) -> tuple[Option, ...]:
        """Each option once."""
        return tuple(dict.fromkeys(self.options))

    @property
    def ways(self) -> dict[str, str]:
        """The way of each tier, as the client's file names it."""
        return {t: o.way.id for o in self.parts for t in o.tiers}

    @property
    def key(self) -> tuple[str, ...]:
        ways = self.ways
        return tuple(ways[t] for t in sorted(ways))

    def differs(self, other: Plan) -> tuple[str, ...]:
        """Tiers that are run in another way."""
        theirs = other.ways
        return tuple(t for t, way in self.ways.items() if theirs[t] != way)


@dataclass(frozen=True)
class Sums:
    """What a design adds up to: cash and hours a month, mean bad minutes a year weighted by the journeys' revenue."""

    cash: float
    minutes: float
    hours: float


@dataclass(frozen=True)
class Extras:
    """What a design costs beside its parts: further providers, new skills, traffic between providers."""

    home: str
    further: tuple[str, ...]
    new_skills: tuple[str, ...]
    hours: float
    cash: float


class DesignSums:
    """The exact sums of a client's designs: everything that does not depend on the design is held ready."""

    def __init__(self, a: Assessment, choices: Choices) -> None:
        v, e = a.values, a.engagement
        self.weights = np.array(a.weights)
        self.names = [set(j.tiers) or {t.name for t in e.architecture.tiers} for j in e.journeys]
        self.planned_counts = [j.promise.planned_work_counts for j in e.journeys]
        kept = (bad_minutes_of((c for c in r.causes if c.group in ("organisation", "dependencies")), v.draws) for r in a.journeys)
        both = np.array(list(kept))
        fixed = np.array([[o.minutes, o.planned] for o in choices.kept]).sum(axis=0) if choices.kept else np.zeros((2, *both[:, 0].shape))
        self.region = v["region_losses_per_year"] * v["region_recovery_hours"] * 60
        self.zone = v["zone_losses_per_year"] * v["zone_recovery_minutes"]
        self.fixed_minutes, self.fixed_planned = both[:, 0] + fixed[0], both[:, 1] + fixed[1]
        self.fixed_reach = np.max([o.zone_reach for o in choices.kept], axis=0) if choices.kept else np.zeros(len(e.journeys))
        self.one_region = [any(o.regions == 1 for o in choices.kept if set(o.tiers) & names) for names in self.names]
        self.cash = sum(o.cash_per_month for o in choices.kept)
        self.hours = sum(o.run_hours_per_month for o in choices.kept)
        self.homes = homes(a.catalog)
        self.skills = frozenset(s for o in choices if o.today for s in o.skills)
        names = {"second_provider": "second_provider_hours_per_month", "further_vendor": "further_vendor_hours_per_month", "new_skill": "new_skill_hours_per_month"}
        self.fee = {kind: float(v[name].mean()) for kind, name in names.items()}
        self.egress = egress_price(a)
        self.means = {id(o): o.minutes.mean(axis=1) for o in choices}
        self.floor = self.fixed_minutes + self.region
        self.fixed_mean, self.region_mean, self.zone_mean = self.fixed_minutes.mean(axis=1), float(self.region.mean()), float(self.zone.mean())

    def fee_of(self, provider: str) -> float:
        """Hours a month for one provider more."""
        return self.fee["second_provider" if provider in self.homes else "further_vendor"]

    def extras(self, plan: Plan) -> Extras:
        providers = sorted({o.provider for o in plan.parts} - NEUTRAL)
        new = tuple(sorted(set().union(*(o.skills for o in plan.parts)) - self.skills))
        learning = self.fee["new_skill"] * len(new)
        found = []
        for home in providers or ["any"]:
            further = tuple(p for p in providers if p != home)
            crossing = sum(o.crossing_gigabytes for o in plan.parts if o.provider not in NEUTRAL and o.provider != home)
            found.append(Extras(home, further, new, learning + sum(self.fee_of(p) for p in further), crossing * self.egress))
        return min(found, key=lambda x: (x.hours, x.cash, x.home))

    def reach(self, options: Iterable[Option]) -> Array:
        """Share of users of each journey that the loss of a zone takes down."""
        return np.max([self.fixed_reach, *(o.zone_reach for o in options)], axis=0)

    def single_region(self, options: Iterable[Option]) -> Array:
        """For each journey, whether some tier of it stands in one region only."""
        chosen = list(options)
        alone = [any(o.regions == 1 for o in chosen if set(o.tiers) & names) for names in self.names]
        return np.array(self.one_region) | np.array(alone)

    def sums(self, plan: Plan) -> Sums:
        extras = self.extras(plan)
        by_journey = self.fixed_mean + sum(self.means[id(o)] for o in plan.parts)
        by_journey = by_journey + self.zone_mean * self.reach(plan.parts) + self.region_mean * self.single_region(plan.parts)
        cash = self.cash + sum(o.cash_per_month for o in plan.parts) + extras.cash
        hours = self.hours + sum(o.hours_per_month for o in plan.parts) + extras.hours
        return Sums(float(cash), float(self.weights @ by_journey), float(hours))

    def counted(self, plan: Plan) -> Array:
        places = self.zone * self.reach(plan.parts)[:, None] + self.region * self.single_region(plan.parts)[:, None]
        total = self.fixed_minutes + sum(o.minutes for o in plan.parts) + places
        planned = self.fixed_planned + sum(o.planned for o in plan.parts)
        counts = np.array(self.planned_counts)[:, None]
        return np.minimum(np.where(counts, total, total - planned), MINUTES_PER_YEAR)


def egress_price(a: Assessment) -> float:
    """Money for a gigabyte that leaves a provider: today's home's list price, or the dearest known one."""
    rate = a.engagement.client.exchange_rate_from_usd
    own = a.catalog.price(f"{a.engagement.architecture.provider}/internet_egress", a.as_of)
    known = [p.price for sku in a.catalog.prices if sku.endswith("/internet_egress") and (p := a.catalog.price(sku, a.as_of)) is not None]
    return rate * (own.price if own is not None else max(known, default=0.0))
