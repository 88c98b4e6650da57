"""The extreme event: anchors, numeric integration of a ramp, and laws."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from readiness.assessment import assess
from readiness.assessment.extreme import ExtremeResult, extreme, ramp_lag
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.exhibits.extreme import extreme_event

AS_OF = date(2026, 11, 23)


def one_tier(northlight: Engagement, capacity: float | None, **event: Any) -> Engagement:
    """Northlight with web machines only: 150 a second at the peak."""
    plain = northlight.model_dump(mode="json")
    plain["architecture"]["tiers"] = [{"name": "web", "need": "web_compute", "way": "vm_pair_two_zones", "capacity_per_second": capacity}]
    for journey in plain["journeys"]:
        journey["tiers"] = []
    plain["demand"]["extreme"] |= event
    plain["improvements"] = []
    plain["overrides"] = []
    return Engagement.model_validate(plain)


def reckoned(catalog: Catalog, client: Engagement) -> ExtremeResult:
    return extreme(assess(catalog, client, as_of=AS_OF))


def test_what_has_room_for_it_is_carried(catalog: Catalog, northlight: Engagement) -> None:
    found = reckoned(catalog, one_tier(northlight, 1200, factor=8))
    assert (found.load_per_second, found.outcome, found.chance_carried, found.carriers) == (1200, "carried", 1.0, ())
    assert float(np.mean(found.degraded_minutes)) == 0


def test_what_has_no_room_is_stuck_while_the_load_lasts_and_room_would_carry_it(catalog: Catalog, northlight: Engagement) -> None:
    found = reckoned(catalog, one_tier(northlight, 300, factor=8, lasts_minutes=240))
    assert found.outcome == "hurts"
    assert found.narrowest is not None
    assert found.narrowest.tier == "web"
    room = next(c for c in found.carriers if c.tier)
    assert (room.tier, room.chance_carried, room.degraded_minutes) == ("web", 1.0, 0.0)


def test_six_months_until_400_become_600_when_the_year_more_than_doubles_it(catalog: Catalog, northlight: Engagement) -> None:
    client = one_tier(northlight, 600)
    plain = client.model_dump(mode="json")
    plain["demand"] |= {"peak_per_second": 400, "growth_per_year": 1.25}
    growth = reckoned(catalog, Engagement.model_validate(plain)).tiers[0].growth
    assert growth is not None
    # 2.25 ^ (6/12) = 1.5
    assert float(growth.months_until_limit.mean()) == pytest.approx(6)


def test_nobody_knows_the_capacity_so_nobody_can_tell(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    plain = clients["quillfield"].model_dump(mode="json")
    plain["architecture"]["tiers"] = [t for t in plain["architecture"]["tiers"] if t["need"] != "llm_api"]
    plain["journeys"][0]["tiers"] = []
    found = reckoned(catalog, Engagement.model_validate(plain))
    assert found.outcome == "cannot tell"
    assert found.by_quota


def test_without_demand_there_is_no_load_and_no_guess(catalog: Catalog, northlight: Engagement) -> None:
    plain = northlight.model_dump(mode="json")
    plain["demand"] |= {"peak_per_second": None, "mean_per_second": None}
    found = reckoned(catalog, Engagement.model_validate(plain))
    assert (found.load_per_second, found.outcome) == (None, "cannot tell")


def test_twelve_tickets_an_hour_at_twelve_minutes_are_too_many_for_two_and_fine_for_four(catalog: Catalog, northlight: Engagement) -> None:
    def wait(people: int) -> float:
        client = northlight.model_copy(update={"team": northlight.team.model_copy(update={"support_people": people})})
        tickets = reckoned(catalog, client).tickets
        assert tickets is not None
        return float(tickets.mean_wait)

    assert wait(2) == np.inf
    # Erlang C with a = 2.4 servers: C = 0.2870, W = C x 12 / (4 - 2.4)
    assert wait(4) == pytest.approx(0.28703 * 12 / 1.6, rel=1e-3)


@given(
    lag=st.floats(0.1, 120), capacity=st.floats(10, 2000), peak=st.floats(10, 1000), factor=st.floats(1.1, 20), over=st.floats(0.5, 60),
)  # fmt: skip
def test_the_lag_of_a_ramp_piles_up_what_integration_piles_up(lag: float, capacity: float, peak: float, factor: float, over: float) -> None:
    load = peak * factor
    assume(peak < capacity < load * 0.99)
    begins = over * (capacity - peak) / (load - peak)
    t = np.linspace(begins, begins + lag, 20_001)
    comes = np.minimum(peak + (load - peak) * t / over, load)
    piled = np.trapezoid(comes - capacity, t)
    felt = float(ramp_lag(np.array(lag), capacity=capacity, peak=peak, load=load, over_minutes=over))
    assert felt * (load - capacity) == pytest.approx(piled, rel=1e-3, abs=1e-6)
    assert felt <= lag + 1e-9


@given(small=st.floats(160, 1400), more=st.floats(1, 5))
def test_more_capacity_never_lowers_the_chance_to_carry_it(catalog: Catalog, northlight: Engagement, small: float, more: float) -> None:
    less, larger = (reckoned(catalog, one_tier(northlight, c, factor=8)) for c in (small, small * more))
    assert (larger.chance_carried or 0) >= (less.chance_carried or 0)
    assert float(np.mean(larger.degraded_minutes)) <= float(np.mean(less.degraded_minutes)) + 1e-9


def test_no_carrier_makes_it_worse(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for client in clients.values():
        found = reckoned(catalog, client)
        for carrier in found.carriers:
            assert carrier.chance_carried >= (found.chance_carried or 0) - 1e-12


def with_a_model(northlight: Engagement, web: float | None = 2000, answers: dict[str, str] | None = None, **numbers: float) -> Engagement:
    """Northlight with web machines and a language model: 150 a second at the peak, four times that in the event."""
    plain = one_tier(northlight, web, factor=4, lasts_minutes=60).model_dump(mode="json")
    plain["architecture"]["tiers"].append({"name": "llm", "need": "llm_api", "way": "one_llm_provider", "numbers": numbers})
    plain["answers"] = dict(answers or {})
    return Engagement.model_validate(plain)


def test_a_limit_of_3600_calls_a_minute_carries_a_fifth_of_600_requests_a_second_with_half_a_call_each(catalog: Catalog, northlight: Engagement) -> None:
    found = reckoned(catalog, with_a_model(northlight, limit_per_minute=3600, calls_per_request=0.5, limit_raise_days=9))
    llm = next(t for t in found.tiers if t.tier == "llm")
    assert llm.limit is not None
    # 600 x 0.5 = 300 calls a second come, 60 are let through.
    assert llm.limit.refused_share == pytest.approx(0.8)
    assert (llm.serves, llm.word) == (pytest.approx(120), "refused above its limit")
    assert found.chance_carried == 0
    assert float(np.mean(found.degraded_minutes)) == 60
    (raised,) = [c for c in found.carriers if c.tier == "llm"]
    assert raised.what == "a limit of 18,000 calls a minute at llm instead of 3,600, asked for 9 days before"
    assert (raised.chance_carried, raised.refused_share) == (1.0, 0.0)


def test_room_and_a_raised_limit_are_both_needed_where_both_are_short(catalog: Catalog, northlight: Engagement) -> None:
    found = reckoned(catalog, with_a_model(northlight, web=300, limit_per_minute=3600, calls_per_request=0.5))
    chance = {c.tier: c.chance_carried for c in found.carriers if c.tier}
    assert chance == {"web": 0.0, "llm": 0.0, "web, llm": 1.0}


def test_who_has_asked_for_larger_quotas_is_refused_less(catalog: Catalog, northlight: Engagement) -> None:
    def refused(**answers: str) -> float:
        found = reckoned(catalog, with_a_model(northlight, answers=answers))
        assert found.refused_share is not None
        return float(found.refused_share.mean())

    by_level = [refused(limits_and_quotas=answer) for answer in ("unknown", "listed", "alarmed", "planned")]
    assert by_level == sorted(by_level, reverse=True)
    assert by_level[-1] < 0.7 * by_level[0]
    assert by_level[-1] < refused() < by_level[0]


def test_a_limit_the_client_measured_holds_today_and_grows_with_the_practice(catalog: Catalog, northlight: Engagement) -> None:
    measured = {"limit_per_minute": 3600.0, "calls_per_request": 0.5}
    today = reckoned(catalog, with_a_model(northlight, answers={"limits_and_quotas": "planned"}, **measured))
    assert today.refused_share == pytest.approx(0.8)
    asked = reckoned(catalog, with_a_model(northlight, answers={"limits_and_quotas": "unknown"}, **measured))
    (practice,) = [c for c in asked.carriers if c.practice == "limits_and_quotas"]
    assert practice.refused_share < 0.6


def test_without_a_known_limit_nothing_is_refused(catalog: Catalog, northlight: Engagement) -> None:
    found = reckoned(catalog, one_tier(northlight, 300, factor=8))
    assert found.refused_share is None
    assert all(c.refused_share == 0 for c in found.carriers)


def test_growth_meets_the_limit_before_the_room(catalog: Catalog, northlight: Engagement) -> None:
    client = with_a_model(northlight, limit_per_minute=60 * 150 * 1.5, calls_per_request=1, limit_raise_days=0)
    plain = client.model_dump(mode="json")
    plain["demand"] |= {"growth_per_year": 1.25}
    found = reckoned(catalog, Engagement.model_validate(plain))
    growth = next(t.growth for t in found.tiers if t.tier == "llm")
    assert growth is not None
    assert float(growth.months_until_limit.mean()) == pytest.approx(6)


def test_the_page_says_what_the_provider_lets_through_and_what_to_ask_for(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, with_a_model(northlight, limit_per_minute=3600, calls_per_request=0.5, limit_raise_days=9), as_of=AS_OF, draws=256)
    told = " ".join(p for part in extreme_event(a).parts for p in part.payload().get("points", ()))
    assert "carries 0.20 of the event's peak on average and refuses the rest as too many requests" in told
    assert "asked for 9 days before: carried with a chance of 100" in told
