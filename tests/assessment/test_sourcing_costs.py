"""A design over the horizon: the arithmetic of the bill by hand, growth in steps, the client's bill, credits and their cliff."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.assessment import assess
from readiness.assessment.sourcing import sourcing
from readiness.assessment.sourcing_comparing import candidates_of, compare
from readiness.assessment.sourcing_costs import DesignCosts, costs_over_horizon
from readiness.assessment.sourcing_growth import growth_of
from readiness.assessment.sourcing_tier_costs import all_tier_costs, room_of
from readiness.assessment.yearly import supposed
from readiness.catalog import Catalog, load_catalog
from readiness.design import design_of
from readiness.engagement import Engagement, open_engagement
from readiness.engagement.schema import CommitmentDiscount, Demand, FigureFields, Override, StartupCredits
from readiness.errors import EngagementError
from readiness.exhibits.sourcing import costs as costs_chapter
from readiness.moves import Values

AS_OF = date(2026, 11, 23)
CATALOG = load_catalog()
EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"


def altered(e: Engagement, tier: str = "", *, growth: float | None = None, credits: tuple[StartupCredits, ...] = (), **update: object) -> Engagement:
    tiers = tuple(t.model_copy(update=update) if t.name == tier else t for t in e.architecture.tiers)
    demand = e.demand if growth is None else e.demand.model_copy(update={"growth_per_year": growth})
    return e.model_copy(update={
        "architecture": e.architecture.model_copy(update={"tiers": tiers}), "demand": demand,
        "money": e.money.model_copy(update={"startup_credits": credits}),
    })  # fmt: skip


def costs(catalog: Catalog, e: Engagement, months: int = 36) -> DesignCosts:
    a = assess(catalog, e, as_of=AS_OF, draws=256)
    return costs_over_horizon(catalog, e, a.design.placed, a.values, as_of=AS_OF, months=months)


def of(found: DesignCosts, tier: str):  # type: ignore[no-untyped-def]
    return next(t for t in found.tiers if t.placed.tier.name == tier)


# -- by hand ---
def values_of(e: Engagement, draws: int = 64, **fixed: float) -> Values:
    """A client's numbers, some of them set by hand."""
    held = tuple(Override(number=n, low=x, likely=x, high=x, reason="a test") for n, x in fixed.items())
    return assess(CATALOG, e.model_copy(update={"overrides": held}), as_of=AS_OF, draws=draws).values


def test_growth_doubles_and_then_fades_by_seven_tenths(northlight: Engagement) -> None:
    factor = growth_of(northlight, values_of(northlight, growth_kept_share=0.7), months=37, per_year=1.0).factor
    assert factor[0, [0, 12, 24, 36]] == pytest.approx([1, 2, 2 * 1.7, 2 * 1.7 * 1.49])


def test_growth_is_what_the_client_expects_times_what_comes_of_it(northlight: Engagement) -> None:
    factor = growth_of(northlight, values_of(northlight, growth_realised_factor=0.5), months=13).factor
    assert factor[:, 12] == pytest.approx(1 + 0.5 * northlight.demand.growth_per_year)
    drawn = growth_of(northlight, values_of(northlight)).per_year / northlight.demand.growth_per_year
    assert np.quantile(drawn, [0.05, 0.5, 0.95]) == pytest.approx([0.5, 1.0, 1.5], rel=0.1)


def test_a_machine_and_a_disk_by_hand(catalog: Catalog, northlight: Engagement) -> None:
    """PostgreSQL on one t3.large with 400 GB of gp3, at the prices of the day."""
    line = {x.sku: x for x in of(costs(catalog, northlight), "orders_db").lines}
    machine, disk = catalog.price("aws/ec2_t3_large", AS_OF), catalog.price("aws/ebs_gp3", AS_OF)
    assert machine is not None
    assert disk is not None
    assert line["aws/ec2_t3_large"].per_month_now == pytest.approx(machine.price * 730)
    assert line["aws/ebs_gp3"].per_month_now == pytest.approx(400 * disk.price)


def test_the_list_of_the_costs_is_the_list_of_the_design(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    """Month 0 is today's bill to the cent, except where falling prices or traffic between zones are reckoned more closely."""
    for e in clients.values():
        for t in costs(catalog, e).tiers:
            skus = {line.sku for line in t.lines}
            if not any("egress" in s or "cross_zone" in s for s in skus):
                assert sum(line.per_month_now for line in t.lines) == pytest.approx(t.placed.list_price_per_month)


def test_traffic_falls_in_price_beyond_ten_terabytes(catalog: Catalog, northlight: Engagement) -> None:
    """100 GB free, up to 10,240 GB at the first price, the rest at the second."""
    heavy = altered(northlight, "web", egress_gigabytes=20_000.0)
    line = next(x for x in of(costs(catalog, heavy), "web").lines if x.sku == "aws/internet_egress")
    first, second = (catalog.price(s, AS_OF) for s in ("aws/internet_egress", "aws/internet_egress_over_10_tb"))
    assert first is not None
    assert second is not None
    assert line.per_month_now == pytest.approx((10_240 - 100) * first.price + (20_000 - 10_240) * second.price)


def test_a_replicated_log_pays_for_traffic_between_zones(catalog: Catalog, northlight: Engagement) -> None:
    """1,000 GB written over three zones and read once: 2/3 + 2 + 2/3 of it crosses, billed on both ends."""
    e = altered(northlight.with_way("events", "kafka_vm_three_zones"), "events", egress_gigabytes=1000.0)
    line = next(x for x in of(costs(catalog, e), "events").lines if x.sku == "aws/cross_zone_traffic")
    price = catalog.price("aws/cross_zone_traffic", AS_OF)
    assert price is not None
    assert line.per_month_now == pytest.approx(1000 * (2 / 3 + 2 + 2 / 3) * 2 * price.price)


def test_a_log_in_one_zone_pays_for_none(catalog: Catalog, northlight: Engagement) -> None:
    e = altered(northlight, "events", egress_gigabytes=1000.0)
    assert not [x for x in of(costs(catalog, e), "events").lines if "cross_zone" in x.sku]


def test_the_second_machine_comes_when_the_first_is_seven_tenths_full(catalog: Catalog, northlight: Engagement) -> None:
    """150 a second of 600: full at 2.8 times the load; with exactly 100 % growth in a year that is in month 18."""
    e = altered(northlight, "orders_db", capacity_per_second=600.0)
    placed, values = design_of(catalog, e, as_of=AS_OF).placed, values_of(e, full_machine_share=0.7)
    growth = growth_of(e, values, per_year=1.0)
    (t,) = [x for x in all_tier_costs(catalog, e, placed, values, growth, as_of=AS_OF) if x.placed.tier.name == "orders_db"]
    full = 600 / 150 * 0.7
    due = int(np.argmax(growth.factor[0] > full))
    assert t.steps[0, due - 1] == 1
    assert t.steps[0, due] == 2
    assert 12 < due < 24


# -- the client's own bill wins ---
def test_the_clients_own_bill_is_month_0(catalog: Catalog, northlight: Engagement) -> None:
    e = altered(northlight, "orders_db", cost_per_month=FigureFields(low=777, likely=777, high=777))
    t = of(costs(catalog, e), "orders_db")
    assert t.basis == "bill"
    assert np.all(t.cash[:, 0] == 777)
    plain = of(costs(catalog, northlight), "orders_db")
    assert t.shape == pytest.approx(plain.shape)


def test_a_bundle_is_billed_once(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    e = clients["quillfield"]
    twice = e.model_copy(update={"architecture": e.architecture.model_copy(update={
        "tiers": (*e.architecture.tiers, e.architecture.tiers[1].model_copy(update={"name": "login", "need": "customer_login"}))})})  # fmt: skip
    found = costs(catalog, twice)
    assert of(found, "database").cash.any()
    assert not of(found, "login").cash.any()
    assert not of(found, "login").hours.any()


def test_totals_are_sums_of_unrounded_lines(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for e in clients.values():
        found = costs(catalog, e)
        assert found.gross_cash == pytest.approx(np.sum([t.cash for t in found.tiers], axis=0) + found.unused)
        assert found.cash == pytest.approx(found.gross_cash - found.credits_used)


# -- credits ---
def test_credits_pay_until_they_expire_and_then_the_bill_jumps(catalog: Catalog, northlight: Engagement) -> None:
    e = altered(northlight, credits=(StartupCredits(provider="aws", balance=1e9, expires=date(2027, 11, 23)),))
    found = costs(catalog, e)
    paid_by_aws = np.sum([t.cash for t in found.tiers if t.placed.way.provider == "aws"], axis=0)
    assert found.credits_used[:, :11] == pytest.approx(paid_by_aws[:, :11])
    assert not found.credits_used[:, 12:].any()
    ((provider, last, cliff),) = found.credit_ends
    assert provider == "aws"
    assert last == pytest.approx(10, abs=1)
    assert cliff > 0


def test_credits_of_a_provider_that_bills_nothing_pay_nothing(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    ends = {p: last for p, last, _ in costs(catalog, clients["quillfield"]).credit_ends}
    assert ends["aws"] == -1
    assert ends["vercel"] >= 0


# -- commitments and negotiated discounts ---
def with_discount(e: Engagement, **given: object) -> Engagement:
    d = CommitmentDiscount.model_validate({"provider": "aws", "share_off": 0.3, "until": date(2027, 11, 23)} | given)
    return e.model_copy(update={"money": e.money.model_copy(update={"commitment_discounts": (d,)})})


def test_a_discount_holds_until_its_day_and_then_the_list_price_returns(catalog: Catalog, northlight: Engagement) -> None:
    """Thirty per cent off the machine of the database, not its disk, for eleven whole months."""
    still = altered(northlight, growth=0.0)
    plain = of(costs(catalog, still), "orders_db")
    off = of(costs(catalog, with_discount(still, prices=["aws/ec2_t3_large"])), "orders_db")
    machine, whole = (next(x for x in plain.lines if x.sku == "aws/ec2_t3_large").per_month_now, sum(x.per_month_now for x in plain.lines))
    paid = (whole - 0.3 * machine) / whole
    assert off.cash[:, :11] == pytest.approx(paid * plain.cash[:, :11])
    assert off.cash[:, 11:] == pytest.approx(plain.cash[:, 11:])
    assert off.placed.list_price_per_month == pytest.approx(whole - 0.3 * machine)
    assert next(x for x in off.lines if x.sku == "aws/ec2_t3_large").per_month_end == pytest.approx(machine)


def test_a_billed_tier_has_its_discount_in_the_bill_and_loses_it_on_the_day(catalog: Catalog, northlight: Engagement) -> None:
    billed = altered(northlight, "orders_db", growth=0.0, cost_per_month=FigureFields(low=700, likely=700, high=700))
    t = of(costs(catalog, with_discount(billed)), "orders_db")
    assert t.cash[:, 0] == pytest.approx(700)
    assert t.cash[:, 11] == pytest.approx(700 / 0.7)


def test_a_discount_that_ended_or_covers_another_need_or_provider_changes_nothing(catalog: Catalog, northlight: Engagement) -> None:
    plain = costs(catalog, northlight).cash
    for other in ({"until": date(2026, 11, 22)}, {"needs": ["cache_of_nobody"]}, {"provider": "gcp"}):
        assert np.array_equal(costs(catalog, with_discount(northlight, **other)).cash, plain)


def test_the_trail_names_the_discount_and_the_rise_at_its_end_is_told(catalog: Catalog, northlight: Engagement) -> None:
    e = altered(northlight, growth=0.0)
    a = assess(catalog, with_discount(e, needs=["relational_database"], source="our framework contract"), as_of=AS_OF, draws=256)
    assert "less 30 % of aws/ec2_t3_large, aws/ebs_gp3 until 2027-11-23 (our framework contract)" in a.values.trail("orders_db.cash_per_month")[0].source
    found = costs_over_horizon(catalog, a.engagement, a.design.placed, a.values, as_of=AS_OF)
    ((_, left, rise),) = found.discount_ends
    assert left == 11
    assert rise == pytest.approx(float((found.cash[:, 11] - found.cash[:, 10]).mean()))


def test_what_is_committed_to_is_paid_for_used_or_not_until_it_ends(catalog: Catalog, northlight: Engagement) -> None:
    e = with_discount(altered(northlight, growth=0.0), minimum_per_month=5000)
    found = costs(catalog, e)
    covered = np.sum([t.cash for t in found.tiers if t.placed.way.provider == "aws"], axis=0)
    assert found.gross_cash[:, :11] == pytest.approx(5000 + found.other_cash[:, None] + np.sum([t.cash for t in found.tiers], axis=0)[:, :11] - covered[:, :11])
    assert not found.unused[:, 11:].any()
    a = assess(catalog, e, as_of=AS_OF, draws=256)
    assert a.figure("unused_commitments").draws / 12 == pytest.approx(found.unused[:, 0])
    spent = sum(a.values[f"{t.placed.tier.name}.cash_per_month"] for t in found.tiers)
    beside = assess(catalog, with_discount(e), as_of=AS_OF, draws=256).figure("cash_per_month").draws - spent
    assert a.figure("cash_per_month").draws == pytest.approx(found.cash[:, 0] + beside)


def test_moving_off_a_commitment_pays_for_it_to_its_end(catalog: Catalog, northlight: Engagement) -> None:
    """The database leaves the machines that were committed to: what they cost is paid on, eleven months long."""
    e = altered(northlight, growth=0.0)
    covered = {"needs": ["relational_database"], "prices": ["aws/ec2_t3_large"]}
    free = assess(catalog, with_discount(e, **covered), as_of=AS_OF, draws=256)
    machine = float(free.design["orders_db"].lines[0].per_month)
    bound = assess(catalog, with_discount(e, minimum_per_month=machine / 2, **covered), as_of=AS_OF, draws=256)
    differences = []
    for a in (free, bound):
        rds = next(c for c in candidates_of(a, a.design["orders_db"]) if c.way.id == "rds_postgres_single")
        today = supposed(a, draws=256)
        differences.append(compare(a, rds, today, 36))
    extra = differences[1].other.cash - differences[0].other.cash
    assert extra[:, :11] == pytest.approx(machine / 2)
    assert not extra[:, 11:].any()
    assert np.array_equal(differences[0].today.cash, differences[1].today.cash)


@given(off=st.floats(0.01, 0.9), more=st.floats(0.0, 0.09), minimum=st.floats(0, 3000))
@settings(max_examples=15)
def test_more_off_never_costs_more_and_a_minimum_never_less(off: float, more: float, minimum: float) -> None:
    e = open_engagement(EXAMPLES / "northlight.yaml", CATALOG).engagement
    dear, cheap, bound = (
        costs(CATALOG, with_discount(e, share_off=o, minimum_per_month=m)).cash for o, m in ((off, 0), (off + more, 0), (off + more, minimum))
    )
    assert np.all(cheap <= dear * (1 + 1e-9))
    assert np.all(bound >= cheap * (1 - 1e-9))


@pytest.mark.parametrize(
    ("line", "complaint"),
    [("provider: asw, share_off: 0.3, until: 2027-01-01", "aws"), ("provider: aws, share_off: 30, until: 2027-01-01", "share_off"),
     ("provider: aws, share_off: 0.3", "until"), ("provider: aws, share_off: 0.3, until: 2027-01-01, needs: [relational_databse]", "relational_database"),
     ("provider: aws, share_off: 0.3, until: 2027-01-01, prices: [gcp/internet_egress]", "not a price of aws"),
     ("provider: aws, share_off: 0.3, until: 2027-01-01, prices: [aws/ec2_t3_larg]", "aws/ec2_t3_large"),
     ("provider: aws, share_off: 0.3, until: 2027-01-01, discount: 3", "discount")],
    ids=["provider misspelt", "per cent for a share", "no end", "need misspelt", "price of another", "price misspelt", "unknown key"],
)  # fmt: skip
def test_a_discount_written_wrongly_gets_one_clear_sentence(tmp_path: Path, line: str, complaint: str) -> None:
    text = (EXAMPLES / "northlight.yaml").read_text("utf-8").replace("  customers: 38\n", "  customers: 38\n  commitment_discounts:\n    - {" + line + "}\n")
    file = tmp_path / "engagement.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(EngagementError) as told:
        open_engagement(file, CATALOG)
    assert complaint in str(told.value)


def test_the_example_with_a_commitment_tells_when_it_ends(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    s = sourcing(assess(catalog, clients["cheerly"], as_of=AS_OF))
    over_time, lines = costs_chapter(s).exhibits[:2]
    assert "25 % off Google Cloud's list prices of relational database holds until 2027-09-30; then the bill rises by" in over_time.finding.replace("\u00a0", " ")
    assert any("less 25 % for 10 months" in row[1].replace("\u00a0", " ") for row in lines.table.rows)  # type: ignore[union-attr]


# -- laws ---
@given(first=st.floats(-0.5, 4), more=st.floats(0, 4))
@settings(max_examples=20)
def test_more_growth_never_lowers_a_bill_or_its_machines(first: float, more: float) -> None:
    e = open_engagement(EXAMPLES / "northlight.yaml", CATALOG).engagement
    design = design_of(CATALOG, e, as_of=AS_OF)
    values = assess(CATALOG, e, as_of=AS_OF, draws=64).values
    low, high = (all_tier_costs(CATALOG, e, design.placed, values, growth_of(e, values, per_year=g), as_of=AS_OF) for g in (first, first + more))
    for a, b in zip(low, high, strict=True):
        assert np.all(b.steps >= a.steps)
        assert np.all(b.cash >= a.cash * (1 - 1e-9))
        assert np.all(b.hours >= a.hours * (1 - 1e-9))


@given(times=st.floats(1, 100))
@settings(max_examples=20)
def test_ten_times_the_load_is_never_cheaper_and_at_most_so_many_times_dearer_than_its_steps(times: float) -> None:
    e = open_engagement(EXAMPLES / "cheerly.yaml", CATALOG).engagement
    for t in costs(CATALOG, e, months=2).tiers:
        ratio = t.at_times(times)
        assert np.all(ratio >= 1 - 1e-9)


def test_no_growth_is_a_flat_bill(catalog: Catalog, northlight: Engagement) -> None:
    found = costs(catalog, altered(northlight, growth=0.0))
    assert found.gross_cash == pytest.approx(np.repeat(found.gross_cash[:, :1], 36, axis=1))


def test_hours_of_bought_services_do_not_grow_and_a_share_of_the_others_does(catalog: Catalog, northlight: Engagement) -> None:
    found = costs(catalog, northlight)
    files, web = of(found, "files"), of(found, "web")
    assert files.hours == pytest.approx(np.repeat(files.hours_now[:, None], 36, axis=1))
    follows = values_of(northlight, 256)["effort_follows_size_share"]
    assert follows.std() > 0
    assert web.hours == pytest.approx(web.hours_now[:, None] * (1 - follows[:, None] + follows[:, None] * web.steps))


def test_an_unmeasured_tier_has_a_range_of_room_and_a_measured_one_has_none(catalog: Catalog, northlight: Engagement) -> None:
    design = design_of(catalog, northlight, as_of=AS_OF)
    assert room_of(northlight, design["orders_db"]) == pytest.approx(220 / 150)
    assert room_of(northlight, design["events"]) is None
    assert of(costs(catalog, northlight), "events").steps[:, -1].std() > 0


def test_a_client_that_says_nothing_of_demand_is_costed_all_the_same(catalog: Catalog, northlight: Engagement) -> None:
    e = northlight.model_copy(update={"demand": Demand()})
    assert np.all(np.isfinite(costs(catalog, e).cash))
