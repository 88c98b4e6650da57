"""Price rules: free tiers, marginal tiers, commitments, start-up credits, traffic between zones, storage, shared pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats


def use_cost(
    uses: ArrayLike,
    price_per_use: ArrayLike,
    *,
    free_uses: ArrayLike = 0.0,
    fixed_per_month: ArrayLike = 0.0,
) -> Array:
    """Cost a month of what is paid per use, with a free tier and without units or a minimum.

    Parameters
    ----------
    uses
        Uses a month: requests, gigabyte-seconds, messages.
    price_per_use
        Price of one.
    free_uses
        Uses a month that cost nothing.
    fixed_per_month
        What is paid without any use (provisioned capacity, a plan).

    Examples
    --------
    A hundred million requests at 0.20 a million, the first million free:

    >>> round(float(use_cost(100e6, 0.20e-6, free_uses=1e6)), 2)
    19.8
    """
    paid = np.maximum(floats(uses) - floats(free_uses), 0.0) * floats(price_per_use)
    return np.asarray(paid + floats(fixed_per_month)) if np.any(fixed_per_month) else np.asarray(paid)


def concurrency(uses_per_second: ArrayLike, seconds_per_use: ArrayLike) -> Array:
    """Uses at the same time, to be held against a quota (Little's law).

    Examples
    --------
    500 calls a second that take 2.5 s each, against a quota of 1,000 at once?

    >>> float(concurrency(500, 2.5))
    1250.0
    """
    return np.asarray(floats(uses_per_second) * floats(seconds_per_use))


def tiered_cost(quantity: ArrayLike, tiers: Sequence[tuple[float, float]]) -> Array:
    """Cost of a quantity under marginal tiers: each part at the price of its own tier.

    Parameters
    ----------
    quantity
        Gigabytes, requests, ... a month.
    tiers
        Pairs (upper end of the tier, price); the last end is infinite: ``[(10_240, .09), (inf, .085)]``.

    Examples
    --------
    100 GB a month free, 10 TB at 0.09, the rest at 0.085: what do 12 TB of egress cost?

    >>> round(float(tiered_cost(12_288, [(100, 0.0), (10_340, 0.09), (float("inf"), 0.085)])), 2)
    1087.18
    """
    amount = floats(quantity)
    ends = np.array([end for end, _ in tiers], dtype=float)
    if not len(ends) or np.any(np.diff(ends) <= 0) or ends[0] <= 0 or np.isfinite(ends[-1]):
        raise ModelError("tiers rise, and the last one has no end")
    if np.any(amount < 0) or np.any(np.isnan(amount)):
        raise ModelError("a quantity is not negative")
    start, cost = 0.0, np.zeros(amount.shape)
    for end, price in tiers:
        cost = cost + np.clip(amount - start, 0.0, end - start) * price
        start = end
    return np.asarray(cost)


def committed_cost(
    used_units: ArrayLike, price_per_unit: ArrayLike, *, committed_units: ArrayLike = 0.0, discount: ArrayLike = 0.0
) -> Array:
    """Cost of units when some are committed to: those are paid whether used or not, the others at list price.

    Parameters
    ----------
    used_units
        Units in use.
    price_per_unit
        List price of one.
    committed_units
        Units committed to.
    discount
        Discount on committed units, as a fraction.

    Examples
    --------
    Committed to 10 at 40 % off; only 5 are used:

    >>> float(committed_cost(5, 100.0, committed_units=10, discount=0.4))
    600.0
    """
    off = floats(discount)
    if np.any(off < 0) or np.any(off > 1):
        raise ModelError("a discount is a share between 0 and 1")
    committed = floats(committed_units)
    beyond = np.maximum(floats(used_units) - committed, 0.0)
    return np.asarray((committed * (1 - off) + beyond) * floats(price_per_unit))


def paid_of_list(months: int, discounts: Sequence[tuple[float, int]]) -> Array:
    """What is paid of a list price by month under discounts that end, taken off one after another; (months,).

    Parameters
    ----------
    discounts
        Pairs (share off, months in which it holds).

    Examples
    --------
    A quarter off for two more months, and a tenth for one:

    >>> [round(float(x), 3) for x in paid_of_list(4, [(0.25, 2), (0.1, 1)])]
    [0.675, 0.75, 1.0, 1.0]
    """
    if any(not 0 <= off <= 1 for off, _ in discounts):
        raise ModelError("a discount is a share between 0 and 1")
    month = np.arange(months)
    return np.prod([np.where(month < holds, 1 - off, 1.0) for off, holds in discounts], axis=0) * np.ones(months)


def unused_commitment(spend_per_month: ArrayLike, minimum_per_month: float, *, months_left: int) -> Array:
    """What is paid for nothing when less is spent than was committed to; months on the last axis.

    Examples
    --------
    1,000 a month promised for two more months; the bill falls to 400:

    >>> unused_commitment([1200.0, 400.0, 400.0], 1000, months_left=2).tolist()
    [0.0, 600.0, 0.0]
    """
    spend = floats(spend_per_month)
    return np.where(np.arange(spend.shape[-1]) < months_left, np.maximum(minimum_per_month - spend, 0.0), 0.0)


def commitment_break_even(committed_total: ArrayLike, on_demand_total: ArrayLike) -> Array:
    """Share of the time that a unit must run for a commitment to be cheaper than paying on demand.

    Examples
    --------
    >>> float(commitment_break_even(5256, 8760))
    0.6
    """
    full = floats(on_demand_total)
    if np.any(full <= 0):
        raise ModelError("the price on demand is above 0")
    return np.asarray(floats(committed_total) / full)


@dataclass(frozen=True)
class CreditedCash:
    """What is left to pay under start-up credits, and the cliff at their end.

    Parameters
    ----------
    cash, used
        Paid by the client, and by credits, each month; of the shape of the costs.
    last_month
        Last month that credits pay anything of, -1 when none; one number or one per draw.
    cliff
        Rise of the bill from that month to the next; 0 when credits last to the horizon.
    """

    cash: Array
    used: Array
    last_month: Array
    cliff: Array


def credited_cash(
    cost_per_month: ArrayLike,
    *,
    balance: ArrayLike,
    expires_after_months: int | None = None,
    eligible_share: ArrayLike = 1.0,
) -> CreditedCash:
    """Cash that is left when start-up credits pay first.

    Parameters
    ----------
    cost_per_month
        Shape (months,) or (draws, months).
    balance
        Credits now, a number or one per draw.
    expires_after_months
        Credits pay in months 0 to this less one; None when they do not expire.
    eligible_share
        Share of the bill that credits may pay (support and marketplace are often not).

    Examples
    --------
    5,000 of credits for a bill of 2,000 a month, good for two more months:

    >>> left = credited_cash([2000.0] * 4, balance=5000, expires_after_months=2)
    >>> left.cash.tolist(), int(left.last_month), float(left.cliff)
    ([0.0, 0.0, 2000.0, 2000.0], 1, 2000.0)
    """
    cost = floats(cost_per_month)
    share, credits = floats(eligible_share), floats(balance)
    if np.any(share < 0) or np.any(share > 1) or np.any(credits < 0) or np.any(cost < 0):
        raise ModelError("costs and credits are not negative, and a share of the bill is between 0 and 1")
    months = cost.shape[-1]
    eligible = cost * (share[..., None] if share.ndim == 1 and cost.ndim == 2 else share)
    if expires_after_months is not None:
        eligible = np.where(np.arange(months) < expires_after_months, eligible, 0.0)
    drawn = np.minimum(np.cumsum(eligible, axis=-1), credits[..., None] if credits.ndim else credits)
    used = np.diff(drawn, axis=-1, prepend=0.0)
    cash = cost - used
    paying = used > 0
    last = np.where(paying.any(axis=-1), months - 1 - np.argmax(paying[..., ::-1], axis=-1), -1)
    at = np.clip(last, 0, months - 1)[..., None]
    following = np.minimum(at + 1, months - 1)
    rise = (np.take_along_axis(cash, following, -1) - np.take_along_axis(cash, at, -1))[..., 0]
    return CreditedCash(cash=cash, used=used, last_month=last, cliff=np.where(last >= 0, rise, 0.0))


def kafka_cross_zone_traffic(
    write: ArrayLike,
    replicas_by_zone: Sequence[int],
    *,
    fanout: ArrayLike = 0.0,
    follower_fetch: bool = False,
) -> Array:
    """Traffic between zones of a replicated log, in the unit in which it is written.

    Parameters
    ----------
    write
        Data written, such as MiB/s.
    replicas_by_zone
        Replicas of each partition by zone: ``(1, 1, 1)``; their sum is the replication factor.
    fanout
        How many times each byte is read.
    follower_fetch
        Whether readers read from the replica in their own zone, which makes reading free of it.

    Notes
    -----
    ``w (z-1)/z + w (rf - sum n_z^2 / rf) + w f (z-1)/z``, with clients spread over the z zones that hold replicas and
    leaders over the replicas. The reading term vanishes with follower fetch (KIP-392).

    Examples
    --------
    300 MiB/s, read twice, three replicas over three zones:

    >>> float(kafka_cross_zone_traffic(300, (1, 1, 1), fanout=2))
    1200.0

    and nothing at all in one zone:

    >>> float(kafka_cross_zone_traffic(300, (3,), fanout=2))
    0.0
    """
    replicas = np.array([n for n in replicas_by_zone if n], dtype=float)
    if not len(replicas) or np.any(replicas < 0):
        raise ModelError("a log has at least one replica, and none of them negative")
    zones, factor = len(replicas), replicas.sum()
    away = (zones - 1) / zones
    copies = factor - (replicas**2).sum() / factor
    reads = np.zeros(()) if follower_fetch else floats(fanout) * away
    return np.asarray(floats(write) * (away + copies + reads))


def retained_gigabytes(write_mb_per_s: ArrayLike, retention_hours: ArrayLike, replicas: ArrayLike = 1) -> Array:
    """Gigabytes that a log retains, all replicas together (1 GiB = 1,024 MiB).

    Examples
    --------
    >>> float(retained_gigabytes(500, 24, 3))
    126562.5
    """
    return np.asarray(floats(write_mb_per_s) * floats(retention_hours) * 3600 * floats(replicas) / 1024)


def stored_amount(
    now: ArrayLike, added_per_month: ArrayLike, months: int, *, retention_months: float | None = None
) -> Array:
    """Data stored in each month when it only grows, or grows until the oldest is deleted.

    Parameters
    ----------
    now
        Amount now; a number or one per draw.
    added_per_month
        Amount added a month.
    months
        Length of the horizon.
    retention_months
        Age at which data is deleted; None keeps all. What is there now counts as added evenly over that time.

    Returns
    -------
    array
        Shape (months,) or (draws, months).

    Examples
    --------
    >>> stored_amount(100, 10, 4).tolist()
    [100.0, 110.0, 120.0, 130.0]
    >>> stored_amount(0, 10, 4, retention_months=2).tolist()
    [0.0, 10.0, 20.0, 20.0]
    """
    start, added = floats(now)[..., None], floats(added_per_month)[..., None]
    month = np.arange(months, dtype=float)
    if retention_months is None:
        return np.asarray(start + added * month)
    if retention_months <= 0:
        raise ModelError("data is kept for more than 0 months")
    left = np.maximum(1 - month / retention_months, 0.0)
    return np.asarray(start * left + added * np.minimum(month, retention_months))


def marginal_pool_cost(
    demand: ArrayLike, *, service: int, capacity_per_node: float, price_per_node: ArrayLike, minimum_nodes: int = 1
) -> Array:
    """What a shared pool would cost less without one of its services: nothing, unless a node goes.

    Parameters
    ----------
    demand
        Demand of each service on the pool; services on the last axis.
    service
        Which one would leave.
    capacity_per_node, price_per_node
        Demand that a node carries, and its price a month.
    minimum_nodes
        Fewest nodes of the pool.

    Examples
    --------
    A queue takes 2 of the 12 CPUs of a three-node cluster that must have three nodes anyway:

    >>> float(marginal_pool_cost([6.0, 2.0], service=1, capacity_per_node=4, price_per_node=150, minimum_nodes=3))
    0.0
    """
    wanted = floats(demand)
    if capacity_per_node <= 0 or np.any(wanted < 0):
        raise ModelError("a node carries something, and demand is not negative")
    total = wanted.sum(axis=-1)
    others = np.delete(wanted, service, axis=-1).sum(axis=-1)
    nodes = [np.maximum(np.ceil(need / capacity_per_node * (1 - 1e-9)), minimum_nodes) for need in (total, others)]
    return np.asarray((nodes[0] - nodes[1]) * floats(price_per_node))
