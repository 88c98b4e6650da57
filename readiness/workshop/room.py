"""One client in the room: what was said is saved, reckoned and shown, in this order."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from readiness import journal
from readiness.assessment import Assessment, assess
from readiness.assessment.asking import order as worth_asking_first
from readiness.assessment.history import history_moves
from readiness.catalog import Catalog
from readiness.engagement import Engagement, GivenAnswer, Opened
from readiness.engagement.store import check_against, laid_over, value_at
from readiness.errors import EngagementError, ReadinessError, StorageError
from readiness.language import use
from readiness.moves import Move
from readiness.report.session import day, open_client
from readiness.workshop.place import folder_of
from readiness.workshop.undoing import undoable
from readiness.yaml_source import Source, validated

State = Literal["ready", "saved", "unchanged", "not saved", "refused"]
Order = Callable[[Assessment], Sequence[str]]
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
ADDED_TO = ("parking_lot", "decisions", "notes", "accepted_risks")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change: what the screen says about it, and only after the disk has said so."""

    state: State
    text: str
    hint: str = ""

    @property
    def good(self) -> bool:
        return self.state in ("ready", "saved", "unchanged")


@dataclass(frozen=True, slots=True)
class Wish:
    """A change that somebody wants: an address, its new value (None takes it away), and what sort of change it is."""

    address: str
    value: Any
    kind: str = "answer"
    resolves: tuple[str, ...] = ()


def tidy(value: Any) -> Any:
    """The value without characters that no file can hold: half characters and invisible controls become a visible mark.

    Examples
    --------
    >>> tidy({"note": "a\\x00b", "n": [1]})
    {'note': 'a\ufffdb', 'n': [1]}
    """
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {key: tidy(part) for key, part in value.items()}
    return [tidy(part) for part in value] if isinstance(value, list | tuple) else value


def file_order(a: Assessment) -> list[str]:
    """The practices that apply, in the order of the catalog.

    Notes
    -----
    Stands in for any ranking: what a `Room` takes as ``order`` has this shape.
    """
    return [p.practice.id for p in a.standing.practices if p.state != "does not apply"]


class Room:
    """The state of a workshop, and the only one who changes it.

    Parameters
    ----------
    folder
        The client's folder, which holds the journal.
    catalog
        What the workbook knows; read anew for the client's bank when None.
    as_of
        The day everything is reckoned for.
    writer_name
        Whose journal it is; the consultant of the engagement when empty.
    order
        What to ask next, the most worthwhile first.
    clock
        Gives the time that people read.
    lock_seconds
        How long a save waits for another window.
    """

    engagement: Engagement
    raw: dict[str, Any]
    conflicts: tuple[journal.Conflict, ...]
    last_line: journal.Line | None

    def __init__(
        self, folder: Path, *, catalog: Catalog | None = None, as_of: date, writer_name: str = "", order: Order = file_order,
        clock: Callable[[], datetime] | None = None, lock_seconds: float = 3.0, note: str = "",
    ) -> None:  # fmt: skip
        opened, self.catalog = open_client(folder, catalog=catalog)
        if opened.folder is None:
            raise EngagementError("is a single file, which is only read", file=folder, hint="readiness workshop copies it to a folder")
        self.folder = opened.folder
        self.as_of = as_of
        self.order = order
        self.note = note
        self.trouble = ""
        self._clock = clock or (lambda: datetime.now().astimezone())
        self.journal = journal.Journal(
            self.folder / "journal", writer_name or opened.engagement.consultant or "workshop", lock_seconds=lock_seconds, now=self._clock
        )
        self._listeners: list[Callable[[str], None]] = []
        self._pending: tuple[tuple[Wish, ...], str] | None = None
        self._take(opened)
        self._stamps = self._disk()
        self._remembered: tuple[Engagement, tuple[Move, ...]] | None = None
        self.assessment: Assessment = self._assessed()
        self.before: Assessment | None = None
        self.saved = Saved("ready", self.resume_sentence())
        self._probe()

    # What others need to know

    def listen(self, listener: Callable[[str], None]) -> None:
        """Be called with ``"saved"`` after each attempt to save, and with ``"reckoned"`` when the numbers have followed."""
        self._listeners.append(listener)

    def _tell(self, what: str) -> None:
        for listener in tuple(self._listeners):
            listener(what)

    def resume_sentence(self) -> str:
        """Where we were: how many answers, and the last one with its time and who gave it.

        Returns
        -------
        str
            Such as "147 answers, last 14:02 by the CTO".
        """
        count = len(self.engagement.answers)
        words = f"{count} answer{'' if count == 1 else 's'}" if count else "No answers yet"
        if self.last_line is None:
            return words
        at = datetime.fromisoformat(self.last_line.at.replace("Z", "+00:00")).astimezone(self._clock().tzinfo)
        today = at.date() == self._clock().date()
        when = f"{at:%H:%M}" if today else f"{at:%Y-%m-%d %H:%M}"
        return f"{words}, last {when} by {self.last_line.who}" if self.last_line.who else f"{words}, last {when}"

    # Changing it

    def answer(self, practice: str, given: GivenAnswer | Mapping[str, Any] | str | None, *, who: str = "") -> Saved:
        """Save what somebody said to one practice; None makes it not asked again."""
        value: Any = given.model_dump(mode="json", exclude_defaults=True) if isinstance(given, GivenAnswer) else given
        if isinstance(value, Mapping):
            value = {k: v for k, v in value.items() if v not in (None, "", ())}
            if value.get("answer") or value.get("views") or value.get("not_applicable"):
                value.setdefault("on", self.as_of.isoformat())
        return self.put([Wish(f"answers.{practice}", value)], who=who)

    def put(self, wishes: Sequence[Wish], *, who: str = "", group: str = "") -> Saved:
        """Save one or several changes together, then reckon anew.

        Parameters
        ----------
        wishes
            All of them are saved, or none.
        who
            Who said it.
        group
            Wishes that are undone together share it; made up when several come at once.

        Returns
        -------
        Saved
            ``refused`` when the value cannot be, with the reason in words; ``not saved`` when the disk did not take
            it: the change is kept and `try_again` saves it. In both the state stays what is on disk.
        """
        self.refresh()
        wishes = [Wish(w.address, tidy(w.value), w.kind, w.resolves) for w in wishes]
        try:
            engagement, raw = self._supposed(wishes)
        except ReadinessError as problem:
            return self._report(Saved("refused", problem.message, problem.hint or ""))
        if not group and len(wishes) > 1:
            group = f"{self._clock():%H%M%S%f}"
        changes = [
            journal.Change(w.kind, w.address, value_at(self.raw, w.address), w.value, who, w.resolves, group)
            for w in wishes
            if w.resolves or value_at(self.raw, w.address) != w.value
        ]
        if not changes:
            return self._report(Saved("unchanged", self.saved.text if self.saved.state == "saved" else "Nothing changed"))
        return self._save(changes, tuple(wishes), who, engagement, raw)

    def would_refuse(self, wishes: Sequence[Wish]) -> str:
        """Why these changes cannot be; empty when they can."""
        try:
            self._supposed(wishes)
        except ReadinessError as problem:
            return problem.message + (f"; {problem.hint}" if problem.hint else "")
        return ""

    def _supposed(self, wishes: Sequence[Wish]) -> tuple[Engagement, dict[str, Any]]:
        """The client as it would be; refused when that cannot be."""
        try:
            raw = laid_over(self.raw, {w.address: w.value for w in wishes if w.value is not None}, {w.address for w in wishes})
            return self._checked(raw), raw
        except (KeyError, TypeError, IndexError, ValueError, AttributeError):
            raise EngagementError("this has no place in the client's file any more", hint="look at it again") from None

    def _save(self, changes: list[journal.Change], wishes: tuple[Wish, ...], who: str, engagement: Engagement, raw: dict[str, Any]) -> Saved:
        try:
            lines = self.journal.append_all(changes)
        except StorageError as problem:
            self._pending = (wishes, who)
            return self._report(Saved("not saved", problem.message, problem.hint or ""))
        except ReadinessError as problem:
            return self._report(Saved("refused", problem.message, problem.hint or ""))
        self._pending = None
        self.engagement, self.raw, self.last_line = engagement, raw, lines[-1]
        self._stamps = self._disk()
        settled = {name for change in changes for name in change.resolves}
        self.conflicts = tuple(c for c in self.conflicts if not settled.intersection(c.ids))
        self._report(Saved("saved", f"Saved {self._clock():%H:%M:%S}"))
        self.reckon()
        return self.saved

    def try_again(self) -> Saved:
        """Save what the disk did not take the last time."""
        if self._pending is None:
            return self.saved
        wishes, who = self._pending
        return self.put(wishes, who=who)

    def undo(self, *, who: str = "") -> Saved:
        """Take back the last change that was made in this room, with all that belongs to it.

        Notes
        -----
        Undoing is a change as well and stands in the journal. What somebody else has changed since is left alone.
        """
        self.refresh()
        lines = undoable(self.journal.read().lines, self.journal.writer)
        if not lines:
            return self._report(Saved("refused", "there is nothing to undo"))
        if any(value_at(self.raw, line.address) != line.after for line in lines):
            return self._report(Saved("refused", "somebody has changed this since, so it is not undone", "change it by hand"))
        return self.put([Wish(line.address, line.before, "undo") for line in reversed(lines)], who=who)

    def add(self, where: str, value: Mapping[str, Any], *, who: str = "") -> Saved:
        """Add one to a list: the parking lot, the decisions, the notes, the accepted risks or the scenarios."""
        return self.put([Wish(where, [*(value_at(self.raw, where) or []), dict(value)], where)], who=who)

    def settle(self, address: str, value: Any, *, who: str = "") -> Saved:
        """Decide a conflict: this value, whatever the others said."""
        found = next((c for c in self.conflicts if c.address == address), None)
        return self.put([Wish(address, value, "settle", found.ids if found else ())], who=who)

    # Following the disk and the numbers

    def _assessed(self) -> Assessment:
        """The client with what its incidents say taken in; what they say is learned anew only when they change."""
        if self._remembered is None or self._remembered[0].history != self.engagement.history:
            self._remembered = (self.engagement, history_moves(assess(self.catalog, self.engagement, as_of=self.as_of)))
        learned, moves = self._remembered
        return assess(self.catalog, self.engagement, as_of=self.as_of, measured=moves, learned=learned)

    def learn(self) -> None:
        """Learn from the client's incidents anew, with all that was answered since: what the report will do."""
        self._remembered = None
        self.reckon()

    def reckon(self) -> None:
        """Let the numbers follow; what was there before is kept, so that one can say what moved."""
        use(self.engagement.client.locale)
        try:
            found = self._assessed()
        except ReadinessError as problem:
            self.trouble = f"The numbers could not follow: {problem}"
        else:
            self.before, self.assessment, self.trouble = self.assessment, found, ""
        self._tell("reckoned")

    def refresh(self) -> bool:
        """Take in what others wrote since, in the journals or by hand in the file; says whether there was something.

        Notes
        -----
        A file that was edited into something impossible is not taken: the sentence about it is in ``trouble``, and the
        workshop goes on with what it had, saving as before.
        """
        stamps = self._disk()
        if stamps == self._stamps:
            return False
        try:
            opened, self.catalog = open_client(self.folder, catalog=None if self.raw.get("bank") else self.catalog)
        except ReadinessError as problem:
            self._stamps, self.trouble = stamps, f"The file was changed and cannot be read: {problem}"
            self._tell("saved")
            return False
        self._stamps, self.trouble = stamps, ""
        changed = opened.raw != self.raw
        self._take(opened)
        self._unite()
        if changed:
            self.reckon()
        self._tell("saved")
        return True

    def _unite(self) -> None:
        """Lists that people only add to are no quarrel: both additions are kept."""
        for conflict in self.conflicts:
            if conflict.address in ADDED_TO and all(isinstance(v.value, list) for v in conflict.versions):
                every: list[Any] = []
                for version in conflict.versions:
                    every += [one for one in version.value if one not in every]
                self.put([Wish(conflict.address, every, "unite", conflict.ids)], who="")

    def _take(self, opened: Opened) -> None:
        self.engagement = opened.engagement
        self.raw = copy.deepcopy(opened.raw)
        self.conflicts = opened.conflicts
        self.findings = opened.findings
        self.last_line = opened.last_line
        self.file = opened.file

    def _checked(self, raw: dict[str, Any]) -> Engagement:
        source = Source(self.file, raw, {}, EngagementError)
        engagement = validated(source, Engagement)
        check_against(self.catalog, engagement, source)
        return engagement

    def _report(self, saved: Saved) -> Saved:
        self.saved = saved
        self._tell("saved")
        return saved

    def _disk(self) -> dict[str, tuple[int, int]]:
        """Size and time of the file and of all journals, conflicted copies of synchronised folders among them."""
        found = {}
        for path in (self.file, *sorted((self.folder / "journal").glob("*.jsonl"))):
            try:
                status = path.stat()
            except OSError:
                continue
            found[path.name] = (status.st_size, status.st_mtime_ns)
        return found

    def _probe(self) -> None:
        """Say at once, not at the first answer, that this folder cannot be written to."""
        import tempfile

        try:
            (self.folder / "journal").mkdir(exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder / "journal") as probe:
                probe.write(b"?")
                probe.flush()
        except OSError as problem:
            self.saved = Saved(
                "not saved", f"NOT SAVED: answers cannot be written here ({problem.strerror})", "copy the engagement to a folder that can be written"
            )


def open_room(
    engagement: str | Path, *, as_of: str | date = "", writer_name: str = "", order: Order = worth_asking_first, copies: Path | None = None
) -> Room:  # fmt: skip
    """The room for a client's folder, or for a copy of a single file.

    Parameters
    ----------
    engagement
        The client's folder, or a YAML file, which is copied first.
    as_of
        The day everything is reckoned for; today when empty.
    writer_name
        Whose journal it is.
    order
        What to ask next.
    copies
        Where a copy goes.
    """
    folder, note = folder_of(Path(engagement), copies=copies)
    return Room(folder, as_of=day(as_of), writer_name=writer_name, order=order, note=note)
