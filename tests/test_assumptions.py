"""The vocabulary: one definition for each number, with its unit, and no number that nothing reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from readiness.assumptions import NUMBERS, OPTION_NUMBERS, PART_NUMBERS, UNITS, Quantity, number_at
from readiness.catalog import Catalog

EVERY = {**NUMBERS, **OPTION_NUMBERS, **PART_NUMBERS}
SOURCE = Path(__file__).resolve().parents[1] / "readiness"
# A number's name ends in its unit wherever the unit is a span of time or a rate.
NAMED_UNITS = {
    "minutes": "_minutes", "minutes/month": "_minutes_per_month", "minutes/year": "_minutes_per_year", "hours": "_hours", "days": "_days",
    "weeks": "_weeks", "months": "_months", "1/month": "_per_month", "1/year": "_per_year", "hours/month": "_hours_per_month",
    "hours/year": "_per_year", "money/month": "_per_month",
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_a_number_says_its_unit_and_what_it_means(name: str) -> None:
    number = EVERY[name]
    assert number.unit in UNITS
    assert len(number.meaning) > 10
    assert (number.kind == "share") == (number.unit == "share")
    if name not in PART_NUMBERS and number.unit in NAMED_UNITS and name not in ("hours_per_incident", "release_hours_per_deploy"):
        assert name.endswith(NAMED_UNITS[number.unit])


def test_no_two_numbers_share_a_name() -> None:
    assert not set(NUMBERS) & set(OPTION_NUMBERS)


@pytest.mark.parametrize(
    ("address", "unit"),
    [("engage_minutes", "minutes"), ("engage_minutes/waking", "share"), ("orders_db.failover_coverage", "share"), ("failover_coverage", "share")],
    ids=["of the organisation", "a part", "of a tier", "of every tier"],
)
def test_addresses_lead_to_their_number(address: str, unit: str) -> None:
    assert number_at(address).unit == unit


@pytest.mark.parametrize("address", ["engage_minute", "orders_db.engage_minutes", "engage_minutes/sleeping", ""])
def test_what_is_no_address_leads_nowhere(address: str) -> None:
    with pytest.raises(KeyError):
        number_at(address)


def test_a_quantity_scales_its_whole_range() -> None:
    scaled = Quantity(1, 2, 4, "money", "list", None, "published").scaled(0.5)
    assert (scaled.low, scaled.likely, scaled.high, scaled.unit, scaled.source) == (0.5, 1, 2, "money", "list")
    assert not scaled.is_constant
    assert scaled.scaled(0).is_constant


@pytest.mark.parametrize("name", [*NUMBERS, *OPTION_NUMBERS])
def test_every_number_is_read_by_something(name: str, catalog: Catalog) -> None:
    """A number that only stands in the vocabulary would be asked for and change nothing."""
    read = {n.removeprefix("not ") for c in catalog.causes for n in (*c.rate, *c.reach, *c.minutes)}
    read |= {n.removeprefix("not ") for line in catalog.lines for n in line.product}
    if name in read:
        return
    word = re.compile(rf"\b{name}\b")
    files = [f for f in SOURCE.rglob("*.py") if f.name not in ("assumptions.py", "reference.py") and "models" not in f.parts]
    assert any(word.search(f.read_text("utf-8")) for f in files)
