"""Tenant groups: nothing moves without them, exact sums by hand with them, and rows that add up to the lines of loss."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.groups import losses_by_group
from readiness.assessment.yearly import year_of
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.exhibits.money import money
from readiness.report.factors import Products

AS_OF = date(2026, 11, 23)
LARGE = {"name": "large", "title": "The large customer", "share_of_revenue": 0.7, "hit_share": 0.5, "churn_times": 3}
SMALL = {"name": "small", "title": "Everybody else", "share_of_revenue": 0.3}


def grouped(catalog: Catalog, northlight: Engagement, *groups: dict[str, Any], credits: dict[str, Any] | None = None, **money_facts: Any) -> Assessment:
    plain = northlight.model_dump(mode="json")
    plain["money"] |= {"groups": list(groups), **money_facts}
    plain["journeys"][0]["promise"]["credits_of_groups"] = credits or {}
    return assess(catalog, Engagement.model_validate(plain), as_of=AS_OF, draws=256)


def line(a: Assessment, name: str) -> np.ndarray:
    return next(x.per_year for x in a.amounts if x.id == name)


def test_one_group_that_feels_everything_is_no_group_at_all(catalog: Catalog, northlight: Engagement) -> None:
    without, one = grouped(catalog, northlight), grouped(catalog, northlight, SMALL | {"share_of_revenue": 1})
    assert losses_by_group(without) == ()
    assert all(np.array_equal(f.draws, one.figure(f.id).draws) for f in without.figures.values())


@pytest.mark.parametrize("own", [{}, {"lost_share": {"low": 0.1, "likely": 0.2, "high": 0.4}, "churn_factor": 0.5}], ids=["as practices say", "the client's own"])
def test_revenue_and_departures_are_weighed_over_the_groups_and_nothing_else_moves(catalog: Catalog, northlight: Engagement, own: dict[str, Any]) -> None:
    before, after = grouped(catalog, northlight, **own), grouped(catalog, northlight, LARGE, SMALL, **own)
    felt = Fraction(7, 10) * Fraction(1, 2) + Fraction(3, 10)
    leaving = Fraction(7, 10) * Fraction(1, 2) * 3 + Fraction(3, 10)
    assert line(after, "lost_revenue") == pytest.approx(line(before, "lost_revenue") * float(felt), rel=1e-12)
    assert line(after, "churn") == pytest.approx(line(before, "churn") * float(leaving), rel=1e-12)
    others = [x.id for x in before.amounts if x.id not in ("lost_revenue", "churn")]
    assert all(np.array_equal(line(before, name), line(after, name)) for name in others)


def test_the_rows_are_the_groups_parts_and_add_up_to_the_lines(catalog: Catalog, northlight: Engagement) -> None:
    a = grouped(catalog, northlight, LARGE, SMALL, credits={"large": {"credits": "<0.9:0.5", "monthly_fee": 9000}})
    large, small = losses_by_group(a)
    assert large.revenue / small.revenue == pytest.approx(0.35 / 0.30)
    assert large.churn / small.churn == pytest.approx(1.05 / 0.30)
    assert large.bad_minutes == pytest.approx(0.5 * a.bad_minutes_weighted)
    for name, parts in (("lost_revenue", large.revenue + small.revenue), ("churn", large.churn + small.churn), ("sla_credits_owed", large.credits + small.credits)):
        assert parts == pytest.approx(line(a, name), rel=1e-12)
    assert large.credits == pytest.approx(a.main.credits_by_table["large"] * a.values["credit_factor"])


def test_a_table_of_its_own_is_owed_beside_everybodys(catalog: Catalog, northlight: Engagement) -> None:
    without = grouped(catalog, northlight, LARGE, SMALL)
    same = without.engagement.journeys[0].promise
    a = grouped(catalog, northlight, LARGE, SMALL, credits={"large": {"credits": same.credits, "monthly_fee": same.monthly_fee * 2}})
    assert line(a, "sla_credits_owed") == pytest.approx(3 * line(without, "sla_credits_owed"), rel=1e-12)
    light = year_of(catalog, a.engagement, a.design, a.values, credits=256)
    assert next(x.per_year for x in light.amounts if x.id == "sla_credits_owed") == pytest.approx(line(a, "sla_credits_owed"), rel=1e-6)


def test_groups_out_of_reach_lose_nothing(catalog: Catalog, northlight: Engagement) -> None:
    a = grouped(catalog, northlight, LARGE | {"hit_share": 0}, SMALL | {"hit_share": 0})
    assert not line(a, "lost_revenue").any()
    assert not line(a, "churn").any()
    assert all(not g.revenue.any() and not g.churn.any() for g in losses_by_group(a))


def test_the_trail_says_that_groups_moved_the_number_and_the_spreadsheet_still_adds_up(catalog: Catalog, northlight: Engagement) -> None:
    a = grouped(catalog, northlight, LARGE, SMALL)
    assert any("tenant groups" in step.text for step in a.values.trail("churn_factor"))
    assert Products(a).lines, "each line is the product of its printed factors, or this raises"


def test_who_loses_what_stands_in_the_chapter_of_money_only_with_groups(catalog: Catalog, northlight: Engagement) -> None:
    assert not [e for e in money(grouped(catalog, northlight)).exhibits if e.id == "loss_by_group"]
    (table,) = [e for e in money(grouped(catalog, northlight, LARGE, SMALL)).exhibits if e.id == "loss_by_group"]
    assert table.finding.startswith("The large customer: 70")
    assert [row[0] for row in table.table.rows] == ["The large customer", "Everybody else"]  # type: ignore[union-attr]


def test_peak_hours_weigh_an_outage_by_what_its_hours_earn(catalog: Catalog, northlight: Engagement) -> None:
    # A tenth of the hours at four times the mean, and half of the bad minutes fall there: the other hours earn 6/9 of the mean.
    peak = {"revenue_times": 4, "share_of_hours": 0.1, "share_of_outages": 0.5}
    weight = Fraction(1, 2) * 4 + Fraction(1, 2) * (1 - Fraction(4, 10)) / (1 - Fraction(1, 10))
    assert grouped(catalog, northlight, peak_hours=peak).values["peak_factor"] == pytest.approx(float(weight))
    indifferent = grouped(catalog, northlight, peak_hours=peak | {"share_of_outages": 0.1})
    assert indifferent.values["peak_factor"] == pytest.approx(1)
    felt = grouped(catalog, northlight, LARGE, SMALL, peak_hours=peak).values["peak_factor"]
    assert felt == pytest.approx(float(weight) * 0.65)


def test_the_costs_of_all_causes_are_the_lines_that_follow_from_minutes(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for client in clients.values():
        a = assess(catalog, client, as_of=AS_OF, draws=256)
        assert a.loss_by_cause.keys() == a.bad_minutes_by_cause.keys()
        lines = sum(line(a, name) for name in ("lost_revenue", "churn", "idle"))
        capped = a.bad_minutes_weighted / sum(minutes for _, minutes in a.bad_minutes_by_cause.values())
        assert sum(a.loss_by_cause.values()) * capped == pytest.approx(lines, rel=1e-9)
