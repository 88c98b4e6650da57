"""Staying with what one runs, and staying well: the steps that are missing, what they take, and the client after them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.sourcing_growth import DRAW_BLOCK
from readiness.catalog.schema import Practice, Remedy
from readiness.engagement.schema import Engagement
from readiness.models import Array
from readiness.models.draws import standard_normal
from readiness.models.uncertainty import quantiles_to_draws

STAY_PRACTICES = ("restore_test", "infrastructure_as_code", "isolated_backup")
"""What staying well takes: a restore that was tested, a rebuild from scripts, a copy elsewhere."""
STAY_LEVEL = 3
EFFORT_COLUMN = DRAW_BLOCK - 2
"""Column of the common draws for the efforts of one team, which err together."""


def stay_steps(a: Assessment) -> list[tuple[Practice, Remedy]]:
    """The steps of staying well that this client has still to take."""
    found = []
    for name in STAY_PRACTICES:
        practice = a.catalog.practices.get(name)
        standing = next((p for p in a.standing.practices if p.practice.id == name), None)
        if practice is None or standing is None or standing.state in ("does not apply", "not applicable"):
            continue
        wanted = [r for r in practice.remedies if practice.answer(r.to).level >= STAY_LEVEL]
        if wanted and (standing.level is None or standing.level < STAY_LEVEL):
            found.append((practice, min(wanted, key=lambda r: (practice.answer(r.to).level, r.hours.likely))))
    return found


def remedies_cost(steps: Sequence[tuple[Practice, Remedy]], draws: int, rate: float) -> tuple[Array, Array, float]:
    """Hours once, cash a month and weeks until it stands, for several remedies; efforts of one team vary together."""
    z = standard_normal(draws, EFFORT_COLUMN)
    hours, cash = np.zeros(draws), np.zeros(draws)
    for _, remedy in steps:
        hours = hours + quantiles_to_draws(z, remedy.hours.low, remedy.hours.likely, remedy.hours.high, kind="positive")
        if remedy.cost_per_month:
            c = remedy.cost_per_month
            cash = cash + rate * quantiles_to_draws(z, c.low, c.likely, c.high, kind="positive")
    return hours, cash, max((r.lead_weeks for _, r in steps), default=0.0)


def with_steps(engagement: Engagement, steps: Sequence[tuple[Practice, Remedy]]) -> Engagement:
    """The client once the steps are taken."""
    for practice, remedy in steps:
        engagement = engagement.with_answer(practice.id, remedy.to)
    return engagement
