"""The parts of an assessment, each by hand: causes, lines of money, journeys against their promise, and the standing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.causes import product
from readiness.assessment.money import DERIVED
from readiness.assumptions import MINUTES_PER_YEAR, NUMBERS, OPTION_NUMBERS
from readiness.catalog import Catalog
from readiness.design import base_numbers, design_of, gates_hit
from readiness.engagement import Engagement, GivenAnswer
from readiness.models.diagram import All, Part, evaluate

AS_OF = date(2026, 11, 23)


def of(catalog: Catalog, engagement: Engagement) -> Assessment:
    return assess(catalog, engagement, as_of=AS_OF, draws=256)


def overridden(engagement: Engagement, **numbers: float) -> Engagement:
    told = [{"number": n.replace("__", "."), "value": v, "reason": "for the sum"} for n, v in numbers.items()]
    return engagement.model_validate(engagement.model_dump() | {"overrides": told})


# Causes


def test_products_multiply_and_not_is_one_minus() -> None:
    held = {"a": np.array([0.2, 0.5]), "b": np.array([10.0, 4.0])}
    assert product(("b", "not a"), held.__getitem__) == pytest.approx([8.0, 2.0])
    assert product((), held.__getitem__) == 1


def test_changes_are_deploys_times_failures_times_reach_times_minutes(catalog: Catalog, northlight: Engagement) -> None:
    told = overridden(
        northlight, deploys_per_month=10, change_failure_rate=0.1, change_reach=0.5, partial_harm_share=0.4, detect_minutes=5,
        engage_at_work_minutes=10, change_identify_minutes=15, rollback_minutes=30, repeat_incident_share=0.25,
    )  # fmt: skip
    [cause] = [c for c in of(catalog, told).main.causes if c.id == "changes"]
    assert cause.rate == pytest.approx(10 * 0.1 * 12 * 1.25)
    assert cause.reach == pytest.approx(0.5 * 0.4)
    assert cause.minutes == pytest.approx(5 + 10 + 15 + 30)
    assert "rollback_minutes" in cause.inputs


def test_data_is_lost_after_everybody_was_found(catalog: Catalog, northlight: Engagement) -> None:
    told = overridden(
        northlight, data_loss_events_per_year=0.5, restore_success_share=0.8, detect_minutes=5, engage_minutes=10, restore_hours=2,
        rebuild_hours=20, responder_absent_share=0.1, absent_minutes=100,
    )  # fmt: skip
    causes = {c.id: c for c in of(catalog, told).main.causes}
    assert causes["data_loss"].rate == pytest.approx(0.4)
    assert causes["data_loss"].minutes == pytest.approx(5 + 10 + 120 + 10)
    assert causes["data_loss_unrestored"].rate == pytest.approx(0.1)
    assert causes["data_loss_unrestored"].minutes == pytest.approx(5 + 10 + 120 + 1200 + 10)


def test_a_machine_of_ones_own_waits_for_somebody_and_a_providers_does_not(catalog: Catalog, northlight: Engagement) -> None:
    told = overridden(northlight, detect_minutes=5, engage_minutes=10, repair_minutes=20, responder_absent_share=0, orders_db__recovery_minutes=7)
    [own] = [c for c in of(catalog, told).main.causes if c.id == "orders_db"]
    assert own.minutes == pytest.approx(7 + 5 + 10 + 20)
    managed = overridden(northlight.with_way("orders_db", "rds_postgres_multi_az"), orders_db__recovery_minutes=7)
    [theirs] = [c for c in of(catalog, managed).main.causes if c.id == "orders_db~missed"]
    assert theirs.minutes == pytest.approx(7)


def test_a_zone_is_lost_once_for_all_that_stands_in_it(catalog: Catalog, northlight: Engagement) -> None:
    ids = [c.id for c in of(catalog, northlight).main.causes]
    assert ids.count("zone_lost") == ids.count("region_lost") == 1
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("known", "hours"),
    [({"observed": 0.999}, 8.76), ({"planning": 0.9999, "observed": 0.99}, 0.876)],
    ids=["what was observed", "what is planned with wins"],
)
def test_a_dependency_is_down_as_is_known_of_it(known: dict[str, float], hours: float, catalog: Catalog, northlight: Engagement) -> None:
    first = northlight.architecture.dependencies[0].model_copy(update=known)
    architecture = northlight.architecture.model_copy(update={"dependencies": (first,)})
    a = of(catalog, northlight.model_copy(update={"architecture": architecture}))
    [cause] = [c for c in a.main.causes if c.id == f"dependency_{first.name}"]
    assert cause.rate * cause.minutes == pytest.approx(hours * 60)


def test_a_journey_counts_only_the_tiers_it_needs(catalog: Catalog, northlight: Engagement) -> None:
    a = of(catalog, northlight)
    for result in a.journeys:
        groups = {c.group for c in result.causes} - {"organisation", "places", "dependencies"}
        assert groups <= set(result.journey.tiers)


# Money


def test_lost_revenue_is_hours_times_revenue_times_peak_times_share(catalog: Catalog, northlight: Engagement) -> None:
    told = overridden(northlight, revenue_per_hour=120, peak_factor=1.5, lost_share=0.25)
    a = of(catalog, told)
    assert a.figure("lost_revenue").draws == pytest.approx(a.bad_minutes_weighted / 60 * 120 * 1.5 * 0.25)


def test_a_years_revenue_is_spread_over_its_hours(catalog: Catalog, northlight: Engagement) -> None:
    assert of(catalog, northlight).values["revenue_per_hour"] == pytest.approx(900_000 / 8760)


def test_what_lines_may_name_is_what_they_are_given(catalog: Catalog, northlight: Engagement) -> None:
    """A line for each derived number: none is missing, and none is known only to one side."""
    template = catalog.lines[0]
    lines = tuple(template.model_copy(update={"id": f"x_{name}", "product": (name,), "per": "year"}) for name in DERIVED)
    a = of(replace(catalog, lines=lines, digest="derived"), northlight)
    assert all(np.isfinite(a.figure(f"x_{name}").draws).all() for name in DERIVED)


def test_the_bill_of_a_tier_is_the_sum_of_its_price_lines(catalog: Catalog, northlight: Engagement) -> None:
    [web] = [p for p in design_of(catalog, northlight, as_of=AS_OF).placed if p.tier.name == "web"]
    by_hand = sum(line.quantity * line.price for line in web.lines)
    assert web.list_price_per_month == pytest.approx(by_hand)
    assert web.list_price_per_month > 0


def test_the_clients_bill_wins_over_list_prices(catalog: Catalog, northlight: Engagement) -> None:
    tiers = tuple(t.model_copy(update={"cost_per_month": None}) for t in northlight.architecture.tiers)
    bill = {"lines": [{"tier": "web", "service": "machines", "cost_per_month": 111}, {"tier": "web", "service": "disks", "cost_per_month": 9}]}
    architecture = northlight.architecture.model_copy(update={"tiers": tiers})
    told = northlight.model_validate(northlight.model_dump() | {"bill": bill, "architecture": architecture.model_dump()})
    assert of(catalog, told).values["web.cash_per_month"] == pytest.approx(120)


# Designs


def test_every_number_of_a_design_starts_somewhere_with_a_source(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for engagement in clients.values():
        base = base_numbers(catalog, engagement, design_of(catalog, engagement, as_of=AS_OF))
        assert set(NUMBERS) <= set(base)
        assert {f"{t.name}.{n}" for t in engagement.architecture.tiers for n in OPTION_NUMBERS} <= set(base)
        assert all(quantity.source for quantity in base.values())


def test_gates_are_hit_by_what_the_client_has(catalog: Catalog, northlight: Engagement) -> None:
    [tier] = [t for t in northlight.architecture.tiers if t.name == "orders_db"]
    gated = [way for way in catalog.services["relational_database"].ways if any("old_version" in g.when for g in way.gates)]
    assert gated
    for way in gated:
        assert "old_version" in {w for g in gates_hit(way, tier, northlight) for w in g.when}
        assert not [g for g in gates_hit(way, tier.model_copy(update={"constraints": ()}), northlight) if g.when == ("old_version",)]


# Promises and standing


def test_planned_work_counts_only_where_it_was_agreed(catalog: Catalog, northlight: Engagement) -> None:
    def counted(counts: bool) -> float:
        journeys = tuple(j.model_copy(update={"promise": j.promise.model_copy(update={"planned_work_counts": counts})}) for j in northlight.journeys)
        return float(of(catalog, northlight.model_copy(update={"journeys": journeys})).main.counted.mean())

    assert counted(False) < counted(True)


def test_a_dimension_without_answers_has_no_level_and_keeps_its_whole_range(catalog: Catalog, northlight: Engagement) -> None:
    a = of(catalog, northlight.model_copy(update={"answers": {}}))
    assert a.standing.coverage == 0
    assert a.standing.verdict.outcome == "Not yet"
    for d in a.standing.dimensions:
        assert d.score.score is None
        if d.score.worst is not None and d.score.best is not None:
            assert d.score.worst < d.score.best


def test_the_best_of_everything_closes_every_gate(catalog: Catalog, northlight: Engagement) -> None:
    best = {p.id: GivenAnswer(answer=max(p.answers, key=lambda a: a.level).id, rung="verified", on=AS_OF) for p in catalog.practices.values()}
    a = of(catalog, northlight.model_copy(update={"answers": best}))
    assert not [p.practice.id for p in a.standing.practices if p.gate in ("missed", "unproven")]
    assert a.standing.coverage == 1
    worst = {p.id: GivenAnswer(answer=p.answers[0].id, rung="verified", on=AS_OF) for p in catalog.practices.values()}
    b = of(catalog, northlight.model_copy(update={"answers": worst}))
    assert b.standing.verdict.outcome == "Not yet"
    assert (b.standing.highest_promise or 0) <= (a.standing.highest_promise or 0)
    assert b.main.total.mean() > 3 * a.main.total.mean()


def test_a_disputed_practice_stands_at_its_lowest_view(catalog: Catalog, northlight: Engagement) -> None:
    answers = catalog.practices["rollback"].answers
    disputed = GivenAnswer.model_validate({"views": [{"by": "A", "answer": answers[0].id}, {"by": "B", "answer": answers[-1].id}]})
    [standing] = [p for p in of(catalog, northlight.with_answer("rollback", disputed)).standing.practices if p.practice.id == "rollback"]
    assert (standing.state, standing.level) == ("disputed", answers[0].level)


@pytest.mark.parametrize("client", ["northlight", "cheerly", "medirow", "quillfield"])
def test_the_causes_of_an_architecture_are_its_exact_structure_with_shared_places_counted_once(client: str, catalog: Catalog, clients: dict[str, Engagement]) -> None:
    """The sum over causes against a decision diagram in which every tier names the zone and the region it stands in."""
    a = assess(catalog, clients[client], as_of=AS_OF, draws=64)
    for result in a.journeys:
        causes = [c for c in result.causes if c.group not in ("organisation", "dependencies") and not c.planned]
        down = {c.id: np.broadcast_to(c.rate * c.minutes / MINUTES_PER_YEAR, (64,)) for c in causes}
        places = [c.id for c in causes if c.group == "places"]
        zone = [p for p in places if p == "zone_lost"]
        in_zone = {p.tier.name for p in a.design.placed if p.way.zones == 1 and p.way.regions == 1 and p.way.redundancy in ("single", "pair")}
        tiers = [All(c.id, "region_lost", *(zone if c.group in in_zone else ())) for c in causes if c.group != "places"]
        exact = evaluate(All(*tiers, *places), down)
        assert exact.exact
        added = sum(down.values())
        # Outages that overlap are added: too much by the second order, and by no more.
        assert np.all(exact.unavailability <= added * (1 + 1e-12))
        assert np.all(added - exact.unavailability <= added**2 / 2 * (1 + 1e-9))
        assert sum(place in part.members for part in tiers for place in map(Part, places)) > len(places), "places are shared, or this shows nothing"
