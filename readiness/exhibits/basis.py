"""What the report rests on: the design as it is run, every number with its source, and where it all came from."""

from __future__ import annotations

from collections import Counter

import numpy as np

import readiness
from readiness.assessment import Assessment
from readiness.assumptions import HOURS_PER_YEAR, NUMBERS
from readiness.design import OLD_PRICE_MONTHS, Placed, billed_over_listed
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, definitions, heading, missing, text
from readiness.language import N_, Words, joined, plural, tr, trn
from readiness.text import Ledger
from readiness.wording import provider_name

EVIDENCE_ORDER = ("measured", "published", "arithmetic", "estimated")
GROUP_WORDS = Words({"measured": N_("Measured at the client"), "published": N_("Published"), "arithmetic": N_("Arithmetic"), "estimated": N_("Estimates of this workbook or of the client")})
KIND_WORDS = {
    "measured": plural("{n} was measured at the client", "{n} were measured at the client"), "published": plural("{n} is published", "{n} are published"),
    "arithmetic": plural("{n} is arithmetic", "{n} are arithmetic"), "estimated": plural("{n} is an estimate", "{n} are estimates"),
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
        rows.append((tier, p.way.title, tr("you") if p.way.run_by == "client" else provider_name(p.way.provider), _where(p, ledger),
                     ledger.say(float(down[1].mean()), "minutes", id=f"bad_minutes_{tier}") if down else "",
                     ledger.say(float(cash.mean()), "money", id=f"{tier}.cash_per_month") if known else tr("not known"),
                     ledger.say(float(hours.mean()), "hours", id=f"{tier}.effort_hours_per_month")))  # fmt: skip
    own = [p.tier.name for p in a.design.placed if p.way.run_by == "client"]
    alone = [p.tier.name for p in a.design.placed if not p.redundant and p.way.run_by == "client"]
    counted, every = ledger.count(len(own), id="tiers.own"), ledger.count(len(rows), id="tiers")
    finding = tr("None of {every} tiers are run by the team itself", every=every) if not own else (
        trn("{counted} of {every} tiers is run by the team itself", "{counted} of {every} tiers are run by the team itself", len(own), counted=counted, every=every)
    )
    finding += trn("; {alone} has no second copy.", "; {alone} have no second copy.", len(alone), alone=joined(alone)) if alone else "."
    columns = (Column(tr("Tier"), width=1.1), Column(tr("How it is run today"), width=2.4), Column(tr("Run by"), width=1.2), Column(tr("Copies"), width=1.1),
               Column(tr("Downtime a year"), "right", 1), Column(tr("Cash a month"), "right", 1.1), Column(tr("Hours a month"), "right", 0.9))  # fmt: skip
    note = tr("Downtime of a tier counts its own faults and failovers, not those of changes, people, zones and regions.")
    if billed:
        over = ledger.say(billed_over_listed(a.engagement, a.design), "factor", id="billed_over_listed")
        names = joined([p.tier.name for p in a.design.placed if p.tier.name in billed])
        note += tr(" Cash of {names} is what the client's bill says; list prices of the other tiers are multiplied by {over}, as the bill stands to list prices.", names=names, over=over)
    parts: list[Part] = [Exhibit("architecture", tr("Today's design"), finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                                 note=note)]  # fmt: skip
    if no_price:
        parts.append(missing(tr("No price is known for {no_price}: give cost_per_month, or import the bill. Cash is at least what is shown.", no_price=joined(no_price))))
    if old:
        aged = Ledger(a.engagement.client.currency)
        parts.append(missing(tr("List prices of {old} are older than {old_price_months} months; the client's own bill would be better.", old=joined(old), old_price_months=aged.count(OLD_PRICE_MONTHS, id='old_price_months')), printed=aged.printed))
    return Chapter(tuple(parts))


def _where(p: Placed, ledger: Ledger) -> str:
    """How many copies of a tier there are, and where."""
    copies = ledger.count(p.copies, id=f"{p.tier.name}.copies")
    if p.way.zones > 1:
        return tr("{copies} in {zones} zones", copies=copies, zones=ledger.count(p.way.zones, id=f'{p.tier.name}.zones'))
    return tr("{copies}, one zone", copies=copies) if p.way.run_by == "client" else p.way.redundancy.replace("_", " ")


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
        rows.append((GROUP_WORDS[evidence], "", "", tr("of {day}, unless another day is given", day=day) if said else ""))
        rows += [_number(a, name, ledger, dated=not said or last[name].as_of != day) for name in group]
    told = [trn(*KIND_WORDS[c], classes[c], n=ledger.count(classes[c], id=f"numbers.{c}")) for c in EVIDENCE_ORDER if classes[c]]
    finding = tr("Of {numbers} numbers, {told}.", numbers=ledger.count(len(NUMBERS), id='numbers'), told=joined(told))
    columns = (Column(tr("Number"), width=2.5), Column(tr("Average"), "right", 0.9), Column(tr("90 % range"), "right", 1.5), Column(tr("Source and date"), width=3.3))
    note = tr("Published effects are correlations between organisations; where several act on one number they are capped. What was not asked keeps its whole range.")
    if audience == "board":
        note += tr(" Estimates are listed in the client's version of this report.")
    return Chapter((Exhibit("assumptions", tr("What we reckoned with"), finding, Table(columns, tuple(rows), tuple(emphasis)), note=note, printed=tuple(ledger.printed)),))


def _number(a: Assessment, name: str, ledger: Ledger, *, dated: bool) -> tuple[str, ...]:
    """One number with its range and where it is from."""
    known, drawn, step = NUMBERS[name], a.values[name], a.values.trail(name)[-1]
    low, high = (float(x) for x in np.quantile(drawn, [0.05, 0.95]))
    said, day = tr(step.source).removeprefix("estimate of this workbook: "), f" ({step.as_of})" if dated and step.as_of else ""
    return (f"   {tr(known.meaning)}", ledger.say(float(drawn.mean()), known.unit, id=name), ledger.range(low, high, known.unit, id=name), f"{said}{day}")


def glossary() -> Chapter:
    """The words that mislead."""
    ledger = Ledger()
    return Chapter((heading(tr("Words that mislead"), 2), definitions((
        (tr("Downtime"), tr("Bad minutes weighted by how many users they hit: an hour for half of the users counts 30 minutes.")),
        (tr("Range"), tr("90 % of the possible worlds lie inside it: one in twenty below, one in twenty above.")),
        (tr("Average, typical and one-in-ten year"), tr("The average is what a long row of years comes to. Half of all years are better than the typical one, and one in ten is as bad as the one-in-ten year. Most years are better than average, because few outages hold most of the minutes.")),
        (tr("SLI, SLO, SLA"), tr("What is measured; what is aimed at; what is promised in a contract, with consequences.")),
        (tr("SLA credits and start-up credits"), tr("Money owed back when a promise is broken; and a provider's gift that pays bills until it runs out. They have nothing to do with one another.")),
        (tr("Cash, hours, expected loss"), tr("What leaves the bank account; what people spend; what chance takes. Only the first is on an invoice, so they are not added without saying so.")),
        (tr("DORA"), tr("Here the yearly survey of software delivery. The European regulation on digital operational resilience has the same name.")),
        (tr("Gate"), tr("A practice without which a promise of this height is not credible, whatever else is good.")),
        (tr("Level"), tr("From 0 to 4, how far a practice has come. Levels order the conversation; they are not the result.")),
        (tr("Error budget"), tr("What a promise forgives: {promise} of a year leaves {hours} hours.", promise=ledger.say(0.999, "promise", id="glossary.promise"), hours=ledger.plain((1 - 0.999) * HOURS_PER_YEAR, id="glossary.hours"))),
        (tr("Said, shown, checked"), tr("How an answer is known. What was only said keeps a wider range than what was shown to us; what we checked ourselves keeps the narrowest.")),
    ), printed=ledger.printed),))  # fmt: skip


def provenance(a: Assessment, *, content_digest: str = "", journal_digest: str = "") -> Chapter:
    """Versions and digests that make the report checkable."""
    lines = [
        tr("Workbook {version}, data {digest}, as of {as_of}.", version=readiness.__version__, digest=a.catalog.digest, as_of=a.as_of.isoformat()),
        tr("Engagement {content_digest}; audit log {journal_digest}.", content_digest=content_digest[:16] or tr('not from a file'), journal_digest=journal_digest[:16] or 'none'),
        tr("The same engagement, date, data and version always give the same report, to the byte. Where each printed number comes from stands in the manifest beside it; "
        "readiness verify holds the report against it."),
    ]
    return Chapter((heading(tr("Where this comes from"), 2), text(*lines)))
