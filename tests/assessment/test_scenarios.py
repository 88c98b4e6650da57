"""Extreme situations: anchors worked by hand, simulation, and the laws that hold for every situation of every example client."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.assessment import Assessment, assess
from readiness.assessment.easing import better_answer, easings, measure
from readiness.assessment.scenarios import scenario_result, scenario_results, scenarios_of
from readiness.catalog import Catalog
from readiness.catalog.schema import Scenario
from readiness.engagement import Engagement

MONEY = {"revenue_per_hour": 100, "peak_factor": 1, "lost_share": 1, "churn_factor": 0, "idle_staff": 2, "loaded_rate_per_hour": 50}


def known(value: float) -> dict[str, Any]:
    return {"low": value, "likely": value, "high": value, "source": "the test", "evidence": "arithmetic"}


def composed(**changed: Any) -> Scenario:
    """A situation in which nothing is uncertain: two hours, half of the users, once in five years."""
    effect = {"reach": known(0.5), "minutes": [120.0], "cash": known(1000), "hours": known(10)} | changed.pop("effect", {})
    return Scenario.model_validate(
        {"id": "composed", "title": "composed", "story": "made up in the room", "chance_per_year": known(0.2), "effect": effect} | changed
    )


def with_money(client: Engagement, **money: Any) -> Engagement:
    plain = client.model_dump(mode="json")
    plain["money"] = MONEY | money
    for journey in plain["journeys"]:
        journey["promise"] |= {"credits": "", "monthly_fee": 0}
    return Engagement.model_validate(plain)


@pytest.fixture(scope="module")
def assessed(catalog: Catalog, clients: dict[str, Engagement]) -> dict[str, Assessment]:
    return {name: assess(catalog, client, as_of=date(2026, 11, 23)) for name, client in clients.items()}


@pytest.fixture(scope="module")
def plain(catalog: Catalog, northlight: Engagement) -> Assessment:
    """Northlight with money that is known to the cent, and no SLA credits."""
    return assess(catalog, with_money(northlight), as_of=date(2026, 11, 23))


def test_two_hours_for_half_of_the_users_at_100_an_hour_cost_what_a_hand_says(plain: Assessment) -> None:
    r = scenario_result(plain, composed())
    # One hour of full outage: 100 of revenue, two people at 50 for that hour; and 1,000 in cash.
    assert {k: float(v.mean()) for k, v in r.lines.items()} == pytest.approx(
        {"revenue": 100, "churn": 0, "staff": 100, "credits": 0, "lost data": 0, "cash": 1000}
    )
    assert float(r.bad_minutes.mean()) == pytest.approx(60)
    assert float(r.cost_per_year.mean()) == pytest.approx(0.2 * (1200 + 10 * 50))
    assert float(r.chance.mean()) == pytest.approx(1 - np.exp(-0.2))


def test_credits_are_owed_for_the_month_that_the_situation_spoils(catalog: Catalog, northlight: Engagement) -> None:
    client = with_money(northlight).model_dump(mode="json")
    client["journeys"][0]["promise"] |= {"credits": "<0.999:0.10;<0.99:0.25", "monthly_fee": 24000}
    a = assess(
        catalog,
        Engagement.model_validate(client | {"overrides": [{"number": "credit_factor", "value": 1, "reason": "the test"}]}),
        as_of=date(2026, 11, 23),
    )
    # 60 of 43,800 minutes are 0.14 %: below 99.9 %, above 99 %.
    assert float(scenario_result(a, composed()).lines["credits"].mean()) == pytest.approx(2400)
    # 480 minutes for everybody are 1.1 %.
    assert float(scenario_result(a, composed(effect={"reach": known(1), "minutes": [480.0]})).lines["credits"].mean()) == pytest.approx(6000)


def test_lost_data_cost_their_hours_of_revenue_and_never_more_than_a_year_of_them(catalog: Catalog, northlight: Engagement) -> None:
    client = with_money(northlight).model_dump(mode="json")
    overrides = [{"number": "lost_data_factor", "value": 0.5, "reason": "the test"}, {"number": "data_lost_hours", "value": 12, "reason": "the test"}]
    a = assess(catalog, Engagement.model_validate(client | {"overrides": overrides}), as_of=date(2026, 11, 23))
    failed = {"set": "restore_success_share", **known(0.02)}
    r = scenario_result(a, composed(effect={"data_lost_hours": known(20)}, moves=[failed]))
    assert float(r.lines["lost data"].mean()) == pytest.approx(20 * 0.5 * 100)
    everything = scenario_result(a, composed(effect={"data_lost_hours": known(1e6)}, moves=[failed]))
    assert everything.data_lost_hours is not None
    assert float(everything.data_lost_hours.max()) == 8760


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        pytest.param({"effect": {"minutes": [60.0], "hours": known(1)}}, "carried", id="one hour against four"),
        pytest.param({"effect": {"minutes": [300.0], "hours": known(1)}}, "hurts", id="five hours against four"),
        pytest.param({"effect": {"minutes": [300.0], "hours": known(1)}, "ends_company": True}, "ends the company", id="five hours of the worst"),
        pytest.param({"effect": {"minutes": [60.0], "hours": known(1)}, "ends_company": True}, "carried", id="what ends a company, but is carried"),
        pytest.param({"effect": {"minutes": [60.0], "hours": known(1000)}}, "hurts", id="more hours than the team has"),
        pytest.param({"effect": {"minutes": [60.0], "hours": known(1), "cash": known(20_000)}}, "hurts", id="more than a week's revenue"),
        pytest.param({"effect": {"minutes": [60.0], "hours": known(1), "cash": known(500_000)}}, "ends the company", id="half a year's revenue"),
        pytest.param({"effect": {"minutes": [60.0], "hours": known(1), "data_lost_hours": known(2000)}}, "hurts", id="more data than may be lost"),
    ],
)  # fmt: skip
def test_verdict(plain: Assessment, changed: dict[str, Any], verdict: str) -> None:
    assert scenario_result(plain, composed(**changed)).verdict == verdict


def test_without_revenue_no_money_is_made_up_and_minutes_rank(catalog: Catalog, northlight: Engagement) -> None:
    client = northlight.model_copy(update={"money": northlight.money.model_copy(update={"revenue_per_year": None, "idle_staff": None})})
    r = scenario_result(assess(catalog, client, as_of=date(2026, 11, 23)), composed())
    assert float(r.lines["revenue"].sum()) == float(r.lines["churn"].sum()) == float(r.lines["lost data"].sum()) == 0
    assert measure(r) == (pytest.approx(0.2 * 60), "minutes/year")


def test_a_zone_is_waited_for_by_single_tiers_and_failed_over_by_others(
    catalog: Catalog, northlight: Engagement, assessed: dict[str, Assessment]
) -> None:
    zone = catalog.scenarios["zone_lost"]
    assert [p.number for p in scenario_result(assessed["northlight"], zone).phases] == ["zone_recovery_minutes"]
    assert [p.number for p in scenario_result(assessed["cheerly"], zone).phases] == ["failover_minutes"]
    moved = next(e for e in easings(assessed["northlight"], scenario_result(assessed["northlight"], zone)) if e.ways)
    assert {tier for tier, _ in moved.ways} == {"orders_db", "events", "sessions"}
    assert moved.spared_per_year > 0


def test_failing_over_takes_what_a_simulation_of_covered_and_missed_failovers_takes(catalog: Catalog, assessed: dict[str, Assessment]) -> None:
    a = assessed["cheerly"]
    r = scenario_result(a, catalog.scenarios["zone_lost"])
    random = np.random.default_rng(7)
    redundant = [p for p in a.design.placed if p.service.serves_requests and p.redundant]
    own = {p.tier.name: p.way.run_by == "client" for p in redundant}
    assert redundant
    assert not any(own.values())
    draws = np.arange(a.values.draws)
    seen = np.zeros(len(draws))
    rounds = 400
    for _ in range(rounds):
        slowest = [
            np.where(
                random.random(len(draws)) < a.values[f"{t}.failover_coverage"], a.values[f"{t}.failover_minutes"], a.values[f"{t}.recovery_minutes"]
            )
            for t in own
        ]
        seen += np.maximum.reduce(slowest) / rounds
    # The slowest of several expectations is at most the expectation of the slowest: what is said is a lower bound, and a near one.
    assert float(r.minutes.mean()) <= float(seen.mean()) * 1.02
    alone = {
        t: a.values[f"{t}.failover_coverage"] * a.values[f"{t}.failover_minutes"]
        + (1 - a.values[f"{t}.failover_coverage"]) * a.values[f"{t}.recovery_minutes"]
        for t in own
    }
    assert np.allclose(r.minutes, np.maximum.reduce(list(alone.values())))


def test_the_chance_of_one_within_a_year_is_that_of_simulated_years(plain: Assessment) -> None:
    r = scenario_result(plain, composed(chance_per_year=known(0.2) | {"low": 0.05, "high": 0.9}))
    random = np.random.default_rng(3)
    years = random.poisson(np.repeat(r.per_year, 50))
    seen, error = (years > 0).mean(), ((years > 0).std() / np.sqrt(len(years)))
    assert abs(float(r.chance.mean()) - seen) < 4.5 * error


def test_what_nothing_of_the_client_stands_for_does_not_apply_and_comes_last(assessed: dict[str, Assessment]) -> None:
    found = scenario_results(assessed["northlight"])
    applies = [r.applies for r in found]
    assert applies == sorted(applies, reverse=True)
    missed = {r.scenario.id for r in found if not r.applies}
    assert {"llm_provider_down_or_retired", "startup_credits_expire"} <= missed
    assert "startup_credits_expire" not in {r.scenario.id for r in scenario_results(assessed["quillfield"]) if not r.applies}


def test_the_clients_own_situation_stands_in_place_of_the_workbooks(catalog: Catalog, northlight: Engagement) -> None:
    own = composed(id="zone_lost")
    a = assess(catalog, northlight.model_copy(update={"scenarios": (own,)}), as_of=date(2026, 11, 23))
    assert scenarios_of(a)["zone_lost"] is own
    r = next(r for r in scenario_results(a) if r.scenario.id == "zone_lost")
    # What the client says of today is not moved by what the client answered today.
    assert np.allclose(r.per_year, 0.2)


def test_a_triple_bill_is_reckoned_from_the_clients_own_bill(catalog: Catalog, assessed: dict[str, Assessment]) -> None:
    a = assessed["northlight"]
    bill = sum(float(a.values[f"{p.tier.name}.cash_per_month"].mean()) for p in a.design.placed)
    found = float(scenario_result(a, catalog.scenarios["bill_triples"]).lines["cash"].mean())
    assert found == pytest.approx(2 * bill / 30.44 * float(a.values["bill_surprise_days"].mean()), rel=0.05)


def test_when_the_engineer_leaves_the_year_after_is_worse(catalog: Catalog, assessed: dict[str, Assessment]) -> None:
    for a in assessed.values():
        r = scenario_result(a, catalog.scenarios["key_engineer_leaves"])
        assert not r.phases
        assert float(r.aftermath_minutes.min()) >= 0
        assert float(r.aftermath_minutes.mean()) > 0


def test_a_better_answer_never_makes_a_situation_costlier(assessed: dict[str, Assessment]) -> None:
    for name, a in assessed.items():
        for r in scenario_results(a):
            for e in easings(a, r) if r.applies else ():
                assert e.spared_per_year >= -1e-6 * max(1.0, measure(r)[0]), f"{name}, {r.scenario.id}: {e.what}"


def test_something_eases_most_situations_of_whoever_has_answered_little(assessed: dict[str, Assessment]) -> None:
    found = [r for r in scenario_results(assessed["northlight"]) if r.applies]
    eased = [r for r in found if any(e.spared_per_year > 0 for e in easings(assessed["northlight"], r))]
    assert len(eased) >= 0.7 * len(found)


def test_the_best_answer_is_not_offered_to_who_has_it(catalog: Catalog, northlight: Engagement) -> None:
    practice = catalog.practices["restore_test"]
    best = max(practice.answers, key=lambda a: a.level).id
    assert better_answer(practice, northlight.with_answer("restore_test", best)) is None
    assert better_answer(practice, northlight.with_answer("restore_test", None)) == best


def test_the_same_situation_gives_the_same_bits(catalog: Catalog, assessed: dict[str, Assessment]) -> None:
    for scenario in catalog.scenarios.values():
        one, other = (scenario_result(assessed["medirow"], scenario) for _ in range(2))
        assert (one.cost_per_year == other.cost_per_year).all()


@given(reach=st.floats(0.01, 1), minutes=st.floats(1, 5000), factor=st.floats(1, 4))
def test_longer_or_for_more_users_never_costs_less(plain: Assessment, reach: float, minutes: float, factor: float) -> None:
    before = scenario_result(plain, composed(effect={"reach": known(reach), "minutes": [minutes]}))
    longer = scenario_result(plain, composed(effect={"reach": known(reach), "minutes": [minutes * factor]}))
    more = scenario_result(plain, composed(effect={"reach": known(min(1, reach * factor)), "minutes": [minutes]}))
    assert float(longer.loss.mean()) >= float(before.loss.mean()) - 1e-9
    assert float(more.loss.mean()) >= float(before.loss.mean()) - 1e-9


def test_adding_a_situation_moves_no_other(catalog: Catalog, northlight: Engagement, assessed: dict[str, Assessment]) -> None:
    more = assess(catalog, northlight.model_copy(update={"scenarios": (composed(),)}), as_of=date(2026, 11, 23))
    for scenario in catalog.scenarios.values():
        assert (scenario_result(more, scenario).cost_per_year == scenario_result(assessed["northlight"], scenario).cost_per_year).all()
