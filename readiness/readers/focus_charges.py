"""The charges of a FOCUS file, one at a time: columns, money, dates, and what kind of charge it is."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError, did_you_mean
from readiness.readers.moments import moment
from readiness.readers.opening import csv_rows, is_null

MOST_ROWS = 5_000_000
RUNNING = "running"
"""The kind of a charge that is a service's running cost; the other kinds are `readiness.readers.bill.APART`."""

_WANTED = (
    "EffectiveCost", "BilledCost", "ChargePeriodStart", "ChargePeriodEnd", "BillingPeriodStart", "BillingPeriodEnd",
    "ServiceName", "ServiceCategory", "BillingCurrency", "ChargeCategory", "ChargeClass", "CommitmentDiscountStatus",
    "CommitmentDiscountId", "ProviderName", "ServiceProviderName",
)  # fmt: skip


def charges(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open("rb") if path.is_file() else _missing(path) as start:
        is_parquet = start.read(4) == b"PAR1"
    yield from _parquet_charges(path) if is_parquet else _csv_charges(path)


def _missing(path: Path) -> Any:
    raise ImportFileError("is not a file" if path.exists() else "does not exist", file=path)


def _csv_charges(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    places: dict[str, int] | None = None
    for number, row in csv_rows(path, most_rows=MOST_ROWS):
        if places is None:
            places = _columns([cell.strip() for cell in row], path)
            width = max(places.values()) + 1
            continue
        if len(row) < width:
            raise ImportFileError(f"has {len(row)} cells, too few", file=path, place=f"line {number}")
        yield f"line {number}", {name: row[place] for name, place in places.items()}
    if places is None:
        raise ImportFileError("is empty", file=path)


def _parquet_charges(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        import pyarrow.parquet as parquet
        from pyarrow import ArrowException
    except ImportError as error:
        hint = "install pyarrow, or export the bill as CSV"
        raise ImportFileError(
            "is a Parquet file, which needs the package pyarrow", file=path, hint=hint
        ) from error
    try:
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows > MOST_ROWS:
                raise ImportFileError(
                    f"has more than {MOST_ROWS:,} lines", file=path, hint="hand in a shorter period"
                )
            names = _columns(list(file.schema_arrow.names), path)
            number = 0
            columns = [file.schema_arrow.names[place] for place in names.values()]
            for batch in file.iter_batches(batch_size=16_384, columns=columns):
                values = [batch.column(column).to_pylist() for column in columns]
                for row in zip(*values, strict=True):
                    number += 1
                    yield (
                        f"row {number}",
                        {
                            name: "" if cell is None else str(cell)
                            for name, cell in zip(names, row, strict=True)
                        },
                    )
    except (ArrowException, OSError, MemoryError) as error:
        raise ImportFileError("is a damaged Parquet file", file=path) from error


def _columns(header: Sequence[str], path: Path) -> dict[str, int]:
    folded = {
        name.lower().replace("_", "").replace(" ", ""): place
        for place, name in reversed(list(enumerate(header)))
    }
    places = {name: folded[name.lower()] for name in _WANTED if name.lower() in folded}

    def needs(one: str, other: str, what: str) -> None:
        if one not in places and other not in places:
            words = f"has no column {one} (or {other}), so {what} is unknown"
            raise ImportFileError(
                words, file=path, place="header", hint=did_you_mean(one, header) or "is it a FOCUS file?"
            )

    needs("EffectiveCost", "BilledCost", "the cost")
    needs("ChargePeriodStart", "BillingPeriodStart", "the date")
    needs("ServiceName", "ServiceCategory", "the service")
    needs("BillingCurrency", "BillingCurrency", "the currency")
    return places


@functools.lru_cache(maxsize=16_384)
def text(cell: str) -> str:
    return "" if is_null(cell) else cell.strip()[:200]


def money(cell: str, name: str, place: str, path: Path) -> Decimal:
    """A number as exports write it: plain, quoted, or ``$10,000.00`` with a blank behind."""
    if is_null(cell):
        return Decimal(0)
    text = cell.strip().strip("$€£ ").replace(",", "") if len(cell) <= 60 else "x"
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1].strip("$€£ ")
    try:
        value = Decimal(text.replace("-$", "-"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value.adjusted() > 14:
        raise ImportFileError(
            f"{name} is {cell.strip()[:40]!r}, which is no amount of money", file=path, place=place
        )
    return value if value.adjusted() > -30 else Decimal(0)


def kind_of_charge(
    category: str, charge_class: str, commitment: str, has_commitment: bool, effective: Decimal
) -> str:
    if category == "tax":
        return "tax"
    if category == "credit":
        return "credit"
    if category == "adjustment" or charge_class == "correction":
        return "refund"
    if commitment == "unused":
        return "unused"
    if category == "purchase" and (has_commitment or not effective):
        return "purchase"
    return RUNNING


@functools.lru_cache(maxsize=65_536)
def portions(start: str, end: str) -> tuple[tuple[tuple[str, Decimal | None, range], ...], bool, str]:
    """The months that a charge touches with its share of days in each, and whether it is charged by the day or hour."""
    began, remark = moment(start)
    finished = began + timedelta(hours=1) if is_null(end) else moment(end)[0]
    if finished < began:
        began, finished = finished, began
    is_daily = finished - began <= timedelta(days=2)
    first = began.date()
    last = (finished - timedelta(microseconds=1)).date() if finished > began else first
    total = (last - first).days + 1
    if total > 31 * 40:
        raise ValueError("spans more than three years")
    portions = []
    day = first
    while day <= last:
        stop = min(
            last,
            datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC).date()
            - timedelta(days=1),
        )
        count = (stop - day).days + 1
        share = None if count == total else Decimal(count) / Decimal(total)
        portions.append((f"{day.year:04}-{day.month:02}", share, range(day.day, stop.day + 1)))
        day = stop + timedelta(days=1)
    return tuple(portions), is_daily, remark
