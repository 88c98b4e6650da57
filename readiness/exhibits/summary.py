"""The cover and the one page that a board reads."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Block, Chapter, Column, Exhibit, Table, points
from readiness.text import Ledger
from readiness.wording import reason_sentence, verdict_sentence, with_range

MOST_REASONS = 6


def cover(a: Assessment) -> Chapter:
    """Whose report it is, as of when, and in what state."""
    e = a.engagement
    counts = f"{sum(p.state in ('answered', 'disputed') for p in a.standing.practices)} of {sum(p.state != 'does not apply' for p in a.standing.practices)} questions answered"
    facts = [
        ["Promise under review", f"{a.main.journey.promise.slo * 100:.10g} % for “{a.main.journey.title}”"],
        ["From", str(a.main.journey.promise.from_date or "today")],
        ["Basis", counts],
        ["Prepared by", e.consultant or "not named"],
        ["Currency", e.client.currency],
    ]
    content = {"title": "Production readiness", "client": e.client.name, "subtitle": f"{e.client.industry}, {e.stage.replace('_', ' ')} stage",
               "as_of": a.as_of.isoformat(), "status": e.status, "facts": facts, "brand": None}  # fmt: skip
    return Chapter((Block("cover", content),))


def summary(a: Assessment) -> Chapter:
    """The verdict, four headline numbers with their ranges, and what stands in the way."""
    ledger = Ledger(a.engagement.client.currency)
    reasons = [reason_sentence(a, r) for r in a.standing.verdict.reasons]
    shown = [{"text": text, "tone": tone} for text, tone in reasons[:MOST_REASONS]]
    if len(reasons) > MOST_REASONS:
        shown.append({"text": f"and {len(reasons) - MOST_REASONS} more, listed under “Readiness by dimension”", "tone": "warn"})
    if not shown:
        shown = [{"text": "No gate of this promise is missed, and its chance of breach may be signed", "tone": "good"}]
    verdict = Block("verdict", {"verdict": a.standing.verdict.outcome, "promise": f"{a.main.journey.promise.slo * 100:.10g} %",
                                "sentence": verdict_sentence(a, ledger), "reasons": shown})  # fmt: skip
    panel = []
    for figure_id, label in (("bad_minutes_per_year", "Expected downtime a year"), ("breach_chance_per_year", "Chance to break the promise"),
                             ("loss_per_year", "Expected loss a year"), ("cash_per_month", "Cash a month, today's design")):  # fmt: skip
        figure = a.figure(figure_id)
        band = figure.band
        panel.append({"label": label, "value": ledger.say(band.mean, figure.unit, id=figure_id),
                      "range": ledger.range(band.low, band.high, figure.unit, id=figure_id), "note": "90 % range"})  # fmt: skip
    year = a.main.year
    told = [
        f"Availability expected of “{a.main.journey.title}”: {ledger.say(float(a.main.total.mean()) / 525600, 'unavailability', id='unavailability_of_main')}. "
        f"A typical year has {ledger.say(year.typical, 'minutes', id='year.typical')} of downtime, the average is {ledger.say(year.average, 'minutes', id='year.average')}, "
        f"and one year in ten has {ledger.say(year.one_in_ten, 'minutes', id='year.one_in_ten')} or more.",
        f"People spend {with_range(ledger, a.figure('hours_per_month').band, 'hours/month', id='hours_per_month')} a month on running it; "
        "hours are not cash unless somebody is not hired.",
    ]
    return Chapter((verdict, Block("figures_panel", {"figures": panel}, tuple(ledger.printed)), points(told)))


def money(a: Assessment) -> Chapter:
    """Cash, hours and expected loss, never silently added."""
    ledger = Ledger(a.engagement.client.currency)
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    for column, title in (("cash", "Cash a year"), ("hours", "Hours a year"), ("loss", "Expected loss a year")):
        unit = "hours" if column == "hours" else "money"
        lines = sorted((x for x in a.amounts if x.column == column), key=lambda x: -float(x.per_year.mean()))
        total = a.figure({"cash": "cash_per_month", "hours": "hours_per_month", "loss": "loss_per_year"}[column])
        factor = 1 if column == "loss" else 12
        emphasis.append(len(rows))
        rows.append(
            (
                title,
                ledger.say(total.band.mean * factor, unit, id=f"{total.id}.year"),
                ledger.range(total.band.low * factor, total.band.high * factor, unit, id=f"{total.id}.year"),
            )
        )
        for x in lines:
            f = a.figure(x.id).band
            if f.mean >= 0.005 * total.band.mean * factor and f.mean > 0:
                shown = f"{x.title} (part of the bill above)" if x.avoidable_only else x.title
                rows.append((f"   {shown}", ledger.say(f.mean, unit, id=x.id), ledger.range(f.low, f.high, unit, id=x.id)))
    economic = a.figure("economic_cost_per_year").band
    finding = (
        f"Together, with hours at their loaded rate, this is an economic cost of {with_range(ledger, economic, 'money', id='economic_cost_per_year')} a year; "
        "only the first part of it leaves the bank account."
    )
    table = Table((Column("A year", width=3), Column("Average", "right", 1.1), Column("90 % range", "right", 1.8)), tuple(rows), tuple(emphasis))
    return Chapter((Exhibit("money", "Cash, hours and expected loss", finding, table, printed=tuple(ledger.printed),
                            note="Lines under half a per cent of their column are left out. Totals are sums of unrounded lines."),))  # fmt: skip
