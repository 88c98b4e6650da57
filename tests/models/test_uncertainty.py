"""Ranges become draws, answers become mixtures, and draws become a mean with its band."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models.uncertainty import (
    Band,
    band,
    bands,
    choose,
    mixture,
    quantiles_to_draws,
    standard_normals,
    uniforms,
    widen,
)

Z = standard_normals(4096, 1)[:, 0]


# --- low, likely, high ---
@pytest.mark.parametrize(
    ("kind", "low", "likely", "high"),
    [
        pytest.param("positive", 5, 10, 60, id="minutes skewed to the right"),
        pytest.param("positive", 1, 50, 60, id="minutes skewed to the left"),
        pytest.param("positive", 10, 10, 60, id="never faster than usual"),
        pytest.param("share", 0.02, 0.1, 0.6, id="a share"),
        pytest.param("share", 0.9, 0.99, 0.999, id="a share near one"),
        pytest.param("real", -5, 1, 2, id="growth that may be negative"),
    ],
)
def test_low_likely_and_high_are_the_5th_50th_and_95th_percentile(kind, low, likely, high) -> None:
    drawn = quantiles_to_draws(Z, low, likely, high, kind=kind)
    assert (drawn <= low).mean() == pytest.approx(0.05 if low < likely else 0.5, abs=1e-3)
    assert (drawn <= likely).mean() == pytest.approx(0.5, abs=1e-3)
    assert (drawn >= high).mean() == pytest.approx(0.05, abs=1e-3)


def test_a_lognormal_has_the_mean_that_the_textbook_gives() -> None:
    # 90 % of outages take between half and twice the median of 30 min: sigma = ln 2 / 1.6449 = 0.4214.
    drawn = quantiles_to_draws(Z, 15, 30, 60, kind="positive")
    assert drawn.mean() == pytest.approx(30 * np.exp(0.4214**2 / 2), rel=1e-3)


def test_a_loss_of_four_wide_factors_has_the_median_mean_and_band_that_its_logarithms_give() -> None:
    # Rate 2-12 a year, reach 10-80 %, 60-600 min, 500-8,000 an hour, each lognormal about its geometric
    # middle: the variances of the logarithms add up to 1.896, so that the mean is exp(0.948) = 2.58 medians.
    z = standard_normals(16384, 4)
    ranges = [(2, 12), (0.1, 0.8), (60, 600), (500, 8000)]
    rate, reach, minutes, an_hour = (
        quantiles_to_draws(z[:, k], a, np.sqrt(a * b), b, kind="positive") for k, (a, b) in enumerate(ranges)
    )
    loss = band(rate * reach * minutes / 60 * an_hour)
    assert loss.median == pytest.approx(8.76e3, rel=0.01)
    assert loss.mean == pytest.approx(22.6e3, rel=0.01)
    assert loss.low == pytest.approx(0.91e3, rel=0.03)
    assert loss.high == pytest.approx(84.3e3, rel=0.03)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("positive", 0.0), ("positive", 7.0), ("share", 0.0), ("share", 1.0), ("share", 0.3), ("real", -2.0)],
)
def test_equal_low_likely_and_high_are_a_constant_to_the_last_bit(kind, value) -> None:
    assert (quantiles_to_draws(Z, value, value, value, kind=kind) == value).all()


def test_many_inputs_at_once_are_the_same_as_one_by_one() -> None:
    z = standard_normals(64, 3)
    low, likely, high = np.array([1.0, 0.0, 5.0]), np.array([2.0, 0.0, 6.0]), np.array([8.0, 0.0, 7.0])
    together = quantiles_to_draws(z, low, likely, high, kind="positive")
    for k in range(3):
        alone = quantiles_to_draws(z[:, k], low[k], likely[k], high[k], kind="positive")
        assert np.array_equal(together[:, k], alone)


@pytest.mark.parametrize(
    ("kind", "low", "likely", "high", "sentence"),
    [
        pytest.param("positive", 0, 1, 2, "above zero", id="a positive range from zero"),
        pytest.param("positive", -1, -1, -1, "above zero", id="a negative constant"),
        pytest.param("share", 0, 0.1, 0.2, "strictly between 0 and 1", id="a share from zero"),
        pytest.param("share", 0.1, 0.5, 1, "strictly between 0 and 1", id="a share up to one"),
        pytest.param("share", 1.5, 1.5, 1.5, "strictly between 0 and 1", id="150 per cent"),
        pytest.param("real", 3, 2, 4, "in this order", id="likely below low"),
        pytest.param("real", 1, float("nan"), 4, "finite", id="not a number"),
        pytest.param("money", 1, 2, 4, '"positive", a "share" or "real"', id="a kind that does not exist"),
    ],
)
def test_impossible_ranges_are_refused_in_a_sentence(kind, low, likely, high, sentence) -> None:
    with pytest.raises(ModelError, match=sentence):
        quantiles_to_draws(Z, low, likely, high, kind=kind)


positive = st.floats(0.01, 1e6)


@given(st.lists(positive, min_size=3, max_size=3), positive)
@settings(max_examples=50)
def test_changing_the_unit_of_a_positive_quantity_changes_nothing_else(three, factor) -> None:
    low, likely, high = sorted(three)
    drawn = quantiles_to_draws(Z[:64], low, likely, high, kind="positive")
    scaled = quantiles_to_draws(Z[:64], low * factor, likely * factor, high * factor, kind="positive")
    np.testing.assert_allclose(scaled, drawn * factor, rtol=1e-9)


@given(st.lists(st.floats(0.001, 0.999), min_size=3, max_size=3))
@settings(max_examples=50)
def test_counting_the_failures_instead_of_the_successes_mirrors_a_share(three) -> None:
    low, likely, high = sorted(three)
    up = quantiles_to_draws(Z[:64], low, likely, high, kind="share")
    down = quantiles_to_draws(-Z[:64], 1 - high, 1 - likely, 1 - low, kind="share")
    np.testing.assert_allclose(1 - up, down, rtol=1e-7)


@given(st.lists(positive, min_size=3, max_size=3), st.floats(-3, 3), st.floats(0, 2))
@settings(max_examples=50)
def test_a_larger_normal_draw_never_gives_a_smaller_number(three, z, more) -> None:
    low, likely, high = sorted(three)
    a, b = quantiles_to_draws(np.array([z, z + more]), low, likely, high, kind="positive")
    assert a <= b


# --- evidence that is worth less ---
@pytest.mark.parametrize(
    ("three", "factor", "kind", "wider"),
    [
        pytest.param((10, 20, 40), 2, "positive", (5, 20, 80), id="twice as wide in ratio"),
        pytest.param((10, 20, 80), 0.5, "positive", (20 / 2**0.5, 20, 40), id="verified: half as wide"),
        pytest.param((-1, 0, 3), 2, "real", (-2, 0, 6), id="twice as wide in difference"),
        pytest.param((0.2, 0.5, 0.8), 2, "share", (1 / 17, 0.5, 16 / 17), id="odds of 4 become odds of 16"),
        pytest.param((5, 5, 5), 3, "positive", (5, 5, 5), id="a constant stays one"),
        pytest.param((0, 0, 0), 3, "share", (0, 0, 0), id="and so does none at all"),
        pytest.param((1, 2, 3), 0, "real", (2, 2, 2), id="certainty"),
    ],
)
def test_widening_keeps_the_median_and_moves_the_ends(three, factor, kind, wider) -> None:
    assert widen(*three, factor, kind) == pytest.approx(wider)


def test_a_widened_share_stays_a_share() -> None:
    low, likely, high = widen(0.5, 0.95, 0.999, 2, "share")
    assert 0 < low < likely == 0.95 < high < 1


@pytest.mark.parametrize("factor", [-1, float("nan"), float("inf")])
def test_a_range_cannot_be_widened_by_such_a_factor(factor) -> None:
    with pytest.raises(ModelError, match="cannot be widened"):
        widen(1, 2, 3, factor, "real")


# --- answers that were not given ---
def test_an_unasked_practice_is_answered_as_often_as_its_answers_are_common() -> None:
    chosen = choose(uniforms(Z), [0.3, 0.5, 0.2])
    assert np.bincount(chosen) / len(chosen) == pytest.approx([0.3, 0.5, 0.2], abs=1e-3)


def test_the_mean_of_a_mixture_is_the_weighted_mean_of_its_answers() -> None:
    z = standard_normals(4096, 2)
    night = quantiles_to_draws(z[:, 1], 120, 300, 600, kind="positive")
    drawn = mixture(uniforms(z[:, 0]), [0.25, 0.75], [night, 6])
    assert drawn.mean() == pytest.approx(0.25 * night.mean() + 0.75 * 6, rel=5e-3)
    assert (drawn == 6).mean() == pytest.approx(0.75, abs=1e-3)


def test_shares_may_differ_from_draw_to_draw_and_need_not_add_up_to_one() -> None:
    assert choose([0.5, 0.5], [[1, 3], [3, 1]]).tolist() == [1, 0]


def test_an_answer_that_nobody_gives_is_never_chosen() -> None:
    u = np.array([0.0, 0.3, 0.6, np.nextafter(1, 0)])
    assert choose(u, [0, 0.5, 0, 0.5, 0]).tolist() == [1, 1, 3, 3]


@pytest.mark.parametrize("shares", [[], [0, 0], [-0.1, 1.1], [float("nan"), 1]])
def test_impossible_shares_are_refused(shares) -> None:
    with pytest.raises(ModelError, match="shares of answers"):
        choose([0.5], shares)


def test_a_mixture_needs_a_number_for_each_answer() -> None:
    with pytest.raises(ModelError, match="2 numbers were given for 3 answers"):
        mixture([0.5], [0.2, 0.3, 0.5], [1, 2])


# --- what is printed ---
def test_the_band_of_a_hundred_and_one_numbers_by_hand() -> None:
    assert band(np.arange(101.0)) == Band(mean=50.0, low=5.0, high=95.0, median=50.0)


def test_columns_are_banded_each_by_itself() -> None:
    columns = np.column_stack([np.arange(101.0), np.full(101, 7.0)])
    assert bands(columns) == [band(columns[:, 0]), Band(7.0, 7.0, 7.0, 7.0)]


@pytest.mark.parametrize(
    "draws", [[], [[1.0, 2.0]], [1.0, float("nan")]], ids=["none", "two rows", "not a number"]
)
def test_what_has_no_band_is_refused(draws) -> None:
    with pytest.raises(ModelError):
        band(draws)
