"""Parts, groups, zones, failover and outages against anchors, laws, fractions, chains and simulation."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb, prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import availability as av

SHARES = st.floats(0.0, 1.0)
SMALL = st.floats(1e-9, 0.5)
#: "1e-9 of the unavailability" is what is promised; what is kept is far more.
DIGITS = 1e-12


def group(part: float, needed: int, of: int, beta: float = 0.0) -> float:
    return float(av.unavailability_of_group(part, needed=needed, of=of, common_cause_share=beta))


def failover(**changes: float) -> float:
    usual: dict[str, float] = {
        "failures_per_year": 365 / 90, "coverage": 0.95, "switch_minutes": 2.0, "manual_minutes": 60.0,
        "rebuild_minutes": 120.0,
    }  # fmt: skip
    return float(av.unavailability_with_failover(**{**usual, **changes}))  # type: ignore[arg-type]


# ---------------------------------------------------------------------------------------------- anchors


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(
            lambda: av.minutes_per_year(0.0005) / 60, 4.38, id="99.95 % is 4.38 h of an 8,760 h year"
        ),
        pytest.param(lambda: 1 - group(0.01, 1, 2), 0.9999, id="two of 99 % in parallel are 99.99 %"),
        pytest.param(lambda: 1 - av.series(0.0005, 0.0005), 0.99900025, id="two of 99.95 % in a row"),
        pytest.param(lambda: 1 - group(0.01, 2, 2), 0.9801, id="two of two at 99 % unshared"),
        pytest.param(lambda: 1 - group(0.01, 2, 2, 1.0), 0.99, id="two of two at 99 % all shared"),
        pytest.param(lambda: av.unavailability_of_repairable(12, 730), 0.5, id="up a month and down a month"),
        pytest.param(lambda: av.series(), 0.0, id="nothing in series never fails"),
        pytest.param(lambda: av.series(0.3, 1.0), 1.0, id="one dead part in series"),
        pytest.param(lambda: group(1.0, 1, 3, 1.0), 1.0, id="dead replicas that share everything"),
        pytest.param(lambda: av.soft_dependency(0.01, weight=0.0), 0.0, id="nobody misses it"),
    ],
)
def test_a_figure_known_by_hand(found: object, expected: float) -> None:
    assert float(found()) == pytest.approx(expected, rel=1e-12)  # type: ignore[operator]


def test_zones_are_the_unit_of_failure() -> None:
    by_zone = av.unavailability_over_zones(0.005, 0.0005, needed=10, per_zone=[5, 5, 5])
    assert 1 - by_zone == pytest.approx(0.999926, abs=5e-7)
    assert 1 - group(0.005, 10, 15) > 0.9999999999  # what counting instances would have promised


@pytest.mark.parametrize(
    ("coverage", "minutes"), [(1.0, 9), (0.99, 11), (0.95, 21), (0.9, 33), (0.8, 56)], ids=str
)
def test_drills_buy_availability(coverage: float, minutes: int) -> None:
    assert round(float(av.minutes_per_year(failover(coverage=coverage)))) == minutes


def test_failover_is_far_worse_than_independent_copies() -> None:
    pair = float(av.minutes_per_year(failover()))
    independent = float(av.minutes_per_year(group(float(av.unavailability_of_repairable(365 / 90, 2)), 1, 2)))
    assert pair == pytest.approx(20.77345679, rel=1e-8)
    assert pair / independent == pytest.approx(46, abs=0.5)


# ----------------------------------------------------------------------------- exact fractions, brute force


def exact_down(parts: list[Fraction], needed: int) -> Fraction:
    """Add the chances of all states in which too few are up."""
    total = Fraction(0)
    for state in itertools.product((False, True), repeat=len(parts)):
        if len(parts) - sum(state) < needed:
            total += prod((q if failed else 1 - q) for q, failed in zip(parts, state, strict=True))
    return total


@given(parts=st.lists(SMALL, min_size=1, max_size=7), data=st.data())
@settings(max_examples=40)
def test_unlike_parts_agree_with_exact_fractions(parts: list[float], data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, len(parts)))
    exact = exact_down([Fraction(q) for q in parts], needed)
    assert float(av.unavailability_k_of_n(parts, needed)) == pytest.approx(float(exact), rel=DIGITS)


@given(parts=st.lists(st.floats(1e-12, 0.9), min_size=1, max_size=12))
@settings(max_examples=40)
def test_a_series_agrees_with_exact_fractions(parts: list[float]) -> None:
    exact = 1 - prod(1 - Fraction(q) for q in parts)
    assert float(av.series(*parts)) == pytest.approx(float(exact), rel=DIGITS)


@given(part=SMALL, of=st.integers(1, 40), beta=SHARES, data=st.data())
@settings(max_examples=50)
def test_a_group_agrees_with_exact_fractions(part: float, of: int, beta: float, data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, of))
    q, b = Fraction(part), Fraction(beta)
    alone = (1 - b) * q / (1 - b * q)
    up = (1 - b * q) * sum(comb(of, i) * (1 - alone) ** i * alone ** (of - i) for i in range(needed, of + 1))
    assert group(part, needed, of, beta) == pytest.approx(float(1 - up), rel=DIGITS, abs=1e-300)


@given(part=SMALL, zone=SMALL, per_zone=st.lists(st.integers(0, 4), min_size=1, max_size=4), data=st.data())
@settings(max_examples=40)
def test_zones_agree_with_every_state_added_up(
    part: float, zone: float, per_zone: list[int], data: st.DataObject
) -> None:
    total = sum(per_zone)
    if total == 0:
        per_zone, total = [2], 2
    needed = data.draw(st.integers(1, total))
    q, z, exact = Fraction(part), Fraction(zone), Fraction(0)
    for zones in itertools.product((0, 1), repeat=len(per_zone)):
        left = sum(n for n, up in zip(per_zone, zones, strict=True) if up)
        chance = prod((1 - z) if up else z for up in zones)
        exact += chance * sum(
            comb(left, i) * (1 - q) ** i * q ** (left - i) for i in range(min(needed, left + 1))
        )
    found = av.unavailability_over_zones(part, zone, needed=needed, per_zone=per_zone)
    assert float(found) == pytest.approx(float(exact), rel=DIGITS)


def test_six_nines_keep_nine_digits() -> None:
    """Carried as an availability, 1 - 1e-6 has ten digits left of its unavailability; its cube has none."""
    q = 1.234567890123e-6
    assert group(q, 1, 3) == pytest.approx(float(Fraction(q) ** 3), rel=1e-13)
    assert float(av.series(q, q)) == pytest.approx(float(2 * Fraction(q) - Fraction(q) ** 2), rel=1e-13)
    assert float(av.unavailability_of_repairable(q * 8760, 1.0)) == pytest.approx(
        float(Fraction(q * 8760) / (8760 + Fraction(q * 8760))), rel=1e-13
    )


# ---------------------------------------------------------------------------------- other people's solvers


def chain_unavailability(rates: dict[tuple[str, str], float], down: set[str]) -> float:
    """Share of time that a Markov chain spends in the down states: solve pi Q = 0."""
    states = sorted({s for edge in rates for s in edge})
    generator = np.zeros((len(states), len(states)))
    for (a, b), rate in rates.items():
        generator[states.index(a), states.index(b)] += rate
    generator -= np.diag(generator.sum(axis=1))
    system = np.vstack([generator.T, np.ones(len(states))])
    shares = np.linalg.lstsq(system, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]
    return float(sum(shares[states.index(s)] for s in down))


@given(
    failures=st.floats(0.5, 50), coverage=st.floats(0.05, 0.95), switch=st.floats(0.5, 20),
    manual=st.floats(10, 300), rebuild=st.floats(20, 600), crews=st.integers(1, 2),
)  # fmt: skip
@settings(max_examples=30)
def test_a_pair_agrees_with_its_markov_chain(
    failures: float, coverage: float, switch: float, manual: float, rebuild: float, crews: int
) -> None:
    fails = failures / 525_600
    rates = {
        ("both", "one"): fails,
        ("both", "switching"): fails * coverage,
        ("both", "by hand"): fails * (1 - coverage),
        ("switching", "one"): 1 / switch,
        ("by hand", "one"): 1 / manual,
        ("one", "both"): 1 / rebuild,
        ("one", "none"): fails,
        ("none", "one"): crews / rebuild,
    }
    expected = chain_unavailability(rates, {"switching", "by hand", "none"})
    usual = {
        "failures_per_year": failures, "coverage": coverage, "switch_minutes": switch,
        "manual_minutes": manual, "rebuild_minutes": rebuild, "repair_crews": crews,
    }  # fmt: skip
    assert failover(**usual, exact=True) == pytest.approx(expected, rel=1e-6)
    first_order = failover(**usual)
    assert expected < first_order < expected * (1 + 2.5 * fails * (rebuild + manual + switch))


@pytest.mark.parametrize("copies", [3, 4])
@pytest.mark.parametrize("crews", [1, 2, 4])
def test_more_copies_agree_with_the_birth_and_death_chain(copies: int, crews: int) -> None:
    fails, repairs = 20 / 525_600, 1 / 500
    rates = {(str(j), str(j + 1)): (copies - j) * fails for j in range(copies)}
    rates |= {(str(j + 1), str(j)): min(j + 1, crews) * repairs for j in range(copies)}
    found = failover(
        failures_per_year=20, coverage=1, switch_minutes=0, manual_minutes=0, rebuild_minutes=500,
        copies=copies, repair_crews=crews, exact=True,
    )  # fmt: skip
    assert found == pytest.approx(chain_unavailability(rates, {str(copies)}), rel=1e-4)


@pytest.mark.parametrize(("needed", "of"), [(1, 1), (1, 2), (2, 3), (3, 3), (3, 5)])
def test_outages_agree_with_repyability(needed: int, of: int) -> None:
    surv, rep = pytest.importorskip("surpyval"), pytest.importorskip("repyability")
    part = {
        "reliability": surv.Exponential.from_params([12.0]),  # per year of operation
        "repairability": surv.Exponential.from_params([8760 / 5.0]),
    }
    names = [f"part {i}" for i in range(of)]
    edges = [("in", n) for n in names] + [(n, "vote") for n in names] + [("vote", "out")]
    always = {"reliability": surv.Exponential.from_params([1e-30]), "repairability": part["repairability"]}
    block = rep.RepairableRBD(edges, dict.fromkeys(names, part) | {"vote": always}, k={"vote": needed})
    found = av.outages(12, 5.0, needed=needed, of=of)
    assert float(found.unavailability) == pytest.approx(block.mean_unavailability(), rel=1e-9)
    assert float(found.per_year) == pytest.approx(block.system_failure_frequency(), rel=1e-9)
    assert float(found.mean_minutes) == pytest.approx(block.mean_down_time() * 525_600, rel=1e-9)


def test_a_lone_copy_is_down_while_it_is_rebuilt() -> None:
    """Nothing to switch to: coverage and switching do not matter, and half the time is half the time."""
    assert failover(copies=1, failures_per_year=12, rebuild_minutes=43_800) == pytest.approx(0.5, rel=1e-12)
    alone = av.failover_kinds(
        failures_per_year=12, coverage=0.9, switch_minutes=1, manual_minutes=9, rebuild_minutes=60, copies=1
    )
    assert [float(kind.per_year) for kind in alone] == pytest.approx([0, 0, 12])


@given(
    coverage=SHARES, failures=st.floats(0, 12), rebuild=st.floats(0, 300), copies=st.integers(2, 4),
    crews=st.integers(1, 3),
)  # fmt: skip
def test_the_kinds_of_failover_add_up_to_its_minutes(
    coverage: float, failures: float, rebuild: float, copies: int, crews: int
) -> None:
    usual: dict[str, Any] = {
        "failures_per_year": failures, "coverage": coverage, "switch_minutes": 2.0, "manual_minutes": 60.0,
        "rebuild_minutes": rebuild, "copies": copies, "repair_crews": crews,
    }  # fmt: skip
    kinds = av.failover_kinds(**usual)
    minutes = sum(float(kind.per_year * kind.minutes) for kind in kinds)
    assert minutes == pytest.approx(float(av.minutes_per_year(failover(**usual))), rel=1e-12)
    assert float(kinds.switched.per_year + kinds.by_hand.per_year) == pytest.approx(failures)


# -------------------------------------------------------------------------------------------- simulation


def test_a_shared_group_agrees_with_simulated_states() -> None:
    rng, count = np.random.default_rng(11), 400_000
    part, beta, needed, of = 0.2, 0.25, 2, 4
    alone = (1 - beta) * part / (1 - beta * part)
    together = rng.random(count) < beta * part
    up = (rng.random((count, of)) >= alone).sum(axis=1)
    seen = together | (up < needed)
    error = seen.std() / np.sqrt(count)
    assert abs(seen.mean() - group(part, needed, of, beta)) < 4.5 * error


def test_outages_agree_with_simulated_years() -> None:
    """Two of three, each failing and repaired by itself: count the real outages of 40,000 years."""
    rng, years, blocks = np.random.default_rng(5), 1_000.0, 40
    failures, repair = 30.0, 100.0
    counts, downs = [], []
    for _ in range(blocks):
        times, steps = [], []
        for _ in range(3):
            n = int(years * failures * 1.2)
            cycle = np.empty(2 * n)
            cycle[0::2] = rng.exponential(1 / failures, n)
            cycle[1::2] = rng.exponential(repair / 8760, n)
            at = np.cumsum(cycle)
            assert at[-1] > years
            times.append(at)
            steps.append(np.tile([1, -1], n))
        order = np.argsort(np.concatenate(times))
        at = np.concatenate(times)[order]
        failed = np.cumsum(np.concatenate(steps)[order])
        inside = at < years
        at, failed = at[inside], failed[inside]
        is_down = failed >= 2
        starts = is_down & ~np.append(False, is_down[:-1])
        counts.append(starts.sum() / years)
        downs.append(np.diff(np.append(at, years))[is_down].sum() / years)
    found = av.outages(failures, repair, needed=2, of=3)
    for seen, expected in ((counts, found.per_year), (downs, found.unavailability)):
        error = np.std(seen, ddof=1) / np.sqrt(blocks)
        assert abs(np.mean(seen) - float(expected)) < 4.5 * error


# -------------------------------------------------------------------------------------------------- laws


@given(part=SHARES, beta=SHARES, of=st.integers(1, 12), data=st.data())
def test_an_unavailability_is_a_share(part: float, beta: float, of: int, data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, of))
    assert 0.0 <= group(part, needed, of, beta) <= 1.0


@given(part=SHARES, of=st.integers(1, 12))
def test_a_second_replica_never_hurts_if_one_is_enough_and_nothing_is_shared(part: float, of: int) -> None:
    assert group(part, 1, of + 1) <= group(part, 1, of)


@given(parts=st.lists(SHARES, min_size=1, max_size=6), another=SHARES)
def test_a_serial_dependency_never_helps(parts: list[float], another: float) -> None:
    together, alone = float(av.series(*parts, another)), float(av.series(*parts))
    assert together >= alone * (1 - 1e-15)
    assert together >= max(parts) * (1 - 1e-15)  # never better than the weakest
    assert together <= min(1.0, (sum(parts) + another) * (1 + 1e-15))


@given(parts=st.lists(SHARES, min_size=2, max_size=6), data=st.data())
def test_order_does_not_matter(parts: list[float], data: st.DataObject) -> None:
    other = data.draw(st.permutations(parts))
    needed = data.draw(st.integers(1, len(parts)))
    assert float(av.series(*parts)) == pytest.approx(float(av.series(*other)), rel=DIGITS, abs=1e-300)
    assert float(av.unavailability_k_of_n(parts, needed)) == pytest.approx(
        float(av.unavailability_k_of_n(other, needed)), rel=DIGITS, abs=1e-300
    )


@given(parts=st.lists(SHARES, min_size=1, max_size=6), better=SHARES, data=st.data())
def test_a_worse_part_never_helps(parts: list[float], better: float, data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, len(parts)))
    improved = [min(parts[0], better), *parts[1:]]
    worse, best = (float(av.unavailability_k_of_n(p, needed)) for p in (parts, improved))
    assert best <= worse * (1 + DIGITS)


@given(parts=st.lists(SHARES, min_size=1, max_size=5), at=st.integers(0, 4))
def test_a_perfect_part_is_neutral_in_series_and_two_parts_in_series_are_one(
    parts: list[float], at: int
) -> None:
    whole = float(av.series(*parts))
    assert float(av.series(*parts[:at], 0.0, *parts[at:])) == whole
    merged = av.series(av.series(*parts[:2]), *parts[2:])
    assert float(merged) == pytest.approx(whole, rel=1e-9, abs=1e-15)


@given(part=SHARES, beta=SHARES, of=st.integers(2, 12), data=st.data())
def test_needing_more_never_helps(part: float, beta: float, of: int, data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, of - 1))
    assert group(part, needed, of, beta) <= group(part, needed + 1, of, beta) * (1 + DIGITS)


@given(part=SMALL, betas=st.tuples(SHARES, SHARES), of=st.integers(2, 10))
def test_sharing_hurts_when_one_is_needed_and_helps_when_all_are(
    part: float, betas: tuple[float, float], of: int
) -> None:
    less, more = sorted(betas)
    assert group(part, 1, of, less) <= group(part, 1, of, more) * (1 + DIGITS)
    assert group(part, of, of, less) >= group(part, of, of, more) * (1 - DIGITS)


@given(part=SHARES, beta=SHARES)
def test_a_group_of_one_is_the_part_itself(part: float, beta: float) -> None:
    assert group(part, 1, 1, beta) == pytest.approx(part, rel=DIGITS, abs=1e-300)


@given(part=SHARES, of=st.integers(1, 8), beta=SHARES)
def test_all_needed_gives_no_redundancy(part: float, of: int, beta: float) -> None:
    assert group(part, of, of) == pytest.approx(float(av.series(*[part] * of)), rel=1e-10, abs=1e-300)
    assert group(part, of, of, beta) >= part * (1 - DIGITS)


@given(failures=st.floats(0.1, 100), hours=st.floats(0.01, 100), beta=SHARES)
def test_outages_of_one_part_are_those_of_the_part(failures: float, hours: float, beta: float) -> None:
    found = av.outages(failures, hours, common_cause_share=beta)
    assert float(found.per_year) == pytest.approx(failures / (1 + failures * hours / 8760), rel=1e-9)
    assert float(found.mean_minutes) == pytest.approx(60 * hours, rel=1e-9)


@given(
    failures=st.floats(0.1, 50), hours=st.floats(0.01, 50), beta=SHARES, of=st.integers(1, 6), data=st.data()
)
def test_minutes_down_are_outages_times_their_length(
    failures: float, hours: float, beta: float, of: int, data: st.DataObject
) -> None:
    needed = data.draw(st.integers(1, of))
    found = av.outages(failures, hours, needed=needed, of=of, common_cause_share=beta)
    part = float(av.unavailability_of_repairable(failures, hours))
    assert float(found.unavailability) == pytest.approx(group(part, needed, of, beta), rel=DIGITS)
    assert float(found.per_year * found.mean_minutes) == pytest.approx(
        float(av.minutes_per_year(found.unavailability)), rel=DIGITS
    )


@given(coverage=st.tuples(SHARES, SHARES), switch=st.floats(0, 30), more=st.floats(0, 300))
def test_more_coverage_helps_while_switching_is_quicker_than_people(
    coverage: tuple[float, float], switch: float, more: float
) -> None:
    less, better = sorted(coverage)
    times = {"switch_minutes": switch, "manual_minutes": switch + more}
    assert failover(coverage=better, **times) <= failover(coverage=less, **times) * (1 + DIGITS)
    # ... and hurts when it is slower: the law is not "more is better".
    slow = {"switch_minutes": switch + more, "manual_minutes": switch}
    assert failover(coverage=better, **slow) >= failover(coverage=less, **slow) * (1 - DIGITS)


@given(failures=st.floats(0.5, 20), rebuild=st.floats(5, 300), coverage=st.floats(0, 0.99))
def test_two_copies_are_the_independent_product_only_with_perfect_failover_and_a_crew_each(
    failures: float, rebuild: float, coverage: float
) -> None:
    alone = float(av.unavailability_of_repairable(failures, rebuild / 60))
    product = group(alone, 1, 2)
    usual = {"failures_per_year": failures, "rebuild_minutes": rebuild}
    perfect = {"coverage": 1.0, "switch_minutes": 0.0, "repair_crews": 2}
    assert failover(**usual, **perfect, exact=True) == pytest.approx(product, rel=1e-9)
    assert failover(**usual, **{**perfect, "repair_crews": 1}) > product * 1.9
    assert failover(**usual, **{**perfect, "switch_minutes": 1.0}) > product
    assert failover(**usual, **{**perfect, "coverage": coverage}) > product


@given(failures=st.floats(0, 20), share=SHARES, coverage=SHARES, structure=SHARES)
def test_failing_over_never_helps_a_structure(
    failures: float, share: float, coverage: float, structure: float
) -> None:
    found = av.unavailability_with_switching(
        structure, active_failures_per_year=failures, share_lost=share, coverage=coverage, switch_minutes=1,
        manual_minutes=30,
    )  # fmt: skip
    assert structure <= float(found) <= 1.0


@given(part=SHARES, zone=SHARES, count=st.integers(1, 6), data=st.data())
def test_one_zone_is_a_group_in_series_with_it_and_perfect_zones_are_no_zones(
    part: float, zone: float, count: int, data: st.DataObject
) -> None:
    needed = data.draw(st.integers(1, count))
    one = float(av.unavailability_over_zones(part, zone, needed=needed, per_zone=[count]))
    assert one == pytest.approx(float(av.series(group(part, needed, count), zone)), rel=1e-9, abs=1e-15)
    spread = float(av.unavailability_over_zones(part, 0.0, needed=needed, per_zone=[1] * count))
    assert spread == pytest.approx(group(part, needed, count), rel=1e-9, abs=1e-300)


@given(part=SMALL, zone=SMALL, beta=SHARES)
def test_zones_carry_common_causes_as_groups_do(part: float, zone: float, beta: float) -> None:
    spread = av.unavailability_over_zones(part, 0.0, needed=1, per_zone=[1, 1], common_cause_share=beta)
    assert float(spread) == pytest.approx(group(part, 1, 2, beta), rel=1e-9)


def test_draws_come_through_one_by_one_and_inputs_stay_as_they_were() -> None:
    rng = np.random.default_rng(3)
    draws = {name: rng.uniform(0.0, 0.2, 64) for name in ("part", "zone", "beta")}
    before = {name: value.copy() for name, value in draws.items()}

    def all_of(part: Any, zone: Any, beta: Any) -> list[np.ndarray]:
        group_of = av.unavailability_of_group(part, needed=2, of=4, common_cause_share=beta)
        zones = av.unavailability_over_zones(part, zone, needed=3, per_zone=[2, 3], common_cause_share=beta)
        pair = av.unavailability_with_failover(
            failures_per_year=10 * part, coverage=1 - zone, switch_minutes=beta, manual_minutes=30,
            rebuild_minutes=60, exact=True,
        )  # fmt: skip
        often = av.outages(10 * part, 3.0, needed=1, of=3, common_cause_share=beta)
        mixed = av.unavailability_k_of_n([part, zone, beta], 2)
        return [group_of, zones, pair, *often, av.series(part, zone), mixed]

    together = all_of(draws["part"], draws["zone"], draws["beta"])
    again = all_of(draws["part"], draws["zone"], draws["beta"])
    for first, second in zip(together, again, strict=True):
        assert first.shape == (64,)
        assert np.array_equal(first, second)
    for i in (0, 17, 63):
        single = all_of(draws["part"][i], draws["zone"][i], draws["beta"][i])
        assert [float(x[i]) for x in together] == pytest.approx([float(x) for x in single], rel=DIGITS)
    assert all(np.array_equal(before[name], draws[name]) for name in draws)


def test_nothing_that_never_fails_has_outages() -> None:
    found = av.outages(np.array([0.0, 1.0]), 4.0, of=2)
    assert found.per_year[0] == 0.0
    assert found.mean_minutes[0] == 0.0
    assert found.mean_minutes[1] == 120.0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: av.series(0.1, 1.5), "between 0 and 1, but got 1.5"),
        (lambda: av.series(np.array([0.1, np.nan])), "between 0 and 1, but got nan"),
        (
            lambda: av.unavailability_of_repairable(-1, 2),
            "failures_per_year must be a finite number not below 0",
        ),
        (lambda: av.unavailability_of_repairable(np.inf, 2), "but got inf"),
        (lambda: av.unavailability_of_group(0.1, needed=3, of=2), "but got 3 of 2"),
        (lambda: av.unavailability_of_group(0.1, needed=0, of=2), "but got 0 of 2"),
        (lambda: av.unavailability_k_of_n([], 1), "but got 1 of 0"),
        (lambda: av.unavailability_over_zones(0.1, 0.1, needed=1, per_zone=[2, -1]), r"\[2, -1\]"),
        (lambda: failover(copies=0), "but got 0 and 1"),
        (lambda: av.instances_for_static_stability(3, 1), "two zones"),
        (lambda: av.minutes_per_year(99.9), "between 0 and 1, but got 99.9"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(call: object, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        call()  # type: ignore[operator]
