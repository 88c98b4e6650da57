"""What another way of running things does to downtime, hours and loss: `assess` without its chances of breach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from readiness.assessment.causes import CauseDraws, causes_of, stacked
from readiness.assessment.money import UNUSED, Amount, billed_elsewhere, downtime_loss, line_amounts, tier_amounts, total, unused_commitments
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR
from readiness.catalog import Catalog
from readiness.design import Design, base_numbers, client_moves, design_of
from readiness.engagement.schema import WINDOWS_PER_YEAR, Engagement, Promise
from readiness.models import Array
from readiness.models.breach import expected_credit_share
from readiness.models.downtime import Causes
from readiness.moves import DRAWS, Values, apply, choices

CREDIT_DRAWS = 64
EXIT_LINE = "provider_exit"
"""What is committed to and not used ends with its commitment and so is reckoned by month. The chance to leave a provider is counted with each way's own lock-in, so not a second time among the lines."""


@dataclass(frozen=True)
class Effect:
    """One client, perhaps altered: its numbers, bad minutes, and lines of cash, hours and loss; draws first.

    Parameters
    ----------
    engagement, design, values
        What was supposed, and what follows for every number.
    bad_minutes
        Bad minutes a year, weighted by the journeys' shares of revenue; (draws,).
    amounts
        Lines of a year, as in an assessment.
    causes
        Causes of all journeys, each once.
    """

    engagement: Engagement
    design: Design
    values: Values
    bad_minutes: Array
    amounts: tuple[Amount, ...]
    causes: tuple[CauseDraws, ...]

    @cached_property
    def loss_per_month(self) -> Array:
        """Expected loss a month, all lines; (draws,)."""
        return total(self.amounts, "loss", self.values.draws) / MONTHS_PER_YEAR

    @cached_property
    def loss_with_revenue_per_month(self) -> Array:
        """The part of a month's loss that grows with the client's revenue; (draws,)."""
        return total([a for a in self.amounts if a.with_revenue], "loss", self.values.draws) / MONTHS_PER_YEAR

    def loss_by_month(self, growth: Array) -> Array:
        """Expected loss by month when revenue grows as the load does: ``growth`` in multiples of today's, (draws, months)."""
        return np.asarray(self.loss_per_month[:, None] + self.loss_with_revenue_per_month[:, None] * (growth - 1))

    @cached_property
    def other_cash_per_month(self) -> Array:
        """Cash a month beside the tiers' own bills; (draws,)."""
        return self._beside_tiers("cash")

    @cached_property
    def other_hours_per_month(self) -> Array:
        """Hours a month beside those of running the tiers and of leaving a provider; (draws,)."""
        return self._beside_tiers("hours")

    def _beside_tiers(self, column: str) -> Array:
        own = {f"{p.tier.name}_{column}" for p in self.design.placed} | {EXIT_LINE, UNUSED}
        kept = [a for a in self.amounts if a.id not in own]
        return total(kept, column, self.values.draws) / MONTHS_PER_YEAR  # type: ignore[arg-type]


def effect_of(catalog: Catalog, engagement: Engagement, *, as_of: date, today: Engagement | None = None, draws: int = DRAWS) -> Effect:
    """What would be, if the client were as ``engagement`` says.

    Parameters
    ----------
    engagement
        The client, altered by `with_way` or `with_answer`.
    today
        The client as it is, so that what was measured moves as much as the model does.
    draws
        A power of two; few are enough to put candidates in order.

    Notes
    -----
    The same sums as `assess` in the same order, without the distribution of bad windows, which takes most of its time.
    SLA credits are an expectation over the first 64 draws, or over as many fewer as there are fewer draws.
    """
    design = design_of(catalog, engagement, as_of=as_of)
    given = choices(catalog, engagement, as_of=as_of)
    reference = choices(catalog, today, as_of=as_of) if today is not None else None
    values = apply(given, base_numbers(catalog, engagement, design), overrides=client_moves(engagement), reference=reference, draws=draws)
    weights = [j.share_of_revenue for j in engagement.journeys]
    weights = weights if sum(weights) > 0 else [1 / len(weights)] * len(weights)
    weighted, credits = np.zeros(draws), 0.0
    causes: dict[str, CauseDraws] = {}
    for weight, journey in zip(weights, engagement.journeys, strict=True):
        of_journey = causes_of(catalog, engagement, design, journey, values)
        causes |= {c.id: c for c in of_journey}
        stack = stacked(of_journey, values)
        weighted = weighted + weight * np.minimum(stack.total_per_year(), MINUTES_PER_YEAR)
        if journey.promise.tiers and journey.promise.monthly_fee:
            credits += _credits_per_year(stack, journey.promise)
    tiers = tier_amounts(design, values)
    lines = line_amounts(catalog, design, values, tiers, tuple(causes.values()))
    amounts = (*tiers, *billed_elsewhere(engagement, draws), *unused_commitments(design, values), *lines, *downtime_loss(values, weighted, np.full(draws, credits)))
    return Effect(engagement, design, values, weighted, amounts, tuple(causes.values()))


def _credits_per_year(stack: Causes, promise: Promise) -> float:
    minutes = MINUTES_PER_YEAR / WINDOWS_PER_YEAR[promise.window]
    draws = max(1, min(CREDIT_DRAWS, len(stack.rate) // CREDIT_DRAWS))
    window = stack.window(minutes, draws=draws, planned_share=None if promise.planned_work_counts else 0.0)
    return float(np.mean(expected_credit_share(window, promise.tiers))) * promise.monthly_fee * MONTHS_PER_YEAR
