"""What knowing more is worth before deciding: everything, one input, or the answer to one question."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.sensitivity import (
    Bar,
    Groups,
    answer_groups,
    bin_inputs,
    first_order_indices,
    spread_narrowed,
    tornado,
    variance_left,
    variance_narrowed,
)

__all__ = [
    "Bar",
    "Groups",
    "answer_groups",
    "bin_inputs",
    "evpi",
    "evppi",
    "first_order_indices",
    "permutation_floor",
    "spread_narrowed",
    "tornado",
    "value_apart",
    "variance_left",
    "variance_narrowed",
]


def _costs(cost: ArrayLike) -> Array:
    costs = np.asarray(cost, dtype=float)
    if costs.ndim != 2 or not costs.size or not np.isfinite(costs).all():
        raise ModelError(f"costs are finite numbers of shape (draws, decisions), not of shape {costs.shape}")
    return costs


def evpi(cost: ArrayLike) -> float:
    """Expected value of perfect information: what knowing everything would save, in the unit of the cost.

    Parameters
    ----------
    cost
        Cost of each decision in each draw, (draws, decisions).

    Notes
    -----
    EVPI = min_j E[C_j] - E[min_j C_j] (Raiffa and Schlaifer 1961).

    Examples
    --------
    Managed costs 10 for sure, self-run 4 or 20, as likely as not. Decide now: managed, 10. With a crystal
    ball: 7.

    >>> evpi([[10, 4], [10, 20]])
    3.0
    """
    costs = _costs(cost)
    return max(float(costs.mean(axis=0).min() - costs.min(axis=1).mean()), 0.0)


def evppi(cost: ArrayLike, inputs: ArrayLike | Groups, bins: int = 28) -> Array:
    """What knowing one input exactly would save before deciding, for each input, in the unit of the cost.

    Parameters
    ----------
    cost
        Cost of each decision in each draw, (draws, decisions).
    inputs
        Draws of the inputs, (draws,) or (draws, inputs), or their `bin_inputs`, prepared once; for questions their `answer_groups`.
    bins
        24 to 32 are enough for 4096 draws: more bins see more of a bend but also more noise.

    Returns
    -------
    Array
        One value for each input, biased upward by noise: values up to `permutation_floor` are nothing.

    Notes
    -----
    E over bins of min_j E[C_j | bin], on the common draws, so that no model is run again (Strong and Oakley
    2013).

    Examples
    --------
    The effort decides, the price does not:

    >>> from readiness.models.uncertainty import standard_normals
    >>> effort, price = standard_normals(4096, 2).T
    >>> saved = evppi(np.column_stack([0 * effort, effort + 0.01 * price]), np.column_stack([effort, price]))
    >>> saved.round(1).tolist()
    [0.4, 0.0]

    If backups are restorable (answer 1, half of all clients) staying costs 2, else 12; moving costs 6 either
    way. Unasked one moves for 6. Asked, one stays in half of the cases: 4. The question is worth 2.

    >>> evppi([[2, 6], [12, 6]], answer_groups([1, 0], 2)).tolist()
    [2.0]
    """
    costs, groups = _costs(cost), inputs if isinstance(inputs, Groups) else bin_inputs(inputs, bins)
    # Against the first decision: the same value, with far fewer digits lost when costs are large and alike.
    costs = costs - costs[:, :1]
    best = np.zeros_like(groups.sums(costs[:, 0])[0])
    for decision in range(1, costs.shape[1]):
        np.minimum(best, groups.sums(costs[:, decision])[0], out=best)
    return np.asarray(np.maximum(costs.mean(axis=0).min() - best.sum(axis=1) / len(costs), 0.0))


def value_apart(nets: ArrayLike, groups: Groups) -> Array:
    """What knowing one input exactly would save over many steps, each of which is taken or left on its own.

    Parameters
    ----------
    nets
        What each step costs less what it saves, in each draw, (draws, steps).
    groups
        The inputs as `bin_inputs` or `answer_groups`, prepared once.

    Returns
    -------
    Array
        One value for each input: the sum of `evppi` of [leave it, take it] over the steps.

    Examples
    --------
    Two steps, each worth 4 or costing 2, as one answer says; knowing it spares the loss of each:

    >>> value_apart([[2, -4], [-4, 2]], answer_groups([0, 1], 2)).tolist()
    [2.0]
    """
    costs = _costs(nets)
    taken = np.minimum(groups.flags @ costs, 0.0).reshape(len(groups.codes), groups.count, -1).sum(axis=1)
    return np.asarray(np.maximum(np.minimum(costs.mean(axis=0), 0.0) - taken / len(costs), 0.0).sum(axis=1))


def permutation_floor(
    measure: Callable[[Array], Array], values: ArrayLike, *, permutations: int = 20, seed: int = 20260101
) -> Array:
    """The largest value that a measure finds where there is nothing to find: smaller ones are noise.

    Parameters
    ----------
    measure
        For instance ``lambda cost: evppi(cost, bins)``.
    values
        The costs or the headline; their rows are shuffled, so that they have nothing to do with any input.
    permutations
        With 20, a useless input passes about one time in twenty.

    Returns
    -------
    Array
        One floor for each input. Bins of equal count all have the same, so that one column is enough for
        them.
    """
    rows = np.asarray(values, dtype=float)
    stream = np.random.Generator(np.random.PCG64(seed))
    found = [measure(rows[stream.permutation(len(rows))]) for _ in range(permutations)]
    floor: Array = np.max(np.stack(found), axis=0)
    return floor
