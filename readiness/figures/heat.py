"""Situations by how often and how bad: a map of cells, each with the numbers of what lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import INK, colour_scale, template
from readiness.text import escape_plotly


def situation_map(
    columns: Sequence[str], rows: Sequence[str], weights: Sequence[Sequence[float]], held: Sequence[Sequence[str]], *, x_title: str, y_title: str
) -> dict[str, Any]:
    """Cells that darken with what a year of them costs; text says which situations lie there.

    Parameters
    ----------
    columns, rows
        Bands from rare to often, and from cheap to dear (the first row at the bottom).
    weights
        What the colour stands for, by row and column; any scale that rises.
    held
        Text of each cell.
    """
    trace = {
        "type": "heatmap", "x": list(map(escape_plotly, columns)), "y": list(map(escape_plotly, rows)), "z": [list(map(float, row)) for row in weights],
        "text": [[escape_plotly(text) for text in row] for row in held], "texttemplate": "%{text}", "textfont": {"size": 13}, "colorscale": colour_scale(),
        "showscale": False, "xgap": 2, "ygap": 2, "hovertemplate": "%{y}, %{x}: %{text}<extra></extra>",
    }  # fmt: skip
    layout = {
        "template": template(), "height": 90 + 42 * len(rows), "showlegend": False,
        "xaxis": {"title": {"text": x_title}, "type": "category", "showgrid": False}, "yaxis": {"title": {"text": y_title}, "type": "category", "showgrid": False},
        "font": {"color": INK},
    }  # fmt: skip
    return {"data": [trace], "layout": layout}
