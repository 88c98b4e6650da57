"""Where the downtime comes from."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Table
from readiness.figures.bars import bars
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import causes_sentence

MOST_CAUSES = 10


def downtime(a: Assessment) -> Chapter:
    """Bad minutes a year by cause, ranked against the error budget."""
    ledger = Ledger(a.engagement.client.currency)
    total = float(a.bad_minutes_weighted.mean()) or 1.0
    ranked = sorted(a.bad_minutes_by_cause.items(), key=lambda kv: -float(kv[1][1].mean()))
    ranked = [r for r in ranked if float(r[1][1].mean()) > 0]
    finding = causes_sentence([(title, float(draws.mean()) / total) for _, (title, draws) in ranked], ledger)
    bands = [band(draws) for _, (_, draws) in ranked]
    budget = (1 - a.main.journey.promise.slo) * MINUTES_PER_YEAR
    rows, emphasis = [], []
    for number, ((cause, (title, _)), b) in enumerate(zip(ranked, bands, strict=True)):
        share = b.mean / budget
        rows.append((title, ledger.say(b.mean, "minutes", id=f"bad_minutes_{cause}"), ledger.range(b.low, b.high, "minutes", id=f"bad_minutes_{cause}"),
                     ledger.say(share, "share", id=f"budget_share_{cause}") if share < 9.995 else f"{ledger.plain(share, id=f'budget_share_{cause}')} times"))  # fmt: skip
        if share > 0.25:
            emphasis.append(number)
    labels = [title for _, (title, _) in ranked][:MOST_CAUSES]
    shown = bands[:MOST_CAUSES]
    texts = [ledger.say(b.mean, "minutes", id=f"bad_minutes_{c}") for (c, _), b in zip(ranked, shown, strict=False)]

    def figure() -> dict[str, object]:
        hours = [b.mean / 60 for b in shown]
        return bars(labels, hours, texts, axis_title="Hours of downtime a year, weighted by reach", stressed=1)

    over = sum(b.mean > 0.25 * budget for b in bands)
    allowed = ledger.say(budget, "minutes", id="error_budget_minutes_per_year")
    note = (
        f"The promise forgives {allowed} a year. A cause that takes more than a quarter of it endangers the promise alone; "
        f"{'none does' if over == 0 else f'{over} do' if over > 1 else 'one does'}. Minutes count users: an hour for half of them is 30 minutes."
    )
    table = Table(
        (
            Column("Cause", width=3.2),
            Column("Downtime a year", "right", 1.1),
            Column("90 % range", "right", 1.5),
            Column("Of the error budget", "right", 1.2),
        ),
        tuple(rows[:16]),
        tuple(e for e in emphasis if e < 16),
    )
    alt = f"Bars of expected downtime by cause, longest first: {'; '.join(f'{label} {text}' for label, text in zip(labels, texts, strict=True))}."
    chart = Exhibit("downtime_by_cause", "Expected downtime by cause", finding, figure=figure, alt=alt, printed=tuple(ledger.printed))
    listed = Exhibit(
        "causes",
        "Causes against the error budget",
        f"{'One cause takes' if over == 1 else f'{over} causes take'} more than a quarter of the error budget each."
        if over
        else "No cause takes more than a quarter of the error budget.",
        table,
        note=note,
        printed=tuple(ledger.printed),
    )
    return Chapter((chart, listed))
