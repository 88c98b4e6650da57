"""What an investor asks: cost for each customer now and at ten times, share of revenue, cost of the next promise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import assess_if
from readiness.assessment.promise import PROMISES
from readiness.assessment.sourcing import Sourcing
from readiness.assessment.sourcing_comparing import Candidate, candidates_of, moved, size_of
from readiness.assessment.standing import PracticeStanding
from readiness.assumptions import HOURS_PER_YEAR, MONTHS_PER_YEAR
from readiness.design import design_of
from readiness.models import Array

TIMES = 10.0


@dataclass(frozen=True)
class NextPromise:
    """What stands between today and the next higher promise, on the side of the design.

    Parameters
    ----------
    slo
        The next usual promise above what one could sign today.
    moves
        For each tier without a second copy the cheapest open way with one, hours included.
    cash_per_month, hours_once
        More cash a month and hours of setting up and moving; (draws,).
    breach_before, breach_after
        Chance to break it within a year, today and so rebuilt.
    gates
        Practices that the promise also asks for.
    """

    slo: float
    moves: dict[str, Candidate]
    cash_per_month: Array
    hours_once: Array
    breach_before: float
    breach_after: float
    gates: tuple[str, ...]


@dataclass(frozen=True)
class Investor:
    """Three numbers for an investor; None where the client has not said what they need."""

    cash_per_month: Array
    cash_at_ten: Array
    per_customer: Array | None
    per_customer_at_ten: Array | None
    share_of_revenue: Array | None
    revenue_per_year: Array | None
    next_promise: NextPromise | None
    tolerance: float


def investor(s: Sourcing) -> Investor:
    """The investor's page of one client."""
    a = s.assessment
    now = s.costs.gross_cash[:, 0]
    ten = np.sum([t.cash_now * t.at_times(TIMES) for t in s.costs.tiers], axis=0) + s.costs.other_cash
    customers = a.engagement.money.customers
    revenue = s.today.values["revenue_per_hour"] * HOURS_PER_YEAR
    return Investor(
        now, ten,
        now / customers if customers else None,
        ten / (customers * TIMES) if customers else None,
        now * MONTHS_PER_YEAR / revenue if np.all(revenue > 0) else None,
        revenue if np.all(revenue > 0) else None,
        next_promise(s), a.standing.tolerance,
    )  # fmt: skip


def next_promise(s: Sourcing) -> NextPromise | None:
    """The cheapest second copies, tier by tier, and whether the next promise would hold with them."""
    a = s.assessment
    highest = a.standing.highest_promise or 0.0
    aim = next((slo for slo in sorted({*PROMISES, a.main.journey.promise.slo}) if slo > highest), None)
    if aim is None:
        return None
    chosen: dict[str, Candidate] = {}
    names = set(a.main.journey.tiers) or {p.tier.name for p in a.design.placed}
    draws = s.today.values.draws
    for placed in a.design.placed:
        if placed.redundant or placed.way.redundancy not in ("single", "pair") or placed.tier.name not in names or not placed.service.serves_requests:
            continue
        ready = []
        for c in candidates_of(a, placed):
            # Nobody takes a bought service back into their own hands for a second copy.
            if placed.way.run_by == "provider" and c.way.run_by == "client":
                continue
            if c.open and not c.rewrite and c.way.redundancy not in ("single", "pair") and not c.way.fills and not c.way.id.startswith("no_"):
                other = design_of(a.catalog, a.engagement.with_way(placed.tier.name, c.way.id), as_of=a.as_of)[placed.tier.name]
                effort = c.way.numbers.get("effort_hours_per_month")
                work = float(s.costs.rate_per_hour.mean()) * (effort.likely if effort else 0.0)
                ready.append((other.list_price_per_month + work, c.way.id, c))
        if ready:
            chosen[placed.tier.name] = min(ready, key=lambda r: r[:2])[2]
    if not chosen:
        return None
    altered = moved(a.engagement, {t: c.way.id for t, c in chosen.items()})
    rebuilt = assess_if(a, altered)
    cash, hours = np.zeros(draws), np.zeros(draws)
    for tier in chosen:
        cash = cash + rebuilt.values[f"{tier}.cash_per_month"] * size_of(a, tier, draws) - a.values[f"{tier}.cash_per_month"]
        hours = hours + rebuilt.values[f"{tier}.setup_hours"] + rebuilt.values[f"{tier}.migration_hours"]
    name = a.main.journey.name
    after = next(r for r in rebuilt.journeys if r.journey.name == name)
    gates = tuple(p.practice.title for p in a.standing.practices if _barred(p, aim))
    return NextPromise(aim, chosen, cash, hours, float(a.main.yearly_breach(aim).mean()), float(after.yearly_breach(aim).mean()), gates)


def _barred(standing: PracticeStanding, aim: float) -> bool:
    asked = [standing.practice.answer(answer).level for answer, slo in standing.practice.required_from.items() if slo <= aim + 1e-12]
    return bool(asked) and standing.state not in ("does not apply", "not applicable") and (standing.level is None or standing.level < max(asked))
