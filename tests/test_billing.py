"""The client's bill on the client's tiers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from readiness.assessment import assess
from readiness.billing import lay_bill
from readiness.catalog import data_folder, load_catalog
from readiness.engagement import open_engagement
from readiness.errors import ImportFileError
from readiness.exhibits.basis import architecture
from readiness.readers.bill import read_rules
from readiness.readers.bills import read_bill

AS_OF = date(2026, 11, 23)
HANDMADE = """component,category,provider,managed(yes/no),monthly_cost,currency,month,note
Amazon Elastic Compute Cloud,Compute,AWS,no,900,{currency},2026-10,machines
Amazon Simple Storage Service,Storage,AWS,yes,80,{currency},2026-10,
Elastic Load Balancing,Networking,AWS,yes,30,{currency},2026-10,
Amazon CloudWatch,Management and Governance,AWS,yes,55,{currency},2026-10,
A mystery,Other,Nobody,yes,20,{currency},2026-10,
"""


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.fixture(scope="module")
def northlight(catalog):
    return open_engagement(data_folder() / "examples" / "northlight.yaml", catalog).engagement


def _bill(folder: Path, catalog, currency: str = "USD"):
    file = folder / "bill.csv"
    file.write_text(HANDMADE.format(currency=currency), "utf-8")
    return read_bill(file, read_rules(data_folder() / "bill_rules.yaml", needs=set(catalog.services)))


def test_nothing_of_the_bill_is_dropped(tmp_path, catalog, northlight):
    bill = _bill(tmp_path, catalog)
    laid = lay_bill(bill, catalog, northlight, as_of=AS_OF)
    assert sum(line.cost_per_month for line in laid.facts.lines) == pytest.approx(1085)
    assert sum(billed for billed, _ in laid.by_tier.values()) + laid.rest_per_month == pytest.approx(1085)


def test_machines_are_shared_by_all_tiers_that_the_client_runs(tmp_path, catalog, northlight):
    laid = lay_bill(_bill(tmp_path, catalog), catalog, northlight, as_of=AS_OF)
    shared = {tier: billed for tier, (billed, _) in laid.by_tier.items() if tier in ("web", "orders_db", "events", "sessions")}
    assert set(shared) == {"web", "orders_db", "events", "sessions"}
    assert sum(shared.values()) == pytest.approx(900)
    assert laid.by_tier["files"][0] == pytest.approx(80)


def test_what_is_billed_wins_over_list_prices_and_the_rest_stays_visible(tmp_path, catalog, northlight):
    laid = lay_bill(_bill(tmp_path, catalog), catalog, northlight, as_of=AS_OF)
    billed = northlight.model_copy(update={"bill": laid.facts})
    a = assess(catalog, billed, as_of=AS_OF, draws=512)
    assert float(a.values["files.cash_per_month"].mean()) == pytest.approx(80)
    rest = next(x for x in a.amounts if x.id == "billed_elsewhere_cash")
    assert float(rest.per_year.mean()) == pytest.approx(12 * laid.rest_per_month)
    assert a.values.trail("files.cash_per_month")[-1].source == "the client's bill"


def test_a_tier_that_changes_its_way_leaves_its_bill_behind(tmp_path, catalog, northlight):
    laid = lay_bill(_bill(tmp_path, catalog), catalog, northlight, as_of=AS_OF)
    moved = northlight.model_copy(update={"bill": laid.facts}).with_way("orders_db", "rds_postgres_multi_az")
    assert not any(line.tier == "orders_db" for line in moved.bill.lines)
    assert any(line.tier == "web" for line in moved.bill.lines)


def test_currencies_are_never_mixed(tmp_path, catalog, northlight):
    with pytest.raises(ImportFileError, match="is in GBP, but the engagement is in USD"):
        lay_bill(_bill(tmp_path, catalog, "GBP"), catalog, northlight, as_of=AS_OF)


def test_the_report_says_which_cash_is_billed_and_how_the_rest_was_calibrated(tmp_path, catalog, northlight):
    laid = lay_bill(_bill(tmp_path, catalog), catalog, northlight, as_of=AS_OF)
    a = assess(catalog, northlight.model_copy(update={"bill": laid.facts}), as_of=AS_OF, draws=512)
    told = architecture(a).exhibits[0].note
    assert "web" in told
    assert "what the client's bill says" in told
    assert "bill says" not in architecture(assess(catalog, northlight, as_of=AS_OF, draws=512)).exhibits[0].note
