"""Chapters on certainty, questions and risks: sentences that the numbers carry."""

from __future__ import annotations

from datetime import date

import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.accepted import growth_factor, priced_risks, review_calendar
from readiness.assumptions import NUMBERS, OPTION_NUMBERS
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import AcceptedRisk
from readiness.exhibits.asking import worth_asking
from readiness.exhibits.deciding import INPUTS, input_name, what_decides
from readiness.exhibits.risks import risks

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module", params=["northlight", "cheerly", "medirow", "quillfield"])
def a(request: pytest.FixtureRequest, catalog: Catalog, clients: dict[str, Engagement]) -> Assessment:
    return assess(catalog, clients[request.param], as_of=AS_OF)


def test_every_chapter_draws_and_says(a: Assessment) -> None:
    for chapter in (what_decides(a), worth_asking(a), risks(a)):
        for e in chapter.exhibits:
            assert e.finding.endswith(".")
            assert "nan" not in e.finding
            assert e.figure is None or (e.figure()["data"] and e.alt)


def test_most_is_said_only_of_more_than_half(a: Assessment) -> None:
    for e in what_decides(a).exhibits:
        assert e.table is not None
        first = sum(float(row[2].rstrip("\N{NO-BREAK SPACE}%")) for row in e.table.rows[:3])
        assert e.finding.startswith("Most") == (first > 50) or abs(first - 50) < 1.5


def test_inputs_have_names_of_their_own() -> None:
    known = {*NUMBERS, *OPTION_NUMBERS}
    assert set(INPUTS) <= known
    assert len(set(INPUTS.values())) == len(INPUTS)
    assert input_name("setup_hours") == "setup hours"


# -- accepted risks ---
def with_risks(client: Engagement, *accepted: AcceptedRisk) -> Engagement:
    return client.model_copy(update={"accepted_risks": accepted})


def test_a_situation_costs_its_chance_times_what_it_takes(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight, as_of=AS_OF)
    (found,) = priced_risks(a)
    from readiness.assessment.scenarios import scenario_result, scenarios_of

    whole = scenario_result(a, scenarios_of(a)["region_lost"])
    assert found.now is not None
    assert found.later is not None
    assert found.now.mean == pytest.approx(float(whole.cost_per_year.mean()))
    assert found.later.mean > found.now.mean  # Northlight expects to more than double each year


def test_a_practice_costs_what_its_best_answer_would_spare(catalog: Catalog, northlight: Engagement) -> None:
    risk = AcceptedRisk(title="No restore test", practice="restore_test", why="a test", owner="CTO", review_on=date(2026, 1, 1))
    a = assess(catalog, with_risks(northlight, risk), as_of=AS_OF)
    (found,) = priced_risks(a)
    given = northlight.answers["restore_test"].model_copy(update={"answer": "automatic"})
    then = assess(catalog, northlight.with_answer("restore_test", given), as_of=AS_OF, today=northlight)
    spared = a.figure("economic_cost_per_year").draws - then.figure("economic_cost_per_year").draws
    assert found.overdue
    assert found.now is not None
    assert found.now.mean == pytest.approx(float(spared.mean()), rel=0.02)
    accepted = next(e for e in risks(a).exhibits if e.id == "accepted_risks")
    assert "overdue" in accepted.table.rows[0][2]  # type: ignore[union-attr]
    assert "Past its review date: No restore test" in accepted.finding


def test_a_risk_that_names_nothing_has_no_price(catalog: Catalog, northlight: Engagement) -> None:
    risk = AcceptedRisk(title="Things happen", why="a test", owner="CEO", review_on=date(2027, 1, 1))
    a = assess(catalog, with_risks(northlight, risk), as_of=AS_OF, draws=512)
    assert priced_risks(a)[0].now is None
    assert "none can be priced" in next(e for e in risks(a).exhibits if e.id == "accepted_risks").finding


def test_a_client_that_does_not_grow_pays_the_same_in_24_months(catalog: Catalog, northlight: Engagement) -> None:
    still = northlight.model_copy(update={"demand": northlight.demand.model_copy(update={"growth_per_year": 0.0})})
    a = assess(catalog, still, as_of=AS_OF, draws=512)
    assert growth_factor(a) == pytest.approx(1.0)
    (found,) = priced_risks(a)
    assert found.now is not None
    assert found.later is not None
    assert found.later.mean == pytest.approx(found.now.mean)


# -- when to look again ---
def test_days_come_in_order_and_signs_after_them(a: Assessment) -> None:
    found = review_calendar(a)
    days = [r.on for r in found if r.on is not None]
    assert days == sorted(days)
    assert all(d >= a.as_of or any(r.on == d and r.sign.startswith("accepted risk") for r in found) for d in days)
    assert [r.on is None for r in found] == sorted(r.on is None for r in found)
    signs = " ".join(r.sign for r in found if r.on is None)
    assert "new feature" in signs
    assert "investors" in signs


def test_the_first_paying_customer_is_a_sign_only_before_it(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    signs = {n: [r.sign for r in review_calendar(assess(catalog, clients[n], as_of=AS_OF, draws=256))] for n in ("quillfield", "northlight")}
    assert "the first paying customer" in signs["quillfield"]
    assert "the first paying customer" not in signs["northlight"]


def test_old_evidence_is_due_now(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    """Medirow's failover drill is from spring 2025."""
    client = clients["medirow"]
    given = client.answers["failover_drill"].model_copy(update={"rung": "observed", "on": date(2024, 3, 2)})
    a = assess(catalog, client.with_answer("failover_drill", given), as_of=AS_OF, draws=256)
    due = [r for r in review_calendar(a) if r.on == AS_OF]
    assert any("The second copy really takes over" in r.what for r in due)
