"""How the chance that a managed service is cheaper changes with the growth of the load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import DASHES, PALETTE, QUIET, SYMBOLS, template
from readiness.language import tr
from readiness.text import escape_plotly


def chance_over_growth(growths: Sequence[str], lines: Sequence[tuple[str, Sequence[float]]]) -> dict[str, Any]:
    """One line for each service.

    Parameters
    ----------
    growths
        Growth a year, as text, in order.
    lines
        Name and chances, from 0 to 1.
    """
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "x": list(growths), "y": [100 * float(c) for c in chances], "name": escape_plotly(name),
            "line": {"color": PALETTE[i % len(PALETTE)], "width": 2, "dash": DASHES[i % len(DASHES)]},
            "marker": {"symbol": SYMBOLS[i % len(SYMBOLS)], "size": 8, "color": PALETTE[i % len(PALETTE)]},
            "hovertemplate": tr("%{x} growth: %{y:.0f} %<extra>") + escape_plotly(name) + "</extra>",
        }
        for i, (name, chances) in enumerate(lines)
    ]  # fmt: skip
    layout = {
        "template": template(), "height": 296, "showlegend": True,
        "xaxis": {"title": {"text": tr("Growth of the load in the first year")}, "type": "category"},
        "yaxis": {"title": {"text": tr("Chance that managed is cheaper, %")}, "range": [-4, 104]},
        "shapes": [{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 50, "y1": 50, "line": {"color": QUIET, "width": 1, "dash": "dash"}}],
        "annotations": [{"xref": "paper", "x": 0.01, "xanchor": "left", "y": 50, "yanchor": "bottom", "text": tr("even"), "showarrow": False, "font": {"color": QUIET, "size": 11}}],
    }  # fmt: skip
    return {"data": data, "layout": layout}
