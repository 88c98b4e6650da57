"""Cost: steps, tiers, credits, traffic, rota, present value and monthly curves."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from readiness.errors import ModelError
from readiness.models import cost as c
from readiness.models.crossings import break_even_hours
from readiness.models.sourcing import Way, compare_ways
from readiness.models.ways import lock_in_cost

CASES = {
    case["id"]: case
    for case in YAML(typ="safe").load(Path(__file__).parents[1] / "cases" / "cost.yaml")
}


def _yearly_way(name: str, cash: float, hours: float = 0.0, loss: float = 0.0) -> Way:
    return Way(name, cash=[[cash]], hours=[[hours]], loss=[[loss]])  # type: ignore[arg-type]


def _headcount(case: dict[str, Any]) -> dict[str, float]:
    own = _yearly_way("self", case["self_infra"], case["self_engineers"])
    managed = _yearly_way("managed", case["managed_infra"], case["managed_engineers"])
    totals = [float(way.economic_by_month(case["salary"]).sum()) for way in (own, managed)]
    return {"self": totals[0], "managed": totals[1], "ratio": totals[0] / totals[1]}


def _three_columns(case: dict[str, Any]) -> dict[str, float]:
    own, managed = (_yearly_way(name, *case[name]) for name in ("self", "managed"))
    difference = compare_ways(own, managed, hourly_rate=1.0).median
    total = float(own.economic_by_month(1.0).sum())
    return {
        "self": total,
        "managed": float(managed.economic_by_month(1.0).sum()),
        "saving_share": -difference / total,
    }


def _sum_of_lines(case: dict[str, Any]) -> dict[str, float]:
    own, managed = (_yearly_way(name, sum(case[name])) for name in ("self", "managed"))
    return {
        "managed": float(managed.cash_by_month().sum()),
        "self": float(own.cash_by_month().sum()),
        "difference": -compare_ways(own, managed, hourly_rate=1.0).median,
    }


def _calculator(case: dict[str, Any]) -> dict[str, float]:
    per_replica = case["vcpu"] * case["usd_vcpu"] + case["gb"] * case["usd_gb"]
    fixed = (
        case["control_plane"]
        + case["op_vcpu"] * case["usd_vcpu"]
        + float(c.stored_amount(case["storage_gb"], 0, 1)[0]) * case["usd_storage"] * case["replicas"]
    )
    lines = c.CostLines(
        load=0.0, capacity=1.0, minimum_units=case["replicas"], price_per_unit=per_replica,
        fixed_per_month=fixed, hours_per_month=case["ops_h"],
    )  # fmt: skip
    curves = c.cost_curves(lines, 1)
    return {"infra": float(curves.cash[0, 0]), "ops": float(curves.hours[0, 0]) * case["rate"]}


def _kafka(case: dict[str, Any], follower_fetch: bool = False) -> float:
    replicas = (1,) * case["az"]
    assert sum(replicas) == case["rf"]
    return float(
        c.kafka_cross_zone_traffic(
            case["write_mib_s"], replicas, fanout=case["fanout"], follower_fetch=follower_fetch
        )
    )


def _kafka_bill(case: dict[str, Any]) -> dict[str, float]:
    def month(traffic: float) -> float:
        return float(c.use_cost(c.retained_gigabytes(traffic, case["hours"]), case["usd_per_gib"]))

    return {
        "month_without_follower_fetch": month(_kafka(case)),
        "month_with_follower_fetch": month(_kafka(case, follower_fetch=True)),
    }


def _copies(case: dict[str, Any], copies: int) -> float:
    lines = c.CostLines(0, capacity=1, minimum_units=copies, price_per_unit=case["single"] * case["hours"])
    return float(c.cost_curves(lines, 1).cash[0, 0])


SUMS: dict[str, Callable[[dict[str, Any]], dict[str, float]]] = {
    "deploy_automation_payback": lambda case: {
        "saved_h_year": case["deploys_year"] * (case["before_min"] - case["after_min"]) / 60,
        "payback_years": float(
            c.payback_years(
                case["invest_h"], case["deploys_year"] * (case["before_min"] - case["after_min"]) / 60
            )
        ),
    },
    "extended_support_eks": lambda case: {
        "surcharge_month": float(c.use_cost(case["hours"], case["extended"]) - c.use_cost(case["hours"], case["standard"]))
    },
    "extended_support_rds": lambda case: {
        "month": float(c.use_cost(case["vcpu"] * case["hours"], case["price_per_vcpu_hour"]))
    },
    "k8s_tco_gcore": _headcount,
    "k8s_tco_kubedojo": _three_columns,
    "postgres_tco_3y": _sum_of_lines,
    "kafka_cross_az_1200": lambda case: {"total_mib_s": _kafka(case)},
    "kafka_cross_az_bill": _kafka_bill,
    "kafka_storage_sizing": lambda case: {
        "one_copy": float(c.retained_gigabytes(case["mb_s"], case["retention_h"])),
        "all_copies": float(c.retained_gigabytes(case["mb_s"], case["retention_h"], case["rf"])),
        "per_broker": float(c.retained_gigabytes(case["mb_s"], case["retention_h"], case["rf"])) / case["brokers"],
    },
    "lambda_monthly": lambda case: {
        "requests": float(c.use_cost(case["requests"], case["price_per_million"] / 1e6)),
        "duration": float(c.use_cost(case["gb_seconds"], case["price_gb_s"])),
    },
    "loaded_cost_bls": lambda case: {
        "total": float(
            c.loaded_hourly_rate(
                case["wage"] * 2080, on_cost_factor=1 + case["benefits"] / case["wage"], productive_hours=2080
            )
        )
    },
    "loaded_cost_example": lambda case: {
        "total": float(
            c.loaded_hourly_rate(
                case["salary"],
                on_cost_factor=1 + case["tax"] + case["benefits"] + case["overhead"] / case["salary"],
                productive_hours=1,
            )
        )
    },
    "lockin_liability": lambda case: {"liability": float(lock_in_cost(case["probability"], case["switching_cost"]))},
    "ri_break_even_60": lambda case: {
        "break_even_utilisation": float(c.commitment_break_even(case["ri_total"], case["on_demand"] * case["hours"]))
    },
    "rds_multi_az": lambda case: {"single_month": _copies(case, 1), "multi_az_month": _copies(case, 2)},
    "cncf_tco_calculator_default": _calculator,
}  # fmt: skip


def _dora(case: dict[str, Any]) -> dict[str, float]:
    return {
        "usd_year": float(
            c.failed_change_cost_per_year(
                case["deploys_year"], case["change_failure_rate"], case["mttr_h"], case["usd_hour"]
            )
        )
    }


@pytest.mark.parametrize("name", sorted(CASES))
def test_published_case(name: str) -> None:
    case = CASES[name]
    got = (_dora if name.startswith("dora") else SUMS[name])(case["inputs"])
    for key, value in got.items():
        tolerance = case.get("tolerance")
        expected = case["expected"][key]
        assert value == pytest.approx(expected, **({"abs": tolerance} if tolerance else {"rel": 5e-4})), key


def test_units_are_a_step_function_that_rounding_does_not_push_up() -> None:
    assert c.units([0, 70, 71, 140], 100, target_utilisation=0.7).tolist() == [1.0, 1.0, 2.0, 2.0]
    assert float(c.units(0.1 + 0.2, 0.1)) == 3.0, "0.1 + 0.2 is 0.30000000000000004"
    assert float(c.units(1, 100, minimum=3)) == 3.0
    assert float(c.units(0, 100, minimum=0)) == 0.0


@given(st.floats(0, 1e5), st.floats(0.1, 1e3), st.floats(0.1, 1.0), st.integers(0, 5))
def test_units_carry_the_load_and_one_fewer_would_not(load: float, size: float, target: float, least: int) -> None:
    got = float(c.units(load, size, target_utilisation=target, minimum=least))
    assert got >= least
    assert got * size * target >= load * (1 - 2e-9)
    assert got == least or (got - 1) * size * target < load


@given(st.floats(1, 1e4), st.floats(-0.5, 3), st.floats(0, 2), st.integers(0, 60))
def test_more_growth_never_lowers_units(load: float, growth: float, more: float, month: int) -> None:
    few = c.units(c.load_in_month(load, growth, month), 50)
    assert c.units(c.load_in_month(load, growth + more, month), 50) >= few


def test_the_first_flow_is_not_discounted_as_a_spreadsheet_would() -> None:
    flows = np.array([-1000.0, 300.0, 420.0, 680.0])
    rate = 0.1
    spreadsheet = sum(flow / (1 + float(c.monthly_rate(rate))) ** (t + 1) for t, flow in enumerate(flows))
    ours = float(c.npv(flows, rate))
    assert ours == pytest.approx(spreadsheet * 1.1 ** (1 / 12))
    assert float(c.npv([100.0], 0.5)) == 100.0
    assert float(c.npv(np.full(13, 1.0), 0.0)) == 13.0


def test_present_value_of_a_year_by_exact_fractions() -> None:
    monthly = Fraction(1, 100)
    rate = float((1 + monthly) ** 12 - 1)
    exact = sum(Fraction(250) / (1 + monthly) ** t for t in range(12))
    assert float(c.npv(np.full(12, 250.0), rate)) == pytest.approx(float(exact), rel=1e-12)
    assert float(c.monthly_rate(rate)) == pytest.approx(0.01, rel=1e-12)
    assert c.npv(np.ones((2, 12)), [rate, 0.0])[1] == pytest.approx(12.0)


TIERS = [(100.0, 0.0), (10_340.0, 0.09), (51_300.0, 0.085), (float("inf"), 0.07)]


@pytest.mark.parametrize(
    ("quantity", "cost"),
    [(0, 0.0), (100, 0.0), (101, 0.09), (10_340, 921.6), (10_341, 921.685), (61_300, 921.6 + 3481.6 + 700.0)],
)
def test_marginal_tiers_by_hand(quantity: float, cost: float) -> None:
    assert float(c.tiered_cost(quantity, TIERS)) == pytest.approx(cost)


@given(st.floats(0, 1e6), st.floats(0, 1e5))
def test_a_gigabyte_more_never_costs_less_nor_more_than_the_dearest_tier(quantity: float, more: float) -> None:
    rise = float(c.tiered_cost(quantity + more, TIERS) - c.tiered_cost(quantity, TIERS))
    assert -1e-6 <= rise <= 0.09 * more + 1e-6


def test_a_free_tier_and_nothing_used_cost_nothing() -> None:
    assert float(c.use_cost(0, 0.2)) == 0.0
    assert c.use_cost([999, 1000, 1001], 0.2, free_uses=1000).tolist() == pytest.approx([0.0, 0.0, 0.2])


def test_a_commitment_is_paid_whether_used_or_not() -> None:
    assert c.committed_cost([0, 10, 12], 100, committed_units=10, discount=0.4).tolist() == [600.0, 600.0, 800.0]


def test_start_up_credits_end_in_a_cliff() -> None:
    empty = c.credited_cash([1000.0] * 6, balance=2500, eligible_share=0.8)
    assert empty.cash.tolist() == pytest.approx([200, 200, 200, 900, 1000, 1000])
    assert (int(empty.last_month), float(empty.cliff)) == (3, pytest.approx(100.0))
    assert float(empty.used.sum()) == 2500.0
    expired = c.credited_cash([1000.0] * 6, balance=1e6, expires_after_months=2)
    assert (int(expired.last_month), float(expired.cliff)) == (1, 1000.0)
    none = c.credited_cash([1000.0] * 3, balance=0)
    assert (int(none.last_month), float(none.cliff)) == (-1, 0.0)
    lasting = c.credited_cash([[1000.0] * 3, [10.0] * 3], balance=[5000.0, 15.0])
    assert lasting.last_month.tolist() == [2, 1]
    assert lasting.cliff.tolist() == [0.0, 5.0]


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=24), st.floats(0, 5e4), st.floats(0, 1))
def test_credits_pay_each_cost_at_most_once(costs: list[float], balance: float, share: float) -> None:
    got = c.credited_cash(costs, balance=balance, eligible_share=share)
    assert got.cash + got.used == pytest.approx(np.array(costs), abs=1e-6)
    assert got.used.sum() <= balance + 1e-6
    assert got.cash.min() >= -1e-6


@pytest.mark.parametrize(
    ("replicas", "times_written"),
    [((1, 1, 1), 2.0), ((2, 1), 4 / 3), ((2, 1, 0), 4 / 3), ((3,), 0.0), ((1,), 0.0), ((1, 1), 1.0)],
)
def test_copies_between_zones(replicas: tuple[int, ...], times_written: float) -> None:
    zones = sum(n > 0 for n in replicas)
    producing = (zones - 1) / zones
    got = float(c.kafka_cross_zone_traffic(90, replicas))
    assert got == pytest.approx(90 * (times_written + producing))


def test_copies_between_zones_by_simulating_leaders() -> None:
    zone_of = np.array([0, 0, 1, 2])
    leader = np.random.default_rng(3).integers(0, 4, 200_000)
    copies = (zone_of[None, :] != zone_of[leader][:, None]).sum(axis=1).mean()
    expected = float(c.kafka_cross_zone_traffic(1.0, (2, 1, 1))) - 2 / 3
    assert expected == pytest.approx(copies, abs=0.01)


def test_a_rota_round_the_clock_needs_eight_people() -> None:
    assert c.on_call_people(168) == c.rota_minimum() == 8
    assert c.on_call_people(168, deep=1, share_on_call=0.2) == c.rota_minimum(pragmatic=True) == 5
    assert c.people_short([3, 8, 9], 8).tolist() == [5.0, 0.0, 0.0]
    assert float(c.loaded_hourly_rate(96_000, on_cost_factor=1.25, productive_hours=1500)) == 80.0


def test_on_call_pay_by_hand() -> None:
    got = c.on_call_cost_per_month(pay_per_week=168, deep=2, pages_per_month=3, hours_per_page=6, hourly_rate=100)
    assert float(got) == pytest.approx(2 * 730 + 1800)


def test_a_pool_saves_a_node_only_when_a_node_goes() -> None:
    def saved(demand: list[float]) -> float:
        return float(c.marginal_pool_cost(demand, service=0, capacity_per_node=4, price_per_node=100, minimum_nodes=3))

    assert saved([2.0, 9.0]) == 0.0
    assert saved([2.0, 12.0]) == 100.0
    assert saved([9.0, 12.0]) == 300.0


def test_storage_grows_until_the_oldest_is_deleted() -> None:
    kept = c.stored_amount(120, 10, 30, retention_months=12)
    assert kept == pytest.approx(np.full(30, 120.0)), "in balance it stays as it is"
    assert c.stored_amount([0.0, 5.0], [1.0, 2.0], 3).tolist() == [[0, 1, 2], [5, 7, 9]]


def long_sum(lines: c.CostLines, months: int) -> np.ndarray:
    """The same bill added up line by line in plain Python."""
    full = lines.broadcast()
    draws, services = full["load"].shape
    total = np.zeros((draws, months))
    for i in range(draws):
        for s in range(services):
            line = {name: float(array[i, s]) for name, array in full.items()}
            for t in range(months):
                load = line["load"] * (1 + line["growth_per_year"]) ** (t / 12)
                needed = max(line["minimum_units"], np.ceil(load / line["capacity"] * (1 - 1e-9)))
                total[i, t] += line["fixed_per_month"] + needed * line["price_per_unit"] + load * line["price_per_load"]
    return total


def drawn_lines(seed: int, draws: int = 3, services: int = 4) -> c.CostLines:
    random = np.random.default_rng(seed)
    shape = (draws, services)
    return c.CostLines(
        load=random.uniform(0, 500, shape), growth_per_year=random.uniform(-0.3, 3, shape),
        capacity=random.choice([40.0, 90.0, np.inf], services), minimum_units=random.integers(0, 4, services).astype(float),
        price_per_unit=random.uniform(10, 300, shape), price_per_load=random.choice([0.0, 0.7], services),
        fixed_per_month=random.uniform(0, 50, shape), hours_per_month=random.uniform(0, 40, shape),
        hours_per_unit=random.uniform(0, 2, shape),
    )  # fmt: skip


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_the_curve_is_the_sum_of_its_unrounded_lines(seed: int) -> None:
    lines = drawn_lines(seed)
    assert c.cost_curves(lines, 14).cash == pytest.approx(long_sum(lines, 14), rel=1e-9)


@given(st.integers(0, 10_000), st.floats(0.1, 10))
@settings(max_examples=15, deadline=None)
def test_cost_scales_with_prices_and_hours_do_not(seed: int, factor: float) -> None:
    lines = drawn_lines(seed)
    dearer = c.CostLines(**{
        name: array * factor if name.startswith(("price", "fixed")) else array
        for name, array in lines.broadcast().items()
    })  # fmt: skip
    assert c.cost_curves(dearer, 8).cash == pytest.approx(c.cost_curves(lines, 8).cash * factor)
    assert np.array_equal(c.cost_curves(dearer, 8).hours, c.cost_curves(lines, 8).hours)


def test_blocks_of_draws_join_without_a_seam() -> None:
    lines = drawn_lines(1, draws=2 * c.BLOCK + 3)
    whole = c.cost_curves(lines, 5)
    last = {name: array[-1:] for name, array in lines.broadcast().items()}
    assert whole.cash[-1:] == pytest.approx(c.cost_curves(c.CostLines(**last), 5).cash, rel=1e-12)
    assert whole.cash.shape == whole.hours.shape == (2 * c.BLOCK + 3, 5)
    assert whole.economic(np.full(len(whole.cash), 2.0))[0, 0] == pytest.approx(whole.cash[0, 0] + 2 * whole.hours[0, 0])


def test_what_is_paid_per_use_has_no_units() -> None:
    curves = c.cost_curves(c.CostLines(load=1e6, price_per_load=2e-6), 2)
    assert curves.cash.tolist() == [[2.0, 2.0]]
    assert curves.hours.tolist() == [[0.0, 0.0]]


def test_nothing_saved_never_pays_back() -> None:
    assert c.payback_years([10, 10, 0], [5, 0, 0]).tolist() == [2.0, np.inf, 0.0]


def test_published_break_even_hours() -> None:
    """Managed premium over the bare machines at 100 an hour: RDS pair, three MSK brokers, four of the largest."""
    premium = np.array([2 * (0.171 - 0.096), 3 * (0.21 - 0.096), 4 * (10.08 - 4.608)]) * 730
    assert break_even_hours(premium, 100).saved == pytest.approx([1.1, 2.5, 160], rel=0.01)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: c.units(1, 0),
        lambda: c.units(1, 1, target_utilisation=1.2),
        lambda: c.load_in_month(1, -1, 3),
        lambda: c.tiered_cost(1, [(10, 1.0)]),
        lambda: c.tiered_cost(-1, TIERS),
        lambda: c.committed_cost(1, 1, discount=40),
        lambda: c.credited_cash([1.0], balance=-1),
        lambda: c.kafka_cross_zone_traffic(1, ()),
        lambda: c.CostLines(load=[[1.0, 2.0]], price_per_unit=[[1.0, 2.0, 3.0]]).broadcast(),
        lambda: c.cost_curves(c.CostLines(load=-1), 3),
        lambda: c.cost_curves(c.CostLines(load=1), 0),
        lambda: c.rota_minimum(sites=0),
        lambda: c.on_call_people(200),
        lambda: c.monthly_rate(-1),
        lambda: c.marginal_pool_cost([1.0], service=0, capacity_per_node=0, price_per_node=1),
        lambda: c.commitment_break_even(1, 0),
        lambda: c.stored_amount(1, 1, 3, retention_months=0),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(impossible: Callable[[], object]) -> None:
    with pytest.raises(ModelError):
        impossible()
