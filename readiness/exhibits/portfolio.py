"""Many clients side by side: how they stand, how far they lie apart, and what most of them lack."""

from __future__ import annotations

from readiness.exhibits.exhibit import Block, Chapter, Column, Exhibit, Part, Table, points, text
from readiness.figures.bars import bars
from readiness.language import tr
from readiness.portfolio import PERCENTILES, Portfolio
from readiness.text import Ledger

MOST_GAPS = 12
CURRENCY = "USD"


def cover(p: Portfolio) -> Chapter:
    """What the portfolio holds, and as of when."""
    ledger = Ledger(CURRENCY)
    facts = [[tr("Clients"), ledger.count(len(p.rows), id="clients")], [tr("Could not be read"), ledger.count(len(p.unread), id="clients.unread")], [tr("Names"), tr("hidden") if p.hidden else tr("shown")], [tr("Currency"), CURRENCY]]
    content = {"title": tr("Portfolio"), "client": tr("All clients"), "subtitle": "", "as_of": p.as_of.isoformat(), "status": "draft", "facts": facts, "brand": None}
    return Chapter((Block("cover", content, tuple(ledger.printed)),))


def clients(p: Portfolio) -> Chapter:
    """A row for every client, the largest expected loss first, and where it stands among the others."""
    ledger = Ledger(CURRENCY)
    rows = []
    for row in p.rows:
        at = f"clients.{row.id}"
        avoidable = "" if row.avoidable_share is None else ledger.say(row.avoidable_share, "share", id=f"{at}.avoidable_share")
        rows.append((
            row.name, f"{row.verdict} ({ledger.say(row.promise, 'promise', id=f'{at}.promise')})", "" if row.level is None else ledger.plain(row.level, id=f"{at}.level"),
            ledger.say(row.coverage, "share", id=f"{at}.coverage"), ledger.say(row.bad_minutes_per_year, "minutes", id=f"{at}.bad_minutes_per_year"),
            ledger.say(row.loss_per_year, "money", id=f"{at}.loss_per_year"),
            ledger.count(round(p.percentile(row, "loss_per_year") * 100), id=f"{at}.percentile"), avoidable,
        ))  # fmt: skip
    ready = sum(row.verdict != "Not yet" for row in p.rows)
    total = sum(row.loss_per_year for row in p.rows)
    finding = tr(
        "{ready} of {clients} clients could sign their promise today, with or without conditions; "
        "together they expect to lose {loss_per_year} a year.",
        ready=ledger.count(ready, id='clients.ready'), clients=ledger.count(len(p.rows), id='clients'), loss_per_year=ledger.say(total, 'money', id='clients.loss_per_year'),
    )
    columns = (
        Column(tr("Client"), width=2), Column(tr("Verdict"), width=2), Column(tr("Level"), "right", 0.7), Column(tr("Asked"), "right", 0.8), Column(tr("Downtime a year"), "right", 1.1),
        Column(tr("Loss a year"), "right", 1.2), Column(tr("Percentile of loss"), "right", 1), Column(tr("Avoidable downtime"), "right", 1),
    )  # fmt: skip
    note = (
        tr("Averages over the common draws. Money is converted at the rate of each engagement; where it gives none, its currency counts as dollars. "
        "Percentile: share of the clients that expect to lose less. Avoidable: what another design saves at no more cash and hours; empty where it was not looked for.")
    )
    parts: list[Part] = [Exhibit("clients", tr("The clients"), finding, Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))]
    if p.unread:
        parts.append(points([f"{name}: {why}" for name, why in p.unread], title=tr("Could not be read")))
    return Chapter(tuple(parts))


def spread(p: Portfolio) -> Chapter:
    """How far apart the clients lie: percentiles of every measure."""
    ledger = Ledger(CURRENCY)
    measures = (
        (tr("Readiness level, 0 to 4"), "level", "factor"), (tr("Downtime a year"), "bad_minutes_per_year", "minutes"), (tr("Chance to break the promise"), "breach_chance", "share"),
        (tr("Loss a year"), "loss_per_year", "money"), (tr("Cash a month"), "cash_per_month", "money"), (tr("Hours a month"), "hours_per_month", "hours"),
        (tr("Avoidable downtime"), "avoidable_share", "share"),
    )  # fmt: skip
    rows = [
        (title, *(ledger.say(value, unit, id=f"spread.{measure}.p{at}") for at, value in zip(PERCENTILES, p.spread(measure), strict=True)))
        for title, measure, unit in measures
        if len(p.values(measure))
    ]
    low, _, middle, _, high = p.spread("bad_minutes_per_year")
    finding = tr(
        "The client in the middle expects {spread_bad_minutes_per_year_p50} of downtime a year; "
        "one in ten less than {spread_bad_minutes_per_year_p10}, "
        "one in ten more than {spread_bad_minutes_per_year_p90}.",
        spread_bad_minutes_per_year_p50=ledger.say(middle, 'minutes', id='spread.bad_minutes_per_year.p50'), spread_bad_minutes_per_year_p10=ledger.say(low, 'minutes', id='spread.bad_minutes_per_year.p10'), spread_bad_minutes_per_year_p90=ledger.say(high, 'minutes', id='spread.bad_minutes_per_year.p90'),
    )
    columns = (Column(tr("Percentile of clients"), width=2.2), *(Column(f"{at} %", "right", 1) for at in PERCENTILES))
    return Chapter((Exhibit("spread", tr("How far apart they lie"), finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed)),))


def gaps(p: Portfolio) -> Chapter:
    """What most clients lack for their promise."""
    ledger = Ledger()
    found = p.gaps()[:MOST_GAPS]
    if not found:
        return Chapter((text(tr("No client lacks anything that its promise needs.")),))
    shares = [ledger.say(g.share, "share", id=f"gaps.{g.practice}.share") for g in found]
    rows = [
        (g.title, ledger.plain(g.clients, id=f"gaps.{g.practice}.clients", digits=6), ledger.plain(g.of, id=f"gaps.{g.practice}.of", digits=6), told)
        for g, told in zip(found, shares, strict=True)
    ]
    first = found[0]
    finding = tr("“{first}” stands in the way of {clients} of {of} clients: missing, or nobody was asked.", first=first.title, clients=first.clients, of=first.of)
    texts = [tr("{clients} of {of}", clients=g.clients, of=g.of) for g in found]
    labels = [g.title for g in found]
    table = Table((Column(tr("Practice"), width=3), Column(tr("In the way of"), "right", 1), Column(tr("Applies to"), "right", 1), Column(tr("Share"), "right", 0.8)), tuple(rows))
    return Chapter((
        Exhibit("gaps", tr("What most clients lack"), finding, table, lambda: bars(labels, [g.clients for g in found], texts, axis_title=tr("Clients")),
                alt=tr("Clients for which each practice stands in the way: ") + "; ".join(f"{label} {t}" for label, t in zip(labels, texts, strict=True)) + ".",
                note=tr("A practice stands in the way when the client's promise needs it and it is missing or was not asked about."),
                printed=tuple(ledger.printed)),
    ))  # fmt: skip
