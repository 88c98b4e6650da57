"""Can this team run it, and what does bringing changes to production cost?"""

from __future__ import annotations

import numpy as np

from readiness.assessment.sourcing import Sourcing
from readiness.assessment.sourcing_delivery import Delivery, delivery
from readiness.assessment.sourcing_staffing import MOST_PAGES, Staffing, staffing
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, text
from readiness.figures.bars import bars
from readiness.language import N_, Words, inside, joined, tr, trn
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import with_range

COVER_WORDS = Words({"hire": N_("Hire"), "lower_promise": N_("Promise less: support in business hours"), "managed": N_("Have the services run by providers"), "as_is": N_("As it is")})
LONG = 5.0
"""Years after which nobody would speak of a saving."""


def team(s: Sourcing) -> Chapter:
    """Hours against what can be spared, the rota, the bus factor, and the cheapest cover."""
    currency = s.assessment.engagement.client.currency
    st = staffing(s)
    parts: list[Part] = [_hours(s, st, Ledger(currency)), _rota(s, st, Ledger(currency))]
    if st.spare_hours is None:
        parts.append(missing(tr("What the team can spare for operations is not known: give team.spare_hours_per_month.")))
    if st.people is None:
        parts.append(missing(tr("How many people share the rota is not known: give team.on_call_people.")))
    if st.bus is None and s.services:
        parts.append(missing(tr("Who can run which part alone was not asked: answer “owners_and_deputies”.")))
    return Chapter(tuple(parts))


def _hours(s: Sourcing, st: Staffing, ledger: Ledger) -> Exhibit:
    ordered = sorted(st.hours, key=lambda h: -float(h[2].mean()))
    needed = band(np.sum([h for _, _, h in st.hours], axis=0))
    rows, shown = [], []
    tiers = {t.placed.tier.name for t in s.costs.tiers}
    for id, title, hours in ordered:
        b = band(hours)
        label = f"{id}: {title}" if id in tiers else title
        rows.append((label, ledger.say(b.mean, "hours", id=f"{id}.hours"), ledger.range(b.low, b.high, "hours", id=f"{id}.hours")))
        shown.append((label, b, rows[-1][1]))
    start = tr("Running the services and what comes with them takes {operations_hours} a month", operations_hours=with_range(ledger, needed, 'hours', id='operations_hours'))
    if st.balance is None or st.spare_hours is None:
        finding = start + tr("; what the team can spare is not known.")
    else:
        chance = ledger.say(st.balance.chance_missing, "share", id="chance_hours_missing")
        spare = ledger.say(st.spare_hours, "hours", id="spare_hours")
        missing_hours = ledger.say(float(st.balance.missing.mean()), "hours", id="hours_missing")
        finding = tr("{start}; the team can spare {spare}. That is too little in {chance} of cases, by {missing_hours} on average.", start=start, spare=spare, chance=chance, missing_hours=missing_hours) if st.balance.chance_missing > 0.1 else tr("{start}; the team can spare {spare}, which is enough in nearly all cases.", start=start, spare=spare)
        rows.append((tr("Needed in all"), ledger.say(needed.mean, "hours", id="operations_hours"), ledger.range(needed.low, needed.high, "hours", id="operations_hours")))
        rows.append((tr("Can be spared"), spare, ""))
    top = shown[:8]
    alt = tr("Hours a month: ") + "; ".join(f"{label} {told}" for label, _, told in top) + "."
    return Exhibit("hours_by_service", tr("Hours by service against what the team can spare"), finding, Table((Column("", width=2.6), Column(tr("Hours a month"), "right"), Column(tr("90 % range"), "right")), tuple(rows)), alt=alt, printed=tuple(ledger.printed),
                   note=tr("Services, toil, incidents, forced upgrades and needless alarms; releases and rework are counted with delivery."),
                   figure=lambda: bars([t[0] for t in top], [t[1].mean for t in top], [t[2] for t in top], axis_title=tr("Hours a month"), low=[t[1].low for t in top], high=[t[1].high for t in top]))  # fmt: skip


def _rota(s: Sourcing, st: Staffing, ledger: Ledger) -> Exhibit:
    pages, own = ledger.say(st.pages_per_year, "count", id="pages_per_year"), ledger.say(st.pages_of_services, "count", id="pages_of_services")
    when = tr("around the clock") if st.around_the_clock else tr("in office hours")
    rows = [(tr("The promise needs somebody"), when), (tr("People a lasting rota needs"), ledger.say(st.needed, "people", id="rota_needed")), (tr("The floor below which people leave"), ledger.say(st.pragmatic, "people", id="rota_pragmatic")),
            (tr("People on it today"), ledger.say(st.people, "people", id="rota_people") if st.people is not None else tr("not known")),
            (tr("Incidents a year that wake somebody"), pages), (tr("of them from self-run services"), own)]  # fmt: skip
    if st.bus is not None:
        rows.append((tr("People who must leave until a service has nobody"), f"{ledger.say(st.bus[0], 'people', id='bus_factor')} ({joined(list(st.bus[1])[:4])}{' and more' if len(st.bus[1]) > 4 else ''})"))
    for c in st.covers:
        if c.id != "as_is":
            rows.append((tr("Cover: {cover_words}", cover_words=inside(COVER_WORDS[c.id])), tr("{cover} a month; cheapest in {chance} of cases", cover=ledger.say(c.cost_per_month, 'money', id=f'cover_{c.id}'), chance=ledger.say(c.chance_cheapest, 'share', id=f'cover_{c.id}.chance'))))
    if st.people is None:
        finding = tr("A rota {when} needs {rota_pragmatic} people at least.", when=when, rota_pragmatic=ledger.say(st.pragmatic, 'people', id='rota_pragmatic'))
    elif st.people >= st.pragmatic:
        finding = tr("{rota_people} people are enough for a rota {when}", rota_people=ledger.say(st.people, 'people', id='rota_people'), when=when) + ("." if st.people >= st.needed else tr(", though {rota_needed} would last.", rota_needed=ledger.say(st.needed, 'people', id='rota_needed')))
    else:
        short = ledger.say(st.pragmatic - st.people, "people", id="people_short")
        finding = trn("A rota {when} lacks {short} person at the least.", "A rota {when} lacks {short} people at the least.", st.pragmatic - st.people, when=when, short=short) + (tr(" The cheapest cover is to {cover_phrase}.", cover_phrase=_cover_phrase(st)) if st.covers else "")
    note = tr("At most a quarter of the time on call, two deep: 8 people on one site, 5 as a pragmatic floor (Google, Site Reliability Engineering, 2016).")
    if s.services and st.pages_of_services < MOST_PAGES * st.pages_per_year:
        note += tr(" Managed services are not offered as cover: they would take over {own} of {pages} pages; changes, people and the product itself cause the others.", own=own, pages=pages)
    return Exhibit("rota", tr("The rota"), finding, Table((Column("", width=2.2), Column("", width=2)), tuple(rows)), note=note, printed=tuple(ledger.printed))


def _cover_phrase(st: Staffing) -> str:
    first = st.covers[0]
    words = {"hire": tr("hire"), "lower_promise": tr("promise less, with support in business hours"), "managed": tr("have the services run by providers"), "as_is": tr("leave it")}[first.id]
    return words if first.chance_cheapest >= 0.75 or len(st.covers) == 1 else tr("{words}, though not surely", words=words)


def pipeline(s: Sourcing) -> Chapter:
    """Toil as it grows, failed changes, the pipeline's payback, groundwork before launch, runners and nights off."""
    currency = s.assessment.engagement.client.currency
    d = delivery(s)
    parts: list[Part] = [_economics(s, d, Ledger(currency))]
    if d.payback:
        parts.append(_payback(d, Ledger(currency)))
    if d.groundwork is not None:
        parts.append(_groundwork(s, d, Ledger(currency)))
    elif d.launch is None or d.launch <= s.assessment.as_of:
        parts.append(text(tr("No launch lies ahead in this file, or the promise holds already; weeks of groundwork were not weighed against a later launch.")))
    if d.runners is None:
        parts.append(missing(tr("Hosted and own build runners cannot be compared: no price of a build minute is known.")))
    return Chapter(tuple(parts))


def _economics(s: Sourcing, d: Delivery, ledger: Ledger) -> Exhibit:
    first, last = band(d.toil_by_month[:, 0]), band(d.toil_by_month[:, -1])
    months = ledger.count(s.months, id="horizon_months")
    cost, dora = band(d.failed_change_cost), band(d.failed_change_cost_dora)
    rows = [
        (tr("Manual work now, a month"), with_range(ledger, first, "hours", id="toil_now")),
        (tr("Manual work in month {months}, if nothing is automated", months=months), with_range(ledger, last, "hours", id="toil_end")),
        (tr("Failed changes a year"), ledger.say(float(d.failed_changes_per_year.mean()), "count", id="failed_changes_per_year")),
        (tr("What they cost a year"), with_range(ledger, cost, "money", id="failed_change_cost")),
        (tr("The same if each were a full outage (the DORA product)"), with_range(ledger, dora, "money", id="failed_change_cost_dora")),
    ]
    if d.runners is not None and d.runners_minutes_per_deploy is not None:
        minutes, each = band(d.runners.break_even_minutes), d.runners_minutes_per_deploy
        rows.append((tr("Own build runners pay from"), tr("{runner_minutes} build minutes a month ({runner_minutes_range}), or {runner_minutes_per_deploy} for each of your deploys", runner_minutes=ledger.say(minutes.mean, 'count', id='runner_minutes'), runner_minutes_range=ledger.range(minutes.low, minutes.high, 'count', id='runner_minutes'), runner_minutes_per_deploy=ledger.say(each, 'count', id='runner_minutes_per_deploy'))))
    night = band(d.nights_off_saving)
    if night.mean > 0:
        week = ledger.say(float(s.today.values["working_week_hours"].mean()), "hours", id="working_week_hours")
        rows.append((tr("A test environment of the size of your machines, off outside {week} a week", week=week), tr("saves {nights_off_saving} of {environment_cost} a month", nights_off_saving=ledger.say(night.mean, 'money', id='nights_off_saving'), environment_cost=ledger.say(float(d.environment_cost.mean()), 'money', id='environment_cost'))))
    finding = tr("Manual work takes {toil_now} a month now and {toil_end} in {months} months if nothing is automated; failed changes cost {failed_change_cost} a year.", toil_now=ledger.say(first.mean, 'hours', id='toil_now'), toil_end=ledger.say(last.mean, 'hours', id='toil_end'), months=months, failed_change_cost=ledger.say(cost.mean, 'money', id='failed_change_cost'))
    note = tr("Of the toil beside releases only the part that scaling causes grows, with the power {toil_growth_exponent} of the load; the number of deploys is held. A failed change costs deploys x failure rate x hours to restore x cost of an hour x share of users reached; DORA's product leaves the last factor out.", toil_growth_exponent=ledger.say(float(s.today.values['toil_growth_exponent'].mean()), 'factor', id='toil_growth_exponent'))
    return Exhibit("delivery_economics", tr("What bringing changes to production costs"), finding, Table((Column("", width=2.6), Column("", "right", 2)), tuple(rows)), note=note, printed=tuple(ledger.printed))


def _payback(d: Delivery, ledger: Ledger) -> Exhibit:
    rows = []
    for p in d.payback:
        years, hours_only = (float(np.median(y)) for y in (p.years, p.years_hours_only))
        rows.append((p.practice.answer(p.to).text, with_range(ledger, band(p.cost), "money", id=f"{p.to}.cost"), ledger.say(float(p.hours_saved_per_year.mean()), "hours", id=f"{p.to}.hours_saved"),
                     ledger.say(float(p.loss_avoided_per_year.mean()), "money", id=f"{p.to}.loss_avoided"), _time(ledger, years, f"{p.to}.payback"), _time(ledger, hours_only, f"{p.to}.payback_hours")))  # fmt: skip
    shortest = min(d.payback, key=lambda p: float(np.median(p.years)))
    years = float(np.median(shortest.years))
    said = tr(
        N_("“{answer}” has paid for itself after {time} in the middle case.") if years < LONG else N_("“{answer}” would pay for itself only after {time} in the middle case."),
        answer=shortest.practice.answer(shortest.to).text, time=_time(ledger, years, 'pipeline_payback'),
    ) if np.isfinite(years) else tr("No step of the pipeline pays for itself in the middle case.")
    columns = (Column(tr("Step"), width=2.4), Column(tr("Once"), "right", 1.5), Column(tr("Hours saved a year"), "right"), Column(tr("Loss avoided a year"), "right"), Column(tr("Paid back after"), "right"), Column(tr("by hours alone"), "right"))
    return Exhibit("pipeline_payback", tr("What automating the pipeline pays"), said, Table(columns, tuple(rows)), printed=tuple(ledger.printed), note=tr("Times are medians: some cases never pay, and have no mean."))


def _time(ledger: Ledger, years: float, id: str) -> str:
    if not np.isfinite(years):
        return tr("never")
    count, unit = (years, tr("years")) if years >= 1 else (years * 12, tr("months")) if years * 12 >= 2 else (years * 52, tr("weeks"))
    return f"{ledger.say(count, 'factor', id=id)}\N{NO-BREAK SPACE}{unit}"


def _groundwork(s: Sourcing, d: Delivery, ledger: Ledger) -> Exhibit:
    assert d.groundwork is not None
    plan, weeks, steps = d.groundwork
    net = band(plan.net)
    chance = float(np.mean(plan.net > 0))
    told = ledger.say(chance, "share", id="groundwork_chance")
    n = ledger.say(weeks, "factor", id="groundwork_weeks")
    pays = tr("is worth") if chance >= 0.75 else tr("is about even against") if chance > 0.25 else tr("is not worth")
    if len(steps) == 1:
        finding = tr("The one step that the promise still asks for takes {n} weeks at your capacity; doing it before launch {pays} launching that much later ({told} of cases).", n=n, pays=pays, told=told)
    else:
        finding = trn(
            "The {groundwork_steps} step that the promise still asks for takes {n} weeks at your capacity; doing it before launch {pays} launching that much later ({told} of cases).",
            "The {groundwork_steps} steps that the promise still asks for take {n} weeks at your capacity; doing them before launch {pays} launching that much later ({told} of cases).",
            len(steps), groundwork_steps=ledger.count(len(steps), id='groundwork_steps'), n=n, pays=pays, told=told,
        )
    rows = [(tr("It buys"), with_range(ledger, band(plan.buys), "money", id="groundwork_buys")), (tr("It costs, work and delay"), with_range(ledger, band(plan.costs), "money", id="groundwork_costs")),
            (tr("Net"), with_range(ledger, net, "money", id="groundwork_net")), (tr("Delay at which it is even"), tr("{groundwork_most_weeks} weeks", groundwork_most_weeks=ledger.say(float(np.median(plan.most_weeks)), 'factor', id='groundwork_most_weeks')) if np.isfinite(np.median(plan.most_weeks)) else tr("any: no contract waits")),
            (tr("Steps"), joined([inside(p.title) for p, _ in steps]))]  # fmt: skip
    note = tr("A week of delay costs a 52nd of the contracts at stake; the same work after launch takes {rework_factor} times as long. Launching first with a lower promise, and raising it when the steps are done, is the usual way out.", rework_factor=ledger.say(1 + float(s.today.values['rework_extra_factor'].mean()), 'factor', id='rework_factor'))
    return Exhibit("groundwork", tr("Groundwork before launch, or launch later"), finding, Table((Column("", width=1), Column("", width=3)), tuple(rows)), note=note, printed=tuple(ledger.printed))
