"""Economics of delivery: toil as it grows, failed changes, the pipeline's payback, groundwork, runners, nights off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from readiness.assessment.sourcing import Sourcing
from readiness.assessment.sourcing_growth import DRAW_BLOCK
from readiness.assessment.sourcing_staying import remedies_cost, with_steps
from readiness.assessment.yearly import supposed
from readiness.assumptions import HOURS_PER_MONTH, MONTHS_PER_YEAR
from readiness.catalog.schema import Practice, Remedy
from readiness.models import Array
from readiness.models.cost import failed_change_cost_per_year, payback_years, present_factors
from readiness.models.delivery import Groundwork, Runners, ci_runners, groundwork_or_later_launch, nights_off_saving, toil_hours
from readiness.models.draws import standard_normal
from readiness.models.uncertainty import quantiles_to_draws

PIPELINE_PRACTICE = "automated_pipeline"
RUNNERS_NEED, HOSTED_WAY, OWN_WAY, MINUTE_PRICE = "source_and_ci", "github_team_actions", "github_own_runners", "github/actions_linux_minute_million"
WEEKS_PER_YEAR = 52
RUNNER_COLUMN = DRAW_BLOCK - 12
WEEKS_PER_QUARTER, HOURS_PER_WEEK = 13, 168


@dataclass(frozen=True)
class Payback:
    """One step of the pipeline: what it takes, what it spares, and after how long it has paid."""

    practice: Practice
    to: str
    cost: Array
    hours_saved_per_year: Array
    loss_avoided_per_year: Array
    years: Array
    years_hours_only: Array


@dataclass(frozen=True)
class Delivery:
    """What bringing changes to production costs, and what would make it cheaper.

    Parameters
    ----------
    toil_by_month
        Hours of manual work, (draws, months).
    failed_changes_per_year, failed_change_cost, failed_change_cost_dora
        How many; what they cost with their reach; the same as full outages, which is the upper end.
    payback
        Of the next steps of the pipeline.
    groundwork
        The work that the promise's gates ask for before launch, with its weeks and steps; None when nothing is promised from a later day.
    runners, runners_minutes_per_deploy
        Hosted against own build runners: the break-even; minutes for each deploy at which it is reached.
    nights_off_saving
        Cash a month for a test environment of the size of the machines that the client runs.
    """

    toil_by_month: Array
    failed_changes_per_year: Array
    failed_change_cost: Array
    failed_change_cost_dora: Array
    payback: tuple[Payback, ...]
    groundwork: tuple[Groundwork, float, tuple[tuple[Practice, Remedy], ...]] | None
    launch: date | None
    runners: Runners | None
    runners_minutes_per_deploy: float | None
    environment_cost: Array
    nights_off_saving: Array


def delivery(s: Sourcing) -> Delivery:
    """The economics of delivery of one client."""
    a, v = s.assessment, s.today.values
    # Growth fades over the horizon; the toil it brings grows with a root of it, since what hurts most is scripted first.
    growth = s.growth.factor[:, -1] ** (v["toil_growth_exponent"] * MONTHS_PER_YEAR / max(s.months - 1, 1)) - 1
    toil = toil_hours(v["deploys_per_month"], v["release_hours_per_deploy"] * 60, months=s.months, other_hours_per_month=v["toil_hours_per_month"],
                      other_grows_with_load=v["toil_hours_per_month/scaling"], load_growth_per_year=growth)  # fmt: skip
    restore = (v["detect_minutes"] + v["engage_minutes"] + v["change_identify_minutes"] + v["rollback_minutes"]) / 60
    touched = v["revenue_per_hour"] * v["peak_factor"]
    per_hour = touched * (v["lost_share"] + v["churn_factor"]) + v["idle_staff"] * v["loaded_rate_per_hour"]
    deploys = v["deploys_per_month"] * MONTHS_PER_YEAR
    dora = failed_change_cost_per_year(deploys, v["change_failure_rate"], restore, per_hour)
    machines = np.sum([t.cash_now * t.machine_share for t in s.costs.tiers if t.placed.way.run_by == "client"], axis=0) + np.zeros(v.draws)
    runners, minutes = _runners(s)
    return Delivery(toil, deploys * v["change_failure_rate"], dora * v["change_reach"], dora, _paybacks(s), _groundwork(s),
                    a.main.journey.promise.from_date, runners, minutes, machines,
                    nights_off_saving(machines, np.minimum(v["working_week_hours"], HOURS_PER_WEEK), share_that_stops=v["environment_stopping_share"]))  # fmt: skip


def _paybacks(s: Sourcing) -> tuple[Payback, ...]:
    a, v = s.assessment, s.today.values
    practice = a.catalog.practices.get(PIPELINE_PRACTICE)
    standing = next((p for p in a.standing.practices if p.practice.id == PIPELINE_PRACTICE), None)
    if practice is None or standing is None or standing.level is None:
        return ()
    found = []
    for remedy in practice.remedies:
        if practice.answer(remedy.to).level <= standing.level:
            continue
        effect = supposed(a, with_steps(a.engagement, [(practice, remedy)]), draws=a.values.draws)
        hours, cash, _ = remedies_cost([(practice, remedy)], v.draws, a.engagement.client.exchange_rate_from_usd)
        spared = (s.today.other_hours_per_month - effect.other_hours_per_month) * MONTHS_PER_YEAR
        avoided = (s.today.loss_per_month - effect.loss_per_month) * MONTHS_PER_YEAR
        rate = v["loaded_rate_per_hour"]
        cost, running = hours * rate, cash * MONTHS_PER_YEAR
        found.append(
            Payback(
                practice,
                remedy.to,
                cost,
                spared,
                avoided,
                payback_years(cost, spared * rate + avoided - running),
                payback_years(cost, spared * rate - running),
            )
        )
    return tuple(found)


def _groundwork(s: Sourcing) -> tuple[Groundwork, float, tuple[tuple[Practice, Remedy], ...]] | None:
    a, v = s.assessment, s.today.values
    launch = a.main.journey.promise.from_date
    steps = []
    for p in a.standing.practices:
        if p.gate in ("missed", "unproven") and p.required:
            level = p.practice.answer(p.required).level
            ready = [r for r in p.practice.remedies if p.practice.answer(r.to).level >= level]
            if ready:
                steps.append((p.practice, min(ready, key=lambda r: p.practice.answer(r.to).level)))
    if launch is None or launch <= a.as_of or not steps:
        return None
    hours, cash, _ = remedies_cost(steps, v.draws, a.engagement.client.exchange_rate_from_usd)
    per_week = _hours_per_week(s)
    weeks = float(hours.mean()) / per_week
    effect = supposed(a, with_steps(a.engagement, steps), draws=a.values.draws)
    delay = v["contract_value_at_stake_per_year"] / WEEKS_PER_YEAR
    # As much each month as the growing loss comes to in present money.
    avoided = s.today.loss_by_month(s.growth.factor) - effect.loss_by_month(s.growth.factor)
    factor = present_factors(s.costs.discount_rate_per_year, s.months)
    plan = groundwork_or_later_launch(
        weeks, delay_cost_per_week=delay, work_hours=hours, hourly_rate=v["loaded_rate_per_hour"],
        loss_avoided_per_month=avoided @ factor / factor.sum() - cash,
        hours_spared_per_month=s.today.other_hours_per_month - effect.other_hours_per_month, rework_factor=1 + v["rework_extra_factor"], months=s.months,
        discount_rate_per_year=s.costs.discount_rate_per_year,
    )  # fmt: skip
    return plan, weeks, tuple(steps)


def _hours_per_week(s: Sourcing) -> float:
    """Hours a week that the team has for it: its capacity of the coming quarters, or what it can spare."""
    team = s.assessment.engagement.team
    if team.capacity:
        return max(sum(q.hours for q in team.capacity) / len(team.capacity) / WEEKS_PER_QUARTER, 1.0)
    if team.spare_hours_per_month:
        return max(team.spare_hours_per_month * MONTHS_PER_YEAR / WEEKS_PER_YEAR, 1.0)
    return float(s.today.values["weekly_improvement_hours"].mean()) * (team.engineers or 1)


def _runners(s: Sourcing) -> tuple[Runners | None, float | None]:
    a, v = s.assessment, s.today.values
    ways = a.catalog.ways
    price = a.catalog.price(MINUTE_PRICE, a.as_of)
    if HOSTED_WAY not in ways or OWN_WAY not in ways or price is None:
        return None, None
    money = a.engagement.client.exchange_rate_from_usd
    own = ways[OWN_WAY][1]
    machines = 0.0
    for line in own.price_lines:
        found = a.catalog.price(line.sku, a.as_of)
        if found is not None and line.per == "flat":
            machines += found.price * line.quantity * (HOURS_PER_MONTH if found.measure == "hour" else 1)
    z = standard_normal(v.draws, RUNNER_COLUMN)
    efforts = []
    for way in (HOSTED_WAY, OWN_WAY):
        given = ways[way][1].numbers.get("effort_hours_per_month")
        efforts.append(quantiles_to_draws(z, given.low, given.likely, given.high, kind="positive") if given else np.zeros(v.draws))
    runners = ci_runners(0.0, hosted_price_per_minute=price.price * money / 1e6, fixed_per_month=machines * money,
                         hours_per_month=np.maximum(efforts[1] - efforts[0], 0.0), hourly_rate=v["loaded_rate_per_hour"])  # fmt: skip
    return runners, float(runners.break_even_minutes.mean() / v["deploys_per_month"].mean())
