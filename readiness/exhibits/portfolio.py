"""Many clients side by side: how they stand, how far they lie apart, and what most of them lack."""

from __future__ import annotations

from readiness.exhibits.exhibit import Block, Chapter, Column, Exhibit, Part, Table, points, text
from readiness.figures.bars import bars
from readiness.portfolio import PERCENTILES, Portfolio
from readiness.text import Ledger

MOST_GAPS = 12
CURRENCY = "USD"


def cover(p: Portfolio) -> Chapter:
    """What the portfolio holds, and as of when."""
    ledger = Ledger(CURRENCY)
    facts = [["Clients", ledger.count(len(p.rows), id="clients")], ["Could not be read", ledger.count(len(p.unread), id="clients.unread")], ["Names", "hidden" if p.hidden else "shown"], ["Currency", CURRENCY]]
    content = {"title": "Portfolio", "client": "All clients", "subtitle": "", "as_of": p.as_of.isoformat(), "status": "draft", "facts": facts, "brand": None}
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
    finding = (
        f"{ledger.count(ready, id='clients.ready')} of {ledger.count(len(p.rows), id='clients')} clients could sign their promise today, with or without conditions; "
        f"together they expect to lose {ledger.say(total, 'money', id='clients.loss_per_year')} a year."
    )
    columns = (
        Column("Client", width=2), Column("Verdict", width=2), Column("Level", "right", 0.7), Column("Asked", "right", 0.8), Column("Downtime a year", "right", 1.1),
        Column("Loss a year", "right", 1.2), Column("Percentile of loss", "right", 1), Column("Avoidable downtime", "right", 1),
    )  # fmt: skip
    note = (
        "Averages over the common draws. Money is converted at the rate of each engagement; where it gives none, its currency counts as dollars. "
        "Percentile: share of the clients that expect to lose less. Avoidable: what another design saves at no more cash and hours; empty where it was not looked for."
    )
    parts: list[Part] = [Exhibit("clients", "The clients", finding, Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))]
    if p.unread:
        parts.append(points([f"{name}: {why}" for name, why in p.unread], title="Could not be read"))
    return Chapter(tuple(parts))


def spread(p: Portfolio) -> Chapter:
    """How far apart the clients lie: percentiles of every measure."""
    ledger = Ledger(CURRENCY)
    measures = (
        ("Readiness level, 0 to 4", "level", "factor"), ("Downtime a year", "bad_minutes_per_year", "minutes"), ("Chance to break the promise", "breach_chance", "share"),
        ("Loss a year", "loss_per_year", "money"), ("Cash a month", "cash_per_month", "money"), ("Hours a month", "hours_per_month", "hours"),
        ("Avoidable downtime", "avoidable_share", "share"),
    )  # fmt: skip
    rows = [
        (title, *(ledger.say(value, unit, id=f"spread.{measure}.p{at}") for at, value in zip(PERCENTILES, p.spread(measure), strict=True)))
        for title, measure, unit in measures
        if len(p.values(measure))
    ]
    low, _, middle, _, high = p.spread("bad_minutes_per_year")
    finding = (
        f"The client in the middle expects {ledger.say(middle, 'minutes', id='spread.bad_minutes_per_year.p50')} of downtime a year; "
        f"one in ten less than {ledger.say(low, 'minutes', id='spread.bad_minutes_per_year.p10')}, "
        f"one in ten more than {ledger.say(high, 'minutes', id='spread.bad_minutes_per_year.p90')}."
    )
    columns = (Column("Percentile of clients", width=2.2), *(Column(f"{at} %", "right", 1) for at in PERCENTILES))
    return Chapter((Exhibit("spread", "How far apart they lie", finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed)),))


def gaps(p: Portfolio) -> Chapter:
    """What most clients lack for their promise."""
    ledger = Ledger()
    found = p.gaps()[:MOST_GAPS]
    if not found:
        return Chapter((text("No client lacks anything that its promise needs."),))
    shares = [ledger.say(g.share, "share", id=f"gaps.{g.practice}.share") for g in found]
    rows = [
        (g.title, ledger.plain(g.clients, id=f"gaps.{g.practice}.clients", digits=6), ledger.plain(g.of, id=f"gaps.{g.practice}.of", digits=6), told)
        for g, told in zip(found, shares, strict=True)
    ]
    first = found[0]
    finding = f"“{first.title}” stands in the way of {first.clients} of {first.of} clients: missing, or nobody was asked."
    texts = [f"{g.clients} of {g.of}" for g in found]
    labels = [g.title for g in found]
    table = Table((Column("Practice", width=3), Column("In the way of", "right", 1), Column("Applies to", "right", 1), Column("Share", "right", 0.8)), tuple(rows))
    return Chapter((
        Exhibit("gaps", "What most clients lack", finding, table, lambda: bars(labels, [g.clients for g in found], texts, axis_title="Clients"),
                alt="Clients for which each practice stands in the way: " + "; ".join(f"{label} {t}" for label, t in zip(labels, texts, strict=True)) + ".",
                note="A practice stands in the way when the client's promise needs it and it is missing or was not asked about.",
                printed=tuple(ledger.printed)),
    ))  # fmt: skip
