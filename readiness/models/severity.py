"""How long outages last, on an even grid: exact by limited expected values, and quick from a table of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import ndtr

from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats

Transform = np.ndarray[Any, np.dtype[np.complex128]]

# What wraps around is damped by exp(-13) = 2e-6, and rounding grows to 1e-16 exp(13) = 5e-11 a bin.
TILT = 13.0
LEAST = 1e-3  # bins: what is shorter acts as outages of this length that are as much rarer
ROWS_PER_SIGMA = 8
SIGMAS_BEYOND = 5.0
SHARP = 0.2  # lengths that vary less would need too long a table
NEGLIGIBLE = 1e-5  # outages a window: so much a chance may be off
_ROWS_AT_ONCE = 64
_COLUMNS_AT_ONCE = 514
_ALONE = 200_000  # multiplications; OpenBLAS starts threads above 262,144


def mean_capped_minutes(minutes: ArrayLike, sigma: ArrayLike, cap_minutes: ArrayLike) -> Array:
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
    mean, spread, cap = floats(minutes), floats(sigma), floats(cap_minutes)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        d = (np.log(cap) - np.log(mean) + spread**2 / 2) / spread
        capped = mean * ndtr(d - spread) + cap * ndtr(-d)
    return np.where((spread > 0) & (mean > 0), capped, np.minimum(mean, cap))


def tilt(bins: int) -> Array:
    """What damps each bin before the transform, and is taken off again after it."""
    return np.exp(-TILT / bins * np.arange(bins))


def on_grid(mean: ArrayLike, sigma: ArrayLike, longest: ArrayLike, bins: int) -> Array:
    """Chance that an outage falls on each bin, split linearly over the two next to it; what lies beyond the grid is missing.

    Parameters
    ----------
    mean, longest
        Mean length, and the length at which all longer ones are cut, in bins; (outages,).
    sigma
        Standard deviation of the logarithm of the length; a number or (outages,).

    Returns
    -------
    array
        Shape (outages, bins).

    Notes
    -----
    With hats as weights these are second differences of the limited expected value, so that the mean is kept.

    Examples
    --------
    An outage of two and a half bins, always:

    >>> on_grid([2.5], 0.0, np.inf, 5).round(6).tolist()
    [[0.0, 0.0, 0.5, 0.5, 0.0]]
    """
    lengths, spread, end = (floats(x).reshape(-1, 1) for x in (mean, sigma, longest))
    limited = mean_capped_minutes(lengths, spread, np.minimum(np.arange(bins + 1.0), end))
    found = np.empty((len(limited), bins))
    found[:, 0] = 1.0 - limited[:, 1]
    found[:, 1:] = 2 * limited[:, 1:-1] - limited[:, :-2] - limited[:, 2:]
    return found


def log_transform(rate: Array, mean: Array, longest: Array, sigma: Array, bins: int) -> Transform:
    """Logarithm of the tilted transform of what outages of several causes add up to in a window.

    Parameters
    ----------
    rate
        Outages a window, (draws, causes).
    mean, longest
        Mean length, and where the window cuts it, in bins; (draws, causes).
    sigma
        Standard deviation of the logarithm of the length, (causes,).

    Returns
    -------
    array
        The sum over causes of ``rate (rfft(f e^(-theta k)) - 1)``, (draws, bins // 2 + 1).

    Notes
    -----
    Interpolated between lengths an eighth of a sigma apart, by cubics: chances are within 2e-5 of the exact ones. What a
    table cannot hold (lengths that hardly vary, and those that the window cuts short within the grid) is exact.
    """
    found = np.zeros((len(rate), bins // 2 + 1), dtype=np.complex128)
    exact = np.broadcast_to(sigma < SHARP, rate.shape)
    within = ~exact & (longest < bins) & (rate > 0) & (mean > 0)
    if within.any():
        draw, cause = np.nonzero(within)
        beyond = ndtr((np.log(mean[within] / longest[within]) - sigma[cause] ** 2 / 2) / sigma[cause])
        exact = exact.copy()
        exact[draw, cause] = rate[within] * beyond > NEGLIGIBLE
    for spread in dict.fromkeys(map(float, sigma[sigma >= SHARP])):
        alike = sigma == spread
        _add_from_table(found, np.where(exact, 0.0, rate)[:, alike], mean[:, alike], spread, bins)
    if exact.any():
        _add_exact(found, rate, mean, longest, sigma, np.nonzero(exact & (rate > 0)), bins)
    return found


def _add_exact(
    found: Transform, rate: Array, mean: Array, longest: Array, sigma: Array, which: tuple[Any, ...], bins: int
) -> None:
    for first in range(0, len(which[0]), _ROWS_AT_ONCE):
        draw, cause = (place[first : first + _ROWS_AT_ONCE] for place in which)
        hits = on_grid(mean[draw, cause], sigma[cause], longest[draw, cause], bins) * tilt(bins)
        np.add.at(found, draw, rate[draw, cause, None] * (np.fft.rfft(hits, axis=1) - 1))


def _add_from_table(found: Transform, rate: Array, mean: Array, sigma: float, bins: int) -> None:
    lowest, step, table = _table(sigma, bins)
    draws, rows = len(rate), len(table)
    weight = rate * np.minimum(1.0, mean / LEAST)
    place = np.clip((np.log(np.maximum(mean, LEAST)) - lowest) / step, 0, rows - 1)
    row = np.clip(place.astype(np.intp), 1, rows - 3)
    t = place - row
    first, last = int(row.min()) - 1, int(row.max()) + 3
    width = last - first
    # Through the four rows around each length goes one cubic (Lagrange).
    cubic = (-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6)
    cell = np.arange(draws)[:, None] * width + row - first - 1
    share = np.zeros(draws * width)
    for beside, part in enumerate(cubic):
        share += np.bincount((cell + beside).reshape(-1), (weight * part).reshape(-1), draws * width)
    found += _product(share.reshape(draws, width), table[first:last].view(np.float64)).view(np.complex128)
    found -= weight.sum(axis=1)[:, None]


def _product(left: Array, right: Array) -> Array:
    """The matrix product in pieces that are too small for a linear algebra library to start threads on: the same bits on any number of them."""
    found = np.empty((len(left), right.shape[1]))
    columns = min(right.shape[1], _COLUMNS_AT_ONCE)
    rows = max(1, _ALONE // (columns * left.shape[1]))
    for i in range(0, len(left), rows):
        for j in range(0, right.shape[1], columns):
            found[i : i + rows, j : j + columns] = left[i : i + rows] @ right[:, j : j + columns]
    return found


@lru_cache(maxsize=16)
def _table(sigma: float, bins: int) -> tuple[float, float, Transform]:
    """Transforms of outages whose mean lengths stand in a geometric row: the logarithm of the first, of the step, and the rows."""
    step = sigma / ROWS_PER_SIGMA
    places = np.arange(np.log(LEAST), np.log(bins) + SIGMAS_BEYOND * sigma + 2 * step, step)
    table = np.fft.rfft(on_grid(np.exp(places), sigma, np.inf, bins) * tilt(bins), axis=1)
    table.flags.writeable = False
    return float(places[0]), step, table


__all__ = ["log_transform", "mean_capped_minutes", "on_grid", "tilt"]
