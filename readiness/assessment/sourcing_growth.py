"""How a client's load grows over the horizon, and when machines are full of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from readiness.assumptions import MONTHS_PER_YEAR
from readiness.engagement.schema import Engagement
from readiness.models import Array
from readiness.models.cost import load_in_month
from readiness.moves import Values

HORIZON_MONTHS = 36
DRAW_BLOCK = 1024
"""Columns of the common draws that the numbers use too, so that they are made once; what has no number takes its last ones."""


@dataclass(frozen=True, eq=False)
class Growth:
    """How the load grows, and when machines are full of it.

    Parameters
    ----------
    per_year
        Growth of the first year, (draws,).
    factor
        Times today's load by month, (draws, months); month 0 is now.
    headroom
        Load that machines carry which nobody has measured, in multiples of today's peak, (draws,).
    full
        Share of what it carries at which a machine is full, (draws,).
    """

    per_year: Array
    factor: Array
    headroom: Array
    full: Array

    @property
    def months(self) -> int:
        return int(self.factor.shape[1])


OF_GROWTH = ("growth_realised_factor", "growth_kept_share", "unmeasured_headroom_factor", "full_machine_share")


def growth_of(engagement: Engagement, values: Values, *, months: int = HORIZON_MONTHS, per_year: float | None = None) -> Growth:
    """Growth as the client expects it with its spread, or exactly ``per_year`` where that is given; it fades year by year."""
    expected = engagement.demand.growth_per_year if per_year is None else float(per_year)
    return _growth(expected, months, per_year is not None, *(values[name].tobytes() for name in OF_GROWTH))


@lru_cache(maxsize=32)
def _growth(expected: float, months: int, exact: bool, *numbers: bytes) -> Growth:
    realised, kept, headroom, full = (np.frombuffer(drawn) for drawn in numbers)
    yearly = np.maximum(expected * (np.ones_like(realised) if exact else realised), -0.95)
    month = np.arange(months, dtype=float)
    factor = np.ones((len(realised), months))
    for year in range(int(np.ceil(months / MONTHS_PER_YEAR))):
        inside = np.clip(month - MONTHS_PER_YEAR * year, 0, MONTHS_PER_YEAR)
        factor *= load_in_month(1.0, (yearly * kept**year)[:, None], inside)
    return Growth(yearly, factor, headroom, full)
