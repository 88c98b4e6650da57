"""Economics of delivery: toil, groundwork before a launch, build runners, environments that sleep at night."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.cost import load_in_month, present_factors, use_cost


def toil_hours(
    deploys_per_month: ArrayLike,
    minutes_per_deploy: ArrayLike,
    *,
    months: int,
    growth_per_year: ArrayLike = 0.0,
    other_hours_per_month: ArrayLike = 0.0,
    other_grows_with_load: ArrayLike = 1.0,
    load_growth_per_year: ArrayLike = 0.0,
) -> Array:
    """Hours of manual work by month, which grow with deploys and with load.

    Parameters
    ----------
    deploys_per_month, minutes_per_deploy
        Deploys now, and manual minutes in each.
    months
        Length of the horizon.
    growth_per_year
        Growth of the number of deploys a year.
    other_hours_per_month
        Other toil now: tickets, restarts, certificates.
    other_grows_with_load
        Share of it that grows with the load.
    load_growth_per_year
        Growth of the load a year.

    Returns
    -------
    array
        Shape (draws, months).

    Examples
    --------
    >>> toil_hours(12, 180, months=2).tolist()
    [[36.0, 36.0]]
    """
    def column(values: ArrayLike) -> Array:
        return np.atleast_1d(floats(values))[:, None]

    month = np.arange(months, dtype=float)
    deploys = load_in_month(column(deploys_per_month), column(growth_per_year), month)
    load = load_in_month(1.0, column(load_growth_per_year), month)
    follows = column(other_grows_with_load)
    other = column(other_hours_per_month) * (1 - follows + follows * load)
    return np.asarray(deploys * column(minutes_per_deploy) / 60 + other)


@dataclass(frozen=True)
class Groundwork:
    """What weeks of groundwork before a launch buy, against what launching later costs; present values per draw.

    Parameters
    ----------
    buys
        Loss avoided, hours spared and dearer rework avoided.
    costs
        The work itself, and what the delay costs.
    net
        ``buys - costs``: positive when the groundwork is worth the delay.
    most_weeks
        Weeks of delay at which the two are equal.
    """

    buys: Array
    costs: Array
    net: Array
    most_weeks: Array


def groundwork_or_later_launch(
    weeks: ArrayLike,
    *,
    delay_cost_per_week: ArrayLike,
    work_hours: ArrayLike,
    hourly_rate: ArrayLike,
    loss_avoided_per_month: ArrayLike,
    hours_spared_per_month: ArrayLike = 0.0,
    rework_factor: ArrayLike = 1.0,
    months: int = 36,
    discount_rate_per_year: float = 0.0,
) -> Groundwork:
    """N weeks of groundwork before the launch, or launch now and do it afterwards, or not at all?

    Parameters
    ----------
    weeks
        By how much the launch moves.
    delay_cost_per_week
        Margin that a week without the product costs, and the runway it burns.
    work_hours, hourly_rate
        Hours of the work before launch, at a loaded rate.
    loss_avoided_per_month, hours_spared_per_month
        What it avoids and spares from launch on.
    rework_factor
        How many times dearer the same work is after launch, if it will be done anyway; 1 counts no rework.
    months
        Horizon after launch.
    discount_rate_per_year
        As a fraction.

    Examples
    --------
    Three weeks of work by two people; each week of delay costs 5,000; it avoids 900 a month and spares 20 hours:

    >>> plan = groundwork_or_later_launch(3, delay_cost_per_week=5_000, work_hours=240, hourly_rate=80,
    ...                                   loss_avoided_per_month=900, hours_spared_per_month=20)
    >>> float(plan.net), round(float(plan.most_weeks), 2)
    (55800.0, 14.16)
    """
    later, rate = floats(delay_cost_per_week), floats(hourly_rate)
    factor = floats(rework_factor)
    if np.any(factor < 1) or np.any(np.asarray(weeks) < 0):
        raise ModelError("work is not cheaper after launch (rework_factor is at least 1), and weeks are not negative")
    worth = float(present_factors(discount_rate_per_year, months).sum())
    work = floats(work_hours) * rate
    saved = floats(loss_avoided_per_month) + floats(hours_spared_per_month) * rate
    buys = np.asarray(saved * worth + work * (factor - 1))
    costs = np.asarray(work + floats(weeks) * later)
    room = np.maximum(buys - work, 0.0)
    most = np.full(np.broadcast(room, later).shape, np.inf)
    np.divide(room, later, out=most, where=later > 0)
    return Groundwork(buys=buys, costs=costs, net=np.asarray(buys - costs), most_weeks=most)


@dataclass(frozen=True)
class Runners:
    """Hosted build minutes against runners of one's own, a month.

    Parameters
    ----------
    hosted, self_run
        Cost a month; the second with its hours at the loaded rate.
    break_even_minutes
        Build minutes a month at which they are equal; infinite when own runners are never cheaper.
    """

    hosted: Array
    self_run: Array
    break_even_minutes: Array


def ci_runners(
    build_minutes: ArrayLike,
    *,
    hosted_price_per_minute: ArrayLike,
    free_minutes: ArrayLike = 0.0,
    machine_price_per_minute: ArrayLike = 0.0,
    fixed_per_month: ArrayLike = 0.0,
    hours_per_month: ArrayLike = 0.0,
    hourly_rate: ArrayLike = 0.0,
) -> Runners:
    """Hosted build minutes, or runners of one's own?

    Parameters
    ----------
    build_minutes
        Build minutes a month.
    hosted_price_per_minute, free_minutes
        Price, and minutes a month that cost nothing.
    machine_price_per_minute, fixed_per_month
        Price of own machines: while building, and always.
    hours_per_month, hourly_rate
        Hours that own runners take, at a loaded rate.

    Examples
    --------
    40,000 minutes a month at 0.008, or machines at 0.002 and eight hours a month at 80?

    >>> runners = ci_runners(40_000, hosted_price_per_minute=0.008, machine_price_per_minute=0.002,
    ...                      hours_per_month=8, hourly_rate=80)
    >>> float(runners.hosted), float(runners.self_run), round(float(runners.break_even_minutes))
    (320.0, 720.0, 106667)
    """
    hosted_price = floats(hosted_price_per_minute)
    own_price = floats(machine_price_per_minute)
    fixed = np.asarray(floats(fixed_per_month) + floats(hours_per_month) * floats(hourly_rate))
    cheaper_by = hosted_price - own_price
    # hosted (m - free) = fixed + own m; below the free minutes hosted costs nothing.
    rise = fixed + hosted_price * floats(free_minutes)
    equal = np.full(np.broadcast(rise, cheaper_by).shape, np.inf)
    np.divide(rise, cheaper_by, out=equal, where=cheaper_by > 0)
    return Runners(
        hosted=use_cost(build_minutes, hosted_price, free_uses=free_minutes),
        self_run=np.asarray(fixed + floats(build_minutes) * own_price),
        break_even_minutes=equal,
    )


def nights_off_saving(
    cost_per_month: ArrayLike, hours_on_per_week: ArrayLike, *, share_that_stops: ArrayLike = 1.0
) -> Array:
    """What an environment saves a month that sleeps when nobody works.

    Parameters
    ----------
    cost_per_month
        Its cost when it runs around the clock.
    hours_on_per_week
        Hours a week that it runs.
    share_that_stops
        Share of the cost that stops with it: machines, not disks.

    Examples
    --------
    A staging environment of 1,000 a month, 70 % of it machines, that runs 50 hours a week:

    >>> round(float(nights_off_saving(1000, 50, share_that_stops=0.7)))
    492
    """
    hours, share = floats(hours_on_per_week), floats(share_that_stops)
    if np.any(hours < 0) or np.any(hours > 168) or np.any(share < 0) or np.any(share > 1):
        raise ModelError("a week has 168 hours, and at most all of the cost stops")
    return np.asarray(floats(cost_per_month) * share * (1 - hours / 168))
