"""A provider's rate limit: what a tier's calls are let through, and what of a load is refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.models import Array
from readiness.models.load import refused_share
from readiness.moves import Values

SURE = 0.9


@dataclass(frozen=True)
class Limit:
    """A provider's rate limit against the event's peak; draws first.

    Parameters
    ----------
    per_minute
        Calls that the provider lets through.
    calls_per_request
        Calls that one request of the product makes.
    refused_share
        Share of the peak's requests that are refused.
    raise_days
        From asking for more until it holds.
    """

    per_minute: Array
    calls_per_request: Array
    refused_share: Array
    raise_days: Array

    @property
    def per_second(self) -> float:
        """Requests of the product a second that are let through; the median."""
        return float(np.median(self.per_minute / self.calls_per_request)) / 60

    @property
    def at_least_per_second(self) -> float:
        """The same in 95 of 100 draws: what one can count on without having asked."""
        return float(np.quantile(self.per_minute / self.calls_per_request, 0.05)) / 60

    @property
    def chance_refused(self) -> float:
        return float(np.mean(self.refused_share > 0))

    @property
    def binds(self) -> bool:
        """Whether it may well refuse some of the event."""
        return self.chance_refused > 1 - SURE

    def needed_per_minute(self, load_per_second: float) -> float:
        """The limit that lets a load through in 95 of 100 draws."""
        return float(np.quantile(self.calls_per_request, 0.95)) * load_per_second * 60


def limit_of(tier: str, values: Values, load_per_second: float, *, raised: bool = False) -> Limit | None:
    """A tier's rate limit against a load of requests of the product; None when no limit is known."""
    per_minute = values[f"{tier}.limit_per_minute"]
    if not per_minute.any():
        return None
    calls = values[f"{tier}.calls_per_request"]
    refused = np.zeros(values.draws) if raised else refused_share(load_per_second * 60 * calls, per_minute)
    return Limit(per_minute, calls, refused, values[f"{tier}.limit_raise_days"])
