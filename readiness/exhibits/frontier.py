"""Availability and cost: every design considered, the best ones shown, and what practices buy beside them."""

from __future__ import annotations

import math

import numpy as np

from readiness.assessment import Assessment
from readiness.assessment.design_answers import CONFIDENCE, MATERIAL
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Exhibit, points
from readiness.exhibits.frontier_chart import Considered, considered, figure_of, forgives_words, more_or_less
from readiness.language import N_, either, joined, tr, trn
from readiness.models.uncertainty import band
from readiness.text import Ledger


@maybe_ahead
def frontier(a: Assessment) -> Chapter:
    """The page for a board: the chart, and the answers in a line each."""
    found = considered(a)
    ledger = Ledger(a.engagement.client.currency)
    finding = _finding(found, ledger)
    s = found.space
    note = tr(
        "{designs} designs of {varied} tiers have ways that are open and a price; the solid line is what none of them beats within "
        "{hours_cap} of the team a month. {rescored} on the common draws. Cash is the tiers' bill; other ways are priced at their listed size. "
        "Hours of a move stand beside it, spread over three years. Journeys are weighed by revenue; the promise is judged for each.",
        designs=ledger.plain(s.designs, id='designs'), varied=ledger.count(len(s.choices.varied), id='tiers.varied'), hours_cap=ledger.say(found.answers.limits.hours, 'hours', id='frontier.hours_cap'), rescored=trn("{rescored} design was re-scored", "{rescored} designs were re-scored", s.rescored, rescored=ledger.count(s.rescored, id='designs.rescored')),
    )
    said = Ledger(a.engagement.client.currency)
    lines = _lines(found, said)
    forgives = forgives_words(found, ledger)
    ledger.say(CONFIDENCE, "share", id="confidence_asked")
    chart = Exhibit("frontier", tr("Every design: cash against downtime"), finding, figure=lambda: figure_of(found, forgives), alt=_alt(found, ledger), note=note, printed=tuple(ledger.printed))
    return Chapter((chart, points(lines, title=tr("What it says"), printed=said.printed)))


def _finding(found: Considered, ledger: Ledger) -> str:
    """The recommended design against today's, never stronger than the range of the difference."""
    r = found.answers
    today, chosen = r.today, r.recommended
    if not chosen.plan.differs(today.plan):
        if len(found.space.front) < 2 and not any(len(o) > 1 for o in found.space.choices.single.values()):
            return tr("No other way to run these tiers is open and has a price: today's design is the only one that can be reckoned.")
        return tr("No design is clearly worth more than today's: what would improve this product is not another way to run its tiers.")
    gain = band(today.minutes - chosen.minutes)
    cash, hours = chosen.sums.cash - today.sums.cash, chosen.sums.hours - today.sums.hours
    changed = _count(chosen.plan.differs(today.plan), ledger)
    price = tr("{cash_change} and {hours_change} a month", cash_change=more_or_less(ledger, cash, 'money', id='recommended.cash_change'), hours_change=more_or_less(ledger, hours, 'hours', id='recommended.hours_change'))
    start = tr("The recommended design changes {changed} for {price}", changed=changed, price=price)
    if abs(gain.mean) < MATERIAL * float(today.minutes.mean()):
        return tr("{start}, with about the same downtime.", start=start)
    before, after = (_hours(ledger, float(x.minutes.mean()), id=f"{n}.minutes") for x, n in ((today, "today"), (chosen, "recommended")))
    if gain.low <= 0 <= gain.high:
        return tr("{start}; it is expected to bring downtime from {before} to {after} a year, but whether it helps is not certain.", start=start, before=before, after=after)
    low, high = sorted((abs(gain.low), abs(gain.high)))
    between = N_("{low} and {high}")
    ranged = ledger.range(low / 60, high / 60, "hours", id="recommended.gain", words=between) if high >= 90 else ledger.range(low, high, "minutes", id="recommended.gain", words=between)
    return tr("{start}, and takes downtime from {before} to {after} a year; {gain}.", start=start, before=before, after=after, gain=tr("the gain lies between {ranged}", ranged=ranged) if gain.mean > 0 else tr("the loss lies between {ranged}", ranged=ranged))


def _hours(ledger: Ledger, minutes: float, *, id: str) -> str:
    """Downtime in hours up to ten days, so that two of them can be compared at a glance."""
    if not 90 <= minutes < 14_400:
        return ledger.say(minutes, "minutes", id=id)
    return ledger.say(minutes / 60, "hours", id=id)


def _count(tiers: tuple[str, ...], ledger: Ledger) -> str:
    return f"{joined(list(tiers))}" if len(tiers) < 4 else tr("{tiers} tiers", tiers=ledger.count(len(tiers), id='recommended.tiers'))


def _lines(found: Considered, ledger: Ledger) -> list[str]:
    lines = [_promise_line(found, ledger), _budget_line(found, ledger), _worth_line(found, ledger), _today_line(found, ledger)]
    return [line for line in (*lines, _beside_line(found, ledger)) if line]


def _promise_line(found: Considered, ledger: Ledger) -> str:
    r, s = found.answers, found.space
    main = ledger.say(s.a.main.journey.promise.slo, "promise", id="promise_slo")
    slo = main if len(s.a.journeys) == 1 else tr("the promises")
    if r.keeps is None:
        allowed = ledger.say(s.allowances[s.a.journeys.index(s.a.main)], "minutes", id="promise.allowance")
        floor = ledger.say(s.floor, "minutes", id="frontier.floor")
        line = tr("The promise: no design keeps {slo} on average within the team's hours. {main} forgives {allowed} a year; changes, people, load, security and outside services take {floor} whatever the design.", slo=slo, main=main, allowed=allowed, floor=floor)
        return line + _raised_words(found, ledger)
    cash = ledger.say(r.keeps.sums.cash, "money", id="keeps.cash")
    if r.keeps.plan.differs(r.today.plan):
        line = tr("The promise: on average {slo} can be kept; the cheapest design that does costs {cash} a month", slo=slo, cash=cash)
    else:
        line = tr("The promise: on average {slo} can be kept; today's design already does", slo=slo)
    if r.keeps_surely is None:
        share = ledger.say(r.keeps.confidence, "share", id="keeps.confidence")
        return tr("{line}. It does so in {share} of the draws; none of the designs reaches {confidence_asked}, and the chance of a month that breaks it is {breach} a year.", line=line, share=share, confidence_asked=ledger.say(CONFIDENCE, 'share', id='confidence_asked'), breach=ledger.say(r.keeps.breach, 'share', id='keeps.breach'))
    sure = ledger.say(r.keeps_surely.sums.cash, "money", id="keeps_surely.cash")
    return tr("{line}. With {confidence_asked} confidence it costs {sure} a month; even then the chance of a month that breaks it is {breach} a year.", line=line, confidence_asked=ledger.say(CONFIDENCE, 'share', id='confidence_asked'), sure=sure, breach=ledger.say(r.keeps_surely.breach, 'share', id='keeps_surely.breach'))


def _raised_words(found: Considered, ledger: Ledger) -> str:
    if found.raised is None or found.raised_space is None:
        return tr(" Every practice that the promise asks for is already answered so.")
    best = float(found.raised_space.front.loss.min())
    cash = more_or_less(ledger, found.raised.cash_per_month, "money", id="raised.cash")
    n = len(found.raised.practices)
    said = tr(" With the {practices} practices that the promise asks for", practices=ledger.count(n, id='raised.practices')) if n > 1 else tr(" With “{practices}”, which the promise asks for", practices=found.raised.practices[0].title)
    return tr("{said} ({cash} a month) the best design comes to {best}.", said=said, cash=cash, best=ledger.say(best, 'minutes', id='raised.best'))


def _budget_line(found: Considered, ledger: Ledger) -> str:
    r = found.answers
    budget = ledger.say(r.limits.budget, "money", id="frontier.budget")
    told = tr("the cloud budget") if r.limits.budget_said else tr("today's bill")
    if r.best is None:
        return tr("The budget: no design fits into {told} of {budget} a month.", told=told, budget=budget)
    if not r.best.plan.differs(r.today.plan):
        return tr("The budget: within {told} of {budget} a month and the team's hours, nothing on the list has less downtime than today's design.", told=told, budget=budget)
    minutes, cash = ledger.say(float(r.best.minutes.mean()), "minutes", id="best.minutes"), ledger.say(r.best.sums.cash, "money", id="best.cash")
    return tr("The budget: within {told} of {budget} a month and the team's hours, the best design has {minutes} of downtime a year and costs {cash} a month.", told=told, budget=budget, minutes=minutes, cash=cash)


def _worth_line(found: Considered, ledger: Ledger) -> str:
    """What is worth buying, and what the next minute and the next nine would cost."""
    r = found.answers
    if r.limits.loss_per_minute <= 0 or r.worth is None:
        return tr("What is worth buying: without a loss per hour of downtime, money cannot say it; the promise decides.")
    minute = ledger.say(r.limits.loss_per_minute, "money", id="loss_per_bad_minute")
    spent = r.worth.sums.cash
    line = tr("What is worth buying: a bad minute costs {minute} here, so designs are worth up to {cash} a month", minute=minute, cash=ledger.say(spent, 'money', id='worth.cash'))
    starts = found.space.front.cost[r.prices.start]
    after = np.flatnonzero((starts >= spent - 0.5) & np.isfinite(r.prices.per_minute))
    if not len(after):
        return tr("{line}; nothing dearer saves any more downtime.", line=line)
    step = int(after[0])
    each = ledger.say(float(r.prices.per_minute[step]) * MONTHS_PER_YEAR, "money", id="next.per_minute")
    nine = float(r.prices.per_nine[step])
    of_nine = tr(", {per_nine} a month for each further nine", per_nine=ledger.say(nine, 'money', id='next.per_nine')) if math.isfinite(nine) else ""
    return tr("{line}. The next step on the line costs {each} for each minute avoided{of_nine}, hours not counted.", line=line, each=each, of_nine=of_nine)


def _today_line(found: Considered, ledger: Ledger) -> str:
    r = found.answers
    if r.away.on_front:
        return tr("Today's design: on the line. Nothing on the list has less downtime for the same money.")
    words = []
    if r.away.cost_saved and r.away.cost_saved > MATERIAL * r.today.sums.cash:
        more = (r.away.cheaper.hours or 0.0) - r.today.sums.hours if r.away.cheaper is not None else 0.0
        at = tr(", with {cheaper_hours} of work", cheaper_hours=more_or_less(ledger, more, 'hours', id='today.cheaper_hours')) if abs(more) >= 1 else ""
        words.append(tr("the same downtime can be had for {cost_saved} a month less{at}", cost_saved=ledger.say(r.away.cost_saved, 'money', id='today.cost_saved'), at=at))
    if r.away.loss_avoided and r.away.loss_avoided > MATERIAL * r.today.sums.minutes:
        words.append(tr("the same money buys {loss_avoided} less downtime a year", loss_avoided=ledger.say(r.away.loss_avoided, 'minutes', id='today.loss_avoided')))
    if not words:
        return tr("Today's design: no other is clearly better at its price.")
    single = r.single[0] if r.single else None
    cheaper = single is not None and single.cash < -MATERIAL * r.today.sums.cash
    better = single is not None and single.minutes < -MATERIAL * r.today.sums.minutes
    gains = tr("improves both") if cheaper and better else tr("costs less and loses no more") if cheaper else tr("loses less and costs no more")
    one = tr(" One change {gains}: {tiers} to {ways}.", gains=gains, tiers=joined(list(single.tiers)), ways=joined(list(single.after))) if single else tr(" No single change improves both.")
    return tr("Today's design: off the line; {designs}, within the team's hours.{one}", designs=either(words), one=one)


def _beside_line(found: Considered, ledger: Ledger) -> str:
    """What practices buy, beside what the recommended design and a second region buy."""
    r, told = found.answers, []
    if found.path:
        last = found.path[-1]
        saved = float(r.today.minutes.mean()) - last.minutes
        cash = more_or_less(ledger, last.cash_per_month, "money", id="practices.cash")
        titles = joined([f"“{p.practice.title}”" for p in found.path[:2]])
        told.append(tr("{beside} of them, led by {titles}, save {saved} a year for {cash} a month", beside=ledger.count(len(found.path), id='practices.beside'), titles=titles, saved=ledger.say(saved, 'minutes', id='practices.saved'), cash=cash))
        gain = float(r.today.minutes.mean() - r.recommended.minutes.mean())
        if gain > MATERIAL * float(r.today.minutes.mean()):
            told.append(tr("the recommended design saves {saved}", saved=ledger.say(gain, 'minutes', id='recommended.saved')))
    return tr("Practices beside designs: {told}.", told='; '.join([*told, *_region_words(found, ledger)])) if told else ""


def _region_words(found: Considered, ledger: Ledger) -> list[str]:
    """What a second region beside today's design, or else the recommended one, buys and costs; none where it is not open."""
    r, s = found.answers, found.space
    beside = [(p, two) for p in (r.today.plan, r.recommended.plan) if not p.second and (two := s.plan_with(p.ways, second=True)) is not None]
    if not beside:
        return []
    one, two = beside[0]
    before, after = s.sums(one), s.sums(two)
    saved = before.minutes - after.minutes
    if saved <= 0:
        return []
    cash, hours = ledger.say(after.cash - before.cash, "money", id="second_region.cash"), ledger.say(after.hours - before.hours, "hours", id="second_region.hours")
    where = "" if one is r.today.plan else tr(" beside the recommended design")
    return [tr("a second region on standby{where} would save {saved} for {cash} and {hours} a month", where=where, saved=ledger.say(saved, 'minutes', id='second_region.saved'), cash=cash, hours=hours)]


def _alt(found: Considered, ledger: Ledger) -> str:
    r, s = found.answers, found.space
    return tr(
        "Cash a month against expected downtime a year. Today's design stands at {cash} and {downtime}, "
        "the recommended one at {recommended_cash} and {recommended_downtime}; "
        "no design gets below {floor}.",
        cash=ledger.say(r.today.sums.cash, 'money', id='today.cash'), downtime=ledger.say(r.today.sums.minutes, 'minutes', id='today.minutes'), recommended_cash=ledger.say(r.recommended.sums.cash, 'money', id='recommended.cash'), recommended_downtime=ledger.say(float(r.recommended.minutes.mean()), 'minutes', id='recommended.minutes'), floor=ledger.say(s.floor, 'minutes', id='frontier.floor'),
    )


__all__ = ["Considered", "considered", "frontier"]
