"""The plan: what to do in which quarter, what it changes, what it leaves out, and what more time would buy."""

from __future__ import annotations

from collections import Counter
from typing import Any

from readiness.assessment.plan import Roadmap, Scheduled
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, points, text
from readiness.figures.effort import effort
from readiness.figures.gantt import gantt
from readiness.figures.staircase import staircase
from readiness.language import N_, Words, joined, tr, trn
from readiness.models.uncertainty import band
from readiness.text import Ledger, escape_sheet
from readiness.wording import with_range

AIMS = Words({"economic": N_("the plan that pays most"), "loss": N_("the plan that avoids most loss"), "promise": N_("the plan that does most for the promise")})
MOST_LEFT_OUT = 14
TOLD_FIRST = (N_("decided against"), N_("risk accepted"), N_("hours or budget"), N_("would take effect"), N_("needs what"), N_("another way"), N_("nobody was asked"))
DEAREST = 0.15
MOST_NAMED = 4
REACHED = ("bad_minutes_per_year", "breach_chance_per_year", "loss_per_year")


def plan(r: Roadmap, *others: Roadmap) -> Chapter:
    """The plan with its schedule, its effect quarter by quarter, what it leaves out; and how other aims would fare."""
    if not r.steps:
        return Chapter((text(tr("No step pays for its own hours within two years under what is known today. What is worth asking next comes first.")), *([_aims((r, *others))] if others else [])))
    parts: list[Part] = [_schedule(r), *_quarters(r)]
    if others:
        parts.append(_aims((r, *others)))
    return Chapter((*parts, _left_out(r), _margin(r), _map(r)))


def by_quarter(r: Roadmap) -> Chapter:
    """The plan on a third of a page: what is done in which quarter, and where that leads."""
    if not r.steps:
        return plan(r)
    ledger = Ledger(r.today.engagement.client.currency)
    rows = []
    for place, (quarter, state) in enumerate(zip(r.room.quarters, r.states[1:], strict=True)):
        done = list(dict.fromkeys(step_name(s) for s in r.steps if s.finish_quarter == place))
        if not done:
            continue
        more = tr("; and {further} more", further=ledger.count(len(done) - MOST_NAMED, id=f'plan.further.{quarter}')) if len(done) > MOST_NAMED else ""
        worked = ledger.say(float(r.hours_by_quarter[place]), "hours", id=f"plan.hours.{quarter}")
        reckoned = [ledger.say(f.band.mean, f.unit, id=f"{f.id}.{quarter}") for f in map(state.assessment.figure, REACHED)]
        rows.append((quarter, f"{'; '.join(done[:MOST_NAMED])}{more}", worked, *reckoned))
    columns = (Column(tr("Quarter"), width=0.8), Column(tr("What is done"), width=3.6), Column(tr("Work"), "right", 0.6), Column(tr("Downtime a year"), "right", 0.9), Column(tr("Chance of breach"), "right", 0.9), Column(tr("Loss a year"), "right", 1))
    return Chapter((Exhibit("plan_of_quarters", tr("The plan, quarter by quarter"), reached(r, ledger), Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                            note=tr("Work by quarter; downtime, chance and loss are averages once the quarter's steps have effect.")),))  # fmt: skip


def plan_rows(r: Roadmap) -> list[dict[str, Any]]:
    """The plan as rows for an issue tracker: CSV that Jira, Linear and GitHub read.

    Returns
    -------
    list of dict
        Title, description, quarter, estimate in hours, running cost a month, effect a year, whether a gate, what it is blocked by, labels. Texts are safe
        for a spreadsheet.
    """
    known = {s.improvement.id: s for s in r.steps}
    rows = []
    for number, s in enumerate(r.steps, 1):
        i = s.improvement
        needs = [_title(known[n]) for n in i.needs if n in known]
        rows.append({
            "Order": number, "Title": escape_sheet(_title(s)), "Description": escape_sheet(tr("{source}. Ready from {quarter}.", source=i.source, quarter=_quarter(r, s.effect_quarter))),
            "Quarter": _quarter(r, s.finish_quarter), "Estimate (hours)": round(i.hours, 1), "Estimate low": round(i.hours_low, 1), "Estimate high": round(i.hours_high, 1),
            "Running cost a month": round(s.running_per_month, 2), "Effect a year": round(s.adds_per_year, 2), "Gate": tr("yes") if i.gate else tr("no"),
            "Blocked by": escape_sheet("; ".join(needs)), "Labels": tr("readiness,{practice}", practice=i.practice or i.tier), "Id": i.id,
        })  # fmt: skip
    return rows


def step_name(s: Scheduled) -> str:
    """What a step is called in a list: a practice by its title, another way of running a tier with that way."""
    return s.improvement.title if s.improvement.practice else _title(s)


def _title(s: Scheduled) -> str:
    return f"{s.improvement.title}: {s.improvement.what}"


def _quarter(r: Roadmap, place: int) -> str:
    return r.room.quarters[place] if 0 <= place < len(r.room.quarters) else tr("after {quarters}", quarters=r.room.quarters[-1])


def _unit(r: Roadmap) -> str:
    return "count" if r.aim == "promise" else "money"


def _counted(r: Roadmap) -> str:
    return tr(" used-up allowances") if r.aim == "promise" else ""


def _schedule(r: Roadmap) -> Exhibit:
    ledger = Ledger(r.today.engagement.client.currency)
    rows = []
    for n, s in enumerate(r.steps):
        i = s.improvement
        adds = ledger.say(s.adds_per_year, _unit(r), id=f"plan.{i.id}.adds") if s.adds_per_year >= 0 or r.aim == "promise" else tr("costs {adds}", adds=ledger.say(-s.adds_per_year, 'money', id=f'plan.{i.id}.adds'))
        title = f"{i.title}: {i.what}" + (tr(" (gate)") if i.gate else "") + ("" if i.asked else tr(" (not asked yet)"))
        later = tr(", works from {quarter}", quarter=_quarter(r, s.effect_quarter)) if s.effect_quarter > s.finish_quarter else ""
        money = ledger.say(s.running_per_month, "money", id=f"plan.{i.id}.running") if abs(s.running_per_month) >= 0.5 else ""
        rows.append((ledger.count(n + 1, id=f"plan.{i.id}.place"), title, f"{_quarter(r, s.finish_quarter)}{later}", tr("{hours} ({low} to {high})", hours=ledger.plain(i.hours, id=f'plan.{i.id}.hours'), low=ledger.plain(i.hours_low, id=f'plan.{i.id}.hours.low'), high=ledger.plain(i.hours_high, id=f'plan.{i.id}.hours.high')), money, adds))
    spare = sum(r.room.hours) - r.hours
    worked = ledger.say(r.hours, "hours", id="plan.hours")
    change = band(-r.difference("bad_minutes_per_year" if r.aim == "promise" else "economic_cost_per_year"))
    gained = with_range(ledger, change, "minutes" if r.aim == "promise" else "money", id="plan.gained")
    what = tr("takes off expected downtime of") if r.aim == "promise" else tr("improves the economic cost of a year by")
    finding = tr("{steps} steps with {worked} of work in {quarters} quarters; done, that {what} {gained}.", steps=ledger.count(len(r.steps), id='plan.steps'), worked=worked, quarters=ledger.count(len(r.room.quarters), id='plan.quarters'), what=what, gained=gained)
    if change.low < 0 < change.mean:
        finding += tr(" It may also come to nothing: part of the range lies below zero.")
    if spare > 0.2 * sum(r.room.hours):
        finding += tr(
            N_(" {spare_hours} of the capacity stay free, since nothing else does enough for the promise.") if r.aim == "promise" else N_(" {spare_hours} of the capacity stay free, since nothing else pays for its own hours."),
            spare_hours=ledger.say(spare, 'hours', id='plan.spare_hours'),
        )
    unit = tr("Allowances a year") if r.aim == "promise" else tr("Adds a year")
    used = [tr("{hours_of_quarter} of {room_of_quarter}", hours_of_quarter=ledger.count(round(float(h)), id='plan.hours_of_quarter'), room_of_quarter=ledger.say(cap, 'hours', id='plan.room_of_quarter', digits=4)) for h, cap in zip(r.hours_by_quarter, r.room.hours, strict=True)]
    note = tr(
        "Hours by quarter: {said}. Hours are averages with their 90 % range. “Adds” is what a year improves by the step in its turn, running costs included; the steps add up to the whole. "
        "A step may add little by itself and open the way to the next.",
        said=r.room.said,
    )
    shown = list(r.steps)
    return Exhibit(
        "plan", tr("The plan"), finding,
        Table((Column("", "right", 0.3), Column(tr("Step"), width=3.4), Column(tr("Done in"), width=1.3), Column(tr("Hours"), "right"), Column(tr("Cash a month"), "right"), Column(unit, "right")), tuple(rows)),
        alt=tr("Order of the work: ") + "; ".join(f"{_quarter(r, s.finish_quarter)} {s.improvement.title}" for s in shown[:12]) + ".", note=note, printed=tuple(ledger.printed),
        figure=lambda: gantt([f"{n}  {_short(s)}" for n, s in enumerate(shown, 1)], [s.start for s in shown], [max(s.finish, s.start) for s in shown], [s.effect_quarter + 1.0 for s in shown], [s.improvement.gate for s in shown], r.room.quarters, used),
    )  # fmt: skip


def _short(s: Scheduled, most: int = 34) -> str:
    i = s.improvement
    words = f"{i.title} → {i.way.replace('_', ' ')}" if i.way else i.title
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _quarters(r: Roadmap) -> tuple[Exhibit, Exhibit]:
    """What each quarter changes, in every column that is kept apart, and the levels beside it; and the expected loss as a staircase."""
    ledger = Ledger(r.today.engagement.client.currency)
    rows = []
    shown = ("bad_minutes_per_year", "breach_chance_per_year", "loss_per_year", "cash_per_month", "hours_per_month")
    for number, state in enumerate(r.states):
        a = state.assessment
        if number and a is r.states[number - 1].assessment:
            continue  # nothing new has effect in this quarter; the figure shows it
        cells = [with_range(ledger, a.figure(f).band, a.figure(f).unit, id=f"{f}.{state.label}") for f in shown]
        gates = sum(p.gate in ("missed", "unproven") for p in a.standing.practices)
        highest = ledger.say(a.standing.highest_promise, "promise", id=f"highest.{state.label}") if a.standing.highest_promise else tr("none")
        rows.append((tr(state.label), *cells, ledger.say(_level(a), "level", id=f"level.{state.label}"), ledger.count(gates, id=f"gates.{state.label}"), highest))
    finding = reached(r, ledger)
    loss = [s.assessment.figure("loss_per_year").band for s in r.states]
    told = [ledger.say(b.mean, "money", id=f"loss.step.{n}") for n, b in enumerate(loss)]
    labels = [tr(s.label) for s in r.states]
    columns = (Column(tr("After"), width=0.8), Column(tr("Downtime a year"), "right", 1.5), Column(tr("Chance of breach"), "right", 1.4), Column(tr("Loss a year"), "right", 1.7), Column(tr("Cash a month"), "right", 1.5), Column(tr("Hours a month"), "right", 1.3), Column(tr("Level"), "right", 0.5), Column(tr("Gates open"), "right", 0.6), Column(tr("Could sign"), "right", 0.7))
    falls = band(-r.difference("loss_per_year"))
    if falls.mean > 0 and told[0] != told[-1]:
        fall = tr("Expected loss falls from {before} to {after} a year, by {loss_falls_range}.", before=told[0], after=told[-1], loss_falls_range=ledger.range(falls.low, falls.high, 'money', id='plan.loss_falls'))
    else:
        fall = tr("The plan does not bring the expected loss of {told} a year down.", told=told[0])
    if falls.low < 0 < falls.mean:
        fall += tr(" It may also not fall: part of the range lies below zero.")
    table = Exhibit(
        "plan_by_quarter", tr("What the plan changes, quarter by quarter"), finding, Table(columns, tuple(rows), emphasis=(len(rows) - 1,)), printed=tuple(ledger.printed),
        note=tr("Each quarter in which something new has effect is assessed as a whole, with all steps up to its end; ranges hold nine cases of ten, on the same draws as today. Level: mean of the dimensions, 0 to 4, for what was answered."),
    )  # fmt: skip
    return table, Exhibit(
        "plan_loss", tr("Expected loss, quarter by quarter"), fall, printed=tuple(ledger.printed),
        alt=tr("Expected loss a year: ") + "; ".join(f"{label} {t}" for label, t in zip(labels, told, strict=True)) + ".",
        figure=lambda: staircase(labels, [b.mean for b in loss], [b.low for b in loss], [b.high for b in loss], told, axis_title=tr("Expected loss, {currency} a year", currency=ledger.currency)),
    )  # fmt: skip


def reached(r: Roadmap, ledger: Ledger) -> str:
    """What the whole plan does to downtime and to the chance of breach, and whether that carries the promise."""
    before, after = r.today, r.after
    downtime = [ledger.say(x.figure("bad_minutes_per_year").band.mean, "minutes", id=f"downtime.{n}") for n, x in (("before", before), ("after", after))]
    breach = [ledger.say(x.figure("breach_chance_per_year").band.mean, "share", id=f"breach.{n}") for n, x in (("before", before), ("after", after))]
    slo = ledger.say(before.main.journey.promise.slo, "promise", id="promise_slo")
    finding = tr(
        N_("Expected downtime goes from {before} to {after} a year; the chance to break {slo} within a year stays at {breach_before}.") if breach[0] == breach[1]
        else N_("Expected downtime goes from {before} to {after} a year; the chance to break {slo} within a year goes from {breach_before} to {breach_after}."),
        before=downtime[0], after=downtime[1], slo=slo, breach_before=breach[0], breach_after=breach[1],
    )
    tolerance = after.standing.tolerance
    if float(after.main.breach.mean()) > tolerance:
        finding += tr(" That is still more than the {tolerance} that may be signed: this plan alone does not carry the promise.", tolerance=ledger.say(tolerance, 'share', id='tolerance'))
    return finding


def _level(a: Any) -> float:
    scores = [d.score.score for d in a.standing.dimensions if d.score.score is not None]
    return sum(scores) / len(scores) if scores else 0.0


def _map(r: Roadmap) -> Exhibit:
    """Every candidate by its hours and what it does alone."""
    ledger = Ledger(r.today.engagement.client.currency)
    number = {s.improvement.id: ledger.count(n, id=f"plan.{s.improvement.id}.place") for n, s in enumerate(r.steps, 1)}
    looked = [i for i in r.effects.candidates.improvements if i.hours > 0 and (i.asked or i.gate)]
    alone = {i.id: r.effects.avoided_per_year(i.id) - (0 if r.aim == "promise" else 12 * float(r.effects.running_per_month[r.effects.order.index(i.id)])) for i in looked}
    best_of_all = max(alone.values(), default=0.0)
    # A step that costs far more than any other saves would press all the rest against the axis.
    every = [i for i in looked if alone[i.id] > -DEAREST * best_of_all or i.id in number]
    dear = len(looked) - len(every)
    effect = [alone[i.id] for i in every]
    ranked = sorted(range(len(every)), key=lambda n: -effect[n])
    rate = float(r.today.values["loaded_rate_per_hour"].mean())
    best = every[ranked[0]]
    quick = list(dict.fromkeys(every[n].title for n in ranked if every[n].hours <= 20 and effect[n] > 0 and every[n] is not best))[:3]
    finding = tr("The largest single step is “{step}”, with {adds}{counted} a year for {hours} of work.", step=best.title if best.practice else f'{best.title}: {best.what}', adds=ledger.say(effect[ranked[0]], _unit(r), id='map.best'), counted=_counted(r), hours=ledger.say(best.hours, 'hours', id='map.best_hours'))
    if quick:
        finding += tr(" Half a week or less each: {quick}.", quick=joined([f'“{title}”' for title in quick]))
    alt = tr("Effect a year by itself: ") + "; ".join(tr("{every} {map} for {hours}", every=every[n].title, map=ledger.say(effect[n], _unit(r), id=f'map.{every[n].id}'), hours=ledger.say(every[n].hours, 'hours', id=f'map.{every[n].id}.hours')) for n in ranked[:6]) + "."
    axis = tr("Used-up allowances a year, by itself") if r.aim == "promise" else tr("{currency} a year, by itself", currency=ledger.currency)
    return Exhibit(
        "effort_map", tr("Effort and effect"), finding, alt=alt,
        note=tr("Each step over and above the one before it, as if nothing else were done; several steps that mend the same thing do not add up. Numbers are those of the plan.")
        + (tr(" {dear} that cost far more than they save are left out.", dear=ledger.count(dear, id='map.dear')) if dear else ""), printed=tuple(ledger.printed),
        figure=lambda: effort([i.hours for i in every], effect, [number.get(i.id, "") for i in every], [i.id in number for i in every], axis_title=axis,
                              pays_at=None if r.aim == "promise" else rate / 2, pays_text=tr("above it, a step pays for its own hours in two years")),
    )  # fmt: skip


def _aims(plans: tuple[Roadmap, ...]) -> Exhibit:
    """What plans with other aims reach."""
    ledger = Ledger(plans[0].today.engagement.client.currency)
    today = plans[0].today
    rows = []
    shown = (("bad_minutes_per_year", "minutes"), ("breach_chance_per_year", "share"), ("loss_per_year", "money"), ("cash_per_month", "money"), ("hours_per_month", "hours"))

    def cells(a: Any, name: str) -> list[str]:
        return [ledger.say(a.figure(f).band.mean, unit, id=f"aim.{name}.{f}") for f, unit in shown]

    rows.append((tr("as it is"), "", *cells(today, "today"), ledger.say(today.standing.highest_promise, "promise", id="aim.today.highest") if today.standing.highest_promise else tr("none")))
    for r in plans:
        high = r.after.standing.highest_promise
        name = tr("{aim}, gates first", aim=AIMS[r.aim]) if r.gates_first and r.aim != "promise" else AIMS[r.aim]
        rows.append((name, ledger.say(r.hours, "hours", id=f"aim.{r.aim}.hours"), *cells(r.after, r.aim), ledger.say(high, "promise", id=f"aim.{r.aim}.highest") if high else tr("none")))
    promise = next((r for r in plans if r.aim == "promise"), None)
    finding = tr("What a plan aims at decides what it reaches.")
    if promise is not None:
        chance = float(promise.after.main.breach.mean())
        told, slo = ledger.say(chance, "share", id="aim.promise.chance"), ledger.say(today.main.journey.promise.slo, "promise", id="promise_slo")
        if chance <= today.standing.tolerance:
            finding = tr("The promise of {slo} is within reach: the plan made for it brings the chance to break it to {told}.", slo=slo, told=told)
        else:
            finding = tr("Even the plan made for the promise leaves a chance of {told} to break {slo} within a year: with these steps and this capacity, sign less, or change the design.", told=told, slo=slo)
    columns = (Column(tr("Plan"), width=2), Column(tr("Work"), "right", 0.7), Column(tr("Downtime a year"), "right", 1), Column(tr("Chance of breach"), "right", 1), Column(tr("Loss a year"), "right", 1.1), Column(tr("Cash a month"), "right", 1), Column(tr("Hours a month"), "right", 1), Column(tr("Could sign"), "right", 0.8))
    return Exhibit("plan_aims", tr("Plans with other aims"), finding, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                   note=tr("Averages after the last quarter. The plan for the promise puts its gates first and counts how often outages use up the allowance, whatever they cost."))  # fmt: skip


def _left_out(r: Roadmap) -> Part:
    if not r.left_out:
        return text(tr("Every step that is known for this client is in the plan."))
    counted, ledger = Counter(p.why for p in r.left_out), Ledger(r.today.engagement.client.currency)
    why, most = counted.most_common(1)[0]
    finding = trn("{left_out} step is left out; the most frequent reason: {why} ({most}).", "{left_out} steps are left out; the most frequent reason: {why} ({most}).", len(r.left_out), left_out=ledger.count(len(r.left_out), id='plan.left_out'), why=why, most=ledger.count(most, id='plan.left_out.most'))
    ordered = sorted(r.left_out, key=lambda p: next((n for n, start in enumerate(TOLD_FIRST) if p.why.startswith(tr(start))), len(TOLD_FIRST)))
    rows = [(p.title, p.why) for p in ordered[:MOST_LEFT_OUT]]
    more = len(r.left_out) - len(rows)
    return Exhibit("plan_left_out", tr("What was left out, and why"), finding, Table((Column(tr("Step"), width=3), Column(tr("Why"), width=2)), tuple(rows)),
                   note=(tr("{left_out_further} more of the same kinds are not listed. ", left_out_further=ledger.count(more, id='plan.left_out_further')) if more > 0 else "") + tr("Of a practice whose first step is left out, the further steps are not listed."), printed=tuple(ledger.printed))  # fmt: skip


def _margin(r: Roadmap) -> Part:
    ledger = Ledger(r.today.engagement.client.currency)
    unit = _unit(r)
    told = []
    if r.engineer_week_worth > 0:
        told.append(tr("One more engineer-week in the first quarter would avoid another {week}{counted} over the two years.", week=ledger.say(r.engineer_week_worth, unit, id='plan.week'), counted=_counted(r)))
    else:
        told.append(tr("One more engineer-week would buy nothing: hours are not what limits this plan."))
    if r.could_avoid_more is not None:
        told.append(tr("Given these inputs no other order of these steps avoids more than {bound} extra (bound by linear programming).", bound=ledger.say(r.could_avoid_more, 'share', id='plan.bound')) if r.could_avoid_more > 1e-6 else tr("Given these inputs no other order of these steps avoids more (bound by linear programming)."))
    if r.gates_left:
        titles = [i.title for i in r.effects.candidates.improvements if i.id in r.gates_left]
        told.append(tr("Gates of the promise that this plan leaves open: {titles}.", titles=joined([f'“{title}”' for title in titles])))
    off = abs(r.planned_effect / r.joint_effect - 1) if r.joint_effect else 0.0
    told.append(tr("The planner's shares and the joint assessment of the whole plan differ by {plan_off}; {looked_at} steps were looked at.", plan_off=ledger.say(off, 'share', id='plan.off'), looked_at=ledger.count(r.candidates_looked_at, id='plan.looked_at')))
    return points(told, title=tr("At the margin"), printed=ledger.printed)
