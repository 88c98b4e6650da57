"""The spreadsheet as a file: sheets, formulas, names, print set-up, text as text, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.sourcing import Sourcing, sourcing
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.engagement.schema import BillFacts, BillLine, CommitmentDiscount
from readiness.errors import ModelError
from readiness.report.brand import Brand
from readiness.report.factors import Products, together
from readiness.report.whole import Gate, PlannedStep, Point, Whole
from readiness.report.workings import whole_of
from readiness.report.xlsx import write_xlsx
from readiness.report.xlsx_inputs import Names, cell_name
from tests.conftest import AS_OF


@pytest.fixture(scope="module")
def reckoned(catalog: Catalog, clients: dict[str, Engagement]) -> tuple[Assessment, Sourcing, Whole]:
    a = assess(catalog, clients["quillfield"], as_of=AS_OF)
    s = sourcing(a)
    return a, s, whole_of(a, s, audience="client")


@pytest.fixture(scope="module")
def whole(reckoned: tuple[Assessment, Sourcing, Whole]) -> Whole:
    return reckoned[2]


@pytest.fixture(scope="module")
def content(whole: Whole) -> bytes:
    return write_xlsx(whole)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_same_assessment_gives_the_same_bytes(whole, content):
    assert write_xlsx(whole) == content


def test_nothing_in_the_file_is_newer_than_the_report(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-23T00:00:00Z"}


def test_there_is_a_sheet_for_what_there_is_and_none_for_what_there_is_not(book, whole):
    assert book.sheetnames[:4] == ["Summary", "Inputs", "Readiness", "Causes"]
    assert "Frontier" not in book.sheetnames
    assert "Plan" not in book.sheetnames
    more = whole.model_copy(update={
        "plan": (PlannedStep(quarter="2027-Q1", id="rota", title="=Rota", kind="practice", hours=30, cost_per_month=None),),
        "frontier": (Point(title="A pair", cost_per_month=900, unavailability=0.001),),
        "gates": (Gate(tier="web", way="a_way", title="=A way", effect="no price", why="no list price is known", would_change="a quote"),),
    })  # fmt: skip
    made = openpyxl.load_workbook(io.BytesIO(write_xlsx(more)))
    assert {"Frontier", "Plan", "Gates"} <= set(made.sheetnames)
    assert ("web", "=A way", "not compared", "no list price is known", "a quote") in {row[:5] for row in made["Gates"].iter_rows(values_only=True)}


def test_every_sheet_prints_and_every_table_keeps_its_head_in_sight(book):
    for sheet in book.worksheets:
        assert sheet.print_area, sheet.title
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
    for name in ("Inputs", "Causes", "Cause parts", "Money and hours", "Months", "Assumptions"):
        assert book[name].freeze_panes, name
        assert book[name].print_title_rows, name


@pytest.mark.parametrize("name", ["loaded_rate_per_hour", "revenue_per_hour", "price_web", "bad_minutes_total", "loss_per_year", "tco_present_value"])
def test_what_a_cfo_looks_for_is_named(name, book):
    assert name in book.defined_names


def test_no_formula_names_a_cell_that_does_not_exist(book):
    known = set(book.defined_names)
    functions = {"SUM", "IF", "SUMIF"}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    bare = re.sub(r"'[^']*'!|\"[^\"]*\"|\$?[A-Z]{1,3}\$?\d+", " ", cell.value)
                    assert set(re.findall(r"[A-Za-z_][A-Za-z_0-9]*", bare)) - functions <= known, cell.value


def test_formulas_carry_what_they_give_today_for_who_only_looks(content, reckoned):
    a, _, _ = reckoned
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    cells = {row[0].value: row[1].value for row in shown["Summary"].iter_rows(min_row=4, max_row=30) if row[0].value}
    assert cells["Expected loss"] == pytest.approx(a.figure("loss_per_year").band.mean)
    assert cells["Cash"] == pytest.approx(a.figure("cash_per_month").band.mean)
    assert cells["Economic cost"] == pytest.approx(a.figure("economic_cost_per_year").band.mean)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "http://canary.invalid/x", "mailto:a@b.invalid", "{=1}", "0123", "1e5"])
def test_client_text_is_text(text, whole):
    hostile = whole.model_copy(update={"client": whole.client.model_copy(update={"name": text})})
    cell = openpyxl.load_workbook(io.BytesIO(write_xlsx(hostile)))["Summary"]["B5"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_very_long_text_is_cut_to_what_a_cell_holds(whole):
    long = whole.model_copy(update={"client": whole.client.model_copy(update={"name": "x" * 40_000})})
    assert len(openpyxl.load_workbook(io.BytesIO(write_xlsx(long)))["Summary"]["B5"].value) == 32_767


def test_the_brand_colours_heads_and_signs_the_file(whole):
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(whole, brand=Brand(name="Fernhill", accent="#0a5c36", legal_note="No warranty."))))
    assert book["Causes"]["A4"].fill.fgColor.rgb == "FF0A5C36"
    assert book.properties.creator == "Fernhill"
    assert "No warranty." in [cell.value for row in book["About"].iter_rows() for cell in row]


def test_a_mean_of_products_is_not_the_product_of_means(reckoned):
    a, _, _ = reckoned
    products = Products(a)
    factors = [x.together for x in products.lines if len(x.factors) > 1 and x.together]
    assert any(abs(f - 1) > 1e-3 for f in factors), "else the frozen factor would be idle"
    assert together(a.values["lost_share"] * 0, [0.0, 3.0]) == 0
    with pytest.raises(ModelError, match="although"):
        together(a.values["lost_share"] + 1, [0.0])


def test_a_factor_without_a_cell_is_a_mistake_of_ours():
    with pytest.raises(ModelError, match="no cell"):
        Names(None).factor("nothing")
    assert cell_name("orders_db.faults_per_year") == "faults_per_year_orders_db"


def test_a_line_that_only_a_bill_or_a_contract_says_is_a_number_of_its_own(catalog: Catalog, clients: dict[str, Engagement]) -> None:
    """A bill with a rest that belongs to no tier, and a commitment that nobody uses up."""
    e = clients["northlight"]
    bound = CommitmentDiscount(provider="aws", share_off=0.2, until=date(2027, 11, 23), minimum_per_month=2000)
    e = e.model_copy(update={"bill": BillFacts(lines=(BillLine(service="support plan", cost_per_month=75),)),
                             "money": e.money.model_copy(update={"commitment_discounts": (bound,)})})  # fmt: skip
    lines = {x.amount.id: x for x in Products(assess(catalog, e, as_of=AS_OF, draws=256)).lines}
    assert (lines["billed_elsewhere_cash"].factors, lines["billed_elsewhere_cash"].times) == ((), 900)
    assert lines["unused_commitments"].times > 0
    a = assess(catalog, e, as_of=AS_OF)
    assert write_xlsx(whole_of(a, sourcing(a), audience="client"))
