"""From when on is the other way cheaper: hours, months, and the month to start moving as the load grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.cost import present_factors


@dataclass(frozen=True)
class BreakEvenHours:
    """Hours a month that must be saved, and self-run hours at which that happens; two numbers, always named."""

    saved: Array
    self_run: Array


def break_even_hours(
    premium_per_month: ArrayLike, hourly_rate: ArrayLike, *, residual_share: ArrayLike = 0.0
) -> BreakEvenHours:
    """From how many hours a month on does a managed service pay?

    Parameters
    ----------
    premium_per_month
        Price of the managed service less that of the machines it replaces.
    hourly_rate
        Loaded cost of an hour.
    residual_share
        Share of the self-run hours that remain under managed, 0 to below 1.

    Notes
    -----
    ``saved = premium / rate``; ``self_run = premium / (rate (1 - s))``. A premium of nothing pays from the first hour.

    Examples
    --------
    A pair of RDS m5.large instances against the same machines bare, at 100 an hour:

    >>> hours = break_even_hours(2 * (0.171 - 0.096) * 730, 100, residual_share=0.35)
    >>> round(float(hours.saved), 1), round(float(hours.self_run), 1)
    (1.1, 1.7)
    """
    rate, residual = floats(hourly_rate), floats(residual_share)
    if np.any(rate <= 0) or np.any(residual < 0) or np.any(residual >= 1):
        raise ModelError("an hour costs something, and less than all of the effort remains")
    saved = np.asarray(np.maximum(floats(premium_per_month), 0.0) / rate)
    return BreakEvenHours(saved=saved, self_run=np.asarray(saved / (1 - residual)))


@dataclass(frozen=True)
class Crossing:
    """Where two cumulated costs cross.

    Parameters
    ----------
    month
        First month from which on the other way stays cheaper to the end of the horizon; None is never.
    all
        Every month in which the cheaper side changes.
    """

    month: int | None
    all: tuple[int, ...]


def crossing_of(difference_by_month: ArrayLike) -> Crossing:
    """Break-even from the difference (other less current) of cumulated costs, one number a month.

    Notes
    -----
    A month counts as cheaper only when it is: a tie leaves things as they are, so equal ways never cross.

    Examples
    --------
    Paid back in month 2, dearer again in month 4 when the next size is due, and cheaper for good from month 5 on:

    >>> crossing_of([100, 20, -10, -5, 8, -30])
    Crossing(month=5, all=(2, 4, 5))
    """
    difference = floats(difference_by_month)
    cheaper = difference < 0
    # Before the first month nobody has paid anything: the current way holds until something is cheaper.
    changes = np.flatnonzero(np.diff(cheaper, prepend=False))
    stays = int(changes[-1]) if len(cheaper) and cheaper[-1] else None
    return Crossing(month=stays, all=tuple(int(month) for month in changes))


def crossing_months(difference_by_month: ArrayLike) -> Array:
    """Break-even month of each draw; not a number where it never comes. Shape (draws, months) to (draws,)."""
    cheaper = np.atleast_2d(floats(difference_by_month)) < 0
    months = cheaper.shape[1]
    stays = months - np.argmax(~cheaper[:, ::-1], axis=1)
    stays = np.where(cheaper.all(axis=1), 0, stays)
    return np.where(cheaper[:, -1], stays, np.nan)


def chance_below(first: Array, second: Array) -> float:
    """Share of draws in which the first is less than the second; a tie counts half, so that equal ways are even."""
    return float(np.mean((first < second) + 0.5 * (first == second)))


@dataclass(frozen=True)
class SwitchPlan:
    """When to start moving, the mean present cost of each start month, and how sure that is.

    Parameters
    ----------
    start_month, live_month
        Month in which to start and in which the new way carries the load; None is never within the horizon.
    cost_by_start
        Mean present cost by start month; the last one is never; shape (months + 1,).
    saving
        Mean present saving against never.
    chance_better_than_never
        Share of draws in which that start is cheaper than never moving; 0.5 when the plan is never.
    """

    start_month: int | None
    live_month: int | None
    cost_by_start: Array
    saving: float
    chance_better_than_never: float


def switch_plan(
    current_by_month: ArrayLike,
    other_by_month: ArrayLike,
    *,
    migration_cost: ArrayLike,
    lead_months: int = 0,
    double_run_months: int = 0,
    exit_cost: ArrayLike = 0.0,
    discount_rate_per_year: float = 0.0,
) -> SwitchPlan:
    """The best month to start moving from one way to another as the load grows.

    Parameters
    ----------
    current_by_month, other_by_month
        Economic running cost of each way by month, without anything one-off; shape (draws, months).
    migration_cost
        One-off cost of moving, paid when it starts; a number or one per draw.
    lead_months
        Months from the start until the other way carries load.
    double_run_months
        Months that both are paid for after that.
    exit_cost
        Cost of winding up the current way, when it stops.
    discount_rate_per_year
        As a fraction.

    Notes
    -----
    All start months that end inside the horizon are tried; the decision is the least mean over the draws, since it is
    taken once and before the draw is known. A tie is never: moving for nothing is not worth it.

    Examples
    --------
    Self-run grows by 100 a month from 500, managed costs 1,000 flat, moving 2,000 and takes two months:

    >>> plan = switch_plan(500 + 100.0 * np.arange(36), np.full(36, 1000.0), migration_cost=2000, lead_months=2)
    >>> plan.start_month, plan.live_month
    (3, 5)
    """
    current = np.atleast_2d(floats(current_by_month))
    other = np.atleast_2d(floats(other_by_month))
    months = current.shape[1]
    if other.shape[1] != months:
        raise ModelError("both ways are known for the same months")
    if lead_months < 0 or double_run_months < 0:
        raise ModelError("lead and double running take 0 months or more")
    factor = present_factors(discount_rate_per_year, months)
    paid = np.concatenate([np.zeros((len(current), 1)), np.cumsum(current * factor, axis=1)], axis=1)
    ahead = np.concatenate([np.zeros((len(other), 1)), np.cumsum(other * factor, axis=1)], axis=1)
    starts = np.arange(max(months - lead_months, 0))
    live = starts + lead_months
    stop = np.minimum(live + double_run_months, months)
    moving = floats(migration_cost)[..., None] * factor[starts]
    leaving = floats(exit_cost)[..., None] * np.where(
        live + double_run_months < months, factor[np.minimum(stop, months - 1)], 0.0
    )
    by_start = paid[:, stop] + ahead[:, -1:] - ahead[:, live] + moving + leaving
    never = np.broadcast_to(paid[:, -1:], (len(by_start), 1))
    means = np.concatenate([by_start.mean(axis=0), never.mean(axis=0)])
    best = int(np.argmin(means))
    if best >= len(starts) or means[best] >= means[-1] * (1 - 1e-12):
        return SwitchPlan(None, None, means, 0.0, 0.5)
    return SwitchPlan(
        start_month=best,
        live_month=best + lead_months,
        cost_by_start=means,
        saving=float(means[-1] - means[best]),
        chance_better_than_never=chance_below(by_start[:, best], never[:, 0]),
    )
