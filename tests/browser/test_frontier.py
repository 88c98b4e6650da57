"""The sliders over all designs, in JupyterLab and in Voila: what is moved by hand moves the chart and its answers."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FRONTIER = "3_availability_and_cost.ipynb"
NORTHLIGHT = Path(__file__).parents[2] / "data" / "examples" / "northlight.yaml"
MOST_SECONDS = 2.0
"""From a key to the new answer on the page, on a machine that runs other tests too; the sums take a twentieth of it."""
ANSWERS = ["Today", "Recommended", "Worth buying", "Keeps the promise, 90 % sure", "Keeps the promise on average", "Best for the budget"]
Meetings = Callable[..., Any]


def as_northlight(folder: Path) -> None:
    shutil.copy(NORTHLIGHT, folder / "engagement.yaml")


def answers(m: Any) -> dict[str, str]:
    """The answers as they stand on the page, by their name; a design that answers several has one line."""
    lines = [line.replace("\N{NO-BREAK SPACE}", " ").split(": ", 1) for line in m.page.locator(".rdn-frontier .rdn-rows li").all_inner_texts()]
    return {name: said for names, said in lines for name in ANSWERS if name.lower() in f"{names.lower()}, "}


def changed(m: Any, name: str, said: str) -> dict[str, str]:
    """The answers, once that to one question is another."""
    end = time.monotonic() + 20
    while (now := answers(m)).get(name) == said:
        assert time.monotonic() < end, f"{name} is still {said}"
        m.page.wait_for_timeout(50)
    return now


def points(m: Any, symbol: str) -> list[list[float]]:
    """Where the dots of one sign stand in what plotly has drawn."""
    script = "(n, symbol) => n.data.filter((t) => t.marker && t.marker.symbol === symbol).map((t) => [t.x[0], t.y[0]])"
    return list(m.page.locator(".rdn-frontier .js-plotly-plot").evaluate(script, symbol))


def press(m: Any, label: str, *keys: str) -> float:
    """Move a slider by keys; seconds until the chart is drawn anew."""
    line = m.page.locator(".rdn-frontier .widget-hslider", has_text=label)
    chart = m.page.locator(".rdn-frontier .rdn-chart")
    before = int(chart.get_attribute("data-drawn"))
    line.locator(".noUi-handle").focus()
    start = time.perf_counter()
    for key in keys:
        m.page.keyboard.press(key)
    m.page.wait_for_function("(was) => Number(document.querySelector('.rdn-frontier .rdn-chart').dataset.drawn) > was", arg=before, timeout=20_000)
    return time.perf_counter() - start


@pytest.mark.parametrize("app", [False, True], ids=["JupyterLab", "Voila"])
def test_sliders_move_the_designs_and_hovering_names_them(meeting: Meetings, app: bool) -> None:
    m = meeting(app=app, change=as_northlight)
    m.open(FRONTIER, ".rdn-frontier .rdn-chart[data-drawn] .main-svg")
    m.page.locator(".rdn-frontier").evaluate("(n) => n.scrollIntoView()")
    m.picture("frontier")
    first = answers(m)
    assert list(first) == ANSWERS
    assert first["Keeps the promise on average"] == "no design."
    seconds = []

    # Less money: another best design, and the same that is worth buying.
    at = points(m, "triangle-up")
    seconds.append(press(m, "Budget, USD a month", *["PageDown"] * 8))
    poorer = changed(m, "Best for the budget", first["Best for the budget"])
    assert poorer["Worth buying"] == first["Worth buying"]
    assert points(m, "triangle-up") != at

    # A promise that can be kept: what keeps it has a point.
    assert not points(m, "cross")
    seconds.append(press(m, "Promise", "Home"))
    easier = changed(m, "Keeps the promise on average", "no design.")
    assert points(m, "cross")

    # An hour that costs far more: the recommended design is another one, and stands elsewhere.
    at = points(m, "diamond")
    seconds.append(press(m, "Loss, USD an hour down", "End"))
    changed(m, "Recommended", easier["Recommended"])
    assert points(m, "diamond") != at
    assert max(seconds) < MOST_SECONDS, seconds
    m.page.locator(".rdn-frontier").evaluate("(n) => n.scrollIntoView()")
    m.picture("frontier-moved")

    # A pointer on the recommended design reads what it is made of.
    place = m.page.locator(".rdn-frontier .js-plotly-plot").evaluate(
        """(n) => { const t = n.data.find((t) => t.marker && t.marker.symbol === 'diamond'), f = n._fullLayout, box = n.getBoundingClientRect();
                    return [box.x + f.xaxis._offset + f.xaxis.d2p(t.x[0]), box.y + f.yaxis._offset + f.yaxis.d2p(t.y[0])]; }"""
    )
    m.page.mouse.move(place[0] - 60, place[1] - 60)
    m.page.mouse.move(*place, steps=4)
    m.page.wait_for_selector(".rdn-frontier .hoverlayer .hovertext", timeout=10_000)
    hovered = m.page.locator(".rdn-frontier .hoverlayer .hovertext").first.text_content()
    m.picture("frontier-hover")
    assert re.search(r"orders_db: .*PostgreSQL", hovered), hovered
    assert "a month" in hovered

    # A design by hand: one tier changed, and it stands on the chart with its distance.
    m.page.get_by_text("A design by hand").click()
    m.page.locator(".rdn-frontier .widget-dropdown", has_text="orders_db").locator("select").select_option("RDS for PostgreSQL, Multi-AZ")
    m.page.wait_for_selector(".rdn-frontier .rdn-rows li:has-text('By hand: ')", timeout=20_000)
    assert points(m, "x")
    m.picture("frontier-by-hand")
    assert (m.errors, m.elsewhere) == ([], [])
