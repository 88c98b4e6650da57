"""What was decided, what is still open, and what was noted for this audience."""

from __future__ import annotations

from datetime import date

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Block, Chapter, Part, missing, points
from readiness.language import tr
from readiness.text import Ledger


def remarks(a: Assessment) -> Chapter:
    """Decisions, parked questions and notes, as far as the audience may read them; and answers of which nobody knows the day."""
    e, parts = a.engagement, list[Part]()
    for title, written in ((tr("Decided"), e.decisions), (tr("Still open"), e.parking_lot), (tr("Noted"), e.notes)):
        if written:
            parts.append(points([f"{r.text}{_signed(r.by, r.on)}" for r in written], title=title))
    undated = sum(given.on is None for given in e.answers.values())
    if undated:
        ledger = Ledger(e.client.currency)
        count, every = ledger.count(undated, id="answers.undated"), ledger.count(len(e.answers), id="answers.given")
        block = missing(tr("{count} of {every} answers carry no date, so nobody can say when they grow old: give each its day.", count=count, every=every))
        parts.append(Block(block.kind, block.content, tuple(ledger.printed)))
    return Chapter(tuple(parts) or (missing(tr("No decision was written down, and no question was left open.")),))


def _signed(by: str | None, on: date | None) -> str:
    said = ", ".join(part for part in (by or "", on.isoformat() if on else "") if part)
    return f" ({said})" if said else ""
