"""Numbers on their way to a reader, and client text on its way to a sink."""

from __future__ import annotations

import math
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.text import (
    GAP,
    Ledger,
    availability,
    duration,
    escape_html,
    escape_markdown,
    escape_plotly,
    escape_sheet,
    numbers_in,
    per_cent,
    promise,
    rounded,
    thousands,
)


@pytest.mark.parametrize(
    ("unavailability", "said"),
    [(0.001, "99.9 %"), (0.00099, "99.901 %"), (0.00101, "99.89 %"), (1e-4, "99.99 %"), (0.5, "50 %"), (1.0, "0 %"), (3e-9, "99.9999997 %")],
    ids=["three nines", "a little better", "a little worse", "four nines", "half", "never up", "eight nines"],
)
def test_availabilities_are_said_with_as_many_nines_as_they_have(unavailability: float, said: str) -> None:
    assert availability(unavailability).replace(GAP, " ") == said


@given(st.floats(1e-8, 1.0))
def test_an_availability_is_never_said_better_than_it_is(unavailability: float) -> None:
    said = float(availability(unavailability).removesuffix(f"{GAP}%")) / 100
    assert said <= 1 - unavailability + 1e-9


@given(st.floats(0.0, 1.0))
def test_a_share_is_said_as_none_or_all_only_when_it_is(share: float) -> None:
    assert (per_cent(share) == f"0{GAP}%") == (share == 0)
    assert (per_cent(share) == f"100{GAP}%") == (share == 1)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.5, "30 s"), (1, "1 min"), (89, "89 min"), (90, "1.5 h"), (4319, "72 h"), (4320, "3 days"), (0, "0 min")],
    ids=["half a minute", "a minute", "under an hour and a half", "an hour and a half", "just under three days", "three days", "none"],
)
def test_minutes_are_said_in_the_unit_of_a_person(minutes: float, said: str) -> None:
    assert duration(minutes).replace(GAP, " ") == said


@given(st.floats(1e-6, 1e12), st.integers(1, 6))
def test_rounding_stays_within_half_a_step_of_the_last_digit(value: float, digits: int) -> None:
    assert abs(rounded(value, digits) - value) <= 0.5000001 * 10 ** (math.floor(math.log10(value)) - digits + 1)


@given(st.floats(-1e12, 1e12))
def test_thousands_read_back_as_the_rounded_number(value: float) -> None:
    assert float(thousands(value).replace(",", "")) == pytest.approx(rounded(value), rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("money/year", 268_432, "EUR 270,000"),
        ("money", -1250, "−EUR 1,200"),
        ("minutes/year", 1900, "32 h"),
        ("share", 0.123, "12 %"),
        ("promise", 0.9995, "99.95 %"),
        ("unavailability", 0.001, "99.9 %"),
        ("hours/month", 12.34, "12 h"),
        ("1/year", 2.04, "2 a year"),
        ("days", 3.3, "3.3 days"),
        ("money", math.inf, "not known"),
        ("share", math.nan, "not known"),
    ],
)
def test_each_unit_has_one_way_to_be_written(unit: str, value: float, said: str) -> None:
    ledger = Ledger("EUR")
    assert ledger.say(value, unit, id="x").replace(GAP, " ") == said
    assert [p.text.replace(GAP, " ") for p in ledger.printed] == [said]


@pytest.mark.parametrize(
    ("unit", "low", "high", "said"),
    [
        ("minutes", 5, 50, "5 to 50 min"),
        ("minutes", 5, 500, "5 min to 8.3 h"),
        ("money", 1000, 2000, "USD 1,000 to 2,000"),
        ("share", 0.1, 0.2, "10 to 20 %"),
        ("share", 0.1, 0.1, "10 %"),
        ("share", 0.0001, 0.2, "under 0.1 % to 20 %"),
    ],
    ids=["the unit once", "two units", "the currency once", "per cent once", "no range", "words in front keep the unit"],
)
def test_a_range_says_its_unit_once_where_that_reads_well(unit: str, low: float, high: float, said: str) -> None:
    ledger = Ledger()
    assert ledger.range(low, high, unit, id="x").replace(GAP, " ") == said
    assert [p.id for p in ledger.printed] == ["x.low", "x.high"]


@pytest.mark.parametrize("unit", ["money/year", "minutes/year", "share", "promise", "unavailability", "hours/month", "days"])
def test_a_number_is_never_parted_from_its_unit(unit: str) -> None:
    assert " " not in Ledger("EUR").say(0.9, unit, id="x")


@given(st.text())
def test_escaped_html_reads_as_the_text_itself(text: str) -> None:
    escaped = escape_html(text)
    assert not set("<>\"'") & set(escaped)
    # Reading HTML folds control characters that no client file may hold; the rest comes back letter for letter.
    if all(ord(c) >= 32 and not 0x7F <= ord(c) <= 0x9F and not 0xD800 <= ord(c) <= 0xDFFF for c in text):
        assert unescape(escaped) == text


@given(st.text())
def test_text_for_plotly_holds_neither_tags_nor_mathematics(text: str) -> None:
    assert not set("<>$") & set(escape_plotly(text))


@given(st.text(alphabet="$*_`[]()<>#!|~\\-abc \n"))
def test_markdown_formats_nothing(text: str) -> None:
    escaped = escape_markdown(text)
    rest = escaped.replace("\\\\", "")
    assert all(rest[i - 1] == "\\" for i, c in enumerate(rest) if c in "$*_`[]()<>#!|~")
    assert "\n" not in escaped


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert escape_sheet(text) == "'" + text


def test_a_promise_is_written_as_it_is_spoken() -> None:
    assert [promise(s).replace(GAP, " ") for s in (0.9, 0.99, 0.999, 0.9999, 0.99999)] == ["90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"]


def test_the_numbers_of_a_sentence_are_found() -> None:
    assert list(numbers_in("99.9 % of USD 1,234,567 in 3 of 12 months")) == ["99.9", "1,234,567", "3", "12"]
