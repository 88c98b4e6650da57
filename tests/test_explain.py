"""Why a number is what it is: every number has an explanation, and its parts have theirs."""

from __future__ import annotations

from datetime import date

import pytest

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.errors import UsageError
from readiness.explain import explained


@pytest.fixture(scope="module")
def a(catalog: Catalog, northlight: Engagement) -> Assessment:
    return assess(catalog, northlight, as_of=date(2026, 11, 23), draws=256)


def test_every_figure_and_every_part_of_it_can_be_explained(a: Assessment) -> None:
    waiting, seen = list(a.figures), set()
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        explanation = explained(a, number)
        assert explanation.said
        assert explanation.title
        waiting += [name for name, _, _ in explanation.parts]
    assert len(seen) > len(a.figures)


def test_every_figure_says_what_it_is_made_from(a: Assessment) -> None:
    unexplained = [f.id for f in a.figures.values() if not f.inputs]
    # What is planned or observed of a dependency comes from the client's file alone.
    assert [u for u in unexplained if not u.startswith("bad_minutes_dependency_")] == []


def test_an_assumption_is_told_from_its_default_to_its_last_move(a: Assessment) -> None:
    explanation = explained(a, "rollback_minutes")
    assert explanation.trail[0].origin == "base"
    assert explanation.trail[-1].origin.startswith("practice:rollback=")
    assert explanation.trail[-1].mean_after == pytest.approx(float(a.values["rollback_minutes"].mean()))


def test_the_same_is_told_to_people_and_machines(a: Assessment) -> None:
    explanation = explained(a, "loss_per_year")
    machine = explanation.as_data()
    assert machine["formula"] in "\n".join(explanation.lines())
    assert [p["number"] for p in machine["parts"]] == [name for name, _, _ in explanation.parts]


def test_a_number_that_is_none_is_refused_with_a_guess(a: Assessment) -> None:
    with pytest.raises(UsageError, match=r'"los_per_year" is not a number of this assessment; did you mean "loss_per_year"\?'):
        explained(a, "los_per_year")
    with pytest.raises(UsageError, match="is not a number of this assessment"):
        explained(a, "nowhere.recovery_minutes")
