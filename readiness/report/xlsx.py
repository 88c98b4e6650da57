"""The report as a spreadsheet that a CFO can recompute: change an hourly rate or a price and see what follows."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from io import BytesIO

from readiness.language import N_, tr
from readiness.report.brand import DEFAULT_BRAND, Brand
from readiness.report.whole import Whole
from readiness.report.words import WORDS
from readiness.report.xlsx_inputs import Names, write_inputs
from readiness.report.xlsx_knowledge import write_about, write_assumptions, write_frontier, write_gates, write_plan, write_readiness
from readiness.report.xlsx_money import write_causes, write_lines, write_summary
from readiness.report.xlsx_options import write_months, write_options
from readiness.report.xlsx_page import Sheet, Styles

SHEETS = {
    "summary": (N_("Summary"), N_("The headline as assessed, and as it is with your changes."),
                N_("Blue numbers are formulas. Change yellow cells on the sheets Inputs, Cause parts and Options. Ranges are frozen: they belong to the numbers as assessed.")),
    "inputs": (N_("Inputs"), N_("Numbers that you may change"),
               N_("A changed number stands for its whole range: twice the hourly rate is twice every value it may have. As long as a number is changed in proportion, all formulas stay exact.")),
    "readiness": (N_("Readiness"), N_("Readiness by dimension, and every question"), N_("Levels go from 0 to 4; what was not asked counts as neither good nor bad.")),
    "causes": (N_("Causes"), N_("Where the downtime comes from"), N_("Minutes are weighted by how many users they hit. Each cause is the sum of its parts on the sheet Cause parts.")),
    "parts": (N_("Cause parts"), N_("What each cause is made of"),
              N_("Minutes a year = times a year x users reached x minutes each x weight x together. 'Together' is frozen: the mean of a product is not the product of means, and this factor makes up for it.")),
    "money": (N_("Money and hours"), N_("Cash, hours and expected loss of a year"),
              N_("Each line is the product of the numbers in its third column and a frozen factor 'together'. Lines that are part of the bill are shown and not added.")),
    "options": (N_("Options"), N_("Other ways to run what you run yourself"),
                N_("Present value over the months of the sheet Option months. The price of the alternative is yellow; today's follows from Inputs. Expected loss is frozen but for staff who cannot work.")),
    "gates": (N_("Gates"), N_("Ways that are not simply open"), N_("What keeps another way of running a tier out of the comparison or makes it dearer, and what would change that.")),
    "option_months": (N_("Option months"), N_("The options month by month"), N_("What the sheet Options adds up: shapes, hours and losses are frozen means, money is live.")),
    "months": (N_("Months"), N_("Cost of today's design by month"), N_("Each tier's price today times a frozen shape: growth, steps in size and free quotas. Hours are weighted by the hourly rate.")),
    "frontier": (N_("Frontier"), N_("The best design at each price"), N_("Frozen: a design is found by search, not by a formula.")),
    "plan": (N_("Plan"), N_("What was chosen, by quarter"), N_("The same steps as in the CSV file for Jira, Linear or GitHub.")),
    "assumptions": (N_("Assumptions"), N_("Every number with its source"), N_("Published, measured at the client, arithmetic, or an estimate; the range holds 90 % of what is possible.")),
    "about": (N_("About"), N_("What this was made from"), N_("The same engagement, date, data and version always give the same file.")),
}  # fmt: skip


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Titles as Excel takes them for names of sheets: 31 letters, none of them a sign of formulas, no two alike.

    Examples
    --------
    >>> sheet_names(["Causes", "Bestandteile der Ausfallursachen", "causes", "In: out"])
    ['Causes', 'Bestandteile der Ausfallursache', 'causes 2', 'In  out']
    """
    found: list[str] = []
    for title in titles:
        name = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:31].strip() or "Sheet"
        number, given = 2, {n.casefold() for n in found}
        while (tried := name if number == 2 else f"{name[:28]} {number - 1}").casefold() in given:
            number += 1
        found.append(tried)
    return found


def write_xlsx(whole: Whole, *, brand: Brand = DEFAULT_BRAND, cached: bool = True) -> bytes:
    """The finished workbook.

    Parameters
    ----------
    whole
        The assessment as plain data.
    brand
        Whose paper it is.
    cached
        Whether formulas carry the values that they have as assessed. Without, a program has to recalculate; the tests
        ask for it, so that no stored value can pass for a computed one.

    Returns
    -------
    bytes
        An XLSX file; the same for the same assessment and brand.
    """
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_calc_mode("auto")
    day = whole.as_of
    book.set_properties({
        "title": tr("Production readiness"), "subject": whole.client.name, "author": brand.name, "company": brand.name,
        "created": datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC),
    })  # fmt: skip
    styles = Styles(book, brand)
    wanted = [key for key in SHEETS if _has(whole, key)]
    called = sheet_names([tr(SHEETS[key][0]) for key in wanted])
    sheets = {key: Sheet(book, styles, name, *map(tr, SHEETS[key][1:]), cached=cached) for key, name in zip(wanted, called, strict=True)}
    names = Names(book)
    write_inputs(sheets["inputs"], whole, names)
    write_causes(sheets["causes"], sheets["parts"], whole, names)
    write_lines(sheets["money"], whole, names)
    write_months(sheets["months"], whole, names)
    if "options" in sheets:
        write_options(sheets["options"], sheets["option_months"], whole, names)
    if "gates" in sheets:
        write_gates(sheets["gates"], whole)
    write_summary(sheets["summary"], whole, names)
    write_readiness(sheets["readiness"], whole)
    write_assumptions(sheets["assumptions"], whole)
    if "frontier" in sheets:
        write_frontier(sheets["frontier"], whole)
    if "plan" in sheets:
        write_plan(sheets["plan"], whole)
    write_about(sheets["about"], whole, brand)
    names.define()
    footer = "  ".join(part for part in (f"{WORDS['as_of']} {day.isoformat()}", whole.status, brand.footer) if part).replace("&", "&&")
    for sheet in sheets.values():
        sheet.close(footer)
    sheets["summary"].paper.activate()
    book.close()
    return out.getvalue()


def _has(whole: Whole, key: str) -> bool:
    """Whether there is anything to show on a sheet."""
    return {"options": whole.options, "option_months": whole.options, "gates": whole.gates, "frontier": whole.frontier, "plan": whole.plan}.get(key, True) not in ((), False)
