"""The sheets Summary, Causes, Cause parts, and Money and hours: formulas that give the printed means."""

from __future__ import annotations

from readiness.language import tr
from readiness.report.whole import Whole
from readiness.report.words import WORDS
from readiness.report.xlsx_inputs import Names, cell_name
from readiness.report.xlsx_page import Cell, Formula, Head, Input, Kind, Sheet
from readiness.text import promise

MONTHS_PER_YEAR = 12


def write_causes(sheet: Sheet, parts: Sheet, whole: Whole, names: Names) -> None:
    """Downtime by cause: each printed cause is the sum of its parts, each part a product of three numbers."""
    heads: tuple[Head, ...] = (Head(tr("Part"), width=46), Head(tr("Cause"), width=24), Head(tr("Journeys"), width=18), Head(tr("Times a year"), "factor", 12),
             Head(tr("Users reached"), "share", 12), Head(tr("Minutes each"), "number", 12), Head(tr("Together, frozen"), "factor", 12), Head(tr("Weight, frozen"), "factor", 12),
             Head(tr("Minutes a year"), "number", 14), Head(tr("As assessed"), "number", 14), Head(tr("People work on it"), width=12))  # fmt: skip
    first = parts.row + 1
    rows: list[tuple[Cell, ...]] = []
    for number, c in enumerate(whole.causes):
        line = first + number + 1
        rows.append((c.title, c.id.partition("~")[0], c.journeys, Input(c.rate_per_year), Input(c.reach_share), Input(c.minutes), c.together, c.weight,
                     Formula(f"=D{line}*E{line}*F{line}*G{line}*H{line}", c.bad_minutes_per_year), c.bad_minutes_per_year, tr("yes") if c.works_on else tr("no")))  # fmt: skip
    assert parts.table(heads, rows, freeze=True) == first
    last = first + len(rows)
    area = {letter: f"'{parts.name}'!${letter}${first + 1}:${letter}${last}" for letter in "BDIK"}
    total = whole.figure("bad_minutes_per_year").value.mean
    printed = [f for f in whole.figures if f.id.startswith("bad_minutes_") and not f.id.startswith(("bad_minutes_per_", "bad_minutes_of_"))]
    printed.sort(key=lambda f: -f.value.mean)
    heads = (Head(tr("Cause"), width=46), Head(tr("Name"), width=24), Head(tr("Minutes a year"), "number", 14), Head(tr("Low, frozen"), "number", 13),
             Head(tr("High, frozen"), "number", 13), Head(tr("Share of all"), "share", 12), Head(tr("Share of the error budget"), "share", 14), Head(tr("As assessed"), "number", 14))  # fmt: skip
    first = sheet.row + 1
    budget = (1 - whole.verdict.promise) * 525_600
    rows = []
    for number, f in enumerate(printed):
        cause, line = f.id.removeprefix("bad_minutes_"), first + number + 1
        rows.append((f.title, cause, Formula(f"=SUMIF({area['B']},B{line},{area['I']})", f.value.mean), f.value.low, f.value.high,
                     Formula(f"=IF(bad_minutes_total=0,0,C{line}/bad_minutes_total)", f.value.mean / total if total else 0.0),
                     Formula(f"=C{line}/error_budget_minutes", f.value.mean / budget), f.value.mean))  # fmt: skip
    assert sheet.table(heads, rows, freeze=True) == first
    last_line = first + len(rows)
    summed = sum(c.bad_minutes_per_year for c in whole.causes)
    totals: list[tuple[str, str, Cell]] = [
        (tr("All causes"), "sum_of_causes", Formula(f"=SUM(C{first + 1}:C{last_line})", summed)),
        (tr("of which a year can hold; frozen"), "", whole.causes_capped),
        (tr("Expected downtime, minutes a year"), "bad_minutes_total", Formula(f"=C{last_line + 2}*C{last_line + 3}", total)),
        (tr("Error budget of the promise, minutes a year"), "error_budget_minutes", Input(budget)),
        (tr("Incidents a year that people work on"), "incidents_of_causes",
         Formula(f'=SUMIF({area["K"]},"{tr("yes")}",{area["D"]})', whole.derived["incidents"])),
    ]  # fmt: skip
    sheet.row = last_line + 1
    for what, name, cell in totals:
        sheet.write(sheet.row, 0, what, "text", bold=True)
        sheet.write(sheet.row, 1, name, "text")
        sheet.write(sheet.row, 2, cell, "factor" if isinstance(cell, float) else "number", bold=True)
        if name:
            names.put(name, sheet.at(sheet.row, 2))
        sheet.row += 1


def write_lines(sheet: Sheet, whole: Whole, names: Names) -> None:
    """Cash, hours and expected loss: every line a product, three totals that are never silently added, and their sum by name."""
    heads = (Head(tr("Line"), width=46), Head(tr("Column"), width=9), Head(tr("Product of"), width=44), Head(tr("Times"), "factor", 9), Head(tr("Together, frozen"), "factor", 12),
             Head(tr("A year"), "number", 15), Head(tr("Low, frozen"), "number", 14), Head(tr("High, frozen"), "number", 14),
             Head(tr("Worth in {currency}", currency=whole.client.currency), "number", 15), Head(tr("Hours at rate, frozen"), "factor", 12), Head(tr("As assessed"), "number", 15))  # fmt: skip
    first, bold = sheet.row + 1, []
    rows: list[tuple[Cell, ...]] = []
    rate = next((n.value.mean for n in whole.numbers if n.name == "loaded_rate_per_hour"), 0.0)
    for column, title in (("cash", tr("Cash")), ("hours", tr("Hours of people")), ("loss", tr("Expected loss"))):
        lines = sorted((x for x in whole.lines if x.column == column), key=lambda x: -x.per_year.mean)
        counted = sorted(lines, key=lambda x: x.part_of_the_bill)
        begin = first + len(rows)
        for x in counted:
            line = first + len(rows) + 1
            product = "*".join([f"{x.times:g}", *(names.factor(f) for f in x.factors), f"E{line}"])
            mean = x.per_year.mean
            weight = (x.hours_at_rate or 0.0) / mean if column == "hours" and mean else 0.0
            worth: Cell = None if x.part_of_the_bill else Formula(f"=F{line}*J{line}*loaded_rate_per_hour" if column == "hours" else f"=F{line}",
                                                                  mean * weight * rate if column == "hours" else mean)  # fmt: skip
            words = " x ".join(f"(1 - {cell_name(f[4:])})" if f.startswith("not ") else cell_name(f) for f in x.factors)
            rows.append((tr("{title} (part of the bill above)", title=x.title) if x.part_of_the_bill else x.title, column, words, x.times, x.together,
                         Formula(f"={product}", mean), x.per_year.low, x.per_year.high, worth, weight if column == "hours" else None, mean))  # fmt: skip
        until = begin + sum(not x.part_of_the_bill for x in counted)
        total = whole.figure({"cash": "cash_per_month", "hours": "hours_per_month", "loss": "loss_per_year"}[column]).value
        times = 1 if column == "loss" else MONTHS_PER_YEAR
        money = sum((x.hours_at_rate or 0.0) * rate if column == "hours" else x.per_year.mean for x in counted if not x.part_of_the_bill)
        bold.append(len(rows))
        some = until > begin
        rows.append((tr("{title} a year", title=title), column, None, None, None, Formula(f"=SUM(F{begin + 1}:F{until})" if some else "=0", total.mean * times),
                     total.low * times, total.high * times, Formula(f"=SUM(I{begin + 1}:I{until})" if some else "=0", money), None, total.mean * times))  # fmt: skip
        names.put(f"{column}_per_year", sheet.at(first + len(rows) - 1, 5))
        names.put(f"{column}_worth_per_year", sheet.at(first + len(rows) - 1, 8))
    economic = whole.figure("economic_cost_per_year").value
    bold.append(len(rows))
    rows.append((tr("Economic cost a year: cash, hours at their rate, and expected loss"), "", None, None, None, None, economic.low, economic.high,
                 Formula("=cash_worth_per_year+hours_worth_per_year+loss_worth_per_year", economic.mean), None, economic.mean))  # fmt: skip
    names.put("economic_cost_per_year", sheet.at(first + len(rows) - 1, 8))
    assert sheet.table(heads, rows, bold=bold, freeze=True) == first


def write_summary(sheet: Sheet, whole: Whole, names: Names) -> None:
    """The verdict as assessed, and the headline with the reader's changes beside it."""
    v = whole.verdict
    facts: list[tuple[Cell, ...]] = [
        (tr("Client"), whole.client.name), (tr("As of"), whole.as_of.isoformat()), (tr("Status"), whole.status), (tr("Currency"), whole.client.currency),
        (tr("Verdict as assessed"), tr("{outcome}: {promise} for “{journey}”", outcome=WORDS[v.outcome], promise=promise(v.promise), journey=v.journey)),
        (tr("Highest promise that could be signed today"), promise(v.highest_promise) if v.highest_promise else tr("none")),
        (tr("Questions answered"), v.coverage),
        (tr("Chance to break the promise within a year, frozen"), whole.figure("breach_chance_per_year").value.mean),
    ]  # fmt: skip
    sheet.table((Head(tr("Fact"), width=46), Head("", "share", 46)), facts)
    sheet.heading(tr("Headline numbers"))
    formulas: tuple[tuple[str, str, Kind], ...] = (
        ("bad_minutes_per_year", "=bad_minutes_total", "number"), ("loss_per_year", "=loss_per_year", "money"), ("cash_per_month", "=cash_per_year/12", "money"),
        ("hours_per_month", "=hours_per_year/12", "number"), ("economic_cost_per_year", "=economic_cost_per_year", "money"),
    )  # fmt: skip
    heads = (Head(tr("Number"), width=46), Head(tr("With your changes"), "number", 46), Head(tr("As assessed"), "number", 16), Head(tr("Change"), "number", 14),
             Head(tr("Low, frozen"), "number", 14), Head(tr("High, frozen"), "number", 14), Head(tr("Unit"), width=18))  # fmt: skip
    first = sheet.table(heads, [])
    for place, (figure_id, formula, kind) in enumerate(formulas, start=first):
        f = whole.figure(figure_id)
        row: tuple[Cell, ...] = (f.title, Formula(formula, f.value.mean), f.value.mean, Formula(f"=B{place + 1}-C{place + 1}", 0.0), f.value.low, f.value.high,
                                 f.unit.replace("money", whole.client.currency).replace("/", " a "))  # fmt: skip
        for column, cell in enumerate(row):
            sheet.write(place, column, cell, kind if 0 < column < 6 else "text", bold=column == 1)
    sheet.row = first + len(formulas) + 1
    if v.reasons:
        sheet.heading(tr("Reasons of the verdict"))
        sheet.table((Head(tr("Reason"), width=46), Head(tr("Weight"), width=46)), [(r.text, tr("stands in the way") if r.blocks else tr("a condition")) for r in v.reasons])
