"""Managed or self-run: every way of what the client runs, behind its gates, held against today over the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.sourcing_comparing import Candidate, Compared, against, candidates_of, chances_by_growth, compare, level_of, moved
from readiness.assessment.sourcing_costs import DesignCosts, costs_over_horizon
from readiness.assessment.sourcing_deciders import Decider, deciders
from readiness.assessment.sourcing_growth import HORIZON_MONTHS, Growth, growth_of
from readiness.assessment.sourcing_staying import STAY_PRACTICES, remedies_cost, stay_steps, with_steps
from readiness.assessment.sourcing_tier_costs import TierCosts
from readiness.assessment.yearly import Year, supposed
from readiness.catalog.schema import Way
from readiness.design import Placed, design_of
from readiness.language import inside, joined, tr
from readiness.models import Array
from readiness.models.crossings import BreakEvenHours, break_even_hours

SCREEN_DRAWS = 256


@dataclass(frozen=True)
class ServiceView:
    """One tier with all ways to get it; ``compared`` holds the shortlist, the best first on average."""

    placed: Placed
    today: TierCosts
    candidates: tuple[Candidate, ...]
    compared: tuple[Compared, ...]
    deciders: tuple[Decider, ...]
    chance_by_growth: tuple[tuple[float, float, float], ...]

    @property
    def managed(self) -> Compared | None:
        """The best provider-run alternative."""
        return next((c for c in self.compared if c.run_by == "provider"), None)

    @property
    def best(self) -> Compared | None:
        return self.compared[0] if self.compared else None


@dataclass(frozen=True)
class Sourcing:
    """Everything that is said of one client on who should run what.

    Parameters
    ----------
    assessment
        Today.
    costs
        Of today's design over the horizon.
    services
        What the client runs itself.
    bought
        What a provider runs, against the cheapest open way to run it oneself, on cash and hours alone: the tier, the
        way, today's premium a month, the break-even hours.
    stay
        Stay, with tested restore, scripted rebuild and a copy elsewhere; None when all of it is done or cannot be asked.
    together
        All services moved at once to one provider, the best provider first.
    """

    assessment: Assessment
    months: int
    today: Year = field(repr=False)
    costs: DesignCosts = field(repr=False)
    services: tuple[ServiceView, ...]
    bought: tuple[tuple[Placed, Way, Array, BreakEvenHours], ...]
    stay: Compared | None
    stay_done: tuple[str, ...]
    together: tuple[Compared, ...]

    def service(self, tier: str) -> ServiceView:
        return next(s for s in self.services if s.placed.tier.name == tier)

    @cached_property
    def growth(self) -> Growth:
        return growth_of(self.assessment.engagement, self.assessment.values, months=self.months)


def sourcing(a: Assessment, *, months: int = HORIZON_MONTHS, shortlisted: Mapping[str, Sequence[str]] | None = None) -> Sourcing:
    """Hold every way of every service that the client runs against today.

    Parameters
    ----------
    a
        The client today.
    months
        Horizon.
    shortlisted
        What `shortlists` said of the same client and horizon, where that has been asked already.

    Notes
    -----
    Candidates are put in order on 256 of the common draws; the best that a provider runs, the best of those with a
    second copy, the best for which the product has to change and the best self-run one are reckoned on all of them.
    Gates come before money: what is closed is listed and never compared.
    """
    e = a.engagement
    today = supposed(a, draws=a.values.draws)
    costs = costs_over_horizon(a.catalog, e, a.design.placed, a.values, as_of=a.as_of, months=months,
                               other_cash=today.other_cash_per_month, other_hours=today.other_hours_per_month)  # fmt: skip
    likely = shortlists(a, months=months) if shortlisted is None else shortlisted
    services = tuple(_service(a, p, today, likely[p.tier.name], costs, months) for p in _own(a))
    bought = tuple(b for p in a.design.placed if p.way.run_by == "provider" and (b := _bought(a, p)) is not None)
    stay, done = _stay(a, today, months)
    return Sourcing(a, months, today, costs, services, bought, stay, done, _together(a, services, today, months))


def shortlists(a: Assessment, *, months: int = HORIZON_MONTHS) -> dict[str, tuple[str, ...]]:
    """Ids of the ways that are worth a whole comparison, by tier that the client runs; put in order on few draws."""
    screen, found = supposed(a, draws=SCREEN_DRAWS), {}
    for placed in _own(a):
        # Deleting a need (no cache, no backup) is a change of the product, not of who runs it; and nobody gives up a second copy.
        ready = [c for c in candidates_of(a, placed) if c.open and not c.way.id.startswith("no_") and not (placed.redundant and c.way.redundancy == "single")]
        ranked = sorted(ready, key=lambda c: float(np.mean(compare(a, c, screen, months).comparison.economic_difference)))
        found[placed.tier.name] = tuple(c.way.id for c in _shortlist(ranked))
    return found


def _own(a: Assessment) -> list[Placed]:
    return [p for p in a.design.placed if p.way.run_by == "client"]


def _order(c: Compared) -> tuple[bool, float]:
    """Ways that the product can take as it is come first."""
    return bool(c.candidate and c.candidate.rewrite), float(c.comparison.economic_difference.mean())


def _shortlist(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best provider-run way, the best of them with a second copy, the best that changes the product, the best self-run one."""
    managed = [c for c in ranked if c.way.run_by == "provider" and not c.rewrite]
    firsts = [managed[:1], [c for c in managed if c.way.redundancy not in ("single", "pair")][:1],
              [c for c in ranked if c.way.run_by == "provider" and c.rewrite][:1],
              [c for c in ranked if c.way.run_by == "client" and not c.rewrite][:1]]  # fmt: skip
    return list({c.way.id: c for some in firsts for c in some}.values())


def _service(a: Assessment, placed: Placed, today: Year, likely: Sequence[str], costs: DesignCosts, months: int) -> ServiceView:
    candidates = candidates_of(a, placed)
    by_way = {c.way.id: c for c in candidates}
    compared = sorted((compare(a, by_way[way], today, months) for way in likely), key=_order)
    best = next((c for c in compared if c.run_by == "provider"), None)
    view = next(t for t in costs.tiers if t.placed.tier.name == placed.tier.name)
    growth = growth_of(a.engagement, today.values, months=months)
    return ServiceView(
        placed, view, candidates, tuple(compared),
        deciders(today, best.effect, placed.tier.name, best.comparison.economic_difference, growth) if best else (),
        chances_by_growth(a, best, months) if best else (),
    )  # fmt: skip


def _bought(a: Assessment, placed: Placed) -> tuple[Placed, Way, Array, BreakEvenHours] | None:
    """What a provider's service costs over the cheapest open way to run it oneself, in cash."""
    now = a.values[f"{placed.tier.name}.cash_per_month"]
    own = []
    for c in candidates_of(a, placed):
        if c.open and c.way.run_by == "client" and not c.way.id.startswith("no_") and not c.way.fills:
            other = design_of(a.catalog, a.engagement.with_way(placed.tier.name, c.way.id), as_of=a.as_of)[placed.tier.name]
            own.append((other.list_price_per_month, c.way))
    if not own or not now.any() or placed.way.fills:
        return None
    price, way = min(own, key=lambda pair: pair[0])
    premium = now - price
    return (
        placed,
        way,
        premium,
        break_even_hours(np.maximum(premium, 0), a.values["loaded_rate_per_hour"], residual_share=a.values["residual_effort_share"]),
    )


def _stay(a: Assessment, today: Year, months: int) -> tuple[Compared | None, tuple[str, ...]]:
    steps = stay_steps(a)
    done = tuple(n for n in STAY_PRACTICES if n in a.catalog.practices and n not in {p.id for p, _ in steps})
    if not steps:
        return None, done
    effect = supposed(a, with_steps(a.engagement, steps), draws=a.values.draws)
    titles = [inside(p.title) for p, _ in steps]
    upfront = remedies_cost(steps, today.values.draws, a.engagement.client.exchange_rate_from_usd)
    return against(
        a, today, effect, (), months, names=("stay", tr("Stay, with {practices}", practices=joined(titles)), "client"), upfront=upfront
    ), done


def _together(a: Assessment, services: Sequence[ServiceView], today: Year, months: int) -> tuple[Compared, ...]:
    """All self-run services that are no dearer managed, at once to one provider that has an open way for two or more of them."""
    found = []
    providers = {c.candidate.way.provider for s in services for c in s.compared if c.run_by == "provider" and c.candidate}
    for provider in sorted(providers):
        moves: dict[str, str] = {}
        surcharge: dict[str, Array] = {}
        for s in services:
            if s.managed is None or s.managed.comparison.chance_cheaper_economic < 0.5:
                continue
            ways = [
                c for c in s.candidates if c.open and c.way.run_by == "provider" and c.way.provider == provider and not c.way.fills and not c.rewrite
            ]
            ways = [c for c in ways if not (s.placed.redundant and c.way.redundancy == "single")]
            known = [c.candidate for c in s.compared if c.candidate in ways]
            chosen = known[0] if known else ways[0] if ways else None
            if chosen is not None:
                moves[s.placed.tier.name] = chosen.way.id
                surcharge[s.placed.tier.name] = level_of(a, chosen, s.placed.tier.name, today.values.draws)
        if len(moves) > 1:
            effect = supposed(a, moved(a.engagement, moves), draws=a.values.draws)
            title = ", ".join(f"{t}: {a.catalog.ways[w][1].title}" for t, w in moves.items())
            found.append(against(a, today, effect, tuple(moves), months, names=(provider, title, "provider"), surcharge=surcharge))
    return tuple(sorted(found, key=lambda c: float(c.comparison.economic_difference.mean())))
