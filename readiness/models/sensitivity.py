"""What a headline hangs on: its spread by input and by answer, and the tornado."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike

__all__ = [
    "Bar",
    "Groups",
    "answer_groups",
    "bin_inputs",
    "first_order_indices",
    "spread_narrowed",
    "tornado",
    "variance_left",
    "variance_narrowed",
]


# -- groups of draws ---
@dataclass(frozen=True)
class Groups:
    """Which group each draw falls into, for each of several inputs; prepared once, used for every headline.

    Parameters
    ----------
    codes
        Group of each draw, (inputs, draws).
    count
        How many groups each input has at most.
    """

    codes: NDArray[np.intp]
    count: int

    @cached_property
    def flags(self) -> Array:
        """One where a draw falls into a group, else zero, (inputs x groups, draws): for few inputs that are looked at often."""
        cells = (self.codes[:, None, :] == np.arange(self.count)[:, None]).reshape(-1, self.codes.shape[1])
        return cells.astype(float)

    def sums(self, values: Array) -> tuple[Array, Array]:
        """Sums of values (draws,) over each group and the number of draws in it, both (inputs, groups)."""
        inputs = len(self.codes)
        place = (self.codes + np.arange(inputs)[:, None] * self.count).ravel()
        cells = inputs * self.count
        total = np.bincount(place, weights=np.tile(values, inputs), minlength=cells)
        size = np.bincount(place, minlength=cells).astype(float)
        shape = (inputs, self.count)
        return np.asarray(total.reshape(shape)), np.asarray(size.reshape(shape))


def bin_inputs(inputs: ArrayLike, bins: int = 28) -> Groups:
    """Draws of inputs, (draws,) or (draws, inputs), in bins of equal count."""
    values = np.asarray(inputs, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    draws = len(values)
    if not 2 <= bins <= draws:
        raise ModelError(f"{draws} draws do not make {bins} bins")
    codes = np.empty((values.shape[1], draws), dtype=np.intp)
    bin_of_rank = np.arange(draws) * bins // draws
    # Ties in random order: in that of the draws, a constant would explain what neighbouring points share.
    shuffled = np.random.Generator(np.random.PCG64(7)).permutation(draws)
    for column in range(values.shape[1]):
        codes[column, shuffled[np.argsort(values[shuffled, column], kind="stable")]] = bin_of_rank
    return Groups(codes, bins)


def answer_groups(chosen: ArrayLike, n_answers: int) -> Groups:
    """The answer that holds in each draw, (draws,) or (draws, practices), as groups."""
    codes = np.asarray(chosen, dtype=np.intp)
    codes = codes[:, None] if codes.ndim == 1 else codes
    if codes.size == 0 or codes.min() < 0 or codes.max() >= n_answers:
        raise ModelError(f"each draw holds one of {n_answers} answers, numbered from 0")
    return Groups(np.ascontiguousarray(codes.T), n_answers)


# -- share of the spread ---
def _between(y: ArrayLike, groups: Groups) -> tuple[Array, float]:
    """Variance of y between the groups, corrected for chance, and its whole variance."""
    values = np.asarray(y, dtype=float)
    if values.ndim != 1 or len(values) != groups.codes.shape[1] or not np.isfinite(values).all():
        raise ModelError(
            f"one finite number for each of {groups.codes.shape[1]} draws is needed, not {values.shape}"
        )
    values = values - values.mean()
    sums, sizes = groups.sums(values)
    total = float(values @ values)
    among = (sums**2 / np.maximum(sizes, 1.0)).sum(axis=1)
    free = (sizes > 0).sum(axis=1) - 1.0
    # Groups differ by chance too: each degree of freedom carries one part of the variance within.
    within = (total - among) / np.maximum(len(values) - 1.0 - free, 1.0)
    return np.clip((among - free * within) / len(values), 0.0, None), total / len(values)


def first_order_indices(y: ArrayLike, inputs: ArrayLike | Groups, bins: int = 28) -> Array:
    """Share of a headline's variance that each input carries by itself, from 0 to 1.

    Parameters
    ----------
    y
        The headline in each draw, (draws,).
    inputs
        Draws of the inputs, (draws,) or (draws, inputs), or their `bin_inputs`, prepared once.

    Notes
    -----
    Var(E[y | bin]) / Var(y) (Sobol 1993) with the analysis-of-variance correction for the number of bins. The
    outermost bins are wide, which hides about a hundredth of a normal input's share.

    Examples
    --------
    >>> from readiness.models.uncertainty import standard_normals
    >>> z = standard_normals(4096, 2)
    >>> first_order_indices(2 * z[:, 0] + z[:, 1], z).round(1).tolist()
    [0.8, 0.2]
    """
    between, total = _between(y, inputs if isinstance(inputs, Groups) else bin_inputs(inputs, bins))
    return between / total if total > 0 else np.zeros_like(between)


def variance_narrowed(y: ArrayLike, chosen: ArrayLike, n_answers: int) -> Array:
    """Variance of a headline that knowing each answer takes away in expectation, in its unit squared."""
    return _between(y, answer_groups(chosen, n_answers))[0]


def spread_narrowed(y: ArrayLike, chosen: ArrayLike, n_answers: int) -> Array:
    """How much standard deviation of a headline the answer to each practice takes away, in its unit.

    Notes
    -----
    sd - sqrt(E[Var | answer]): what orders the questions when no decision is at hand, since money is easier
    to read than its square. A 90 % band may widen with some answers; the variance cannot in expectation.

    Examples
    --------
    A loss of 10 or 30 thousand, give or take nothing, depending on one answer:

    >>> spread_narrowed([10, 30, 10, 30], [0, 1, 0, 1], 2).tolist()
    [10.0]
    """
    between, total = _between(y, answer_groups(chosen, n_answers))
    return np.sqrt(total) - np.sqrt(np.maximum(total - between, 0.0))


def variance_left(y: ArrayLike, chosen: ArrayLike, n_answers: int) -> Array:
    """Share of a headline's variance that is left after the first 0, 1, 2, ... questions of an agenda.

    Parameters
    ----------
    y
        The headline in each draw, (draws,).
    chosen
        Which answer holds in each draw, (draws, practices) in the order in which they are asked.

    Returns
    -------
    Array
        (practices + 1,), from 1 downward.

    Notes
    -----
    Additive effects of the answers by least squares, adjusted for their number; what answers do only together
    counts as left over. Conditioning on all answers at once would need more draws than there are
    combinations.
    """
    values = np.asarray(y, dtype=float)
    codes = answer_groups(chosen, n_answers).codes
    flags = [(codes == answer).T.astype(float) for answer in range(1, n_answers)]
    columns = np.stack(flags, axis=2).reshape(len(values), -1)
    columns = columns - columns.mean(axis=0)
    values = values - values.mean()
    total = float(values @ values)
    if total == 0:
        return np.ones(len(codes) + 1)
    q, r = np.linalg.qr(columns)
    # An answer that never holds, or follows from the others, has no direction of its own.
    real = np.abs(np.diag(r)) > 1e-9 * np.sqrt(len(values))
    taken = np.where(real, (q.T @ values) ** 2, 0.0).reshape(len(codes), -1).sum(axis=1)
    free = real.reshape(len(codes), -1).sum(axis=1)
    rest = np.maximum(total - np.cumsum(taken), 0.0) / np.maximum(len(values) - 1.0 - np.cumsum(free), 1.0)
    left = np.concatenate([[1.0], rest * (len(values) - 1.0) / total])
    return np.minimum.accumulate(left)


# -- tornado ---
@dataclass(frozen=True, slots=True)
class Bar:
    """The outcome with one input at its 5th and its 95th percentile and the rest at their medians."""

    name: str
    at_low: float
    at_high: float
    at_median: float

    @property
    def swing(self) -> float:
        """The length of the bar, in the unit of the outcome."""
        return abs(self.at_high - self.at_low)


def tornado(
    outcome: Callable[[Array], ArrayLike],
    names: Sequence[str],
    low: ArrayLike,
    likely: ArrayLike,
    high: ArrayLike,
) -> list[Bar]:
    """What each input does to an outcome by itself, the longest bar first.

    Parameters
    ----------
    outcome
        Takes (cases, inputs), cases in the place of draws, and returns one number for each case; called once.
    names
        Of the inputs, in the order of the columns.
    low, likely, high
        5th, 50th and 95th percentile of each input.

    Examples
    --------
    >>> bars = tornado(lambda x: x[:, 0] * x[:, 1], ["rate", "minutes"], [2, 60], [5, 200], [12, 600])
    >>> [(bar.name, bar.at_low, bar.at_high) for bar in bars]
    [('minutes', 300.0, 3000.0), ('rate', 400.0, 2400.0)]
    """
    a, m, b = (np.asarray(x, dtype=float) for x in (low, likely, high))
    inputs = len(names)
    if not a.shape == m.shape == b.shape == (inputs,):
        raise ModelError(f"low, likely and high are needed for each of {inputs} inputs")
    cases = np.tile(m, (2 * inputs + 1, 1))
    each = np.arange(inputs)
    cases[each, each], cases[inputs + each, each] = a, b
    results = np.asarray(outcome(cases), dtype=float)
    if results.shape != (2 * inputs + 1,):
        raise ModelError(
            f"the outcome must be one number for each of {2 * inputs + 1} cases, not {results.shape}"
        )
    middle = float(results[-1])
    found = [Bar(name, float(results[k]), float(results[inputs + k]), middle) for k, name in enumerate(names)]
    return sorted(found, key=lambda bar: -bar.swing)
