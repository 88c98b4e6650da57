"""Lays a client's bill over its tiers, so that what is billed wins over list prices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from readiness.catalog import Catalog
from readiness.design import Placed, design_of
from readiness.engagement.schema import BillFacts, BillLine, Engagement
from readiness.errors import ImportFileError
from readiness.readers.bill import Bill

REST = "what belongs to no tier"


@dataclass(frozen=True)
class LaidBill:
    """A bill on a client's tiers.

    Parameters
    ----------
    facts
        What goes into the engagement: a line for each tier and service, in the client's currency.
    by_tier
        Tier to what it is billed a month, beside what list prices made of it (None where none is known).
    rest_per_month
        Billed for what is no tier: network, observability, what no rule knows.
    unmapped_share
        Share of the money that no rule knows.
    """

    facts: BillFacts
    by_tier: dict[str, tuple[float, float | None]]
    rest_per_month: float
    unmapped_share: float


def lay_bill(bill: Bill, catalog: Catalog, engagement: Engagement, *, as_of: date, file: str = "") -> LaidBill:
    """Share a bill out over the tiers.

    Parameters
    ----------
    bill
        As read; one currency.
    as_of
        The day of the list prices that tell how money for several tiers is shared out.

    Raises
    ------
    ImportFileError
        When the bill is in a currency that is neither the client's nor one for which the client gave a rate.

    Notes
    -----
    Money for a managed service goes to the tiers of that need that a provider runs. Money for raw machines and their disks
    goes to all tiers that the client runs itself, whatever their need: the bill does not say which machine holds what.
    Several tiers share in proportion to their list prices, evenly where none is known. Nothing is dropped: what fits no
    tier is kept as a line without one.
    """
    rate = _rate(bill.currency, engagement, file)
    placed = design_of(catalog, engagement, as_of=as_of).placed
    lines: list[BillLine] = []
    for found in (*bill.lines, *bill.unmapped):
        amount = found.cost_per_month * rate
        tiers = _tiers_for(found.need, found.kind, placed)
        source = f"bill{f' {file}' if file else ''}: {found.name}"
        if not tiers:
            lines.append(BillLine(need=found.need or None, service=found.name[:120] or "unnamed", cost_per_month=amount, source=source))
        for tier, share in tiers:
            lines.append(BillLine(tier=tier, need=found.need, service=found.name[:120] or "unnamed", cost_per_month=amount * share, source=source))
    month = bill.months[-1].month if bill.months else None
    facts = BillFacts(currency=engagement.client.currency, month=month, file=file[:120] or None, lines=tuple(lines))
    by_tier = {
        p.tier.name: (math.fsum(x.cost_per_month for x in lines if x.tier == p.tier.name), p.list_price_per_month if p.lines else None)
        for p in placed
        if any(x.tier == p.tier.name for x in lines)
    }
    rest = math.fsum(x.cost_per_month for x in lines if x.tier is None)
    return LaidBill(facts, by_tier, rest, bill.unmapped_share)


def _rate(currency: str, engagement: Engagement, file: str) -> float:
    client = engagement.client
    if currency == client.currency:
        return 1.0
    if currency == "USD" and client.exchange_rate_on is not None:
        return client.exchange_rate_from_usd
    raise ImportFileError(
        f"is in {currency}, but the engagement is in {client.currency}",
        file=file or None,
        hint="give client.exchange_rate_from_usd with its date, or a bill in the client's currency",
    )


def _tiers_for(need: str, kind: str, placed: tuple[Placed, ...]) -> list[tuple[str, float]]:
    if kind == "raw" and need in ("web_compute", "block_storage"):
        fitting = [p for p in placed if p.way.run_by == "client"]
    else:
        fitting = [p for p in placed if p.tier.need == need and p.way.run_by == "provider"] or [p for p in placed if p.tier.need == need]
    if not fitting:
        return []
    weights = [p.list_price_per_month for p in fitting]
    if math.fsum(weights) <= 0:
        weights = [1.0] * len(fitting)
    return [(p.tier.name, w / math.fsum(weights)) for p, w in zip(fitting, weights, strict=True)]

