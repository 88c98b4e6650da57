"""Laws of `assess`: pure, order does not matter, knowing more narrows, better is never worse, every answer moves a number."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog, load_catalog
from readiness.engagement import Engagement, GivenAnswer
from readiness.practices import applies

AS_OF = date(2026, 11, 23)
FEW = 256
PRACTICES = list(load_catalog().practices)
HEADLINE = ("bad_minutes_per_year", "loss_per_year", "cash_per_month", "hours_per_month", "economic_cost_per_year")


def of(catalog: Catalog, engagement: Engagement, **options: object) -> Assessment:
    return assess(catalog, engagement, as_of=AS_OF, **{"draws": FEW, **options})  # type: ignore[arg-type]


def mean(a: Assessment, figure: str) -> float:
    return float(a.figure(figure).draws.mean())


def same_bits(first: Assessment, second: Assessment) -> bool:
    return first.figures.keys() == second.figures.keys() and all(
        np.array_equal(first.figures[k].draws, second.figures[k].draws) for k in first.figures
    )


def test_the_same_input_gives_the_same_bits(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for engagement in clients.values():
        assert same_bits(of(catalog, engagement), of(catalog, engagement))


def test_other_assessments_in_between_change_nothing(catalog: Catalog, clients: dict[str, Engagement], northlight: Engagement) -> None:
    before = of(catalog, northlight)
    for engagement in clients.values():
        of(catalog, engagement, draws=64)
    np.random.default_rng(1).normal(size=10)
    assert same_bits(before, of(catalog, northlight))


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(random: object) -> None:
    catalog = load_catalog()
    base = _northlight(catalog)
    keys = list(base.answers)
    random.shuffle(keys)  # type: ignore[attr-defined]
    assert same_bits(of(catalog, base, draws=64), of(catalog, base.model_copy(update={"answers": {k: base.answers[k] for k in keys}}), draws=64))


def _northlight(catalog: Catalog) -> Engagement:
    from pathlib import Path

    from readiness.engagement import open_engagement

    return open_engagement(Path(__file__).resolve().parents[2] / "data" / "examples" / "northlight.yaml", catalog).engagement


def test_an_assessment_cannot_be_changed(catalog: Catalog, northlight: Engagement) -> None:
    a = of(catalog, northlight)
    with pytest.raises(dataclasses.FrozenInstanceError):
        a.as_of = date(2030, 1, 1)  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        a.values["duration_sigma"][0] = 0


@pytest.mark.parametrize("practice", PRACTICES)
def test_an_answer_moves_a_number_of_some_client(practice: str, catalog: Catalog, clients: dict[str, Engagement]) -> None:
    asked = [e for e in clients.values() if applies(catalog.practices[practice], e, catalog)]
    assert asked, "no example client is asked this"
    for engagement in asked:
        found = [of(catalog, engagement.with_answer(practice, a.id), draws=64) for a in catalog.practices[practice].answers]
        if any(not np.array_equal(found[0].figures[k].draws, other.figures[k].draws) for other in found[1:] for k in found[0].figures):
            return
    pytest.fail("no answer moved any figure of any client")


@pytest.mark.parametrize("practice", ["rollback", "outside_probes", "restore_test", "change_tests", "runbooks"])
def test_knowing_an_answer_narrows_the_range_in_expectation(practice: str, catalog: Catalog, northlight: Engagement) -> None:
    """Some answer may widen (it is a bad one); their mean never does. In logarithms, whose variance few draws tell well."""
    known = catalog.practices[practice].answers

    def spread(given_answer: GivenAnswer | None) -> float:
        drawn = of(catalog, northlight.with_answer(practice, given_answer), draws=4096).figure("bad_minutes_per_year").draws
        return float(np.log(drawn).var())

    expected = sum(a.share.likely * spread(GivenAnswer(answer=a.id, rung="observed")) for a in known)
    assert expected <= spread(None) * 1.01


@pytest.mark.parametrize("practice", ["rollback", "on_call", "restore_test"])
def test_an_open_question_is_the_mixture_of_its_answers(practice: str, catalog: Catalog, northlight: Engagement) -> None:
    figure = "bad_minutes_per_year"
    mixture = mean(of(catalog, northlight.with_answer(practice, None), draws=4096), figure)
    expected = 0.0
    for a in catalog.practices[practice].answers:
        answered = northlight.with_answer(practice, GivenAnswer(answer=a.id, rung="observed"))
        expected += a.share.likely * mean(of(catalog, answered, draws=4096), figure)
    assert mixture == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(("looser", "tighter"), [("claimed", "observed"), ("observed", "verified")])
def test_better_evidence_narrows_the_number_and_leaves_its_middle(looser: str, tighter: str, catalog: Catalog, northlight: Engagement) -> None:
    def drawn(rung: str) -> np.ndarray:
        answered = northlight.with_answer("rollback", GivenAnswer.model_validate({"answer": _first(catalog), "rung": rung}))
        return of(catalog, answered, draws=4096).values["rollback_minutes"]

    wide, narrow = drawn(looser), drawn(tighter)
    assert np.ptp(np.quantile(narrow, [0.05, 0.95])) < np.ptp(np.quantile(wide, [0.05, 0.95]))
    assert np.median(narrow) == pytest.approx(np.median(wide), rel=0.02)


def _first(catalog: Catalog) -> str:
    return catalog.practices["rollback"].answers[0].id


def test_stale_evidence_is_worth_less(catalog: Catalog, northlight: Engagement) -> None:
    answered = northlight.with_answer("rollback", GivenAnswer(answer=_first(catalog), rung="verified", on=date(2026, 6, 1)))
    fresh, stale = (assess(catalog, answered, as_of=day, draws=1024).values["rollback_minutes"] for day in (AS_OF, date(2028, 1, 1)))
    assert stale.std() > fresh.std()


def test_people_who_disagree_are_a_mixture_between_them(catalog: Catalog, northlight: Engagement) -> None:
    worst, best = catalog.practices["rollback"].answers[0].id, catalog.practices["rollback"].answers[-1].id
    disputed = GivenAnswer.model_validate({"views": [{"by": "A", "answer": worst}, {"by": "B", "answer": best}]})
    low, middle, high = (mean(of(catalog, northlight.with_answer("rollback", g)), "bad_minutes_per_year") for g in (best, disputed, worst))
    assert low < middle < high


def test_not_applicable_counts_neither_for_nor_against(catalog: Catalog, northlight: Engagement) -> None:
    none = GivenAnswer(not_applicable=True, reason="nothing is ever released")
    a = of(catalog, northlight.with_answer("rollback", none), draws=4096)
    assert np.median(a.values["rollback_minutes"]) == pytest.approx(a.values.base["rollback_minutes"].likely, rel=0.02)
    asked = [p for p in a.standing.practices if p.practice.id == "rollback"]
    assert [p.state for p in asked] == ["not applicable"]
    assert [p.gate for p in asked] == ["not applicable"]


def test_an_override_wins_and_is_told(catalog: Catalog, northlight: Engagement) -> None:
    override = {"number": "detect_minutes", "value": 7, "reason": "measured last month"}
    measured = northlight.model_validate(northlight.model_dump() | {"overrides": [override]})
    a = of(catalog, measured)
    assert set(a.values["detect_minutes"]) == {7.0}
    assert "measured last month" in a.values.trail("detect_minutes")[-1].text


def test_a_measured_number_can_still_be_improved(catalog: Catalog, northlight: Engagement) -> None:
    override = {"number": "rollback_minutes", "value": 60, "reason": "measured last month"}
    measured = northlight.model_validate(northlight.model_dump() | {"overrides": [override]})
    today = measured.with_answer("rollback", _first(catalog))
    better = today.with_answer("rollback", catalog.practices["rollback"].answers[-1].id)
    held = of(catalog, better).values["rollback_minutes"].mean()
    moved = of(catalog, better, today=today).values["rollback_minutes"].mean()
    assert held == 60
    assert moved < 30


def test_totals_are_the_sums_of_their_lines(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for engagement in clients.values():
        a = of(catalog, engagement)
        for figure, column, factor in (("cash_per_month", "cash", 12), ("hours_per_month", "hours", 12), ("loss_per_year", "loss", 1)):
            lines = sum(x.per_year for x in a.amounts if x.column == column and not x.avoidable_only)
            assert a.figure(figure).draws * factor == pytest.approx(lines)
        for r in a.journeys:
            assert r.total == pytest.approx(np.minimum(r.bad_minutes.sum(axis=1), 525_600))
        assert np.sum([drawn for _, drawn in a.bad_minutes_by_cause.values()], axis=0) == pytest.approx(a.figure("bad_minutes_per_year").draws)


def test_every_figure_is_finite_and_named_for_a_reader(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for engagement in clients.values():
        for figure in of(catalog, engagement).figures.values():
            assert np.isfinite(figure.draws).all(), figure.id
            assert (figure.draws >= 0).all(), figure.id
            assert figure.title
            assert figure.formula


def test_the_currency_scales_list_prices_and_not_the_clients_own_money(catalog: Catalog, northlight: Engagement) -> None:
    client = northlight.client.model_copy(update={"currency": "EUR", "exchange_rate_from_usd": 0.5})
    dollars, euros = of(catalog, northlight), of(catalog, northlight.model_copy(update={"client": client}))
    assert mean(euros, "web_cash") == pytest.approx(mean(dollars, "web_cash") / 2, rel=1e-9)
    assert mean(euros, "lost_revenue") == pytest.approx(mean(dollars, "lost_revenue"), rel=1e-9)


def test_fewer_draws_tell_the_same_story(catalog: Catalog, northlight: Engagement) -> None:
    many, few = of(catalog, northlight, draws=4096), of(catalog, northlight, draws=512)
    for figure in HEADLINE:
        assert mean(few, figure) == pytest.approx(mean(many, figure), rel=0.06)


def test_a_stricter_promise_is_broken_more_often(catalog: Catalog, northlight: Engagement) -> None:
    chances = of(catalog, northlight).main.breach_by_promise
    in_order = [chances[slo] for slo in sorted(chances)]
    assert in_order == sorted(in_order)
    assert all(0 <= c <= 1 for c in in_order)


def test_a_managed_pair_in_two_zones_is_down_less_than_one_machine(catalog: Catalog, northlight: Engagement) -> None:
    moved = northlight.with_way("orders_db", "rds_postgres_multi_az")
    assert mean(of(catalog, moved, today=northlight), "bad_minutes_orders_db") < mean(of(catalog, northlight), "bad_minutes_orders_db") / 3


def test_one_tier_of_a_bundle_is_billed_once(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    for engagement in clients.values():
        a = of(catalog, engagement, draws=64)
        bundles = [p.way.id for p in a.design.placed if p.way.fills]
        billed = [x.title for x in a.amounts if x.column == "cash" and x.id.endswith("_cash")]
        for bundle in set(bundles):
            title = catalog.ways[bundle][1].title
            assert sum(b.endswith(title) for b in billed) == 1
