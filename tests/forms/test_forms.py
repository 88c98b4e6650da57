"""Forms show and hand back; they are tested by doing what a click does."""

from __future__ import annotations

from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.engagement.schema import GivenAnswer
from readiness.errors import UsageError
from readiness.forms import Card, Chart, HeadlinePanel, Sheet, Tiers
from readiness.forms.chart import library, plotly_packed
from readiness.forms.tiers import needs_of

CATALOG = load_catalog()


def test_a_card_shows_a_practice_without_its_levels() -> None:
    card = Card()
    card.ask(CATALOG.practices["on_call"], dimension="Lifecycle")
    assert card.question["question"].startswith("Who is woken")
    assert [a["id"] for a in card.question["answers"]] == [a.id for a in CATALOG.practices["on_call"].answers]
    assert "level" not in str(card.question)
    card.answered(GivenAnswer(answer="rota", note="paid", by="CTO"))
    assert card.current == {"answer": "rota", "note": "paid", "by": "CTO"}
    card.ask(None)
    assert card.question == {}


def test_two_answers_in_quick_succession_are_both_heard() -> None:
    card, heard = Card(), []
    card.on_said(heard.append)
    for answer in ("nobody", "rota"):
        card._handle_custom_msg({"do": "answer", "given": {"answer": answer}, "serial": answer}, [])
    assert [one["given"]["answer"] for one in heard] == ["nobody", "rota"]
    assert card.status["serial"] == "rota"


@pytest.mark.parametrize("message", [None, "answer", 7, [], {}, {"do": 3}, {"do": {"deep": 1}}], ids=str)
def test_a_message_that_is_none_is_passed_over(message: Any) -> None:
    sheet, heard = Sheet(), []
    sheet.on_said(heard.append)
    sheet.say(message)
    assert heard == []


def test_a_mistake_of_ours_is_a_sentence_that_says_not_saved() -> None:
    card = Card()

    def broken(_: Any) -> None:
        raise ZeroDivisionError

    card.on_said(broken)
    card.say({"do": "answer", "serial": "a.1"})
    assert card.status["state"] == "not saved"
    assert "ZeroDivisionError" in card.status["text"]
    assert card.status["serial"] == "a.1"


def test_what_a_person_can_mend_is_said_in_its_words() -> None:
    sheet = Sheet()

    def refuse(_: Any) -> None:
        raise UsageError("is no number", hint="write 12")

    sheet.on_said(refuse)
    sheet.say({"do": "set"})
    assert (sheet.status["state"], sheet.status["text"], sheet.status["hint"]) == ("refused", "is no number", "write 12")


def test_words_beside_a_field_come_and_go() -> None:
    sheet = Sheet()
    sheet.complain("a", "too much")
    sheet.complain("b", "too little")
    sheet.complain("a", "")
    assert sheet.messages == {"b": "too little"}


def test_every_way_of_the_catalog_can_be_chosen_for_its_need() -> None:
    offered = {need["id"]: {way["id"] for way in need["ways"]} for need in needs_of(CATALOG)}
    for service in CATALOG.services.values():
        for way in service.ways:
            assert way.id in offered[service.need]
            for need in way.fills:
                assert way.id in offered[need]


def test_eight_charts_share_one_plotly_and_send_it_once() -> None:
    charts = [Chart({"data": [], "layout": {"height": n}}) for n in range(8)]
    assert len({id(chart.library) for chart in charts}) == 1
    assert charts[0].library is library()
    states = [chart.get_state() for chart in charts]
    assert all(len(str(state)) < 60_000 for state in states)
    assert len(plotly_packed()) < 2_000_000


def test_a_chart_is_drawn_again_only_when_it_changed() -> None:
    chart = Chart({"data": [{"y": [1]}]}, "one")
    chart.draw({"data": [{"y": [1]}]}, "one")
    assert chart.serial == 0
    chart.draw({"data": [{"y": [2]}]}, "two")
    assert (chart.serial, chart.alternative) == (1, "two")


def test_plotly_comes_from_the_installed_package_and_from_no_network() -> None:
    import gzip

    source = gzip.decompress(plotly_packed())
    assert source[:40].decode().startswith("/**\n* plotly.js")


@pytest.mark.parametrize("form", [Card, Chart, HeadlinePanel, Sheet, Tiers])
def test_the_look_and_the_script_travel_with_the_form(form: type) -> None:
    made = form({}) if form is Chart else form()
    assert "export default" in made._esm
    assert ".rdn" in made._css
