"""What a design adds up to: cash, hours and bad minutes of its parts, and what they cost together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.design_options import NEUTRAL, Choices, Option, bad_minutes_of
from readiness.assessment.design_regions import SECOND_REGION, second_region
from readiness.assessment.sourcing_gates import homes
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.models import Array

LOOSE_NEEDS = frozenset(
    {"object_storage", "stream_queue", "messaging", "analytics_store", "llm_api", "customer_login", "backup", "dns_cdn", "domain_tls", "functions",
     "jobs", "payments", "feature_flags", "gpu_compute", "vector_search", "search"}
)  # fmt: skip
"""Needs whose distance in milliseconds does not matter: they may stand with another home than the product, at a price."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One design: the option of each varied tier (a bundle stands in each tier it fills), and whether a second region stands by."""

    options: tuple[Option, ...]
    second: bool = False

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
        return (*(ways[t] for t in sorted(ways)), *((SECOND_REGION,) if self.second else ()))

    def differs(self, other: Plan) -> tuple[str, ...]:
        """Tiers that are run in another way; and the second region, where only one of the two has it."""
        theirs = other.ways
        return (*(t for t, way in self.ways.items() if theirs[t] != way), *((SECOND_REGION,) if self.second != other.second else ()))


@dataclass(frozen=True)
class Sums:
    """What a design adds up to: cash and hours a month, mean bad minutes a year weighted by the journeys' revenue."""

    cash: float
    minutes: float
    hours: float


@dataclass(frozen=True)
class Extras:
    """What a design costs beside its parts: further providers, new skills, traffic between providers; and its second region."""

    home: str
    further: tuple[str, ...]
    new_skills: tuple[str, ...]
    hours: float
    cash: float
    second_hours: float = 0.0
    second_cash: float = 0.0


class DesignSums:
    """The exact sums of a client's designs: everything that does not depend on the design is held ready."""

    def __init__(self, a: Assessment, choices: Choices) -> None:
        v, e = a.values, a.engagement
        self.weights = np.array(a.weights)
        self.needs = {t.name: t.need for t in e.architecture.tiers}
        self.names = [set(j.tiers) or {t.name for t in e.architecture.tiers} for j in e.journeys]
        self.planned_counts = [j.promise.planned_work_counts for j in e.journeys]
        kept = (bad_minutes_of((c for c in r.causes if c.group in ("organisation", "dependencies")), v.draws) for r in a.journeys)
        both = np.array(list(kept))
        fixed = np.array([[o.minutes, o.planned] for o in choices.kept]).sum(axis=0) if choices.kept else np.zeros((2, *both[:, 0].shape))
        self.region_losses = v["region_losses_per_year"]
        self.region = self.region_losses * v["region_recovery_hours"] * 60
        self.zone = v["zone_losses_per_year"] * v["zone_recovery_minutes"]
        self.fixed_minutes, self.fixed_planned = both[:, 0] + fixed[0], both[:, 1] + fixed[1]
        self.fixed_reach = np.max([o.zone_reach for o in choices.kept], axis=0) if choices.kept else np.zeros(len(e.journeys))
        self.kept = choices.kept
        self.one_region = [any(o.regions == 1 for o in choices.kept if set(o.tiers) & names) for names in self.names]
        self.cash = sum(o.cash_per_month for o in choices.kept)
        self.hours = sum(o.run_hours_per_month for o in choices.kept)
        self.homes = homes(a.catalog)
        self.skills = frozenset(s for o in choices if o.today for s in o.skills)
        names = {"second_provider": "second_provider_hours_per_month", "further_vendor": "further_vendor_hours_per_month", "new_skill": "new_skill_hours_per_month"}
        self.fee = {kind: float(v[name].mean()) for kind, name in names.items()}
        self.egress = egress_price(a)
        self.means = {id(o): o.minutes.mean(axis=1) for o in choices}
        self.fixed_mean, self.region_mean, self.zone_mean = self.fixed_minutes.mean(axis=1), float(self.region.mean()), float(self.zone.mean())
        self.second, self.no_second = second_region(a, sorted({o.provider for o in choices if o.provider in self.homes}))

    def fee_of(self, provider: str) -> float:
        """Hours a month for one provider more."""
        return self.fee["second_provider" if provider in self.homes else "further_vendor"]

    def extras(self, plan: Plan) -> Extras:
        providers = sorted({o.provider for o in plan.parts} - NEUTRAL)
        new = tuple(sorted(set().union(*(o.skills for o in plan.parts)) - self.skills))
        learning = self.fee["new_skill"] * len(new)
        second = self.second if plan.second else None
        found = []
        # The product stands where a part stands that cannot stand apart from it; where there is none, anywhere.
        near = {o.provider for o in plan.parts if o.provider in self.homes and any(self.needs[t] not in LOOSE_NEEDS for t in o.tiers)}
        for home in sorted(near or {*providers, *(second.prices if second else ())}) or ["any"]:
            further = tuple(p for p in providers if p != home)
            crossing = sum(o.crossing_gigabytes for o in plan.parts if o.provider not in NEUTRAL and o.provider != home)
            found.append(Extras(home, further, new, learning + sum(self.fee_of(p) for p in further), crossing * self.egress, *self.in_second(plan, home)))
        return min(found, key=lambda x: (x.hours, x.cash + x.second_cash, x.home))

    def in_second(self, plan: Plan, home: str) -> tuple[float, float]:
        """Hours and cash a month of a design's second region; endless where it is not to be had with this home."""
        if self.second is None or not plan.second:
            return 0.0, 0.0
        cash, hours = self.second.cash_per_month, self.second.hours_per_month
        for option in plan.parts:
            added = self.second.adds(option, home)
            if added is None:
                return math.inf, math.inf
            cash, hours = cash + added[0], hours + added[1]
        return hours, cash

    def reach(self, options: Iterable[Option]) -> Array:
        """Share of users of each journey that the loss of a zone takes down."""
        return np.max([self.fixed_reach, *(o.zone_reach for o in options)], axis=0)

    def single_region(self, options: Iterable[Option]) -> Array:
        """For each journey, whether some tier of it stands in one region only."""
        chosen = list(options)
        alone = [any(o.regions == 1 for o in chosen if set(o.tiers) & names) for names in self.names]
        return np.array(self.one_region) | np.array(alone)

    def spanned(self, options: Sequence[Option], journey: int) -> Array:
        """Bad minutes a year from lost regions where every tier of a journey stands in several: the slowest failover; (draws,)."""
        names = self.names[journey]
        each = [o.failover_minutes for o in (*self.kept, *options) if set(o.tiers) & names]
        return np.asarray(self.region_losses * np.max(each, axis=0) if each else np.zeros_like(self.region))

    def lost_regions(self, second: bool) -> Array:
        """Bad minutes a year from lost regions of what stands in one region, or has a second on standby; (draws,)."""
        return self.second.minutes if second and self.second is not None else self.region

    def region_bound(self, options: Sequence[Option], second: bool, spans: Sequence[bool]) -> Array:
        """The most that lost regions do to each journey over designs of these options; a journey that ``spans`` several fails over."""
        lost = float(self.lost_regions(second).mean())
        found = []
        for j, spanned in enumerate(spans):
            wide = [o for o in options if o.regions > 1]
            over = float(self.spanned(wide, j).mean()) if spanned or (not self.one_region[j] and wide) else 0.0
            found.append(over if spanned else max(lost, over))
        return np.array(found)

    def region_minutes(self, plan: Plan) -> Array:
        """Bad minutes a year from lost regions; (journeys, draws)."""
        lost = self.lost_regions(plan.second)
        return np.stack([lost if alone else self.spanned(plan.parts, j) for j, alone in enumerate(self.single_region(plan.parts))])

    def region_means(self, plan: Plan) -> Array:
        lost = self.region_mean if not plan.second else float(self.lost_regions(True).mean())
        return np.array([lost if alone else float(self.spanned(plan.parts, j).mean()) for j, alone in enumerate(self.single_region(plan.parts))])

    def sums(self, plan: Plan) -> Sums:
        extras = self.extras(plan)
        by_journey = self.fixed_mean + sum(self.means[id(o)] for o in plan.parts)
        by_journey = by_journey + self.zone_mean * self.reach(plan.parts) + self.region_means(plan)
        cash = self.cash + sum(o.cash_per_month for o in plan.parts) + extras.cash + extras.second_cash
        hours = self.hours + sum(o.hours_per_month for o in plan.parts) + extras.hours + extras.second_hours
        return Sums(float(cash), float(self.weights @ by_journey), float(hours))

    def counted(self, plan: Plan) -> Array:
        places = self.zone * self.reach(plan.parts)[:, None] + self.region_minutes(plan)
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
