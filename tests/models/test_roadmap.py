"""The plan against brute force and integer programming, and by its laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models.backlog import Backlog, Capacity, Plan, plan_of
from readiness.models.margin import engineer_week_worth, ranked_by_ratio, why_left_out
from readiness.models.roadmap import best_plan, polish
from readiness.models.tangents import least_total, refine


def an_instance(
    seed: int, improvements: int, quarters: int, risks: int = 8, *, running: bool = True, rivals: bool = True
) -> tuple[Backlog, Capacity]:
    """Hours and money of very different size, sparse effects, prerequisites, lead times, rivals."""
    rng = np.random.default_rng(seed)
    hours = rng.lognormal(3.3, 0.8, improvements).round()
    money = (rng.lognormal(7, 1, improvements) * (rng.random(improvements) < 0.5)).round()
    spread = rng.random((improvements, risks)) < 3 / risks
    backlog = Backlog.of(
        hours,
        np.where(spread, rng.beta(2, 4, (improvements, risks)), 0).round(3),
        np.outer(np.linspace(1, 1.5, quarters), rng.lognormal(9, 1, risks)).round(),
        money=money,
        running_per_quarter=rng.choice([0, 0, 50], improvements) if running else 0.0,
        lead_quarters=rng.choice([0, 0, 0, 1], improvements),
        needs=[
            set(rng.choice(p, 1 + int(rng.random() < 0.2)).tolist()) if p and rng.random() < 0.35 else ()
            for p in range(improvements)
        ],
        rivals=[(0, improvements - 1)] if rivals else (),
    )
    share = rng.choice([0.25, 0.5, 0.8])
    return backlog, Capacity.of(np.full(quarters, share * hours.sum() / quarters), money.sum() * 0.6)


def best_by_brute_force(backlog: Backlog, capacity: Capacity) -> float:
    """The least total over all finish quarters of all improvements, in plain Python."""
    quarters = range(backlog.horizon)
    least = float(backlog.losses.sum())
    for finish in itertools.product([-1, *quarters], repeat=backlog.count):
        done = [p for p in range(backlog.count) if finish[p] >= 0]
        if any(
            q not in done or finish[q] + backlog.lead_quarters[q] > finish[p]
            for p in done
            for q in backlog.needs[p]
        ):
            continue
        if any(len(group & set(done)) > 1 for group in backlog.rivals):
            continue
        if any(
            sum(backlog.hours[p] for p in done if finish[p] <= t) > capacity.hours[: t + 1].sum() * (1 + 1e-9)
            or sum(backlog.money[p] for p in done if finish[p] <= t)
            > capacity.money[: t + 1].sum() * (1 + 1e-9)
            for t in quarters
        ):
            continue
        total = 0.0
        for t in quarters:
            active = [p for p in done if finish[p] + backlog.lead_quarters[p] <= t]
            left = np.prod([1 - backlog.effects[p] for p in active], axis=0) if active else 1.0
            total += float((backlog.losses[t] * left).sum()) + sum(
                backlog.running_per_quarter[p] for p in active
            )
        least = min(least, total)
    return least


# --- by hand ---
def test_two_improvements_and_room_for_one_a_quarter() -> None:
    # 100 lost a quarter; one improvement takes half for 10 h, the other a fifth for 10 h; 10 h a quarter.
    backlog = Backlog.of([10, 10], [[0.2], [0.5]], [[100], [100], [100]])
    plan = best_plan(backlog, Capacity.of([10, 10, 10]))
    assert plan.order == (1, 0)
    assert plan.finish_quarter.tolist() == [1, 0]
    assert plan.loss_by_quarter == pytest.approx([50, 40, 40])
    assert (plan.without, plan.total, plan.avoided) == pytest.approx((300, 130, 170))
    assert plan.hours_by_quarter.tolist() == [10, 10, 0]
    assert plan.start.tolist() == [1, 0]
    assert plan.finish.tolist() == [2, 1]


def test_a_prerequisite_without_benefit_of_its_own_is_done_for_what_it_opens() -> None:
    # A test environment (20 h) avoids nothing; the drill that needs it avoids 90 %. The usual ranking never
    # gets there.
    backlog = Backlog.of([20, 10, 10], [[0.0], [0.9], [0.1]], [[1000], [1000]], needs=[(), (0,), ()])
    capacity = Capacity.of([30, 0])
    assert best_plan(backlog, capacity).order == (0, 1)
    assert ranked_by_ratio(backlog, capacity).order == (2,)


def test_what_two_do_only_together_is_an_improvement_of_its_own() -> None:
    # A second copy saves 482 of 916 min by itself, better coverage nothing; both save all of it.
    together = Backlog.of([20, 20, 0], [[482 / 916], [0], [0.999]], [[916], [916]], needs=[(), (), (0, 1)])
    plan = best_plan(together, Capacity.of([40, 0]))
    assert set(plan.order) == {0, 1, 2}
    assert plan.loss_by_quarter == pytest.approx([0.434, 0.434], abs=1e-3)


def test_work_that_takes_longer_than_a_quarter_has_its_effect_when_it_is_done() -> None:
    backlog = Backlog.of([25], [[0.5]], [[100], [100], [100], [100]])
    plan = best_plan(backlog, Capacity.of([10, 10, 10, 10]))
    assert plan.finish_quarter.tolist() == [2]
    assert plan.loss_by_quarter.tolist() == [100, 100, 50, 50]
    assert (plan.start[0], plan.finish[0]) == (0, 2.5)


def test_a_hire_takes_effect_after_its_lead_time_and_what_needs_it_waits() -> None:
    backlog = Backlog.of([10, 10], [[0.5], [0.5]], [[100]] * 4, lead_quarters=[2, 0], needs=[(), (0,)])
    plan = best_plan(backlog, Capacity.of([20, 0, 0, 0]))
    assert plan.finish_quarter.tolist() == [0, 2]
    assert plan.effect_quarter.tolist() == [2, 2]
    assert plan.loss_by_quarter.tolist() == [100, 100, 25, 25]


def test_money_that_comes_later_lets_work_finish_later() -> None:
    backlog = Backlog.of([1], [[0.5]], [[100]] * 3, money=50)
    assert best_plan(backlog, Capacity.of([10, 10, 10], [20, 20, 20])).finish_quarter.tolist() == [2]
    assert best_plan(backlog, Capacity.of([10, 10, 10], 49)).order == ()


def test_a_running_cost_above_the_loss_avoided_is_not_worth_it() -> None:
    backlog = Backlog.of([1, 1], [[0.5], [0.5]], [[100], [100]], running_per_quarter=[60, 20])
    plan = best_plan(backlog, Capacity.of([10, 10]))
    assert plan.order == (1,)
    assert plan.running_by_quarter.tolist() == [20, 20]
    assert plan.total == pytest.approx(140)
    assert why_left_out(backlog, Capacity.of([10, 10]), plan) == {0: "not worth it"}


def test_the_last_quarter_may_stand_for_the_year_after_the_plan() -> None:
    backlog = Backlog.of(
        [1], [[0.5]], [[100], [400]], running_per_quarter=10, quarters=[1, 4], lead_quarters=1
    )
    plan = best_plan(backlog, Capacity.of([10, 10]))
    assert plan.loss_by_quarter.tolist() == [100, 200]
    assert plan.running_by_quarter.tolist() == [0, 40]


def test_of_two_rivals_the_better_one_is_done() -> None:
    backlog = Backlog.of([10, 12], [[0.5], [0.9]], [[100], [100]], rivals=[(0, 1)])
    plan = best_plan(backlog, Capacity.of([40, 0]))
    assert plan.order == (1,)
    assert why_left_out(backlog, Capacity.of([40, 0]), plan) == {0: "rival chosen"}


def test_the_gates_of_the_promise_come_first_if_asked() -> None:
    backlog = Backlog.of([10, 10, 10], [[0.9], [0.1], [0.0]], [[100]] * 3, needs=[(), (2,), ()])
    capacity = Capacity.of([10, 10, 10])
    assert best_plan(backlog, capacity).order[0] == 0
    gates_first = best_plan(backlog, capacity, first=[1])
    assert gates_first.order == (2, 1, 0)
    refined = refine(backlog, capacity, gates_first, first=[1], seconds=5)
    assert refined.plan.total == pytest.approx(gates_first.total)


def test_a_gate_that_fits_into_no_quarter_does_not_stop_the_rest() -> None:
    backlog = Backlog.of([1000, 10], [[0.9], [0.1]], [[100]] * 2)
    assert best_plan(backlog, Capacity.of([10, 10]), first=[0]).order == (1,)


# --- against others ---
@pytest.mark.parametrize("seed", range(12))
def test_small_plans_against_every_possible_one(seed: int) -> None:
    backlog, capacity = an_instance(seed, 5, 3, risks=4)
    least = best_by_brute_force(backlog, capacity)
    plan = polish(backlog, capacity, best_plan(backlog, capacity))
    refined = refine(backlog, capacity, plan, seconds=10, gap=1e-6)
    assert refined.plan.total == pytest.approx(least, rel=1e-5)
    assert least_total(backlog, capacity) <= refined.bound * (1 + 1e-6) <= least * (1 + 2e-6)
    assert least * (1 - 1e-9) <= plan.total <= least * 1.01
    assert refined.gap <= 1e-5


@pytest.mark.parametrize("seed", range(4))
def test_twenty_improvements_in_four_quarters_against_integer_programming(seed: int) -> None:
    backlog, capacity = an_instance(seed, 20, 4)
    plan = polish(backlog, capacity, best_plan(backlog, capacity))
    refined = refine(backlog, capacity, plan, seconds=15, gap=2e-3)
    assert refined.gap <= 2e-3
    assert least_total(backlog, capacity) <= refined.plan.total * (1 + 1e-9)
    assert refined.plan.total <= plan.total
    assert plan.avoided >= 0.96 * refined.plan.avoided


def test_the_usual_ranking_avoids_less() -> None:
    lost = []
    for seed in range(6):
        backlog, capacity = an_instance(seed, 40, 6, running=False, rivals=False)
        plan = polish(backlog, capacity, best_plan(backlog, capacity))
        lost.append(1 - ranked_by_ratio(backlog, capacity).avoided / plan.avoided)
        assert best_plan(backlog, capacity).avoided > 0.98 * plan.avoided
    assert min(lost) > 0
    assert np.mean(lost) > 0.02


# --- laws ---
def _holds_all_rules(backlog: Backlog, capacity: Capacity, plan: Plan) -> None:
    finish, done = plan.finish_quarter, set(plan.order)
    assert done == set(np.flatnonzero(finish >= 0).tolist())
    for p in done:
        for q in backlog.needs[p]:
            assert q in done
            assert finish[q] + backlog.lead_quarters[q] <= finish[p]
            assert plan.order.index(q) < plan.order.index(p)
    for group in backlog.rivals:
        assert len(group & done) <= 1
    for t in range(backlog.horizon):
        by_then = (finish >= 0) & (finish <= t)
        assert backlog.hours[by_then].sum() <= capacity.hours[: t + 1].sum() * (1 + 1e-6)
        assert backlog.money[by_then].sum() <= capacity.money[: t + 1].sum() * (1 + 1e-6)
    assert (plan.hours_by_quarter <= capacity.hours * (1 + 1e-9)).all()
    assert plan.hours_by_quarter.sum() == pytest.approx(backlog.hours[list(done)].sum())


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_prerequisites_capacity_and_rivals_always_hold(seed, improvements, quarters, gates) -> None:
    backlog, capacity = an_instance(seed, improvements, quarters, rivals=improvements > 1)
    plan = best_plan(backlog, capacity, first=[improvements // 2] if gates else [])
    _holds_all_rules(backlog, capacity, plan)
    polished = polish(backlog, capacity, plan)
    _holds_all_rules(backlog, capacity, polished)
    assert polished.total <= plan.total
    assert "still fits" not in why_left_out(backlog, capacity, polished).values()


@given(
    st.integers(0, 10**6),
    st.integers(2, 14),
    st.lists(st.floats(0, 60), min_size=5, max_size=5),
    st.floats(0, 5000),
)
@settings(max_examples=40, deadline=None)
def test_more_hours_or_money_never_worsen_the_plan(seed, improvements, hours, money) -> None:
    backlog, capacity = an_instance(seed, improvements, 5, running=False)
    wider = Capacity(capacity.hours + hours, capacity.money + np.array([money, 0, 0, 0, 0]))
    assert best_plan(backlog, wider).total <= best_plan(backlog, capacity).total * (1 + 1e-12)


@given(st.integers(0, 10**6), st.integers(1, 10))
@settings(max_examples=20, deadline=None)
def test_no_plan_undercuts_the_bound_nor_costs_more_than_doing_nothing(seed, improvements) -> None:
    backlog, capacity = an_instance(seed, improvements, 3, rivals=False)
    plan = best_plan(backlog, capacity)
    assert least_total(backlog, capacity) <= plan.total * (1 + 1e-9)
    assert plan.total <= plan.without


@given(st.integers(0, 10**6), st.floats(0.01, 100))
@settings(max_examples=20, deadline=None)
def test_another_currency_changes_no_plan(seed, factor) -> None:
    backlog, capacity = an_instance(seed, 8, 4)
    other = Backlog.of(
        backlog.hours,
        backlog.effects,
        backlog.losses * factor,
        money=backlog.money * factor,
        running_per_quarter=backlog.running_per_quarter * factor,
        lead_quarters=backlog.lead_quarters,
        needs=backlog.needs,
        rivals=backlog.rivals,
    )
    plan = best_plan(backlog, capacity)
    exchanged = best_plan(other, Capacity(capacity.hours, capacity.money * factor))
    assert exchanged.total == pytest.approx(plan.total * factor, rel=1e-9)


def test_the_same_input_gives_the_same_plan_to_the_bit() -> None:
    backlog, capacity = an_instance(3, 30, 6)
    first, second = best_plan(backlog, capacity), best_plan(backlog, capacity)
    assert first.order == second.order
    assert first.total == second.total


# --- the margin ---
def test_what_one_more_engineer_week_buys() -> None:
    # 40 h are missing for an improvement that halves 300 over the horizon from the first quarter on.
    backlog = Backlog.of([30, 40], [[0.5], [0.5]], [[100]] * 3)
    capacity = Capacity.of([30, 0, 0])
    plan = best_plan(backlog, capacity)
    assert engineer_week_worth(backlog, capacity, plan) == pytest.approx(75)
    assert engineer_week_worth(backlog, capacity, plan, quarter=2) == pytest.approx(25)
    assert engineer_week_worth(backlog, capacity, plan, hours=5) == 0


def test_why_something_was_left_out() -> None:
    backlog = Backlog.of(
        [10, 500, 5, 5, 5],
        [[0.5], [0.9], [0.3], [0.0], [0.2]],
        [[100]] * 2,
        lead_quarters=[0, 0, 2, 0, 0],
        needs=[(), (), (), (), (1,)],
    )
    capacity = Capacity.of([10, 10])
    plan = best_plan(backlog, capacity)
    assert plan.order == (0,)
    assert why_left_out(backlog, capacity, plan) == {
        1: "no room",
        2: "too late",
        3: "not worth it",
        4: "no room",
    }
    nothing = plan_of(backlog, capacity, [-1] * 5)
    assert why_left_out(backlog, capacity, nothing)[0] == "still fits"
    assert polish(backlog, capacity, nothing).order == (0,)


# --- what cannot be ---
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"needs": [(1,), (0,)]}, "circle", id="each needs the other"),
        pytest.param({"needs": [(0,), ()]}, "circle", id="one needs itself"),
        pytest.param({"needs": [(), (7,)]}, "there are only 2", id="needs what does not exist"),
        pytest.param({"needs": [()]}, "1 lists of prerequisites", id="too few lists"),
        pytest.param({"effects": [[1.0], [0.5]]}, "nothing is certain", id="all of a risk"),
        pytest.param({"effects": [[-0.1], [0.5]]}, "effect", id="a harmful effect"),
        pytest.param({"hours": [-1, 5]}, "hours", id="negative work"),
        pytest.param({"losses": [[float("nan")]]}, "loss", id="a loss that is no number"),
        pytest.param({"losses": [100]}, "quarters, risks", id="losses in one row"),
    ],
)
def test_impossible_backlogs_are_refused(change, sentence) -> None:
    given_ = {"hours": [10, 10], "effects": [[0.1], [0.5]], "losses": [[100]]} | change
    with pytest.raises(ModelError, match=sentence):
        Backlog.of(given_.pop("hours"), given_.pop("effects"), given_.pop("losses"), **given_)


@pytest.mark.parametrize(
    ("finish", "sentence"),
    [
        ([0, 0, -1], "more hours or money"),
        ([-1, 1, -1], "before 0, which it needs"),
        ([1, 0, -1], "before 0, which it needs"),
        ([0, -1, 1], "at most one"),
        ([0], "a quarter for each improvement"),
    ],
)
def test_plans_that_break_a_rule_are_refused(finish, sentence) -> None:
    backlog = Backlog.of([10, 10, 10], [[0.1]] * 3, [[100], [100]], needs=[(), (0,), ()], rivals=[(0, 2)])
    with pytest.raises(ModelError, match=sentence):
        plan_of(backlog, Capacity.of([10, 10]), finish)


def test_a_plan_that_does_not_wait_for_the_lead_time_of_a_prerequisite_is_refused() -> None:
    backlog = Backlog.of([1, 1], [[0.1], [0.1]], [[100]] * 2, lead_quarters=[1, 1], needs=[(), (0,)])
    assert plan_of(backlog, Capacity.of([9, 9]), [0, 1]).effect_quarter.tolist() == [1, 2]
    with pytest.raises(ModelError, match="before 0, which it needs, is in effect"):
        plan_of(backlog, Capacity.of([9, 9]), [0, 0])


def test_a_capacity_for_other_quarters_is_refused() -> None:
    with pytest.raises(ModelError, match="2 quarters, not 3"):
        best_plan(Backlog.of([1], [[0.1]], [[1], [1]]), Capacity.of([1, 1, 1]))
    with pytest.raises(ModelError, match="cannot be negative"):
        Capacity.of([1, -1])


def test_an_empty_backlog_is_a_plan_that_does_nothing() -> None:
    backlog = Backlog.of([], np.zeros((0, 2)), [[5, 5], [5, 5]])
    plan = best_plan(backlog, Capacity.of([10, 10]))
    assert (plan.order, plan.total, plan.without) == ((), 20, 20)
    assert least_total(backlog, Capacity.of([10, 10])) == 20
