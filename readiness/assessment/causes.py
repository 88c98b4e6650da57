"""Which causes of bad minutes a journey has: those of the organisation, and those of its architecture, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial

import numpy as np

from readiness.assumptions import MINUTES_PER_YEAR, NUMBERS
from readiness.catalog import Catalog
from readiness.catalog.schema import Cause
from readiness.design import Design, Placed
from readiness.engagement.schema import Dependency, Engagement, Journey
from readiness.language import tr
from readiness.models import Array
from readiness.models.availability import outages
from readiness.models.downtime import Causes
from readiness.models.severity import mean_capped_minutes
from readiness.moves import Values


@dataclass(frozen=True, eq=False)
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
    _counted: dict[tuple[float, float], float] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def capped(self) -> Array:
        """Mean length of one, never longer than a year."""
        return np.minimum(self.minutes, MINUTES_PER_YEAR)

    @cached_property
    def bad_minutes(self) -> Array:
        """Bad minutes a year, in each draw."""
        return self.rate * self.reach * self.capped

    def counted(self, most: float, sigma: float) -> float:
        """Bad minutes a year, of which no outage counts more than ``most``; on average."""
        if (most, sigma) not in self._counted:
            each = mean_capped_minutes(self.capped * np.maximum(self.reach, 1e-9), sigma, most)
            self._counted[most, sigma] = float((self.rate * each).mean())
        return self._counted[most, sigma]


def product(names: tuple[str, ...], value: Callable[[str], Array]) -> Array:
    """The product of numbers; ``not x`` is one minus a share."""
    result: Array | float = 1.0
    for name in names:
        result = result * (1.0 - value(name[4:]) if name.startswith("not ") else value(name))
    return np.asarray(result, dtype=float)


@lru_cache(maxsize=256)
def named(factors: tuple[str, ...]) -> tuple[str, ...]:
    """The numbers that a product is made from."""
    return tuple(name.removeprefix("not ") for name in factors)


def handling_minutes(values: Values) -> Array:
    """From the first harm to repair when somebody has to come, including that nobody may be there to come."""
    absent = values["responder_absent_share"] * values["absent_minutes"]
    return values["detect_minutes"] + values["engage_minutes"] + values["repair_minutes"] + absent


TIER_NUMBERS = ("faults_per_year", "recovery_minutes", "planned_minutes_per_year", "common_cause_share", "failover_coverage", "failover_minutes")
HANDLING = ("detect_minutes", "engage_minutes", "repair_minutes", "responder_absent_share", "absent_minutes")


def of_organisation(catalog: Catalog, values: Values) -> Iterator[CauseDraws]:
    """The causes of ``causes.yaml``."""
    for cause in catalog.causes:
        names = named((*cause.rate, *cause.reach, *cause.minutes))
        names += ("repeat_incident_share",) if cause.repeats else ()
        names += HANDLING[3:] if "engage_minutes" in cause.minutes else ()
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
        key = ("tier", placed.tier.name, placed.way.id, placed.copies)
        yield from values.kept(key, _numbers_of_tier(placed.tier.name), partial(_of_tier, placed))


@lru_cache(maxsize=256)
def _numbers_of_tier(tier: str) -> tuple[str, ...]:
    return (*(f"{tier}.{name}" for name in TIER_NUMBERS), *HANDLING, "zone_losses_per_year")


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
    in_one_zone = [p for p in placed if p.way.zones == 1 and p.way.regions == 1 and p.way.redundancy in ("single", "pair")]
    if in_one_zone:
        reach = max(p.service.reach_when_down.likely for p in in_one_zone)
        yield values.kept(("zone", reach), ZONE, partial(_of_zone, reach))
    spanning = tuple(f"{p.tier.name}.failover_minutes" for p in placed) if all(p.way.regions > 1 for p in placed) else ()
    inputs = ("region_losses_per_year", *(spanning or ("region_recovery_hours",)))
    yield values.kept(("region", inputs), inputs, partial(_of_region, spanning, inputs))


ZONE = ("zone_losses_per_year", "zone_recovery_minutes")


def _of_zone(reach: float, values: Values) -> CauseDraws:
    rate, minutes = (values[name] for name in ZONE)
    return CauseDraws("zone_lost", tr("The zone or data hall is lost"), "places", rate, np.full(values.draws, reach), minutes, ZONE)


def _of_region(spanning: tuple[str, ...], inputs: tuple[str, ...], values: Values) -> CauseDraws:
    minutes = np.maximum.reduce([values[name] for name in spanning]) if spanning else values["region_recovery_hours"] * 60
    return CauseDraws("region_lost", tr("The whole region or site is lost"), "places", values["region_losses_per_year"], np.ones(values.draws), minutes, inputs)


def of_dependencies(engagement: Engagement, journey: Journey, catalog: Catalog, values: Values) -> Iterator[CauseDraws]:
    """Outside services; what they commit to, what was observed and what is planned with are never mixed."""
    for dependency in engagement.architecture.dependencies:
        if dependency.journeys and journey.name not in dependency.journeys:
            continue
        yield values.kept(("dependency", dependency), DEPENDENCY, partial(_of_dependency, dependency, catalog))


DEPENDENCY = ("dependency_outage_minutes", "dependency_reach", "soft_dependency_weight", "downtime_per_sla_allowance", "dependency_hours_down_per_year")


def _of_dependency(dependency: Dependency, catalog: Catalog, values: Values) -> CauseDraws:
    down, known_by = minutes_down_per_year(dependency, catalog, values)
    length = values["dependency_outage_minutes"]
    name = "dependency_reach" if dependency.hard else "soft_dependency_weight"
    return CauseDraws(f"dependency_{dependency.name}", f"{dependency.name}: {dependency.what}", "dependencies", down / length,
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


def stacked(causes: tuple[CauseDraws, ...], sigma: float, draws: int) -> Causes:
    """The causes as the downtime model wants them: so many draws by causes."""
    return Causes(
        ids=tuple(c.id for c in causes),
        rate=side_by_side([c.rate for c in causes], draws),
        reach=side_by_side([c.reach for c in causes], draws),
        minutes=side_by_side([c.capped for c in causes], draws),
        sigma=np.full(len(causes), sigma),
        planned=tuple(c.planned for c in causes),
    )


def sigma_of(values: Values) -> float:
    """Spread of how long outages last."""
    return values.kept("sigma", ("duration_sigma",), lambda v: float(v["duration_sigma"].mean()))


def side_by_side(columns: Sequence[Array], draws: int) -> Array:
    """The first draws of each column, (draws, columns)."""
    # One cause after the other in memory: a column is filled, and later read, in one go.
    found = np.empty((len(columns), draws))
    for place, column in enumerate(columns):
        found[place] = column[:draws]
    return found.T


__all__ = ["CauseDraws", "causes_of", "handling_minutes", "minutes_down_per_year", "named", "product", "side_by_side", "sigma_of", "stacked"]
