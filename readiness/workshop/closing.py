"""The last page of a meeting: what to do next, what was decided, what was parked, and the report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from readiness.assessment import Assessment
from readiness.engagement.schema import Remark
from readiness.errors import ReadinessError
from readiness.forms import Sheet
from readiness.text import promise, thousands
from readiness.workshop import reporting
from readiness.workshop.background import running_loop
from readiness.workshop.freezing import freeze
from readiness.workshop.room import Room

Steps = Callable[[Assessment], Sequence[str]]
MOST_STEPS = 3


def steps_of_the_promise(a: Assessment) -> list[str]:
    """What stands in the way of the promise, as steps: the gates first, with what they take."""
    found = []
    for reason in a.standing.verdict.reasons:
        practice = a.catalog.practices.get(reason.subject)
        if practice is None:
            continue
        wanted = next((p.required for p in a.standing.practices if p.practice.id == practice.id), None)
        remedy = next((r for r in practice.remedies if r.to == wanted), None)
        takes = f" ({thousands(remedy.hours.low)} to {thousands(remedy.hours.high)} hours, {thousands(remedy.lead_weeks)} weeks)" if remedy else ""
        state = practice.answer(wanted).text if wanted else practice.title
        found.append(f"{practice.title}: " + (f"find out whether this holds: “{state}”" if reason.kind == "gate unproven" else f"reach “{state}”{takes}"))
    if not found:
        left = sum(p.state == "not asked" for p in a.standing.practices)
        found.append(f"Answer the {left} questions that are left" if left else f"Keep {promise(a.main.journey.promise.slo)} under review")
    return found[:MOST_STEPS]


class Closing:
    """Steps, decisions, risks, milestone and report.

    Parameters
    ----------
    room
        The client.
    presenting
        Whether internal remarks stay hidden.
    steps
        What to do next; the gates of the promise until there is a plan.
    freezer
        Makes a milestone.
    """

    def __init__(self, room: Room, *, presenting: bool = True, audience: str = "client", steps: Steps = steps_of_the_promise,
                 freezer: Callable[[Room, str], Path] = freeze) -> None:  # fmt: skip
        self.room, self.presenting, self.audience = room, presenting, audience
        self._steps, self._freezer = steps, freezer
        self._task: asyncio.Task[None] | None = None
        self.next = Sheet(title="The next three steps")
        self.decided = Sheet(
            title="Decided",
            fields=[{"key": "text", "label": "We decided", "kind": "text"}, {"key": "by", "label": "Who", "kind": "text"}],
            actions=[{"id": "add", "text": "Note the decision"}],
        )
        self.parked = Sheet(title="Parked")
        self.risks = Sheet(
            title="Accepted risks", intro="A risk that somebody owns and looks at again is a decision; one that nobody owns is a surprise.",
            fields=[{"key": "title", "label": "We accept that", "kind": "text"}, {"key": "why", "label": "because", "kind": "text"},
                    {"key": "owner", "label": "Owner", "kind": "text"}, {"key": "review_on", "label": "Looked at again on",
                     "kind": "text", "hint": "such as 2027-03-01"}],
            actions=[{"id": "add", "text": "Accept the risk"}],
        )  # fmt: skip
        self.report = Sheet(title="The report", fields=[{"key": "name", "label": "Milestone", "kind": "text",
                                                             "hint": "a word for today, such as: first workshop"}],
                            values={"name": ""}, actions=self._buttons(False))  # fmt: skip
        self.decided.on_said(lambda m: self._collect(m, self.decided, "decisions"))
        self.risks.on_said(lambda m: self._collect(m, self.risks, "accepted_risks"))
        self.report.on_said(self._reported)
        room.listen(lambda what: self.show() if what == "reckoned" else None)
        self.show()

    @staticmethod
    def _buttons(busy: bool) -> list[dict[str, Any]]:
        return [
            {"id": "report", "text": "Make the report", "main": True, "busy": busy, "saves": False},
            {"id": "freeze", "text": "Freeze a milestone"},
        ]

    def show(self) -> None:
        """Follow the client's file."""
        e = self.room.engagement
        self.next.rows = list(self._steps(self.room.assessment))
        self.decided.rows = [_remark(r) for r in e.decisions if self._may_be_seen(r)]
        self.parked.rows = [_remark(r) for r in e.parking_lot if self._may_be_seen(r)] or ["Nothing is parked."]
        self.risks.rows = [f"{r.title}: {r.why} ({r.owner}, looked at again on {r.review_on})" for r in e.accepted_risks]

    def _may_be_seen(self, remark: Remark) -> bool:
        return not self.presenting or remark.audience != "internal"

    def _collect(self, message: Mapping[str, Any], sheet: Sheet, where: str) -> None:
        if message["do"] == "set":
            value = message.get("value")
            sheet.values = sheet.values | {str(message.get("key"))[:20]: value if isinstance(value, str) else None}
            sheet.show("ready", "")
            return
        if message["do"] != "press":
            return
        given = {k: v.strip() for k, v in sheet.values.items() if isinstance(v, str) and v.strip()}
        if where == "decisions":
            given |= {"on": self.room.as_of.isoformat()}
        missing = [f["label"] for f in sheet.fields if f["key"] not in given and f["key"] != "by"]
        if missing:
            sheet.show("refused", f"Still open: {', '.join(missing)}")
            return
        saved = self.room.add(where, given, who=given.get("by") or given.get("owner") or "")
        sheet.show(saved.state, saved.text, saved.hint)
        if saved.good:
            sheet.values = {}

    def _reported(self, message: Mapping[str, Any]) -> None:
        if message["do"] == "set":
            self.report.values = {"name": str(message.get("value") or "")[:120]}
            self.report.show("ready", "")
        elif message.get("action") == "freeze":
            self.room.learn()
            made = self._freezer(self.room, self.report.values.get("name") or "milestone")
            self.report.show("saved", f"Frozen: milestones/{made.name}")
        elif message.get("action") == "report" and (self._task is None or self._task.done()):
            loop = running_loop()
            if loop is None:
                asyncio.run(self.make_report())
            else:
                self._task = loop.create_task(self.make_report())

    async def make_report(self) -> None:
        """Make the report in a process of its own, so that answers go on being saved meanwhile."""
        self.report.actions = self._buttons(True)
        self.report.show("ready", "Making the report …")
        out = self.room.folder / "reports" / self.room.as_of.isoformat()
        try:
            pdf = await reporting.make(
                self.room.folder, out, as_of=self.room.as_of, audience=self.audience, progress=lambda words: self.report.show("ready", f"{words} …")
            )
            with self.report.hold_sync():
                self.report.file = {"name": pdf.name, "type": "application/pdf"}
                self.report.content = pdf.read_bytes()
            self.report.show("saved", f"Written: reports/{out.name}/{pdf.name}, and the same as a web page beside it")
        except (ReadinessError, OSError) as problem:
            self.report.show("refused", f"The report could not be made: {problem}")
        finally:
            self.report.actions = self._buttons(False)


def _remark(remark: Remark) -> str:
    who = ", ".join(str(part) for part in (remark.by, remark.on) if part)
    return f"{remark.text} ({who})" if who else remark.text
