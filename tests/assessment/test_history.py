"""The client's own incidents: what is read, what is believed after them, and that a measured client keeps its own say."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy.special import gammaln

from readiness.assessment import Assessment, assess
from readiness.assessment.history import REMEMBERED_WEIGHT, assess_with_history, history, history_moves, noticed_per_year, observed
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import History

AS_OF = date(2026, 11, 23)


def remembering(client: Engagement, **told: Any) -> Engagement:
    return client.model_copy(update={"history": History.model_validate(told)})


@pytest.fixture(scope="module")
def today(catalog: Catalog, northlight: Engagement) -> Assessment:
    return assess(catalog, northlight, as_of=AS_OF)


def test_a_list_gives_minutes_and_years_with_gaps_left_open() -> None:
    told = History.model_validate({
        "observed_from": "2025-11-23",
        "incidents": [
            {"started": "2026-01-10 10:00", "resolved": "2026-01-10 11:30", "share_of_users": 1, "cause": "deploy"},
            {"started": "2026-03-02T22:00Z", "resolved": "2026-03-03T04:00+00:00", "cause": "deploy"},
            {"started": "2026-05-20 09:15"},
            {"started": "once in summer"},
        ],
    })  # fmt: skip
    found, kind, undated = observed(told, AS_OF)
    assert found is not None
    assert (kind, undated, found.count(), found.count("deploy")) == ("incidents", 1, 3, 2)
    assert found.years == pytest.approx(365 / 365.25)
    assert found.lengths().tolist() == [90, 360]


def test_nothing_told_changes_nothing_and_asks_for_three_figures(catalog: Catalog, northlight: Engagement) -> None:
    client = remembering(northlight)
    plain, taken = assess(catalog, client, as_of=AS_OF), assess_with_history(catalog, client, as_of=AS_OF)
    assert (plain.bad_minutes_weighted == taken.bad_minutes_weighted).all()
    assert history_moves(plain) == ()
    assert "Three figures" in history(plain).sentence


def test_the_posterior_is_that_of_bayes_on_a_grid(today: Assessment) -> None:
    found = history(today)
    rate = noticed_per_year(today)
    grid = np.linspace(0.001, 300, 400_000)
    low, high = np.quantile(rate, [0.05, 0.95])
    from readiness.models.incidents import RateBelief

    shape = RateBelief.from_range(float(low), float(high)).shape
    years = shape / rate.mean()
    count, watched = 11 * REMEMBERED_WEIGHT, REMEMBERED_WEIGHT
    log = (shape - 1) * np.log(grid) - years * grid + count * np.log(grid * watched) - grid * watched - gammaln(count + 1)
    weight = np.exp(log - log.max())
    assert found.rate.posterior[0] == pytest.approx(float((grid * weight).sum() / weight.sum()), rel=1e-4)


@pytest.mark.parametrize("outages", [3, 11, 40])
def test_what_was_seen_pulls_the_rate_towards_it(catalog: Catalog, northlight: Engagement, outages: int) -> None:
    told = {"remembered": {"outages_in_twelve_months": outages, "typical_minutes": 45, "worst_minutes": 610}}
    a = assess(catalog, remembering(northlight, **told), as_of=AS_OF)
    found = history(a)
    prior, posterior = found.rate.prior[0], found.rate.posterior[0]
    assert min(prior, outages) < posterior < max(prior, outages)
    taken = assess_with_history(catalog, a.engagement, as_of=AS_OF)
    assert float(noticed_per_year(taken).mean()) == pytest.approx(posterior, rel=0.25)


def test_more_outages_seen_never_lower_the_expected_downtime(catalog: Catalog, northlight: Engagement) -> None:
    minutes = []
    for outages in (1, 5, 20, 60):
        told = {"outages_in_twelve_months": outages, "typical_minutes": 45, "worst_minutes": 300}
        taken = assess_with_history(catalog, remembering(northlight, remembered=told), as_of=AS_OF)
        minutes.append(float(taken.bad_minutes_weighted.mean()))
    assert minutes == sorted(minutes)


def test_longer_outages_seen_lengthen_every_part(catalog: Catalog, northlight: Engagement) -> None:
    def factor(typical: float) -> float:
        return history(
            assess(
                catalog,
                remembering(northlight, remembered={"outages_in_twelve_months": 8, "typical_minutes": typical, "worst_minutes": 4 * typical}),
                as_of=AS_OF,
            )
        ).length_factor

    assert factor(10) < factor(60) < factor(400)


def test_what_the_client_sets_by_hand_goes_before_what_is_learned(catalog: Catalog, northlight: Engagement) -> None:
    plain = northlight.model_dump(mode="json")
    plain["overrides"] = [{"number": "change_failure_rate", "value": 0.11, "reason": "counted last quarter"}]
    a = assess_with_history(catalog, Engagement.model_validate(plain), as_of=AS_OF)
    assert any(m.address == "change_failure_rate" for m in a.measured)
    assert np.allclose(a.values["change_failure_rate"], 0.11)


def test_what_was_learned_stands_in_the_trail_and_still_moves_with_answers(catalog: Catalog, northlight: Engagement) -> None:
    a = assess_with_history(catalog, northlight, as_of=AS_OF)
    trail = a.values.trail("engage_minutes")
    assert trail[-1].origin == "history"
    assert trail[-1].evidence == "measured"
    better = max(catalog.practices["on_call"].answers, key=lambda x: x.level).id
    then = assess(catalog, northlight.with_answer("on_call", better), as_of=AS_OF, today=northlight, measured=a.measured)
    assert float(then.values["engage_minutes"].mean()) < 0.8 * float(a.values["engage_minutes"].mean())


def test_a_history_is_not_counted_twice(catalog: Catalog, northlight: Engagement, today: Assessment) -> None:
    taken = assess_with_history(catalog, northlight, as_of=AS_OF)
    assert history(taken) == history(today)


@pytest.mark.parametrize(
    ("outages", "typical", "worst", "verdict", "words"),
    [(400, 240, 1000, "model says less", "kinder than life"), (0, 10, 10, "model says more", "unnoticed"), (11, 90, 610, "fits", "both can be true")],
    ids=["a terrible year", "a year without any", "a year as expected"],
)
def test_the_backcast_says_what_to_reconcile(
    catalog: Catalog, northlight: Engagement, outages: int, typical: float, worst: float, verdict: str, words: str
) -> None:  # fmt: skip
    told = {"outages_in_twelve_months": outages, "typical_minutes": typical, "worst_minutes": worst}
    found = history(assess(catalog, remembering(northlight, remembered=told), as_of=AS_OF))
    assert found.backcast is not None
    assert found.backcast.verdict == verdict
    assert words in found.sentence
