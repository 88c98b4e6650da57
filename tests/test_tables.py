"""Tidy frames hold what the assessment says, unrounded."""

from __future__ import annotations

from datetime import date

import pytest

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.tables import causes_frame, figures_frame, summary_json


@pytest.fixture(scope="module")
def a(catalog: Catalog, northlight: Engagement) -> Assessment:
    return assess(catalog, northlight, as_of=date(2026, 11, 23), draws=256)


def test_every_figure_has_one_row(a: Assessment) -> None:
    frame = figures_frame(a)
    assert list(frame["id"]) == list(a.figures)
    assert (frame["low"] <= frame["median"]).all()
    assert (frame["median"] <= frame["high"]).all()


def test_causes_add_up_to_the_journeys_downtime(a: Assessment) -> None:
    sums = causes_frame(a).groupby("journey")["bad_minutes_per_year"].sum()
    for result in a.journeys:
        assert sums[result.journey.name] == pytest.approx(float(result.bad_minutes.sum(axis=1).mean()))


def test_the_summary_says_the_day_the_data_and_the_verdict(a: Assessment) -> None:
    summary = summary_json(a)
    assert (summary["as_of"], summary["data"], summary["verdict"]) == ("2026-11-23", a.catalog.digest, a.standing.verdict.outcome)
    assert summary["figures"]["loss_per_year"]["mean"] == pytest.approx(float(a.figure("loss_per_year").draws.mean()))
