"""Promises and what breaking them costs: error budget, chance of a breach, SLA credits, a typical and a bad year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.windows import Exceeding, WindowDistribution


def budget_minutes(slo: ArrayLike, window_minutes: float) -> Array:
    """Bad minutes that a promise allows in a window.

    Examples
    --------
    >>> round(float(budget_minutes(0.9995, 525_600)), 1)
    262.8
    """
    promise = floats(slo)
    if np.any(promise < 0) or np.any(promise > 1):
        raise ModelError("a promise is a share between 0 and 1, such as 0.999")
    return (1 - promise) * window_minutes


def budget_burned(burn_rate: ArrayLike, hours: ArrayLike, *, window_hours: float = 720.0) -> Array:
    """Share of the error budget that is gone after some hours at a burn rate (errors over what the promise allows).

    Notes
    -----
    ``burn x hours / window`` (Google, *The Site Reliability Workbook*, ch. 5). All of it is gone after window / burn.

    Examples
    --------
    >>> round(float(budget_burned(14.4, 1)), 6)
    0.02
    """
    return np.asarray(floats(burn_rate) * floats(hours) / window_hours)


def one_request_share(requests_per_hour: ArrayLike, slo: ArrayLike, *, window_hours: float = 720.0) -> Array:
    """Share of the error budget that one failed request takes; a promise means little where it is large.

    Examples
    --------
    Ten requests an hour and a promise of 99.9 % a month: seven failures a month are all there is.

    >>> round(float(one_request_share(10, 0.999)), 3)
    0.139
    """
    return np.asarray(1.0 / (floats(requests_per_hour) * budget_minutes(slo, window_hours)))


def breach_chance(distribution: Exceeding, slo: ArrayLike, window_minutes: float | None = None) -> Array:
    """Chance to miss a promise in one window, per draw.

    Parameters
    ----------
    distribution
        Of the same window that the promise is about.
    slo
        The promise as a share of good minutes, or several in one dimension.
    window_minutes
        Given only to be checked against the distribution's window.
    """
    if window_minutes is not None and not np.isclose(window_minutes, distribution.window_minutes):
        raise ModelError(
            f"the promise is about {window_minutes:g} minutes, the distribution about "
            f"{distribution.window_minutes:g}"
        )
    return distribution.exceeds(budget_minutes(slo, distribution.window_minutes))


def yearly_breach_chance(per_window: ArrayLike, windows_per_year: float) -> Array:
    """Chance of at least one breach in a year, per draw.

    Parameters
    ----------
    per_window
        Chance of a breach in one window, per draw.
    windows_per_year
        12 for calendar months.

    Notes
    -----
    ``1 - (1 - p)^w`` holds only given the rates: average over the draws *after* the power, never before.

    Examples
    --------
    >>> round(float(yearly_breach_chance(0.05, 12)), 3)
    0.46
    """
    chance = floats(per_window)
    if np.any(chance < 0) or np.any(chance > 1):
        raise ModelError("a chance lies between 0 and 1")
    with np.errstate(divide="ignore"):
        return np.asarray(-np.expm1(windows_per_year * np.log1p(-chance)))


def expected_credit_share(distribution: Exceeding, tiers: Sequence[tuple[float, float]]) -> Array:
    """Expected share of a window's fee that is owed back as SLA credits, per draw.

    Parameters
    ----------
    distribution
        Bad minutes of the window: ours for credits owed, the provider's for credits received.
    tiers
        Pairs (attained share below which the tier applies, share of the fee): ``[(.9995, .1), (.99, .25), (.95, 1)]``.
        The largest credit that applies is owed, once.

    Notes
    -----
    The sum over tiers of the step in credit times the chance of being below it.
    """
    steps = sorted(tiers, reverse=True)
    credit = np.array([share for _, share in steps], dtype=float)
    if np.any(np.diff(credit) < 0) or np.any(credit < 0) or np.any(credit > 1):
        raise ModelError("SLA credits are shares of the fee and do not shrink as the attained share falls")
    thresholds = budget_minutes([attained for attained, _ in steps], distribution.window_minutes)
    return np.asarray(distribution.exceeds(thresholds) @ np.diff(credit, prepend=0.0))


@dataclass(frozen=True)
class YearView:
    """Bad minutes (or money) of a typical year, on average, and in the worst year of ten."""

    typical: float
    average: float
    one_in_ten: float


def year_view(distribution: WindowDistribution) -> YearView:
    """Typical, average and one-in-ten window of a distribution, over all draws together.

    Notes
    -----
    The median and the 90th percentile of the mean distribution over the draws: what the client faces, with both the
    chance of outages and what we do not know about their rates.
    """
    one = distribution.over_all_draws()
    return YearView(
        typical=float(one.quantile(0.5)[0]),
        average=float(one.mean[0]),
        one_in_ten=float(one.quantile(0.9)[0]),
    )
