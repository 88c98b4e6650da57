"""How every chart looks: one palette, one type size, one template; plain data, so that nothing is imported for it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from readiness.language import separators

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK = "#1c2530"
QUIET = "#55606b"
HAIR = "#cfd6dd"
GRID = "#e6eaee"
PAPER = "#ffffff"

# Neighbours differ in lightness by 12 and more (CIELAB), so that grey print and every kind of colour blindness keep
# them apart; the order alternates dark and light. A test holds it.
PALETTE = ("#17365d", "#e69f3c", "#1f7a8c", "#a9c8e4", "#a63d2f", "#8d98a3")
# One finding, one colour: the bar that matters, and the rest.
STRESSED, CALM = PALETTE[0], "#9fb8cf"
GOOD, WARN, BAD = "#1a6b4c", "#8a5a00", "#9b2c1f"
# From nothing to much; lightness falls all the way.
SEQUENCE = ("#eef3f8", "#c3d6e8", "#8fb1d0", "#5484b0", "#2b5a8a", "#17365d")
BAND_OPACITY = 0.16
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")
PATTERNS = ("", "/", "", ".", "x", "")
FONT = "Lato, Noto Sans, Noto Sans Hebrew, Noto Sans Arabic, Helvetica, Arial, sans-serif"
NAME = "readiness"

_AXIS: dict[str, Any] = {
    "automargin": True,
    "showgrid": True,
    "gridcolor": GRID,
    "gridwidth": 1,
    "zeroline": False,
    "showline": True,
    "linecolor": HAIR,
    "ticks": "",
    "title": {"font": {"size": 12, "color": QUIET}, "standoff": 10},
    "tickfont": {"size": 12, "color": QUIET},
}


def template() -> dict[str, Any]:
    """The plotly template, as plain data.

    Examples
    --------
    >>> template()["layout"]["colorway"][0]
    '#17365d'
    """
    return {
        "layout": {
            "font": {"family": FONT, "size": 12, "color": INK},
            "colorway": list(PALETTE),
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "margin": {"l": 8, "r": 16, "t": 28, "b": 8},
            "xaxis": deepcopy(_AXIS),
            "yaxis": deepcopy(_AXIS),
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"size": 12, "color": INK},
            },
            "polar": {
                "bgcolor": PAPER,
                "angularaxis": {"gridcolor": GRID, "linecolor": HAIR, "direction": "clockwise", "rotation": 90},
                "radialaxis": {"gridcolor": GRID, "linecolor": HAIR, "tickfont": {"size": 10, "color": QUIET}},
            },
            "annotationdefaults": {"font": {"size": 12, "color": INK}, "arrowcolor": QUIET, "arrowwidth": 1},
            "shapedefaults": {"line": {"color": QUIET, "width": 1}},
            "separators": "".join(separators()),
            "bargap": 0.28,
            "hoverlabel": {"font": {"family": FONT, "size": 12}, "align": "left"},
            "hovermode": "closest",
            "colorscale": {"sequential": colour_scale()},
            "coloraxis": {"colorbar": {"outlinewidth": 0, "thickness": 12}},
        },
        "data": {
            "heatmap": [{"colorscale": colour_scale(), "colorbar": {"outlinewidth": 0, "thickness": 12}}],
            "bar": [{"marker": {"line": {"width": 0}}, "cliponaxis": False}],
            "scatter": [{"line": {"width": 2}, "marker": {"size": 7}, "cliponaxis": False}],
        },
    }


def colour_scale() -> list[list[Any]]:
    """`SEQUENCE` as plotly writes a colour scale.

    Examples
    --------
    >>> colour_scale()[-1]
    [1.0, '#17365d']
    """
    steps = len(SEQUENCE) - 1
    return [[round(place / steps, 4), colour] for place, colour in enumerate(SEQUENCE)]


def faded(colour: str, opacity: float = BAND_OPACITY) -> str:
    """The colour of a band around a line.

    Parameters
    ----------
    colour
        ``#rrggbb``.
    opacity
        From 0, not to be seen, to 1.

    Examples
    --------
    >>> faded("#17365d")
    'rgba(23,54,93,0.16)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def dress(figure: go.Figure) -> go.Figure:
    """The same figure object in our look; returned for chaining.

    Parameters
    ----------
    figure
        A plotly figure; its own settings go before the template's.
    """
    figure.update_layout(template=template())
    return figure


def register() -> None:
    """Make the look plotly's default for a session, under the name ``readiness``."""
    import plotly.graph_objects as go
    import plotly.io as pio

    pio.templates[NAME] = go.layout.Template(template())
    pio.templates.default = NAME
