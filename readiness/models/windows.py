"""Bad minutes of one window (a month, a quarter, a year): their whole distribution, breach and SLA credits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.severity import log_transform, mean_capped_minutes, tilt

MINUTES_PER_YEAR = 525_600.0
BINS = 4096
BINS_PER_WINDOW = 32_768
WIDEST_BIN_MINUTES = 4.0
BINS_PER_SCALE = 512
WIDER = 8
"""Bins of the next scale over those of this one: a threshold lies at bin 64 to 512 of its scale."""


class Exceeding(Protocol):
    """Bad minutes of one window, as far as a promise asks about them."""

    @property
    def window_minutes(self) -> float: ...

    def exceeds(self, minutes: ArrayLike) -> Array: ...


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
        if array.size and not (array.min() >= 0 and array.max() < np.inf):
            raise ModelError("rates, reach and minutes are finite and not negative")
        shaped.append(array[:, None] if array.ndim == 1 else array)
    try:
        return [np.atleast_2d(array) for array in np.broadcast_arrays(*shaped)]
    except ValueError as error:
        raise ModelError(f"draws or causes differ in number: {error}") from error


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

    Raises
    ------
    ModelError
        For impossible input.

    Notes
    -----
    Compound Poisson by Fourier transform with exponential tilting (Embrechts and Frei, *Panjer recursion versus FFT
    for compound distributions*, 2009): ``pmf = irfft(exp(rate (rfft(f e^(-theta k)) - 1))) e^(theta k)``. Each length
    is split linearly over two bins, so that the mean is kept (`severity.on_grid`). An outage counts reach x length, and
    no length counts beyond the window. There is no sampling noise, and sliders move smoothly.

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
    mean_unplanned, nothing = _mean_unplanned(per_window, share_reached, mean, spread, window_minutes)
    if bin_minutes is None:
        # An outage shorter than a bin looks more random than it is, so a year gets no wider bins than a quarter.
        bin_minutes = min(window_minutes / BINS_PER_WINDOW, WIDEST_BIN_MINUTES) * (BINS / bins)
        while bins * bin_minutes < min(window_minutes, 3 * mean_unplanned.max(initial=0.0)):
            bin_minutes *= 2
    if bin_minutes <= 0:
        raise ModelError("bin_minutes is longer than 0 minutes")

    return WindowDistribution(
        grid=floats(np.arange(bins) * bin_minutes),
        pmf=_pmf(per_window, share_reached, mean, spread, window_minutes, bin_minutes, bins),
        planned_minutes=planned,
        window_minutes=float(window_minutes),
        mean_unplanned_minutes=mean_unplanned,
        nothing=nothing,
    )


def _pmf(
    per_window: Array, reach: Array, minutes: Array, sigma: Array, window_minutes: float, bin_minutes: Array | float, bins: int
) -> Array:
    """Chance of each bin, (draws, bins); the width of a bin is a number or one per draw, (draws, 1)."""
    # In bins: what an outage of mean length weighs, and where the window ends for those whom the cause reaches.
    scale, most = minutes * reach / bin_minutes, window_minutes * reach / bin_minutes
    theta = tilt(bins)
    pmf = np.empty((len(scale), bins))
    # Few draws at a time: what is worked on stays in the processor's cache.
    block = max(1, 2**15 // bins)
    for first in range(0, len(scale), block):
        part = slice(first, min(first + block, len(scale)))
        transformed = log_transform(per_window[part], scale[part], most[part], sigma, bins)
        np.exp(transformed, out=transformed)
        found = np.fft.irfft(transformed, n=bins, axis=1)
        found /= theta
        # What the transform leaves below nothing is rounding of the order of 1e-10.
        np.maximum(found, 0.0, out=pmf[part])
    return pmf


@dataclass(frozen=True)
class WindowChances:
    """Chances of bad minutes in one window, each threshold on a grid whose bins suit it.

    Parameters
    ----------
    rate_per_year, reach, minutes, sigma
        As for `window_distribution`, (draws, causes) and (causes,).
    window_minutes
        Length of the window.
    planned_minutes
        Bad minutes of planned work in the window, (draws,).

    Notes
    -----
    Promises from 90 to 99.99 % of a month on one grid take 3,300 bins; on two, of which the second has bins eight times as
    wide, they take a third of that. A scale is made when a threshold first asks for it.
    """

    rate_per_year: Array = field(repr=False)
    reach: Array = field(repr=False)
    minutes: Array = field(repr=False)
    sigma: Array = field(repr=False)
    window_minutes: float
    planned_minutes: Array = field(repr=False)
    _scales: dict[int, WindowDistribution] = field(default_factory=dict, init=False, repr=False, compare=False)

    def exceeds(self, minutes: ArrayLike) -> Array:
        """Chance of more than ``minutes`` bad minutes in the window, per draw; as `WindowDistribution.exceeds`."""
        thresholds = floats(minutes)
        every = np.atleast_1d(thresholds)
        finest = min(self.window_minutes / BINS_PER_WINDOW, WIDEST_BIN_MINUTES)
        scales = np.ceil(np.log(np.maximum(every / (finest * (BINS_PER_SCALE - 2)), 1.0)) / np.log(WIDER) - 1e-9).astype(int)
        wanted = [int(n) for n in np.unique(scales)]
        self._make([n for n in wanted if n not in self._scales], finest)
        chance = np.empty((len(self.rate_per_year), len(every)))
        for number in wanted:
            asked = scales == number
            chance[:, asked] = self._scales[number].exceeds(every[asked])
        return chance if thresholds.ndim else chance[:, 0]

    def _make(self, numbers: list[int], finest: float) -> None:
        """Distributions on several scales, in one go."""
        if not numbers:
            return
        per_window = self.rate_per_year * (self.window_minutes / MINUTES_PER_YEAR)
        widths = floats(np.repeat([finest * WIDER**n for n in numbers], len(per_window))[:, None])
        over = [np.tile(x, (len(numbers), 1)) for x in (per_window, self.reach, self.minutes)]
        pmf = _pmf(over[0], over[1], over[2], self.sigma, self.window_minutes, widths, BINS_PER_SCALE)
        mean, nothing = _mean_unplanned(per_window, self.reach, self.minutes, self.sigma, self.window_minutes)
        for number, part in zip(numbers, np.split(pmf, len(numbers)), strict=True):
            grid = floats(np.arange(BINS_PER_SCALE) * (finest * WIDER**number))
            self._scales[number] = WindowDistribution(grid, part, self.planned_minutes, self.window_minutes, mean, nothing)


def _mean_unplanned(per_window: Array, reach: Array, minutes: Array, sigma: Array, window_minutes: float) -> tuple[Array, Array]:
    """Mean of what comes at random in a window, and the chance that nothing does, per draw."""
    mean = (per_window * reach * mean_capped_minutes(minutes, sigma, window_minutes)).sum(axis=1)
    harmless = np.where((reach > 0) & (minutes > 0), per_window, 0.0)
    return mean, np.exp(-harmless.sum(axis=1))


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
