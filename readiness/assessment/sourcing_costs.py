"""What a design costs over a horizon: each tier's bill by line and its hours, as the load grows, month by month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from readiness.assumptions import HOURS_PER_MONTH
from readiness.catalog import Catalog
from readiness.catalog.read import Price
from readiness.catalog.schema import PriceLine
from readiness.design import PER_HOUR, Placed
from readiness.engagement.schema import Engagement
from readiness.models import Array
from readiness.models.cost import load_in_month, units
from readiness.models.draws import standard_normals
from readiness.models.prices import credited_cash, kafka_cross_zone_traffic, tiered_cost, use_cost
from readiness.models.uncertainty import quantiles_to_draws
from readiness.moves import DAYS_PER_MONTH, Values

HORIZON_MONTHS = 36
TARGET_UTILISATION = 0.7
"""Share of what it carries at which a machine is full: room for one zone's load and a bad evening."""
GROWTH_SPREAD = (0.5, 1.0, 1.5)
"""Growth that comes, in multiples of what the client expects: plans of young companies are missed more than beaten."""
UNSTATED_ROOM = (1.2, 3.0, 10.0)
"""What runs today carries so many times today's peak, where nobody has measured it."""
HOURS_FOLLOW_SIZE = 0.5
"""Part of the hours of a self-run service that grows with its machines; published efforts by size give 0.4 to 1."""
FIRST_OWN_COLUMN = 960
TERABYTE = 1024.0


@dataclass(frozen=True)
class Growth:
    """How the load grows: times today's load by month, (draws, months); month 0 is now."""

    per_year: Array
    factor: Array

    @property
    def months(self) -> int:
        return int(self.factor.shape[1])


def growth_of(engagement: Engagement, *, draws: int, months: int = HORIZON_MONTHS, per_year: float | None = None) -> Growth:
    """Growth as the client expects it with its spread, or exactly ``per_year`` where that is given."""
    expected = engagement.demand.growth_per_year
    if per_year is not None:
        yearly = np.full(draws, float(per_year))
    else:
        z = standard_normals(draws, FIRST_OWN_COLUMN + 1)[:, FIRST_OWN_COLUMN]
        yearly = expected * quantiles_to_draws(z, *GROWTH_SPREAD, kind="positive")
        yearly = np.maximum(yearly, -0.95)
    return Growth(yearly, load_in_month(1.0, yearly[:, None], np.arange(months, dtype=float)))


@dataclass(frozen=True, slots=True)
class LineCost:
    """One line of a tier's bill: now and at the end of the horizon, as means, with the price behind it."""

    what: str
    title: str
    quantity: float
    measure: str
    price: float
    per_month_now: float
    per_month_end: float
    source: str
    as_of: date
    age_months: float


@dataclass(frozen=True)
class TierCosts:
    """One tier in one way over the horizon.

    Parameters
    ----------
    placed
        The tier and the way it is run.
    cash, hours
        By month, (draws, months): a bill and people's hours, never added silently.
    lines
        The list-price lines before the client's own bill is laid over them.
    basis
        ``bill``: the client's own figure wins; ``list``: list prices; ``none``: nobody has said, and cash is not known.
    steps_at_end
        Machines at the end, in multiples of today's, on average.
    """

    placed: Placed
    cash: Array
    hours: Array
    lines: tuple[LineCost, ...]
    basis: str
    steps_at_end: float


def room_of(engagement: Engagement, placed: Placed, draws: int) -> tuple[Array, bool]:
    """What today's machines carry in multiples of today's peak, at the target utilisation, and whether it was measured."""
    peak = engagement.demand.peak_per_second or engagement.demand.mean_per_second
    capacity = placed.tier.capacity_per_second
    if placed.way.capacity_per_copy and capacity is None:
        capacity = placed.way.capacity_per_copy * placed.needed
    if capacity is not None and peak:
        room, known = np.full(draws, capacity / peak), True
    else:
        number = [t.name for t in engagement.architecture.tiers].index(placed.tier.name)
        column = FIRST_OWN_COLUMN + 1 + number
        room, known = quantiles_to_draws(standard_normals(draws, column + 1)[:, column], *UNSTATED_ROOM, kind="positive"), False
    # What runs today carries today's load, however full it is.
    return np.maximum(room * TARGET_UTILISATION, 1.0), known


def tier_costs(catalog: Catalog, engagement: Engagement, placed: Placed, values: Values, growth: Growth, *, as_of: date, billed_elsewhere: bool = False) -> TierCosts:
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
    room, _ = room_of(engagement, placed, values.draws)
    steps = units(growth.factor * placed.needed, room[:, None], minimum=placed.needed) / placed.needed
    level = values[f"{placed.tier.name}.cash_per_month"]
    lines, by_month = _listed(catalog, engagement, placed, growth, steps, as_of)
    if by_month is not None and np.all(by_month[:, 0] > 0):
        shape = by_month / by_month[:, :1]
    else:
        shape = steps / steps[:, :1]
    cash = np.zeros_like(shape) if billed_elsewhere else level[:, None] * shape
    follows = HOURS_FOLLOW_SIZE if placed.way.run_by == "client" else 0.0
    hours = values[f"{placed.tier.name}.effort_hours_per_month"][:, None] * (1 - follows + follows * steps)
    if billed_elsewhere:
        hours = np.zeros_like(hours)
    own = placed.tier.cost_per_month is not None or any(b.tier == placed.tier.name for b in engagement.bill.lines)
    basis = "bill" if own else "list" if level.any() else "none"
    return TierCosts(placed, cash, hours, lines, basis, float(steps[:, -1].mean()))


def _listed(catalog: Catalog, engagement: Engagement, placed: Placed, growth: Growth, steps: Array, as_of: date) -> tuple[tuple[LineCost, ...], Array | None]:
    """The lines of the list and their sum by month, (draws, months)."""
    rate, tier, way = engagement.client.exchange_rate_from_usd, placed.tier, placed.way
    found: list[LineCost] = []
    sums: Array | None = None
    for wanted in _lines_with_zone_traffic(catalog, placed):
        price = catalog.price(wanted.sku, as_of)
        if price is None:
            continue
        hourly = price.measure in PER_HOUR
        used: Array | float = {
            "copy": placed.copies * wanted.quantity,
            "flat": wanted.quantity,
            "gigabyte": tier.storage_gigabytes * wanted.quantity,
            "million": tier.million_requests_per_month * wanted.quantity,
            "egress_gigabyte": tier.egress_gigabytes * wanted.quantity,
            "seat": tier.seats * wanted.quantity,
        }[wanted.per]
        now = float(used)
        # Flat by the hour is a machine, which comes in steps; flat by the month is a plan, which stays.
        if wanted.per == "copy" or (wanted.per == "flat" and hourly):
            used = used * steps
        elif wanted.per in ("gigabyte", "million", "egress_gigabyte"):
            used = used * growth.factor
        cost = _priced(catalog, price, used, wanted.free, hourly, as_of) * rate
        sums = cost if sums is None else sums + cost
        quantity = max(0.0, now - wanted.free) * (HOURS_PER_MONTH if hourly else 1)
        ends = (float(cost[:, 0].mean()), float(cost[:, -1].mean())) if cost.ndim == 2 else (float(cost), float(cost))
        found.append(LineCost(price.sku, wanted.note or wanted.per.replace("_", " "), quantity, price.measure, price.price * rate, *ends,
                              price.source, price.from_date, price.age_months(as_of)))  # fmt: skip
    if sums is not None and sums.ndim == 0:
        sums = np.broadcast_to(sums, growth.factor.shape)
    return tuple(found), sums


def _priced(catalog: Catalog, price: Price, used: Array | float, free: float, hourly: bool, as_of: date) -> Array:
    tiers = _marginal_tiers(catalog, price, free, as_of)
    if len(tiers) > 1:
        return tiered_cost(used, tiers)
    return use_cost(used, price.price * (HOURS_PER_MONTH if hourly else 1), free_uses=free)


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
    return [*kept, PriceLine(sku=sku, per="egress_gigabyte", quantity=times, note="traffic between zones, both ends billed")]


@dataclass(frozen=True)
class DesignCosts:
    """A whole design over the horizon.

    Parameters
    ----------
    tiers
        Each tier's costs.
    other_cash, other_hours
        A month's cash and hours beside the tiers: on-call pay, tools, toil, releases; (draws,).
    credits_used
        What start-up credits pay by month, (draws, months).
    credit_ends
        For each provider's credits: the provider, the last month they pay in, the rise of the bill after it.
    rate_per_hour, discount_rate_per_year
        Of an hour, per draw; of a year.
    """

    tiers: tuple[TierCosts, ...]
    other_cash: Array
    other_hours: Array
    credits_used: Array
    credit_ends: tuple[tuple[str, float, float], ...]
    rate_per_hour: Array
    discount_rate_per_year: float

    @cached_property
    def gross_cash(self) -> Array:
        """Bills by month before credits, (draws, months)."""
        return np.sum([t.cash for t in self.tiers], axis=0) + self.other_cash[:, None]

    @cached_property
    def cash(self) -> Array:
        """What is paid by month after credits."""
        return self.gross_cash - self.credits_used

    @cached_property
    def hours(self) -> Array:
        return np.sum([t.hours for t in self.tiers], axis=0) + self.other_hours[:, None]


def costs_over_horizon(
    catalog: Catalog, engagement: Engagement, placed: Sequence[Placed], values: Values, *, as_of: date,
    other_cash: Array | float = 0.0, other_hours: Array | float = 0.0, months: int = HORIZON_MONTHS,
) -> DesignCosts:  # fmt: skip
    """Cash and hours of a design by month, with growth, steps, free tiers and start-up credits."""
    growth = growth_of(engagement, draws=values.draws, months=months)
    tiers = all_tier_costs(catalog, engagement, placed, values, growth, as_of=as_of)
    used, ends = _credits(engagement, tiers, as_of, (values.draws, months))
    zeros = np.zeros(values.draws)
    return DesignCosts(tiers, zeros + other_cash, zeros + other_hours, used, ends, values["loaded_rate_per_hour"],
                       float(values["discount_rate_per_year"].mean()))  # fmt: skip


def all_tier_costs(catalog: Catalog, engagement: Engagement, placed: Sequence[Placed], values: Values, growth: Growth, *, as_of: date) -> tuple[TierCosts, ...]:
    """Each tier's costs; the first tier of a bundle carries its bill."""
    seen: set[str] = set()
    found = []
    for p in placed:
        found.append(tier_costs(catalog, engagement, p, values, growth, as_of=as_of, billed_elsewhere=bool(p.way.fills) and p.way.id in seen))
        seen.add(p.way.id)
    return tuple(found)


def _credits(engagement: Engagement, tiers: Sequence[TierCosts], as_of: date, shape: tuple[int, int]) -> tuple[Array, tuple[tuple[str, float, float], ...]]:
    used, ends = np.zeros(shape), []
    for gift in engagement.money.startup_credits:
        bills = [t.cash for t in tiers if t.placed.way.provider == gift.provider]
        months = max(0, int((gift.expires - as_of).days / DAYS_PER_MONTH))
        if not bills:
            ends.append((gift.provider, -1.0, 0.0))
            continue
        paid = credited_cash(np.sum(bills, axis=0), balance=gift.balance, expires_after_months=months, eligible_share=gift.eligible_share)
        used = used + paid.used
        ends.append((gift.provider, float(np.mean(paid.last_month)), float(np.mean(paid.cliff))))
    return used, tuple(ends)
