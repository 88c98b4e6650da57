"""What the report rests on: the design as it is run, every number with its source, and where it all came from."""

from __future__ import annotations

from collections import Counter

import numpy as np

import readiness
from readiness.assessment import Assessment
from readiness.assumptions import NUMBERS
from readiness.design import OLD_PRICE_MONTHS, Placed, billed_over_listed
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, definitions, heading, missing, text
from readiness.text import Ledger
from readiness.wording import joined, provider_name

EVIDENCE_ORDER = ("measured", "published", "arithmetic", "estimated")
GROUP_WORDS = {"measured": "Measured at the client", "published": "Published", "arithmetic": "Arithmetic", "estimated": "Estimates of this workbook or of the client"}
KIND_WORDS = {
    "measured": ("was measured at the client", "were measured at the client"), "published": ("is published", "are published"),
    "arithmetic": ("is arithmetic", "are arithmetic"), "estimated": ("is an estimate", "are estimates"),
}  # fmt: skip


def architecture(a: Assessment) -> Chapter:
    """Each tier as it is run today: copies, expected downtime, cash and hours."""
    ledger = Ledger(a.engagement.client.currency)
    rows, no_price, old = [], [], []
    bill = a.engagement.bill
    billed = {line.tier for line in bill.lines if line.tier}
    for p in a.design.placed:
        tier = p.tier.name
        down = a.bad_minutes_by_cause.get(tier)
        cash, hours = a.values[f"{tier}.cash_per_month"], a.values[f"{tier}.effort_hours_per_month"]
        known = p.tier.cost_per_month is not None or p.lines or float(cash.mean()) > 0
        if not known and p.price_missing:
            no_price.append(tier)
        if any(line.age_months > OLD_PRICE_MONTHS for line in p.lines) and p.tier.cost_per_month is None and tier not in billed:
            old.append(tier)
        rows.append((tier, p.way.title, "you" if p.way.run_by == "client" else provider_name(p.way.provider), _where(p, ledger),
                     ledger.say(float(down[1].mean()), "minutes", id=f"bad_minutes_{tier}") if down else "",
                     ledger.say(float(cash.mean()), "money", id=f"{tier}.cash_per_month") if known else "not known",
                     ledger.say(float(hours.mean()), "hours", id=f"{tier}.effort_hours_per_month")))  # fmt: skip
    own = [p.tier.name for p in a.design.placed if p.way.run_by == "client"]
    alone = [p.tier.name for p in a.design.placed if not p.redundant and p.way.run_by == "client"]
    counted, every = ledger.count(len(own), id="tiers.own"), ledger.count(len(rows), id="tiers")
    finding = f"{counted if own else 'None'} of {every} tiers {'is' if len(own) == 1 else 'are'} run by the team itself" + (
        f"; {joined(alone)} {'has' if len(alone) == 1 else 'have'} no second copy." if alone else "."
    )
    columns = (Column("Tier", width=1.1), Column("How it is run today", width=2.4), Column("Run by", width=1.2), Column("Copies", width=1.1),
               Column("Downtime a year", "right", 1), Column("Cash a month", "right", 1.1), Column("Hours a month", "right", 0.9))  # fmt: skip
    note = "Downtime of a tier counts its own faults and failovers, not those of changes, people, zones and regions."
    if billed:
        over = ledger.say(billed_over_listed(a.engagement, a.design), "factor", id="billed_over_listed")
        names = joined([p.tier.name for p in a.design.placed if p.tier.name in billed])
        note += f" Cash of {names} is what the client's bill says; list prices of the other tiers are multiplied by {over}, as the bill stands to list prices."
    parts: list[Part] = [Exhibit("architecture", "Today's design", finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                                 note=note)]  # fmt: skip
    if no_price:
        parts.append(missing(f"No price is known for {joined(no_price)}: give cost_per_month, or import the bill. Cash is at least what is shown."))
    if old:
        aged = Ledger(a.engagement.client.currency)
        parts.append(missing(f"List prices of {joined(old)} are older than {aged.count(OLD_PRICE_MONTHS, id='old_price_months')} months; the client's own bill would be better.", printed=aged.printed))
    return Chapter(tuple(parts))


def _where(p: Placed, ledger: Ledger) -> str:
    """How many copies of a tier there are, and where."""
    copies = ledger.count(p.copies, id=f"{p.tier.name}.copies")
    if p.way.zones > 1:
        return f"{copies} in {ledger.count(p.way.zones, id=f'{p.tier.name}.zones')} zones"
    return f"{copies}, one zone" if p.way.run_by == "client" else p.way.redundancy.replace("_", " ")


def assumptions(a: Assessment, audience: str = "client") -> Chapter:
    """Every organisation-wide number with its range, source and evidence class, counted by class.

    Parameters
    ----------
    a
        The assessment.
    audience
        A board reads those that somebody measured or published, and how many others there are.
    """
    ledger = Ledger(a.engagement.client.currency)
    last = {name: a.values.trail(name)[-1] for name in NUMBERS}
    classes = Counter(step.evidence for step in last.values())
    # What the client and the world know comes first; what this workbook supposes comes after.
    order = sorted(NUMBERS, key=lambda n: (EVIDENCE_ORDER.index(last[n].evidence), list(NUMBERS).index(n)))
    shown = [n for n in order if audience != "board" or last[n].evidence != "estimated"]
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    for evidence in EVIDENCE_ORDER:
        group = [n for n in shown if last[n].evidence == evidence]
        if not group:
            continue
        emphasis.append(len(rows))
        # The day that most of them share is said once.
        day, shared = Counter(last[n].as_of for n in group).most_common(1)[0]
        said = day is not None and shared > 1
        rows.append((GROUP_WORDS[evidence], "", "", f"of {day}, unless another day is given" if said else ""))
        rows += [_number(a, name, ledger, dated=not said or last[name].as_of != day) for name in group]
    told = [f"{ledger.count(classes[c], id=f'numbers.{c}')} {KIND_WORDS[c][classes[c] > 1]}" for c in EVIDENCE_ORDER if classes[c]]
    finding = f"Of {ledger.count(len(NUMBERS), id='numbers')} numbers, {joined(told)}."
    columns = (Column("Number", width=2.5), Column("Average", "right", 0.9), Column("90 % range", "right", 1.5), Column("Source and date", width=3.3))
    note = "Published effects are correlations between organisations; where several act on one number they are capped. What was not asked keeps its whole range."
    if audience == "board":
        note += " Estimates are listed in the client's version of this report."
    return Chapter((Exhibit("assumptions", "What we reckoned with", finding, Table(columns, tuple(rows), tuple(emphasis)), note=note, printed=tuple(ledger.printed)),))


def _number(a: Assessment, name: str, ledger: Ledger, *, dated: bool) -> tuple[str, ...]:
    """One number with its range and where it is from."""
    known, drawn, step = NUMBERS[name], a.values[name], a.values.trail(name)[-1]
    low, high = (float(x) for x in np.quantile(drawn, [0.05, 0.95]))
    said, day = step.source.removeprefix("estimate of this workbook: "), f" ({step.as_of})" if dated and step.as_of else ""
    return (f"   {known.meaning}", ledger.say(float(drawn.mean()), known.unit, id=name), ledger.range(low, high, known.unit, id=name), f"{said}{day}")


def glossary() -> Chapter:
    """The words that mislead."""
    return Chapter((heading("Words that mislead", 2), definitions((
        ("Downtime", "Bad minutes weighted by how many users they hit: an hour for half of the users counts 30 minutes."),
        ("Range", "90 % of the possible worlds lie inside it: one in twenty below, one in twenty above."),
        ("Average, typical and one-in-ten year", "The average is what a long row of years comes to. Half of all years are better than the typical one, and one in ten is as bad as the one-in-ten year. Most years are better than average, because few outages hold most of the minutes."),
        ("SLI, SLO, SLA", "What is measured; what is aimed at; what is promised in a contract, with consequences."),
        ("SLA credits and start-up credits", "Money owed back when a promise is broken; and a provider's gift that pays bills until it runs out. They have nothing to do with one another."),
        ("Cash, hours, expected loss", "What leaves the bank account; what people spend; what chance takes. Only the first is on an invoice, so they are not added without saying so."),
        ("DORA", "Here the yearly survey of software delivery. The European regulation on digital operational resilience has the same name."),
        ("Gate", "A practice without which a promise of this height is not credible, whatever else is good."),
        ("Level", "From 0 to 4, how far a practice has come. Levels order the conversation; they are not the result."),
        ("Error budget", "What a promise forgives: 99.9 % of a year leaves 8.8 hours."),
        ("Said, shown, checked", "How an answer is known. What was only said keeps a wider range than what was shown to us; what we checked ourselves keeps the narrowest."),
    )),))  # fmt: skip


def provenance(a: Assessment, *, content_digest: str = "", journal_digest: str = "") -> Chapter:
    """Versions and digests that make the report checkable."""
    lines = [
        f"Workbook {readiness.__version__}, data {a.catalog.digest}, as of {a.as_of.isoformat()}.",
        f"Engagement {content_digest[:16] or 'not from a file'}; audit log {journal_digest[:16] or 'none'}.",
        "The same engagement, date, data and version always give the same report, to the byte. Where each printed number comes from stands in the manifest beside it; "
        "readiness verify holds the report against it.",
    ]
    return Chapter((heading("Where this comes from", 2), text(*lines)))
