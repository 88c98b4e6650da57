"""Moves: what sets, what scales, how far, and the trail that tells of it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.assumptions import NUMBERS, OPTION_NUMBERS, PART_NUMBERS, Quantity
from readiness.moves import Choice, Move, Values, apply

DAY = date(2026, 11, 23)


def constant(value: float, unit: str = "minutes") -> Quantity:
    return Quantity(value, value, value, unit, "a test", DAY, "estimated")


def base(**given_numbers: float) -> dict[str, Quantity]:
    """Everything at one, parts in equal shares, and what is given."""
    numbers: dict[str, Quantity] = {name: constant(1.0, n.unit) for name, n in NUMBERS.items()}
    for number in NUMBERS.values():
        numbers |= {f"{number.name}/{part}": constant(1 / len(number.parts), "share") for part in number.parts}
    numbers |= {f"db.{name}": constant(0.5, n.unit) for name, n in OPTION_NUMBERS.items()}
    return numbers | {name: constant(value) for name, value in given_numbers.items()}


def sets(address: str, value: float, origin: str = "practice:a=b") -> Move:
    return Move(address, "set", value, value, value, origin, "because", "a test", "estimated", DAY)


def scales(address: str, by: float, *, part: str | None = None, cap: float = 0.1, origin: str = "a") -> Move:
    return Move(address, "scale", by, by, by, origin, "because", "a test", "estimated", DAY, part, cap)


def certain(*moves: Move, origin: str = "a") -> Choice:
    return Choice(origin, (1.0,), (moves,))


def value(values: Values, address: str) -> float:
    drawn = values[address]
    assert np.all(drawn == drawn[0])
    return float(drawn[0])


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ((), 100.0),
        ((sets("engage_minutes", 5),), 5.0),
        ((scales("engage_minutes", 0.5, part="waking"),), 75.0),
        ((scales("engage_minutes", 0.5, part="waking"), scales("engage_minutes", 0.5, part="finding")), 50.0),
        ((sets("engage_minutes", 10), scales("engage_minutes", 0.5, part="waking")), 7.5),
        ((scales("engage_minutes", 0.01, part="waking", cap=0.4),), 70.0),
        ((scales("engage_minutes", 2.0, part="waking"),), 150.0),
    ],
    ids=[
        "nothing moves it",
        "set",
        "half of one half",
        "half of both halves",
        "set, then half of one half",
        "never below the cap",
        "worse than usual",
    ],
)
def test_a_number_is_set_first_and_then_scaled_by_parts(moves: tuple[Move, ...], expected: float) -> None:
    choices = [certain(m, origin=f"practice_{i}") for i, m in enumerate(moves)]
    assert value(apply(choices, base(engage_minutes=100), draws=16), "engage_minutes") == pytest.approx(expected)


def test_two_practices_that_scale_one_part_multiply_down_to_the_cap() -> None:
    both = [certain(scales("engage_minutes", 0.5, part="waking", cap=0.3), origin=o) for o in ("a", "b")]
    assert value(apply(both, base(engage_minutes=100), draws=16), "engage_minutes") == pytest.approx(50 + 50 * 0.3)


def test_scaling_a_coverage_scales_what_it_misses() -> None:
    moved = apply([certain(scales("failover_coverage", 0.5))], base(), draws=16)
    assert value(moved, "db.failover_coverage") == pytest.approx(0.75)


def test_a_bare_name_reaches_every_tier_and_an_address_only_its_own() -> None:
    numbers = base() | {f"web.{name}": constant(0.5, n.unit) for name, n in OPTION_NUMBERS.items()}
    moved = apply([certain(sets("web.recovery_minutes", 9)), certain(scales("effort_hours_per_month", 0.5), origin="b")], numbers, draws=16)
    assert (value(moved, "web.recovery_minutes"), value(moved, "db.recovery_minutes")) == (9, 0.5)
    assert value(moved, "web.effort_hours_per_month") == value(moved, "db.effort_hours_per_month") == 0.25


def test_an_open_question_holds_each_answer_as_often_as_it_is_given() -> None:
    choice = Choice("a", (0.25, 0.75), ((sets("engage_minutes", 10),), (sets("engage_minutes", 2),)), "not asked")
    drawn = apply([choice], base(), draws=4096)["engage_minutes"]
    assert set(drawn) == {2.0, 10.0}
    assert float((drawn == 10).mean()) == pytest.approx(0.25, abs=0.02)


def test_all_numbers_of_one_open_question_follow_the_same_answer() -> None:
    choice = Choice(
        "a", (0.5, 0.5), ((sets("engage_minutes", 10), sets("repair_minutes", 20)), (sets("engage_minutes", 1), sets("repair_minutes", 2)))
    )
    moved = apply([choice], base(), draws=1024)
    assert np.array_equal(moved["engage_minutes"] == 10, moved["repair_minutes"] == 20)


def test_an_override_has_the_last_word_and_moves_with_the_model_from_its_reference() -> None:
    before, after = certain(sets("engage_minutes", 100)), certain(sets("engage_minutes", 50))
    said = sets("engage_minutes", 30, origin="override")
    assert value(apply([after], base(), overrides=[said], draws=16), "engage_minutes") == 30
    assert value(apply([after], base(), overrides=[said], reference=[before], draws=16), "engage_minutes") == pytest.approx(15)
    assert value(apply([before], base(), overrides=[said], reference=[before], draws=16), "engage_minutes") == pytest.approx(30)


@given(low=st.floats(0.1, 1), likely=st.floats(1, 5), high=st.floats(5, 50))
def test_a_range_keeps_its_three_percentiles(low: float, likely: float, high: float) -> None:
    numbers = base() | {"engage_minutes": Quantity(low, likely, high, "minutes", "a test", DAY, "estimated")}
    drawn = apply([], numbers, draws=4096)["engage_minutes"]
    assert np.quantile(drawn, [0.05, 0.5, 0.95]) == pytest.approx([low, likely, high], rel=0.05)


@given(st.floats(0.01, 3.0), st.floats(0.01, 3.0))
def test_scaling_less_never_leaves_more(first: float, second: float) -> None:
    low, high = sorted((first, second))
    small, large = (value(apply([certain(scales("engage_minutes", by, part="waking"))], base(), draws=16), "engage_minutes") for by in (low, high))
    assert small <= large


def test_shares_stay_shares() -> None:
    numbers = base() | {"change_failure_rate": constant(0.9, "share")}
    moved = apply([certain(scales("change_failure_rate", 3.0, part="code"))], numbers, draws=16)
    assert value(moved, "change_failure_rate") == 1.0


def test_the_trail_begins_at_the_default_and_tells_every_move() -> None:
    moved = apply(
        [certain(sets("engage_minutes", 10)), certain(scales("engage_minutes", 0.5, part="waking"), origin="b")], base(engage_minutes=100), draws=16
    )
    trail = moved.trail("engage_minutes")
    assert [s.origin for s in trail] == ["base", "practice:a=b", "a"]
    assert [s.mean_after for s in trail] == pytest.approx([100, 10, 7.5])
    assert "its part waking" in trail[-1].text
    assert all(s.source == "a test" for s in trail)


def test_a_tier_more_moves_no_draw_of_the_others() -> None:
    ranged = {"engage_minutes": Quantity(1, 2, 9, "minutes", "a test"), "db.recovery_minutes": Quantity(1, 2, 9, "minutes", "a test")}
    fewer = apply([], base() | ranged, draws=256)
    more = apply([], base() | ranged | {f"web.{n}": constant(0.5) for n in OPTION_NUMBERS}, draws=256)
    assert np.array_equal(fewer["engage_minutes"], more["engage_minutes"])
    assert np.array_equal(fewer["db.recovery_minutes"], more["db.recovery_minutes"])


def test_what_is_drawn_cannot_be_changed_by_who_reads_it() -> None:
    drawn = apply([], base(), draws=16)["engage_minutes"]
    with pytest.raises(ValueError, match="read-only"):
        drawn[0] = 3


def test_every_part_is_a_number_with_an_address_of_its_own() -> None:
    assert set(PART_NUMBERS) == {f"{n.name}/{part}" for n in NUMBERS.values() for part in n.parts}
