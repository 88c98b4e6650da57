"""The chapters on who should run what: for every client a page, no claim beyond its range, and what is missing said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from readiness.assessment import assess
from readiness.assessment.sourcing import ServiceView, Sourcing, sourcing
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.exhibits import investor, options, staffing
from readiness.exhibits import sourcing as chapters
from readiness.exhibits.exhibit import Chapter
from readiness.report.document import make
from readiness.report.svg import figure_to_svg
from readiness.text import Ledger
from readiness.wording_sourcing import (
    PROBABLE,
    SURE,
    crossing_words,
    evidence_for,
    input_name,
    later_sentence,
    likely_words,
    stance,
    verdict_sentence,
)

AS_OF = date(2026, 11, 23)
CHAPTERS: dict[str, Callable[[Sourcing], Chapter]] = {
    "costs": chapters.costs, "services": chapters.services, "detail": chapters.detail, "later": options.now_or_later, "team": staffing.team,
    "pipeline": staffing.pipeline, "investor": investor.investor_page,
}  # fmt: skip
NAMES = ("cheerly", "medirow", "northlight", "quillfield")


@pytest.fixture(scope="module")
def views(catalog: Catalog, clients: dict[str, Engagement]) -> dict[str, Sourcing]:
    return {name: sourcing(assess(catalog, clients[name], as_of=AS_OF)) for name in NAMES}


@pytest.mark.parametrize("chapter", list(CHAPTERS))
def test_every_client_gets_every_chapter(views: dict[str, Sourcing], chapter: str) -> None:
    for name, s in views.items():
        found = CHAPTERS[chapter](s)
        assert found.parts, name
        blocks = found.payload()["blocks"]
        make(blocks)
        for block in blocks:
            if block["kind"] == "exhibit":
                assert block["finding"].endswith((".", "!")), block["finding"]
                assert "nan" not in str(block["table"]), block["id"]
                assert "inf" not in block["finding"].split()
                if block["figure"]:
                    assert block["alt"]
                    assert figure_to_svg(block["figure"], width=470).startswith("<svg")
                for row in block["table"]["rows"] if block["table"] else ():
                    assert len(row) == len(block["table"]["columns"]), block["id"]


def test_no_id_stands_twice(views: dict[str, Sourcing]) -> None:
    for s in views.values():
        ids = [x.id for chapter in CHAPTERS.values() for x in chapter(s).exhibits]
        assert len(ids) == len(set(ids))


def test_every_number_of_the_findings_is_kept(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    for chapter in CHAPTERS.values():
        for x in chapter(s).exhibits:
            if any(ch.isdigit() for ch in x.finding):
                assert x.printed, x.id


def test_what_is_not_known_is_said_with_how_to_supply_it(views: dict[str, Sourcing]) -> None:
    told = " ".join(b["text"] for chapter in CHAPTERS.values() for b in chapter(views["quillfield"]).payload()["blocks"] if b["kind"] == "missing")
    assert "money.customers" in told
    assert "money.revenue_per_year" in told
    assert "cost_per_month" in told


def test_blocked_ways_are_shown_greyed_with_their_reason(views: dict[str, Sourcing]) -> None:
    gates = next(x for x in chapters.services(views["medirow"]).exhibits if x.id == "gates")
    assert gates.table is not None
    row = next(i for i, r in enumerate(gates.table.rows) if "records_db" in r[3] and r[0] == "blocked" and "superuser" in r[1])
    assert row in gates.table.muted
    assert "extension" in gates.table.rows[row][5]
    assert max(len(r[4].split(", ")) for r in gates.table.rows) < 12, "three ways by name, then how many more"
    assert any(" more" in r[4] for r in gates.table.rows)


def test_a_client_who_decided_against_is_reminded_of_the_reason(views: dict[str, Sourcing]) -> None:
    told = [p for b in chapters.services(views["medirow"]).payload()["blocks"] if b["kind"] == "text" for p in b["paragraphs"]]
    assert any("health data may not leave the premises" in p for p in told)


def test_lock_in_names_the_european_law_with_its_dates(views: dict[str, Sourcing]) -> None:
    notes = " ".join(x.note for x in chapters.detail(views["medirow"]).exhibits)
    assert "2023/2854" in notes
    assert "12 September 2025" in notes
    assert "12 January 2027" in notes


# -- never stronger than the range ---
def with_chance(s: Sourcing, tier: str, chance: float) -> tuple[Sourcing, ServiceView]:
    v = s.service(tier)
    assert v.managed is not None
    best = replace(v.managed, comparison=replace(v.managed.comparison, chance_cheaper_economic=chance))
    return s, replace(v, compared=(best,))


@pytest.mark.parametrize(("chance", "word", "phrase"), [
    pytest.param(0.95, "move", "move to", id="sure is a move"),
    pytest.param(0.8, "probably move", "probably cheaper", id="likely is probably"),
    pytest.param(0.6, "about even", "about even", id="a lead is about even"),
    pytest.param(0.4, "about even", "about even", id="a deficit is about even too"),
    pytest.param(0.15, "probably keep", "probably cheaper", id="unlikely is probably not"),
    pytest.param(0.02, "keep", "keep running it", id="hopeless is keep"),
])  # fmt: skip
def test_the_verdict_is_as_sure_as_the_chance(views: dict[str, Sourcing], chance: float, word: str, phrase: str) -> None:
    s, v = with_chance(views["northlight"], "events", chance)
    assert stance(s, v) == word
    told = verdict_sentence(s, v, Ledger("USD"))
    assert phrase in told
    if 1 - SURE < chance < SURE:
        assert "ask for" in told


def test_a_verdict_that_wavers_names_what_to_ask_for(views: dict[str, Sourcing]) -> None:
    s, v = with_chance(views["northlight"], "events", 0.5)
    assert verdict_sentence(s, v, Ledger("USD")).endswith("Decided by hours to run it: ask for the tickets and hours of the last three months.")


def test_what_pays_for_a_premium_is_said_as_it_is(views: dict[str, Sourcing]) -> None:
    """RDS spares more loss than it costs; a managed log pays by its hours alone."""
    s = views["northlight"]
    for tier, by_loss in (("orders_db", True), ("events", False)):
        v = s.service(tier)
        assert v.managed is not None
        c = v.managed.comparison
        assert (float((c.cash_difference + c.loss_difference).mean()) < 0) == by_loss
        told = verdict_sentence(s, v, Ledger("USD"))
        assert ("which the loss it avoids pays for" in told) == by_loss
        assert ("so it pays only if" in told) != by_loss


def test_a_way_without_a_second_copy_says_what_one_takes(views: dict[str, Sourcing]) -> None:
    s = views["northlight"]
    told = verdict_sentence(s, s.service("orders_db"), Ledger("USD"))
    assert "That has no second copy; RDS for PostgreSQL, Multi-AZ has one for" in told
    assert "second copy" not in verdict_sentence(s, s.service("web"), Ledger("USD"))


def test_who_would_have_to_change_the_product_is_told_of_the_way_that_does_not(views: dict[str, Sourcing]) -> None:
    s = views["medirow"]
    told = verdict_sentence(s, s.service("records_db"), Ledger("EUR"))
    assert "worth a trial, not yet a move" in told
    assert "Without changing the product: PostgreSQL primary and standby" in told
    assert "better way" not in verdict_sentence(s, s.service("messages"), Ledger("EUR"))


def test_a_chance_counted_over_draws_is_never_certain() -> None:
    ledger = Ledger("EUR")
    assert likely_words(1.0, ledger, "x") == ledger.say(0.99999, "share", id="x") != ledger.say(1.0, "share", id="x")
    assert likely_words(0.0, ledger, "x") == ledger.say(0.00001, "share", id="x") != ledger.say(0.0, "share", id="x")
    assert likely_words(0.75, ledger, "x") == ledger.say(0.75, "share", id="x")


def test_a_way_that_changes_the_product_is_never_more_than_a_trial(views: dict[str, Sourcing]) -> None:
    for s in views.values():
        for v in s.services:
            if v.managed and v.managed.candidate and v.managed.candidate.rewrite:
                assert stance(s, v) in ("worth a trial", "keep", "leave as it is")
                assert v.managed.comparison.chance_cheaper_economic < PROBABLE or stance(s, v) != "keep"


def test_a_service_with_no_open_way_says_why_and_what_would_change_it(catalog: Catalog, northlight: Engagement) -> None:
    bound = northlight.model_copy(update={"architecture": northlight.architecture.model_copy(update={"constraints": ("residency_own_premises",)})})
    s = sourcing(assess(catalog, bound, as_of=AS_OF))
    told = verdict_sentence(s, s.service("events"), Ledger("USD"))
    assert "no managed way can be compared" in told
    assert "What would change it" in told


@pytest.mark.parametrize(("month", "every", "words"), [
    pytest.param(None, (), "never", id="never"),
    pytest.param(None, (2, 9), "never for good (sides change in month 3 and 10)", id="for a while, then no longer"),
    pytest.param(4, (4,), "month 5", id="once"),
    pytest.param(20, (3, 12, 20), "month 21 for good (before that in 4 and 13)", id="several times"),
])  # fmt: skip
def test_break_even_in_words(views: dict[str, Sourcing], month: int | None, every: tuple[int, ...], words: str) -> None:
    best = views["northlight"].service("events").managed
    assert best is not None
    crossing = replace(best.comparison.break_even, month=month, all=every)
    assert crossing_words(replace(best, comparison=replace(best.comparison, break_even=crossing)), Ledger()) == words


def test_an_option_says_how_sure_its_best_path_is(views: dict[str, Sourcing]) -> None:
    from readiness.assessment.sourcing_later import options_of

    for s in views.values():
        for o in options_of(s):
            told = later_sentence(o, Ledger("USD"))
            assert ("far from surely" in told) == (0.5 <= o.chance_best < PROBABLE)


def test_inputs_have_names_and_evidence(views: dict[str, Sourcing]) -> None:
    for s in views.values():
        for v in s.services:
            for d in v.deciders:
                assert "_" not in input_name(d.number)
                assert evidence_for(d.number)


def test_client_text_stays_plain(catalog: Catalog, northlight: Engagement) -> None:
    hostile = '<img src=x onerror="alert(1)"> $5 and $6'
    e = northlight.with_answer("managed_decision", None)
    given: dict[str, Any] = {"answer": "decided_against", "reason": hostile}
    from readiness.engagement.schema import GivenAnswer

    e = e.with_answer("managed_decision", GivenAnswer(**given))
    shown = chapters.services(sourcing(assess(catalog, e, as_of=AS_OF)))._repr_mimebundle_()["text/html"]
    assert "<img" not in shown
    assert "onerror=&quot;" in shown
