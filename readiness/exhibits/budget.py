"""The promise's allowance: which causes use it up, and how bad a year may get."""

from __future__ import annotations

from typing import Any

import numpy as np

from readiness.assessment import Assessment
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Exhibit
from readiness.figures.distribution import exceedance
from readiness.figures.waterfall import waterfall
from readiness.language import tr, trn
from readiness.models.downtime import budget_ranking
from readiness.text import Ledger
from readiness.wording import planned_words

MOST_CAUSES = 8
QUARTER = 0.25


def error_budget(a: Assessment) -> Chapter:
    """Causes of the main journey added up against what its promise forgives in a year."""
    ledger = Ledger(a.engagement.client.currency)
    result = a.main
    budget = (1 - result.journey.promise.slo) * MINUTES_PER_YEAR
    minutes, titles = _by_cause(a)
    ranked = [s for s in budget_ranking(tuple(titles), np.stack([minutes[k] for k in titles], axis=1), budget) if s.minutes > 0]
    shown, rest = ranked[:MOST_CAUSES], ranked[MOST_CAUSES:]
    labels = [titles[s.cause] for s in shown] + ([tr("{others} others", others=ledger.count(len(rest), id='budget.others'))] if rest else [])
    values = [s.minutes for s in shown] + ([sum(s.minutes for s in rest)] if rest else [])
    texts = [ledger.say(v, "minutes", id=f"budget.{n}") for n, v in enumerate(values)]
    total = ledger.say(sum(values), "minutes", id=f"bad_minutes_of_{result.journey.name}")
    allowed = ledger.say(budget, "minutes", id="error_budget_minutes_per_year")
    over = [s for s in ranked if s.over_limit]
    share = sum(values) / budget
    uses = tr("{budget_uses} times what {{slo}} forgives", budget_uses=ledger.plain(share, id='budget_uses')) if share >= 1 else tr("{budget_uses} of what {{slo}} forgives", budget_uses=ledger.say(share, 'share', id='budget_uses'))
    slo = ledger.say(result.journey.promise.slo, "promise", id="promise_slo")
    finding = tr("“{journey}” is expected to use {uses}; ", journey=result.journey.title, uses=uses.format(slo=slo)) + (
        tr("no single cause takes more than a quarter of it.")
        if not over
        else trn("{over_limit} cause takes more than a quarter of it.", "{over_limit} causes take more than a quarter of it each.", len(over), over_limit=ledger.count(len(over), id='budget.over_limit'))
    )

    def figure() -> dict[str, Any]:
        hours = [v / 60 for v in values]
        return waterfall(labels, hours, texts, allowed=budget / 60, allowed_text=tr("{slo} forgives {allowed}", slo=slo, allowed=allowed), total_text=total,
                         axis_title=tr("Hours of downtime a year, added up"), stressed=[n for n, s in enumerate(shown) if s.over_limit])  # fmt: skip

    alt = tr("Causes added up: {causes}; together {total}, against {allowed} that are forgiven.", causes='; '.join(f'{label} {said}' for label, said in zip(labels, texts, strict=True)), total=total, allowed=allowed)
    weighted = tr("Minutes weighted by users, without planned work, which the promise does not count.") if planned_words(a) else tr("Minutes are weighted by the users they hit.")
    note = weighted + " " + tr("Dark bars take more than a quarter of the allowance; such a cause has to be reduced or accepted by name (Google, 2018).")
    return Chapter(
        (Exhibit("error_budget", tr("What uses up the promise's allowance"), finding, figure=figure, alt=alt, note=note, printed=tuple(ledger.printed)),)
    )


def year(a: Assessment) -> Chapter:
    """How bad a year of the main journey may get, against what its promise forgives."""
    ledger = Ledger(a.engagement.client.currency)
    result = a.main
    promise = result.journey.promise
    one = result.one_year
    budget = (1 - promise.slo) * MINUTES_PER_YEAR
    view = result.year
    far = min(float(one.quantile(0.96)[0]), float(one.grid[-1]))
    far = max(far if np.isfinite(far) else float(one.grid[-1]), 1.6 * budget, 1.15 * view.one_in_ten)
    at = np.linspace(0, min(far, float(one.grid[-1]) * 0.999), 160)
    chances = np.asarray(one.exceeds(at))[0]
    over = float(one.exceeds(budget)[0])
    said = ledger.say(over, "share", id="chance_year_over_budget")
    slo, allowed = ledger.say(promise.slo, "promise", id="promise_slo"), ledger.say(budget, "minutes", id="error_budget_minutes_per_year")
    marks = [(minutes / 60, chance, f"  {words}: {ledger.say(minutes, 'minutes', id=f'year.{name}')}") for name, words, minutes, chance in (
        ("typical", tr("typical year"), view.typical, 0.5), ("average", tr("average"), view.average, float(one.exceeds(view.average)[0])),
        ("one_in_ten", tr("one year in ten"), view.one_in_ten, 0.1),
    )]  # fmt: skip
    finding = tr("With a chance of {said}, a year has more downtime than the {allowed} that {slo} forgives in a year.", said=said, allowed=allowed, slo=slo)

    def figure() -> dict[str, Any]:
        return exceedance((at / 60).tolist(), chances.tolist(), marks=marks, allowed_hours=budget / 60, allowed_text=tr("{slo} forgives {allowed}", slo=slo, allowed=allowed))

    alt = tr("A falling line: the chance that a year has more than so much downtime. {marks}. {finding}", marks='; '.join(m[2].strip() for m in marks), finding=finding)
    note = tr("Holds both chances: that outages come or do not, and that the numbers behind are not known exactly. Most years are better than the average, because few outages hold most of the minutes.")
    return Chapter((Exhibit("year", tr("How bad a year may get"), finding, figure=figure, alt=alt, note=note, printed=tuple(ledger.printed)),))


def _by_cause(a: Assessment) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Bad minutes of the main journey by cause, those of one tier's parts together, as far as the promise counts them."""
    result = a.main
    minutes: dict[str, np.ndarray] = {}
    titles: dict[str, str] = {}
    for number, cause in enumerate(result.causes):
        if cause.planned and not result.journey.promise.planned_work_counts:
            continue
        key = cause.id.partition("~")[0]
        titles.setdefault(key, next((c.title for c in result.causes if c.id == key), cause.title))
        minutes[key] = minutes.get(key, np.zeros(a.values.draws)) + result.bad_minutes[:, number]
    return minutes, titles
