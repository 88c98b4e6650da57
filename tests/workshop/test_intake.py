"""The intake, the architecture, the closing page and the own situation, driven as by clicks."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.errors import UsageError
from readiness.workshop import Room
from readiness.workshop.closing import Closing
from readiness.workshop.composing import Composer, scenario_of
from readiness.workshop.fields import FIELDS, shown, stored
from readiness.workshop.freezing import freeze
from readiness.workshop.intake import Architecture, Facts, Intake, parts_of, picture

CATALOG = load_catalog()


@pytest.mark.parametrize("archetype", sorted(CATALOG.archetypes))
def test_every_archetype_gives_a_first_number_and_one_undo_takes_it_back(room: Room, archetype: str) -> None:
    start = room.engagement
    intake = Intake(room)
    intake.start.say({"do": "set", "key": "archetype", "value": archetype})
    assert intake.start.status["state"] == "saved"
    assert [t.name for t in room.engagement.architecture.tiers] == [t.name for t in CATALOG.archetypes[archetype].tiers]
    assert room.assessment.figure("bad_minutes_per_year").draws.mean() > 0
    intake.start.say({"do": "press", "action": "undo"})
    assert room.engagement == start


def test_the_first_sheet_has_at_most_twelve_fields_with_the_archetype(room: Room) -> None:
    intake = Intake(room)
    assert len(intake.facts.sheet.fields) + len(intake.start.fields) <= 12


@pytest.mark.parametrize(
    ("address", "given", "expected"),
    [
        ("demand.growth_per_year", 40, 0.4),
        ("journeys.0.promise.slo", "0.9995", 0.9995),
        ("money.revenue_per_year", 1_250_000.0, 1_250_000),
        ("demand.peak_per_second", None, None),
        ("client.name", "Acme & Söhne", "Acme & Söhne"),
    ],
)
def test_what_is_filled_in_stands_in_the_file(room: Room, address: str, given: Any, expected: Any) -> None:
    facts = Facts(room, FIELDS)
    facts.sheet.say({"do": "set", "key": address, "value": given})
    assert facts.sheet.status["state"] == "saved"
    from readiness.engagement.store import value_at

    assert value_at(open_engagement(room.folder, CATALOG).raw, address) == expected


@pytest.mark.parametrize(
    ("address", "given"),
    [("client.currency", "euro"), ("demand.growth_per_year", -500), ("money.customers", 0), ("money.lost_share", {"low": 50, "likely": 20, "high": 60}),
     ("client.name", ""), ("journeys.0.promise.credits", "ten per cent"), ("money.revenue_per_year", "a lot"), ("money.revenue_per_year", float("nan"))],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_the_field_and_not_saved(room: Room, address: str, given: Any) -> None:
    before = room.raw
    facts = Facts(room, FIELDS)
    facts.sheet.say({"do": "set", "key": address, "value": given})
    assert facts.sheet.messages[address]
    assert facts.sheet.status["state"] == "refused"
    assert room.raw == before
    facts.sheet.say({"do": "set", "key": address, "value": shown(next(f for f in FIELDS if f.address == address), room.raw, room.engagement)})
    assert address not in facts.sheet.messages


def test_a_range_given_in_per_cent_is_a_share_with_its_source(room: Room) -> None:
    facts = Facts(room, FIELDS)
    facts.sheet.say({"do": "set", "key": "money.lost_share", "value": {"low": 10, "likely": 25, "high": 60}})
    held = room.engagement.money.lost_share
    assert held is not None
    assert (held.low, held.likely, held.high, held.evidence, held.rung) == (0.1, 0.25, 0.6, "estimated", "claimed")
    assert facts.sheet.values["money.lost_share"] == {"low": 10, "likely": 25, "high": 60}


def test_three_remembered_figures_are_saved_when_all_are_there(room: Room) -> None:
    room.put([])
    facts = Facts(room, FIELDS)
    facts.sheet.say({"do": "set", "key": "history.remembered.typical_minutes", "value": None})
    assert room.engagement.history.remembered is None
    for part, value in (("outages_in_twelve_months", 4), ("typical_minutes", 30)):
        facts.sheet.say({"do": "set", "key": f"history.remembered.{part}", "value": value})
        assert room.engagement.history.remembered is None
    facts.sheet.say({"do": "set", "key": "history.remembered.worst_minutes", "value": 300})
    remembered = room.engagement.history.remembered
    assert remembered is not None
    assert (remembered.outages_in_twelve_months, remembered.typical_minutes, remembered.worst_minutes) == (4, 30, 300)


@pytest.mark.parametrize("field", [f for f in FIELDS if f.kind == "number"], ids=lambda f: f.address)
def test_a_number_comes_back_as_it_was_shown(room: Room, field: Any) -> None:
    value = shown(field, room.raw, room.engagement)
    if value is not None:
        from readiness.engagement.store import value_at

        assert stored(field, value) == pytest.approx(value_at(room.raw, field.address), rel=1e-12)


def test_a_part_can_be_added_changed_and_removed(room: Room) -> None:
    form = Architecture(room).form
    form.say({"do": "tiers", "tiers": [*form.tiers, {"name": "queue", "need": "stream_queue", "way": CATALOG.services["stream_queue"].ways[0].id}]})
    assert room.engagement.architecture.tiers[-1].name == "queue"
    way = CATALOG.services["relational_database"].ways[-1].id
    form.say({"do": "tiers", "tiers": [t | ({"way": way} if t["need"] == "relational_database" else {}) for t in form.tiers]})
    assert next(t for t in room.engagement.architecture.tiers if t.need == "relational_database").way == way
    form.say({"do": "tiers", "tiers": [t for t in form.tiers if t["name"] != "queue"]})
    assert all(t.name != "queue" for t in room.engagement.architecture.tiers)
    form.say({"do": "tiers", "tiers": []})
    assert form.message
    assert room.engagement.architecture.tiers


def test_what_is_known_of_a_part_stays_when_another_is_changed(room: Room) -> None:
    form = Architecture(room).form
    before = next(t for t in room.engagement.architecture.tiers if t.name == "orders_db")
    form.say({"do": "tiers", "tiers": [t | ({"copies": 3} if t["name"] == "web" else {}) for t in form.tiers]})
    after = next(t for t in room.engagement.architecture.tiers if t.name == "orders_db")
    assert after == before
    assert next(t for t in room.engagement.architecture.tiers if t.name == "web").copies == 3


def test_the_picture_shows_every_part_and_dependency_and_prints(room: Room) -> None:
    from readiness.report.svg import figure_to_svg  # the writer that the report uses

    figure = picture(room.assessment)
    words = " ".join(note["text"] for note in figure["layout"]["annotations"])
    for part in parts_of(room.assessment):
        assert part.name in words
    drawn = figure_to_svg(figure, width=700)
    assert all(part.name in drawn for part in parts_of(room.assessment))


def test_a_way_that_does_not_exist_is_refused_with_a_sentence(room: Room) -> None:
    form = Architecture(room).form
    form.say({"do": "tiers", "tiers": [t | {"way": "postgre_vm"} for t in form.tiers]})
    assert "postgre_vm" in form.message


def test_the_own_situation_is_reckoned_before_it_is_kept(room: Room) -> None:
    composer = Composer(room)
    for key, value in (
        ("title", "The founder's demo fails"),
        ("story", "live, on stage"),
        ("hours", 3),
        ("share", 80),
        ("cash", 5000),
        ("often", "0.3"),
    ):
        composer.sheet.say({"do": "set", "key": key, "value": value})
    composer.sheet.say({"do": "press", "action": "try"})
    assert composer.sheet.rows[0].startswith("Verdict:")
    assert room.engagement.scenarios == ()
    composer.sheet.say({"do": "press", "action": "keep"})
    assert room.engagement.scenarios[0].title == "The founder's demo fails"
    longer = list(composer.sheet.rows)
    composer.sheet.say({"do": "set", "key": "hours", "value": 40})
    assert composer.sheet.rows != longer
    composer.sheet.say({"do": "press", "action": "keep"})
    assert len(room.engagement.scenarios) == 1


@pytest.mark.parametrize(
    "blocks",
    [{}, {"title": "x"}, {"title": "x", "share": 0, "hours": 1, "often": 1}, {"title": "x", "share": 10, "hours": "long", "often": 1}],
    ids=str,
)
def test_a_situation_with_a_missing_block_is_a_sentence(blocks: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        scenario_of(blocks)


def test_decisions_and_risks_are_kept_and_internal_ones_hidden_while_presenting(room: Room) -> None:
    room.add("decisions", {"text": "fire the agency", "audience": "internal"})
    closing = Closing(room, presenting=True)
    assert "agency" not in str(closing.decided.rows)
    assert "agency" in str(Closing(room, presenting=False).decided.rows)
    closing.decided.say({"do": "press", "action": "add"})
    assert closing.decided.status["state"] == "refused"
    closing.decided.say({"do": "set", "key": "text", "value": "Review Kafka in spring"})
    closing.decided.say({"do": "press", "action": "add"})
    assert room.engagement.decisions[-1].text == "Review Kafka in spring"
    for key, value in (("title", "One region"), ("why", "no customer asks"), ("owner", "CTO"), ("review_on", "soon")):
        closing.risks.say({"do": "set", "key": key, "value": value})
    closing.risks.say({"do": "press", "action": "add"})
    assert closing.risks.status["state"] == "refused"
    closing.risks.say({"do": "set", "key": "review_on", "value": "2027-05-01"})
    closing.risks.say({"do": "press", "action": "add"})
    assert room.engagement.accepted_risks[-1].owner == "CTO"


def test_there_are_at_most_three_next_steps_and_they_follow(room: Room) -> None:
    closing = Closing(room)
    first = list(closing.next.rows)
    assert 1 <= len(first) <= 3
    for practice in room.assessment.standing.practices:
        if practice.required:
            room.answer(practice.practice.id, practice.practice.answers[-1].id)
            break
    assert closing.next.rows != first


def test_a_milestone_holds_numbers_and_versions_and_is_never_overwritten(room: Room) -> None:
    import json

    first, second = freeze(room, "Erster Workshop & more"), freeze(room, "Erster Workshop & more")
    assert first != second
    content = json.loads(first.read_text("utf-8"))
    assert content["headline"]["bad_minutes_per_year"]["mean"] == room.assessment.figure("bad_minutes_per_year").draws.mean()
    assert content["data"] == CATALOG.digest
    assert content["engagement"] == room.engagement.model_dump(mode="json")


def test_the_report_is_made_beside_the_meeting(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from readiness.workshop import reporting

    told: list[str] = []

    async def quick(folder: Path, out: Path, *, as_of: date, audience: str, progress: Any) -> Path:
        progress("Writing PDF")
        out.mkdir(parents=True)
        (out / "report.pdf").write_bytes(b"%PDF-1.7")
        return out / "report.pdf"

    monkeypatch.setattr(reporting, "make", quick)
    closing = Closing(room)
    closing.report.observe(lambda change: told.append(change["new"].get("text", "")), "status")
    closing.report.say({"do": "press", "action": "report"})
    assert "Writing PDF …" in told
    assert closing.report.content == b"%PDF-1.7"
    assert closing.report.status["state"] == "saved"


@pytest.mark.slow
def test_a_real_report_comes_from_a_process_of_its_own(room: Room) -> None:
    from readiness.workshop import reporting

    told: list[str] = []
    pdf = asyncio.run(reporting.make(room.folder, room.folder / "reports", as_of=room.as_of, audience="client", progress=told.append))
    assert pdf.read_bytes()[:5] == b"%PDF-"
    assert told


def test_a_report_that_cannot_be_made_is_a_sentence(room: Room) -> None:
    (room.folder / "reports").write_text("a file where a folder should be")
    closing = Closing(room)
    closing.report.say({"do": "press", "action": "report"})
    assert closing.report.status["state"] == "refused"
    assert closing.report.actions[0]["busy"] is False
