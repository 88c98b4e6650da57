"""Bills: sums equal the file's, nothing is dropped, nothing is added that does not belong together."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import DataError, ImportFileError
from readiness.readers.bill import Bill, BillRule, BillRules, read_rules
from readiness.readers.bills import read_bill
from readiness.readers.focus_charges import money, portions

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
SHIPPED_RULES = ROOT / "data" / "bill_rules.yaml"
with_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not beside the project")

RULES = BillRules(
    [
        BillRule("relational_database", "managed", "rds", name=("*relational database*", "aws_db_*")),
        BillRule("web_compute", "raw", "machines", category=("Compute",)),
        BillRule("web_compute", "raw", "machines", name=("aws_instance",)),
    ]
)
CHARGE = {
    "BilledCost": "10",
    "EffectiveCost": "10",
    "BillingCurrency": "USD",
    "ChargeCategory": "Usage",
    "ChargePeriodStart": "2026-09-01T00:00:00Z",
    "ChargePeriodEnd": "2026-09-02T00:00:00Z",
    "ProviderName": "AWS",
    "ServiceCategory": "Compute",
    "ServiceName": "EC2",
}


def month_of(cost: str = "10", days: range = range(1, 31), **change: str) -> list[dict[str, str]]:
    return [
        {
            **CHARGE,
            "BilledCost": cost,
            "EffectiveCost": cost,
            "ChargePeriodStart": f"2026-09-{day:02}T00:00:00Z",
            "ChargePeriodEnd": f"2026-09-{day + 1:02}T00:00:00Z" if day < 30 else "2026-10-01T00:00:00Z",
            **change,
        }
        for day in days
    ]


@pytest.fixture
def bill_of(tmp_path: Path) -> Callable[..., Bill]:
    def read(rows: list[dict[str, str]], columns: list[str] | None = None, **options: Any) -> Bill:
        path = tmp_path / "focus.csv"
        names = columns or list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, names, extrasaction="ignore", restval="NULL")
            writer.writeheader()
            writer.writerows(rows)
        return read_bill(path, RULES, **options)

    return read


# --- FOCUS -----------------------------------------------------------------------------------------------------------


def test_a_month_of_ten_a_day_is_three_hundred_a_month(bill_of: Callable[..., Bill]) -> None:
    bill = bill_of(month_of())
    assert (bill.currency, bill.basis, bill.cost_per_month) == ("USD", "effective", 300.0)
    assert [(month.month, month.days_covered, month.days) for month in bill.months] == [("2026-09", 30, 30)]
    assert bill.cost_per_month_by_need() == {"web_compute": 300.0}
    assert bill.warnings == ()


def test_a_partial_month_is_completed_by_the_days_it_covers(bill_of: Callable[..., Bill]) -> None:
    bill = bill_of(month_of(days=range(1, 11)))
    assert bill.months[0].days_covered == 10
    assert (bill.months[0].cost, bill.months[0].cost_completed) == (100.0, 300.0)
    assert bill.cost_per_month == pytest.approx(300.0)


def test_many_lines_of_one_day_do_not_make_it_many_days(bill_of: Callable[..., Bill]) -> None:
    bill = bill_of(month_of(days=range(1, 11)) * 5)
    assert bill.months[0].days_covered == 10
    assert bill.cost_per_month == pytest.approx(1500.0)


def test_a_fee_for_the_whole_month_is_not_completed_again(bill_of: Callable[..., Bill]) -> None:
    fee = {**CHARGE, "BilledCost": "60", "EffectiveCost": "60", "ServiceName": "Support"}
    fee["ChargePeriodEnd"] = "2026-10-01T00:00:00Z"
    bill = bill_of([*month_of(days=range(1, 11)), fee])
    assert bill.cost_per_month == pytest.approx(360.0)


def test_monthly_lines_alone_cover_their_month(bill_of: Callable[..., Bill]) -> None:
    bill = bill_of([{**CHARGE, "ChargePeriodEnd": "2026-10-01 00:00:00"}])
    assert bill.months[0].days_covered == 30
    assert bill.cost_per_month == 10.0


def test_a_day_without_charges_in_the_middle_is_covered(bill_of: Callable[..., Bill]) -> None:
    rows = [row for row in month_of() if "-15T" not in row["ChargePeriodStart"]]
    assert bill_of(rows).months[0].days_covered == 30


def test_two_months_are_averaged_by_the_days_they_cover(bill_of: Callable[..., Bill]) -> None:
    august = {**CHARGE, "BilledCost": "50", "EffectiveCost": "50", "ChargePeriodStart": "2026-08-31", "ChargePeriodEnd": "2026-09-01"}
    bill = bill_of([august, *month_of()])
    assert [(month.month, month.days_covered) for month in bill.months] == [("2026-08", 1), ("2026-09", 30)]
    assert bill.cost_per_month == pytest.approx((50 * 31 * 1 + 300 * 30) / 31)


@pytest.mark.parametrize(
    ("change", "place", "amount"),
    [
        ({"ChargeCategory": "Tax"}, "tax", 10.0),
        ({"ChargeCategory": "Credit", "BilledCost": "-10", "EffectiveCost": "-10"}, "credit", -10.0),
        ({"ChargeClass": "Correction", "BilledCost": "-10", "EffectiveCost": "-10"}, "refund", -10.0),
        ({"ChargeCategory": "Adjustment"}, "refund", 10.0),
        ({"CommitmentDiscountStatus": "Unused", "BilledCost": "0"}, "unused", 10.0),
        ({"ChargeCategory": "Purchase", "CommitmentDiscountId": "ri-1", "EffectiveCost": "0"}, "purchase", 10.0),
    ],
    ids=["tax", "credit", "refund", "adjustment", "unused commitment", "purchase of a commitment"],
)
def test_what_is_no_running_cost_stands_apart(
    bill_of: Callable[..., Bill], change: dict[str, str], place: str, amount: float
) -> None:
    bill = bill_of([*month_of(), {**CHARGE, **change}])
    assert bill.cost_per_month == pytest.approx(300.0)
    assert bill.apart[place] == amount
    assert sum(abs(part) for part in bill.apart.values()) == abs(amount)


def test_a_commitment_is_counted_once_by_its_effective_cost(bill_of: Callable[..., Bill]) -> None:
    covered = month_of(BilledCost="0", CommitmentDiscountId="ri-1", CommitmentDiscountStatus="Used")
    bought = {**CHARGE, "ChargeCategory": "Purchase", "CommitmentDiscountId": "ri-1", "BilledCost": "300", "EffectiveCost": "0"}
    bill = bill_of([*covered, bought])
    assert bill.cost_per_month == pytest.approx(300.0)
    assert bill.apart["purchase"] == 300.0


def test_effective_cost_of_zero_beside_billed_cost_falls_back_and_says_so(bill_of: Callable[..., Bill]) -> None:
    bill = bill_of(month_of(EffectiveCost="0"))
    assert (bill.basis, bill.cost_per_month) == ("billed", 300.0)
    assert any("effective cost of 0" in words for words in bill.warnings)
    assert any("differ by more than 20 %" in words for words in bill.warnings)
    assert bill_of(month_of(EffectiveCost="0"), cost="effective").cost_per_month == 0.0


def test_costs_that_differ_by_more_than_a_fifth_are_reported(bill_of: Callable[..., Bill]) -> None:
    assert bill_of(month_of(EffectiveCost="8.1")).warnings == ()
    assert any("20 %" in words for words in bill_of(month_of(EffectiveCost="7.9")).warnings)


def test_currencies_are_never_added_without_a_rate(bill_of: Callable[..., Bill]) -> None:
    rows = [*month_of(), *month_of(BillingCurrency="EUR")]
    with pytest.raises(ImportFileError, match="several currencies, which are never added"):
        bill_of(rows)
    dollars = bill_of(rows, currency="usd")
    assert dollars.cost_per_month == 300.0
    assert any("30 charges in EUR are left out" in words for words in dollars.warnings)
    both = bill_of(rows, currency="USD", rates={"EUR": 1.5})
    assert both.cost_per_month == pytest.approx(750.0)
    with pytest.raises(ImportFileError, match="no charges in GBP"):
        bill_of(rows, currency="GBP")


def test_what_no_rule_knows_is_shown_with_its_share_of_the_money(bill_of: Callable[..., Bill]) -> None:
    bill = bill_of([*month_of("30"), *month_of("10", ServiceCategory="AI", ServiceName="Models")])
    assert bill.unmapped_share == pytest.approx(0.25)
    assert [(line.name, line.cost) for line in bill.unmapped] == [("Models", 300.0)]
    assert bill.cost_per_month == pytest.approx(1200.0)


@pytest.mark.parametrize(
    "spelling",
    [
        {"BilledCost": "NULL", "ChargeClass": "null", "CommitmentDiscountStatus": ""},
        {"EffectiveCost": "$10.00 ", "BilledCost": '"10"'.strip('"')},
        {"ChargePeriodStart": "2026-09-01 00:00:00", "ChargePeriodEnd": "2026-09-02 00:00:00"},
        {"ChargePeriodStart": "9/1/26", "ChargePeriodEnd": "9/2/26"},
        {"ChargePeriodStart": "NULL", "ChargePeriodEnd": "NULL", "BillingPeriodStart": "2026-09-01", "BillingPeriodEnd": "2026-10-01"},
        {"ChargeCategory": "usage"},
        {"Tags": '{"broken', "x_Anything": "=1+1"},
        {"BillingCurrency": " usd "},
    ],
    ids=["nulls", "money with signs", "no zone", "slashes", "billing period only", "lower case", "broken tags", "currency"],
)
def test_spellings_of_real_files_are_read(bill_of: Callable[..., Bill], spelling: dict[str, str]) -> None:
    bill = bill_of([{**CHARGE, **spelling}])
    assert bill.lines[0].cost == 10.0
    assert bill.months[0].month == "2026-09"


def test_only_cost_date_service_and_currency_are_required(bill_of: Callable[..., Bill]) -> None:
    columns = ["BilledCost", "BillingPeriodStart", "ServiceName", "BillingCurrency"]
    bill = bill_of([{**CHARGE, "BillingPeriodStart": "2026-09-01"}], columns)
    assert bill.lines == ()
    assert bill.unmapped[0].cost == 10.0


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("BilledCost", "no column EffectiveCost"),
        ("ChargePeriodStart", "no column ChargePeriodStart"),
        ("ServiceName", "no column ServiceName"),
        ("BillingCurrency", "no column BillingCurrency"),
    ],
)
def test_a_missing_column_is_named(bill_of: Callable[..., Bill], column: str, sentence: str) -> None:
    columns = [name for name in ("BilledCost", "ChargePeriodStart", "ServiceName", "BillingCurrency") if name != column]
    with pytest.raises(ImportFileError, match=sentence):
        bill_of([CHARGE], columns)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"BilledCost": "=1+1"}, "no amount of money"),
        ({"BilledCost": "NaN!"}, "no amount of money"),
        ({"BilledCost": "inf"}, "no amount of money"),
        ({"BilledCost": "1e400"}, "no amount of money"),
        ({"BilledCost": "9" * 5000}, "no amount of money"),
        ({"ChargePeriodStart": "yesterday"}, "is no date"),
        ({"ChargePeriodStart": "0001-01-01"}, "is in the year 1"),
        ({"ChargePeriodEnd": "2090-01-01"}, "more than three years"),
        ({"BillingCurrency": "NULL"}, "has no currency"),
        ({"BillingCurrency": "<b>$</b>"}, "has the currency"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_its_line(
    bill_of: Callable[..., Bill], change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ImportFileError, match=sentence) as caught:
        bill_of([CHARGE, {**CHARGE, **change}])
    assert caught.value.place == "line 3"


@pytest.mark.parametrize(
    ("cell", "value"),
    [("0.0000004", "0.0000004"), ("$10,000.00 ", "10000.00"), ("-2.5", "-2.5"), ("-$3.10", "-3.10"), ("($4)", "-4"), ("1E-7", "1E-7")],
)
def test_money_is_read_to_the_last_digit(cell: str, value: str) -> None:
    assert money(cell, "BilledCost", "line 2", Path("x.csv")) == Decimal(value)


def test_a_charge_over_two_months_is_split_by_days() -> None:
    parts, is_daily, _ = portions("2026-09-21T00:00:00Z", "2026-10-11T00:00:00Z")
    assert [(month, share) for month, share, _ in parts] == [("2026-09", Decimal("0.5")), ("2026-10", Decimal("0.5"))]
    assert not is_daily


@given(costs=st.lists(st.decimals(-1000, 1000, places=8), min_size=1, max_size=20))
@settings(deadline=None, max_examples=30)
def test_sums_by_service_equal_the_file_s(tmp_path_factory: pytest.TempPathFactory, costs: list[Decimal]) -> None:
    path = tmp_path_factory.mktemp("bill") / "focus.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(CHARGE))
        writer.writeheader()
        for number, cost in enumerate(costs):
            writer.writerow({**CHARGE, "EffectiveCost": str(cost), "BilledCost": str(cost), "ServiceName": f"s{number % 3}"})
    sums = read_bill(path, RULES).cost_by_service_name()
    for number in range(min(3, len(costs))):
        assert sums[f"s{number}"] == float(sum(costs[number::3]))


def test_gzip_and_parquet_say_the_same_as_csv(bill_of: Callable[..., Bill], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow_csv = pytest.importorskip("pyarrow.csv")
    plain = bill_of(month_of("12.34"))
    source = tmp_path / "focus.csv"
    (tmp_path / "focus.csv.gz").write_bytes(gzip.compress(source.read_bytes()))
    parquet.write_table(arrow_csv.read_csv(source), tmp_path / "focus.parquet")
    for name in ("focus.csv.gz", "focus.parquet"):
        other = read_bill(tmp_path / name, RULES)
        assert other.cost_per_month == pytest.approx(plain.cost_per_month)
        assert other.months == plain.months


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bill.parquet"
    path.write_bytes(b"PAR1 and more")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(ImportFileError, match="needs the package pyarrow"):
        read_bill(path, RULES)


def test_a_damaged_parquet_file_ends_in_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "bill.parquet"
    path.write_bytes(b"PAR1" + b"\x00\xff" * 500 + b"PAR1")
    with pytest.raises(ImportFileError, match="damaged Parquet"):
        read_bill(path, RULES)


@with_samples
def test_the_public_focus_sample_adds_up_by_service() -> None:
    path = SAMPLES / "focus" / "focus_sample_small.csv"
    expected: dict[str, Decimal] = {}
    billed_only = "Oracle"
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["ChargeCategory"] == "Usage":
                column = "BilledCost" if row["ProviderName"] == billed_only else "EffectiveCost"
                expected[row["ServiceName"]] = expected.get(row["ServiceName"], Decimal(0)) + Decimal(row[column])
    bill = read_bill(path, read_rules(SHIPPED_RULES))
    assert bill.cost_by_service_name() == pytest.approx({name: float(cost) for name, cost in expected.items()})
    assert bill.apart["credit"] == -2.6137
    assert [line.name for line in bill.unmapped] == ["Azure Machine Learning"]


# --- Infracost -------------------------------------------------------------------------------------------------------


def breakdown(*projects: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": "0.2", "currency": "USD", "projects": list(projects), **more}


def project(resources: list[Any], total: str | None, errors: list[Any] | None = None) -> dict[str, Any]:
    metadata = {"errors": errors} if errors else {}
    return {"name": "shop", "metadata": metadata, "breakdown": {"resources": resources, "totalMonthlyCost": total}}


def resource(name: str, *costs: str | None, children: list[Any] | None = None) -> dict[str, Any]:
    parts = [{"name": f"part {n}", "monthlyCost": cost} for n, cost in enumerate(costs)]
    return {"name": name, "resourceType": name.split(".")[0], "costComponents": parts, "subresources": children or []}


@pytest.fixture
def estimate_of(tmp_path: Path) -> Callable[[Any], Bill]:
    def read(document: Any) -> Bill:
        path = tmp_path / "infracost.json"
        path.write_text(json.dumps(document))
        return read_bill(path, RULES)

    return read


def test_nested_components_add_up_and_unknown_usage_is_not_zero(estimate_of: Callable[[Any], Bill]) -> None:
    disk = resource("root_block_device", "5", None)
    bill = estimate_of(breakdown(project([resource("aws_instance.web", "560.64", "177", children=[disk])], "742.64")))
    assert bill.basis == "estimate"
    assert bill.cost_per_month == pytest.approx(742.64)
    assert bill.cost_per_month_by_need() == {"web_compute": pytest.approx(742.64)}
    assert bill.unknown == ("aws_instance.web / root_block_device: part 1: depends on usage that was not given",)
    assert bill.warnings == ()


def test_a_failed_project_is_named_and_its_zero_is_no_zero(estimate_of: Callable[[Any], Bill]) -> None:
    bill = estimate_of(breakdown(project([], "0", errors=[{"code": 102}])))
    assert any("shop: could not be priced" in words for words in bill.unknown)
    assert any("shop: failed" in words for words in bill.warnings)


def test_a_total_that_does_not_fit_its_parts_is_reported(estimate_of: Callable[[Any], Bill]) -> None:
    bill = estimate_of(breakdown(project([resource("aws_instance.web", "10")], "20")))
    assert any("add up to 10.00, the file says 20.00" in words for words in bill.warnings)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"a": 1}, "no Infracost breakdown"),
        ([1, 2], "no Infracost breakdown"),
        (breakdown(project([resource("aws_instance.web", "=1+1")], "0")), "no amount of money"),
        (breakdown(project([resource("aws_instance.web", "1e999")], "0")), "no amount of money"),
        (breakdown(project([7], "0")), "a resource that is none"),
    ],
)
def test_what_is_no_estimate_ends_in_a_sentence(
    estimate_of: Callable[[Any], Bill], document: Any, sentence: str
) -> None:
    with pytest.raises(ImportFileError, match=sentence):
        estimate_of(document)


def test_resources_nested_without_end_end_in_a_sentence(estimate_of: Callable[[Any], Bill]) -> None:
    deep = resource("leaf", "1")
    for _ in range(60):
        deep = resource("aws_instance.x", children=[deep])
    with pytest.raises(ImportFileError, match="nests resources deeper"):
        estimate_of(breakdown(project([deep], "1")))


@with_samples
@pytest.mark.parametrize(
    ("file", "unknown"),
    [("breakdown_google_tags.json", 1), ("breakdown_multi_project_with_error.json", 2), ("example_out.json", 0)],
)
def test_public_estimates_equal_their_own_total(file: str, unknown: int) -> None:
    path = SAMPLES / "infracost" / file
    bill = read_bill(path, read_rules(SHIPPED_RULES))
    assert bill.cost_per_month == pytest.approx(float(json.loads(path.read_text())["totalMonthlyCost"]))
    assert len(bill.unknown) == unknown
    assert bill.unmapped == ()


# --- hand-made -------------------------------------------------------------------------------------------------------

TYPED = """component,category,provider,managed,monthly_cost,currency,month,note
Postgres,relational_database,AWS,yes,"1,200.50",USD,2026-10,pair
Web servers,web_compute,Hetzner,no,180,USD,2026-10,
Nobody knows,,,,40,USD,2026-10,'=1+1
Not yet billed,web_compute,,,,USD,2026-10,
"""


@pytest.fixture
def typed_bill(tmp_path: Path) -> Callable[[str], Bill]:
    def read(text: str) -> Bill:
        path = tmp_path / "bill.csv"
        path.write_text(text, encoding="utf-8")
        return read_bill(path, RULES)

    return read


def test_a_typed_bill_takes_needs_from_its_category(typed_bill: Callable[[str], Bill]) -> None:
    bill = typed_bill(TYPED)
    assert [(line.need, line.kind, line.cost_per_month) for line in bill.lines] == [
        ("relational_database", "managed", 1200.5),
        ("web_compute", "raw", 180.0),
    ]
    assert [line.name for line in bill.unmapped] == ["Nobody knows"]
    assert bill.basis == "stated"
    assert bill.warnings == ("line 5: has no cost; left out, not zero",)


def test_two_months_of_one_component_are_averaged(typed_bill: Callable[[str], Bill]) -> None:
    bill = typed_bill("component,monthly_cost,currency,month\nEC2,100,EUR,2026-09\nEC2,200,EUR,2026-10\n")
    assert bill.cost_per_month == 150.0
    assert [month.month for month in bill.months] == ["2026-09", "2026-10"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("component,monthly_cost\nEC2,100\n", "no column currency"),
        ("component,monthly_cost,currency\nEC2,=1+1,USD\n", "is a formula"),
        ("component,monthly_cost,currency\nEC2,about 100,USD\n", "no amount of money"),
        ("component,monthly_cost,currency\nEC2,nan,USD\nS3,1,USD\nS3,NaN1,USD\n", "no amount of money"),
        ("component,monthly_cost,currency\nEC2,1,USD\nS3,1,EUR\n", "several currencies"),
        ("component,monthly_cost,currency\nEC2,1,dollars\n", "has the currency"),
        ("component,monthly_cost,currency,month\nEC2,1,USD,October\n", "has the month"),
        ("component,monthly_cost,currency\nEC2,1,USD,surplus\n", "4 cells where the header has 3"),
        ("component,monthly_cost,currency\n", "no component with a cost"),
    ],
)
def test_a_typed_bill_that_cannot_be_is_refused(typed_bill: Callable[[str], Bill], text: str, sentence: str) -> None:
    with pytest.raises(ImportFileError, match=sentence):
        typed_bill(text)


# --- rules -----------------------------------------------------------------------------------------------------------


def test_the_shipped_rules_know_only_needs_that_exist() -> None:
    needs = [path.stem for path in (ROOT / "data" / "services").glob("*.yaml")]
    rules = read_rules(SHIPPED_RULES, needs=needs)

    def place(category: str, name: str) -> tuple[str, str] | None:
        rule = rules.place("AWS", category, name)
        return (rule.need, rule.kind) if rule else None

    assert place("Databases", "Amazon Relational Database Service") == ("relational_database", "managed")
    assert place("", "aws_rds_cluster") == ("relational_database", "managed")
    assert place("Compute", "Amazon Elastic Compute Cloud") == ("web_compute", "raw")
    assert place("Storage", "Amazon Elastic Compute Cloud") == ("block_storage", "raw")
    assert place("Compute", "Amazon Elastic Kubernetes Service") == ("orchestration", "managed")
    assert place("AI and Machine Learning", "Something new") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rules: [", "cannot be read as YAML"),
        ("7", "no list called rules"),
        ("rules: [{ned: x}]", 'unknown key "ned"'),
        ("rulez: []\nrules: []", 'unknown key "rulez"'),
        ("rules: [{need: cach, kind: managed, name: redis}]", 'did you mean "cache"'),
        ("rules: [{need: cache, kind: half, name: redis}]", "not managed or raw"),
        ("rules: [{need: cache, kind: managed}]", "fits everything"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "bill_rules.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=sentence):
        read_rules(path, needs=["cache"])
