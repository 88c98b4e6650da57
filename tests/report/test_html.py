"""The page is one file that talks to nobody, runs only our two scripts, and says literally what the client wrote."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from readiness.report.brand import Brand
from readiness.report.document import Document, make
from readiness.report.html import write_html

CASES = Path(__file__).parent.parent / "cases" / "hostile_text.yaml"
HOSTILE = YAML(typ="safe").load(CASES.read_text(encoding="utf-8"))["cases"]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """What a browser would see: tags, attributes, scripts and text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text: list[str] = []
        self._inside: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._inside.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif not (self._inside and self._inside[-1] == "style"):
            self.text.append(data)


@pytest.fixture(scope="module")
def source(example: Document) -> str:
    return write_html(example)


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_the_same_document_gives_the_same_page(example, source):
    assert write_html(example) == source


def test_the_policy_allows_our_scripts_by_their_digests_and_no_connection(page):
    (policy,) = [
        value or ""
        for tag, name, value in page.attributes
        if tag == "meta" and name == "content" and "default-src" in (value or "")
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'none'"
    assert rules["object-src"] == rules["frame-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "http" not in policy
    assert "unsafe-inline" not in rules["script-src"]
    assert "unsafe-eval" not in policy
    run = [code for attributes, code in page.scripts if attributes.get("type") != "application/json"]
    digests = {f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in run}
    assert digests == set(rules["script-src"].split())
    assert len(run) == 2


def test_no_address_outside_the_file_is_named(source, page):
    for tag, name, value in page.attributes:
        if name in ("src", "href", "action", "srcset", "poster", "data", "xlink:href"):
            assert (value or "").startswith(("#", "data:")), (tag, name, value)
    without_plotly = source
    for attributes, code in page.scripts:
        if attributes.get("type") != "application/json":
            without_plotly = without_plotly.replace(code, "")
    assert set(re.findall(r"https?://[^\s\"'<)]+", without_plotly)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in without_plotly


def test_plotly_stands_in_the_page_once(source, page):
    assert len([code for _, code in page.scripts if len(code) > 1_000_000]) == 1
    assert source.count("plotly.js v") == 1


def test_every_chart_has_its_data_its_still_picture_and_its_words(page, example):
    (data,) = [json.loads(code) for attributes, code in page.scripts if attributes.get("id") == "figures"]
    charts = [exhibit for exhibit in example.exhibits() if exhibit.figure is not None]
    assert len(data) == len(charts) == page.tags.count("svg")
    labels = {value for tag, name, value in page.attributes if name == "aria-label"}
    assert {exhibit.alt for exhibit in charts} <= labels
    boxes = {value for tag, name, value in page.attributes if name == "id"}
    assert set(data) <= boxes


def test_no_id_stands_twice(page):
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_links_inside_the_page_lead_somewhere(page):
    ids = {value for _, name, value in page.attributes if name == "id"}
    for _, name, value in page.attributes:
        if name == "href":
            assert (value or "").removeprefix("#") in ids


def test_every_number_of_the_blocks_is_in_the_page(page, example):
    text = " ".join(page.text)
    for words in (
        "18.7 h",
        "$214,000",
        "Not yet",
        "99.9 % from 1 March 2027",
        "Figure 2",
        "Table 3",
        "Budget is $5,000 now and $10,000 with HA.",
    ):
        assert words in text


def hostile(payload: str) -> list[dict[str, Any]]:
    """Every place where a client's text can stand."""
    return [
        {
            "kind": "cover",
            "title": payload,
            "client": payload,
            "subtitle": payload,
            "as_of": payload,
            "facts": [[payload, payload]],
        },
        {"kind": "heading", "level": 1, "text": payload},
        {"kind": "text", "paragraphs": [payload]},
        {"kind": "list", "title": payload, "points": [payload]},
        {"kind": "definitions", "terms": [[payload, payload]]},
        {"kind": "missing", "text": payload},
        {
            "kind": "verdict",
            "verdict": "Go",
            "promise": payload,
            "sentence": payload,
            "reasons": [{"text": payload, "tone": "bad"}],
        },
        {"kind": "figures_panel", "figures": [{"label": payload, "value": payload, "range": payload, "note": payload}]},
        {
            "kind": "exhibit",
            "id": "e",
            "title": payload + " title",
            "finding": payload,
            "note": payload,
            "alt": payload,
            "figure": {"data": [{"type": "bar", "x": [html.escape(payload)], "y": [1]}], "layout": {}},
            "table": {"columns": [{"label": payload}], "rows": [[payload]]},
        },
    ]


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["id"])
def test_hostile_text_comes_out_letter_for_letter_and_adds_no_element(case):
    document = make(hostile(case["payload"]))
    found, calm = Page(write_html(document)), Page(write_html(make(hostile("x"))))
    assert set(found.tags) - set(calm.tags) <= {"br", "tspan"}
    counted = [tag for tag in found.tags if tag not in ("br", "text", "tspan", "path")]
    assert counted == [tag for tag in calm.tags if tag not in ("br", "text", "tspan", "path")]
    assert not [name for _, name, _ in found.attributes if name.startswith("on")]
    wanted = re.sub(r"\s", "", document.blocks[2].paragraphs[0][0].text)
    assert re.sub(r"\s", "", "".join(found.text)).count(wanted) >= 16


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_browser_draws_the_charts_asks_nobody_and_runs_nothing_of_the_client(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    blocks = [
        block
        for n, case in enumerate(HOSTILE)
        for block in hostile(case["payload"])
        if block["kind"] != "cover" or n == 0
    ]
    exhibits = 0
    for block in blocks:
        if block["kind"] == "exhibit":
            block["id"] = f"e{exhibits}"
            exhibits += 1
    file = tmp_path / "report.html"
    file.write_text(write_html(make(blocks)), encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("dialog", lambda dialog: said.append(dialog.message))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(file.as_uri())
        tab.wait_for_function(
            f"document.querySelectorAll('.chart.drawn .main-svg').length >= {exhibits}", timeout=30_000
        )
        missing = tab.evaluate(
            "Array.from(document.querySelectorAll('*')).filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length"
        )
        wide = tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []
    assert missing == 0
    assert wide, "nothing makes the page wider than the window"


def test_a_report_without_charts_carries_no_script():
    page = Page(write_html(make([{"kind": "missing", "text": "No data."}])))
    assert "script" not in page.tags
    assert "script-src 'none'" in (
        page.attributes and " ".join(value or "" for _, name, value in page.attributes if name == "content")
    )


def test_the_brand_colours_the_page_and_shows_its_logo(example_blocks):
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#0a5c36"/></svg>'
    page = write_html(
        make(example_blocks, brand=Brand(name="Northgate", accent="#0a5c36", logo=logo, legal_note="No warranty."))
    )
    assert "--accent:#0a5c36" in page
    assert f"data:image/svg+xml;base64,{base64.b64encode(logo).decode()}" in page
    assert "No warranty." in page
