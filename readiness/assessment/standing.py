"""Where the client stands: levels by dimension with coverage, gates of the promise, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from readiness.catalog import Catalog
from readiness.catalog.schema import Dimension, Practice
from readiness.engagement.schema import Engagement
from readiness.models.levels import DimensionScore, GateStatus, Verdict, dimension_score, gate_status, highest_promise, required_level, verdict
from readiness.practices import applies, is_stale

HIGHEST_LEVEL = 3
State = Literal["answered", "disputed", "not applicable", "not asked", "does not apply"]


@dataclass(frozen=True, slots=True)
class PracticeStanding:
    """One practice: what was answered, how well it is known, and whether it stands in the way of the promise."""

    practice: Practice
    state: State
    level: float | None
    rung: str | None
    stale: bool
    gate: GateStatus
    required: str | None


@dataclass(frozen=True, slots=True)
class DimensionStanding:
    dimension: Dimension
    score: DimensionScore
    practices: tuple[PracticeStanding, ...]


@dataclass(frozen=True)
class Standing:
    """All dimensions, and the verdict for one promise."""

    dimensions: tuple[DimensionStanding, ...]
    verdict: Verdict
    highest_promise: float | None
    coverage: float
    tolerance: float

    @property
    def practices(self) -> tuple[PracticeStanding, ...]:
        return tuple(p for d in self.dimensions for p in d.practices)


def _gates(practice: Practice, engagement: Engagement, catalog: Catalog) -> Mapping[str, float]:
    profile = catalog.profiles.get(engagement.profile or "")
    return {**practice.required_from, **(profile.required_from.get(practice.id, {}) if profile else {})}


def practice_standing(practice: Practice, engagement: Engagement, catalog: Catalog, *, promise: float, as_of: date) -> PracticeStanding:
    """One practice against a promise."""
    given = engagement.answers.get(practice.id)
    asked_of = applies(practice, engagement, catalog)
    gates = {float(practice.answer(a).level): slo for a, slo in _gates(practice, engagement, catalog).items()}
    required = required_level(promise, gates)
    state: State = "not asked"
    level = None
    if not asked_of:
        state = "does not apply"
    elif given is not None and given.not_applicable:
        state = "not applicable"
    elif given is not None:
        levels = [practice.answer(a).level for a in given.answers]
        state, level = ("answered" if len(levels) == 1 else "disputed"), float(min(levels))
    applicable = state not in ("does not apply", "not applicable")
    status = gate_status(level, required, applicable=applicable)
    needed = next((a.id for a in practice.answers if required is not None and a.level >= required), None)
    stale = given is not None and is_stale(given, catalog, as_of=as_of, stage=engagement.stage)
    return PracticeStanding(practice, state, level, given.rung if given else None, stale, status, needed)


def standing(
    catalog: Catalog, engagement: Engagement, *, promise: float, as_of: date,
    breach: float, breach_high: float, breach_by_promise: Mapping[float, float], tolerance: float,
) -> Standing:  # fmt: skip
    """Levels, gates and the verdict for ``promise``."""
    profile = catalog.profiles.get(engagement.profile or "")
    dimensions = []
    for dimension in catalog.dimensions:
        practices = tuple(
            practice_standing(p, engagement, catalog, promise=promise, as_of=as_of)
            for p in catalog.practices.values()
            if p.dimension == dimension.id and not (profile and p.id in profile.not_asked)
        )
        dimensions.append(DimensionStanding(dimension, _score(practices, dict(profile.weights) if profile else {}), practices))
    every = [p for d in dimensions for p in d.practices if p.state not in ("does not apply", "not applicable")]
    coverage = sum(p.state in ("answered", "disputed") for p in every) / len(every) if every else 0.0
    gates = {p.practice.id: p.gate for d in dimensions for p in d.practices}
    accepted = [risk.title for risk in engagement.accepted_risks]
    return Standing(
        tuple(dimensions),
        verdict(gates, breach, breach_chance_high=breach_high, coverage=coverage, accepted_risks=accepted, tolerance=tolerance),
        highest_promise(breach_by_promise, tolerance, gates_closed_from=_closed_from(every, engagement, catalog)),
        coverage,
        tolerance,
    )


def _score(practices: tuple[PracticeStanding, ...], weights: dict[str, float]) -> DimensionScore:
    applicable = [p.state not in ("does not apply", "not applicable") for p in practices]
    if not practices:
        return DimensionScore(None, 1.0, None, None)
    return dimension_score(
        [p.level if p.level is not None else np.nan for p in practices],
        [weights.get(p.practice.id, p.practice.weight) for p in practices],
        [p.level is not None for p in practices],
        applicable,
        lowest=[min(a.level for a in p.practice.answers) for p in practices],
        highest=[max(a.level for a in p.practice.answers) for p in practices],
    )


def _closed_from(practices: list[PracticeStanding], engagement: Engagement, catalog: Catalog) -> float | None:
    """The lowest promise at which some gate is missed or unproven."""
    closed = [
        slo
        for p in practices
        for answer, slo in _gates(p.practice, engagement, catalog).items()
        if p.level is None or p.level < p.practice.answer(answer).level
    ]
    return min(closed, default=None)
