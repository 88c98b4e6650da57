"""What several ways cost together as time goes by, with their bands, and where they cross."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.lines import with_band
from readiness.figures.theme import PALETTE, QUIET, template
from readiness.language import tr
from readiness.text import escape_plotly

COLOURS = (PALETTE[0], PALETTE[4], PALETTE[2])
Curve = tuple[str, Sequence[float], Sequence[float], Sequence[float]]


def cost_curves(curves: Sequence[Curve], *, currency: str, break_even: int | None = None) -> dict[str, Any]:
    """Cumulated cost by month.

    Parameters
    ----------
    curves
        Name, low, mean and high by month; today's way first.
    currency
        Of the axis.
    break_even
        Month from which on the second curve stays below the first, counted from 0.
    """
    data: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    months = list(range(1, len(curves[0][1]) + 1))
    # Names stand at the ends, apart from one another even where the lines end together.
    order = sorted(range(len(curves)), key=lambda i: curves[i][2][-1])
    top = max(max(c[3]) for c in curves)
    placed: dict[int, float] = {}
    before = float("-inf")
    for i in order:
        placed[i] = before = max(float(curves[i][2][-1]), before + 0.09 * top)
    for i, (name, low, mid, high) in enumerate(curves):
        colour = COLOURS[i % len(COLOURS)]
        lines = with_band(months, [float(v) for v in low], [float(v) for v in mid], [float(v) for v in high], name=name, colour=colour)
        lines[-1] |= {"showlegend": False, "line": {"color": colour, "width": 2, "dash": ("solid", "dash", "dot")[i % 3]}, "hovertemplate": tr("month %{{x}}: {currency} %{{y:,.0f}}<extra>{way}</extra>", currency=currency, way=escape_plotly(name))}
        data += lines
        annotations.append({"x": months[-1], "y": placed[i], "text": escape_plotly(name), "showarrow": False, "xanchor": "left", "xshift": 6, "align": "left", "font": {"color": colour, "size": 11}})
    shapes = []
    if break_even is not None:
        shapes.append({"type": "line", "x0": break_even + 1, "x1": break_even + 1, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": QUIET, "width": 1, "dash": "dash"}})
        annotations.append({"x": break_even + 1, "yref": "paper", "y": 0.93, "yanchor": "bottom", "xshift": 4, "text": tr("cheaper from month {break_even} on", break_even=break_even + 1), "showarrow": False, "xanchor": "left", "font": {"color": QUIET, "size": 11}})
    layout = {
        "template": template(), "height": 330, "showlegend": False, "margin": {"r": 150},
        "xaxis": {"title": {"text": tr("Month")}, "range": [0.5, months[-1] + 0.5]},
        "yaxis": {"title": {"text": tr("Cumulated cost, {currency}", currency=currency)}, "tickformat": ",.0f", "rangemode": "tozero"},
        "shapes": shapes, "annotations": annotations,
    }  # fmt: skip
    return {"data": data, "layout": layout}
