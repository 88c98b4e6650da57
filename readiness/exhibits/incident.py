"""One incident, before and after: where the minutes go today, and what better answers leave of them."""

from __future__ import annotations

from typing import Any

from readiness.assessment import Assessment
from readiness.assessment.incident import incident as reckoned
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Exhibit, Part, points
from readiness.figures.timeline import timeline
from readiness.language import inside, tr
from readiness.text import Ledger

MOST_STEPS = 5


@maybe_ahead
def incident(a: Assessment) -> Chapter:
    """A fault at any hour from the first harmed user to the repair: today's answers against the best ones."""
    ledger = Ledger(a.engagement.client.currency)
    found = reckoned(a)
    rows = [tr("today's answers")] + ([tr("the best answers")] if found.steps else [])
    results = [found.today, found.better][: len(rows)]
    minutes = [[float(p.minutes.mean()) for p in r] for r in results]
    parts = [p.title for p in found.today]
    texts = [[ledger.say(m, "minutes", id=f"incident.{p.number}") for m, p in zip(row, found.today, strict=True)] for row in minutes]
    totals = [ledger.say(sum(row), "minutes", id="incident.minutes") for row in minutes]
    longest = max(range(len(parts)), key=lambda i: minutes[0][i])
    finding = tr("An incident takes {totals} on average, of which {texts} are {words}", totals=totals[0], texts=texts[0][longest], words=_words(parts[longest])) + (
        tr("; with the best answers it would take {totals}.", totals=totals[1]) if found.steps else tr("; no better answer is left.")
    )

    def figure() -> dict[str, Any]:
        return timeline(rows, parts, minutes, texts, totals, axis_title=tr("From the first harmed user until all are served"))

    alt = "; ".join(f"{row}: {', '.join(f'{p} {t}' for p, t in zip(parts, said, strict=True))}" for row, said in zip(rows, texts, strict=True))
    note = tr("Averages over all hours of day and night. “Nobody who knows it” is the chance of that, times the time it then takes.")
    shown: list[Part] = [
        Exhibit("incident", tr("One incident, before and after"), finding, figure=figure, alt=alt, note=note, printed=tuple(ledger.printed))
    ]
    if found.steps:
        told = [
            tr("“{title}” spares {spared} an incident: {answer}", title=s.title, spared=ledger.say(float(s.spared_minutes.mean()), 'minutes', id=f'incident.spared.{s.practice}'), answer=inside(s.answer))
            for s in found.steps[:MOST_STEPS]
        ]
        shown.append(points(told, title=tr("Which answers shorten it, each alone"), printed=ledger.printed))
    return Chapter(tuple(shown))


def _words(part: str) -> str:
    return {"somebody starts": tr("until somebody starts"), "nobody who knows it": tr("because nobody can be reached who knows it")}.get(
        part, tr("spent {part}", part=part)
    )
