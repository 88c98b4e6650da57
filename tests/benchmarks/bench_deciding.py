"""How fast: what decides, what to ask next, the plan with its bound, and the light year behind them against the whole assessment."""

from __future__ import annotations

import time
from datetime import date

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.assessment import Assessment, assess
from readiness.assessment.asking import asking, order
from readiness.assessment.deciding import deciding
from readiness.assessment.effects import Measured, effects_of
from readiness.assessment.improvements import candidates
from readiness.assessment.plan import roadmap
from readiness.assessment.yearly import supposed
from readiness.catalog import Catalog
from readiness.engagement import Engagement

AS_OF = date(2026, 11, 23)


@pytest.fixture(params=["northlight", "cheerly", "medirow", "quillfield"])
def a(request: pytest.FixtureRequest, catalog: Catalog, clients: dict[str, Engagement]) -> Assessment:
    return assess(catalog, clients[request.param], as_of=AS_OF)


def seconds(call: object) -> float:
    began = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - began


def test_light_year_against_whole_assessment(benchmark: BenchmarkFixture, a: Assessment) -> None:
    """The figure: how many light years fit into one assessment."""
    whole = min(seconds(lambda: assess(a.catalog, a.engagement, as_of=AS_OF, today=a.engagement)) for _ in range(3))
    benchmark(supposed, a)
    benchmark.extra_info["assessments_in_ms"] = round(whole * 1000)
    benchmark.extra_info["times_faster"] = round(whole / benchmark.stats.stats.min, 1)


def test_what_decides_the_loss(benchmark: BenchmarkFixture, a: Assessment) -> None:
    assert benchmark(deciding, a).inputs


def test_order_of_questions(benchmark: BenchmarkFixture, a: Assessment) -> None:
    """At most a second in the background."""
    assert benchmark.pedantic(order, (a,), rounds=3)


def test_order_with_nothing_asked(benchmark: BenchmarkFixture, a: Assessment) -> None:
    unasked = assess(a.catalog, a.engagement.model_copy(update={"answers": {}}), as_of=AS_OF)
    assert benchmark.pedantic(order, (unasked,), rounds=3)


def test_asking_with_agendas(benchmark: BenchmarkFixture, a: Assessment) -> None:
    assert benchmark.pedantic(asking, (a,), rounds=2).questions


def test_plan_cold(benchmark: BenchmarkFixture, a: Assessment) -> None:
    """The whole: candidates, single effects, pairs, schedule, bound, and an assessment for each quarter."""
    r = benchmark.pedantic(roadmap, (a,), rounds=2)
    benchmark.extra_info["candidates"] = r.candidates_looked_at
    benchmark.extra_info["steps"] = len(r.steps)
    benchmark.extra_info["could_avoid_more_per_cent"] = round(100 * (r.could_avoid_more or 0), 2)
    benchmark.extra_info["planner_off_joint_per_cent"] = round(100 * abs(r.planned_effect / r.joint_effect - 1), 2)


def test_plan_beyond_its_assessments(benchmark: BenchmarkFixture, a: Assessment) -> None:
    """The schedule alone, once every combination has been assessed (the assessments of the quarters are in it)."""
    measured = Measured(a, candidates(a))
    effects_of(measured)
    benchmark.pedantic(roadmap, (a,), {"measured": measured}, rounds=2)
