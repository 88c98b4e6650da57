"""The frontier's chart as data: axes, lines, signs and labels that stand on nothing."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.figures.frontier import SIGNS, frontier_figure, ticks
from readiness.figures.frontier_labels import HEIGHT, WIDTH, Dot, Line
from readiness.figures.labels import Placed, Spot, column, overlap, place
from readiness.report.svg import figure_to_svg

FRONT = Line((300.0, 500.0, 900.0, 1800.0), (6000.0, 4200.0, 2600.0, 2300.0), ("a", "b", "c", "d"))
TODAY = Dot(700, 4000, "today", "today")
GOAL = Dot(900, 2600, "recommended", "recommended")


def drawn(**changed: object) -> dict[str, object]:
    given_ = {"currency": "EUR", "floor": 2000.0, "promise": (2628.0, "the promise of 99.5 %"), "dots": [TODAY, GOAL]} | changed
    return frontier_figure(FRONT, **given_)  # type: ignore[arg-type]


def test_the_axis_of_downtime_is_logarithmic_and_says_both_nines_and_time() -> None:
    axis = drawn()["layout"]["yaxis"]  # type: ignore[index]
    assert axis["type"] == "log"
    texts = [" ".join(t.split()) for t in axis["ticktext"]]
    assert "99 %, 3.6 days" in texts
    at = dict(zip(texts, axis["tickvals"], strict=True))
    assert at["99 %, 3.6 days"] == pytest.approx(5256)


def test_the_front_is_drawn_as_stairs_that_hold_until_the_next_design_can_be_paid() -> None:
    line = drawn()["data"][0]  # type: ignore[index]
    x, y = np.array(line["x"]), np.array(line["y"])
    assert (np.diff(x) >= 0).all()
    for cost, minutes in zip(FRONT.cost[1:], FRONT.minutes[1:], strict=True):
        before, after = y[x == cost][:2]
        assert after == pytest.approx(minutes)
        assert before > after
    assert x[-1] > FRONT.cost[-1]


def test_the_promise_and_the_floor_are_drawn_where_they_are() -> None:
    shapes = drawn()["layout"]["shapes"]  # type: ignore[index]
    band, line = shapes[0], shapes[1]
    assert band["y1"] == 2000
    assert line["y0"] == line["y1"] == 2628


def test_a_promise_far_below_everything_is_named_at_the_edge_and_squeezes_nothing() -> None:
    far = drawn(promise=(50.0, "the promise of 99.99 %"))["layout"]
    assert 10 ** far["yaxis"]["range"][0] > 1000  # type: ignore[index]
    assert any("further down" in n["text"] for n in far["annotations"])  # type: ignore[index]


def test_a_line_that_costs_far_more_than_everything_else_is_left_to_the_text() -> None:
    dear = Line((9000.0,), (1500.0,), ("x",), "with the practices")
    near = Line((1000.0,), (1500.0,), ("x",), "with the practices")
    assert len(drawn(improved=dear)["data"]) + 1 == len(drawn(improved=near)["data"])  # type: ignore[arg-type]


def test_client_text_is_text() -> None:
    notes = drawn(dots=[TODAY, Dot(900, 2600, "recommended", "<b>$x$</b>")])["layout"]["annotations"]  # type: ignore[index]
    assert any(n["text"] == "&lt;b&gt;&#36;x&#36;&lt;/b&gt;" for n in notes)


def test_every_sign_differs_from_the_others_without_colour() -> None:
    assert len({symbol for symbol, _, _ in SIGNS.values()}) == len(SIGNS)


def test_it_is_drawn_on_paper_with_its_labels() -> None:
    path = [Dot(720, 3500, "today", "rollback"), Dot(760, 3000, "today", "on call")]
    svg = figure_to_svg(drawn(path=path, budget=1500.0), width=482)
    for word in ("today", "recommended", "rollback", "on call", "budget", "no design gets into the shade"):
        assert word in svg


def test_hover_says_what_a_design_is_made_of() -> None:
    data = drawn(dots=[TODAY, Dot(900, 2600, "recommended", "r", "web: two machines")])["data"]
    assert any(trace.get("hovertext") == ["web: two machines"] for trace in data)  # type: ignore[attr-defined]


@given(st.floats(1, 1e5), st.floats(1.3, 1000))
def test_ticks_lie_within_the_ends_and_rise(low: float, times: float) -> None:
    found = ticks(low, low * times)
    values = [v for v, _ in found]
    assert values == sorted(values)
    assert all(low <= v <= low * times for v in values)
    assert len(found) <= 8


def clear(placed: tuple[Placed, ...]) -> bool:
    return all(overlap(a.box, b.box) == 0 for a, b in itertools.combinations(placed, 2))


def test_labels_of_points_on_one_spot_do_not_cover_one_another() -> None:
    spots = [Spot(200, 150, f"label number {n}") for n in range(5)]
    assert clear(place(spots, width=WIDTH, height=HEIGHT))
    assert clear(column(spots, width=WIDTH, height=HEIGHT))


@given(st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), min_size=1, max_size=6))
def test_labels_stay_on_the_plot_and_apart(points: list[tuple[float, float]]) -> None:
    spots = [Spot(x, y, "recommended design") for x, y in points]
    for placed in (place(spots, width=WIDTH, height=HEIGHT), column(spots, width=WIDTH, height=HEIGHT)):
        assert len(placed) == len(spots)
        for p in placed:
            assert p.box[0] >= -1e-6
            assert p.box[2] <= WIDTH + 1e-6
            assert p.box[1] >= -1e-6
            assert p.box[3] <= HEIGHT + 1e-6
    assert clear(column(spots, width=WIDTH, height=HEIGHT))


@given(st.lists(st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), min_size=2, max_size=6, unique_by=lambda p: round(p[1])))
def test_leaders_to_a_column_keep_the_order_of_the_points(points: list[tuple[float, float]]) -> None:
    spots = [Spot(x, y, "practice") for x, y in points]
    placed = column(spots, width=WIDTH, height=HEIGHT)
    by_point = sorted(range(len(spots)), key=lambda i: spots[i].y)
    assert by_point == sorted(range(len(spots)), key=lambda i: placed[i].box[1])


def test_a_label_avoids_what_is_already_written() -> None:
    taken = (100.0, 90.0, 300.0, 110.0)
    (placed,) = place([Spot(95, 100, "today")], width=WIDTH, height=HEIGHT, taken=[taken])
    assert overlap(placed.box, taken) == 0
    assert math.isfinite(placed.dx)
