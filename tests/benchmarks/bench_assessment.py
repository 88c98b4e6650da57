"""A client's assessment: its downtime model, and the headline after one answer has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import cycle

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.assessment import Assessment, assess
from readiness.assessment.causes import causes_of
from readiness.assessment.easing import easings
from readiness.assessment.extreme import extreme
from readiness.assessment.history import history
from readiness.assessment.promise import journey_result
from readiness.assessment.scenarios import scenario_results
from readiness.catalog import Catalog
from readiness.engagement import Engagement

AS_OF = date(2026, 11, 23)


@pytest.fixture
def altered(catalog: Catalog, northlight: Engagement) -> Callable[[], Engagement]:
    """Northlight with one answer changed, another one each time, so that no cache has seen it."""
    every = cycle([(p.id, a.id) for p in catalog.practices.values() for a in p.answers])
    return lambda: northlight.with_answer(*next(every))


def test_bench_downtime_of_an_example_client(benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement) -> None:
    """All journeys over 4,096 draws, and over 256 of them the chance that the promise the verdict is about is broken."""
    a = assess(catalog, northlight, as_of=AS_OF)

    def downtime() -> tuple[list[np.ndarray], np.ndarray]:
        found = [journey_result(j, causes_of(catalog, northlight, a.design, j, a.values), a.values) for j in northlight.journeys]
        return [r.total for r in found], max(found, key=lambda r: r.journey.promise.slo).breach

    minutes, breach = benchmark(downtime)
    assert [m.shape for m in minutes] == [(4096,)] * len(northlight.journeys)
    assert (breach == a.main.breach).all()
    benchmark.extra_info["limit_ms"] = 60


def test_bench_headline_after_an_answer(
    benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement, altered: Callable[[], Engagement]
) -> None:
    """All that the panel of the workshop shows: verdict, downtime, breach, loss and cash."""
    assess(catalog, northlight, as_of=AS_OF)

    def headline() -> Assessment:
        return assess(catalog, altered(), as_of=AS_OF, today=northlight)

    found = benchmark(headline)
    assert found.standing.verdict.outcome
    benchmark.extra_info["limit_ms"] = 60


def test_bench_every_scenario_and_what_eases_it(benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    found = benchmark(lambda: [(r, easings(a, r)) for r in scenario_results(a) if r.applies])
    assert len(found) > 10
    benchmark.extra_info["situations"] = len(found)


def test_bench_extreme_event_and_history(benchmark: BenchmarkFixture, catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    event, told = benchmark(lambda: (extreme(a), history(a)))
    assert event.load_per_second == 1200
    assert told.backcast is not None
