"""Hours, rota, and who knows what."""

from __future__ import annotations

import numpy as np
import pytest

from readiness.errors import ModelError
from readiness.models import staffing as t


def test_hours_are_missing_only_where_they_exceed_what_can_be_spared() -> None:
    got = t.hours_balance(("kafka", "db", "ci"), [[80, 24, 6], [20, 10, 6]], 60)
    assert got.needed.tolist() == [110.0, 36.0]
    assert got.missing.tolist() == [50.0, 0.0]
    assert got.chance_missing == 0.5
    assert got.by_service == (("kafka", 50.0), ("db", 17.0), ("ci", 6.0))


def test_the_bus_factor_names_the_services_that_hang_on_fewest() -> None:
    assert t.bus_factor({"kafka": ["ana", "ana"], "db": ["ana", "ben"], "ci": ["ben"]}) == (1, ("kafka", "ci"))
    assert t.bus_factor({"kafka": []}) == (0, ("kafka",))


def test_nobody_missing_costs_nothing() -> None:
    assert [way.id for way in t.cheapest_cover(people=8, people_needed=8, cost_per_person_month=1)] == ["as_is"]


def test_the_cheapest_cover_is_counted_over_the_draws() -> None:
    got = t.cheapest_cover(
        people=6.5, people_needed=8, cost_per_person_month=[1000.0, 1000.0],
        loss_of_lower_promise_per_month=[500.0, 9000.0], managed_cost_per_month=None,
    )  # fmt: skip
    assert [(way.id, way.cost_per_month, way.chance_cheapest) for way in got] == [
        ("hire", 2000.0, 0.5),
        ("lower_promise", 4750.0, 0.5),
    ]


def test_what_cannot_be_is_refused() -> None:
    for impossible in (
        lambda: t.hours_balance(("a",), np.ones((2, 2)), 1),
        lambda: t.hours_balance(("a",), [[-1.0]], 1),
        lambda: t.bus_factor({}),
    ):
        with pytest.raises(ModelError):
            impossible()
