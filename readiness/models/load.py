"""Extreme demand: queues, scale-out lag, retries, growth, and the load on people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.domain import at_least_zero, share_of


class Queue(NamedTuple):
    """What those who ask find: busy share, chance to wait, mean wait in the unit of the service time."""

    busy_share: Array
    chance_of_waiting: Array
    mean_wait: Array


class Backlog(NamedTuple):
    """Requests that pile up, seconds to work them off, and seconds from the jump until all is well."""

    requests: Array
    drain_seconds: Array
    degraded_seconds: Array


class Runway(NamedTuple):
    """Months until a limit is met, until its next step must be ordered, and steps within the horizon."""

    months_until_limit: Array
    months_until_order: Array
    steps: Array


def chance_of_blocking(servers: ArrayLike, offered: ArrayLike) -> Array:
    """Erlang B: share of requests turned away where nobody can wait (a connection pool without a queue).

    Parameters
    ----------
    servers
        Whole number of servers, 0 or more; broadcasts.
    offered
        Offered load in servers: arrivals per unit of time x mean service time.

    Notes
    -----
    B(0) = 1, B(j) = a B(j-1) / (j + a B(j-1)): stable for thousands of servers, where the factorials
    overflow at 171.

    Examples
    --------
    Ten connections, eight in use on average: how often is none free?

    >>> round(float(chance_of_blocking(10, 8.0)), 3)
    0.122
    """
    count, load = np.broadcast_arrays(_servers(servers), at_least_zero(offered, "the offered load"))
    blocked: Array = np.ones(load.shape)
    found = blocked.copy()
    for j in range(1, int(count.max(initial=0)) + 1):
        blocked = load * blocked / (j + load * blocked)
        found = np.where(count == j, blocked, found)
    return found


def chance_of_waiting(servers: ArrayLike, offered: ArrayLike) -> Array:
    """Erlang C: share of requests that must wait; 1 where the load reaches the servers.

    Notes
    -----
    C = B / (1 - (a/c)(1 - B)), Erlang's delay formula, from the recursion of ``chance_of_blocking``.

    Examples
    --------
    >>> round(float(chance_of_waiting(2, 1.5)), 4)
    0.6429
    """
    count, load = np.broadcast_arrays(_servers(servers), at_least_zero(offered, "the offered load"))
    blocked = chance_of_blocking(count, load)
    busy = np.divide(load, count, out=np.ones(load.shape), where=count > 0)
    stable = load < count
    waits: Array = np.divide(blocked, 1.0 - busy * (1.0 - blocked), out=np.ones(load.shape), where=stable)
    return waits


def queue(servers: ArrayLike, *, per_second: ArrayLike, service_seconds: ArrayLike) -> Queue:
    """How a pool of servers with one queue does under a steady load.

    Notes
    -----
    W = C T / (c - a), infinite where the load reaches the servers.

    Examples
    --------
    A call every five seconds, four minutes each, 55 people: a quarter wait, eight seconds on average
    over all:

    >>> [round(float(x), 2) for x in queue(55, per_second=0.2, service_seconds=240)]
    [0.87, 0.24, 8.18]
    """
    service = at_least_zero(service_seconds, "the service time")
    offered = at_least_zero(per_second, "arrivals per second") * service
    count = _servers(servers)
    waits = chance_of_waiting(count, offered)
    spare, wait, busy = np.broadcast_arrays(count - offered, waits * service, _over(offered, count))
    mean = _or_never(wait, spare)
    return Queue(np.minimum(busy, 1.0), waits, mean)


def service_level(
    servers: ArrayLike, *, per_second: ArrayLike, service_seconds: ArrayLike, within_seconds: ArrayLike
) -> Array:
    """Share of requests that wait ``within_seconds`` at most: 1 - C exp(-(c-a) t/T), 0 if overloaded.

    Examples
    --------
    >>> round(float(service_level(55, per_second=0.2, service_seconds=240, within_seconds=15)), 3)
    0.846
    """
    service = at_least_zero(service_seconds, "the service time")
    offered = at_least_zero(per_second, "arrivals per second") * service
    count = _servers(servers)
    patience = _over(at_least_zero(within_seconds, "the time within which to serve"), service)
    spare = np.maximum(count - offered, 0.0)
    return np.where(count > offered, 1.0 - chance_of_waiting(count, offered) * np.exp(-spare * patience), 0.0)


def servers_by_square_root(offered: ArrayLike, comfort: ArrayLike = 1.0) -> Array:
    """Servers for an offered load by the square-root rule: c = ceil(R + beta sqrt(R)).

    Notes
    -----
    Halfin and Whitt, *Operations Research* 29 (1981) 567: beta of 0.5, 1 and 2 leave about 50, 22 and 3
    % waiting in large pools. The margin grows with the root of the load, so large pools run hotter than small
    ones.

    Examples
    --------
    >>> [int(servers_by_square_root(load)) for load in (10, 100, 400)]
    [14, 110, 420]
    """
    load = at_least_zero(offered, "the offered load")
    return np.ceil(load + at_least_zero(comfort, "comfort") * np.sqrt(load))


def servers_for(offered: ArrayLike, *, chance_to_wait: float) -> Array:
    """Fewest servers that keep the chance to wait at or below ``chance_to_wait``.

    Examples
    --------
    >>> int(servers_for(48.0, chance_to_wait=0.2))
    56
    """
    load = at_least_zero(offered, "the offered load")
    if not 0.0 < chance_to_wait < 1.0:
        raise ModelError(f"the chance to wait must lie between 0 and 1, but got {chance_to_wait}")
    found = np.where(load > 0, np.inf, 0.0)
    blocked: Array = np.ones(load.shape)
    j = 0
    while np.isinf(found).any():
        j += 1
        blocked = load * blocked / (j + load * blocked)
        waits = np.where(load < j, blocked / np.where(load < j, 1.0 - load / j * (1.0 - blocked), 1.0), 1.0)
        found = np.where(np.isinf(found) & (waits <= chance_to_wait), float(j), found)
    return found


def scale_out_lag(
    *, load: ArrayLike, capacity: ArrayLike, new_capacity: ArrayLike, lag_seconds: ArrayLike
) -> Backlog:
    """What piles up while new capacity is on its way, and how long it takes to work off.

    Parameters
    ----------
    load, capacity, new_capacity
        Requests per second: what comes, what can be served now, and what can be after the lag.
    lag_seconds
        From the jump in load to the new capacity serving: noticing, deciding, starting, warming up.

    Notes
    -----
    backlog = (load - capacity) x lag; drain = backlog / (new capacity - load); infinite if the new
    capacity does not exceed the load. That requests wait, rather than give up or retry, is assumed: see
    ``retry_zone``.

    Examples
    --------
    Traffic doubles to 3,000 a second against 1,500, and three minutes later there is room for 4,000:

    >>> [float(x) for x in scale_out_lag(load=3000, capacity=1500, new_capacity=4000, lag_seconds=180)]
    [270000.0, 270.0, 450.0]
    """
    lag = at_least_zero(lag_seconds, "the lag")
    comes = at_least_zero(load, "the load")
    over = np.maximum(comes - at_least_zero(capacity, "the capacity"), 0.0)
    waiting, spare = np.broadcast_arrays(over * lag, at_least_zero(new_capacity, "the new capacity") - comes)
    # Where nothing waits there is nothing to drain, even if the new capacity is exactly the load.
    drain = np.where((over > 0) | (spare < 0), _or_never(waiting, spare), 0.0)
    return Backlog(waiting, drain, np.where(over > 0, lag + drain, drain))


def attempts_per_request(
    failure_share: ArrayLike, *, retries: int, layers: int = 1, retry_budget: ArrayLike = np.inf
) -> Array:
    """How many times a request is sent, on average, when failures are retried.

    Parameters
    ----------
    failure_share
        Share of attempts that fail.
    retries
        Retries after the first attempt, at each layer.
    layers
        Layers that retry, one above the other (browser, gateway, service): they multiply.
    retry_budget
        Retries allowed per first attempt at each layer, as a fraction; 0.1 caps the load at 1.1 per layer.

    Notes
    -----
    (1 + p + .. + p^r)^layers. Beyer et al., *Site Reliability Engineering* (2016), chapter 21-22.

    Examples
    --------
    Everything fails, three layers retry three times each: the database sees 64 times the load. With
    a budget, 1.3 times:

    >>> float(attempts_per_request(1.0, retries=3, layers=3))
    64.0
    >>> round(float(attempts_per_request(1.0, retries=3, layers=3, retry_budget=0.1)), 3)
    1.331
    """
    if retries < 0 or layers < 1:
        raise ModelError(f"retries must be 0 or more in at least one layer, but got {retries} and {layers}")
    failing = share_of(failure_share, "the share of attempts that fail")
    budget = np.asarray(retry_budget, dtype=np.float64)
    if not np.all(budget >= 0):
        raise ModelError("a retry budget must not be below 0")
    attempts = sum((failing**i for i in range(1, retries + 1)), np.ones(failing.shape))
    return np.minimum(attempts, 1.0 + budget) ** layers


def retry_zone(
    *, load: ArrayLike, capacity: ArrayLike, retries: int, layers: int = 1, retry_budget: ArrayLike = np.inf
) -> np.ndarray:
    """Whether a service recovers by itself: 0 stable, 1 metastable, 2 overloaded.

    Notes
    -----
    Metastable if capacity / attempts < load < capacity, with attempts = (r+1) per layer or what the
    budget allows: the load fits, but once a hiccup makes everything late, and late answers count as failures
    and are retried, the retries alone keep it down until the load is shed. Bronson et al., *Metastable
    Failures in Distributed Systems*, HotOS 2021.

    Examples
    --------
    800 a second against 1,000, two retries: a deploy's hiccup need not end by itself. With a retry
    budget of 10 % it does.

    >>> int(retry_zone(load=800, capacity=1000, retries=2))
    1
    >>> int(retry_zone(load=800, capacity=1000, retries=2, retry_budget=0.1))
    0
    """
    comes, carries = at_least_zero(load, "the load"), at_least_zero(capacity, "the capacity")
    worst = attempts_per_request(1.0, retries=retries, layers=layers, retry_budget=retry_budget)
    return np.where(comes >= carries, 2, np.where(comes * worst > carries, 1, 0))


def headroom(load: ArrayLike, capacity: ArrayLike) -> Array:
    """Share of the capacity that is free at this load; negative when it does not fit.

    Examples
    --------
    >>> float(headroom(750, 1000))
    0.25
    """
    carries = at_least_zero(capacity, "the capacity")
    if not np.all(carries > 0):
        raise ModelError("headroom needs a capacity above 0")
    return 1.0 - at_least_zero(load, "the load") / carries


def refused_share(load: ArrayLike, limit: ArrayLike) -> Array:
    """Share of requests that a provider refuses (HTTP 429) while more come than its rate limit lets through.

    Parameters
    ----------
    load, limit
        Requests per second that come, before any is tried again, and that are let through.

    Notes
    -----
    1 - limit / load, and 0 below the limit. Retries do not change it: a refused request that is tried again and
    let through keeps another one out. What is saved up in a token bucket lasts seconds and is left out.

    Examples
    --------
    Ten calls a second against 360 a minute: two in five are refused.

    >>> round(float(refused_share(10, 360 / 60)), 3)
    0.4
    """
    comes, most = np.broadcast_arrays(at_least_zero(load, "the load"), at_least_zero(limit, "the limit"))
    let_through = np.divide(most, comes, out=np.ones(comes.shape), where=comes > most)
    return 1.0 - let_through


def runway(
    *,
    load: ArrayLike,
    limit: ArrayLike,
    growth_per_year: ArrayLike,
    step: ArrayLike = 0.0,
    lead_months: ArrayLike = 0.0,
    horizon_months: float = 12.0,
) -> Runway:
    """Months until a growing load meets a limit, and when to order the next step.

    Parameters
    ----------
    load, limit
        Today's (peak) load and what can be carried, in the same unit.
    growth_per_year
        Growth as a fraction: 1.0 is a doubling every year; negative shrinks.
    step
        How much one enlargement adds; 0 if the limit cannot be moved.
    lead_months
        From the order to the step in service.
    horizon_months
        How far ahead the steps are counted.

    Notes
    -----
    limit = load (1+g)^(m/12). Never is infinite; already past is 0 months; an order that is overdue is
    negative.

    Examples
    --------
    400 of 1,000 connections, doubling every year, and two months to migrate to a bigger database:

    >>> months, order, steps = runway(load=400, limit=1000, growth_per_year=1.0, step=1000, lead_months=2)
    >>> round(float(months), 1), round(float(order), 1), int(steps)
    (15.9, 13.9, 0)
    """
    now, most = at_least_zero(load, "the load"), at_least_zero(limit, "the limit")
    growth = np.asarray(growth_per_year, dtype=np.float64)
    if not np.all(growth > -1.0):
        raise ModelError("growth must be above -1: a load cannot shrink by more than itself")
    now, most, rate = np.broadcast_arrays(now, most, np.log1p(growth) / 12.0)
    grows = (now > 0) & (rate > 0) & (now < most)
    ratio = np.log(np.divide(most, now, out=np.ones(now.shape), where=grows))
    months = _or_never(ratio, np.where(grows, rate, 0.0))
    months = np.where(now >= most, 0.0, months)
    short = np.maximum(now * np.exp(rate * horizon_months) - most, 0.0)
    size = at_least_zero(step, "the step")
    steps = np.where(short > 0, np.ceil(_over(short, size)), 0.0)
    return Runway(months, months - at_least_zero(lead_months, "the lead time"), steps)


def load_on_people(*, pages_per_hour: ArrayLike, minutes_per_page: ArrayLike, staff: ArrayLike) -> Queue:
    """The people on duty as servers: share of their time, chance that a page waits, mean minutes it waits.

    Notes
    -----
    The same Erlang C; ``mean_wait`` is in minutes. Pages in an incident come in bunches, so this is the
    kind case.

    Examples
    --------
    Four pages an hour, ten minutes each, one person: two in three wait, twenty minutes on average over all.

    >>> [round(float(x), 2) for x in load_on_people(pages_per_hour=4, minutes_per_page=10, staff=1)]
    [0.67, 0.67, 20.0]
    """
    per_minute = at_least_zero(pages_per_hour, "pages per hour") / 60.0
    return queue(staff, per_second=per_minute, service_seconds=minutes_per_page)


def _or_never(top: Array, bottom: Array) -> Array:
    """A time as a quotient: infinite where the denominator is not above 0 or all but 0."""
    with np.errstate(over="ignore"):
        time: Array = np.divide(top, bottom, out=np.full(bottom.shape, np.inf), where=bottom > 0)
    return time


def _over(value: Array, by: Array) -> Array:
    """A quotient whose denominator may be 0: infinite then, and 0 where there is nothing to divide."""
    top, bottom = np.broadcast_arrays(value, by)
    with np.errstate(over="ignore"):  # beyond the largest float is as good as infinite
        quotient: Array = np.divide(top, bottom, out=np.where(top > 0, np.inf, 0.0), where=bottom > 0)
    return quotient


def _servers(value: ArrayLike) -> Array:
    count = at_least_zero(value, "the number of servers")
    if not np.all(count == np.floor(count)):
        raise ModelError("the number of servers must be whole")
    return count
