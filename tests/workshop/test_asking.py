"""The meeting, driven as by clicks: answers, order, undo, what if, conflicts, presenting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.workshop import Room
from readiness.workshop.agenda import Agenda, progress
from readiness.workshop.asking import Asking, Numbers
from readiness.workshop.saying import moved

CATALOG = load_catalog()


@pytest.fixture
def asking(room: Room) -> Asking:
    return Asking(room, Numbers(room))


def say(asking: Asking, do: str, **more: Any) -> None:
    asking.card.say({"do": do, **more})


def on_call(asking: Asking, **given: Any) -> None:
    say(asking, "answer", practice="on_call", given=given)


def test_the_first_question_is_one_that_is_open(asking: Asking) -> None:
    assert asking.room.engagement.answers.get(asking.at) is None
    assert asking.card.question["id"] == asking.at


def test_an_answer_is_saved_and_the_headline_says_what_it_moved(asking: Asking) -> None:
    say(asking, "jump", to="on_call")
    on_call(asking, answer="nobody", by="CTO")
    before = asking.numbers.panel.numbers[0]["value"]
    on_call(asking, answer="rota", by="CTO", rung="observed", note="seen the tool")
    assert asking.card.status["text"].startswith("Saved ")
    assert asking.card.current["rung"] == "observed"
    assert "Downtime a year" in asking.numbers.panel.moved
    assert "→" in asking.numbers.panel.moved
    assert asking.numbers.panel.numbers[0]["was"] == before
    assert asking.numbers.panel.numbers[0]["direction"] == -1
    assert asking.room.journal.read().lines[-1].who == "CTO"


def test_charts_follow_the_answer(asking: Asking) -> None:
    was = [chart.serial for chart in asking.numbers.charts]
    on_call(asking, answer="around_the_clock")
    assert (
        all(now > then for now, then in zip([chart.serial for chart in asking.numbers.charts], was, strict=True) if then is not None)
        or asking.numbers.charts[0].serial > was[0]
    )
    assert 1 <= len(asking.numbers.charts) <= 3


def test_next_skip_back_and_jump_go_where_they_say(asking: Asking) -> None:
    first = asking.at
    say(asking, "next")
    second = asking.at
    assert second not in ("", first)
    say(asking, "back")
    assert asking.at == first
    say(asking, "skip")
    assert asking.at == second
    say(asking, "jump", to="on_call")
    assert asking.at == "on_call"
    say(asking, "back")
    assert asking.at == second
    say(asking, "jump", to="no_such_practice")
    assert asking.at == ""


def test_what_was_skipped_comes_again_at_the_end(asking: Asking) -> None:
    first = asking.at
    say(asking, "skip")
    for _ in range(60):
        if asking.at in ("", first):
            break
        say(asking, "answer", practice=asking.at, given={"answer": CATALOG.practices[asking.at].answers[0].id})
        say(asking, "next")
    assert asking.at == first
    say(asking, "answer", practice=first, given={"answer": CATALOG.practices[first].answers[0].id})
    say(asking, "next")
    assert asking.at == ""
    assert asking.card.question == {}


def test_undo_shows_the_former_answer_again(asking: Asking) -> None:
    say(asking, "jump", to="runbooks")
    was = asking.card.current
    say(asking, "answer", practice="runbooks", given={"answer": CATALOG.practices["runbooks"].answers[-1].id})
    say(asking, "undo")
    assert asking.card.current == was


def test_not_applicable_needs_a_reason_and_says_so(asking: Asking) -> None:
    say(asking, "jump", to="runbooks")
    say(asking, "answer", practice="runbooks", given={"not_applicable": True, "reason": ""})
    assert asking.card.status["state"] == "refused"
    say(asking, "answer", practice="runbooks", given={"not_applicable": True, "reason": "one person runs it all"})
    assert asking.card.status["state"] == "saved"
    assert next(p for p in asking.room.assessment.standing.practices if p.practice.id == "runbooks").state == "not applicable"


def test_clearing_an_answer_leaves_it_not_asked(asking: Asking) -> None:
    say(asking, "jump", to="runbooks")
    say(asking, "answer", practice="runbooks", given=None)
    assert "runbooks" not in asking.room.engagement.answers
    assert asking.card.current == {}


def test_what_if_never_enters_the_log_and_can_be_discarded(asking: Asking) -> None:
    lines = len(asking.room.journal.read().lines)
    say(asking, "jump", to="on_call")
    now = asking.numbers.panel.numbers[0]["value"]
    asking.tools.say({"do": "press", "action": "try"})
    on_call(asking, answer="around_the_clock")
    assert asking.numbers.panel.what_if
    assert asking.numbers.panel.numbers[0]["was"] == now
    assert len(asking.room.journal.read().lines) == lines
    asking.tools.say({"do": "press", "action": "discard"})
    assert asking.numbers.panel.numbers[0]["value"] == now
    assert not asking.numbers.panel.what_if
    assert len(asking.room.journal.read().lines) == lines


def test_what_if_can_be_kept_as_one_step(asking: Asking) -> None:
    start = asking.room.engagement
    asking.tools.say({"do": "press", "action": "try"})
    on_call(asking, answer="around_the_clock")
    say(asking, "answer", practice="runbooks", given={"answer": CATALOG.practices["runbooks"].answers[-1].id})
    asking.tools.say({"do": "press", "action": "keep"})
    assert asking.room.engagement.answers["on_call"].answers == ("around_the_clock",)
    say(asking, "undo")
    assert asking.room.engagement == start


def test_while_presenting_internal_notes_are_neither_shown_nor_lost(asking: Asking) -> None:
    say(asking, "jump", to="owners_and_deputies")
    assert "Dana" not in str(asking.card.get_state())
    answer = asking.room.engagement.answers["owners_and_deputies"]
    say(asking, "answer", practice="owners_and_deputies", given={**asking.card.current, "rung": "observed"})
    assert asking.room.engagement.answers["owners_and_deputies"].note == answer.note
    asking.tools.say({"do": "set", "key": "presenting", "value": False})
    assert "Dana" in asking.card.current["note"]


def test_a_parked_question_is_kept(asking: Asking) -> None:
    asking.tools.say({"do": "set", "key": "park", "value": "who pays for it?"})
    assert asking.room.engagement.parking_lot[-1].text == "who pays for it?"
    assert asking.tools.values["park"] == ""


def test_a_conflict_is_shown_and_settled_on_the_card(asking: Asking) -> None:
    other = Room(asking.room.folder, catalog=CATALOG, as_of=date(2026, 11, 23), writer_name="Bo")
    other._disk = lambda: other._stamps  # type: ignore[method-assign]
    on_call(asking, answer="rota", by="Ann")
    other.answer("on_call", "nobody", who="Bo")
    asking.room.refresh()
    assert len(asking.card.conflict["versions"]) == 2
    assert any("Bo" in text for text in asking.card.conflict["versions"])
    say(asking, "settle", address="answers.on_call", version=1)
    assert asking.card.conflict == {}
    assert asking.room.conflicts == ()


def test_a_better_order_is_followed_as_soon_as_there_is_one(folder: Any) -> None:
    backwards = Room(folder, catalog=CATALOG, as_of=date(2026, 11, 23), order=lambda a: [p.practice.id for p in a.standing.practices][::-1])
    asking = Asking(backwards, Numbers(backwards))
    states = {p.practice.id: p.state for p in backwards.assessment.standing.practices}
    assert asking.at == [p for p in states if states[p] == "not asked"][-1]


def test_messages_that_make_no_sense_change_nothing(asking: Asking) -> None:
    before = asking.room.journal.read().lines
    for message in ({"do": "answer"}, {"do": "answer", "practice": "x", "given": {}}, {"do": "answer", "practice": "on_call", "given": [1]}, {"do": "jump"},
                    {"do": "settle", "address": "a", "version": 99}, {"do": "dance"}, {"do": "answer", "practice": "on_call", "given": {"answer": "rota", "rung": "sworn"}}):  # fmt: skip
        asking.card.say(message)
    assert asking.room.journal.read().lines == before


def test_time_and_progress_are_told() -> None:
    minutes = iter([0.0, 30 * 60.0, 30 * 60.0, 30 * 60.0, 100 * 60.0, 100 * 60.0, 100 * 60.0, 100 * 60.0])
    agenda = Agenda(45, clock=lambda: next(minutes))
    assert agenda.words() == "30 of 45 min used"
    next(minutes)
    assert agenda.words() == "100 of 45 min used, 55 over"


def test_a_short_agenda_plans_fewer_questions(room: Room) -> None:
    order = [p.practice.id for p in room.assessment.standing.practices]
    empty = room.engagement.model_copy(update={"answers": {}})
    from readiness.assessment import assess

    a = assess(CATALOG, empty, as_of=date(2026, 11, 23))
    assert len(Agenda(45, clock=lambda: 0.0).planned(a, order)) == 20
    assert len(Agenda(90, clock=lambda: 0.0).planned(a, order)) == 42
    assert sum(p.answered for p in progress(a)) == 0


def test_nothing_moved_is_said_as_such(room: Room) -> None:
    assert moved(room.assessment, room.assessment).startswith("No headline number")
    assert moved(room.assessment, None) == ""
