"""Figures of the sourcing chapters as data: what is drawn is what was given, and paper knows every trace."""

from __future__ import annotations

from itertools import pairwise

import pytest

from readiness.figures.chance_over_growth import chance_over_growth
from readiness.figures.cost_curves import cost_curves
from readiness.figures.stacked import stacked
from readiness.figures.tornado import tornado
from readiness.figures.tree import tree
from readiness.report.svg import figure_to_svg

CURVES = [("as today", [1.0, 2.0], [2.0, 4.0], [3.0, 6.0]), ("<b>managed</b> $", [2.0, 2.5], [3.0, 3.5], [4.0, 4.5])]


def test_curves_carry_band_and_mean_and_the_break_even() -> None:
    figure = cost_curves(CURVES, currency="EUR", break_even=1)
    assert [t["y"] for t in figure["data"][:3]] == [[1.0, 2.0], [3.0, 6.0], [2.0, 4.0]]
    assert figure["data"][1]["fill"] == "tonexty"
    assert figure["layout"]["shapes"][0]["x0"] == 2
    assert "month 2" in figure["layout"]["annotations"][-1]["text"]
    assert not cost_curves(CURVES, currency="EUR")["layout"]["shapes"]


def test_names_at_the_ends_of_curves_keep_apart() -> None:
    close = [("a", [1.0], [10.0], [11.0]), ("b", [1.0], [10.1], [11.0]), ("c", [1.0], [10.2], [11.0])]
    ends = sorted(a["y"] for a in cost_curves(close, currency="EUR")["layout"]["annotations"])
    assert all(b - a >= 0.08 * 11 for a, b in pairwise(ends))


def test_layers_stack_in_their_order() -> None:
    figure = stacked(["Q1", "Q2"], [("db", [1, 2]), ("web", [3, 4])], axis_title="EUR", mark=("Q2", "credits end"))
    assert figure["layout"]["barmode"] == "stack"
    assert [t["y"] for t in figure["data"]] == [[1.0, 2.0], [3.0, 4.0]]
    assert figure["layout"]["annotations"][0]["x"] == "Q2"


def test_a_tornado_reaches_from_the_middle_to_both_ends() -> None:
    low, high = tornado(["hours", "rate"], [-10, -4], [30, 8], middle=5, axis_title="EUR")["data"]
    assert low["y"] == ["rate", "hours"]
    assert [b + x for b, x in zip(low["base"], low["x"], strict=True)] == [-4, -10]
    assert [b + x for b, x in zip(high["base"], high["x"], strict=True)] == [8, 30]


def test_a_tree_marks_its_best_path() -> None:
    now = ("Do it now", "EUR 10", [("For certain", "EUR 10")])
    figure = tree([now, ("Wait", "EUR 4", [("Asked, 20 %", "EUR 9"), ("Never, 80 %", "nothing")])], best=1)
    strong = [t for t in figure["data"] if t["mode"] == "lines" and t["line"]["width"] == 3]
    assert len(strong) == 3
    assert "<b>Wait</b>" in [a["text"] for a in figure["layout"]["annotations"]]


def test_chances_are_drawn_in_per_cent() -> None:
    figure = chance_over_growth(["0 %", "100 %"], [("events", [0.25, 1.0])])
    assert figure["data"][0]["y"] == [25.0, 100.0]


@pytest.mark.parametrize("figure", [
    pytest.param(cost_curves(CURVES, currency="EUR", break_even=0), id="curves"),
    pytest.param(stacked(["Q1"], [("a <b>", [1.0])], axis_title="$"), id="stacked"),
    pytest.param(tornado(["a & b"], [1], [2], middle=1.5, axis_title="EUR"), id="tornado"),
    pytest.param(tree([("a <i>", "EUR 1", [("x", "y")])], best=0), id="tree"),
    pytest.param(chance_over_growth(["0 %"], [("a", [0.5])]), id="chance"),
])  # fmt: skip
def test_paper_draws_it_and_text_stays_text(figure: dict[str, object]) -> None:
    drawn = figure_to_svg(figure, width=470)
    assert drawn.startswith("<svg")
    assert "<i>" not in drawn
