"""A client's costs again after one answer; one way held against today; the whole of who should run what."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.assessment import assess
from readiness.assessment.sourcing import sourcing
from readiness.assessment.sourcing_comparing import candidates_of, compare
from readiness.assessment.sourcing_costs import costs_over_horizon
from readiness.assessment.yearly import supposed
from readiness.catalog import Catalog
from readiness.design import base_numbers, client_moves, design_of
from readiness.engagement import Engagement
from readiness.moves import apply
from readiness.practices import choices

AS_OF = date(2026, 11, 23)


@pytest.mark.parametrize("name", ["northlight", "medirow"])
def test_bench_recosting_a_client_after_one_answer(benchmark: BenchmarkFixture, catalog: Catalog, clients: dict[str, Engagement], name: str) -> None:
    """From the changed answer to cash and hours of all tiers over 36 months, 4,096 draws; the room shows it at each click."""
    engagement = clients[name]
    states = [engagement.with_answer("managed_decision", answer) for answer in ("habit", "compared")]
    turn = 0

    def again() -> float:
        nonlocal turn
        turn += 1
        e = states[turn % 2]
        design = design_of(catalog, e, as_of=AS_OF)
        values = apply(choices(catalog, e, as_of=AS_OF), base_numbers(catalog, e, design), overrides=client_moves(e))
        found = costs_over_horizon(catalog, e, design.placed, values, as_of=AS_OF)
        return float(found.cash[:, -1].mean() + found.hours[:, -1].mean())

    assert benchmark(again) > 0
    benchmark.extra_info["limit_ms"] = 25


def test_bench_costs_over_the_horizon(benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)

    def costed() -> float:
        found = costs_over_horizon(catalog, northlight, a.design.placed, a.values, as_of=AS_OF)
        return float(found.cash.mean() + found.hours.mean())

    assert benchmark(costed) > 0


def test_bench_one_way_against_today(benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    today = supposed(a, draws=a.values.draws)
    candidate = next(c for c in candidates_of(a, a.design["events"]) if c.way.id == "msk_three_zones")
    assert benchmark(compare, a, candidate, today, 36).id == "msk_three_zones"


def test_bench_who_should_run_what(benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    found = benchmark.pedantic(sourcing, args=(a,), rounds=3, warmup_rounds=1)
    assert len(found.services) == 4
