"""What a year costs: cash, hours and expected loss in three columns that are never silently added."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.groups import GroupLoss, losses_by_group
from readiness.assessment.money import DOWNTIME_LOSS, Amount
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.figures.bars import bars
from readiness.language import N_, joined, tr
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import COLUMN_WORDS, with_range

COLUMNS = (("cash", "cash_per_month"), ("hours", "hours_per_month"), ("loss", "loss_per_year"))
MOST_LINES = 3
MOST_BARS = 8
LEAST_SHARE = 0.005


def money(a: Assessment) -> Chapter:
    """Three columns with their largest lines, and what chance takes, line by line."""
    ledger = Ledger(a.engagement.client.currency)
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    for column, figure_id in COLUMNS:
        unit = "hours" if column == "hours" else "money"
        total, times = a.figure(figure_id).band, 1 if column == "loss" else 12
        emphasis.append(len(rows))
        rows.append((tr("{title} a year", title=COLUMN_WORDS[column]), ledger.say(total.mean * times, unit, id=f"{figure_id}.year"),
                     ledger.range(total.low * times, total.high * times, unit, id=f"{figure_id}.year"), ""))  # fmt: skip
        for x in _largest(a, column)[:MOST_LINES]:
            b = band(x.per_year)
            rows.append((f"   {x.title}", ledger.say(b.mean, unit, id=x.id), ledger.range(b.low, b.high, unit, id=x.id),
                         ledger.say(b.mean / (total.mean * times), "share", id=f"share_of_{column}.{x.id}")))  # fmt: skip
    economic = a.figure("economic_cost_per_year").band
    finding = tr(
        "Together, with hours at their loaded rate, this is an economic cost of {economic_cost_per_year} a year; "
        "only the first part of it leaves the bank account.",
        economic_cost_per_year=with_range(ledger, economic, 'money', id='economic_cost_per_year'),
    )
    table = Table((Column(tr("A year"), width=3), Column(tr("Average"), "right", 1.1), Column(tr("90 % range"), "right", 1.8), Column(tr("Of its column"), "right", 1)),
                  tuple(rows), tuple(emphasis))  # fmt: skip
    parts: list[Part] = [Exhibit("money", tr("Cash, hours and expected loss: the largest lines of each"), finding, table, printed=tuple(ledger.printed),
                                 note=tr("All lines stand in the appendix. Totals are sums of unrounded lines."))]  # fmt: skip
    losses = [x for x in _largest(a, "loss") if float(x.per_year.mean()) > 0]
    if losses:
        parts.append(_losses(a, losses))
    groups = losses_by_group(a)
    if groups:
        parts.append(_groups(a, groups))
    if float(a.values["revenue_per_hour"].mean()) == 0:
        parts.append(missing(tr("No revenue an hour is known, so downtime costs no revenue here: give money.revenue_per_year once there is some.")))
    return Chapter(tuple(parts))


def _losses(a: Assessment, losses: list[Amount]) -> Exhibit:
    ledger = Ledger(a.engagement.client.currency)
    shown = losses[:MOST_BARS]
    bands = [band(x.per_year) for x in shown]
    total = a.figure("loss_per_year").band.mean
    texts = [ledger.say(b.mean, "money", id=x.id) for x, b in zip(shown, bands, strict=True)]
    by_downtime = sum(float(x.per_year.mean()) for x in losses if x.id in DOWNTIME_LOSS)
    share = ledger.say(by_downtime / total, "share", id="share_of_loss.downtime")
    finding = tr(
        N_("{first} leads; downtime itself, with credits, makes up {share} of the expected loss.") if len(shown) > 1 else N_("{first} is all; downtime itself, with credits, makes up {share} of the expected loss."),
        first=shown[0].title, share=share,
    )
    labels = [x.title for x in shown]
    alt = tr("Bars of expected loss a year, largest first: ") + "; ".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True)) + "."
    return Exhibit("losses", tr("What chance takes in an average year"), finding, alt=alt, printed=tuple(ledger.printed),
                   figure=lambda: bars(labels, [b.mean for b in bands], texts, axis_title=tr("{currency} a year", currency=ledger.currency)))  # fmt: skip


def _groups(a: Assessment, groups: tuple[GroupLoss, ...]) -> Exhibit:
    """Who loses what: one row for each tenant group."""
    ledger = Ledger(a.engagement.client.currency)
    ranked = sorted(groups, key=lambda g: -float(g.total.mean()))
    everybody = sum(float(g.total.mean()) for g in groups)
    rows: list[tuple[str, ...]] = []
    for g in ranked:
        name, total = g.group.name, band(g.total)
        rows.append((
            g.group.title, ledger.say(g.group.share_of_revenue, "share", id=f"group.{name}.share_of_revenue"),
            ledger.say(float(g.bad_minutes.mean()), "minutes", id=f"group.{name}.bad_minutes"),
            *(ledger.say(float(x.mean()), "money", id=f"group.{name}.{kind}") for kind, x in (("revenue", g.revenue), ("churn", g.churn), ("credits", g.credits))),
            ledger.say(total.mean, "money", id=f"group.{name}.loss"), ledger.range(total.low, total.high, "money", id=f"group.{name}.loss"),
        ))  # fmt: skip
    first = ranked[0]
    finding = tr("Downtime costs no tenant group anything that is known here.")
    if everybody > 0:
        share = ledger.say(float(first.total.mean()) / everybody, "share", id="group.first.share_of_loss")
        revenue = ledger.say(first.group.share_of_revenue, "share", id=f"group.{first.group.name}.share_of_revenue")
        finding = tr("{group}: {revenue} of the revenue, and {share} of what downtime costs in revenue, departures and credits.", group=first.group.title, revenue=revenue, share=share)
    columns = (Column(tr("Tenant group"), width=1.7), Column(tr("Of revenue"), "right", 0.7), Column(tr("Downtime it feels a year"), "right", 1), Column(tr("Revenue lost"), "right", 0.9),
               Column(tr("Who leave"), "right", 0.9), Column(tr("Credits owed"), "right", 0.9), Column(tr("In all"), "right", 0.9), Column(tr("90 % range"), "right", 2))  # fmt: skip
    return Exhibit("loss_by_group", tr("Who loses what"), finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                   note=tr("The rows add up to these lines of the expected loss. Staff who cannot work, lost data and contracts belong to no group."))  # fmt: skip


def _largest(a: Assessment, column: str) -> list[Amount]:
    """Lines of a column that count, the largest first."""
    return sorted((x for x in a.amounts if x.column == column and not x.avoidable_only), key=lambda x: -float(x.per_year.mean()))


def every_line(a: Assessment) -> Chapter:
    """All lines of the three columns with their ranges and what each is made of."""
    ledger = Ledger(a.engagement.client.currency)
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    small: list[str] = []
    for column, figure_id in COLUMNS:
        unit = "hours" if column == "hours" else "money"
        total, times = a.figure(figure_id).band, 1 if column == "loss" else 12
        emphasis.append(len(rows))
        rows.append((tr("{title} a year", title=COLUMN_WORDS[column]), ledger.say(total.mean * times, unit, id=f"{figure_id}.year"),
                     ledger.range(total.low * times, total.high * times, unit, id=f"{figure_id}.year"), ""))  # fmt: skip
        parts_of_bill = [x for x in a.amounts if x.column == column and x.avoidable_only]
        for x in (*_largest(a, column), *parts_of_bill):
            b = a.figure(x.id).band
            if b.mean < LEAST_SHARE * total.mean * times or b.mean <= 0:
                small += [x.title] if b.mean > 0 else []
                continue
            shown = tr("{title} (part of the bill above, not added)", title=x.title) if x.avoidable_only else x.title
            rows.append((f"   {shown}", ledger.say(b.mean, unit, id=x.id), ledger.range(b.low, b.high, unit, id=x.id), x.source))
    finding = tr("Every line of the year; each of them is made from numbers in the last chapters, and recomputed by the spreadsheet.")
    note = tr("Left out because they are under half a per cent of their column: {small}.", small=joined(small)) if small else ""
    table = Table((Column(tr("A year"), width=2.6), Column(tr("Average"), "right", 1.1), Column(tr("90 % range"), "right", 1.9), Column(tr("Made as"), width=2.1)),
                  tuple(rows), tuple(emphasis))  # fmt: skip
    return Chapter((Exhibit("every_line", tr("All lines of cash, hours and expected loss"), finding, table, note=note, printed=tuple(ledger.printed)),))
