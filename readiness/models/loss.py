"""What bad minutes cost the client: revenue that does not come back, people, customers who leave, contracts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats


@dataclass(frozen=True)
class Loss:
    """Money lost a year, by kind; each of the shape of the bad minutes (draws, or draws and causes)."""

    revenue: Array
    churn: Array
    staff: Array

    @property
    def total(self) -> Array:
        """Sum of the kinds, unrounded."""
        return np.asarray(self.revenue + self.churn + self.staff)


def _share(name: str, values: ArrayLike) -> Array:
    array = floats(values)
    if np.any(array < 0) or np.any(array > 1) or np.any(np.isnan(array)):
        raise ModelError(f"{name} is a share between 0 and 1")
    return array


def _like(bad: Array, values: ArrayLike) -> Array:
    """A number per draw stands beside bad minutes by cause: give it the axis of the causes."""
    array = floats(values)
    return array[:, None] if bad.ndim == 2 and array.ndim == 1 else array


def loss_per_year(
    bad_minutes: ArrayLike,
    *,
    revenue_per_hour: ArrayLike | None,
    lost_share: ArrayLike = 1.0,
    peak_factor: ArrayLike = 1.0,
    churn_cost_per_hour: ArrayLike = 0.0,
    outage_minutes: ArrayLike | None = None,
    staff_cost_per_hour: ArrayLike = 0.0,
) -> Loss:
    """Money that a year's bad minutes cost.

    Parameters
    ----------
    bad_minutes
        Bad minutes a year, weighted by reach; shape (draws,) or (draws, causes).
    revenue_per_hour
        Revenue of a mean hour (8,760 a year), the client's own figure. None: not known; the loss of revenue is then 0
        and the promise drives the decision, never a default cost per minute.
    lost_share
        Share of that revenue which is lost and not merely postponed, 0 to 1.
    peak_factor
        Weight of the hours in which outages fall; see `peak_weight`.
    churn_cost_per_hour
        Value of customers who leave, per hour in which all of them are harmed; see `churn_per_hour`.
    outage_minutes
        Minutes somebody works on outages, whatever their reach; by default the bad minutes.
    staff_cost_per_hour
        Loaded cost of all people who work on an outage, per hour.

    Notes
    -----
    ``bad / 60 x (revenue x lost x peak + churn) + outage / 60 x staff``. A number per draw may stand beside minutes
    by cause. SLA credits, breach, lost data and contracts are sums of their own. The published averages per minute of
    downtime come from a few dozen US data centres in 2010 and are never used.

    Examples
    --------
    An hour at 100 an hour, all of it lost:

    >>> float(loss_per_year(60.0, revenue_per_hour=100.0).total)
    100.0
    """
    bad = floats(bad_minutes)
    if np.any(bad < 0) or np.any(np.isnan(bad)):
        raise ModelError("bad minutes are not negative")
    worked = bad if outage_minutes is None else floats(outage_minutes)
    lost = _like(bad, _share("lost_share", lost_share))
    per_hour = 0.0 if revenue_per_hour is None else _like(bad, revenue_per_hour)
    return Loss(
        revenue=np.asarray(bad / 60 * per_hour * lost * _like(bad, peak_factor)),
        churn=np.asarray(bad / 60 * _like(bad, churn_cost_per_hour)),
        staff=np.asarray(worked / 60 * _like(bad, staff_cost_per_hour)),
    )


def peak_weight(peak_factor: ArrayLike, peak_hours_share: ArrayLike, peak_outage_share: ArrayLike) -> Array:
    """How much more than a mean hour the hours are worth in which outages fall.

    Parameters
    ----------
    peak_factor
        Revenue of a peak hour over that of a mean hour; at most 1 / peak_hours_share.
    peak_hours_share
        Share of all hours that are peak hours.
    peak_outage_share
        Share of bad minutes that fall into them; equal to peak_hours_share when outages do not care.

    Notes
    -----
    The other hours are worth ``(1 - share x factor) / (1 - share)``, so that the mean hour is worth 1.

    Examples
    --------
    Peak hours are a tenth of the year and earn four times the mean; half of the bad minutes fall there:

    >>> round(float(peak_weight(4, 0.1, 0.5)), 2)
    2.33
    """
    hours, outages = _share("peak_hours_share", peak_hours_share), _share("peak_outage_share", peak_outage_share)
    factor = floats(peak_factor)
    if np.any(hours * factor > 1 + 1e-12) or np.any(factor < 0) or np.any(hours >= 1):
        raise ModelError("peak hours cannot earn more than all revenue, nor be all hours")
    other = (1 - hours * factor) / (1 - hours)
    return np.asarray(outages * factor + (1 - outages) * other)


def churn_per_hour(
    customers: ArrayLike, leaving_share_per_hour: ArrayLike, value_per_customer: ArrayLike
) -> Array:
    """Value of the customers who leave because of one hour in which all are harmed.

    Parameters
    ----------
    customers
        Paying customers.
    leaving_share_per_hour
        Share of them who leave for good because of one bad hour.
    value_per_customer
        Margin that one would still have brought.

    Examples
    --------
    >>> round(float(churn_per_hour(400, 0.001, 2_500)), 6)
    1000.0
    """
    return np.asarray(
        floats(customers)
        * _share("leaving_share_per_hour", leaving_share_per_hour)
        * floats(value_per_customer)
    )


def weighted_reach(reach_by_group: ArrayLike, revenue_share_by_group: ArrayLike) -> Array:
    """Reach weighted by revenue, for when one customer dominates.

    Parameters
    ----------
    reach_by_group
        Share of each tenant group's users reached; groups on the last axis.
    revenue_share_by_group
        Share of revenue of each group; adds up to 1.

    Examples
    --------
    A fault takes down the dedicated cluster of the customer who brings 70 % of the revenue:

    >>> float(weighted_reach([1.0, 0.0], [0.7, 0.3]))
    0.7
    """
    reach, share = _share("reach", reach_by_group), _share("revenue share", revenue_share_by_group)
    if not np.allclose(share.sum(axis=-1), 1.0):
        raise ModelError("revenue shares of the tenant groups add up to 1")
    return np.asarray((reach * share).sum(axis=-1))


def contracts_at_risk(value_per_month: ArrayLike, chance: ArrayLike, months: ArrayLike) -> Array:
    """Expected value of contracts blocked, delayed or not renewed.

    Parameters
    ----------
    value_per_month
        Value of each contract a month; contracts on the last axis.
    chance
        Chance that it is blocked, delayed or not renewed, moved by compliance, single sign-on, audit-log answers.
    months
        Months of the value that are then missed.

    Notes
    -----
    Value x chance x months, summed over the contracts.

    Examples
    --------
    Two contracts wait for single sign-on: 4,000 a month, likely (60 %) three months late; 1,000, one year, 20 %.

    >>> round(float(contracts_at_risk([4000, 1000], [0.6, 0.2], [3, 12])), 6)
    9600.0
    """
    value = floats(value_per_month) * _share("chance", chance) * floats(months)
    return np.asarray(value.sum(axis=-1) if value.ndim else value)


def lost_data_per_year(
    events_per_year: ArrayLike, hours_lost: ArrayLike, value_per_hour: ArrayLike, allowed_hours: ArrayLike = 0.0
) -> Array:
    """Expected yearly cost of data that cannot be brought back.

    Parameters
    ----------
    events_per_year
        Events that lose data, a year.
    hours_lost
        Hours of data gone in one: the age of the last copy that restores.
    value_per_hour
        What re-creating, or doing without, one hour of data costs.
    allowed_hours
        Hours that cost nothing (the agreed RPO); only what exceeds them counts.

    Notes
    -----
    Losing all data ends a company: that is a gate, never this sum.

    Examples
    --------
    >>> float(lost_data_per_year(0.5, 24, 100, allowed_hours=4))
    1000.0
    """
    beyond = np.maximum(floats(hours_lost) - floats(allowed_hours), 0.0)
    return np.asarray(floats(events_per_year) * beyond * floats(value_per_hour))
