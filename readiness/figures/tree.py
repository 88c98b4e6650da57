"""A decision tree lying down: a choice, what chance does to it, and what each path costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import HAIR, INK, QUIET, STRESSED, template
from readiness.text import escape_plotly

FORK, END = 4.4, 10.0
Branch = tuple[str, str, Sequence[tuple[str, str]]]


def tree(branches: Sequence[Branch], *, best: int) -> dict[str, Any]:
    """Paths of a decision.

    Parameters
    ----------
    branches
        For each path its name, its expected cost as text, and its outcomes: chance and what follows, as text.
    best
        The path that costs least on average; drawn strong.
    """
    data: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    leaves = sum(max(len(b[2]), 1) for b in branches)
    at = float(leaves)
    middles = []
    for i, (name, cost, outcomes) in enumerate(branches):
        rows = [at - k - 0.5 for k in range(max(len(outcomes), 1))]
        at -= len(rows)
        middle = sum(rows) / len(rows)
        middles.append(middle)
        colour, width = (STRESSED, 3) if i == best else (QUIET, 1.25)
        data.append(_line([0.0, 0.6, FORK], [leaves / 2, middle, middle], colour, width))
        for words, anchor in ((name, "bottom"), (cost, "top")):
            notes.append(_note(0.7, middle, f"<b>{escape_plotly(words)}</b>" if i == best else escape_plotly(words), INK if i == best else QUIET, anchor))
        for row, (chance, follows) in zip(rows, outcomes, strict=False):
            data.append(_line([FORK, FORK + 0.5, END], [middle, row, row], colour, width))
            notes += [_note(FORK + 0.6, row, escape_plotly(words), QUIET, anchor) for words, anchor in ((chance, "bottom"), (follows, "top"))]
    points = {"type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "skip"}
    data.append({**points, "x": [0.0], "y": [leaves / 2], "marker": {"symbol": "square", "size": 12, "color": STRESSED}})
    forks = [m for m, b in zip(middles, branches, strict=True) if b[2]]
    if forks:
        data.append({**points, "x": [FORK] * len(forks), "y": forks, "marker": {"symbol": "circle", "size": 9, "color": HAIR, "line": {"color": QUIET, "width": 1}}})
    blank = {"visible": False, "showgrid": False, "zeroline": False, "showline": False, "showticklabels": False}
    layout = {
        "template": template(), "height": 60 + 38 * leaves, "showlegend": False, "annotations": notes,
        "xaxis": {**blank, "range": [-0.2, END + 0.2]}, "yaxis": {**blank, "range": [-0.1, leaves + 0.2]},
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _line(x: list[float], y: list[float], colour: str, width: float) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": colour, "width": width}, "showlegend": False, "hoverinfo": "skip"}


def _note(x: float, y: float, text: str, colour: str, anchor: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left", "yanchor": anchor, "align": "left", "font": {"size": 11, "color": colour}}
