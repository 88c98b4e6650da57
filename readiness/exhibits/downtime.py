"""Where the downtime comes from."""

from __future__ import annotations

import numpy as np

from readiness.assessment import Assessment
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Table
from readiness.figures.bars import bars
from readiness.language import tr
from readiness.models import Array
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import causes_sentence

MOST_BARS = 8
MOST_ROWS = 12


def downtime(a: Assessment) -> Chapter:
    """Bad minutes a year by cause, ranked against the error budget."""
    ledger = Ledger(a.engagement.client.currency)
    total = float(a.bad_minutes_weighted.mean()) or 1.0
    ranked = sorted(a.bad_minutes_by_cause.items(), key=lambda kv: -float(kv[1][1].mean()))
    ranked = [r for r in ranked if float(r[1][1].mean()) > 0]
    finding = causes_sentence([(title, float(draws.mean()) / total) for _, (title, draws) in ranked], ledger)
    bands = [band(draws) for _, (_, draws) in ranked]
    labels, shown = [title for _, (title, _) in ranked][:MOST_BARS], bands[:MOST_BARS]
    texts = [ledger.say(b.mean, "minutes", id=f"bad_minutes_{c}") for (c, _), b in zip(ranked, shown, strict=False)]

    def figure() -> dict[str, object]:
        hours = [b.mean / 60 for b in shown]
        return bars(labels, hours, texts, axis_title=tr("Hours of downtime a year, weighted by reach"), stressed=1)

    alt = tr("Bars of expected downtime by cause, longest first: {causes}.", causes='; '.join(f'{label} {text}' for label, text in zip(labels, texts, strict=True)))
    chart = Exhibit("downtime_by_cause", tr("Expected downtime by cause"), finding, figure=figure, alt=alt, printed=tuple(ledger.printed))
    return Chapter((chart, _listed(a, ranked)))


def _listed(a: Assessment, ranked: list[tuple[str, tuple[str, Array]]]) -> Exhibit:
    ledger = Ledger(a.engagement.client.currency)
    budget = (1 - a.main.journey.promise.slo) * MINUTES_PER_YEAR
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    rest: list[Array] = []
    money = a.loss_by_cause
    priced = any(float(x.mean()) > 0 for x in money.values())
    other_money: list[Array] = []
    for number, (cause, (title, drawn)) in enumerate(ranked):
        b = band(drawn)
        share = b.mean / budget
        # One row for a single small cause says as much as one for "the others".
        if number >= MOST_ROWS and len(ranked) > MOST_ROWS + 1:
            rest.append(drawn)
            other_money.append(money[cause])
            continue
        if share > 0.25:
            emphasis.append(len(rows))
        rows.append((title, ledger.say(b.mean, "minutes", id=f"bad_minutes_{cause}"), ledger.range(b.low, b.high, "minutes", id=f"bad_minutes_{cause}"),
                     _of_budget(ledger, share, cause), *(_costs(ledger, money[cause], cause) if priced else ())))  # fmt: skip
    over = sum(band(drawn).mean > 0.25 * budget for _, (_, drawn) in ranked)
    if rest:
        b = band(np.sum(rest, axis=0))
        rows.append((tr("{others} other causes together", others=ledger.count(len(rest), id='causes.others')), ledger.say(b.mean, "minutes", id="bad_minutes_others"),
                     ledger.range(b.low, b.high, "minutes", id="bad_minutes_others"), _of_budget(ledger, b.mean / budget, "others"),
                     *(_costs(ledger, np.sum(other_money, axis=0), "others") if priced else ())))  # fmt: skip
    allowed = ledger.say(budget, "minutes", id="error_budget_minutes_per_year")
    many = ledger.count(over, id="causes.endangering")
    finding = (
        tr("No cause alone takes more than a quarter of what the promise forgives.") if over == 0
        else tr("One cause alone takes more than a quarter of what the promise forgives.") if over == 1
        else tr("Each of {many} causes alone takes more than a quarter of what the promise forgives.", many=many)
    )  # fmt: skip
    note = (
        tr("The promise forgives {allowed} a year. What takes more than a quarter of it endangers the promise alone; those rows are tinted. "
        "Minutes count users: an hour for half of them is 30 minutes. Ranges do not add up.", allowed=allowed)
        + (tr(" What it costs is revenue, customers who leave and staff who wait; credits, lost data and contracts are sums of their own.") if priced else "")
    )
    columns = (Column(tr("Cause"), width=2.6 if priced else 3.2), Column(tr("Downtime a year"), "right", 1.1), Column(tr("90 % range"), "right", 1.6), Column(tr("Of what is forgiven"), "right", 1.2),
               *((Column(tr("Costs a year"), "right", 1.1), Column(tr("90 % range"), "right", 1.9)) if priced else ()))  # fmt: skip
    return Exhibit("causes", tr("Causes against the error budget"), finding, Table(columns, tuple(rows), tuple(emphasis)), note=note, printed=tuple(ledger.printed))


def _costs(ledger: Ledger, money: Array, cause: str) -> tuple[str, str]:
    b = band(money)
    return ledger.say(b.mean, "money", id=f"loss_of_{cause}"), ledger.range(b.low, b.high, "money", id=f"loss_of_{cause}")


def _of_budget(ledger: Ledger, share: float, cause: str) -> str:
    if share < 0.9995:
        return ledger.say(share, "share", id=f"budget_share_{cause}")
    return tr("{budget_share} times", budget_share=ledger.say(share, 'factor', id=f'budget_share_{cause}'))
