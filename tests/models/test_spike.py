"""The extreme event against a queue that is played out second by second."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models.spike import CARRIED, SLOW, STUCK, TOO_SMALL, spike

TELEVISION: dict[str, Any] = {
    "load": 3000.0, "capacity": 1500.0, "ceiling": 4000.0, "lag_seconds": 180.0, "patience_seconds": 10.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param({}, SLOW, id="nobody retries"),
        pytest.param({"retries": 1}, STUCK, id="everybody tries twice"),
        pytest.param({"retries": 1, "retry_budget": 0.1}, SLOW, id="retries have a budget"),
        pytest.param({"ceiling": 2999.0}, TOO_SMALL, id="the quota is below the load"),
        pytest.param({"capacity": 2900.0}, CARRIED, id="warmed up beforehand"),
        pytest.param({"lag_seconds": 20.0}, CARRIED, id="machines start in time"),
        pytest.param({"lag_seconds": 20.1}, SLOW, id="machines start just too late"),
        pytest.param(
            {"patience_seconds": 90.0, "retries": 5}, CARRIED, id="people are patient, nobody retries"
        ),
        pytest.param({"load": 1500.0, "ceiling": 0.0}, CARRIED, id="it fits as it is"),
        pytest.param({"load": 0.0, "capacity": 0.0}, CARRIED, id="nobody comes"),
    ],
)
def test_a_verdict_known_by_hand(changes: dict[str, Any], verdict: int) -> None:
    assert int(spike(**{**TELEVISION, **changes}).verdict) == verdict


@given(
    load=st.floats(1000, 5000), capacity=st.floats(200, 5000), more=st.floats(1.05, 3), lag=st.floats(50, 300)
)
@settings(max_examples=25, deadline=None)
def test_the_longest_wait_is_that_of_a_queue_played_out(
    load: float, capacity: float, more: float, lag: float
) -> None:
    """Cumulative arrivals and services: who arrives at t is served when as many have been served as came."""
    ceiling = load * more
    found = spike(load=load, capacity=capacity, ceiling=ceiling, lag_seconds=lag, patience_seconds=1)
    times = np.linspace(0, 50 * lag, 200_001)
    came = load * times
    served = np.where(times < lag, capacity * times, capacity * lag + ceiling * (times - lag))
    left_at = np.interp(came, served, times)
    waits = np.maximum(left_at - times, 0.0)[times <= 10 * lag]
    assert float(found.longest_wait_seconds) == pytest.approx(waits.max(), rel=2e-3, abs=2e-3 * lag)


@given(
    load=st.floats(1, 5000), capacity=st.floats(0, 5000), more=st.floats(1, 3), lag=st.floats(0, 300),
    patience=st.floats(0.1, 60),
)  # fmt: skip
def test_each_of_the_changes_carries_it(
    load: float, capacity: float, more: float, lag: float, patience: float
) -> None:
    event = {
        "load": load, "capacity": capacity, "ceiling": load * more, "lag_seconds": lag,
        "patience_seconds": patience,
    }  # fmt: skip
    found = spike(**event)  # type: ignore[arg-type]
    enough = max(float(found.capacity_to_carry) * (1 + 1e-9), capacity)
    quick = min(float(found.lag_to_carry_seconds) * (1 - 1e-9), lag)
    assert int(spike(**{**event, "capacity": enough}).verdict) == CARRIED  # type: ignore[arg-type]
    assert int(spike(**{**event, "lag_seconds": quick}).verdict) == CARRIED  # type: ignore[arg-type]
    if int(found.verdict) == CARRIED:
        assert capacity >= float(found.capacity_to_carry) * (1 - 1e-9)


def test_draws_come_through_one_by_one() -> None:
    loads = np.array([1000.0, 2000.0, 3000.0, 5000.0])
    found = spike(**{**TELEVISION, "load": loads, "retries": 1})
    assert found.verdict.tolist() == [CARRIED, SLOW, STUCK, TOO_SMALL]
    for i, load in enumerate(loads):
        one = spike(**{**TELEVISION, "load": load, "retries": 1})
        assert [float(x[i]) for x in found] == [float(x) for x in one]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ModelError, match=r"the ceiling must be a finite number not below 0, but got -1\.0"):
        spike(**{**TELEVISION, "ceiling": -1.0})
