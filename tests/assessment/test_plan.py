"""The plan: prerequisites, room and rivals hold; effects are joint; more room never hurts; what is left out is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.effects import Measured, allowances_used, effects_of
from readiness.assessment.history import assess_with_history
from readiness.assessment.improvements import STANDS_FROM, Candidates, applied, candidates
from readiness.assessment.plan import Roadmap, roadmap, tools_of
from readiness.assessment.planning import Planner, Room, room_of
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import Blocked, GivenAnswer, Improvement, Quarter, Team
from readiness.exhibits.plan import plan as chapter
from readiness.exhibits.plan import plan_rows
from readiness.models.backlog import plan_of

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def a(catalog: Catalog, northlight: Engagement) -> Assessment:
    return assess(catalog, northlight, as_of=AS_OF, draws=1024)


@pytest.fixture(scope="module")
def every(a: Assessment) -> Candidates:
    return candidates(a)


@pytest.fixture(scope="module")
def measured(a: Assessment, every: Candidates) -> Measured:
    return Measured(a, every)


@pytest.fixture(scope="module")
def best(a: Assessment, measured: Measured) -> Roadmap:
    return roadmap(a, measured=measured)


# -- what could be done ---
def test_needs_are_candidates_and_lead_up(every: Candidates) -> None:
    for i in every.improvements:
        assert set(i.needs) <= set(every.by_id)
        assert i.after is None or i.after in every.by_id
        assert every.chain(i)[-1] is i


def test_steps_rise_above_where_the_client_stands(a: Assessment, every: Candidates) -> None:
    levels = {p.practice.id: p.level for p in a.standing.practices}
    for i in every.improvements:
        if i.practice:
            reached = a.catalog.practices[i.practice].answer(i.answer or "").level
            stood = levels[i.practice]
            assert reached > (stood if stood is not None else -1)
            assert reached >= STANDS_FROM


def test_a_remedy_that_needs_a_practice_waits_for_it(a: Assessment, every: Candidates) -> None:
    rota = every.by_id["on_call.rota"]
    assert {"owners_and_deputies.some"} <= set(rota.needs)
    assert a.standing.coverage > 0.5


def test_prerequisites_that_stand_are_not_needed(catalog: Catalog, northlight: Engagement) -> None:
    done = northlight.with_answer("owners_and_deputies", "two_each").with_answer("outside_probes", "journeys")
    found = candidates(assess(catalog, done, as_of=AS_OF, draws=256))
    assert not {n for n in found.by_id["on_call.rota"].needs if n.startswith(("owners", "outside"))}


def test_whole_hours_of_a_chain_are_those_of_the_remedy(a: Assessment, every: Candidates) -> None:
    """Hours of a remedy lead there from anywhere below: a chain must not add them up."""
    remedy = next(r for r in a.catalog.practices["restore_test"].remedies if r.to == "automatic")
    chain = every.chain(every.by_id["restore_test.automatic"])
    assert len(chain) == 3
    assert sum(i.hours_high for i in chain) == pytest.approx(remedy.hours.high, rel=0.1)


def test_what_was_decided_against_or_accepted_is_left_alone(every: Candidates, catalog: Catalog, clients: dict[str, Engagement]) -> None:
    assert not [i for i in every.improvements if i.practice == "second_region"]
    assert "decided against by CTO" in {p.why for p in every.passed_over}
    medirow = candidates(assess(catalog, clients["medirow"], as_of=AS_OF, draws=256))
    assert "risk accepted" in {p.why for p in medirow.passed_over}


def test_what_nobody_was_asked_is_planned_only_for_what_needs_it(a: Assessment, every: Candidates, measured: Measured, best: Roadmap) -> None:
    effects = effects_of(measured)
    for i in every.improvements:
        if not i.asked and not i.gate:
            assert effects.avoided_per_year(i.id) == 0
    planned = {s.improvement.id: s.improvement for s in best.steps}
    for name, i in planned.items():
        if not i.asked and not i.gate:
            assert any(name in other.needs for other in planned.values())


def test_blocked_ways_and_ways_without_a_price_are_no_candidates(catalog: Catalog, northlight: Engagement, every: Candidates) -> None:
    moves = [i for i in every.improvements if i.tier == "orders_db"]
    assert moves
    tiers = tuple(
        t.model_copy(update={"blocked": tuple(Blocked(way=i.way or "", why="a test") for i in moves)}) if t.name == "orders_db" else t
        for t in northlight.architecture.tiers
    )
    client = northlight.model_copy(update={"architecture": northlight.architecture.model_copy(update={"tiers": tiers})})
    left = candidates(assess(catalog, client, as_of=AS_OF, draws=256))
    assert not {i.way for i in left.improvements if i.tier == "orders_db"} & {i.way for i in moves}


def test_a_drill_opens_with_the_second_copy(catalog: Catalog, northlight: Engagement) -> None:
    """With nothing redundant, a failover cannot be drilled; a move to a pair opens it, as a step after the move."""
    alone = northlight.with_way("web", "vm_single") if "vm_single" in catalog.ways else northlight
    tiers = tuple(t for t in alone.architecture.tiers if t.name in ("orders_db",))
    journeys = tuple(j.model_copy(update={"tiers": ("orders_db",)}) for j in alone.journeys)
    client = alone.model_copy(update={"architecture": alone.architecture.model_copy(update={"tiers": tiers}), "journeys": journeys})
    a = assess(catalog, client, as_of=AS_OF, draws=512)
    assert next(p.state for p in a.standing.practices if p.practice.id == "failover_drill") == "does not apply"
    found = candidates(a)
    opened = [i for i in found.improvements if i.practice == "failover_drill"]
    assert opened
    assert all(found.chain(i)[0].tier == "orders_db" for i in opened)
    effects = effects_of(Measured(a, found))
    assert any(effects.avoided_per_year(i.id) > 0 for i in opened)


# -- effects ---
def test_effects_are_differences_of_assessments(a: Assessment, measured: Measured, every: Candidates, northlight: Engagement) -> None:
    """Against the whole machinery: what a rota takes off the loss is what two assessments differ by."""
    step = every.by_id["outside_probes.journeys"]
    then = assess(a.catalog, applied(northlight, [step]), as_of=AS_OF, today=northlight, draws=1024)
    # SLA credits are an expectation over fewer draws in the planner.
    whole = [sum(float(x.per_year.mean()) for x in one.amounts if x.column == "loss" and not x.avoidable_only and x.id != "sla_credits_owed") for one in (a, then)]
    light = [sum(v for k, v in measured.of(steps).loss.items() if k != "sla_credits_owed") for steps in ((), [step])]
    assert light == pytest.approx(whole, rel=1e-9)
    credits = [next(float(x.per_year.mean()) for x in one.amounts if x.id == "sla_credits_owed") for one in (a, then)]
    few = [measured.of(steps).loss["sla_credits_owed"] for steps in ((), [step])]
    assert few == pytest.approx(credits, rel=0.05)


def test_the_planner_agrees_with_the_joint_assessment(best: Roadmap) -> None:
    """Shares taken off each cause act as products; of a plan of twenty steps that is right to a few hundredths."""
    assert best.planned_effect == pytest.approx(best.joint_effect, rel=0.08)
    added = sum(s.adds_per_year for s in best.steps)
    assert added == pytest.approx(best.planned_effect, rel=1e-9)


def test_allowances_used_against_simulated_outages(a: Assessment) -> None:
    """Lengths drawn one by one, each outage counting its share of the allowance and at most one."""
    result = a.main
    used = allowances_used(result)
    stream = np.random.default_rng(5)
    allowance = (1 - result.journey.promise.slo) * result.window_minutes
    for name in ("security", "changes", "region_lost"):
        place = next(n for n, c in enumerate(result.causes) if c.id == name)
        rate, reach, mean = (getattr(result.stack, x)[:, place] for x in ("rate", "reach", "minutes"))
        sigma = float(result.stack.sigma[place])
        lengths = mean * np.exp(stream.standard_normal((400, len(mean))) * sigma - sigma**2 / 2)
        told = (rate * np.minimum(reach * lengths, allowance) / allowance).mean()
        assert used[name] == pytest.approx(float(told), rel=0.02), name
    planned = sum(float(result.bad_minutes[:, n].mean()) for n, c in enumerate(result.causes) if c.planned and c.id == "planned_work")
    assert used["planned_work"] == pytest.approx(planned / allowance)


# -- the plan ---
def test_the_plan_keeps_prerequisites_room_and_rivals(best: Roadmap, every: Candidates) -> None:
    place = {s.improvement.id: s for s in best.steps}
    for s in best.steps:
        for need in s.improvement.needs:
            assert place[need].effect_quarter <= s.finish_quarter
    spent = np.cumsum([sum(s.improvement.hours for s in best.steps if s.finish_quarter == t) for t in range(4)])
    assert np.all(spent <= np.cumsum(best.room.hours) + 1e-6)
    assert best.room.money is not None
    running = np.cumsum([sum(12 * max(s.running_per_month, 0) for s in best.steps if s.finish_quarter == t) for t in range(4)])
    assert np.all(running <= np.cumsum(best.room.money) + 1e-6)
    for tier in {s.improvement.tier for s in best.steps if s.improvement.tier}:
        assert sum(s.improvement.tier == tier for s in best.steps) == 1
    assert len(every.improvements) == best.candidates_looked_at


def test_each_step_and_what_builds_on_it_pays_for_its_hours(a: Assessment, best: Roadmap, measured: Measured) -> None:
    planner = Planner(best.effects, best.room, (), rate=float(a.values["loaded_rate_per_hour"].mean()))
    plan = planner.paying()
    assert planner._falling_short(plan) == []


def test_states_are_whole_assessments(best: Roadmap, a: Assessment, northlight: Engagement, every: Candidates) -> None:
    last = best.states[-1]
    steps = [every.by_id[i] for i in last.done]
    then = assess(a.catalog, applied(northlight, steps), as_of=AS_OF, today=northlight, draws=1024, extra=tools_of(a, steps))
    assert best.after.figure("loss_per_year").band == then.figure("loss_per_year").band
    assert best.states[0].assessment is a
    means = [s.assessment.figure("economic_cost_per_year").band.mean for s in best.states]
    assert means == sorted(means, reverse=True)


def test_tools_are_in_the_cash_of_the_plan(a: Assessment, every: Candidates, northlight: Engagement) -> None:
    probe = every.by_id["outside_probes.journeys"]
    assert probe.cost_per_month > 0
    then = assess(a.catalog, applied(northlight, [probe]), as_of=AS_OF, today=northlight, draws=256, extra=tools_of(a, [probe]))
    before = assess(a.catalog, northlight, as_of=AS_OF, draws=256)
    assert (then.figure("cash_per_month").band.mean - before.figure("cash_per_month").band.mean) == pytest.approx(probe.cost_per_month, rel=1e-6)


def test_remedies_cost_the_clients_currency(catalog: Catalog, northlight: Engagement) -> None:
    euros = northlight.model_copy(update={"client": northlight.client.model_copy(update={"currency": "EUR", "exchange_rate_from_usd": 0.5})})
    found = [candidates(assess(catalog, c, as_of=AS_OF, draws=256)).by_id["outside_probes.journeys"].cost_per_month for c in (northlight, euros)]
    assert found[1] == pytest.approx(found[0] / 2)


def test_more_room_never_avoids_less(a: Assessment, measured: Measured, best: Roadmap) -> None:
    room = room_of(a)
    assert room.money is not None
    more = replace(room, hours=tuple(2 * h for h in room.hours), money=tuple(2 * m for m in room.money))
    wider = roadmap(a, measured=measured, room=more)
    assert wider.model.avoided >= best.model.avoided * (1 - 1e-9)
    none = roadmap(a, measured=measured, room=replace(room, hours=(0.0,) * len(room.hours)))
    assert none.steps == ()
    assert none.after is a


def test_a_week_more_is_worth_something_where_hours_are_short(best: Roadmap) -> None:
    assert best.engineer_week_worth > 0
    assert best.could_avoid_more is not None
    assert 0 <= best.could_avoid_more < 0.1


def test_gates_go_first_when_asked(a: Assessment, measured: Measured) -> None:
    r = roadmap(a, measured=measured, gates_first=True)
    gates = {i.id for i in measured.every.improvements if i.gate}
    assert gates == {s.improvement.id for s in r.steps if s.improvement.gate} | set(r.gates_left)
    assert not r.gates_left
    # A plan of gates is not held against a bound that knows no order.
    assert r.could_avoid_more is None
    missed = [sum(p.gate in ("missed", "unproven") for p in s.assessment.standing.practices) for s in r.states]
    assert missed[-1] == 0
    assert missed == sorted(missed, reverse=True)


def test_a_plan_for_the_promise_breaks_it_less_often(a: Assessment, measured: Measured, best: Roadmap) -> None:
    r = roadmap(a, measured=measured, aim="promise")
    assert r.gates_first
    assert r.gates_left == ()
    assert float(r.after.main.breach.mean()) < float(best.after.main.breach.mean())


def test_with_the_incidents_taken_in_no_gate_falls_behind_what_waits_for_money(catalog: Catalog, northlight: Engagement) -> None:
    """A rota costs more than two quarters' budget; what comes behind it in the order must not wait past the last quarter."""
    r = roadmap(assess_with_history(catalog, northlight, as_of=AS_OF), aim="promise")
    assert r.gates_left == ()
    spent = np.cumsum([sum(s.improvement.hours for s in r.steps if s.finish_quarter == t) for t in range(4)])
    assert np.all(spent <= np.cumsum(r.room.hours) + 1e-6)


def test_a_step_that_the_client_chose_is_kept(catalog: Catalog, northlight: Engagement) -> None:
    chosen = Improvement(practice="runbooks", answer="current")
    r = roadmap(assess(catalog, northlight.model_copy(update={"improvements": (chosen,)}), as_of=AS_OF, draws=256))
    assert "runbooks.current" in {s.improvement.id for s in r.steps}


def test_everything_is_in_the_plan_or_told(best: Roadmap, every: Candidates) -> None:
    told = {p.title for p in best.left_out}
    planned = {s.improvement.id for s in best.steps}
    for i in every.improvements:
        chain = {f"{x.title}: {x.what}" for x in every.chain(i)}
        assert i.id in planned or chain & told, i.id


def test_integer_programming_finds_no_much_better_plan(a: Assessment, measured: Measured, best: Roadmap) -> None:
    refined = roadmap(a, measured=measured, refine_seconds=5.0)
    assert refined.model.total <= best.model.total * (1 + 1e-9)
    assert refined.model.avoided <= best.model.avoided * 1.03


def test_the_finish_quarters_are_a_plan_of_the_model(best: Roadmap, a: Assessment) -> None:
    """The model's own checks accept what was moved forward."""
    planner = Planner(best.effects, best.room, (), rate=float(a.values["loaded_rate_per_hour"].mean()))
    plan = planner.paying()
    assert plan_of(planner.backlog, planner.capacity, plan.finish_quarter).total == pytest.approx(plan.total)


# -- room ---
@pytest.mark.parametrize(
    ("team", "quarters", "hours"),
    [
        (Team(capacity=(Quarter(quarter="2026-Q3", hours=9), Quarter(quarter="2027-Q1", hours=7), Quarter(quarter="2026-Q4", hours=5))), ("2026-Q4", "2027-Q1"), (5, 7)),
        (Team(spare_hours_per_month=20), ("2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"), (60, 60, 60, 60)),
        (Team(), ("2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3"), (120, 120, 120, 120)),
    ],
    ids=["given by quarter, past ones dropped", "spare hours times three", "nothing said"],
)  # fmt: skip
def test_room_by_quarter(a: Assessment, team: Team, quarters: tuple[str, ...], hours: tuple[float, ...]) -> None:
    room = room_of(replace(a, engagement=a.engagement.model_copy(update={"team": team})))
    assert (room.quarters, room.hours, room.money) == (quarters, hours, None)


def test_room_with_one_quarter_is_planned(a: Assessment, measured: Measured) -> None:
    r = roadmap(a, measured=measured, room=Room(("2026-Q4",), (60.0,), None, "a test"))
    assert r.steps
    assert sum(s.improvement.hours for s in r.steps) <= 60 + 1e-6
    assert len(r.states) == 2


# -- what a reader gets ---
def test_rows_for_a_tracker(best: Roadmap) -> None:
    rows = plan_rows(best)
    assert [r["Order"] for r in rows] == list(range(1, len(best.steps) + 1))
    assert {"Title", "Quarter", "Estimate (hours)", "Blocked by", "Labels"} <= set(rows[0])
    assert all(not str(r["Title"]).startswith(("=", "+", "-", "@")) for r in rows)


@pytest.mark.parametrize("client", ["cheerly", "quillfield"])
def test_the_chapter_says_what_the_numbers_say(catalog: Catalog, clients: dict[str, Engagement], client: str) -> None:
    a = assess(catalog, clients[client], as_of=AS_OF, draws=512)
    r = roadmap(a)
    made = {e.id: e for e in chapter(r).exhibits}
    assert made["plan"].table is not None
    assert len(made["plan"].table.rows) == len(r.steps)
    tolerated = float(r.after.main.breach.mean()) <= r.after.standing.tolerance
    assert ("does not carry the promise" in made["plan_by_quarter"].finding) == (not tolerated)
    for e in made.values():
        assert e.figure is None or (e.figure()["data"] and e.alt)


def test_a_client_with_nothing_to_do_gets_a_sentence(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    best = {p.id: GivenAnswer(answer=p.answers[-1].id, rung="verified", on=AS_OF) for p in catalog.practices.values()}
    client = clients["quillfield"].model_copy(update={"answers": best})
    r = roadmap(assess(catalog, client, as_of=AS_OF, draws=256))
    assert [s for s in r.steps if s.improvement.practice] == []
    assert chapter(r).parts
