"""The numbers that a reader may change, each a named cell that every formula uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.language import N_, Words, tr
from readiness.report.whole import Number, Whole
from readiness.report.xlsx_page import Cell, Formula, Head, Input, Kind, Sheet, dated

_FIRST = ("loaded_rate_per_hour", "revenue_per_hour", "lost_share", "peak_factor", "churn_factor", "idle_staff", "discount_rate_per_year")
UNIT_WORDS = Words({
    "1": N_("times"), "share": N_("share"), "factor": N_("factor"), "minutes": N_("minutes"), "hours": N_("hours"), "days": N_("days"), "months": N_("months"), "people": N_("people"),
})  # fmt: skip
_PER = {"minute": N_("{unit} a minute"), "hour": N_("{unit} an hour"), "month": N_("{unit} a month"), "year": N_("{unit} a year")}
_DERIVED = {
    "bill": N_("cash a month of all tiers"),
    "daily_bill": N_("cash a day of all tiers"),
    "incidents": N_("incidents a year that people work on"),
    "exit_hours_of_design": N_("hours to leave all tiers' providers"),
    "delay_share": N_("share of a year by which contracts are late"),
    "hours_down": N_("hours a year of downtime, weighted by reach"),
    "credits_of_tables": N_("SLA credits a year by the tables of the promises; frozen"),
}


class Names:
    """The named cells of a workbook: what formulas call them, and where they stand.

    Parameters
    ----------
    book
        The XlsxWriter workbook.
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._cells: dict[str, str] = {}

    def put(self, name: str, address: str) -> str:
        """Name a cell."""
        self._cells[name] = address
        return name

    def __contains__(self, name: str) -> bool:
        return name in self._cells

    def factor(self, name: str) -> str:
        """A factor as it stands in a formula: a named cell, or one minus it.

        Raises
        ------
        ModelError
            When no cell has that name.
        """
        if name.startswith("not "):
            return f"(1-{self.factor(name[4:])})"
        cell = cell_name(name)
        if cell not in self._cells:
            raise ModelError(f'no cell of the spreadsheet is called "{cell}"')
        return cell

    def define(self) -> None:
        """Tell the workbook all names, in their order."""
        for name in sorted(self._cells):
            self._book.define_name(name, f"={self._cells[name]}")


def cell_name(number: str) -> str:
    """A number's name as a spreadsheet takes it: no dot, and never like an address.

    Examples
    --------
    >>> cell_name("web.cash_per_month"), cell_name("web.effort_hours_per_month"), cell_name("lost_share")
    ('price_web', 'effort_web', 'lost_share')
    """
    tier, dot, name = number.rpartition(".")
    if not dot:
        return number
    return f"{ {'cash_per_month': 'price', 'effort_hours_per_month': 'effort'}.get(name, name) }_{tier}".replace(" ", "")


def kind_of(unit: str) -> Kind:
    """How numbers of a unit are written."""
    if unit.startswith("money"):
        return "money_exact"
    return {"share": "share", "count": "count", "factor": "factor"}.get(unit, "number")  # type: ignore[return-value]


def unit_words(unit: str, currency: str) -> str:
    """A unit as a reader says it.

    Examples
    --------
    >>> unit_words("money/hour", "EUR"), unit_words("1/year", "EUR")
    ('EUR an hour', 'times a year')
    """
    money, _, per = unit.partition("/")
    words = currency if money == "money" else UNIT_WORDS.get(money, money)
    return tr(_PER[per], unit=words) if per else words


def write_inputs(sheet: Sheet, whole: Whole, names: Names) -> None:
    """The sheet Inputs: what lines and prices are made of, and the sums that lines use."""
    used = {f.removeprefix("not ") for line in whole.lines for f in line.factors} | {"loaded_rate_per_hour", "discount_rate_per_year"}
    if "delay_share" in used:
        used.add("contract_delay_months")
    numbers = {n.name: n for n in whole.numbers if n.name in used}
    prices = [n for n in numbers if n.endswith(".cash_per_month")]
    order = [*(n for n in _FIRST if n in numbers), *prices, *(n for n in numbers if n not in _FIRST and n not in prices)]
    heads = (Head(tr("Number"), width=46), Head(tr("Name in formulas"), width=30), Head(tr("Value"), "number", 14), Head(tr("As assessed"), "number", 14),
             Head(tr("Low, frozen"), "number", 13), Head(tr("High, frozen"), "number", 13), Head(tr("Unit"), width=16), Head(tr("Kind"), width=12), Head(tr("Source"), width=60))  # fmt: skip
    first = sheet.table(heads, [], freeze=True)
    for place, name in enumerate(order, start=first):
        _input_row(sheet, place, numbers[name], whole.client.currency)
        names.put(cell_name(name), sheet.at(place, 2))
    sheet.row = first + len(order) + 1
    sheet.heading(tr("Sums that the lines use"))
    first = sheet.table((*heads[:4], Head("", "text", 13)), [])
    formulas = _derived_formulas(whole, names)
    for place, (name, what) in enumerate(_DERIVED.items(), start=first):
        value = whole.derived[name]
        cell: Cell = Formula(formulas[name], value) if name in formulas else Input(value)
        row: tuple[Cell, ...] = (tr(what), name, cell, value)
        for column, (head, written) in enumerate(zip(heads[:4], row, strict=True)):
            sheet.write(place, column, written, head.kind)
        names.put(name, sheet.at(place, 2))
    sheet.row = first + len(_DERIVED) + 1


def _input_row(sheet: Sheet, place: int, n: Number, currency: str) -> None:
    kind = kind_of(n.unit)
    tier = n.name.rpartition(".")[0]
    cells: tuple[tuple[Cell, str], ...] = (
        (f"{tier}: {n.meaning}" if tier else n.meaning, "text"), (cell_name(n.name), "text"), (Input(n.value.mean), kind), (n.value.mean, kind),
        (n.value.low, kind), (n.value.high, kind), (unit_words(n.unit, currency), "text"), (n.evidence, "text"),
        (f"{n.source}{f' ({dated(n.as_of)})' if n.as_of else ''}", "text"),
    )  # fmt: skip
    for column, (cell, written) in enumerate(cells):
        sheet.write(place, column, cell, written)


def _derived_formulas(whole: Whole, names: Names) -> Mapping[str, str]:
    bills = [line.factors[0] for line in whole.lines if line.id.endswith("_cash") and line.factors and line.factors[0].endswith(".cash_per_month")]
    formulas = {
        "bill": "=" + ("+".join(names.factor(n) for n in bills) or "0"),
        "daily_bill": "=bill*12/365",
        "incidents": "=incidents_of_causes",
        "hours_down": "=bad_minutes_total/60",
    }
    if "contract_delay_months" in names:
        formulas["delay_share"] = "=contract_delay_months/12"
    return formulas
