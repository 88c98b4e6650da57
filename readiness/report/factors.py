"""The printed means as products that stay true when a price or a rate is changed; what the spreadsheet's formulas are made of.

The mean of a product is not the product of the means. Each product therefore carries one more, frozen factor: the mean
of the product over the common draws, divided by the product of the means. With it the formula gives the printed number
exactly, and goes on being exact when a number is changed in proportion: twice the hourly rate is twice each of its draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from readiness.assessment import Assessment
from readiness.assessment.causes import CauseDraws
from readiness.assessment.money import Amount
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.errors import ModelError
from readiness.models import Array

DAYS_PER_YEAR = 365
# Names that a product may use and that are sums of others: each has a cell of its own in the spreadsheet.
DERIVED = ("bill", "daily_bill", "incidents", "exit_hours_of_design", "delay_share", "hours_down", "credits_of_tables")


def together(draws: Array, factors: Sequence[float]) -> float:
    """The mean of a product over the product of the means of its factors; 0 where one of these is 0.

    Parameters
    ----------
    draws
        The product, one for each draw.
    factors
        Mean of each factor.

    Raises
    ------
    ModelError
        When a product is something although a factor is nothing.

    Examples
    --------
    Outages of 1 and 3 hours, and the longer one comes when an hour costs more: means alone say 2 x 20 = 40, but

    >>> hours, cost = np.array([1.0, 3.0]), np.array([10.0, 30.0])
    >>> together(hours * cost, [2.0, 20.0]) * 2 * 20
    50.0
    """
    mean, product = float(np.mean(draws)), float(np.prod(factors))
    if product == 0:
        if abs(mean) > 1e-9:
            raise ModelError(f"a product has the mean {mean:g} although one of its factors is nothing")
        return 0.0
    return mean / product


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One cause as a product of three means and a frozen factor; bad minutes count with ``weight``."""

    id: str
    title: str
    group: str
    journeys: str
    rate: float
    reach: float
    minutes: float
    together: float
    weight: float
    bad_minutes: float
    works_on: bool


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line of a year as ``times`` the product of numbers by name; ``not x`` is one minus a share."""

    amount: Amount
    factors: tuple[str, ...]
    times: float
    together: float


class Products:
    """All products of one assessment.

    Parameters
    ----------
    a
        The assessment; nothing is reckoned anew, only put into factors.
    """

    def __init__(self, a: Assessment) -> None:
        self.a = a

    @cached_property
    def causes(self) -> tuple[CauseLine, ...]:
        """Each cause, once for all journeys in which it is the same."""
        a = self.a
        last = {c.id: number for number, r in enumerate(a.journeys) for c in r.causes}
        found: dict[tuple[str, float, float, float], CauseLine] = {}
        for number, (weight, result) in enumerate(zip(a.weights, a.journeys, strict=True)):
            for place, c in enumerate(result.causes):
                rate, reach, minutes = (float(np.mean(x)) for x in (c.rate, c.reach, c.minutes))
                bad = result.bad_minutes[:, place]
                key = (c.id, rate, reach, minutes)
                before = found.get(key)
                # The last journey in which a cause stands decides its work on incidents, as in the sum itself.
                works = (before.works_on if before else False) or (last[c.id] == number and c.woken and not c.planned)
                found[key] = CauseLine(
                    c.id, c.title, c.group, ", ".join(filter(None, (before.journeys if before else "", result.journey.name))), rate, reach, minutes,
                    together(bad, (rate, reach, minutes)), weight + (before.weight if before else 0.0),
                    float(bad.mean()) * weight + (before.bad_minutes if before else 0.0), works,
                )  # fmt: skip
        return tuple(sorted(found.values(), key=lambda line: -line.bad_minutes))

    @cached_property
    def capped(self) -> float:
        """What is left of the sum of all causes because a year has only so many minutes; 1 nearly always."""
        total = sum(line.bad_minutes for line in self.causes)
        return float(self.a.bad_minutes_weighted.mean()) / total if total else 1.0

    @cached_property
    def derived(self) -> Mapping[str, Array]:
        """Draws of the names in ``DERIVED``, as in the sums themselves."""
        a, values = self.a, self.a.values
        zeros = np.zeros(values.draws)
        bill = sum((x.per_year for x in a.amounts if x.id in self._tier_cash), zeros) / MONTHS_PER_YEAR
        causes: dict[str, CauseDraws] = {c.id: c for r in a.journeys for c in r.causes}
        return {
            "bill": bill,
            "daily_bill": bill * MONTHS_PER_YEAR / DAYS_PER_YEAR,
            "incidents": sum((c.rate for c in causes.values() if c.woken and not c.planned), zeros),
            "exit_hours_of_design": sum((values[f"{p.tier.name}.exit_hours"] for p in a.design.placed), zeros),
            "delay_share": values["contract_delay_months"] / MONTHS_PER_YEAR,
            "hours_down": a.bad_minutes_weighted / 60,
            "credits_of_tables": zeros + sum(r.credits_per_year for r in a.journeys),
        }

    @cached_property
    def _tier_cash(self) -> frozenset[str]:
        return frozenset(f"{p.tier.name}_cash" for p in self.a.design.placed)

    def draws_of(self, name: str) -> Array:
        """Draws of a factor: a number of the vocabulary, a derived one, or one minus a share."""
        if name.startswith("not "):
            return np.asarray(1.0 - self.draws_of(name[4:]))
        return self.derived[name] if name in self.derived else self.a.values[name]

    def mean_of(self, name: str) -> float:
        """Mean of a factor over the common draws."""
        return float(np.mean(self.draws_of(name)))

    @cached_property
    def lines(self) -> tuple[MoneyLine, ...]:
        """Each line of cash, hours and loss as a product."""
        found = []
        for amount in self.a.amounts:
            factors, times = self._factors(amount)
            product = np.prod([self.draws_of(n) for n in factors], axis=0) * times
            if not np.allclose(product.mean(), amount.per_year.mean(), rtol=1e-9, atol=1e-9):
                raise ModelError(f'the line "{amount.id}" is not the product of {", ".join(factors)}')
            found.append(MoneyLine(amount, factors, times, together(amount.per_year, [times, *(self.mean_of(n) for n in factors)])))
        return tuple(found)

    def _factors(self, amount: Amount) -> tuple[tuple[str, ...], float]:
        fixed = _OF_DOWNTIME.get(amount.id)
        if fixed:
            return fixed, 1.0
        line = next((x for x in self.a.catalog.lines if x.id == amount.id), None)
        if line is not None:
            return line.product, float(MONTHS_PER_YEAR if line.per == "month" else 1)
        if not amount.inputs:
            # What only a bill or a contract says is made of nothing else.
            return (), float(amount.per_year.mean())
        return amount.inputs, float(MONTHS_PER_YEAR)

    @cached_property
    def hours_at_rate(self) -> Mapping[str, float]:
        """Hours a year of each line, weighted by the hourly rate: times the mean rate they give the mean cost."""
        rate = self.a.values["loaded_rate_per_hour"]
        return {x.id: at_rate(x.per_year, rate) for x in self.a.amounts if x.column == "hours"}


_OF_DOWNTIME: Mapping[str, tuple[str, ...]] = {
    "lost_revenue": ("hours_down", "revenue_per_hour", "peak_factor", "lost_share"),
    "churn": ("hours_down", "revenue_per_hour", "peak_factor", "churn_factor"),
    "idle": ("hours_down", "idle_staff", "loaded_rate_per_hour"),
    "sla_credits_owed": ("credits_of_tables", "credit_factor"),
}


def at_rate(hours: Array, rate: Array) -> float:
    """Mean hours weighted by the rate, so that times the mean rate they are the mean cost of the hours."""
    mean = float(np.mean(rate))
    return float(np.mean(hours * rate)) / mean if mean else 0.0


def at_rates(hours: Array, rate: Array) -> list[float]:
    """The same for hours by month, (draws, months)."""
    mean = float(np.mean(rate))
    return [float(x) / mean for x in np.mean(hours * rate[:, None], axis=0)] if mean else [0.0] * hours.shape[1]


