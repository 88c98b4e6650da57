"""Speed of the structure models, beside RePyability on the same structure in the same run.

``extra_info`` holds the ratio to the rival, since times differ between machines and ratios hardly do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from readiness.models import diagram as dg
from readiness.models.availability import unavailability_of_group, unavailability_over_zones
from readiness.models.diagram import All, AtLeast
from readiness.models.diagram import Any as AnyOf
from readiness.models.structure import parts_of

PARTS = 60


def sixty_parts() -> AtLeast:
    """Fifteen services of two copies each, behind zones, with one database and a quorum: much is shared."""
    zones = [f"zone {z}" for z in range(3)]
    services = [
        AnyOf(All(f"a{i}", zones[i % 3]), All(f"b{i}", zones[(i + 1) % 3]), All(f"c{i}", "database"))
        for i in range(15)
    ]
    quorum = AtLeast(4, *[All(f"q{i}", zones[i % 3]) for i in range(7)])
    chain = [f"s{i}" for i in range(PARTS - 45 - 3 - 1 - 7)]
    return All("database", *services, quorum, *chain)


def chances(structure: AtLeast, draws: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    names = sorted(set(parts_of(structure)))
    return {n: rng.uniform(1e-4, 1e-2, draws) if draws else float(rng.uniform(1e-4, 1e-2)) for n in names}


def rival(structure: AtLeast) -> tuple[dict[str, Any], str]:
    """The same expression as RePyability's fault tree."""
    gates: dict[str, Any] = {}

    def name_of(what: Any) -> str:
        if isinstance(what, dg.Part):
            return what.name
        inputs = [name_of(member) for member in what.members]
        gates[f"gate {len(gates)}"] = ("vote", len(inputs) - what.needed + 1, inputs)
        return f"gate {len(gates) - 1}"

    return gates, name_of(structure)


def seconds(call: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def build_and_evaluate(structure: AtLeast, down: dict[str, Any]) -> dg.Evaluation:
    dg.diagram_of.cache_clear()  # or only the first round would build anything
    return dg.evaluate(structure, down)


def test_sixty_parts_built_and_evaluated(benchmark: Any) -> None:
    """Budget: 3 ms."""
    tree_of = pytest.importorskip("repyability").FaultTree
    structure = sixty_parts()
    down = chances(structure)
    assert len(down) == PARTS
    gates, top = rival(structure)

    def theirs() -> Any:
        tree = tree_of(gates, down, top=top)
        return tree.top_event_probability(), tree.birnbaum_importance()

    found = benchmark(build_and_evaluate, structure, down)
    assert found.exact
    assert float(found.unavailability) == pytest.approx(float(theirs()[0]), rel=1e-10)
    ours = seconds(lambda: build_and_evaluate(structure, down))
    benchmark.extra_info.update(
        budget_ms=3.0,
        ours_ms=1e3 * ours,
        nodes=found.nodes,
        repyability_times_slower=seconds(theirs, 5) / ours,
    )


def test_sixty_parts_over_4096_draws(benchmark: Any) -> None:
    structure = sixty_parts()
    down = chances(structure, 4096)
    built = dg.diagram_of(structure)
    found = benchmark(built.evaluate, down)
    one = seconds(lambda: built.evaluate({n: q[0] for n, q in down.items()}))
    many = seconds(lambda: built.evaluate(down), 5)
    assert found.unavailability.shape == (4096,)
    benchmark.extra_info.update(draws_per_cost_of_one=4096 / (many / one))


def test_a_structure_past_the_cap(benchmark: Any) -> None:
    """What the two orders cost before the simulation says "not exact"."""
    rng = np.random.default_rng(1)
    members = [All(*[f"p{j}" for j in rng.choice(60, 4, replace=False)]) for _ in range(120)]
    structure = AtLeast(60, *members)
    down = chances(structure)
    found = benchmark.pedantic(build_and_evaluate, (structure, down), rounds=3)
    assert not found.exact
    benchmark.extra_info.update(
        relative_error=float(found.standard_error) / max(float(found.unavailability), 1e-300)
    )


def test_groups_and_zones_over_4096_draws(benchmark: Any) -> None:
    draws = np.random.default_rng(2).uniform(1e-4, 1e-2, (2, 4096))

    def both() -> object:
        group = unavailability_of_group(draws[0], needed=2, of=3, common_cause_share=0.1)
        return group, unavailability_over_zones(draws[0], draws[1], needed=10, per_zone=[5, 5, 5])

    benchmark(both)
