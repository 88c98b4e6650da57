"""What the notebooks call: one method for each thing that is shown, as forms in the room and as pages in a batch."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets

from readiness.errors import ReadinessError
from readiness.exhibits import basis, standing, summary
from readiness.exhibits.exhibit import Chapter
from readiness.report.session import Session, session
from readiness.workshop.asking import Asking, Numbers
from readiness.workshop.background import pulse
from readiness.workshop.closing import Closing
from readiness.workshop.composing import Composer
from readiness.workshop.fields import FIELDS, GROUPS
from readiness.workshop.intake import Architecture, Facts, Intake
from readiness.workshop.room import Room, open_room

# A widget in the room, a chapter in a batch.
Shown = Any


def _beside(left: Any, right: Any) -> ipywidgets.HBox:
    left = ipywidgets.Box([left], layout={"flex": "1 1 62%", "min_width": "0"})
    right = ipywidgets.Box([right], layout={"flex": "1 1 36%", "min_width": "300px"})
    return ipywidgets.HBox([left, right], layout={"width": "100%", "grid_gap": "14px", "align_items": "stretch"})


def _below(*parts: Any) -> ipywidgets.VBox:
    return ipywidgets.VBox(list(parts), layout={"width": "100%", "grid_gap": "12px", "overflow": "visible"})


def _columns(*parts: Any) -> ipywidgets.GridBox:
    return ipywidgets.GridBox(
        list(parts), layout={"width": "100%", "grid_template_columns": f"repeat({len(parts)}, minmax(0, 1fr))", "grid_gap": "14px"}
    )


class Desk:
    """One client at the table.

    Parameters
    ----------
    client
        Opened, checked and assessed.
    room
        Where answers go; None when nothing may be changed.
    """

    def __init__(self, client: Session, room: Room | None) -> None:
        self.client, self.room = client, room
        self._numbers: Numbers | None = None
        if room is not None:
            self._pulse = pulse(room.refresh)

    @property
    def presenting(self) -> bool:
        return self.client.audience != "internal"

    def start(self) -> Shown:
        """Where we are: who it is, how far we came, where answers go."""
        if self.room is None:
            return summary.cover(self.client.assessment)
        from readiness.forms import Sheet

        e = self.room.engagement
        rows = [
            self.room.resume_sentence() + ".",
            f"Everything is reckoned for {self.room.as_of}.",
            self.room.note or f"Answers are kept in {self.room.folder}.",
        ]
        rows += [str(f) for f in self.room.findings if not f.harmless]
        rows += (
            [f"{len(self.room.conflicts)} answers were given twice, without knowing of each other: the questions show them."]
            if self.room.conflicts
            else []
        )
        sheet = Sheet(title=e.client.name, intro=f"{e.client.industry}, {e.stage.replace('_', ' ')} stage", rows=rows)
        sheet.show(
            "ready" if self.room.saved.good else self.room.saved.state, "" if self.room.saved.good else self.room.saved.text, self.room.saved.hint
        )
        return _beside(sheet, self.numbers.panel)

    @property
    def numbers(self) -> Numbers:
        """The numbers that follow; one set for a notebook, shown as often as one likes."""
        if self._numbers is None:
            assert self.room is not None
            self._numbers = Numbers(self.room)
        return self._numbers

    def summary(self) -> Chapter:
        """The verdict and the headline numbers as they stood when this was run."""
        return summary.summary(self.room.assessment if self.room else self.client.assessment)

    def intake(self) -> Shown:
        """From an archetype to the first number."""
        if self.room is None:
            return summary.summary(self.client.assessment)
        self._intake = Intake(self.room)
        return _beside(_below(self._intake.start, self._intake.facts.sheet), self.numbers.panel)

    def facts(self) -> Shown:
        """The promise, the money, the demand and the rest."""
        if self.room is None:
            return basis.assumptions(self.client.assessment)
        self._facts = [Facts(self.room, [f for f in FIELDS if f.group == group and not f.first]) for group, _ in GROUPS]
        shown = ipywidgets.Accordion(
            [f.sheet for f in self._facts if f.fields], titles=[title for (_, title), f in zip(GROUPS, self._facts, strict=True) if f.fields]
        )
        shown.selected_index = 1
        return shown

    def architecture(self) -> Shown:
        """The parts, how each is run today, and a picture that prints."""
        if self.room is None:
            return basis.architecture(self.client.assessment)
        self._architecture = Architecture(self.room)
        return _below(self._architecture.form, self._architecture.picture)

    def questions(self) -> Shown:
        """One question at a time, and the numbers beside it."""
        if self.room is None:
            return standing.readiness(self.client.assessment)
        self._asking = Asking(self.room, self.numbers, presenting=self.presenting)
        first, *rest = self.numbers.charts
        left = _below(self._asking.card, self._asking.tools)
        top = _beside(left, _below(self.numbers.panel, first))
        return _below(top, _columns(*rest)) if rest else top

    def extreme(self) -> Shown:
        """The room's own extreme situation."""
        if self.room is None:
            return standing.answers(self.client.assessment)
        self._composer = Composer(self.room)
        return self._composer.sheet

    def closing(self) -> Shown:
        """Next steps, decisions, risks, milestone, report."""
        if self.room is None:
            return self.client.provenance()
        self._closing = Closing(self.room, presenting=self.presenting, audience=self.client.audience)
        c = self._closing
        return _below(_columns(c.next, c.report), _columns(c.decided, c.risks), c.parked)


def _one_sentence() -> None:
    """In a kernel, what a person can mend is one sentence; a traceback in front of a client is a bug."""
    import sys

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or getattr(shell, "_readiness_speaks", False):
        return

    def say(self: Any, kind: type, problem: BaseException, trace: Any, tb_offset: Any = None) -> list[str]:
        lines = [f"{kind.__name__}: {problem}"]
        self._showtraceback(kind, problem, lines)
        return lines

    shell.set_custom_exc((ReadinessError,), say)
    shell._readiness_speaks = True


_ROOMS: dict[tuple[str, str], Room] = {}


def desk(engagement: str | Path, *, as_of: str | date = "", audience: str = "client", interactive: bool = False) -> Desk:
    """Open a client for a notebook; forms appear only when ``interactive``.

    Parameters
    ----------
    engagement
        The client's folder or YAML file; a single file is copied first when answers are to be kept.
    as_of
        The day everything is reckoned for; today when empty.
    audience
        Who looks at the screen; internal notes are hidden from all but ``internal``.
    interactive
        Whether forms may appear and answers may be saved.

    Notes
    -----
    Running a cell again goes on in the same room, so that undo and the headline's "was" stay what they are.
    """
    _one_sentence()
    client = session(engagement, as_of=as_of, audience=audience, interactive=interactive)
    if not interactive:
        return Desk(client, None)
    key = (str(Path(engagement).resolve()), str(as_of))
    if key not in _ROOMS or not _ROOMS[key].folder.exists():
        _ROOMS[key] = open_room(engagement, as_of=as_of)
    else:
        _ROOMS[key].refresh()
    return Desk(client, _ROOMS[key])
