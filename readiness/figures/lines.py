"""Lines over a scale: how a chance or a cost runs, with a band and points that carry their own labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import BAD, QUIET, STRESSED, faded, template
from readiness.language import signed, tr
from readiness.text import escape_plotly

NEAR = 0.14


def chance_by_promise(promises: Sequence[str], chances: Sequence[float], texts: Sequence[str], *, tolerance: float, chosen: int) -> dict[str, Any]:
    """The yearly chance of breach under each usual promise, with what may be signed."""
    data = [
        {
            "type": "scatter", "mode": "lines+markers+text", "x": list(promises), "y": [c * 100 for c in chances], "text": list(texts),
            # A label above its point would stand on the line of what may be signed where the point lies just below it.
            "textposition": ["bottom center" if tolerance - NEAR < c <= tolerance else "top center" for c in chances], "line": {"color": STRESSED, "width": 2},
            "marker": {"size": [12 if i == chosen else 7 for i in range(len(promises))], "color": [BAD if i == chosen else STRESSED for i in range(len(promises))]},
            "showlegend": False, "hovertemplate": "%{x}: %{y:.1f} %<extra></extra>",
        }
    ]  # fmt: skip
    layout = {
        "template": template(), "height": 300, "showlegend": False,
        "xaxis": {"title": {"text": tr("Promise")}, "type": "category"},
        "yaxis": {"title": {"text": tr("Chance to break it within a year, %")}, "range": [-16 if min(chances) < tolerance else -4, 116]},
        "shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": tolerance * 100, "y1": tolerance * 100, "line": {"color": QUIET, "width": 1, "dash": "dash"}}],
        "annotations": [{"xref": "paper", "x": 0.99, "xanchor": "right", "y": tolerance * 100, "yanchor": "bottom", "text": tr("may be signed: {tolerance} %", tolerance=signed(f"{tolerance * 100:g}")), "showarrow": False, "font": {"color": QUIET, "size": 11}}],
    }  # fmt: skip
    return {"data": data, "layout": layout}


def with_band(
    x: Sequence[float], low: Sequence[float], mid: Sequence[float], high: Sequence[float], *, name: str, colour: str
) -> list[dict[str, Any]]:
    """A line with its 90 % band, as traces."""
    around = {"mode": "lines", "line": {"width": 0, "color": colour}, "hoverinfo": "skip", "showlegend": False, "type": "scatter"}
    return [
        {**around, "x": list(x), "y": list(low)},
        {**around, "x": list(x), "y": list(high), "fill": "tonexty", "fillcolor": faded(colour)},
        {"type": "scatter", "mode": "lines", "x": list(x), "y": list(mid), "name": escape_plotly(name), "line": {"color": colour, "width": 2}},
    ]
