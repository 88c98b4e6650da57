"""Every format is made from the executed notebook, and says the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from readiness.errors import EngagementError, ModelError, UsageError
from readiness.report.brief import said, write_brief
from readiness.report.document import from_notebook, make
from readiness.report.formats import RENDERERS, whole_in
from readiness.report.issues_csv import HEADS, write_issues
from readiness.report.make import make_report, render_report
from readiness.report.whole import PlannedStep, Whole

ROOT = Path(__file__).resolve().parents[2]
QUILLFIELD = ROOT / "data" / "examples" / "quillfield.yaml"
AS_OF = date(2026, 11, 23)
HOSTILE = [c["payload"] for c in YAML(typ="safe").load((ROOT / "tests" / "cases" / "hostile_text.yaml").read_text("utf-8"))["cases"]]


@pytest.fixture(scope="module")
def rendered() -> dict[str, bytes]:
    return dict(render_report(QUILLFIELD, formats=tuple(RENDERERS), as_of=AS_OF).contents)


@pytest.fixture(scope="module")
def node(rendered) -> dict[str, Any]:
    return json.loads(rendered["report.ipynb"])


@pytest.fixture(scope="module")
def whole(node) -> Whole:
    return whole_in(node)


@pytest.mark.slow
def test_each_format_is_made_of_the_executed_notebook_alone(node, rendered):
    document = from_notebook(node)
    for name in ("xlsx", "json", "md", "csv", "html", "pdf"):
        assert RENDERERS[name](node, document, "a4") == rendered[f"report.{name}"], name


@pytest.mark.slow
def test_the_json_keeps_the_published_schema_and_refuses_what_does_not(rendered):
    jsonschema = pytest.importorskip("jsonschema")
    schema = Whole.model_json_schema(mode="serialization")
    content = json.loads(rendered["report.json"])
    jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**content, "further": 1}, schema)
    assert Whole.model_validate(content).model_dump(mode="json") == content


@pytest.mark.slow
def test_the_json_says_what_the_page_says(whole, rendered):
    assert whole.verdict.outcome == "Not yet"
    assert whole.verdict.outcome in rendered["report.md"].decode()
    assert whole.figure("loss_per_year").value.mean == pytest.approx(sum(x.per_year.mean for x in whole.lines if x.column == "loss" and not x.part_of_the_bill))
    assert {n.evidence for n in whole.numbers} <= {"published", "measured", "arithmetic", "estimated"}
    assert all(n.trail for n in whole.numbers)


@pytest.mark.slow
def test_the_brief_is_short_and_reads_as_plain_text(rendered):
    text = rendered["report.md"].decode()
    assert text.startswith("# Production readiness: Quillfield")
    assert len(text.splitlines()) < 60
    assert "Appendix" not in text


def test_text_of_a_client_stays_text_in_markdown():
    reader = MarkdownIt("commonmark", {"linkify": False}).enable("table")
    for payload in [*HOSTILE, "# head", "- point", "1. first", "> quote", "| a | b |", "---", "a\n\n# b", "[x](http://a)", "<b>x</b>", "&amp;"]:
        tokens = reader.parse(f"- {said(payload)}")
        kinds = {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}
        assert kinds <= {"bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close", "bullet_list_close", "text", "text_special"}, payload
        shown = "".join(c.content for t in tokens for c in t.children or ())
        assert shown.split() == payload.split(), payload


def test_the_brief_of_a_document_without_client_or_numbers_is_whole():
    assert write_brief(make([{"kind": "heading", "level": 1, "text": "Title"}])).startswith("# Title\n")


@pytest.mark.slow
def test_a_plan_is_a_file_that_trackers_take(whole):
    step = PlannedStep(quarter="2027-Q1", id="on_call", title="=Rota, paid", kind="practice", hours=30.0, cost_per_month=250.0, why="A rota with a backup")
    rows = list(csv.DictReader(io.StringIO(write_issues(whole.model_copy(update={"plan": (step,)})))))
    assert tuple(rows[0]) == HEADS
    assert rows[0]["Title"] == "'=Rota, paid"
    assert rows[0]["Milestone"] == "2027-Q1"
    assert rows[0]["Description"] == "A rota with a backup. Cash a month: EUR 250."
    assert all(len(row) == len(HEADS) for row in csv.reader(io.StringIO(write_issues(whole))))
    assert list(csv.reader(io.StringIO(write_issues(whole.model_copy(update={"plan": ()}))))) == [list(HEADS)]


def test_a_notebook_without_its_provenance_gives_no_spreadsheet():
    with pytest.raises(ModelError, match="provenance"):
        whole_in({"cells": []})


@pytest.mark.parametrize(("formats", "said"), [(("xslx",), 'did you mean "xlsx"'), ((), "names no format")])
def test_an_unknown_format_is_a_sentence(formats, said, tmp_path):
    with pytest.raises(UsageError, match=said):
        make_report(QUILLFIELD, tmp_path, formats=formats)


@pytest.mark.slow
def test_a_report_that_fails_leaves_nothing_that_looks_fresh(tmp_path):
    for suffix in ("pdf", "html", "xlsx", "json", "md", "csv", "ipynb", "manifest.json"):
        (tmp_path / f"report.{suffix}").write_text("old")
    broken = tmp_path / "client.yaml"
    broken.write_text("version: 1\n")
    with pytest.raises(EngagementError):
        make_report(broken, tmp_path, formats=("md",))
    assert [f.name for f in tmp_path.glob("report.*")] == []
