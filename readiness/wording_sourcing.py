"""Who should run what, in sentences: made from chances and ranges, never stronger than they allow."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.assessment.sourcing import ServiceView, Sourcing
from readiness.assessment.sourcing_comparing import Compared
from readiness.assessment.sourcing_deciders import Decider
from readiness.assessment.sourcing_later import Later
from readiness.assumptions import MONTHS_PER_YEAR, number_at
from readiness.language import N_, Words, inside, joined, tr
from readiness.models.uncertainty import band
from readiness.moves import DRAWS
from readiness.text import Ledger

SURE, PROBABLE, EVEN = 0.9, 0.75, 0.25
TOO_SMALL_HOURS = 1.0
"""A difference below an hour a month at the loaded rate is not worth a meeting."""
EU_SWITCHING = (
    N_("European Data Act, Regulation (EU) 2023/2854: since 12 September 2025 a provider of data processing in the Union has to let customers switch, "
    "with at most two months' notice and 30 days of transition; from 12 January 2027 it may charge nothing for switching, egress included.")
)
ASK = Words({
    "effort_hours_per_month": N_("the tickets and hours of the last three months"),
    "cash_per_month": N_("a quote for your real size"),
    "migration_hours": N_("a day's trial move with a copy"),
    "faults_per_year": N_("the list of its outages in twelve months"),
    "recovery_minutes": N_("how long its last three outages took"),
    "failover_coverage": N_("the record of the last failover drill"),
    "growth_per_year": N_("the sales plan and last year's load"),
    "loaded_rate_per_hour": N_("the loaded rate from finance"),
    "engage_minutes": N_("the paging tool's log"),
    "detect_minutes": N_("when the last five outages were noticed, and by whom"),
    "repair_minutes": N_("the incident list"),
    "revenue_per_hour": N_("revenue by hour from finance"),
    "lost_share": N_("orders during and after the last outage"),
    "churn_factor": N_("what customers said who left"),
    "idle_staff": N_("who could not work during the last outage"),
    "hours_per_incident": N_("the hours that the last three incidents took"),
    "effort_follows_size_share": N_("the hours before and after the last machine was added"),
    "unmeasured_headroom_factor": N_("a load test"),
})
NAMES = Words({
    "effort_hours_per_month": N_("hours to run it"), "cash_per_month": N_("cash a month"), "migration_hours": N_("hours to move"), "faults_per_year": N_("its outages a year"),
    "recovery_minutes": N_("its minutes to recover"), "failover_coverage": N_("failovers that work"), "growth_per_year": N_("growth of the load"),
    "loaded_rate_per_hour": N_("cost of an hour"), "engage_minutes": N_("minutes until somebody works on it"), "detect_minutes": N_("minutes until it is noticed"),
    "repair_minutes": N_("minutes to repair"), "revenue_per_hour": N_("revenue an hour"), "lost_share": N_("share of revenue lost"), "churn_factor": N_("customers who leave"),
    "idle_staff": N_("people who cannot work"), "hours_per_incident": N_("hours per incident"),
    "effort_follows_size_share": N_("hours that grow with the machines"), "unmeasured_headroom_factor": N_("what today's machines can carry"),
})  # fmt: skip
_OPENERS = frozenset({"A", "Charged", "Costs", "Free", "Hardware", "Included", "Mostly", "No", "Only", "Plans", "Price", "Priced", "Prices", "Some", "Storage", "The", "Use"})
PATHS = Words({"now": N_("Do it now"), "prepare": N_("Prepare now, do it when asked"), "wait": N_("Wait, do it in a hurry when asked"), "never": N_("Never do it")})


def input_name(number: str) -> str:
    """What an input is called in a sentence.

    Examples
    --------
    >>> input_name("events.effort_hours_per_month")
    'hours to run it'
    >>> input_name("orders_db.cash_per_month (new)")
    'cash a month of the other way'
    """
    bare = number.removesuffix(" (new)").rpartition(".")[2]
    return NAMES.get(bare, bare.replace("_", " ")) + (tr(" of the other way") if number.endswith("(new)") else "")


def evidence_for(number: str) -> str:
    """What to ask for, to know an input better."""
    bare = number.removesuffix(" (new)").rpartition(".")[2]
    if bare in ASK:
        return ASK[bare]
    return tr(number_at(bare).meaning)


def too_small(s: Sourcing, c: Compared) -> bool:
    """Whether a difference is less than an hour a month at the loaded rate, band and all."""
    hour = float(s.costs.rate_per_hour.mean()) * TOO_SMALL_HOURS * s.months
    return max(abs(c.comparison.low), abs(c.comparison.high)) < hour


def stance(s: Sourcing, view: ServiceView) -> str:
    """The verdict in a word or two, for a table.

    Notes
    -----
    By the chance that the managed way is cheaper economically: from 90 % on move, from 75 % on probably, between 25 and
    75 % about even, below that keep. A way for which the product has to change is never more than worth a trial.
    """
    best = view.managed
    if best is None:
        return N_("no open way")
    chance = best.comparison.chance_cheaper_economic
    if too_small(s, best):
        return N_("leave as it is")
    if best.candidate and best.candidate.rewrite:
        return N_("worth a trial") if chance >= PROBABLE else N_("keep")
    if chance >= SURE:
        return N_("move")
    if chance >= PROBABLE:
        return N_("probably move")
    if chance > EVEN:
        return N_("about even")
    return N_("probably keep") if chance > 1 - SURE else N_("keep")


def verdict_sentence(s: Sourcing, view: ServiceView, ledger: Ledger) -> str:
    """The verdict on one service, with what it rests on and what would change it."""
    tier, best, word = view.placed.tier.name, view.managed, stance(s, view)
    if best is None:
        return tr("{tier}: no managed way can be compared. {why_closed}", tier=tier, why_closed=_why_closed(view)) + _otherwise_self_run(view, word, ledger)
    c = best.comparison
    chance = likely_words(c.chance_cheaper_economic, ledger, f"{tier}.chance_cheaper_economic")
    median = ledger.say(abs(c.median), "money", id=f"{tier}.median_difference")
    ends = [(ledger.say(abs(x), "money", id=f"{tier}.difference.{end}"), tr("less") if x < 0 else tr("more")) for end, x in (("low", c.low), ("high", c.high))]
    # Both ends on one side read as a range of it, the smaller first; otherwise each end says its side.
    (low, low_side), (high, high_side) = ends if ends[0][1] != ends[1][1] or ends[0][1] == "more" else ends[::-1]
    span = tr("{low} to {high} {low_side}", low=low, high=high, low_side=low_side) if low_side == high_side else tr("{low} {low_side} to {high} {high_side}", low=low, low_side=low_side, high=high, high_side=high_side)
    years = ledger.say(s.months / MONTHS_PER_YEAR, "factor", id="horizon_years")
    side = tr("less") if c.median < 0 else tr("more")
    start = {
        "leave as it is": tr("{tier}: too little hangs on it to spend a meeting on", tier=tier),
        "move": tr("{tier}: move to {best}", tier=tier, best=best.title),
        "probably move": tr("{tier}: {best} is probably cheaper", tier=tier, best=best.title),
        "worth a trial": tr("{tier}: {best} would probably be cheaper, but the product has to change for it: worth a trial, not yet a move", tier=tier, best=best.title),
        "about even": tr("{tier}: about even between running it and {best}", tier=tier, best=best.title),
        "probably keep": tr("{tier}: running it yourselves is probably cheaper than {best}", tier=tier, best=best.title),
        "keep": tr("{tier}: keep running it; “{best}” is dearer", tier=tier, best=best.title),
    }[word]
    told = tr("{start}. Managed is cheaper in {chance} of cases once hours and loss count: {median} {side} over {years} years in the middle case ({span}).", start=start, chance=chance, median=median, side=side, years=years, span=span)
    if best.comparison.chance_cheaper_cash < 0.5 < c.chance_cheaper_economic:
        if float((c.cash_difference + c.loss_difference).mean()) < 0:
            told += tr(" It costs more cash, which the loss it avoids pays for; the {back} a month it gives back come on top.", back=_back(ledger, tier, best))
        else:
            told += tr(" It costs more cash, so it pays only if the {back} a month it gives back are used.", back=_back(ledger, tier, best))
    if word in ("about even", "probably move", "probably keep", "worth a trial"):
        told += f" {_decided_by(view.deciders)}"
    elif word == "keep":
        told += f" {_would_flip(view, best, ledger)}"
    copy = _second_copy(view, best, ledger) if word in ("move", "probably move", "about even") else ""
    return told + copy + _otherwise_self_run(view, word, ledger)


def likely_words(chance: float, ledger: Ledger, id: str) -> str:
    """A chance that was counted over draws: never all of them and never none."""
    least = 0.5 / DRAWS
    return ledger.say(min(max(chance, least), 1 - least), "share", id=id)


def _second_copy(view: ServiceView, best: Compared, ledger: Ledger) -> str:
    """What a second copy would take, when the cheapest way has none: money alone does not know the promise."""
    if view.placed.redundant or best.candidate is None or best.candidate.way.redundancy not in ("single", "pair"):
        return ""
    pair = next((c for c in view.compared if c.run_by == "provider" and c.candidate and not c.candidate.rewrite and c.candidate.way.redundancy not in ("single", "pair")), None)
    if pair is None:
        return ""
    tier = view.placed.tier.name
    more = float((pair.cash_other - best.cash_other).mean())
    chance = likely_words(pair.comparison.chance_cheaper_economic, ledger, f"{tier}.{pair.id}.chance_cheaper_economic")
    return tr(
        N_(" That has no second copy; {pair} has one for {second_copy} a month more and is cheaper than today in {chance} of cases: the promise decides between them.") if more > 0
        else N_(" That has no second copy; {pair} has one for {second_copy} a month less and is cheaper than today in {chance} of cases: the promise decides between them."),
        pair=pair.title, second_copy=ledger.say(abs(more), 'money', id=f'{tier}.second_copy'), chance=chance,
    )


def _otherwise_self_run(view: ServiceView, word: str, ledger: Ledger) -> str:
    """Another way to run it oneself that beats today, where no managed one is to be had as the product is."""
    own = next((c for c in view.compared if c.run_by == "client" and c.comparison.chance_cheaper_economic >= PROBABLE), None)
    if own is None or word in ("move", "probably move", "leave as it is"):
        return ""
    tier = view.placed.tier.name
    chance = likely_words(own.comparison.chance_cheaper_economic, ledger, f"{tier}.{own.id}.chance_cheaper_economic")
    saved = ledger.say(abs(own.comparison.median), "money", id=f"{tier}.{own.id}.median")
    start = tr("Without changing the product") if word == "worth a trial" else tr("There is a better way to keep it")
    return tr(" {start}: {own}, run by yourselves, is cheaper than today in {chance} of cases, by {saved} in the middle case.", start=start, own=own.title, chance=chance, saved=saved)


def _back(ledger: Ledger, tier: str, best: Compared) -> str:
    return ledger.say(float(best.hours_back.mean()), "hours", id=f"{tier}.hours_back")


def _decided_by(found: Sequence[Decider]) -> str:
    if not found:
        return tr("No single input decides it.")
    return tr("Decided by {number}: ask for {evidence_for}.", number=input_name(found[0].number), evidence_for=evidence_for(found[0].number))


def _would_flip(view: ServiceView, best: Compared, ledger: Ledger) -> str:
    if best.break_even is None:
        return tr("What would change that: a cheaper move, or outages that cost more.")
    hours = ledger.say(float(best.break_even.self_run.mean()), "hours", id=f"{view.placed.tier.name}.break_even_self_run")
    return tr("What would change that: more than {hours} a month spent on running it, or a lower price.", hours=hours)


def _why_closed(view: ServiceView) -> str:
    shut = [b for c in view.candidates if c.way.run_by == "provider" for b in c.barriers if b.effect in ("block", "no price")]
    reasons = list(dict.fromkeys(_inside(b.reason) for b in shut))[:2]
    changes = list(dict.fromkeys(_inside(b.would_change) for b in shut))[:2]
    if not reasons:
        return tr("The catalog knows none that keeps today's second copy.")
    return tr("Because {reasons}. What would change it: {changes}.", reasons=joined(reasons), changes=joined(changes))


def _inside(sentence: str) -> str:
    """A sentence of the data within one of ours; names and abbreviations keep their capitals."""
    first = sentence.partition(" ")[0]
    return (sentence[:1].lower() + sentence[1:] if first in _OPENERS else sentence).rstrip(".")


def switch_sentence(view: ServiceView, months: int, ledger: Ledger) -> str:
    """When to start moving, or what would have to change first."""
    best = view.managed
    if best is None:
        return tr("no open way")
    plan, tier = best.switch, view.placed.tier.name
    if plan.start_month is None:
        return tr("not within {horizon_months} months", horizon_months=ledger.count(months, id='horizon_months'))
    live = ledger.say(float(plan.live_month or 0), "count", id=f"{tier}.switch_live_month")
    if plan.start_month == 0:
        return tr("start now, live in month {live}", live=live)
    return tr("start in month {switch_start_month}, live in month {live}", switch_start_month=ledger.say(float(plan.start_month), 'count', id=f'{tier}.switch_start_month'), live=live)


def crossing_words(c: Compared, ledger: Ledger) -> str:
    """The break-even month: never, once, or several times.

    Notes
    -----
    Months are counted from 1 for a reader: the first month is month 1.
    """
    crossing = c.comparison.break_even
    months = [ledger.count(m + 1, id=f"{c.id}.break_even_month") for m in crossing.all]
    if crossing.month is None:
        return tr("never for good (sides change in month {months})", months=joined(months)) if months else tr("never")
    last = ledger.count(crossing.month + 1, id=f"{c.id}.break_even_month")
    return tr("month {last} for good (before that in {months})", last=last, months=joined(months[:-1])) if len(months) > 1 else tr("month {last}", last=last)


def worth_keeping(option: Later) -> bool:
    """Whether staying able to do something later is worth more than a rounding of its price."""
    return float(option.result.most_worth_paying.mean()) > 0.01 * float(option.build_now.mean())


def later_sentence(option: Later, ledger: Ledger) -> str:
    """Now, prepared, in a hurry or never; as sure as the draws are."""
    paths = option.paths
    best = option.best
    sure = option.chance_best
    word = tr("is the cheapest path") if sure >= PROBABLE else tr("is the cheapest path on average, though far from surely") if sure >= 0.5 else tr("is the cheapest path on average by a narrow lead")
    rest = sorted(v for k, v in paths.items() if k != best)
    told = tr("{option}: “{path}” {how} ({chance_best} of cases)", option=option.title, path=inside(PATHS[best]), how=word, chance_best=ledger.say(sure, 'share', id=f'{option.id}.chance_best'))
    if rest and rest[0] != float("inf"):
        told += tr(", by {lead} over the next one", lead=ledger.say(rest[0] - paths[best], 'money', id=f'{option.id}.lead'))
    worth = band(option.result.most_worth_paying)
    if best == "now":
        return tr("{told}. There is nothing to keep open.", told=told)
    if worth_keeping(option):
        told += tr(". Staying able to do it is worth at most {most_worth_paying}", most_worth_paying=ledger.say(worth.mean, 'money', id=f'{option.id}.most_worth_paying'))
        cost = float(option.preparation.mean())
        if cost > 0:
            verb = tr("more") if cost > worth.mean else tr("less")
            told += tr("; preparing costs {preparation}, {verb} than that", preparation=ledger.say(cost, 'money', id=f'{option.id}.preparation'), verb=verb)
    return told + "."
