"""The headline in words: four numbers with their ranges, and what the last answer moved."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.assessment import Assessment, Figure
from readiness.models.uncertainty import Band
from readiness.text import Ledger

HEADLINE = (
    ("bad_minutes_per_year", "Downtime a year"),
    ("breach_chance_per_year", "Chance of a breach a year"),
    ("loss_per_year", "Loss a year"),
    ("cash_per_month", "Cash a month"),
)
SMALLEST_MOVE = 0.005
"""Of the number itself; less than half a per cent is not worth a word."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One number as it is shown: its value, its range, and how it moved; ``direction`` is -1, 0 or 1."""

    id: str
    label: str
    value: str
    range: str
    was: str
    direction: int
    share_of_width: tuple[float, float, float]


def headline(a: Assessment, before: Assessment | None = None) -> tuple[Headline, ...]:
    """The headline numbers of an assessment against those of another one.

    Parameters
    ----------
    a
        What is true now, or what if.
    before
        What it is held against; nothing moved when None.
    """
    ledger = Ledger(a.engagement.client.currency)
    found = []
    for figure_id, label in HEADLINE:
        now = a.figure(figure_id)
        then = before.figure(figure_id).band if before is not None else None
        found.append(_one(ledger, now, now.band, then, label))
    return tuple(found)


def _one(ledger: Ledger, figure: Figure, now: Band, then: Band | None, label: str) -> Headline:
    was, direction = "", 0
    if then is not None and abs(now.mean - then.mean) > SMALLEST_MOVE * max(abs(then.mean), 1e-12):
        was = ledger.say(then.mean, figure.unit, id=f"{figure.id}.was")
        direction = 1 if now.mean > then.mean else -1
    top = max(now.high, then.high if then else 0.0, 1e-12)
    widths = (max(0.0, now.low) / top, max(0.0, now.mean) / top, now.high / top)
    return Headline(figure.id, label, ledger.say(now.mean, figure.unit, id=figure.id),
                    ledger.range(now.low, now.high, figure.unit, id=figure.id), was, direction, widths)  # fmt: skip


def moved(a: Assessment, before: Assessment | None) -> str:
    """What changed between two assessments as one sentence.

    Returns
    -------
    str
        Such as "Downtime a year 31 h → 22 h; chance to break the promise 64 % → 51 %.".
    """
    if before is None:
        return ""
    ledger = Ledger(a.engagement.client.currency)
    told, narrower = [], ""
    for figure_id, label in HEADLINE:
        now, then = a.figure(figure_id), before.figure(figure_id)
        b, c = now.band, then.band
        if abs(b.mean - c.mean) > SMALLEST_MOVE * max(abs(c.mean), 1e-12):
            first, last = ledger.say(c.mean, now.unit, id=figure_id), ledger.say(b.mean, now.unit, id=figure_id)
            if first != last:
                told.append(f"{label[:1].lower()}{label[1:]} {first} → {last}")
            else:
                told.append(f"{label[:1].lower()}{label[1:]} slightly {'up' if b.mean > c.mean else 'down'} at {last}")
        elif not narrower:
            now_range, then_range = (ledger.range(one.low, one.high, now.unit, id=figure_id) for one in (b, c))
            if now_range != then_range:
                narrower = f"{label[:1].lower()}{label[1:]} now ranges from {now_range}, before {then_range}"
    if not told and narrower:
        told = [narrower]
    if not told:
        return "No headline number moved by more than half a per cent."
    sentence = "; ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}."
