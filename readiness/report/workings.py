"""Puts an assessment into plain data: `Whole`, from which JSON, XLSX and the manifest are made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import readiness
from readiness.assessment import Assessment
from readiness.assessment.plan import Roadmap
from readiness.assessment.sourcing import Compared, Sourcing
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR, number_at
from readiness.engagement import Opened
from readiness.exhibits.ahead import is_begun, maybe_ahead
from readiness.exhibits.frontier_chart import considered
from readiness.language import tr
from readiness.models import Array
from readiness.models.uncertainty import Band, band
from readiness.report import whole
from readiness.report.factors import Products, at_rates
from readiness.wording import reason_sentence

MOST_POINTS = 60


def whole_of(
    a: Assessment, s: Sourcing, *, audience: str, opened: Opened | None = None, plan: Roadmap | None = None
) -> whole.Whole:
    """The whole assessment as plain data.

    Parameters
    ----------
    a
        The assessment, of an engagement that is already reduced to its audience.
    s
        Its ways to run things, by month.
    audience
        Who will read it.
    opened
        The file it came from; its digests go into the versions.
    plan
        What to do in which quarter, where somebody reckoned it; likewise the designs, which the assessment then remembers.

    Returns
    -------
    Whole
        Equal for equal input; every number in it is finite.
    """
    e, products = a.engagement, Products(a)
    return whole.Whole(
        versions=whole.Versions(
            workbook=readiness.__version__, catalog=a.catalog.digest, draws=a.values.draws,
            engagement=opened.content_digest if opened else "", journal=opened.journal_digest if opened else "",
        ),
        client=whole.Client(id=e.client.id, name=e.client.name, industry=e.client.industry, currency=e.client.currency, stage=e.stage),
        as_of=a.as_of, audience=audience, status=e.status,
        verdict=_verdict(a),
        figures=tuple(
            whole.Figure(id=f.id, title=f.title, unit=f.unit, value=_range(f.band), formula=f.formula, inputs=f.inputs) for f in a.figures.values()
        ),
        journeys=_journeys(a), dimensions=_dimensions(a), tiers=_tiers(a), causes=_causes(products), causes_capped=products.capped,
        lines=_lines(a, products),
        derived={name: products.mean_of(name) for name in products.derived},
        numbers=_numbers(a), months=_months(a, s), options=_options(a, s), gates=_gates(s), plan=_planned(plan) if plan else _chosen(a),
        frontier=best_designs(a) if is_begun(a, best_designs) or "designs" in a.reckoned else (),
        accepted_risks=tuple(whole.Risk(title=r.title, why=r.why, owner=r.owner, review_on=r.review_on) for r in e.accepted_risks),
    )  # fmt: skip


def _range(b: Band) -> whole.Range:
    return whole.Range(mean=b.mean, low=b.low, median=b.median, high=b.high)


def _verdict(a: Assessment) -> whole.Verdict:
    reasons = tuple(
        whole.Reason(kind=r.kind, blocks=r.blocks, subject=r.subject, value=r.value, limit=r.limit, text=reason_sentence(a, r)[0])
        for r in a.standing.verdict.reasons
    )
    promise = a.main.journey.promise
    return whole.Verdict(outcome=a.standing.verdict.outcome, journey=a.main.journey.title, promise=promise.slo, from_date=promise.from_date,
                         highest_promise=a.standing.highest_promise, coverage=a.standing.coverage, breach_tolerance_share=a.standing.tolerance,
                         reasons=reasons)  # fmt: skip


def _journeys(a: Assessment) -> tuple[whole.Journey, ...]:
    return tuple(
        whole.Journey(
            name=r.journey.name, title=r.journey.title, promise=r.journey.promise.slo, window=r.journey.promise.window, share_of_revenue=weight,
            breach_by_promise={f"{slo:.6g}": chance for slo, chance in r.breach_by_promise.items()},
            typical_minutes=r.year.typical, average_minutes=r.year.average, one_in_ten_minutes=r.year.one_in_ten,
        )
        for weight, r in zip(a.weights, a.journeys, strict=True)
    )  # fmt: skip


def _dimensions(a: Assessment) -> tuple[whole.Dimension, ...]:
    found = []
    for d in a.standing.dimensions:
        practices = []
        for p in d.practices:
            given = a.engagement.answers.get(p.practice.id)
            held = given.answers if given else ()
            practices.append(whole.Practice(
                id=p.practice.id, title=p.practice.title, question=p.practice.question, state=p.state, level=p.level, rung=p.rung, stale=p.stale,
                gate=p.gate, required=p.required, answers=tuple(p.practice.answer(x).text for x in held), answer_ids=held,
                not_applicable_because=given.reason if given and given.not_applicable else "", note=given.note if given else "",
            ))  # fmt: skip
        s = d.score
        found.append(whole.Dimension(id=d.dimension.id, title=d.dimension.title, score=s.score, coverage=s.coverage, worst=s.worst, best=s.best,
                                     practices=tuple(practices)))  # fmt: skip
    return tuple(found)


def price_known(a: Assessment, tier: str) -> bool:
    """Whether anybody has said what a tier costs: the client, a price list, or a plan that is free."""
    placed = a.design[tier]
    stated = placed.tier.cost_per_month is not None or bool(placed.lines) or float(a.values[f"{tier}.cash_per_month"].mean()) > 0
    return stated or not placed.price_missing


def _tiers(a: Assessment) -> tuple[whole.Tier, ...]:
    return tuple(
        whole.Tier(name=p.tier.name, need=p.tier.need, way=p.way.id, title=p.way.title, run_by=p.way.run_by, provider=p.way.provider,
                   copies=p.copies, zones=p.way.zones, price_known=price_known(a, p.tier.name))
        for p in a.design.placed
    )  # fmt: skip


def _causes(products: Products) -> tuple[whole.Cause, ...]:
    return tuple(
        whole.Cause(id=c.id, title=c.title, group=c.group, journeys=c.journeys, rate_per_year=c.rate, reach_share=c.reach, minutes=c.minutes,
                    together=c.together, weight=c.weight, bad_minutes_per_year=c.bad_minutes, works_on=c.works_on)
        for c in products.causes
    )  # fmt: skip


def _lines(a: Assessment, products: Products) -> tuple[whole.Line, ...]:
    return tuple(
        whole.Line(id=x.amount.id, title=x.amount.title, column=x.amount.column, per_year=_range(a.figure(x.amount.id).band), factors=x.factors,
                   times=x.times, together=x.together, hours_at_rate=products.hours_at_rate.get(x.amount.id),
                   part_of_the_bill=x.amount.avoidable_only, source=x.amount.source)
        for x in products.lines
    )  # fmt: skip


def _numbers(a: Assessment) -> tuple[whole.Number, ...]:
    found = []
    for name in a.values.base:
        if "/" in name:
            continue
        known, trail = number_at(name), a.values.trail(name)
        steps = tuple(
            whole.Step(text=t.text, source=tr(t.source), evidence=t.evidence, as_of=t.as_of, mean_after=t.mean_after, origin=t.origin, chance=t.chance)
            for t in trail
        )
        last = trail[-1]
        found.append(whole.Number(name=name, meaning=tr(known.meaning), unit=known.unit, value=_range(band(a.values[name])), evidence=last.evidence,
                                  source=tr(last.source), as_of=last.as_of, trail=steps))  # fmt: skip
    return tuple(found)


def _means(by_month: Array) -> tuple[float, ...]:
    return tuple(float(x) for x in by_month.mean(axis=0))


def _shape(by_month: Array) -> tuple[float, ...]:
    means = by_month.mean(axis=0)
    return tuple(float(x) for x in means / means[0]) if means[0] else (0.0,) * len(means)


def _months(a: Assessment, s: Sourcing) -> whole.Months:
    costs = s.costs
    return whole.Months(
        tiers=tuple(whole.CashByMonth(tier=t.placed.tier.name, number=f"{t.placed.tier.name}.cash_per_month", shape=_shape(t.cash)) for t in costs.tiers),
        other_cash_per_month=float((costs.other_cash + costs.unused[:, 0]).mean()), credits_used=_means(costs.credits_used - costs.unused + costs.unused[:, :1]), hours=_means(costs.hours),
        hours_at_rate=tuple(at_rates(costs.hours, costs.rate_per_hour)), loss_per_month=float(a.figure("loss_per_year").draws.mean()) / MONTHS_PER_YEAR,
        loss_shape=_shape(s.today.loss_by_month(s.growth.factor)),
    )  # fmt: skip


def _options(a: Assessment, s: Sourcing) -> tuple[whole.Option, ...]:
    found = [_option(a, s, c, (v.placed.tier.name,)) for v in s.services for c in v.compared]
    found += [_option(a, s, s.stay, ())] if s.stay is not None else []
    return (*found, *(_option(a, s, c, _moved(a, c)) for c in s.together))


def _moved(a: Assessment, c: Compared) -> tuple[str, ...]:
    now = {t.name: t.way for t in a.engagement.architecture.tiers}
    return tuple(t.name for t in c.effect.engagement.architecture.tiers if t.way != now[t.name])


def _gates(s: Sourcing) -> tuple[whole.Gate, ...]:
    return tuple(
        whole.Gate(tier=v.placed.tier.name, way=c.way.id, title=c.way.title, effect=b.effect, why=b.reason, would_change=b.would_change)
        for v in s.services for c in v.candidates for b in c.barriers
    )  # fmt: skip


def _option(a: Assessment, s: Sourcing, c: Compared, tiers: Sequence[str]) -> whole.Option:
    """One comparison, split into what follows a price, what follows the rate, and the rest."""
    tiers = c.candidate.tiers if c.candidate else tiers
    today = _side(c, s, of_other=False)
    upfront = float(np.mean(c.moving_cash))
    difference = band(c.comparison.economic_difference)
    return whole.Option(
        id=c.id, title=c.title, tiers=tuple(tiers), run_by=c.run_by, today=today, other=_side(c, s, of_other=True),
        upfront_months_of_today=upfront / today.price_per_month if today.price_per_month else 0.0,
        hours_today=float(c.today.hours[:, 0].mean()), hours_other=float(c.other.hours[:, 0].mean()), moving_hours=float(np.mean(c.moving_hours)),
        chance_cheaper_cash=c.comparison.chance_cheaper_cash, chance_cheaper_economic=c.comparison.chance_cheaper_economic,
        difference=_range(difference), break_even_month=c.comparison.break_even.month,
    )  # fmt: skip


def _side(c: Compared, s: Sourcing, *, of_other: bool) -> whole.Side:
    world, way = (c.effect, c.other) if of_other else (s.today, c.today)
    rate = s.today.values["loaded_rate_per_hour"]
    own = way.cash - world.other_cash_per_month[:, None]
    idle = next(x.per_year for x in world.amounts if x.id == "idle") / MONTHS_PER_YEAR
    hours = np.asarray(at_rates(way.hours_by_month(), rate))
    # Staff who cannot work and the hours of leaving a provider cost the hourly rate too.
    hours = hours + float(idle.mean()) / float(rate.mean())
    hours[-1] += float(np.mean(np.asarray(way.exit_chance) * np.asarray(way.exit_cost))) / float(rate.mean())
    return whole.Side(
        price_per_month=float(own[:, 0].mean()), cash_shape=_shape(own),
        fixed_cash=(float(world.other_cash_per_month.mean()),) * own.shape[1],
        hours_at_rate=tuple(float(h) for h in hours), loss=_means(way.loss - idle[:, None]),
    )  # fmt: skip


@maybe_ahead
def best_designs(a: Assessment) -> tuple[whole.Point, ...]:
    """The designs that no other beats, from the cheapest to the dearest; evenly thinned where there are very many."""
    space = considered(a).space
    order = np.argsort(space.front.cost)
    kept = order[np.unique(np.linspace(0, len(order) - 1, min(len(order), MOST_POINTS)).round().astype(int))]
    today = space.today.ways
    found = []
    for place in kept:
        plan = space.plan(int(place))
        changes = [f"{', '.join(o.tiers)}: {o.way.title}" for o in plan.parts if any(today[t] != o.way.id for t in o.tiers)]
        changed = "; ".join([*changes, *([tr("a second region on standby")] if plan.second else [])])
        found.append(whole.Point(title=tr("another design") if changed else tr("today's design"), changes=changed, cost_per_month=float(space.front.cost[place]),
                                 unavailability=float(space.front.loss[place]) / MINUTES_PER_YEAR))  # fmt: skip
    return tuple(found)


def _planned(plan: Roadmap) -> tuple[whole.PlannedStep, ...]:
    """The steps of a plan in the order of the work."""
    return tuple(
        whole.PlannedStep(quarter=plan.room.quarters[s.finish_quarter], id=s.improvement.id, title=s.improvement.title, kind="practice" if s.improvement.practice else "service",
                          hours=s.improvement.hours, cost_per_month=s.running_per_month, why=s.improvement.what)
        for s in plan.steps
    )  # fmt: skip


def _chosen(a: Assessment) -> tuple[whole.PlannedStep, ...]:
    """The improvements that were chosen, with what their remedies cost."""
    found = []
    for step in a.engagement.improvements:
        if step.practice and step.answer:
            practice = a.catalog.practices[step.practice]
            remedy = next((r for r in practice.remedies if r.to == step.answer), None)
            cash = remedy.cost_per_month.likely * a.engagement.client.exchange_rate_from_usd if remedy and remedy.cost_per_month else None
            found.append(whole.PlannedStep(quarter=step.quarter or "", id=step.practice, title=practice.title, kind="practice",
                                           hours=remedy.hours.likely if remedy else None, cost_per_month=cash, why=practice.answer(step.answer).text))  # fmt: skip
        elif step.tier and step.way:
            _, way = a.catalog.ways[step.way]
            found.append(whole.PlannedStep(quarter=step.quarter or "", id=f"{step.tier}_{step.way}", title=f"{step.tier}: {way.title}", kind="service",
                                           hours=None, cost_per_month=None))  # fmt: skip
    return tuple(found)
