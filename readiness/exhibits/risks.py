"""Risks that were accepted, with their price, and when to look again."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.accepted import YEARS_LATER, priced_risks, review_calendar
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, points, text
from readiness.language import tr, trn
from readiness.text import Ledger
from readiness.wording import with_range

MOST_TOLD = 5


def risks(a: Assessment) -> Chapter:
    """Accepted risks with owner, review date and price; and the review calendar."""
    return Chapter((_accepted(a), _calendar(a)))


def _accepted(a: Assessment) -> Part:
    found = priced_risks(a)
    if not found:
        return text(tr("No risk has been accepted in writing. What is left undone without a name and a date is not accepted, only forgotten."))
    ledger = Ledger(a.engagement.client.currency)
    ahead = tr("in {look_ahead_months} months", look_ahead_months=ledger.count(round(YEARS_LATER * MONTHS_PER_YEAR), id='look_ahead_months'))
    rows = []
    for n, r in enumerate(found):
        now = with_range(ledger, r.now, "money", id=f"risk_{n}.now") if r.now else tr("cannot be priced")
        later = with_range(ledger, r.later, "money", id=f"risk_{n}.later") if r.later else ""
        rows.append((r.risk.title, r.risk.owner, f"{r.risk.review_on}{' (overdue)' if r.overdue else ''}", now, later, r.basis))
    priced = [r for r in found if r.now and r.later]
    total, grown = sum(r.now.mean for r in priced if r.now), sum(r.later.mean for r in priced if r.later)
    overdue = [r.risk.title for r in found if r.overdue]
    count = tr("One risk was") if len(found) == 1 else trn("{risks} risk was", "{risks} risks were", len(found), risks=ledger.count(len(found), id='risks'))
    finding = tr("{count} accepted, at an expected {risks_now} a year today and {later} {ahead}.", count=count, risks_now=ledger.say(total, 'money', id='risks.now'), later=ledger.say(grown, 'money', id='risks.later'), ahead=ahead) if priced else tr("{count} accepted; none can be priced.", count=count)
    if overdue:
        finding += tr(" Past its review date: {overdue}.", overdue=', '.join(overdue))
    return Exhibit(
        "accepted_risks", tr("Accepted risks"), finding,
        Table((Column(tr("Risk"), width=1.9), Column(tr("Owner"), width=0.7), Column(tr("Review"), width=0.9), Column(tr("A year, today"), "right", 1.6), Column(tr("A year, {ahead}", ahead=ahead), "right", 1.6), Column(tr("Priced as"), width=1.7)), tuple(rows)),
        note=tr("Cash, hours at their loaded rate and loss together. {ahead} what hangs on revenue has grown as the client expects its demand to, give or take a half; the rest is as today. Some of it may not show in money: an event that could end the company is never weighed by its price.", ahead=ahead.capitalize()),
        printed=tuple(ledger.printed),
    )  # fmt: skip


def accepted(a: Assessment) -> Chapter:
    """The accepted risks in a line each: what it costs a year, and when to look again."""
    found = priced_risks(a)
    if not found:
        return Chapter((_accepted(a),))
    ledger = Ledger(a.engagement.client.currency)
    told = []
    for n, r in enumerate(found[:MOST_TOLD]):
        now = tr("{now} a year", now=with_range(ledger, r.now, 'money', id=f'risk_{n}.now')) if r.now else tr("it cannot be priced")
        told.append(tr("{risk}: {now}; look again on {review_on}{overdue}.", risk=r.risk.title, now=now, review_on=r.risk.review_on, overdue=tr(", which is overdue") if r.overdue else ""))
    if len(found) > MOST_TOLD:
        told.append(tr("{further} more.", further=ledger.count(len(found) - MOST_TOLD, id='risks.further')))
    return Chapter((points(told, title=tr("Accepted risks"), printed=ledger.printed),))


def _calendar(a: Assessment) -> Exhibit:
    found, ledger = review_calendar(a), Ledger(a.engagement.client.currency)
    rows = tuple(
        (r.on.isoformat() if r.on else tr("when it shows"), ledger.told(r.sign, id=f"review_{n}"), ledger.told(r.what, id=f"review_{n}"), r.owner or "")
        for n, r in enumerate(found)
    )
    dated = [r for r in found if r.on is not None]
    finding = tr("Look again now: {sign}.", sign=dated[0].sign) if dated and dated[0].on == a.as_of else tr("Next look: {on} ({sign}).", on=dated[0].on, sign=dated[0].sign) if dated else tr("No day is set; look again when one of these signs shows.")
    return Exhibit(
        "review_calendar", tr("When to look again"), finding, Table((Column(tr("When"), width=0.9), Column(tr("Sign"), width=2.2), Column(tr("What to look at"), width=2.6), Column(tr("Owner"), width=0.7)), rows),
        note=tr("A review that waits for the next outage comes too late. Signs show without a date: put a name on each."), printed=tuple(ledger.printed),
    )  # fmt: skip
