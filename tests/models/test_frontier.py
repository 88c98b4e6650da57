"""The frontier against brute force, a published benchmark, an independent library, and by its laws."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repyability import NonRepairableRBD
from repyability.rbd.redundancy_allocation import ComponentOption, series_front
from surpyval import FixedEventProbability

from readiness.errors import ModelError
from readiness.models import frontier_fields
from readiness.models.frontier import Front, Point, front, loss_of, merge, minutes_of
from readiness.models.frontier_changes import single_changes, steps
from readiness.models.frontier_fields import Bundle, Tier
from readiness.models.frontier_questions import (
    best_within,
    cheapest_meeting,
    distance,
    least_economic_cost,
    marginal_price,
    within_hours,
)
from readiness.models.frontier_search import k_best

WHOLE = {"resolution": 1.0, "hours_resolution": 1.0, "loss_resolution": 1.0, "loss_unit": "minutes"}
FYFFE = json.loads((Path(__file__).parents[1] / "cases" / "rap_fyffe.json").read_text())


# --- the oracle: every design written out, in Python's own integers ---


def all_designs(tiers: list[Tier], bundles: list[Bundle]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Each design with its (cost, loss, hours)."""
    found = {}
    for size in range(len(bundles) + 1):
        for used in itertools.combinations(range(len(bundles)), size):
            filled = [t for b in used for t in bundles[b].tiers]
            if len(filled) != len(set(filled)):
                continue
            ways = [range(len(tier)) if t not in filled else [None] for t, tier in enumerate(tiers)]
            for picks in itertools.product(*ways):
                design = list(picks)
                for b in used:
                    for t in bundles[b].tiers:
                        design[t] = ~b
                sums = []
                for what in ("cost", "loss", "hours"):
                    own = [
                        getattr(tier, what)[o]
                        for tier, o in zip(tiers, picks, strict=True)
                        if o is not None and getattr(tier, what) is not None
                    ]
                    sums.append(int(sum(own)) + int(sum(getattr(bundles[b], what) or 0 for b in used)))
                found[tuple(design)] = tuple(sums)
    return found


def undominated(values: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """By definition: no other is at most as large in everything."""
    rows = np.array(sorted(values))
    beaten = (rows[:, None] >= rows[None]).all(axis=2)
    np.fill_diagonal(beaten, False)
    return {tuple(row) for row in rows[~beaten.any(axis=1)].tolist()}


def instance(
    rng: np.random.Generator, *, hours: bool, bundles: bool, largest: int = 12
) -> tuple[list[Tier], list[Bundle]]:
    """Small whole numbers, so that ties, duplicates and dominated options are common."""

    def some(n: int | None = None) -> object:
        return rng.integers(0, largest, n) if n is not None else int(rng.integers(0, largest))

    tiers = []
    for _ in range(rng.integers(1, 6)):
        n = int(rng.integers(1, 5))
        tiers.append(Tier(some(n), some(n), some(n) if hours else None))
    packs = []
    for _ in range(rng.integers(1, 4) if bundles else 0):
        covered = rng.choice(len(tiers), rng.integers(1, len(tiers) + 1), replace=False)
        packs.append(Bundle(tuple(covered), some(), some(), some() if hours else None))
    return tiers, packs


def values(found: Front) -> list[tuple[int, ...]]:
    hours = np.zeros(len(found)) if found.hours is None else found.hours
    return [tuple(int(v) for v in row) for row in zip(found.cost, found.loss, hours, strict=True)]


@pytest.mark.parametrize("hours", [False, True], ids=["two criteria", "three criteria"])
@pytest.mark.parametrize("bundles", [False, True], ids=["single options", "bundles"])
@pytest.mark.parametrize("capped", [False, True], ids=["no caps", "caps"])
def test_the_front_is_the_one_found_by_writing_out_every_design(
    hours: bool, bundles: bool, capped: bool
) -> None:
    rng = np.random.default_rng([6, hours, bundles, capped])
    empty = 0
    for _ in range(75):  # x 8 = 600 instances
        tiers, packs = instance(rng, hours=hours, bundles=bundles)
        everything = all_designs(tiers, packs)
        caps = {}
        if capped:
            for place, name in enumerate(("cost_max", "loss_max", "hours_max")[: 2 + hours]):
                if rng.random() < 0.7:
                    caps[name] = float(
                        np.quantile([v[place] for v in everything.values()], rng.uniform(0, 0.8)) // 1
                    )
        limits = [caps.get(name, math.inf) for name in ("cost_max", "loss_max", "hours_max")]
        allowed = {v for v in everything.values() if all(a <= b for a, b in zip(v, limits, strict=True))}
        found = front(tiers, packs, **WHOLE, **caps)
        got = values(found)
        assert len(got) == len(set(got))
        assert set(got) == (undominated(allowed) if allowed else set())
        empty += not allowed
        assert [everything[tuple(d)] for d in found.designs().tolist()] == got
    assert empty < 40


def test_few_points_compared_each_with_each_leave_what_the_rounds_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    fields = frontier_fields.Fields(1.0, 1.0, 1.0, 5, 5)
    sets = [fields.pack(*rng.integers(0, 12, (3, n))) for n in (1, 2, 5, 30, frontier_fields.FEW) for _ in range(40)]
    few = [frontier_fields.staircase(keys, fields).tolist() for keys in sets]
    monkeypatch.setattr(frontier_fields, "FEW", 0)
    assert few == [frontier_fields.staircase(keys, fields).tolist() for keys in sets]
    assert min(map(len, few)) == 1
    assert max(map(len, few)) > 8


def test_merged_fronts_are_the_front_of_all_their_designs() -> None:
    rng = np.random.default_rng(66)
    for round_ in range(60):
        hours = bool(round_ % 2)
        n = int(rng.integers(1, 4))
        fronts, everything = [], {}
        for number in range(3):
            tiers = [
                Tier(*(rng.integers(0, 20, size) for _ in range(2 + hours))) for size in rng.integers(1, 4, n)
            ]
            surcharge = (
                float(rng.integers(-5, 9)),
                float(rng.integers(0, 9)),
                float(rng.integers(0, 4)) * hours,
            )
            fronts.append(front(tiers, **WHOLE, surcharge=surcharge, label=str(number)))
            for design, sums in all_designs(tiers, []).items():
                everything[number, design] = tuple(int(a + b) for a, b in zip(sums, surcharge, strict=True))
        found = merge(fronts)
        assert set(values(found)) == undominated(set(everything.values()))
        assert len(set(values(found))) == len(found)
        for i, own in enumerate(values(found)):
            point = found.point(i)
            assert everything[int(point.label), point.design] == own
            assert [int(s[0]) for s in found.branches[point.branch].totals([point.design])] == list(own)
        assert values(merge([merge(fronts[:2]), fronts[2]])) == values(found)


# --- the published benchmark ---


def fyffe_tiers(mixing: bool) -> list[Tier]:
    """Every way to fill a subsystem with one to eight components; weight takes the place of hours."""
    tiers = []
    for kinds in FYFFE["subsystems"]:
        sizes = range(1, FYFFE["n_max"] + 1)
        ways = [w for n in sizes for w in itertools.combinations_with_replacement(range(len(kinds)), n)]
        ways = [w for w in ways if mixing or len(set(w)) == 1]
        cost = [sum(kinds[k]["cost"] for k in w) for w in ways]
        weight = [sum(kinds[k]["weight"] for k in w) for w in ways]
        down = [math.prod(1 - kinds[k]["reliability"] for k in w) for w in ways]
        tiers.append(Tier(cost, loss_of(down), weight))
    return tiers


@pytest.mark.parametrize("variant", ["mixing", "no_mixing"])
def test_one_pass_answers_the_redundancy_allocation_benchmark(variant: str) -> None:
    tiers = fyffe_tiers(variant == "mixing")
    found = front(tiers, resolution=1, hours_resolution=1, cost_max=130, hours_max=191)
    for case in FYFFE["instances"]:
        best = best_within(found, case["C"], case["W"])
        assert best is not None
        expected = case[variant]
        assert math.exp(-best.loss) == pytest.approx(expected["optimum"], abs=1e-8)
        cost, loss, weight = found.branches[0].totals([best.design])
        assert math.exp(-loss[0]) == pytest.approx(expected["optimum"], abs=1e-8)
        assert cost[0] == best.cost <= case["C"]
        assert weight[0] == best.hours <= case["W"]
    answers = [best_within(found, 130, w) for w in range(159, 192)]
    reliability = [math.exp(-a.loss) for a in answers if a is not None]
    assert len(reliability) == 33
    assert reliability == sorted(reliability)


def test_all_33_benchmark_weights_agree_with_repyability() -> None:
    tiers = fyffe_tiers(mixing=False)
    found = front(tiers, resolution=1, hours_resolution=1, cost_max=130, hours_max=191)
    choices = [
        [
            ((c, w), -loss)
            for c, w, loss in zip(t.cost.tolist(), t.hours.tolist(), t.loss.tolist(), strict=True)
        ]
        for t in tiers
        if t.hours is not None
    ]
    theirs = series_front(choices, budget=(130.0, 191.0))
    for weight in range(159, 192):
        best = best_within(found, 130, weight)
        assert best is not None
        assert -best.loss == pytest.approx(
            max(gain for use, gain, _ in theirs if use[1] <= weight), abs=1e-10
        )


# --- an independent library ---


@pytest.mark.parametrize("seed", range(6))
def test_the_front_agrees_with_repyability_point_by_point(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tiers = [Tier(rng.integers(1, 60, 6) * 10.0, loss_of(10 ** -rng.uniform(1, 4, 6))) for _ in range(6)]
    found = front(tiers, resolution=10)
    theirs = series_front([list(zip(t.cost.tolist(), (-t.loss).tolist(), strict=True)) for t in tiers])
    assert [u[0] for u, _, _ in theirs] == found.cost.tolist()
    assert np.allclose([-g for _, g, _ in theirs], found.loss, rtol=0, atol=1e-10)
    assert [list(p) for _, _, p in theirs] == found.designs().tolist()


def test_a_diagram_of_three_tiers_agrees_with_repyability() -> None:
    kinds = {"web": [(0.95, 3.0), (0.99, 7.0)], "queue": [(0.9, 2.0)], "db": [(0.97, 5.0), (0.999, 20.0)]}
    never = FixedEventProbability.from_params(0.5)
    diagram = NonRepairableRBD(
        [("s", "web"), ("web", "queue"), ("queue", "db"), ("db", "t")], dict.fromkeys(kinds, never)
    )
    costs = {
        name: [ComponentOption(str(i), r, cost=c) for i, (r, c) in enumerate(choice)]
        for name, choice in kinds.items()
    }
    theirs = diagram.redundancy_front(costs, max_units=3, mixing=False)
    tiers = [
        Tier(
            [c * n for _, c in choice for n in (1, 2, 3)],
            loss_of([(1 - r) ** n for r, _ in choice for n in (1, 2, 3)]),
        )
        for choice in kinds.values()
    ]
    found = front(tiers, resolution=1)
    assert [d.cost for d in theirs] == found.cost.tolist()
    assert np.allclose([d.reliability for d in theirs], np.exp(-found.loss), rtol=0, atol=1e-11)


# --- laws ---


@st.composite
def money_and_minutes(draw: st.DrawFn, hours: bool = False) -> list[Tier]:
    """Tiers with prices in cents and any loss."""
    tiers = []
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(1, 4))
        cents = draw(st.lists(st.integers(0, 500_000), min_size=n, max_size=n))
        down = draw(st.lists(st.floats(0, 0.5), min_size=n, max_size=n))
        effort = draw(st.lists(st.integers(0, 40), min_size=n, max_size=n)) if hours else None
        halves = None if effort is None else np.array(effort) / 2
        tiers.append(Tier(np.array(cents) / 100, loss_of(down), halves))
    return tiers


@st.composite
def whole_numbers(draw: st.DrawFn) -> list[Tier]:
    """Tiers in whole money, minutes and hours: sums are exact."""
    tiers = []
    for _ in range(draw(st.integers(1, 4))):
        n = draw(st.integers(1, 4))
        tops = (50, 300, 12)  # small, so that equal costs and straight lines happen
        amounts = [draw(st.lists(st.integers(0, top), min_size=n, max_size=n)) for top in tops]
        tiers.append(Tier(*amounts))
    return tiers


law = settings(deadline=None, max_examples=40)


@law
@given(money_and_minutes())
def test_no_point_is_dominated(tiers: list[Tier]) -> None:
    found = front(tiers)
    assert (np.diff(found.cost) > 0).all()
    assert (np.diff(found.loss) < 0).all()


@law
@given(money_and_minutes(hours=True))
def test_each_recovered_design_evaluates_to_its_own_point(tiers: list[Tier]) -> None:
    found = front(tiers)
    cost, loss, hours = found.branches[0].totals(found.designs())
    assert found.hours is not None
    assert np.allclose(cost, found.cost, rtol=0, atol=1e-8)
    assert np.allclose(loss, found.loss, rtol=0, atol=1e-6)
    assert (np.abs(loss - found.loss) <= found.loss_error + 1e-15).all()
    assert np.allclose(hours, found.hours, rtol=0, atol=1e-9)
    assert found.designs([len(found) - 1]).tolist() == found.designs()[-1:].tolist()


@law
@given(money_and_minutes(hours=True), st.randoms(use_true_random=False))
def test_the_order_of_tiers_and_options_is_irrelevant(tiers: list[Tier], random: object) -> None:
    shuffled = []
    for tier in tiers:
        order = list(range(len(tier)))
        random.shuffle(order)
        shuffled.append(
            Tier(tier.cost[order], tier.loss[order], None if tier.hours is None else tier.hours[order])
        )
    random.shuffle(shuffled)
    one, other = front(tiers), front(shuffled)
    assert one.hours is not None
    assert other.hours is not None
    assert (one.cost == other.cost).all()
    assert (one.hours == other.hours).all()
    assert np.allclose(one.loss, other.loss, rtol=1e-12)


@law
@given(money_and_minutes(), st.integers(0, 100_000), st.floats(0, 0.5), st.booleans())
def test_one_option_more_never_worsens_the_front(
    tiers: list[Tier], cents: int, down: float, whole: bool
) -> None:
    before = front(tiers)
    more = Tier(np.append(tiers[0].cost, cents / 100), np.append(tiers[0].loss, loss_of(down)))
    after = (
        front(tiers, [Bundle(tuple(range(len(tiers))), cents / 100, float(loss_of(down)))]) if whole else None
    )
    after = after or front([more, *tiers[1:]])
    for cost, loss in zip(before.cost, before.loss, strict=True):
        best = best_within(after, cost)
        assert best is not None
        assert best.loss <= loss + before.loss_error + after.loss_error + 1e-15


@law
@given(whole_numbers(), st.integers(0, 48), st.integers(0, 48), st.integers(0, 200))
def test_a_higher_cap_never_worsens_the_answer(tiers: list[Tier], cap: int, more: int, money: int) -> None:
    found = front(tiers, **WHOLE)
    tight, loose = best_within(found, money, cap), best_within(found, money, cap + more)
    if tight is not None:
        assert loose is not None
        assert loose.loss <= tight.loss
    capped = best_within(front(tiers, **WHOLE, cost_max=money, hours_max=cap), math.inf)
    assert (capped is None) == (tight is None)
    if capped is not None and tight is not None:
        assert (capped.cost, capped.loss, capped.hours) == (tight.cost, tight.loss, tight.hours)


@law
@given(whole_numbers(), st.integers(0, 48))
def test_the_slider_shows_the_front_of_what_the_team_can_carry(tiers: list[Tier], cap: int) -> None:
    found = front(tiers, **WHOLE)
    affordable = {v[:2] for v in all_designs(tiers, []).values() if v[2] <= cap}
    places = within_hours(found, cap)
    shown = list(zip(found.cost[places].astype(int), found.loss[places].astype(int), strict=True))
    assert shown == (sorted(undominated(affordable)) if affordable else [])
    lean = front([Tier(t.cost, t.loss) for t in tiers], **WHOLE)
    assert found.cost[within_hours(found)].tolist() == lean.cost.tolist()


@law
@given(money_and_minutes(hours=True), st.floats(0, 1e6), st.floats(0, 200))
def test_what_is_worth_buying_is_the_least_sum_over_all_designs(
    tiers: list[Tier], price: float, rate: float
) -> None:
    found = front(tiers)
    best = least_economic_cost(found, price, rate)
    every = np.array(list(itertools.product(*(range(len(t)) for t in tiers))))
    cost, loss, hours = found.branches[0].totals(every)
    assert best.hours is not None
    total = best.cost + price * best.loss + rate * best.hours
    assert total == pytest.approx(
        (cost + price * loss + rate * hours).min(), rel=1e-6, abs=1e-6 + price * 1e-8
    )


@law
@given(money_and_minutes(), st.floats(-1000, 1000), st.floats(0, 0.01))
def test_a_surcharge_moves_every_point_and_changes_no_design(
    tiers: list[Tier], money: float, loss: float
) -> None:
    plain, moved = front(tiers), front(tiers, surcharge=(money, loss, 0.0))
    assert np.allclose(moved.cost, plain.cost + money)
    assert np.allclose(moved.loss, plain.loss + loss)
    assert (moved.designs() == plain.designs()).all()
    both = merge([plain, front(tiers, surcharge=(abs(money), loss, 0.0))])
    assert np.array_equal(both.cost, plain.cost)
    assert np.array_equal(both.loss, plain.loss)


def test_caps_count_the_surcharge_and_keep_what_meets_them_exactly() -> None:
    tiers = [Tier([10, 20, 30], [30, 20, 10])]
    capped = front(tiers, **WHOLE, surcharge=(100.0, 5.0, 0.0), cost_max=120, loss_max=34)
    assert values(capped) == [(120, 25, 0)]
    assert [p.cost for p in k_best(front(tiers, **WHOLE, surcharge=(100.0, 5.0, 0.0)), 9, cost_max=120)] == [
        120,
        110,
    ]
    # 10.006 is rounded up to 10.01 twice; the cap is the exact sum, and the design stays.
    off_the_steps = [Tier([10.006], [0.1]), Tier([10.006], [0.1])]
    assert len(front(off_the_steps, cost_max=20.012)) == 1
    assert len(front(off_the_steps, cost_max=19.99)) == 0


def test_equal_costs_leave_one_point_per_cap() -> None:
    found = front([Tier([7, 7, 9], [30, 20, 10], [1, 2, 3])], **WHOLE)
    assert len(found) == 3
    assert found.loss[within_hours(found, 2)].tolist() == [20]
    assert found.loss[within_hours(found, 1)].tolist() == [30]


# --- alternatives ---


def test_the_k_best_keep_the_caps_of_their_front() -> None:
    rng = np.random.default_rng(11)
    for _ in range(20):
        tiers = [Tier(rng.integers(0, 1 << 17, 3), rng.integers(0, 1 << 17, 3)) for _ in range(4)]
        sums = np.array(list(all_designs(tiers, []).values()))
        cost, loss = (int(np.quantile(sums[:, i], 0.6)) for i in (0, 1))
        allowed = sums[(sums[:, 0] <= cost) & (sums[:, 1] <= loss)]
        found = front(tiers, **WHOLE, cost_max=cost, loss_max=loss)
        assert [p.loss for p in k_best(found, 99, cost_max=1e9)] == sorted(allowed[:, 1])
        assert [p.cost for p in k_best(found, 99, loss_max=1e9)] == sorted(allowed[:, 0])


def greedy_by_hand(
    everything: dict[tuple[int, ...], tuple[int, ...]], objective: int, fits: object, wanted: int, differ: int
) -> list[tuple[int, ...]]:
    chosen: list[tuple[int, ...]] = []
    for design in sorted(everything, key=lambda d: everything[d][objective]):
        far = all(sum(a != b for a, b in zip(design, other, strict=True)) >= differ for other in chosen)
        if fits(everything[design]) and far and len(chosen) < wanted:
            chosen.append(design)
    return chosen


@pytest.mark.parametrize("hours", [False, True], ids=["two criteria", "three criteria"])
@pytest.mark.parametrize("bundles", [False, True], ids=["single options", "bundles"])
def test_the_k_best_designs_are_those_found_by_sorting_all(hours: bool, bundles: bool) -> None:
    rng = np.random.default_rng([7, hours, bundles])
    several = 0
    for _ in range(30):
        tiers, packs = instance(rng, hours=hours, bundles=bundles, largest=1 << 17)
        everything = all_designs(tiers, packs)
        sums = np.array(list(everything.values()))
        found = front(tiers, packs, **WHOLE)
        for differ, by_cost in itertools.product((1, 2, 3), (False, True)):
            bound = int(np.quantile(sums[:, 1 if by_cost else 0], 0.6))
            most = int(np.quantile(sums[:, 2], 0.7)) if hours else 0
            expected = greedy_by_hand(
                everything,
                0 if by_cost else 1,
                lambda v, b=bound, m=most, c=by_cost: v[1 if c else 0] <= b and v[2] <= m,
                8,
                differ,
            )
            caps = {"loss_max" if by_cost else "cost_max": float(bound)}
            got = k_best(found, 8, differ=differ, hours_max=most if hours else None, **caps)
            assert [p.design for p in got] == expected
            for p in got:
                assert (int(p.cost), int(p.loss), int(p.hours or 0)) == everything[p.design]
                if p.index is not None:
                    assert found.point(p.index).cost == p.cost
            several += len(got) > 3
    assert several > 40


def test_the_k_best_of_merged_fronts_keep_the_order_and_the_caps() -> None:
    rng = np.random.default_rng(8)
    tiers = [
        [Tier(rng.integers(0, 1 << 20, 3), rng.integers(0, 1 << 20, 3)) for _ in range(4)] for _ in range(2)
    ]
    caps = {"cost_max": 2_600_000.0}
    both = merge([front(t, **WHOLE, **caps, surcharge=(n, n, 0), label=str(n)) for n, t in enumerate(tiers)])
    losses = sorted(
        v[1] + n
        for n, t in enumerate(tiers)
        for v in all_designs(t, []).values()
        if v[0] + n <= caps["cost_max"]
    )
    assert [int(p.loss) for p in k_best(both, 12, cost_max=1e9)] == losses[:12]
    apart = k_best(both, 6, cost_max=1e9, differ=3)
    assert {p.label for p in apart} == {"0", "1"}
    for one, other in itertools.combinations(apart, 2):
        assert (
            one.branch != other.branch
            or sum(a != b for a, b in zip(one.design, other.design, strict=True)) >= 3
        )
    first = k_best(both, 1, cost_max=1e9)
    rest = k_best(both, 3, cost_max=1e9, unlike=first)
    assert [int(p.loss) for p in rest] == losses[1:4]


# --- questions, by hand ---


@pytest.fixture
def shop() -> Front:
    """Web alone or doubled (50, 100), database alone or doubled (200, 400), in minutes a year."""
    return front([Tier([50, 100], [5000, 100]), Tier([200, 400], [2600, 260])], **WHOLE)


def test_the_shop_has_three_designs_worth_a_look(shop: Front) -> None:
    assert values(shop) == [(250, 7600, 0), (300, 2700, 0), (500, 360, 0)]


@pytest.mark.parametrize(
    ("loss_max", "cost"), [(8000, 250), (7600, 250), (7599, 300), (360, 500), (359, None)], ids=str
)
def test_the_cheapest_design_that_meets_a_promise(shop: Front, loss_max: float, cost: float | None) -> None:
    found = cheapest_meeting(shop, loss_max)
    assert (found and found.cost) == cost


@pytest.mark.parametrize(("budget", "loss"), [(249, None), (250, 7600), (499, 2700), (9999, 360)], ids=str)
def test_the_best_design_within_a_budget(shop: Front, budget: float, loss: float | None) -> None:
    found = best_within(shop, budget)
    assert (found and found.loss) == loss


def test_the_price_of_a_minute_and_of_a_nine(shop: Front) -> None:
    prices = marginal_price(shop)
    assert prices.per_minute == pytest.approx([50 / 4900, 200 / 2340])
    assert prices.per_nine == pytest.approx([50 / math.log10(7600 / 2700), 200 / math.log10(2700 / 360)])


def test_a_point_on_a_straight_line_is_no_corner() -> None:
    found = front([Tier([0, 10, 20], [20, 10, 0])], **WHOLE)
    assert marginal_price(found).per_minute.tolist() == [1, 1]
    assert marginal_price(found, corners=True).per_minute.tolist() == [1]


def test_a_step_to_no_bad_minute_at_all_has_no_price_per_nine() -> None:
    prices = marginal_price(front([Tier([1, 2], [10, 0])], **WHOLE))
    assert prices.per_minute.tolist() == [0.1]
    assert np.isnan(prices.per_nine).all()


def test_three_nines_of_availability_are_526_minutes_a_year() -> None:
    assert float(minutes_of(loss_of(0.001), "log_availability")) == pytest.approx(525.96)
    found = front([Tier([1.0], loss_of([0.001]))])
    assert found.minutes()[0] == pytest.approx(525.96, abs=1e-6)
    assert found.minutes(525_600)[0] == pytest.approx(525.6, abs=1e-6)


@law
@given(whole_numbers())
def test_prices_rise_along_the_corners_and_say_when_to_go_on(tiers: list[Tier]) -> None:
    found = front([Tier(t.cost, t.loss) for t in tiers], **WHOLE)
    prices = marginal_price(found, corners=True)
    assert (np.diff(prices.per_minute) > 0).all()
    for start, end, price in zip(prices.start, prices.end, prices.per_minute, strict=True):
        assert least_economic_cost(found, price * 0.999999).cost <= found.cost[start] + 1e-6
        assert least_economic_cost(found, price * 1.000001).cost >= found.cost[end] - 1e-6


def test_todays_design_stands_beside_the_front(shop: Front) -> None:
    away = distance(shop, shop.evaluate((0, 1)))
    assert (away.cost_saved, away.loss_avoided, away.on_front) == (150, 2560, False)
    assert away.cheaper is not None
    assert away.better is not None
    assert (away.cheaper.design, away.better.design) == ((1, 0), (1, 0))
    own = distance(shop, Point(300, 2700))
    assert (own.cost_saved, own.loss_avoided, own.on_front) == (0, 0, True)
    outside = distance(shop, Point(100, 100))
    assert (outside.cheaper, outside.better, outside.on_front) == (None, None, False)


@law
@given(whole_numbers(), st.data())
def test_a_design_is_on_the_front_exactly_when_nothing_beats_it(
    tiers: list[Tier], data: st.DataObject
) -> None:
    everything = all_designs(tiers, [])
    best = undominated(set(everything.values()))
    found = front(tiers, **WHOLE)
    own = everything[tuple(data.draw(st.integers(0, len(t) - 1)) for t in tiers)]
    away = distance(found, Point(*own))
    assert away.on_front == (own in best)
    assert away.cheaper is not None
    assert away.better is not None
    no_worse = [v for v in best if v[1] <= own[1] and v[2] <= own[2]]
    assert away.cost_saved == own[0] - min(v[0] for v in no_worse)
    within = [v for v in best if v[0] <= own[0] and v[2] <= own[2]]
    assert away.loss_avoided == own[1] - min(v[1] for v in within)


def test_rounding_does_not_push_a_design_off_its_own_front() -> None:
    rng = np.random.default_rng(10)
    for seed in range(20):
        tiers = [Tier(rng.uniform(0, 900, 4), loss_of(10 ** -rng.uniform(1, 5, 4))) for _ in range(4)]
        found = front(tiers, resolution=(0.01, 5.0)[seed % 2])
        cost, loss, _ = found.branches[0].totals(found.designs())
        for place, design in enumerate(found.designs().tolist()):
            point = found.evaluate(design)
            assert point == found.point(place)
            assert distance(found, point).on_front
            meeting, within = cheapest_meeting(found, loss[place]), best_within(found, cost[place])
            assert meeting is not None
            assert meeting.cost <= point.cost
            assert within is not None
            assert within.loss <= point.loss


@pytest.mark.parametrize("tiny", [5e-324, 2.3e-308, 1e-200, 1e-18], ids=str)
def test_the_smallest_losses_do_not_spill_into_the_hours(tiny: float) -> None:
    found = front([Tier([0, 1], [tiny, 0], [3, 4]), Tier([0], [tiny], [2])])
    assert found.hours is not None
    assert found.hours[0] == 5
    assert found.cost[0] == 0
    assert found.loss[0] == pytest.approx(2 * tiny, abs=1e-18)


def test_which_single_change_improves_both() -> None:
    tiers = [Tier([100, 80, 300], [50, 40, 1]), Tier([10, 5], [7, 9])]
    platform = [Bundle((0, 1), 90, 45, label="platform"), Bundle((0, 1), 90, 60)]
    branch = front(tiers, platform, **WHOLE).branches[0]
    better = single_changes(branch, (0, 0))
    assert [(c.tiers, c.after, c.cost, c.loss) for c in better] == [
        ((0, 1), (-1, -1), -20, -12),
        ((0,), (1,), -20, -10),
    ]
    assert [(c.after, c.cost, c.loss) for c in single_changes(branch, (1, 0))] == [((-1, -1), 0, -2)]
    assert single_changes(branch, (1, 1)) == ()
    assert len(single_changes(branch, (0, 0), only_better=False)) == 5
    assert [(c.before, c.after, c.loss) for c in single_changes(branch, (-2, -2))] == [
        ((-2, -2), (-1, -1), -15)
    ]


def test_a_bundle_is_left_whole_or_not_at_all() -> None:
    tiers = [Tier([10], [10]) for _ in range(3)]
    packs = [Bundle((0, 1), 20, 20), Bundle((1, 2), 1, 1), Bundle((0, 1, 2), 5, 5)]
    branch = front(tiers, packs, **WHOLE).branches[0]
    changes = single_changes(branch, (-1, -1, 0), only_better=False)
    assert [c.after for c in changes] == [(-3, -3, -3)]


def test_steps_go_by_gain_per_money_and_are_complete() -> None:
    # Minutes per unit of money: a 1, b 3 though it gains less; c is free; d gives 5 away for 50; e stays.
    tiers = [
        Tier([0, 100], [100, 0]),
        Tier([0, 10], [40, 10]),
        Tier([9, 9], [3, 0]),
        Tier([60, 10], [0, 5]),
        Tier([1], [1]),
    ]
    branch = front(tiers, **WHOLE).branches[0]
    way = steps(branch, (0, 0, 0, 0, 0), (1, 1, 1, 1, 0))
    assert [s.tiers for s in way] == [(2,), (1,), (0,), (3,)]
    assert [(s.cost, -s.loss) for s in way] == [(0, 3), (10, 30), (100, 100), (-50, -5)]
    assert steps(branch, (1, 1, 1, 1, 0), (1, 1, 1, 1, 0)) == ()


def test_tiers_that_enter_or_leave_a_bundle_change_together() -> None:
    tiers = [Tier([10, 20], [10, 5]) for _ in range(4)]
    branch = front(tiers, [Bundle((0, 1), 15, 8), Bundle((1, 2), 15, 8)], **WHOLE).branches[0]
    way = steps(branch, (-1, -1, 0, 0), (0, -2, -2, 1))
    assert sorted(s.tiers for s in way) == [(0, 1, 2), (3,)]
    other = front(tiers, **WHOLE, surcharge=(7.0, 1.0, 0.0), label="elsewhere").branches[0]
    (move,) = steps(branch, (0, 0, 0, 0), (0, 0, 0, 1), to_branch=other)
    assert (move.tiers, move.cost, move.loss) == ((0, 1, 2, 3), 17, -4)


@law
@given(money_and_minutes(hours=True), st.data())
def test_steps_add_up_to_the_whole_way(tiers: list[Tier], data: st.DataObject) -> None:
    branch = front(tiers).branches[0]
    start, goal = (tuple(data.draw(st.integers(0, len(t) - 1)) for t in tiers) for _ in range(2))
    way = steps(branch, start, goal)
    sums = branch.totals([start, goal])
    for s, name in zip(sums, ("cost", "loss", "hours"), strict=True):
        assert sum(getattr(step, name) for step in way) == pytest.approx(s[1] - s[0], abs=1e-7)
    worth = [step.loss / step.cost for step in way if step.loss < 0 < step.cost]
    assert worth == sorted(worth)


# --- what is refused ---


@pytest.mark.parametrize(
    "ask",
    [
        lambda: loss_of(1.0),
        lambda: loss_of([0.1, -0.1]),
        lambda: loss_of(math.nan),
        lambda: Tier([1], [math.inf]),
        lambda: Tier([1], [math.nan]),
        lambda: Tier([-1], [0.1]),
        lambda: Tier([1, 2], [0.1]),
        lambda: Tier([[1, 2]], [[0.1, 0.2]]),
        lambda: Bundle((), 1, 1),
        lambda: Bundle((-1,), 1, 1),
        lambda: Bundle((0,), 1, math.inf),
        lambda: front([]),
        lambda: front([Tier([], [])]),
        lambda: front([Tier([1], [1]), Tier([1], [1], [1])]),
        lambda: front([Tier([1], [1])], [Bundle((1,), 1, 1)]),
        lambda: front([Tier([1], [1])], [Bundle((0,), 1, 1, 1)]),
        lambda: front([Tier([1], [1])], surcharge=(math.nan, 0, 0)),
        lambda: front([Tier([1], [1])], resolution=0),
        lambda: front([Tier([1], [1])], cost_max=math.nan),
        lambda: front([Tier([1], [1])], hours_max=1),
        lambda: front([Tier([1e300], [1])]),
        lambda: front([Tier([1e12], [1])], resolution=1e-6),
        lambda: front([Tier([1e6], [1e6])], loss_resolution=1e-9),
        lambda: merge([]),
        lambda: merge([front([Tier([1], [1])]), front([Tier([1], [1], [1])])]),
        lambda: merge([front([Tier([1], [1])]), front([Tier([1], [1])] * 2)]),
        lambda: k_best(front([Tier([1], [1])]), 1),
        lambda: k_best(front([Tier([1], [1])]), 1, cost_max=1, loss_max=1),
        lambda: k_best(front([Tier([1], [1])]), 1, cost_max=1, hours_max=1),
        lambda: k_best(front([Tier([1], [1])]), 1, cost_max=1, differ=0),
        lambda: k_best(front([Tier([1], [1])]), 1, cost_max=math.nan),
        lambda: best_within(front([Tier([1], [1])]), math.nan),
        lambda: best_within(front([Tier([1], [1])]), 1, 1),
        lambda: least_economic_cost(front([Tier([1], [1])]), math.inf),
        lambda: least_economic_cost(front([Tier([1], [1])]), 1, 1),
        lambda: least_economic_cost(front([Tier([1], [1])], cost_max=0), 1),
        lambda: front([Tier([1], [1])]).evaluate((1,)),
        lambda: single_changes(front([Tier([1], [1])]).branches[0], (1,)),
        lambda: single_changes(front([Tier([1], [1])]).branches[0], (-1,)),
        lambda: steps(front([Tier([1], [1])]).branches[0], (0,), (0, 0)),
    ],
)
def test_what_has_no_meaning_is_refused(ask: object) -> None:
    with pytest.raises(ModelError):
        ask()


def test_sums_that_would_overflow_are_refused_and_wide_ones_are_exact() -> None:
    """A fixed width once overflowed silently into plausible wrong fronts."""
    rng = np.random.default_rng(9)
    wide = [Tier(rng.integers(0, 1 << 37, 3), rng.integers(0, 1 << 18, 3)) for _ in range(6)]
    got = values(front(wide, **WHOLE))
    assert set(got) == undominated(set(all_designs(wide, []).values()))
    too_wide = [Tier(t.cost * 8, t.loss * 8) for t in wide]
    with pytest.raises(ModelError, match="63 bits"):
        front(too_wide, **WHOLE)


def test_a_tier_without_options_needs_a_bundle() -> None:
    tiers = [Tier([], []), Tier([5, 6], [3, 1])]
    with pytest.raises(ModelError, match="no design"):
        front(tiers, [Bundle((1,), 1, 1)])
    assert values(front(tiers, [Bundle((0,), 1, 2)], **WHOLE)) == [(6, 5, 0), (7, 3, 0)]


def test_caps_that_nothing_keeps_leave_an_empty_front() -> None:
    found = front([Tier([5], [5])], cost_max=4)
    assert len(found) == 0
    assert found.designs().shape == (0, 1)
    assert best_within(found, 100) is None
    assert k_best(found, 3, cost_max=100) == ()


def test_the_arrays_of_a_front_cannot_be_written(shop: Front) -> None:
    with pytest.raises(ValueError, match="read-only"):
        shop.cost[0] = 1
    assert isinstance(shop.point(-1), Point)
