"""Now or later, as a tree whose branches are walked one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import options as o


def walked(build: float, running: float, loss: float, chance: np.ndarray, discount: float, preparation: float) -> float:
    """The expected cost of waiting, month by month and branch by branch."""
    months = len(chance)
    factor = [(1 + discount) ** (-t / 12) for t in range(months)]
    total = preparation
    for k in range(months):
        branch = sum(loss * factor[t] for t in range(k)) + build * factor[k]
        branch += sum(running * factor[t] for t in range(k, months))
        total += chance[k] * branch
    return total + (1 - sum(chance)) * sum(loss * f for f in factor)


@given(
    st.floats(0, 1e5), st.floats(0, 5e3), st.floats(0, 3e3), st.floats(0, 0.95), st.floats(0, 0.2), st.floats(0, 1e4)
)
@settings(max_examples=40, deadline=None)
def test_the_tree_equals_its_branches(
    build: float, running: float, loss: float, chance: float, discount: float, preparation: float
) -> None:
    trigger = o.trigger_chances(chance, 24)
    got = o.now_or_later(
        build_now=build, running_per_month=running, loss_per_month=loss, trigger=trigger, preparation=preparation,
        discount_rate_per_year=discount,
    )  # fmt: skip
    assert got.later[0] == pytest.approx(walked(build, running, loss, trigger, discount, preparation), abs=1e-6)
    now = build + sum(running * (1 + discount) ** (-t / 12) for t in range(24))
    assert got.now[0] == pytest.approx(now, abs=1e-6)
    assert got.value_of_waiting[0] == pytest.approx(now - got.later[0], abs=1e-6)


def test_a_trigger_that_comes_at_once_is_now() -> None:
    trigger = np.array([1.0] + [0.0] * 11)
    got = o.now_or_later(build_now=1000, running_per_month=10, loss_per_month=99, trigger=trigger)
    assert got.later[0] == got.now[0] == 1120.0
    assert got.value_of_waiting[0] == 0.0


def test_a_trigger_that_never_comes_costs_the_loss_only() -> None:
    got = o.now_or_later(build_now=1000, running_per_month=10, loss_per_month=5, trigger=np.zeros(12))
    assert got.later[0] == 60.0
    assert got.value_of_waiting[0] == 1060.0


def test_the_most_worth_paying_is_what_being_unprepared_costs_more() -> None:
    trigger = np.array([0.0, 0.5, 0.0])
    got = o.now_or_later(
        build_now=1e6, running_per_month=0, loss_per_month=0, trigger=trigger, build_later=100, build_unprepared=500
    )
    assert got.most_worth_paying[0] == pytest.approx(0.5 * 400)
    at_that_price = o.now_or_later(
        build_now=1e6, running_per_month=0, loss_per_month=0, trigger=trigger, build_later=100, build_unprepared=500,
        preparation=200,
    )  # fmt: skip
    assert at_that_price.later[0] == pytest.approx(at_that_price.later_unprepared[0])


def test_never_is_a_way_out_only_where_its_price_is_known() -> None:
    trigger = np.array([0.0, 1.0, 0.0])
    forced = o.now_or_later(build_now=900, running_per_month=1, loss_per_month=2, trigger=trigger)
    free = o.now_or_later(
        build_now=900, running_per_month=1, loss_per_month=2, trigger=trigger, loss_after_trigger_per_month=50
    )
    assert np.isinf(forced.never[0])
    assert free.never[0] == 2 + 2 * 50
    assert free.most_worth_paying[0] == 0.0, "losing the contract is cheaper than the second region"


def test_deciding_not_to_today_has_a_price_in_two_years() -> None:
    got = o.now_or_later(
        build_now=60_000, running_per_month=4_000, loss_per_month=500, trigger=o.trigger_chances(0.2, 36),
        build_later=90_000,
    )  # fmt: skip
    assert got.built_in_month[0, 24] == pytest.approx(24 * 500 + 90_000 + 12 * 4_000)
    assert got.built_in_month[0, 0] == pytest.approx(90_000 + 36 * 4_000)


@given(st.floats(0, 0.99), st.integers(1, 60), st.integers(0, 12))
def test_trigger_chances_add_up_to_the_chance_of_the_horizon(chance: float, months: int, start: int) -> None:
    got = o.trigger_chances(chance, months, not_before_month=start)
    waited = max(months - start, 0) / 12
    assert got.sum() == pytest.approx(1 - (1 - chance) ** waited, abs=1e-12)
    assert not got[: min(start, months)].any()


def test_draws_come_first() -> None:
    got = o.now_or_later(
        build_now=[100.0, 200.0], running_per_month=[1.0, 2.0], loss_per_month=[0.0, 3.0],
        trigger=o.trigger_chances([0.1, 0.2], 12),
    )  # fmt: skip
    assert got.later.shape == (2,)
    alone = o.now_or_later(build_now=200, running_per_month=2, loss_per_month=3, trigger=o.trigger_chances(0.2, 12))
    assert got.later[1] == pytest.approx(alone.later[0])


@pytest.mark.parametrize("trigger", [[0.6, 0.6], [-0.1, 0.2]], ids=["more than certain", "less than nothing"])
def test_impossible_chances_are_refused(trigger: list[float]) -> None:
    with pytest.raises(ModelError):
        o.now_or_later(build_now=1, running_per_month=1, loss_per_month=1, trigger=trigger)
    with pytest.raises(ModelError):
        o.trigger_chances(1.0, 12)
