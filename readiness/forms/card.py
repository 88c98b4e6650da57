"""The question card: one practice at a time."""

from __future__ import annotations

from typing import Any

import traitlets

from readiness.catalog.schema import Practice
from readiness.engagement.schema import LONGEST_NOTE, GivenAnswer
from readiness.forms.form import Form, script


class Card(Form):
    """One question with its answers, how it is known, and the way to the next one.

    Says ``{"do": "answer", "practice": ..., "given": {...} or None}``, ``{"do": "next" | "back" | "skip" | "jump"}``,
    ``{"do": "undo"}`` and ``{"do": "settle", "address": ..., "version": ...}``.
    """

    _esm = script("dom.js", "card.js")
    question = traitlets.Dict().tag(sync=True)
    current = traitlets.Dict().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)
    people: Any = traitlets.List().tag(sync=True)
    conflict = traitlets.Dict().tag(sync=True)
    mode = traitlets.Dict().tag(sync=True)

    def ask(self, practice: Practice | None, *, dimension: str = "") -> None:
        """Show a practice, or that there is none left."""
        self.question = question_of(practice, dimension) if practice else {}

    def answered(self, given: GivenAnswer | None) -> None:
        """Show what was answered so far."""
        self.current = given.model_dump(mode="json", exclude_defaults=True) if given else {}


def question_of(practice: Practice, dimension: str) -> dict[str, Any]:
    """A practice as the card shows it; levels stay out, they would lead the witness."""
    return {
        "id": practice.id, "dimension": dimension, "question": practice.question, "why": practice.why, "evidence": practice.evidence,
        "incidents": [{"text": f"{one.who}, {one.year}: {one.what}", "link": one.link} for one in practice.incidents],
        "answers": [{"id": a.id, "text": a.text, "needs_reason": bool(getattr(a, "needs_reason", False))} for a in practice.answers],
        "note_limit": LONGEST_NOTE,
    }  # fmt: skip
