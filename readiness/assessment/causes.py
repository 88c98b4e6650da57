"""Which causes of bad minutes a journey has: those of the organisation, and those of its architecture, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from readiness.assumptions import HOURS_PER_YEAR, MINUTES_PER_YEAR, NUMBERS
from readiness.catalog import Catalog
from readiness.catalog.schema import Cause
from readiness.design import Design, Placed
from readiness.engagement.schema import Dependency, Engagement, Journey
from readiness.language import tr
from readiness.models import Array
from readiness.models.availability import outages
from readiness.models.downtime import Causes
from readiness.moves import Values


@dataclass(frozen=True, slots=True)
class CauseDraws:
    """One cause, drawn: how often, whom, how long, and what it is called."""

    id: str
    title: str
    group: str
    rate: Array
    reach: Array
    minutes: Array
    inputs: tuple[str, ...]
    planned: bool = False
    woken: bool = True


def product(names: tuple[str, ...], value: Callable[[str], Array]) -> Array:
    """The product of numbers; ``not x`` is one minus a share."""
    result: Array | float = 1.0
    for name in names:
        result = result * (1.0 - value(name[4:]) if name.startswith("not ") else value(name))
    return np.asarray(result, dtype=float)


def handling_minutes(values: Values) -> Array:
    """From the first harm to repair when somebody has to come, including that nobody may be there to come."""
    absent = values["responder_absent_share"] * values["absent_minutes"]
    return values["detect_minutes"] + values["engage_minutes"] + values["repair_minutes"] + absent


TIER_NUMBERS = ("faults_per_year", "recovery_minutes", "planned_minutes_per_year", "common_cause_share", "failover_coverage", "failover_minutes")
HANDLING = ("detect_minutes", "engage_minutes", "repair_minutes", "responder_absent_share", "absent_minutes")


def of_organisation(catalog: Catalog, values: Values) -> Iterator[CauseDraws]:
    """The causes of ``causes.yaml``."""
    for cause in catalog.causes:
        extra: tuple[str, ...] = ("repeat_incident_share",) if cause.repeats else ()
        extra += HANDLING[3:] if "engage_minutes" in cause.minutes else ()
        names = tuple(n.removeprefix("not ") for n in (*cause.rate, *cause.reach, *cause.minutes)) + extra
        yield values.kept(("cause", cause.id), names, partial(_of_organisation, cause, names))


def _of_organisation(cause: Cause, names: tuple[str, ...], values: Values) -> CauseDraws:
    rate = product(cause.rate, values.__getitem__) * (12 if cause.per == "month" else 1)
    if cause.repeats:
        rate = rate * (1 + values["repeat_incident_share"])
    reach = np.broadcast_to(np.minimum(product(cause.reach, values.__getitem__), 1.0), (values.draws,))
    minutes = np.zeros(values.draws) + (1.0 if cause.planned else 0.0)
    for name in cause.minutes:
        minutes = minutes + values[name] * (60 if NUMBERS[name].unit == "hours" else 1)
    if "engage_minutes" in cause.minutes:
        minutes = minutes + values["responder_absent_share"] * values["absent_minutes"]
    return CauseDraws(cause.id, cause.title, "organisation", rate, reach, minutes, names, cause.planned, cause.woken)


def of_tiers(design: Design, names: set[str], values: Values) -> Iterator[CauseDraws]:
    """Each tier's own faults, missed and covered failovers; tiers of one bundle fail once together."""
    bundles: set[str] = set()
    for placed in design.placed:
        if placed.tier.name not in names or placed.way.id in bundles:
            continue
        if placed.way.fills:
            bundles.add(placed.way.id)
        of_tier = (*(f"{placed.tier.name}.{name}" for name in TIER_NUMBERS), *HANDLING, "zone_losses_per_year")
        key = ("tier", placed.tier.name, placed.way.id, placed.copies)
        yield from values.kept(key, of_tier, partial(_of_tier, placed))


def _of_tier(placed: Placed, values: Values) -> tuple[CauseDraws, ...]:
    return tuple(_causes_of_tier(placed, values, values.kept("handling", HANDLING, handling_minutes)))


def _causes_of_tier(placed: Placed, values: Values, handling: Array) -> Iterator[CauseDraws]:
    tier, way = placed.tier.name, placed.way
    at = lambda name: values[f"{tier}.{name}"]  # noqa: E731 - a local shorthand reads better here than eight subscripts
    title = f"{tier}: {way.title}"
    reach_range = placed.service.reach_when_down
    reach = np.full(values.draws, reach_range.likely)
    faults, own = at("faults_per_year"), at("recovery_minutes")
    minutes = own + handling if way.run_by == "client" else own
    inputs = [f"{tier}.faults_per_year", f"{tier}.recovery_minutes", *(HANDLING if way.run_by == "client" else ())]
    woken = way.run_by == "client"
    planned = at("planned_minutes_per_year")
    if planned.any():
        yield CauseDraws(f"{tier}~planned", tr("{tier}: planned work", tier=tier), tier, planned, reach, np.ones(values.draws),
                         (f"{tier}.planned_minutes_per_year",), planned=True, woken=False)  # fmt: skip
    if not placed.redundant:
        count = placed.copies if placed.needed == placed.copies else 1
        yield CauseDraws(tier, title, tier, faults * count, reach, minutes, tuple(inputs), woken=woken)
        return
    inputs += [f"{tier}.common_cause_share", f"{tier}.failover_coverage", f"{tier}.failover_minutes"]
    down = outages(faults, minutes / 60, needed=placed.needed, of=placed.copies, common_cause_share=at("common_cause_share"))
    yield CauseDraws(tier, title, tier, down.per_year, reach, down.mean_minutes, tuple(inputs), woken=woken)
    one_primary = placed.needed == 1
    active, share_lost = (1, 1.0) if one_primary else (placed.copies, 1.0 / placed.copies)
    alone = faults * (1 - at("common_cause_share"))
    if way.zones > 1:
        alone = alone + values["zone_losses_per_year"] / (active if one_primary else 1) / way.zones
        inputs.append("zone_losses_per_year")
    coverage = at("failover_coverage")
    yield CauseDraws(f"{tier}~failover", tr("{tier}: failovers that work", tier=tier), tier, alone * active * coverage, reach * share_lost,
                     at("failover_minutes"), tuple(inputs), woken=False)  # fmt: skip
    yield CauseDraws(f"{tier}~missed", tr("{tier}: failovers that do not", tier=tier), tier, alone * active * (1 - coverage), reach * share_lost,
                     minutes, tuple(inputs), woken=woken)  # fmt: skip


def of_places(design: Design, names: set[str], values: Values) -> Iterator[CauseDraws]:
    """The zone and the region, counted once for all tiers that stand in them."""
    placed = [p for p in design.placed if p.tier.name in names]
    ones = np.ones(values.draws)
    in_one_zone = [p for p in placed if p.way.zones == 1 and p.way.regions == 1 and p.way.redundancy in ("single", "pair")]
    if in_one_zone:
        reach = max(p.service.reach_when_down.likely for p in in_one_zone)
        yield CauseDraws("zone_lost", tr("The zone or data hall is lost"), "places", values["zone_losses_per_year"], ones * reach,
                         values["zone_recovery_minutes"], ("zone_losses_per_year", "zone_recovery_minutes"))  # fmt: skip
    minutes = values["region_recovery_hours"] * 60
    inputs: tuple[str, ...] = ("region_losses_per_year", "region_recovery_hours")
    if placed and all(p.way.regions > 1 for p in placed):
        minutes = np.maximum.reduce([values[f"{p.tier.name}.failover_minutes"] for p in placed])
        inputs = ("region_losses_per_year", *(f"{p.tier.name}.failover_minutes" for p in placed))
    yield CauseDraws("region_lost", tr("The whole region or site is lost"), "places", values["region_losses_per_year"], ones, minutes, inputs)


def of_dependencies(engagement: Engagement, journey: Journey, catalog: Catalog, values: Values) -> Iterator[CauseDraws]:
    """Outside services; what they commit to, what was observed and what is planned with are never mixed."""
    for dependency in engagement.architecture.dependencies:
        if dependency.journeys and journey.name not in dependency.journeys:
            continue
        down, known_by = minutes_down_per_year(dependency, catalog, values)
        length = values["dependency_outage_minutes"]
        name = "dependency_reach" if dependency.hard else "soft_dependency_weight"
        yield CauseDraws(f"dependency_{dependency.name}", f"{dependency.name}: {dependency.what}", "dependencies", down / length,
                         values[name], length, (name, "dependency_outage_minutes", *known_by))  # fmt: skip


def minutes_down_per_year(dependency: Dependency, catalog: Catalog, values: Values) -> tuple[Array, tuple[str, ...]]:
    """Minutes a year that a dependency is down, from the best that is known of it: a plan, a history, an SLA, nothing."""
    known = dependency.planning if dependency.planning is not None else dependency.observed
    if known is not None:
        return np.full(values.draws, (1 - known) * MINUTES_PER_YEAR), ()
    commitment = catalog.commitments.get(dependency.sla or "")
    if commitment is not None and commitment.committed < 1:
        forgiven = (1 - commitment.committed) * MINUTES_PER_YEAR
        return forgiven * values["downtime_per_sla_allowance"], ("downtime_per_sla_allowance",)
    return values["dependency_hours_down_per_year"] * 60, ("dependency_hours_down_per_year",)


def causes_of(catalog: Catalog, engagement: Engagement, design: Design, journey: Journey, values: Values) -> tuple[CauseDraws, ...]:
    """All causes of a journey."""
    names = set(journey.tiers) or {p.tier.name for p in design.placed}
    return (
        *of_organisation(catalog, values),
        *of_tiers(design, names, values),
        *of_places(design, names, values),
        *of_dependencies(engagement, journey, catalog, values),
    )


def stacked(causes: tuple[CauseDraws, ...], values: Values) -> Causes:
    """The causes as the downtime model wants them: draws by causes."""
    return Causes(
        ids=tuple(c.id for c in causes),
        rate=_side_by_side([c.rate for c in causes], values.draws),
        reach=_side_by_side([c.reach for c in causes], values.draws),
        minutes=np.minimum(_side_by_side([c.minutes for c in causes], values.draws), HOURS_PER_YEAR * 60),
        sigma=np.full(len(causes), float(values["duration_sigma"].mean())),
        planned=tuple(c.planned for c in causes),
    )


def _side_by_side(columns: Sequence[Array], draws: int) -> Array:
    # One cause after the other in memory: a column is filled, and later read, in one go.
    found = np.empty((len(columns), draws))
    for place, column in enumerate(columns):
        found[place] = column
    return found.T


__all__ = ["CauseDraws", "causes_of", "handling_minutes", "minutes_down_per_year", "product", "stacked"]
