"""Bad minutes by cause, their distribution, breach, credits and ranking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from readiness.errors import ModelError
from readiness.models import downtime as d
from readiness.models.severity import log_transform, mean_capped_minutes, on_grid, tilt

MONTH, YEAR = 43_200.0, 525_600.0
CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "downtime.yaml")
RDS_TIERS = [(0.9995, 0.10), (0.99, 0.25), (0.95, 1.0)]


def window_of(case: dict[str, Any]) -> d.WindowDistribution:
    mean = d.mean_from_median(case["lognormal_median_min"], case["sigma"])
    rate = case["incidents"] * YEAR / case["window_minutes"]
    return d.window_distribution(
        rate, 1.0, mean, case["sigma"], window_minutes=case["window_minutes"], bin_minutes=case.get("bin_minutes")
    )


CALCULATIONS: dict[str, Callable[[dict[str, Any]], float]] = {
    "budget_minutes": lambda case: float(d.budget_minutes(case["slo"], case["window_minutes"])),
    "outages": lambda case: float(
        d.bad_minutes_per_year(
            case["events_per_year"],
            1.0,
            d.outage_minutes(case["decide_min"], case["deploy_min"], case["restore_min"]),
        )
    ),
    "events": lambda case: float(
        d.bad_minutes_per_year(case.get("events", case.get("outages")), 1.0, case["minutes"])
    ),
    "dependencies": lambda case: case["n"] * float(d.budget_minutes(case["a"], YEAR)),
    "window_mean": lambda case: float(window_of(case).mean[0]),
    "window_met": lambda case: 1 - float(d.breach_chance(window_of(case), case["slo"])[0]),
    "window_breach": lambda case: float(d.breach_chance(window_of(case), case["slo"])[0]),
    "window_quantile": lambda case: float(window_of(case).quantile(case["share"])[0]),
    "window_credit": lambda case: float(
        d.expected_credit_share(window_of(case), [(tier[0], tier[1]) for tier in case["tiers"]])[0]
    ),
    "burn_hours": lambda case: 1 / float(d.budget_burned(case["burn"], 1)),
    "burn_share": lambda case: float(d.budget_burned(case["burn"], case["window_h"])),
    "one_request": lambda case: float(d.one_request_share(case["req_per_h"], case["slo"])),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_published_case(case: dict[str, Any]) -> None:
    got = CALCULATIONS[case["calculation"]](case["inputs"])
    assert got == pytest.approx(case["expected"], rel=0, abs=max(case["tolerance"], 1e-9))


def simulated(rate: np.ndarray, reach: np.ndarray, minutes: np.ndarray, sigma: float, window: float, n: int, seed: int):
    """Bad minutes of n windows, outage by outage: the independent oracle."""
    random = np.random.default_rng(seed)
    total = np.zeros(n)
    for r, share, mean in zip(rate, reach, minutes, strict=True):
        counts = random.poisson(r * window / YEAR, n)
        lengths = random.lognormal(np.log(mean) - sigma**2 / 2, sigma, counts.sum())
        np.add.at(total, np.repeat(np.arange(n), counts), share * np.minimum(lengths, window))
    return total


@pytest.mark.parametrize(
    ("rate", "reach", "minutes", "sigma", "window"),
    [
        ([6.0], [1.0], [64.7], 1.24, MONTH),
        ([24.0, 0.2, 3.0, 12.0], [0.3, 1.0, 0.6, 0.05], [40.0, 180.0, 90.0, 25.0], 1.0, MONTH),
        ([24.0, 0.2, 3.0, 12.0], [0.3, 1.0, 0.6, 0.05], [40.0, 180.0, 90.0, 25.0], 1.24, YEAR),
        ([4.0, 8.0], [1.0, 0.25], [70.0, 30.0], 0.0, MONTH),
    ],
    ids=["one cause, a month", "four causes, a month", "four causes, a year", "constant lengths"],
)
def test_the_distribution_meets_simulation_within_four_and_a_half_standard_errors(
    rate: list[float], reach: list[float], minutes: list[float], sigma: float, window: float
) -> None:
    n = 200_000
    total = simulated(np.array(rate), np.array(reach), np.array(minutes), sigma, window, n, seed=7)
    bin_minutes = 0.25 if sigma == 0 else None
    got = d.window_distribution(
        [rate], [reach], [minutes], sigma, window_minutes=window, bin_minutes=bin_minutes
    )
    assert abs(total.mean() - got.mean[0]) < 4.5 * total.std() / n**0.5
    # Off the steps that constant lengths make, where "more than" jumps.
    for threshold in np.array([0.0005, 0.001, 0.002, 0.005]) * window + 0.37:
        chance = float(got.exceeds(threshold)[0])
        assert abs((total > threshold).mean() - chance) < 4.5 * (chance * (1 - chance) / n) ** 0.5 + 1e-3


def test_a_window_without_any_outage_is_as_likely_as_poisson_says() -> None:
    month = d.window_distribution(12.0, 1.0, 50.0, 1.24, window_minutes=YEAR / 12)
    assert float(month.exceeds(0.0)[0]) == pytest.approx(1 - np.exp(-1.0), abs=1e-12)
    assert float(month.quantile(0.3)[0]) == 0.0


def test_panjer_recursion_gives_the_same_chances() -> None:
    """Constant outages of exactly three bins, so that Panjer's recursion on the grid is exact."""
    bins, step, rate = 512, 1.0, 40.0
    got = d.window_distribution(rate, 1.0, 3 * step, 0.0, window_minutes=MONTH, bin_minutes=step, bins=bins)
    per_window = rate * MONTH / YEAR
    panjer = np.zeros(bins)
    panjer[0] = np.exp(-per_window)
    for k in range(3, bins, 3):
        panjer[k] = per_window * 3 / k * panjer[k - 3]
    assert np.abs(got.pmf[0] - panjer).max() < 1e-7


def test_tilting_keeps_what_lies_beyond_the_grid_out_of_it() -> None:
    wide = d.window_distribution(600.0, 1.0, 60.0, 1.0, window_minutes=MONTH, bin_minutes=1.0, bins=2**15)
    narrow = d.window_distribution(600.0, 1.0, 60.0, 1.0, window_minutes=MONTH, bin_minutes=1.0, bins=2**11)
    assert narrow.pmf.sum() < 0.9, "much of it lies beyond, and would wrap around"
    assert np.abs(wide.pmf[0, : 2**11] - narrow.pmf[0]).max() < 1e-7


def test_each_threshold_on_a_grid_of_its_own_says_the_same_as_one_fine_grid() -> None:
    rate, minutes, sigma = [[0.3, 4.0, 0.1], [2.0, 40.0, 1.0]], [[600.0, 20.0, 2000.0], [90.0, 45.0, 400.0]], [1.24, 0.8, 1.24]
    causes = d.Causes(("a", "b", "work"), rate, np.full((2, 3), 0.7), minutes, sigma, planned=(False, False, True))
    whole = d.window_distribution(
        np.array(rate)[:, :2], 0.7, np.array(minutes)[:, :2], sigma[:2], window_minutes=MONTH, bin_minutes=0.5, bins=2**14,
        planned_minutes=causes.bad_minutes[:, 2] * MONTH / YEAR,
    )  # fmt: skip
    asked = np.array([0.0, 10.0, 43.2, 216.0, 432.0, 680.0, 900.0, 2_000.0, 4_320.0, 8_000.0])
    apart = np.abs(causes.chances(MONTH).exceeds(asked) - whole.exceeds(asked)).max(axis=0)
    assert apart[1:].max() < 1.5e-3, "a tenth of the threshold is the bin that is asked for"
    assert apart[3:].max() < 2e-4
    assert float(causes.chances(MONTH).exceeds(MONTH)[0]) < 1e-6


@given(
    mean=st.floats(0.01, 3_000), sigma=st.floats(0.2, 2.5), rate=st.floats(0.01, 30), bins=st.sampled_from([256, 512]),
    longest=st.floats(300.0, 1e6),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_table_of_lengths_gives_the_chances_of_the_exact_formula(mean: float, sigma: float, rate: float, bins: int, longest: float) -> None:
    quick = log_transform(np.array([[rate]]), np.array([[mean]]), np.array([[longest]]), np.array([sigma]), bins)
    exact = rate * (np.fft.rfft(on_grid([mean], sigma, longest, bins) * tilt(bins), axis=1) - 1)
    below = [np.cumsum(np.fft.irfft(np.exp(x), n=bins, axis=1) / tilt(bins)) for x in (quick, exact)]
    assert np.abs(below[0] - below[1]).max() < 1e-4


def test_lengths_on_a_grid_are_those_of_the_lognormal() -> None:
    """Against plain integration of the density over each hat."""
    mean, sigma, bins = 7.0, 0.9, 40
    x = np.exp(np.linspace(np.log(1e-4), np.log(bins + 1.0), 400_001))
    z = (np.log(x / mean) + sigma**2 / 2) / sigma
    density = np.exp(-(z**2) / 2) / (x * sigma * np.sqrt(2 * np.pi))
    hats = [np.trapezoid(density * np.clip(1 - np.abs(x - k), 0, None), x) for k in range(bins)]
    assert np.abs(on_grid([mean], sigma, np.inf, bins)[0] - hats).max() < 1e-8
    cut = on_grid([mean], sigma, 10.25, bins)[0]
    assert cut.sum() == pytest.approx(1.0)
    assert cut @ np.arange(bins) == pytest.approx(float(mean_capped_minutes(mean, sigma, 10.25)))
    assert cut[12:].max() == pytest.approx(0.0, abs=1e-12)


def test_overlaps_are_added_and_the_note_says_by_how_much_that_is_wrong() -> None:
    """Merged intervals on a line against the plain sum: right at 99.9 %, 5 % too high at 90 %."""
    random = np.random.default_rng(5)
    for share in (0.001, 0.1):
        n, length = 400_000, 60.0
        horizon = n * length / share
        start = np.sort(random.uniform(0, horizon, n))
        end = np.maximum.accumulate(start + random.exponential(length, n))
        begin = np.maximum(start, np.concatenate([[0.0], end[:-1]]))
        merged = np.maximum(end - begin, 0.0).sum() / horizon
        assert merged == pytest.approx(float(d.merged_share(share)), rel=0.01)
    assert 0.1 / float(d.merged_share(0.1)) == pytest.approx(1.05, abs=0.005)
    assert 0.001 / float(d.merged_share(0.001)) == pytest.approx(1.0005, abs=1e-6)


rates = st.floats(0.01, 60.0)
shares = st.floats(0.01, 1.0)
lengths = st.floats(1.0, 400.0)
sigmas = st.floats(0.0, 1.6)


@given(rates, shares, lengths, sigmas)
@example(0.125, 1.0, 155.0, 1.5)
@settings(max_examples=40, deadline=None)
def test_the_grid_keeps_the_mean(rate: float, reach: float, minutes: float, sigma: float) -> None:
    got = d.window_distribution(rate, reach, minutes, sigma, window_minutes=MONTH, bin_minutes=2.0, bins=2**14)
    on_grid, beyond = float((got.pmf @ got.grid)[0]), 1.0 - float(got.pmf.sum())
    # What lies beyond the grid is missing on it, and is no longer than the window.
    assert got.mean[0] * (1 - 2e-3) - 1e-4 - beyond * MONTH <= on_grid <= got.mean[0] * (1 + 2e-3) + 1e-4
    assert got.mean[0] <= rate * reach * minutes * MONTH / YEAR * (1 + 1e-12)


@given(rates, shares, lengths, sigmas)
@settings(max_examples=30, deadline=None)
def test_minutes_split_over_two_equal_causes_change_nothing(
    rate: float, reach: float, minutes: float, sigma: float
) -> None:
    one = d.window_distribution([[rate]], reach, minutes, sigma, window_minutes=MONTH, bin_minutes=1.0)
    two = d.window_distribution([[rate / 2, rate / 2]], reach, minutes, sigma, window_minutes=MONTH, bin_minutes=1.0)
    assert one.exceeds([5.0, 43.2, 432.0]) == pytest.approx(two.exceeds([5.0, 43.2, 432.0]), abs=2e-3)
    assert one.mean == pytest.approx(two.mean, rel=1e-12)


@given(rates, shares, lengths, sigmas, st.floats(1.0, 3.0))
@settings(max_examples=30, deadline=None)
def test_more_outages_or_longer_ones_never_lower_the_chance_of_a_breach(
    rate: float, reach: float, minutes: float, sigma: float, factor: float
) -> None:
    def breach(r: float, m: float) -> float:
        got = d.window_distribution(r, reach, m, sigma, window_minutes=MONTH, bin_minutes=1.0)
        return float(d.breach_chance(got, 0.999)[0])

    now = breach(rate, minutes)
    assert 0 <= now <= 1
    assert breach(rate * factor, minutes) >= now - 1e-7
    # A longer mean at the same spread is a longer length for every quantile; the split over bins blurs by a bin.
    assert breach(rate, minutes * factor) >= now - 2e-3


@given(st.floats(0.0, 1.0), st.integers(1, 52))
def test_a_year_breaks_a_promise_at_least_as_often_as_a_window(chance: float, windows: int) -> None:
    year = float(d.yearly_breach_chance(chance, windows))
    assert chance - 1e-12 <= year <= 1
    assert year == pytest.approx(1 - (1 - chance) ** windows, abs=1e-9)


def test_the_yearly_chance_is_averaged_after_the_power() -> None:
    per_month = np.array([0.0, 0.5])
    after = d.yearly_breach_chance(per_month, 12).mean()
    before = float(d.yearly_breach_chance(per_month.mean(), 12))
    assert after == pytest.approx(0.49988, abs=1e-5)
    assert before == pytest.approx(0.96832, abs=1e-5)


def test_batched_draws_equal_one_at_a_time() -> None:
    random = np.random.default_rng(2)
    rate, minutes = random.uniform(0.1, 20, (70, 3)), random.uniform(5, 200, (70, 3))
    batch = d.window_distribution(rate, 0.5, minutes, 1.1, window_minutes=MONTH)
    for i in (0, 33, 69):
        single = d.window_distribution(rate[i : i + 1], 0.5, minutes[i : i + 1], 1.1, window_minutes=MONTH)
        # One draw alone asks for fewer rows of the table of lengths, so that its sums are rounded in another order.
        assert np.abs(single.pmf[0] - batch.pmf[i]).max() < 1e-12
    again = d.window_distribution(rate, 0.5, minutes, 1.1, window_minutes=MONTH)
    assert np.array_equal(again.pmf, batch.pmf)


def test_planned_work_is_added_as_scheduled_and_is_not_random() -> None:
    causes = d.Causes(
        ("release window", "fault"), rate=[[12.0, 4.0]], reach=[[1.0, 1.0]], minutes=[[30.0, 60.0]], sigma=[0.0, 1.0],
        planned=(True, False),
    )  # fmt: skip
    month = causes.window(YEAR / 12)
    assert float(month.planned_minutes[0]) == pytest.approx(30.0)
    assert float(month.exceeds(29.9)[0]) == 1.0
    alone = d.window_distribution(4.0, 1.0, 60.0, 1.0, window_minutes=YEAR / 12)
    assert float(month.exceeds(50.0)[0]) == pytest.approx(float(alone.exceeds(20.0)[0]), abs=1e-12)
    assert float(month.mean[0]) == pytest.approx(causes.total_per_year()[0] / 12)
    only_planned = d.Causes(("work",), [[12.0]], [[1.0]], [[30.0]], 0.0, planned=(True,)).window(YEAR / 12)
    assert float(only_planned.exceeds(30.1)[0]) == 0.0


def test_no_causes_at_all_break_nothing() -> None:
    month = d.window_distribution(0.0, 1.0, 60.0, 1.24, window_minutes=MONTH)
    assert float(month.mean[0]) == 0.0
    assert float(d.breach_chance(month, 0.99999)[0]) == pytest.approx(0.0, abs=1e-12)
    assert float(d.expected_credit_share(month, RDS_TIERS)[0]) == pytest.approx(0.0, abs=1e-12)


def test_changing_the_unit_of_time_changes_nothing() -> None:
    in_minutes = d.window_distribution(6.0, 0.5, 80.0, 1.0, window_minutes=MONTH, bin_minutes=1.0)
    # The same system told in half minutes: a year has twice as many, so the rate per "year" of 525,600 halves.
    in_halves = d.window_distribution(3.0, 0.5, 160.0, 1.0, window_minutes=2 * MONTH, bin_minutes=2.0)
    assert in_minutes.exceeds(43.2) == pytest.approx(in_halves.exceeds(86.4), abs=1e-12)


def test_a_typical_year_is_better_than_the_average_and_one_in_ten_is_worse() -> None:
    year = d.window_distribution([2.0, 8.0], 1.0, 90.0, 1.24, window_minutes=YEAR)
    view = d.year_view(year)
    assert view.typical < view.average < view.one_in_ten
    assert view.average == pytest.approx(450.0, rel=1e-3)
    assert float(year.over_all_draws().exceeds(view.one_in_ten)[0]) == pytest.approx(0.1, abs=1e-3)


def test_causes_are_ranked_against_a_quarter_of_the_budget() -> None:
    ranking = d.budget_ranking(("zone", "change", "operator"), [[18.0, 120.0, 131.0], [22.0, 300.0, 133.0]], 525.6)
    assert [cause.cause for cause in ranking] == ["change", "operator", "zone"]
    assert [cause.over_limit for cause in ranking] == [True, True, False]
    assert [cause.chance_over_limit for cause in ranking] == [0.5, 0.5, 0.0]
    assert ranking[0].share_of_budget == pytest.approx(210 / 525.6)


def test_a_failover_shortens_outages_only_as_far_as_it_covers() -> None:
    assert float(d.outage_minutes(0, 0, 60, coverage=0.95, switch_minutes=2)) == pytest.approx(4.9)
    assert float(d.outage_minutes(5, 10, 60)) == 75.0


def test_a_failed_change_is_not_a_full_outage() -> None:
    failures = d.change_failures_per_year(20, 0.1)
    assert float(d.bad_minutes_per_year(failures, 0.3, 40)) == pytest.approx(288.0)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: d.bad_minutes_per_year(-1, 1, 60),
        lambda: d.bad_minutes_per_year(1, 1.01, 60),
        lambda: d.bad_minutes_per_year(1, 1, float("nan")),
        lambda: d.window_distribution(1, 2.0, 60, 1, window_minutes=MONTH),
        lambda: d.window_distribution(1, 1.0, 60, -1, window_minutes=MONTH),
        lambda: d.window_distribution([[1, 2]], 1.0, [[1, 2, 3]], 1, window_minutes=MONTH),
        lambda: d.window_distribution(1, 1, 60, 1, window_minutes=0),
        lambda: d.window_distribution(99, 1, 60, 1, window_minutes=MONTH, bins=8, bin_minutes=1).exceeds(99),
        lambda: d.breach_chance(d.window_distribution(1, 1, 60, 1, window_minutes=MONTH), 99.9),
        lambda: d.breach_chance(d.window_distribution(1, 1, 60, 1, window_minutes=MONTH), 0.999, YEAR),
        lambda: d.yearly_breach_chance(1.2, 12),
        lambda: d.expected_credit_share(
            d.window_distribution(1, 1, 60, 1, window_minutes=MONTH), [(0.999, 0.5), (0.99, 0.1)]
        ),
        lambda: d.Causes(("a", "a"), [[1.0, 1.0]], [[1.0, 1.0]], [[1.0, 1.0]], 1.0),
        lambda: d.Causes(("a",), [[1.0, 1.0]], [[1.0, 1.0]], [[1.0, 1.0]], 1.0),
        lambda: d.budget_ranking(("a",), [[1.0]], 0.0),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(impossible: Callable[[], object]) -> None:
    with pytest.raises(ModelError, match=r"[a-z]{3,} "):
        impossible()
