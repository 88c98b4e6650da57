"""The last twelve months: what the model says of them, what the client remembers, and what that changes."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.history import REMEMBERED_WEIGHT, HistoryResult, history
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, points
from readiness.text import Ledger
from readiness.wording import joined

QUESTIONS = (
    "How many outages did users notice in the last twelve months?",
    "How long does a usual one last?",
    "How long was the worst?",
)


@maybe_ahead
def last_year(a: Assessment) -> Chapter:
    """Prior, data and posterior of how often and how long, and the model's last year beside the client's."""
    found = history(a)
    if found.backcast is None:
        return Chapter((missing(found.sentence), points(QUESTIONS, title="Three figures that would do")))
    ledger = Ledger(a.engagement.client.currency)
    leaning = "The figures of this report lean on what happened." if a.measured else "The figures of this report rest on the answers alone."
    parts: list[Part] = [_backcast(found, leaning, ledger), _learned(found, ledger)]
    if found.by_cause:
        shown = joined([f"{cause} {ledger.plain(n, id=f'history.cause.{cause}')}" for cause, n in found.by_cause[:8]])
        parts.append(points([f"By the client's own words for the causes: {shown}"], printed=ledger.printed))
    if found.undated:
        left_out = Ledger(a.engagement.client.currency)
        parts.append(missing(f"{left_out.count(found.undated, id='history.undated')} incidents have no start that can be read and were left out.", printed=left_out.printed))
    return Chapter(tuple(parts))


def _backcast(found: HistoryResult, leaning: str, ledger: Ledger) -> Exhibit:
    b = found.backcast
    assert b is not None
    rows = [
        (
            "Outages",
            ledger.plain(b.model_count, id="backcast.model_count"),
            "",
            ledger.plain(b.count or 0, id="backcast.count"),
            _rarely(b.chance_as_often, b.chance_as_rarely, ledger, "count"),
        )
    ]
    if b.minutes is not None:
        band = ledger.range(*b.model_minutes_band, "minutes", id="backcast.model_minutes")
        rows.append(("Time in outages", ledger.say(b.model_minutes, "minutes", id="backcast.model_minutes"), band, ledger.say(b.minutes, "minutes", id="backcast.minutes"),
                     _rarely(b.chance_as_many_minutes, b.chance_as_few_minutes, ledger, "minutes")))  # fmt: skip
    columns = (
        Column("A year", width=1.2),
        Column("Model", "right"),
        Column("90 % of years", "right", 1.4),
        Column("You", "right"),
        Column("How odd that would be", width=2.2),
    )
    source = "The incidents are the client's own list."
    if found.kind == "remembered":
        source = f"Remembered, not listed: counts {ledger.say(REMEMBERED_WEIGHT, 'share', id='remembered_weight')} of a list, and an outage of a tenth of the users counts as a tenth."
    return Exhibit(
        "backcast",
        "The last twelve months, held against the model",
        found.sentence,
        Table(columns, tuple(rows)),
        note=f"{source} {leaning}",
        printed=tuple(ledger.printed),
    )


def _rarely(many: float | None, few: float | None, ledger: Ledger, id: str) -> str:
    if many is None or few is None:
        return ""
    if many <= few:
        return f"as many or more in {ledger.say(many, 'share', id=f'backcast.{id}.many')} of years"
    return f"as few or fewer in {ledger.say(few, 'share', id=f'backcast.{id}.few')} of years"


def _learned(found: HistoryResult, ledger: Ledger) -> Exhibit:
    rate, length = found.rate, found.lengths
    rows = (
        ("Outages a year", _told(rate.prior, "count", "history.rate.prior", ledger), ledger.plain(rate.seen or 0, id="history.rate.seen"), _told(rate.posterior, "count", "history.rate.posterior", ledger)),
        ("A usual outage", _told(length.prior, "minutes", "history.length.prior", ledger),
         ledger.say(length.seen, "minutes", id="history.length.seen") if length.seen else "", _told(length.posterior, "minutes", "history.length.posterior", ledger)),
    )  # fmt: skip
    moved = rate.posterior[0] / rate.prior[0] if rate.prior[0] > 0 else 1.0
    shown = ledger.plain(moved, id="history.rate.factor")
    longer = ledger.plain(found.length_factor, id="history.length.factor")
    finding = f"With last year taken in, outages come {shown} times as often as the answers suggest, and last {longer} times as long."
    columns = (Column("", width=1.2), Column("From the answers", "right", 1.6), Column("Seen", "right"), Column("Believed now", "right", 1.6))
    note = "A rate: gamma and Poisson. A length: lognormal; the workbook's own is worth two incidents of yours, as published outages are of far larger providers. In brackets 90 % ranges."
    return Exhibit("learned", "What last year changes", finding, Table(columns, rows), note=note, printed=tuple(ledger.printed))


def _told(spoken: tuple[float, float, float], unit: str, id: str, ledger: Ledger) -> str:
    return f"{ledger.say(spoken[0], unit, id=id)} ({ledger.range(spoken[1], spoken[2], unit, id=id)})"
