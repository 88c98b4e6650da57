"""Through an intake and twenty answers in JupyterLab and in Voila, with a reload and a dead kernel in the middle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.engagement import open_engagement

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CATALOG = load_catalog()
INTAKE, QUESTIONS = "1_intake.ipynb", "2_questions.ipynb"
Meetings = Callable[..., Any]


def answers(folder: Path) -> dict[str, Any]:
    return dict(open_engagement(folder, CATALOG).engagement.answers)


@pytest.mark.parametrize("app", [False, True], ids=["JupyterLab", "Voila"])
def test_an_intake_gives_a_first_number(meeting: Meetings, app: bool) -> None:
    m = meeting(app=app)
    m.open(INTAKE, ".rdn-tiers tr[data-tier]")
    first = m.page.locator(".rdn-headline .rdn-value").first.inner_text()
    m.page.get_by_label("Start from").select_option("eks_rds")
    m.page.wait_for_selector("tr[data-tier='cluster']", timeout=20_000)
    peak = m.page.get_by_label("Requests at the peak")
    peak.fill("1,200")
    peak.press("Enter")
    m.page.wait_for_selector(".rdn-sheet:has([data-key='demand.peak_per_second']) .rdn-status[data-state='saved']")
    wrong = m.page.get_by_label("Growth")
    wrong.fill("lots")
    wrong.press("Enter")
    m.page.wait_for_selector("[data-key='demand.growth_per_year'] .rdn-message:has-text('is not a number')")
    m.picture("intake")
    engagement = open_engagement(m.folder, CATALOG).engagement
    assert engagement.demand.peak_per_second == 1200
    assert engagement.architecture.tiers[0].way == "alb_multi_zone"
    assert m.page.locator(".rdn-headline .rdn-value").first.inner_text() != first
    m.page.wait_for_selector(".rdn-chart[data-drawn] .main-svg", timeout=60_000)
    m.page.locator(".rdn-chart").first.scroll_into_view_if_needed()
    m.picture("architecture")
    assert (m.errors, m.elsewhere) == ([], [])


@pytest.mark.parametrize("app", [False, True], ids=["JupyterLab", "Voila"])
def test_twenty_answers_survive_a_reload_and_a_dead_kernel(meeting: Meetings, app: bool) -> None:
    m = meeting(app=app)
    m.open(QUESTIONS, ".rdn-card[data-question] .rdn-answers button")
    m.page.wait_for_selector(".rdn-chart[data-drawn] .main-svg", timeout=60_000)
    before = m.page.locator(".rdn-headline .rdn-value").all_inner_texts()
    chart = m.page.locator(".rdn-chart").first.inner_text()
    given = [m.question()]
    for _ in range(8):
        m.answer(3)
        m.go_on()
        given.append(m.question())
    assert len(set(given)) == 9
    assert len(answers(m.folder)) == 8
    numbers = m.page.locator(".rdn-headline .rdn-value").all_inner_texts()
    assert numbers != before
    assert m.page.locator(".rdn-chart").first.inner_text() != chart
    m.picture("questions")

    m.page.reload()
    m.page.wait_for_selector(".rdn-card[data-question] .rdn-answers button", timeout=90_000)
    m.page.wait_for_selector(".rdn-chart[data-drawn] .main-svg", timeout=60_000)
    assert m.page.locator(".rdn-headline .rdn-value").all_inner_texts() == numbers
    assert m.question() not in given[:-1]
    for _ in range(6):
        m.answer(2)
        m.go_on()
    assert len(answers(m.folder)) == 14

    m.kill_kernel()
    m.page.locator(".rdn-question").focus()
    m.page.keyboard.press("1")
    m.page.wait_for_selector(".rdn-card .rdn-status[data-state='not saved']", timeout=30_000)
    assert "NOT SAVED" in m.page.locator(".rdn-card .rdn-status").inner_text()
    m.picture("dead-kernel")
    assert len(answers(m.folder)) == 14
    if app:
        m.page.reload()
    else:
        m.page.locator("dialog.jp-Dialog button.jp-mod-accept").click(timeout=60_000)  # JupyterLab says that the kernel died
        m.page.get_by_role("menuitem", name="Run").click()
        m.page.get_by_text("Run All Cells", exact=True).click()
        m.page.wait_for_function(
            "() => { const n = document.querySelector('.rdn-card .rdn-status'); return n && n.dataset.state === 'ready'; }", timeout=90_000
        )
    m.page.wait_for_selector(".rdn-card[data-question] .rdn-status:has-text('14 answers')", timeout=90_000)
    for _ in range(6):
        m.answer(1)
        m.go_on()
    assert len(answers(m.folder)) == 20
    assert (m.errors, m.elsewhere) == ([], [])


@pytest.mark.parametrize("app", [False, True], ids=["JupyterLab", "Voila"])
def test_the_report_is_made_from_the_last_page(meeting: Meetings, app: bool) -> None:
    m = meeting(app=app)
    m.open(QUESTIONS, ".rdn-card[data-question] .rdn-answers button")
    m.answer(1)
    m.page.get_by_role("button", name="Make the report").click()
    link = m.page.wait_for_selector("a:has-text('Open report.pdf')", timeout=120_000)
    m.picture("report")
    content = m.page.evaluate(
        "async (address) => [...new Uint8Array(await (await fetch(address)).arrayBuffer())].slice(0, 5)", link.get_attribute("href")
    )
    assert bytes(content) == b"%PDF-"
    assert list((m.folder / "reports").rglob("report.pdf"))
    assert (m.errors, m.elsewhere) == ([], [])


def test_everything_on_the_card_is_reached_by_keys_alone(meeting: Meetings) -> None:
    m = meeting()
    m.open(QUESTIONS, ".rdn-card[data-question] .rdn-answers button")
    cells = m.page.locator(".jp-Cell").count()
    first = m.question()
    m.page.locator(".rdn-question").focus()
    for key in ("w", "2", "x", "Escape", "d", "u"):
        m.page.keyboard.press(key)
        m.page.wait_for_timeout(300)
    m.saved(".rdn-card")
    m.page.locator(".rdn-question").focus()
    m.page.keyboard.press("s")
    m.page.wait_for_function("(was) => document.querySelector('.rdn-card').dataset.question !== was", arg=first)
    m.page.keyboard.press("b")
    m.page.wait_for_function("(was) => document.querySelector('.rdn-card').dataset.question === was", arg=first)
    m.page.keyboard.press("/")
    assert m.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Jump to a question"
    assert m.page.locator(".jp-Cell").count() == cells  # no key of the notebook was pressed by the way
    unlabelled = m.page.evaluate(
        """() => [...document.querySelectorAll('.rdn input, .rdn select, .rdn textarea')].filter((n) => n.offsetParent && !n.labels.length && !n.getAttribute('aria-label')).length"""
    )
    assert unlabelled == 0


def test_the_dark_theme_is_followed(meeting: Meetings) -> None:
    m = meeting()
    m.open(QUESTIONS, ".rdn-card[data-question] .rdn-answers button")
    m.page.wait_for_selector(".rdn-chart[data-drawn] .main-svg", timeout=60_000)
    light = m.page.evaluate("getComputedStyle(document.querySelector('.rdn-card')).color")
    bar = "getComputedStyle(document.querySelector('.rdn-chart .bars path')).fill"
    light_bar = m.page.evaluate(bar)
    m.page.get_by_role("menuitem", name="Settings").click()
    m.page.get_by_text("Theme", exact=True).first.hover()
    m.page.get_by_text("JupyterLab Dark", exact=True).first.click()
    m.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    m.page.wait_for_function(f"(was) => {bar} !== was", arg=light_bar)
    assert m.page.evaluate("getComputedStyle(document.querySelector('.rdn-card')).color") != light
    m.picture("dark")
