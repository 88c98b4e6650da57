"""One way held against today: what it costs at this client's size, behind its gates, by month and with its effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.sourcing_costs import committed
from readiness.assessment.sourcing_gates import Barrier, barriers, closed, ways_for
from readiness.assessment.sourcing_growth import DRAW_BLOCK, Growth, growth_of
from readiness.assessment.sourcing_tier_costs import all_tier_costs
from readiness.assessment.yearly import Year, supposed
from readiness.assumptions import DAYS_PER_MONTH, MONTHS_PER_YEAR
from readiness.catalog.schema import PriceLine, Service, Way
from readiness.design import PER_HOUR, Placed, design_of
from readiness.engagement.schema import Engagement
from readiness.models import Array, ArrayLike
from readiness.models import sourcing as model
from readiness.models.crossings import BreakEvenHours, SwitchPlan
from readiness.models.draws import standard_normal
from readiness.models.uncertainty import quantiles_to_draws

GROWTHS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
CHANCE_DRAWS = 1024
SIZE_BOUNDS = (0.3, 30.0)
"""A bill further from the list than this tells of something else than size."""
SIZE_COLUMN, SURCHARGE_COLUMN = DRAW_BLOCK - 3, DRAW_BLOCK - 1
"""Columns of the common draws for what no number stands for."""


@dataclass(frozen=True)
class Candidate:
    """A way that a tier could take, with the gates in front of it; ``costs`` are missing where they are not known."""

    service: Service
    way: Way
    barriers: tuple[Barrier, ...]
    tiers: tuple[str, ...]

    @property
    def open(self) -> bool:
        return not closed(self.barriers)

    @property
    def rewrite(self) -> Barrier | None:
        """Why the product has to change for it, when it has to."""
        return next((b for b in self.barriers if b.effect == "rewrite"), None)

    @property
    def surcharges(self) -> tuple[Barrier, ...]:
        return tuple(b for b in self.barriers if b.effect == "surcharge")


@dataclass(frozen=True)
class Compared:
    """One alternative held against today over the horizon; differences are the alternative less today.

    Parameters
    ----------
    id, title
        The way, or what is changed.
    run_by
        ``client`` or ``provider``.
    comparison
        Over the horizon: three columns, chances, band, break-even.
    today, other
        Both sides by month.
    premium_per_month
        Cash of the alternative less today's, month 0, surcharges included; (draws,).
    break_even
        Hours that the premium has to save, and self-run hours at which it does; None when there is no premium.
    switching
        Reckons when to start moving.
    hours_back
        Hours a month that the team gets back, month 0; (draws,).
    bad_minutes_change, loss_change_per_year
        Effect on downtime and on the year's expected loss; (draws,).
    moving_hours, moving_cash, exit_cost
        Set-up and migration; double running; what leaving it again costs; (draws,).
    lead_weeks
        From the decision until it serves, on average.
    effect
        All that follows from it.
    candidate
        The way with its gates; None for practices and bundles of moves.
    """

    id: str
    title: str
    run_by: str
    comparison: model.Comparison
    today: model.Way
    other: model.Way
    premium_per_month: Array
    break_even: BreakEvenHours | None
    switching: Callable[[], SwitchPlan] = field(repr=False)
    hours_back: Array
    cash_other: Array
    hours_other: Array
    bad_minutes_change: Array
    loss_change_per_year: Array
    moving_hours: Array
    moving_cash: Array
    exit_cost: Array
    lead_weeks: float
    effect: Year = field(repr=False)
    candidate: Candidate | None = None

    @cached_property
    def switch(self) -> SwitchPlan:
        """When to start moving as the load grows; reckoned when somebody asks."""
        return self.switching()


def candidates_of(a: Assessment, placed: Placed) -> tuple[Candidate, ...]:
    """Every other way of a tier with its gates; a bundle moves all tiers whose needs it fills."""
    known: dict[str, tuple[Candidate, ...]] = a.reckoned.setdefault("candidates", {})
    if placed.tier.name in known:
        return known[placed.tier.name]
    found = []
    for service, way in ways_for(a.catalog, placed.tier):
        others = tuple(p.tier.name for p in a.design.placed if p.tier.need in way.fills and p.tier.name != placed.tier.name)
        tiers = (placed.tier.name, *others)
        altered = design_of(a.catalog, moved(a.engagement, dict.fromkeys(tiers, way.id)), as_of=a.as_of)
        gates = [b for t in tiers for b in barriers(a.catalog, a.engagement, altered[t].tier, way, altered[t])]
        found.append(Candidate(service, way, tuple({(b.on, b.reason): b for b in gates}.values()), tiers))
    known[placed.tier.name] = tuple(found)
    return known[placed.tier.name]


def moved(engagement: Engagement, moves: Mapping[str, str]) -> Engagement:
    """The client with several tiers run another way; a tier's own bill and numbers are left behind."""
    for tier, way in moves.items():
        engagement = engagement.with_way(tier, way)
    return engagement


def compare(a: Assessment, candidate: Candidate, today: Year, months: int, *, growth: Growth | None = None) -> Compared:
    """One way against today, on as many draws as ``today`` has."""
    moves = dict.fromkeys(candidate.tiers, candidate.way.id)
    effect = supposed(a, moved(a.engagement, moves), draws=today.values.draws)
    surcharge = {t: level_of(a, candidate, t, today.values.draws) for t in candidate.tiers}
    return against(a, today, effect, candidate.tiers, months, growth=growth, surcharge=surcharge, candidate=candidate,
                    names=(candidate.way.id, candidate.way.title, candidate.way.run_by))  # fmt: skip


def surcharge_of(candidate: Candidate, draws: int) -> Array:
    """Share of the new bill that gates add; those of one way vary together."""
    z = standard_normal(draws, SURCHARGE_COLUMN)
    parts = [quantiles_to_draws(z, s.low, s.likely, s.high, kind="positive") for b in candidate.surcharges if (s := b.surcharge_share)]
    return np.sum(parts, axis=0) if parts else np.zeros(draws)


def level_of(a: Assessment, candidate: Candidate, tier: str, draws: int) -> Array:
    """What a way costs beyond its plan's list price, as a share of it: gates with a surcharge, and the client's size."""
    size, share = size_of(a, tier, draws), 1.0
    altered = design_of(a.catalog, a.engagement.with_way(tier, candidate.way.id), as_of=a.as_of)[tier]
    whole = altered.list_price_per_month
    if whole:
        share = (
            sum(
                line.per_month
                for line, wanted in zip(altered.lines, _priced(a, candidate.way), strict=True)
                if wanted.per == "copy" or line.unit in PER_HOUR
            )
            / whole
        )
    return (1 + share * (size - 1)) * (1 + surcharge_of(candidate, draws)) - 1


def _priced(a: Assessment, way: Way) -> list[PriceLine]:
    return [line for line in way.price_lines if a.catalog.price(line.sku, a.as_of) is not None]


def size_of(a: Assessment, tier: str, draws: int) -> Array:
    """Machines of this client in multiples of the plans that the prices are for; (draws,).

    Notes
    -----
    Where the client's own bill is known, the same way's list price tells it: twice the bill, twice the machines, on
    either side. For hardware of one's own the bill holds power, room and spares too, so between one and that ratio
    over a like way in a cloud.
    """
    placed = a.design[tier]
    bill = float(a.values[f"{tier}.cash_per_month"].mean())
    own = placed.tier.cost_per_month is not None or any(b.tier == tier for b in a.engagement.bill.lines)
    if not own or not bill:
        return np.ones(draws)
    if placed.list_price_per_month:
        ratio = bill / placed.list_price_per_month
        return np.full(draws, float(np.clip(ratio, *SIZE_BOUNDS)))
    paired = placed.way.redundancy != "single"
    likes = []
    for way in placed.service.ways:
        if way.run_by == "client" and way.price_lines and not way.price_unknown and (way.copies > 1) == paired:
            price = design_of(a.catalog, a.engagement.with_way(tier, way.id), as_of=a.as_of)[tier].list_price_per_month
            likes += [price] if price else []
    ratio = bill / float(np.median(likes)) if likes else 1.0
    if ratio <= 1:
        return np.ones(draws)
    ratio = min(ratio, SIZE_BOUNDS[1])
    return quantiles_to_draws(standard_normal(draws, SIZE_COLUMN), 1.0, float(np.sqrt(ratio)), ratio, kind="positive")


def against(
    a: Assessment, today: Year, effect: Year, tiers: Sequence[str], months: int, *, names: tuple[str, str, str], growth: Growth | None = None,
    surcharge: Mapping[str, Array] | None = None, candidate: Candidate | None = None, upfront: tuple[Array, Array, float] | None = None,
) -> Compared:  # fmt: skip
    """Two worlds by month: what the moved tiers cost, and all else that changes with them."""
    draws = today.values.draws
    growth = growth or growth_of(a.engagement, today.values, months=months)
    zeros = np.zeros(draws)
    rate = today.values["loaded_rate_per_hour"]
    exit_chance = 1 - (1 - today.values["provider_exit_chance_per_year"]) ** (months / MONTHS_PER_YEAR)
    key = tuple(tiers), growth
    if key not in today.reckoned:
        own = _moved_tiers(a, today, tiers, growth, rate, {})
        today.reckoned[key] = own, _way(a, "today", today, own, growth, exit_chance, (0.0, 0.0))
    own, before = today.reckoned[key]
    other = _moved_tiers(a, effect, tiers, growth, rate, surcharge or {})
    moving = [np.sum([effect.values[f"{t}.{n}"] for t in tiers], axis=0) + zeros for n in ("setup_hours", "migration_hours")]
    lead_weeks = max((float(effect.values[f"{t}.lead_weeks"].mean()) for t in tiers), default=0.0)
    upfront_hours, upfront_cash = moving[0] + moving[1], own.cash[:, 0] * today.values["double_run_months"]
    if upfront is not None:
        upfront_hours, extra_cash, lead_weeks = upfront[0], upfront[1], upfront[2]
        other = replace(other, cash=other.cash + extra_cash[:, None])
        upfront_cash = zeros
    after = _way(a, names[0], effect, other, growth, exit_chance, (upfront_hours, upfront_cash))
    discount = float(today.values["discount_rate_per_year"].mean())
    comparison = model.compare_ways(before, after, hourly_rate=rate, discount_rate_per_year=discount)
    premium = after.cash[:, 0] - before.cash[:, 0]
    months_of_move = min(int(np.ceil(lead_weeks * 7 / DAYS_PER_MONTH)), months - 1)
    switching = partial(_switching, before, after, rate, upfront_hours * rate + upfront_cash, months_of_move, discount)
    residual = today.values["residual_effort_share"]
    even = model.break_even_hours(premium, rate, residual_share=residual) if float(premium.mean()) > 0 else None
    return Compared(
        names[0], names[1], names[2], comparison, before, after, premium, even, switching, before.hours[:, 0] - after.hours[:, 0],
        other.cash[:, 0], other.hours[:, 0],
        effect.bad_minutes - today.bad_minutes, (effect.loss_per_month - today.loss_per_month) * MONTHS_PER_YEAR,
        upfront_hours, upfront_cash, other.leaving, lead_weeks, effect, candidate,
    )  # fmt: skip


@dataclass(frozen=True)
class _MovedTiers:
    """Bill and hours by month of the tiers that a way moves, (draws, months), and what leaving it costs, (draws,)."""

    cash: Array
    hours: Array
    leaving: Array


def _moved_tiers(a: Assessment, world: Year, tiers: Sequence[str], growth: Growth, rate: Array, surcharge: Mapping[str, Array]) -> _MovedTiers:
    zeros = np.zeros((world.values.draws, growth.months))
    costs = all_tier_costs(a.catalog, world.engagement, world.design.placed, world.values, growth, as_of=a.as_of, only=tiers)
    cash = [t.cash * (1 + surcharge[t.placed.tier.name])[:, None] if t.placed.tier.name in surcharge else t.cash for t in costs]
    leaving = np.sum([world.values[f"{t}.exit_hours"] for t in tiers], axis=0) * rate + zeros[:, 0]
    return _MovedTiers(sum(cash, zeros), sum((t.hours for t in costs), zeros), leaving)


def _way(a: Assessment, name: str, world: Year, moved: _MovedTiers, growth: Growth, exit_chance: Array, first: tuple[ArrayLike, ArrayLike]) -> model.Way:
    cash = moved.cash + world.other_cash_per_month[:, None]
    if any(d.minimum_per_month for d in a.engagement.money.commitment_discounts):
        # What is moved off a commitment still has to be paid for until it ends.
        whole = all_tier_costs(a.catalog, world.engagement, world.design.placed, world.values, growth, as_of=a.as_of)
        cash += committed(a.engagement, whole, a.as_of, cash.shape)[0]
    return model.Way(name, cash=cash, hours=moved.hours + world.other_hours_per_month[:, None], loss=world.loss_by_month(growth.factor),
                     upfront_hours=first[0], upfront_cash=first[1], exit_chance=exit_chance, exit_cost=moved.leaving)  # fmt: skip


def _switching(before: model.Way, after: model.Way, rate: Array, moving: Array, lead_months: int, discount: float) -> SwitchPlan:
    running = [w.cash + w.hours * rate[:, None] + w.loss for w in (before, after)]
    return model.switch_plan(running[0], running[1], migration_cost=moving, lead_months=lead_months, discount_rate_per_year=discount)


def chances_by_growth(a: Assessment, best: Compared, months: int) -> tuple[tuple[float, float, float], ...]:
    """Chance that the managed way is cheaper, in cash and economically, if the load grows by so much a year."""
    assert best.candidate is not None
    found = []
    today = supposed(a, draws=CHANCE_DRAWS)
    effect = supposed(a, best.effect.engagement, draws=CHANCE_DRAWS)
    surcharge = {t: level_of(a, best.candidate, t, CHANCE_DRAWS) for t in best.candidate.tiers}
    for yearly in GROWTHS:
        growth = growth_of(a.engagement, today.values, months=months, per_year=yearly)
        c = against(
            a, today, effect, best.candidate.tiers, months, growth=growth, surcharge=surcharge, names=(best.id, best.title, best.run_by)
        ).comparison
        found.append((yearly, c.chance_cheaper_cash, c.chance_cheaper_economic))
    return tuple(found)
