"""The fixed words that renderers set around what exhibits say: here, and nowhere else, for the day of another language."""

from __future__ import annotations

from readiness.language import N_, Words

WORDS = Words({
    "page": N_("Page"),
    "of": N_("of"),
    "as_of": N_("As of"),
    "contents": N_("Contents"),
    "figure": N_("Figure"),
    "table": N_("Table"),
    "figures": N_("Figures"),
    "tables": N_("Tables"),
    "skip": N_("Skip to the report"),
    "verdict": N_("Verdict"),
    "draft": N_("Draft"),
    "final": N_("Final"),
    "confidential": N_("Confidential"),
    "good": N_("in favour"),
    "warn": N_("with care"),
    "bad": N_("against"),
    "Go": N_("Go"),
    "Go with conditions": N_("Go with conditions"),
    "Not yet": N_("Not yet"),
})

__all__ = ["WORDS"]
