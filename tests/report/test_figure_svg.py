"""Charts on paper: every mark where its number says, every letter inside the picture, nothing guessed."""

from __future__ import annotations

import base64
import html
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from readiness.errors import ModelError
from readiness.report import svg, typefaces
from readiness.report.svg import figure_to_svg

CASES = Path(__file__).parent.parent / "cases" / "hostile_text.yaml"
HOSTILE = YAML(typ="safe").load(CASES.read_text(encoding="utf-8"))["cases"]
NS = "{http://www.w3.org/2000/svg}"
WIDTH = 471.0
# Settings with which a plot of values reaches from edge to edge, so that places can be reckoned by hand.
BARE = {"showgrid": False, "showticklabels": False}


def drawn(traces: list[dict[str, Any]], **layout: Any) -> ET.Element:
    """The chart as a tree."""
    return ET.fromstring(figure_to_svg({"data": traces, "layout": layout}, width=WIDTH))


def texts(tree: ET.Element) -> list[str]:
    """All texts of a chart, in the order of drawing."""
    return ["".join(element.itertext()) for element in tree.iter(f"{NS}text")]


def circles(tree: ET.Element) -> list[tuple[float, float]]:
    """Middles of all circles."""
    return [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in tree.iter(f"{NS}circle")]


def bars(tree: ET.Element) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of all rectangles outside definitions."""
    inside = {rect for clip in tree.iter(f"{NS}defs") for rect in clip.iter(f"{NS}rect")}
    keys = ("x", "y", "width", "height")
    return [tuple(float(r.attrib[k]) for k in keys) for r in tree.iter(f"{NS}rect") if r not in inside]  # type: ignore[misc]


def paths(tree: ET.Element, **attributes: str) -> list[list[tuple[float, float]]]:
    """Corners of all paths with these attributes."""
    found = []
    for path in tree.iter(f"{NS}path"):
        if all(path.attrib.get(key.replace("_", "-")) == value for key, value in attributes.items()):
            pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", path.attrib["d"])
            found.append([(float(x), float(y)) for x, y in pairs])
    return found


def test_points_stand_in_proportion_to_their_numbers():
    tree = drawn([{"type": "scatter", "mode": "markers", "x": [0, 5, 10], "y": [0, 1, 4]}])
    (x0, y0), (x1, y1), (x2, y2) = circles(tree)
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.02)
    assert y0 - y2 == pytest.approx(4 * (y0 - y1), abs=0.05)
    assert y2 < y1 < y0, "more is higher"


def test_a_given_range_puts_its_ends_on_the_edges_of_the_plot():
    tree = drawn(
        [{"type": "scatter", "mode": "markers", "x": [0, 10], "y": [1, 3]}],
        height=400,
        xaxis={"range": [0, 10], **BARE},
        yaxis={"range": [1, 3], **BARE},
    )
    (x0, y0), (x1, y1) = circles(tree)
    clip = next(iter(tree.iter(f"{NS}clipPath")))[0].attrib
    left, top, wide, tall = (float(clip[key]) for key in ("x", "y", "width", "height"))
    assert (x0, y0) == pytest.approx((left, top + tall), abs=0.02)
    assert (x1, y1) == pytest.approx((left + wide, top), abs=0.02)


def test_a_logarithmic_axis_gives_each_decade_the_same_room():
    tree = drawn([{"type": "scatter", "mode": "markers", "x": [1, 2, 3], "y": [1, 10, 100]}], yaxis={"type": "log"})
    ys = [y for _, y in circles(tree)]
    assert ys[0] - ys[1] == pytest.approx(ys[1] - ys[2], abs=0.02)
    assert {"1", "10", "100"} <= set(texts(tree))


def test_a_range_on_a_logarithmic_axis_is_in_powers_of_ten_as_in_plotly():
    tree = drawn(
        [{"type": "scatter", "mode": "markers", "x": [0], "y": [10]}], yaxis={"type": "log", "range": [0, 2], **BARE}
    )
    clip = next(iter(tree.iter(f"{NS}clipPath")))[0].attrib
    assert circles(tree)[0][1] == pytest.approx(float(clip["y"]) + float(clip["height"]) / 2, abs=0.02)


def test_what_a_logarithm_does_not_have_is_a_gap():
    tree = drawn([{"type": "scatter", "mode": "markers", "x": [1, 2, 3], "y": [0, 10, 100]}], yaxis={"type": "log"})
    assert len(circles(tree)) == 2


def test_lying_bars_begin_at_zero_and_are_as_long_as_their_numbers():
    tree = drawn([{"type": "bar", "orientation": "h", "y": ["a", "b", "c"], "x": [1, 2, 4]}])
    a, b, c = bars(tree)
    assert a[0] == b[0] == c[0]
    assert (b[2], c[2]) == pytest.approx((2 * a[2], 4 * a[2]), abs=0.03)
    assert a[1] > b[1] > c[1], "the first category is at the foot"


def test_a_reversed_axis_puts_the_first_category_at_the_top():
    tree = drawn([{"type": "bar", "orientation": "h", "y": ["a", "b"], "x": [1, 2]}], yaxis={"autorange": "reversed"})
    first, second = bars(tree)
    assert first[1] < second[1]


def test_stacked_bars_stand_on_each_other():
    traces = [{"type": "bar", "x": ["m"], "y": [height]} for height in (3, 2, 1)]
    low, middle, high = bars(drawn(traces, barmode="stack"))
    assert middle[1] + middle[3] == pytest.approx(low[1], abs=0.02)
    assert high[1] + high[3] == pytest.approx(middle[1], abs=0.02)
    assert low[3] == pytest.approx(3 * high[3], abs=0.05)
    assert low[0] == middle[0] == high[0]


def test_grouped_bars_stand_side_by_side():
    left, right = bars(drawn([{"type": "bar", "x": ["m"], "y": [1]}, {"type": "bar", "x": ["m"], "y": [1]}]))
    assert left[0] + left[2] == pytest.approx(right[0], abs=0.02)
    assert left[2] == pytest.approx(right[2])


def test_negative_bars_hang_from_the_line_of_zero():
    up, down = bars(drawn([{"type": "bar", "x": ["gain", "loss"], "y": [2, -1]}]))
    assert up[1] + up[3] == pytest.approx(down[1], abs=0.02)
    assert up[3] == pytest.approx(2 * down[3], abs=0.03)


def test_a_bar_with_a_base_begins_there():
    floor, floating = bars(drawn([{"type": "bar", "x": ["a", "b"], "y": [4, 2], "base": [0, 2]}]))
    assert floating[1] == pytest.approx(floor[1], abs=0.02)
    assert floating[3] == pytest.approx(floor[3] / 2, abs=0.02)


def test_error_bars_end_where_their_numbers_say():
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [1, 2],
        "y": [10, 20],
        "error_y": {"array": [10, 0], "arrayminus": [5, 0]},
    }
    tree = drawn([trace])
    (x, y0), (_, y1) = circles(tree)
    per_unit = (y0 - y1) / 10
    (stem,) = [p for p in paths(tree, stroke="#17365d", stroke_width="0.9") if p[0][0] == p[1][0] == x]
    assert (stem[0][1] - y0, y0 - stem[1][1]) == pytest.approx((5 * per_unit, 10 * per_unit), abs=0.05)


def test_a_band_runs_out_along_one_line_and_back_along_the_other():
    traces = [
        {"type": "scatter", "mode": "lines", "x": [0, 1, 2], "y": [3, 3, 3], "line": {"width": 0}},
        {"type": "scatter", "mode": "lines", "x": [0, 1, 2], "y": [1, 1, 1], "line": {"width": 0}, "fill": "tonexty"},
    ]
    (band,) = paths(drawn(traces, yaxis={"range": [0, 4]}), opacity="0.16")
    assert len(band) == 6
    xs, ys = [x for x, _ in band], [y for _, y in band]
    assert xs[:3] == xs[:2:-1]
    assert ys[0] > ys[3], "the lower line first, then back along the upper one"


def test_a_missing_number_breaks_the_line():
    tree = drawn([{"type": "scatter", "mode": "lines", "x": [0, 1, 2, 3, 4], "y": [1, 2, None, 2, 1]}])
    assert [len(line) for line in paths(tree, stroke="#17365d", stroke_width="1.5")] == [2, 2]


def test_stairs_have_corners():
    tree = drawn([{"type": "scatter", "mode": "lines", "x": [0, 1], "y": [0, 1], "line": {"shape": "hv"}}])
    (line,) = paths(tree, stroke="#17365d", stroke_width="1.5")
    assert len(line) == 3
    assert line[1] == (line[2][0], line[0][1])


def test_cells_of_a_heat_map_fill_the_plot_and_carry_their_numbers():
    tree = drawn(
        [
            {
                "type": "heatmap",
                "x": ["a", "b"],
                "y": ["c", "d"],
                "z": [[1, 2], [3, None]],
                "texttemplate": "%{z:.1f}",
                "showscale": False,
            }
        ]
    )
    cells = bars(tree)
    assert len(cells) == 4
    assert len({(round(w, 1), round(h, 1)) for _, _, w, h in cells}) == 1
    assert {"1.0", "2.0", "3.0"} <= set(texts(tree))
    assert cells[0][1] > cells[2][1], "the first row is at the foot, as in plotly"


def test_the_colours_of_a_heat_map_are_those_of_its_scale():
    trace = {"type": "heatmap", "z": [[0, 5, 10]], "colorscale": [[0, "#000000"], [1, "#ffffff"]], "showscale": False}
    fills = [rect.attrib["fill"] for rect in drawn([trace]).iter(f"{NS}rect") if "fill" in rect.attrib]
    assert fills == ["#000000", "#808080", "#ffffff"]


def test_around_a_circle_the_first_direction_is_up_and_the_next_clockwise():
    names = ["north", "east", "south", "west"]
    tree = drawn([{"type": "scatterpolar", "mode": "markers", "theta": names, "r": [1, 1, 1, 1]}])
    (nx, ny), (ex, ey), (sx, sy), (wx, wy) = circles(tree)
    assert nx == pytest.approx(sx, abs=0.02)
    assert ey == pytest.approx(wy, abs=0.02)
    assert ny < ey < sy
    assert wx < nx < ex
    assert ex - wx == pytest.approx(sy - ny, abs=0.02), "it is a circle"


def test_petals_reach_as_far_as_their_numbers():
    tree = drawn([{"type": "barpolar", "theta": ["a", "b"], "r": [1, 2]}])
    one, two = paths(tree, fill="#17365d")

    def longest(petal: list[tuple[float, float]]) -> float:
        return max(np.hypot(x - petal[0][0], y - petal[0][1]) for x, y in petal)

    assert longest(two) == pytest.approx(2 * longest(one), abs=0.05)


@pytest.mark.parametrize("kind", ["f8", "f4", "i2", "u1"])
def test_typed_arrays_are_the_numbers_they_hold(kind):
    values = np.array([1, 2, 4], dtype=kind)
    typed = {"dtype": kind, "bdata": base64.b64encode(values.astype(values.dtype.newbyteorder("<")).tobytes()).decode()}
    plain = {"type": "scatter", "mode": "markers", "x": [0, 1, 2], "y": [1, 2, 4]}
    assert circles(drawn([{**plain, "y": typed}])) == circles(drawn([plain]))


def test_a_figure_of_plotly_itself_is_read_as_its_data_are():
    go = pytest.importorskip("plotly.graph_objects")
    figure = go.Figure(go.Heatmap(z=np.arange(6.0).reshape(2, 3), showscale=False))
    figure.add_hline(y=0.5, annotation_text="limit")
    tree = ET.fromstring(figure_to_svg(figure.to_plotly_json(), width=WIDTH))
    assert len(bars(tree)) == 6
    assert "limit" in texts(tree)


@pytest.mark.parametrize(
    ("figure", "sentence"),
    [
        pytest.param({"data": [{"type": "pie"}]}, "pie", id="kind of trace"),
        pytest.param(
            {"data": [{"x": [1], "y": [1]}], "layout": {"xaxis": {"type": "multicategory"}}},
            "multicategory",
            id="kind of axis",
        ),
        pytest.param({"data": [], "layout": {"images": [{"source": "x"}]}}, "pictures", id="picture"),
        pytest.param({"data": [{"x": [1], "y": [1], "marker": {"color": "url(http://x)"}}]}, "colour", id="colour"),
        pytest.param({"data": [{"x": [1, 2], "y": [1, 2], "line": {"dash": "5px"}}]}, "dash", id="dashes"),
        pytest.param(
            {"data": [{"x": [1], "y": [1], "mode": "text", "texttemplate": "%{nonsense}"}]},
            "nonsense",
            id="field of a template",
        ),
        pytest.param(
            {"data": [{"x": [1, 2], "y": [1, 2]}], "layout": {"xaxis": {"tickformat": "~z"}}}, "~z", id="number format"
        ),
        pytest.param(
            {"data": [{"x": [1], "y": [1], "fill": "toward"}, {"x": [1, 2], "y": [1, 2], "fill": "toward"}]},
            "toward",
            id="fill",
        ),
        pytest.param({"data": [], "layout": {"shapes": [{"type": "path", "path": "M0,0"}]}}, "path", id="shape"),
        pytest.param(
            {"data": [{"type": "heatmap", "z": [[1]], "colorscale": "Viridis"}]}, "Viridis", id="colour scale by name"
        ),
    ],
)
def test_what_it_does_not_know_is_refused_and_never_left_out(figure, sentence, monkeypatch):
    monkeypatch.setattr(svg.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=sentence):
        figure_to_svg(figure, width=WIDTH)


def test_the_page_gets_the_same_letters_apart_from_the_shapes(charts):
    for figure in charts.values():
        picture = svg.figure_for_page(figure, width=WIDTH)
        assert "<text" not in picture["svg"]
        said = ["".join(run["text"] for run in label["runs"]) for label in picture["labels"]]
        assert said == texts(ET.fromstring(figure_to_svg(figure, width=WIDTH)))
        assert all(re.fullmatch("#[0-9a-f]{6}", label["colour"]) for label in picture["labels"])


def test_an_unknown_kind_is_left_to_kaleido_where_there_is_one(monkeypatch):
    monkeypatch.setattr(svg, "_by_kaleido", lambda figure, width, height: "<svg/>")
    monkeypatch.setattr(svg.importlib.util, "find_spec", lambda name: object())
    assert figure_to_svg({"data": [{"type": "pie"}]}, width=WIDTH) == "<svg/>"


def reach(tree: ET.Element) -> list[tuple[float, float]]:
    """Left and right end of every level text."""
    ends = []
    for text in tree.iter(f"{NS}text"):
        if "transform" in text.attrib:
            continue
        bold = text.attrib.get("font-weight") == "700"
        wide = typefaces.width("".join(text.itertext()), size=float(text.attrib["font-size"]), bold=bold)
        x = float(text.attrib["x"])
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib.get("text-anchor", "start")]
        ends.append((x - share * wide, x + (1 - share) * wide))
    return ends


@pytest.mark.parametrize("name", ["causes", "frontier", "heat", "radar", "stacked", "petals"])
@pytest.mark.parametrize("width", [471.0, 300.0])
def test_no_letter_is_cut_off(charts, name, width):
    tree = ET.fromstring(figure_to_svg(charts[name], width=width))
    assert min(left for left, _ in reach(tree)) >= -0.5
    assert max(right for _, right in reach(tree)) <= width + 0.5
    ys = [float(text.attrib["y"]) for text in tree.iter(f"{NS}text") if "transform" not in text.attrib]
    assert min(ys) > 0
    assert max(ys) <= float(tree.attrib["height"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("abc déW", min_size=1, max_size=70).filter(str.strip), min_size=1, max_size=8, unique=True))
def test_long_names_never_leave_the_picture(names):
    for direction in ("h", "v"):
        axes = ({"y": names, "x": list(range(1, len(names) + 1))}, {"x": names, "y": list(range(1, len(names) + 1))})
        tree = drawn([{"type": "bar", "orientation": direction, **axes[direction == "v"]}], height=420)
        assert min((left for left, _ in reach(tree)), default=0) >= -0.5
        assert max((right for _, right in reach(tree)), default=0) <= WIDTH + 0.5


def test_labels_of_numbers_do_not_touch():
    tree = drawn(
        [{"type": "scatter", "mode": "lines", "x": [0, 123_456_789], "y": [0, 1]}], xaxis={"tickformat": ",.0f"}
    )
    ends = sorted(end for end, text in zip(reach(tree), texts(tree), strict=True) if "," in text or text == "0")
    assert all(right < left for (_, right), (left, _) in pairwise(ends))


def test_names_at_the_ends_of_lines_replace_the_legend_and_keep_apart():
    traces = [
        {"type": "scatter", "mode": "lines", "name": f"line {n}", "x": [0, 1], "y": [0, 1 + n / 100]} for n in range(4)
    ]
    tree = drawn(traces, meta={"direct_labels": True})
    named = {
        "".join(t.itertext()): float(t.attrib["y"]) for t in tree.iter(f"{NS}text") if "line" in "".join(t.itertext())
    }
    assert len(named) == 4
    ys = sorted(named.values())
    assert min(b - a for a, b in pairwise(ys)) > 8
    assert named["line 3"] < named["line 0"]


def test_the_legend_names_what_is_named_and_nothing_else():
    traces = [
        {"type": "bar", "x": ["m"], "y": [1], "name": "seen"},
        {"type": "bar", "x": ["m"], "y": [1], "name": "hidden", "showlegend": False},
        {"type": "bar", "x": ["m"], "y": [1], "name": "also seen"},
    ]
    shown = texts(drawn(traces))
    assert "seen" in shown
    assert "also seen" in shown
    assert "hidden" not in shown
    assert "seen" not in texts(drawn(traces, showlegend=False))


def test_an_annotation_stands_where_paper_coordinates_say():
    tree = drawn(
        [{"type": "scatter", "mode": "markers", "x": [0, 1], "y": [0, 1]}],
        annotations=[
            {
                "text": "corner",
                "x": 1,
                "y": 1,
                "xref": "paper",
                "yref": "paper",
                "showarrow": False,
                "xanchor": "right",
                "yanchor": "top",
            }
        ],
    )
    (corner,) = [t for t in tree.iter(f"{NS}text") if "".join(t.itertext()) == "corner"]
    clip = next(iter(tree.iter(f"{NS}clipPath")))[0].attrib
    half = typefaces.width("corner", size=float(corner.attrib["font-size"])) / 2
    assert float(corner.attrib["x"]) + half == pytest.approx(float(clip["x"]) + float(clip["width"]) - 1.6, abs=0.02)


def test_a_line_across_the_plot_stands_at_its_value():
    tree = drawn(
        [{"type": "scatter", "mode": "markers", "x": [0, 1], "y": [1, 100]}],
        yaxis={"type": "log"},
        shapes=[{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 10, "y1": 10, "line": {"color": "#9b2c1f"}}],
    )
    (line,) = paths(tree, stroke="#9b2c1f")
    (_, low), (_, high) = circles(tree)
    assert line[0][1] == pytest.approx((low + high) / 2, abs=0.02), (
        "a shape takes values where an annotation takes powers"
    )


def test_text_is_text_and_tags_are_letters():
    hostile = "<script>alert(1)</script> & \"x\" 'y' <b>bold</b>"
    tree = drawn([{"type": "bar", "orientation": "h", "y": [hostile], "x": [1]}])
    assert "<script>alert(1)</script> & \"x\" 'y' bold" in " ".join(texts(tree))
    assert {element.tag.removeprefix(NS) for element in tree.iter()} <= {
        "svg", "defs", "clipPath", "rect", "path", "text", "tspan", "circle", "pattern",
    }  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["id"])
def test_hostile_names_are_shown_letter_for_letter(case):
    payload = re.sub(r"[\t\r\u202e]", " ", case["payload"])
    figure = [
        {
            "type": "bar",
            "x": ["a"],
            "y": [1],
            "name": html.escape(payload),
            "text": [html.escape(payload)],
            "textposition": "outside",
        }
    ]
    shown = re.sub(r"\s", "", "".join(texts(drawn(figure, showlegend=True))))
    assert shown.count(re.sub(r"\s", "", typefaces.drawable(payload))) == 2, "in the legend and at the bar"


def test_the_same_figure_gives_the_same_picture(charts):
    for figure in charts.values():
        assert figure_to_svg(figure, width=WIDTH) == figure_to_svg(figure, width=WIDTH)


def test_dates_stand_in_proportion_and_are_labelled_by_month():
    tree = drawn(
        [{"type": "scatter", "mode": "markers", "x": ["2026-01-01", "2026-07-02", "2027-01-01"], "y": [1, 2, 3]}]
    )
    xs = [x for x, _ in circles(tree)]
    assert (xs[1] - xs[0]) / (xs[2] - xs[0]) == pytest.approx(182 / 365, abs=0.002)
    assert "Jan 2026" in texts(tree)


def test_a_second_pair_of_axes_has_its_own_scale_and_its_own_place():
    traces = [
        {"type": "scatter", "mode": "markers", "x": [0, 1], "y": [0, 1]},
        {"type": "scatter", "mode": "markers", "x": [0, 1], "y": [0, 1000], "xaxis": "x2", "yaxis": "y2"},
    ]
    layout = {
        "xaxis": {"domain": [0, 0.45]},
        "xaxis2": {"domain": [0.55, 1], "anchor": "y2"},
        "yaxis2": {"anchor": "x2"},
    }
    points = circles(drawn(traces, **layout))
    assert points[1][0] < points[2][0]
    assert points[0][1] == pytest.approx(points[2][1], abs=0.02)
    assert points[1][1] == pytest.approx(points[3][1], abs=0.02)


def test_a_figure_without_traces_is_an_empty_plot():
    assert texts(drawn([])) is not None
    assert drawn([]).attrib["width"] == "471"
