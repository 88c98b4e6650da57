"""Bad minutes of one window (a month, a quarter, a year): their whole distribution, breach and SLA credits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.fft import next_fast_len
from scipy.special import ndtr, ndtri

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats

MINUTES_PER_YEAR = 525_600.0
BINS = 4096
BINS_PER_WINDOW = 32_768
WIDEST_BIN_MINUTES = 4.0
SEVERITY_POINTS = 1024
WIDENING = 1.8
# What wraps around is damped by exp(-13) = 2e-6, and rounding grows to 1e-16 exp(13) = 5e-11 a bin.
TILT = 13.0


def draws_by_cause(*arrays: ArrayLike) -> list[Array]:
    """Bring numbers to one shape (draws, causes): a scalar is both, one dimension is draws of one cause.

    Returns
    -------
    list of arrays
        All of one shape, two-dimensional; read-only views where they were broadcast.

    Raises
    ------
    ModelError
        When a number is negative or not finite, or when the shapes do not fit together.
    """
    shaped = []
    for values in arrays:
        array = floats(values)
        if array.ndim > 2:
            raise ModelError(f"rates, reach and minutes have shape (draws, causes), not {array.shape}")
        if not np.all(np.isfinite(array)) or np.any(array < 0):
            raise ModelError("rates, reach and minutes are finite and not negative")
        shaped.append(array[:, None] if array.ndim == 1 else array)
    try:
        return [np.atleast_2d(array) for array in np.broadcast_arrays(*shaped)]
    except ValueError as error:
        raise ModelError(f"draws or causes differ in number: {error}") from error


def mean_capped_minutes(minutes: ArrayLike, sigma: ArrayLike, cap_minutes: float) -> Array:
    """Mean length of an outage when none is counted beyond ``cap_minutes``.

    Parameters
    ----------
    minutes
        Mean length of an outage, minutes.
    sigma
        Standard deviation of the logarithm of the length; 0 is a constant length.
    cap_minutes
        Longest length that counts: the window.

    Notes
    -----
    The limited expected value of a lognormal, ``m Phi(d - sigma) + w (1 - Phi(d))`` with
    ``d = (ln w - mu) / sigma`` and ``mu = ln m - sigma^2 / 2`` (Klugman, Panjer and Willmot, *Loss Models*, app. A).

    Examples
    --------
    >>> float(mean_capped_minutes(60.0, 0.0, 43_200.0))
    60.0
    """
    mean, spread = np.broadcast_arrays(floats(minutes), floats(sigma))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        d = (np.log(cap_minutes) - np.log(mean) + spread**2 / 2) / spread
        capped = mean * ndtr(d - spread) + cap_minutes * ndtr(-d)
    return np.where((spread > 0) & (mean > 0), capped, np.minimum(mean, cap_minutes))


@dataclass(frozen=True)
class WindowDistribution:
    """Distribution of the bad minutes of one window, per draw.

    Parameters
    ----------
    grid
        Unplanned bad minutes at each bin, minutes; shape (bins,).
    pmf
        Chance of each bin, shape (draws, bins). What is missing to 1 lies beyond the grid.
    planned_minutes
        Bad minutes of planned work in the window, per draw; added as scheduled.
    window_minutes
        Length of the window.
    mean_unplanned_minutes
        Exact mean of the unplanned part, per draw.
    nothing
        Chance of a window without any unplanned outage, per draw.
    """

    grid: Array
    pmf: Array
    planned_minutes: Array
    window_minutes: float
    mean_unplanned_minutes: Array
    nothing: Array

    @property
    def mean(self) -> Array:
        """Mean bad minutes in the window, per draw; exact, with planned work."""
        return self.mean_unplanned_minutes + self.planned_minutes

    @cached_property
    def _cumulative(self) -> Array:
        """Chance of at most: 0 minutes, then each upper bin edge; shape (draws, bins + 1)."""
        found = np.empty((len(self.pmf), self.pmf.shape[1] + 1))
        found[:, 0] = self.nothing
        below = np.cumsum(self.pmf, axis=1, out=found[:, 1:])
        np.clip(below, self.nothing[:, None], 1.0, out=below)
        return found

    @property
    def _nodes(self) -> Array:
        """Minutes at which `_cumulative` is exact: 0, then the upper edge of each bin."""
        half = (self.grid[1] - self.grid[0]) / 2
        return np.concatenate([[0.0], self.grid + half])

    def exceeds(self, minutes: ArrayLike) -> Array:
        """Chance of more than ``minutes`` bad minutes in the window, per draw.

        Parameters
        ----------
        minutes
            One threshold, or several in one dimension.

        Returns
        -------
        array
            Shape (draws,) for one threshold, (draws, thresholds) for several.

        Raises
        ------
        ModelError
            When a threshold lies beyond the grid and more than a hundredth of all windows does so too.

        Notes
        -----
        Beyond the grid the chance of its end is returned: an upper bound, and a small one.
        """
        thresholds = floats(minutes)
        at = np.atleast_1d(thresholds)[None, :] - self.planned_minutes[:, None]
        nodes = self._nodes
        unknown = 1 - float(self._cumulative[:, -1].mean())
        if np.any((at > nodes[-1]) & (at < self.window_minutes)) and unknown > 0.01:
            raise ModelError(
                f"{float(at.max()):g} minutes lie beyond the grid of {nodes[-1]:g}; widen it with bin_minutes"
            )
        step = self.grid[1] - self.grid[0]
        # Nodes are 0, h/2, 3h/2, ...: the first interval is half as long as the others.
        place = np.clip(at / step + 0.5, 0.5, len(self.grid) - 1e-9)
        k = place.astype(np.int64)
        weight = np.where(k == 0, (place - 0.5) * 2, place - k)
        rows = np.arange(len(self.pmf))[:, None]
        below = self._cumulative[rows, k] * (1 - weight) + self._cumulative[rows, k + 1] * weight
        chance = np.where(at < 0, 1.0, np.where(at >= self.window_minutes, 0.0, 1.0 - below))
        return chance if thresholds.ndim else chance[:, 0]

    def quantile(self, share: float) -> Array:
        """Bad minutes that a share of windows does not exceed, per draw; infinite when beyond the grid."""
        _check_share(share)
        return np.array(
            [
                _crossing(self._nodes, below, share) + planned
                for below, planned in zip(self._cumulative, self.planned_minutes, strict=True)
            ]
        )

    def over_all_draws(self) -> WindowDistribution:
        """The one distribution that a client faces who does not know which draw is theirs: the mean over the draws.

        Notes
        -----
        Planned work that differs between the draws is averaged: it is small beside what it is added to.
        """
        return WindowDistribution(
            self.grid,
            self.pmf.mean(axis=0, keepdims=True),
            self.planned_minutes.mean(keepdims=True),
            self.window_minutes,
            self.mean_unplanned_minutes.mean(keepdims=True),
            self.nothing.mean(keepdims=True),
        )


def _check_share(share: float) -> None:
    if not 0 <= share < 1:
        raise ModelError(f"a quantile lies between 0 and 1, not at {share:g}")


def _crossing(nodes: Array, below: Array, share: float) -> float:
    """Minutes at which the cumulative chance reaches ``share``."""
    if share <= below[0]:
        return 0.0
    if share > below[-1]:
        return float("inf")
    k = int(np.searchsorted(below, share))
    return float(nodes[k - 1] + (nodes[k] - nodes[k - 1]) * (share - below[k - 1]) / (below[k] - below[k - 1]))


@lru_cache(maxsize=64)
def _severity_points(sigmas: tuple[float, ...]) -> tuple[Array, Array]:
    """Probabilities (points,) and lengths relative to the mean (causes, points): means of the strata of a lognormal."""
    sigma, points = np.array(sigmas), max(192, SEVERITY_POINTS // len(sigmas))
    # Quantiles of a wider normal: with strata of equal chance the long outages, which break promises, would be few
    # and far between (3 % off in the chance of 432 minutes, seen against simulation).
    z = WIDENING * ndtri(np.linspace(0.0, 1.0, points + 1))
    share = np.where(z[1:] <= 0, np.diff(ndtr(z)), -np.diff(ndtr(-z)))
    # The mean of a stratum, not its middle: so the mean of all of them is the mean of the lognormal, tail included.
    relative = np.diff(ndtr(z[None, :] - sigma[:, None]), axis=1)
    upper = np.diff(-ndtr(sigma[:, None] - z[None, :]), axis=1)
    relative = np.where(z[None, 1:] > sigma[:, None], upper, relative) / share
    share.flags.writeable = relative.flags.writeable = False
    return share, relative


def window_distribution(
    rate_per_year: ArrayLike,
    reach: ArrayLike,
    minutes: ArrayLike,
    sigma: ArrayLike,
    *,
    window_minutes: float,
    planned_minutes: ArrayLike = 0.0,
    bin_minutes: float | None = None,
    bins: int = BINS,
    until_minutes: float | None = None,
) -> WindowDistribution:
    """Distribution of the bad minutes in one window when outages of several causes arrive at random.

    Parameters
    ----------
    rate_per_year
        Outages a year (of 8,760 h) of each cause; shape (draws, causes), (draws,) or a number.
    reach
        Share of users (better: of revenue) that an outage of the cause reaches, 0 to 1.
    minutes
        *Mean* length of an outage of the cause, minutes. A median m is turned into it by `mean_from_median`.
    sigma
        Standard deviation of the logarithm of the length, one number or one per cause; public post-mortems show 1.24.
    window_minutes
        Length of the window: 43,200 for 30 days.
    planned_minutes
        Bad minutes of planned work in the window, a number or one per draw. Not random: added as scheduled.
    bin_minutes
        Width of a bin; by default 1.3 minutes in a month (1/32,768) and 4 in a year, wider where outages are so many
        that the grid would not hold three times their mean. For a chance right to 0.001, at most a tenth of the
        smallest threshold asked for: 0.4 for four nines of a month.
    bins
        Number of bins; thresholds up to ``bins x bin_minutes`` are exact, by default an eighth of a
        month and 11 days of a year.
    until_minutes
        The longest threshold that will be asked for, so that the grid may end there: the same bins, but fewer.

    Raises
    ------
    ModelError
        For impossible input.

    Notes
    -----
    Compound Poisson by Fourier transform with exponential tilting (Embrechts and Frei, *Panjer recursion versus FFT
    for compound distributions*, 2009): ``pmf = irfft(exp(rate (rfft(f e^(-theta k)) - 1))) e^(theta k)``. Each cause
    enters as the means of strata of its lognormal, split linearly over two bins, so that the mean is kept. An outage
    counts reach x length, and no length counts beyond the window. There is no sampling noise, and sliders move smoothly.

    Overlapping outages are added, not merged, and an outage counts in the window in which it begins. With a share
    u of the window bad, merging would give 1 - exp(-u) (the busy share of M/G/infinity): the sum is 0.5 % too high
    at 99 % availability, 5 % at 90 %. Below 90 % use simulation.

    Examples
    --------
    One outage every two months, half of them under 30 minutes: how often do we miss 99.9 % in a month of 30 days?

    >>> month = window_distribution(0.5 * 365 / 30, 1.0, mean_from_median(30, 1.24), 1.24, window_minutes=43_200)
    >>> round(float(month.exceeds(43.2)[0]), 3)
    0.187

    Nearly every fifth month, although the mean availability is 99.925 %.
    """
    rate, share_reached, mean = draws_by_cause(rate_per_year, reach, minutes)
    draws, causes = rate.shape
    if window_minutes <= 0 or bins < 8:
        raise ModelError("a window is longer than 0 minutes and has at least 8 bins")
    if np.any(share_reached > 1):
        raise ModelError("reach is a share of users and at most 1")
    spread = np.broadcast_to(floats(sigma), (causes,))
    if not np.all(np.isfinite(spread)) or np.any(spread < 0):
        raise ModelError("sigma is finite and not negative")
    planned = np.broadcast_to(floats(planned_minutes), (draws,)).copy()
    if np.any(planned < 0) or not np.all(np.isfinite(planned)):
        raise ModelError("planned minutes are finite and not negative")

    per_window = rate * (window_minutes / MINUTES_PER_YEAR)
    mean_unplanned = (per_window * share_reached * mean_capped_minutes(mean, spread, window_minutes)).sum(axis=1)
    if bin_minutes is None:
        # An outage shorter than a bin looks more random than it is, so a year gets no wider bins than a quarter.
        bin_minutes = min(window_minutes / BINS_PER_WINDOW, WIDEST_BIN_MINUTES) * (BINS / bins)
        while bins * bin_minutes < min(window_minutes, 3 * mean_unplanned.max(initial=0.0)):
            bin_minutes *= 2
    if bin_minutes <= 0:
        raise ModelError("bin_minutes is longer than 0 minutes")

    if until_minutes is not None:
        bins = min(bins, next_fast_len(max(8, int(until_minutes / bin_minutes) + 3), real=True))
    chance, relative = _severity_points(tuple(map(float, spread)))
    # In bins: what an outage of mean length weighs, and where the window ends for those whom the cause reaches.
    scale, most = mean * share_reached / bin_minutes, window_minutes * share_reached / bin_minutes
    theta = np.exp(-TILT / bins * np.arange(bins))
    pmf = np.empty((draws, bins))
    # Few draws at a time: what is worked on stays in the processor's cache.
    block = max(1, 2**15 // bins)
    for first in range(0, draws, block):
        part = slice(first, min(first + block, draws))
        hits = _on_grid(np.minimum(scale[part, :, None] * relative, most[part, :, None]), per_window[part], chance, bins)
        hits *= theta
        transformed = np.fft.rfft(hits, axis=1)
        transformed -= per_window[part].sum(axis=1)[:, None]
        np.exp(transformed, out=transformed)
        found = np.fft.irfft(transformed, n=bins, axis=1)
        found /= theta
        # What the transform leaves below nothing is rounding of the order of 1e-10.
        np.maximum(found, 0.0, out=pmf[part])
    harmless = np.where((share_reached > 0) & (mean > 0), per_window, 0.0)
    return WindowDistribution(
        grid=floats(np.arange(bins) * bin_minutes),
        pmf=pmf,
        planned_minutes=planned,
        window_minutes=float(window_minutes),
        mean_unplanned_minutes=mean_unplanned,
        nothing=np.exp(-harmless.sum(axis=1)),
    )


def _on_grid(position: Array, rate: Array, chance: Array, bins: int) -> Array:
    """Outages a window by severity, split linearly over two bins; what lies beyond the grid is dropped.

    Parameters
    ----------
    position
        Severity of each draw, cause and point, in bins; spoilt.
    rate, chance
        Outages a window by draw and cause, and the share of them at each point.
    """
    rows, width = len(position), bins + 2
    np.minimum(position, bins, out=position)
    below = position.astype(np.int32)
    position -= below
    # Two more columns catch what lies beyond the grid; its total stays missing from the pmf, as it should.
    below += (np.arange(rows, dtype=np.int32) * width)[:, None, None]
    weight = rate[:, :, None] * chance
    flat = below.reshape(-1)
    hits = np.bincount(flat, weight.reshape(-1), rows * width)
    position *= weight
    upper = np.bincount(flat, position.reshape(-1), rows * width)
    hits -= upper
    hits[1:] += upper[:-1]
    return floats(hits).reshape(rows, width)[:, :bins]


def mean_from_median(median_minutes: ArrayLike, sigma: ArrayLike) -> Array:
    """Mean of a lognormal from its median.

    Parameters
    ----------
    median_minutes
        Half of the outages are shorter than this.
    sigma
        Standard deviation of the logarithm.

    Notes
    -----
    ``mean = median exp(sigma^2 / 2)``.

    Examples
    --------
    Half of our outages end within 222 minutes; what does one take on average?

    >>> round(float(mean_from_median(222, 1.236)))
    477
    """
    return floats(median_minutes) * np.exp(floats(sigma) ** 2 / 2)
