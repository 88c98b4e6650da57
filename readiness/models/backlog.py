"""Improvements to choose from, the capacity to do them, and what a plan of them leaves of the loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike

__all__ = ["Backlog", "Capacity", "Plan", "plan_of"]

Integers = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Backlog:
    """Improvements with what each needs and what it does to each risk; made by `Backlog.of`."""

    hours: Array
    money: Array
    running_per_quarter: Array
    lead_quarters: Integers
    effects: Array
    losses: Array
    quarters: Array
    needs: tuple[tuple[int, ...], ...]
    rivals: tuple[frozenset[int], ...]
    closure: Bools  # [p, q]: q is p or a prerequisite of p, however far back
    depth: Integers  # prerequisites come before what needs them when sorted by depth

    @classmethod
    def of(
        cls,
        hours: ArrayLike,
        effects: ArrayLike,
        losses: ArrayLike,
        *,
        money: ArrayLike = 0.0,
        running_per_quarter: ArrayLike = 0.0,
        lead_quarters: ArrayLike = 0,
        quarters: ArrayLike = 1.0,
        needs: Sequence[Iterable[int]] = (),
        rivals: Sequence[Iterable[int]] = (),
    ) -> Backlog:
        """A checked backlog.

        Parameters
        ----------
        hours
            Work on each improvement, (improvements,).
        effects
            Share of each risk that each takes away, (improvements, risks), from 0 to below 1. Two
            improvements leave the product of what each leaves. What they do *only together* is an improvement
            of its own, with no hours, that needs both.
        losses
            Loss by risk, (quarters, risks): row t is lost while the state reached at the end of quarter t
            lasts. The last row may stand for more than one quarter, so that the plan looks beyond its end.
        money
            Paid once for each improvement.
        running_per_quarter
            Paid for each improvement from when it is in effect.
        lead_quarters
            Quarters from the end of the work to the effect: a hire, a contract, a certificate.
        quarters
            How many quarters each row of losses stands for, (quarters,); it scales the running costs.
        needs
            Prerequisites of each improvement, by place. It is finished only when these are in effect.
        rivals
            Sets of improvements of which at most one is done.

        Raises
        ------
        ModelError
            When a number is out of its range, or when prerequisites go in a circle.
        """
        work, loss = np.asarray(hours, dtype=float), np.asarray(losses, dtype=float)
        count = len(work)
        effect = np.asarray(effects, dtype=float)
        if loss.ndim != 2 or effect.shape != (count, loss.shape[1]):
            raise ModelError(
                "effects are (improvements, risks) and losses (quarters, risks), "
                f"not {effect.shape} and {loss.shape}"
            )
        cash, running = (
            np.broadcast_to(np.asarray(x, dtype=float), count) for x in (money, running_per_quarter)
        )
        lead = np.broadcast_to(np.asarray(lead_quarters, dtype=np.intp), count)
        for name, x in (
            ("hours", work),
            ("money", cash),
            ("lead time", lead),
            ("loss", loss),
            ("effect", effect),
        ):
            if x.size and not (np.isfinite(x).all() and x.min() >= 0):
                raise ModelError(
                    f"{name} must be finite and not negative, but runs from {x.min()} to {x.max()}"
                )
        if effect.size and effect.max() >= 1:
            raise ModelError("an effect takes away less than the whole of a risk, since nothing is certain")
        required = tuple(tuple(int(q) for q in group) for group in needs) or ((),) * count
        if len(required) != count:
            raise ModelError(f"{len(required)} lists of prerequisites were given for {count} improvements")
        closure, depth = _closure(required)
        return cls(
            hours=work,
            money=cash,
            running_per_quarter=running,
            lead_quarters=lead,
            effects=effect,
            losses=loss,
            quarters=np.broadcast_to(np.asarray(quarters, dtype=float), len(loss)),
            needs=required,
            rivals=tuple(frozenset(int(q) for q in group) for group in rivals),
            closure=closure,
            depth=depth,
        )

    @property
    def count(self) -> int:
        """How many improvements there are."""
        return len(self.hours)

    @property
    def horizon(self) -> int:
        """How many quarters are planned."""
        return len(self.losses)

    def in_order(self, members: Iterable[int]) -> list[int]:
        """The same improvements, prerequisites first."""
        return sorted(members, key=lambda p: (int(self.depth[p]), p))

    def cost_by_quarter(self, effect_quarter: Integers) -> tuple[Array, Array]:
        """Loss and running cost of each quarter, given from which quarter each improvement is in effect.

        Parameters
        ----------
        effect_quarter
            (improvements,) or (plans, improvements); the horizon or later for never.
        """
        keeps = np.log1p(-self.effects)
        loss = np.empty((*effect_quarter.shape[:-1], self.horizon))
        running = np.empty_like(loss)
        for t in range(self.horizon):
            done = (effect_quarter <= t).astype(float)
            loss[..., t] = np.exp(done @ keeps) @ self.losses[t]
            running[..., t] = done @ self.running_per_quarter * self.quarters[t]
        return loss, running


def _closure(needs: tuple[tuple[int, ...], ...]) -> tuple[Bools, Integers]:
    count = len(needs)
    closure = np.eye(count, dtype=bool)
    depth = np.zeros(count, dtype=np.intp)
    open_ = set(range(count))
    while open_:
        ready = [p for p in open_ if not open_.intersection(needs[p])]
        if not ready:
            raise ModelError(f"prerequisites go in a circle among improvements {sorted(open_)}")
        for p in ready:
            for q in needs[p]:
                if not 0 <= q < count:
                    raise ModelError(f"improvement {p} needs {q}, but there are only {count}")
                closure[p] |= closure[q]
                depth[p] = max(depth[p], depth[q] + 1)
        open_.difference_update(ready)
    return closure, depth


@dataclass(frozen=True, slots=True, eq=False)
class Capacity:
    """What can be spent; what one quarter leaves over, later quarters can use.

    Parameters
    ----------
    hours
        Of the team for each quarter, (quarters,). Work may begin in one quarter and end in another.
    money
        Released in each quarter, (quarters,); infinite when nobody limits it.
    """

    hours: Array
    money: Array

    @classmethod
    def of(cls, hours: ArrayLike, money: ArrayLike | None = None) -> Capacity:
        """Capacity by quarter; one sum of money is at hand from the first quarter."""
        work = np.asarray(hours, dtype=float)
        cash = np.asarray(np.inf if money is None else money, dtype=float)
        if cash.ndim == 0:
            cash = np.where(np.arange(len(work)) == 0, cash, 0.0)
        if cash.shape != work.shape or not (work >= 0).all() or not (cash >= 0).all():
            raise ModelError("hours and money are needed for each quarter and cannot be negative")
        return cls(work, cash)

    def quarter_reached(self, hours: Array, money: Array) -> Integers:
        """The quarter in which so much has become available, or the number of quarters for never."""
        # A billionth of slack, so that 4 x 0.1 h fit into 0.4 h.
        by_hours = np.searchsorted(np.cumsum(self.hours) * (1 + 1e-9), hours)
        by_money = np.searchsorted(np.cumsum(self.money) * (1 + 1e-9), money)
        return np.asarray(np.maximum(by_hours, by_money), dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Which improvement is finished when, and what that leaves of the loss.

    Parameters
    ----------
    order
        The improvements that are done, in the order of the work.
    finish_quarter, effect_quarter
        Quarter in which the work ends and from which it has effect, (improvements,), counted from 0; -1 when
        left out. An effect quarter at or beyond the horizon does nothing within the plan.
    start, finish
        The same as positions on the time axis in quarters, for a Gantt chart; NaN when left out.
    loss_by_quarter, running_by_quarter
        Loss that remains, and running cost of the improvements.
    total
        Their sum: what the planner makes small.
    without
        The loss if nothing is done.
    hours_by_quarter
        Work in each quarter.
    money
        Paid once, in all.
    """

    order: tuple[int, ...]
    finish_quarter: Integers
    effect_quarter: Integers
    start: Array
    finish: Array
    loss_by_quarter: Array
    running_by_quarter: Array
    total: float
    without: float
    hours_by_quarter: Array
    money: float

    @property
    def avoided(self) -> float:
        """Loss avoided, less running cost, over the horizon."""
        return self.without - self.total


def plan_of(backlog: Backlog, capacity: Capacity, finish_quarter: ArrayLike) -> Plan:
    """The plan that finishes each improvement in a given quarter, -1 for leaving it out.

    Raises
    ------
    ModelError
        When capacity, prerequisites or rivals forbid it.
    """
    finish = np.asarray(finish_quarter, dtype=np.intp)
    if finish.shape != (backlog.count,) or len(capacity.hours) != backlog.horizon:
        raise ModelError("a plan needs a quarter for each improvement and a capacity for each quarter")
    done = finish >= 0
    effect = np.where(done, finish + backlog.lead_quarters, -1)
    for p in np.flatnonzero(done):
        for q in backlog.needs[p]:
            if not done[q] or effect[q] > finish[p]:
                raise ModelError(f"improvement {p} is finished before {q}, which it needs, is in effect")
    for group in backlog.rivals:
        if sum(bool(done[p]) for p in group) > 1:
            raise ModelError(f"at most one of improvements {sorted(group)} can be done")
    order = sorted(
        (int(p) for p in np.flatnonzero(done)), key=lambda p: (int(finish[p]), int(backlog.depth[p]), p)
    )
    spent_hours, spent_money = np.cumsum(backlog.hours[order]), np.cumsum(backlog.money[order])
    if np.any(capacity.quarter_reached(spent_hours, spent_money) > finish[order]):
        raise ModelError("the plan needs more hours or money than there are at that time")
    loss, running = backlog.cost_by_quarter(np.where(done, effect, backlog.horizon))
    available = np.concatenate([[0.0], np.cumsum(capacity.hours)])
    worked = np.minimum(available, spent_hours[-1] if order else 0.0)
    start, end = np.full(backlog.count, np.nan), np.full(backlog.count, np.nan)
    # Where a quarter has no hours, work that ends there ended before it: strictly rising points only.
    rising = np.concatenate([[True], np.diff(available) > 0])
    points, axis = available[rising], np.arange(len(available))[rising]
    end[order] = np.interp(spent_hours, points, axis)
    start[order] = np.interp(spent_hours - backlog.hours[order], points, axis)
    # What waits for money or for a prerequisite is finished later than its hours alone would say.
    end[order] = np.maximum(end[order], finish[order])
    return Plan(
        order=tuple(order),
        finish_quarter=finish,
        effect_quarter=effect,
        start=start,
        finish=end,
        loss_by_quarter=loss,
        running_by_quarter=running,
        total=float(loss.sum() + running.sum()),
        without=float(backlog.losses.sum()),
        hours_by_quarter=np.diff(worked),
        money=float(backlog.money[done].sum()),
    )
