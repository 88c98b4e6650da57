"""`data/README.md` names every file and every column: what is there is explained, and what is explained is there."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from readiness.catalog import schema

DATA = Path(__file__).resolve().parents[1] / "data"
README = (DATA / "README.md").read_text("utf-8")
WORDS = set(re.findall(r"[a-z][a-z_]+", " ".join(re.findall(r"`([^`]+)`", README))))
SHAPES = [schema.Practice, schema.Answer, schema.MoveData, schema.Remedy, schema.AppliesWhen, schema.Incident, schema.Cause, schema.MoneyLine,
          schema.Service, schema.Way, schema.PriceLine, schema.Gate, schema.Scenario, schema.ScenarioEffect, schema.Archetype]  # fmt: skip
# Told in words, or the same everywhere.
PLAIN = {"id", "title", "source", "low", "likely", "high", "what", "note", "story", "why", "surcharge_share"}


@pytest.mark.parametrize("table", sorted(DATA.glob("*.csv")), ids=lambda file: file.name)
def test_every_column_is_explained(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    section = README.partition(f"## {table.name}")[2].partition("\n## ")[0]
    assert section, "has no section"
    assert [c for c in columns if f"`{c}`" not in section] == []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_key_is_explained(shape: type) -> None:
    assert {name for name in shape.model_fields if name not in PLAIN} - WORDS == set()  # type: ignore[attr-defined]


def test_every_file_is_explained() -> None:
    explained = {e.partition("/")[0] for e in re.findall(r"^\| `([\w/<>.]+)` \|", README, re.MULTILINE)}
    present = {p.name for p in DATA.iterdir() if p.name not in ("README.md", "catalog.json")}
    assert present <= explained
