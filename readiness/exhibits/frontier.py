"""Availability and cost: every design considered, the best ones shown, and what practices buy beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from readiness.assessment import Assessment
from readiness.assessment.design_answers import CONFIDENCE, Answers, Step, answer_all, reachable
from readiness.assessment.design_gates import LeftOut
from readiness.assessment.design_practices import PathStep, PracticeBuy, Raised, practice_buys, practice_path, raised
from readiness.assessment.design_sums import Plan
from readiness.assessment.designs import DesignSpace, Scored, design_space
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, points
from readiness.figures.frontier import Dot, Line, frontier_figure
from readiness.models.uncertainty import band
from readiness.text import Ledger, promise
from readiness.wording import joined

MOST_PRACTICES = 8
MOST_LEFT_OUT = 14
CLEAR = 0.02
"""Share of today's downtime below which two designs are called equal."""
KINDS = {
    "blocked": "blocked",
    "no price": "price not known; ask",
    "another language": "the application would have to change",
    "too small": "too small at its listed size",
    "brings less": "brings less than today's way",
    "not in minutes": "stays as it is",
}


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
    """All designs of a client, found and answered for; about a second."""
    answers = answer_all(design_space(a))
    buys = practice_buys(a)
    more = raised(a)
    return Considered(answers, buys, practice_path(a, buys), more, None if more is None else design_space(more.a))


def frontier(a: Assessment, found: Considered | None = None) -> Chapter:
    """The page for a board: the chart, and the answers in a line each."""
    found = found or considered(a)
    ledger = Ledger(a.engagement.client.currency)
    finding = _finding(found, ledger)
    lines = _lines(found, ledger)
    s = found.space
    note = (
        f"{ledger.plain(s.designs, id='designs')} designs of {len(s.choices.varied)} tiers are possible with ways that are open and have a price; the solid line is what none of them beats within "
        f"{ledger.say(found.answers.limits.hours, 'hours', id='frontier.hours_cap')} of the team a month. {s.rescored} design{'s were' if s.rescored != 1 else ' was'} re-scored on the common draws. Cash is the tiers' own bill at the size of the price list; "
        "hours of a move are spread over three years and stand beside it, never in it. The chart weighs journeys by their revenue, the promise is judged for each journey."
    )
    chart = Exhibit("frontier", "Every design: cash against downtime", finding, figure=lambda: figure_of(found), alt=_alt(found, ledger), note=note, printed=tuple(ledger.printed))
    return Chapter((chart, points(lines, title="What it says", printed=ledger.printed)))


def designs(a: Assessment, found: Considered | None = None) -> Chapter:
    """The second page: the designs tier by tier, the first steps, the practices, and what was left out."""
    found = found or considered(a)
    parts: list[Part] = [_tier_by_tier(found)]
    if found.answers.steps:
        parts.append(_steps(found))
    if found.answers.single:
        parts.append(_single(found))
    if found.buys:
        parts.append(_practices(found))
    parts += _left_out(found.space)
    return Chapter(tuple(parts))


# What it says


def _titles(plan: Plan, today: Plan) -> str:
    """The tiers that change, in words."""
    old = today.ways
    return "; ".join(f"{joined(list(o.tiers))}: {o.way.title}" for o in plan.parts if any(old[t] != o.way.id for t in o.tiers)) or "today's design"


def _more_or_less(ledger: Ledger, value: float, unit: str, *, id: str) -> str:
    """A difference without a sign: how much more or less."""
    if abs(value) < (0.5 if unit == "money" else 0.05):
        return f"the same {'cash' if unit == 'money' else 'hours'}"
    return f"{ledger.say(abs(value), unit, id=id)} {'more' if value > 0 else 'less'}"


def _finding(found: Considered, ledger: Ledger) -> str:
    """The recommended design against today's, never stronger than the range of the difference."""
    r = found.answers
    today, chosen = r.today, r.recommended
    if not chosen.plan.differs(today.plan):
        if len(found.space.front) < 2 and not any(len(o) > 1 for o in found.space.choices.single.values()):
            return "No other way to run these tiers is open and has a price: today's design is the only one that can be reckoned."
        return "No design is clearly worth more than today's: what would improve this product is not another way to run its tiers."
    gain = band(today.minutes - chosen.minutes)
    cash, hours = chosen.sums.cash - today.sums.cash, chosen.sums.hours - today.sums.hours
    price = f"{_more_or_less(ledger, cash, 'money', id='recommended.cash_change')} a month and {_more_or_less(ledger, hours, 'hours', id='recommended.hours_change')}"
    if abs(gain.mean) < CLEAR * float(today.minutes.mean()):
        return f"The recommended design changes {_count(chosen.plan.differs(today.plan))} for {price}, with about the same downtime."
    start = f"The recommended design changes {_count(chosen.plan.differs(today.plan))} for {price}"
    before, after = (ledger.say(float(x.minutes.mean()), "minutes", id=f"{n}.minutes") for x, n in ((today, "today"), (chosen, "recommended")))
    if gain.low <= 0 <= gain.high:
        return f"{start}; it is expected to bring downtime from {before} to {after} a year, but whether it helps is not certain."
    ranged = ledger.range(min(abs(gain.low), abs(gain.high)), max(abs(gain.low), abs(gain.high)), "minutes", id="recommended.gain")
    return f"{start}, and takes downtime from {before} to {after} a year: {ranged} {'fewer' if gain.mean > 0 else 'more'}."


def _count(tiers: tuple[str, ...]) -> str:
    return f"{joined(list(tiers))}" if len(tiers) < 4 else f"{len(tiers)} tiers"


def _lines(found: Considered, ledger: Ledger) -> list[str]:
    lines = [_promise_line(found, ledger), _budget_line(found, ledger), _worth_line(found, ledger), _today_line(found, ledger)]
    return [line for line in (*lines, _practice_line(found, ledger)) if line]


def _promise_line(found: Considered, ledger: Ledger) -> str:
    r, s = found.answers, found.space
    slo = promise(s.a.main.journey.promise.slo) if len(s.a.journeys) == 1 else "the promises"
    if r.keeps is None:
        allowed = ledger.say(s.allowances[s.a.journeys.index(s.a.main)], "minutes", id="promise.allowance")
        floor = ledger.say(s.floor, "minutes", id="frontier.floor")
        line = f"The promise: no design keeps {slo} on average within the team's hours. Of {promise(s.a.main.journey.promise.slo)}, {allowed} a year are forgiven; {floor} are left by changes, people, load, security and outside services whatever the design."
        return line + _raised_words(found, ledger)
    cash = ledger.say(r.keeps.sums.cash, "money", id="keeps.cash")
    what = "today's design" if not r.keeps.plan.differs(r.today.plan) else f"the cheapest design that does costs {cash} a month ({_titles(r.keeps.plan, r.today.plan)})"
    line = f"The promise: on average {slo} can be kept; {what}" + (" already does" if what.startswith("today") else "")
    if r.keeps_surely is None:
        share = ledger.say(r.keeps.confidence, "share", id="keeps.confidence")
        return f"{line}. It does so in {share} of the draws; none of the designs reaches {CONFIDENCE * 100:.0f} %, and the chance of a month that breaks it is {ledger.say(r.keeps.breach, 'share', id='keeps.breach')} a year."
    sure = ledger.say(r.keeps_surely.sums.cash, "money", id="keeps_surely.cash")
    return f"{line}. With {CONFIDENCE * 100:.0f} % confidence it costs {sure} a month; even then the chance of a month that breaks it is {ledger.say(r.keeps_surely.breach, 'share', id='keeps_surely.breach')} a year."


def _raised_words(found: Considered, ledger: Ledger) -> str:
    if found.raised is None or found.raised_space is None:
        return " Every practice that the promise asks for is already answered so."
    best = float(found.raised_space.front.loss.min())
    cash = _more_or_less(ledger, found.raised.cash_per_month, "money", id="raised.cash")
    n = len(found.raised.practices)
    said = f" With the {n} practices that the promise asks for" if n > 1 else f" With “{found.raised.practices[0].title}”, which the promise asks for"
    return f"{said} ({cash} a month) the best design comes to {ledger.say(best, 'minutes', id='raised.best')}."


def _budget_line(found: Considered, ledger: Ledger) -> str:
    r = found.answers
    budget = ledger.say(r.limits.budget, "money", id="frontier.budget")
    told = "the cloud budget" if r.limits.budget_said else "today's bill"
    if r.best is None:
        return f"The budget: no design fits into {told} of {budget} a month."
    if not r.best.plan.differs(r.today.plan):
        return f"The budget: within {told} of {budget} a month and the team's hours, nothing on the list has less downtime than today's design."
    minutes, cash = ledger.say(float(r.best.minutes.mean()), "minutes", id="best.minutes"), ledger.say(r.best.sums.cash, "money", id="best.cash")
    return f"The budget: within {told} of {budget} a month and the team's hours, the best design has {minutes} of downtime a year and costs {cash} a month."


def _worth_line(found: Considered, ledger: Ledger) -> str:
    """What is worth buying, and what the next minute and the next nine would cost."""
    r = found.answers
    if r.limits.loss_per_minute <= 0 or r.worth is None:
        return "What is worth buying: without a loss per hour of downtime, money cannot say it; the promise decides."
    minute = ledger.say(r.limits.loss_per_minute, "money", id="loss_per_bad_minute")
    spent = r.worth.sums.cash
    line = f"What is worth buying: a bad minute costs {minute} here, so designs are worth up to {ledger.say(spent, 'money', id='worth.cash')} a month"
    starts = found.space.front.cost[r.prices.start]
    after = np.flatnonzero((starts >= spent - 0.5) & np.isfinite(r.prices.per_minute))
    if not len(after):
        return f"{line}; nothing dearer saves any more downtime."
    step = int(after[0])
    each = ledger.say(float(r.prices.per_minute[step]) * MONTHS_PER_YEAR, "money", id="next.per_minute")
    nine = float(r.prices.per_nine[step])
    of_nine = f", {ledger.say(nine, 'money', id='next.per_nine')} a month for each further nine" if math.isfinite(nine) else ""
    return f"{line}. The next step on the line costs {each} for each minute avoided{of_nine}, hours not counted."


def _today_line(found: Considered, ledger: Ledger) -> str:
    r = found.answers
    if r.away.on_front:
        return "Today's design: on the line. Nothing on the list has less downtime for the same money."
    words = []
    if r.away.cost_saved and r.away.cost_saved > 1:
        more = (r.away.cheaper.hours or 0.0) - r.today.sums.hours if r.away.cheaper is not None else 0.0
        at = f", with {_more_or_less(ledger, more, 'hours', id='today.cheaper_hours')} of work" if abs(more) >= 1 else ""
        words.append(f"the same downtime can be had for {ledger.say(r.away.cost_saved, 'money', id='today.cost_saved')} a month less{at}")
    if r.away.loss_avoided and r.away.loss_avoided > CLEAR * r.today.sums.minutes:
        words.append(f"the same money buys {ledger.say(r.away.loss_avoided, 'minutes', id='today.loss_avoided')} less downtime a year")
    if not words:
        return "Today's design: as good as on the line."
    single = r.single[0] if r.single else None
    one = f" One change improves both: {joined(list(single.tiers))} to {joined(list(single.after))}." if single else " No single change improves both."
    return f"Today's design: off the line; {' or '.join(words)}, within the team's hours.{one}"


def _practice_line(found: Considered, ledger: Ledger) -> str:
    if not found.path:
        return ""
    r, last = found.answers, found.path[-1]
    saved = float(r.today.minutes.mean()) - last.minutes
    cash = _more_or_less(ledger, last.cash_per_month, "money", id="practices.cash")
    titles = joined([f"“{p.practice.title}”" for p in found.path[:3]])
    line = f"Practices beside designs: {len(found.path)} of them, led by {titles}, save {ledger.say(saved, 'minutes', id='practices.saved')} a year for {cash} a month"
    gain = float(r.today.minutes.mean() - r.recommended.minutes.mean())
    if gain > CLEAR * float(r.today.minutes.mean()):
        line += f"; the recommended design saves {ledger.say(gain, 'minutes', id='recommended.saved')}"
    return line + "."


# The chart


def _hover(space: DesignSpace, plan: Plan, ledger: Ledger, title: str = "") -> str:
    from readiness.text import escape_plotly

    s = space.sums(plan)
    sums = f"{ledger.say(s.cash, 'money', id='hover')} a month, {ledger.say(s.minutes, 'minutes', id='hover')} a year, {ledger.say(s.hours, 'hours', id='hover')} a month"
    return "<br>".join(escape_plotly(t) for t in [*([title] if title else []), sums, *(f"{joined(list(o.tiers))}: {o.way.title}" for o in plan.parts)])


def _line_of(space: DesignSpace, hours: float, ledger: Ledger, *, label: str = "", extra: float = 0.0) -> Line:
    places = reachable(space, hours)
    front = space.front
    hover = [_hover(space, space.plan(int(p)), ledger) for p in places]
    return Line((front.cost[places] + extra).tolist(), front.loss[places].tolist(), hover, label)


def figure_of(found: Considered) -> dict[str, object]:
    """The chart of a client's designs."""
    from readiness.text import escape_plotly

    r, s = found.answers, found.space
    ledger = Ledger(s.a.engagement.client.currency)
    dots = _dots(r, ledger)
    path = [
        Dot(r.today.sums.cash + p.cash_per_month, p.minutes, "today", p.practice.title, escape_plotly(f"{p.practice.title}: {p.practice.answer(p.to).text}"))
        for p in found.path
    ]
    improved = None
    if found.raised is not None and found.raised_space is not None:
        improved = _line_of(found.raised_space, r.limits.hours, ledger, label="with the practices the promise asks for", extra=found.raised.cash_per_month)
    main = s.a.main.journey.promise.slo
    allowed = s.allowances[s.a.journeys.index(s.a.main)]
    front = _line_of(s, r.limits.hours, ledger)
    return frontier_figure(front, currency=s.a.engagement.client.currency, floor=s.floor, promise=(allowed, f"the promise of {promise(main)} forgives {ledger.say(allowed, 'minutes', id='promise')} a year"),
                           dots=dots, path=path, improved=improved, budget=r.limits.budget if r.limits.budget_said else None)  # fmt: skip


def _dots(r: Answers, ledger: Ledger) -> list[Dot]:
    """Today and the designs that answer a question; one dot for designs that answer several."""
    named: list[tuple[Scored | None, str, str]] = [
        (r.today, "today", "today"), (r.recommended, "recommended", "recommended"), (r.worth, "worth", "worth buying"),
        (r.keeps_surely, "keeps", f"keeps the promise, {CONFIDENCE * 100:.0f} % sure"), (r.keeps, "keeps", "keeps the promise on average"), (r.best, "best", "best for the budget"),
    ]  # fmt: skip
    dots: dict[tuple[str, ...], Dot] = {}
    for scored, kind, label in named:
        if scored is None:
            continue
        before = dots.get(scored.plan.key)
        if before is None:
            dots[scored.plan.key] = Dot(scored.sums.cash, float(scored.minutes.mean()), kind, label, _hover(r.space, scored.plan, ledger, label))
        else:
            dots[scored.plan.key] = Dot(before.cost, before.minutes, before.kind, f"{before.label}, {label}", before.hover)
    return list(dots.values())


def _alt(found: Considered, ledger: Ledger) -> str:
    r, s = found.answers, found.space
    return (
        f"Cash a month against expected downtime a year. Today's design stands at {ledger.say(r.today.sums.cash, 'money', id='today.cash')} and {ledger.say(r.today.sums.minutes, 'minutes', id='today.minutes')}, "
        f"the recommended one at {ledger.say(r.recommended.sums.cash, 'money', id='recommended.cash')} and {ledger.say(float(r.recommended.minutes.mean()), 'minutes', id='recommended.minutes')}; "
        f"no design gets below {ledger.say(s.floor, 'minutes', id='frontier.floor')}."
    )


# Tier by tier


def _columns(r: Answers) -> list[tuple[str, Scored]]:
    shown = [("Today", r.today)]
    for title, scored in (("Recommended", r.recommended), ("Keeps the promise", r.keeps_surely or r.keeps), ("Best for the budget", r.best), ("Worth buying", r.worth)):
        if scored is not None and all(scored.plan.differs(s.plan) for _, s in shown):
            shown.append((title, scored))
    return shown[:4]


def _tier_by_tier(found: Considered) -> Exhibit:
    r, s = found.answers, found.space
    ledger = Ledger(s.a.engagement.client.currency)
    shown = _columns(r)
    rows: list[tuple[str, ...]] = []
    for t in s.choices.varied:
        old = next(o for o in r.today.plan.parts if t in o.tiers)
        row = [t, old.way.title]
        for _, scored in shown[1:]:
            now = next(o for o in scored.plan.parts if t in o.tiers)
            row.append("as today" if now is old else now.way.title + (" (with a surcharge)" if now.conditions else ""))
        rows.append(tuple(row))
    first = len(rows)

    def line(title: str, value: object) -> None:
        rows.append((title, *(value(scored, f"{name.lower().replace(' ', '_')}") for name, scored in shown)))  # type: ignore[operator]

    line("Cash a month", lambda x, n: ledger.say(x.sums.cash, "money", id=f"{n}.cash"))
    line("Hours a month", lambda x, n: ledger.say(x.sums.hours, "hours", id=f"{n}.hours"))
    line("Hours once, to move", lambda x, n: ledger.say(sum(o.move_hours for o in x.plan.parts), "hours", id=f"{n}.hours_once") if x.plan.differs(r.today.plan) else "")
    line("Downtime a year", lambda x, n: ledger.say(float(x.minutes.mean()), "minutes", id=f"{n}.minutes"))
    line("90 % range", lambda x, n: ledger.range(band(x.minutes).low, band(x.minutes).high, "minutes", id=f"{n}.minutes"))
    line("Keeps the promises on average", lambda x, n: "yes" if x.on_average else "no")
    line("In so many of the draws", lambda x, n: ledger.say(x.confidence, "share", id=f"{n}.confidence"))
    line("Chance of a breach in a year", lambda x, n: ledger.say(x.breach, "share", id=f"{n}.breach"))
    extras = s.extras(r.recommended.plan)
    said = [f"{joined(list(extras.further))} as further provider{'s' if len(extras.further) > 1 else ''}"] if extras.further else []
    said += [f"{joined(list(extras.new_skills))} as new skill{'s' if len(extras.new_skills) > 1 else ''}"] if extras.new_skills else []
    finding = f"The recommended design needs {joined(said)}: {ledger.say(extras.hours, 'hours', id='recommended.extra_hours')} a month of its hours are for that." if said else "The recommended design needs no further provider and no new skill."
    if not r.recommended.plan.differs(r.today.plan):
        finding = "Today's design stays: none of the others is worth the move." if len(shown) > 1 else "Today's design stays: no other is open, has a price and is worth the move."
    note = f"Confidence: the share of the draws in which a year's expected downtime stays within what every promise forgives. The chance of a breach adds luck: a single bad {'month' if s.a.main.windows_per_year > 5 else 'window'} is enough. "
    home = s.extras(r.today.plan).home
    if extras.home != home and r.recommended.plan.differs(r.today.plan):
        note += f"It moves the product from {home.replace('_', ' ')} to {extras.home.replace('_', ' ')}: a decision of its own, of which this page knows only cash, hours and downtime. "
    if r.alternatives:
        others = "; ".join(f"{_titles(p, r.today.plan)} ({ledger.say(s.sums(p).cash, 'money', id=f'alternative.{i}.cash')}, {ledger.say(s.sums(p).minutes, 'minutes', id=f'alternative.{i}.minutes')})" for i, p in enumerate(r.alternatives))
        note += f"About as good, but different in two tiers or more: {others}."
    columns = (Column("Tier", width=1.3), *(Column(name, width=2) for name, _ in shown))
    return Exhibit("designs_by_tier", "The designs, tier by tier", finding, Table(columns, tuple(rows), tuple(range(first, len(rows)))), note=note.strip(), printed=tuple(ledger.printed))


def _step_rows(steps: tuple[Step, ...], ledger: Ledger, name: str) -> tuple[tuple[str, ...], ...]:
    def signed(value: float, unit: str, id: str) -> str:
        if abs(value) < 0.05:
            return "0"
        return ("+" if value > 0 else "−") + ledger.say(abs(value), unit, id=id)

    return tuple(
        (f"{i + 1}. {joined(list(x.tiers))}" if name == "step" else joined(list(x.tiers)), f"{joined(list(x.before))} → {joined(list(x.after))}", signed(x.cash, "money", f"{name}.{i}.cash"),
         signed(x.minutes, "minutes", f"{name}.{i}.minutes"), signed(x.hours, "hours", f"{name}.{i}.hours"), ledger.say(x.hours_once, "hours", id=f"{name}.{i}.hours_once"))
        for i, x in enumerate(steps)
    )  # fmt: skip


STEP_COLUMNS = (
    Column("Tiers", width=1.2), Column("Change", width=3), Column("Cash a month", "right", 1), Column("Downtime a year", "right", 1), Column("Hours a month", "right", 0.9), Column("Hours once", "right", 0.8),
)  # fmt: skip


def _steps(found: Considered) -> Exhibit:
    r = found.answers
    ledger = Ledger(found.space.a.engagement.client.currency)
    rows = _step_rows(r.steps, ledger, "step")
    first = r.steps[0]
    total = r.today.minutes.mean() - r.recommended.minutes.mean()
    share = -first.minutes / float(total) if total > 0 else 0.0
    told = f" and brings {ledger.say(min(share, 1.0), 'share', id='step.0.share')} of the gain" if share > 0.05 else ""
    finding = f"The first step to the recommended design is {joined(list(first.tiers))}: it takes {ledger.say(first.hours_once, 'hours', id='step.0.hours_once')} once{told}."
    return Exhibit("design_steps", "The first steps", finding, Table(STEP_COLUMNS, rows), note="Each step with its own gain and cost, after the steps before it. Hours a month include the move, spread over three years.", printed=tuple(ledger.printed))  # fmt: skip


def _single(found: Considered) -> Exhibit:
    ledger = Ledger(found.space.a.engagement.client.currency)
    rows = _step_rows(found.answers.single, ledger, "single")
    n = len(rows)
    finding = f"{'One single change costs' if n == 1 else f'{n} single changes cost'} no more cash than today and {'has' if n == 1 else 'have'} less downtime{'' if n == 1 else ', each taken alone'}."
    return Exhibit("design_single_changes", "Changes that improve both", finding, Table(STEP_COLUMNS, rows), printed=tuple(ledger.printed))


def _practices(found: Considered) -> Exhibit:
    ledger = Ledger(found.space.a.engagement.client.currency)
    rate = found.answers.limits.rate
    rows = tuple(
        (b.practice.title, b.practice.answer(b.to).text, ledger.say(-b.minutes, "minutes", id=f"practice.{b.practice.id}.saved"), ledger.say(b.cash_per_month, "money", id=f"practice.{b.practice.id}.cash"),
         ledger.say(b.hours_once, "hours", id=f"practice.{b.practice.id}.hours"), ledger.say(b.hours_per_month_spread * rate, "money", id=f"practice.{b.practice.id}.hours_as_money"))
        for b in found.buys[:MOST_PRACTICES]
    )  # fmt: skip
    columns = (
        Column("Practice", width=1.6), Column("Next better answer", width=2.6), Column("Downtime saved a year", "right", 1), Column("Cash a month", "right", 0.9), Column("Hours once", "right", 0.8),
        Column("These, a month", "right", 0.9),
    )  # fmt: skip
    best = found.buys[0]
    finding = f"The practice that saves most downtime is “{best.practice.title}”: {rows[0][2]} a year."
    return Exhibit("practices_beside_designs", "What practices buy beside designs", finding, Table(columns, rows), printed=tuple(ledger.printed),
                   note="Each alone, so the gains do not add up. The last column is the hours at the loaded rate, spread over three years: not cash unless somebody is not hired.")  # fmt: skip


def _some(titles: list[str], most: int = 3) -> str:
    """The first few titles, and how many more there are."""
    return joined(titles) if len(titles) <= most + 1 else f"{', '.join(titles[:most])} and {len(titles) - most} more"


def _left_out(space: DesignSpace) -> list[Part]:
    """What is no part of the choice: blocked ways and misfits with their reason, and the ways to ask a price for."""
    ask = [x for x in space.choices.left_out if x.kind == "no price"]
    others = [x for x in space.choices.left_out if x.kind in ("blocked", "not in minutes", "too small", "brings less", "another language")]
    parts: list[Part] = []
    if others:
        order = list(KINDS)
        merged: dict[tuple[str, str, str], list[LeftOut]] = {}
        for x in sorted(others, key=lambda x: order.index(x.kind)):
            merged.setdefault((x.tier, x.kind, x.reason), []).append(x)
        rows = tuple((tier, _some([x.title for x in xs]) if xs[0].way else "", reason, xs[0].would_change) for (tier, _, reason), xs in merged.items())
        columns = (Column("Tier", width=1), Column("Way", width=2.4), Column("Why it is left out", width=2.6), Column("What would change it", width=1.8))
        ways = sum(1 for x in others if x.way)
        finding = f"{ways} way{'s' if ways != 1 else ''} of running a tier {'were' if ways != 1 else 'was'} left out for a reason." if ways else "Some tiers stay as they are."
        note = f"{len(rows) - MOST_LEFT_OUT} more rows are in the spreadsheet." if len(rows) > MOST_LEFT_OUT else ""
        parts.append(Exhibit("designs_left_out", "What was left out, and why", finding, Table(columns, rows[:MOST_LEFT_OUT], muted=tuple(range(min(len(rows), MOST_LEFT_OUT)))), note=note))
    if ask:
        by_tier: dict[str, list[str]] = {}
        for x in ask:
            by_tier.setdefault(x.tier, []).append(x.title)
        parts.append(missing("Price not known; ask, and they join the line: " + "; ".join(f"{tier}: {_some(titles)}" for tier, titles in by_tier.items()) + "."))
    unknown = [joined(list(o.tiers)) for o in space.today.parts if not o.price_known]
    if unknown:
        parts.append(missing(f"What {joined(unknown)} cost today is not known: today's cash is at least what is shown."))
    return parts


__all__ = ["Considered", "considered", "designs", "figure_of", "frontier"]
