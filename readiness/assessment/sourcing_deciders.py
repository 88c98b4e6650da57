"""Which inputs decide between two ways, and what knowing each would be worth before deciding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.assessment.sourcing_growth import Growth
from readiness.assessment.yearly import Year
from readiness.models import Array
from readiness.models.information import bin_inputs, evppi, first_order_indices, permutation_floor

BINS = 20
OF_TIER = ("effort_hours_per_month", "cash_per_month", "migration_hours", "faults_per_year", "recovery_minutes", "failover_coverage")
OF_CLIENT = (
    "loaded_rate_per_hour", "engage_minutes", "detect_minutes", "repair_minutes", "revenue_per_hour", "lost_share", "churn_factor", "idle_staff",
    "hours_per_incident", "effort_follows_size_share", "unmeasured_headroom_factor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decider:
    """One input of a comparison.

    Parameters
    ----------
    number
        Its address.
    share
        Share of the variance of the difference that it carries by itself.
    at_low, at_high
        Mean difference where the input is in its lowest and in its highest twentieth: the ends of a tornado's bar.
    worth
        What knowing it would save on average before deciding, in money; 0 where that is no more than noise.
    """

    number: str
    share: float
    at_low: float
    at_high: float
    worth: float


def deciders(today: Year, other: Year, tier: str, difference: Array, growth: Growth) -> tuple[Decider, ...]:
    """Inputs of a comparison, the strongest first.

    Parameters
    ----------
    today, other
        The two worlds; a number that is fixed today (the client's own) is taken from the other one.
    tier
        Whose service is compared.
    difference
        Present economic cost of the other way less today's, per draw.
    growth
        Of the load.
    """
    columns: dict[str, Array] = {"growth_per_year": growth.per_year}
    for name in (*(f"{tier}.{n}" for n in OF_TIER), *OF_CLIENT):
        for world in (today, other):
            drawn = world.values[name]
            if np.ptp(drawn) > 0:
                columns[name if world is today else f"{name} (new)"] = drawn
                break
    columns = {name: drawn for name, drawn in columns.items() if np.ptp(drawn) > 0}
    if not columns or np.ptp(difference) == 0:
        return ()
    groups = bin_inputs(np.column_stack(list(columns.values())), BINS)
    shares = first_order_indices(difference, groups)
    costs = np.column_stack([np.zeros_like(difference), difference])
    worth = evppi(costs, groups)
    floor = permutation_floor(lambda cost: evppi(cost, bin_inputs(np.arange(len(cost), dtype=float), BINS)), costs, permutations=10)
    sums, sizes = groups.sums(difference)
    means = sums / sizes
    found = [
        Decider(name, float(shares[i]), float(means[i, 0]), float(means[i, -1]), float(worth[i]) if worth[i] > floor[0] else 0.0)
        for i, name in enumerate(columns)
    ]
    return tuple(sorted(found, key=lambda d: -d.share))
