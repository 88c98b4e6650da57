"""Indices against Ishigami's closed form, narrowing against total variance, a tornado by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models.sensitivity import (
    Bar,
    answer_groups,
    bin_inputs,
    first_order_indices,
    spread_narrowed,
    tornado,
    variance_left,
    variance_narrowed,
)
from readiness.models.uncertainty import choose, standard_normals, uniforms


# --- first-order indices ---
def test_the_indices_of_ishigamis_function() -> None:
    # Ishigami and Homma 1990 with a = 7, b = 0.1: S1 = 0.3139, S2 = 0.4424, S3 = 0. Bins take off a
    # hundredth.
    x = np.pi * (2 * uniforms(standard_normals(4096, 3)) - 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    assert first_order_indices(y, x) == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)


def test_the_indices_of_a_sum_are_the_shares_of_its_variances() -> None:
    z = standard_normals(4096, 4)
    y = z @ [4.0, 2.0, 1.0, 0.0]
    assert first_order_indices(y, z) == pytest.approx([16 / 21, 4 / 21, 1 / 21, 0], abs=0.015)


def test_bins_do_not_make_useless_inputs_look_useful() -> None:
    # 28 bins of 512 plain random draws explain 27/511 = 5.3 % of anything by chance.
    rng = np.random.default_rng(4)
    found = first_order_indices(rng.standard_normal(512), rng.standard_normal((512, 60)))
    assert found.mean() < 0.015


def test_a_headline_that_never_moves_hangs_on_nothing() -> None:
    assert first_order_indices(np.full(64, 3.0), standard_normals(64, 2), bins=8).tolist() == [0.0, 0.0]


def test_a_constant_input_explains_nothing_even_of_ordered_draws() -> None:
    y = np.arange(4096.0)
    assert first_order_indices(y, np.ones(4096)) == pytest.approx([0], abs=0.01)


def test_bins_prepared_once_give_the_same_as_inputs() -> None:
    z = standard_normals(1024, 3)
    y = np.exp(z @ [0.5, 0.3, 0.1])
    assert np.array_equal(first_order_indices(y, bin_inputs(z)), first_order_indices(y, z))


def test_bins_are_of_equal_count() -> None:
    codes = bin_inputs(standard_normals(1024, 2), 28).codes
    for column in codes:
        assert set(np.bincount(column)) == {36, 37}


@given(st.floats(0.01, 100), st.floats(-1e3, 1e3))
@settings(max_examples=30)
def test_the_currency_of_the_headline_changes_no_index(factor, shift) -> None:
    z = standard_normals(512, 3)
    y = np.exp(z @ [0.5, 0.3, 0.1])
    np.testing.assert_allclose(
        first_order_indices(factor * y + shift, z), first_order_indices(y, z), atol=1e-6
    )


# --- what answers narrow ---
def _practices(shares: list[list[float]], draws: int = 4096) -> np.ndarray:
    u = uniforms(standard_normals(draws, len(shares)))
    return np.column_stack([choose(u[:, k], share) for k, share in enumerate(shares)])


def test_an_answer_takes_away_the_variance_between_the_answers() -> None:
    chosen = _practices([[0.3, 0.7], [0.5, 0.5]])
    rest = 5 * standard_normals(4096, 3)[:, 2]
    y = 20.0 * chosen[:, 0] + rest
    # 20^2 x 0.3 x 0.7 = 84 of 84 + 25; the second practice moves nothing.
    assert variance_narrowed(y, chosen, 2) == pytest.approx([84, 0], abs=0.6)
    assert spread_narrowed(y, chosen, 2) == pytest.approx([np.sqrt(109) - 5, 0], abs=0.05)


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 100)), min_size=30, max_size=60))
@settings(max_examples=50)
def test_in_expectation_an_answer_never_widens_the_spread(rows) -> None:
    chosen, y = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    assert 0 <= variance_narrowed(y, chosen, 3)[0] <= np.var(y) * (1 + 1e-9) + 1e-12
    assert spread_narrowed(y, chosen, 3)[0] >= 0


def test_the_law_of_total_variance_holds_to_the_correction_for_chance() -> None:
    chosen = _practices([[0.2, 0.3, 0.5]])[:, 0]
    y = np.exp(0.5 * chosen + standard_normals(4096, 2)[:, 1])
    within = sum((chosen == k).mean() * y[chosen == k].var() for k in range(3))
    assert variance_narrowed(y, chosen, 3)[0] == pytest.approx(y.var() - within, abs=2 * within / 4096 * 1.01)


def test_what_is_left_after_each_question_of_an_agenda() -> None:
    chosen = _practices([[0.5, 0.5], [0.5, 0.5], [0.25, 0.75]])
    noise = 2 * standard_normals(4096, 4)[:, 3]
    y = 8.0 * chosen[:, 0] + 4.0 * chosen[:, 1] + noise
    # Variances 16, 4, nothing, and noise of 4 that no answer takes away.
    assert variance_left(y, chosen, 2) == pytest.approx([1, 8 / 24, 4 / 24, 4 / 24], abs=0.01)


def test_asking_in_another_order_leaves_as_much_at_the_end() -> None:
    chosen = _practices([[0.5, 0.5], [0.2, 0.8], [0.25, 0.75]])
    y = chosen @ [1.0, 5.0, 3.0] + standard_normals(4096, 4)[:, 3]
    assert variance_left(y, chosen, 2)[-1] == pytest.approx(variance_left(y, chosen[:, ::-1], 2)[-1])


def test_a_question_asked_twice_narrows_once() -> None:
    chosen = _practices([[0.5, 0.5]])
    y = 3.0 * chosen[:, 0] + standard_normals(4096, 2)[:, 1]
    left = variance_left(y, np.hstack([chosen, chosen]), 2)
    assert left[2] == pytest.approx(left[1])


@pytest.mark.parametrize(
    "wrong", [[0, 1, 4], [0, -1, 2], []], ids=["beyond the answers", "below the first", "no draws"]
)
def test_answers_that_do_not_exist_are_refused(wrong) -> None:
    with pytest.raises(ModelError, match="one of 3 answers"):
        answer_groups(wrong, 3)


def test_a_headline_of_another_length_is_refused() -> None:
    with pytest.raises(ModelError, match="each of 64 draws"):
        first_order_indices(np.ones(63), standard_normals(64, 2), bins=8)
    with pytest.raises(ModelError, match="do not make"):
        bin_inputs(np.ones(8), 28)


# --- tornado ---
def test_each_bar_moves_one_input_and_keeps_the_rest_at_their_medians() -> None:
    bars = tornado(lambda x: x[:, 0] - 10 * x[:, 1], ["price", "load"], [1, 1], [2, 2], [5, 3])
    assert bars == [Bar("load", -8.0, -28.0, -18.0), Bar("price", -19.0, -15.0, -18.0)]
    assert [bar.swing for bar in bars] == [20.0, 4.0]


def test_the_outcome_is_asked_once_for_all_cases() -> None:
    shapes = []
    tornado(lambda x: (shapes.append(x.shape), x.sum(axis=1))[1], "abc", [0, 0, 0], [1, 1, 1], [2, 2, 2])
    assert shapes == [(7, 3)]


def test_an_outcome_of_another_shape_is_refused() -> None:
    with pytest.raises(ModelError, match="one number for each of 3 cases"):
        tornado(lambda x: x, ["a"], [0], [1], [2])
    with pytest.raises(ModelError, match="each of 2 inputs"):
        tornado(lambda x: x[:, 0], ["a", "b"], [0], [1], [2])
