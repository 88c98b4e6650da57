"""The sheets of the spreadsheet that hold what is known, without formulas: readiness, assumptions, frontier, plan, about."""

from __future__ import annotations

from readiness.language import N_, Words, tr
from readiness.report.brand import Brand
from readiness.report.whole import Whole
from readiness.report.xlsx_inputs import kind_of, unit_words
from readiness.report.xlsx_page import Cell, Head, Sheet, dated
from readiness.text import whole as whole_number
from readiness.wording import EVIDENCE_WORDS, GATE_WORDS, RUNG_WORDS, STATE_WORDS

_AUDIENCES = Words({"internal": N_("the consultant alone"), "client": N_("the client"), "board": N_("the board")})
_KINDS = Words({"practice": N_("practice"), "service": N_("service")})


def write_readiness(sheet: Sheet, whole: Whole) -> None:
    """Dimensions with coverage and bounds, then every question with its answer."""
    heads = (Head(tr("Dimension"), width=34), Head(tr("Level"), "number", 46), Head(tr("Asked"), "share", 46), Head(tr("Worst still possible"), "number", 18),
             Head(tr("Best still possible"), "number", 18), Head(tr("In the way of the promise"), width=50))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (d.title, d.score, d.coverage, d.worst, d.best, "; ".join(p.title for p in d.practices if p.gate in ("missed", "unproven"))) for d in whole.dimensions
    ]
    sheet.table(heads, rows)
    sheet.heading(tr("Questions and answers"))
    heads = (Head(tr("Dimension"), width=34), Head(tr("Question"), width=46), Head(tr("Answer"), width=46), Head(tr("State"), width=18), Head(tr("How known"), width=18),
             Head(tr("Gate of the promise"), width=50))  # fmt: skip
    rows = [
        (d.title, p.question, "; ".join(p.answers) or p.not_applicable_because, STATE_WORDS[p.state], RUNG_WORDS[p.rung] + (tr(", out of date") if p.stale else ""),
         GATE_WORDS[p.gate])
        for d in whole.dimensions for p in d.practices if p.state != "does not apply"
    ]  # fmt: skip
    sheet.table(heads, rows)


def write_assumptions(sheet: Sheet, whole: Whole) -> None:
    """Every number with unit, range, evidence, source and date; how many of each kind."""
    heads = (Head(tr("Number"), width=34), Head(tr("What it is"), width=54), Head(tr("Mean"), "number", 13), Head(tr("Low"), "number", 13), Head(tr("High"), "number", 13),
             Head(tr("Unit"), width=16), Head(tr("Kind"), width=12), Head(tr("Source"), width=64), Head(tr("Date"), width=12))  # fmt: skip
    first = sheet.table(heads, [], freeze=True)
    for place, n in enumerate(whole.numbers, start=first):
        kind = kind_of(n.unit)
        cells: tuple[Cell, ...] = (n.name, n.meaning, n.value.mean, n.value.low, n.value.high, unit_words(n.unit, whole.client.currency), EVIDENCE_WORDS[n.evidence], n.source, dated(n.as_of))
        for column, cell in enumerate(cells):
            sheet.write(place, column, cell, kind if column in (2, 3, 4) else "text")
    sheet.row = first + len(whole.numbers) + 1


def write_gates(sheet: Sheet, whole: Whole) -> None:
    """Every way with a gate in front of it, and what would open it."""
    words = {"block": tr("blocked"), "no price": tr("not compared"), "surcharge": tr("surcharge"), "rewrite": tr("the product changes")}
    rows: list[tuple[Cell, ...]] = [(g.tier, g.title, words[g.effect], g.why, g.would_change) for g in whole.gates]
    sheet.table((Head(tr("Tier"), width=18), Head(tr("Way"), width=46), Head(tr("Gate"), width=18), Head(tr("Why"), width=60), Head(tr("What would change it"), width=50)), rows, freeze=True)


def write_frontier(sheet: Sheet, whole: Whole) -> None:
    """Designs that no other beats in both cost and downtime."""
    rows: list[tuple[Cell, ...]] = [(p.title, p.changes, p.cost_per_month, 1 - p.unavailability, p.unavailability * 525_600) for p in whole.frontier]
    sheet.table((Head(tr("Design"), width=46), Head(tr("Changes"), width=60), Head(tr("Cost a month"), "money", 14), Head(tr("Availability"), "share", 14),
                 Head(tr("Downtime a year, minutes"), "number", 16)), rows, freeze=True)  # fmt: skip


def write_plan(sheet: Sheet, whole: Whole) -> None:
    """The steps that were chosen, by quarter."""
    rows: list[tuple[Cell, ...]] = [(p.title, p.quarter, _KINDS[p.kind], p.hours, p.cost_per_month, p.owner, p.why) for p in whole.plan]
    sheet.table((Head(tr("Step"), width=46), Head(tr("Quarter"), width=12), Head(tr("Kind"), width=12), Head(tr("Hours"), "number", 10), Head(tr("Cash a month"), "money", 13),
                 Head(tr("Owner"), width=18), Head(tr("Why"), width=60)), rows, freeze=True)  # fmt: skip


def write_about(sheet: Sheet, whole: Whole, brand: Brand) -> None:
    """Versions and digests, and how to read the sheets."""
    v = whole.versions
    rows: list[tuple[Cell, ...]] = [
        (tr("Prepared on the paper of"), brand.name), (tr("For"), _AUDIENCES[whole.audience]), (tr("As of"), whole.as_of.isoformat()), (tr("Workbook"), v.workbook), (tr("Data"), v.catalog),
        (tr("Engagement"), v.engagement), (tr("Audit log"), v.journal), (tr("Common draws"), whole_number(v.draws)),
        (tr("Printed numbers"), tr("are means over the common draws; formulas give the same means")),
        (tr("Together"), tr("the mean of a product over the product of the means of its factors; it keeps the formulas exact")),
        (tr("Frozen"), tr("belongs to the numbers as assessed and does not move with your changes; ask for a new run to move it")),
    ]  # fmt: skip
    if brand.legal_note:
        rows.append((tr("Note"), brand.legal_note))
    sheet.table((Head(tr("What"), width=34), Head("", width=90)), rows)
