"""Structures with repeated parts against every state added up, RePyability, and simulation."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import prod
from typing import Any as Anything

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import diagram as dg
from readiness.models.availability import unavailability_of_group, unavailability_over_zones
from readiness.models.diagram import All, Any, AtLeast, Part, Structure, evaluate
from readiness.models.structure import flatten, parts_of, pulled_together, small_first

NAMES = "abcdefg"
BRIDGE = Any(All("1", "4"), All("2", "5"), All("1", "3", "5"), All("2", "3", "4"))


def structures() -> st.SearchStrategy[Structure]:
    """Expressions over few names, so that parts repeat."""

    def gates(children: st.SearchStrategy[Structure]) -> st.SearchStrategy[Structure]:
        members = st.lists(children, min_size=1, max_size=4)
        return members.flatmap(lambda m: st.integers(1, len(m)).map(lambda k: AtLeast(k, *m)))

    return st.recursive(st.sampled_from(NAMES).map(Part), gates, max_leaves=14)


def works(structure: Structure, up: dict[str, bool]) -> bool:
    """What the expression says, read aloud."""
    if isinstance(structure, Part):
        return up[structure.name]
    return sum(works(member, up) for member in structure.members) >= structure.needed


def exact_down(structure: Structure, down: dict[str, Fraction]) -> Fraction:
    total, names = Fraction(0), list(down)
    for state in itertools.product((True, False), repeat=len(names)):
        up = dict(zip(names, state, strict=True))
        if not works(structure, up):
            total += prod((1 - down[n]) if up[n] else down[n] for n in names)
    return total


def chances(structure: Structure, seed: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    return {n: float(10 ** rng.uniform(-7, -0.3)) for n in sorted(set(parts_of(structure)))}


@given(structure=structures(), seed=st.integers(0, 1000))
@settings(max_examples=50)
def test_any_expression_agrees_with_all_its_states_added_up(structure: Structure, seed: int) -> None:
    down = chances(structure, seed)
    found = evaluate(structure, down)
    exact = exact_down(structure, {n: Fraction(q) for n, q in down.items()})
    assert found.exact
    assert float(found.standard_error) == 0.0
    assert float(found.unavailability) == pytest.approx(float(exact), rel=1e-12)


@given(structure=structures(), seed=st.integers(0, 1000))
@settings(max_examples=30)
def test_importance_is_the_difference_that_a_part_makes(structure: Structure, seed: int) -> None:
    down = chances(structure, seed)
    found = evaluate(structure, down)
    fractions = {n: Fraction(q) for n, q in down.items()}
    saved = found.minutes_saved_if_perfect()
    for name in down:
        failed = exact_down(structure, {**fractions, name: Fraction(1)})
        perfect = exact_down(structure, {**fractions, name: Fraction(0)})
        assert float(found.birnbaum[name]) == pytest.approx(float(failed - perfect), rel=1e-9, abs=1e-15)
        without = float(evaluate(structure, {**down, name: 0.0}).unavailability)
        gain = (float(found.unavailability) - without) * 525_600
        assert float(saved[name]) == pytest.approx(gain, rel=1e-6, abs=1e-8)


def as_fault_tree(structure: Structure) -> tuple[dict[str, tuple[Anything, ...]], str]:
    """The same expression in RePyability's words: gates of failures."""
    gates: dict[str, tuple[Anything, ...]] = {}

    def name_of(what: Structure) -> str:
        if isinstance(what, Part):
            return what.name
        inputs = []
        for member in what.members:  # it refuses the same input twice: give the copy a gate of its own
            inner = name_of(member)
            if inner in inputs:
                gates[f"again {len(gates)}"] = ("or", [inner])
                inner = f"again {len(gates) - 1}"
            inputs.append(inner)
        gates[f"gate {len(gates)}"] = ("vote", len(inputs) - what.needed + 1, inputs)
        return f"gate {len(gates) - 1}"

    top = name_of(structure)
    if not gates:
        gates, top = {"top": ("or", [top])}, "top"
    return gates, top


@given(structure=structures(), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)  # the first import of RePyability takes two seconds
def test_any_expression_agrees_with_repyability(structure: Structure, seed: int) -> None:
    tree_of = pytest.importorskip("repyability").FaultTree
    down = chances(structure, seed)
    gates, top = as_fault_tree(structure)
    tree = tree_of(gates, down, top=top)
    found = evaluate(structure, down)
    assert float(found.unavailability) == pytest.approx(float(tree.top_event_probability()), rel=1e-11)
    for name, importance in tree.birnbaum_importance().items():
        assert float(found.birnbaum[name]) == pytest.approx(float(importance), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("hours", [1.0, 30.0])
def test_the_frequency_of_outages_of_a_bridge_agrees_with_repyability(hours: float) -> None:
    surv, rep = pytest.importorskip("surpyval"), pytest.importorskip("repyability")
    rates = {"1": 3.0, "2": 12.0, "3": 6.0, "4": 1.0, "5": 24.0}
    edges = [("s", "1"), ("s", "2"), ("1", "4"), ("2", "5"), ("1", "3"), ("3", "5"), ("4", "t"), ("5", "t")]
    # A block diagram has a direction: the bridge's middle is used one way only here.
    one_way = Any(All("1", "4"), All("2", "5"), All("1", "3", "5"))
    repair = surv.Exponential.from_params([8760 / hours])
    parts = {
        name: {"reliability": surv.Exponential.from_params([rate]), "repairability": repair}
        for name, rate in rates.items()
    }
    block = rep.RepairableRBD(edges, parts)
    down = {name: rate * hours / 8760 / (1 + rate * hours / 8760) for name, rate in rates.items()}
    found = evaluate(one_way, down).outages(rates)
    assert float(found.unavailability) == pytest.approx(block.mean_unavailability(), rel=1e-9)
    assert float(found.per_year) == pytest.approx(block.system_failure_frequency(), rel=1e-9)
    assert float(found.mean_minutes) == pytest.approx(block.mean_down_time() * 525_600, rel=1e-9)


def test_a_bridge_has_its_textbook_reliability() -> None:
    found = evaluate(BRIDGE, dict.fromkeys("12345", 0.1))
    assert 1 - float(found.unavailability) == pytest.approx(0.97848, abs=1e-12)


def test_a_shared_database_counts_once() -> None:
    down = {"web": 0.01, "api": 0.02, "database": 0.03}
    twice = All(All("web", "database"), All("api", "database"))
    found = float(evaluate(twice, down).unavailability)
    assert found == pytest.approx(1 - 0.99 * 0.98 * 0.97, rel=1e-12)
    # Two regions on one database are no better than the database.
    regions = Any(All("web", "database"), All("api", "database"))
    assert float(evaluate(regions, down).unavailability) == pytest.approx(1 - 0.97 * (1 - 0.0002), rel=1e-12)


@pytest.mark.parametrize("per_zone", [[5, 5, 5], [8, 7], [2, 2, 1]])
def test_instances_in_zones_agree_with_the_convolution(per_zone: list[int]) -> None:
    needed = sum(per_zone) * 2 // 3
    members = [All(f"zone {z}", f"{z}.{i}") for z, count in enumerate(per_zone) for i in range(count)]
    down = {name: 0.0005 if "zone" in name else 0.005 for member in members for name in parts_of(member)}
    found = evaluate(AtLeast(needed, *members), down)
    expected = unavailability_over_zones(0.005, 0.0005, needed=needed, per_zone=per_zone)
    assert float(found.unavailability) == pytest.approx(float(expected), rel=1e-12)


@given(part=st.floats(1e-9, 0.9), of=st.integers(1, 12), data=st.data())
def test_like_parts_are_a_group(part: float, of: int, data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, of))
    names = [f"part {i}" for i in range(of)]
    found = evaluate(AtLeast(needed, *names), dict.fromkeys(names, part))
    group = unavailability_of_group(part, needed=needed, of=of)
    assert float(found.unavailability) == pytest.approx(float(group), rel=1e-11)


@given(structure=structures(), seed=st.integers(0, 100), worse=st.sampled_from(NAMES))
@settings(max_examples=40)
def test_a_worse_part_never_helps_and_no_part_has_a_negative_importance(
    structure: Structure, seed: int, worse: str
) -> None:
    down = chances(structure, seed)
    found = evaluate(structure, down)
    assert 0.0 <= float(found.unavailability) <= 1.0
    assert all(float(b) >= -1e-15 for b in found.birnbaum.values())
    if worse in down:
        hurt = evaluate(structure, {**down, worse: min(1.0, 2 * down[worse])})
        assert float(hurt.unavailability) >= float(found.unavailability) * (1 - 1e-12)


@given(structure=structures(), seed=st.integers(0, 100))
@settings(max_examples=40)
def test_saying_a_thing_twice_changes_nothing(structure: Structure, seed: int) -> None:
    down = chances(structure, seed)
    once = float(evaluate(structure, down).unavailability)
    for twice in (All(structure, structure), Any(structure, structure), All(structure), Any(structure)):
        assert float(evaluate(twice, down).unavailability) == once
    # Absorption: a or (a and b) is a.
    absorbed = Any(structure, All(structure, "extra"))
    assert float(evaluate(absorbed, {**down, "extra": 0.3}).unavailability) == pytest.approx(once, rel=1e-12)


@given(structure=structures())
@settings(max_examples=40)
def test_reordering_and_flattening_keep_the_meaning(structure: Structure) -> None:
    names = sorted(set(parts_of(structure)))
    for state in itertools.product((True, False), repeat=len(names)):
        up = dict(zip(names, state, strict=True))
        for other in (flatten(structure), small_first(structure)):
            assert works(other, {**up}) == works(structure, up)
    assert sorted(pulled_together(structure, names)) == names


def test_all_of_all_and_any_of_any_are_taken_apart() -> None:
    assert flatten(All("a", All("b", All("c", "a")))) == All("a", "b", "c")
    assert flatten(Any("a", Any("b", "a"), All("c"))) == Any("a", "b", "c")
    assert flatten(All("a", Any("b", "c"))) == All("a", Any("b", "c"))
    assert flatten(AtLeast(2, "a", "a", "b")) == AtLeast(2, "a", "a", "b")  # two votes are two votes


def test_draws_come_through_one_by_one_and_the_same_input_gives_the_same_bits() -> None:
    rng = np.random.default_rng(1)
    down: dict[str, Anything] = {name: rng.uniform(0, 0.3, 50) for name in "1234"} | {"5": 0.1}
    found = evaluate(BRIDGE, down)
    again = evaluate(BRIDGE, down)
    assert found.unavailability.shape == (50,)
    assert np.array_equal(found.unavailability, again.unavailability)
    for i in (0, 25, 49):
        one = evaluate(BRIDGE, {n: q if n == "5" else q[i] for n, q in down.items()})
        assert float(one.unavailability) == pytest.approx(float(found.unavailability[i]), rel=1e-14)
        for name in down:
            here = np.broadcast_to(found.birnbaum[name], (50,))[i]
            assert float(one.birnbaum[name]) == pytest.approx(float(here), rel=1e-12)


# ------------------------------------------------------------------------------- orders, caps, simulation


def test_a_bad_order_is_met_with_a_better_one() -> None:
    """The first order lists all a's before all b's, where the diagram doubles with each pair."""
    chain = [Any(f"a{i}", f"a{i + 1}") for i in range(19)]
    structure = All(*chain, *[Any(f"a{i}", f"b{i}") for i in range(20)])
    first = tuple(dict.fromkeys(parts_of(small_first(flatten(structure)))))
    built = dg.diagram_of(structure, node_cap=5_000)
    assert built.nodes is not None
    assert built.names != first
    with pytest.raises(dg._TooBigError):
        dg._build(flatten(structure), first, 5_000)


def too_big(parts: int = 12) -> AtLeast:
    members = [All(f"p{i}", Any(f"p{(i + 3) % parts}", f"p{(i + 5) % parts}")) for i in range(parts)]
    return AtLeast(parts - 3, *members)


def test_a_structure_past_the_cap_is_simulated_and_says_so() -> None:
    structure = too_big()
    down = {f"p{i}": q for i, q in enumerate(np.linspace(0.001, 0.05, 12))}
    exact = evaluate(structure, down)
    rough = evaluate(structure, down, node_cap=10)
    assert exact.exact
    assert not rough.exact
    assert 0 < float(rough.standard_error) < 0.1 * float(exact.unavailability)
    assert abs(float(rough.unavailability - exact.unavailability)) < 4.5 * float(rough.standard_error)
    for name in down:
        assert float(rough.birnbaum[name]) == pytest.approx(float(exact.birnbaum[name]), rel=0.2, abs=2e-4)
    rates = dict.fromkeys(down, 4.0)
    assert float(rough.outages(rates).per_year) == pytest.approx(
        float(exact.outages(rates).per_year), rel=0.1
    )


def test_the_error_bar_covers_the_truth_as_often_as_it_says() -> None:
    structure, down = too_big(), {f"p{i}": 0.01 for i in range(12)}
    exact = float(evaluate(structure, down).unavailability)
    runs = [evaluate(structure, down, node_cap=10, samples=2_000, seed=seed) for seed in range(100)]
    off = [(float(run.unavailability) - exact) / float(run.standard_error) for run in runs]
    # 95 of 100 expected within 1.96; strata make the bar a little wide, never too narrow.
    assert sum(abs(z) < 1.96 for z in off) >= 89
    assert abs(np.mean(off)) < 4.5 / np.sqrt(len(off))


def test_rare_outages_are_met_by_simulation_too() -> None:
    """Six nines: plain sampling would see nothing in 40,000 tries."""
    names = [f"p{i}" for i in range(6)]
    structure = AtLeast(4, *names)
    down = {name: np.array([1e-3, 2e-3]) for name in names}
    exact, rough = evaluate(structure, down), evaluate(structure, down, node_cap=1)
    assert float(exact.unavailability[0]) < 1e-7
    assert not rough.exact
    assert np.all(np.abs(rough.unavailability - exact.unavailability) < 4.5 * rough.standard_error)
    assert np.all(rough.standard_error < 0.2 * exact.unavailability)


def test_an_outage_that_no_sample_saw_is_not_called_impossible() -> None:
    names = [f"p{i}" for i in range(30)]
    rough = evaluate(Any(*names), dict.fromkeys(names, 1e-9), node_cap=1, samples=1_000)
    assert float(rough.unavailability) == 0.0
    assert float(rough.standard_error) > 1e-4


def test_simulation_takes_parts_that_always_or_never_work() -> None:
    down = {f"p{i}": 0.01 for i in range(12)} | {"p0": 0.0, "p1": 1.0}
    exact, rough = evaluate(too_big(), down), evaluate(too_big(), down, node_cap=1)
    assert abs(float(rough.unavailability - exact.unavailability)) < 4.5 * float(rough.standard_error)


def test_a_very_long_chain_and_a_very_deep_one_are_no_trouble() -> None:
    names = [f"part {i}" for i in range(2_000)]
    found = evaluate(All(*names), dict.fromkeys(names, 1e-6))
    assert found.exact
    assert float(found.unavailability) == pytest.approx(-np.expm1(2_000 * np.log1p(-1e-6)), rel=1e-12)
    deep: Structure = Part("last")
    for i in range(60):
        deep = Any(All(deep, f"x{i}"), f"y{i}")
    assert evaluate(deep, dict.fromkeys(set(parts_of(deep)), 0.1)).exact


# ------------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: All(), "got 0 of 0"),
        (lambda: AtLeast(3, "a", "b"), "got 3 of 2"),
        (lambda: evaluate(All("web", "db"), {"web": 0.1}), "no unavailability was given for the part 'db'"),
        (lambda: evaluate(All("web"), {"web": 0.1, "wbe": 0.1}), "no part 'wbe'; did you mean \"web\""),
        (lambda: evaluate(All("web"), {"web": 1.1}), "the unavailability of web must lie between 0 and 1"),
        (lambda: evaluate(All("web"), {"web": 0.1}).outages({"wbe": 1}), "did you mean"),
        (lambda: evaluate(All("web"), {"web": 0.1}).outages({"web": -1}), "failures per year of web"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(call: Anything, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        call()
