"""The HTML report of a hostile client in a real browser: nothing runs, nobody is asked, every text is there, and it fits a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness.report.make import make_report
from tests.report.hostile_client import PAYLOADS, shown, write_hostile_client

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AS_OF = date(2026, 11, 23)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF and HTML of the hostile client."""
    folder = tmp_path_factory.mktemp("hostile")
    make_report(write_hostile_client(folder), folder / "out", formats=("pdf", "html"), as_of=AS_OF)
    return folder / "out"


@pytest.fixture
def tab(chromium: Any, reports: Path) -> Iterator[Any]:
    """The report in a tab without a network, with all that it asked for and said."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.asked, page.said, page.stopped = [], [], []
    page.on("requestfailed", lambda request: page.stopped.append((request.url, request.failure)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda problem: page.said.append(str(problem)))
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.goto((reports / "report.html").as_uri())
    page.wait_for_load_state("load")
    for _ in range(200):
        if page.evaluate("() => [...document.querySelectorAll('.chart')].every(c => c.querySelector('.main-svg'))"):
            break
        page.wait_for_timeout(100)
    yield page
    context.close()


def test_nothing_runs_nobody_is_asked_and_no_text_is_changed(tab):
    for link in tab.locator("nav a").all()[:5]:
        link.click()
    for chart in tab.locator(".chart").all()[:6]:
        chart.hover()
    assert [url for url in tab.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len([url for url in tab.asked if url.startswith("file:")]) == 1
    assert tab.said == []
    text = re.sub(r"\s", "", tab.evaluate("document.body.textContent"))
    assert [p for p in PAYLOADS if shown(p) and shown(p) not in text] == []
    assert tab.evaluate("[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length") == 0


def test_charts_are_alive_and_their_labels_are_text(tab):
    assert tab.locator(".chart.drawn .main-svg").count() >= 5
    assert tab.evaluate("document.querySelectorAll('.chart a').length") == 0
    assert tab.evaluate("document.querySelectorAll('.chart foreignObject').length") == 0


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_no_window_is_too_narrow(width, tab):
    tab.set_viewport_size({"width": width, "height": 800})
    # Charts follow the window one after the other; the page's policy lets nobody wait inside it by a string of code.
    for _ in range(60):
        if fits := tab.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth + 1"):
            break
        tab.wait_for_timeout(250)
    assert fits


def test_it_prints_with_still_charts(tab, reports, tmp_path):
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.querySelector('.chart .still')).display") == "block"
    assert tab.evaluate("getComputedStyle(document.querySelector('.chart .live')).display") == "none"
    printed = tab.pdf(format="A4")
    assert printed.startswith(b"%PDF")


def test_without_scripts_everything_is_there(chromium, reports):
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((reports / "report.html").as_uri())
    assert page.locator(".chart .still svg").count() >= 5
    assert page.locator(".verdict").is_visible()
    context.close()


def test_the_policy_of_the_page_would_stop_a_script_that_got_in(tab):
    """The second wall: even a script that were injected could not run or ask anybody."""
    tab.evaluate("""() => { const s = document.createElement('script'); s.textContent = "document.title = 'OWNED'"; document.body.append(s);
        const i = document.createElement('img'); i.src = 'http://canary.invalid/x.png'; document.body.append(i); }""")
    tab.wait_for_timeout(300)
    assert tab.title() != "OWNED"
    assert [why for url, why in tab.stopped if "canary" in url] == ["csp"]
