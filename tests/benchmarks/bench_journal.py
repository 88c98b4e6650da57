"""Saving one answer and opening an engagement, against the ways that were refused: rewriting a YAML or JSON file, SQLite."""

from __future__ import annotations

import io
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from ruamel.yaml import YAML

from readiness.journal import Change, Journal, digest, fold, read, verify

ANSWERS = 300


def change(number: int) -> Change:
    value = {"id": "rota", "rung": "claimed", "said_by": "CTO", "on": "2026-11-23", "note": "a paid rota since spring"}
    return Change("answer", f"answers.practice_{number}", None, value, who="CTO")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))
    (tmp_path / "acme").mkdir()
    return tmp_path / "acme" / "journal"


@pytest.fixture
def filled(folder: Path) -> Journal:
    journal = Journal(folder, "Ann")
    journal.append_all([change(number) for number in range(ANSWERS)])
    return journal


def all_answers() -> dict[str, Any]:
    return {change(number).address: change(number).after for number in range(ANSWERS)}


def yaml_rewriter(folder: Path) -> Callable[[], None]:
    path = folder / "answers.yaml"

    def save() -> None:
        text = io.StringIO()
        YAML().dump(all_answers(), text)
        replace_durably(path, text.getvalue())

    return save


def json_rewriter(folder: Path) -> Callable[[], None]:
    path = folder / "answers.json"
    return lambda: replace_durably(path, json.dumps(all_answers()))


def replace_durably(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    with partial.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def sqlite_writer(folder: Path) -> Callable[[], None]:
    connection = sqlite3.connect(folder / "answers.db")
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create table answers (address text, value text)")

    def save() -> None:
        with connection:
            connection.execute("insert into answers values (?, ?)", (change(1).address, json.dumps(change(1).after)))

    return save


def median_seconds(call: Callable[[], Any], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = perf_counter()
        call()
        seconds.append(perf_counter() - start)
    return sorted(seconds)[rounds // 2]


def test_saving_one_answer_of_three_hundred(benchmark: Any, filled: Journal) -> None:
    benchmark.pedantic(lambda: filled.append(change(7)), rounds=100, iterations=1, warmup_rounds=3)
    own = benchmark.stats.stats.median
    partners = {"yaml": (yaml_rewriter, 3), "json": (json_rewriter, 30), "sqlite_wal": (sqlite_writer, 30)}
    for name, (make, rounds) in partners.items():
        benchmark.extra_info[f"{name}_over_journal"] = round(median_seconds(make(filled.folder), rounds) / own, 2)


def test_opening_an_engagement_of_three_hundred_answers(benchmark: Any, filled: Journal) -> None:
    folded = benchmark(lambda: fold(read(filled.folder).lines))
    assert len(folded.values) == ANSWERS
    text = io.StringIO()
    YAML().dump(all_answers(), text)
    seconds = median_seconds(lambda: YAML(typ="safe", pure=True).load(text.getvalue()), 3)
    benchmark.extra_info["yaml_over_journal"] = round(seconds / benchmark.stats.stats.median, 1)


def test_verifying_ten_thousand_lines_against_a_digest(benchmark: Any, filled: Journal) -> None:
    for _ in range(32):
        filled.append_all([change(number) for number in range(ANSWERS)])
    printed = digest(filled.folder)
    assert benchmark.pedantic(lambda: verify(filled.folder, printed), rounds=3, iterations=1) == ()
