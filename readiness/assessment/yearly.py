"""A client's year under other answers or another design: the sums of `assess` without its verdict, fast enough for hundreds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.causes import CauseDraws, causes_of
from readiness.assessment.money import (
    OF_MINUTES,
    UNUSED,
    Amount,
    Column,
    billed_elsewhere,
    downtime_loss,
    line_amounts,
    tier_amounts,
    total,
    unused_commitments,
)  # fmt: skip
from readiness.assessment.promise import JourneyResult, journey_result
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.catalog import Catalog
from readiness.design import Design, base_numbers, client_moves, design_of
from readiness.engagement.schema import Engagement
from readiness.models import Array
from readiness.moves import Choice, Values, apply
from readiness.practices import NOT_FOR_THIS_CLIENT, choice_of, choices

FEW_DRAWS = 1024
CREDIT_DRAWS = 16
"""Enough for what credits change by: within a hundredth of what 4,096 draws say."""
EXIT_LINE = "provider_exit"
"""The chance to leave a provider is counted with each way's own lock-in, so not a second time among the lines; what is committed
to and not used ends with its commitment, and is reckoned by month."""


@dataclass(frozen=True)
class Year:
    """One year of a client, drawn.

    Parameters
    ----------
    engagement, design, values
        What was supposed, and what follows for every number.
    journeys
        Results by journey; chances of breach are made when they are first asked for.
    amounts
        Lines of cash, hours and loss.
    """

    engagement: Engagement = field(repr=False)
    design: Design = field(repr=False)
    values: Values = field(repr=False)
    journeys: tuple[JourneyResult, ...]
    amounts: tuple[Amount, ...] = field(repr=False)
    reckoned: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What many are held against, by what it is made from: reckoned for the first of them."""

    @cached_property
    def bad_minutes(self) -> Array:
        """Bad minutes a year weighted by the journeys' shares of revenue, (draws,)."""
        return np.sum([w * r.total for w, r in zip(self.engagement.revenue_weights, self.journeys, strict=True)], axis=0)

    @cached_property
    def main(self) -> JourneyResult:
        return max(self.journeys, key=lambda r: r.journey.promise.slo)

    @cached_property
    def loss(self) -> Array:
        """Expected loss a year, (draws,)."""
        return total(self.amounts, "loss", self.values.draws)

    @cached_property
    def cash(self) -> Array:
        """Cash a year, (draws,)."""
        return total(self.amounts, "cash", self.values.draws)

    @cached_property
    def hours(self) -> Array:
        """People's hours a year, (draws,)."""
        return total(self.amounts, "hours", self.values.draws)

    @cached_property
    def causes(self) -> tuple[CauseDraws, ...]:
        """Causes of all journeys, each once."""
        return tuple({c.id: c for r in self.journeys for c in r.causes}.values())

    @cached_property
    def loss_per_month(self) -> Array:
        """Expected loss a month, all lines; (draws,)."""
        return self.loss / MONTHS_PER_YEAR

    @cached_property
    def loss_with_revenue_per_month(self) -> Array:
        """The part of a month's loss that grows with the client's revenue; (draws,)."""
        return total([a for a in self.amounts if a.with_revenue], "loss", self.values.draws) / MONTHS_PER_YEAR

    def loss_by_month(self, growth: Array) -> Array:
        """Expected loss by month when revenue grows as the load does: ``growth`` in multiples of today's, (draws, months)."""
        found = growth - 1
        found *= self.loss_with_revenue_per_month[:, None]
        found += self.loss_per_month[:, None]
        return found

    @cached_property
    def other_cash_per_month(self) -> Array:
        """Cash a month beside the tiers' own bills; (draws,)."""
        return self._beside_tiers("cash")

    @cached_property
    def other_hours_per_month(self) -> Array:
        """Hours a month beside those of running the tiers and of leaving a provider; (draws,)."""
        return self._beside_tiers("hours")

    def _beside_tiers(self, column: Column) -> Array:
        own = {f"{p.tier.name}_{column}" for p in self.design.placed} | {EXIT_LINE, UNUSED}
        return total([a for a in self.amounts if a.id not in own], column, self.values.draws) / MONTHS_PER_YEAR

    @cached_property
    def economic(self) -> Array:
        """Cash, hours at their loaded rate, and expected loss of a year, (draws,): the sum that is labelled as such."""
        return self.cash + self.hours * self.values["loaded_rate_per_hour"] + self.loss

    def headline(self, figure_id: str) -> Array:
        """The draws of a headline figure by its id in an assessment."""
        known: dict[str, Array] = {
            "bad_minutes_per_year": self.bad_minutes,
            "loss_per_year": self.loss,
            "economic_cost_per_year": self.economic,
            "cash_per_month": self.cash / MONTHS_PER_YEAR,
            "hours_per_month": self.hours / MONTHS_PER_YEAR,
        }
        if figure_id in known:
            return known[figure_id]
        if figure_id == "breach_chance_per_year":
            return self.main.breach
        return next(a.per_year for a in self.amounts if a.id == figure_id)

    def risks(self, *, with_hours: bool) -> dict[str, tuple[str, float]]:
        """Title and mean money a year of each risk: downtime by cause, other lines of loss, and hours at their loaded rate."""
        lines = {a.id: a for a in self.amounts if not a.avoidable_only}
        downtime = np.sum([lines[i].per_year for i in OF_MINUTES if i in lines], axis=0)
        per_minute = np.divide(downtime, self.bad_minutes, out=np.zeros(self.values.draws), where=self.bad_minutes > 0)
        found: dict[str, tuple[str, float]] = {}
        for weight, result in zip(self.engagement.revenue_weights, self.journeys, strict=True):
            money = weight * (per_minute @ result.bad_minutes) / self.values.draws
            for cause, amount in zip(result.causes, money, strict=True):
                key = f"downtime:{cause.id.partition('~')[0]}"
                title, before = found.get(key, (cause.title, 0.0))
                found[key] = (title, before + float(amount))
        for line in lines.values():
            if line.column == "loss" and line.id not in OF_MINUTES:
                found[line.id] = (line.title, float(line.per_year.mean()))
            elif line.column == "hours" and with_hours:
                found[line.id] = (line.title, float((line.per_year * self.values["loaded_rate_per_hour"]).mean()))
        return found


def year_of(catalog: Catalog, engagement: Engagement, design: Design, values: Values, *, credits: float | int | None = CREDIT_DRAWS) -> Year:
    """The year that follows from numbers.

    Parameters
    ----------
    values
        Every number as draws; need not be those that the engagement leads to.
    credits
        SLA credits a year where they are known (a float), or from how many draws to reckon them (an int); None leaves them out.

    Notes
    -----
    The same sums in the same order as `assess`; the chances of bad windows, which take most of its time, only for credits.
    """
    journeys = tuple(journey_result(j, causes_of(catalog, engagement, design, j, values), values) for j in engagement.journeys)
    tiers = tier_amounts(design, values)
    causes = {c.id: c for r in journeys for c in r.causes}
    lines = line_amounts(catalog, design, values, tiers, tuple(causes.values()))
    weighted = np.sum([w * r.total for w, r in zip(engagement.revenue_weights, journeys, strict=True)], axis=0)
    owed = credits if isinstance(credits, float) else 0.0 if credits is None else sum(r.credits_in(credits) for r in journeys)
    billed = (*tiers, *billed_elsewhere(engagement, values.draws), *unused_commitments(design, values))
    amounts = (*billed, *lines, *downtime_loss(values, weighted, np.full(values.draws, owed)))
    return Year(engagement, design, values, journeys, amounts)


def supposed(
    a: Assessment,
    engagement: Engagement | None = None,
    *,
    draws: int = FEW_DRAWS,
    extra: Sequence[Choice] = (),
    credits: float | int | None = CREDIT_DRAWS,
) -> Year:
    """The year of an assessed client if it were as ``engagement`` says; what was measured moves as much as the model does.

    Parameters
    ----------
    a
        The client as assessed.
    engagement
        Altered by `with_answer` or `with_way`; None for the client as it is.
    draws
        A power of two; the first so many of the common draws. Few are enough to put candidates in order.

    Examples
    --------
    What would a rota spare us? ``(supposed(a) .loss - supposed(a, a.engagement.with_answer("on_call", "rota")).loss).mean()``
    """
    then = engagement if engagement is not None else a.engagement
    today = a.values if draws == a.values.draws else a.in_few_draws.get(draws)
    if _differs_in_answers_only(then, a.engagement):
        design, base, said = a.design, a.values.base, _said_then(a, then)
    else:
        design = design_of(a.catalog, then, as_of=a.as_of)
        base, said = base_numbers(a.catalog, then, design), choices(a.catalog, then, as_of=a.as_of)
    overrides = (*a.measured, *client_moves(then))
    values = apply(said + tuple(extra), base, overrides=overrides, reference=a.said, draws=draws, seed=a.values.seed, like=today)
    if today is None and then is a.engagement and not extra:
        a.in_few_draws[draws] = values
    return year_of(a.catalog, then, design, values, credits=credits)


def _differs_in_answers_only(one: Engagement, other: Engagement) -> bool:
    return all(getattr(one, name) is getattr(other, name) for name in type(one).model_fields if name != "answers")


def _said_then(a: Assessment, then: Engagement) -> tuple[Choice, ...]:
    """What the practices contribute after some other answers: `choices` of what differs."""
    before, now = a.engagement.answers, then.answers
    return tuple(
        c
        if c.state == NOT_FOR_THIS_CLIENT or before.get(c.origin) is now.get(c.origin)
        else choice_of(a.catalog.practices[c.origin], now.get(c.origin), a.catalog, as_of=a.as_of, stage=then.stage)
        for c in a.said
    )


def at_numbers(a: Assessment, numbers: Mapping[str, Array], draws: int) -> Year:
    """The year of a client's design when every number is as given; credits as assessed, since their spread is not carried."""
    values = a.values.with_numbers(numbers, draws=draws)
    owed = next((float(x.per_year.mean()) for x in a.amounts if x.id == "sla_credits_owed"), 0.0)
    factor = float(a.values["credit_factor"].mean())
    return year_of(a.catalog, a.engagement, a.design, values, credits=owed / factor if factor else 0.0)


__all__ = ["FEW_DRAWS", "Year", "at_numbers", "supposed", "year_of"]
