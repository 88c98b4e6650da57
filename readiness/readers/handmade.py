"""A bill in twelve rows that somebody typed: component, category, provider, managed, monthly cost, currency, month, note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from readiness.errors import ImportFileError
from readiness.readers.bill import APART, Bill, BillLine, BillRules, Month
from readiness.readers.moments import days_in_month
from readiness.readers.opening import csv_rows, is_null, plain_cell

MOST_ROWS = 2_000
HEADER = ("component", "category", "provider", "managed", "monthly_cost", "currency", "month", "note")
_YES = frozenset({"yes", "y", "true", "1", "managed", "x"})
_NO = frozenset({"no", "n", "false", "0", "raw", "self-run", "self run"})


def read_handmade(path: Path, rules: BillRules) -> Bill:
    """Read a bill that a person typed.

    Notes
    -----
    A component whose category is one of our needs takes its place from there and from the column ``managed``; otherwise
    the rules decide. Several months of one component are averaged. Formula cells are texts, so a cost that is a formula is
    an error that names the cell.
    """
    path = Path(path)
    places: dict[str, int] = {}
    needs = {rule.need for rule in rules.rules}
    rows: list[tuple[tuple[str, str, str], tuple[str, str, str], str, float]] = []
    currencies: dict[str, int] = {}
    warnings: list[str] = []
    for number, row in csv_rows(path, most_rows=MOST_ROWS, limit=4 * 1024 * 1024):
        if not places:
            places = _columns(row, path)
            continue
        cells = {name: plain_cell(row[place]) if place < len(row) else "" for name, place in places.items()}
        where = f"line {number}"
        cost = _cost(cells, where, path)
        if cost is None:
            warnings.append(f"{where}: has no cost; left out, not zero")
            continue
        currency = cells.get("currency", "").upper()
        if not re.fullmatch(r"[A-Z]{3}", currency):
            raise ImportFileError(
                f"has the currency {currency[:20]!r}", file=path, place=where, hint="write USD, EUR, ..."
            )
        currencies[currency] = number
        billed = (cells.get("provider", ""), cells.get("category", ""), cells.get("component", ""))
        rows.append((_placed(cells, billed, needs, rules), billed, _month(cells, where, path), cost))
    if not rows:
        raise ImportFileError(
            "has no component with a cost", file=path, hint="use the header " + ",".join(HEADER)
        )
    if len(currencies) > 1:
        shown = ", ".join(sorted(currencies))
        raise ImportFileError(f"has several currencies, which are never added: {shown}", file=path)
    return _bill(rows, next(iter(currencies)), tuple(warnings))


def _columns(header: list[str], path: Path) -> dict[str, int]:
    names = [re.sub(r"[\s\-]+", "_", re.sub(r"\(.*?\)", "", cell.lower()).strip()) for cell in header]
    places = {name: names.index(name) for name in HEADER if name in names}
    for name in ("component", "monthly_cost", "currency"):
        if name not in places:
            hint = "use the header " + ",".join(HEADER)
            raise ImportFileError(f"has no column {name}", file=path, place="header", hint=hint)
    return places


def _cost(cells: Mapping[str, str], where: str, path: Path) -> float | None:
    cell = cells["monthly_cost"]
    if is_null(cell):
        return None
    try:
        cost = float(cell.replace(",", "").strip("$€£ "))
    except ValueError:
        cost = float("nan")
    if not abs(cost) < 1e12:
        words = "is a formula" if cell[:1] in "=+@" else "is no amount of money"
        raise ImportFileError(
            f"monthly_cost {cell[:40]!r} {words}", file=path, place=where, hint="write the number"
        )
    return cost


def _month(cells: Mapping[str, str], where: str, path: Path) -> str:
    cell = cells.get("month", "")
    if is_null(cell):
        return "estimate"
    match = re.fullmatch(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?", cell)
    if not match:
        raise ImportFileError(
            f"has the month {cell[:20]!r}", file=path, place=where, hint="write it as 2026-11"
        )
    return f"{match[1]}-{match[2]}"


def _placed(
    cells: Mapping[str, str], billed: tuple[str, str, str], needs: set[str], rules: BillRules
) -> tuple[str, str, str]:
    managed = cells.get("managed", "").lower()
    kind = "managed" if managed in _YES else "raw" if managed in _NO else ""
    category = cells.get("category", "").lower()
    rule = rules.place(*billed)
    if category in needs:
        return (
            category,
            rule.service if rule and rule.need == category else "",
            kind or (rule.kind if rule else ""),
        )
    return (rule.need, rule.service, kind or rule.kind) if rule else ("", "", "")


def _bill(
    rows: list[tuple[tuple[str, str, str], tuple[str, str, str], str, float]],
    currency: str,
    warnings: tuple[str, ...],
) -> Bill:
    totals: dict[str, float] = {}
    services: dict[tuple[tuple[str, str, str], tuple[str, str, str]], list[float]] = {}
    for place, billed, month, cost in rows:
        totals[month] = totals.get(month, 0.0) + cost
        services.setdefault((place, billed), []).append(cost)
    lines = sorted(
        (
            BillLine(*place, *billed, sum(costs), sum(costs) / len(totals), len(costs))
            for (place, billed), costs in services.items()
        ),
        key=lambda line: (-abs(line.cost), line.name),
    )
    months = []
    for month, cost in sorted(totals.items()):
        days = 30 if month == "estimate" else days_in_month(int(month[:4]), int(month[5:]))
        months.append(Month(month, days, days, cost, cost))
    return Bill(
        currency,
        "stated",
        tuple(months),
        tuple(line for line in lines if line.need),
        tuple(line for line in lines if not line.need),
        dict.fromkeys(APART, 0.0),
        (),
        warnings,
    )
