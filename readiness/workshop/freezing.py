"""A milestone: the client as the room left it, with every number, its source and the versions behind it."""

from __future__ import annotations

import json
import os
import re
import secrets
import unicodedata
from pathlib import Path
from typing import Any

import readiness
from readiness import journal
from readiness.assessment import Assessment
from readiness.errors import StorageError
from readiness.workshop.room import Room


def frozen(a: Assessment) -> dict[str, Any]:
    """Headline numbers with their ranges, as plain data."""
    found = {}
    for name, figure in a.figures.items():
        b = figure.band
        found[name] = {"title": figure.title, "unit": figure.unit, "mean": b.mean, "low": b.low, "high": b.high}
    return found


def freeze(room: Room, name: str) -> Path:
    """Write a milestone into the client's folder; an existing one is never touched.

    Raises
    ------
    StorageError
        When it cannot be written.
    """
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:40] or "milestone"
    lines = journal.read(room.folder / "journal").lines
    content = {
        "format": 1, "name": name, "as_of": room.as_of.isoformat(), "code_version": readiness.__version__, "data_version": room.catalog.digest,
        "journal_digest": journal.digest(lines), "journal_heads": {k: list(v) for k, v in journal.heads(lines).items()},
        "verdict": room.assessment.standing.verdict.outcome, "engagement": room.raw, "figures": frozen(room.assessment),
    }  # fmt: skip
    folder = room.folder / "milestones"
    target = folder / f"{room.as_of.isoformat()}-{slug}.json"
    aside = folder / f".{secrets.token_hex(4)}"
    try:
        folder.mkdir(exist_ok=True)
        number = 2
        while target.exists():
            target = folder / f"{room.as_of.isoformat()}-{slug}-{number}.json"
            number += 1
        with aside.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=1, sort_keys=True, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, target)
    except OSError as problem:
        raise StorageError(f"NOT SAVED: {problem.strerror}", file=target, hint="answers are not affected; freeze again") from None
    return target
