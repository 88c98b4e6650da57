"""Learning from incidents, and the backcast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from readiness.errors import ModelError
from readiness.models import incidents as i
from readiness.models.windows import mean_from_median, window_distribution

YEAR = 525_600.0


def test_a_rate_moves_from_the_prior_to_what_was_counted() -> None:
    prior = i.RateBelief(shape=2.0, years=0.5)
    posterior = prior.updated(1, years=1.0)
    assert (prior.mean, posterior.mean) == (4.0, 2.0)
    assert prior.updated(2000, years=1000).mean == pytest.approx(2.0, rel=2e-3)


def test_the_rate_belief_is_scipys_gamma() -> None:
    belief = i.RateBelief(2.5, 0.7)
    oracle = stats.gamma(2.5, scale=1 / 0.7)
    assert belief.quantile([0.05, 0.5, 0.95]) == pytest.approx(oracle.ppf([0.05, 0.5, 0.95]))


@given(st.floats(0.01, 10), st.floats(1.05, 50))
@settings(max_examples=30, deadline=None)
def test_a_range_becomes_the_gamma_with_these_percentiles(low: float, ratio: float) -> None:
    belief = i.RateBelief.from_range(low, low * ratio)
    assert belief.quantile([0.05, 0.95]) == pytest.approx([low, low * ratio], rel=1e-6)


def test_a_year_without_incidents_lowers_the_rate_and_says_nothing_of_lengths() -> None:
    assert i.RateBelief(2, 0.5).updated(0, years=1.0).mean < 4.0
    prior = i.LengthBelief(60, 1.2)
    assert prior.updated([]) is prior
    assert prior.updated([np.nan, 0.0]) is prior


def test_the_update_of_lengths_is_the_textbook_one() -> None:
    """Normal-inverse-gamma on logarithms, Gelman et al. 3.3, worked separately."""
    logs = np.array([3.0, 3.4, 4.1])
    got = i.LengthBelief(np.exp(4.0), 1.0, worth=2, sigma_worth=5).updated(np.exp(logs))
    mean = (2 * 4.0 + 3 * logs.mean()) / 5
    square = 5 * 1.0 + ((logs - logs.mean()) ** 2).sum() + 2 * 3 / 5 * (logs.mean() - 4.0) ** 2
    assert np.log(got.median_minutes) == pytest.approx(mean)
    assert got.sigma**2 == pytest.approx(square / 8)
    assert (got.worth, got.sigma_worth) == (5, 8)


def test_many_lengths_outweigh_any_prior() -> None:
    minutes = np.random.default_rng(1).lognormal(np.log(45), 0.8, 20_000)
    got = i.LengthBelief(500, 2.0).updated(minutes)
    assert got.median_minutes == pytest.approx(45, rel=0.03)
    assert got.sigma == pytest.approx(0.8, rel=0.03)
    assert got.mean_minutes == pytest.approx(45 * np.exp(0.32), rel=0.04)


@given(st.lists(st.floats(1, 2000), min_size=1, max_size=20), st.floats(1, 2000))
@settings(max_examples=40, deadline=None)
def test_a_posterior_median_lies_between_prior_and_data(minutes: list[float], median: float) -> None:
    got = i.LengthBelief(median, 1.0).updated(minutes)
    data = float(np.exp(np.log(minutes).mean()))
    assert min(median, data) * (1 - 1e-9) <= got.median_minutes <= max(median, data) * (1 + 1e-9)
    less = i.LengthBelief(median, 1.0).updated(minutes, weight=0.5)
    assert abs(np.log(less.median_minutes / median)) <= abs(np.log(got.median_minutes / median)) + 1e-9


def test_draws_of_the_mean_have_the_belief_as_their_middle() -> None:
    belief = i.LengthBelief(60, 1.0, worth=16)
    assert float(belief.mean_minutes_of(0.0)) == pytest.approx(60 * np.exp(0.5))
    low, high = belief.median_range()
    assert low * high == pytest.approx(3600)
    assert high / 60 == pytest.approx(np.exp(1.6449 / 4), rel=1e-4)


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_remembered_figures_come_back_from_the_lengths(count: int) -> None:
    got = i.remembered_lengths(count, 30, 240)
    assert len(got) == count
    assert float(np.exp(np.median(np.log(got)))) == pytest.approx(30)
    assert float(got.max()) == pytest.approx(30 if count == 1 else 240)
    assert len(i.remembered_lengths(0, 30, 240)) == 0


def incident_list() -> i.Incidents:
    return i.Incidents(
        causes=("change", "change", "", "zone"), minutes=np.array([30.0, np.nan, 60.0, 90.0]),
        reach=np.array([0.5, 1.0, np.nan, 1.0]), years=2.0,
    )  # fmt: skip


def test_gaps_in_a_list_are_tolerated() -> None:
    got = incident_list()
    assert (got.count(), got.count("change"), got.count("power")) == (4, 2, 0)
    assert got.lengths().tolist() == [30.0, 60.0, 90.0]
    assert got.lengths("change").tolist() == [30.0]
    assert got.bad_minutes_per_year() == pytest.approx((15 + 60 + 60 + 90) / 2)
    assert got.bad_minutes_per_year(reach_if_unknown=0.5) == pytest.approx((15 + 60 + 30 + 90) / 2)


def model_year(rate: float) -> tuple[object, float]:
    return window_distribution(rate, 1.0, mean_from_median(30, 1.0), 1.0, window_minutes=YEAR), rate


@pytest.mark.parametrize(
    ("minutes", "count", "verdict"),
    [
        (300.0, 6, "fits"),
        (3000.0, None, "model says less"),
        (None, 20, "model says less"),
        (0.0, 0, "model says more"),
        (None, None, "fits"),
        (1e5, None, "model says less"),
    ],
)
def test_the_backcast_says_which_side_is_off(minutes: float | None, count: int | None, verdict: str) -> None:
    year, rate = model_year(6.0)
    got = i.backcast(year, rate, minutes=minutes, count=count)  # type: ignore[arg-type]
    assert got.verdict == verdict
    assert got.model_minutes == pytest.approx(6 * 30 * np.exp(0.5), rel=1e-6)
    assert got.model_minutes_band[0] < got.model_minutes < got.model_minutes_band[1]


def test_the_backcast_of_counts_is_the_negative_binomial_over_a_gamma() -> None:
    """Poisson counts averaged over gamma draws: scipy's negative binomial is the exact oracle."""
    belief = i.RateBelief(3.0, 0.5)
    rate = belief.quantile((np.arange(4000) + 0.5) / 4000)
    year, _ = model_year(6.0)
    got = i.backcast(year, rate, count=2)  # type: ignore[arg-type]
    exact = stats.nbinom(3.0, 0.5 / 1.5)
    assert got.chance_as_rarely == pytest.approx(exact.cdf(2), abs=1e-4)
    assert got.chance_as_often == pytest.approx(exact.sf(1), abs=1e-4)


def test_an_uncertain_rate_makes_fewer_years_impossible() -> None:
    """The same mean, known exactly or only roughly: rough draws find more years possible."""
    sure, _ = model_year(6.0)
    rates = i.RateBelief(3.0, 0.5).quantile((np.arange(64) + 0.5) / 64)
    unsure = window_distribution(rates, 1.0, mean_from_median(30, 1.0), 1.0, window_minutes=YEAR)
    narrow = i.backcast(sure, 6.0, minutes=10.0, count=1)
    wide = i.backcast(unsure, rates, minutes=10.0, count=1)
    assert wide.chance_as_few_minutes > narrow.chance_as_few_minutes
    assert wide.chance_as_rarely > narrow.chance_as_rarely


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: i.RateBelief(0, 1),
        lambda: i.RateBelief.from_range(3, 2),
        lambda: i.RateBelief(1, 1).updated(-1, years=1),
        lambda: i.LengthBelief(0, 1),
        lambda: i.LengthBelief(10, 1).updated([5], weight=2),
        lambda: i.remembered_lengths(3, 30, 20),
        lambda: i.Incidents(("a",), np.array([1.0, 2.0]), np.array([1.0])),
        lambda: i.Incidents(("a",), np.array([-1.0]), np.array([1.0])),
        lambda: i.backcast(window_distribution(1, 1, 1, 1, window_minutes=43_200), 1.0),
    ],
)
def test_what_cannot_be_is_refused(impossible) -> None:
    with pytest.raises(ModelError):
        impossible()
