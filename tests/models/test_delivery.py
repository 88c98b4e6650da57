"""Toil, groundwork, runners and nights off."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import delivery as y


def test_toil_grows_with_deploys_and_with_the_part_that_follows_load() -> None:
    got = y.toil_hours(
        [10, 20], 60, months=13, growth_per_year=1.0, other_hours_per_month=8, other_grows_with_load=0.5,
        load_growth_per_year=3.0,
    )  # fmt: skip
    assert got.shape == (2, 13)
    assert got[:, 0].tolist() == [18.0, 28.0]
    assert got[:, 12] == pytest.approx([20 + 8 * 2.5, 40 + 8 * 2.5])


def test_groundwork_by_hand() -> None:
    plan = y.groundwork_or_later_launch(
        2, delay_cost_per_week=1000, work_hours=10, hourly_rate=100, loss_avoided_per_month=50,
        hours_spared_per_month=1, rework_factor=3, months=12,
    )  # fmt: skip
    assert float(plan.buys) == 12 * 150 + 1000 * 2
    assert float(plan.costs) == 1000 + 2000
    assert float(plan.net) == 800.0
    assert float(plan.most_weeks) == pytest.approx(2.8)


@given(st.floats(0, 20), st.floats(1, 1e4), st.floats(0, 500), st.floats(0, 5e3))
def test_at_the_most_weeks_the_delay_is_exactly_worth_it(weeks: float, delay: float, hours: float, loss: float) -> None:
    def plan(w: float) -> y.Groundwork:
        return y.groundwork_or_later_launch(
            w, delay_cost_per_week=delay, work_hours=hours, hourly_rate=80, loss_avoided_per_month=loss
        )

    most = float(plan(weeks).most_weeks)
    if most > 0:
        assert float(plan(most).net) == pytest.approx(0.0, abs=1e-5)
    assert (float(plan(weeks).net) > 1e-6) <= (weeks < most)


@given(st.floats(0, 5e3), st.floats(0.001, 0.1), st.floats(0, 500))
def test_at_break_even_both_runners_cost_the_same(free: float, margin: float, fixed: float) -> None:
    def runners(minutes: float) -> y.Runners:
        return y.ci_runners(
            minutes, hosted_price_per_minute=0.002 + margin, free_minutes=free, machine_price_per_minute=0.002,
            fixed_per_month=fixed,
        )  # fmt: skip

    equal = float(runners(0).break_even_minutes)
    both = runners(equal)
    assert float(both.hosted) == pytest.approx(float(both.self_run), abs=1e-6)


def test_own_machines_that_cost_as_much_a_minute_never_win() -> None:
    got = y.ci_runners(1000, hosted_price_per_minute=0.01, machine_price_per_minute=0.01, fixed_per_month=1)
    assert np.isinf(got.break_even_minutes)


def test_nights_off() -> None:
    assert float(y.nights_off_saving(1680, 50)) == pytest.approx(1180.0)
    assert float(y.nights_off_saving(1680, 168)) == 0.0
    with pytest.raises(ModelError):
        y.nights_off_saving(1680, 169)
    with pytest.raises(ModelError):
        y.groundwork_or_later_launch(
            1, delay_cost_per_week=1, work_hours=1, hourly_rate=1, loss_avoided_per_month=1, rework_factor=0.5
        )
