"""All designs of a client: the whole space against one `assess`, against writing designs out, and one move of a slider."""

from __future__ import annotations

import itertools
import time
from datetime import date
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.assessment import Assessment, assess
from readiness.assessment.design_sums import Plan
from readiness.assessment.designs import design_space
from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.exhibits.frontier_chart import Wish, considered, tried

AS_OF = date(2026, 11, 23)
EXAMPLES = Path(__file__).parents[2] / "data" / "examples"


def client(name: str) -> Assessment:
    catalog = load_catalog()
    return assess(catalog, open_engagement(EXAMPLES / f"{name}.yaml", catalog).engagement, as_of=AS_OF)


def seconds(work: object, *given: object, **named: object) -> float:
    start = time.perf_counter()
    work(*given, **named)  # type: ignore[operator]
    return time.perf_counter() - start


@pytest.mark.parametrize("name", ["northlight", "cheerly", "medirow", "quillfield"])
def test_the_whole_space(benchmark: BenchmarkFixture, name: str) -> None:
    """Options with their numbers, fronts of all global choices, exact sums; one `assess` beside it."""
    a = client(name)
    space = benchmark(lambda: design_space(a))
    again = a.engagement.with_way(a.engagement.architecture.tiers[0].name, a.engagement.architecture.tiers[0].way)
    one = min(seconds(assess, a.catalog, again, as_of=AS_OF, today=a.engagement) for _ in range(3))
    benchmark.extra_info |= {"points": len(space.front), "branches": len(space.branches), "one_assess_seconds": one}


def test_against_writing_every_design_out(benchmark: BenchmarkFixture) -> None:
    """The same exact sums for every design of one client, without the engine."""
    a = client("northlight")
    space = benchmark(lambda: design_space(a))
    every = list(itertools.product(*(space.choices.single[t] for t in space.choices.varied)))
    some = every[:: max(1, len(every) // 2000)]
    spent = seconds(lambda: [space.sums(Plan(o)) for o in some])
    benchmark.extra_info |= {"designs": len(every), "all_written_out_seconds_estimated": spent * len(every) / len(some)}


@pytest.mark.parametrize("name", ["northlight", "medirow"])
def test_the_chapter(benchmark: BenchmarkFixture, name: str) -> None:
    """Everything the pages say: designs, answers re-scored by `assess`, practices."""
    a = client(name)
    found = benchmark.pedantic(considered, args=(a,), rounds=3)
    benchmark.extra_info["rescored"] = found.space.rescored


def test_one_move_of_a_slider(benchmark: BenchmarkFixture) -> None:
    found = considered(client("northlight"))
    limits = found.answers.limits
    budgets = itertools.cycle([limits.budget * share for share in (0.3, 0.5, 0.8, 1.0)])
    benchmark(lambda: tried(found, Wish(next(budgets), limits.hours, 0.995, limits.loss_per_minute)))
