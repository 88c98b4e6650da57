"""What was accepted, by whom and until when; and the calendar of what to look at again."""

from __future__ import annotations

from datetime import date, timedelta

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Block, Chapter, Column, Exhibit, Part, Table, missing, points
from readiness.moves import DAYS_PER_MONTH
from readiness.text import Ledger
from readiness.wording import joined

MOST_NAMED = 4
# What makes yesterday's report old, whatever the calendar says.
TRIGGERS = (
    "the first paying customer, or the first contract with SLA credits",
    "twice the requests or twice the staff since this report",
    "a new feature that brings a new tier, a new outside service or personal data",
    "before investors or a large customer are shown these figures",
    "an outage longer than any in this report, or a near miss that nobody expected",
)


def risks(a: Assessment) -> Chapter:
    """Accepted risks with owner and date, decisions, and what is still open."""
    e, ledger = a.engagement, Ledger(a.engagement.client.currency)
    parts: list[Part] = []
    if e.accepted_risks:
        rows = tuple((r.title, r.why, r.owner, r.review_on.isoformat()) for r in sorted(e.accepted_risks, key=lambda r: r.review_on))
        late = [r for r in e.accepted_risks if r.review_on < a.as_of]
        n = len(rows)
        finding = f"{ledger.count(n, id='accepted_risks')} {'risk was' if n == 1 else 'risks were'} accepted knowingly" + (
            f"; {ledger.count(len(late), id='accepted_risks.late')} of them should have been looked at again by now." if late else "."
        )
        columns = (Column("Risk", width=2), Column("Why it is accepted", width=3), Column("Owner", width=1.1), Column("Look again on", "right", 1.1))
        parts.append(Exhibit("accepted_risks", "Accepted risks", finding, Table(columns, rows), printed=tuple(ledger.printed)))
    else:
        parts.append(missing("No risk has been accepted by name: what this report finds is open until somebody decides about it."))
    for title, remarks in (("Decided", e.decisions), ("Still open", e.parking_lot), ("Noted", e.notes)):
        if remarks:
            parts.append(points([f"{r.text}{_signed(r.by, r.on)}" for r in remarks], title=title))
    return Chapter(tuple(parts))


def _signed(by: str | None, on: date | None) -> str:
    said = ", ".join(part for part in (by or "", on.isoformat() if on else "") if part)
    return f" ({said})" if said else ""


def calendar(a: Assessment) -> Chapter:
    """When to look again: reviews, promises that begin, credits that expire, evidence that ages; and what makes all of it old at once."""
    ledger = Ledger(a.engagement.client.currency)
    dated = sorted(_dated(a, ledger), key=lambda row: row[0])
    rows = tuple((day.isoformat() + (" (now due)" if day <= a.as_of else ""), what, why) for day, what, why in dated)
    parts: list[Part] = []
    if rows:
        first = next((row for row in dated if row[0] > a.as_of), dated[0])
        finding = f"The next date is {first[0].isoformat()}: {first[1][:1].lower()}{first[1][1:]}."
        columns = (Column("When", width=1.2), Column("What", width=2.4), Column("Why", width=3))
        parts.append(Exhibit("calendar", "Review calendar", finding, Table(columns, rows), printed=tuple(ledger.printed)))
    undated = sum(given.on is None for given in a.engagement.answers.values())
    if undated:
        count, every = ledger.count(undated, id="answers.undated"), ledger.count(len(a.engagement.answers), id="answers.given")
        block = missing(f"{count} of {every} answers carry no date, so nobody can say when they grow old: give each its day.")
        parts.append(Block(block.kind, block.content, tuple(ledger.printed)))
    parts.append(points(TRIGGERS, title="Whatever the calendar says, look again after"))
    return Chapter(tuple(parts))


def _dated(a: Assessment, ledger: Ledger) -> list[tuple[date, str, str]]:
    e = a.engagement
    found = [(r.review_on, f"Accepted risk: {r.title}", f"owner: {r.owner}") for r in e.accepted_risks]
    for r in a.journeys:
        promise = r.journey.promise
        if promise.from_date:
            slo = ledger.say(promise.slo, "promise", id=f"slo_{r.journey.name}")
            found.append((promise.from_date, f"The promise of {slo} begins", f"“{r.journey.title}”: a verdict older than this is of no use"))
    for gift in e.money.startup_credits:
        amount = ledger.say(gift.balance, "money", id=f"startup_credits.{gift.provider}")
        found.append((gift.expires, f"Start-up credits of {gift.provider} expire", f"{amount} are left today; the whole bill is cash from then on"))
    shelf = a.catalog.default("evidence_shelf_months", e.stage)
    if shelf is not None:
        found += _ageing(a, shelf.likely, ledger)
    return found


def _ageing(a: Assessment, shelf_months: float, ledger: Ledger) -> list[tuple[date, str, str]]:
    """Evidence by the day on which it is past its shelf life."""
    by_day: dict[date, list[str]] = {}
    for p in a.standing.practices:
        given = a.engagement.answers.get(p.practice.id)
        if given is not None and given.on is not None:
            by_day.setdefault(given.on + timedelta(days=round(shelf_months * DAYS_PER_MONTH)), []).append(p.practice.title)
    found = []
    for day, titles in by_day.items():
        named, more = titles[:MOST_NAMED], len(titles) - MOST_NAMED
        rest = f" and {ledger.count(more, id=f'evidence.further.{day}')} more" if more > 0 else ""
        count = ledger.count(len(titles), id=f"evidence.old.{day}")
        what = "answer is" if len(titles) == 1 else "answers are"
        found.append((day, f"Evidence of {count} {what} out of date", f"{', '.join(named) if rest else joined(named)}{rest}"))
    return found
