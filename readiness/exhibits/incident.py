"""One incident, before and after: where the minutes go today, and what better answers leave of them."""

from __future__ import annotations

from typing import Any

from readiness.assessment import Assessment
from readiness.assessment.incident import incident as reckoned
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Exhibit, Part, points
from readiness.figures.timeline import timeline
from readiness.text import Ledger

MOST_STEPS = 5


@maybe_ahead
def incident(a: Assessment) -> Chapter:
    """A fault at any hour from the first harmed user to the repair: today's answers against the best ones."""
    ledger = Ledger(a.engagement.client.currency)
    found = reckoned(a)
    rows = ["today's answers"] + (["the best answers"] if found.steps else [])
    results = [found.today, found.better][: len(rows)]
    minutes = [[float(p.minutes.mean()) for p in r] for r in results]
    parts = [p.title for p in found.today]
    texts = [[ledger.say(m, "minutes", id=f"incident.{p.number}") for m, p in zip(row, found.today, strict=True)] for row in minutes]
    totals = [ledger.say(sum(row), "minutes", id="incident.minutes") for row in minutes]
    longest = max(range(len(parts)), key=lambda i: minutes[0][i])
    finding = f"An incident takes {totals[0]} on average, of which {texts[0][longest]} are {_words(parts[longest])}" + (
        f"; with the best answers it would take {totals[1]}." if found.steps else "; no better answer is left."
    )

    def figure() -> dict[str, Any]:
        return timeline(rows, parts, minutes, texts, totals, axis_title="From the first harmed user until all are served")

    alt = "; ".join(f"{row}: {', '.join(f'{p} {t}' for p, t in zip(parts, said, strict=True))}" for row, said in zip(rows, texts, strict=True))
    note = "Averages over all hours of day and night. “Nobody who knows it” is the chance of that, times the time it then takes."
    shown: list[Part] = [
        Exhibit("incident", "One incident, before and after", finding, figure=figure, alt=alt, note=note, printed=tuple(ledger.printed))
    ]
    if found.steps:
        told = [
            f"“{s.title}” spares {ledger.say(float(s.spared_minutes.mean()), 'minutes', id=f'incident.spared.{s.practice}')} an incident: {s.answer[:1].lower()}{s.answer[1:]}"
            for s in found.steps[:MOST_STEPS]
        ]
        shown.append(points(told, title="Which answers shorten it, each alone", printed=ledger.printed))
    return Chapter(tuple(shown))


def _words(part: str) -> str:
    return {"somebody starts": "until somebody starts", "nobody who knows it": "because nobody can be reached who knows it"}.get(
        part, f"spent {part}"
    )
