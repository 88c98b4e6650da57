"""The promise: the chance to break it, by journey and by what else could be promised."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Table
from readiness.figures.lines import chance_by_promise
from readiness.models.uncertainty import band
from readiness.text import Ledger, promise
from readiness.wording import WINDOW_WORDS, breach_sentence


def promises(a: Assessment) -> Chapter:
    """Every journey against its promise, and the main one against others."""
    ledger = Ledger(a.engagement.client.currency)
    rows = []
    for r in a.journeys:
        down, breach = band(r.total), band(r.breach)
        name, p = r.journey.name, r.journey.promise
        rows.append((
            r.journey.title, f"{ledger.say(p.slo, 'promise', id=f'slo_{name}')} in {WINDOW_WORDS[p.window]}",
            ledger.say(down.mean / 525600, "unavailability", id=f"availability_{name}"), ledger.say(down.mean, "minutes", id=f"bad_minutes_of_{name}"),
            ledger.say(breach.mean, "share", id=f"breach_chance_of_{name}"), ledger.range(breach.low, breach.high, "share", id=f"breach_chance_of_{name}"),
        ))  # fmt: skip
    columns = (
        Column("Journey", width=2.4),
        Column("Promise", width=1.8),
        Column("Expected", "right"),
        Column("Downtime a year", "right", 1.2),
        Column("Chance of breach a year", "right", 1.3),
        Column("90 % range", "right", 1.5),
    )
    by_promise = a.main.breach_by_promise
    labels = [promise(s) for s in by_promise]
    chances = list(by_promise.values())
    texts = [ledger.say(c, "share", id=f"breach_at_{s:.6g}") for s, c in by_promise.items()]
    chosen = list(by_promise).index(a.main.journey.promise.slo)
    highest = a.standing.highest_promise
    said = f"The highest promise one could sign today is {promise(highest)}." if highest else "No usual promise could be signed today."
    planned = "Planned work counts as downtime." if a.main.journey.promise.planned_work_counts else "Planned work does not count as downtime."
    note = f"By compound Poisson over 256 of the common draws; overlapping outages are added. {planned} Counts as down: {a.main.journey.promise.counts_as_down}. A gate that is missed or not shown also bars a promise."
    alt = "Chance to break each promise within a year: " + "; ".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True)) + "."
    return Chapter((
        Exhibit("promises", "Each journey against its promise", breach_sentence(a, ledger), Table(columns, tuple(rows)), printed=tuple(ledger.printed)),
        Exhibit("breach_by_promise", f"What else could be promised for “{a.main.journey.title}”", said, note=note, alt=alt, printed=tuple(ledger.printed),
                figure=lambda: chance_by_promise(labels, chances, texts, tolerance=a.standing.tolerance, chosen=chosen)),
    ))  # fmt: skip
