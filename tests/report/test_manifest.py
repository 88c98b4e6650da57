"""Every printed number can be traced: through the manifest back to formula, inputs, answers and sources."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from readiness.catalog import Catalog
from readiness.report.document import Document, from_notebook
from readiness.report.formats import whole_in
from readiness.report.make import NOTEBOOK, notebook_folder, render_report, run_notebook
from readiness.report.manifest import FIXED_NUMBERS, base_id, manifest_of, texts_of, unaccounted
from readiness.report.pdf import page_content, write_pdf
from readiness.text import numbers_in

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("northlight", "cheerly", "medirow", "quillfield")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")


@dataclass(frozen=True)
class Run:
    """One executed notebook with what is made of it."""

    node: dict[str, Any]
    document: Document
    manifest: dict[str, Any]


@pytest.fixture(scope="session")
def run_of() -> Callable[[str], Run]:
    """The report of one example client, each run once."""
    known: dict[str, Run] = {}

    def run(name: str) -> Run:
        if name not in known:
            given = {"engagement": str(ROOT / "data" / "examples" / f"{name}.yaml"), "as_of": "2026-11-23", "audience": "internal", "interactive": False}
            node = run_notebook(notebook_folder() / NOTEBOOK, given)
            known[name] = Run(node, from_notebook(node), json.loads(manifest_of(node, {})))
        return known[name]

    return run


def strings(content: Any) -> Iterator[str]:
    """Every text in a model or in plain data."""
    if isinstance(content, BaseModel):
        yield from strings({name: getattr(content, name) for name in type(content).model_fields})
    elif isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from strings(value)


def quoted(run: Run, catalog: Catalog) -> set[str]:
    """What is not ours: questions, answers, titles and sources of the data, and everything that the client wrote."""
    from readiness.report.session import session

    s = session(ROOT / "data" / "examples" / f"{run.manifest['client']}.yaml", as_of="2026-11-23", audience="internal")
    whole = whole_in(run.node)
    found = set(strings([*catalog.practices.values(), *catalog.services.values(), *catalog.scenarios.values(), *catalog.lines, *catalog.dimensions]))
    found |= set(strings(s.opened.engagement)) | {n.source for n in whole.numbers} | {n.source.removeprefix("estimate of this workbook: ") for n in whole.numbers}
    found |= {x.source for x in whole.lines} | {n.meaning for n in whole.numbers} | {f.title for f in whole.figures}
    found |= {f"Workbook {whole.versions.workbook}", whole.versions.catalog, whole.versions.engagement[:16], whole.versions.journal[:16]}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_in_our_own_sentences_is_in_the_manifest(name, run_of, catalog):
    run = run_of(name)
    printed = [n["text"] for n in run.manifest["numbers"]]
    assert len(printed) > 100
    assert unaccounted(run.document, printed, quoted(run, catalog)) == []


@pytest.mark.slow
@needs_pdftotext
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_on_the_pages_of_the_pdf_stands_in_the_document_or_is_set_by_the_renderer(name, run_of, tmp_path):
    run = run_of(name)
    file = tmp_path / "report.pdf"
    file.write_bytes(write_pdf(run.document))
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout.decode()
    pages = text.count("\f")
    known = {n for t in texts_of(run.document) for n in numbers_in(t)}
    # Digits of dates are read one by one from the lines of a page.
    known |= {n for t in texts_of(run.document) for day in re.findall(r"\d{4}-\d\d-\d\d", t) for n in day.split("-")}
    content = page_content(run.document, paper="a4")
    labels = {n for block in content["blocks"] if block.get("chart") for label in block["chart"]["labels"] for piece in label["runs"] for n in numbers_in(piece["text"])}
    exhibits = sum(block["kind"] == "exhibit" for block in content["blocks"])
    own = {str(n) for n in range(1, max(pages, exhibits * 2) + 1)}
    joined = text.replace("\n", " ")
    assert set(numbers_in(joined)) - known - labels - own - set(FIXED_NUMBERS) == set()


@pytest.mark.slow
def test_a_number_leads_to_its_formula_and_on_to_answers_and_sources(run_of):
    manifest = run_of("northlight").manifest
    shown = {n["id"] for n in manifest["numbers"]}
    assert {"bad_minutes_per_year", "loss_per_year", "loss_per_year.low", "cash_per_month", "breach_chance_per_year"} <= shown
    assert manifest["formulas"]["bad_minutes_per_year"]["inputs"]
    changes = manifest["formulas"]["bad_minutes_changes"]
    assert "change_failure_rate" in changes["inputs"]
    steps = manifest["trails"]["change_failure_rate"]["steps"]
    assert any(step["origin"].startswith("practice:") for step in steps)
    assert all(step["source"] for step in steps)
    assert manifest["versions"]["journal"]


@pytest.mark.slow
def test_every_headline_and_every_line_has_an_origin(run_of):
    manifest = run_of("medirow").manifest
    known = manifest["formulas"].keys() | manifest["trails"].keys()
    mine = {"money", "every_line", "losses", "causes", "downtime_by_cause", "architecture", "assumptions"}
    numbers = [n for n in manifest["numbers"] if mine & set(n["stands_in"]) and n["unit"].startswith(("money", "hours", "minutes"))]
    assert len(numbers) > 100
    summed = ("error_budget_minutes_per_year", "bad_minutes_others", "loss_of_others")
    assert [n["id"] for n in numbers if base_id(n["id"]) not in known and not n["id"].startswith(summed)] == []
    assert all(n["stands_in"] for n in manifest["numbers"])


def test_a_number_that_nobody_printed_is_found():
    document = from_notebook({"cells": [{"cell_type": "markdown", "source": "# Title\n\nIt fails 17 times; see “Top 40 songs” of 2026-11-23."}]})
    assert unaccounted(document, [], ["Top 40 songs"]) == [("17", "It fails 17 times; see “Top 40 songs” of 2026-11-23.")]
    assert unaccounted(document, ["17"], ["Top 40 songs"]) == []


def test_a_manifest_holds_no_number_that_is_not_one(run_of):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(manifest_of({"cells": [cell([["x", None, "share", "not known", "text"]])]}, {"report.pdf": b"x"}), parse_constant=refuse)


def cell(printed: Iterable[Any]) -> dict[str, Any]:
    from readiness.report.blocks import MIME_TYPE

    return {"cell_type": "code", "source": "x", "outputs": [{"data": {MIME_TYPE: {"version": 1, "blocks": [], "printed": list(printed)}}}]}


@pytest.mark.slow
def test_the_manifest_lies_beside_every_report(northlight_file):
    rendered = render_report(northlight_file, formats=("md",), as_of=date(2026, 11, 23))
    assert set(rendered.contents) == {"report.md", "report.manifest.json"}


@pytest.fixture
def northlight_file() -> Path:
    return ROOT / "data" / "examples" / "northlight.yaml"
