"""The plan at 60 improvements in 8 quarters with its bound, against integer programming and plain ranking."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.models.backlog import Backlog, Capacity, Plan
from readiness.models.margin import engineer_week_worth, ranked_by_ratio, why_left_out
from readiness.models.roadmap import best_plan, polish
from readiness.models.tangents import least_total, refine


def instance(seed: int, improvements: int, quarters: int, risks: int) -> tuple[Backlog, Capacity]:
    """Half of the work fits; each improvement touches about three risks; a third have a prerequisite."""
    rng = np.random.default_rng(seed)
    hours = rng.lognormal(3.3, 0.8, improvements).round()
    money = (rng.lognormal(7, 1, improvements) * (rng.random(improvements) < 0.5)).round()
    touched = rng.random((improvements, risks)) < 3 / risks
    backlog = Backlog.of(
        hours,
        np.where(touched, rng.beta(2, 4, (improvements, risks)), 0),
        np.tile(rng.lognormal(9, 1, risks), (quarters, 1)),
        money=money,
        lead_quarters=rng.choice([0, 0, 0, 1], improvements),
        needs=[(int(rng.integers(p)),) if p and rng.random() < 0.35 else () for p in range(improvements)],
    )
    return backlog, Capacity.of(np.full(quarters, hours.sum() / quarters / 2), money.sum() * 0.6)


def whole(backlog: Backlog, capacity: Capacity) -> tuple[Plan, float]:
    """What the report prints: the plan, polished, and the bound."""
    return polish(backlog, capacity, best_plan(backlog, capacity)), least_total(backlog, capacity)


SIZES = pytest.mark.parametrize(("improvements", "quarters", "risks"), [(20, 4, 8), (60, 8, 20)])


@SIZES
def test_plan_with_bound(benchmark: BenchmarkFixture, improvements: int, quarters: int, risks: int) -> None:
    """The figures, in per cent of what is avoided: what the bound still allows, what plain ranking loses."""
    backlog, capacity = instance(1, improvements, quarters, risks)
    plan, bound = benchmark(whole, backlog, capacity)
    assert bound <= plan.total
    usual = ranked_by_ratio(backlog, capacity)
    benchmark.extra_info["could_avoid_more_per_cent"] = round(100 * (plan.total - bound) / plan.avoided, 2)
    benchmark.extra_info["usual_ranking_loses_per_cent"] = round(100 * (1 - usual.avoided / plan.avoided), 2)


@SIZES
def test_plan_alone(benchmark: BenchmarkFixture, improvements: int, quarters: int, risks: int) -> None:
    """The lawful plan without polish."""
    backlog, capacity = instance(1, improvements, quarters, risks)
    plan = benchmark(best_plan, backlog, capacity)
    polished = polish(backlog, capacity, plan)
    benchmark.extra_info["polish_adds_per_cent"] = round(100 * (polished.avoided / plan.avoided - 1), 2)


def test_worth_of_a_week_and_reasons(benchmark: BenchmarkFixture) -> None:
    """What the report says beside the plan."""
    backlog, capacity = instance(1, 60, 8, 20)
    plan, _ = whole(backlog, capacity)

    def beside() -> float:
        assert why_left_out(backlog, capacity, plan)
        return engineer_week_worth(backlog, capacity, plan)

    assert benchmark(beside) >= 0


@pytest.mark.parametrize(("improvements", "quarters", "risks", "seconds"), [(20, 4, 8, 10), (60, 8, 20, 15)])
def test_refined_by_integer_programming(
    benchmark: BenchmarkFixture, improvements: int, quarters: int, risks: int, seconds: float
) -> None:
    """The figures: what the plan loses against the refined one, and how near the proof comes."""
    backlog, capacity = instance(1, improvements, quarters, risks)
    plan, _ = whole(backlog, capacity)
    refined = benchmark.pedantic(refine, (backlog, capacity, plan), {"seconds": seconds}, rounds=1)
    loses = 1 - plan.avoided / refined.plan.avoided
    benchmark.extra_info["plan_loses_per_cent"] = round(100 * loses, 2)
    benchmark.extra_info["proved_gap_per_cent"] = round(100 * refined.gap, 2)
