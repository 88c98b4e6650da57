"""What the report rests on: the design as it is run, every number with its source, and where it all came from."""

from __future__ import annotations

from collections import Counter

import readiness
from readiness.assessment import Assessment
from readiness.assumptions import NUMBERS
from readiness.design import OLD_PRICE_MONTHS
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, definitions, missing, text
from readiness.text import Ledger
from readiness.wording import EVIDENCE_WORDS, joined


def architecture(a: Assessment) -> Chapter:
    """Each tier as it is run today: copies, expected downtime, cash and hours."""
    ledger = Ledger(a.engagement.client.currency)
    rows, no_price, old = [], [], []
    for p in a.design.placed:
        tier = p.tier.name
        down = a.bad_minutes_by_cause.get(tier)
        minutes = float(down[1].mean()) if down else 0.0
        cash, hours = a.values[f"{tier}.cash_per_month"], a.values[f"{tier}.effort_hours_per_month"]
        where = (
            f"{p.copies} in {p.way.zones} zones"
            if p.way.zones > 1
            else f"{p.copies}, one zone"
            if p.way.run_by == "client"
            else p.way.redundancy.replace("_", " ")
        )
        known = p.tier.cost_per_month is not None or p.lines or float(cash.mean()) > 0
        if not known and p.price_missing:
            no_price.append(tier)
        if any(line.age_months > OLD_PRICE_MONTHS for line in p.lines) and p.tier.cost_per_month is None:
            old.append(tier)
        rows.append((tier, p.way.title, "you" if p.way.run_by == "client" else p.way.provider, where, ledger.say(minutes, "minutes", id=f"bad_minutes_{tier}") if down else "",
                     ledger.say(float(cash.mean()), "money", id=f"{tier}.cash_per_month") if known else "not known", ledger.say(float(hours.mean()), "hours", id=f"{tier}.effort_hours_per_month")))  # fmt: skip
    own = [p.tier.name for p in a.design.placed if p.way.run_by == "client"]
    alone = [p.tier.name for p in a.design.placed if not p.redundant and p.way.run_by == "client"]
    finding = f"{len(own)} of {len(rows)} tiers are run by the team itself" + (
        f"; {joined(alone)} {'has' if len(alone) == 1 else 'have'} no second copy." if alone else "."
    )
    columns = (
        Column("Tier", width=1),
        Column("How it is run today", width=2.5),
        Column("Run by", width=0.8),
        Column("Copies", width=1.1),
        Column("Downtime a year", "right", 1),
        Column("Cash a month", "right", 1.1),
        Column("Hours a month", "right", 0.9),
    )
    parts: list[Part] = [Exhibit("architecture", "Today's design", finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                                 note="Downtime of a tier counts its own faults and failovers, not those of changes, people, zones and regions.")]  # fmt: skip
    if no_price:
        parts.append(missing(f"No price is known for {joined(no_price)}: give cost_per_month, or import the bill. Cash is at least what is shown."))
    if old:
        parts.append(missing(f"List prices of {joined(old)} are older than {OLD_PRICE_MONTHS} months; the client's own bill would be better."))
    return Chapter(tuple(parts))


def assumptions(a: Assessment) -> Chapter:
    """Every organisation-wide number with its range, source and evidence class."""
    ledger = Ledger(a.engagement.client.currency)
    rows = []
    classes: Counter[str] = Counter()
    for name, known in NUMBERS.items():
        drawn = a.values[name]
        trail = a.values.trail(name)
        last = trail[-1]
        classes[last.evidence] += 1
        mean = float(drawn.mean())
        low, high = sorted(float(x) for x in _ends(drawn))
        unit = "share" if known.unit == "share" else known.unit
        rows.append(
            (
                known.meaning,
                ledger.say(mean, unit, id=name),
                ledger.range(low, high, unit, id=name),
                EVIDENCE_WORDS[last.evidence],
                f"{last.source}{f' ({last.as_of})' if last.as_of else ''}",
            )
        )
    counted = joined([f"{n} {EVIDENCE_WORDS[c]}" for c, n in classes.most_common()])
    columns = (
        Column("Number", width=2.4),
        Column("Average", "right", 1),
        Column("90 % range", "right", 1.3),
        Column("Kind", width=0.9),
        Column("Source and date", width=3),
    )
    note = "Published effects are correlations between organisations; where several act on one number they are capped. What was not asked keeps its whole range."
    return Chapter(
        (
            Exhibit(
                "assumptions",
                "What we reckoned with",
                f"By where they come from: {counted}.",
                Table(columns, tuple(rows)),
                note=note,
                printed=tuple(ledger.printed),
            ),
        )
    )


def _ends(drawn):  # type: ignore[no-untyped-def]
    import numpy as np

    return np.quantile(drawn, [0.05, 0.95])


def glossary() -> Chapter:
    """The words that mislead."""
    return Chapter((definitions((
        ("Downtime", "Bad minutes weighted by how many users they hit: an hour for half of the users counts 30 minutes."),
        ("Range", "90 % of the possible worlds lie inside it: one in twenty below, one in twenty above."),
        ("Average, typical and one-in-ten year", "The average is what a long row of years comes to. Half of all years are better than the typical one, and one in ten is as bad as the one-in-ten year. Most years are better than average, because few outages hold most of the minutes."),
        ("SLI, SLO, SLA", "What is measured; what is aimed at; what is promised in a contract, with consequences."),
        ("SLA credits and start-up credits", "Money owed back when a promise is broken; and a provider's gift that pays bills until it runs out. They have nothing to do with one another."),
        ("Cash, hours, expected loss", "What leaves the bank account; what people spend; what chance takes. Only the first is on an invoice, so they are not added without saying so."),
        ("DORA", "Here the yearly survey of software delivery. The European regulation on digital operational resilience has the same name."),
        ("Gate", "A practice without which a promise of this height is not credible, whatever else is good."),
        ("Level", "From 0 to 4, how far a practice has come. Levels order the conversation; they are not the result."),
    )),))  # fmt: skip


def provenance(a: Assessment, *, content_digest: str = "", journal_digest: str = "") -> Chapter:
    """Versions and digests that make the report checkable."""
    lines = [
        f"Workbook {readiness.__version__}, data {a.catalog.digest}, as of {a.as_of.isoformat()}, {a.values.draws:,} common draws.",
        f"Engagement {content_digest[:16] or 'not from a file'}; journal {journal_digest[:16] or 'none'}.",
        "The same engagement, date, data and version always give the same report.",
    ]
    return Chapter((text(*lines),))
