"""Numbers and lists of numbers become arrays where they enter a model."""

from __future__ import annotations

import numpy as np

from readiness.models import Array, ArrayLike


def floats(values: ArrayLike) -> Array:
    """The same numbers as an array of floats; a number becomes an array without dimensions."""
    return np.asarray(values, dtype=np.float64)


def beside_columns(values: ArrayLike) -> Array:
    """One number per draw gets a second axis, so that it can stand beside (draws, months) or (draws, causes)."""
    array = floats(values)
    return array[:, None] if array.ndim == 1 else array
