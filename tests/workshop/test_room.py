"""What was acknowledged is on disk, whatever happens; what is not on disk is never acknowledged."""

from __future__ import annotations

import errno
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from readiness import journal
from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.errors import EngagementError
from readiness.language import use
from readiness.text import thousands
from readiness.workshop import Room, open_room
from readiness.workshop.room import Wish

AS_OF = date(2026, 11, 23)
CATALOG = load_catalog()


def another(folder: Path, **more: Any) -> Room:
    return Room(folder, catalog=CATALOG, as_of=AS_OF, **more)


def answer_on_disk(folder: Path, practice: str) -> tuple[str, ...]:
    return open_engagement(folder, CATALOG).engagement.answers[practice].answers


def test_an_answer_is_on_disk_before_it_is_called_saved_and_the_numbers_follow(room: Room) -> None:
    heard: list[tuple[str, tuple[str, ...]]] = []
    room.listen(lambda what: heard.append((what, answer_on_disk(room.folder, "on_call"))))
    was = room.assessment.figure("bad_minutes_per_year").draws.mean()
    assert room.answer("on_call", "rota", who="CTO").state == "saved"
    assert heard == [("saved", ("rota",)), ("reckoned", ("rota",))]
    assert re.fullmatch(r"Saved \d\d:\d\d:\d\d", room.saved.text)
    assert room.assessment.figure("bad_minutes_per_year").draws.mean() < was
    assert room.before is not None
    assert room.before.figure("bad_minutes_per_year").draws.mean() == was


def test_numbers_follow_the_locale_as_soon_as_it_is_chosen(room: Room) -> None:
    try:
        assert room.put([Wish("client.locale", "Swiss")]).state == "refused"
        assert room.put([Wish("client.locale", "de_CH")]).state == "saved"
        assert thousands(12_500, 3) == "12’500"
    finally:
        use()


def test_reopening_shows_where_we_were(room: Room) -> None:
    count = len(room.engagement.answers)
    room.answer("rollback", {"answer": "practised", "rung": "observed"} if _has("rollback", "practised") else "untried", who="the CTO")
    room.answer("runbooks", {"not_applicable": True, "reason": "no operations team"}, who="the CTO")
    again = another(room.folder)
    assert re.fullmatch(rf"{count} answers, last \d\d:\d\d by the CTO", again.resume_sentence())
    assert again.engagement == room.engagement


def _has(practice: str, answer: str) -> bool:
    return any(a.id == answer for a in CATALOG.practices[practice].answers)


def test_a_value_that_cannot_be_is_refused_in_words_and_nothing_is_written(room: Room) -> None:
    before = sorted((p, p.read_bytes()) for p in room.folder.rglob("*") if p.is_file())
    for value in ("rotta", {"answer": "rota", "link": "file:///etc/passwd"}, {"not_applicable": True}, {"answer": "rota", "note": "x" * 10_001}):
        outcome = room.answer("on_call", value)
        assert outcome.state == "refused"
        assert outcome.text
    assert room.put([Wish("journeys.0.promise.slo", 99.9)]).state == "refused"
    assert "0.999" in room.saved.hint
    assert room.put([Wish("journeys.7.promise.slo", 0.9)]).state == "refused"
    assert room.put([Wish("money.revenue_per_year", float("nan"))]).state == "refused"
    assert sorted((p, p.read_bytes()) for p in room.folder.rglob("*") if p.is_file()) == before


def test_undo_takes_back_one_step_at_a_time_and_remembers_after_a_restart(room: Room) -> None:
    start = room.engagement
    room.answer("on_call", "rota")
    room.put([Wish("team.engineers", 9, "intake"), Wish("demand.growth_per_year", 2.0, "intake")])
    again = another(room.folder)
    again.undo()
    assert (again.engagement.team, again.engagement.demand) == (start.team, start.demand)
    assert again.engagement.answers["on_call"].answers == ("rota",)
    again.undo()
    assert again.engagement == start
    assert again.undo().state == "refused"
    assert another(room.folder).engagement == start


def test_undo_after_undo_goes_on_backwards(room: Room) -> None:
    for answer in ("nobody", "goodwill", "rota"):
        room.answer("on_call", answer)
    for expected in ("goodwill", "nobody"):
        room.undo()
        assert room.engagement.answers["on_call"].answers == (expected,)
    room.answer("on_call", "around_the_clock")
    room.undo()
    assert room.engagement.answers["on_call"].answers == ("nobody",)


def test_nobody_undoes_what_another_has_changed_since(room: Room) -> None:
    room.answer("on_call", "rota")
    colleague = another(room.folder, writer_name="Bo")
    colleague.answer("on_call", "goodwill")
    assert room.undo().state == "refused"
    assert answer_on_disk(room.folder, "on_call") == ("goodwill",)


FAULTS = {"full disk": errno.ENOSPC, "read-only folder": errno.EROFS, "no permission": errno.EACCES, "disk error": errno.EIO}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_refuses_is_said_and_the_answer_waits(room: Room, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    room.answer("on_call", "goodwill")
    real = os.write

    def broken(descriptor: int, content: Any) -> int:
        real(descriptor, bytes(content[:40]))
        raise OSError(FAULTS[fault], os.strerror(FAULTS[fault]))

    monkeypatch.setattr(os, "write", broken)
    outcome = room.answer("on_call", "rota", who="CTO")
    assert outcome.state == "not saved"
    assert outcome.text.startswith("NOT SAVED")
    assert outcome.hint
    assert room.engagement.answers["on_call"].answers == ("goodwill",)
    monkeypatch.undo()
    monkeypatch.setenv("READINESS_STATE", str(room.folder.parent / "state"))
    assert answer_on_disk(room.folder, "on_call") == ("goodwill",)
    assert room.try_again().state == "saved"
    assert answer_on_disk(room.folder, "on_call") == ("rota",)


def test_a_folder_that_cannot_be_written_is_said_on_opening(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    def refuse(**_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert another(folder).saved.text.startswith("NOT SAVED")


def test_two_people_at_once_both_keep_theirs_and_each_sees_the_other(folder: Path) -> None:
    ann, bo = another(folder, writer_name="Ann"), another(folder, writer_name="Bo")
    ann.answer("on_call", "rota", who="Ann")
    bo.answer("runbooks", "old_notes", who="Bo")
    bo.answer("load_test", "never", who="Bo")
    ann.refresh()
    assert ann.engagement == bo.engagement
    assert ann.conflicts == ()


def test_a_real_conflict_is_shown_until_somebody_decides(folder: Path) -> None:
    ann, bo = another(folder, writer_name="Ann"), another(folder, writer_name="Bo")
    bo._disk = lambda: bo._stamps  # type: ignore[method-assign]  # Bo's folder has not been synchronised yet
    ann.answer("on_call", "rota", who="Ann")
    bo.answer("on_call", "nobody", who="Bo")
    ann.refresh()
    assert [c.address for c in ann.conflicts] == ["answers.on_call"]
    assert ann.answer("runbooks", "old_notes").state in ("saved", "unchanged")
    assert [c.address for c in another(folder).conflicts] == ["answers.on_call"]
    ann.settle("answers.on_call", "nobody", who="both")
    assert ann.conflicts == ()
    assert another(folder).conflicts == ()
    assert answer_on_disk(folder, "on_call") == ("nobody",)


def test_what_two_people_park_at_once_is_all_kept(folder: Path) -> None:
    ann, bo = another(folder, writer_name="Ann"), another(folder, writer_name="Bo")
    held = len(ann.engagement.parking_lot)
    bo._disk = lambda: bo._stamps  # type: ignore[method-assign]
    ann.add("parking_lot", {"text": "who pays?"})
    bo.add("parking_lot", {"text": "who answers?"})
    ann.refresh()
    texts = [r.text for r in ann.engagement.parking_lot]
    assert set(texts[held:]) == {"who pays?", "who answers?"}
    assert another(folder).conflicts == ()


def test_a_hand_edit_is_seen_and_never_silently_overridden(room: Room) -> None:
    room.answer("on_call", "rota")
    edited = room.file.read_text("utf-8").replace("runbooks: old_notes", "runbooks: none_at_all")
    wanted = CATALOG.practices["runbooks"].answers[-1].id
    room.file.write_text(edited.replace("none_at_all", wanted), "utf-8")
    assert room.refresh()
    assert room.engagement.answers["runbooks"].answers == (wanted,)
    assert room.engagement.answers["on_call"].answers == ("rota",)


def test_a_hand_edit_that_cannot_be_read_stops_nobody(room: Room) -> None:
    good = room.file.read_text("utf-8")
    room.file.write_text(good + "\nnonsense: true\n", "utf-8")
    room.refresh()
    assert "nonsense" in room.trouble
    assert room.answer("on_call", "rota").state == "saved"
    room.file.write_text(good, "utf-8")
    room.refresh()
    assert room.trouble == ""
    assert room.engagement.answers["on_call"].answers == ("rota",)


def test_a_conflicted_copy_of_a_synchronised_folder_is_united(room: Room) -> None:
    room.answer("on_call", "rota", who="Ann")
    with_two = room.journal.path.read_bytes()
    room.answer("runbooks", CATALOG.practices["runbooks"].answers[-1].id, who="Ann")
    (room.folder / "journal" / f"{room.journal.writer} (conflicted copy).jsonl").write_bytes(with_two)
    again = another(room.folder)
    assert again.engagement == room.engagement
    assert again.conflicts == ()


def test_a_clock_two_days_slow_changes_only_what_people_read(folder: Path) -> None:
    fast, slow = another(folder, writer_name="Ann"), another(folder, writer_name="Bo", clock=lambda: datetime.now(UTC) - timedelta(days=2))
    fast.answer("on_call", "rota")
    slow.answer("on_call", "goodwill")
    assert answer_on_disk(folder, "on_call") == ("goodwill",)
    assert another(folder).conflicts == ()


def test_a_single_file_is_copied_first_and_gone_on_with_the_next_time(tmp_path: Path) -> None:
    from readiness.catalog.read import data_folder

    source = data_folder() / "examples" / "northlight.yaml"
    original = source.read_bytes()
    first = open_room(source, as_of=AS_OF, copies=tmp_path / "here")
    first.answer("on_call", "rota")
    second = open_room(source, as_of=AS_OF, copies=tmp_path / "here")
    assert second.folder == first.folder
    assert second.engagement.answers["on_call"].answers == ("rota",)
    assert "copy" in first.note
    assert "copy" in second.note
    assert source.read_bytes() == original
    with pytest.raises(EngagementError):
        Room(source, catalog=CATALOG, as_of=AS_OF)


def test_people_who_disagree_are_both_kept_and_both_count(room: Room) -> None:
    room.answer("on_call", {"views": [{"by": "CTO", "answer": "rota"}, {"by": "engineer", "answer": "nobody"}]})
    standing = next(p for p in room.assessment.standing.practices if p.practice.id == "on_call")
    assert standing.state == "disputed"
    both = room.assessment.figure("bad_minutes_per_year").draws.mean()
    room.answer("on_call", "rota")
    best = room.assessment.figure("bad_minutes_per_year").draws.mean()
    room.answer("on_call", "nobody")
    worst = room.assessment.figure("bad_minutes_per_year").draws.mean()
    assert best < both < worst


def test_the_log_says_who_said_what_before_and_after(room: Room) -> None:
    room.answer("on_call", "rota", who="CTO")
    line = journal.read(room.folder / "journal").lines[-1]
    assert (line.who, line.address, line.after) == ("CTO", "answers.on_call", "rota")
    assert isinstance(line.before, dict)
    assert journal.verify(room.folder / "journal") == ()
