"""What was answered, when and by whom: an append-only journal per writer, and the state that it adds up to.

A folder holds one ``<writer>.jsonl`` per writer. Each line is one change; its checksum is the next line's ``prev``, so a
line that was altered, removed, moved or added is seen. Nothing is ever rewritten, so a killed process, a full disk or two
people at once cannot destroy what was saved before.

The journal knows addresses (texts) and JSON values, and nothing of engagements.
"""

from __future__ import annotations

from readiness.journal.folding import Conflict, Folded, Version, fold
from readiness.journal.line import Change, Line
from readiness.journal.reading import Finding, Reading, digest, heads, read, verify
from readiness.journal.writing import Journal

__all__ = [
    "Change",
    "Conflict",
    "Finding",
    "Folded",
    "Journal",
    "Line",
    "Reading",
    "Version",
    "digest",
    "fold",
    "heads",
    "read",
    "verify",
]
