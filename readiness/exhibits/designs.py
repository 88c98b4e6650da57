"""The designs tier by tier: what each is made of, the first steps, the practices beside them, and what was left out."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.design_answers import MATERIAL, Answers, Step
from readiness.assessment.design_gates import LeftOut
from readiness.assessment.design_options import Option
from readiness.assessment.designs import DesignSpace, Scored
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.exhibits.frontier_chart import Considered, considered, titles_of
from readiness.language import N_, joined, tr, trn
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording import provider_name, some

MOST_PRACTICES = 8
MOST_LEFT_OUT = 14
MOST_ALTERNATIVES = 2
KINDS = {
    "blocked": "blocked",
    "no price": N_("price not known; ask"),
    "another language": N_("the application would have to change"),
    "too small": N_("too small at its listed size"),
    "brings less": N_("brings less than today's way"),
    "not in minutes": N_("stays as it is"),
}


@maybe_ahead
def designs(a: Assessment) -> Chapter:
    """The second page: the designs tier by tier, the first steps, the practices, and what was left out."""
    found = considered(a)
    parts: list[Part] = [_tier_by_tier(found)]
    if found.answers.steps:
        parts.append(_steps(found))
    if found.answers.single and {(x.tiers, x.after) for x in found.answers.single} - {(x.tiers, x.after) for x in found.answers.steps}:
        parts.append(_single(found))
    if found.buys:
        parts.append(_practices(found))
    parts += _left_out(found.space)
    return Chapter(tuple(parts))


def _columns(r: Answers) -> list[tuple[str, Scored]]:
    shown = [(tr("Today"), r.today)]
    for title, scored in ((tr("Recommended"), r.recommended), (tr("Keeps the promise"), r.keeps_surely or r.keeps), (tr("Best for the budget"), r.best), (tr("Worth buying"), r.worth)):
        if scored is not None and all(scored.plan.differs(s.plan) for _, s in shown):
            shown.append((title, scored))
    return shown[:4]


def _remark(old: Option, now: Option) -> str:
    """What a reader must not miss about a way: a surcharge, or that the second copy is gone."""
    alone = now.way.redundancy == "single" and old.way.redundancy != "single"
    said = [*([tr("with a surcharge")] if now.conditions else []), *([tr("no second copy")] if alone else [])]
    return f" ({joined(said)})" if said else ""


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
            row.append(tr("as today") if now is old else now.way.title + _remark(old, now))
        rows.append(tuple(row))
    first = len(rows)
    if any(b.second for b in s.branches):
        rows.append((tr("Regions"), *(tr("one, and a second on standby") if scored.plan.second else tr("one") if n == 0 or r.today.plan.second else tr("as today") for n, (_, scored) in enumerate(shown))))

    def line(title: str, value: object) -> None:
        rows.append((title, *(value(scored, f"{name.lower().replace(' ', '_')}") for name, scored in shown)))  # type: ignore[operator]

    line(tr("Cash a month"), lambda x, n: ledger.say(x.sums.cash, "money", id=f"{n}.cash"))
    line(tr("Hours a month"), lambda x, n: ledger.say(x.sums.hours, "hours", id=f"{n}.hours"))
    line(tr("Hours once, to move"), lambda x, n: ledger.say(s.hours_once(x.plan), "hours", id=f"{n}.hours_once") if x.plan.differs(r.today.plan) else "")
    line(tr("Downtime a year"), lambda x, n: ledger.say(float(x.minutes.mean()), "minutes", id=f"{n}.minutes"))
    line(tr("90 % range"), lambda x, n: ledger.range(band(x.minutes).low, band(x.minutes).high, "minutes", id=f"{n}.minutes"))
    line(tr("Keeps the promises on average"), lambda x, n: tr("yes") if x.on_average else tr("no"))
    line(tr("Confidence"), lambda x, n: ledger.say(x.confidence, "share", id=f"{n}.confidence"))
    line(tr("Chance of a breach in a year"), lambda x, n: ledger.say(x.breach, "share", id=f"{n}.breach"))
    extras = s.extras(r.recommended.plan)
    said = [trn("{further} as a further provider", "{further} as further providers", len(extras.further), further=joined([provider_name(p) for p in extras.further]))] if extras.further else []
    said += [trn("{new_skills} as a new skill", "{new_skills} as new skills", len(extras.new_skills), new_skills=joined([provider_name(x) for x in extras.new_skills]))] if extras.new_skills else []
    finding = tr("The recommended design needs {joined}: {extra_hours} a month go into that.", joined=joined(said), extra_hours=ledger.say(extras.hours, 'hours', id='recommended.extra_hours')) if said else tr("The recommended design needs no further provider and no new skill.")
    if not r.recommended.plan.differs(r.today.plan):
        finding = tr("Today's design stays: none of the others is worth the move.") if len(shown) > 1 else tr("Today's design stays: no other is open, has a price and is worth the move.")
    note = tr("Confidence: the share of the draws in which a year's expected downtime stays within what every promise forgives. The chance of a breach adds luck: a single bad {window} is enough. ", window=tr("month") if s.a.main.windows_per_year > 5 else tr("window"))
    home = s.extras(r.today.plan).home
    if extras.home != home and r.recommended.plan.differs(r.today.plan):
        note += tr("It moves the product from {before} to {after}: a decision of its own, of which this page knows only cash, hours and downtime. ", before=provider_name(home), after=provider_name(extras.home))
    if r.alternatives:
        others = "; ".join(f"{titles_of(p, r.today.plan)} ({ledger.say(s.sums(p).cash, 'money', id=f'alternative.{i}.cash')}, {ledger.say(float(s.minutes(p).mean()), 'minutes', id=f'alternative.{i}.minutes')})" for i, p in enumerate(r.alternatives[:MOST_ALTERNATIVES]))
        note += tr("About as good, but different in two tiers or more: {others}.", others=others)
    columns = (Column(tr("Tier"), width=1.6), *(Column(name, width=2) for name, _ in shown))
    return Exhibit("designs_by_tier", tr("The designs, tier by tier"), finding, Table(columns, tuple(rows), tuple(range(first, len(rows)))), note=note.strip(), printed=tuple(ledger.printed))


def _step_rows(steps: tuple[Step, ...], ledger: Ledger, name: str) -> tuple[tuple[str, ...], ...]:
    def signed(value: float, unit: str, id: str) -> str:
        if abs(value) < 0.05:
            return ledger.plain(0, id=id)
        return ("+" if value > 0 else "−") + ledger.say(abs(value), unit, id=id)

    return tuple(
        (f"{ledger.count(i + 1, id='step.place')}. {joined(list(x.tiers))}" if name == "step" else joined(list(x.tiers)), f"{joined(list(x.before))} → {joined(list(x.after))}", signed(x.cash, "money", f"{name}.{i}.cash"),
         signed(x.minutes, "minutes", f"{name}.{i}.minutes"), signed(x.hours, "hours", f"{name}.{i}.hours"), ledger.say(x.hours_once, "hours", id=f"{name}.{i}.hours_once"))
        for i, x in enumerate(steps)
    )  # fmt: skip


def _step_columns() -> tuple[Column, ...]:
    return (
        Column(tr("Tiers"), width=1.2), Column(tr("Change"), width=3), Column(tr("Cash a month"), "right", 1), Column(tr("Downtime a year"), "right", 1), Column(tr("Hours a month"), "right", 0.9), Column(tr("Hours once"), "right", 0.8),
    )  # fmt: skip


def _steps(found: Considered) -> Exhibit:
    r = found.answers
    ledger = Ledger(found.space.a.engagement.client.currency)
    rows = _step_rows(r.steps, ledger, "step")
    first = r.steps[0]
    total = r.today.minutes.mean() - r.recommended.minutes.mean()
    share = -first.minutes / float(total) if total > 0 else 0.0
    told = tr(" and brings {share} of the gain", share=ledger.say(min(share, 1.0), 'share', id='step.0.share')) if share > 0.05 else ""
    finding = tr("The first step to the recommended design is {tiers}: it takes {hours_once} once{told}.", tiers=joined(list(first.tiers)), hours_once=ledger.say(first.hours_once, 'hours', id='step.0.hours_once'), told=told)
    return Exhibit("design_steps", tr("The first steps"), finding, Table(_step_columns(), rows), note=tr("Each step with its own gain and cost, after the steps before it. Hours a month include the move, spread over three years."), printed=tuple(ledger.printed))  # fmt: skip


def _single(found: Considered) -> Exhibit:
    ledger = Ledger(found.space.a.engagement.client.currency)
    rows = _step_rows(found.answers.single, ledger, "single")
    n = len(rows)
    singles, limit = found.answers.single, MATERIAL * float(found.answers.today.minutes.mean())
    less = tr("less") if all(x.minutes < -limit for x in singles) else tr("no more")
    several = ledger.count(n, id="single.changes")
    if n == 1:
        finding = tr("One single change costs no more cash than today and has {less} downtime.", less=less)
    else:
        finding = trn(
            "{several} single change costs no more cash than today and has {less} downtime, taken alone.", "{several} single changes cost no more cash than today and have {less} downtime, each taken alone.",
            n, several=several, less=less,
        )
    return Exhibit("design_single_changes", tr("Changes that improve both"), finding, Table(_step_columns(), rows), printed=tuple(ledger.printed))


def _practices(found: Considered) -> Exhibit:
    ledger = Ledger(found.space.a.engagement.client.currency)
    rate = found.answers.limits.rate
    rows = tuple(
        (b.practice.title, b.practice.answer(b.to).text, ledger.say(-b.minutes, "minutes", id=f"practice.{b.practice.id}.saved"), ledger.say(b.cash_per_month, "money", id=f"practice.{b.practice.id}.cash"),
         ledger.say(b.hours_once, "hours", id=f"practice.{b.practice.id}.hours"), ledger.say(b.hours_per_month_spread * rate, "money", id=f"practice.{b.practice.id}.hours_as_money"))
        for b in found.buys[:MOST_PRACTICES]
    )  # fmt: skip
    columns = (
        Column(tr("Practice"), width=1.6), Column(tr("Next better answer"), width=2.6), Column(tr("Downtime saved a year"), "right", 1), Column(tr("Cash a month"), "right", 0.9), Column(tr("Hours once"), "right", 0.8),
        Column(tr("These, a month"), "right", 0.9),
    )  # fmt: skip
    best = found.buys[0]
    finding = tr("The practice that saves most downtime is “{practice}”: {rows} a year.", practice=best.practice.title, rows=rows[0][2])
    return Exhibit("practices_beside_designs", tr("What practices buy beside designs"), finding, Table(columns, rows), printed=tuple(ledger.printed),
                   note=tr("Each alone, so the gains do not add up. The last column is the hours at the loaded rate, spread over three years: not cash unless somebody is not hired."))  # fmt: skip


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
        ledger = Ledger(space.a.engagement.client.currency)
        rows = tuple(
            (tier, some([x.title for x in xs], ledger) if xs[0].way else "", ledger.told(reason, id=f"{tier}.left_out"), ledger.told(xs[0].would_change, id=f"{tier}.left_out"))
            for (tier, _, reason), xs in merged.items()
        )
        columns = (Column(tr("Tier"), width=1), Column(tr("Way"), width=2.4), Column(tr("Why it is left out"), width=2.6), Column(tr("What would change it"), width=1.8))
        ways = sum(1 for x in others if x.way)
        finding = trn("{left_out} way of running a tier was left out for a reason.", "{left_out} ways of running a tier were left out for a reason.", ways, left_out=ledger.count(ways, id='ways.left_out')) if ways else tr("Some tiers stay as they are.")
        note = tr("{further_rows} more of the same kinds are not listed.", further_rows=ledger.count(len(rows) - MOST_LEFT_OUT, id='ways.further_rows')) if len(rows) > MOST_LEFT_OUT else ""
        parts.append(Exhibit("designs_left_out", tr("What was left out, and why"), finding, Table(columns, rows[:MOST_LEFT_OUT], muted=tuple(range(min(len(rows), MOST_LEFT_OUT)))), note=note, printed=tuple(ledger.printed)))
    if ask:
        by_tier: dict[str, list[str]] = {}
        said = Ledger(space.a.engagement.client.currency)
        for x in ask:
            by_tier.setdefault(x.tier, []).append(x.title)
        parts.append(missing(tr("Price not known; ask, and they join the line: ") + "; ".join(f"{tier}: {some(titles, said, 1)}" for tier, titles in by_tier.items()) + ".", printed=said.printed))
    unknown = [joined(list(o.tiers)) for o in space.today.parts if not o.price_known]
    if unknown:
        parts.append(missing(tr("What {unknown} cost today is not known: today's cash is at least what is shown.", unknown=joined(unknown))))
    return parts
