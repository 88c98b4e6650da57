"""The palette can be told apart by everybody and on grey paper."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from readiness.figures import theme


def linear(colour: str) -> np.ndarray:
    """Linear light of ``#rrggbb``."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIELAB of linear light, with the white of daylight (D65)."""
    matrix = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    ratios = (matrix @ light) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratios > 216 / 24389, np.cbrt(ratios), (24389 / 27 * ratios + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009,
# severity 1.0, for linear light.
EYES = {
    "usual": np.eye(3),
    "without red (protanopia)": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "without green (deuteranopia)": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "without blue (tritanopia)": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def test_the_scale_of_lightness_is_the_known_one():
    assert lab(linear("#ffffff"))[0] == pytest.approx(100, abs=0.01)
    assert lab(linear("#777777"))[0] == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize("eyes", EYES)
def test_any_two_colours_differ_for(eyes):
    for one, other in combinations(theme.PALETTE, 2):
        seen = [lab(np.clip(EYES[eyes] @ linear(colour), 0, 1)) for colour in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) > 12, (one, other)


def test_neighbours_differ_in_grey_print():
    for one, other in pairwise(theme.PALETTE):
        assert abs(lab(linear(one))[0] - lab(linear(other))[0]) >= 12, (one, other)


def test_the_bar_that_matters_is_far_darker_than_the_rest():
    assert lab(linear(theme.CALM))[0] - lab(linear(theme.STRESSED))[0] > 40


def test_the_scale_of_heat_maps_only_gets_darker():
    lightness = [lab(linear(colour))[0] for colour in theme.SEQUENCE]
    assert all(a - b > 8 for a, b in pairwise(lightness))
    assert [at for at, _ in theme.colour_scale()] == sorted(at for at, _ in theme.colour_scale())


def test_plotly_takes_the_template_and_keeps_what_the_figure_says():
    go = pytest.importorskip("plotly.graph_objects")
    figure = theme.dress(go.Figure(go.Bar(x=[1], y=[2]), layout={"bargap": 0.5}))
    assert figure.layout.template.layout.colorway == theme.PALETTE
    assert figure.layout.bargap == 0.5


def test_the_look_can_be_the_default_of_a_session():
    pio = pytest.importorskip("plotly.io")
    before = pio.templates.default
    try:
        theme.register()
        assert pio.templates.default == theme.NAME
        assert pio.templates[theme.NAME].layout.font.family.startswith("Lato")
    finally:
        pio.templates.default = before


def test_a_template_can_be_changed_without_changing_the_next_one():
    first = theme.template()
    first["layout"]["xaxis"]["title"]["font"]["size"] = 99
    assert theme.template()["layout"]["xaxis"]["title"]["font"]["size"] == 12
    assert first["layout"]["yaxis"]["title"]["font"]["size"] == 12
