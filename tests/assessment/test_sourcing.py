"""Who should run what, for real clients: gates before money, the same on both sides, and advice no stronger than its range."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.assessment import Assessment, assess
from readiness.assessment.sourcing import Sourcing, sourcing
from readiness.assessment.sourcing_comparing import Candidate, Compared, against, candidates_of, compare, size_of
from readiness.assessment.sourcing_gates import ELSEWHERE, barriers, closed, engines, homes, homes_of
from readiness.assessment.sourcing_growth import growth_of
from readiness.assessment.sourcing_staying import remedies_cost, stay_steps, with_steps
from readiness.assessment.yearly import supposed
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import Blocked, FigureFields
from readiness.models.cost import present_factors
from readiness.models.draws import standard_normals
from readiness.models.sourcing import Way, compare_ways
from readiness.models.uncertainty import quantiles_to_draws

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def views(catalog: Catalog, clients: dict[str, Engagement]) -> dict[str, Sourcing]:
    return {name: sourcing(assess(catalog, e, as_of=AS_OF)) for name, e in clients.items()}


def with_tier(engagement: Engagement, tier: str, **update: object) -> Engagement:
    tiers = tuple(t.model_copy(update=update) if t.name == tier else t for t in engagement.architecture.tiers)
    return engagement.model_copy(update={"architecture": engagement.architecture.model_copy(update={"tiers": tiers})})


# -- effect ---
@pytest.mark.parametrize("name", ["northlight", "quillfield", "medirow", "cheerly"])
def test_the_effect_is_the_assessment_without_its_windows(catalog: Catalog, clients: dict[str, Engagement], name: str) -> None:
    a = assess(catalog, clients[name], as_of=AS_OF)
    effect = supposed(a, draws=a.values.draws)
    assert np.array_equal(effect.bad_minutes, a.bad_minutes_weighted)
    whole = {x.id: x.per_year for x in a.amounts}
    assert {x.id for x in effect.amounts} == set(whole)
    for x in effect.amounts:
        if x.id == "sla_credits_owed":
            # An expectation over 16 draws in place of 256.
            assert float(x.per_year.mean()) == pytest.approx(float(whole[x.id].mean()), rel=0.05)
        else:
            assert np.array_equal(x.per_year, whole[x.id]), x.id


def test_hours_beside_the_tiers_are_all_hours_but_theirs_and_the_exit(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    a = s.assessment
    own = {f"{p.tier.name}_hours" for p in a.design.placed} | {"provider_exit"}
    expected = sum(float(x.per_year.mean()) for x in a.amounts if x.column == "hours" and x.id not in own) / 12
    assert float(s.today.other_hours_per_month.mean()) == pytest.approx(expected)


# -- the same on both sides ---
def test_a_way_against_itself_differs_in_nothing_but_the_move(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    today = supposed(a, draws=a.values.draws)
    service, way = catalog.ways["kafka_vm_single"]
    c = compare(a, Candidate(service, way, (), ("events",)), today, 36)
    assert not c.premium_per_month.any()
    assert not c.hours_back.any()
    assert not c.bad_minutes_change.any()
    assert not c.comparison.loss_difference.any()
    assert c.comparison.cash_difference == pytest.approx(c.moving_cash)
    assert c.comparison.hours_difference == pytest.approx(c.moving_hours)
    assert c.comparison.chance_cheaper_economic == 0.0
    assert c.break_even is None
    assert c.switch.start_month is None


def test_the_comparison_is_the_three_columns_added_up(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    c = s.service("events").compared[0]
    factor = present_factors(s.costs.discount_rate_per_year, s.months)
    rate = s.costs.rate_per_hour
    hours = ((c.other.hours_by_month() - c.today.hours_by_month()) * factor).sum(axis=1) * rate
    lock_in = (c.other.economic_by_month(rate) - c.today.economic_by_month(rate))[:, -1] * factor[-1]
    plain = (c.other.cash - c.today.cash + (c.other.hours - c.today.hours) * rate[:, None] + c.other.loss - c.today.loss)[:, -1] * factor[-1]
    added = c.comparison.cash_difference + hours + c.comparison.loss_difference + lock_in - plain
    assert c.comparison.economic_difference == pytest.approx(added, rel=1e-9, abs=1e-6)


def test_break_even_hours_are_the_premium_over_the_rate(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    c = s.service("orders_db").managed
    assert c is not None
    assert c.break_even is not None
    assert c.break_even.saved == pytest.approx(np.maximum(c.premium_per_month, 0) / s.costs.rate_per_hour)
    assert np.all(c.break_even.self_run >= c.break_even.saved)


def test_another_currency_changes_no_ranking_and_scales_the_money(catalog: Catalog, northlight: Engagement) -> None:
    def in_yen(e: Engagement) -> Engagement:
        money = e.money
        figures = {n: getattr(money, n) for n in ("loaded_rate_per_hour", "contract_value_at_stake_per_year")}
        scaled = {n: f.model_copy(update={k: getattr(f, k) * 100 for k in ("low", "likely", "high")}) for n, f in figures.items()}
        fees = [j.promise.model_copy(update={"monthly_fee": j.promise.monthly_fee * 100}) for j in e.journeys]
        journeys = tuple(j.model_copy(update={"promise": p}) for j, p in zip(e.journeys, fees, strict=True))
        client = e.client.model_copy(update={"currency": "JPY", "exchange_rate_from_usd": 100.0})
        assert money.revenue_per_year
        money = money.model_copy(update={**scaled, "revenue_per_year": money.revenue_per_year * 100})
        return e.model_copy(update={"client": client, "money": money, "journeys": journeys})

    one, other = (sourcing(assess(catalog, e, as_of=AS_OF)) for e in (northlight, in_yen(northlight)))
    for a, b in zip(one.services, other.services, strict=True):
        assert [c.id for c in a.compared] == [c.id for c in b.compared]
        for c, d in zip(a.compared, b.compared, strict=True):
            assert d.comparison.median == pytest.approx(100 * c.comparison.median, rel=1e-6)
            assert d.comparison.chance_cheaper_economic == c.comparison.chance_cheaper_economic


def test_a_way_compared_again_gives_the_same_bits(catalog: Catalog, views: dict[str, Sourcing], northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    today = supposed(a, draws=a.values.draws)
    for v in views["northlight"].services:
        first = v.compared[0]
        assert first.candidate is not None
        again = compare(a, first.candidate, today, 36)
        assert np.array_equal(first.comparison.economic_difference, again.comparison.economic_difference)


@given(likely=st.floats(2, 200), spread=st.floats(1.05, 4), wider=st.floats(1.0, 4))
@settings(max_examples=30)
def test_a_wider_range_never_makes_surer(likely: float, spread: float, wider: float) -> None:
    """Self-run hours as they are known, or known less: the verdict's chance comes no further from even."""
    z = standard_normals(1024, 1)[:, 0]
    sure = []
    for ratio in (spread, spread**wider):
        hours = np.repeat(quantiles_to_draws(z, likely / ratio, likely, likely * ratio, kind="positive")[:, None], 36, axis=1)
        own = Way("own", cash=np.full((1, 36), 600.0), hours=hours, loss=np.zeros((1, 36)))
        managed = Way("managed", cash=np.full((1, 36), 2100.0), hours=np.full((1, 36), 14.0), loss=np.zeros((1, 36)), upfront_cash=6000)
        chance = compare_ways(own, managed, hourly_rate=80).chance_cheaper_economic
        sure.append(abs(chance - 0.5))
    assert sure[1] <= sure[0] + 1e-12


# -- loss over the horizon ---
def exactly(a: Assessment, c: Compared, per_year: float) -> Compared:
    """The same move if the load grows by exactly so much a year."""
    assert c.candidate is not None
    today = supposed(a, draws=a.values.draws)
    growth = growth_of(a.engagement, today.values, per_year=per_year)
    return against(a, today, c.effect, c.candidate.tiers, 36, growth=growth, candidate=c.candidate, names=(c.id, c.title, c.run_by))


def test_a_doubled_revenue_doubles_the_loss_that_follows_it_and_no_other(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    c = s.service("events").compared[0]
    doubled = exactly(s.assessment, c, 1.0)
    of = {x.id: x.per_year / 12 for x in c.effect.amounts if x.column == "loss" and not x.avoidable_only}
    following = sum(of[x] for x in ("lost_revenue", "churn", "lost_data", "sla_credits_owed"))
    rest = sum(drawn for name, drawn in of.items() if name not in ("lost_revenue", "churn", "lost_data", "sla_credits_owed"))
    assert doubled.other.loss[:, 0] == pytest.approx(rest + following)
    assert doubled.other.loss[:, 12] == pytest.approx(rest + 2 * following)
    assert {"bill_surprises", "exposure_cost", "contracts_blocked", "contracts_delayed", "idle"} <= of.keys()


def test_without_growth_the_loss_is_flat_to_the_bit(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    c = s.service("events").compared[0]
    still = exactly(s.assessment, c, 0.0)
    assert np.array_equal(still.other.loss, np.repeat(c.effect.loss_per_month[:, None], 36, axis=1))
    assert np.array_equal(still.today.loss, np.repeat(s.today.loss_per_month[:, None], 36, axis=1))
    assert not np.array_equal(c.other.loss, still.other.loss)


@given(first=st.floats(-0.9, 6), more=st.floats(0, 4))
@settings(max_examples=20)
def test_more_growth_never_lowers_the_loss_of_a_later_month(views: dict[str, Sourcing], first: float, more: float) -> None:
    s = views["medirow"]
    low, high = (s.today.loss_by_month(growth_of(s.assessment.engagement, s.today.values, per_year=g).factor) for g in (first, first + more))
    assert np.array_equal(low[:, 0], high[:, 0])
    assert np.all(high >= low * (1 - 1e-12))


def test_a_loss_that_grows_brings_a_break_even_that_a_flat_one_never_has() -> None:
    """Managed costs 1,500 a month more and spares a loss of 1,000 that doubles each year: 1,000 x 2^(t/12) passes 1,500 in month 8,
    and from month 14 on the sum of it is more than 1,500 a month."""
    month = np.arange(36)
    nothing = np.zeros((1, 36))
    flat, growing = (Way("own", cash=nothing, hours=nothing, loss=loss[None, :]) for loss in (np.full(36, 1000.0), 1000 * 2 ** (month / 12)))
    managed = Way("managed", cash=nothing + 1500, hours=nothing, loss=nothing)
    assert compare_ways(flat, managed, hourly_rate=80).break_even.month is None
    found = compare_ways(growing, managed, hourly_rate=80)
    assert found.break_even.month == next(t for t in month if sum(1000 * 2 ** (u / 12) for u in range(t + 1)) > 1500 * (t + 1)) == 14
    assert found.median == pytest.approx(36 * 1500 - 1000 * (2**3 - 1) / (2 ** (1 / 12) - 1))


# -- gates ---
def test_what_is_closed_is_listed_and_never_compared(views: dict[str, Sourcing]) -> None:
    for s in views.values():
        for v in s.services:
            shut = {c.way.id for c in v.candidates if not c.open}
            assert shut.isdisjoint(c.id for c in v.compared)
            for c in v.candidates:
                assert all(b.reason and b.would_change for b in c.barriers)


def test_the_best_way_loses_at_once_when_it_is_blocked(catalog: Catalog, views: dict[str, Sourcing], northlight: Engagement) -> None:
    before = views["northlight"].service("events")
    assert before.managed is not None
    gone = with_tier(northlight, "events", blocked=(Blocked(way=before.managed.id, why="the board said no"),))
    after = sourcing(assess(catalog, gone, as_of=AS_OF)).service("events")
    assert before.managed.id not in {c.id for c in after.compared}
    (candidate,) = [c for c in after.candidates if c.way.id == before.managed.id]
    assert [(b.effect, b.reason) for b in candidate.barriers if b.effect == "block"] == [("block", "the board said no")]


def test_health_data_of_a_client_that_needs_superuser_bars_managed_postgres(views: dict[str, Sourcing]) -> None:
    v = views["medirow"].service("records_db")
    rds = next(c for c in v.candidates if c.way.id == "rds_postgres_multi_az")
    assert not rds.open
    assert {"extensions", "version"} <= {b.on for b in rds.barriers}
    assert v.managed is None or v.managed.candidate is None or v.managed.candidate.rewrite is not None


def test_an_old_version_is_a_surcharge_and_not_a_wall(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    rds = next(c for c in candidates_of(a, a.design["orders_db"]) if c.way.id == "rds_postgres_multi_az")
    assert rds.open
    assert [b.on for b in rds.surcharges] == ["version"]
    plain = Candidate(rds.service, rds.way, (), rds.tiers)
    today = supposed(a, draws=a.values.draws)
    dear, cheap = (compare(a, c, today, 36) for c in (rds, plain))
    assert np.all(dear.cash_other > cheap.cash_other)


def test_no_other_cloud_is_offered_to_somebody_who_lives_in_one(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    google = next(c for c in candidates_of(a, a.design["orders_db"]) if c.way.id == "cloud_sql_ha")
    assert ELSEWHERE in [b.reason for b in google.barriers]
    assert "gcp" in homes(catalog)
    assert "gcp" not in homes_of(catalog, northlight)


def test_who_leaves_their_own_premises_looks_at_the_large_clouds_only(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    found = homes_of(catalog, clients["medirow"])
    assert "aws" in found
    assert "heroku" not in found


def test_a_way_paid_by_use_needs_the_use(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    sqs = next(c for c in candidates_of(a, a.design["events"]) if c.way.id == "sqs")
    assert not sqs.open
    assert any("million_requests_per_month" in b.would_change for b in sqs.barriers)
    known = with_tier(northlight, "events", million_requests_per_month=20.0)
    b = assess(catalog, known, as_of=AS_OF)
    assert next(c for c in candidates_of(b, b.design["events"]) if c.way.id == "sqs").open


def test_engines_are_what_both_sides_speak(catalog: Catalog) -> None:
    assert engines(catalog, "stream_queue") == {"kafka", "rabbitmq"}
    assert engines(catalog, "relational_database") == {"postgres"}
    assert not engines(catalog, "cache")


def test_nobody_gives_up_a_second_copy(views: dict[str, Sourcing]) -> None:
    for s in views.values():
        for v in s.services:
            if v.placed.redundant:
                assert all(c.candidate is None or c.candidate.way.redundancy != "single" for c in v.compared)


def test_ways_under_discussion_are_the_only_open_ones(catalog: Catalog, northlight: Engagement) -> None:
    few = with_tier(northlight, "events", allowed=("msk_three_zones",))
    a = assess(catalog, few, as_of=AS_OF)
    assert [c.way.id for c in candidates_of(a, a.design["events"]) if c.open] == ["msk_three_zones"]


def test_a_gate_of_the_data_is_among_the_barriers(catalog: Catalog, northlight: Engagement) -> None:
    bound = northlight.model_copy(update={"architecture": northlight.architecture.model_copy(update={"constraints": ("residency_own_premises",)})})
    a = assess(catalog, bound, as_of=AS_OF)
    tier = bound.architecture.tiers[3]
    way = catalog.ways["msk_three_zones"][1]
    placed = assess(catalog, bound.with_way("events", way.id), as_of=AS_OF).design["events"]
    found = barriers(catalog, bound, tier, way, placed)
    assert closed(found)
    assert "residency" in [b.on for b in found]
    assert all(v.managed is None for v in sourcing(a).services)


# -- size ---
def test_a_bill_twice_the_list_is_twice_the_machines_on_either_side(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    listed = a.design["events"].list_price_per_month
    billed = with_tier(northlight, "events", cost_per_month=FigureFields(low=2 * listed, likely=2 * listed, high=2 * listed))
    b = assess(catalog, billed, as_of=AS_OF)
    assert size_of(a, "events", 16) == pytest.approx(np.ones(16))
    assert size_of(b, "events", 16) == pytest.approx(np.full(16, 2.0))
    msk = next(c for c in candidates_of(b, b.design["events"]) if c.way.id == "msk_three_zones")
    large, small = (compare(x, msk, supposed(x, draws=x.values.draws), 36) for x in (b, a))
    assert float(large.cash_other.mean()) > 1.5 * float(small.cash_other.mean())


def test_own_hardware_has_a_size_that_nobody_knows(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    a = assess(catalog, clients["medirow"], as_of=AS_OF)
    size = size_of(a, "records_db", 4096)
    assert np.all(size > 0)
    assert np.quantile(size, 0.05) == pytest.approx(1.0, rel=0.02)
    assert size.std() > 0.2


# -- staying well ---
def test_staying_well_lowers_loss_and_pays_for_its_steps(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    assert s.stay is not None
    steps = stay_steps(s.assessment)
    assert {p.id for p, _ in steps} == {"restore_test", "infrastructure_as_code", "isolated_backup"}
    hours, cash, weeks = remedies_cost(steps, s.today.values.draws, 1.0)
    assert s.stay.moving_hours == pytest.approx(hours)
    assert s.stay.premium_per_month.mean() == pytest.approx(cash.mean(), rel=0.5)
    assert s.stay.lead_weeks == weeks == max(r.lead_weeks for _, r in steps)
    assert float(s.stay.loss_change_per_year.mean()) < 0
    assert all(with_steps(s.assessment.engagement, steps).answers[p.id].answer == r.to for p, r in steps)


def test_who_stays_well_already_is_told_so(views: dict[str, Sourcing]) -> None:
    assert views["cheerly"].stay is None
    assert set(views["cheerly"].stay_done) == {"restore_test", "infrastructure_as_code", "isolated_backup"}


# -- as a consultant would say ---
def test_kafka_that_one_person_knows_goes_to_a_provider(views: dict[str, Sourcing]) -> None:
    v = views["northlight"].service("events")
    assert v.managed is not None
    assert v.managed.candidate is not None
    assert "kafka" in v.managed.candidate.way.skills
    assert v.managed.comparison.chance_cheaper_economic > 0.75
    assert v.deciders[0].number == "events.effort_hours_per_month"


def test_a_client_that_runs_nothing_is_compared_with_nothing(views: dict[str, Sourcing]) -> None:
    assert not views["quillfield"].services
    assert not views["cheerly"].services
    assert not views["cheerly"].together


def test_moving_all_at_once_changes_no_product(views: dict[str, Sourcing]) -> None:
    for c in views["medirow"].together:
        assert "Azure SQL" not in c.title
