"""Downtime by cause: how many bad minutes a year, from what, against which budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.breach import (
    YearView,
    breach_chance,
    budget_burned,
    budget_minutes,
    expected_credit_share,
    one_request_share,
    year_view,
    yearly_breach_chance,
)
from readiness.models.loss import (
    Loss,
    churn_per_hour,
    contracts_at_risk,
    loss_per_year,
    lost_data_per_year,
    peak_weight,
    weighted_reach,
)
from readiness.models.severity import mean_capped_minutes
from readiness.models.windows import (
    MINUTES_PER_YEAR,
    WindowChances,
    WindowDistribution,
    draws_by_cause,
    mean_from_median,
    window_distribution,
)

__all__ = [
    "MINUTES_PER_YEAR",
    "BudgetShare",
    "Causes",
    "Loss",
    "WindowChances",
    "WindowDistribution",
    "YearView",
    "bad_minutes_per_year",
    "breach_chance",
    "budget_burned",
    "budget_minutes",
    "budget_ranking",
    "change_failures_per_year",
    "churn_per_hour",
    "contracts_at_risk",
    "draws_by_cause",
    "expected_credit_share",
    "loss_per_year",
    "lost_data_per_year",
    "mean_capped_minutes",
    "mean_from_median",
    "merged_share",
    "one_request_share",
    "outage_minutes",
    "peak_weight",
    "weighted_reach",
    "window_distribution",
    "year_view",
    "yearly_breach_chance",
]


def outage_minutes(
    detect_minutes: ArrayLike,
    engage_minutes: ArrayLike,
    repair_minutes: ArrayLike,
    *,
    coverage: ArrayLike = 0.0,
    switch_minutes: ArrayLike = 0.0,
) -> Array:
    """Mean length of an outage: a covered failover wakes nobody, any other is noticed, taken up and repaired.

    Parameters
    ----------
    detect_minutes, engage_minutes, repair_minutes
        Until somebody is told; until somebody works on it; until users are served again.
    coverage
        Share of the faults that an automatic failover carries, 0 to 1.
    switch_minutes
        Length of an outage that the failover carries.

    Notes
    -----
    ``c tau + (1 - c) (detect + engage + repair)``. This is a mean. For a distribution keep covered and uncovered
    faults as two causes, with rates ``c rate`` and ``(1 - c) rate``.

    Examples
    --------
    >>> float(outage_minutes(10, 20, 30, coverage=0.5, switch_minutes=2))
    31.0
    """
    covered = floats(coverage)
    if np.any(covered < 0) or np.any(covered > 1):
        raise ModelError("coverage of a failover is a share between 0 and 1")
    by_hand = floats(detect_minutes) + floats(engage_minutes) + floats(repair_minutes)
    return np.asarray(covered * floats(switch_minutes) + (1 - covered) * by_hand)


def change_failures_per_year(deploys_per_month: ArrayLike, change_failure_rate: ArrayLike) -> Array:
    """Failed changes a year; each reaches some users for some minutes and is not a full outage.

    Examples
    --------
    >>> round(float(change_failures_per_year(20, 0.1)), 6)
    24.0
    """
    return np.asarray(12.0 * floats(deploys_per_month) * floats(change_failure_rate))


def bad_minutes_per_year(rate_per_year: ArrayLike, reach: ArrayLike, minutes: ArrayLike) -> Array:
    """Bad minutes a year of a cause: how often, times how many users, times how long.

    Parameters
    ----------
    rate_per_year
        Outages a year.
    reach
        Share of users that one reaches, 0 to 1.
    minutes
        Mean length of one, minutes. Not the median: half of the minutes come from the few long ones.

    Returns
    -------
    array
        Of the common shape of the three; draws first.

    Examples
    --------
    Four outages a year, each 70 minutes for everybody (the 99 % case of the AWS Reliability Pillar):

    >>> float(bad_minutes_per_year(4, 1.0, 70))
    280.0
    """
    rate, share, mean = (floats(values) for values in (rate_per_year, reach, minutes))
    for name, values in (("rate", rate), ("reach", share), ("minutes", mean)):
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise ModelError(f"{name} of a cause is finite and not negative")
    if np.any(share > 1):
        raise ModelError("reach is a share of users and at most 1")
    return np.asarray(rate * share * mean)


def merged_share(bad_share: ArrayLike) -> Array:
    """Share of time that is bad when overlapping outages are counted once, from the plain sum of their shares.

    Notes
    -----
    ``1 - exp(-u)``: the busy share of an M/G/infinity system. The model adds overlaps; here is what that costs.

    Examples
    --------
    A sum of 10 % of the year is really 9.5 %; at three nines the difference is below a twentieth of a per cent.

    >>> round(float(merged_share(0.1)), 4)
    0.0952
    """
    return np.asarray(-np.expm1(-floats(bad_share)))


@dataclass(frozen=True)
class Causes:
    """The causes of bad minutes of one journey, drawn.

    Parameters
    ----------
    ids
        One id per cause.
    rate, reach, minutes
        Outages a year, share of users reached, *mean* minutes of one; shape (draws, causes) each.
    sigma
        Standard deviation of the logarithm of an outage's length, one number or one per cause.
    planned
        For each cause whether it is scheduled work, which is added as it stands; by default none is.

    Examples
    --------
    >>> causes = Causes(("change", "zone"), rate=[[24.0, 0.2]], reach=[[0.3, 1.0]], minutes=[[40.0, 90.0]], sigma=1.24)
    >>> causes.bad_minutes.round(1).tolist()
    [[288.0, 18.0]]
    """

    ids: tuple[str, ...]
    rate: Array
    reach: Array
    minutes: Array
    sigma: Array
    planned: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        rate, reach, minutes = draws_by_cause(self.rate, self.reach, self.minutes)
        if rate.shape[1] != len(self.ids) or len(set(self.ids)) != len(self.ids):
            raise ModelError(f"{len(self.ids)} ids (each once) do not fit {rate.shape[1]} causes")
        if reach.size and reach.max() > 1:
            raise ModelError("reach is a share of users and at most 1")
        planned = tuple(self.planned) or (False,) * len(self.ids)
        if len(planned) != len(self.ids):
            raise ModelError("planned says of each cause whether it is scheduled work")
        sigma = np.broadcast_to(floats(self.sigma), (len(self.ids),))
        for name, value in (
            ("rate", rate), ("reach", reach), ("minutes", minutes), ("sigma", sigma), ("planned", planned),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @property
    def bad_minutes(self) -> Array:
        """Bad minutes a year by cause, shape (draws, causes)."""
        return self.rate * self.reach * self.minutes

    @property
    def outage_minutes_per_year(self) -> Array:
        """Minutes a year that somebody works on an outage, whatever its reach; shape (draws, causes)."""
        return np.asarray(self.rate * self.minutes)

    def total_per_year(self) -> Array:
        """Bad minutes a year of all causes, shape (draws,)."""
        return np.asarray(self.bad_minutes.sum(axis=1))

    def window(self, window_minutes: float, *, draws: int | None = None, planned_share: ArrayLike | None = None) -> WindowDistribution:
        """Distribution of one window's bad minutes: random causes by `window_distribution`, planned work added.

        Parameters
        ----------
        window_minutes
            Length of the window.
        draws
            How many of the draws to use (the first ones); 256 suffice for a range of the chance of a breach.
        planned_share
            Share of a year's planned work that falls into the window; by default the window's share of the year.
        """
        rate, reach, minutes, sigma, planned = self._random(window_minutes, draws, planned_share)
        return window_distribution(rate, reach, minutes, sigma, window_minutes=window_minutes, planned_minutes=planned)

    def chances(self, window_minutes: float, *, draws: int | None = None, planned_share: ArrayLike | None = None) -> WindowChances:
        """The same as far as promises ask about it: chances of thresholds, in a fraction of the time."""
        rate, reach, minutes, sigma, planned = self._random(window_minutes, draws, planned_share)
        return WindowChances(rate, reach, minutes, sigma, window_minutes, planned)

    def _random(
        self, window_minutes: float, draws: int | None, planned_share: ArrayLike | None
    ) -> tuple[Array, Array, Array, Array, Array]:
        """Rates, reach, minutes and sigma of what comes at random, and what is planned in a window."""
        part = slice(0, draws)
        scheduled = np.array(self.planned)
        rate, reach, minutes = self.rate[part], self.reach[part], self.minutes[part]
        share = window_minutes / MINUTES_PER_YEAR if planned_share is None else planned_share
        planned = (rate * reach * minutes)[:, scheduled].sum(axis=1) * share
        random = ~scheduled
        if not random.any():
            return rate[:, :1] * 0, reach[:, :1], minutes[:, :1], self.sigma[:1], planned
        return rate[:, random], reach[:, random], minutes[:, random], self.sigma[random], planned


@dataclass(frozen=True)
class BudgetShare:
    """What one cause takes of the error budget; ``minutes`` with its 90 % range, and how sure the verdict is."""

    cause: str
    minutes: float
    low_minutes: float
    high_minutes: float
    share_of_budget: float
    over_limit: bool
    chance_over_limit: float


def budget_ranking(
    ids: Sequence[str], bad_minutes: ArrayLike, budget_minutes_per_year: float, *, limit: float = 0.25
) -> tuple[BudgetShare, ...]:
    """Rank the causes against the error budget, the largest first.

    Parameters
    ----------
    ids
        One id per cause.
    bad_minutes
        Bad minutes a year, shape (draws, causes).
    budget_minutes_per_year
        Bad minutes a year that the promise allows.
    limit
        Share of the budget above which a single cause must be reduced or accepted.

    Notes
    -----
    Google CRE, *Know thy enemy: how to prioritize and communicate risks* (2018): no single cause above a quarter.
    ``over_limit`` follows the mean; ``chance_over_limit`` is the share of draws that say so.

    Examples
    --------
    >>> ranking = budget_ranking(("zone", "change"), [[18.0, 288.0]], 525.6)
    >>> [(cause.cause, round(cause.share_of_budget, 2), cause.over_limit) for cause in ranking]
    [('change', 0.55, True), ('zone', 0.03, False)]
    """
    minutes = np.atleast_2d(floats(bad_minutes))
    if minutes.shape[1] != len(ids):
        raise ModelError(f"{len(ids)} ids do not fit {minutes.shape[1]} causes")
    if budget_minutes_per_year <= 0:
        raise ModelError("a promise without any error budget cannot be ranked against")
    mean = minutes.mean(axis=0)
    low, high = np.quantile(minutes, [0.05, 0.95], axis=0)
    most = limit * budget_minutes_per_year
    return tuple(
        BudgetShare(
            cause=ids[i],
            minutes=float(mean[i]),
            low_minutes=float(low[i]),
            high_minutes=float(high[i]),
            share_of_budget=float(mean[i] / budget_minutes_per_year),
            over_limit=bool(mean[i] > most),
            chance_over_limit=float((minutes[:, i] > most).mean()),
        )
        for i in np.argsort(-mean, kind="stable")
    )
