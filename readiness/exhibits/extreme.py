"""The client's extreme event: load against capacity, tier by tier, the people on duty, and what would carry it."""

from __future__ import annotations

from typing import Any

import numpy as np

from readiness.assessment import Assessment
from readiness.assessment.extreme import (
    MINUTES_PER_TICKET,
    PATIENCE_SECONDS,
    RETRIES,
    SPARE_AFTER_SCALING,
    WORDS,
    WORTH_SAYING,
    Carrier,
    ExtremeResult,
    TierLoad,
    extreme,
)
from readiness.assessment.limits import SURE
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, points, text
from readiness.figures.load import load_against_capacity
from readiness.language import N_, joined, tr, trn
from readiness.models.spike import CARRIED, REFUSED
from readiness.text import Ledger

FAR_MONTHS = 60.0


@maybe_ahead
def extreme_event(a: Assessment) -> Chapter:
    """Does the product carry the most extreme event that the room can imagine?"""
    ledger = Ledger(a.engagement.client.currency)
    found = extreme(a)
    story = found.event.story[:1].upper() + found.event.story[1:]
    if found.load_per_second is None:
        return Chapter(
            (
                missing(
                    tr("“{story}” cannot be reckoned: give the usual peak in requests a second (demand.peak_per_second), and what each tier serves (capacity_per_second).", story=story)
                ),
            )
        )
    parts: list[Part] = [_by_tier(found, story, ledger)]
    chart = _chart(found, ledger)
    if chart is not None:
        parts.insert(0, chart)
    limits = [_rate_limit(t, found.load_per_second, ledger) for t in found.tiers if t.limit is not None]
    if limits:
        parts.append(points(limits, title=tr("What providers let through"), printed=ledger.printed))
    told = [_carrier(c, n, ledger, refusing=found.refused_share is not None and float(found.refused_share.mean()) >= WORTH_SAYING) for n, c in enumerate(found.carriers)]
    if told:
        parts.append(points(told, title=tr("What would carry it"), printed=ledger.printed))
    parts.append(points(_people(found, a, ledger), title=tr("The people in it"), printed=ledger.printed))
    if found.unknown:
        parts.append(missing(tr("Nobody knows what {tiers} can serve; a load test, or capacity_per_second, would tell.", tiers=joined(list(found.unknown)))))
    if found.by_quota:
        grow = joined(list(found.by_quota))
        parts.append(
            missing(
                trn(
                    "{tiers} grows by itself up to a quota that is not known here: look it up before the day and give the tier's numbers.limit_per_minute.",
                    "{tiers} grow by themselves up to a quota that is not known here: look it up before the day and give the tier's numbers.limit_per_minute.",
                    len(found.by_quota), tiers=grow[:1].upper() + grow[1:],
                )
            )
        )
    return Chapter(tuple(parts))


def in_a_sentence(a: Assessment) -> Chapter:
    """Whether the event that the room is afraid of is carried; or what has to be known to tell."""
    whole = extreme_event(a)
    told = next((e for e in whole.exhibits if e.id == "extreme_event"), None)
    return Chapter((text(told.finding, printed=told.printed),)) if told else whole


def _carrier(c: Carrier, number: int, ledger: Ledger, *, refusing: bool) -> str:
    refused = tr(", {refused} of the peak refused", refused=ledger.say(c.refused_share, 'share', id=f'extreme.carrier.{number}.refused')) if refusing else ""
    badly = tr(", badly served for {minutes} on average", minutes=ledger.say(c.degraded_minutes, 'minutes', id=f'extreme.carrier.{number}.minutes')) if c.degraded_minutes >= 0.5 else ""
    what = ledger.told(c.what, id=f"extreme.carrier.{number}.what")
    return tr("{upper}{what}: carried with a chance of {carrier}{badly}{refused}", upper=what[:1].upper(), what=what[1:], carrier=ledger.say(c.chance_carried, 'share', id=f'extreme.carrier.{number}'), badly=badly, refused=refused)


def _rate_limit(t: TierLoad, load: float, ledger: Ledger) -> str:
    """One provider's limit against the event: how many calls it lets through, what that carries, and how long a raise takes."""
    assert t.limit is not None
    low, high = np.quantile(t.limit.per_minute, [0.05, 0.95])
    calls = float(np.median(t.limit.calls_per_request))
    start = tr("{tier}: {limit_per_minute_range} calls a minute, {calls_per_request} for each request", tier=t.tier, limit_per_minute_range=ledger.range(low, high, 'count', id=f'{t.tier}.limit_per_minute'), calls_per_request=ledger.plain(calls, id=f'{t.tier}.calls_per_request'))
    refused = float(np.mean(t.limit.refused_share))
    if not t.limit.binds:
        return tr("{start}; the event stays below that with a chance of {chance_let_through}", start=start, chance_let_through=ledger.say(1 - t.limit.chance_refused, 'share', id=f'{t.tier}.chance_let_through'))
    days = ledger.say(float(np.median(t.limit.raise_days)), "days", id=f"{t.tier}.limit_raise_days")
    return tr(
        "{start}. It carries {carried_share} of the event's peak on average and refuses the rest as too many requests; that it refuses any has a chance "
        "of {chance_refused}. A raise takes about {days}",
        start=start, carried_share=ledger.plain(1 - refused, id=f'{t.tier}.carried_share'), chance_refused=ledger.say(t.limit.chance_refused, 'share', id=f'{t.tier}.chance_refused'), days=days,
    )


def _verdict(found: ExtremeResult, story: str, ledger: Ledger) -> str:
    load = ledger.plain(found.load_per_second or 0, id="extreme.load_per_second")
    start = tr("{story}: {load} requests a second.", story=story, load=load)
    narrow = found.narrowest
    if narrow is None:
        return tr("{start} Whether that is carried cannot be told: no tier's capacity is known.", start=start)
    chance = ledger.say(found.chance_carried or 0.0, "share", id="extreme.chance_carried")
    if found.outcome == "carried":
        return tr("{start} It is carried, with a chance of {chance}.", start=start, chance=chance)
    if found.outcome == "cannot tell":
        return tr("{start} What is known carries it with a chance of {chance}; {tiers} cannot be told.", start=start, chance=chance, tiers=joined(list(found.unknown)))
    degraded = found.degraded_minutes
    minutes = ledger.say(float(degraded.mean()) if degraded is not None else 0.0, "minutes", id="extreme.degraded_minutes")
    sure = tr("It is not carried") if (found.chance_carried or 0) < 0.05 else tr("It is carried with a chance of {chance} only", chance=chance)
    if narrow.limit is not None and narrow.limit.binds and narrow.word in (WORDS[REFUSED], WORDS[CARRIED]):
        refused = ledger.say(float(np.mean(narrow.limit.refused_share)), "share", id=f"{narrow.tier}.refused_share")
        return tr("{start} {sure}: the provider of {tier} may refuse what is above its limit, {refused} of the peak on average; users feel it for {minutes}.", start=start, sure=sure, tier=narrow.tier, refused=refused, minutes=minutes)
    room = ledger.plain(narrow.serves or 0, id=f"{narrow.tier}.serves_per_second")
    return tr("{start} {sure}: {tier} has room for {room} and is first to fail ({how}); users feel it for {minutes}.", start=start, sure=sure, tier=narrow.tier, room=room, how=narrow.word, minutes=minutes)


def _by_tier(found: ExtremeResult, story: str, ledger: Ledger) -> Exhibit:
    rows, emphasis = [], []
    for number, t in enumerate(found.tiers):
        if t.chance_carried is not None and t.chance_carried < SURE:
            emphasis.append(number)
        rows.append((
            t.tier, t.title,
            ledger.plain(t.serves, id=f"{t.tier}.serves_per_second") if t.serves else "",
            tr("{times_peak} times", times_peak=ledger.plain(t.times_peak, id=f'{t.tier}.times_peak')) if t.times_peak else "",
            ledger.say(float(t.lag_minutes.mean()), "minutes", id=f"{t.tier}.lag_minutes") if t.capacity else "",
            _in_the_event(t, ledger), _wait(t, ledger), _limit(t, ledger),
        ))  # fmt: skip
    columns = (Column(tr("Tier"), width=0.9), Column(tr("How it is run"), width=2), Column(tr("Serves a second"), "right", 0.8), Column(tr("Of the usual peak"), "right", 0.8),
               Column(tr("More serves after"), "right", 0.9), Column(tr("In the event"), width=1.2), Column(tr("Longest wait"), "right", 0.8), Column(tr("Full by growth in"), "right", 0.9))  # fmt: skip
    retried = (
        tr("each request that fails is tried again twice")
        if np.isinf(found.retry_budget)
        else tr("retries are held to {retry_budget} of the requests", retry_budget=ledger.say(found.retry_budget, 'share', id='extreme.retry_budget'))
    )
    note = tr(
        "People and callers give up after {patience} seconds; {retried}. “Stuck” means that the retries alone keep it down until load is shed. "
        "Added capacity is taken to come with {spare} to spare. What it serves is the smaller of its room and its provider's limit. Growth: {growth_per_year} a year. "
        "The wait and the retries are estimates of this workbook; a load test replaces them.",
        patience=ledger.plain(PATIENCE_SECONDS, id='extreme.patience', unit='seconds'), retried=retried, spare=ledger.say(SPARE_AFTER_SCALING - 1, 'share', id='extreme.spare'), growth_per_year=ledger.say(100 * found.growth_per_year, '%', id='growth_per_year', digits=3),
    )
    assert RETRIES == 2, "the note says twice"
    return Exhibit(
        "extreme_event",
        tr("The extreme event, tier by tier"),
        _verdict(found, story, ledger),
        Table(columns, tuple(rows), tuple(emphasis)),
        note=note,
        printed=tuple(ledger.printed),
    )


def _in_the_event(t: TierLoad, ledger: Ledger) -> str:
    if t.limit is not None and t.limit.binds and t.word == WORDS[CARRIED]:
        return tr("{words} with a chance of {chance_refused}", words=WORDS[REFUSED], chance_refused=ledger.say(t.limit.chance_refused, 'share', id=f'{t.tier}.chance_refused'))
    return t.word


def _wait(t: TierLoad, ledger: Ledger) -> str:
    if t.longest_wait_seconds is None or t.verdict is None:
        return ""
    if np.isinf(t.longest_wait_seconds).mean() > 0.5:
        return tr("no end")
    typical = float(np.median(t.longest_wait_seconds)) / 60
    return ledger.say(typical, "minutes", id=f"{t.tier}.longest_wait") if typical > 0 else tr("none")


def _limit(t: TierLoad, ledger: Ledger) -> str:
    if t.growth is None:
        return ""
    months = float(np.median(t.growth.months_until_limit))
    return (
        tr("later")
        if not np.isfinite(months) or months > FAR_MONTHS
        else ledger.say(months, "months", id=f"{t.tier}.months_until_limit")
        if months > 0
        else tr("now")
    )


def _people(found: ExtremeResult, a: Assessment, ledger: Ledger) -> list[str]:
    """Tickets and pages against who is there."""
    told = []
    rate = found.event.tickets_per_hour
    support = a.engagement.team.support_people
    if rate and found.tickets is not None:
        busy, wait = float(found.tickets.busy_share), float(found.tickets.mean_wait)
        start = trn("{tickets_per_hour} tickets an hour at {minutes_per_ticket} minutes each against {support_people} person in support", "{tickets_per_hour} tickets an hour at {minutes_per_ticket} minutes each against {support_people} people in support", support or 0, tickets_per_hour=ledger.plain(rate, id='extreme.tickets_per_hour'), minutes_per_ticket=ledger.plain(MINUTES_PER_TICKET, id='minutes_per_ticket'), support_people=ledger.count(support or 0, id='support_people'))
        needed = int(np.ceil(rate * MINUTES_PER_TICKET / 60)) + 1
        told.append(
            tr("{start}: more than they can answer; it takes {support_needed}, or a status page that answers for them", start=start, support_needed=ledger.count(needed, id='support_needed'))
            if not np.isfinite(wait)
            else tr("{start}: busy {busy} of the time, a ticket waits {wait} on average", start=start, busy=ledger.say(busy, 'share', id='extreme.tickets.busy'), wait=ledger.say(wait, 'minutes', id='extreme.tickets.wait'))
        )
    elif rate:
        told.append(
            tr("{tickets_per_hour} tickets an hour, and it is not known who answers them (team.support_people)", tickets_per_hour=ledger.plain(rate, id='extreme.tickets_per_hour'))
        )
    else:
        told.append(tr("How many would write or call an hour is not known (demand.extreme.tickets_per_hour); ask support"))
    if found.pages is not None:
        wait = float(found.pages.mean_wait)
        told.append(tr("One person on duty gets more alarms than one can handle: the second alarm waits until somebody else is called") if not np.isfinite(wait)
                    else tr("One person on duty is busy {busy} of the time with alarms, "
                         "and an alarm waits {wait} on average", busy=ledger.say(float(found.pages.busy_share), 'share', id='extreme.pages.busy'), wait=ledger.say(wait, 'minutes', id='extreme.pages.wait')))  # fmt: skip
    elif not a.engagement.team.on_call_people:
        told.append(tr("Nobody is on call: alarms wait until somebody looks"))
    return told


def _chart(found: ExtremeResult, ledger: Ledger) -> Exhibit | None:
    narrow, load, peak = found.narrowest, found.load_per_second, found.peak_per_second
    if narrow is None or narrow.serves is None or load is None or peak is None:
        return None
    lasts, ramp = found.event.lasts_minutes, found.event.over_minutes
    limited = narrow.limit is not None and narrow.limit.binds and (narrow.capacity is None or narrow.limit.at_least_per_second < narrow.capacity)
    capacity = narrow.limit.at_least_per_second if narrow.limit is not None and limited else narrow.serves
    lead = 0.06 * lasts
    minutes = np.unique(np.concatenate([np.linspace(-lead, lasts, 241), [0.0, ramp]]))
    comes = np.where(minutes < 0, peak, np.where(minutes < ramp, peak + (load - peak) * minutes / ramp, load))
    over = minutes[comes > capacity]
    late_from = float(over[0]) if len(over) else None
    arrives = (late_from or 0.0) + float(np.median(narrow.lag_minutes))
    grows = not limited and narrow.lag_minutes.any() and late_from is not None and arrives < lasts
    room = np.where((minutes >= arrives) & bool(grows), SPARE_AFTER_SCALING * load, capacity)
    carried = late_from is None
    said = [ledger.plain(load, id="extreme.load_per_second"), ledger.plain(capacity, id=f"{narrow.tier}.serves_per_second")]
    finding = (tr(N_("{tier} lets through, for all one knows, only {room} a second and would get {load}") if limited else N_("{tier} has room for {room} a second and would get {load}"), tier=narrow.tier, room=said[1], load=said[0]) + ("." if carried else
               tr(": from minute {late_from} more comes than it can serve.", late_from=ledger.plain(late_from, id='extreme.late_from')) if late_from and late_from >= 1 else tr(": within a minute more comes than it can serve.")))  # fmt: skip

    def figure() -> dict[str, Any]:
        return load_against_capacity(minutes.tolist(), comes.tolist(), room.tolist(), load_text=tr("load: {load} a second", load=said[0]), capacity_text=tr(N_("{tier} lets through {room} a second") if limited else N_("{tier} serves {room} a second"), tier=narrow.tier, room=said[1]),
                                     late_from=late_from, late_text=tr("more comes than can be served"))  # fmt: skip

    alt = tr("Load rises from the usual peak to {load} requests a second within {over_minutes} minutes; {tier} serves {room}", load=said[0], over_minutes=ledger.plain(ramp, id='extreme.over_minutes'), tier=narrow.tier, room=said[1]) + (
        tr(", and more capacity serves about {arrives} minutes after the start.", arrives=ledger.plain(arrives, id='extreme.arrives')) if grows else tr(", and no more in time.")
    )
    note = tr("What can be counted on until the provider is asked.") if limited else tr("Of the tier that fails first. After capacity has grown there are still those who waited, and their retries.")
    return Exhibit("load_against_capacity", tr("Load against capacity"), finding, figure=figure, alt=alt, note=note, printed=tuple(ledger.printed))
