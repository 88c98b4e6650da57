"""A design: how each tier is run, what that way's numbers are, and what it costs a month in cash."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from readiness.assumptions import HOURS_PER_MONTH, HOURS_PER_YEAR, NUMBERS, OPTION_NUMBERS, PART_NUMBERS, Quantity
from readiness.catalog import Catalog
from readiness.catalog.read import Price
from readiness.catalog.schema import Gate, PriceLine, Service, Way
from readiness.engagement.schema import CommitmentDiscount, Engagement, Override, Tier
from readiness.language import N_, signed, tr
from readiness.models.loss import peak_weight
from readiness.moves import Move
from readiness.practices import group_factors

OLD_PRICE_MONTHS = 12
PER_HOUR = {"hour", "vcpu_hour"}


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a way's monthly bill, in the client's currency; ``price`` is the list, ``per_month`` what is paid after discounts."""

    what: str
    quantity: float
    unit: str
    price: float
    per_month: float
    source: str
    as_of: date
    age_months: float
    discounts: tuple[CommitmentDiscount, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A tier, the way it is run, and the service that offers it."""

    tier: Tier
    service: Service
    way: Way
    lines: tuple[BillLine, ...]
    price_missing: str | None

    @property
    def copies(self) -> int:
        return self.tier.copies or self.way.copies

    @property
    def needed(self) -> int:
        """Copies that have to be up: the way's own number, or all when the client runs fewer."""
        return min(self.way.needed, self.copies)

    @property
    def redundant(self) -> bool:
        return self.copies > self.needed

    @property
    def list_price_per_month(self) -> float:
        """After the discounts that are in force today."""
        return math.fsum(line.per_month for line in self.lines)

    def covered_share(self, discount: CommitmentDiscount) -> float:
        """Share of the tier's price that a discount covers; of a bill of which no line is known all, when it is the provider's."""
        whole = self.list_price_per_month
        if not whole:
            return float(self.way.provider == discount.provider and not discount.prices and (not discount.needs or self.tier.need in discount.needs))
        return math.fsum(line.per_month for line in self.lines if discount.covers(line.what, self.tier.need)) / whole


@dataclass(frozen=True)
class Design:
    """All tiers of a client as they are run, or might be."""

    placed: tuple[Placed, ...]
    discounts: tuple[CommitmentDiscount, ...] = ()

    def __getitem__(self, tier: str) -> Placed:
        return next(p for p in self.placed if p.tier.name == tier)


def design_of(catalog: Catalog, engagement: Engagement, *, as_of: date) -> Design:
    """Today's design of a client, or the one an altered engagement describes."""
    ways = catalog.ways
    placed = tuple(_place(catalog, engagement, tier, *ways[tier.way], as_of=as_of) for tier in engagement.architecture.tiers)
    return Design(placed, discounts_on(engagement, as_of))


def discounts_on(engagement: Engagement, day: date) -> tuple[CommitmentDiscount, ...]:
    """The client's commitments and negotiated discounts that still hold on a day."""
    return tuple(d for d in engagement.money.commitment_discounts if d.until >= day)


def _place(catalog: Catalog, engagement: Engagement, tier: Tier, service: Service, way: Way, *, as_of: date) -> Placed:
    lines: list[BillLine] = []
    missing = way.price_unknown
    for wanted in way.price_lines:
        price = catalog.price(wanted.sku, as_of)
        if price is None:
            missing = missing or f"no price of {wanted.sku} is known"
        else:
            off = tuple(d for d in discounts_on(engagement, as_of) if d.covers(price.sku, tier.need))
            lines.append(_line(wanted, price, tier, tier.copies or way.copies, engagement.client.exchange_rate_from_usd, as_of, off))
    return Placed(tier, service, way, tuple(lines), missing)


def _line(
    wanted: PriceLine, price: Price, tier: Tier, copies: int, rate: float, as_of: date, off: tuple[CommitmentDiscount, ...] = ()
) -> BillLine:
    billed = max(0.0, used_of(wanted, tier, copies) - wanted.free) * (HOURS_PER_MONTH if price.measure in PER_HOUR else 1)
    paid = billed * price.price * rate * math.prod(1 - d.share_off for d in off)
    return BillLine(price.sku, billed, price.measure, price.price * rate, paid, price.source, price.from_date, price.age_months(as_of), off)


def used_of(wanted: PriceLine, tier: Tier, copies: int) -> float:
    """What a tier uses of a line of the list a month: copies, gigabytes, millions of requests, seats, or one of what is flat."""
    of_tier = {
        "copy": copies,
        "flat": 1,
        "gigabyte": tier.storage_gigabytes,
        "million": tier.million_requests_per_month,
        "egress_gigabyte": tier.egress_gigabytes,
        "seat": tier.seats,
    }[wanted.per]
    return of_tier * wanted.quantity


def gates_hit(way: Way, tier: Tier, engagement: Engagement) -> tuple[Gate, ...]:
    """The gates of a way that this tier or this client triggers."""
    present = {*tier.constraints, *engagement.architecture.constraints, engagement.architecture.departure}
    return tuple(gate for gate in way.gates if present.intersection(gate.when))


def base_numbers(catalog: Catalog, engagement: Engagement, design: Design) -> dict[str, Quantity]:
    """Every number's starting range by address: defaults of the stage, then those of each tier's way."""
    base = dict(_of_stage(catalog, engagement.stage, engagement.client.exchange_rate_from_usd))
    by_hand = [o for o in engagement.overrides if o.number == "billed_over_list_factor"]
    billed = by_hand[-1] if by_hand else base["billed_over_list_factor"]
    for placed in design.placed:
        for name, known in OPTION_NUMBERS.items():
            given = placed.way.numbers.get(name)
            quantity = given.quantity(known.unit) if given else _ABSENT[name]
            base[f"{placed.tier.name}.{name}"] = _in_currency(quantity, engagement.client.exchange_rate_from_usd)
        if placed.lines:
            base[f"{placed.tier.name}.cash_per_month"] = _list_price(placed, billed_over_listed(engagement, design), billed)
    return base


@lru_cache(maxsize=64)
def _of_stage(catalog: Catalog, stage: str, rate: float) -> Mapping[str, Quantity]:
    base: dict[str, Quantity] = {}
    for name, known in {**NUMBERS, **PART_NUMBERS}.items():
        default = catalog.default(name, stage)
        if default is None:
            default = Quantity(0, 0, 0, known.unit, N_("not known; only the client can say"), None, "estimated")
        base[name] = _in_currency(default, rate)
    return base


def billed_over_listed(engagement: Engagement, design: Design) -> float:
    """How much dearer or cheaper the client's bill is than list prices, over the tiers for which both are known.

    Notes
    -----
    Held between a third and three: beyond that the tiers are described wrongly rather than priced differently.
    """
    billed: dict[str, float] = {}
    for line in engagement.bill.lines:
        if line.tier:
            billed[line.tier] = billed.get(line.tier, 0.0) + line.cost_per_month
    known = [(billed[p.tier.name], p.list_price_per_month) for p in design.placed if billed.get(p.tier.name, 0) > 0 and p.list_price_per_month > 0]
    if not known:
        return 1.0
    return min(3.0, max(1 / 3, math.fsum(b for b, _ in known) / math.fsum(x for _, x in known)))


def _in_currency(quantity: Quantity, rate: float) -> Quantity:
    return quantity.scaled(rate) if rate != 1 and quantity.unit.startswith("money") else quantity


def _list_price(placed: Placed, calibration: float, billed: Quantity | Override) -> Quantity:
    amount = placed.list_price_per_month * calibration
    newest = max(line.as_of for line in placed.lines)
    sources = ", ".join(dict.fromkeys(line.what for line in placed.lines))
    # A list price is exact on its day; what the client is billed differs by discounts, sizes and what was forgotten.
    said = f"list prices of {sources}; {billed.low - 1:+.0%} to {billed.high - 1:+.0%} for size and discounts".replace("%", " %")
    for discount in dict.fromkeys(d for line in placed.lines for d in line.discounts):
        of = ", ".join(line.what for line in placed.lines if discount in line.discounts)
        said += f"; less {100 * discount.share_off:.4g} % of {of} until {discount.until} ({discount.source})"
    if calibration != 1:
        said += f"; times {calibration:.2f}, as the client's bill is over list prices elsewhere"
    return Quantity(amount * billed.low, amount * billed.likely, amount * billed.high, "money/month", said, newest, "published")


_NOTHING = Quantity(0, 0, 0, "", N_("this way needs none"), None, "arithmetic")
_ABSENT: Mapping[str, Quantity] = {
    **dict.fromkeys(OPTION_NUMBERS, _NOTHING),
    "calls_per_request": Quantity(1, 1, 1, "factor", N_("one call for each request, until somebody counts"), None, "arithmetic"),
    "faults_per_year": Quantity(0.5, 2, 8, "1/year", "estimate of this workbook: nothing is known of this way", None, "estimated"),
    "recovery_minutes": Quantity(5, 30, 180, "minutes", "estimate of this workbook: nothing is known of this way", None, "estimated"),
}


def client_moves(engagement: Engagement) -> tuple[Move, ...]:
    """What the client says of single numbers: money, tiers' own numbers and bills, overrides; later ones count."""
    moves: list[Move] = []
    money = engagement.money
    of_groups = group_factors(money)
    if money.peak_hours is not None:
        peak = money.peak_hours
        weight = float(peak_weight(peak.revenue_times, peak.share_of_hours, peak.share_of_outages)) * of_groups.get("peak_factor", 1.0)
        why = tr("the client's peak hours, over the tenant groups") if "peak_factor" in of_groups else tr("the client's peak hours")
        moves.append(Move("peak_factor", "set", weight, weight, weight, "client", why, N_("the client's peak hours"), "arithmetic"))
    if money.revenue_per_year is not None and money.revenue_per_hour is None:
        per_hour = money.revenue_per_year / HOURS_PER_YEAR
        moves.append(
            Move(
                "revenue_per_hour",
                "set",
                per_hour,
                per_hour,
                per_hour,
                "client",
                "revenue a year / 8,760",
                N_("the client's revenue a year"),
                "arithmetic",
            )
        )
    for name in ("revenue_per_hour", "peak_factor", "lost_share", "churn_factor", "idle_staff", "loaded_rate_per_hour",
                 "contract_value_at_stake_per_year", "breach_cost"):  # fmt: skip
        figure = getattr(money, name)
        if figure is not None:
            factor = of_groups.get(name, 1.0)
            why = tr("the client's own figure") if factor == 1 else tr("the client's own figure, times {factor} over the tenant groups", factor=signed(f"{factor:.3g}"))
            moves.append(Move.setting(name, figure.quantity(NUMBERS[name].unit).scaled(factor), origin="client", why=why))
    billed: dict[str, float] = {}
    for bill_line in engagement.bill.lines:
        if bill_line.tier:
            billed[bill_line.tier] = billed.get(bill_line.tier, 0.0) + bill_line.cost_per_month
    for tier in engagement.architecture.tiers:
        if tier.name in billed and tier.cost_per_month is None:
            amount = max(billed[tier.name], 0.0)
            moves.append(
                Move(f"{tier.name}.cash_per_month", "set", amount, amount, amount, "bill", "the client's bill", N_("the client's bill"), "measured")
            )
        if tier.cost_per_month is not None:
            quantity = tier.cost_per_month.quantity("money/month")
            moves.append(Move.setting(f"{tier.name}.cash_per_month", quantity, origin="client", why="the client's own figure"))
        for name, figure in tier.numbers.items():
            if name in OPTION_NUMBERS:
                quantity = figure.quantity(OPTION_NUMBERS[name].unit)
                moves.append(Move.setting(f"{tier.name}.{name}", quantity, origin="client", why="the client's own figure"))
    for o in engagement.overrides:
        moves.append(Move(o.number, "set", o.low, o.likely, o.high, "override", o.reason, o.source, o.evidence, o.on))
    return tuple(moves)
