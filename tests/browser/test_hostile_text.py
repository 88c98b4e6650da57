"""Hostile texts on every form in a real browser: shown as they are, nothing runs, nothing is fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.engagement.schema import _clean
from readiness.errors import DataError
from readiness.workshop import Room
from readiness.workshop.room import Wish
from readiness.yaml_source import read_yaml

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CASES = [
    c["payload"]
    for c in read_yaml(Path(__file__).parents[1] / "cases" / "hostile_text.yaml", DataError).content["cases"]
    if isinstance(c.get("payload"), str)
]
TEXTS = [text for text in CASES if len(text) < 2000]


def poisoned(folder: Path) -> None:
    """Every text that a client can give, hostile."""
    catalog = load_catalog()
    room = Room(folder, catalog=catalog, as_of=date(2026, 11, 23))
    room.reckon = lambda: None  # type: ignore[method-assign]
    worst = '<img src=x onerror="window.pwned=1">'
    remarks = [{"text": text, "by": text[:100]} for text in TEXTS if _clean(text)]
    dependencies = [{"name": f"outside_{n}", "what": text[:110]} for n, text in enumerate(TEXTS) if _clean(text[:110])]
    first = next(iter(catalog.practices.values()))
    outcome = room.put([
        Wish("client.name", f"{worst} $5,000 and $10,000"), Wish("journeys.0.title", worst), Wish("journeys.0.promise.counts_as_down", worst),
        Wish("parking_lot", remarks), Wish("decisions", remarks), Wish("architecture.dependencies", dependencies),
        Wish("accepted_risks", [{"title": worst, "why": worst, "owner": worst, "review_on": "2027-01-01"}]),
        Wish(f"answers.{first.id}", {"answer": first.answers[0].id, "by": worst, "note": "\n".join(TEXTS)[:9000]}),
        Wish("answers.on_call", {"views": [{"by": worst, "answer": "rota"}, {"by": "</button>", "answer": "nobody"}]}),
    ], who=worst)  # fmt: skip
    assert outcome.state == "saved", outcome


@pytest.mark.parametrize("app", [False, True], ids=["JupyterLab", "Voila"])
def test_texts_are_shown_and_never_run(meeting: Callable[..., Any], app: bool) -> None:
    m = meeting(app=app, change=poisoned)
    dialogs: list[str] = []

    def spoken(dialog: Any) -> None:
        if dialog.type != "beforeunload":  # that one is JupyterLab's own, about its notebook
            dialogs.append(dialog.message)
        dialog.accept()

    m.page.on("dialog", spoken)
    m.open("2_questions.ipynb", ".rdn-card[data-question] .rdn-answers button")
    m.page.locator(".rdn-top select").first.select_option("on_call")
    m.page.wait_for_selector(".rdn-card[data-question='on_call'] .rdn-who")
    m.page.wait_for_function("() => document.querySelectorAll('.rdn-rows li').length > 20", timeout=30_000)
    shown = m.page.evaluate("[...document.querySelectorAll('.rdn-rows li')].map((n) => n.textContent)")
    for text in TEXTS:
        if _clean(text):
            assert any(_clean(text) in one for one in shown), text
    m.page.wait_for_timeout(1500)
    found = m.page.evaluate("""() => ({
      pwned: window.pwned === undefined ? 0 : 1,
      inside: document.querySelectorAll('.rdn img, .rdn script, .rdn iframe, .rdn object, .rdn embed, .rdn meta, .rdn style:not([id*=plotly]), .rdn details').length,
      handlers: [...document.querySelectorAll('.rdn *')].filter((n) => [...n.attributes].some((a) => a.name.startsWith('on'))).length,
      who: [...document.querySelectorAll('.rdn-who')].map((n) => n.textContent)})""")
    m.picture("hostile")
    assert json.dumps(found["who"]).count("onerror") == 1
    assert (found["pwned"], found["inside"], found["handlers"]) == (0, 0, 0)
    m.open("1_intake.ipynb", ".rdn-tiers tr[data-tier]")
    m.page.wait_for_selector(".rdn-chart[data-drawn] .main-svg", timeout=60_000)
    m.page.wait_for_timeout(1500)
    assert m.page.evaluate("window.pwned === undefined")
    assert (m.errors, m.elsewhere, dialogs) == ([], [], [])
