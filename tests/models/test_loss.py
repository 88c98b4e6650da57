"""What bad minutes cost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import loss

money = st.floats(0, 1e6)
minutes = st.floats(0, 1e5)


def test_an_hour_at_a_hundred_is_a_hundred() -> None:
    assert float(loss.loss_per_year(60, revenue_per_hour=100).total) == 100.0


@given(minutes, money, st.floats(0, 1), st.floats(0.1, 10))
def test_in_another_currency_the_loss_is_the_same(bad: float, revenue: float, lost: float, rate: float) -> None:
    def total(factor: float) -> float:
        return float(
            loss.loss_per_year(
                bad, revenue_per_hour=revenue * factor, lost_share=lost, staff_cost_per_hour=300 * factor
            ).total
        )

    assert total(rate) == pytest.approx(total(1.0) * rate, rel=1e-12)


@given(minutes, money, money)
def test_nothing_bad_costs_nothing_and_more_of_it_never_costs_less(bad: float, revenue: float, churn: float) -> None:
    def total(b: float) -> float:
        return float(loss.loss_per_year(b, revenue_per_hour=revenue, churn_cost_per_hour=churn).total)

    assert total(0.0) == 0.0
    assert total(bad * 2) >= total(bad) >= 0


def test_unknown_revenue_is_no_default_cost_per_minute() -> None:
    unknown = loss.loss_per_year([60.0, 600.0], revenue_per_hour=None, staff_cost_per_hour=100)
    assert unknown.revenue.tolist() == [0.0, 0.0]
    assert unknown.staff.tolist() == [100.0, 1000.0]


def test_loss_by_cause_sums_to_the_loss_of_all_minutes() -> None:
    bad = np.array([[30.0, 90.0], [10.0, 0.0]])
    revenue, lost = np.array([100.0, 400.0]), np.array([0.5, 0.25])
    by_cause = loss.loss_per_year(bad, revenue_per_hour=revenue, lost_share=lost, peak_factor=2.0)
    whole = loss.loss_per_year(bad.sum(axis=1), revenue_per_hour=revenue, lost_share=lost, peak_factor=2.0)
    assert by_cause.total.shape == (2, 2)
    assert by_cause.total.sum(axis=1) == pytest.approx(whole.total)
    assert whole.total[0] == pytest.approx(200.0)


def test_staff_work_on_an_outage_however_few_users_it_reaches() -> None:
    got = loss.loss_per_year(6.0, revenue_per_hour=0, outage_minutes=60.0, staff_cost_per_hour=160.0)
    assert float(got.staff) == 160.0


@given(st.floats(0.01, 0.5), st.floats(0, 1))
def test_outages_that_ignore_the_clock_weigh_like_a_mean_hour(hours: float, factor_share: float) -> None:
    factor = factor_share / hours
    assert float(loss.peak_weight(factor, hours, hours)) == pytest.approx(1.0)


def test_peak_weight_by_hand() -> None:
    assert float(loss.peak_weight(4, 0.1, 1.0)) == 4.0
    assert float(loss.peak_weight(4, 0.1, 0.0)) == pytest.approx(0.6 / 0.9)


def test_contracts_are_value_times_chance_times_months() -> None:
    assert float(loss.contracts_at_risk(4_000, 0.6, 3)) == pytest.approx(7_200)
    assert loss.contracts_at_risk([[4_000, 1_000], [0, 1_000]], [0.6, 0.2], [3, 12]).tolist() == [9_600.0, 2_400.0]


def test_data_within_the_agreed_loss_costs_nothing() -> None:
    assert float(loss.lost_data_per_year(2, 4, 100, allowed_hours=4)) == 0.0
    assert float(loss.lost_data_per_year(2, 5, 100, allowed_hours=4)) == 200.0


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: loss.loss_per_year(-1, revenue_per_hour=1),
        lambda: loss.loss_per_year(1, revenue_per_hour=1, lost_share=1.5),
        lambda: loss.peak_weight(20, 0.1, 0.5),
        lambda: loss.weighted_reach([1, 1], [0.5, 0.6]),
        lambda: loss.contracts_at_risk(1, 2, 1),
    ],
)
def test_what_cannot_be_is_refused(impossible) -> None:
    with pytest.raises(ModelError):
        impossible()
