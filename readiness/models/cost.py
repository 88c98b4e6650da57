"""What a design costs over time: units in steps, use with free tiers, people's hours, month by month."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.labour import (
    loaded_hourly_rate,
    on_call_cost_per_month,
    on_call_people,
    people_short,
    rota_minimum,
)
from readiness.models.prices import (
    CreditedCash,
    commitment_break_even,
    committed_cost,
    concurrency,
    credited_cash,
    kafka_cross_zone_traffic,
    marginal_pool_cost,
    paid_of_list,
    retained_gigabytes,
    stored_amount,
    tiered_cost,
    unused_commitment,
    use_cost,
)

__all__ = [
    "CostCurves",
    "CostLines",
    "CreditedCash",
    "commitment_break_even",
    "committed_cost",
    "concurrency",
    "cost_curves",
    "credited_cash",
    "failed_change_cost_per_year",
    "kafka_cross_zone_traffic",
    "load_in_month",
    "loaded_hourly_rate",
    "marginal_pool_cost",
    "monthly_rate",
    "npv",
    "on_call_cost_per_month",
    "on_call_people",
    "paid_of_list",
    "payback_years",
    "people_short",
    "present_factors",
    "retained_gigabytes",
    "rota_minimum",
    "stored_amount",
    "tiered_cost",
    "units",
    "unused_commitment",
    "use_cost",
]

BLOCK = 2048


def units(
    load: ArrayLike, capacity_per_unit: ArrayLike, *, target_utilisation: ArrayLike = 1.0, minimum: ArrayLike = 1
) -> Array:
    """Units that carry a load: a step function, never below what high availability needs.

    Parameters
    ----------
    load, capacity_per_unit
        In the same unit, such as requests per second.
    target_utilisation
        Share of a unit's capacity that is used at most, above 0, at most 1.
    minimum
        Fewest units, for redundancy; 0 for a service that scales to nothing.

    Notes
    -----
    ``max(minimum, ceil(load / (capacity x target)))``. A load that fills its units to the last part in 1e9 needs no
    further one: 0.1 + 0.2 must not buy a server.

    Examples
    --------
    >>> units([90, 100, 101], 50, minimum=2).tolist()
    [2.0, 2.0, 3.0]
    """
    capacity = floats(capacity_per_unit) * floats(target_utilisation)
    if np.any(capacity <= 0) or np.any(floats(target_utilisation) > 1):
        raise ModelError("a unit carries something, and at most all of its capacity is used")
    return np.asarray(np.maximum(np.ceil(floats(load) / capacity * (1 - 1e-9)), floats(minimum)))


def load_in_month(load_now: ArrayLike, growth_per_year: ArrayLike, month: ArrayLike) -> Array:
    """Load after some months of steady growth; month 0 is now.

    Examples
    --------
    Three times as much in a year is how much after six months?

    >>> round(float(load_in_month(100, 2.0, 6)), 1)
    173.2
    """
    growth = floats(growth_per_year)
    if np.any(growth <= -1):
        raise ModelError("a load cannot shrink by all of itself or more")
    return np.asarray(floats(load_now) * (1 + growth) ** (floats(month) / 12))


def monthly_rate(rate_per_year: ArrayLike) -> Array:
    """Monthly discount rate with the same effect over a year: ``(1 + r)^(1/12) - 1``, not r / 12."""
    rate = floats(rate_per_year)
    if np.any(rate <= -1):
        raise ModelError("a discount rate is above -1")
    return np.asarray(np.expm1(np.log1p(rate) / 12))


def present_factors(rate_per_year: ArrayLike, months: int) -> Array:
    """What one unit of money of each month is worth today; the first month counts in full.

    Returns
    -------
    array
        Shape (months,), or (draws, months) for a rate per draw.
    """
    rate = monthly_rate(rate_per_year)
    return np.asarray((1 + rate[..., None]) ** -np.arange(months, dtype=float))


def npv(flows_per_month: ArrayLike, rate_per_year: ArrayLike) -> Array:
    """Present value of monthly flows, the first of which is today's and not discounted.

    Parameters
    ----------
    flows_per_month
        Shape (months,) or (draws, months).
    rate_per_year
        Discount rate a year, as a fraction.

    Notes
    -----
    ``sum_t flow_t / (1 + m)^t`` from t = 0 with ``m = (1 + r)^(1/12) - 1``. A spreadsheet's NPV discounts the first
    flow too, and so understates everything by one month.

    Examples
    --------
    Pay 100 now, and 110 in a year, at 10 %:

    >>> flows = [100.0] + 11 * [0.0] + [110.0]
    >>> round(float(npv(flows, 0.10)), 6)
    200.0
    """
    flows = floats(flows_per_month)
    return np.asarray((flows * present_factors(rate_per_year, flows.shape[-1])).sum(axis=-1))


@dataclass(frozen=True)
class CostLines:
    """What the services of a design cost; every field broadcasts to (draws, services).

    Parameters
    ----------
    load
        Load of each service now, in its own unit.
    growth_per_year
        Growth of the load a year, as a fraction.
    capacity
        Load that one unit carries at its target utilisation; infinite for a service that is paid per use.
    minimum_units
        Fewest units; 0 for a service that is paid per use.
    price_per_unit
        Price of a unit a month; managed or raw machine, list or contracted.
    price_per_load
        Price a month of one unit of load: use, transfer.
    fixed_per_month
        Licences, support plan, on-call pay, storage.
    hours_per_month, hours_per_unit
        Hours of people a month, and further ones for each unit.
    """

    load: ArrayLike
    growth_per_year: ArrayLike = 0.0
    capacity: ArrayLike = np.inf
    minimum_units: ArrayLike = 0.0
    price_per_unit: ArrayLike = 0.0
    price_per_load: ArrayLike = 0.0
    fixed_per_month: ArrayLike = 0.0
    hours_per_month: ArrayLike = 0.0
    hours_per_unit: ArrayLike = 0.0

    def broadcast(self) -> dict[str, Array]:
        """The fields by name, each of shape (draws, services)."""
        names = [line.name for line in fields(self)]
        arrays = [floats(getattr(self, name)) for name in names]
        if any(array.ndim > 2 for array in arrays):
            raise ModelError("cost lines have shape (draws, services)")
        for name, array in zip(names, arrays, strict=True):
            if np.any(np.isnan(array)) or (name != "growth_per_year" and np.any(array < 0)):
                raise ModelError(f"{name} of a cost line is a number and not negative")
        if np.any(arrays[2] <= 0) or np.any(arrays[1] <= -1):
            raise ModelError("a unit carries something, and a load does not shrink by all of itself")
        try:
            full = np.broadcast_arrays(*arrays)
        except ValueError as error:
            raise ModelError(f"draws or services differ in number: {error}") from error
        return {name: np.atleast_2d(array) for name, array in zip(names, full, strict=True)}


@dataclass(frozen=True)
class CostCurves:
    """Cash and hours by month, summed over services, shape (draws, months); two columns that are never added silently."""

    cash: Array
    hours: Array

    def economic(self, hourly_rate: ArrayLike) -> Array:
        """Cash plus hours at a loaded rate (a number or one per draw): label it as economic, hours are not cash."""
        rate = floats(hourly_rate)
        return np.asarray(self.cash + self.hours * (rate[:, None] if rate.ndim else rate))


def cost_curves(lines: CostLines, months: int) -> CostCurves:
    """Cash and hours of a design, month by month from now on.

    Parameters
    ----------
    lines
        The services of the design.
    months
        Length of the horizon; month 0 is the first.

    Notes
    -----
    ``cash_t = fixed + load_t price + units_t price_per_unit``, ``hours_t = hours + units_t hours_per_unit`` with
    ``units_t = max(minimum, ceil(load_t / capacity))``. Computed over blocks of draws that fit the processor's cache,
    with services as the leading axis inside a block, so that no array of draws x services x months is ever made.

    Examples
    --------
    A service at 80 of 100 per unit doubles every year; when does the second unit come?

    >>> curves = cost_curves(CostLines(load=80, growth_per_year=1.0, capacity=100, price_per_unit=50), months=6)
    >>> curves.cash[0].tolist()
    [50.0, 50.0, 50.0, 50.0, 100.0, 100.0]
    """
    if months < 1:
        raise ModelError("a horizon has at least one month")
    full = lines.broadcast()
    draws, _services = full["load"].shape
    cash, hours = np.empty((months, draws)), np.empty((months, draws))
    in_steps = bool(np.any(np.isfinite(full["capacity"])) or np.any(full["minimum_units"] > 0))
    hours_in_steps = in_steps and bool(np.any(full["hours_per_unit"] > 0))
    by_load = bool(np.any(full["price_per_load"] > 0))
    for first in range(0, draws, BLOCK):
        part = slice(first, min(first + BLOCK, draws))
        block = {name: np.ascontiguousarray(array[part].T) for name, array in full.items()}
        # The load is carried in units of a unit's capacity: one division for the whole horizon.
        filled = block["load"] / block["capacity"] * (1 - 1e-9)
        factor = np.exp(np.log1p(block["growth_per_year"]) / 12)
        load = block["load"].copy() if by_load else block["load"]
        step = np.empty_like(filled)
        fixed, hours_fixed = block["fixed_per_month"].sum(axis=0), block["hours_per_month"].sum(axis=0)
        for month in range(months):
            if month:
                filled *= factor
                if by_load:
                    load *= factor
            cash[month, part] = fixed
            hours[month, part] = hours_fixed
            if in_steps:
                np.ceil(filled, out=step)
                np.maximum(step, block["minimum_units"], out=step)
                cash[month, part] += np.einsum("sd,sd->d", step, block["price_per_unit"])
                if hours_in_steps:
                    hours[month, part] += np.einsum("sd,sd->d", step, block["hours_per_unit"])
            if by_load:
                cash[month, part] += np.einsum("sd,sd->d", load, block["price_per_load"])
    return CostCurves(cash=cash.T, hours=hours.T)


def failed_change_cost_per_year(
    deploys_per_year: ArrayLike, change_failure_rate: ArrayLike, restore_hours: ArrayLike, cost_per_hour: ArrayLike
) -> Array:
    """Cost of failed changes a year: the DORA product.

    Notes
    -----
    Deploys x change-failure rate x hours to restore x cost of an hour (DORA, *The ROI of DevOps transformation*, 2020).
    An upper end: it takes each failed change for a full outage, which it is not.

    Examples
    --------
    >>> float(failed_change_cost_per_year(52, 0.15, 4, 2000))
    62400.0
    """
    return np.asarray(
        floats(deploys_per_year) * floats(change_failure_rate) * floats(restore_hours) * floats(cost_per_hour)
    )


def payback_years(investment: ArrayLike, saved_per_year: ArrayLike) -> Array:
    """Years until a saving has paid for its investment (both in money, or both in hours); infinite when it never does.

    Examples
    --------
    22.5 hours of scripting spare 160 minutes on each of 42 deploys a year:

    >>> round(float(payback_years(22.5, 42 * 160 / 60)), 3)
    0.201
    """
    spent, saved = np.broadcast_arrays(floats(investment), floats(saved_per_year))
    years = np.full(spent.shape, np.inf)
    np.divide(spent, saved, out=years, where=saved > 0)
    return np.where(spent <= 0, 0.0, years)

