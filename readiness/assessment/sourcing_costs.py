"""What a design costs over a horizon: its tiers, what start-up credits pay, and what commitments cost unused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from readiness.assessment.sourcing_growth import HORIZON_MONTHS, growth_of
from readiness.assessment.sourcing_tier_costs import TierCosts, all_tier_costs, months_left
from readiness.assumptions import DAYS_PER_MONTH
from readiness.catalog import Catalog
from readiness.design import Placed
from readiness.engagement.schema import CommitmentDiscount, Engagement
from readiness.models import Array
from readiness.models.prices import credited_cash, unused_commitment
from readiness.moves import Values


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
    unused
        What commitments cost beyond what they are used for by month, (draws, months).
    discount_ends
        Each commitment with the months it holds, and the rise of the bill when it ends; 0 when it covers nothing.
    rate_per_hour, discount_rate_per_year
        Of an hour, per draw; of a year.
    """

    tiers: tuple[TierCosts, ...]
    other_cash: Array
    other_hours: Array
    credits_used: Array
    credit_ends: tuple[tuple[str, float, float], ...]
    unused: Array
    discount_ends: tuple[tuple[CommitmentDiscount, int, float], ...]
    rate_per_hour: Array
    discount_rate_per_year: float

    @cached_property
    def gross_cash(self) -> Array:
        """Bills by month before credits, (draws, months)."""
        return np.asarray(np.sum([t.cash for t in self.tiers], axis=0) + self.other_cash[:, None] + self.unused)

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
    growth = growth_of(engagement, values, months=months)
    tiers = all_tier_costs(catalog, engagement, placed, values, growth, as_of=as_of)
    used, ends = _credits(engagement, tiers, as_of, (values.draws, months))
    zeros = np.zeros(values.draws)
    idle, discount_ends = committed(engagement, tiers, as_of, (values.draws, months))
    return DesignCosts(tiers, zeros + other_cash, zeros + other_hours, used, ends, idle, discount_ends, values["loaded_rate_per_hour"],
                       float(values["discount_rate_per_year"].mean()))  # fmt: skip


def _credits(
    engagement: Engagement, tiers: Sequence[TierCosts], as_of: date, shape: tuple[int, int]
) -> tuple[Array, tuple[tuple[str, float, float], ...]]:
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


def committed(
    engagement: Engagement, tiers: Sequence[TierCosts], as_of: date, shape: tuple[int, int]
) -> tuple[Array, tuple[tuple[CommitmentDiscount, int, float], ...]]:
    """What commitments cost beyond what they are used for, (draws, months), and how the bill rises when each ends.

    Parameters
    ----------
    tiers
        All of the design; the part of a tier's bill that a commitment covers is held as it is today.
    """
    unused, ends = np.zeros(shape), []
    for d in engagement.money.commitment_discounts:
        left = months_left(d, as_of)
        shares = [t.placed.covered_share(d) for t in tiers]
        covered = np.sum([t.cash * share for t, share in zip(tiers, shares, strict=True)], axis=0) + np.zeros(shape)
        if d.minimum_per_month and left:
            unused = unused + unused_commitment(covered, d.minimum_per_month, months_left=left)
        last = covered[:, min(left, shape[1]) - 1].mean() if left else 0.0
        ends.append((d, left, float(last) * d.share_off / (1 - d.share_off)))
    return unused, tuple(ends)
