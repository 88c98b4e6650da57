"""The page for an investor: what a customer costs to serve, now and at ten times, and what the next promise costs."""

from __future__ import annotations

from readiness.assessment.sourcing import Sourcing
from readiness.assessment.sourcing_investor import TIMES, Investor, NextPromise, investor
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.language import inside, joined, tr
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import with_range


def investor_page(s: Sourcing) -> Chapter:
    """Unit cost, share of revenue, and the next promise; what cannot be said is named with what it needs."""
    currency = s.assessment.engagement.client.currency
    i = investor(s)
    parts: list[Part] = [_units(s, i, Ledger(currency))]
    if i.per_customer is None:
        parts.append(missing(tr("Cost for each customer cannot be shown: give money.customers.")))
    if i.share_of_revenue is None:
        parts.append(missing(tr("Infrastructure as a share of revenue cannot be shown: give money.revenue_per_year.")))
    if i.next_promise is not None:
        parts.append(_next(i, i.next_promise, Ledger(currency)))
    else:
        parts.append(missing(tr("No tier that the promise rests on can be given a second copy: the next promise is a matter of practices, not of the design.")))
    return Chapter(tuple(parts))


def _units(s: Sourcing, i: Investor, ledger: Ledger) -> Exhibit:
    now, ten = band(i.cash_per_month), band(i.cash_at_ten)
    factor = ten.mean / now.mean if now.mean else 0.0
    times = ledger.say(TIMES, "factor", id="investor.grown")
    rows = [(tr("Infrastructure in cash, a month"), with_range(ledger, now, "money", id="investor.cash")),
            (tr("The same at {times} times the load", times=times), with_range(ledger, ten, "money", id="investor.cash_at_ten"))]  # fmt: skip
    finding = tr("At {load_times} times the load the bill is {bill_times} times today's", load_times=times, bill_times=ledger.say(factor, 'factor', id='investor.times'))
    if i.per_customer is not None and i.per_customer_at_ten is not None:
        each, later = band(i.per_customer), band(i.per_customer_at_ten)
        rows.append((tr("For each customer, a month"), with_range(ledger, each, "money", id="investor.per_customer")))
        rows.append((tr("The same at {times} times the customers", times=times), with_range(ledger, later, "money", id="investor.per_customer_at_ten")))
        finding += tr("; a customer costs {per_customer} a month to serve now and {per_customer_at_ten} then", per_customer=ledger.say(each.mean, 'money', id='investor.per_customer'), per_customer_at_ten=ledger.say(later.mean, 'money', id='investor.per_customer_at_ten'))
    if i.share_of_revenue is not None:
        share = band(i.share_of_revenue)
        rows.append((tr("Infrastructure as a share of revenue"), with_range(ledger, share, "share", id="investor.share_of_revenue")))
        finding += tr("; infrastructure is {share_of_revenue} of revenue", share_of_revenue=ledger.say(share.mean, 'share', id='investor.share_of_revenue'))
    hours = band(s.costs.hours[:, 0])
    rows.append((tr("People's hours on running it, a month"), with_range(ledger, hours, "hours", id="investor.hours")))
    return Exhibit("investor_units", tr("What a customer costs to serve"), finding + ".", Table((Column("", width=2), Column("", "right", 2)), tuple(rows)), printed=tuple(ledger.printed),
                   note=tr("Bills before start-up credits, which end. Customers and load are taken to grow together. Machines grow in steps, so the cost for each customer falls where there is room today; hours are not in the cash."))  # fmt: skip


def _next(i: Investor, n: NextPromise, ledger: Ledger) -> Exhibit:
    cash, hours = band(n.cash_per_month), band(n.hours_once)
    before, after = ledger.say(n.breach_before, "share", id="investor.breach_before"), ledger.say(n.breach_after, "share", id="investor.breach_after")
    slo = ledger.say(n.slo, "promise", id="investor.next_promise")
    holds = n.breach_after <= i.tolerance and not n.gates
    tiers = joined(list(n.moves))
    moves = tr("hardly moves") if before == after else tr("brings") if n.breach_after < n.breach_before else tr("does not lower")
    shift = tr("{moves} the chance to break it within a year from {before} to {after}", moves=moves, before=before, after=after) if moves == "brings" else tr("hardly moves the chance to break it within a year ({before})", before=before) if moves == "hardly moves" else tr("{moves} the chance to break it within a year ({before} before, {after} after)", moves=moves, before=before, after=after)
    finding = tr("The next promise is {slo}. A second copy of {tiers} {shift}, for {next_cash} a month and {next_hours} once; ", slo=slo, tiers=tiers, shift=shift, next_cash=ledger.say(cash.mean, 'money', id='investor.next_cash'), next_hours=ledger.say(hours.mean, 'hours', id='investor.next_hours'))
    finding += tr("with that it could be signed.") if holds else tr("that alone does not make it one to sign.")
    rows = [(tier, c.way.title, tr("a provider") if c.way.run_by == "provider" else tr("you")) for tier, c in n.moves.items()]
    note = tr("The cheapest open way with a second copy, tier by tier, by list price and hours: a bound on the design's part of {slo}; {breach_tolerance_share} may be signed.", slo=slo, breach_tolerance_share=ledger.say(i.tolerance, 'share', id='breach_tolerance_share'))
    if n.gates:
        note += tr(" It also asks for: {gates}.", gates=joined([inside(g) for g in n.gates]))
    return Exhibit("investor_next_promise", tr("What the next promise costs"), finding, Table((Column(tr("Tier")), Column(tr("Second copy by"), width=2.5), Column(tr("Run by"))), tuple(rows)), note=note, printed=tuple(ledger.printed))
