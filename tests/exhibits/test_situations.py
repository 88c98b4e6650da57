"""Chapters on situations, last year, one incident, the allowance and unknown revenue: what they say, each number with its id."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.history import assess_with_history
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import History
from readiness.errors import UsageError
from readiness.exhibits.budget import error_budget, year
from readiness.exhibits.exhibit import Chapter
from readiness.exhibits.extreme import extreme_event
from readiness.exhibits.history import last_year
from readiness.exhibits.incident import incident
from readiness.exhibits.revenue import revenue_questions
from readiness.exhibits.scenarios import one_scenario, scenarios
from readiness.report.svg import figure_to_svg

AS_OF = date(2026, 11, 23)
CHAPTERS: dict[str, Callable[[Assessment], Chapter]] = {
    "scenarios": scenarios, "extreme": extreme_event, "history": last_year, "incident": incident, "budget": error_budget, "year": year,
    "revenue": revenue_questions,
    "restore fails": lambda a: one_scenario(a, "restore_fails"), "engineer leaves": lambda a: one_scenario(a, "key_engineer_leaves"),
}  # fmt: skip


@pytest.fixture(scope="module")
def assessed(catalog: Catalog, clients: dict[str, Engagement]) -> dict[str, Assessment]:
    return {name: assess(catalog, client, as_of=AS_OF) for name, client in clients.items()}


def told(chapter: Chapter) -> str:
    return json.dumps(chapter.payload(), ensure_ascii=False)


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_is_plain_data_says_something_and_draws(assessed: dict[str, Assessment], name: str) -> None:
    for client, a in assessed.items():
        chapter = CHAPTERS[name](a)
        text = told(chapter)
        assert not re.search(r"\b(nan|inf|None)\b", text.replace('"table": null', "")), client
        for exhibit in chapter.exhibits:
            assert exhibit.finding.endswith("."), f"{client}: {exhibit.finding}"
            assert exhibit.finding[:1] not in "abcdefghijklmnopqrstuvwxyz" or exhibit.id.startswith("load"), f"{client}: {exhibit.finding}"
            if exhibit.figure:
                assert exhibit.alt, f"{client}: {exhibit.id} cannot be heard"
                assert "<svg" in figure_to_svg(exhibit.figure(), width=480)
            if exhibit.table:
                assert all(len(row) == len(exhibit.table.columns) for row in exhibit.table.rows)


@pytest.mark.parametrize("name", [n for n in CHAPTERS if n != "revenue"])
def test_printed_numbers_carry_the_id_of_what_they_are(assessed: dict[str, Assessment], name: str) -> None:
    chapter = CHAPTERS[name](assessed["northlight"])
    assert chapter.printed
    assert all(p.id and p.text for p in chapter.printed)


def test_the_situations_that_end_a_company_are_named_first_and_stressed(assessed: dict[str, Assessment]) -> None:
    chapter = scenarios(assessed["northlight"])
    chart, listed = chapter.exhibits[:2]
    assert "could end the company" in chart.finding
    assert listed.table is not None
    assert {listed.table.rows[i][2] for i in listed.table.emphasis} == {"ends the company"}
    numbers = [row[0] for row in listed.table.rows]
    assert numbers == [str(i + 1) for i in range(len(numbers))]
    assert chart.figure is not None
    cells = " ".join(text for row in chart.figure()["data"][0]["text"] for text in row).replace(",", " ").split()
    assert sorted(cells, key=int) == numbers, "each situation lies in one cell of the map"


def test_a_situation_that_does_not_exist_is_guessed(assessed: dict[str, Assessment]) -> None:
    with pytest.raises(UsageError, match="zone_lost"):
        one_scenario(assessed["northlight"], "zone_lots")


def test_client_text_stays_text_in_figures(catalog: Catalog, northlight: Engagement) -> None:
    plain = northlight.model_dump(mode="json")
    plain["architecture"]["tiers"][2]["name"] = "orders_db"
    plain["architecture"]["dependencies"][0]["what"] = "<b onclick='x'>$y$"
    a = assess(catalog, Engagement.model_validate(plain), as_of=AS_OF)
    for chapter in (error_budget(a), extreme_event(a), scenarios(a)):
        for exhibit in chapter.exhibits:
            assert "<b onclick" not in json.dumps(exhibit.figure() if exhibit.figure else {})


def test_without_demand_the_extreme_event_says_what_is_missing(catalog: Catalog, northlight: Engagement) -> None:
    plain = northlight.model_dump(mode="json")
    plain["demand"] |= {"peak_per_second": None, "mean_per_second": None}
    text = told(extreme_event(assess(catalog, Engagement.model_validate(plain), as_of=AS_OF)))
    assert "demand.peak_per_second" in text
    assert "exhibit" not in text


def test_without_a_history_three_questions_are_asked(catalog: Catalog, northlight: Engagement) -> None:
    chapter = last_year(assess(catalog, northlight.model_copy(update={"history": History()}), as_of=AS_OF))
    assert not chapter.exhibits
    assert told(chapter).count("?") == 3


def test_the_chapter_on_last_year_says_whether_the_figures_lean_on_it(
    catalog: Catalog, northlight: Engagement, assessed: dict[str, Assessment]
) -> None:
    assert "rest on the answers alone" in told(last_year(assessed["northlight"]))
    assert "lean on what happened" in told(last_year(assess_with_history(catalog, northlight, as_of=AS_OF)))


def test_revenue_is_never_assumed_and_each_answer_says_what_it_means(
    catalog: Catalog, northlight: Engagement, assessed: dict[str, Assessment]
) -> None:
    assert revenue_questions(assessed["northlight"]).parts == ()
    a = assess(catalog, northlight.model_copy(update={"money": northlight.money.model_copy(update={"revenue_per_year": None})}), as_of=AS_OF)
    chapter = revenue_questions(a)
    table = chapter.exhibits[0].table
    assert table is not None
    assert sum(row[0].endswith("?") for row in table.rows) == 3
    losses = [p.value for p in chapter.printed if p.id == "loss_supposed"]
    # Ten times the revenue, ten times the loss; and ten times the people.
    assert losses[1] == pytest.approx(10 * losses[0])
    assert losses[2] == pytest.approx(100 * losses[0])
    assert losses[-1] == pytest.approx(10 * losses[-2])


def test_the_allowance_adds_up_to_the_journeys_downtime(assessed: dict[str, Assessment]) -> None:
    for a in assessed.values():
        exhibit = error_budget(a).exhibits[0]
        assert exhibit.figure is not None
        bars = exhibit.figure()["data"][0]
        *causes, total = list(zip(bars["base"], bars["x"], strict=True))[::-1]
        counted = [a.main.journey.promise.planned_work_counts or not c.planned for c in a.main.causes]
        assert total == (0.0, pytest.approx(float(a.main.bad_minutes[:, counted].sum(axis=1).mean()) / 60, rel=1e-9))
        ends = [0.0] + [base + x for base, x in causes]
        assert [base for base, _ in causes] == pytest.approx(ends[:-1]), "each cause begins where the one before ends"


def test_the_years_curve_falls_and_passes_through_its_marks(assessed: dict[str, Assessment]) -> None:
    for a in assessed.values():
        exhibit = year(a).exhibits[0]
        assert exhibit.figure is not None
        curve, marks = exhibit.figure()["data"]
        assert all(x >= y for x, y in zip(curve["y"], curve["y"][1:], strict=False))
        assert marks["y"][0] == 50
        assert marks["y"][2] == pytest.approx(10)
        assert marks["x"] == sorted(marks["x"])
