"""Everything that is said and drawn of all designs is found here once; and the chart itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from readiness.assessment import Assessment
from readiness.assessment.design_answers import (
    CONFIDENCE,
    MATERIAL,
    Answers,
    answer_all,
    away_from_front,
    best_for,
    cheapest_keeping,
    reachable,
    recommended_of,
    worth_buying,
)
from readiness.assessment.design_practices import PathStep, PracticeBuy, Raised, practice_buys, practice_path, raised
from readiness.assessment.design_sums import Plan
from readiness.assessment.designs import DesignSpace, Scored, design_space
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.figures.frontier import frontier_figure
from readiness.figures.frontier_labels import Dot, Line
from readiness.language import N_, either, joined, tr
from readiness.text import Ledger, escape_plotly


@dataclass(frozen=True, eq=False)
class Considered:
    """Everything the chapter says: all designs, the answers, and the practices beside them."""

    answers: Answers
    buys: tuple[PracticeBuy, ...]
    path: tuple[PathStep, ...]
    raised: Raised | None
    raised_space: DesignSpace | None

    @property
    def space(self) -> DesignSpace:
        return self.answers.space


def considered(a: Assessment) -> Considered:
    """All designs of a client, found and answered for; reckoned once, in less than a second."""
    known: Considered | None = a.reckoned.get("designs")
    if known is None:
        answers = answer_all(design_space(a))
        buys = tuple(b for b in practice_buys(a) if not answers.space.bought_as_design(b.practice, b.to))
        more = raised(a)
        known = Considered(answers, buys, practice_path(a, buys), more, None if more is None else design_space(more.a))
        a.reckoned["designs"] = known
    return known


def titles_of(plan: Plan, today: Plan) -> str:
    """The tiers that change, in words."""
    old = today.ways
    changed = [f"{joined(list(o.tiers))}: {o.way.title}" for o in plan.parts if any(old[t] != o.way.id for t in o.tiers)]
    return "; ".join([*changed, *([tr("a second region on standby")] if plan.second else [])]) or tr("today's design")


def more_or_less(ledger: Ledger, value: float, unit: str, *, id: str) -> str:
    """A difference without a sign: how much more or less."""
    if abs(value) < (0.5 if unit == "money" else 0.05):
        return tr("the same cash") if unit == "money" else tr("the same hours")
    return tr(N_("{amount} more") if value > 0 else N_("{amount} less"), amount=ledger.say(abs(value), unit, id=id))


def _hover(space: DesignSpace, plan: Plan, ledger: Ledger, title: str = "") -> str:
    s = space.sums(plan)
    sums = tr("{cash} a month, {downtime} a year, {hours} a month", cash=ledger.say(s.cash, 'money', id='hover'), downtime=ledger.say(s.minutes, 'minutes', id='hover'), hours=ledger.say(s.hours, 'hours', id='hover'))
    parts = [f"{joined(list(o.tiers))}: {o.way.title}" for o in plan.parts] + ([tr("a second region on standby")] if plan.second else [])
    return "<br>".join(escape_plotly(t) for t in [*([title] if title else []), sums, *parts])


def _line_of(space: DesignSpace, hours: float, ledger: Ledger, *, label: str = "", extra: float = 0.0) -> Line:
    places = reachable(space, hours)
    front = space.front
    hover = [_hover(space, space.plan(int(p)), ledger) for p in places]
    return Line((front.cost[places] + extra).tolist(), front.loss[places].tolist(), hover, label)


def forgives_words(found: Considered, ledger: Ledger) -> str:
    """What stands on the line of the main promise."""
    a = found.space.a
    allowed = ledger.say(found.space.allowances[a.journeys.index(a.main)], "minutes", id="promise.allowance")
    return tr("the promise of {promise_slo} forgives {allowed} a year", promise_slo=ledger.say(a.main.journey.promise.slo, 'promise', id='promise_slo'), allowed=allowed)


def figure_of(found: Considered, forgives: str) -> Mapping[str, Any]:
    """The chart of a client's designs, with the words on the line of the promise."""
    r, s = found.answers, found.space
    ledger = Ledger(s.a.engagement.client.currency)
    dots = _dots(r, ledger)
    path = [
        Dot(r.today.sums.cash + p.cash_per_month, p.minutes, "today", p.practice.title, escape_plotly(f"{p.practice.title}: {p.practice.answer(p.to).text}"))
        for p in found.path
    ]
    improved = None
    if found.raised is not None and found.raised_space is not None:
        improved = _line_of(found.raised_space, r.limits.hours, ledger, label=tr("with the practices the promise asks for"), extra=found.raised.cash_per_month)
    allowed = s.allowances[s.a.journeys.index(s.a.main)]
    front = _line_of(s, r.limits.hours, ledger)
    return frontier_figure(front, currency=s.a.engagement.client.currency, floor=s.floor, promise=(allowed, forgives),
                           dots=dots, path=path, improved=improved, budget=r.limits.budget if r.limits.budget_said else None)  # fmt: skip


def _dots(r: Answers, ledger: Ledger) -> list[Dot]:
    """Today and the designs that answer a question; one dot for designs that answer several."""
    named: list[tuple[Scored | None, str, str]] = [
        (r.today, "today", tr("today")), (r.recommended, "recommended", tr("recommended")), (r.worth, "worth", tr("worth buying")),
        (r.keeps_surely, "keeps", tr("keeps the promise, {confidence_asked} sure", confidence_asked=ledger.say(CONFIDENCE, 'share', id='confidence_asked'))), (r.keeps, "keeps", tr("keeps the promise on average")), (r.best, "best", tr("best for the budget")),
    ]  # fmt: skip
    dots: dict[tuple[str, ...], Dot] = {}
    for scored, kind, label in named:
        if scored is None:
            continue
        before = dots.get(scored.plan.key)
        if before is None:
            dots[scored.plan.key] = Dot(scored.sums.cash, float(scored.minutes.mean()), kind, label, _hover(r.space, scored.plan, ledger, label))
        else:
            # Two names are enough: the answers below say the rest.
            label = f"{before.label}, {label}" if "," not in before.label else before.label
            dots[scored.plan.key] = Dot(before.cost, before.minutes, before.kind, label, before.hover)
    return list(dots.values())


# What moves while one talks


@dataclass(frozen=True)
class Wish:
    """What the sliders say: cash and hours a month, the promise of the main journey, and money per bad minute.

    ``ways`` of single tiers and ``second``, a second region, make a design by hand: today's with them changed.
    """

    budget: float
    hours: float
    slo: float
    loss_per_minute: float
    ways: Mapping[str, str] = field(default_factory=dict)
    second: bool = False


def tried(found: Considered, wish: Wish) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The chart and its answers under other limits, by the engine's sums: fast enough to follow a slider.

    Notes
    -----
    What the report prints is re-scored by `assess`; a slider is not. The sums are exact for the mean of the design, and
    the confidence is read off the same draws.
    """
    s, a = found.space, found.space.a
    ledger = Ledger(a.engagement.client.currency)
    allowances = tuple((1 - wish.slo) * MINUTES_PER_YEAR if r is a.main else x for r, x in zip(a.journeys, s.allowances, strict=True))
    rate = found.answers.limits.rate
    worth = worth_buying(s, wish.loss_per_minute, rate, wish.hours)
    surely = cheapest_keeping(s, confidence=CONFIDENCE, hours=wish.hours, allowances=allowances)
    keeps = cheapest_keeping(s, hours=wish.hours, allowances=allowances)
    no_worse = worth_buying(s, wish.loss_per_minute, rate, wish.hours, s.sums(s.today).minutes)
    sure = worth if worth is not None and s.meets(worth, allowances)[1] >= CONFIDENCE else None
    named: list[tuple[str, str, Plan | None]] = [
        ("today", tr("today"), s.today), ("recommended", tr("recommended"), recommended_of(sure, surely, no_worse, keeps) or s.today), ("worth", tr("worth buying"), worth),
        ("keeps", tr("keeps the promise, {confidence_asked} sure", confidence_asked=ledger.say(CONFIDENCE, 'share', id='confidence_asked')), surely), ("keeps", tr("keeps the promise on average"), keeps),
        ("best", tr("best for the budget"), best_for(s, wish.budget, wish.hours)),
    ]  # fmt: skip
    dots: dict[tuple[str, ...], Dot] = {}
    lines: dict[tuple[str, ...], tuple[str, str]] = {}
    for kind, label, plan in named:
        if plan is None:
            lines[label,] = label, tr("no design")
        elif (before := dots.get(plan.key)) is not None:
            dots[plan.key] = Dot(before.cost, before.minutes, before.kind, f"{before.label}, {label}", before.hover)
            lines[plan.key] = f"{lines[plan.key][0]}, {label}", lines[plan.key][1]
        else:
            sums, share = s.sums(plan), s.meets(plan, allowances)[1]
            dots[plan.key] = Dot(sums.cash, sums.minutes, kind, label, _hover(s, plan, ledger, label))
            changes = tr(". It changes {titles_of}", titles_of=titles_of(plan, s.today)) if plan.differs(s.today) else ""
            lines[plan.key] = label, tr(
                "{cash} and {hours} a month, {downtime} of downtime a year; keeps the promises in {share} of the draws{changes}",
                cash=ledger.say(sums.cash, 'money', id='tried'), hours=ledger.say(sums.hours, 'hours', id='tried'), downtime=ledger.say(sums.minutes, 'minutes', id='tried'), share=ledger.say(share, 'share', id='tried'), changes=changes,
            )
    if wish.second or any(s.today.ways[t] != way for t, way in wish.ways.items()):
        lines["by hand",] = tr("by hand"), _by_hand(s, wish, ledger, dots)
    words = [f"{label[:1].upper()}{label[1:]}: {said}." for label, said in lines.values()]
    allowed = (1 - wish.slo) * MINUTES_PER_YEAR
    told = tr("the promise of {promise} forgives {allowed} a year", promise=ledger.say(wish.slo, 'promise', id='promise'), allowed=ledger.say(allowed, 'minutes', id='promise'))
    figure = frontier_figure(_line_of(s, wish.hours, ledger), currency=a.engagement.client.currency, floor=s.floor, promise=(allowed, told), dots=list(dots.values()), budget=wish.budget)
    return figure, tuple(words)


def _by_hand(s: DesignSpace, wish: Wish, ledger: Ledger, dots: dict[tuple[str, ...], Dot]) -> str:
    """What a design made by hand adds up to and how far it stands from the line, and its dot."""
    plan = s.plan_with(wish.ways, second=wish.second)
    if plan is None:
        return tr("not to be had: a way of several tiers fills them all or none, and a second region needs a price for all that stands there")
    sums = s.sums(plan)
    dots.setdefault(plan.key, Dot(sums.cash, sums.minutes, "hand-made", tr("by hand"), _hover(s, plan, ledger, tr("by hand"))))
    said = tr("{cash} and {hours} a month, {downtime} of downtime a year; ", cash=ledger.say(sums.cash, 'money', id='tried'), hours=ledger.say(sums.hours, 'hours', id='tried'), downtime=ledger.say(sums.minutes, 'minutes', id='tried'))
    away = away_from_front(s, plan, wish.hours)
    could = [tr("the same downtime can be had for {tried} a month less", tried=ledger.say(away.cost_saved, 'money', id='tried'))] if away.cost_saved and away.cost_saved > MATERIAL * sums.cash else []
    if away.loss_avoided and away.loss_avoided > MATERIAL * sums.minutes:
        could.append(tr("the same money buys {tried} less downtime a year", tried=ledger.say(away.loss_avoided, 'minutes', id='tried')))
    return said + (either(could) or tr("nothing on the line is better"))
