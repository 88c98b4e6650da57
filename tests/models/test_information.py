"""Values of information against closed forms, brute force over answers and nested Monte Carlo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from readiness.errors import ModelError
from readiness.models.information import (
    answer_groups,
    bin_inputs,
    evpi,
    evppi,
    permutation_floor,
    value_apart,
)
from readiness.models.uncertainty import choose, quantiles_to_draws, standard_normals, uniforms


def _normal_loss(mean: float, sd: float) -> float:
    """What knowing a normal difference between two decisions is worth: sd phi(m/sd) - |m| Phi(-|m|/sd)."""
    return float(sd * norm.pdf(mean / sd) - abs(mean) * norm.cdf(-abs(mean) / sd))


# --- two decisions whose costs are normal: all is known in closed form (Raiffa and Schlaifer 1961) ---
@pytest.mark.parametrize("mean", [0.0, 0.5, -1.5])
@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (2.0, 0.5), (0.3, 1.0)])
def test_two_normal_decisions_have_the_values_of_the_closed_form(mean: float, a: float, b: float) -> None:
    z = standard_normals(16384, 3)
    cost = np.column_stack([100 + 0 * z[:, 0], 100 + mean + a * z[:, 0] + b * z[:, 1]])
    assert evpi(cost) == pytest.approx(_normal_loss(mean, float(np.hypot(a, b))), abs=0.01)
    found = evppi(cost, z, bins=32)
    assert found[:2] == pytest.approx([_normal_loss(mean, a), _normal_loss(mean, b)], abs=0.015)
    assert found[2] == pytest.approx(0, abs=0.01)


def test_evppi_of_a_skewed_decision_agrees_with_nested_monte_carlo() -> None:
    def costs(load: np.ndarray, hours: np.ndarray, price: np.ndarray) -> np.ndarray:
        managed = 400 + 3.0 * load * price
        self_run = 90 * hours + load * price
        shed = 900 + 0 * load
        return np.stack(np.broadcast_arrays(managed, self_run, shed), axis=-1)

    z = standard_normals(4096, 3)
    ranges = [(20, 100, 300), (2, 6, 30), (0.5, 1, 1.5)]
    inputs = [quantiles_to_draws(z[:, k], *r, kind="positive") for k, r in enumerate(ranges)]
    binned = evppi(costs(*inputs), np.column_stack(inputs))
    outer, inner = standard_normals(512, 1, seed=11)[:, 0], standard_normals(1024, 3, seed=12)
    best = costs(*inputs).mean(axis=0).min()
    for k, known in enumerate(ranges):
        rest = [quantiles_to_draws(inner[:, j], *r, kind="positive") for j, r in enumerate(ranges)]
        at = quantiles_to_draws(outer, *known, kind="positive")
        args = [at[:, None] if j == k else rest[j][None, :] for j in range(3)]
        nested = costs(*args).mean(axis=1)
        reference = best - nested.min(axis=1).mean()
        assert binned[k] == pytest.approx(reference, abs=0.02 * best)


# --- the answer to one question ---
def test_the_value_of_an_answer_by_hand() -> None:
    # Answers 0, 1, 2 in 2, 1, 1 of 4 draws. Unasked: decision A costs 5, B 6. Asked: min(14, 4) + min(4, 10)
    # + min(2, 10).
    cost = [[7, 2], [7, 2], [4, 10], [2, 10]]
    assert evppi(cost, answer_groups([0, 0, 1, 2], 3))[0] == pytest.approx(5 - (4 + 4 + 2) / 4)


def test_several_practices_at_once_are_the_same_as_one_by_one() -> None:
    z = standard_normals(512, 4)
    chosen = np.column_stack([choose(uniforms(z[:, k]), [0.2, 0.3, 0.5]) for k in range(3)])
    cost = np.column_stack([chosen @ [1.0, 4.0, 2.0] + z[:, 3], 5 + 0 * z[:, 3], chosen @ [3.0, 1.0, 1.0]])
    together = evppi(cost, answer_groups(chosen, 3))
    for k in range(3):
        assert together[k] == pytest.approx(evppi(cost, answer_groups(chosen[:, k], 3))[0], rel=1e-12)
        by_hand = cost.mean(axis=0).min() - sum(
            (chosen[:, k] == a).mean() * cost[chosen[:, k] == a].mean(axis=0).min() for a in range(3)
        )
        assert together[k] == pytest.approx(by_hand)


costs = st.integers(2, 4).flatmap(
    lambda d: st.lists(st.lists(st.floats(-100, 1e4), min_size=d, max_size=d), min_size=30, max_size=60)
)


@given(costs, st.integers(0, 10**6))
@settings(max_examples=50)
def test_knowing_one_answer_is_worth_something_between_nothing_and_perfect_information(cost, seed) -> None:
    chosen = np.random.default_rng(seed).integers(0, 3, len(cost))
    worth = evppi(cost, answer_groups(chosen, 3))[0]
    assert 0 <= worth <= evpi(cost) + 1e-6


@given(costs, st.floats(0.01, 100), st.floats(-1e3, 1e3))
@settings(max_examples=50)
def test_currency_scales_the_value_and_a_cost_common_to_all_decisions_changes_nothing(
    cost, factor, common
) -> None:
    cost = np.array(cost)
    x = np.arange(len(cost))
    assert evpi(factor * cost + common) == pytest.approx(factor * evpi(cost), rel=1e-6, abs=1e-6)
    assert evppi(factor * cost + common, x, 4) == pytest.approx(
        factor * evppi(cost, x, 4), rel=1e-6, abs=1e-6
    )


def test_one_decision_leaves_nothing_to_know() -> None:
    assert evpi(standard_normals(64, 1)) == 0
    assert evppi(standard_normals(64, 1), standard_normals(64, 2), 8).tolist() == [0, 0]


def test_a_decision_that_is_clear_under_every_answer_needs_no_question() -> None:
    z = standard_normals(1024, 2)
    cost = np.column_stack([z[:, 0], z[:, 0] + 1])
    assert evpi(cost) == pytest.approx(0, abs=1e-12)
    assert evppi(cost, z) == pytest.approx([0, 0], abs=1e-12)


# --- the floor against noise ---
def test_the_floor_stands_between_useless_inputs_and_useful_ones() -> None:
    z = standard_normals(1024, 40)
    useful = np.column_stack([np.zeros(1024), z[:, 0] + 0.5 * z[:, 1]])
    bins = bin_inputs(z)
    found = evppi(useful, bins)
    floor = permutation_floor(lambda cost: evppi(cost, bin_inputs(z[:, :1])), useful)[0]
    assert found[0] > 3 * floor
    assert found[1] > floor
    # Without a floor 38 inputs which have nothing to do with the decision seem to be worth something.
    assert (found[2:] > 0).all()
    assert (found[2:] > floor).mean() <= 0.1


def test_one_useless_input_in_twenty_passes_the_floor() -> None:
    rng = np.random.default_rng(2)
    cost = np.column_stack([np.zeros(512), rng.standard_normal(512)])
    inputs = rng.standard_normal((512, 400))
    floor = permutation_floor(lambda c: evppi(c, bin_inputs(inputs[:, :1])), cost)[0]
    assert 0 < (evppi(cost, inputs) > floor).mean() < 0.12


def test_the_floor_of_each_practice_is_its_own() -> None:
    z = standard_normals(1024, 3)
    chosen = np.column_stack([choose(uniforms(z[:, 0]), [0.5, 0.5]), choose(uniforms(z[:, 1]), [0.99, 0.01])])
    cost = np.column_stack([np.zeros(1024), chosen[:, 0] - 0.5 + z[:, 2]])
    floor = permutation_floor(lambda c: evppi(c, answer_groups(chosen, 2)), cost)
    worth = evppi(cost, answer_groups(chosen, 2))
    assert floor.shape == (2,)
    assert worth[0] > floor[0]
    assert worth[1] <= floor[1] + 0.02


def test_the_floor_is_the_same_on_every_run() -> None:
    cost = standard_normals(256, 2)
    first, second = (permutation_floor(lambda c: evppi(c, np.arange(256.0), 8), cost) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("cost", [[1, 2], [[]], [[1, float("nan")]], [[1, float("inf")]]])
def test_costs_that_are_none_are_refused(cost) -> None:
    with pytest.raises(ModelError, match="costs are finite numbers"):
        evpi(cost)


def test_steps_taken_or_left_each_on_its_own_are_worth_the_sum_of_each() -> None:
    z = standard_normals(1024, 6)
    nets = np.column_stack([z[:, 0] + 0.3, 2 * z[:, 1] - z[:, 0], z[:, 5]])
    for groups in (bin_inputs(z[:, :3], 16), answer_groups((uniforms(z[:, 2:4]) * 4).astype(int), 4)):
        one_by_one = sum(evppi(np.column_stack([np.zeros(1024), net]), groups) for net in nets.T)
        assert value_apart(nets, groups) == pytest.approx(one_by_one, abs=1e-12)
    assert value_apart(nets[:, :2], bin_inputs(z[:, 0], 16))[0] > 0.1
