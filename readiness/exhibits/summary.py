"""The cover and the one page that a board reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from readiness.assessment import Assessment
from readiness.assessment.plan import Roadmap
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.exhibits.exhibit import Block, Chapter, Part, definitions, missing
from readiness.exhibits.money import money
from readiness.exhibits.plan import step_name
from readiness.language import N_, inside, joined, plural, tr, trn
from readiness.text import Ledger
from readiness.wording import planned_words, reason_sentence, verdict_sentence, with_range

__all__ = ["cover", "money", "summary"]

MOST_BREAKING = 3
MOST_STEPS = 4
HEADLINES = (
    ("bad_minutes_per_year", N_("Expected downtime a year")), ("breach_chance_per_year", N_("Chance to break the promise")),
    ("loss_per_year", N_("Expected loss a year")), ("cash_per_month", N_("Cash a month, today's design")),
)  # fmt: skip


def cover(a: Assessment, contents: Literal["page", "cover"] = "page") -> Chapter:
    """Whose report it is, as of when, in what state, and what was signed off; a short report has its contents here too."""
    e, ledger = a.engagement, Ledger(a.engagement.client.currency)
    promise = a.main.journey.promise
    asked = [p for p in a.standing.practices if p.state not in ("does not apply", "not applicable")]
    answered, rungs = [p for p in asked if p.level is not None], [p.rung for p in asked]
    basis = tr("{answered} of {asked} questions answered", answered=ledger.count(len(answered), id='questions.answered'), asked=ledger.count(len(asked), id='questions.asked'))
    shown = sum(r in ("observed", "verified") for r in rungs)
    if shown:
        basis += tr(", {shown} of them shown to us or checked by us", shown=ledger.count(shown, id='questions.shown'))
    day = str(promise.from_date or tr("today"))
    facts = [
        [tr("Promise under review"), tr("{promise_slo} for “{journey}”", promise_slo=ledger.say(promise.slo, 'promise', id='promise_slo'), journey=a.main.journey.title)],
        [tr("From"), tr("{day}, signed", day=day) if promise.signed else day],
        [tr("Counts as down"), promise.counts_as_down],
        [tr("Basis"), basis],
        [tr("Prepared by"), e.consultant or tr("not named")],
        [tr("Currency"), e.client.currency],
    ]
    content = {"title": tr("Production readiness"), "client": e.client.name, "subtitle": tr("{industry}, {stage} stage", industry=e.client.industry, stage=e.stage.replace('_', ' ')),
               "as_of": a.as_of.isoformat(), "status": e.status, "facts": facts, "contents": contents, "brand": None}  # fmt: skip
    return Chapter((Block("cover", content, tuple(ledger.printed)),))


def summary(a: Assessment, plan: Roadmap | None = None) -> Chapter:
    """The verdict, four headline numbers with their ranges, what breaks first, what to do next, what it costs and buys.

    Parameters
    ----------
    a
        The client today.
    plan
        What to do in which quarter; without one, what the promise needs first is told instead.
    """
    currency = a.engagement.client.currency
    ledger, shown, told = Ledger(currency), Ledger(currency), Ledger(currency)
    promise = a.main.journey.promise
    dated = tr(", from {from_date}", from_date=promise.from_date) if promise.from_date else ""
    verdict = Block("verdict", {
        "verdict": a.standing.verdict.outcome, "promise": tr("{promise_slo} for “{journey}”{dated}", promise_slo=ledger.say(promise.slo, 'promise', id='promise_slo'), journey=a.main.journey.title, dated=dated),
        "sentence": verdict_sentence(a, ledger), "reasons": [{"text": text, "tone": tone} for text, tone in _reasons(a, ledger)],
    }, tuple(ledger.printed))  # fmt: skip
    panel = []
    for figure_id, label in HEADLINES:
        figure = a.figure(figure_id)
        b = figure.band
        panel.append({"label": tr(label), "value": shown.say(b.mean, figure.unit, id=figure_id),
                      "range": shown.range(b.low, b.high, figure.unit, id=figure_id), "note": tr("90 % range")})  # fmt: skip
    rows = [(tr("What breaks first"), _breaks_first(a, told)), (tr("What a year is like"), _year(a, told)), (tr("What it costs"), _costs(a, told))]
    rows += _next(a, plan, told)
    parts: list[Part] = [verdict, Block("figures_panel", {"figures": panel}, tuple(shown.printed)), definitions(rows, printed=told.printed)]
    if a.standing.coverage < 0.5:
        asked = Ledger(currency)
        covered = asked.say(a.standing.coverage, "share", id="coverage")
        parts.append(missing(tr("Only {covered} of the questions that apply were answered: what was not asked keeps its whole range.", covered=covered), printed=asked.printed))
    return Chapter(tuple(parts))


def _reasons(a: Assessment, ledger: Ledger) -> list[tuple[str, str]]:
    """The reasons of the verdict, each kind once: chances first, then what is missing, by name."""
    told: list[tuple[str, str]] = []
    named: dict[str, list[str]] = {"gate missed": [], "gate unproven": [], "risk accepted": []}
    for reason in a.standing.verdict.reasons:
        practice = a.catalog.practices.get(reason.subject)
        if reason.kind in named:
            named[reason.kind].append(practice.title if practice else reason.subject)
        else:
            told.append(reason_sentence(a, reason, ledger))
    slo = ledger.say(a.main.journey.promise.slo, "promise", id="promise_slo")
    blocking = {r.kind for r in a.standing.verdict.reasons if r.blocks}
    for kind, (one, many) in {
        "gate missed": plural("{n} practice that {slo} needs is missing: {names}", "{n} practices that {slo} needs are missing: {names}"),
        "gate unproven": plural("{n} practice that {slo} needs has not been asked about: {names}", "{n} practices that {slo} needs have not been asked about: {names}"),
        "risk accepted": plural("{n} risk was accepted: {names}", "{n} risks were accepted: {names}"),
    }.items():
        names = named[kind]
        if names:
            counted = ledger.count(len(names), id=f"reasons.{kind.replace(' ', '_')}")
            told.append((trn(one, many, len(names), n=counted, slo=slo, names=_list(names)), "bad" if kind in blocking else "warn"))
    return told or [(tr("No gate of this promise is missed, and its chance of breach may be signed"), "good")]


def _list(names: Sequence[str]) -> str:
    """Titles in a sentence: the first as it is, the others in small letters, set apart where they hold commas."""
    return "; ".join(_running(names))


def _running(names: Sequence[str]) -> list[str]:
    """Titles as they stand in a sentence: the first as it is, the others in small letters."""
    return [names[0], *map(inside, names[1:])]


def _breaks_first(a: Assessment, ledger: Ledger) -> str:
    total = float(a.bad_minutes_weighted.mean())
    ranked = sorted(((float(d.mean()), key, title) for key, (title, d) in a.bad_minutes_by_cause.items()), reverse=True)[:MOST_BREAKING]
    if not total:
        return tr("No cause of downtime is known.")
    told = [
        tr(
            N_("{cause} ({minutes} of downtime a year, {share} of all)") if n == 0 else N_("{cause} ({minutes}, {share})"),
            cause=title, minutes=ledger.say(mean, "minutes", id=f"bad_minutes_{key}"), share=ledger.say(mean / total, "share", id=f"share_of_downtime.{key}"),
        )
        for n, (mean, key, title) in enumerate(ranked)
    ]  # fmt: skip
    return f"{joined(_running(told))}."


def _year(a: Assessment, ledger: Ledger) -> str:
    year = a.main.year
    typical, average, bad = (ledger.say(m, "minutes", id=f"year.{n}") for m, n in ((year.typical, "typical"), (year.average, "average"), (year.one_in_ten, "one_in_ten")))
    available = ledger.say(float(a.main.counted.mean()) / MINUTES_PER_YEAR, "unavailability", id="unavailability_of_main")
    return tr("{available} available on average: {average} of downtime. Half of all years have less than {typical}; one in ten has {bad} or more.", available=available, average=average, typical=typical, bad=bad) + planned_words(a)


def _costs(a: Assessment, ledger: Ledger) -> str:
    cash, hours, loss = (a.figure(f).band for f in ("cash_per_month", "hours_per_month", "loss_per_year"))
    return tr(
        "Cash of {year} a year; {hours_per_month} of people's time a month; "
        "and {loss_per_year} a year that chance takes on average. The three are not the same money, so they are not added.",
        year=ledger.say(cash.mean * 12, 'money', id='cash_per_month.year'), hours_per_month=with_range(ledger, hours, 'hours', id='hours_per_month'), loss_per_year=ledger.say(loss.mean, 'money', id='loss_per_year'),
    )


def _next(a: Assessment, plan: Roadmap | None, ledger: Ledger) -> list[tuple[str, str]]:
    """What to do first, and what that costs and buys."""
    if plan is not None and plan.steps:
        return _planned(plan, ledger)
    steps = needed_first(a)
    if not steps:
        return [(tr("What to do next"), tr("The promise needs nothing that is missing; no plan has been made beyond it."))]
    shown = steps[:MOST_STEPS]
    told = [f"{title} ({ledger.say(hours, 'hours', id=f'remedy_hours.{practice}')})" for practice, title, hours in shown]
    more = len(steps) - len(shown)
    rest = tr("; and {further} more", further=ledger.count(more, id='remedies.further')) if more else ""
    slo = ledger.say(a.main.journey.promise.slo, "promise", id="promise_slo")
    total = ledger.say(sum(hours for *_, hours in steps), "hours", id="remedy_hours.all")
    return [
        (tr("What to do first"), tr("What {slo} cannot do without, least effort first: {running}{rest}.", slo=slo, running=joined(_running(told)), rest=rest)),
        (tr("What that takes"), tr("About {total} of people's time for all of it, spread over the team's quarters.", total=total)),
    ]


def needed_first(a: Assessment) -> list[tuple[str, str, float]]:
    """Practices that the promise needs and does not have, with the likely hours of the step that closes the gate, least first."""
    found = []
    for p in a.standing.practices:
        if p.gate not in ("missed", "unproven") or p.required is None:
            continue
        wanted = p.practice.answer(p.required).level
        enough = [r for r in p.practice.remedies if p.practice.answer(r.to).level >= wanted]
        if enough:
            found.append((p.practice.id, p.practice.title, min(r.hours.likely for r in enough)))
    return sorted(found, key=lambda step: step[2])


def _planned(plan: Roadmap, ledger: Ledger) -> list[tuple[str, str]]:
    first = min(s.finish_quarter for s in plan.steps)
    now = [s for s in plan.steps if s.finish_quarter == first]
    hours: dict[str, float] = {}
    for s in now:  # two steps of one practice in one quarter are told as one
        hours[step_name(s)] = hours.get(step_name(s), 0.0) + s.improvement.hours
    told = [f"{name} ({ledger.say(worked, 'hours', id=f'plan.hours.first.{n}')})" for n, (name, worked) in enumerate(list(hours.items())[:MOST_STEPS])]
    rest = tr("; and {further} more", further=ledger.count(len(hours) - MOST_STEPS, id='plan.further')) if len(hours) > MOST_STEPS else ""
    cash = sum(s.running_per_month for s in plan.steps)
    more = tr(N_(" and {cash_per_month} a month more") if cash > 0 else N_(" and {cash_per_month} a month less"), cash_per_month=ledger.say(abs(cash), 'money', id='plan.cash_per_month')) if abs(cash) >= 1 else ""
    after, today = plan.after, plan.today
    said = {
        (f, when): ledger.say(x.figure(f).band.mean, x.figure(f).unit, id=f"plan.{f}.{when}")
        for f in ("bad_minutes_per_year", "loss_per_year")
        for x, when in ((today, "today"), (after, "after"))
    }
    was, becomes = said["bad_minutes_per_year", "today"], said["bad_minutes_per_year", "after"]
    lost, left = said["loss_per_year", "today"], said["loss_per_year", "after"]
    return [
        (tr("What to do in {quarters}", quarters=plan.room.quarters[first]), f"{joined(_running(told))}{rest}."),
        (tr("What the plan takes"), tr("{hours} of people's time until {quarters}{more}.", hours=ledger.say(plan.hours, 'hours', id='plan.hours'), quarters=plan.room.quarters[-1], more=more)),
        (tr("What the plan buys"), tr("Downtime falls from {was} to {becomes} a year, expected loss from {lost} to {left}.", was=was, becomes=becomes, lost=lost, left=left)),
    ]
