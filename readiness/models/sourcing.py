"""Managed or self-run: gates before money, cash and hours and loss side by side, break-even, when to switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.cost import present_factors
from readiness.models.crossings import (
    BreakEvenHours,
    Crossing,
    SwitchPlan,
    break_even_hours,
    chance_below,
    crossing_months,
    crossing_of,
    switch_plan,
)
from readiness.models.delivery import (
    Groundwork,
    Runners,
    ci_runners,
    groundwork_or_later_launch,
    nights_off_saving,
    toil_hours,
)
from readiness.models.options import NowOrLater, now_or_later, trigger_chances
from readiness.models.staffing import (
    Cover,
    HoursBalance,
    bus_factor,
    cheapest_cover,
    hours_balance,
)
from readiness.models.uncertainty import quantiles
from readiness.models.ways import Gate, Way, lock_in_cost, portability_worth

__all__ = [
    "BreakEvenHours",
    "Comparison",
    "Cover",
    "Crossing",
    "Gate",
    "Groundwork",
    "HoursBalance",
    "NowOrLater",
    "Runners",
    "Standing",
    "SwitchPlan",
    "Way",
    "break_even_hours",
    "bus_factor",
    "chance_below",
    "cheapest_cover",
    "ci_runners",
    "compare_ways",
    "crossing_months",
    "crossing_of",
    "groundwork_or_later_launch",
    "hours_balance",
    "lock_in_cost",
    "nights_off_saving",
    "now_or_later",
    "portability_worth",
    "rank_ways",
    "switch_plan",
    "toil_hours",
    "trigger_chances",
]

@dataclass(frozen=True)
class Comparison:
    """Another way against the current one; differences are other less current, so negative is cheaper.

    Parameters
    ----------
    current, other
        Ids of the two ways.
    cash_difference
        Present value of cash over the horizon, per draw.
    economic_difference
        Present value of all, hours at the loaded rate; per draw.
    chance_cheaper_cash, chance_cheaper_economic
        Share of draws in which the other is cheaper; a tie counts half.
    median, low, high
        Economic difference: its median and 90 % band.
    break_even
        From the mean cumulated economic difference.
    blocked
        Gates that forbid the other way; then it cannot win, whatever the money says.
    ways, hourly_rate, discount_rate_per_year
        What was compared, and how.
    """

    current: str
    other: str
    cash_difference: Array
    economic_difference: Array
    chance_cheaper_cash: float
    chance_cheaper_economic: float
    median: float
    low: float
    high: float
    break_even: Crossing
    blocked: tuple[Gate, ...]
    ways: tuple[Way, Way] = field(repr=False)
    hourly_rate: ArrayLike = field(repr=False)
    discount_rate_per_year: float = field(repr=False)

    @cached_property
    def hours_difference(self) -> Array:
        """Plain hours over the horizon, per draw."""
        current, other = (way.hours_by_month().sum(axis=1) for way in self.ways)
        return np.asarray(other - current)

    @cached_property
    def loss_difference(self) -> Array:
        """Present value of loss over the horizon, per draw."""
        current, other = self.ways
        return np.asarray(((other.loss - current.loss) * present_factors(self.discount_rate_per_year, current.loss.shape[1])).sum(axis=1))

    @cached_property
    def break_even_by_draw(self) -> Array:
        """Break-even month of each draw; not a number where it never comes."""
        current, other = (way.present(self.hourly_rate, self.discount_rate_per_year).cumulated for way in self.ways)
        return crossing_months(other - current)


def compare_ways(
    current: Way, other: Way, *, hourly_rate: ArrayLike, discount_rate_per_year: float = 0.0
) -> Comparison:
    """Hold another way against the current one over the horizon, draw by draw.

    Parameters
    ----------
    current, other
        Drawn from the same draws: what they share (load, rate) cancels out.
    hourly_rate
        Loaded cost of an hour, a number or one per draw.
    discount_rate_per_year
        As a fraction; the first month counts in full.

    Examples
    --------
    40 hours a month at 80 an hour, or 1,500 more in cash and 14 hours?

    >>> nothing = np.zeros((1, 36))
    >>> own = Way("own", cash=nothing + 600, hours=nothing + 40, loss=nothing)
    >>> managed = Way("managed", cash=nothing + 2100, hours=nothing + 14, loss=nothing, upfront_cash=6000)
    >>> verdict = compare_ways(own, managed, hourly_rate=80)
    >>> verdict.chance_cheaper_cash, verdict.chance_cheaper_economic, verdict.break_even.month
    (0.0, 1.0, 10)

    Dearer in cash, cheaper once hours count, from the eleventh month on.
    """
    if current.cash.shape[1] != other.cash.shape[1]:
        raise ModelError("ways are compared over the same months")
    before, after = (way.present(hourly_rate, discount_rate_per_year) for way in (current, other))
    difference = after.economic - before.economic
    low, median, high = quantiles(difference, (0.05, 0.5, 0.95))
    return Comparison(
        current=current.id,
        other=other.id,
        cash_difference=after.cash - before.cash,
        economic_difference=difference,
        chance_cheaper_cash=chance_below(after.cash, before.cash),
        chance_cheaper_economic=chance_below(after.economic, before.economic),
        median=median,
        low=low,
        high=high,
        break_even=crossing_of((after.cumulated - before.cumulated).mean(axis=0)),
        blocked=other.blocked,
        ways=(current, other),
        hourly_rate=hourly_rate,
        discount_rate_per_year=discount_rate_per_year,
    )


@dataclass(frozen=True)
class Standing:
    """Where one way stands among several: its mean present cost, how often it is the cheapest, or why it is blocked."""

    way: str
    mean_economic: float
    mean_cash: float
    mean_hours: float
    mean_loss: float
    chance_best: float
    blocked: tuple[Gate, ...]


def rank_ways(
    ways: Sequence[Way], *, hourly_rate: ArrayLike, discount_rate_per_year: float = 0.0
) -> tuple[Standing, ...]:
    """Rank ways by mean economic cost; blocked ones stay in the list, last, and never win.

    Parameters
    ----------
    ways
        Over the same months.
    hourly_rate, discount_rate_per_year
        As in `compare_ways`.
    """
    if len({way.id for way in ways}) != len(ways) or len({way.cash.shape[1] for way in ways}) > 1:
        raise ModelError("ways have different ids and the same months")
    totals, cash, loss = [], [], []
    for way in ways:
        factor = present_factors(discount_rate_per_year, way.cash.shape[1])
        totals.append((way.economic_by_month(hourly_rate) * factor).sum(axis=1))
        cash.append(float((way.cash_by_month() * factor).sum(axis=1).mean()))
        loss.append(float((way.loss * factor).sum(axis=1).mean()))
    matrix = np.stack([np.asarray(row) for row in np.broadcast_arrays(*totals)])
    allowed = np.array([not way.blocked for way in ways])
    wins = np.zeros(matrix.shape)
    if allowed.any():
        wins = (matrix == matrix[allowed].min(axis=0)) & allowed[:, None]
        wins = wins / wins.sum(axis=0)
    standings = [
        Standing(
            way=way.id,
            mean_economic=float(matrix[i].mean()),
            mean_cash=cash[i],
            mean_hours=float(way.hours_by_month().sum(axis=1).mean()),
            mean_loss=loss[i],
            chance_best=float(wins[i].mean()),
            blocked=way.blocked,
        )
        for i, way in enumerate(ways)
    ]
    return tuple(sorted(standings, key=lambda standing: (bool(standing.blocked), standing.mean_economic)))
