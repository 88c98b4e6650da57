"""The last twelve months: what the model says of them, what the client remembers, and what that changes."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.history import REMEMBERED_WEIGHT, HistoryResult, history
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, points
from readiness.language import N_, joined, tr
from readiness.text import Ledger

QUESTIONS = (
    N_("How many outages did users notice in the last twelve months?"),
    N_("How long does a usual one last?"),
    N_("How long was the worst?"),
)


@maybe_ahead
def last_year(a: Assessment) -> Chapter:
    """Prior, data and posterior of how often and how long, and the model's last year beside the client's."""
    found = history(a)
    if found.backcast is None:
        return Chapter((missing(found.sentence), points([tr(q) for q in QUESTIONS], title=tr("Three figures that would do"))))
    ledger = Ledger(a.engagement.client.currency)
    leaning = tr("The figures of this report lean on what happened.") if a.measured else tr("The figures of this report rest on the answers alone.")
    parts: list[Part] = [_backcast(found, leaning, ledger), _learned(found, ledger)]
    if found.by_cause:
        shown = joined([f"{cause} {ledger.plain(n, id=f'history.cause.{cause}')}" for cause, n in found.by_cause[:8]])
        parts.append(points([tr("By the client's own words for the causes: {shown}", shown=shown)], printed=ledger.printed))
    if found.undated:
        left_out = Ledger(a.engagement.client.currency)
        parts.append(missing(tr("{undated} incidents have no start that can be read and were left out.", undated=left_out.count(found.undated, id='history.undated')), printed=left_out.printed))
    return Chapter(tuple(parts))


def _backcast(found: HistoryResult, leaning: str, ledger: Ledger) -> Exhibit:
    b = found.backcast
    assert b is not None
    rows = [
        (
            tr("Outages"),
            ledger.plain(b.model_count, id="backcast.model_count"),
            "",
            ledger.plain(b.count or 0, id="backcast.count"),
            _rarely(b.chance_as_often, b.chance_as_rarely, ledger, "count"),
        )
    ]
    if b.minutes is not None:
        band = ledger.range(*b.model_minutes_band, "minutes", id="backcast.model_minutes")
        rows.append((tr("Time in outages"), ledger.say(b.model_minutes, "minutes", id="backcast.model_minutes"), band, ledger.say(b.minutes, "minutes", id="backcast.minutes"),
                     _rarely(b.chance_as_many_minutes, b.chance_as_few_minutes, ledger, "minutes")))  # fmt: skip
    columns = (
        Column(tr("A year"), width=1.2),
        Column(tr("Model"), "right"),
        Column(tr("90 % of years"), "right", 1.4),
        Column(tr("You"), "right"),
        Column(tr("How odd that would be"), width=2.2),
    )
    source = tr("The incidents are the client's own list.")
    if found.kind == "remembered":
        source = tr("Remembered, not listed: counts {remembered_weight} of a list, and an outage of a tenth of the users counts as a tenth.", remembered_weight=ledger.say(REMEMBERED_WEIGHT, 'share', id='remembered_weight'))
    return Exhibit(
        "backcast",
        tr("The last twelve months, held against the model"),
        found.sentence,
        Table(columns, tuple(rows)),
        note=f"{source} {leaning}",
        printed=tuple(ledger.printed),
    )


def _rarely(many: float | None, few: float | None, ledger: Ledger, id: str) -> str:
    if many is None or few is None:
        return ""
    if many <= few:
        return tr("as many or more in {many} of years", many=ledger.say(many, 'share', id=f'backcast.{id}.many'))
    return tr("as few or fewer in {few} of years", few=ledger.say(few, 'share', id=f'backcast.{id}.few'))


def _learned(found: HistoryResult, ledger: Ledger) -> Exhibit:
    rate, length = found.rate, found.lengths
    rows = (
        (tr("Outages a year"), _told(rate.prior, "count", "history.rate.prior", ledger), ledger.plain(rate.seen or 0, id="history.rate.seen"), _told(rate.posterior, "count", "history.rate.posterior", ledger)),
        (tr("A usual outage"), _told(length.prior, "minutes", "history.length.prior", ledger),
         ledger.say(length.seen, "minutes", id="history.length.seen") if length.seen else "", _told(length.posterior, "minutes", "history.length.posterior", ledger)),
    )  # fmt: skip
    moved = rate.posterior[0] / rate.prior[0] if rate.prior[0] > 0 else 1.0
    shown = ledger.plain(moved, id="history.rate.factor")
    longer = ledger.plain(found.length_factor, id="history.length.factor")
    finding = tr("With last year taken in, outages come {shown} times as often as the answers suggest, and last {longer} times as long.", shown=shown, longer=longer)
    columns = (Column("", width=1.2), Column(tr("From the answers"), "right", 1.6), Column(tr("Seen"), "right"), Column(tr("Believed now"), "right", 1.6))
    note = tr("A rate: gamma and Poisson. A length: lognormal; the workbook's own is worth two incidents of yours, as published outages are of far larger providers. In brackets 90 % ranges.")
    return Exhibit("learned", tr("What last year changes"), finding, Table(columns, rows), note=note, printed=tuple(ledger.printed))


def _told(spoken: tuple[float, float, float], unit: str, id: str, ledger: Ledger) -> str:
    return f"{ledger.say(spoken[0], unit, id=id)} ({ledger.range(spoken[1], spoken[2], unit, id=id)})"
