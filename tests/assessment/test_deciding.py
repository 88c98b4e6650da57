"""What decides a headline: the right inputs with the right shares, no chance neighbours, and how each was obtained."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.deciding import HEADLINES, deciding
from readiness.assessment.yearly import at_numbers, supposed
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import Override
from readiness.errors import UsageError

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def a(catalog: Catalog, northlight: Engagement) -> Assessment:
    return assess(catalog, northlight, as_of=AS_OF)


@pytest.mark.parametrize("headline", HEADLINES)
def test_shares_and_bars_of_every_headline(a: Assessment, headline: str) -> None:
    d = deciding(a, headline)
    shares = [i.share for i in d.inputs]
    assert shares == sorted(shares, reverse=True)
    assert all(0 < share <= 1 for share in shares)
    assert d.together <= 1.15  # estimates, each with its own noise
    swings = [b.swing for b in d.bars]
    assert swings == sorted(swings, reverse=True)
    assert all(b.at_median == d.bars[0].at_median for b in d.bars)


def test_an_unknown_headline_is_refused_with_a_guess(a: Assessment) -> None:
    with pytest.raises(UsageError, match="loss_per_year"):
        deciding(a, "los_per_year")


def test_cash_hangs_on_bills_alone(a: Assessment) -> None:
    """Numbers that only happen to lie alike in the draws are told apart from what moves it."""
    names = {i.address.rpartition(".")[2] for i in deciding(a, "cash_per_month").inputs}
    assert names <= {"cash_per_month", "version_surcharge_share", "on_call_pay_per_month", "tooling_cost_per_month"}
    assert names


def test_one_wide_input_decides_all(catalog: Catalog, northlight: Engagement) -> None:
    wide = Override(number="breach_cost", low=1e3, likely=1e6, high=3e8, reason="a test", source="test", evidence="estimated")
    a = assess(catalog, northlight.model_copy(update={"overrides": (wide,)}), as_of=AS_OF)
    first = deciding(a, "loss_per_year").inputs[0]
    bars = deciding(a, "loss_per_year").bars
    assert first.address == bars[0].name == "breach_cost"
    assert (first.how, first.practices, first.source) == ("estimated", (), "test")


def test_what_nobody_was_asked_is_called_so(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight.model_copy(update={"answers": {}}), as_of=AS_OF)
    inputs = {i.address: i for i in deciding(a, "bad_minutes_per_year").inputs}
    assert inputs["engage_minutes"].how == "not asked"
    assert "on_call" in inputs["engage_minutes"].open


def test_an_override_is_no_open_question(catalog: Catalog, northlight: Engagement) -> None:
    said = Override(number="engage_minutes", low=5, likely=50, high=900, reason="paging log", source="paging tool", evidence="measured")
    a = assess(catalog, northlight.model_copy(update={"answers": {}, "overrides": (said,)}), as_of=AS_OF)
    assert next(i.how for i in deciding(a, "bad_minutes_per_year").inputs if i.address == "engage_minutes") == "measured"


def test_a_constant_headline_hangs_on_nothing(a: Assessment) -> None:
    """Northlight's promise is broken in each draw: no input carries that."""
    constant = float(a.figure("breach_chance_per_year").draws.std()) < 1e-9
    found = deciding(a, "breach_chance_per_year").inputs
    assert not constant or found == ()


def test_an_answer_carries_its_share(catalog: Catalog, northlight: Engagement) -> None:
    a = assess(catalog, northlight.with_answer("on_call", None), as_of=AS_OF)
    shares = dict(deciding(a, "bad_minutes_per_year").by_practice)
    assert 0 < shares["on_call"] < 0.5


# -- the light year behind it ---
@pytest.mark.parametrize("client", ["northlight", "cheerly", "medirow", "quillfield"])
def test_the_light_year_is_the_assessment(catalog: Catalog, clients: dict[str, Engagement], client: str) -> None:
    whole = assess(catalog, clients[client], as_of=AS_OF)
    light = supposed(whole, draws=4096, credits=256)
    for name in HEADLINES:
        # Its windows end where the table of credits does: the transform's rounding differs beyond the seventh digit.
        assert np.allclose(light.headline(name), whole.figure(name).draws, rtol=1e-6), name


def test_the_light_year_of_a_change_is_its_assessment(catalog: Catalog, northlight: Engagement) -> None:
    whole = assess(catalog, northlight, as_of=AS_OF)
    altered = northlight.with_answer("on_call", "rota").with_way("orders_db", "rds_postgres_multi_az")
    then = assess(catalog, altered, as_of=AS_OF, today=northlight)
    light = supposed(whole, altered, draws=4096, credits=256)
    for name in HEADLINES:
        assert np.allclose(light.headline(name), then.figure(name).draws, rtol=1e-6), name


def test_risks_add_up_to_loss_and_hours(a: Assessment) -> None:
    year = supposed(a)
    both, loss = (sum(v for _, v in year.risks(with_hours=w).values()) for w in (True, False))
    assert loss == pytest.approx(float(year.loss.mean()), rel=1e-9)
    assert both == pytest.approx(float((year.economic - year.cash).mean()), rel=1e-9)


def test_at_its_own_numbers_a_client_is_as_assessed(a: Assessment) -> None:
    numbers = {x: a.values[x] for x in a.values.base}
    year = at_numbers(a, numbers, a.values.draws)
    assert np.allclose(year.loss, a.figure("loss_per_year").draws)
