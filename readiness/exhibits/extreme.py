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
from readiness.models.spike import CARRIED, REFUSED
from readiness.text import Ledger
from readiness.wording import joined

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
                    f"“{story}” cannot be reckoned: give the usual peak in requests a second (demand.peak_per_second), and what each tier serves (capacity_per_second)."
                ),
            )
        )
    parts: list[Part] = [_by_tier(found, story, ledger)]
    chart = _chart(found, ledger)
    if chart is not None:
        parts.insert(0, chart)
    limits = [_rate_limit(t, found.load_per_second, ledger) for t in found.tiers if t.limit is not None]
    if limits:
        parts.append(points(limits, title="What providers let through", printed=ledger.printed))
    told = [_carrier(c, n, ledger, refusing=found.refused_share is not None and float(found.refused_share.mean()) >= WORTH_SAYING) for n, c in enumerate(found.carriers)]
    if told:
        parts.append(points(told, title="What would carry it", printed=ledger.printed))
    parts.append(points(_people(found, a, ledger), title="The people in it", printed=ledger.printed))
    if found.unknown:
        parts.append(missing(f"Nobody knows what {joined(list(found.unknown))} can serve; a load test, or capacity_per_second, would tell."))
    if found.by_quota:
        parts.append(
            missing(
                f"{joined(list(found.by_quota))[:1].upper()}{joined(list(found.by_quota))[1:]} {'grow by themselves' if len(found.by_quota) > 1 else 'grows by itself'} "
                "up to a quota that is not known here: look it up before the day and give the tier's numbers.limit_per_minute."
            )
        )
    return Chapter(tuple(parts))


def in_a_sentence(a: Assessment) -> Chapter:
    """Whether the event that the room is afraid of is carried; or what has to be known to tell."""
    whole = extreme_event(a)
    told = next((e for e in whole.exhibits if e.id == "extreme_event"), None)
    return Chapter((text(told.finding, printed=told.printed),)) if told else whole


def _carrier(c: Carrier, number: int, ledger: Ledger, *, refusing: bool) -> str:
    refused = f", {ledger.say(c.refused_share, 'share', id=f'extreme.carrier.{number}.refused')} of the peak refused" if refusing else ""
    badly = f", badly served for {ledger.say(c.degraded_minutes, 'minutes', id=f'extreme.carrier.{number}.minutes')} on average" if c.degraded_minutes >= 0.5 else ""
    what = ledger.told(c.what, id=f"extreme.carrier.{number}.what")
    return f"{what[:1].upper()}{what[1:]}: carried with a chance of {ledger.say(c.chance_carried, 'share', id=f'extreme.carrier.{number}')}{badly}{refused}"


def _rate_limit(t: TierLoad, load: float, ledger: Ledger) -> str:
    """One provider's limit against the event: how many calls it lets through, what that carries, and how long a raise takes."""
    assert t.limit is not None
    low, high = np.quantile(t.limit.per_minute, [0.05, 0.95])
    calls = float(np.median(t.limit.calls_per_request))
    start = f"{t.tier}: {ledger.range(low, high, 'count', id=f'{t.tier}.limit_per_minute')} calls a minute, {ledger.plain(calls, id=f'{t.tier}.calls_per_request')} for each request"
    refused = float(np.mean(t.limit.refused_share))
    if not t.limit.binds:
        return f"{start}; the event stays below that with a chance of {ledger.say(1 - t.limit.chance_refused, 'share', id=f'{t.tier}.chance_let_through')}"
    days = ledger.say(float(np.median(t.limit.raise_days)), "days", id=f"{t.tier}.limit_raise_days")
    return (
        f"{start}. It carries {ledger.plain(1 - refused, id=f'{t.tier}.carried_share')} of the event's peak on average and refuses the rest as too many requests; that it refuses any has a chance "
        f"of {ledger.say(t.limit.chance_refused, 'share', id=f'{t.tier}.chance_refused')}. A raise takes about {days}"
    )


def _verdict(found: ExtremeResult, story: str, ledger: Ledger) -> str:
    load = ledger.plain(found.load_per_second or 0, id="extreme.load_per_second")
    start = f"{story}: {load} requests a second."
    narrow = found.narrowest
    if narrow is None:
        return f"{start} Whether that is carried cannot be told: no tier's capacity is known."
    chance = ledger.say(found.chance_carried or 0.0, "share", id="extreme.chance_carried")
    if found.outcome == "carried":
        return f"{start} It is carried, with a chance of {chance}."
    if found.outcome == "cannot tell":
        return f"{start} What is known carries it with a chance of {chance}; {joined(list(found.unknown))} cannot be told."
    degraded = found.degraded_minutes
    minutes = ledger.say(float(degraded.mean()) if degraded is not None else 0.0, "minutes", id="extreme.degraded_minutes")
    sure = "It is not carried" if (found.chance_carried or 0) < 0.05 else f"It is carried with a chance of {chance} only"
    if narrow.limit is not None and narrow.limit.binds and narrow.word in (WORDS[REFUSED], WORDS[CARRIED]):
        refused = ledger.say(float(np.mean(narrow.limit.refused_share)), "share", id=f"{narrow.tier}.refused_share")
        return f"{start} {sure}: the provider of {narrow.tier} may refuse what is above its limit, {refused} of the peak on average; users feel it for {minutes}."
    room = ledger.plain(narrow.serves or 0, id=f"{narrow.tier}.serves_per_second")
    return f"{start} {sure}: {narrow.tier} has room for {room} and is first to fail ({narrow.word}); users feel it for {minutes}."


def _by_tier(found: ExtremeResult, story: str, ledger: Ledger) -> Exhibit:
    rows, emphasis = [], []
    for number, t in enumerate(found.tiers):
        if t.chance_carried is not None and t.chance_carried < SURE:
            emphasis.append(number)
        rows.append((
            t.tier, t.title,
            ledger.plain(t.serves, id=f"{t.tier}.serves_per_second") if t.serves else "",
            f"{ledger.plain(t.times_peak, id=f'{t.tier}.times_peak')} times" if t.times_peak else "",
            ledger.say(float(t.lag_minutes.mean()), "minutes", id=f"{t.tier}.lag_minutes") if t.capacity else "",
            _in_the_event(t, ledger), _wait(t, ledger), _limit(t, ledger),
        ))  # fmt: skip
    columns = (Column("Tier", width=0.9), Column("How it is run", width=2), Column("Serves a second", "right", 0.8), Column("Of the usual peak", "right", 0.8),
               Column("More serves after", "right", 0.9), Column("In the event", width=1.2), Column("Longest wait", "right", 0.8), Column("Full by growth in", "right", 0.9))  # fmt: skip
    retried = (
        "each request that fails is tried again twice"
        if np.isinf(found.retry_budget)
        else f"retries are held to {ledger.say(found.retry_budget, 'share', id='extreme.retry_budget')} of the requests"
    )
    note = (
        f"People and callers give up after {ledger.plain(PATIENCE_SECONDS, id='extreme.patience', unit='seconds')} seconds; {retried}. “Stuck” means that the retries alone keep it down until load is shed. "
        f"Added capacity is taken to come with {ledger.say(SPARE_AFTER_SCALING - 1, 'share', id='extreme.spare')} to spare. What it serves is the smaller of its room and its provider's limit. Growth: {ledger.say(100 * found.growth_per_year, '%', id='growth_per_year', digits=3)} a year. "
        "The wait and the retries are estimates of this workbook; a load test replaces them."
    )
    assert RETRIES == 2, "the note says twice"
    return Exhibit(
        "extreme_event",
        "The extreme event, tier by tier",
        _verdict(found, story, ledger),
        Table(columns, tuple(rows), tuple(emphasis)),
        note=note,
        printed=tuple(ledger.printed),
    )


def _in_the_event(t: TierLoad, ledger: Ledger) -> str:
    if t.limit is not None and t.limit.binds and t.word == WORDS[CARRIED]:
        return f"{WORDS[REFUSED]} with a chance of {ledger.say(t.limit.chance_refused, 'share', id=f'{t.tier}.chance_refused')}"
    return t.word


def _wait(t: TierLoad, ledger: Ledger) -> str:
    if t.longest_wait_seconds is None or t.verdict is None:
        return ""
    if np.isinf(t.longest_wait_seconds).mean() > 0.5:
        return "no end"
    typical = float(np.median(t.longest_wait_seconds)) / 60
    return ledger.say(typical, "minutes", id=f"{t.tier}.longest_wait") if typical > 0 else "none"


def _limit(t: TierLoad, ledger: Ledger) -> str:
    if t.growth is None:
        return ""
    months = float(np.median(t.growth.months_until_limit))
    return (
        "later"
        if not np.isfinite(months) or months > FAR_MONTHS
        else ledger.say(months, "months", id=f"{t.tier}.months_until_limit")
        if months > 0
        else "now"
    )


def _people(found: ExtremeResult, a: Assessment, ledger: Ledger) -> list[str]:
    """Tickets and pages against who is there."""
    told = []
    rate = found.event.tickets_per_hour
    support = a.engagement.team.support_people
    if rate and found.tickets is not None:
        busy, wait = float(found.tickets.busy_share), float(found.tickets.mean_wait)
        start = f"{ledger.plain(rate, id='extreme.tickets_per_hour')} tickets an hour at {ledger.plain(MINUTES_PER_TICKET, id='minutes_per_ticket')} minutes each against {ledger.count(support or 0, id='support_people')} {'person' if support == 1 else 'people'} in support"
        needed = int(np.ceil(rate * MINUTES_PER_TICKET / 60)) + 1
        told.append(
            f"{start}: more than they can answer; it takes {ledger.count(needed, id='support_needed')}, or a status page that answers for them"
            if not np.isfinite(wait)
            else f"{start}: busy {ledger.say(busy, 'share', id='extreme.tickets.busy')} of the time, a ticket waits {ledger.say(wait, 'minutes', id='extreme.tickets.wait')} on average"
        )
    elif rate:
        told.append(
            f"{ledger.plain(rate, id='extreme.tickets_per_hour')} tickets an hour, and it is not known who answers them (team.support_people)"
        )
    else:
        told.append("How many would write or call an hour is not known (demand.extreme.tickets_per_hour); ask support")
    if found.pages is not None:
        wait = float(found.pages.mean_wait)
        told.append("One person on duty gets more alarms than one can handle: the second alarm waits until somebody else is called" if not np.isfinite(wait)
                    else f"One person on duty is busy {ledger.say(float(found.pages.busy_share), 'share', id='extreme.pages.busy')} of the time with alarms, "
                         f"and an alarm waits {ledger.say(wait, 'minutes', id='extreme.pages.wait')} on average")  # fmt: skip
    elif not a.engagement.team.on_call_people:
        told.append("Nobody is on call: alarms wait until somebody looks")
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
    finding = (f"{narrow.tier} {'lets through, for all one knows, only' if limited else 'has room for'} {said[1]} a second and would get {said[0]}" + ("." if carried else
               f": from minute {ledger.plain(late_from, id='extreme.late_from')} more comes than it can serve." if late_from and late_from >= 1 else ": within a minute more comes than it can serve."))  # fmt: skip

    def figure() -> dict[str, Any]:
        return load_against_capacity(minutes.tolist(), comes.tolist(), room.tolist(), load_text=f"load: {said[0]} a second", capacity_text=f"{narrow.tier} {'lets through' if limited else 'serves'} {said[1]} a second",
                                     late_from=late_from, late_text="more comes than can be served")  # fmt: skip

    alt = f"Load rises from the usual peak to {said[0]} requests a second within {ledger.plain(ramp, id='extreme.over_minutes')} minutes; {narrow.tier} serves {said[1]}" + (
        f", and more capacity serves about {ledger.plain(arrives, id='extreme.arrives')} minutes after the start." if grows else ", and no more in time."
    )
    note = "What can be counted on until the provider is asked." if limited else "Of the tier that fails first. After capacity has grown there are still those who waited, and their retries."
    return Exhibit("load_against_capacity", "Load against capacity", finding, figure=figure, alt=alt, note=note, printed=tuple(ledger.printed))
