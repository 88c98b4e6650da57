"""The pages about all designs: what they say is made from numbers, and never stronger than the range."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from readiness.assessment import assess
from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.exhibits import designs as pages
from readiness.exhibits import frontier as page
from readiness.exhibits.frontier_chart import Considered, Wish, considered, figure_of, forgives_words, tried
from readiness.report.svg import figure_to_svg
from readiness.text import Ledger

AS_OF = date(2026, 11, 23)
CLIENTS = ("northlight", "cheerly", "medirow", "quillfield")


@lru_cache(maxsize=8)
def found_for(name: str) -> Considered:
    catalog = load_catalog()
    opened = open_engagement(Path(__file__).parents[2] / "data" / "examples" / f"{name}.yaml", catalog)
    return considered(assess(catalog, opened.engagement, as_of=AS_OF, draws=1024))


@pytest.mark.parametrize("name", CLIENTS)
def test_the_first_page_has_one_chart_and_at_most_six_lines(name: str) -> None:
    found = found_for(name)
    payload = page.frontier(found.space.a).payload()
    chart, lines = payload["blocks"]
    assert chart["figure"]["data"]
    assert chart["finding"].endswith(".")
    assert chart["alt"]
    assert 4 <= len(lines["points"]) <= 6
    for start in ("The promise", "The budget", "What is worth buying", "Today's design"):
        assert sum(p.startswith(start) for p in lines["points"]) == 1
    assert not re.search(r"\b(nan|inf|None)\b", json.dumps(payload["blocks"][1]) + chart["finding"] + chart["note"])


@pytest.mark.parametrize("name", CLIENTS)
def test_every_number_on_the_first_page_is_kept_with_what_it_is(name: str) -> None:
    found = found_for(name)
    chapter = page.frontier(found.space.a)
    ids = {p.id for p in chapter.printed}
    assert {"frontier.hours_cap", "designs"} <= ids
    assert all(np.isfinite(p.value) for p in chapter.printed)


@pytest.mark.parametrize("name", CLIENTS)
def test_the_second_page_names_every_tier_and_what_was_left_out(name: str) -> None:
    found = found_for(name)
    payload = pages.designs(found.space.a).payload()
    tiers = next(b for b in payload["blocks"] if b.get("id") == "designs_by_tier")
    first = [row[0] for row in tiers["table"]["rows"]]
    assert first[: len(found.space.choices.varied)] == list(found.space.choices.varied)
    assert {"Cash a month", "Downtime a year", "Confidence", "Chance of a breach in a year"} <= set(first)
    assert any("Price not known; ask" in b.get("text", "") for b in payload["blocks"])
    assert all(len(row) == len(tiers["table"]["columns"]) for row in tiers["table"]["rows"])


def test_a_gain_that_the_draws_do_not_agree_on_is_not_called_certain() -> None:
    found = found_for("northlight")
    r = found.answers
    assert "the gain lies between" in page._finding(found, Ledger("USD"))
    rng = np.random.default_rng(7)
    vague = replace(r.recommended, minutes=r.today.minutes - 800 + rng.normal(0, 3000, len(r.today.minutes)))
    unsure = replace(found, answers=replace(r, recommended=vague))
    assert "whether it helps is not certain" in page._finding(unsure, Ledger("USD"))
    same = replace(found, answers=replace(r, recommended=replace(r.recommended, minutes=r.today.minutes - 1)))
    assert "about the same downtime" in page._finding(same, Ledger("USD"))
    stays = replace(found, answers=replace(r, recommended=r.today))
    assert "No design is clearly worth more" in page._finding(stays, Ledger("USD"))


def test_where_no_design_keeps_the_promise_the_page_says_so_and_what_practices_would_do() -> None:
    found = found_for("northlight")
    line = page._promise_line(found, Ledger("USD"))
    assert "no design keeps" in line
    assert "practices that the promise asks for" in line


def test_where_today_keeps_it_on_average_the_page_says_in_how_many_draws() -> None:
    line = page._promise_line(found_for("quillfield"), Ledger("EUR"))
    assert "today's design already does" in line
    assert "of the draws" in line


def test_a_move_to_another_home_is_called_a_decision_of_its_own() -> None:
    found = found_for("medirow")
    payload = pages.designs(found.space.a).payload()
    note = next(b["note"] for b in payload["blocks"] if b.get("id") == "designs_by_tier")
    moved = found.space.extras(found.answers.recommended.plan).home != "on_premises"
    assert ("a decision of its own" in note) == moved


def test_a_second_region_is_told_beside_the_designs_and_no_more_among_the_practices() -> None:
    found = found_for("cheerly")
    s, today = found.space, found.answers.today.plan
    two = s.plan_with(today.ways, second=True)
    assert two is not None
    line = page._beside_line(found, ledger := Ledger("EUR"))
    said = {p.id: p.value for p in ledger.printed}
    before, after = s.sums(today), s.sums(two)
    assert "; a second region on standby would save 37\N{NO-BREAK SPACE}min for" in line
    assert said["second_region.cash"] == pytest.approx(after.cash - before.cash)
    assert said["second_region.hours"] == pytest.approx(after.hours - before.hours)
    assert said["second_region.saved"] == pytest.approx(before.minutes - after.minutes)
    assert page._region_words(found_for("quillfield"), ledger) == []
    told = str(figure_of(found, "")["data"])
    assert "a second region on standby" in told
    assert {b.to for b in found.buys if b.practice.id == "second_region"} <= {"rebuild"}
    rows = next(b for b in pages.designs(s.a).payload()["blocks"] if b.get("id") == "designs_by_tier")["table"]["rows"]
    assert next(row for row in rows if row[0] == "Regions")[1] == "one"


@pytest.mark.parametrize("name", CLIENTS)
def test_the_chart_is_drawn_on_paper(name: str) -> None:
    found = found_for(name)
    svg = figure_to_svg(figure_of(found, forgives_words(found, Ledger("EUR"))), width=482)
    assert "today" in svg
    assert "forgives" in svg


def test_sliders_move_the_answers() -> None:
    found = found_for("medirow")
    limits = found.answers.limits
    strict = tried(found, Wish(limits.budget, limits.hours, 0.9999, limits.loss_per_minute))
    easy = tried(found, Wish(limits.budget, limits.hours, 0.95, limits.loss_per_minute))
    poor = tried(found, Wish(3000.0, limits.hours, 0.95, limits.loss_per_minute))
    assert any("on average: no design" in line for line in strict[1])
    assert not any("no design" in line for line in easy[1])
    assert easy[1][-1] != poor[1][-1]
    assert easy[0] != strict[0]


def test_a_design_by_hand_stands_on_the_chart_with_its_distance() -> None:
    found = found_for("medirow")
    s, limits = found.space, found.answers.limits

    def by_hand(ways: dict[str, str], second: bool = False) -> tuple[str, list[list[float]]]:
        figure, words = tried(found, Wish(limits.budget, limits.hours, 0.995, limits.loss_per_minute, ways, second))
        line = next((w for w in words if w.startswith("By hand: ")), "")
        return line, [[t["x"][0], t["y"][0]] for t in figure["data"] if t.get("marker", {}).get("symbol") == "x"]

    assert by_hand({}) == by_hand(dict(s.today.ways)) == ("", [])
    line, dots = by_hand({"login": "keycloak_pair"})
    plan = s.plan_with({"login": "keycloak_pair"})
    assert plan is not None
    assert dots == [[s.sums(plan).cash, s.sums(plan).minutes]]
    assert "the same downtime can be had for" in line
    best = found.answers.best
    assert best is not None
    assert "nothing on the line is better" in by_hand(best.plan.ways)[0]
    # Its own premises have no second region with a price.
    assert "not to be had" in by_hand({}, second=True)[0]


def test_without_a_person_there_are_no_sliders() -> None:
    from readiness.workshop.frontier import sliders

    assert sliders(found_for("quillfield"), interactive=False) is None


def test_the_sliders_follow_in_the_workshop() -> None:
    from readiness.workshop.frontier import sliders

    box = sliders(found_for("quillfield"), interactive=True)
    four, chart, said, _ = box.children
    budget, *_ = four.children
    before, drawn = list(said.rows), chart.serial
    budget.value = 0.0
    assert list(said.rows) != before
    assert any("Best for the budget: no design" in row for row in said.rows)
    assert chart.serial > drawn
