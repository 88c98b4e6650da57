"""Each journey against its promise: bad minutes, chance to break it, credits, and the highest promise one could sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from readiness.assessment.causes import CauseDraws, side_by_side, sigma_of, stacked
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR
from readiness.engagement.schema import WINDOWS_PER_YEAR, Journey, Promise
from readiness.models import Array
from readiness.models.breach import YearView, breach_chance, expected_credit_share, year_view, yearly_breach_chance
from readiness.models.downtime import Causes
from readiness.models.windows import Exceeding, WindowChances, WindowDistribution
from readiness.moves import Values

BREACH_DRAWS = 256
PROMISES = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)


@dataclass(frozen=True)
class JourneyResult:
    """What is expected of one journey in a year."""

    journey: Journey
    causes: tuple[CauseDraws, ...]
    sigma: float
    draws: int
    _credits: dict[int, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def chances(self, draws: int) -> WindowChances:
        """Chances of the bad minutes of one window that the promise counts, in the first draws."""
        return self._first(draws).chances(self.window_minutes, planned_share=self._planned_share)

    @cached_property
    def window(self) -> WindowChances:
        """The same in as many draws as a range needs."""
        return self.chances(BREACH_DRAWS)

    @cached_property
    def one_year(self) -> WindowDistribution:
        """Bad minutes of a year that the promise counts: one distribution over all draws."""
        return self._first(BREACH_DRAWS).window(MINUTES_PER_YEAR, planned_share=self._planned_share).over_all_draws()

    def _first(self, draws: int) -> Causes:
        return stacked(self.causes, self.sigma, min(draws, self.draws))

    @property
    def _planned_share(self) -> float | None:
        return None if self.journey.promise.planned_work_counts else 0.0

    @property
    def windows_per_year(self) -> float:
        return WINDOWS_PER_YEAR[self.journey.promise.window]

    @property
    def window_minutes(self) -> float:
        return MINUTES_PER_YEAR / self.windows_per_year

    @cached_property
    def bad_minutes(self) -> Array:
        """Bad minutes a year by cause, shape (draws, causes)."""
        return side_by_side([c.bad_minutes for c in self.causes], self.draws)

    @cached_property
    def stack(self) -> Causes:
        """The causes in all draws, as the downtime model wants them."""
        return self._first(self.draws)

    @cached_property
    def total(self) -> Array:
        """Bad minutes a year, shape (draws,)."""
        return np.minimum(sum((c.bad_minutes for c in self.causes), np.zeros(self.draws)), MINUTES_PER_YEAR)

    @cached_property
    def counted(self) -> Array:
        """Bad minutes a year that the promise counts, shape (draws,)."""
        if self.journey.promise.planned_work_counts:
            return self.total
        unplanned = ~np.array([c.planned for c in self.causes])
        return np.minimum(self.bad_minutes[:, unplanned].sum(axis=1), MINUTES_PER_YEAR)

    def yearly_breach(self, slo: float) -> Array:
        """Chance of at least one breach of ``slo`` within a year, one per draw of the window distribution."""
        return yearly_breach_chance(breach_chance(self.window, slo), self.windows_per_year)

    @cached_property
    def breach(self) -> Array:
        return self.yearly_breach(self.journey.promise.slo)

    @cached_property
    def breach_per_window(self) -> Array:
        return breach_chance(self.window, self.journey.promise.slo)

    @cached_property
    def breach_by_promise(self) -> Mapping[float, float]:
        """Expected yearly chance of breach under each usual promise, and under this one."""
        levels = sorted({*PROMISES, self.journey.promise.slo})
        chances = self.window_exceeds(levels)
        return {slo: float(yearly_breach_chance(chances[:, i], self.windows_per_year).mean()) for i, slo in enumerate(levels)}

    def window_exceeds(self, levels: list[float]) -> Array:
        return np.asarray(breach_chance(self.window, np.array(levels))).reshape(-1, len(levels))

    @cached_property
    def credits_per_year(self) -> float:
        """Expected SLA credits owed a year by the promise's own tables."""
        return sum(self.credits_by_table.values(), 0.0)

    @cached_property
    def credits_by_table(self) -> Mapping[str | None, float]:
        """The same by tenant group that is promised a table of its own; None is everybody's."""
        tables = self.journey.promise.credit_tables
        return credits_owed(self.window, self.journey.promise) if tables else {}

    def credits_in(self, draws: int) -> float:
        """The same from so few draws."""
        if draws not in self._credits:
            promise = self.journey.promise
            self._credits[draws] = sum(credits_owed(self.chances(draws), promise).values(), 0.0) if promise.credit_levels else 0.0
        return self._credits[draws]

    @cached_property
    def year(self) -> YearView:
        """Typical, average and one-in-ten year, in bad minutes that the promise counts."""
        return year_view(self.one_year)


def credits_owed(window: Exceeding, promise: Promise) -> dict[str | None, float]:
    """Expected SLA credits a year by table, from the bad minutes of one window."""
    return {
        name: float(np.mean(expected_credit_share(window, tiers))) * fee * MONTHS_PER_YEAR for name, (tiers, fee) in promise.credit_tables.items()
    }


def journey_result(journey: Journey, causes: tuple[CauseDraws, ...], values: Values) -> JourneyResult:
    """Put a journey's causes together; where nothing moved any of them, what was made of the same ones before."""
    names = {"duration_sigma", *(name for c in causes for name in c.inputs)}
    # The result holds the journey, so that nothing else can have its place in memory while it is kept.
    return values.kept(("journey", id(journey), causes), names, lambda v: JourneyResult(journey, causes, sigma_of(v), v.draws))
