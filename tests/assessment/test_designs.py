"""All designs of a client: their sums against `assess`, the front against brute force, and what may never be recommended."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.design_answers import (
    Answers,
    alternatives,
    answer_all,
    best_for,
    cheapest_keeping,
    groups,
    limits_of,
    reachable,
    steps_to,
    worth_buying,
)
from readiness.assessment.design_options import NEUTRAL, SPREAD_MONTHS, as_run
from readiness.assessment.design_practices import practice_buys, practice_path, raised
from readiness.assessment.design_sums import LOOSE_NEEDS, Plan
from readiness.assessment.designs import DesignSpace, design_space, expected_minutes
from readiness.assessment.sourcing_gates import homes
from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.engagement.schema import Engagement
from readiness.moves import Move

AS_OF = date(2026, 11, 23)
DRAWS = 1024
CLIENTS = ("northlight", "cheerly", "medirow", "quillfield")
# Practices that apply to one design and not to another change a few numbers; see `DesignSpace.score`.
FIRST_ORDER = 0.015
EXAMPLES = Path(__file__).parents[2] / "data" / "examples"


def assessed(engagement: Engagement) -> Assessment:
    return assess(load_catalog(), engagement, as_of=AS_OF, draws=DRAWS)


@lru_cache(maxsize=8)
def client(name: str) -> Engagement:
    return open_engagement(EXAMPLES / f"{name}.yaml", load_catalog()).engagement


@lru_cache(maxsize=8)
def space_of(name: str) -> DesignSpace:
    return design_space(assessed(client(name)))


@lru_cache(maxsize=8)
def answers_of(name: str) -> Answers:
    return answer_all(space_of(name))


def altered(e: Engagement, **tiers: dict[str, object]) -> Engagement:
    """A client with fields of some tiers changed."""
    changed = tuple(t.model_copy(update=tiers.get(t.name, {})) for t in e.architecture.tiers)
    return e.model_copy(update={"architecture": e.architecture.model_copy(update={"tiers": changed})})


def plans(space: DesignSpace) -> list[Plan]:
    return [space.plan(i) for i in range(len(space.front))]


@pytest.mark.parametrize("name", CLIENTS)
def test_todays_design_adds_up_to_what_assess_says_of_it(name: str) -> None:
    space = space_of(name)
    sums = space.sums(space.today)
    assert sums.minutes == pytest.approx(float(space.a.bad_minutes_weighted.mean()), rel=1e-9)
    cash = sum(float(space.a.values[f"{t.name}.cash_per_month"].mean()) for t in client(name).architecture.tiers)
    assert sums.cash == pytest.approx(cash + space.extras(space.today).cash, rel=1e-9)
    assert space.today.ways.items() <= {(t.name, t.way) for t in client(name).architecture.tiers}


def test_what_was_measured_at_the_client_counts_for_every_design() -> None:
    catalog, e = load_catalog(), client("northlight")
    moves = [Move("repair_minutes", "set", 2, 5, 8, "incidents", "the client's incidents", "the client", "measured")]
    a = assess(catalog, e, as_of=AS_OF, measured=moves, draws=DRAWS)
    space = design_space(a)
    assert space.sums(space.today).minutes == pytest.approx(float(a.bad_minutes_weighted.mean()), rel=1e-9)
    other = space.plan_with({"orders_db": "postgres_vm_pair"})
    before = space_of("northlight").plan_with({"orders_db": "postgres_vm_pair"})
    assert other is not None
    assert before is not None
    assert space.sums(other).minutes < 0.95 * space_of("northlight").sums(before).minutes
    assert float(space.minutes(other).mean()) == pytest.approx(space.sums(other).minutes, rel=FIRST_ORDER)


@pytest.mark.parametrize("name", CLIENTS)
def test_every_design_found_evaluates_to_its_own_point(name: str) -> None:
    raw = space_of(name).raw
    for i, design in enumerate(raw.designs().tolist()):
        point = raw.evaluate(design, int(raw.branch[i]))
        assert (point.cost, point.loss, point.hours) == (raw.cost[i], raw.loss[i], raw.hours[i] if raw.hours is not None else None)
        assert point.index is not None


@pytest.mark.parametrize("name", CLIENTS)
def test_the_engine_never_promises_less_than_the_exact_sums(name: str) -> None:
    space = space_of(name)
    raw = space.raw
    for i, design in enumerate(raw.designs().tolist()):
        exact = space.sums(space.plan_of(design, int(raw.branch[i])))
        assert exact.cash <= raw.cost[i] + raw.cost_error + 1e-6
        assert exact.minutes <= raw.loss[i] + raw.loss_error + 1e-6
        assert exact.hours <= raw.hours[i] + raw.hours_error + 1e-6


@pytest.mark.parametrize("name", CLIENTS)
def test_no_point_of_the_front_is_beaten_by_another(name: str) -> None:
    front = space_of(name).front
    rows = np.round(np.stack([front.cost, front.loss, front.hours], axis=1), 6)
    beaten = (rows[:, None] >= rows[None]).all(axis=2)
    np.fill_diagonal(beaten, False)
    assert not beaten.any()


def test_the_front_is_the_one_found_by_writing_out_every_design() -> None:
    few = altered(
        client("northlight"),
        web={"allowed": ("fargate_two_zones", "vm_single", "gcp_vm_group_zones")},
        orders_db={"allowed": ("rds_postgres_multi_az", "postgres_vm_pair", "cloud_sql_ha")},
        events={"allowed": ("msk_three_zones", "confluent_basic")},
        sessions={"allowed": ("elasticache_multi_az", "memorystore_standard")},
        balancer={"allowed": ("nginx_vm_pair", "google_load_balancer")},
    )
    space = design_space(assessed(few))
    need = {t.name: t.need for t in few.architecture.tiers}
    at_home = [t for t in space.choices.varied if need[t] not in LOOSE_NEEDS]
    own_homes = homes(load_catalog())
    every, in_two = [], 0
    for options in itertools.product(*(space.choices.single[t] for t in space.choices.varied)):
        stands = {o.provider for t, o in zip(space.choices.varied, options, strict=True) if t in at_home and o.provider in own_homes}
        if len(stands) == 1:
            every.append(space.sums(Plan(options)))
            second = space.sums(Plan(options, second=True))
            if math.isfinite(second.cash):
                every.append(second)
                in_two += 1
    assert len(every) > 100
    assert in_two > 50
    assert any(p.second for p in plans(space))
    rows = np.array([(s.cash, s.minutes, s.hours) for s in every])
    found = np.stack([space.front.cost, space.front.loss, space.front.hours], axis=1)
    room = np.array([space.raw.cost_error * 2, space.raw.loss_error * 2, space.raw.hours_error * 2]) + 1e-6
    for row in rows:
        assert ((found <= row + room).all(axis=1)).any(), row
    for point in found:
        assert np.isclose(rows, point).all(axis=1).any(), point


@pytest.mark.parametrize("name", ["cheerly", "medirow", "quillfield"])
def test_no_design_of_a_client_is_better_than_its_front(name: str) -> None:
    space = space_of(name)
    need, own_homes = {t.name: t.need for t in client(name).architecture.tiers}, homes(load_catalog())
    found = np.stack([space.front.cost, space.front.loss, space.front.hours], axis=1)
    room = np.array([space.raw.cost_error, space.raw.loss_error, space.raw.hours_error]) + 1e-6
    looked_at = 0
    for options in itertools.product(*(space.choices.single[t] for t in space.choices.varied)):
        near = {o.provider for t, o in zip(space.choices.varied, options, strict=True) if need[t] not in LOOSE_NEEDS and o.provider in own_homes}
        for second in (False, True) if len(near) <= 1 else ():
            s = space.sums(Plan(options, second))
            assert math.isinf(s.cash) or (found <= np.array([s.cash, s.minutes, s.hours]) + room).all(axis=1).any(), Plan(options, second).ways
            looked_at += math.isfinite(s.cash)
    assert looked_at >= (6 if name == "quillfield" else 300)


def test_the_home_is_where_parts_stand_that_cannot_stand_apart_from_it() -> None:
    space = space_of("cheerly")
    plan = space.plan_with({"api": "lambda_api", "main_db": "rds_postgres_single", "hot": "elasticache_single"})
    assert plan is not None
    extras = space.extras(plan)
    assert extras.home == "aws"
    assert {"gcp", "cloudflare"} <= set(extras.further)
    # The pictures stay at Google: 6,000 GB of them cross, and 400 GB of events.
    assert extras.cash == pytest.approx(6400 * space.summing.egress)


@pytest.mark.parametrize("name", ["northlight", "medirow"])
def test_an_option_more_never_worsens_the_front(name: str) -> None:
    space = space_of(name)
    tier = max(space.choices.varied, key=lambda t: len(space.choices.single[t]))
    fewer = {**space.choices.single, tier: tuple(o for i, o in enumerate(space.choices.single[tier]) if o.today or i % 2)}
    less = design_space(space.a, choices=replace(space.choices, single=fewer))
    room = np.array([space.raw.cost_error, space.raw.loss_error, space.raw.hours_error]) * 2 + 1e-6
    full = np.stack([space.front.cost, space.front.loss, space.front.hours], axis=1)
    for point in np.stack([less.front.cost, less.front.loss, less.front.hours], axis=1):
        assert (full <= point + room).all(axis=1).any()


def test_a_way_that_the_client_blocked_never_appears_and_is_listed_with_its_reason() -> None:
    used = sorted({w for p in plans(space_of("northlight")) for t, w in p.ways.items() if t == "orders_db"} - {"postgres_vm_single"})
    assert used
    blocked = tuple({"way": w, "why": "the board said no"} for w in used)
    tiers = client("northlight").model_dump()
    next(t for t in tiers["architecture"]["tiers"] if t["name"] == "orders_db")["blocked"] = blocked
    space = design_space(assessed(Engagement.model_validate(tiers)))
    assert not {w for p in plans(space) for w in p.ways.values()} & set(used)
    assert {x.way for x in space.left_out("blocked") if x.reason == "the board said no"} == set(used)


def test_what_may_not_leave_the_premises_stays_there() -> None:
    e = client("medirow")
    arch = e.architecture.model_copy(update={"constraints": (*e.architecture.constraints, "residency_own_premises")})
    space = design_space(assessed(e.model_copy(update={"architecture": arch})))
    assert {o.provider for p in plans(space) for o in p.parts} == {"on_premises"}
    assert any("premises" in x.reason for x in space.left_out("blocked"))


def test_only_ways_under_discussion_are_considered_beside_todays() -> None:
    space = design_space(assessed(altered(client("northlight"), orders_db={"allowed": ("rds_postgres_multi_az",)})))
    assert [o.way.id for o in space.choices.single["orders_db"]] == ["postgres_vm_single", "rds_postgres_multi_az"]


@pytest.mark.parametrize("name", CLIENTS)
def test_no_way_without_a_price_is_on_the_front(name: str) -> None:
    space = space_of(name)
    asked = {(x.tier, x.way) for x in space.left_out("no price")}
    assert asked
    assert all("ask" in x.reason for x in space.left_out("no price"))
    assert not asked & {(t, w) for p in plans(space) for t, w in p.ways.items()}


@pytest.mark.parametrize("name", CLIENTS)
def test_no_design_mixes_providers_or_opens_a_skill_without_its_cost_in_the_sum(name: str) -> None:
    space = space_of(name)
    v, own_homes = space.a.values, homes(load_catalog())
    second, vendor, skill = (float(v[f"{k}_hours_per_month"].mean()) for k in ("second_provider", "further_vendor", "new_skill"))
    known = {s for o in space.choices if o.today for s in o.way.skills}
    need = {t.name: t.need for t in client(name).architecture.tiers}
    fixed = sum(o.run_hours_per_month for o in space.choices.kept)
    mixed = 0
    for plan in plans(space):
        providers = {o.provider for o in plan.parts} - NEUTRAL
        fees = sorted(second if p in own_homes else vendor for p in providers)
        new = {s for o in plan.parts for s in o.way.skills} - known
        run = fixed + sum(o.run_hours_per_month + o.move_hours / SPREAD_MONTHS for o in plan.parts)
        standby = in_second(space, plan)[1] if plan.second else 0.0
        assert space.sums(plan).hours == pytest.approx(run + sum(fees[:-1]) + skill * len(new) + standby)
        at_home = {o.provider for o in plan.parts if o.provider in own_homes and any(need[t] not in LOOSE_NEEDS for t in o.tiers)}
        assert len(at_home) <= 1
        mixed += len(providers) > 1
    assert mixed or name == "medirow"


def in_second(space: DesignSpace, plan: Plan) -> tuple[float, float]:
    """Cash and hours a month of a design's second region, written out from the data."""
    catalog, values, named = load_catalog(), space.a.values, {t.name: t for t in space.a.engagement.architecture.tiers}
    steps = {"northlight": (("restore_test", "tested"), ("runbooks", "current")), "medirow": (("infrastructure_as_code", "partly"),), "cheerly": ()}

    def mean(name: str, r: object) -> float:
        return float(values.ranged(name, r.low, r.likely, r.high).mean())  # type: ignore[attr-defined]

    remedies = [(p, next(r for r in catalog.practices[p].remedies if r.to == to)) for p, to in (("second_region", "one_button"), *steps[space.a.engagement.client.id])]
    hours = sum(mean(f"{p}.{r.to}.hours", r.hours) for p, r in remedies) / SPREAD_MONTHS
    cash = sum(mean(f"{p}.{r.to}.cost", r.cost_per_month) for p, r in remedies[1:] if r.cost_per_month is not None)
    whole = {"relational_database", "stream_queue", "search", "document_store", "object_storage", "customer_login"}
    for o in plan.parts:
        if o.way.regions > 1:
            continue
        keeps = any(named[t].need in whole for t in o.tiers)
        share = 1.0 if keeps else 0.0 if o.way.redundancy == "serverless" else 1 / (o.way.copies if not o.today else named[o.tiers[0]].copies or o.way.copies)
        gigabytes = sum(named[t].egress_gigabytes or named[t].storage_gigabytes for t in o.tiers) if keeps else 0.0
        cash += share * o.cash_per_month + 0.02 * gigabytes
        hours += share * o.run_hours_per_month
    return cash, hours


@pytest.mark.parametrize("name", ["northlight", "cheerly"])
def test_a_second_region_costs_what_stands_there_again_its_traffic_and_the_practices_it_needs(name: str) -> None:
    space = space_of(name)
    one, two = space.today, space.plan_with({}, second=True)
    assert two is not None
    assert two.differs(one) == ("second region",)
    assert two.key != one.key
    before, after = space.sums(one), space.sums(two)
    cash, hours = in_second(space, two)
    assert after.cash - before.cash == pytest.approx(cash)
    assert after.hours - before.hours == pytest.approx(hours)
    assert min(cash, hours) > 1
    # What is left of a lost region is what `assess` says of the practice's answer.
    assert after.minutes < before.minutes
    assert float(space.score(two).minutes.mean()) == pytest.approx(after.minutes, rel=FIRST_ORDER)
    assert space.minutes(two) == pytest.approx(expected_minutes(space.a, client(name).with_answer("second_region", space.engagement(two).answers["second_region"])))
    assert space.floor < float(np.dot(space.a.weights, space.summing.fixed_mean + space.summing.region_mean))


def with_constraints(name: str, *constraints: str) -> Engagement:
    e = client(name)
    return e.model_copy(update={"architecture": e.architecture.model_copy(update={"constraints": constraints})})


def test_a_second_region_is_open_only_where_the_data_may_go_and_a_price_is_known() -> None:
    kept = design_space(assessed(with_constraints("northlight", "next_to_premises")))
    assert not any(b.second for b in kept.branches)
    assert any(x.tier == "second region" and "too far away" in x.reason for x in kept.left_out("blocked"))
    assert kept.plan_with({}, second=True) is None
    german = design_space(assessed(with_constraints("cheerly", "residency_germany")))
    assert {b.home for b in german.branches if b.second} == {b.home for b in german.branches} - {"aws"}
    premises = space_of("medirow")
    assert not any(b.second for b in premises.branches if b.home == "on_premises")
    assert ("second region", "on_premises") in {(x.tier, x.way) for x in premises.left_out("no price")}


def test_a_second_region_that_stands_is_no_choice() -> None:
    space = design_space(assessed(client("northlight").with_answer("second_region", "one_button")))
    assert not any(b.second for b in space.branches)
    assert "second region" not in {x.tier for x in space.left_out("blocked", "no price")}


def spanning(way: str = "dynamodb_on_demand") -> Engagement:
    """A product of functions and a document store, both of which can span regions by themselves."""
    tiers = [
        {"name": "api", "need": "functions", "way": "lambda_functions", "million_requests_per_month": 40},
        {"name": "records", "need": "document_store", "way": way, "million_requests_per_month": 90, "storage_gigabytes": 30},
        {"name": "edge", "need": "dns_cdn", "way": "cloudflare_pro"},
    ]
    journeys = [{"name": n, "title": n, "tiers": t, "share_of_revenue": s, "promise": {"slo": 0.999}} for n, t, s in (("read", ["edge", "api"], 0.6), ("save", ["api", "records"], 0.4))]
    return Engagement.model_validate({"client": {"id": "wide", "name": "Wide"}, "journeys": journeys, "money": {"revenue_per_hour": 900}, "architecture": {"tiers": tiers}})


def test_ways_that_span_regions_by_themselves_are_a_global_choice_too() -> None:
    space = design_space(assessed(spanning()))
    assert {b.spans for b in space.branches} == {(False, False), (True, False), (False, True), (True, True)}
    rows = []
    for options in itertools.product(*(space.choices.single[t] for t in space.choices.varied)):
        for second in (False, True):
            s = space.sums(Plan(options, second))
            if math.isfinite(s.cash):
                rows.append((s.cash, s.minutes, s.hours))
    every = np.array(rows)
    found = np.stack([space.front.cost, space.front.loss, space.front.hours], axis=1)
    room = np.array([space.raw.cost_error, space.raw.loss_error, space.raw.hours_error]) * 2 + 1e-6
    assert all((found <= row + room).all(axis=1).any() for row in every)
    assert all(np.isclose(every, point).all(axis=1).any() for point in found)
    wide = next(p for p in plans(space) if not p.second and space.summing.single_region(p.parts).tolist() == [False, False])
    assert float(space.minutes(wide).mean()) == pytest.approx(space.sums(wide).minutes, rel=1e-9)
    assert float(space.score(wide).minutes.mean()) == pytest.approx(space.sums(wide).minutes, rel=FIRST_ORDER)


def test_traffic_to_another_provider_is_paid() -> None:
    space = space_of("northlight")
    plan = space.plan_with({"events": "confluent_basic"})
    assert plan is not None
    alone = space.sums(space.today).cash - next(o for o in space.today.parts if o.tiers == ("events",)).cash_per_month
    bill = next(o for o in plan.parts if o.tiers == ("events",)).cash_per_month
    # 600 GB of events at 0.09 a gigabyte
    assert space.sums(plan).cash - alone - bill == pytest.approx(54.0)


@pytest.mark.parametrize("name", CLIENTS)
def test_rescored_means_agree_with_the_engines_sum_to_first_order(name: str) -> None:
    space = space_of(name)
    for place in np.unique(np.linspace(0, len(space.front) - 1, 4).astype(int)).tolist():
        plan = space.plan(place)
        minutes = float(space.score(plan).minutes.mean())
        assert minutes == pytest.approx(space.sums(plan).minutes, rel=FIRST_ORDER)
        assert space.score(plan).confidence == pytest.approx(space.meets(plan)[1], abs=0.02)


def test_minutes_without_windows_are_those_of_assess() -> None:
    space = space_of("northlight")
    e = as_run(client("northlight"), {"orders_db": "rds_postgres_multi_az"})
    b = assess(load_catalog(), e, as_of=AS_OF, today=client("northlight"), draws=DRAWS)
    assert expected_minutes(space.a, e) == pytest.approx(b.bad_minutes_weighted, rel=1e-12)


def two_parts(**money: object) -> Engagement:
    """A database and a login, both of which one platform can fill."""
    return Engagement.model_validate(
        {
            "client": {"id": "small", "name": "Small"},
            "journeys": [{"name": "use", "title": "Use it", "promise": {"slo": 0.99}}],
            "money": {"revenue_per_hour": 50, **money},
            "architecture": {
                "tiers": [
                    {"name": "db", "need": "relational_database", "way": "postgres_vm_single", "storage_gigabytes": 20},
                    {"name": "login", "need": "customer_login", "way": "keycloak_single"},
                ]
            },
        }
    )


def test_a_bundle_has_one_bill_and_one_failure_for_all_tiers_it_fills() -> None:
    space = design_space(assessed(two_parts()))
    bundle = next(o for o in space.choices.bundles if o.way.id == "supabase_pro")
    assert bundle.tiers == ("db", "login")
    plan = space.plan_with({"db": "supabase_pro", "login": "supabase_pro"})
    assert plan is not None
    assert plan.parts == (bundle,)
    assert space.sums(plan).cash == pytest.approx(bundle.cash_per_month)
    assert float(space.score(plan).minutes.mean()) == pytest.approx(space.sums(plan).minutes, rel=FIRST_ORDER)
    assert any(len(o.tiers) == 2 for p in plans(space) for o in p.parts)


def test_what_is_known_of_an_old_way_is_left_behind() -> None:
    e = two_parts().model_dump()
    lines = [{"tier": t, "service": "machine", "cost_per_month": c} for t, c in (("db", 900), ("login", 70))]
    e["bill"] = {"lines": lines}
    e["overrides"] = [{"number": "db.faults_per_year", "value": 9, "reason": "counted by the team"}]
    given = Engagement.model_validate(e)
    moved = as_run(given, {"db": "rds_postgres_single"})
    assert [line.tier for line in moved.bill.lines] == ["login"]
    assert moved.overrides == ()
    assert as_run(given, {"db": "postgres_vm_single"}) is given
    space = design_space(assessed(given))
    assert {o.way.id: o.cash_per_month for o in space.choices.single["db"]}["postgres_vm_single"] == pytest.approx(900)
    assert max(o.cash_per_month for o in space.choices.single["db"] if not o.today) < 899


def test_a_way_that_brings_less_than_todays_is_no_substitute() -> None:
    left = {x.way: x.reason for x in space_of("quillfield").left_out("brings less")}
    assert "customer login" in left["rds_postgres_single"]


def test_another_language_or_too_small_a_plan_is_left_out_with_its_reason() -> None:
    space = space_of("northlight")
    assert {"sqs", "amazon_mq_cluster"} <= {x.way for x in (*space.left_out("another language"), *space.left_out("no price"))}
    assert any("75 requests a second" in x.reason for x in space.left_out("too small"))


# --- the questions ---


def test_the_cheapest_design_that_keeps_the_promise_is_the_cheapest_one() -> None:
    e = client("quillfield")
    easy = e.model_copy(update={"journeys": tuple(j.model_copy(update={"promise": j.promise.model_copy(update={"slo": 0.98})}) for j in e.journeys)})
    space = design_space(assessed(easy))
    for confidence in (None, 0.9):
        found = cheapest_keeping(space, confidence=confidence)
        assert found is not None
        keeping = []
        for plan in plans(space):
            counted = space.counted(plan)
            share = float((counted <= 0.02 * 525_600).all(axis=0).mean())
            if counted.mean() <= 0.02 * 525_600 if confidence is None else share >= confidence:
                keeping.append(space.sums(plan).cash)
        assert space.sums(found).cash == pytest.approx(min(keeping))
    assert cheapest_keeping(space, allowances=(0.001,)) is None


@pytest.mark.parametrize("name", CLIENTS)
def test_a_higher_budget_and_more_hours_never_buy_more_downtime(name: str) -> None:
    space = space_of(name)
    today = space.sums(space.today)
    for hours in (today.hours, today.hours * 1.5, math.inf):
        before = math.inf
        for budget in np.linspace(space.front.cost.min() + 1, space.front.cost.max() + 1, 6):
            plan = best_for(space, float(budget), hours)
            if plan is not None:
                s = space.sums(plan)
                assert s.cash <= budget + space.front.cost_error + 1e-6
                assert s.hours <= hours + space.front.hours_error + 1e-6
                assert s.minutes <= before + 1e-9
                before = s.minutes


@pytest.mark.parametrize("name", CLIENTS)
def test_what_is_worth_buying_has_the_least_of_bill_work_and_loss(name: str) -> None:
    space, limits = space_of(name), limits_of(space_of(name))
    for minute in (0.0, limits.loss_per_minute, 500.0):
        found = worth_buying(space, minute, limits.rate)
        assert found is not None

        def total(plan: Plan, minute: float = minute) -> float:
            s = space.sums(plan)
            return s.cash + s.hours * limits.rate + s.minutes * minute / 12

        assert total(found) == pytest.approx(min(total(p) for p in plans(space)))


@pytest.mark.parametrize("name", CLIENTS)
def test_nothing_is_saved_at_the_cost_of_more_downtime_unless_the_promise_surely_holds(name: str) -> None:
    r = answers_of(name)
    if r.recommended.confidence < 0.9:
        assert r.recommended.minutes.mean() <= r.today.minutes.mean() * (1 + FIRST_ORDER)
    assert r.recommended.sums.hours <= r.limits.hours + r.space.front.hours_error + 1e-6


def test_a_promise_that_can_surely_be_kept_is_kept() -> None:
    e = client("medirow")
    easy = tuple(j.model_copy(update={"promise": j.promise.model_copy(update={"slo": 0.96})}) for j in e.journeys)
    r = answer_all(design_space(assessed(e.model_copy(update={"journeys": easy}))))
    assert r.keeps_surely is not None
    assert r.recommended.confidence >= 0.9
    assert r.recommended.sums.cash < r.today.sums.cash


def test_alternatives_differ_in_as_many_tiers_as_asked() -> None:
    r = answers_of("northlight")
    for differ in (2, 3):
        others = alternatives(r.space, r.recommended.plan, differ=differ)
        assert others
        for one, other in itertools.combinations([r.recommended.plan, *others], 2):
            assert len(one.differs(other)) >= differ


def test_the_steps_lead_from_today_to_the_recommended_design() -> None:
    r = answers_of("northlight")
    all_steps = steps_to(r.space, r.recommended.plan, most=99)
    assert {t for s in all_steps for t in s.tiers} == set(r.recommended.plan.differs(r.today.plan))
    assert sum(s.cash for s in all_steps) == pytest.approx(r.recommended.sums.cash - r.today.sums.cash)
    gained = float(r.recommended.minutes.mean() - r.today.minutes.mean())
    assert sum(s.minutes for s in all_steps) == pytest.approx(gained, rel=1e-9)


def test_a_move_to_another_home_is_one_step() -> None:
    r = answers_of("medirow")
    found = groups(r.space, r.today.plan, r.recommended.plan)
    if r.space.extras(r.recommended.plan).home != r.space.extras(r.today.plan).home:
        assert ("application", "balancer", "records_db") in found


@pytest.mark.parametrize("name", CLIENTS)
def test_single_changes_cost_no_more_and_lose_no_more(name: str) -> None:
    for change in answers_of(name).single:
        assert change.cash <= 1e-9
        assert change.minutes <= 1e-9 + FIRST_ORDER * abs(change.minutes)


def test_todays_distance_from_the_front_is_what_could_be_had() -> None:
    r = answers_of("medirow")
    assert not r.away.on_front
    assert r.away.cheaper is not None
    assert r.away.cost_saved == pytest.approx(r.today.sums.cash - r.away.cheaper.cost)
    assert r.away.cheaper.loss <= r.today.sums.minutes
    assert r.away.cost_saved > 0


@pytest.mark.parametrize("name", CLIENTS)
def test_the_line_falls_as_money_rises(name: str) -> None:
    space = space_of(name)
    places = reachable(space, limits_of(space).hours)
    assert (np.diff(space.front.cost[places]) > 0).all()
    assert (np.diff(space.front.loss[places]) < 0).all()


# --- practices beside designs ---


def test_a_practice_saves_what_assess_says_it_saves() -> None:
    a = space_of("northlight").a
    buy = practice_buys(a)[0]
    e = a.engagement.with_answer(buy.practice.id, buy.to)
    b = assess(a.catalog, e, as_of=AS_OF, today=a.engagement, draws=DRAWS)
    assert buy.minutes == pytest.approx(float(b.bad_minutes_weighted.mean() - a.bad_minutes_weighted.mean()), rel=0.05)
    assert practice_path(a, [buy])[0].minutes == pytest.approx(float(a.bad_minutes_weighted.mean()) + buy.minutes)


def test_practices_on_the_way_down_never_lead_up_again() -> None:
    a = space_of("medirow").a
    minutes = [float(a.bad_minutes_weighted.mean()), *(p.minutes for p in practice_path(a, practice_buys(a)))]
    assert (np.diff(minutes) < 0).all()


def test_raising_what_the_promise_asks_for_closes_its_gates() -> None:
    found = raised(space_of("northlight").a)
    assert found is not None
    assert found.practices
    assert not [p for p in found.a.standing.practices if p.gate in ("missed", "unproven")]
    assert found.a.bad_minutes_weighted.mean() < space_of("northlight").a.bad_minutes_weighted.mean()
