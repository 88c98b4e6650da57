"""Extreme situations for one client: what each does when it happens, how often, its verdict, and what would change it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.causes import HANDLING, causes_of, handling_minutes, product
from readiness.assessment.extreme import MINUTES_PER_TICKET, event_at
from readiness.assessment.situations import Check, Phase, ScenarioResult
from readiness.assumptions import HOURS_PER_YEAR, MINUTES_PER_YEAR, MONTHS_PER_YEAR, NUMBERS, Kind
from readiness.catalog.schema import Scenario, Sourced
from readiness.design import Design, Placed
from readiness.engagement.schema import WINDOWS_PER_YEAR, Engagement, Extreme, Journey
from readiness.language import tr
from readiness.models import Array
from readiness.models.load import load_on_people
from readiness.models.loss import loss_per_year
from readiness.models.spike import CARRIED
from readiness.moves import Values

# Beyond a year it is all the data there is.
MOST_DATA_HOURS = float(HOURS_PER_YEAR)
# Situations of the bill are reckoned from the client's own, never from a default: months of it, or days until noticed.
TRIPLED = 2.0
DAYS_PER_MONTH = 30.44


def scenarios_of(a: Assessment) -> Mapping[str, Scenario]:
    """Those of the workbook, with the client's own laid over them by id."""
    return {**a.catalog.scenarios, **{s.id: s for s in a.engagement.scenarios}}


def scenario_results(a: Assessment) -> tuple[ScenarioResult, ...]:
    """Every situation for a client, the costliest a year first; those that hit nothing of the client's come last.

    Examples
    --------
    What would ruin us? ``[r.scenario.title for r in scenario_results(a) if r.verdict == "ends the company"]``
    """
    found = [scenario_result(a, s) for s in scenarios_of(a).values()]
    return tuple(sorted(found, key=lambda r: (not r.applies, -float(r.cost_per_year.mean()), -float(r.minutes_per_year.mean()))))


def scenario_result(a: Assessment, scenario: Scenario) -> ScenarioResult:
    """One situation for a client: of the workbook, of the client, or composed a moment ago."""
    return happens(a, scenario, a.values, a.design, a.engagement)


def happens(a: Assessment, scenario: Scenario, values: Values, design: Design, engagement: Engagement) -> ScenarioResult:
    """A situation under other values or another design than today's, on the same draws.

    Notes
    -----
    What the scenario says is of a company of which nothing is known. How often, how much data and what it does to the
    numbers of people then move as much as this client's own numbers differ from that start; of the client's own
    scenarios, as much as they differ from today.
    """
    own = any(s.id == scenario.id for s in engagement.scenarios)
    placed = [p for p in design.placed if not scenario.needs or {p.tier.need, *p.way.fills} & set(scenario.needs)]
    outside = [d for d in engagement.architecture.dependencies if _fills(d.name, d.what, scenario.needs)]
    applies = not scenario.needs or bool(placed or outside)
    if scenario.id == "startup_credits_expire":
        applies = bool(engagement.money.startup_credits)
    journeys = _journeys(engagement, placed, [d.journeys for d in outside], everything=not scenario.needs)
    weights = dict(zip((r.journey.name for r in a.journeys), a.weights, strict=True))
    weight = sum(weights[j.name] for j in journeys)
    drawn = _drawer(scenario, values, engagement.client.exchange_rate_from_usd if not own else 1.0)

    def ratio(name: str) -> Array:
        return _ratio(name, values, a.values if own else None)

    moved = _people_moved(scenario, values, ratio)
    seen = values.with_numbers(moved) if moved else values
    effect = scenario.effect
    reach = drawn("reach", effect.reach, "share")
    phases = _phases(scenario, placed, seen)
    if effect.load_factor and phases:
        reach = reach * (1 - _carried(a, effect.load_factor, effect.over_minutes or 5.0, engagement, design, seen))
    minutes = np.minimum(np.sum([p.minutes for p in phases], axis=0) + np.zeros(values.draws), MINUTES_PER_YEAR)
    data = drawn("data", effect.data_lost_hours, "positive") if effect.data_lost_hours else None
    if data is not None and not any(m.set == "restore_success_share" for m in scenario.moves):
        data = data * ratio("data_lost_hours")
    data = None if data is None else np.minimum(data, MOST_DATA_HOURS)
    aftermath = _aftermath(a, engagement, design, values, seen) if moved and not phases else np.zeros(values.draws)
    bad = minutes * reach * weight + aftermath
    tickets = None
    if effect.people_tickets_per_hour and engagement.team.support_people and applies:
        per_hour = drawn("tickets", effect.people_tickets_per_hour, "positive")
        tickets = load_on_people(pages_per_hour=per_hour, minutes_per_page=MINUTES_PER_TICKET, staff=engagement.team.support_people)
    cash = _cash(scenario, values, design, engagement, drawn("cash", effect.cash, "positive"), own)
    return ScenarioResult(
        scenario=scenario, own=own, applies=applies, hit=(*(p.tier.name for p in placed if scenario.needs), *(d.name for d in outside)),
        journeys=journeys, per_year=drawn("chance", scenario.chance_per_year, "positive") * _rate_ratio(a, scenario, ratio, values), reach=reach,
        weight=weight, phases=phases, aftermath_minutes=aftermath, data_lost_hours=data, hours=drawn("hours", effect.hours, "positive"),
        rate_per_hour=values["loaded_rate_per_hour"], lines=_lines(values, journeys, bad, minutes * reach, data, cash),
        revenue_per_hour=values["revenue_per_hour"], tickets=tickets, spare_hours=engagement.team.spare_hours_per_month,
        cash_budget=engagement.money.cloud_budget_per_month,
    )  # fmt: skip


def _drawer(scenario: Scenario, values: Values, rate: float) -> Callable[[str, Sourced | None, Kind], Array]:
    def drawn(name: str, given: Sourced | None, kind: Kind) -> Array:
        if given is None:
            return np.zeros(values.draws)
        found = values.ranged(f"scenario:{scenario.id}.{name}", given.low, given.likely, given.high, kind)
        return found * rate if name == "cash" else found

    return drawn


def _cash(scenario: Scenario, values: Values, design: Design, engagement: Engagement, said: Array, own: bool) -> Array:
    """Cash when it happens: for situations of the bill from the client's own bill, where one is known."""
    if own or scenario.id not in ("bill_triples", "startup_credits_expire"):
        return said
    bill = sum((values[f"{p.tier.name}.cash_per_month"] for p in design.placed), np.zeros(values.draws))
    if not bill.any():
        return said
    if scenario.id == "bill_triples":
        return TRIPLED * bill / DAYS_PER_MONTH * values["bill_surprise_days"]
    if scenario.id == "startup_credits_expire" and engagement.money.startup_credits:
        return bill * MONTHS_PER_YEAR * max(c.eligible_share for c in engagement.money.startup_credits)
    return said


def _fills(name: str, what: str, needs: tuple[str, ...]) -> bool:
    """Whether an outside service, known by its name only, is one of the needs: login is customer_login."""
    words = {w for need in needs for w in need.split("_")} - {"api", "customer", "and", "web", "load"}
    said = "".join(c if c.isalnum() else " " for c in f"{name} {what}".lower()).split()
    return bool(words & set(said))


def _journeys(engagement: Engagement, placed: list[Placed], outside: list[tuple[str, ...]], *, everything: bool) -> tuple[Journey, ...]:
    """The journeys that are hit; all of them when what is hit belongs to none."""
    if everything:
        return engagement.journeys
    serving = {p.tier.name for p in placed if p.service.serves_requests}
    named = {p.tier.name for p in placed}
    hit = [j for j in engagement.journeys if (named & set(j.tiers) if j.tiers else serving) or any(not o or j.name in o for o in outside)]
    return tuple(hit) or engagement.journeys


def _ratio(name: str, values: Values, today: Values | None) -> Array:
    """How much more of a number (or of what is missed) the client has than the scenario was written for."""
    now, start = values[name], values.before(name) if today is None else today[name]
    return np.divide(now, start, out=np.ones(values.draws), where=start > 0)


def _rate_ratio(a: Assessment, scenario: Scenario, ratio: Callable[[str], Array], values: Values) -> Array:
    """How much more often than the scenario says, from the client's own rates of what causes it."""
    names = {m.set for m in scenario.moves if m.set and NUMBERS[m.set].unit == "1/year"}
    minutes = {m for m in scenario.effect.minutes if isinstance(m, str)}
    like = [c for c in a.catalog.causes if set(c.minutes) <= minutes and set(c.minutes) - set(HANDLING)]
    result = np.ones(values.draws)
    if like:
        cause = max(like, key=lambda c: len(c.minutes))
        names |= {n for n in cause.rate if not n.startswith("not ") and not NUMBERS[n].scale_complement}
        for missed in (n[4:] for n in cause.rate if n.startswith("not ")):
            start = 1 - values.before(missed)
            result = result * np.divide(1 - values[missed], start, out=np.ones(values.draws), where=start > 0)
    for name in sorted(names):
        result = result * ratio(name)
    return result


def _people_moved(scenario: Scenario, values: Values, ratio: Callable[[str], Array]) -> dict[str, Array]:
    """Numbers of the handling that the scenario sets, moved as much as this client differs."""
    moved: dict[str, Array] = {}
    for m in scenario.moves:
        if m.set in HANDLING:
            drawn = values.ranged(f"scenario:{scenario.id}.{m.set}", m.low, m.likely, m.high, NUMBERS[m.set].kind)
            # It never makes things better than they are.
            worse = np.maximum(drawn * ratio(m.set), values[m.set])
            moved[m.set] = np.minimum(worse, 0.999) if NUMBERS[m.set].kind == "share" else worse
    return moved


def _phases(scenario: Scenario, placed: list[Placed], values: Values) -> tuple[Phase, ...]:
    """The parts of the time until users are served; a design that stands in several places fails over instead."""
    minutes = scenario.effect.minutes
    if not minutes:
        return ()
    for number, alone in (("zone_recovery_minutes", exposed_to_zone), ("region_recovery_hours", exposed_to_region)):
        if number in minutes and placed and not alone(placed):
            return (Phase("failover_minutes", tr("failing over"), _failover(placed, values)),)
    found: list[Phase] = []
    for part in minutes:
        if isinstance(part, str):
            known = NUMBERS[part]
            found.append(Phase(part, tr(known.meaning), values[part] * (60 if known.unit == "hours" else 1)))
        else:
            found.append(Phase("fixed", tr("as the story has it"), np.full(values.draws, float(part))))
    if "engage_minutes" in minutes and "absent_minutes" not in minutes:
        found.append(Phase("absent_minutes", tr(NUMBERS["absent_minutes"].meaning), values["responder_absent_share"] * values["absent_minutes"]))
    return tuple(found)


def exposed_to_zone(placed: list[Placed]) -> list[Placed]:
    """Tiers that a lost zone takes down: those that stand in one only."""
    return [p for p in placed if p.way.zones == 1 and p.way.regions == 1 and p.way.redundancy in ("single", "pair") and p.service.serves_requests]


def exposed_to_region(placed: list[Placed]) -> list[Placed]:
    """Tiers that a lost region takes down."""
    return [p for p in placed if p.way.regions == 1 and p.service.serves_requests]


def _failover(placed: list[Placed], values: Values) -> Array:
    """Expected minutes until the slowest tier serves from elsewhere, missed failovers included."""
    found = [np.zeros(values.draws)]
    for p in placed:
        tier = p.tier.name
        if p.service.serves_requests and p.redundant:
            covered, own = values[f"{tier}.failover_coverage"], values[f"{tier}.recovery_minutes"]
            missed = own + handling_minutes(values) if p.way.run_by == "client" else own
            found.append(covered * values[f"{tier}.failover_minutes"] + (1 - covered) * missed)
    return np.maximum.reduce(found)


def _carried(a: Assessment, factor: float, over_minutes: float, engagement: Engagement, design: Design, values: Values) -> Array:
    """One in each draw in which the known tiers carry the load, as far as they are all known."""
    found = event_at(a.catalog, engagement, design, values, Extreme(factor=factor, over_minutes=over_minutes))
    if found.verdict is None or found.unknown:
        return np.zeros(values.draws)
    return np.asarray(found.verdict == CARRIED, dtype=float)


def _aftermath(a: Assessment, engagement: Engagement, design: Design, before: Values, after: Values) -> Array:
    """Bad minutes that the year after has more than the year before, weighted by revenue."""
    extra = np.zeros(before.draws)
    for weight, journey in zip(a.weights, engagement.journeys, strict=True):
        for values, sign in ((after, 1), (before, -1)):
            causes = causes_of(a.catalog, engagement, design, journey, values)
            extra = extra + sign * weight * np.minimum(np.sum([c.rate * c.reach * c.minutes for c in causes], axis=0), MINUTES_PER_YEAR)
    return np.maximum(extra, 0.0)


def _lines(values: Values, journeys: tuple[Journey, ...], bad: Array, reached: Array, data: Array | None, cash: Array) -> dict[str, Array]:
    """Money when it happens once, by kind; without revenue per hour there is none for lost hours, never a default."""
    touched = values["revenue_per_hour"] * values["peak_factor"]
    idle = values["idle_staff"] * values["loaded_rate_per_hour"]
    loss = loss_per_year(bad, revenue_per_hour=values["revenue_per_hour"], lost_share=values["lost_share"], peak_factor=values["peak_factor"],
                         churn_cost_per_hour=touched * values["churn_factor"], staff_cost_per_hour=idle)  # fmt: skip
    owed = np.zeros(values.draws)
    for journey in journeys:
        promise = journey.promise
        windows = WINDOWS_PER_YEAR[promise.window]
        for tiers, fee in promise.credit_tables.values():
            share = np.zeros(values.draws)
            for below, credit in tiers:
                share = np.where(1 - reached * windows / MINUTES_PER_YEAR < below, np.maximum(share, credit), share)
            owed = owed + share * fee * MONTHS_PER_YEAR / windows * values["credit_factor"]
    work = product(("lost_data_factor", "revenue_per_hour"), values.__getitem__)
    return {"revenue": loss.revenue, "churn": loss.churn, "staff": loss.staff, "credits": owed,
            "lost data": np.zeros(values.draws) if data is None else data * work, "cash": cash}  # fmt: skip


__all__ = [
    "Check", "Phase", "ScenarioResult", "exposed_to_region", "exposed_to_zone", "happens", "scenario_result", "scenario_results", "scenarios_of",
]  # fmt: skip
