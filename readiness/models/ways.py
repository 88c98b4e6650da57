"""The ways to get a service: gates before money, then cash, hours and expected loss by month, and lock-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.cost import present_factors


@dataclass(frozen=True)
class Gate:
    """One condition that a way must pass before money is looked at.

    Parameters
    ----------
    id
        What is asked: region, residency, engine version, extensions, latency, size, point of departure.
    verdict
        ``pass``, ``surcharge`` or ``block``.
    reason
        Why, in a sentence.
    change
        What would change it; needed unless the gate passes.
    surcharge_per_month
        Price of passing with a surcharge (extended support of an old engine).
    """

    id: str
    verdict: Literal["pass", "surcharge", "block"]
    reason: str = ""
    change: str = ""
    surcharge_per_month: float = 0.0

    def __post_init__(self) -> None:
        if self.verdict not in ("pass", "surcharge", "block"):
            raise ModelError(f"gate {self.id} says {self.verdict!r}; a gate passes, passes with a surcharge, or blocks")
        if self.verdict != "pass" and not (self.reason and self.change):
            raise ModelError(f"gate {self.id} does not pass: say why, and what would change it")
        if (self.surcharge_per_month > 0) != (self.verdict == "surcharge"):
            raise ModelError(f"gate {self.id}: a surcharge has a price, and nothing else has")


@dataclass(frozen=True)
class Present:
    """Cash, all together, and all together up to each month, in today's money; (draws,) twice and (draws, months)."""

    cash: Array
    economic: Array
    cumulated: Array


@dataclass(frozen=True)
class Way:
    """One way to get a service, over a horizon: self-run, managed, or staying with a tested restore.

    Parameters
    ----------
    id
        Its name.
    cash, hours, loss
        Money, hours of people and expected loss from downtime, by month; shape (draws, months) each.
    upfront_cash, upfront_hours
        One-off cost of getting there (migration, set-up, double running), in month 0; a number or one per draw.
    exit_chance, exit_cost
        Lock-in: chance of having to leave within the horizon, and what leaving costs then.
    gates
        Conditions before money.
    """

    id: str
    cash: Array
    hours: Array
    loss: Array
    upfront_cash: ArrayLike = 0.0
    upfront_hours: ArrayLike = 0.0
    exit_chance: ArrayLike = 0.0
    exit_cost: ArrayLike = 0.0
    gates: tuple[Gate, ...] = field(default=())
    _present: dict[float, tuple[ArrayLike, Present]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            columns = np.broadcast_arrays(*(np.atleast_2d(floats(c)) for c in self._columns))
        except ValueError as error:
            raise ModelError(f"way {self.id}: cash, hours and loss differ in draws or months") from error
        for name, column in zip(("cash", "hours", "loss"), columns, strict=True):
            if column.size and np.isnan(column.min()):
                raise ModelError(f"way {self.id}: {name} of some month is not a number")
            object.__setattr__(self, name, column)

    @property
    def _columns(self) -> tuple[ArrayLike, ArrayLike, ArrayLike]:
        return self.cash, self.hours, self.loss

    @property
    def blocked(self) -> tuple[Gate, ...]:
        """The gates that block; the way stays in the report, greyed, with their reasons."""
        return tuple(gate for gate in self.gates if gate.verdict == "block")

    @property
    def surcharge_per_month(self) -> float:
        """Sum of what passing its gates costs a month."""
        return sum(gate.surcharge_per_month for gate in self.gates)

    def cash_by_month(self) -> Array:
        """Money by month with surcharges, and what comes first in month 0; (draws, months), not discounted."""
        flows = self.cash + self.surcharge_per_month
        return _with_first(flows, self.upfront_cash)

    def hours_by_month(self) -> Array:
        """Hours by month with those of getting there in month 0; (draws, months)."""
        return _with_first(self.hours + 0.0, self.upfront_hours)

    def economic_by_month(self, hourly_rate: ArrayLike) -> Array:
        """Cash, hours at a loaded rate, expected loss and lock-in, summed; label it economic."""
        return self._economic(self.cash_by_month(), hourly_rate)

    def present(self, hourly_rate: ArrayLike, discount_rate_per_year: float) -> Present:
        """What it costs in today's money; kept, since one way is held against many others."""
        known = self._present.get(discount_rate_per_year)
        if known is None or known[0] is not hourly_rate:
            factor = present_factors(discount_rate_per_year, self.cash.shape[1])
            cash = self.cash_by_month()
            economic = self._economic(cash, hourly_rate)
            economic *= factor
            cash *= factor
            known = hourly_rate, Present(cash.sum(axis=1), economic.sum(axis=1), np.cumsum(economic, axis=1))
            self._present[discount_rate_per_year] = known
        return known[1]

    def _economic(self, cash: Array, hourly_rate: ArrayLike) -> Array:
        rate = _per_draw(hourly_rate)
        lock_in = lock_in_cost(self.exit_chance, self.exit_cost)
        flows = cash + self.hours_by_month() * rate + self.loss
        if lock_in.ndim and len(flows) == 1:
            flows = np.repeat(flows, len(lock_in), axis=0)
        # Leaving is paid once, and it is latest that hurts least: the last month of the horizon.
        flows[:, -1] += lock_in
        return flows


def _per_draw(values: ArrayLike) -> Array:
    array = floats(values)
    return array[:, None] if array.ndim == 1 else array


def _with_first(flows: Array, upfront: ArrayLike) -> Array:
    first = floats(upfront)
    if first.ndim == 1 and len(flows) == 1:
        flows = np.repeat(flows, len(first), axis=0)
    flows[:, 0] += first
    return flows


def lock_in_cost(exit_chance: ArrayLike, exit_cost: ArrayLike) -> Array:
    """Expected cost of being locked in: chance of having to leave times what leaving costs.

    Notes
    -----
    Gregor Hohpe, *Don't get locked up into avoiding lock-in*.

    Examples
    --------
    >>> float(lock_in_cost(0.05, 50_000))
    2500.0
    """
    chance = floats(exit_chance)
    if np.any(chance < 0) or np.any(chance > 1):
        raise ModelError("the chance to leave lies between 0 and 1")
    return np.asarray(chance * floats(exit_cost))


def portability_worth(
    exit_chance: ArrayLike, exit_cost: ArrayLike, exit_cost_if_portable: ArrayLike, portable_upfront: ArrayLike
) -> Array:
    """What staying portable saves on average, less what it costs up front; negative when it is not worth it.

    Examples
    --------
    >>> float(portability_worth(0.05, 50_000, 10_000, 8_000))
    -6000.0
    """
    saved = lock_in_cost(exit_chance, exit_cost) - lock_in_cost(exit_chance, exit_cost_if_portable)
    return np.asarray(saved - floats(portable_upfront))
