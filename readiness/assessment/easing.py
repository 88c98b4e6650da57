"""What would change a situation most: each practice that carries it at its best answer, or tiers in several places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from readiness.assessment.assess import Assessment
from readiness.assessment.scenarios import exposed_to_region, exposed_to_zone, happens
from readiness.assessment.situations import ScenarioResult
from readiness.catalog.schema import Practice, Way
from readiness.design import Placed, base_numbers, design_of, gates_hit
from readiness.engagement.schema import Engagement, GivenAnswer
from readiness.language import tr
from readiness.moves import apply
from readiness.practices import applies, choices, with_practice


@dataclass(frozen=True)
class Easing:
    """One change, and the situation with it.

    Parameters
    ----------
    what
        In words.
    practice, answer
        When it is a practice.
    ways
        Tier and way, when it is the design.
    then
        The situation after the change, on the same draws.
    spared_per_year
        Of the measure that the situation is ranked by: money where the client's is known, bad minutes else.
    unit
        Of that.
    """

    what: str
    practice: str | None
    answer: str | None
    ways: tuple[tuple[str, str], ...]
    then: ScenarioResult
    spared_per_year: float
    unit: str


def measure(result: ScenarioResult) -> tuple[float, str]:
    """What a year of the situation costs: money where revenue is known or nobody waits, bad minutes else."""
    if float(result.revenue_per_hour.mean()) > 0 or not float(result.minutes_per_year.mean()):
        return float(result.cost_per_year.mean()), "money/year"
    return float(result.minutes_per_year.mean()), "minutes/year"


def better_answer(practice: Practice, engagement: Engagement) -> str | None:
    """The best answer, when the client does not have it yet."""
    best = max(practice.answers, key=lambda answer: answer.level)
    given = engagement.answers.get(practice.id)
    if given is not None and (given.not_applicable or any(practice.answer(w).level >= best.level for w in given.answers)):
        return None
    return best.id


def as_well_known(engagement: Engagement, practice: str, answer: str) -> GivenAnswer:
    """An answer that is known as well as today's, so that a better one is not worse for being a supposition."""
    given = engagement.answers.get(practice)
    return GivenAnswer(answer=answer) if given is None else GivenAnswer(answer=answer, rung=given.rung, on=given.on)


def easings(a: Assessment, result: ScenarioResult) -> tuple[Easing, ...]:
    """Everything that would change a situation, what spares most first; what the figures do not show spares nothing.

    Examples
    --------
    What would help us most against a failed restore? ``easings(a, result)[0].what``
    """
    before, unit = measure(result)
    found: list[Easing] = []
    for name in result.scenario.eased_by:
        practice = a.catalog.practices.get(name)
        answer = better_answer(practice, a.engagement) if practice is not None and applies(practice, a.engagement, a.catalog) else None
        if practice is None or answer is None:
            continue
        altered = a.engagement.with_answer(name, as_well_known(a.engagement, name, answer))
        values = with_practice(a.values, a.catalog, altered, name, as_of=a.as_of)
        then = happens(a, result.scenario, values, a.design, altered)
        found.append(Easing(f"{practice.title}: {practice.answer(answer).text}", name, answer, (), then, before - _same(then, unit), unit))
    elsewhere = _elsewhere(a, result)
    if elsewhere is not None:
        found.append(replace(elsewhere, spared_per_year=before - _same(elsewhere.then, unit), unit=unit))
    return tuple(sorted(found, key=lambda e: -e.spared_per_year))


def _same(result: ScenarioResult, unit: str) -> float:
    return float((result.cost_per_year if unit == "money/year" else result.minutes_per_year).mean())


def _elsewhere(a: Assessment, result: ScenarioResult) -> Easing | None:
    """All tiers that a lost zone or region takes down, moved to ways that stand in several; one alone would not help."""
    minutes = result.scenario.effect.minutes
    if "zone_recovery_minutes" in minutes:
        return _moved(a, result, exposed_to_zone(list(a.design.placed)), _outlives_zone, "zones")
    if "region_recovery_hours" in minutes:
        return _moved(a, result, exposed_to_region(list(a.design.placed)), lambda way: way.regions > 1, "regions")
    return None


def _outlives_zone(way: Way) -> bool:
    return way.zones > 1 or way.regions > 1 or way.redundancy == "serverless"


def _open(a: Assessment, placed: Placed, way: Way) -> bool:
    """Whether a way may be taken at all."""
    tier = placed.tier
    if way.id in {b.way for b in tier.blocked} or (tier.allowed and way.id not in tier.allowed):
        return False
    return not any(gate.effect == "block" for gate in gates_hit(way, tier, a.engagement))


def _moved(a: Assessment, result: ScenarioResult, exposed: list[Placed], fits: Callable[[Way], bool], places: str) -> Easing | None:
    altered, taken = a.engagement, []
    for placed in exposed:
        tier = placed.tier
        open_ways = [way for way in placed.service.ways if fits(way) and _open(a, placed, way)]
        if not open_ways:
            return None
        same = [w for w in open_ways if w.provider == placed.way.provider or w.provider == a.engagement.architecture.provider] or open_ways
        cheapest = min(same, key=lambda w: design_of(a.catalog, altered.with_way(tier.name, w.id), as_of=a.as_of)[tier.name].list_price_per_month)
        altered = altered.with_way(tier.name, cheapest.id)
        taken.append((tier.name, cheapest.id))
    if not taken:
        return None
    design = design_of(a.catalog, altered, as_of=a.as_of)
    values = apply(choices(a.catalog, altered, as_of=a.as_of), base_numbers(a.catalog, altered, design), overrides=a.values.overrides,
                   reference=a.values.reference or a.values.choices, draws=a.values.draws, seed=a.values.seed)  # fmt: skip
    what = tr("several {places} for {tiers}", places=places, tiers=", ".join(t for t, _ in taken))
    return Easing(what, None, None, tuple(taken), happens(a, result.scenario, values, design, altered), 0.0, "")


__all__ = ["Easing", "as_well_known", "better_answer", "easings", "measure"]
