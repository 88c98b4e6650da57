"""What it costs over three years, and who should run what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from readiness.assessment.sourcing import ServiceView, Sourcing
from readiness.assessment.sourcing_comparing import Compared
from readiness.design import OLD_PRICE_MONTHS
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, points, text
from readiness.figures.chance_over_growth import chance_over_growth
from readiness.figures.cost_curves import cost_curves
from readiness.figures.stacked import stacked
from readiness.figures.tornado import tornado
from readiness.language import N_, Words, joined, tr, trn
from readiness.models.cost import npv, present_factors
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import provider_name, some
from readiness.wording_sourcing import (
    EU_SWITCHING,
    crossing_words,
    evidence_for,
    input_name,
    likely_words,
    stance,
    switch_sentence,
    verdict_sentence,
)

LAYERS = 5
QUARTER = 3
DECIDING = 3
SMALL_SHARE = 0.001
BIG_FIGURES = 2
PRICE_REASON = N_("no list price is known, or only for a part of the bill")
BASIS_WORDS = Words({"bill": N_("your bill"), "list": N_("list price"), "none": N_("not known")})
EVIDENCE_OF_PUBLISHED_EFFORT = N_("Published efforts to run the same service differ up to 80 times between authors; your own tickets beat all of them.")


def costs(s: Sourcing) -> Chapter:
    """Today's design over the horizon: by kind, by line with price and date, and the end of start-up credits."""
    currency = s.assessment.engagement.client.currency
    parts: list[Part] = [_over_time(s, Ledger(currency)), _lines(s, Ledger(currency))]
    unknown = [t.placed.tier.name for t in s.costs.tiers if t.basis == "none" or (t.basis == "list" and t.placed.price_missing)]
    if unknown:
        parts.append(missing(tr("Cash of {unknown} is not or not wholly known: give cost_per_month of the tier, or import the bill. Totals hold at least what is shown.", unknown=joined(unknown))))
    client = s.assessment.engagement.client
    if currency != "USD" and client.exchange_rate_from_usd == 1 and client.exchange_rate_on is None:
        parts.append(missing(tr("List prices are in USD and were taken as {currency} one to one: give client.exchange_rate_from_usd, and the day it holds.", currency=currency)))
    unmeasured = [t.placed.tier.name for t in s.costs.tiers if t.placed.tier.capacity_per_second is None and t.placed.way.redundancy != "serverless"]
    if unmeasured:
        said, room = Ledger(currency), band(s.today.values["unmeasured_headroom_factor"])
        parts.append(missing(tr("Nobody has measured what {unmeasured} can carry; {unmeasured_headroom_factor_range} times today's peak was reckoned with. A load test would say when the next machine is due.", unmeasured=joined(unmeasured), unmeasured_headroom_factor_range=said.range(room.low, room.high, 'factor', id='unmeasured_headroom_factor')), printed=said.printed))
    return Chapter(tuple(parts))


def _over_time(s: Sourcing, ledger: Ledger) -> Exhibit:
    c = s.costs
    now, end = band(c.cash[:, 0]), band(c.cash[:, -1])
    present = band(npv(c.cash, c.discount_rate_per_year))
    months = ledger.count(s.months, id="horizon_months")
    growth = ledger.say(float(s.growth.factor[:, -1].mean()), "factor", id="load_at_end")
    finding = tr(
        "Today's design costs {cash_first_month} in cash in the first month and {cash_last_month} "
        "({cash_last_month_range}) in month {months}, at {growth} times the load. "
        "Over {months} months that is {cash_npv} in today's money ({cash_npv_range}).",
        cash_first_month=ledger.say(now.mean, 'money', id='cash_first_month'), cash_last_month=ledger.say(end.mean, 'money', id='cash_last_month'), cash_last_month_range=ledger.range(end.low, end.high, 'money', id='cash_last_month'), months=months, growth=growth, cash_npv=ledger.say(present.mean, 'money', id='cash_npv'), cash_npv_range=ledger.range(present.low, present.high, 'money', id='cash_npv'),
    )
    quarters = range(0, s.months, QUARTER)
    periods = [f"Q{i + 1}" for i in range(len(quarters))]
    by_tier = [(t.placed.tier.name, t.cash.mean(axis=0)) for t in c.tiers]
    by_tier.append((tr("beside the tiers"), np.full(s.months, float(c.other_cash.mean())) + c.unused.mean(axis=0)))
    by_tier.sort(key=lambda pair: -float(pair[1].sum()))
    kept = by_tier[:LAYERS]
    if len(by_tier) > LAYERS:
        kept.append((tr("all else"), np.sum([v for _, v in by_tier[LAYERS:]], axis=0)))
    layers = [(name, [float(v[q : q + QUARTER].sum()) for q in quarters]) for name, v in kept]
    mark = None
    paid = c.credits_used.mean(axis=0)
    cliffs = []
    for provider, last, rise in c.credit_ends:
        if last >= 0:
            cliffs.append(tr("credits of {provider} pay until month {credits_last_month}; then the bill rises by {credit_cliff} a month", provider=provider_name(provider), credits_last_month=ledger.say(last + 1, 'count', id=f'{provider}.credits_last_month'), credit_cliff=ledger.say(rise, 'money', id=f'{provider}.credit_cliff')))
            mark = (periods[min(int(last) // QUARTER, len(periods) - 1)], tr("{provider} credits end", provider=provider_name(provider)))
        else:
            cliffs.append(tr("credits of {provider} pay for nothing: no tier is billed by it", provider=provider_name(provider)))
    if cliffs:
        finding += tr(" Start-up {cliffs}.", cliffs=joined(cliffs))
    finding += _discount_ends(s, ledger)
    realised, persisting, full = (ledger.range(b.low, b.high, unit, id=name) for name, unit in (("growth_realised_factor", "factor"), ("growth_kept_share", "share"), ("full_machine_share", "share")) for b in (band(s.today.values[name]),))
    note = (
        tr("Bars are bills before credits; credits pay {credits_used} of them. ", credits_used=ledger.say(float(paid.sum()), 'money', id='credits_used')) if paid.any() else ""
    ) + tr("Load grows by {realised} times what you expect, and each year's growth is {persisting} of the year before; machines are full at {full} of what they carry and come in steps, storage and traffic grow with the load, seats and plans stay. Hours are not in here: they are a column of their own.", realised=realised, persisting=persisting, full=full)
    rows = []
    for start in range(0, s.months, 12):
        cut = slice(start, min(start + 12, s.months))
        cash, hours = band(c.cash[:, cut].sum(axis=1)), band(c.hours[:, cut].sum(axis=1))
        year = start // 12 + 1
        rows.append((tr("Year {year}", year=ledger.count(year, id='year')), *(ledger.say(x, "money", id=f"cash_year_{year}") for x in (float(c.gross_cash[:, cut].sum(axis=1).mean()), float(c.credits_used[:, cut].sum(axis=1).mean()), cash.mean)),
                     ledger.range(cash.low, cash.high, "money", id=f"cash_year_{year}"), ledger.say(hours.mean, "hours", id=f"hours_year_{year}"), ledger.range(hours.low, hours.high, "hours", id=f"hours_year_{year}")))  # fmt: skip
    columns = (Column("", width=0.8), Column(tr("Bills"), "right"), Column("\u2212\u00a0" + tr("credits"), "right"), Column("=\u00a0" + tr("cash"), "right"), Column(tr("90 % range"), "right", 1.6), Column(tr("People's hours"), "right"), Column(tr("90 % range"), "right", 1.5))
    alt = tr("Cash by quarter and tier: ") + "; ".join(tr("{name} from {first_quarter} to {last_quarter}", name=name, first_quarter=ledger.say(v[0], 'money', id=f'{name}.first_quarter'), last_quarter=ledger.say(v[-1], 'money', id=f'{name}.last_quarter')) for name, v in layers) + "."
    return Exhibit("cost_over_time", tr("What today's design costs as the load grows"), finding, Table(columns, tuple(rows)), note=note, alt=alt, printed=tuple(ledger.printed),
                   figure=lambda: stacked(periods, layers, axis_title=tr("Cash a quarter, {currency}", currency=ledger.currency), mark=mark))  # fmt: skip


def _discount_ends(s: Sourcing, ledger: Ledger) -> str:
    """When commitments and negotiated discounts end, and what that does to the bill."""
    told = ""
    for number, (d, left, rise) in enumerate(s.costs.discount_ends):
        of = tr(" of {needs}", needs=joined([n.replace('_', ' ') for n in d.needs])) if d.needs else ""
        name = tr("{share_off} off {provider}'s list prices{of}", share_off=ledger.say(d.share_off, 'share', id=f'discount_{number}.share_off'), provider=provider_name(d.provider), of=of)
        if not left:
            told += tr(" {name} ended on {until}: list prices hold, unless it is renewed.", name=name, until=d.until)
        elif not rise:
            told += tr(" {name} covers nothing that is run today.", name=name)
        elif left < s.months:
            told += tr(" {name} holds until {until}; then the bill rises by {rise} a month.", name=name, until=d.until, rise=ledger.say(rise, 'money', id=f'discount_{number}.rise'))
    idle = float(s.costs.unused.sum(axis=1).mean())
    if idle > SMALL_SHARE * float(s.costs.gross_cash.sum(axis=1).mean()):
        told += tr(" Committed to but not used: {unused_commitments} until the commitments end.", unused_commitments=ledger.say(idle, 'money', id='unused_commitments'))
    return told


def _lines(s: Sourcing, ledger: Ledger) -> Exhibit:
    rows: list[tuple[str, ...]] = []
    muted: list[int] = []
    old, total_now = 0, 0.0
    for t in s.costs.tiers:
        tier, now = t.placed.tier.name, float(t.cash[:, 0].mean())
        total_now += now
        listed = sum(line.per_month_now for line in t.lines)
        says = f"{t.placed.way.title}; {BASIS_WORDS[t.basis]}"
        if t.basis == "bill" and listed:
            says += tr(", {bill_over_list} times the list", bill_over_list=ledger.say(now / listed, 'factor', id=f'{tier}.bill_over_list'))
        rows.append((tier, says, "", "", "", ledger.say(now, "money", id=f"{tier}.cash_now") if t.basis != "none" else tr("not known"), ledger.say(float(t.cash[:, -1].mean()), "money", id=f"{tier}.cash_end") if t.basis != "none" else ""))
        for line in t.lines:
            aged = line.age_months > OLD_PRICE_MONTHS
            old += aged
            muted.append(len(rows))
            free = tr(" - {free} free", free=ledger.plain(line.free, id=f'{tier}.{line.sku}.free')) if line.free else ""
            off = "".join(tr("; less {off} for {off_months} months", off=ledger.say(share, 'share', id=f'{tier}.{line.sku}.off'), off_months=ledger.count(left, id=f'{tier}.{line.sku}.off_months')) for share, left in line.off)
            rows.append((f"   {line.sku.partition('/')[2].replace('_', ' ')}", line.what + off, f"{ledger.plain(line.quantity, id=f'{tier}.{line.sku}.quantity', digits=3)}{free}",
                         ledger.say(line.price_per_month, "money", id=f"{tier}.{line.sku}.price"), line.as_of.isoformat() + (tr(" (old)") if aged else ""),
                         ledger.say(line.per_month_now, "money", id=f"{tier}.{line.sku}.now"), ledger.say(line.per_month_end, "money", id=f"{tier}.{line.sku}.end")))  # fmt: skip
    finding = tr("The tiers' bills come to {tiers_cash_now} in the first month", tiers_cash_now=ledger.say(total_now, 'money', id='tiers_cash_now')) + (trn("; {old_prices} list price is older than {old_price_months} months.", "; {old_prices} list prices are older than {old_price_months} months.", old, old_prices=ledger.count(old, id='old_prices'), old_price_months=ledger.count(OLD_PRICE_MONTHS, id='old_price_months')) if old else ".")
    columns = (Column(tr("Tier and line"), width=1.6), Column(tr("What"), width=2), Column(tr("Quantity"), "right", 1.2), Column(tr("Price a month"), "right", 1.1), Column(tr("Price of"), width=1.2), Column(tr("Now"), "right", 0.9), Column(tr("Month {horizon_months}", horizon_months=ledger.count(s.months, id='horizon_months')), "right", 0.9))
    billed = s.today.values.base["billed_over_list_factor"]
    between = ledger.range(billed.low, billed.high, "factor", id="billed_over_list_factor")
    note = tr("Quantity (less what is free) times price is the list, from which discounts that you negotiated or committed to are taken until they end; your own bill wins over it and grows as the list does. List prices are reckoned with at {between} times what they are, so a tier's mean lies a little over its lines. Prices by the hour are shown for a month of 730 hours; sources stand in prices.csv.", between=between)
    return Exhibit("cost_lines", tr("The arithmetic of the bill"), finding, Table(columns, tuple(rows), muted=tuple(muted)), note=note, printed=tuple(ledger.printed))


def services(s: Sourcing) -> Chapter:
    """Every service the client runs, held against the ways to have it run; then each in detail."""
    currency = s.assessment.engagement.client.currency
    if not s.services:
        parts: list[Part] = [text(tr("Nothing is run by the team itself: every tier is a provider's. What is left to decide is what running one yourselves would save."))]
        return Chapter((*parts, *_bought(s, Ledger(currency)), _stay(s, Ledger(currency))))
    said = Ledger(currency)
    parts = [_verdicts(s, Ledger(currency)), points([verdict_sentence(s, v, said) for v in s.services], printed=said.printed)]
    decided = s.assessment.engagement.answers.get("managed_decision")
    if decided is not None and decided.answer == "decided_against" and decided.reason:
        parts.append(text(tr("You have decided to run these yourselves (“{reason}”). What follows is what that decision costs, for when it is looked at again.", reason=decided.reason)))
    stays = [v.placed.tier.name for v in s.services if stance(s, v) not in ("move", "probably move")]
    goes = [v.placed.tier.name for v in s.services if stance(s, v) in ("move", "probably move")]
    if s.assessment.engagement.architecture.departure == "on_premises" and stays and goes:
        parts.append(text(tr("Each service is judged by itself. What talks to {stays} all day has to stay beside it: do not move {goes} away from it before its own way is clear.", stays=joined(stays), goes=joined(goes))))
    homes = sorted({v.managed.candidate.way.provider for v in s.services if v.managed and v.managed.candidate and v.placed.tier.name in goes})
    if len(homes) > 1 and s.together:
        parts.append(text(tr("The best ways lie with {homes}; each further provider is a contract, a network and a skill of its own. Who wants only one takes {together_id}: see “All services at once”.", homes=joined([provider_name(p) for p in homes]), together_id=provider_name(s.together[0].id))))
    parts.append(_columns(s, Ledger(currency)))
    parts.append(_stay(s, Ledger(currency)))
    if s.together:
        parts.append(_together(s, Ledger(currency)))
    if any(v.chance_by_growth for v in s.services):
        parts.append(_growth(s, Ledger(currency)))
    parts.append(_gates(s, Ledger(currency)))
    parts += _bought(s, Ledger(currency))
    return Chapter(tuple(parts))


def verdicts(s: Sourcing, most: int = 8) -> Chapter:
    """One table of verdicts: every service the client runs, the best way to have it run, and what that gives."""
    if not s.services:
        return services(s).only("text", "already_bought")
    ledger = Ledger(s.assessment.engagement.client.currency)
    long = _verdicts(s, ledger)
    kept = (0, 2, 4, 5, 7)
    table = Table(tuple(long.table.columns[i] for i in kept), tuple(tuple(row[i] for i in kept) for row in long.table.rows[:most])) if long.table else None
    more = len(s.services) - most
    return Chapter((replace(long, table=table, note=tr("{further} more are not listed.", further=ledger.count(more, id='services.further')) if more > 0 else "", printed=tuple(ledger.printed)),))


def _verdicts(s: Sourcing, ledger: Ledger) -> Exhibit:
    rows = []
    for v in s.services:
        tier, m = v.placed.tier.name, v.managed
        if m is None:
            rows.append((tier, v.placed.way.title, tr("none open"), "", "", "", "", tr(stance(s, v))))
            continue
        c = m.comparison
        rows.append((tier, v.placed.way.title, m.title, ledger.say(c.chance_cheaper_cash, "share", id=f"{tier}.chance_cheaper_cash"), likely_words(c.chance_cheaper_economic, ledger, f"{tier}.chance_cheaper_economic"),
                     ledger.say(float(m.hours_back.mean()), "hours", id=f"{tier}.hours_back"), switch_sentence(v, s.months, ledger), tr(stance(s, v))))  # fmt: skip
    moving = [v.placed.tier.name for v in s.services if stance(s, v) in ("move", "probably move")]
    back = sum(float(v.managed.hours_back.mean()) for v in s.services if v.managed and stance(s, v) in ("move", "probably move"))
    if moving:
        finding = trn("{moving} is better run by a provider; that gives the team back about {hours_back_of_moves} a month.", "{moving} are better run by a provider; that gives the team back about {hours_back_of_moves} a month.", len(moving), moving=joined(moving), hours_back_of_moves=ledger.say(back, 'hours', id='hours_back_of_moves'))
    else:
        finding = tr("Nothing that the team runs is clearly better run by a provider.")
    columns = (Column(tr("Service"), width=1), Column(tr("Today"), width=1.7), Column(tr("Best managed way"), width=1.9), Column(tr("Cheaper in cash"), "right", 0.8), Column(tr("Cheaper in all"), "right", 0.8), Column(tr("Hours back a month"), "right", 0.9), Column(tr("When"), width=1.3), Column(tr("Verdict"), width=1))
    note = tr("“In all” is economic: cash, hours at their loaded rate and expected loss over {horizon_months} months (most of the loss grows as revenue does, which is taken to follow the load), moving, double running and the chance to leave again included. {published_effort}", horizon_months=ledger.count(s.months, id='horizon_months'), published_effort=ledger.told(tr(EVIDENCE_OF_PUBLISHED_EFFORT), id='published_effort'))
    return Exhibit("who_runs_what", tr("Who should run what"), finding, Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))


def _columns(s: Sourcing, ledger: Ledger) -> Exhibit:
    """Cash, hours and expected loss side by side, every way compared; never silently added."""
    rows: list[tuple[str, ...]] = []
    emphasis: list[int] = []
    for v in s.services:
        tier = v.placed.tier.name
        emphasis.append(len(rows))
        rows.append((tr("{tier}: {way}, today", tier=tier, way=v.placed.way.title), ledger.say(float(v.today.cash_now.mean()), "money", id=f"{tier}.cash_per_month"), ledger.say(float(v.today.hours_now.mean()), "hours", id=f"{tier}.effort_hours_per_month"), "", "", "", "", ""))
        for c in v.compared:
            d = c.comparison
            even = ledger.say(float(c.break_even.saved.mean()), "hours", id=f"{tier}.{c.id}.break_even_saved") if c.break_even is not None and c.run_by == "provider" else tr("none") if c.break_even is None else ""
            label = f"   {c.title}" + (tr(", run by you") if c.run_by == "client" else "") + (tr(" (the product has to change)") if c.candidate and c.candidate.rewrite else "") + (tr(" (with a surcharge)") if c.candidate and c.candidate.surcharges else "")
            rows.append((label, ledger.say(float(c.cash_other.mean()), "money", id=f"{tier}.{c.id}.cash"), ledger.say(float(c.hours_other.mean()), "hours", id=f"{tier}.{c.id}.hours"),
                         _signed(ledger, float(c.loss_change_per_year.mean()), f"{tier}.{c.id}.loss"), _minutes(ledger, float(c.bad_minutes_change.mean()), f"{tier}.{c.id}.bad_minutes"), even,
                         _signed(ledger, d.median, f"{tier}.{c.id}.median") + f" ({_span(ledger, d.low, d.high, f'{tier}.{c.id}.difference')})", crossing_words(c, ledger)))  # fmt: skip
    columns = (Column(tr("Way"), width=2.5), Column(tr("Cash a month"), "right", 0.9), Column(tr("Hours a month"), "right", 0.7), Column(tr("Loss a year"), "right", 1.1), Column(tr("Downtime a year"), "right", 0.9), Column(tr("Hours to save"), "right", 0.8), Column(tr("All in all over {horizon_months} months", horizon_months=ledger.count(s.months, id='horizon_months')), "right", 1.9), Column(tr("Cheaper from"), width=1))
    leads = [(v.placed.tier.name, v.managed) for v in s.services if v.managed]
    finding = tr("No managed way can be compared.")
    if leads:
        tier, dearest = max(leads, key=lambda pair: float(pair[1].premium_per_month.mean()))
        premium = float(dearest.premium_per_month.mean())
        if premium > 0:
            hours = tr(", which pays from {break_even_saved} saved a month", break_even_saved=ledger.say(float(dearest.break_even.saved.mean()), 'hours', id=f'{tier}.break_even_saved')) if dearest.break_even else ""
            finding = tr("The dearest premium is that of {dearest} for {tier}: {premium} a month in cash{hours}; it gives back {hours_back}.", dearest=dearest.title, tier=tier, premium=ledger.say(premium, 'money', id=f'{tier}.premium'), hours=hours, hours_back=ledger.say(float(dearest.hours_back.mean()), 'hours', id=f'{tier}.hours_back'))
        else:
            finding = tr("Every best managed way is cheaper than today's even in cash.")
    note = tr("Loss and downtime are changes against today, a year at today's revenue; over the horizon what is lost of revenue grows as the load does. Hours to save: so many a month must be saved for the premium, none where the way is cheaper in cash; "
            "{residual_effort_share} of the work remains with the team on average. All in all is the median present value of all three with moving, negative where the way is cheaper, with its 90 % range.",
        residual_effort_share=ledger.say(float(s.today.values['residual_effort_share'].mean()), 'share', id='residual_effort_share'),
    )  # fmt: skip
    return Exhibit("three_columns", tr("Cash, hours and expected loss, way by way"), finding, Table(columns, tuple(rows), emphasis=tuple(emphasis)), note=note, printed=tuple(ledger.printed))


def _signed(ledger: Ledger, value: float, id: str) -> str:
    """Money with its sign; a true minus, since a hyphen breaks the line."""
    shown = ledger.say(abs(value), "money", id=id)
    return f"+{shown}" if value > 0 else f"−{shown}" if value < 0 else shown


def _span(ledger: Ledger, low: float, high: float, id: str) -> str:
    """A band of signed money."""
    return tr("{low} to {high}", low=_signed(ledger, low, f'{id}.low'), high=_signed(ledger, high, f'{id}.high'))


def _minutes(ledger: Ledger, value: float, id: str) -> str:
    if abs(value) < 0.5:
        return tr("the same")
    return f"{'+' if value > 0 else '−'}{ledger.say(abs(value), 'minutes', id=id)}"


def detail(s: Sourcing, tiers: Sequence[str] = ()) -> Chapter:
    """Curves and tornado of the services on which most hangs, or of the named ones."""
    ready = [v for v in s.services if v.managed is not None and (not tiers or v.placed.tier.name in tiers)]
    if not tiers:
        ready = sorted(ready, key=lambda v: -abs(v.managed.comparison.median) if v.managed else 0.0)[:BIG_FIGURES]
    parts: list[Part] = []
    currency = s.assessment.engagement.client.currency
    for v in ready:
        if v.managed is not None:
            decided = _deciders(s, v, Ledger(currency))
            parts += [_curves(s, v, v.managed, Ledger(currency)), *([decided] if decided else [])]
    return Chapter(tuple(parts)) if parts else Chapter((missing(tr("No service can be shown in detail: no managed way of any can be compared in money.")),))


def _curves(s: Sourcing, v: ServiceView, best: Compared, ledger: Ledger) -> Exhibit:
    tier = v.placed.tier.name
    factor = present_factors(s.costs.discount_rate_per_year, s.months)
    rate = s.costs.rate_per_hour
    # What both sides share (all that is not this service) is taken off, so that the difference can be seen.
    shared_cash, shared_hours = s.today.other_cash_per_month, s.today.other_hours_per_month
    shared = (shared_cash + shared_hours * rate)[:, None] + np.minimum(best.today.loss, best.other.loss)
    curves = []
    for name, way in ((tr("as today"), best.today), (best.title, best.other)):
        economic = (way.cash_by_month() + way.hours_by_month() * rate[:, None] + way.loss - shared) * factor
        low, high = np.quantile(np.cumsum(economic, axis=1), [0.05, 0.95], axis=0)
        curves.append((name, low.tolist(), np.cumsum(economic, axis=1).mean(axis=0).tolist(), high.tolist()))
    ends = [c[2][-1] for c in curves]
    told = [ledger.say(e, "money", id=f"{tier}.{n}.cumulated") for e, n in zip(ends, ("today", "managed"), strict=True)]
    month = best.comparison.break_even.month
    finding = tr("Over {horizon_months} months {tier} comes to {today} as it is run today and to {other} as {best}; break-even: {crossing_words}.", horizon_months=ledger.count(s.months, id='horizon_months'), tier=tier, today=told[0], other=told[1], best=best.title, crossing_words=crossing_words(best, ledger))
    note = tr("Economic: cash, hours at the loaded rate and the expected loss that differs between the two, in today's money; bands hold 90 % of cases. Moving takes {moving_hours} and {lead_weeks} weeks, with {double_run_months} months of paying both; leaving it again would cost {exit_cost}. {eu_switching}", moving_hours=ledger.say(float(best.moving_hours.mean()), 'hours', id=f'{tier}.moving_hours'), lead_weeks=ledger.say(best.lead_weeks, 'factor', id=f'{tier}.lead_weeks'), double_run_months=ledger.say(float(s.today.values['double_run_months'].mean()), 'factor', id='double_run_months'), exit_cost=ledger.say(float(best.exit_cost.mean()), 'money', id=f'{tier}.exit_cost'), eu_switching=EU_SWITCHING)
    alt = tr("Cumulated cost by month of two ways: today's ends at {today}, the other at {other}.", today=told[0], other=told[1])
    return Exhibit(f"curves_{tier}", tr("{tier}: run it, or have it run", tier=tier), finding, note=note, alt=alt, printed=tuple(ledger.printed),
                   figure=lambda: cost_curves(curves, currency=ledger.currency, break_even=month))  # fmt: skip


def _deciders(s: Sourcing, v: ServiceView, ledger: Ledger) -> Exhibit | None:
    found, best = v.deciders[:DECIDING], v.managed
    if not found or best is None:
        return None
    tier, mean = v.placed.tier.name, float(best.comparison.economic_difference.mean())
    rows = [
        (input_name(d.number), ledger.say(d.share, "share", id=f"{tier}.{d.number}.share"), _signed(ledger, d.at_low, f"{tier}.{d.number}.at_low"), _signed(ledger, d.at_high, f"{tier}.{d.number}.at_high"),
         ledger.say(d.worth, "money", id=f"{tier}.{d.number}.worth") if d.worth > 0 else tr("nothing"), evidence_for(d.number))
        for d in found
    ]  # fmt: skip
    worth = max(d.worth for d in found)
    lead = tr("{number} decides most between running {tier} and {best}", number=input_name(found[0].number), tier=tier, best=best.title)
    finding = f"{lead[:1].upper()}{lead[1:]}; " + (tr("knowing it would be worth up to {most_worth_knowing} before deciding.", most_worth_knowing=ledger.say(worth, 'money', id=f'{tier}.most_worth_knowing')) if worth > 0 else tr("knowing it better would not change the decision."))
    columns = (Column(tr("Input"), width=1.6), Column(tr("Share of the spread"), "right"), Column(tr("When low"), "right"), Column(tr("When high"), "right"), Column(tr("Worth of knowing it"), "right"), Column(tr("Ask for"), width=2))
    alt = "; ".join(tr("{input}: from {low} to {high}", input=row[0], low=row[2], high=row[3]) for row in rows) + "."
    return Exhibit(f"deciders_{tier}", tr("{tier}: what decides it", tier=tier), finding, Table(columns, tuple(rows)), alt=alt, printed=tuple(ledger.printed),
                   note=tr("Mean difference over the horizon, the managed way less today's, in the lowest and the highest twentieth of each input; below zero managed is cheaper."),
                   figure=lambda: tornado([r[0] for r in rows], [d.at_low for d in found], [d.at_high for d in found], middle=mean, axis_title=tr("Managed less today over the horizon, {currency}", currency=ledger.currency)))  # fmt: skip


def _stay(s: Sourcing, ledger: Ledger) -> Part:
    if s.stay is None:
        return text(tr("Staying well (a tested restore, a rebuild from scripts, a copy elsewhere) is done already.") if s.stay_done else tr("Staying well could not be reckoned: its practices are not part of this bank."))
    c, d = s.stay, s.stay.comparison
    chance = d.chance_cheaper_economic
    pays = tr("pays for itself") if chance >= 0.9 else tr("probably pays for itself") if chance >= 0.75 else tr("is about even in money") if chance > 0.25 else tr("does not pay in money; it is bought for the day on which the data is gone")
    finding = tr("{title}: this {pays} ({chance} of cases), for all services at once and without moving any.", title=c.title, pays=pays, chance=ledger.say(chance, 'share', id='stay.chance'))
    rows = [
        (tr("Hours once"), ledger.say(float(c.moving_hours.mean()), "hours", id="stay.hours")),
        (tr("Cash a month"), _signed(ledger, float(c.premium_per_month.mean()), "stay.cash")),
        (tr("Hours a month that it gives back"), ledger.say(float(c.hours_back.mean()), "hours", id="stay.hours_back")),
        (tr("Expected loss a year"), _signed(ledger, float(c.loss_change_per_year.mean()), "stay.loss")),
        (tr("Downtime a year"), _minutes(ledger, float(c.bad_minutes_change.mean()), "stay.bad_minutes")),
        (tr("All in all over {horizon_months} months", horizon_months=ledger.count(s.months, id='horizon_months')), f"{_signed(ledger, d.median, 'stay.median')} ({_span(ledger, d.low, d.high, 'stay.difference')})"),
        (tr("Until it stands"), tr("{lead_weeks} weeks", lead_weeks=ledger.say(c.lead_weeks, 'factor', id='stay.lead_weeks'))),
    ]  # fmt: skip
    return Exhibit("stay_well", tr("Stay, and stay well"), finding, Table((Column("", width=2), Column("", "right", 2)), tuple(rows)), printed=tuple(ledger.printed),
                   note=tr("Losing all data ends a company; that is a gate and never part of this sum."))  # fmt: skip


def _together(s: Sourcing, ledger: Ledger) -> Exhibit:
    rows = []
    for c in s.together:
        d = c.comparison
        rows.append((provider_name(c.id), c.title, _signed(ledger, float(c.premium_per_month.mean()), f"together.{c.id}.cash"), ledger.say(float(c.hours_back.mean()), "hours", id=f"together.{c.id}.hours_back"), _signed(ledger, float(c.loss_change_per_year.mean()), f"together.{c.id}.loss"),
                     ledger.say(d.chance_cheaper_economic, "share", id=f"together.{c.id}.chance"), f"{_signed(ledger, d.median, f'together.{c.id}.median')} ({_span(ledger, d.low, d.high, f'together.{c.id}.difference')})"))  # fmt: skip
    first = s.together[0]
    finding = tr("All at once to {first_id} gives the team back {hours_back} a month and is cheaper in {chance} of cases; it takes {moving} of moving.", first_id=provider_name(first.id), hours_back=ledger.say(float(first.hours_back.mean()), 'hours', id='together.hours_back'), chance=ledger.say(first.comparison.chance_cheaper_economic, 'share', id='together.chance'), moving=ledger.say(float(first.moving_hours.mean()), 'hours', id='together.moving'))
    columns = (Column(tr("Provider"), width=0.8), Column(tr("What moves"), width=2.8), Column(tr("Cash a month"), "right", 0.9), Column(tr("Hours back"), "right", 0.8), Column(tr("Loss a year"), "right", 0.9), Column(tr("Cheaper in all"), "right", 0.8), Column(tr("All in all"), "right", 1.8))
    return Exhibit("all_at_once", tr("All services at once"), finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                   note=tr("Effects do not simply add: what one service stops breaking, another no longer shares. Services that are dearer when managed, and ways for which the product has to change, are left out."))  # fmt: skip


def _growth(s: Sourcing, ledger: Ledger) -> Exhibit:
    ready = [v for v in s.services if v.chance_by_growth][:6]
    growths = [ledger.say(100 * g, "%", id="growth_supposed", digits=3) for g, _, _ in ready[0].chance_by_growth]
    lines = [(v.placed.tier.name, [e for _, _, e in v.chance_by_growth]) for v in ready]
    flips = [name for name, chances in lines if min(chances) < 0.5 < max(chances)]
    finding = tr("Growth turns the decision on {flips}.", flips=joined(flips)) if flips else tr("No growth that was tried turns any of these decisions; the hours do, not the load.")
    rows = [(name, *(ledger.say(c, "share", id=f"{name}.chance_at_growth") for c in chances)) for name, chances in lines]
    columns = (Column(tr("Service")), *(Column(g, "right") for g in growths))
    alt = tr("Chance that managed is cheaper by growth: ") + "; ".join(tr("{service} from {low} to {high}", service=row[0], low=row[1], high=row[-1]) for row in rows) + "."
    return Exhibit("chance_over_growth", tr("What growth does to the decision"), finding, Table(columns, tuple(rows)), alt=alt,
                   note=tr("Economic, over the horizon; machines of a self-run service come in steps, and {effort_follows_size_share} of its hours grow with them.", effort_follows_size_share=ledger.say(float(s.today.values['effort_follows_size_share'].mean()), 'share', id='effort_follows_size_share')), printed=tuple(ledger.printed), figure=lambda: chance_over_growth(growths, lines))  # fmt: skip


def _gates(s: Sourcing, ledger: Ledger) -> Exhibit:
    """One row for each reason, with the services it concerns and a few of the ways before it; a way that stands before two gates is in both."""
    words = {"block": tr("blocked"), "no price": tr("not compared"), "surcharge": tr("surcharge"), "rewrite": tr("the product changes")}
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    closed_only: dict[tuple[str, str, str], bool] = {}
    every = [(v.placed.tier.name, c) for v in s.services for c in v.candidates]
    for tier, c in every:
        for b in c.barriers:
            added = ""
            if b.surcharge_share is not None:
                low, high = (ledger.plain(x, id=f"{tier}.{c.way.id}.surcharge") for x in (b.surcharge_share.low, b.surcharge_share.high))
                added = tr(" ({low} to {high} times its bill on top)", low=low, high=high)
            reason = tr(PRICE_REASON) if b.on == "price" and b.effect == "no price" else b.reason
            told = [ledger.told(sentence, id=f"{tier}.gate") for sentence in (reason, b.would_change)]
            key = (words[b.effect], told[0] + added, told[1])
            found.setdefault(key, []).append((tier, c.way.title))
            closed_only[key] = closed_only.get(key, True) and not c.open
    ordered = sorted(found.items(), key=lambda item: (not closed_only[item[0]], -len(item[1])))
    rows = [(gate, why, ledger.count(len(ways), id="gate.ways"), joined(list(dict.fromkeys(tier for tier, _ in ways))), some(list(dict.fromkeys(title for _, title in ways)), ledger), change) for (gate, why, change), ways in ordered]
    shut, count = sum(not c.open for _, c in every), len(every)
    first = tr("; most often because {ordered}", ordered=ordered[0][0][1]) if ordered and closed_only[ordered[0][0]] else ""
    finding = tr("{closed} of {ways} other ways are closed to this client before money is looked at, or have no price{first}.", closed=ledger.count(shut, id='ways.closed'), ways=ledger.count(count, id='ways'), first=first)
    columns = (Column(tr("Gate"), width=0.9), Column(tr("Why"), width=2.4), Column(tr("Ways"), "right", 0.5), Column(tr("For"), width=1), Column(tr("Such as"), width=2.6), Column(tr("What would change it"), width=1.7))
    return Exhibit("gates", tr("Gates before money"), finding, Table(columns, tuple(rows), muted=tuple(n for n, (key, _) in enumerate(ordered) if closed_only[key])), printed=tuple(ledger.printed),
                   note=tr("Greyed ways are out; they never win, whatever they would cost. Each way with its gates stands in the spreadsheet and in the JSON file."))  # fmt: skip


def _bought(s: Sourcing, ledger: Ledger) -> list[Part]:
    """What a provider runs, and how many hours running it oneself may take at most."""
    if not s.bought:
        return []
    rows = []
    for placed, way, premium, even in s.bought:
        tier = placed.tier.name
        p = band(premium)
        shown = ledger.say(p.mean, "money", id=f"{tier}.premium") if p.mean > 0 else tr("none")
        rows.append((tier, placed.way.title, way.title, shown, ledger.say(float(even.saved.mean()), "hours", id=f"{tier}.premium_hours") if p.mean > 0 else "",
                     tr("keep: managed is the cheaper one even in cash") if p.mean <= 0 else tr("keep, unless running it takes fewer hours than that")))  # fmt: skip
    finding = tr("What a provider runs today is best left there, as long as running it yourselves would take more hours a month than its premium buys.")
    columns = (Column(tr("Tier"), width=0.8), Column(tr("Bought"), width=1.8), Column(tr("Cheapest way to run it"), width=1.8), Column(tr("Premium a month"), "right"), Column(tr("Hours it buys"), "right", 0.8), Column("", width=1.8))
    return [Exhibit("already_bought", tr("What is bought already"), finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed), note=tr("Cash alone, list price of the cheapest open way of one's own; hours at the loaded rate."))]
