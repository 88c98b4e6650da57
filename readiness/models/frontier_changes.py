"""From one design to another: which single change improves it, and in which order to take the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.models.frontier_fields import FLOAT_NOISE
from readiness.models.frontier_lattice import Branch


@dataclass(frozen=True)
class Change:
    """One change of a design: its tiers, their options before and after, and what it adds (below 0: saves).

    ``~b`` stands where bundle ``b`` fills the tier.
    """

    tiers: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    cost: float
    loss: float
    hours: float


def _change(branch: Branch, design: Sequence[int], tiers: Sequence[int], after: Sequence[int]) -> Change:
    """The change of ``tiers`` to ``after``, with the difference of the unrounded sums."""
    changed = list(design)
    for t, option in zip(tiers, after, strict=True):
        changed[t] = option
    sums = branch.totals(np.array([design, changed]))
    # A difference below the noise of the sums is none: it must not look like a saving.
    deltas = [
        0.0 if abs(s[1] - s[0]) <= FLOAT_NOISE * max(abs(s[0]), abs(s[1])) else float(s[1] - s[0])
        for s in sums
    ]
    return Change(
        tuple(tiers), tuple(design[t] for t in tiers), tuple(after), deltas[0], deltas[1], deltas[2]
    )


def single_changes(branch: Branch, design: Sequence[int], *, only_better: bool = True) -> tuple[Change, ...]:
    """Which change of a single tier (or to a single bundle) improves the design, the largest gain first.

    Parameters
    ----------
    branch
        The global choice the design belongs to: ``front.branches[point.branch]``.
    design
        The option of each tier.
    only_better
        Only changes for which nothing gets worse (cost, loss, hours) and something better.

    Notes
    -----
    A tier inside a bundle cannot leave it alone: the change is then to another bundle that covers the first
    one whole.
    """
    chosen = branch.checked(design)
    changes = []
    for t, tier in enumerate(branch.lattice.tiers):
        if chosen[t] >= 0:
            changes += [_change(branch, chosen, [t], [o]) for o in range(len(tier)) if o != chosen[t]]
    for b, bundle in enumerate(branch.lattice.bundles):
        displaced = {~chosen[t] for t in bundle.tiers if chosen[t] < 0}
        whole = all(set(branch.lattice.bundles[d].tiers) <= set(bundle.tiers) for d in displaced)
        if whole and b not in displaced:
            changes.append(_change(branch, chosen, bundle.tiers, [~b] * len(bundle.tiers)))
    if only_better:
        changes = [
            c for c in changes if max(c.cost, c.loss, c.hours) <= 0 and min(c.cost, c.loss, c.hours) < 0
        ]
    return tuple(sorted(changes, key=lambda c: (c.loss, c.cost, c.hours, c.tiers, c.after)))


def steps(
    branch: Branch, from_design: Sequence[int], to_design: Sequence[int], *, to_branch: Branch | None = None
) -> tuple[Change, ...]:
    """The way from one design to another, the step with the best gain for its cost first; complete.

    Parameters
    ----------
    branch
        The global choice of ``from_design``.
    from_design, to_design
        The option of each tier.
    to_branch
        The global choice of ``to_design`` if it is another one: the move is then a single step, since a
        design never stands half in one provider and half in the other.

    Returns
    -------
    steps
        Each with its own gain and cost. Steps that save money at no loss come first, then those that buy
        availability by gain per money, and last those that give availability away, the least for the money
        first.

    Notes
    -----
    Gains and costs add up over the tiers, so greedy is the best order in the sense that no later step has a
    better gain for its cost. Tiers that enter or leave a bundle change together.

    Examples
    --------
    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> found = front([Tier([50, 100], loss_of([0.01, 0.0002])), Tier([200, 400], loss_of([0.005, 0.0005]))])
    >>> [(step.tiers, step.cost) for step in steps(found.branches[0], (0, 0), (1, 1))]
    [((0,), 50.0), ((1,), 200.0)]
    """
    start = branch.checked(from_design)
    if to_branch is not None and to_branch is not branch:
        goal = to_branch.checked(to_design)
        before, after = branch.totals(np.array([start])), to_branch.totals(np.array([goal]))
        cost, loss, hours = (float(a[0] - b[0]) for a, b in zip(after, before, strict=True))
        return (Change(tuple(range(len(start))), start, goal, cost, loss, hours),)
    goal = branch.checked(to_design)
    groups: list[set[int]] = []
    for t in range(len(start)):
        if start[t] == goal[t]:
            continue
        group = {t}
        for option in (start[t], goal[t]):
            if option < 0:
                group |= set(branch.lattice.bundles[~option].tiers)
        # Groups that share a tier become one step.
        for other in [g for g in groups if g & group]:
            groups.remove(other)
            group |= other
        groups.append(group)
    changes = [_change(branch, start, sorted(g), [goal[t] for t in sorted(g)]) for g in groups]

    def rank(change: Change) -> tuple[int, float, float, tuple[int, ...]]:
        if change.loss <= 0 and change.cost <= 0:
            return 0, change.loss, change.cost, change.tiers
        if change.loss < 0:
            return 1, change.loss / change.cost, change.cost, change.tiers
        if change.cost < 0:
            return 2, change.loss / -change.cost, change.cost, change.tiers
        return 3, change.loss, change.cost, change.tiers

    return tuple(sorted(changes, key=rank))
