"""How sure are we: what decides a headline, and how the inputs that matter most were obtained."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.deciding import Deciding, Input, deciding
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.figures.tornado import tornado
from readiness.text import Ledger
from readiness.wording import EVIDENCE_WORDS, joined

SHOWN = 10
NAMES = {"loss_per_year": "the expected loss", "bad_minutes_per_year": "the expected downtime", "breach_chance_per_year": "the chance to break the promise",
         "cash_per_month": "the cash a month", "hours_per_month": "people's hours", "economic_cost_per_year": "the economic cost"}  # fmt: skip
AXES = {"loss_per_year": "{currency} a year", "bad_minutes_per_year": "Minutes a year", "breach_chance_per_year": "Chance within a year", "cash_per_month": "{currency} a month",
        "hours_per_month": "Hours a month", "economic_cost_per_year": "{currency} a year"}  # fmt: skip


def what_decides(a: Assessment, headlines: tuple[str, ...] = ("loss_per_year", "bad_minutes_per_year")) -> Chapter:
    """For each headline, the inputs it hangs on, the three that matter most, and how each was obtained."""
    return Chapter(tuple(_decided(a, deciding(a, headline)) for headline in headlines))


def _name(i: Input) -> str:
    """An input in words, with its tier where it belongs to one."""
    tier = i.address.rpartition(".")[0]
    return f"{tier}: {i.title}" if tier else i.title


def obtained(a: Assessment, i: Input) -> str:
    """How a number was obtained, in words."""
    if i.how == "not asked":
        titles = [a.catalog.practices[p].title for p in i.open]
        return f"nobody was asked ({joined(titles[:2])})"
    return EVIDENCE_WORDS[i.how]


def _decided(a: Assessment, d: Deciding) -> Part:
    name = NAMES[d.headline]
    if not d.inputs or not d.bars:
        return missing(f"Nothing that varies moves {name}: within its range it is as good as certain.")
    ledger = Ledger(a.engagement.client.currency)
    figure = a.figure(d.headline)
    told = [f"{_name(i)} ({obtained(a, i)}, {ledger.say(i.share, 'share', id=f'{d.headline}.share.{i.address}')})" for i in d.first]
    first = sum(i.share for i in d.first)
    if first > 0.5:
        finding = f"Most of what is not known of {name} hangs on {_counted(len(d.first))}: {joined(told)}."
    else:
        finding = f"No few inputs decide {name}: the first {len(d.first)} carry {ledger.say(first, 'share', id=f'{d.headline}.first')} of its spread: {joined(told)}."
    by_address = {i.address: i for i in d.inputs}
    bars = [b for b in d.bars if b.name in by_address][:SHOWN]
    rows = [
        (_name(i), ledger.range(i.band.low, i.band.high, i.unit, id=i.address), ledger.say(i.share, "share", id=f"{d.headline}.share.{i.address}"), obtained(a, i), i.source)
        for i in d.inputs[:SHOWN]
    ]
    middle = bars[0].at_median if bars else 0.0
    unit = figure.unit
    ends = [f"{_name(by_address[b.name])} {ledger.range(min(b.at_low, b.at_high), max(b.at_low, b.at_high), unit, id=f'{d.headline}.swing.{b.name}')}" for b in bars[:5]]
    note = (
        "Share: part of the variance that an input carries by itself; what inputs do only together is left over. "
        f"Figure: {name} with one input at the ends of its 90 % range and the rest at their medians, where it stands at {ledger.say(middle, unit, id=f'{d.headline}.at_medians')}; "
        "that is less than its average, since rare and large values pull the average up."
    )
    return Exhibit(
        f"decides_{d.headline}", f"What decides {name}", finding,
        Table((Column("Input", width=2.2), Column("90 % range", "right", 1.3), Column("Share", "right", 0.7), Column("Obtained", width=1.3), Column("Source", width=2.6)), tuple(rows)),
        alt=f"{figure.title} as one input runs through its range: " + "; ".join(ends) + ".", note=note, printed=tuple(ledger.printed),
        figure=lambda: tornado([_name(by_address[b.name]) for b in bars], [b.at_low for b in bars], [b.at_high for b in bars], middle=middle,
                               axis_title=AXES[d.headline].format(currency=ledger.currency)),
    )  # fmt: skip


def _counted(count: int) -> str:
    return {1: "one input", 2: "two inputs", 3: "three inputs"}[count]
