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
from readiness.language import tr, trn
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import WINDOW_WORDS, breach_sentence


def promises(a: Assessment) -> Chapter:
    """Every journey against its promise, the main one against others, and credits."""
    ledger = Ledger(a.engagement.client.currency)
    rows = []
    for r in a.journeys:
        down, breach = band(r.counted), band(r.breach)
        name, p = r.journey.name, r.journey.promise
        rows.append((
            r.journey.title, tr("{slo} in {window}", slo=ledger.say(p.slo, 'promise', id=f'slo_{name}'), window=ledger.told(WINDOW_WORDS[p.window], id=f'window_{name}')),
            ledger.say(down.mean / MINUTES_PER_YEAR, "unavailability", id=f"availability_{name}"), ledger.say(down.mean, "minutes", id=f"bad_minutes_of_{name}"),
            ledger.say(breach.mean, "share", id=f"breach_chance_of_{name}"), ledger.range(breach.low, breach.high, "share", id=f"breach_chance_of_{name}"),
        ))  # fmt: skip
    columns = (
        Column(tr("Journey"), width=2.2), Column(tr("Promise"), width=1.6), Column(tr("Expected"), "right", 1), Column(tr("Downtime a year"), "right", 1.1),
        Column(tr("Chance of breach a year"), "right", 1.2), Column(tr("90 % range"), "right", 1.7),
    )  # fmt: skip
    table = Exhibit("promises", tr("Each journey against its promise"), breach_sentence(a, ledger), Table(columns, tuple(rows)), printed=tuple(ledger.printed))
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
    said = tr("The highest promise one could sign today is {highest_promise}.", highest_promise=ledger.say(highest, 'promise', id='highest_promise')) if highest else tr("No usual promise could be signed today.")
    ledger.say(a.standing.tolerance, "share", id="breach_tolerance_share")
    planned = tr("Planned work counts as downtime.") if a.main.journey.promise.planned_work_counts else tr("Planned work does not count as downtime.")
    note = tr(
        "By compound Poisson over {breach_draws} of the common draws; overlapping outages are added. {planned} Counts as down: {counts_as_down}. "
        "A gate that is missed or not shown bars a promise too.",
        breach_draws=ledger.count(min(BREACH_DRAWS, a.values.draws), id='breach_draws'), planned=planned, counts_as_down=a.main.journey.promise.counts_as_down,
    )
    alt = tr("Chance to break each promise within a year: ") + "; ".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True)) + "."
    return Exhibit("breach_by_promise", tr("What else could be promised for “{journey}”", journey=a.main.journey.title), said, note=note, alt=alt, printed=tuple(ledger.printed),
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
            told.append(trn(
                "{title}: {window}. By its table of credits that is {owed} a year on average, before what customers do not claim.",
                "{title}: {window}. By its tables of credits that is {owed} a year on average, before what customers do not claim.",
                len(r.credits_by_table), title=title, window=window, owed=owed,
            ))
        elif r.journey.promise.credits or r.journey.promise.credits_of_groups:
            told.append(tr("{title}: {window}. Its credits cost nothing on average, or their monthly fee is not given.", title=title, window=window))
        else:
            told.append(tr("{title}: {window}. No SLA credits are agreed; a breach costs trust, not money.", title=title, window=window))
    told.append(_received(received, ledger))
    return points(told, title=tr("If it is broken"), printed=ledger.printed)


def _received(found: Sequence[CreditsReceived], ledger: Ledger) -> str:
    """What providers would owe back: beside what is owed, and never netted against it."""
    if not found:
        return tr("Credits received: none. No SLA with credits is on file for the way the tiers are run.")
    total = ledger.say(float(sum(c.per_year.mean() for c in found)), "money", id="credits_received")
    return tr("Credits received: at most {total} a year, once claimed; not netted.", total=total)


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
    received = tr("{credits_received} a year ({credits_received_range})", credits_received=ledger.say(total.mean, 'money', id='credits_received'), credits_received_range=ledger.range(total.low, total.high, 'money', id='credits_received'))
    loss = sum(float(x.per_year.mean()) for x in a.amounts if x.id in DOWNTIME_LOSS)
    beside = tr(", {of_loss} of what downtime costs", of_loss=ledger.say(total.mean / loss, 'share', id='credits_received.of_loss')) if loss > 0 else ""
    finding = tr("Providers would owe back {received} at most{beside}, if each credit is claimed by hand and in time.", received=received, beside=beside)
    columns = (Column(tr("Tier"), width=0.9), Column(tr("SLA of"), width=1.7), Column(tr("Commits to"), "right", 0.9), Column(tr("Bill a month"), "right", 1), Column(tr("Credits a year"), "right", 1),
               Column(tr("90 % range"), "right", 1.6))  # fmt: skip
    note = tr(
        "A credit is a share of that service's bill and never of the loss, so it enters neither cash nor loss. Counted are outages of what the provider runs and lost zones "
        "or regions, by compound Poisson over {draws} of the common draws; a part that fails counts in proportion, though many contracts count only the whole.",
        draws=ledger.count(min(DRAWS, a.values.draws), id='credits_received.draws'),
    )
    return [Exhibit("credits_received", tr("SLA credits received"), finding, Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))]


def _per_window(r: JourneyResult, ledger: Ledger) -> str:
    chance = ledger.say(float(np.mean(r.breach_per_window)), "share", id=f"breach_per_window_of_{r.journey.name}")
    kind = {"calendar_month": tr("month"), "30_days": tr("window of 30 days"), "quarter": tr("quarter"), "year": tr("year")}[r.journey.promise.window]
    return tr("a single {window} breaks it with a chance of {chance}", window=ledger.told(kind, id=f'window_{r.journey.name}'), chance=chance)
