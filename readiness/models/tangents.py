"""How good a plan can be at best: a bound from below, and a refinement of the plan, both by tangents."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array
from readiness.models.backlog import Backlog, Capacity, Plan, plan_of

__all__ = ["Refined", "least_total", "refine"]


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """A plan with the least total that any plan could reach.

    Parameters
    ----------
    plan
        Never worse than the one that was given.
    bound
        No plan under these inputs has a smaller total.
    """

    plan: Plan
    bound: float

    @property
    def gap(self) -> float:
        """Share of the total that a better plan could save at most."""
        return max(self.plan.total - self.bound, 0.0) / self.plan.total if self.plan.total > 0 else 0.0


class _Relaxation:
    """A linear programme: done-flags y[p, t], log of what is left u[t, r], share that is left v[t, r]."""

    def __init__(self, backlog: Backlog, capacity: Capacity, first: Iterable[int]) -> None:
        import scipy.sparse as sparse

        self.backlog = backlog
        count, horizon, risks = backlog.count, backlog.horizon, backlog.losses.shape[1]
        self.flags, self.cells = count * horizon, horizon * risks
        self.size = self.flags + 2 * self.cells
        rows: list[Any] = []
        columns: list[Any] = []
        values: list[Array] = []
        self.upper: list[float] = []

        def at_most(places: Any, weights: Any, limit: float) -> None:
            columns.append(np.asarray(places))
            values.append(np.asarray(weights, dtype=float))
            rows.append(np.full(len(columns[-1]), len(self.upper)))
            self.upper.append(limit)

        every, lead = np.arange(count), backlog.lead_quarters
        for t in range(horizon):
            if np.isfinite(hours := float(np.cumsum(capacity.hours)[t])):
                at_most(every * horizon + t, backlog.hours, hours * (1 + 1e-9))
            if np.isfinite(money := float(np.cumsum(capacity.money)[t])):
                at_most(every * horizon + t, backlog.money, money * (1 + 1e-9))
            for p in range(count):
                if t:
                    at_most([p * horizon + t - 1, p * horizon + t], [1, -1], 0)
                for q in backlog.needs[p]:
                    since = t - int(lead[q])
                    if since >= 0:
                        at_most([p * horizon + t, q * horizon + since], [1, -1], 0)
                    else:
                        at_most([p * horizon + t], [1], 0)
        for group in backlog.rivals:
            at_most([p * horizon + horizon - 1 for p in sorted(group)], np.ones(len(group)), 1)
        gates = set(first)
        for p in set(range(count)) - gates:
            for g in gates:
                for t in range(horizon):
                    at_most([p * horizon + t, g * horizon + t], [1, -1], 0)
        self.inequalities = sparse.csr_array(
            (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))),
            (len(self.upper), self.size),
        )
        # u[t, r] = sum of log(1 - e[p, r]) over what is in effect
        keeps = np.log1p(-backlog.effects)
        some, risk = np.nonzero(keeps)
        blocks = []
        for t in range(horizon):
            active = t - lead[some] >= 0
            blocks.append(
                (
                    t * risks + risk[active],
                    some[active] * horizon + t - lead[some[active]],
                    -keeps[some, risk][active],
                )
            )
        cell = np.arange(self.cells)
        blocks.append((cell, self.flags + cell, np.ones(self.cells)))
        i, j, x = (np.concatenate([block[k] for block in blocks]) for k in range(3))
        self.equalities = sparse.csr_array((x, (i, j)), (self.cells, self.size))
        running = np.zeros((count, horizon))
        for p in range(count):
            for t in range(horizon - int(lead[p])):
                running[p, t] = backlog.running_per_quarter[p] * backlog.quarters[t + lead[p]]
        self.cost = np.concatenate([running.ravel(), np.zeros(self.cells), backlog.losses.ravel()])
        lowest = np.tile(keeps.sum(axis=0), horizon)
        self.lower_bounds = np.concatenate([np.zeros(self.flags), lowest, np.zeros(self.cells)])
        self.upper_bounds = np.concatenate([np.ones(self.flags), np.zeros(self.cells), np.ones(self.cells)])
        self.touching: list[Array] = []
        for share in (0.0, 0.15, 0.35, 0.65, 1.0):
            self.touch(np.maximum(lowest * share, -6.0 * share) if share < 1 else lowest)

    def touch(self, u: Array) -> None:
        """Add the tangents of exp at these points, one for each quarter and risk."""
        self.touching.append(np.clip(u, -30.0, 0.0))

    def constraints(self) -> tuple[Any, Array]:
        """All inequalities with the tangents: exp(u0) (1 + u - u0) <= v."""
        import scipy.sparse as sparse

        u = np.concatenate(self.touching)
        rows = np.arange(len(u))
        cell = rows % self.cells
        slope = np.exp(u)
        tangents = sparse.csr_array(
            (
                np.concatenate([slope, -np.ones(len(u))]),
                (
                    np.concatenate([rows, rows]),
                    np.concatenate([self.flags + cell, self.flags + self.cells + cell]),
                ),
            ),
            (len(u), self.size),
        )
        return sparse.vstack([self.inequalities, tangents], format="csr"), np.concatenate(
            [self.upper, slope * (u - 1)]
        )

    def solve(self, *, whole: bool, options: Any) -> Any:
        """The least cost, with whole done-flags or with any between 0 and 1."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, upper = self.constraints()
        return milp(
            self.cost,
            integrality=np.repeat([int(whole), 0], [self.flags, 2 * self.cells]),
            bounds=Bounds(self.lower_bounds, self.upper_bounds),
            constraints=[
                LinearConstraint(matrix, -np.inf, upper),
                LinearConstraint(self.equalities, 0.0, 0.0),
            ],
            options=options,
        )

    def finish_quarters(self, x: Array) -> Array:
        """The quarter in which each improvement is finished, from whole done-flags; -1 for never."""
        done = x[: self.flags].reshape(self.backlog.count, -1) > 0.5
        return np.where(done.any(axis=1), done.argmax(axis=1), -1)


def least_total(backlog: Backlog, capacity: Capacity, *, rounds: int = 3) -> float:
    """A total that no plan can undercut.

    Parameters
    ----------
    rounds
        Tangents are added where the last solution touched; each round costs one linear programme.

    Notes
    -----
    What improvements leave of a risk, exp(sum of log(1 - effect)), is convex in the done-flags; its tangents
    lie below it everywhere (Kelley 1960). With flags between 0 and 1 the least of them is a linear programme,
    solved by HiGHS.

    Examples
    --------
    There is time for one of two improvements that halve a loss of 100. No order of work brings it below 50:

    >>> backlog = Backlog.of([10, 10], [[0.5], [0.5]], [[100]])
    >>> round(least_total(backlog, Capacity.of([10])), 6)
    50.0
    """
    if not backlog.count:
        return float(backlog.losses.sum())
    model = _Relaxation(backlog, capacity, ())
    best = 0.0
    for _ in range(rounds):
        result = model.solve(whole=False, options={})
        if result.status != 0:
            raise ModelError(f"the bound of the plan could not be computed: {result.message}")
        best = max(best, float(result.fun))
        model.touch(result.x[model.flags : model.flags + model.cells])
    return best


def refine(
    backlog: Backlog,
    capacity: Capacity,
    plan: Plan,
    *,
    first: Iterable[int] = (),
    seconds: float = 20.0,
    gap: float = 1e-3,
) -> Refined:
    """A better plan if there is one, with the proof of how much better any other could be.

    Parameters
    ----------
    plan
        Where to start; returned when nothing better is found.
    first
        Improvements before which no other may be finished; only such as the given plan contains.
    seconds
        Time for all rounds. Stopping by the clock is the one place where two runs may differ: for a report,
        give enough time to reach ``gap``.
    gap
        Stop when no plan can save more than this share.
    """
    gates = set(first)
    for g in list(gates):
        gates |= {int(q) for q in np.flatnonzero(backlog.closure[g])}
    if not gates <= set(plan.order):
        raise ModelError("what comes first must be in the plan to refine")
    model = _Relaxation(backlog, capacity, gates)
    effect = np.where(plan.finish_quarter >= 0, plan.effect_quarter, backlog.horizon)
    keeps = np.log1p(-backlog.effects)
    model.touch(np.concatenate([(effect <= t) @ keeps for t in range(backlog.horizon)]))
    best, bound, deadline = plan, 0.0, time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        result = model.solve(whole=True, options={"time_limit": left, "mip_rel_gap": gap / 2})
        if result.mip_dual_bound is not None and np.isfinite(result.mip_dual_bound):
            bound = max(bound, float(result.mip_dual_bound))
        if result.x is None:
            break
        found = plan_of(backlog, capacity, model.finish_quarters(result.x))
        if found.total < best.total:
            best = found
        if Refined(best, bound).gap <= gap:
            break
        # Touch where this plan is, so that it is priced exactly from now on.
        effect = np.where(found.finish_quarter >= 0, found.effect_quarter, backlog.horizon)
        exact = np.concatenate([(effect <= t) @ keeps for t in range(backlog.horizon)])
        model.touch(exact)
    return Refined(best, bound)
