"""What a client asks of the frontier, one function per question."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array
from readiness.models.frontier import MINUTES_PER_YEAR, Front, Point
from readiness.models.frontier_fields import FLOAT_NOISE, Integers


def _within(
    front: Front, cost_max: float, loss_max: float, hours_max: float, *, rounded: bool = True
) -> Integers:
    """Places of the points that keep all three bounds; ``rounded`` allows for the rounding to the steps."""
    if any(math.isnan(bound) for bound in (cost_max, loss_max, hours_max)):
        raise ModelError("a bound must be a number")
    if front.hours is None and hours_max < math.inf:
        raise ModelError("a cap on hours needs hours for every tier")
    fits = np.ones(len(front), dtype=bool)
    for values, bound, error in (
        (front.cost, cost_max, front.cost_error),
        (front.loss, loss_max, front.loss_error),
        (front.hours, hours_max, front.hours_error),
    ):
        if values is not None and bound < math.inf:
            fits &= values <= bound + error * rounded + FLOAT_NOISE * abs(bound)
    return np.flatnonzero(fits)


def _first(front: Front, places: Integers, *criteria: Array | None) -> Point | None:
    """The point that is least in the first criterion, among ties in the second, and so on."""
    for values in criteria:
        if values is not None and len(places):
            places = places[values[places] == values[places].min()]
    return front.point(int(places[0])) if len(places) else None


def within_hours(front: Front, hours_max: float = math.inf) -> Integers:
    """Places of the front of cost and loss alone among the designs that need at most ``hours_max`` a month.

    The slider: the front of three criteria is found once, each cap is one filter.
    """
    places = _within(front, math.inf, math.inf, hours_max)
    if front.hours is None:
        return places
    # The front is sorted by cost; among equal costs only the least loss can survive.
    loss = front.loss[places]
    keep = np.ones(len(places), dtype=bool)
    np.less(loss[1:], np.minimum.accumulate(loss)[:-1], out=keep[1:])
    places = places[keep]
    last = np.ones(len(places), dtype=bool)
    np.less(front.cost[places][:-1], front.cost[places][1:], out=last[:-1])
    return places[last]


def cheapest_meeting(front: Front, loss_max: float, *, hours_max: float = math.inf) -> Point | None:
    """The cheapest design whose loss is at most ``loss_max``; None when no design meets it.

    Examples
    --------
    What does three nines cost?

    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> found = front([Tier([50, 100], loss_of([0.01, 0.0002])), Tier([200, 400], loss_of([0.005, 0.0005]))])
    >>> cheapest_meeting(found, float(loss_of(0.001))).cost
    500.0
    >>> cheapest_meeting(found, float(loss_of(0.0001))) is None
    True
    """
    return _first(front, _within(front, math.inf, loss_max, hours_max), front.cost, front.loss, front.hours)


def best_within(front: Front, cost_max: float, hours_max: float = math.inf) -> Point | None:
    """The design with the least loss within a budget and the team's hours; None when nothing fits.

    Examples
    --------
    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> found = front([Tier([50, 100], loss_of([0.01, 0.0002])), Tier([200, 400], loss_of([0.005, 0.0005]))])
    >>> best_within(found, 400).cost
    300.0
    """
    return _first(front, _within(front, cost_max, math.inf, hours_max), front.loss, front.cost, front.hours)


def least_economic_cost(front: Front, money_per_loss_unit: float, rate_per_hour: float = 0.0) -> Point:
    """What is worth buying: the design with the least bill + loss in money + hours in money.

    Parameters
    ----------
    front
        Not empty.
    money_per_loss_unit
        Money per month that one unit of loss costs: for -log(availability) the loss of a month of standstill,
        for minutes a year the loss of a minute divided by twelve.
    rate_per_hour
        Loaded rate of the team, if hours are a criterion and not already in the cost.

    Examples
    --------
    A shop that loses 100 an hour should double both tiers, one that loses 1 an hour neither:

    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> found = front([Tier([50, 100], loss_of([0.01, 0.0002])), Tier([200, 400], loss_of([0.005, 0.0005]))])
    >>> [least_economic_cost(found, hourly * 730.5).cost for hourly in (1, 100)]
    [250.0, 500.0]
    """
    for price in (money_per_loss_unit, rate_per_hour):
        if not (price >= 0 and math.isfinite(price)):
            raise ModelError(f"a price must be finite and not negative, and is {price}")
    if rate_per_hour and front.hours is None:
        raise ModelError("a rate per hour needs hours for every tier")
    total = front.cost + money_per_loss_unit * front.loss
    if front.hours is not None:
        total = total + rate_per_hour * front.hours
    found = _first(front, np.arange(len(front)), total, front.cost, front.loss)
    if found is None:
        raise ModelError("an empty front has no design worth buying")
    return found


@dataclass(frozen=True, eq=False)
class Prices:
    """What each step along the front costs: one value per step, from place ``start`` to place ``end``.

    ``per_minute`` is money per month for each bad minute a year avoided, ``per_nine`` money per month for a
    nine.
    """

    start: Integers
    end: Integers
    cost: Array
    minutes: Array
    nines: Array
    per_minute: Array
    per_nine: Array


def marginal_price(
    front: Front,
    *,
    corners: bool = False,
    hours_max: float = math.inf,
    minutes_per_year: float = MINUTES_PER_YEAR,
) -> Prices:
    """Money per month for each bad minute a year avoided, and for each nine, step by step along the front.

    Parameters
    ----------
    front
        With three criteria, the steps go along the front within ``hours_max``.
    corners
        Only the corners of the convex hull, cost against minutes: the prices then rise from step to step, and
        each is the price per minute at which ``least_economic_cost`` goes on to the next corner.
    hours_max
        A cap on team hours.
    minutes_per_year
        For the length of the year.

    Notes
    -----
    A nine is a factor of ten: nines = -log10(minutes / minutes_per_year). A design without any bad
    minute has no finite number of nines; the price of the step to it is not a number.

    Examples
    --------
    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> found = front([Tier([50, 100], loss_of([0.01, 0.0002])), Tier([200, 400], loss_of([0.005, 0.0005]))])
    >>> prices = marginal_price(found)
    >>> for money, minutes, nine in zip(prices.cost, prices.minutes, prices.per_nine):
    ...     print(f"{money:.0f} a month more save {minutes:,.0f} minutes a year: {nine:.0f} per nine")
    50 a month more save 5,129 minutes a year: 109 per nine
    200 a month more save 2,366 minutes a year: 230 per nine
    """
    places = within_hours(front, hours_max)
    bad = front.minutes(minutes_per_year)
    if corners:
        places = _corners(front.cost, bad, places)
    start, end = places[:-1], places[1:]
    cost = front.cost[end] - front.cost[start]
    minutes = bad[start] - bad[end]
    finite = (bad[start] > 0) & (bad[end] > 0)
    nines = np.full(len(start), np.nan)
    nines[finite] = np.log10(bad[start][finite] / bad[end][finite])
    # Two losses that differ in the last bit can mean the same minutes.
    per_minute = np.divide(cost, minutes, out=np.full(len(start), np.nan), where=minutes > 0)
    per_nine = np.divide(cost, nines, out=np.full(len(start), np.nan), where=finite & (nines > 0))
    return Prices(start, end, cost, minutes, nines, per_minute, per_nine)


def _corners(cost: Array, minutes: Array, places: Integers) -> Integers:
    """The corners of the lower convex hull of a falling staircase."""
    hull: list[int] = []
    for place in places.tolist():
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            first = (minutes[a] - minutes[b]) * (cost[place] - cost[b])
            if first > (minutes[b] - minutes[place]) * (cost[b] - cost[a]):
                break
            hull.pop()
        hull.append(place)
    return np.array(hull, dtype=np.int64)


@dataclass(frozen=True)
class Distance:
    """How far a design stands from the front.

    ``cheaper`` is the cheapest design that is no worse otherwise, ``better`` the one with the least loss that
    costs no more; ``cost_saved`` and ``loss_avoided`` are the differences. All are None when the front has no
    such design: then the given one lies outside what the front was made of.
    """

    cost_saved: float | None
    cheaper: Point | None
    loss_avoided: float | None
    better: Point | None
    on_front: bool


def distance(front: Front, point: Point) -> Distance:
    """How far a design (today's, or a hand-made one) stands from the front: in money, and in loss.

    Parameters
    ----------
    front
        The front to stand beside.
    point
        From ``front.evaluate(design)``, whose sums lie on the front's own steps, or made by hand from sums.
        Its hours count when both it and the front have them.

    Examples
    --------
    Today the database is doubled and the web tier is not, for 450 a month:

    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> found = front([Tier([50, 100], loss_of([0.01, 0.0002])), Tier([200, 400], loss_of([0.005, 0.0005]))])
    >>> away = distance(found, found.evaluate((0, 1)))
    >>> away.on_front, away.cost_saved, away.better.design
    (False, 150.0, (1, 0))
    """
    timed = point.hours is not None and front.hours is not None
    hours_max = point.hours if timed and point.hours is not None else math.inf
    same_loss = _within(front, math.inf, point.loss, hours_max, rounded=False)
    same_cost = _within(front, point.cost, math.inf, hours_max, rounded=False)
    cheaper = _first(front, same_loss, front.cost, front.loss, front.hours)
    better = _first(front, same_cost, front.loss, front.cost, front.hours)
    no_worse = _within(front, point.cost, point.loss, hours_max, rounded=False)
    ahead = np.zeros(len(no_worse), dtype=bool)
    for own, values in ((point.cost, front.cost), (point.loss, front.loss), (point.hours, front.hours)):
        if own is not None and values is not None:
            ahead |= values[no_worse] < own - FLOAT_NOISE * abs(own)
    return Distance(
        cost_saved=None if cheaper is None else point.cost - cheaper.cost,
        cheaper=cheaper,
        loss_avoided=None if better is None else point.loss - better.loss,
        better=better,
        on_front=len(no_worse) > 0 and not bool(ahead.any()),
    )
