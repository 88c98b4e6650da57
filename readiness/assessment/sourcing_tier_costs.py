"""What a tier costs over a horizon: its bill by line and its hours, as the load grows, month by month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from readiness.assessment.sourcing_growth import Growth
from readiness.assumptions import DAYS_PER_MONTH, HOURS_PER_MONTH
from readiness.catalog import Catalog
from readiness.catalog.read import Price
from readiness.catalog.schema import PriceLine
from readiness.design import PER_HOUR, Placed, discounts_on, used_of
from readiness.engagement.schema import CommitmentDiscount, Engagement
from readiness.language import tr
from readiness.models import Array
from readiness.models.cost import units
from readiness.models.prices import kafka_cross_zone_traffic, paid_of_list, tiered_cost, use_cost
from readiness.moves import Values

TERABYTE = 1024.0


@dataclass(frozen=True, slots=True)
class LineCost:
    """One line of a tier's bill: quantity, free part and list price of a month, discounts with the months they hold, and what that makes now and at the end."""

    sku: str
    what: str
    quantity: float
    free: float
    price_per_month: float
    measure: str
    per_month_now: float
    per_month_end: float
    source: str
    as_of: date
    age_months: float
    machine: bool
    off: tuple[tuple[float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    """How one line of a bill follows the load; all that its shape over time depends on."""

    grows: str
    used: float
    free: float
    price: float
    tiers: tuple[tuple[float, float], ...]
    off: tuple[tuple[float, int], ...] = ()

    def list_cost(self, used: Array | float) -> Array:
        """Of a month, before discounts."""
        return tiered_cost(used, self.tiers) if self.tiers else use_cost(used, self.price, free_uses=self.free)


@dataclass(frozen=True)
class TierCosts:
    """One tier in one way over the horizon.

    Parameters
    ----------
    placed
        The tier and the way it is run.
    cash_now, hours_now
        Of a month, per draw: a bill and people's hours, never added silently.
    shape, steps
        Bill and machines by month in multiples of today's, (draws, months).
    follows
        Share of the hours that grows with the machines, (draws,): none of what a provider runs.
    lines
        The list-price lines before the client's own bill is laid over them.
    basis
        ``bill``: the client's own figure wins; ``list``: list prices; ``none``: nobody has said, and cash is not known.
    uses, carried
        How each line follows the load, and the load that today's machines carry in multiples of today's.
    """

    placed: Placed
    cash_now: Array
    hours_now: Array
    shape: Array
    steps: Array
    follows: Array
    lines: tuple[LineCost, ...]
    basis: str
    uses: tuple[_Use, ...]
    carried: Array

    def at_times(self, times: float) -> Array:
        """Bill at ``times`` today's load in multiples of today's, under today's discounts; per draw."""
        needed = self.placed.needed
        steps = units(times * needed, self.carried, minimum=needed) / needed
        now, then = np.zeros(len(steps)), np.zeros(len(steps))
        for use in self.uses:
            more = use.used * (steps if use.grows == "steps" else times if use.grows == "load" else 1.0)
            paid = float(paid_of_list(1, use.off)[0])
            now, then = now + paid * use.list_cost(use.used), then + paid * use.list_cost(more)
        return np.asarray(then / now if self.uses and np.all(now > 0) else steps)

    @property
    def cash(self) -> Array:
        """Cash by month, (draws, months)."""
        return np.asarray(self.cash_now[:, None] * self.shape)

    @property
    def hours(self) -> Array:
        """Hours by month, (draws, months); part of those of a self-run service grows with its machines."""
        if not self.follows.any():
            return np.repeat(self.hours_now[:, None], self.steps.shape[1], axis=1)
        return np.asarray(self.hours_now[:, None] + (self.hours_now * self.follows)[:, None] * (self.steps - 1))

    @property
    def machine_share(self) -> float:
        """Share of the list price that pays for machines, and so for size."""
        whole = sum(line.per_month_now for line in self.lines)
        return sum(line.per_month_now for line in self.lines if line.machine) / whole if whole else 0.0

    @property
    def steps_at_end(self) -> float:
        """Machines at the end of the horizon, in multiples of today's, on average."""
        return float(self.steps[:, -1].mean())


def room_of(engagement: Engagement, placed: Placed) -> float | None:
    """What today's machines carry in multiples of today's peak; None when nobody measured it."""
    peak = engagement.demand.peak_per_second or engagement.demand.mean_per_second
    capacity = placed.tier.capacity_per_second
    if placed.way.capacity_per_copy and capacity is None:
        capacity = placed.way.capacity_per_copy * placed.needed
    return capacity / peak if capacity is not None and peak else None


def _carried(growth: Growth, room: float | None) -> Array:
    """Load at which today's machines are full, in multiples of today's; what runs today carries today's, however full it is."""
    return np.maximum((growth.headroom if room is None else room) * growth.full, 1.0)


@lru_cache(maxsize=64)
def _steps(growth: Growth, room: float | None, needed: int) -> Array:
    found = units(growth.factor * needed, _carried(growth, room)[:, None], minimum=needed) / needed
    found.flags.writeable = False
    return found


@lru_cache(maxsize=64)
def _shape(uses: tuple[_Use, ...], growth: Growth, room: float | None, needed: int) -> Array:
    """The list price by month in multiples of month 0, (draws, months)."""
    steps, factor = _steps(growth, room, needed), growth.factor
    sums, months = np.zeros(factor.shape), factor.shape[1]
    for use in uses:
        used: Array | float = use.used * (steps if use.grows == "steps" else factor if use.grows == "load" else 1.0)
        cost = use.list_cost(used)
        sums += cost * paid_of_list(months, use.off) if use.off else cost
    shape = sums / sums[:, :1] if uses and np.all(sums[:, 0] > 0) else steps
    shape.flags.writeable = False
    return np.asarray(shape)


def tier_costs(
    catalog: Catalog, engagement: Engagement, placed: Placed, values: Values, growth: Growth, *, as_of: date, billed_elsewhere: bool = False
) -> TierCosts:
    """A tier's bill and hours by month.

    Parameters
    ----------
    values
        Numbers of the design in which the tier is run this way; its ``cash_per_month`` is month 0.
    growth
        Acts on machines in steps, and on storage, requests and traffic smoothly; seats and plans stay.
    billed_elsewhere
        True for a further tier of a bundle, whose bill the first one carries.

    Notes
    -----
    List prices give the shape over time, ``cash_per_month`` the level: the client's own bill wins, and grows as the
    list does. Steps are ``ceil(needed x growth / room) / needed`` sets of all copies, so that redundancy is kept.
    """
    room = room_of(engagement, placed)
    known = _uses(catalog, engagement, placed, as_of)
    shape = _shape(tuple(use for use, _, _ in known), growth, room, placed.needed)
    steps = _steps(growth, room, placed.needed)
    follows = values["effort_follows_size_share"] if placed.way.run_by == "client" else np.zeros(values.draws)
    cash, hours = values[f"{placed.tier.name}.cash_per_month"], values[f"{placed.tier.name}.effort_hours_per_month"]
    if billed_elsewhere:
        cash, hours = np.zeros_like(cash), np.zeros_like(hours)
    own = placed.tier.cost_per_month is not None or any(b.tier == placed.tier.name for b in engagement.bill.lines)
    basis = "bill" if own else "list" if known or cash.any() else "none"
    return TierCosts(placed, cash, hours, shape, steps, follows, tuple(_line(*k, steps, growth, as_of) for k in known), basis,
                     tuple(use for use, _, _ in known), _carried(growth, room))  # fmt: skip


def _uses(catalog: Catalog, engagement: Engagement, placed: Placed, as_of: date) -> list[tuple[_Use, PriceLine, Price]]:
    """The lines of the list, and how each follows the load."""
    rate, tier = engagement.client.exchange_rate_from_usd, placed.tier
    found = []
    for wanted in _lines_with_zone_traffic(catalog, placed):
        price = catalog.price(wanted.sku, as_of)
        if price is None:
            continue
        hourly = price.measure in PER_HOUR
        # Flat by the hour is a machine, which comes in steps; flat by the month is a plan, which stays.
        by_steps = wanted.per == "copy" or (wanted.per == "flat" and hourly)
        grows = "steps" if by_steps else "load" if wanted.per in ("gigabyte", "million", "egress_gigabyte") else "stays"
        tiers = tuple((end, p * rate) for end, p in _marginal_tiers(catalog, price, wanted.free, as_of))
        off = tuple((d.share_off, months_left(d, as_of)) for d in discounts_on(engagement, as_of) if d.covers(price.sku, tier.need))
        unit = price.price * rate * (HOURS_PER_MONTH if hourly else 1)
        found.append((_Use(grows, used_of(wanted, tier, placed.copies), wanted.free, unit, tiers if len(tiers) > 1 else (), off), wanted, price))
    return found


def _line(use: _Use, wanted: PriceLine, price: Price, steps: Array, growth: Growth, as_of: date) -> LineCost:
    at_end = use.used * (steps[:, -1] if use.grows == "steps" else growth.factor[:, -1] if use.grows == "load" else np.ones(1))
    paid = paid_of_list(steps.shape[1], use.off)
    now, end = float(np.mean(use.list_cost(use.used))) * float(paid[0]), float(np.mean(use.list_cost(at_end))) * float(paid[-1])
    return LineCost(price.sku, wanted.note or wanted.per.replace("_", " "), use.used, use.free, use.price, price.measure, now, end,
                    price.source, price.from_date, price.age_months(as_of), use.grows == "steps", use.off)  # fmt: skip


def months_left(discount: CommitmentDiscount, as_of: date) -> int:
    """Months from now on in which a discount holds: this one when it holds today."""
    return max(int((discount.until - as_of).days / DAYS_PER_MONTH), 1) if discount.until >= as_of else 0


@lru_cache(maxsize=512)
def _marginal_tiers(catalog: Catalog, price: Price, free: float, as_of: date) -> list[tuple[float, float]]:
    """Tiers of a price that falls with use, from its neighbours named ``..._over_10_tb``; gigabytes."""
    rest = []
    for sku in catalog.prices:
        found = re.fullmatch(re.escape(price.sku) + r"_over_(\d+)_tb", sku)
        dated = catalog.price(sku, as_of) if found else None
        if found and dated:
            rest.append((int(found[1]) * TERABYTE, dated.price))
    if not rest:
        return []
    starts = [(0.0, price.price), *sorted(rest)]
    ends = [start for start, _ in starts[1:]] + [float("inf")]
    tiers = [(end, p) for end, (_, p) in zip(ends, starts, strict=True)]
    return ([(free, 0.0)] if free > 0 else []) + [(end, p) for end, p in tiers if end > free]


def _lines_with_zone_traffic(catalog: Catalog, placed: Placed) -> Sequence[PriceLine]:
    """The way's lines; for a replicated log the traffic between zones is reckoned, in place of a rule of thumb.

    Notes
    -----
    Both ends of a transfer are billed, hence twice. Between the brokers of a managed log the provider charges nothing;
    its clients' traffic between zones remains.
    """
    way = placed.way
    if "kafka" not in way.skills or way.zones < 2 or not placed.tier.egress_gigabytes:
        return way.price_lines
    sku = f"{way.provider}/cross_zone_traffic"
    if sku not in catalog.prices:
        return way.price_lines
    spread = [placed.copies // way.zones + (1 if zone < placed.copies % way.zones else 0) for zone in range(way.zones)]
    every = float(kafka_cross_zone_traffic(1.0, spread, fanout=1.0))
    between_brokers = sum(spread) - sum(n * n for n in spread) / sum(spread)
    times = 2 * (every if way.run_by == "client" else every - between_brokers)
    kept = [line for line in way.price_lines if line.sku != sku]
    if times <= 0:
        return kept
    return [*kept, PriceLine(sku=sku, per="egress_gigabyte", quantity=times, note=tr("traffic between zones, both ends billed"))]


def all_tier_costs(
    catalog: Catalog, engagement: Engagement, placed: Sequence[Placed], values: Values, growth: Growth, *, as_of: date,
    only: Sequence[str] | None = None,
) -> tuple[TierCosts, ...]:  # fmt: skip
    """Each tier's costs, or those of the named ones; the first tier of a bundle carries its bill."""
    seen: set[str] = set()
    found = []
    for p in placed:
        if only is None or p.tier.name in only:
            found.append(tier_costs(catalog, engagement, p, values, growth, as_of=as_of, billed_elsewhere=bool(p.way.fills) and p.way.id in seen))
        seen.add(p.way.id)
    return tuple(found)
