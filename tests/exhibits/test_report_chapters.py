"""The chapters of the report: what they say of whom, and that nothing is printed where there is nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.exhibits import basis, downtime, money, promise, remarks, standing, summary
from readiness.exhibits.exhibit import Block, Chapter, Exhibit
from readiness.report.document import make
from readiness.text import GAP

AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def assessed(catalog: Catalog, clients: dict[str, Engagement]) -> dict[str, Assessment]:
    return {name: assess(catalog, e, as_of=AS_OF, draws=1024) for name, e in clients.items()}


def exhibit(chapter: Chapter, exhibit_id: str) -> Exhibit:
    return next(e for e in chapter.exhibits if e.id == exhibit_id)


def every_chapter(a: Assessment) -> list[Chapter]:
    return [
        summary.cover(a), summary.summary(a), standing.readiness(a), downtime.downtime(a), promise.promises(a), money.money(a), money.every_line(a),
        remarks.remarks(a), basis.architecture(a), basis.assumptions(a), basis.glossary(), basis.provenance(a), standing.answers(a),
    ]  # fmt: skip


def test_every_chapter_of_every_client_is_a_document_whose_parts_are_named_once(assessed):
    for a in assessed.values():
        blocks = [b for c in every_chapter(a) for b in c.payload()["blocks"]]
        document = make(blocks)
        for e in document.exhibits():
            assert e.finding, e.id
            assert e.table is None or e.table.rows, f"{e.id} has a head and no rows"


def test_an_empty_client_gets_chapters_too(catalog: Catalog, northlight: Engagement):
    bare = northlight.model_copy(update={"answers": {}, "decisions": (), "parking_lot": (), "notes": (), "accepted_risks": ()})
    a = assess(catalog, bare, as_of=AS_OF, draws=256)
    make([b for c in every_chapter(a) for b in c.payload()["blocks"]])
    assert [p.kind for p in remarks.remarks(a).parts] == ["missing"]
    assert any(isinstance(p, Block) and p.kind == "missing" for p in summary.summary(a).parts), "too little was asked, and the page says so"


def test_what_breaks_first_are_the_largest_causes(assessed):
    a = assessed["northlight"]
    told = dict(next(p for p in summary.summary(a).parts if isinstance(p, Block) and p.kind == "definitions").content["terms"])
    first, _ = max(a.bad_minutes_by_cause.values(), key=lambda c: float(c[1].mean()))
    assert told["What breaks first"].startswith(first)


def test_the_reasons_of_the_verdict_name_every_gate_once(assessed):
    a = assessed["northlight"]
    verdict = next(p for p in summary.summary(a).parts if isinstance(p, Block) and p.kind == "verdict")
    text = " ".join(r["text"] for r in verdict.content["reasons"]).lower()
    missed = [r.subject for r in a.standing.verdict.reasons if r.kind == "gate missed"]
    assert len(missed) > 3
    for practice in missed:
        assert text.count(a.catalog.practices[practice].title.lower()) == 1
    assert len(verdict.content["reasons"]) <= 6, "the board reads one page"


def test_what_to_do_first_closes_gates_with_least_effort_first(assessed):
    steps = summary.needed_first(assessed["northlight"])
    missing = {p.practice.id for p in assessed["northlight"].standing.practices if p.gate in ("missed", "unproven")}
    assert {practice for practice, *_ in steps} <= missing
    assert [hours for *_, hours in steps] == sorted(hours for *_, hours in steps)


def test_rows_of_causes_and_the_rest_make_up_all_of_the_downtime(assessed):
    for a in assessed.values():
        listed = exhibit(downtime.downtime(a), "causes")
        minutes = [p.value for p in listed.printed if p.id.startswith("bad_minutes_") and not p.id.endswith((".low", ".high"))]
        assert sum(minutes) == pytest.approx(float(a.bad_minutes_weighted.mean()), rel=1e-9)


def test_the_three_columns_of_money_are_never_added_up_to_one(assessed):
    a = assessed["medirow"]
    rows = [row[0].strip() for row in exhibit(money.money(a), "money").table.rows]
    assert [r for r in rows if r.endswith("a year")] == ["Cash a year", "People's hours a year", "Expected loss a year"]
    assert not any(r.lower().startswith("total") for r in rows)


def test_all_lines_of_a_column_and_those_left_out_are_its_lines(assessed):
    a = assessed["cheerly"]
    chapter = exhibit(money.every_line(a), "every_line")
    shown = " ".join(row[0] for row in chapter.table.rows) + chapter.note
    assert [x.title for x in a.amounts if float(x.per_year.mean()) > 0 and x.title not in shown] == []


def test_a_client_without_revenue_is_told_so(assessed):
    kinds = {name: [p.kind for p in money.money(a).parts if isinstance(p, Block)] for name, a in assessed.items()}
    for name, a in assessed.items():
        assert ("missing" in kinds[name]) == (float(a.values["revenue_per_hour"].mean()) == 0), name


def test_numbers_are_counted_by_where_they_come_from(assessed):
    a = assessed["northlight"]
    chapter = exhibit(basis.assumptions(a), "assumptions")
    counts = {p.id: int(p.value) for p in chapter.printed if p.id.startswith("numbers")}
    assert counts["numbers"] == sum(n for name, n in counts.items() if name != "numbers")
    assert len(chapter.table.rows) == counts["numbers"] + len(chapter.table.emphasis)


def test_a_board_reads_fewer_numbers_and_is_told_of_the_others(assessed):
    a = assessed["northlight"]
    full, short = (exhibit(basis.assumptions(a, audience), "assumptions") for audience in ("client", "board"))
    assert len(short.table.rows) < len(full.table.rows)
    assert short.finding == full.finding
    assert "client's version" in short.note


def test_people_who_disagree_are_shown_as_such(assessed):
    rows = [row for e in standing.answers(assessed["northlight"]).exhibits for row in e.table.rows]
    assert sum(row[1].startswith("People disagree: ") for row in rows) == 1


def test_no_number_is_parted_from_its_unit(assessed):
    a = assessed["medirow"]
    for printed in (p for c in every_chapter(a) for p in c.printed):
        if printed.unit.startswith(("money", "hours", "minutes", "share")) and np.isfinite(printed.value):
            assert " " not in printed.text.removeprefix("under ").removeprefix("over "), printed
            assert GAP in printed.text, printed
