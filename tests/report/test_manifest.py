"""Every printed number can be traced: through the manifest back to formula, inputs, answers and sources."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from readiness.catalog import Catalog
from readiness.language import use
from readiness.report.audience import AUDIENCES
from readiness.report.blocks import Heading
from readiness.report.document import Document, from_notebook
from readiness.report.formats import whole_in
from readiness.report.make import notebook_for, render_report, run_notebook
from readiness.report.manifest import base_id, manifest_of, plain_spaces, texts_of, unaccounted
from readiness.report.pdf import page_content, write_pdf
from readiness.text import numbers_in

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("northlight", "cheerly", "medirow", "quillfield")
Executed = Callable[[str, str], dict[str, Any]]
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")


@dataclass(frozen=True)
class Run:
    """One executed notebook with what is made of it."""

    node: dict[str, Any]
    document: Document
    manifest: dict[str, Any]


@pytest.fixture(scope="session")
def run_of(executed: Executed) -> Callable[..., Run]:
    """The report of one example client for one audience."""

    @cache
    def run(name: str, audience: str = "internal") -> Run:
        node = executed(name, audience)
        return Run(node, from_notebook(node), json.loads(manifest_of(node, {})))

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

    s = session(ROOT / "data" / "examples" / f"{run.manifest['client']}.yaml", as_of="2026-11-23", audience=run.manifest["audience"])
    whole = whole_in(run.node)
    found = set(strings([*catalog.practices.values(), *catalog.services.values(), *catalog.scenarios.values(), *catalog.lines, *catalog.dimensions]))
    found |= set(strings(s.opened.engagement)) | {n.source for n in whole.numbers} | {n.source.removeprefix("estimate of this workbook: ") for n in whole.numbers}
    found |= {x.source for x in whole.lines} | {n.meaning for n in whole.numbers} | {f.title for f in whole.figures}
    found |= {f"Workbook {whole.versions.workbook}", whole.versions.catalog, whole.versions.engagement[:16], whole.versions.journal[:16]}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_in_our_own_sentences_was_printed_where_it_stands(name, audience, run_of, catalog):
    run = run_of(name, audience)
    assert len(run.manifest["numbers"]) > 100
    assert unaccounted(run.document, run.manifest["numbers"], quoted(run, catalog)) == []


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["de", "fr"])
def test_so_it_is_with_the_signs_of_another_locale(locale, tmp_path, catalog):
    client = (ROOT / "data" / "examples" / "northlight.yaml").read_text("utf-8")
    file = tmp_path / "northlight.yaml"
    file.write_text(client.replace("client:\n", f"client:\n  locale: {locale}\n", 1), "utf-8")
    node = run_notebook(notebook_for("internal"), {"engagement": str(file), "as_of": "2026-11-23", "audience": "internal", "interactive": False})
    run = Run(node, from_notebook(node), json.loads(manifest_of(node, {})))
    not_ours = quoted(run, catalog)
    use(locale)
    try:
        assert unaccounted(run.document, run.manifest["numbers"], not_ours) == []
    finally:
        use()


@pytest.mark.slow
@needs_pdftotext
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_number_on_the_pages_of_the_pdf_stands_in_the_document_or_is_set_by_the_renderer(name, audience, run_of, tmp_path):
    document = run_of(name, audience).document
    file = tmp_path / "report.pdf"
    file.write_bytes(write_pdf(document))
    told = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout.decode()
    assert told.count("Page ") > 3
    texts = list(texts_of(document))
    known = {n for t in texts for n in numbers_in(t)}
    # Digits of dates are read one by one from the lines of a page.
    known |= {n for t in texts for day in re.findall(r"\d{4}-\d\d-\d\d", t) for n in day.split("-")}
    lines = list(without_the_renderers_own(told, document))
    assert len(lines) > 100
    assert {n for line in lines for n in numbers_in(line)} - known == set()


def without_the_renderers_own(told: str, document: Document) -> Iterator[str]:
    """The lines of the pages without names of figures, numbers of pages and chapters, and the scales of charts."""
    charts = [block["chart"] for block in page_content(document, paper="a4")["blocks"] if block.get("chart")]
    labels = {plain_spaces("".join(run["text"] for run in label["runs"])) for chart in charts for label in chart["labels"]}
    scales = sorted(filter(None, labels), key=len, reverse=True)
    chapters = {f"{n} {b.text}" for n, b in enumerate((b for b in document.blocks if isinstance(b, Heading) and b.level == 1), 1)}
    in_contents = True
    for line in told.splitlines():
        in_contents = in_contents and line not in chapters
        # The contents end in the number of a page.
        rest = re.sub(r"\bPage \d+ of \d+$|\b(?:Figure|Table) \d+\b" + (r"|(?:^| )\d+$" if in_contents else ""), "", line)
        bare = "" if rest in chapters else plain_spaces(rest)
        for scale in scales if any(c.isdigit() for c in bare) else ():
            bare = re.sub(rf"(?<![\w.,]){re.escape(scale)}(?![\w.,])", " ", bare) if scale in bare else bare
        # A line of a chart's scale holds nothing else.
        if any(c.isalnum() for c in bare):
            yield rest


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
    said = {"text": "17", "stands_in": ["text"]}
    assert unaccounted(document, [], ["Top 40 songs"]) == [("17", "It fails 17 times; see “Top 40 songs” of 2026-11-23.")]
    assert unaccounted(document, [said], ["Top 40 songs"]) == []
    assert unaccounted(document, [{**said, "stands_in": ["somewhere_else"]}], ["Top 40 songs"]), "a number that is printed elsewhere excuses none"


@pytest.mark.parametrize(("sentence", "found"), [
    pytest.param("Levels go from 0 to 4 and 5 are open.", ["5"], id="a convention with its words"),
    pytest.param("In 90 % of cases; the 90 % range is wide.", ["90"], id="the same number without its words"),
    pytest.param("S3, EC2 and gp3 in 2026-Q4 cost 3.", ["3"], id="digits of a name and of a quarter"),
    pytest.param("It counts 130 minutes and counts 30 minutes.", ["130"], id="a convention inside another number"),
])  # fmt: skip
def test_what_is_excused_is_excused_with_its_words_alone(sentence, found):
    document = from_notebook({"cells": [{"cell_type": "markdown", "source": f"# Title\n\n{sentence}"}]})
    assert [n for n, _ in unaccounted(document, [], [])] == found


def test_exhibits_write_numbers_through_the_ledger_alone():
    """No exhibit formats a number itself: neither with a function of its own nor inside a sentence."""
    for file in [*(ROOT / "readiness" / "exhibits").glob("*.py"), *(ROOT / "readiness").glob("wording*.py")]:
        tree = ast.parse(file.read_text("utf-8"))
        ids = {id(inside) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "id" for inside in ast.walk(node.value)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "readiness.text":
                assert {name.name for name in node.names} <= {"Ledger", "Printed", "escape_html", "escape_plotly", "escape_sheet"}, file.name
            if isinstance(node, ast.FormattedValue) and id(node) not in ids:
                bare = isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name) and node.value.func.id in ("len", "sum", "round", "int")
                assert not [ast.unparse(node)] * (bare or node.format_spec is not None), f"{file.name}:{node.lineno}"


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
