"""Every usable worked case of ``cases/availability.yaml``, each by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from readiness.models import availability, load
from readiness.models.diagram import All, AtLeast, Part, Structure, evaluate
from readiness.models.diagram import Any as AnyOf

HELD = YAML(typ="safe").load((Path(__file__).parent / "cases" / "availability.yaml").read_text("utf-8"))


def down(values: list[float]) -> list[float]:
    return [1.0 - a for a in values]


def structure_of(written: Any) -> Structure:
    if isinstance(written, str):
        return Part(written)
    return AtLeast(written["needed"], *map(structure_of, written["members"]))


def simple_paths(
    edges: list[list[str]], at: str, target: str, seen: tuple[str, ...] = ()
) -> Iterator[list[str]]:
    if at == target:
        yield []
        return
    for one, other in edges:
        for here, there in ((one, other), (other, one)):
            if here == at and there not in (*seen, at):
                for rest in simple_paths(edges, there, target, (*seen, at)):
                    yield [f"{one}-{other}", *rest]


def network(case: dict[str, Any]) -> float:
    """Up while some path has all its links: the same link stands in many paths."""
    paths = simple_paths(case["edges"], case["source"], case["target"])
    structure = AnyOf(*[All(*path) for path in paths])
    found = evaluate(structure, {f"{a}-{b}": 1 - case["availability"] for a, b in case["edges"]})
    assert found.exact
    return 1 - float(found.unavailability)


def failover(case: dict[str, Any], *, exact: bool) -> float:
    rest = {name: value for name, value in case.items() if name != "mean_days_between_failures"}
    failures = 365 / case["mean_days_between_failures"]
    return float(availability.unavailability_with_failover(failures_per_year=failures, exact=exact, **rest))


def group(case: dict[str, Any]) -> float:
    unavailable = 1 - case["availability"]
    return float(availability.unavailability_of_group(unavailable, needed=case["needed"], of=case["of"]))


def without_divisor(case: dict[str, Any]) -> float:
    """The entry leaves out the divisor by which a group of one stays the part itself."""
    share, q = case["common_cause_share"], case["unavailability"]
    alone = availability.unavailability_of_group((1 - share) * q, needed=case["needed"], of=case["of"])
    ours = availability.unavailability_of_group(
        q, needed=case["needed"], of=case["of"], common_cause_share=share
    )
    found = float(availability.series(share * q, alone))
    # Ours is a little worse, by no more than the divisor can do.
    assert found < float(ours) < found * (1 + 2 * share * q)
    return 1 - found


def staffing(case: dict[str, Any]) -> float:
    assert int(load.servers_by_square_root(case["offered"], case["comfort"])) == case["servers"]
    return float(load.chance_of_waiting(case["servers"], case["offered"]))


def minutes_from_events(case: dict[str, Any]) -> float:
    unavailable = availability.unavailability_with_switching(
        0.0,
        active_failures_per_year=case["events_per_year"],
        share_lost=1.0,
        coverage=0.0,
        switch_minutes=0.0,
        manual_minutes=case["minutes"],
    )
    return float(availability.minutes_per_year(unavailable))


RUNS: dict[str, Callable[[dict[str, Any]], float]] = {
    "series": lambda c: 1 - float(availability.series(*down(c["availability"]))),
    "series_minutes": lambda c: (
        float(availability.minutes_per_year(availability.series(*down(c["availability"])))) * c["days"] / 365
    ),
    "group": lambda c: 1 - group(c),
    "group_seconds_per_year": lambda c: 60 * float(availability.minutes_per_year(group(c))),
    "k_of_n": lambda c: 1 - float(availability.unavailability_k_of_n(down(c["availability"]), c["needed"])),
    "k_of_n_failing": lambda c: float(availability.unavailability_k_of_n(c["unavailability"], c["needed"])),
    "common_cause_without_divisor": without_divisor,
    "failover_chain": lambda c: failover(c, exact=True),
    "failover_minutes": lambda c: float(availability.minutes_per_year(failover(c, exact=False))),
    "static_stability": lambda c: availability.instances_for_static_stability(c["needed"], c["zones"]),
    "minutes_from_events": minutes_from_events,
    "structure": lambda c: (
        1 - float(evaluate(structure_of(c), {n: 1 - a for n, a in c["availability"].items()}).unavailability)
    ),
    "structure_failing": lambda c: float(evaluate(structure_of(c), c["unavailability"]).unavailability),
    "network": network,
    "chance_of_waiting": lambda c: float(load.chance_of_waiting(**c)),
    "service_level": lambda c: float(load.service_level(**c)),
    "square_root_staffing": staffing,
}


@pytest.mark.parametrize("case", HELD["cases"], ids=lambda case: case["id"])
def test_a_worked_case_comes_out_as_its_source_says(case: dict[str, Any]) -> None:
    found = RUNS[case["run"]](case["inputs"])
    # A tolerance of 0 in the source means "exactly, as a whole number": floats get twelve digits.
    assert found == pytest.approx(case["expected"], rel=1e-12, abs=case["tolerance"])


def test_every_sum_is_used_and_every_refused_case_says_why() -> None:
    assert {case["run"] for case in HELD["cases"]} == set(RUNS)
    assert all(refused["reason"] for refused in HELD["unusable"])
    ids = [case["id"] for case in HELD["cases"] + HELD["unusable"]]
    assert len(ids) == len(set(ids))
