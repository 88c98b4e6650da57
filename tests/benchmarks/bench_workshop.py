"""How fast the room is answered: from a click to the headline, the charts and a slider, in the kernel and in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from readiness.catalog import load_catalog
from readiness.catalog.read import data_folder
from readiness.engagement.start import start_engagement
from readiness.workshop import Room, notebooks, serving
from readiness.workshop.asking import Asking, Numbers
from readiness.workshop.composing import Composer
from readiness.workshop.place import folder_of

CATALOG = load_catalog()
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CALM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CLIENTS = sorted(p.stem for p in (data_folder() / "examples").glob("*.yaml"))


@pytest.fixture(params=CLIENTS)
def room(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))
    return Room(folder_of(data_folder() / "examples" / f"{request.param}.yaml", copies=tmp_path)[0], catalog=CATALOG, as_of=date(2026, 11, 23))


def test_an_answer_in_the_kernel(benchmark: Any, room: Room) -> None:
    """Saved, reckoned, headline and three charts made; the browser's share comes on top."""
    asking = Asking(room, Numbers(room))
    turns = iter(range(10_000))
    answers = [a.id for a in CATALOG.practices["on_call"].answers]

    def answer() -> None:
        asking.card.say({"do": "answer", "practice": "on_call", "given": {"answer": answers[next(turns) % len(answers)]}})

    benchmark.pedantic(answer, rounds=40, warmup_rounds=3)
    benchmark.extra_info["p95_ms"] = 1000 * float(np.quantile(benchmark.stats.stats.data, 0.95))
    assert room.saved.state == "saved"


def test_the_save_alone(benchmark: Any, room: Room) -> None:
    """What stands between a click and the word Saved, on disk."""
    room.reckon = lambda: None  # type: ignore[method-assign]
    turns = iter(range(100_000))
    benchmark.pedantic(lambda: room.answer("on_call", {"answer": "rota", "note": f"{next(turns)}"}), rounds=100, warmup_rounds=3)
    benchmark.extra_info["p95_ms"] = 1000 * float(np.quantile(benchmark.stats.stats.data, 0.95))


def test_a_slider_in_the_kernel(benchmark: Any, room: Room) -> None:
    """One step of the slider of an own situation."""
    sheet = Composer(room).sheet
    sheet.say({"do": "set", "key": "title", "value": "x"})
    sheet.say({"do": "press", "action": "try"})
    turns = iter(range(100_000))
    benchmark.pedantic(lambda: sheet.say({"do": "slide", "key": "share", "value": 1 + next(turns) % 99}), rounds=40, warmup_rounds=3)
    benchmark.extra_info["p95_ms"] = 1000 * float(np.quantile(benchmark.stats.stats.data, 0.95))


WATCH = """() => {
  window.timed = { headline: [], charts: [], saved: [], slider: [], at: 0, charted: 0 };
  const t = window.timed, since = () => performance.now() - t.at;
  document.addEventListener('keydown', (event) => { if (/^[1-9]$/.test(event.key)) { t.at = performance.now(); t.open = { headline: 1, saved: 1 }; t.last = 0; } }, true);
  const done = (what) => { if (t.open && t.open[what]) { t.open[what] = 0; t[what].push(since()); } };
  const headline = document.querySelector('.rdn-headline');
  new MutationObserver(() => requestAnimationFrame(() => done('headline'))).observe(headline, { attributes: true, attributeFilter: ['data-serial'] });
  const status = document.querySelector('.rdn-card .rdn-status');
  new MutationObserver(() => { if (status.dataset.state === 'saved') done('saved'); }).observe(status, { attributes: true });
  for (const chart of document.querySelectorAll('.rdn-chart')) new MutationObserver(() => { t.last = since(); }).observe(chart, { attributes: true, attributeFilter: ['data-drawn'] });
}"""


@pytest.fixture(params=["JupyterLab", "Voila"])
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: nobody sees the forms")
    sync_api = pytest.importorskip("playwright.sync_api")
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / "jupyter" / name.lower()))
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))
    folder = start_engagement(CATALOG, "acme", "eks_rds", tmp_path).parent
    server = serving.start(notebooks.copy_to(folder, as_of="2026-11-23", audience="client"), app=request.param == "Voila")
    try:
        if request.param == "JupyterLab":
            serving.run_before(server, ["2_questions.ipynb"])
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CALM)
            shown = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            shown.goto(server.page("2_questions.ipynb"))
            shown.wait_for_selector(".rdn-card[data-question] .rdn-answers button", timeout=90_000)
            shown.wait_for_function("() => document.querySelectorAll('.rdn-chart[data-drawn] .main-svg').length >= 3", timeout=60_000)
            yield shown
            browser.close()
    finally:
        server.stop()


@pytest.mark.browser
def test_answers_in_a_real_browser(benchmark: Any, page: Any) -> None:
    """From the key to the screen: headline within 300 ms and charts within 600 ms at the 95th percentile, memory flat."""
    page.evaluate(WATCH)
    charts: list[float] = []

    def answer(number: int) -> None:
        before = int(page.locator(".rdn-headline").first.get_attribute("data-serial"))
        page.locator(".rdn-question").focus()
        page.keyboard.press(str(1 + number % 3))
        page.wait_for_function("(was) => Number(document.querySelector('.rdn-headline').dataset.serial) > was", arg=before, polling=20)
        page.wait_for_timeout(500)
        charts.append(page.evaluate("window.timed.last"))
        if number % 2:
            was = page.locator(".rdn-card").get_attribute("data-question")
            page.keyboard.press("n")
            page.wait_for_function("(was) => document.querySelector('.rdn-card').dataset.question !== was", arg=was)

    numbers = iter(range(1000))
    for _ in range(4):
        answer(next(numbers))
    page.evaluate("() => { for (const key of ['headline', 'saved']) window.timed[key].length = 0; }")
    charts.clear()
    benchmark.pedantic(lambda: answer(next(numbers)), rounds=40)
    timed = page.evaluate("window.timed")
    drawn = [one for one in charts if one > 0]
    for name, values in (("saved", timed["saved"]), ("headline", timed["headline"]), ("charts", drawn)):
        benchmark.extra_info[f"{name}_p50_ms"] = round(float(np.median(values)))
        benchmark.extra_info[f"{name}_p95_ms"] = round(float(np.quantile(values, 0.95)))
    benchmark.extra_info["rounds"] = len(timed["headline"])
