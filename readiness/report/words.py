"""The fixed words that renderers set around what exhibits say: here, and nowhere else, for the day of another language."""

from __future__ import annotations

WORDS = {
    "page": "Page",
    "of": "of",
    "as_of": "As of",
    "contents": "Contents",
    "figure": "Figure",
    "table": "Table",
    "figures": "Figures",
    "tables": "Tables",
    "skip": "Skip to the report",
    "verdict": "Verdict",
    "draft": "Draft",
    "final": "Final",
    "confidential": "Confidential",
    "good": "in favour",
    "warn": "with care",
    "bad": "against",
    "Go": "Go",
    "Go with conditions": "Go with conditions",
    "Not yet": "Not yet",
}

__all__ = ["WORDS"]
