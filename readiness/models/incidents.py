"""Learning from the client's own incidents: rates, lengths, and the backcast of the last twelve months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import gammaincinv, ndtri, pdtr, pdtrc

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.windows import MINUTES_PER_YEAR, WindowDistribution


@dataclass(frozen=True)
class Incidents:
    """Incidents of a client over some years; a gap is not-a-number and is left out where it would be needed.

    Parameters
    ----------
    causes
        Cause of each incident; an empty text when not known.
    minutes
        Length of each.
    reach
        Share of users that each reached.
    years
        Time over which all of them were written down.
    """

    causes: tuple[str, ...]
    minutes: Array
    reach: Array
    years: float = 1.0

    def __post_init__(self) -> None:
        minutes, reach = floats(self.minutes), floats(self.reach)
        if not len(self.causes) == len(minutes) == len(reach):
            raise ModelError("each incident has a cause, a length and a reach, or a gap in their place")
        if not self.years > 0:
            raise ModelError("incidents are collected over more than 0 years")
        if np.any(minutes < 0) or np.any(reach < 0) or np.any(reach > 1) or np.any(np.isinf(minutes)):
            raise ModelError("an incident lasts 0 minutes or more and reaches a share of users")
        object.__setattr__(self, "minutes", minutes)
        object.__setattr__(self, "reach", reach)

    def count(self, cause: str | None = None) -> int:
        """Number of incidents, of one cause or of all."""
        return len(self.causes) if cause is None else sum(name == cause for name in self.causes)

    def lengths(self, cause: str | None = None) -> Array:
        """Known lengths above 0 minutes, of one cause or of all."""
        chosen = np.array([cause is None or name == cause for name in self.causes], dtype=bool)
        minutes = self.minutes[chosen]
        return minutes[minutes > 0]

    def bad_minutes_per_year(self, *, reach_if_unknown: float = 1.0) -> float:
        """Bad minutes a year as written down; an unknown length counts as the median of the known ones."""
        known = self.lengths()
        typical = float(np.median(known)) if len(known) else 0.0
        minutes = np.where(np.isnan(self.minutes), typical, self.minutes)
        reach = np.where(np.isnan(self.reach), reach_if_unknown, self.reach)
        return float((minutes * reach).sum() / self.years)


@dataclass(frozen=True)
class RateBelief:
    """What is believed of a rate: gamma with ``shape`` events in ``years`` years.

    Examples
    --------
    A prior of about 6 a year, worth half a year of watching; then 1 in twelve months:

    >>> belief = RateBelief(shape=3.0, years=0.5).updated(1, years=1.0)
    >>> round(belief.mean, 2)
    2.67
    """

    shape: float
    years: float

    def __post_init__(self) -> None:
        if not (self.shape > 0 and self.years > 0):
            raise ModelError("a belief about a rate holds more than 0 events in more than 0 years")

    @classmethod
    def from_range(cls, low: float, high: float) -> RateBelief:
        """The gamma whose 5th and 95th percentiles are low and high.

        Notes
        -----
        The ratio of the two depends on the shape alone and falls with it; bisection on its logarithm.
        """
        if not 0 < low < high:
            raise ModelError("the range of a rate rises, and starts above 0")
        target = np.log(high / low)
        small, large = -3.0, 12.0
        for _ in range(80):
            middle = (small + large) / 2
            shape = np.exp(middle)
            with np.errstate(divide="ignore"):
                width = np.log(gammaincinv(shape, 0.95)) - np.log(gammaincinv(shape, 0.05))
            small, large = (middle, large) if width > target else (small, middle)
        shape = float(np.exp((small + large) / 2))
        return cls(shape=shape, years=float(gammaincinv(shape, 0.95) / high))

    @property
    def mean(self) -> float:
        """Mean rate a year."""
        return self.shape / self.years

    def updated(self, count: float, *, years: float) -> RateBelief:
        """The belief after ``count`` events in ``years`` years (gamma-Poisson)."""
        if count < 0 or years < 0:
            raise ModelError("incidents are counted from 0 on, over 0 years or more")
        return RateBelief(self.shape + count, self.years + years)

    def quantile(self, share: ArrayLike) -> Array:
        """Rate a year that is not exceeded with a chance of ``share``; uniform draws in, draws of the rate out."""
        return np.asarray(gammaincinv(self.shape, floats(share)) / self.years)


@dataclass(frozen=True)
class LengthBelief:
    """What is believed of the lengths of outages: lognormal, with a prior worth some observations.

    Parameters
    ----------
    median_minutes
        Believed median.
    sigma
        Believed standard deviation of the logarithm.
    worth
        How many incidents of the client's own the belief about the median weighs as much as.
    sigma_worth
        The same for the spread.

    Notes
    -----
    Normal-inverse-gamma update on the logarithms: the posterior mean is ``(k mu + n y) / (k + n)``, shrunk towards the
    prior, and the squares add up, with ``k n / (k + n) (y - mu)^2`` for their disagreement (Gelman et al., *Bayesian
    Data Analysis*, 3.3). Published durations are of publicised incidents of very large providers: give them a small
    worth and say so beside them.

    Examples
    --------
    The literature says 222 minutes; the client's five took 20 to 60:

    >>> belief = LengthBelief(222, 1.24, worth=2, sigma_worth=6).updated([20, 25, 30, 45, 60])
    >>> round(belief.median_minutes), round(belief.sigma, 2)
    (57, 1.17)
    """

    median_minutes: float
    sigma: float
    worth: float = 2.0
    sigma_worth: float = 4.0

    def __post_init__(self) -> None:
        if not (self.median_minutes > 0 and self.sigma >= 0 and self.worth > 0 and self.sigma_worth > 0):
            raise ModelError("lengths have a median above 0 minutes, a spread, and a worth above 0 incidents")

    @property
    def mean_minutes(self) -> float:
        """Mean length, ``median exp(sigma^2 / 2)``."""
        return self.median_minutes * float(np.exp(self.sigma**2 / 2))

    def updated(self, minutes: ArrayLike, *, weight: float = 1.0) -> LengthBelief:
        """The belief after some lengths; ``weight`` below 1 for what is only remembered. Gaps and zeros are left out."""
        known = floats(minutes)
        known = known[np.isfinite(known) & (known > 0)]
        if not 0 <= weight <= 1:
            raise ModelError("an incident weighs between nothing and one incident")
        n = len(known) * weight
        if not n:
            return self
        logs = np.log(known)
        mean, prior = float(logs.mean()), float(np.log(self.median_minutes))
        squares = weight * float(((logs - mean) ** 2).sum())
        squares += self.worth * n / (self.worth + n) * (mean - prior) ** 2
        variance = (self.sigma_worth * self.sigma**2 + squares) / (self.sigma_worth + n)
        return LengthBelief(
            median_minutes=float(np.exp((self.worth * prior + n * mean) / (self.worth + n))),
            sigma=float(np.sqrt(variance)),
            worth=self.worth + n,
            sigma_worth=self.sigma_worth + n,
        )

    def mean_minutes_of(self, z: ArrayLike) -> Array:
        """Draws of the mean length from standard normal draws.

        Notes
        -----
        The median is uncertain, sigma is taken as known: with an uncertain sigma the mean of a lognormal would have
        no finite mean, and a single draw could outweigh all others.
        """
        return np.asarray(self.mean_minutes * np.exp(self.sigma / np.sqrt(self.worth) * floats(z)))

    def median_range(self) -> tuple[float, float]:
        """The 90 % range of the median."""
        half = float(ndtri(0.95)) * self.sigma / self.worth**0.5
        return self.median_minutes * float(np.exp(-half)), self.median_minutes * float(np.exp(half))


def remembered_lengths(count: int, typical_minutes: float, worst_minutes: float) -> Array:
    """Lengths that agree with three remembered figures, to be used instead of a list.

    Parameters
    ----------
    count
        Outages in the last twelve months that users noticed.
    typical_minutes
        The usual one: taken as their median.
    worst_minutes
        The longest: taken as the largest of that many.

    Notes
    -----
    Blom's scores ``(i - 3/8) / (n + 1/4)`` of a lognormal through the median and, at its top score, the worst. Feed
    them to `LengthBelief.updated` with a weight of about a half: memory keeps the worst and forgets the small.

    Examples
    --------
    >>> [round(float(minutes)) for minutes in remembered_lengths(3, 30, 240)]
    [4, 30, 240]
    """
    if count < 0 or not 0 < typical_minutes <= worst_minutes:
        raise ModelError("the worst outage is at least as long as the typical one, and both above 0 minutes")
    if count == 0:
        return np.empty(0)
    if count == 1:
        return np.array([float(typical_minutes)])
    scores = ndtri((np.arange(1, count + 1) - 0.375) / (count + 0.25))
    return np.asarray(typical_minutes * (worst_minutes / typical_minutes) ** (scores / scores[-1]))


Verdict = Literal["fits", "model says less", "model says more"]


@dataclass(frozen=True)
class Backcast:
    """What the model says of the last twelve months beside what happened.

    Parameters
    ----------
    minutes, count
        What happened; None when nobody knows.
    model_minutes, model_minutes_band
        Mean bad minutes of the model, and the 90 % band of a single year.
    model_count
        Mean number of outages.
    chance_as_many_minutes, chance_as_few_minutes
        Chance of the model to see at least, and at most, as many bad minutes as happened.
    chance_as_often, chance_as_rarely
        The same for their number.
    verdict
        Whether the two can both be true, at 5 % on either side. Reconcile before forecasting.
    """

    minutes: float | None
    count: int | None
    model_minutes: float
    model_minutes_band: tuple[float, float]
    model_count: float
    chance_as_many_minutes: float | None
    chance_as_few_minutes: float | None
    chance_as_often: float | None
    chance_as_rarely: float | None
    verdict: Verdict


def backcast(
    year: WindowDistribution,
    rate_per_year: ArrayLike,
    *,
    minutes: float | None = None,
    count: int | None = None,
    surprise: float = 0.05,
) -> Backcast:
    """Hold the model against the last twelve months.

    Parameters
    ----------
    year
        The model's distribution of a year's bad minutes; see `downtime.Causes.window`.
    rate_per_year
        Outages a year of the model, per draw (all causes that users notice, summed).
    minutes, count
        Bad minutes and outages of the last twelve months, as far as known.
    surprise
        Chance below which the two disagree.

    Notes
    -----
    The predictive distribution: averaged over the draws, so that what we do not know widens it.
    """
    if not np.isclose(year.window_minutes, MINUTES_PER_YEAR, rtol=0.01):
        raise ModelError("a backcast compares with a distribution of a year")
    one = year.over_all_draws()
    rate = np.atleast_1d(floats(rate_per_year))
    many = few = often = rarely = None
    if minutes is not None:
        # At least as many: a hair less than observed, so that a year without any counts as possible.
        reachable = min(minutes, float(one.grid[-1] + one.planned_minutes[0]))
        few = float(1 - one.exceeds(reachable)[0])
        many = float(one.exceeds(reachable * (1 - 1e-9))[0]) if minutes > 0 else 1.0
    if count is not None:
        rarely = float(np.mean(pdtr(count, rate)))
        often = float(np.mean(pdtrc(count - 1, rate))) if count > 0 else 1.0
    less = [chance for chance in (many, often) if chance is not None and chance < surprise]
    more = [chance for chance in (few, rarely) if chance is not None and chance < surprise]
    verdict: Verdict = "fits"
    if less and (not more or min(less) <= min(more)):
        verdict = "model says less"
    elif more:
        verdict = "model says more"
    return Backcast(
        minutes=minutes,
        count=count,
        model_minutes=float(one.mean[0]),
        model_minutes_band=(float(one.quantile(0.05)[0]), float(one.quantile(0.95)[0])),
        model_count=float(rate.mean()),
        chance_as_many_minutes=many,
        chance_as_few_minutes=few,
        chance_as_often=often,
        chance_as_rarely=rarely,
        verdict=verdict,
    )
