"""The common draws: standard normals that fill the space evenly, one column for each uncertain input."""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike

__all__ = ["in_one_team", "standard_normal", "standard_normals", "uniforms"]

_BITS = 32
_MOST_COLUMNS = 2000
# Columns whose points are made together when one of them is asked for, and rows: fewer are the beginning of these.
_TOGETHER = 32
_ROWS = 4096

# Dimensions of Joe and Kuo's table whose first 4096 points are, under one of 24 scramblings, correlated by 8
# % or more with those of an earlier dimension (the worst by 22 %; of plain random numbers 1.6 % is usual and
# 7 % the worst of 20,000 pairs). Passing over them leaves 200 columns without such a pair under the default
# seed, and with a few under others.
_PASSED_OVER = frozenset((
    64, 66, 108, 119, 127, 129, 130, 131, 133, 134, 135, 145, 146, 148, 152, 154, 159, 160, 164, 166,
    167, 168, 170, 172, 173, 174, 176, 177, 180, 183, 186, 188, 190, 192, 193, 194, 195, 201, 202, 203,
    204, 205, 206, 207, 210, 213, 214, 215, 216, 217, 218, 219, 221, 222, 224, 225, 226, 228, 229, 230,
    231, 232, 233, 234, 235, 236, 237, 239, 240, 241, 242, 243, 244, 245, 247, 248, 249, 252, 255, 256,
    257, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 270, 271, 272, 273, 274, 276, 277, 279, 281,
    282, 283, 284, 285, 286, 287, 288, 289, 290, 292, 294, 295, 298, 299, 300, 301, 302, 303, 304, 305,
    306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 319, 320, 321, 322, 323, 325, 326, 327,
    328, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 342, 343, 344, 345, 347, 348, 351, 352, 353,
    354, 355, 357, 359, 360, 361, 362, 363, 364, 365, 366, 367, 368, 369, 371, 372, 373, 374, 376, 377,
    379, 380, 381, 382, 383, 384, 385,
))  # fmt: skip


def standard_normal(draws: int, column: int, *, seed: int = 20260101) -> Array:
    """One column of `standard_normals`, (draws,), made with a few of its neighbours when it is first asked for.

    Examples
    --------
    >>> bool((standard_normal(8, 2) == standard_normals(8, 3)[:, 2]).all())
    True
    """
    _check(draws, column + 1)
    return _column(max(draws, _ROWS), column, seed)[:draws]


@lru_cache(maxsize=_MOST_COLUMNS)
def _column(draws: int, column: int, seed: int) -> Array:
    return _as_normals(_neighbours(draws, column // _TOGETHER, seed)[column % _TOGETHER])


@lru_cache(maxsize=256)
def _neighbours(draws: int, place: int, seed: int) -> NDArray[np.uint32]:
    return _points(draws, range(place * _TOGETHER, (place + 1) * _TOGETHER), seed)


def standard_normals(draws: int, columns: int, *, seed: int = 20260101) -> Array:
    """Standard normal draws that fill the space evenly, one column for each uncertain input.

    Parameters
    ----------
    draws
        How many draws; a power of two, since Sobol points are balanced only then. 4096 is the usual choice.
    columns
        How many inputs.
    seed
        Of the scrambling. Each column has a stream of its own, so column j holds the same numbers however
        many columns are asked for, and the first 256 rows are the same whether 256 or 4096 draws are.

    Returns
    -------
    Array
        Shape (draws, columns), read-only, each column contiguous.

    Raises
    ------
    ModelError
        When draws is not a power of two up to 2**20, or there are more than 2000 columns.

    Notes
    -----
    Sobol points with the direction numbers of Joe and Kuo (2008), scrambled column by column with a random
    lower triangular matrix and a digital shift (Matousek 1998), then put through the normal quantile. The
    scrambling that scipy ships draws one stream over all columns, so that one more input changes the numbers
    of all the others.

    Examples
    --------
    Adding a third input leaves the draws of the first two as they were:

    >>> bool((standard_normals(8, 3)[:, :2] == standard_normals(8, 2)).all())
    True
    """
    _check(draws, columns)
    return _as_normals(_points(draws, range(columns), seed)).T


def _check(draws: int, columns: int) -> None:
    if draws < 1 or draws & (draws - 1) or draws > 2**20:
        raise ModelError(f"{draws} draws were asked for, but Sobol draws come in powers of two up to 2**20")
    if not 0 <= columns <= _MOST_COLUMNS:
        raise ModelError(f"{columns} columns were asked for, but there can be none and up to {_MOST_COLUMNS}")


def _as_normals(points: NDArray[np.uint32]) -> Array:
    normals: Array = ndtri((points + 0.5) / 2.0**_BITS)
    normals.flags.writeable = False
    return normals


def _points(draws: int, columns: range, seed: int) -> NDArray[np.uint32]:
    """Scrambled Sobol points as whole numbers, (columns, draws)."""
    directions = _direction_numbers(_dimensions(columns.stop)[columns.start :], draws.bit_length() - 1)
    rows = np.empty((len(columns), _BITS), dtype=np.uint32)
    shift = np.empty(len(columns), dtype=np.uint32)
    for row, column in enumerate(columns):
        # Raw bits of PCG64 are promised to stay the same between NumPy releases; those of Generator are not.
        stream = np.random.PCG64(np.random.SeedSequence([seed, column])).random_raw(_BITS + 1) >> 32
        rows[row], shift[row] = stream[:_BITS], stream[_BITS]
    place = np.uint32(1) << np.arange(_BITS - 1, -1, -1, dtype=np.uint32)
    # Digit i of the scrambled number may depend on digits 0..i only, and always on digit i: that keeps the
    # net a net.
    above = ~(place - np.uint32(1)) & ~place
    rows = (rows & above) | place
    parity = np.bitwise_count(rows[:, :, None] & directions[:, None, :]) & np.uint8(1)
    scrambled = (parity.astype(np.uint32) * place[None, :, None]).sum(axis=1, dtype=np.uint32)
    points = np.empty((len(columns), draws), dtype=np.uint32)
    points[:, 0] = shift
    for k in range(scrambled.shape[1]):
        points[:, 1 << k : 2 << k] = points[:, : 1 << k] ^ scrambled[:, k : k + 1]
    return points


def _dimensions(columns: int) -> list[int]:
    """The dimensions of the Sobol sequence which the first columns use."""
    return [d for d in range(columns + len(_PASSED_OVER)) if d not in _PASSED_OVER][:columns]


def _direction_numbers(dimensions: list[int], digits: int) -> NDArray[np.uint32]:
    """The first ``digits`` direction numbers of each dimension, as 32-bit integers."""
    table = _joe_kuo_table()
    if table is None:
        return _direction_numbers_of_qmc(dimensions, digits)
    polynomials, starts = table
    out = np.empty((len(dimensions), digits), dtype=np.uint32)
    for row, dimension in enumerate(dimensions):
        polynomial = int(polynomials[dimension])
        degree = polynomial.bit_length() - 1
        v = [int(x) for x in starts[dimension, :degree]] if dimension else [1] * digits
        for j in range(len(v), digits):
            new = v[j - degree]
            for k in range(1, degree + 1):
                if polynomial >> (degree - k) & 1:
                    new ^= v[j - k] << k
            v.append(new)
        out[row] = [v[j] << (_BITS - 1 - j) for j in range(digits)]
    return out


@lru_cache(maxsize=1)
def _joe_kuo_table() -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Joe and Kuo's table as scipy ships it, read as a file: importing scipy.stats for it costs a second."""
    spec = importlib.util.find_spec("scipy")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0], "stats", "_sobol_direction_numbers.npz")
    try:
        with np.load(path, allow_pickle=False) as table:
            return table["poly"], table["vinit"]
    except (OSError, KeyError, ValueError):
        return None  # another release of scipy may keep it elsewhere; its public class knows it, only slower


def _direction_numbers_of_qmc(dimensions: list[int], digits: int) -> NDArray[np.uint32]:
    """The same from scipy's public class: in Gray code order, point 2**(k+1) - 1 is direction number k."""
    from scipy.stats import qmc

    if not dimensions or not digits:
        return np.empty((len(dimensions), digits), dtype=np.uint32)
    points = qmc.Sobol(max(dimensions) + 1, scramble=False, bits=_BITS).random(2**digits)
    corners = points[2 ** np.arange(1, digits + 1) - 1][:, dimensions]
    return np.ascontiguousarray((corners * 2.0**_BITS).astype(np.uint32).T)


def uniforms(z: Array) -> Array:
    """Standard normal draws as uniform ones, for instance to choose between the answers of a practice."""
    out: Array = ndtr(z)
    return out


def in_one_team(z: ArrayLike, common: ArrayLike, correlation: float) -> Array:
    """Normal draws which share a common one: efforts of one team are mostly underestimated together.

    Parameters
    ----------
    z
        Draws of each effort, (draws,) or (draws, efforts).
    common
        Draws of what the team has in common, (draws,).
    correlation
        Of any two efforts, from 0 to 1.
    """
    if not 0 <= correlation <= 1:
        raise ModelError(f"a correlation within a team lies between 0 and 1, not at {correlation}")
    z, common = np.asarray(z, dtype=float), np.asarray(common, dtype=float)
    shared = common if z.ndim == 1 else common[:, None]
    return np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * z
