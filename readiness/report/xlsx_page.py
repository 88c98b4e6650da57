"""One sheet of the spreadsheet: text always as text, numbers with their unit's format, formulas with the value they give today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from readiness.report.blocks import clean
from readiness.report.brand import Brand

Kind = Literal["text", "number", "money", "money_exact", "share", "count", "factor", "formula_text"]
_FORMATS = {
    "number": "#,##0.0;-#,##0.0;0.0",
    "money": "#,##0;-#,##0;0",
    "money_exact": "#,##0.00",
    "share": "0.0%",
    "count": "0",
    "factor": "0.000",
}
_LETTERS_PER_LINE = 1.15
LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the value that it has as assessed."""

    text: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Input:
    """A number that the reader may change."""

    value: float


Cell = str | float | int | None | Formula | Input


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: what it says, how its cells are written, and how wide it is in letters."""

    label: str
    kind: Kind = "text"
    width: float = 12


class Styles:
    """The formats of a workbook in the brand's colours.

    Parameters
    ----------
    book
        The XlsxWriter workbook.
    brand
        Whose paper it is.
    """

    def __init__(self, book: Any, brand: Brand) -> None:
        self.brand = brand
        self._book = book
        self._made: dict[tuple[str, bool, bool, bool], Any] = {}
        base = {"font_name": brand.faces.text.family if brand.faces else "Calibri", "font_size": 10, "font_color": brand.ink}
        self.title = book.add_format({**base, "bold": True, "font_size": 16, "font_color": brand.accent})
        self.note = book.add_format({**base, "italic": True, "font_color": "#55606b", "text_wrap": True, "valign": "top"})
        self.head = book.add_format({**base, "bold": True, "text_wrap": True, "valign": "bottom", "bg_color": brand.accent, "font_color": "#ffffff"})
        self.head_right = book.add_format(
            {**base, "bold": True, "text_wrap": True, "valign": "bottom", "align": "right", "bg_color": brand.accent, "font_color": "#ffffff"}
        )
        self._base = base

    def cell(self, kind: str, *, bold: bool = False, given: bool = False, live: bool = False) -> Any:
        """The format of a cell of one kind; what may be changed is yellow, what is a formula is blue."""
        key = (kind, bold, given, live)
        if key not in self._made:
            look: dict[str, Any] = {**self._base, "valign": "top", "bold": bold}
            if kind in ("text", "formula_text"):
                look["text_wrap"] = True
            else:
                look["num_format"] = _FORMATS[kind]
            if given:
                look |= {"bg_color": "#fff6cc", "border": 1, "border_color": "#b59a2e", "locked": False}
            if live:
                look["font_color"] = "#1f4e79"
            self._made[key] = self._book.add_format(look)
        return self._made[key]


class Sheet:
    """A sheet that is written from top to bottom.

    Parameters
    ----------
    book, styles
        The workbook and its formats.
    name
        Of the sheet; ours, never the client's.
    title, note
        What stands on top: what it is, and how to use it.
    cached
        Whether formulas carry the value they have as assessed, for programs that do not recalculate.
    """

    def __init__(self, book: Any, styles: Styles, name: str, title: str, note: str, *, cached: bool = True) -> None:
        self.name, self.styles, self._book, self._cached = name, styles, book, cached
        self.paper = book.add_worksheet(name)
        self.row = 0
        self._widest = 1
        self.paper.hide_gridlines(2)
        self.paper.set_landscape()
        self.paper.set_paper(9)
        self.paper.fit_to_pages(1, 0)
        self.paper.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        self.paper.write_string(0, 0, title, styles.title)
        self.paper.set_row(0, 24)
        self._note, self._note_row = note, 1
        self.row = 3

    def at(self, row: int, column: int, *, fixed: bool = True) -> str:
        """The address of a cell on this sheet, for formulas here and elsewhere."""
        mark = "$" if fixed else ""
        return f"'{self.name}'!{mark}{column_letters(column)}{mark}{row + 1}"

    def table(self, heads: Sequence[Head], rows: Sequence[Sequence[Cell]], *, bold: Sequence[int] = (), freeze: bool = False) -> int:
        """Write a table where the sheet stands, and give the row of its first line."""
        for column, head in enumerate(heads):
            style = self.styles.head if head.kind in ("text", "formula_text") else self.styles.head_right
            self.paper.write_string(self.row, column, head.label, style)
            if column >= self._widest or self._widest == 1:
                self.paper.set_column(column, column, head.width)
        self.paper.set_row(self.row, 15 * max(_lines(h.label, h.width) for h in heads))
        self._widest = max(self._widest, len(heads))
        if freeze:
            self.paper.freeze_panes(self.row + 1, 1)
            self.paper.repeat_rows(self.row)
            if rows:
                self.paper.autofilter(self.row, 0, self.row + len(rows), len(heads) - 1)
        first = self.row + 1
        for number, row in enumerate(rows):
            place = first + number
            for column, (head, cell) in enumerate(zip(heads, row, strict=True)):
                self.write(place, column, cell, head.kind, bold=number in bold)
            tall = max((_lines(c, h.width) for c, h in zip(row, heads, strict=True) if isinstance(c, str)), default=1)
            if tall > 1:
                self.paper.set_row(place, min(13.5 * tall + 2, 400))
        self.row = first + len(rows) + 1
        return first

    def write(self, row: int, column: int, cell: Cell, kind: str, *, bold: bool = False) -> None:
        """One cell; text is written as text whatever it looks like."""
        styles, paper = self.styles, self.paper
        if isinstance(cell, Formula):
            style = styles.cell(kind, bold=bold, live=True)
            empty: float | str = "" if isinstance(cell.value, str) else 0
            paper.write_formula(row, column, cell.text, style, cell.value if self._cached else empty)
        elif isinstance(cell, Input):
            paper.write_number(row, column, cell.value, styles.cell(kind, given=True))
        elif cell is None or cell == "":
            paper.write_blank(row, column, None, styles.cell(kind, bold=bold))
        elif isinstance(cell, str):
            paper.write_string(row, column, clean(cell)[:LONGEST_CELL], styles.cell("text", bold=bold))
        else:
            paper.write_number(row, column, cell, styles.cell(kind, bold=bold))

    def heading(self, words: str) -> None:
        """A line between two tables."""
        self.paper.write_string(self.row, 0, words, self.styles.cell("text", bold=True))
        self.row += 1

    def close(self, footer: str) -> None:
        """Note, print area and running lines, once the width of the sheet is known."""
        last = max(self._widest - 1, 1)
        self.paper.merge_range(self._note_row, 0, self._note_row, min(last, 9), "", self.styles.note)
        self.paper.write_string(self._note_row, 0, self._note, self.styles.note)
        self.paper.set_row(self._note_row, 15 * (1 + len(self._note) // 110))
        self.paper.print_area(0, 0, max(self.row - 1, 3), last)
        self.paper.set_footer(f"&L&8{footer}&R&8&P / &N")


def column_letters(column: int) -> str:
    """The letters of a column, from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _lines(cell: str, width: float) -> int:
    return sum(1 + int(len(part) / (width * _LETTERS_PER_LINE)) for part in cell.split("\n"))


def dated(day: date | None) -> str:
    """A date as text, or nothing."""
    return day.isoformat() if day else ""
