"""Scores with what they do not know, gates that follow the promise, and the verdict."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models.levels import (
    DimensionScore,
    Reason,
    dimension_score,
    gate_status,
    highest_promise,
    required_level,
    verdict,
)

YES, NO = True, False


# --- scores ---
@pytest.mark.parametrize(
    ("levels", "weights", "answered", "applicable", "expected"),
    [
        pytest.param([1, 2, 3], [1, 1, 1], [YES] * 3, [YES] * 3, (2, 1, 2, 2), id="all answered"),
        pytest.param([1, 3], [3, 1], [YES] * 2, [YES] * 2, (1.5, 1, 1.5, 1.5), id="the first counts thrice"),
        pytest.param([2, 0], [1, 1], [YES, NO], [YES] * 2, (2, 0.5, 1, 2.5), id="half is unknown"),
        pytest.param(
            [2, 0], [1, 1], [YES, YES], [YES, NO], (2, 1, 2, 2), id="what does not apply is not there"
        ),
        pytest.param([2, 0], [1, 3], [YES, NO], [YES, NO], (2, 1, 2, 2), id="unasked and not applicable"),
        pytest.param([9, 9], [1, 1], [NO, NO], [YES, YES], (None, 0, 0, 3), id="nothing was asked"),
        pytest.param([0, 0], [1, 1], [NO, NO], [NO, NO], (None, 1, None, None), id="nothing applies"),
        pytest.param([], [], [], [], (None, 1, None, None), id="no practice at all"),
    ],
)
def test_a_score_with_coverage_and_bounds(levels, weights, answered, applicable, expected) -> None:
    assert dimension_score(levels, weights, answered, applicable) == DimensionScore(*expected)


def test_the_bounds_know_what_levels_the_answers_of_each_practice_have() -> None:
    score = dimension_score([2, 0, 0], 1, [YES, NO, NO], True, lowest=[0, 1, 0], highest=[3, 2, 4])
    assert (score.worst, score.best) == (1.0, pytest.approx(8 / 3))


@pytest.mark.parametrize(
    ("levels", "weights"),
    [([4], [1]), ([-1], [1]), ([1], [0]), ([1], [-2]), ([1], [float("nan")]), ([float("nan")], [1])],
)
def test_impossible_levels_and_weights_are_refused(levels, weights) -> None:
    with pytest.raises(ModelError):
        dimension_score(levels, weights, [YES], [YES])


practice = st.tuples(st.integers(0, 3), st.floats(0.1, 10), st.booleans(), st.booleans())
practices = st.lists(practice, min_size=1, max_size=8)


def _score(rows) -> DimensionScore:
    return dimension_score(*(list(column) for column in zip(*rows, strict=True)))


@given(practices)
@settings(max_examples=50)
def test_a_score_lies_between_its_practices_extremes_and_its_bounds(rows) -> None:
    score = _score(rows)
    counted = [level for level, _, answered, applicable in rows if answered and applicable]
    if counted:
        assert min(counted) - 1e-9 <= score.score <= max(counted) + 1e-9
        assert score.worst - 1e-9 <= score.score <= score.best + 1e-9


@given(practices, practice)
@settings(max_examples=50)
def test_a_practice_that_does_not_apply_changes_nothing(rows, more) -> None:
    before, after = _score(rows), _score([*rows, (*more[:3], False)])
    assert (after.coverage, after.score) == pytest.approx((before.coverage, before.score)) or after == before


@given(practices, st.integers(0, 7), st.integers(0, 3))
@settings(max_examples=50)
def test_a_better_answer_never_lowers_a_score(rows, k, level) -> None:
    k %= len(rows)
    better = [*rows]
    better[k] = (max(level, rows[k][0]), *rows[k][1:])
    before, after = _score(rows), _score(better)
    if before.score is not None:
        assert after.score >= before.score - 1e-12
        assert after.worst >= before.worst - 1e-12


@given(practices, st.integers(0, 7))
@settings(max_examples=50)
def test_one_more_answer_narrows_the_bounds_and_raises_coverage(rows, k) -> None:
    k %= len(rows)
    asked = [*rows]
    asked[k] = (*rows[k][:2], True, rows[k][3])
    before, after = _score(rows), _score(asked)
    assert after.coverage >= before.coverage - 1e-12
    if before.worst is not None:
        assert before.worst - 1e-12 <= after.worst <= after.best + 1e-12 <= before.best + 2e-12


# --- gates ---
@pytest.mark.parametrize(
    ("promise", "level"),
    [(0.9, None), (0.99, 1), (0.9989, 1), (0.999, 3), (0.9999, 3)],
)
def test_a_higher_promise_asks_for_a_higher_level(promise, level) -> None:
    assert required_level(promise, {1: 0.99, 3: 0.999}) == level


def test_a_promise_in_per_cent_is_refused() -> None:
    with pytest.raises(ModelError, match=r"not 99\.9"):
        required_level(99.9, {1: 0.99})


@pytest.mark.parametrize(
    ("level", "required", "applicable", "status"),
    [
        pytest.param(3, 2, True, "met", id="above"),
        pytest.param(2, 2, True, "met", id="exactly at it"),
        pytest.param(1, 2, True, "missed", id="below"),
        pytest.param(0, 1, True, "missed", id="the lowest answer is an answer"),
        pytest.param(None, 2, True, "unproven", id="not asked"),
        pytest.param(None, None, True, "not applicable", id="the promise does not need it"),
        pytest.param(0, 2, False, "not applicable", id="the client cannot have it"),
    ],
)
def test_the_status_of_a_gate(level, required, applicable, status) -> None:
    assert gate_status(level, required, applicable=applicable) == status


# --- the highest promise ---
@pytest.mark.parametrize(
    ("chances", "closed_from", "highest"),
    [
        pytest.param({0.99: 0.01, 0.995: 0.1, 0.999: 0.3}, None, 0.995, id="exactly at the tolerance"),
        pytest.param({0.999: 0.3, 0.99: 0.01, 0.995: 0.1}, None, 0.995, id="in any order"),
        pytest.param({0.99: 0.2, 0.999: 0.9}, None, None, id="not even the lowest"),
        pytest.param({0.99: 0.2, 0.999: 0.05}, None, None, id="noise does not skip a breach"),
        pytest.param({0.99: 0.0, 0.995: 0.0}, 0.995, 0.99, id="a gate closes the higher one"),
        pytest.param({}, None, None, id="none was computed"),
    ],
)
def test_the_highest_promise_one_could_sign(chances, closed_from, highest) -> None:
    assert highest_promise(chances, gates_closed_from=closed_from) == highest


# --- the verdict ---
@pytest.mark.parametrize(
    ("gates", "chance", "more", "outcome"),
    [
        pytest.param({"on_call": "met"}, 0.05, {}, "Go", id="all is well"),
        pytest.param({"on_call": "not applicable"}, 0.0, {}, "Go", id="a gate that does not apply"),
        pytest.param({"on_call": "missed"}, 0.0, {}, "Not yet", id="a missed gate however small the chance"),
        pytest.param({"on_call": "unproven"}, 0.0, {}, "Go with conditions", id="nobody asked"),
        pytest.param({"a": "unproven", "b": "missed"}, 0.0, {}, "Not yet", id="the worse one counts"),
        pytest.param({}, 0.10, {}, "Go", id="exactly at the tolerance"),
        pytest.param({}, 0.11, {}, "Not yet", id="above the tolerance"),
        pytest.param({}, 0.05, {"breach_chance_high": 0.2}, "Go with conditions", id="perhaps above it"),
        pytest.param({}, 0.05, {"coverage": 0.3}, "Not yet", id="too little was asked"),
        pytest.param({}, None, {}, "Go with conditions", id="the chance is not known"),
        pytest.param(
            {}, 0.05, {"accepted_risks": ["one_region"]}, "Go with conditions", id="a risk accepted"
        ),
        pytest.param({}, 0.05, {"tolerance": 0.01}, "Not yet", id="a stricter client"),
    ],
)
def test_the_verdict(gates, chance, more, outcome) -> None:
    assert verdict(gates, chance, **more).outcome == outcome


def test_reasons_are_values_with_blockers_first() -> None:
    found = verdict({"restore_test": "unproven", "on_call": "missed"}, 0.25, coverage=0.9)
    assert found.blockers == (
        Reason("gate missed", True, "on_call"),
        Reason("breach likely", True, value=0.25, limit=0.10),
    )
    assert found.conditions == (Reason("gate unproven", False, "restore_test"),)
    assert found.reasons == found.blockers + found.conditions


def test_an_accepted_risk_does_not_open_a_missed_gate() -> None:
    assert verdict({"on_call": "missed"}, 0.0, accepted_risks=["on_call"]).outcome == "Not yet"


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.sampled_from(["met", "missed", "unproven", "not applicable"])
    ),
    st.floats(0, 1),
    st.floats(0, 1),
)
@settings(max_examples=50)
def test_a_go_has_every_gate_met_and_no_other_reason(gates, chance, high) -> None:
    found = verdict(gates, chance, breach_chance_high=high)
    assert (found.outcome == "Go") == (
        {"missed", "unproven"}.isdisjoint(gates.values()) and chance <= 0.1 and high <= 0.1
    )


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan"), 12])
def test_what_is_not_a_chance_is_refused(chance) -> None:
    with pytest.raises(ModelError, match="between 0 and 1"):
        verdict({}, chance)
    with pytest.raises(ModelError, match="between 0 and 1"):
        highest_promise({0.99: np.float64(chance)})
