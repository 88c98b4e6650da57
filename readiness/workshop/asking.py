"""The questions: which one is shown, what becomes of an answer, and the numbers and charts that follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from readiness.engagement.store import value_at
from readiness.figures.night import night
from readiness.forms import Card, Chart, HeadlinePanel, Sheet
from readiness.text import per_cent
from readiness.text import promise as promise_words
from readiness.workshop.agenda import AGENDAS, ANSWERED, Agenda, progress
from readiness.workshop.background import Ranking
from readiness.workshop.charts import CHARTS, Drawn
from readiness.workshop.room import Room, Saved
from readiness.workshop.saying import headline, moved
from readiness.workshop.whatif import Scratch


class Numbers:
    """The headline panel and the charts; both follow the room."""

    def __init__(self, room: Room, *, charts: Sequence[Drawn] = CHARTS) -> None:
        self.room = room
        self.panel = HeadlinePanel()
        self._drawn = tuple(charts)
        self.charts = [Chart(*drawn(room.assessment), night=night()) for drawn in self._drawn]
        self.scratch: Scratch | None = None
        room.listen(self._hear)
        self.show()

    def _hear(self, what: str) -> None:
        if what == "reckoned":
            self.show()
        elif self.panel.trouble != self.room.trouble:
            self.panel.trouble = self.room.trouble

    def show(self) -> None:
        """Numbers first, charts after them."""
        a = self.scratch.assessment if self.scratch else self.room.assessment
        before = self.room.assessment if self.scratch else self.room.before
        with self.panel.hold_sync():
            self.panel.numbers = [
                {
                    "id": h.id,
                    "label": h.label,
                    "value": h.value,
                    "range": h.range,
                    "was": h.was,
                    "direction": h.direction,
                    "widths": list(h.share_of_width),
                }
                for h in headline(a, before)
            ]
            self.panel.what_if = self.scratch is not None
            self.panel.title = (
                f"What if: {'; '.join(self.scratch.said) or 'try an answer'}" if self.scratch else "Average and 90 % range"
            )
            self.panel.moved = moved(a, before)
            self.panel.verdict = (
                f"{a.standing.verdict.outcome} for {promise_words(a.main.journey.promise.slo)}; {per_cent(a.standing.coverage)} of the questions answered"
            )
            self.panel.trouble = self.room.trouble
            self.panel.serial += 1
        for chart, drawn in zip(self.charts, self._drawn, strict=True):
            chart.draw(*drawn(a))


class Asking:
    """One question after the other.

    Parameters
    ----------
    room
        Where answers go.
    numbers
        What follows them.
    presenting
        Whether the client looks at the screen: internal notes stay hidden.
    agenda
        The time there is.
    """

    def __init__(self, room: Room, numbers: Numbers, *, presenting: bool = True, agenda: Agenda | None = None) -> None:
        self.room, self.numbers = room, numbers
        self.agenda = agenda or Agenda()
        self.card = Card(mode={"presenting": presenting})
        self.tools = Sheet(compact=True, fields=[
            {"key": "minutes", "label": "Meeting", "kind": "choice", "options": [{"id": str(m), "text": f"{m} minutes"} for m in AGENDAS]},
            {"key": "presenting", "label": "Hide internal notes", "kind": "yes"},
            {"key": "park", "label": "Park for later", "kind": "text"},
        ])  # fmt: skip
        self.tools.values = {"minutes": str(self.agenda.minutes), "presenting": presenting, "park": ""}
        self.visited: list[str] = []
        self.skipped: list[str] = []
        self.at = ""
        self.ranking = Ranking(room.order, self.plan)
        self.ranking.follow(room.assessment)
        self.card.on_said(self._said)
        self.tools.on_said(self._tool)
        room.listen(self._hear)
        self._offer_what_if()
        self.card.show("ready" if room.saved.good else room.saved.state, room.saved.text, room.saved.hint)
        self.ask(self._next())

    @property
    def presenting(self) -> bool:
        return bool(self.card.mode.get("presenting"))

    # Which question

    def _next(self) -> str:
        order = list(self.ranking.practices)
        planned = self.agenda.planned(self.room.assessment, order, self.skipped)
        if self.at in order:  # go on from here, and come round to what was left out
            later = [p for p in planned if p in order and order.index(p) > order.index(self.at) and p not in self.skipped]
            rest = [p for p in planned if p != self.at]
            return (later or rest or [""])[0]
        return (list(planned) or [""])[0]

    def ask(self, practice: str) -> None:
        """Show a practice; an empty id says that none is left."""
        self.at = practice if practice in self.room.catalog.practices else ""
        found = self.room.catalog.practices.get(self.at)
        title = next((d.title for d in self.room.catalog.dimensions if found and d.id == found.dimension), "")
        with self.card.hold_sync():
            self.card.ask(found, dimension=title)
            self.card.people = self._people()
            self._current()
        self.plan()

    def _current(self) -> None:
        given = self.room.engagement.answers.get(self.at)
        scratch = self.numbers.scratch
        if scratch is not None:
            given = scratch.engagement.answers.get(self.at)
        if given is not None and self.presenting and given.audience == "internal":
            given = given.model_copy(update={"note": ""})
        self.card.answered(given)
        self.card.conflict = self._conflict()

    def plan(self) -> None:
        """Time, progress and the way to jump."""
        a = self.room.assessment
        states = {p.practice.id: p.state for p in a.standing.practices}
        left = len(self.agenda.planned(a, self.ranking.practices, self.skipped))
        shown = []
        for one in progress(a):
            practices = [{"id": p, "title": self.room.catalog.practices[p].title, "done": states[p] in ANSWERED}
                         for p in states if self.room.catalog.practices[p].dimension == one.dimension and states[p] != "does not apply"]  # fmt: skip
            shown.append(asdict(one) | {"practices": practices})
        done, asked = sum(p.answered for p in progress(a)), sum(p.asked for p in progress(a))
        words = f"{self.agenda.words()}, {left} to ask" + (" (ranking …)" if self.ranking.stale else "")
        self.card.plan = {"words": words, "stale": self.ranking.stale, "place": f"{done} of {asked} answered", "dimensions": shown}

    def _people(self) -> list[str]:
        named = [g.by for g in self.room.engagement.answers.values() if g.by]
        return list(dict.fromkeys(named))[:20]

    # What was said

    def _said(self, message: Mapping[str, Any]) -> None:
        match message["do"]:
            case "answer":
                self._answer(str(message.get("practice")), message.get("given"))
            case "undo":
                self._report(self.room.undo())
                self._current()
            case "settle":
                found = next((c for c in self.room.conflicts if c.address == message.get("address")), None)
                number = message.get("version")
                if found and isinstance(number, int) and 0 <= number < len(found.versions):
                    self._report(self.room.settle(found.address, found.versions[number].value))
                    self._current()
            case "next" | "skip" as step:
                if step == "skip" and self.at:
                    self.skipped.append(self.at)
                self._go(self._next())
            case "jump":
                self._go(str(message.get("to")))
            case "back" if self.visited:
                self.ask(self.visited.pop())

    def _go(self, practice: str) -> None:
        if self.at and practice != self.at:
            self.visited.append(self.at)
        self.ask(practice)

    def _answer(self, practice: str, given: Any) -> None:
        if practice not in self.room.catalog.practices:
            return
        if self.numbers.scratch is not None:
            answer = given.get("answer") if isinstance(given, Mapping) else None
            known = {a.id for a in self.room.catalog.practices[practice].answers}
            if answer in known:
                self.numbers.scratch.answer(practice, answer)
                self.numbers.show()
                self.card.show("ready", "Supposed, not saved: keep or discard it below")
                self._current()
            return
        if isinstance(given, Mapping):
            given = {k: v for k, v in given.items() if k in _GIVEN}
            held = self.room.engagement.answers.get(practice)
            if held is not None and self.presenting and held.audience == "internal" and not given.get("note"):
                given["note"] = held.note  # it was hidden, not deleted
            if given.get("by"):
                given["by"] = str(given["by"])
        elif given is not None:
            return
        self._report(self.room.answer(practice, given, who=str((given or {}).get("by") or "")))
        self._current()

    def _report(self, saved: Saved) -> None:
        self.card.show(saved.state, saved.text, saved.hint)

    def _hear(self, what: str) -> None:
        if what == "saved":
            self._report(self.room.saved)
        else:
            self.ranking.follow(self.room.assessment)
            self.plan()
            self._current()

    # What if, the meeting's length, presenting

    def _tool(self, message: Mapping[str, Any]) -> None:
        key, value = message.get("key"), message.get("value")
        if message["do"] == "set" and key == "minutes" and str(value) in {str(m) for m in AGENDAS}:
            self.agenda.minutes = int(str(value))
            self.tools.values = self.tools.values | {"minutes": str(value)}
            self.plan()
        elif message["do"] == "set" and key == "presenting":
            self.card.mode = {"presenting": bool(value)}
            self.tools.values = self.tools.values | {"presenting": bool(value)}
            self._current()
        elif message["do"] == "set" and key == "park" and isinstance(value, str) and value.strip():
            saved = self.room.add("parking_lot", {"text": value, "on": self.room.as_of.isoformat()})
            self.tools.show(saved.state, f"Parked. {saved.text}" if saved.good else saved.text, saved.hint)
            self.tools.values = self.tools.values | {"park": "" if saved.good else value}
            self.tools.complain("park", "" if saved.good else saved.text)
            return
        elif message["do"] == "press":
            self._press(str(message.get("action")))
            return
        self.tools.show("ready", "")

    def _press(self, action: str) -> None:
        scratch = self.numbers.scratch
        if action == "try":
            self.numbers.scratch = Scratch(self.room)
        elif action == "keep" and scratch is not None:
            saved = scratch.keep()
            self.tools.show(saved.state, saved.text, saved.hint)
            if saved.good:
                self.numbers.scratch = None
        elif action == "discard":
            self.numbers.scratch = None
            self.tools.show("ready", "Discarded; nothing of it was kept")
        self._offer_what_if()
        self.numbers.show()
        self._current()

    def _offer_what_if(self) -> None:
        if self.numbers.scratch is None:
            self.tools.actions = [{"id": "try", "text": "What if …", "saves": False}]
        else:
            self.tools.actions = [{"id": "keep", "text": "Keep it as a fact", "main": True}, {"id": "discard", "text": "Discard it", "saves": False}]

    def _conflict(self) -> dict[str, Any]:
        mine = [c for c in self.room.conflicts if c.address == f"answers.{self.at}"] or list(self.room.conflicts)
        if not mine:
            return {}
        found = mine[0]
        practice = self.room.catalog.practices.get(found.address.removeprefix("answers."))
        told = [_version(v.value, v.line, practice) for v in found.versions]
        about = practice.title if practice else found.address
        return {"address": found.address, "text": f"{about}: two people did not know of each other. Which one holds?", "versions": told}


_GIVEN = ("answer", "views", "not_applicable", "reason", "owner", "rung", "on", "by", "note", "audience", "link")


def _version(value: Any, line: Any, practice: Any) -> str:
    answer = value if isinstance(value, str) else value_at(value, "answer") if isinstance(value, dict) else None
    said = next((a.text for a in practice.answers if a.id == answer), None) if practice else None
    words = said or (
        "taken away" if value is None else "not applicable" if isinstance(value, dict) and value.get("not_applicable") else str(value)[:120]
    )
    if line is None:
        return f"{words} (in the file)"
    at = datetime.fromisoformat(line.at.replace("Z", "+00:00")).astimezone()
    return f"{words} ({line.who or line.writer}, {at:%H:%M})"
