"""The journal keeps what it acknowledged, unites what several people wrote, and notices what was altered."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import StorageError, UsageError
from readiness.journal import Change, Journal, Line, digest, fold, heads, read, verify
from readiness.journal import writing as writing_module
from readiness.journal.line import GENESIS, seal, unseal

KILLS = int(os.environ.get("READINESS_KILLS", "40"))


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    return tmp_path / "acme" / "journal"


def answer(address: str, before: Any, after: Any, who: str = "CTO", resolves: tuple[str, ...] = ()) -> Change:
    return Change("answer", address, before, after, who=who, resolves=resolves)


def fill(folder: Path, count: int, name: str = "Ann") -> Journal:
    journal = Journal(folder, name)
    for number in range(count):
        journal.append(answer(f"answers.q{number}", None, f"value {number}"))
    return journal


# --- one writer ------------------------------------------------------------------------------------------------------


def test_what_was_appended_is_read_back_in_order(folder: Path) -> None:
    fill(folder, 5)
    lines = read(folder).lines
    assert [line.after for line in lines] == [f"value {number}" for number in range(5)]
    assert [line.sequence for line in lines] == [1, 2, 3, 4, 5]
    assert verify(folder) == ()


def test_a_line_on_disk_holds_all_that_an_auditor_asks_for(folder: Path) -> None:
    when = datetime(2026, 11, 23, 14, 2, 11, tzinfo=UTC)
    journal = Journal(folder, "Ann Müller", now=lambda: when)
    journal.append(Change("override", "orders_db.rate", 1.5, 2, who="CTO", group="import-1"))
    (written,) = journal.path.read_text("ascii").splitlines()
    fields = json.loads(written)
    assert fields["at"] == "2026-11-23T14:02:11.000Z"
    assert fields["prev"] == GENESIS
    assert {"sequence": 1, "lamport": 1, "who": "CTO", "kind": "override", "address": "orders_db.rate", "before": 1.5,
            "after": 2, "group": "import-1"}.items() <= fields.items()  # fmt: skip
    assert journal.path.name.startswith("ann-muller-")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(before=json_values, after=json_values, address=st.text(), who=st.text())
@settings(deadline=None, max_examples=50)
def test_any_json_value_and_any_text_comes_back_unchanged(
    before: Any, after: Any, address: str, who: str
) -> None:
    change = Change("answer", address, before, after, who=who)
    line, written = seal(change, writer="w", sequence=1, lamport=1, at="2026-01-01T00:00:00Z", prev=GENESIS)
    assert written.count(b"\n") == 1
    assert written.endswith(b"\n")
    assert unseal(written[:-1]) == line
    assert (line.before, line.after, line.address, line.who) == (before, after, address, who)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "a"}, object(), b"raw"], ids=["nan", "inf", "a number as key", "an object", "bytes"])
def test_what_json_cannot_carry_is_refused_before_anything_is_written(folder: Path, value: Any) -> None:
    journal = fill(folder, 1)
    with pytest.raises(UsageError):
        journal.append(answer("answers.x", None, value))
    assert len(read(folder).lines) == 1


def test_a_value_nested_without_end_is_refused(folder: Path) -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(UsageError, match="nested deeper"):
        Journal(folder, "Ann").append(answer("answers.x", None, value))


def test_several_changes_are_one_write_and_share_their_group(folder: Path) -> None:
    changes = [
        Change("import", f"bill.{number}", None, number, who="Ann", group="bill-1") for number in range(3)
    ]
    lines = Journal(folder, "Ann").append_all(changes)
    assert [line.lamport for line in lines] == [1, 2, 3]
    assert read(folder).lines == lines
    assert verify(folder) == ()


def test_a_new_session_on_the_same_computer_goes_on_in_the_same_file(folder: Path) -> None:
    first = fill(folder, 2)
    second = fill(folder, 2)
    assert first.path == second.path
    assert [line.sequence for line in read(folder).lines] == [1, 2, 3, 4]


def test_a_copied_folder_gets_a_writer_of_its_own(folder: Path, tmp_path: Path) -> None:
    first = fill(folder, 2)
    shutil.copytree(folder.parent, tmp_path / "copy")
    second = fill(tmp_path / "copy" / "journal", 1)
    assert second.writer != first.writer


def test_a_second_computer_gets_a_writer_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fill(folder, 2)
    monkeypatch.setattr("platform.node", lambda: "another-laptop")
    assert fill(folder, 1).writer != first.writer


def test_a_state_folder_that_cannot_be_written_costs_only_a_new_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "blocked"))
    first, second = fill(folder, 1), fill(folder, 1)
    assert first.writer != second.writer
    assert len(read(folder).lines) == 2


# --- crashes and failing disks ---------------------------------------------------------------------------------------


def test_a_torn_last_line_is_reported_and_the_next_save_repairs_it(folder: Path) -> None:
    journal = fill(folder, 3)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + whole.splitlines(keepends=True)[-1][:40])
    reading = read(folder)
    assert len(reading.lines) == 3
    assert [(finding.rule, finding.line, finding.harmless) for finding in reading.findings] == [
        ("torn", 4, True)
    ]
    fill(folder, 1)
    assert len(read(folder).lines) == 4
    assert verify(folder) == ()


@pytest.mark.parametrize("cut", range(1, 400, 23))
def test_wherever_the_last_line_is_cut_the_ones_before_it_stand(folder: Path, cut: int) -> None:
    journal = fill(folder, 3)
    whole = journal.path.read_bytes()
    length = len(whole.splitlines(keepends=True)[-1])
    journal.path.write_bytes(whole[: -min(cut, length)])
    assert [line.after for line in read(folder).lines][:2] == ["value 0", "value 1"]
    fill(folder, 1)
    assert verify(folder) == ()


def test_a_line_that_lacks_only_its_newline_counts_and_is_completed(folder: Path) -> None:
    journal = fill(folder, 2)
    journal.path.write_bytes(journal.path.read_bytes()[:-1])
    assert len(read(folder).lines) == 2
    fill(folder, 1)
    assert [line.sequence for line in read(folder).lines] == [1, 2, 3]
    assert verify(folder) == ()


KILLED_SAVES = """
import json, os, random, signal, sys, time
from pathlib import Path
from readiness.journal import Change, Journal

folder, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)
whole_write = os.write

def slow_write(descriptor, content):      # a slow disk, so that the kill lands inside a line
    written = whole_write(descriptor, bytes(content)[:60])
    time.sleep(0.0003)
    return written

acknowledged = []
for number in range(kills):
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        os.write = slow_write
        journal = Journal(folder, "Ann")
        for turn in range(10_000):
            line = journal.append(Change("answer", f"answers.q{turn}", None, f"{number}/{turn}", who="CTO"))
            whole_write(into, (line.checksum + "\\n").encode())
    os.close(into)
    with os.fdopen(out) as pipe:          # by lines and not by the clock, so that a busy computer proves as much
        for _ in range(chance.randrange(1, 6)):
            acknowledged.append(pipe.readline().strip())
        time.sleep(chance.uniform(0, 0.006))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        acknowledged += pipe.read().split()
print(json.dumps(acknowledged))
"""


def test_killing_the_process_while_it_saves_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    command = [sys.executable, "-c", KILLED_SAVES, str(folder), str(KILLS), "7"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    acknowledged = json.loads(result.stdout)
    reading = read(folder)
    kept = {line.checksum for line in reading.lines}
    assert len(acknowledged) > 2 * KILLS, "the children hardly saved anything; the test proves nothing"
    assert [checksum for checksum in acknowledged if checksum not in kept] == []
    assert [finding for finding in reading.findings if not finding.harmless] == []


def test_a_full_disk_says_not_saved_and_the_next_save_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = fill(folder, 3)
    before = journal.path.read_bytes()
    real = os.write
    room = [50]

    def nearly_full(descriptor: int, content: bytes) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(descriptor, bytes(content)[: room[0]])
        room[0] -= written
        return written

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", nearly_full)
        with pytest.raises(StorageError, match="NOT SAVED: the disk is full"):
            journal.append(answer("answers.x", None, "lost"))
    assert journal.path.read_bytes() == before
    journal.append(answer("answers.x", None, "kept"))
    assert [line.after for line in read(folder).lines][-1] == "kept"
    assert verify(folder) == ()


def test_a_really_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting needs root")
    try:
        journal = Journal(disk / "journal", "Ann")
        kept = []
        refusal = ""
        for number in range(1000):
            try:
                kept.append(journal.append(answer(f"answers.q{number}", None, "x" * 700)))
            except StorageError as error:
                refusal = str(error)
                break
        assert "NOT SAVED: the disk is full" in refusal
        assert len(kept) > 5
        assert read(disk / "journal").lines == tuple(kept)
        for lock in (disk / "journal").glob(".*.lock"):
            assert lock.stat().st_size == 0
        subprocess.run(["mount", "-o", "remount,size=256k", str(disk)], check=True)
        kept.append(journal.append(answer("answers.after", None, "room again")))
        assert read(disk / "journal").lines == tuple(kept)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_line_is_flushed_to_the_disk_before_it_is_acknowledged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    real = os.fsync

    def recorded(descriptor: int) -> None:
        flushed.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        real(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to know which file a descriptor is")
    monkeypatch.setattr(os, "fsync", recorded)
    journal = fill(folder, 1)
    assert flushed == [journal.path, folder, folder.parent], "a new file needs its name on the disk too"
    flushed.clear()
    journal.append(answer("answers.x", None, 1))
    assert flushed == [journal.path]


def test_short_writes_are_continued(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: real(descriptor, bytes(content)[:7]))
    fill(folder, 3)
    assert len(read(folder).lines) == 3
    assert verify(folder) == ()


@pytest.mark.parametrize("seed", range(4))
def test_random_errors_of_the_disk_lose_nothing_that_was_acknowledged(
    folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    journal = fill(folder, 1)

    def sometimes(real: Any, *, partly: bool = False) -> Any:
        def call(*arguments: Any) -> Any:
            if chance.random() < 0.15:
                if partly:
                    real(arguments[0], bytes(arguments[1])[: chance.randrange(1, 200)])
                raise OSError(chance.choice([errno.EIO, errno.ENOSPC, errno.EROFS]), "injected")
            return real(*arguments)

        return call

    acknowledged, refused = [], 0
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", sometimes(os.write, partly=True))
        patch.setattr(os, "fsync", sometimes(os.fsync))
        patch.setattr(os, "ftruncate", sometimes(os.ftruncate))
        for number in range(200):
            try:
                acknowledged.append(journal.append(answer(f"answers.r{number}", None, number)).checksum)
            except StorageError as error:
                refused += "NOT SAVED" in str(error)
    journal.append(answer("answers.end", None, "end"))
    kept = {line.checksum for line in read(folder).lines}
    assert refused > 20
    assert len(acknowledged) > 50
    assert set(acknowledged) <= kept
    assert verify(folder) == ()


def test_an_interrupted_kernel_leaves_a_journal_that_can_be_continued(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = fill(folder, 2)

    def interrupted(descriptor: int, content: bytes) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            journal.append(answer("answers.x", None, 1))
    journal.append(answer("answers.x", None, 2))
    assert verify(folder) == ()
    assert [line.sequence for line in read(folder).lines] == [1, 2, 3]


def test_a_read_only_folder_can_be_read_and_says_not_saved(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, 2)
    real = os.open

    def read_only(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, "Read-only file system")
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", read_only)
    assert len(read(folder).lines) == 2
    with pytest.raises(StorageError, match="NOT SAVED: the folder is read-only"):
        Journal(folder, "Ann").append(answer("answers.x", None, 1))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else"
)
def test_somebody_without_the_right_to_write_is_told_so(folder: Path) -> None:
    fill(folder, 2)
    for path in (folder.parent.parent, folder.parent, folder):
        path.chmod(0o755)
    program = (
        "import os, sys; from pathlib import Path; from readiness.journal import Change, Journal, read\n"
        "folder = Path(sys.argv[1]); journal = Journal(folder, 'Bob'); journal.read()\n"
        "os.setuid(65534); print(len(os.listdir('/')) > 0)\n"
        "try:\n    journal.append(Change('answer', 'a', None, 1, who='Bob'))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False
    )
    assert "StorageError" in result.stdout, result.stderr
    assert "NOT SAVED" in result.stdout


def test_a_folder_that_is_gone_does_not_come_back_empty(folder: Path) -> None:
    journal = fill(folder, 1)
    folder.parent.rename(folder.parent.with_name("elsewhere"))
    with pytest.raises(StorageError, match="NOT SAVED: the folder is gone"):
        journal.append(answer("answers.x", None, 1))
    assert not folder.parent.exists()


def test_a_lock_that_somebody_keeps_says_so(folder: Path) -> None:
    journal = fill(folder, 1)
    other = Journal(folder, "Ann", writer=journal.writer, lock_seconds=0.05)
    with journal._locked(), pytest.raises(StorageError, match="another program holds the journal"):
        other.append(answer("answers.x", None, 1))


# --- several writers -------------------------------------------------------------------------------------------------

FOUR_WRITERS = """
import sys
from pathlib import Path
from readiness.journal import Change, Journal
folder, name, writer = Path(sys.argv[1]), sys.argv[2], sys.argv[3] or None
journal = Journal(folder, name, writer=writer)
for number in range(60):
    journal.read()
    journal.append(Change("answer", f"answers.{name}.{number}", None, number, who=name))
"""


@pytest.mark.parametrize("writer", ["", "shared-1"], ids=["a file each", "four windows on one file"])
def test_four_writers_of_sixty_lines_keep_all_240(folder: Path, writer: str) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", FOUR_WRITERS, str(folder), name, writer])
        for name in ("a", "b", "c", "d")
    ]
    assert [program.wait(timeout=120) for program in programs] == [0, 0, 0, 0]
    folded = fold(read(folder).lines)
    assert len(folded.values) == 240
    assert verify(folder) == ()


def test_threads_of_one_process_keep_all_their_lines(folder: Path) -> None:
    journal = Journal(folder, "Ann")
    threads = [
        threading.Thread(
            target=lambda who=who: [journal.append(answer(f"{who}.{n}", None, n)) for n in range(20)]
        )
        for who in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(folder).lines) == 60
    assert verify(folder) == ()


def two_writers(folder: Path) -> tuple[Journal, Journal]:
    return Journal(folder, "Ann", writer="ann-1"), Journal(folder, "Bob", writer="bob-1")


def test_two_people_who_answer_at_once_both_keep_theirs_and_see_the_conflict(folder: Path) -> None:
    ann, bob = two_writers(folder)
    first = ann.append(answer("answers.rto", None, "one hour", who="CTO"))
    second = bob.append(answer("answers.rto", None, "a day", who="engineer"))
    (conflict,) = fold(read(folder).lines).conflicts
    assert conflict.address == "answers.rto"
    assert [version.value for version in conflict.versions] == ["one hour", "a day"]
    assert set(conflict.ids) == {first.checksum, second.checksum}


def test_a_conflict_stays_until_a_line_names_both_sides(folder: Path) -> None:
    ann, bob = two_writers(folder)
    ann.append(answer("answers.rto", None, "one hour"))
    bob.append(answer("answers.rto", None, "a day"))
    ann.read()
    ann.append(answer("answers.rto", "a day", "two days"))
    folded = fold(ann.read().lines)
    assert len(folded.conflicts) == 1
    ann.append(answer("answers.rto", "two days", "four hours", resolves=folded.conflicts[0].ids))
    settled = fold(read(folder).lines)
    assert settled.conflicts == ()
    assert settled.values == {"answers.rto": "four hours"}


def test_naming_one_side_of_a_conflict_does_not_settle_it(folder: Path) -> None:
    ann, bob = two_writers(folder)
    one = ann.append(answer("answers.rto", None, 1))
    bob.append(answer("answers.rto", None, 2))
    ann.append(answer("answers.rto", 2, 3, resolves=(one.checksum,)))
    (conflict,) = fold(read(folder).lines).conflicts
    assert [version.value for version in conflict.versions] == [2, 3]


def test_two_people_who_say_the_same_do_not_conflict(folder: Path) -> None:
    ann, bob = two_writers(folder)
    ann.append(answer("answers.rto", None, {"id": "hour", "rung": "claimed"}))
    bob.append(answer("answers.rto", None, {"rung": "claimed", "id": "hour"}))
    folded = fold(read(folder).lines)
    assert folded.conflicts == ()


def test_somebody_who_saw_the_answer_before_changing_it_does_not_conflict(folder: Path) -> None:
    ann, bob = two_writers(folder)
    ann.append(answer("answers.rto", None, "one hour"))
    bob.read()
    bob.append(answer("answers.rto", "one hour", "a day"))
    folded = fold(read(folder).lines)
    assert folded.conflicts == ()
    assert folded.values == {"answers.rto": "a day"}
    assert folded.last_lines["answers.rto"].writer == "bob-1"


def test_two_settlements_made_at_once_are_a_conflict_again(folder: Path) -> None:
    ann, bob = two_writers(folder)
    ann.append(answer("answers.rto", None, 1))
    bob.append(answer("answers.rto", None, 2))
    ids = fold(read(folder).lines).conflicts[0].ids
    ann.append(answer("answers.rto", 2, 3, resolves=ids))
    bob.append(answer("answers.rto", 2, 4, resolves=ids))
    (conflict,) = fold(read(folder).lines).conflicts
    assert sorted(version.value for version in conflict.versions) == [3, 4]


def test_a_hand_edit_under_the_journal_is_shown_and_not_overridden(folder: Path) -> None:
    ann, _ = two_writers(folder)
    ann.append(answer("promise.slo", 0.999, 0.9995))
    lines = read(folder).lines
    assert fold(lines, {"promise.slo": 0.999}).conflicts == ()
    (conflict,) = fold(lines, {"promise.slo": 0.99}).conflicts
    assert [version.value for version in conflict.versions] == [0.99, 0.9995]
    assert conflict.versions[0].line is None
    ann.append(answer("promise.slo", 0.9995, 0.99, resolves=conflict.ids))
    assert fold(read(folder).lines, {"promise.slo": 0.99}).conflicts == ()
    again = fold(read(folder).lines, {"promise.slo": 0.95})
    assert len(again.conflicts) == 1, "another hand edit is another conflict"


def test_a_line_removed_by_hand_from_the_base_is_a_conflict_too(folder: Path) -> None:
    ann, _ = two_writers(folder)
    ann.append(answer("promise.slo", 0.999, 0.9995))
    assert len(fold(read(folder).lines, {}).conflicts) == 1


def test_taking_an_answer_away_takes_it_out_of_the_state(folder: Path) -> None:
    ann, _ = two_writers(folder)
    ann.append(answer("answers.x", None, "a"))
    ann.append(answer("answers.x", "a", None))
    folded = fold(read(folder).lines)
    assert folded.values == {}
    assert folded.last_lines["answers.x"].after is None


def test_a_clock_two_days_off_changes_no_order(folder: Path) -> None:
    slow = Journal(folder, "Ann", writer="ann-1", now=lambda: datetime.now(UTC) - timedelta(days=2))
    bob = Journal(folder, "Bob", writer="bob-1")
    bob.append(answer("answers.x", None, "first"))
    slow.read()
    slow.append(answer("answers.x", "first", "second"))
    folded = fold(read(folder).lines)
    assert folded.values == {"answers.x": "second"}
    assert folded.conflicts == ()


@given(order=st.permutations(range(4)), values=st.lists(st.integers(0, 2), min_size=8, max_size=8))
@settings(deadline=None, max_examples=50)
def test_the_state_does_not_depend_on_who_reads_which_file_first(order: list[int], values: list[int]) -> None:
    lines = chains(4, values)
    shuffled = [line for place in order for line in lines[place]]
    key = lambda line: (line.lamport, line.writer, line.sequence)  # noqa: E731
    united = [line for chain in lines for line in chain]
    assert fold(sorted(shuffled, key=key)) == fold(sorted(united, key=key))


def chains(writers: int, values: list[int]) -> list[list[Line]]:
    result = []
    for number in range(writers):
        prev = GENESIS
        chain: list[Line] = []
        for sequence in (1, 2):
            value = values[(number * 2 + sequence) % len(values)]
            change = answer("answers.x", None if sequence == 1 else chain[-1].after, value)
            line, _ = seal(change, writer=f"w{number}", sequence=sequence, lamport=sequence, at="", prev=prev)
            prev = line.checksum
            chain.append(line)
        result.append(chain)
    return result


# --- synchronised folders --------------------------------------------------------------------------------------------


def test_a_conflicted_copy_is_united_and_nothing_counts_twice(folder: Path) -> None:
    journal = fill(folder, 4)
    pieces = journal.path.read_bytes().splitlines(keepends=True)
    (folder / f"{journal.writer} (conflicted copy 2026-11-23).jsonl").write_bytes(b"".join(pieces))
    journal.path.write_bytes(b"".join(pieces[:2]))
    reading = read(folder)
    assert [line.sequence for line in reading.lines] == [1, 2, 3, 4]
    assert reading.findings == ()


def test_a_fork_of_one_writer_keeps_both_sides_and_names_the_place(folder: Path, tmp_path: Path) -> None:
    fill(folder, 2)
    shutil.copytree(folder.parent, tmp_path / "twin")
    twin = tmp_path / "twin" / "journal"
    (name,) = [path.stem for path in folder.glob("*.jsonl")]
    Journal(folder, "Ann", writer=name).append(answer("answers.x", None, "here"))
    Journal(twin, "Ann", writer=name).append(answer("answers.x", None, "there"))
    shutil.copy(twin / f"{name}.jsonl", folder / f"{name} (conflicted copy).jsonl")
    reading = read(folder)
    assert sorted(line.after for line in reading.lines if line.address == "answers.x") == ["here", "there"]
    assert [(finding.rule, finding.line) for finding in reading.findings] == [("fork", 3)]
    assert len(fold(reading.lines).conflicts) == 1


def test_two_folders_synchronised_both_ways_end_equal(tmp_path: Path) -> None:
    folders = [tmp_path / name / "journal" for name in ("left", "right")]
    journals = []
    for place, folder in enumerate(folders):
        folder.parent.mkdir()
        journals.append(Journal(folder, "Ann", writer=f"ann-{place}"))
    acknowledged = []
    for turn in range(30):
        for journal in journals:
            journal.read()
            acknowledged.append(
                journal.append(answer(f"answers.{journal.writer}.{turn}", None, turn)).checksum
            )
        if turn % 5 == 4:
            for source, target in (folders, folders[::-1]):
                for path in source.glob("*.jsonl"):
                    if (
                        not (target / path.name).exists()
                        or path.stat().st_size > (target / path.name).stat().st_size
                    ):
                        shutil.copy2(path, target / path.name)
    left, right = (read(folder) for folder in folders)
    assert left == right
    assert {line.checksum for line in left.lines} == set(acknowledged)
    assert digest(folders[0]) == digest(folders[1])


def test_what_a_synchronising_client_rolled_back_is_written_again(folder: Path) -> None:
    journal = fill(folder, 4)
    pieces = journal.path.read_bytes().splitlines(keepends=True)
    older = folder / "older"
    older.write_bytes(b"".join(pieces[:2]))
    older.replace(journal.path)
    journal.append(answer("answers.x", None, "new"))
    assert [line.sequence for line in read(folder).lines] == [1, 2, 3, 4, 5]
    assert verify(folder) == ()


def test_what_a_synchronising_client_replaced_is_kept_beside_it(folder: Path, tmp_path: Path) -> None:
    journal = fill(folder, 3)
    acknowledged = read(folder).lines
    strange = Journal(tmp_path / "acme" / "other", "Eve", writer=journal.writer)
    strange.append(answer("answers.x", None, "somebody else's"))
    strange.path.replace(journal.path)
    journal.append(answer("answers.y", None, "mine"))
    kept = read(folder).lines
    assert {line.checksum for line in acknowledged} <= {line.checksum for line in kept}
    assert {"somebody else's", "mine"} <= {line.after for line in kept}


def test_a_journal_that_was_damaged_is_not_continued(folder: Path) -> None:
    first = fill(folder, 3)
    first.path.write_bytes(first.path.read_bytes().replace(b"value 1", b"value 9"))
    second = fill(folder, 1)
    assert second.path != first.path
    assert [line.after for line in read(folder).lines if line.address == "answers.q0"] == [
        "value 0",
        "value 0",
    ]


# --- altered journals (D06) ------------------------------------------------------------------------------------------


@pytest.fixture
def pieces(folder: Path) -> list[bytes]:
    journal = Journal(folder, "Ann", writer="ann-1")
    for number in range(6):
        journal.append(answer(f"answers.q{number}", None, f"value {number}"))
    return journal.path.read_bytes().splitlines(keepends=True)


def forged(piece: bytes, after: str) -> bytes:
    """The line with another value and a checksum made anew, as somebody would who read this source."""
    line = unseal(piece.rstrip(b"\n"))
    assert isinstance(line, Line)
    change = answer(line.address, line.before, after, who=line.who)
    _, written = seal(
        change, writer=line.writer, sequence=line.sequence, lamport=line.lamport, at=line.at, prev=line.prev
    )
    return written


def alterations() -> Iterator[tuple[str, Any, int]]:
    yield "value flipped", lambda p: [*p[:2], p[2].replace(b"value 2", b"value 7"), *p[3:]], 3
    yield "line deleted", lambda p: [*p[:2], *p[3:]], 3
    yield "first line deleted", lambda p: p[1:], 1
    yield "two lines swapped", lambda p: [*p[:2], p[3], p[2], *p[4:]], 3
    yield "line repeated", lambda p: [*p[:3], p[2], *p[3:]], 4
    yield "line forged with a fitting checksum", lambda p: [*p[:2], forged(p[2], "no"), *p[3:]], 4
    yield "line inserted with a fitting checksum", lambda p: [*p[:3], forged(p[2], "no"), *p[3:]], 4
    yield "a blank added", lambda p: [*p[:2], p[2].replace(b'"who":', b'"who": '), *p[3:]], 3
    yield "text inserted", lambda p: [*p[:2], b"hello\n", *p[2:]], 3
    yield "a second key", lambda p: [*p[:2], p[2].replace(b'{"address"', b'{"after":1,"address"'), *p[3:]], 3
    yield "zeros", lambda p: [*p[:2], b"\0" * len(p[2][:-1]) + b"\n", *p[3:]], 3


@pytest.mark.parametrize(
    ("alter", "line"), [case[1:] for case in alterations()], ids=[case[0] for case in alterations()]
)
def test_an_alteration_is_named_by_file_and_line(
    folder: Path, pieces: list[bytes], alter: Any, line: int
) -> None:
    assert verify(folder) == ()
    (folder / "ann-1.jsonl").write_bytes(b"".join(alter(pieces)))
    findings = verify(folder)
    assert findings
    assert not findings[0].harmless
    assert (findings[0].file, findings[0].line) == ("ann-1.jsonl", line)


def test_the_sentence_says_whether_lines_are_missing_or_were_added(folder: Path, pieces: list[bytes]) -> None:
    (folder / "ann-1.jsonl").write_bytes(b"".join([*pieces[:2], *pieces[4:]]))
    assert str(verify(folder)[0]) == (
        "ann-1.jsonl, line 3: has the number 5 where 3 should stand; lines are missing before it"
    )
    (folder / "ann-1.jsonl").write_bytes(b"".join([*pieces[:3], pieces[0], *pieces[3:]]))
    assert "it was moved, repeated or added" in verify(folder)[0].message


def test_a_cut_tail_is_seen_against_the_digest_in_the_report(folder: Path, pieces: list[bytes]) -> None:
    printed, kept = digest(folder), heads(folder)
    (folder / "ann-1.jsonl").write_bytes(b"".join(pieces[:4]))
    assert verify(folder) == (), "a chain alone cannot see this"
    assert [finding.rule for finding in verify(folder, printed)] == ["cut"]
    (finding,) = verify(folder, kept)
    assert (finding.file, finding.line) == ("ann-1.jsonl", 4)
    assert "line 6 of ann-1 is missing; the journal ends at 4" in finding.message


def test_a_chain_recomputed_as_a_whole_is_seen_against_the_digest(folder: Path, pieces: list[bytes]) -> None:
    printed, kept = digest(folder), heads(folder)
    (folder / "ann-1.jsonl").unlink()
    liar = Journal(folder, "Ann", writer="ann-1")
    for number in range(6):
        liar.append(answer(f"answers.q{number}", None, "all is well"))
    assert verify(folder) == ()
    assert [finding.rule for finding in verify(folder, printed)] == ["cut"]
    assert [finding.rule for finding in verify(folder, kept)] == ["cut"]


def test_a_journal_that_only_grew_still_fits_the_digest_of_then(folder: Path, pieces: list[bytes]) -> None:
    printed, kept = digest(folder), heads(folder)
    Journal(folder, "Bob", writer="bob-1").append(answer("answers.z", None, 1))
    ann = Journal(folder, "Ann", writer="ann-1")
    ann.read()
    ann.append(answer("answers.z", 1, 2))
    assert verify(folder, printed) == ()
    assert verify(folder, printed[:12]) == ()
    assert verify(folder, kept) == ()
    assert digest(folder) != printed


def test_a_missing_journal_of_one_writer_is_seen(folder: Path, pieces: list[bytes]) -> None:
    kept = heads(folder)
    (folder / "ann-1.jsonl").unlink()
    (finding,) = verify(folder, kept)
    assert "there is no journal of this writer" in finding.message


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00",
        b"[" * 100_000 + b"\n",
        b"{}\n",
        b"null\n",
        b"\n\n",
        b'{"writer":1,"checksum":"' + b"0" * 64 + b'"}\n',
    ],
    ids=["not utf-8", "nested without end", "empty object", "null", "empty lines", "wrong checksum"],
)
def test_strange_files_are_findings_and_never_stop_the_reading(folder: Path, content: bytes) -> None:
    fill(folder, 2)
    (folder / "strange.jsonl").write_bytes(content)
    reading = read(folder)
    assert len(reading.lines) == 2
    assert reading.findings
    assert all(finding.file == "strange.jsonl" for finding in reading.findings)


def test_a_sealed_line_with_wrong_fields_is_a_finding(folder: Path) -> None:
    import hashlib

    folder.mkdir()
    for body in (b'{"writer":[1]', b'{"sequence":"one"', b'{"a":' + b"[" * 5000 + b"]" * 5000):
        checksum = hashlib.sha256(body).hexdigest().encode()
        (folder / "sealed.jsonl").write_bytes(body + b',"checksum":"' + checksum + b'"}\n')
        assert [finding.rule for finding in read(folder).findings] == ["altered"]


def test_an_empty_or_missing_folder_is_an_empty_journal(folder: Path) -> None:
    assert read(folder).lines == ()
    assert verify(folder) == ()
    assert heads(folder) == {}
    assert writing_module._slug("李雷") == "writer"
