"""Now or later, staffing, delivery and the investor's page of the example clients, with sums done by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from readiness.assessment import assess
from readiness.assessment.sourcing import Sourcing, sourcing
from readiness.assessment.sourcing_delivery import delivery
from readiness.assessment.sourcing_investor import TIMES, investor
from readiness.assessment.sourcing_later import LOOK_AHEAD_MONTHS, options_of, second_region
from readiness.assessment.sourcing_staffing import staffing
from readiness.catalog import Catalog
from readiness.engagement import Engagement

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def views(catalog: Catalog, clients: dict[str, Engagement]) -> dict[str, Sourcing]:
    return {name: sourcing(assess(catalog, e, as_of=AS_OF)) for name, e in clients.items()}


# -- now or later ---
def test_the_paths_of_a_second_region_add_up(views: dict[str, Sourcing]) -> None:
    o = second_region(views["northlight"])
    assert o is not None
    assert o.result.value_of_waiting == pytest.approx(o.result.now - o.result.later)
    assert o.best == min(o.paths, key=lambda p: o.paths[p])
    spared = o.price_in_24_months - o.build_unprepared
    # A part of the loss grows with revenue, so two years of it come to less than two thirds of three.
    assert float(spared.mean()) < float(o.loss_per_month.mean()) * LOOK_AHEAD_MONTHS < 1.5 * float(spared.mean())
    assert np.all(o.build_unprepared >= o.build_now)
    assert 0 < o.chance_of_trigger < 1


def test_deciding_not_to_is_dearer_in_two_years_than_today(views: dict[str, Sourcing]) -> None:
    for s in views.values():
        for o in options_of(s):
            assert float(o.price_in_24_months.mean()) > float(o.price_today.mean())


def test_who_has_one_button_has_no_second_region_to_decide_on(catalog: Catalog, northlight: Engagement) -> None:
    e = northlight.with_answer("second_region", "one_button")
    assert second_region(sourcing(assess(catalog, e, as_of=AS_OF))) is None


def test_who_has_prepared_pays_for_no_preparation(views: dict[str, Sourcing]) -> None:
    """Medirow has built its product again elsewhere once, as a trial."""
    o = second_region(views["medirow"])
    assert o is not None
    assert not o.preparation.any()


def test_a_region_that_no_contract_asks_for_may_never_be_built_only_where_contracts_are_known(catalog: Catalog, northlight: Engagement) -> None:
    e = northlight.model_copy(update={"money": northlight.money.model_copy(update={"contract_value_at_stake_per_year": None})})
    o = second_region(sourcing(assess(catalog, e, as_of=AS_OF)))
    assert o is not None
    assert (o.paths["never"] == float("inf")) == (not assess(catalog, e, as_of=AS_OF).values["contract_value_at_stake_per_year"].any())


# -- staffing ---
def test_a_promise_of_three_nines_needs_a_rota_around_the_clock(views: dict[str, Sourcing]) -> None:
    night, day = staffing(views["northlight"]), staffing(views["medirow"])
    assert (night.around_the_clock, night.needed, night.pragmatic, night.people) == (True, 8, 5, 2)
    assert (day.around_the_clock, day.needed) == (False, 3)


def test_hours_are_held_against_what_can_be_spared(views: dict[str, Sourcing]) -> None:
    st = staffing(views["northlight"])
    assert st.balance is not None
    needed = np.sum([h for _, _, h in st.hours], axis=0)
    assert st.balance.needed == pytest.approx(needed)
    assert st.balance.chance_missing == pytest.approx(float(np.mean(needed > 90)))


def test_one_head_is_a_bus_factor_of_one_and_two_each_of_two(catalog: Catalog, views: dict[str, Sourcing], northlight: Engagement) -> None:
    one = staffing(views["northlight"]).bus
    assert one is not None
    assert one[0] == 1
    assert set(one[1]) == {"web", "orders_db", "events", "sessions"}
    two = staffing(sourcing(assess(catalog, northlight.with_answer("owners_and_deputies", "two_each"), as_of=AS_OF))).bus
    assert two is not None
    assert two[0] == 2


def test_managed_services_cover_no_rota_that_changes_wake(views: dict[str, Sourcing]) -> None:
    st = staffing(views["northlight"])
    assert st.pages_of_services < 0.5 * st.pages_per_year
    assert {c.id for c in st.covers} == {"hire", "lower_promise"}
    hire = next(c for c in st.covers if c.id == "hire")
    v = views["northlight"].today.values
    assert hire.cost_per_month == pytest.approx(3 * float((v["loaded_rate_per_hour"] * v["productive_year_hours"]).mean()) / 12)


def test_who_says_nothing_of_the_team_is_asked_and_not_guessed(catalog: Catalog, northlight: Engagement) -> None:
    st = staffing(sourcing(assess(catalog, northlight.model_copy(update={"team": type(northlight.team)()}), as_of=AS_OF)))
    assert st.balance is None
    assert st.covers == ()
    assert st.people is None


# -- delivery ---
def test_a_failed_change_costs_its_reach_of_a_full_outage(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    d, v = delivery(s), s.today.values
    assert d.failed_change_cost == pytest.approx(d.failed_change_cost_dora * v["change_reach"])
    hours = (v["detect_minutes"] + v["engage_minutes"] + v["change_identify_minutes"] + v["rollback_minutes"]) / 60
    per_hour = v["revenue_per_hour"] * v["peak_factor"] * (v["lost_share"] + v["churn_factor"]) + v["idle_staff"] * v["loaded_rate_per_hour"]
    assert d.failed_change_cost_dora == pytest.approx(12 * v["deploys_per_month"] * v["change_failure_rate"] * hours * per_hour)


def test_toil_is_deploys_and_the_rest_and_grows(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    v, toil = s.today.values, delivery(s).toil_by_month
    assert toil[:, 0] == pytest.approx(v["deploys_per_month"] * v["release_hours_per_deploy"] + v["toil_hours_per_month"])
    assert np.all(np.diff(toil, axis=1) >= 0)


def test_only_steps_ahead_are_offered_and_the_next_one_pays_soon(views: dict[str, Sourcing]) -> None:
    paid = delivery(views["northlight"]).payback
    assert [p.to for p in paid] == ["one_pipeline", "only_way"]
    for p in paid:
        assert float(p.hours_saved_per_year.mean()) > 0
        assert np.all((p.years > 0) | (p.cost == 0))
    assert delivery(views["cheerly"]).payback == ()


def test_groundwork_is_the_gates_that_the_promise_still_asks_for(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    d = delivery(s)
    assert d.groundwork is not None
    plan, weeks, steps = d.groundwork
    missed = {p.practice.id for p in s.assessment.standing.practices if p.gate in ("missed", "unproven")}
    assert {p.id for p, _ in steps} <= missed
    assert weeks > 0
    assert plan.net == pytest.approx(plan.buys - plan.costs)
    assert delivery(views["medirow"]).groundwork is None


def test_build_runners_break_even_where_hosted_minutes_cost_the_machines_and_the_hours(views: dict[str, Sourcing], catalog: Catalog) -> None:
    d = delivery(views["northlight"])
    assert d.runners is not None
    minute = catalog.price("github/actions_linux_minute_million", AS_OF)
    assert minute is not None
    assert d.runners.self_run == pytest.approx(d.runners.break_even_minutes * minute.price / 1e6)


# -- investor ---
def test_a_customer_costs_the_bill_over_the_customers(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    i = investor(s)
    assert i.per_customer is not None
    assert i.per_customer_at_ten is not None
    assert i.share_of_revenue is not None
    assert i.per_customer == pytest.approx(s.costs.gross_cash[:, 0] / 38)
    assert i.per_customer_at_ten == pytest.approx(i.cash_at_ten / 380)
    assert i.share_of_revenue == pytest.approx(s.costs.gross_cash[:, 0] * 12 / 900_000)
    assert np.all(i.cash_at_ten <= i.cash_per_month * TIMES * 3)
    assert np.all(i.cash_at_ten >= i.cash_per_month)


def test_what_is_not_known_is_not_invented(views: dict[str, Sourcing]) -> None:
    i = investor(views["quillfield"])
    assert i.per_customer is None
    assert i.share_of_revenue is None


def test_the_next_promise_is_above_what_can_be_signed_and_doubles_what_stands_alone(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    n = investor(s).next_promise
    assert n is not None
    assert n.slo > (s.assessment.standing.highest_promise or 0)
    for tier, c in n.moves.items():
        assert not s.assessment.design[tier].redundant
        assert c.open
        assert c.way.redundancy not in ("single", "pair")
    assert n.breach_after < n.breach_before
