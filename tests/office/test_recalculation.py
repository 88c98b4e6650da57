"""LibreOffice computes the spreadsheet from nothing, and finds what the models found; then a CFO changes a number."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from ruamel.yaml import YAML

from readiness.assessment import assess
from readiness.assessment.sourcing import sourcing
from readiness.models.cost import npv
from readiness.report.blocks import clean
from readiness.report.xlsx import write_xlsx
from tests.office.conftest import AS_OF, column, named

pytestmark = [pytest.mark.office, pytest.mark.slow]
CLOSE = 1e-6
EXAMPLES = ("northlight", "cheerly", "medirow", "quillfield")


def changed(content: bytes, changes: dict[str, float]) -> bytes:
    """The workbook after somebody typed other numbers into named cells."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, value in changes.items():
        sheet, _, address = book.defined_names[name].attr_text.rpartition("!")
        book[sheet.strip("'")][address.replace("$", "")].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mean(draws: Any) -> float:
    return float(np.mean(draws))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_live_number_is_the_models_own(name, reckoned, recalculated):
    a, s, whole = reckoned(name)
    book = recalculated(write_xlsx(whole, cached=False))
    # The loss of the first month, growing as the model lets it grow with the load.
    lost = s.today.loss_by_month(s.growth.factor).mean(axis=0)
    expected = {
        "bad_minutes_total": mean(a.bad_minutes_weighted),
        "cash_per_year": mean(a.figure("cash_per_month").draws) * 12,
        "hours_per_year": mean(a.figure("hours_per_month").draws) * 12,
        "loss_per_year": mean(a.figure("loss_per_year").draws),
        "economic_cost_per_year": mean(a.figure("economic_cost_per_year").draws),
        "tco_cash": mean(s.costs.cash.sum(axis=1)),
        "tco_hours_worth": mean((s.costs.hours * s.costs.rate_per_hour[:, None]).sum(axis=1)),
        "tco_present_value": mean(
            npv(s.costs.cash + s.costs.hours * s.costs.rate_per_hour[:, None] + mean(a.figure("loss_per_year").draws) / 12 * lost / lost[0], s.costs.discount_rate_per_year)
        ),
    }
    found = {key: named(book, key) for key in expected}
    assert found == pytest.approx(expected, rel=CLOSE)
    for cause, minutes in zip(column(book, "Causes", "Name"), column(book, "Causes", "Minutes a year"), strict=True):
        assert minutes == pytest.approx(mean(a.figure(f"bad_minutes_{cause}").draws), rel=CLOSE, abs=1e-9), cause
    for title, line, assessed in zip(
        column(book, "Money and hours", "Line"), column(book, "Money and hours", "A year"), column(book, "Money and hours", "As assessed"), strict=True
    ):
        if line is not None:
            assert line == pytest.approx(assessed, rel=CLOSE, abs=1e-9), title


@pytest.mark.parametrize("name", ["northlight", "medirow"])
def test_cost_of_ownership_and_break_even_of_each_option_are_the_models_own(name, reckoned, recalculated):
    _, s, whole = reckoned(name)
    book = recalculated(write_xlsx(whole, cached=False))
    compared = [c for v in s.services for c in v.compared] + ([s.stay] if s.stay else []) + list(s.together)
    assert len(compared) > 5
    assert column(book, "Options", "Difference") == pytest.approx([mean(c.comparison.economic_difference) for c in compared], rel=CLOSE, abs=1e-4)
    wanted = ["never" if c.comparison.break_even.month is None else c.comparison.break_even.month for c in compared]
    assert column(book, "Options", "Pays from month") == wanted


@pytest.mark.parametrize("times", [0.5, 1.0, 3.0])
def test_another_hourly_rate_gives_what_a_new_assessment_gives(times, reckoned, recalculated, catalog):
    a, _, whole = reckoned("northlight")
    rate = a.engagement.money.loaded_rate_per_hour
    other = rate.model_copy(update={k: getattr(rate, k) * times for k in ("low", "likely", "high")})
    engagement = a.engagement.model_copy(update={"money": a.engagement.money.model_copy(update={"loaded_rate_per_hour": other})})
    again = assess(catalog, engagement, as_of=AS_OF)
    book = recalculated(changed(write_xlsx(whole, cached=False), {"loaded_rate_per_hour": mean(a.values["loaded_rate_per_hour"]) * times}))
    assert named(book, "loss_per_year") == pytest.approx(mean(again.figure("loss_per_year").draws), rel=CLOSE)
    assert named(book, "economic_cost_per_year") == pytest.approx(mean(again.figure("economic_cost_per_year").draws), rel=CLOSE)
    compared = [c for v in sourcing(again).services for c in v.compared]
    known = {(c.id, c.title): mean(c.comparison.economic_difference) for c in compared}
    ours = {(o.id, o.title): d for o, d in zip(whole.options, column(book, "Options", "Difference"), strict=True)}
    both = known.keys() & ours.keys()
    assert len(both) > 5
    for key in both:
        assert ours[key] == pytest.approx(known[key], rel=CLOSE, abs=1e-3), key


def test_twice_the_price_of_a_tier_and_half_the_revenue_give_what_a_new_assessment_gives(reckoned, recalculated, catalog):
    a, _, whole = reckoned("northlight")
    tier = "orders_db"
    price = mean(a.values[f"{tier}.cash_per_month"]) * 2
    revenue = mean(a.values["revenue_per_hour"]) / 2
    values = a.values.with_numbers({f"{tier}.cash_per_month": a.values[f"{tier}.cash_per_month"] * 2})
    money = a.engagement.money.model_copy(update={"revenue_per_year": a.engagement.money.revenue_per_year / 2})
    halved = assess(catalog, a.engagement.model_copy(update={"money": money}), as_of=AS_OF)
    book = recalculated(changed(write_xlsx(whole, cached=False), {f"price_{tier}": price, "revenue_per_hour": revenue}))
    bill = mean(a.values[f"{tier}.cash_per_month"])
    assert mean(values[f"{tier}.cash_per_month"]) == pytest.approx(price)
    surcharge = 1 + mean(a.values["version_surcharge_share"])
    assert named(book, "cash_per_year") == pytest.approx(mean(a.figure("cash_per_month").draws) * 12 + 12 * bill * surcharge, rel=1e-3)
    for line in ("lost_revenue", "churn"):
        found = dict(zip(column(book, "Money and hours", "Line"), column(book, "Money and hours", "A year"), strict=True))
        assert found[a.figure(line).title] == pytest.approx(mean(halved.figure(line).draws), rel=CLOSE, abs=1e-9)


def test_half_the_failed_changes_halve_their_downtime(reckoned, recalculated):
    a, _, whole = reckoned("northlight")
    content = write_xlsx(whole, cached=False)
    book = openpyxl.load_workbook(io.BytesIO(content))
    parts = book["Cause parts"]
    for row in range(5, parts.max_row + 1):
        if parts.cell(row, 2).value == "changes":
            parts.cell(row, 4).value /= 2
    out = io.BytesIO()
    book.save(out)
    again = recalculated(out.getvalue())
    minutes = dict(zip(column(again, "Causes", "Name"), column(again, "Causes", "Minutes a year"), strict=True))
    assert minutes["changes"] == pytest.approx(mean(a.figure("bad_minutes_changes").draws) / 2, rel=CLOSE)
    lost = mean(a.figure("bad_minutes_changes").draws) / 2
    assert named(again, "bad_minutes_total") == pytest.approx(mean(a.bad_minutes_weighted) - lost, rel=CLOSE)


CASES = Path(__file__).parent.parent / "cases" / "hostile_text.yaml"
HOSTILE = [case["payload"] for case in YAML(typ="safe").load(CASES.read_text("utf-8"))["cases"]] + ["{=1}", "=cmd|' /C calc'!A0", "=DDE(1;2;3)"]


def test_client_text_stays_text_in_a_spreadsheet_program(reckoned, recalculated):
    _, _, whole = reckoned("quillfield")
    first = whole.causes[0]
    causes = tuple(first.model_copy(update={"id": f"c{n}", "title": text}) for n, text in enumerate(HOSTILE))
    content = write_xlsx(whole.model_copy(update={"causes": causes, "client": whole.client.model_copy(update={"name": HOSTILE[0]})}))
    for book in (openpyxl.load_workbook(io.BytesIO(content)), recalculated(content)):
        cells = [book["Cause parts"].cell(5 + n, 1) for n in range(len(HOSTILE))]
        assert [re.sub(r"\s|_x000D_", "", cell.value) for cell in cells] == [re.sub(r"\s", "", clean(text)) for text in HOSTILE]
        assert {cell.data_type for cell in cells} == {"s"}
        assert [cell.hyperlink for cell in cells if cell.hyperlink] == []


def test_a_workbook_without_stored_values_holds_none(reckoned):
    _, _, whole = reckoned("quillfield")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(whole, cached=False)), data_only=True)
    assert named(book, "loss_per_year") == 0
    full = openpyxl.load_workbook(io.BytesIO(write_xlsx(whole)), data_only=True)
    assert named(full, "loss_per_year") == pytest.approx(whole.figure("loss_per_year").value.mean)


def test_the_oracle_would_notice_a_wrong_factor(reckoned, recalculated):
    _, _, whole = reckoned("quillfield")
    largest = max((x for x in whole.lines if x.column == "loss"), key=lambda x: x.per_year.mean)
    wrong = tuple(x.model_copy(update={"together": x.together * 1.01}) if x is largest else x for x in whole.lines)
    book = recalculated(write_xlsx(whole.model_copy(update={"lines": wrong}), cached=False))
    assert named(book, "loss_per_year") != pytest.approx(whole.figure("loss_per_year").value.mean, rel=CLOSE)


