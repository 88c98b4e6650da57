"""Who should run what, in sentences: made from chances and ranges, never stronger than they allow."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.assessment.sourcing import ServiceView, Sourcing
from readiness.assessment.sourcing_comparing import Compared
from readiness.assessment.sourcing_deciders import Decider
from readiness.assessment.sourcing_later import Later
from readiness.assumptions import MONTHS_PER_YEAR, number_at
from readiness.models.uncertainty import band
from readiness.moves import DRAWS
from readiness.text import Ledger
from readiness.wording import joined

SURE, PROBABLE, EVEN = 0.9, 0.75, 0.25
TOO_SMALL_HOURS = 1.0
"""A difference below an hour a month at the loaded rate is not worth a meeting."""
EU_SWITCHING = (
    "European Data Act, Regulation (EU) 2023/2854: since 12 September 2025 a provider of data processing in the Union has to let customers switch, "
    "with at most two months' notice and 30 days of transition; from 12 January 2027 it may charge nothing for switching, egress included."
)
ASK = {
    "effort_hours_per_month": "the tickets and hours of the last three months",
    "cash_per_month": "a quote for your real size",
    "migration_hours": "a day's trial move with a copy",
    "faults_per_year": "the list of its outages in twelve months",
    "recovery_minutes": "how long its last three outages took",
    "failover_coverage": "the record of the last failover drill",
    "growth_per_year": "the sales plan and last year's load",
    "loaded_rate_per_hour": "the loaded rate from finance",
    "engage_minutes": "the paging tool's log",
    "detect_minutes": "when the last five outages were noticed, and by whom",
    "repair_minutes": "the incident list",
    "revenue_per_hour": "revenue by hour from finance",
    "lost_share": "orders during and after the last outage",
    "churn_factor": "what customers said who left",
    "idle_staff": "who could not work during the last outage",
    "hours_per_incident": "the hours that the last three incidents took",
    "effort_follows_size_share": "the hours before and after the last machine was added",
    "unmeasured_headroom_factor": "a load test",
}
NAMES = {
    "effort_hours_per_month": "hours to run it", "cash_per_month": "cash a month", "migration_hours": "hours to move", "faults_per_year": "its outages a year",
    "recovery_minutes": "its minutes to recover", "failover_coverage": "failovers that work", "growth_per_year": "growth of the load",
    "loaded_rate_per_hour": "cost of an hour", "engage_minutes": "minutes until somebody works on it", "detect_minutes": "minutes until it is noticed",
    "repair_minutes": "minutes to repair", "revenue_per_hour": "revenue an hour", "lost_share": "share of revenue lost", "churn_factor": "customers who leave",
    "idle_staff": "people who cannot work", "hours_per_incident": "hours per incident",
    "effort_follows_size_share": "hours that grow with the machines", "unmeasured_headroom_factor": "what today's machines can carry",
}  # fmt: skip
_OPENERS = frozenset({"A", "Charged", "Costs", "Free", "Hardware", "Included", "Mostly", "No", "Only", "Plans", "Price", "Priced", "Prices", "Some", "Storage", "The", "Use"})
PATHS = {"now": "Do it now", "prepare": "Prepare now, do it when asked", "wait": "Wait, do it in a hurry when asked", "never": "Never do it"}


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
    return NAMES.get(bare, bare.replace("_", " ")) + (" of the other way" if number.endswith("(new)") else "")


def evidence_for(number: str) -> str:
    """What to ask for, to know an input better."""
    bare = number.removesuffix(" (new)").rpartition(".")[2]
    if bare in ASK:
        return ASK[bare]
    return number_at(bare).meaning


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
        return "no open way"
    chance = best.comparison.chance_cheaper_economic
    if too_small(s, best):
        return "leave as it is"
    if best.candidate and best.candidate.rewrite:
        return "worth a trial" if chance >= PROBABLE else "keep"
    if chance >= SURE:
        return "move"
    if chance >= PROBABLE:
        return "probably move"
    if chance > EVEN:
        return "about even"
    return "probably keep" if chance > 1 - SURE else "keep"


def verdict_sentence(s: Sourcing, view: ServiceView, ledger: Ledger) -> str:
    """The verdict on one service, with what it rests on and what would change it."""
    tier, best, word = view.placed.tier.name, view.managed, stance(s, view)
    if best is None:
        return f"{tier}: no managed way can be compared. {_why_closed(view)}" + _otherwise_self_run(view, word, ledger)
    c = best.comparison
    chance = likely_words(c.chance_cheaper_economic, ledger, f"{tier}.chance_cheaper_economic")
    median = ledger.say(abs(c.median), "money", id=f"{tier}.median_difference")
    ends = [(ledger.say(abs(x), "money", id=f"{tier}.difference.{end}"), "less" if x < 0 else "more") for end, x in (("low", c.low), ("high", c.high))]
    # Both ends on one side read as a range of it, the smaller first; otherwise each end says its side.
    (low, low_side), (high, high_side) = ends if ends[0][1] != ends[1][1] or ends[0][1] == "more" else ends[::-1]
    span = f"{low} to {high} {low_side}" if low_side == high_side else f"{low} {low_side} to {high} {high_side}"
    years = ledger.say(s.months / MONTHS_PER_YEAR, "factor", id="horizon_years")
    side = "less" if c.median < 0 else "more"
    start = {
        "leave as it is": f"{tier}: too little hangs on it to spend a meeting on",
        "move": f"{tier}: move to {best.title}",
        "probably move": f"{tier}: {best.title} is probably cheaper",
        "worth a trial": f"{tier}: {best.title} would probably be cheaper, but the product has to change for it: worth a trial, not yet a move",
        "about even": f"{tier}: about even between running it and {best.title}",
        "probably keep": f"{tier}: running it yourselves is probably cheaper than {best.title}",
        "keep": f"{tier}: keep running it; “{best.title}” is dearer",
    }[word]
    told = f"{start}. Managed is cheaper in {chance} of cases once hours and loss count: {median} {side} over {years} years in the middle case ({span})."
    if best.comparison.chance_cheaper_cash < 0.5 < c.chance_cheaper_economic:
        if float((c.cash_difference + c.loss_difference).mean()) < 0:
            told += f" It costs more cash, which the loss it avoids pays for; the {_back(ledger, tier, best)} a month it gives back come on top."
        else:
            told += f" It costs more cash, so it pays only if the {_back(ledger, tier, best)} a month it gives back are used."
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
    return (
        f" That has no second copy; {pair.title} has one for {ledger.say(abs(more), 'money', id=f'{tier}.second_copy')} a month {'more' if more > 0 else 'less'} "
        f"and is cheaper than today in {chance} of cases: the promise decides between them."
    )


def _otherwise_self_run(view: ServiceView, word: str, ledger: Ledger) -> str:
    """Another way to run it oneself that beats today, where no managed one is to be had as the product is."""
    own = next((c for c in view.compared if c.run_by == "client" and c.comparison.chance_cheaper_economic >= PROBABLE), None)
    if own is None or word in ("move", "probably move", "leave as it is"):
        return ""
    tier = view.placed.tier.name
    chance = likely_words(own.comparison.chance_cheaper_economic, ledger, f"{tier}.{own.id}.chance_cheaper_economic")
    saved = ledger.say(abs(own.comparison.median), "money", id=f"{tier}.{own.id}.median")
    start = "Without changing the product" if word == "worth a trial" else "There is a better way to keep it"
    return f" {start}: {own.title}, run by yourselves, is cheaper than today in {chance} of cases, by {saved} in the middle case."


def _back(ledger: Ledger, tier: str, best: Compared) -> str:
    return ledger.say(float(best.hours_back.mean()), "hours", id=f"{tier}.hours_back")


def _decided_by(found: Sequence[Decider]) -> str:
    if not found:
        return "No single input decides it."
    return f"Decided by {input_name(found[0].number)}: ask for {evidence_for(found[0].number)}."


def _would_flip(view: ServiceView, best: Compared, ledger: Ledger) -> str:
    if best.break_even is None:
        return "What would change that: a cheaper move, or outages that cost more."
    hours = ledger.say(float(best.break_even.self_run.mean()), "hours", id=f"{view.placed.tier.name}.break_even_self_run")
    return f"What would change that: more than {hours} a month spent on running it, or a lower price."


def _why_closed(view: ServiceView) -> str:
    shut = [b for c in view.candidates if c.way.run_by == "provider" for b in c.barriers if b.effect in ("block", "no price")]
    reasons = list(dict.fromkeys(_inside(b.reason) for b in shut))[:2]
    changes = list(dict.fromkeys(_inside(b.would_change) for b in shut))[:2]
    if not reasons:
        return "The catalog knows none that keeps today's second copy."
    return f"Because {joined(reasons)}. What would change it: {joined(changes)}."


def _inside(sentence: str) -> str:
    """A sentence of the data within one of ours; names and abbreviations keep their capitals."""
    first = sentence.partition(" ")[0]
    return (sentence[:1].lower() + sentence[1:] if first in _OPENERS else sentence).rstrip(".")


def switch_sentence(view: ServiceView, months: int, ledger: Ledger) -> str:
    """When to start moving, or what would have to change first."""
    best = view.managed
    if best is None:
        return "no open way"
    plan, tier = best.switch, view.placed.tier.name
    if plan.start_month is None:
        return f"not within {ledger.count(months, id='horizon_months')} months"
    live = ledger.say(float(plan.live_month or 0), "count", id=f"{tier}.switch_live_month")
    if plan.start_month == 0:
        return f"start now, live in month {live}"
    return f"start in month {ledger.say(float(plan.start_month), 'count', id=f'{tier}.switch_start_month')}, live in month {live}"


def crossing_words(c: Compared, ledger: Ledger) -> str:
    """The break-even month: never, once, or several times.

    Notes
    -----
    Months are counted from 1 for a reader: the first month is month 1.
    """
    crossing = c.comparison.break_even
    months = [ledger.count(m + 1, id=f"{c.id}.break_even_month") for m in crossing.all]
    if crossing.month is None:
        return f"never for good (sides change in month {joined(months)})" if months else "never"
    last = ledger.count(crossing.month + 1, id=f"{c.id}.break_even_month")
    return f"month {last} for good (before that in {joined(months[:-1])})" if len(months) > 1 else f"month {last}"


def worth_keeping(option: Later) -> bool:
    """Whether staying able to do something later is worth more than a rounding of its price."""
    return float(option.result.most_worth_paying.mean()) > 0.01 * float(option.build_now.mean())


def later_sentence(option: Later, ledger: Ledger) -> str:
    """Now, prepared, in a hurry or never; as sure as the draws are."""
    paths = option.paths
    best = option.best
    sure = option.chance_best
    word = "is the cheapest path" if sure >= PROBABLE else "is the cheapest path on average, though far from surely" if sure >= 0.5 else "is the cheapest path on average by a narrow lead"
    rest = sorted(v for k, v in paths.items() if k != best)
    told = f"{option.title}: “{PATHS[best].lower()}” {word} ({ledger.say(sure, 'share', id=f'{option.id}.chance_best')} of cases)"
    if rest and rest[0] != float("inf"):
        told += f", by {ledger.say(rest[0] - paths[best], 'money', id=f'{option.id}.lead')} over the next one"
    worth = band(option.result.most_worth_paying)
    if best == "now":
        return f"{told}. There is nothing to keep open."
    if worth_keeping(option):
        told += f". Staying able to do it is worth at most {ledger.say(worth.mean, 'money', id=f'{option.id}.most_worth_paying')}"
        cost = float(option.preparation.mean())
        if cost > 0:
            verb = "more" if cost > worth.mean else "less"
            told += f"; preparing costs {ledger.say(cost, 'money', id=f'{option.id}.preparation')}, {verb} than that"
    return told + "."
