"""Figures as data: what is drawn where, that grey print keeps parts apart, and that text is escaped."""

from __future__ import annotations

from itertools import pairwise

import pytest

from readiness.figures.distribution import exceedance
from readiness.figures.heat import situation_map
from readiness.figures.load import load_against_capacity
from readiness.figures.theme import CALM, STRESSED
from readiness.figures.timeline import timeline
from readiness.figures.waterfall import waterfall
from readiness.report.svg import figure_to_svg


def test_a_waterfall_starts_each_bar_where_the_one_before_ends_and_marks_the_allowance() -> None:
    figure = waterfall(
        ["a", "b", "c"],
        [5, 3, 2],
        ["5 h", "3 h", "2 h"],
        allowed=4,
        allowed_text="99.9 % forgives 4 h",
        total_text="10 h",
        axis_title="h",
        stressed=[0],
    )
    bars = figure["data"][0]
    assert bars["y"] == ["All causes", "c", "b", "a"]
    assert bars["base"] == [0.0, 8, 5, 0]
    assert bars["x"] == [10.0, 2.0, 3.0, 5.0]
    assert bars["marker"]["color"][-1] == STRESSED
    assert bars["marker"]["color"][1] == CALM
    line = figure["layout"]["shapes"][0]
    assert (line["x0"], line["x1"]) == (4, 4)
    assert figure["layout"]["annotations"][0]["text"] == "99.9 % forgives 4 h"


def test_an_incidents_parts_stand_end_to_end_and_differ_in_grey() -> None:
    figure = timeline(["today", "better"], ["noticing", "starting", "repairing"], [[20, 45, 80], [5, 5, 60]],
                      [["20 min", "45 min", "80 min"], ["5 min", "5 min", "60 min"]], ["2.4 h", "70 min"], axis_title="time")  # fmt: skip
    parts = [t for t in figure["data"] if t["type"] == "bar"]
    assert figure["layout"]["barmode"] == "stack"
    assert [p["x"] for p in parts] == [[5, 20], [5, 45], [60, 80]]
    greys = [sum(w * int(p["marker"]["color"][at : at + 2], 16) for w, at in ((0.299, 1), (0.587, 3), (0.114, 5))) for p in parts]
    assert all(abs(one - other) > 25 for one, other in pairwise(greys))
    # A part that is too narrow for its label has none.
    assert parts[0]["text"] == ["", "20 min"]
    assert figure["data"][-1]["x"] == [70, 145]


def test_long_incidents_are_drawn_in_hours() -> None:
    figure = timeline(["today"], ["rebuilding"], [[600]], [["10 h"]], ["10 h"], axis_title="time")
    assert figure["data"][0]["x"] == [10]
    assert "hours" in figure["layout"]["xaxis"]["title"]["text"]


def test_the_time_with_too_much_load_is_shaded_from_its_start_to_the_new_capacity() -> None:
    figure = load_against_capacity(
        [0, 5, 10, 20, 30], [100, 500, 1000, 1000, 1000], [300, 300, 300, 1500, 1500], load_text="l", capacity_text="c", late_from=5, late_text="late"
    )
    shade = figure["layout"]["shapes"][0]
    assert (shade["x0"], shade["x1"]) == (5, 20)
    assert [t["line"].get("dash") for t in figure["data"]] == ["dash", None], "load and capacity differ in grey"
    calm = load_against_capacity([0, 5], [100, 100], [300, 300], load_text="l", capacity_text="c", late_from=None, late_text="late")
    assert calm["layout"]["shapes"] == []


def test_cells_of_the_map_hold_the_numbers_and_darken_to_the_upper_right() -> None:
    figure = situation_map(["rare", "often"], ["cheap", "dear"], [[0, 1], [1, 2]], [["1", ""], ["2, 3", "4"]], x_title="x", y_title="y")
    cells = figure["data"][0]
    assert cells["text"] == [["1", ""], ["2, 3", "4"]]
    assert cells["z"] == [[0.0, 1.0], [1.0, 2.0]]
    svg = figure_to_svg(figure, width=400)
    assert ">2, 3<" in svg


def test_a_year_is_shown_with_its_marks_and_the_promises_allowance() -> None:
    figure = exceedance([0, 10, 20], [1, 0.5, 0.1], marks=[(10, 0.5, "typical year: 10 h")], allowed_hours=4, allowed_text="99.95 % forgives 4 h")
    curve, marks = figure["data"]
    assert curve["y"] == [100, 50, 10]
    assert marks["text"] == ["typical year: 10 h"]
    assert figure["layout"]["shapes"][0]["x0"] == 4


@pytest.mark.parametrize("figure", [
    waterfall(["<b>x</b> $1$"], [1], ["1"], allowed=1, allowed_text="<i>", total_text="1", axis_title="h", stressed=[]),
    timeline(["<b>"], ["$p$"], [[1]], [["1"]], ["1"], axis_title="t"),
    load_against_capacity([0, 1], [1, 1], [1, 1], load_text="<b>", capacity_text="<b>", late_from=0, late_text="<b>"),
    situation_map(["<b>"], ["<b>"], [[1]], [["<b>"]], x_title="x", y_title="y"),
    exceedance([0, 1], [1, 0], marks=[(0, 1, "<b>")], allowed_hours=1, allowed_text="<b>"),
], ids=["waterfall", "timeline", "load", "map", "year"])  # fmt: skip
def test_text_of_others_is_escaped(figure: dict[str, object]) -> None:
    assert "<b>" not in str(figure)
    assert "$" not in str(figure)


def test_numbers_on_the_map_of_efforts_never_stand_on_each_other_and_the_largest_effect_keeps_its_own() -> None:
    from readiness.figures.effort import effort

    hours, effect = [20.0] * 12, [3000.0 + 10 * n for n in range(11)] + [50_000.0]
    trace = effort(hours, effect, [str(n) for n in range(12)], [True] * 12, axis_title="USD a year")["data"][0]
    written = [text for text in trace["text"] if text]
    assert trace["text"][11] == "11"
    assert 0 < len(written) < 12
