"""What the models of structure and load accept, checked where a number enters."""

from __future__ import annotations

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike


def share_of(value: ArrayLike, what: str) -> Array:
    """The value as an array of fractions, or an error that names what lies outside 0 to 1."""
    array = np.asarray(value, dtype=np.float64)
    good = (array >= 0.0) & (array <= 1.0)  # written so that NaN is refused too
    if not np.all(good):
        raise ModelError(f"{what} must lie between 0 and 1, but got {_first(array, good)}")
    return array


def at_least_zero(value: ArrayLike, what: str) -> Array:
    """The value as an array of finite numbers not below 0, or an error that names what is not."""
    array = np.asarray(value, dtype=np.float64)
    good = (array >= 0.0) & np.isfinite(array)
    if not np.all(good):
        raise ModelError(f"{what} must be a finite number not below 0, but got {_first(array, good)}")
    return array


def _first(array: Array, good: np.ndarray) -> float:
    return float(np.ravel(array)[~np.ravel(good)][0])
