"""Managed or self-run: gates, comparison, break-even, switching, lock-in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import sourcing as s
from readiness.models.cost import npv

BLOCK = s.Gate("residency", "block", "no region in Switzerland", "a Swiss region, or consent of the customer")
SURCHARGE = s.Gate("engine version", "surcharge", "PostgreSQL 11", "upgrade to 16", surcharge_per_month=146.0)


def drawn_way(name: str, seed: int, *, draws: int = 40, months: int = 24, gates: tuple[s.Gate, ...] = ()) -> s.Way:
    random = np.random.default_rng(seed)
    shape = (draws, months)
    return s.Way(
        name, cash=random.uniform(100, 3000, shape), hours=random.uniform(1, 40, shape),
        loss=random.uniform(0, 500, shape), upfront_cash=random.uniform(0, 9000, draws),
        upfront_hours=random.uniform(0, 80, draws), exit_chance=0.1, exit_cost=random.uniform(0, 2e4, draws), gates=gates,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("premium", "rate", "share", "saved", "self_run"),
    [(1000, 80, 0.35, 12.5, 19.23), (1000, 80, 0.0, 12.5, 12.5), (249.66, 100, 0.65, 2.4966, 7.133), (-50, 80, 0.35, 0, 0)],
    ids=["likely residue", "no residue", "three brokers, much remains", "managed is cheaper at once"],
)
def test_both_break_even_hours(premium: float, rate: float, share: float, saved: float, self_run: float) -> None:
    got = s.break_even_hours(premium, rate, residual_share=share)
    assert float(got.saved) == pytest.approx(saved, rel=1e-3)
    assert float(got.self_run) == pytest.approx(self_run, rel=1e-3)


@given(st.integers(0, 10**6), st.floats(10, 300), st.floats(0, 0.3))
@settings(max_examples=25, deadline=None)
def test_equal_inputs_on_both_sides_give_equal_numbers(seed: int, rate: float, discount: float) -> None:
    got = s.compare_ways(
        drawn_way("own", seed), drawn_way("managed", seed), hourly_rate=rate, discount_rate_per_year=discount
    )
    assert not got.economic_difference.any()
    assert not got.cash_difference.any()
    assert (got.chance_cheaper_cash, got.chance_cheaper_economic) == (0.5, 0.5)
    assert got.break_even == s.Crossing(None, ())
    assert np.isnan(got.break_even_by_draw).all()


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_other_way_round_is_the_same_verdict(seed: int) -> None:
    own, managed = drawn_way("own", seed), drawn_way("managed", seed + 1)
    there, back = (s.compare_ways(a, b, hourly_rate=80) for a, b in ((own, managed), (managed, own)))
    assert there.chance_cheaper_economic + back.chance_cheaper_economic == pytest.approx(1.0)
    assert there.median == pytest.approx(-back.median)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


@given(st.integers(0, 10**6), st.floats(0.05, 20))
@settings(max_examples=25, deadline=None)
def test_another_currency_changes_no_ranking(seed: int, factor: float) -> None:
    def ways(f: float) -> list[s.Way]:
        plain = [drawn_way(f"way {i}", seed + i) for i in range(3)]
        return [
            s.Way(
                w.id, cash=w.cash * f, hours=w.hours, loss=w.loss * f, upfront_cash=np.asarray(w.upfront_cash) * f,
                upfront_hours=w.upfront_hours, exit_chance=w.exit_chance, exit_cost=np.asarray(w.exit_cost) * f,
            )
            for w in plain
        ]  # fmt: skip

    here, there = (s.rank_ways(ways(f), hourly_rate=80 * f) for f in (1.0, factor))
    assert [way.way for way in here] == [way.way for way in there]
    assert [way.chance_best for way in here] == pytest.approx([way.chance_best for way in there])


def test_the_three_columns_add_up_to_the_economic_difference() -> None:
    own, managed = drawn_way("own", 1), drawn_way("managed", 2)
    got = s.compare_ways(own, managed, hourly_rate=80)
    lock_in = 0.1 * (np.asarray(managed.exit_cost) - np.asarray(own.exit_cost))
    columns = got.cash_difference + 80 * got.hours_difference + got.loss_difference
    assert columns + lock_in == pytest.approx(got.economic_difference)
    assert got.low <= got.median <= got.high


def test_present_values_are_those_of_the_cost_model() -> None:
    own, managed = drawn_way("own", 1), drawn_way("managed", 2)
    got = s.compare_ways(own, managed, hourly_rate=80, discount_rate_per_year=0.12)
    expected = npv(managed.cash_by_month(), 0.12) - npv(own.cash_by_month(), 0.12)
    assert got.cash_difference == pytest.approx(expected)


def test_spared_hours_are_not_cash() -> None:
    nothing = np.zeros((1, 12))
    own = s.Way("own", cash=nothing + 500, hours=nothing + 20, loss=nothing)
    managed = s.Way("managed", cash=nothing + 900, hours=nothing + 3, loss=nothing)
    got = s.compare_ways(own, managed, hourly_rate=80)
    assert (got.chance_cheaper_cash, got.chance_cheaper_economic) == (0.0, 1.0)
    assert float(got.cash_difference[0]) == 4800.0
    assert float(got.hours_difference[0]) == -204.0


@given(st.integers(0, 10**6), st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_a_blocked_way_never_wins_however_cheap(seed: int, price: float) -> None:
    nothing = np.zeros((40, 24))
    free = s.Way("free", cash=nothing + price, hours=nothing, loss=nothing, gates=(BLOCK,))
    ranking = s.rank_ways([free, drawn_way("own", seed), drawn_way("managed", seed + 1)], hourly_rate=80)
    assert ranking[-1].way == "free"
    assert ranking[-1].chance_best == 0.0
    assert ranking[-1].blocked == (BLOCK,)
    assert sum(way.chance_best for way in ranking) == pytest.approx(1.0)


def test_where_all_ways_are_blocked_none_wins() -> None:
    ranking = s.rank_ways([drawn_way("own", 1, gates=(BLOCK,)), drawn_way("managed", 2, gates=(BLOCK,))], hourly_rate=1)
    assert [way.chance_best for way in ranking] == [0.0, 0.0]


def test_a_surcharge_is_paid_every_month_and_blocks_nothing() -> None:
    plain, dearer = drawn_way("managed", 3), drawn_way("managed", 3, gates=(SURCHARGE, s.Gate("region", "pass")))
    assert dearer.blocked == ()
    assert (dearer.cash_by_month() - plain.cash_by_month()) == pytest.approx(np.full((40, 24), 146.0))


def test_a_wider_range_never_raises_confidence() -> None:
    z = np.random.default_rng(4).standard_normal((4000, 1))
    nothing = np.zeros((4000, 12))
    chances = []
    for width in (50.0, 100.0, 200.0, 400.0):
        own = s.Way("own", cash=nothing + 1000 + width * z, hours=nothing, loss=nothing)
        managed = s.Way("managed", cash=nothing + 900, hours=nothing, loss=nothing)
        chances.append(s.compare_ways(own, managed, hourly_rate=0.0).chance_cheaper_cash)
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(0.977, abs=0.01)


@pytest.mark.parametrize(
    ("difference", "month", "crossings"),
    [
        ([10, 5, -1, -5], 2, (2,)),
        ([10, 5, 1], None, ()),
        ([-1, -2], 0, (0,)),
        ([5, -1, 3, 2], None, (1, 2)),
        ([5, -1, 3, -2], 3, (1, 2, 3)),
        ([0, 0, 0], None, ()),
    ],
    ids=["pays back", "never", "at once", "only for a while", "twice", "a tie is no gain"],
)
def test_break_even_is_the_first_month_after_which_it_stays(
    difference: list[float], month: int | None, crossings: tuple[int, ...]
) -> None:
    assert s.crossing_of(difference) == s.Crossing(month, crossings)
    by_draw = s.crossing_months([difference])
    assert (None if np.isnan(by_draw[0]) else int(by_draw[0])) == month


def test_break_even_of_a_premium_by_hand() -> None:
    """6,000 up front against 580 a month saved: paid back when 11 months are behind us, in month 10."""
    difference = 6000 - 580.0 * np.arange(1, 25)
    assert s.crossing_of(difference).month == 10


@given(st.integers(0, 10**6), st.integers(0, 4), st.integers(0, 4), st.floats(0, 0.2))
@settings(max_examples=40, deadline=None)
def test_the_switch_month_is_the_cheapest_of_all_tried_by_hand(
    seed: int, lead: int, double: int, discount: float
) -> None:
    random = np.random.default_rng(seed)
    months = 18
    own = np.cumsum(random.uniform(0, 120, months)) + 200
    managed = np.full(months, random.uniform(400, 1500))
    migration, leaving = random.uniform(0, 4000), random.uniform(0, 500)
    factor = (1 + discount) ** (-np.arange(months) / 12)

    def total(start: int) -> float:
        cost = migration * factor[start]
        for t in range(months):
            if t < start + lead + double:
                cost += own[t] * factor[t]
            if t >= start + lead:
                cost += managed[t] * factor[t]
        stop = start + lead + double
        return cost + (leaving * factor[stop] if stop < months else 0.0)

    tried = [total(start) for start in range(months - lead)]
    never = float((own * factor).sum())
    plan = s.switch_plan(
        own, managed, migration_cost=migration, lead_months=lead, double_run_months=double, exit_cost=leaving,
        discount_rate_per_year=discount,
    )  # fmt: skip
    assert plan.cost_by_start == pytest.approx([*tried, never])
    if min(tried) < never * (1 - 1e-9):
        assert plan.start_month == int(np.argmin(tried))
        assert plan.live_month == plan.start_month + lead
        assert plan.saving == pytest.approx(never - min(tried))
    else:
        assert plan.start_month is None
        assert plan.saving == 0.0


def test_what_never_pays_is_never_switched() -> None:
    plan = s.switch_plan(np.full(24, 100.0), np.full(24, 100.0), migration_cost=0.0)
    assert (plan.start_month, plan.live_month, plan.chance_better_than_never) == (None, None, 0.5)


def test_portability_is_worth_what_it_saves_when_one_leaves() -> None:
    assert float(s.lock_in_cost(0.05, 50_000)) == 2500.0
    assert float(s.portability_worth(0.5, 50_000, 10_000, 8_000)) == 12_000.0


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: s.Gate("region", "maybe"),  # type: ignore[arg-type]
        lambda: s.Gate("region", "block", "none there"),
        lambda: s.Gate("engine", "surcharge", "old", "upgrade"),
        lambda: s.Gate("engine", "pass", surcharge_per_month=3.0),
        lambda: s.break_even_hours(1, 0),
        lambda: s.break_even_hours(1, 1, residual_share=1.0),
        lambda: s.compare_ways(drawn_way("a", 1, months=3), drawn_way("b", 1, months=4), hourly_rate=1),
        lambda: s.rank_ways([drawn_way("a", 1), drawn_way("a", 2)], hourly_rate=1),
        lambda: s.switch_plan([1.0, 2.0], [1.0], migration_cost=0),
        lambda: s.lock_in_cost(5, 1),
        lambda: s.Way("a", cash=np.zeros((2, 3)), hours=np.zeros((2, 4)), loss=np.zeros((2, 3))),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(impossible: Callable[[], object]) -> None:
    with pytest.raises(ModelError):
        impossible()
