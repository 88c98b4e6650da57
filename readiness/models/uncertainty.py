"""Ranges: low, likely and high become draws, answers become mixtures, draws become a mean with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.draws import in_one_team, standard_normals, uniforms

__all__ = [
    "Band",
    "Kind",
    "band",
    "bands",
    "choose",
    "in_one_team",
    "mixture",
    "quantiles",
    "quantiles_to_draws",
    "standard_normals",
    "uniforms",
    "widen",
]

Kind = Literal["positive", "share", "real"]

# The normal quantile of 95 %: low and high are the 5th and 95th percentiles everywhere.
Z95 = float(ndtri(0.95))
_BOUNDS = {"positive": (0.0, np.inf), "share": (0.0, 1.0), "real": (-np.inf, np.inf)}


def quantiles_to_draws(
    z: ArrayLike, low: ArrayLike, likely: ArrayLike, high: ArrayLike, *, kind: Kind
) -> Array:
    """Draws of a quantity whose 5th, 50th and 95th percentiles are low, likely and high.

    Parameters
    ----------
    z
        Standard normal draws, (draws,) or (draws, inputs).
    low, likely, high
        The percentiles, numbers or one for each input; equal ones are a constant.
    kind
        "positive" for rates, minutes, money; "share" for fractions of a whole; "real" for what may be
        negative.

    Raises
    ------
    ModelError
        When they are not in order, a positive quantity is at or below zero, or a share at or beyond 0 or 1.
        Zero (and one) can be constants only: no ratio leads from zero to the median.

    Notes
    -----
    Two-piece lognormal about the median with sigma = ln(ratio)/1.645 on each side; for shares the same on the
    logit, for reals on the number itself. A beta-PERT through the same three numbers would be a third
    narrower.

    Examples
    --------
    It takes 5 to 60 minutes until somebody works on an outage, 10 as a rule. In one case of twenty it takes
    an hour or more:

    >>> z = standard_normals(4096, 1)[:, 0]
    >>> minutes = quantiles_to_draws(z, 5, 10, 60, kind="positive")
    >>> round(float((minutes >= 60).mean()), 3)
    0.05
    """
    a, m, b = (np.asarray(x, dtype=float) for x in (low, likely, high))
    _check_quantiles(a, m, b, kind)
    z = np.asarray(z, dtype=float)
    constant = (a == m) & (m == b)
    if not constant.any():
        return _spread(z, a, m, b, kind)
    # A constant stands in at 1/2, where every transform is defined, and is put back at the end.
    low, likely, high = (np.where(constant, 0.5, x) for x in (a, m, b))
    return np.where(constant, m, _spread(z, low, likely, high, kind))


def _spread(z: Array, low: Array, likely: Array, high: Array, kind: Kind) -> Array:
    lower, median, upper = (_unbounded(x, kind) for x in (low, likely, high))
    step = z * np.where(z < 0, (median - lower) / Z95, (upper - median) / Z95)
    # Times the median instead of the exponential of its logarithm, which is off by a bit.
    return likely * np.exp(step) if kind == "positive" else _bounded(median + step, kind)


def widen(low: float, likely: float, high: float, factor: float, kind: Kind) -> tuple[float, float, float]:
    """The same median with a range that is ``factor`` times as wide, on the scale the quantity is drawn on.

    Parameters
    ----------
    factor
        1 changes nothing, 0 is certainty, above 1 for what was only claimed or has aged.

    Examples
    --------
    A claimed 20 minutes, give or take a factor of two, with evidence that is worth half:

    >>> tuple(round(x, 1) for x in widen(10, 20, 40, 2.0, "positive"))
    (5.0, 20.0, 80.0)
    """
    if not (factor >= 0 and np.isfinite(factor)):
        raise ModelError(f"a range cannot be widened {factor} times")
    _check_quantiles(np.float64(low), np.float64(likely), np.float64(high), kind)
    if low == likely == high or factor == 1:
        return float(low), float(likely), float(high)
    a, m, b = (_unbounded(np.float64(x), kind) for x in (low, likely, high))
    return (
        float(_bounded(m - factor * (m - a), kind)),
        float(likely),
        float(_bounded(m + factor * (b - m), kind)),
    )


def _check_quantiles(
    low: Array | np.float64, likely: Array | np.float64, high: Array | np.float64, kind: Kind
) -> None:
    if low.ndim == likely.ndim == high.ndim == 0 and kind in _BOUNDS and _BOUNDS[kind][0] < low <= likely <= high < _BOUNDS[kind][1]:
        return  # the usual case, in a fraction of the time
    if kind not in _BOUNDS:
        raise ModelError(f'a quantity is "positive", a "share" or "real", not "{kind}"')
    if not (np.isfinite(low).all() and np.isfinite(likely).all() and np.isfinite(high).all()):
        raise ModelError(f"low, likely and high must be finite numbers, not {low}, {likely} and {high}")
    if not np.all((low <= likely) & (likely <= high)):
        raise ModelError(f"low, likely and high must be in this order, not {low}, {likely} and {high}")
    constant = np.asarray((low == likely) & (likely == high))
    if kind == "positive" and not np.all((low > 0) | (constant & (low == 0))):
        raise ModelError(
            f"a positive quantity with a range lies above zero, but low is {low}",
            hint="zero can only be a constant: name a small number that is believed instead",
        )
    if kind == "share" and not np.all(((low > 0) & (high < 1)) | (constant & (low >= 0) & (high <= 1))):
        raise ModelError(
            f"a share with a range lies strictly between 0 and 1, but it runs from {low} to {high}",
            hint="0 and 1 can only be constants",
        )


def _unbounded(x: Array | np.float64, kind: Kind) -> Array:
    return np.asarray(np.log(x) if kind == "positive" else logit(x) if kind == "share" else x, dtype=float)


def _bounded(y: Array, kind: Kind) -> Array:
    return np.asarray(np.exp(y) if kind == "positive" else expit(y) if kind == "share" else y, dtype=float)


def choose(u: ArrayLike, shares: ArrayLike) -> NDArray[np.intp]:
    """Which answer holds in each draw, for a practice that was not asked.

    Parameters
    ----------
    u
        Uniform draws between 0 and 1, (draws,).
    shares
        How common each answer is, (answers,) or (draws, answers); scaled to a sum of one.

    Returns
    -------
    NDArray[np.intp]
        The place of the answer, (draws,).

    Examples
    --------
    >>> choose([0.1, 0.55, 0.95], [0.3, 0.5, 0.2]).tolist()
    [0, 1, 2]
    """
    shares = np.asarray(shares, dtype=float)
    if shares.shape[-1] == 0 or not np.all(shares >= 0) or not np.all(shares.sum(axis=-1) > 0):
        raise ModelError(f"shares of answers cannot be negative or all zero, but are {shares.tolist()}")
    limits = np.cumsum(shares, axis=-1)
    limits = limits[..., :-1] / limits[..., -1:]
    return np.asarray((np.asarray(u, dtype=float)[:, None] >= limits).sum(axis=-1), dtype=np.intp)


def mixture(u: ArrayLike, shares: ArrayLike, components: Sequence[ArrayLike]) -> Array:
    """Draws of a number whose practice was not asked: in each draw that of one answer, by their shares.

    Parameters
    ----------
    u
        Uniform draws, (draws,); the same for all numbers which the practice moves, so that they move
        together.
    shares
        How common each answer is; see `choose`.
    components
        The number under each answer: a constant, (draws,) or (draws, ...).

    Examples
    --------
    Half of such clients notice in 5 minutes, the other half in 300. Nobody notices in 152:

    >>> mixture([0.2, 0.7], [0.5, 0.5], [5, 300]).tolist()
    [5.0, 300.0]
    """
    chosen = choose(u, shares)
    parts = np.broadcast_arrays(*(np.asarray(c, dtype=float) for c in components), chosen)[:-1]
    if len(parts) != np.asarray(shares).shape[-1]:
        raise ModelError(f"{len(parts)} numbers were given for {np.asarray(shares).shape[-1]} answers")
    out = np.empty(parts[0].shape)
    for k, part in enumerate(parts):
        mask = chosen == k
        out[mask] = part[mask]
    return out


@dataclass(frozen=True, slots=True)
class Band:
    """The mean over the draws with the 5th, 50th and 95th percentiles, in the unit of the draws."""

    mean: float
    low: float
    high: float
    median: float


def band(draws: ArrayLike) -> Band:
    """The one statistic that is printed: the mean over the common draws, with its 90 % band.

    Parameters
    ----------
    draws
        One number for each draw.

    Raises
    ------
    ModelError
        When there are none, when they are not in one row, or when one is not a number.

    Examples
    --------
    Rare and long outages pull the mean far above the year that is typical:

    >>> z = standard_normals(4096, 1)[:, 0]
    >>> year = band(quantiles_to_draws(z, 10, 100, 4000, kind="positive"))
    >>> round(year.median), round(year.mean / year.median, 1)
    (100, 11.8)
    """
    values = np.asarray(draws, dtype=float)
    if values.ndim != 1:
        raise ModelError(f"a band is of one row of draws, but their shape is {values.shape}")
    return bands(values[:, None])[0]


def bands(draws: ArrayLike) -> list[Band]:
    """The band of each column of draws, (draws, columns)."""
    values = np.asarray(draws, dtype=float)
    if values.ndim != 2 or not len(values) or np.isnan(values).any():
        raise ModelError(
            f"bands are of numbers in columns, but of shape {values.shape} or not numbers at all"
        )
    mean = values.mean(axis=0)
    return [Band(float(m), *quantiles(column, (0.05, 0.95, 0.5))) for m, column in zip(mean, values.T, strict=True)]


def quantiles(draws: Array, shares: Sequence[float]) -> list[float]:
    """`np.quantile` of one row of draws, to the bit and in half of the time.

    Examples
    --------
    >>> quantiles(np.array([3.0, 1.0, 2.0]), (0.5, 0.75))
    [2.0, 2.5]
    """
    places = [(len(draws) - 1) * share for share in shares]
    ends = [(int(place), min(int(place) + 1, len(draws) - 1)) for place in places]
    sorted_there = np.partition(draws, [end for pair in ends for end in pair])
    found = []
    for place, (below, above) in zip(places, ends, strict=True):
        low, high, part = float(sorted_there[below]), float(sorted_there[above]), place - below
        found.append(high - (high - low) * (1 - part) if part >= 0.5 else low + (high - low) * part)
    return found
