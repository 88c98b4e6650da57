"""Cash, hours and expected loss of a year: three columns that are never silently added."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from readiness.assessment.causes import CauseDraws, named, product
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.catalog import Catalog
from readiness.catalog.schema import MoneyLine
from readiness.design import Design, Placed
from readiness.engagement.schema import Engagement
from readiness.language import tr
from readiness.models import Array
from readiness.models.loss import loss_per_year
from readiness.moves import Values

Column = Literal["cash", "hours", "loss"]
CREDITS_OWED, UNUSED = "sla_credits_owed", "unused_commitments"


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a year: money in the client's currency, or hours."""

    id: str
    title: str
    column: Column
    per_year: Array
    inputs: tuple[str, ...]
    source: str
    avoidable_only: bool = False

    @property
    def with_revenue(self) -> bool:
        """Whether it grows as the client's revenue does: what is lost of it, who leaves, and credits on what customers pay."""
        return self.column == "loss" and ("revenue_per_hour" in self.inputs or self.id == CREDITS_OWED)


def tier_amounts(design: Design, values: Values) -> list[Amount]:
    """What each tier costs in cash and hours; tiers of one bundle share its bill."""
    amounts: list[Amount] = []
    for placed in billed_once(design.placed):
        tier, title = placed.tier.name, placed.way.title
        cash, hours = f"{tier}.cash_per_month", f"{tier}.effort_hours_per_month"
        amounts += values.kept(("amounts", tier, title), (cash, hours), partial(_of_tier, tier, title, cash, hours))
    return amounts


def _of_tier(tier: str, title: str, cash: str, hours: str, values: Values) -> list[Amount]:
    return [
        Amount(f"{tier}_cash", f"{tier}: {title}", "cash", values[cash] * MONTHS_PER_YEAR, (cash,), tr("the tier's bill")),
        Amount(f"{tier}_hours", tr("Running {tier}", tier=tier), "hours", values[hours] * MONTHS_PER_YEAR, (hours,), tr("the tier's effort")),
    ]


# What lines may name beside the vocabulary, with the unit of each; `line_amounts` makes them.
DERIVED = {"bill": "money/month", "daily_bill": "money", "incidents": "1/year", "exit_hours_of_design": "hours", "delay_share": "share"}


def billed_elsewhere(engagement: Engagement, draws: int) -> list[Amount]:
    """What the client's bill holds that belongs to no tier: network, observability, what no rule knows."""
    rest = math.fsum(line.cost_per_month for line in engagement.bill.lines if line.tier is None)
    if rest <= 0:
        return []
    per_year = np.full(draws, rest * MONTHS_PER_YEAR)
    return [Amount("billed_elsewhere_cash", tr("On the bill, but of no tier"), "cash", per_year, (), tr("the client's bill"))]


def unused_commitments(design: Design, values: Values) -> list[Amount]:
    """What commitments cost today beyond what they are used for."""
    if not any(d.minimum_per_month for d in design.discounts):
        return []
    idle = np.zeros(values.draws)
    for discount in design.discounts:
        if discount.minimum_per_month:
            spend = np.sum([values[f"{p.tier.name}.cash_per_month"] * p.covered_share(discount) for p in billed_once(design.placed)], axis=0)
            idle = idle + np.maximum(discount.minimum_per_month - spend, 0.0)
    if not idle.any():
        return []
    return [Amount(UNUSED, tr("Committed to, but not used"), "cash", idle * MONTHS_PER_YEAR, (), tr("commitment less what it covers"))]


def billed_once(placed: Sequence[Placed]) -> list[Placed]:
    """The tiers that carry a bill: of a bundle the first."""
    seen: set[str] = set()
    found = []
    for p in placed:
        if not (p.way.fills and p.way.id in seen):
            found.append(p)
        seen.add(p.way.id)
    return found


def line_amounts(catalog: Catalog, design: Design, values: Values, tiers: Sequence[Amount], causes: Sequence[CauseDraws]) -> list[Amount]:
    """The lines of ``lines.yaml``: products of numbers."""
    bill, zeros = total(tiers, "cash", values.draws) / MONTHS_PER_YEAR, np.zeros(values.draws)
    derived = {
        "bill": bill,
        "daily_bill": bill * MONTHS_PER_YEAR / 365,
        "incidents": sum((c.rate for c in causes if c.woken and not c.planned), zeros),
        "exit_hours_of_design": sum((values[f"{p.tier.name}.exit_hours"] for p in design.placed), zeros),
        "delay_share": values["contract_delay_months"] / MONTHS_PER_YEAR,
    }

    return [
        values.kept(("line", line.id), names, partial(_line_amount, line, {}))
        if derived.keys().isdisjoint(names := named(line.product))
        else _line_amount(line, derived, values)
        for line in catalog.lines
    ]


def _line_amount(line: MoneyLine, derived: Mapping[str, Array], values: Values) -> Amount:
    per_year = product(line.product, lambda name: derived[name] if name in derived else values[name]) * (MONTHS_PER_YEAR if line.per == "month" else 1)
    inputs = tuple("contract_delay_months" if n == "delay_share" else n for n in named(line.product))
    return Amount(line.id, line.title, line.column, np.asarray(per_year), inputs, line.source, line.id == "waste")


OF_MINUTES = ("lost_revenue", "churn", "idle")
"""Lines of loss that are in proportion to bad minutes."""
DOWNTIME_LOSS = (*OF_MINUTES, "sla_credits_owed")
DOWNTIME_INPUTS = ("revenue_per_hour", "peak_factor", "lost_share", "churn_factor", "idle_staff", "loaded_rate_per_hour")


def downtime_loss(values: Values, bad_minutes_weighted: Array, credits: Array) -> list[Amount]:
    """What a year's bad minutes cost, by kind; without revenue per hour the promise decides, never a default.

    Parameters
    ----------
    bad_minutes_weighted
        Bad minutes a year weighted by the journeys' shares of revenue, shape (draws,).
    credits
        SLA credits owed a year by the tables of the promises, shape (draws,).
    """
    touched = values["revenue_per_hour"] * values["peak_factor"]
    loss = loss_per_year(
        bad_minutes_weighted,
        revenue_per_hour=values["revenue_per_hour"],
        lost_share=values["lost_share"],
        peak_factor=values["peak_factor"],
        churn_cost_per_hour=touched * values["churn_factor"],
        staff_cost_per_hour=values["idle_staff"] * values["loaded_rate_per_hour"],
    )
    return [
        Amount("lost_revenue", tr("Revenue lost during downtime"), "loss", loss.revenue, ("bad_minutes_per_year", *DOWNTIME_INPUTS[:3]), tr("bad minutes / 60 x revenue per hour x peak x share lost")),
        Amount("churn", tr("Customers who leave over downtime"), "loss", loss.churn, ("bad_minutes_per_year", "revenue_per_hour", "peak_factor", "churn_factor"), tr("bad minutes / 60 x revenue per hour x peak x churn factor")),
        Amount("idle", tr("Staff who cannot work"), "loss", loss.staff, ("bad_minutes_per_year", "idle_staff", "loaded_rate_per_hour"), tr("bad minutes / 60 x people x loaded rate")),
        Amount(CREDITS_OWED, tr("SLA credits owed to customers"), "loss", credits * values["credit_factor"], ("credit_factor",), tr("chance of each credit tier x fee x windows a year")),
    ]  # fmt: skip


def total(amounts: Sequence[Amount], column: Column, draws: int) -> Array:
    """Sum of a column, unrounded; what only shows a part of another line is left out."""
    found = np.zeros(draws)
    for a in amounts:
        if a.column == column and not a.avoidable_only:
            found += a.per_year
    return found
