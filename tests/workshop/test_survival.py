"""Killed in the middle of a save, four writers at once, random disk errors: no acknowledged answer is lost."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness import journal
from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.workshop import Room

CATALOG = load_catalog()
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked writers")


def quiet_room(folder: Path, name: str = "") -> Room:
    """A room that only saves: the numbers are not what is tested here."""
    room = Room(folder, catalog=CATALOG, as_of=date(2026, 11, 23), writer_name=name)
    room.reckon = lambda: None  # type: ignore[method-assign]
    return room


def in_a_child(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Fork; the child tells what was acknowledged through a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(lambda words: os.write(writing, words.encode() + b"\n") and None)
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def told(reading: int, first: bytes = b"") -> list[str]:
    with os.fdopen(reading, "rb") as pipe:
        return (first + pipe.read()).decode().split("\n")[:-1]


@pytest.mark.parametrize("kills", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_kills_while_saving_lose_nothing_that_was_acknowledged(folder: Path, kills: int) -> None:
    luck = random.Random(8)
    base = quiet_room(folder)
    acknowledged: set[str] = set()

    def work(say: Callable[[str], None], round_number: int) -> None:
        for number in range(1000):
            note = f"{round_number}.{number}"
            base.answer(("on_call", "runbooks")[number % 2], {"answer": ("rota", "old_notes")[number % 2], "note": note})
            if base.saved.state == "saved":
                say(note)

    for round_number in range(kills):
        child, reading = in_a_child(lambda say, n=round_number: work(say, n))  # type: ignore[misc]
        first = os.read(reading, 20)  # it has begun to save
        time.sleep(luck.uniform(0.0, 0.012))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        acknowledged.update(told(reading, first))
    kept = {line.after["note"] for line in journal.read(folder / "journal").lines if isinstance(line.after, dict)}
    assert len(acknowledged) > kills / 2, "too few saves between the kills for the test to say anything"
    assert acknowledged <= kept
    assert [f for f in journal.verify(folder / "journal") if not f.harmless] == []
    assert open_engagement(folder, CATALOG).engagement.answers["on_call"].answers == ("rota",)


def test_four_writers_of_sixty_answers_each_keep_all_of_them(folder: Path) -> None:
    practices = list(CATALOG.practices)[:4]

    def writer(number: int) -> Callable[[Callable[[str], None]], None]:
        def work(say: Callable[[str], None]) -> None:
            room = quiet_room(folder, f"writer {number}")
            practice = CATALOG.practices[practices[number]]
            for turn in range(60):
                given = {"answer": practice.answers[turn % len(practice.answers)].id, "note": f"{number}.{turn}"}
                if room.answer(practice.id, given).state == "saved":
                    say(f"{number}.{turn}")

        return work

    children = [in_a_child(writer(number)) for number in range(4)]
    acknowledged = {note for _, reading in children for note in told(reading)}
    for child, _ in children:
        os.waitpid(child, 0)
    assert len(acknowledged) == 240
    opened = open_engagement(folder, CATALOG)
    assert {line.after["note"] for line in journal.read(folder / "journal").lines} == acknowledged
    assert opened.conflicts == ()
    assert [opened.engagement.answers[p].note for p in practices] == [f"{n}.59" for n in range(4)]


def test_random_disk_errors_lose_nothing_that_was_acknowledged(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    luck, room = random.Random(88), quiet_room(folder)
    write, fsync = os.write, os.fsync
    faults = (errno.ENOSPC, errno.EIO, errno.EROFS)

    def bad_write(descriptor: int, content: Any) -> int:
        if luck.random() < 0.3:
            write(descriptor, bytes(content)[: luck.randrange(1, 60)])
            raise OSError(luck.choice(faults), "fault")
        return write(descriptor, bytes(content)[: luck.randrange(1, 4000)])

    def bad_fsync(descriptor: int) -> None:
        if luck.random() < 0.1:
            raise OSError(errno.EIO, "fault")
        fsync(descriptor)

    monkeypatch.setattr(os, "write", bad_write)
    monkeypatch.setattr(os, "fsync", bad_fsync)
    outcomes = [(f"{n}", room.answer("on_call", {"answer": "rota", "note": f"{n}"}).state) for n in range(120)]
    monkeypatch.undo()
    kept = [line.after["note"] for line in journal.read(folder / "journal").lines]
    saved = [note for note, state in outcomes if state == "saved"]
    assert 20 < len(saved) < 110
    assert set(saved) <= set(kept)
    assert {state for _, state in outcomes} <= {"saved", "not saved"}
    assert another_opening(folder) == saved[-1] or another_opening(folder) in kept


def another_opening(folder: Path) -> str:
    return open_engagement(folder, CATALOG).engagement.answers["on_call"].note
