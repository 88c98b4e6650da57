"""The sheets of the spreadsheet that hold what is known, without formulas: readiness, assumptions, frontier, plan, about."""

from __future__ import annotations

from readiness.report.brand import Brand
from readiness.report.whole import Whole
from readiness.report.xlsx_inputs import kind_of, unit_words
from readiness.report.xlsx_page import Cell, Head, Sheet, dated

_RUNGS = {"claimed": "said, not shown", "observed": "shown to us", "verified": "checked by us", None: ""}


def write_readiness(sheet: Sheet, whole: Whole) -> None:
    """Dimensions with coverage and bounds, then every question with its answer."""
    heads = (Head("Dimension", width=34), Head("Level", "number", 46), Head("Asked", "share", 46), Head("Worst still possible", "number", 18),
             Head("Best still possible", "number", 18), Head("In the way of the promise", width=50))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (d.title, d.score, d.coverage, d.worst, d.best, "; ".join(p.title for p in d.practices if p.gate in ("missed", "unproven"))) for d in whole.dimensions
    ]
    sheet.table(heads, rows)
    sheet.heading("Questions and answers")
    heads = (Head("Dimension", width=34), Head("Question", width=46), Head("Answer", width=46), Head("State", width=18), Head("How known", width=18),
             Head("Gate of the promise", width=50))  # fmt: skip
    rows = [
        (d.title, p.question, "; ".join(p.answers) or p.not_applicable_because, p.state, _RUNGS[p.rung] + (", out of date" if p.stale else ""),
         p.gate if p.gate != "not applicable" else "")
        for d in whole.dimensions for p in d.practices if p.state != "does not apply"
    ]  # fmt: skip
    sheet.table(heads, rows)


def write_assumptions(sheet: Sheet, whole: Whole) -> None:
    """Every number with unit, range, evidence, source and date; how many of each kind."""
    heads = (Head("Number", width=34), Head("What it is", width=54), Head("Mean", "number", 13), Head("Low", "number", 13), Head("High", "number", 13),
             Head("Unit", width=16), Head("Kind", width=12), Head("Source", width=64), Head("Date", width=12))  # fmt: skip
    first = sheet.table(heads, [], freeze=True)
    for place, n in enumerate(whole.numbers, start=first):
        kind = kind_of(n.unit)
        cells: tuple[Cell, ...] = (n.name, n.meaning, n.value.mean, n.value.low, n.value.high, unit_words(n.unit, whole.client.currency), n.evidence, n.source, dated(n.as_of))
        for column, cell in enumerate(cells):
            sheet.write(place, column, cell, kind if column in (2, 3, 4) else "text")
    sheet.row = first + len(whole.numbers) + 1


def write_gates(sheet: Sheet, whole: Whole) -> None:
    """Every way with a gate in front of it, and what would open it."""
    words = {"block": "blocked", "no price": "not compared", "surcharge": "surcharge", "rewrite": "the product changes"}
    rows: list[tuple[Cell, ...]] = [(g.tier, g.title, words[g.effect], g.why, g.would_change) for g in whole.gates]
    sheet.table((Head("Tier", width=18), Head("Way", width=46), Head("Gate", width=18), Head("Why", width=60), Head("What would change it", width=50)), rows, freeze=True)


def write_frontier(sheet: Sheet, whole: Whole) -> None:
    """Designs that no other beats in both cost and downtime."""
    rows: list[tuple[Cell, ...]] = [(p.title, p.changes, p.cost_per_month, 1 - p.unavailability, p.unavailability * 525_600) for p in whole.frontier]
    sheet.table((Head("Design", width=46), Head("Changes", width=60), Head("Cost a month", "money", 14), Head("Availability", "share", 14),
                 Head("Downtime a year, minutes", "number", 16)), rows, freeze=True)  # fmt: skip


def write_plan(sheet: Sheet, whole: Whole) -> None:
    """The steps that were chosen, by quarter."""
    rows: list[tuple[Cell, ...]] = [(p.title, p.quarter, p.kind, p.hours, p.cost_per_month, p.owner, p.why) for p in whole.plan]
    sheet.table((Head("Step", width=46), Head("Quarter", width=12), Head("Kind", width=12), Head("Hours", "number", 10), Head("Cash a month", "money", 13),
                 Head("Owner", width=18), Head("Why", width=60)), rows, freeze=True)  # fmt: skip


def write_about(sheet: Sheet, whole: Whole, brand: Brand) -> None:
    """Versions and digests, and how to read the sheets."""
    v = whole.versions
    rows: list[tuple[Cell, ...]] = [
        ("Prepared on the paper of", brand.name), ("For", whole.audience), ("As of", whole.as_of.isoformat()), ("Workbook", v.workbook), ("Data", v.catalog),
        ("Engagement", v.engagement), ("Audit log", v.journal), ("Common draws", f"{v.draws:,}"),
        ("Printed numbers", "are means over the common draws; formulas give the same means"),
        ("Together", "the mean of a product over the product of the means of its factors; it keeps the formulas exact"),
        ("Frozen", "belongs to the numbers as assessed and does not move with your changes; ask for a new run to move it"),
    ]  # fmt: skip
    if brand.legal_note:
        rows.append(("Note", brand.legal_note))
    sheet.table((Head("What", width=34), Head("", width=90)), rows)
