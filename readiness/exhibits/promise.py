"""The promise: the chance to break it, by journey and by what else could be promised, and what a breach costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.assessment import Assessment
from readiness.assessment.credits import DRAWS, CreditsReceived, credits_received
from readiness.assessment.money import DOWNTIME_LOSS
from readiness.assessment.promise import BREACH_DRAWS, JourneyResult
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.exhibits.exhibit import Block, Chapter, Column, Exhibit, Table, points
from readiness.figures.lines import chance_by_promise
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import WINDOW_WORDS, breach_sentence


def promises(a: Assessment) -> Chapter:
    """Every journey against its promise, the main one against others, and credits."""
    ledger = Ledger(a.engagement.client.currency)
    rows = []
    for r in a.journeys:
        down, breach = band(r.total), band(r.breach)
        name, p = r.journey.name, r.journey.promise
        rows.append((
            r.journey.title, f"{ledger.say(p.slo, 'promise', id=f'slo_{name}')} in {ledger.told(WINDOW_WORDS[p.window], id=f'window_{name}')}",
            ledger.say(down.mean / MINUTES_PER_YEAR, "unavailability", id=f"availability_{name}"), ledger.say(down.mean, "minutes", id=f"bad_minutes_of_{name}"),
            ledger.say(breach.mean, "share", id=f"breach_chance_of_{name}"), ledger.range(breach.low, breach.high, "share", id=f"breach_chance_of_{name}"),
        ))  # fmt: skip
    columns = (
        Column("Journey", width=2.2), Column("Promise", width=1.6), Column("Expected", "right", 1), Column("Downtime a year", "right", 1.1),
        Column("Chance of breach a year", "right", 1.2), Column("90 % range", "right", 1.7),
    )  # fmt: skip
    table = Exhibit("promises", "Each journey against its promise", breach_sentence(a, ledger), Table(columns, tuple(rows)), printed=tuple(ledger.printed))
    received = credits_received(a)
    return Chapter((table, _others(a), _broken(a, received), *_by_provider(a, received)))


def _others(a: Assessment) -> Exhibit:
    """What else could be promised for the main journey."""
    ledger = Ledger(a.engagement.client.currency)
    by_promise = a.main.breach_by_promise
    labels = [ledger.say(s, "promise", id=f"promise_{s:.6g}") for s in by_promise]
    chances = list(by_promise.values())
    texts = [ledger.say(c, "share", id=f"breach_at_{s:.6g}") for s, c in by_promise.items()]
    chosen = list(by_promise).index(a.main.journey.promise.slo)
    highest = a.standing.highest_promise
    said = f"The highest promise one could sign today is {ledger.say(highest, 'promise', id='highest_promise')}." if highest else "No usual promise could be signed today."
    ledger.say(a.standing.tolerance, "share", id="breach_tolerance_share")
    planned = "Planned work counts as downtime." if a.main.journey.promise.planned_work_counts else "Planned work does not count as downtime."
    note = (
        f"By compound Poisson over {ledger.count(min(BREACH_DRAWS, a.values.draws), id='breach_draws')} of the common draws; overlapping outages are added. {planned} Counts as down: {a.main.journey.promise.counts_as_down}. "
        "A gate that is missed or not shown bars a promise too."
    )
    alt = "Chance to break each promise within a year: " + "; ".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True)) + "."
    return Exhibit("breach_by_promise", f"What else could be promised for “{a.main.journey.title}”", said, note=note, alt=alt, printed=tuple(ledger.printed),
                   figure=lambda: chance_by_promise(labels, chances, texts, tolerance=a.standing.tolerance, chosen=chosen))  # fmt: skip


def _broken(a: Assessment, received: Sequence[CreditsReceived]) -> Block:
    """What a broken promise costs by its own tables, and how often that happens."""
    ledger = Ledger(a.engagement.client.currency)
    told = []
    for r in a.journeys:
        title = f"“{r.journey.title}”"
        window = _per_window(r, ledger)
        if r.credits_per_year > 0:
            owed = ledger.say(r.credits_per_year, "money", id=f"credits_of_{r.journey.name}")
            told.append(f"{title}: {window}. By its {'tables' if len(r.credits_by_table) > 1 else 'table'} of credits that is {owed} a year on average, before what customers do not claim.")
        elif r.journey.promise.credits or r.journey.promise.credits_of_groups:
            told.append(f"{title}: {window}. Its credits cost nothing on average, or their monthly fee is not given.")
        else:
            told.append(f"{title}: {window}. No SLA credits are agreed; a breach costs trust, not money.")
    told.append(_received(received, ledger))
    return points(told, title="If it is broken", printed=ledger.printed)


def _received(found: Sequence[CreditsReceived], ledger: Ledger) -> str:
    """What providers would owe back: beside what is owed, and never netted against it."""
    if not found:
        return "Credits received: none. No SLA with credits is on file for the way the tiers are run."
    total = ledger.say(float(sum(c.per_year.mean() for c in found)), "money", id="credits_received")
    return f"Credits received: at most {total} a year, once claimed; not netted."


def _by_provider(a: Assessment, found: Sequence[CreditsReceived]) -> list[Exhibit]:
    """What each provider would owe back: a share of its bill, which has to be claimed."""
    if not found:
        return []
    ledger = Ledger(a.engagement.client.currency)
    total = band(np.sum([c.per_year for c in found], axis=0))
    rows = []
    for c in sorted(found, key=lambda c: -float(c.per_year.mean())):
        one = band(c.per_year)
        rows.append((
            c.tier, c.commitment.service, ledger.say(c.commitment.committed, "promise", id=f"{c.tier}.committed"),
            ledger.say(float(c.bill_per_month.mean()), "money", id=f"{c.tier}.cash_per_month"),
            ledger.say(one.mean, "money", id=f"{c.tier}.credits_received"), ledger.range(one.low, one.high, "money", id=f"{c.tier}.credits_received"),
        ))  # fmt: skip
    received = f"{ledger.say(total.mean, 'money', id='credits_received')} a year ({ledger.range(total.low, total.high, 'money', id='credits_received')})"
    loss = sum(float(x.per_year.mean()) for x in a.amounts if x.id in DOWNTIME_LOSS)
    beside = f", {ledger.say(total.mean / loss, 'share', id='credits_received.of_loss')} of what downtime costs" if loss > 0 else ""
    finding = f"Providers would owe back {received} at most{beside}, if each credit is claimed by hand and in time."
    columns = (Column("Tier", width=0.9), Column("SLA of", width=1.7), Column("Commits to", "right", 0.9), Column("Bill a month", "right", 1), Column("Credits a year", "right", 1),
               Column("90 % range", "right", 1.6))  # fmt: skip
    note = (
        "A credit is a share of that service's bill and never of the loss, so it enters neither cash nor loss. Counted are outages of what the provider runs and lost zones "
        f"or regions, by compound Poisson over {ledger.count(min(DRAWS, a.values.draws), id='credits_received.draws')} of the common draws; a part that fails counts in proportion, though many contracts count only the whole."
    )
    return [Exhibit("credits_received", "SLA credits received", finding, Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))]


def _per_window(r: JourneyResult, ledger: Ledger) -> str:
    chance = ledger.say(float(np.mean(r.breach_per_window)), "share", id=f"breach_per_window_of_{r.journey.name}")
    kind = {"calendar_month": "month", "30_days": "window of 30 days", "quarter": "quarter", "year": "year"}[r.journey.promise.window]
    return f"a single {ledger.told(kind, id=f'window_{r.journey.name}')} breaks it with a chance of {chance}"
