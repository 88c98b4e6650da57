"""The frontier against RePyability and one HiGHS target, on the same instance in the same run.

Seeded instances on a fixed cost grid: prices are multiples of 10 a month, unavailabilities from 1e-2 to 3e-5,
and hours whole numbers up to 15 a month and option.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from repyability.rbd.redundancy_allocation import series_front
from scipy.optimize import Bounds, LinearConstraint, milp

from readiness.models.frontier import Front, front, loss_of, merge
from readiness.models.frontier_fields import Tier
from readiness.models.frontier_questions import best_within, cheapest_meeting, within_hours
from readiness.models.frontier_search import k_best

GRID = 10.0


def instance(tiers: int, options: int = 10, *, hours: bool = False, seed: int = 1) -> list[Tier]:
    """Dearer options fail less within a tier, as on a price list."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(tiers):
        down = -np.sort(-(10 ** -rng.uniform(2, 4.5, options)))
        cost = np.sort(rng.integers(2, 200, options)) * GRID
        found.append(Tier(cost, loss_of(down), rng.integers(0, 16, options) if hours else None))
    return found


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def everything(tiers: list[Tier]) -> Front:
    """The front with all its designs."""
    found = front(tiers, resolution=GRID, hours_resolution=1)
    found.designs()
    return found


def one_target(tiers: list[Tier], loss_max: float) -> float:
    """The cheapest design that meets one target, by HiGHS."""
    cost = np.concatenate([t.cost for t in tiers])
    loss = np.concatenate([t.loss for t in tiers])
    one_each = np.zeros((len(tiers), len(cost)))
    first = 0
    for row, tier in enumerate(tiers):
        one_each[row, first : first + len(tier)] = 1
        first += len(tier)
    rules = [LinearConstraint(one_each, 1, 1), LinearConstraint(loss[None] / loss_max, -np.inf, 1)]
    found = milp(
        cost,
        constraints=rules,
        integrality=np.ones(len(cost)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    assert found.success
    return float(found.fun)


def test_15_tiers_with_every_design_against_others(benchmark: BenchmarkFixture) -> None:
    tiers = instance(15)
    found = benchmark(everything, tiers)
    choices = [list(zip(t.cost.tolist(), (-t.loss).tolist(), strict=True)) for t in tiers]
    theirs = series_front(choices)
    assert [use[0] for use, _, _ in theirs] == found.cost.tolist()
    target = float(found.loss[len(found) // 2])
    answer = cheapest_meeting(found, target)
    assert answer is not None
    assert one_target(tiers, target * (1 + 1e-9)) == pytest.approx(answer.cost)
    ours = best_of(20, lambda: everything(tiers))
    benchmark.extra_info["points"] = len(found)
    benchmark.extra_info["repyability_times_slower"] = best_of(3, lambda: series_front(choices)) / ours
    benchmark.extra_info["one_highs_target_times_slower"] = (
        best_of(3, lambda: one_target(tiers, target)) / ours
    )


def test_30_tiers_with_every_design(benchmark: BenchmarkFixture) -> None:
    tiers = instance(30)
    benchmark.extra_info["points"] = len(benchmark(everything, tiers))


def test_30_tiers_in_cents(benchmark: BenchmarkFixture) -> None:
    """The worst case for the engine: prices without any grid."""
    rng = np.random.default_rng(2)
    tiers = [Tier(t.cost + rng.integers(0, 1000, len(t)) / 100, t.loss) for t in instance(30)]
    found = benchmark(lambda: front(tiers))
    benchmark.extra_info["points"] = len(found)


def test_three_criteria_once(benchmark: BenchmarkFixture) -> None:
    tiers = instance(15, hours=True)
    found = benchmark(lambda: front(tiers, resolution=GRID, hours_resolution=1))
    benchmark.extra_info["points"] = len(found)
    benchmark.extra_info["designs_seconds"] = best_of(3, found.designs)
    tracemalloc.start()
    everything(tiers)
    benchmark.extra_info["peak_megabytes"] = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()


def test_one_move_of_the_hours_slider(benchmark: BenchmarkFixture) -> None:
    """The front under the cap, the best design in the budget and its options."""
    found = front(instance(15, hours=True), resolution=GRID, hours_resolution=1)
    assert found.hours is not None
    cap, budget = float(np.median(found.hours)), float(np.median(found.cost))

    def move() -> None:
        within_hours(found, cap)
        best_within(found, budget, cap)

    benchmark(move)
    benchmark.extra_info["cap_alone_seconds"] = best_of(20, lambda: within_hours(found, cap))


def test_20_best_designs(benchmark: BenchmarkFixture) -> None:
    found = front(instance(15), resolution=GRID)
    budget = float(np.median(found.cost))
    assert len(benchmark(lambda: k_best(found, 20, cost_max=budget))) == 20
    benchmark.extra_info["differ_in_3_seconds"] = best_of(
        2, lambda: k_best(found, 20, cost_max=budget, differ=3)
    )


def test_merging_12_global_choices(benchmark: BenchmarkFixture) -> None:
    tiers = [instance(15, hours=True, seed=seed) for seed in range(12)]
    fronts = [front(t, resolution=GRID, hours_resolution=1) for t in tiers]
    benchmark.extra_info["points"] = len(benchmark(lambda: merge(fronts)))
