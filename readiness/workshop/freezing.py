"""Freezes the room: a milestone of the client as it stands, under a name that a person typed."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from readiness import journal
from readiness.milestone import milestone_of, write_milestone
from readiness.workshop.room import Room


def freeze(room: Room, name: str) -> Path:
    """Write a milestone into the client's folder; an existing one is never touched, a second of the same name is numbered.

    Raises
    ------
    StorageError
        When it cannot be written; answers are not affected.
    """
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = f"{room.as_of.isoformat()}-{re.sub(r'[^a-z0-9]+', '-', folded).strip('-')[:40].strip('-') or 'milestone'}"
    folder = room.folder / "milestones"
    free, number = slug, 2
    while (folder / f"{free}.json").exists():
        free, number = f"{slug}-{number}", number + 1
    lines = journal.read(room.folder / "journal").lines
    return write_milestone(milestone_of(room.assessment, free, journal_digest=journal.digest(lines)), folder)
