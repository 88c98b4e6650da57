"""The architecture as a picture: what serves users in one row, what supports it below, zones, outside dependencies."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from readiness.figures.theme import CALM, INK, PAPER, QUIET, SEQUENCE, STRESSED, template
from readiness.language import N_, tr
from readiness.text import escape_plotly

PER_ROW = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A box: its name, what it is, how it stands (copies, zones, who runs it)."""

    name: str
    what: str
    how: str
    row: str
    spread: int = 1


ROWS = (N_("serves users"), N_("supports it"), N_("outside"))


def architecture(parts: Sequence[Part]) -> dict[str, Any]:
    """Boxes in rows; a box drawn double stands in several zones.

    Parameters
    ----------
    parts
        In the order of the client's file; ``row`` is one of `ROWS`.
    """
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    y = 0.0
    for row in ROWS:
        held = [part for part in parts if part.row == row]
        if not held:
            continue
        notes.append(_text(0.0, y + 0.02, tr(row).capitalize(), 12, QUIET, anchor="left", bold=True))
        y += 0.22
        for start in range(0, len(held), PER_ROW):
            for place, part in enumerate(held[start : start + PER_ROW]):
                _box(shapes, notes, place, y, part)
            y += 1.12
        y += 0.05
    labels = [f"{part.name}: {part.what}, {part.how}" for part in parts]
    x = [(i % PER_ROW) + 0.5 for i, _ in enumerate(parts)]
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "x": x,
            "y": [-5.0] * len(labels),
            "marker": {"size": 1, "color": PAPER},
            "text": [escape_plotly(label) for label in labels],
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]
    layout = {
        "template": template(), "height": max(160, math.ceil(92 * y) + 16), "showlegend": False, "shapes": shapes, "annotations": notes,
        "xaxis": {"visible": False, "range": [-0.05, PER_ROW + 0.05], "fixedrange": True},
        "yaxis": {"visible": False, "range": [y, -0.05], "fixedrange": True}, "margin": {"l": 4, "r": 4, "t": 6, "b": 6},
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _box(shapes: list[dict[str, Any]], notes: list[dict[str, Any]], place: int, y: float, part: Part) -> None:
    outside = part.row == ROWS[2]
    left, right, top, bottom = place + 0.02, place + 0.92, y, y + 0.98
    line = {"color": STRESSED if part.row == ROWS[0] else QUIET, "width": 1.5, "dash": "dash" if outside else "solid"}
    for behind in range(min(part.spread, 3) - 1, 0, -1):
        away = 0.022 * behind
        shapes.append(
            {
                "type": "rect",
                "x0": left + away,
                "x1": right + away,
                "y0": top - 1.6 * away,
                "y1": bottom - 1.6 * away,
                "fillcolor": SEQUENCE[1],
                "line": {"color": CALM, "width": 1},
                "layer": "below",
            }
        )
    shapes.append(
        {
            "type": "rect",
            "x0": left,
            "x1": right,
            "y0": top,
            "y1": bottom,
            "fillcolor": PAPER if outside else SEQUENCE[0],
            "line": line,
            "layer": "below",
        }
    )
    middle = (left + right) / 2
    notes.append(_text(middle, top + 0.17, _short(part.name, 22), 13, INK, bold=True))
    lines = textwrap.wrap(_short(part.what, 50), 25) or [""]
    for number, words in enumerate(lines[:2]):
        notes.append(_text(middle, top + 0.42 + 0.2 * number, words, 11, INK))
    notes.append(_text(middle, top + 0.84, _short(part.how, 34), 11, QUIET if part.spread > 1 or outside else INK))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(x: float, y: float, text: str, size: int, colour: str, *, anchor: str = "center", bold: bool = False) -> dict[str, Any]:
    words = escape_plotly(text)
    return {
        "x": x,
        "y": y,
        "text": f"<b>{words}</b>" if bold else words,
        "showarrow": False,
        "font": {"size": size, "color": colour},
        "xanchor": anchor,
        "yanchor": "middle",
        "xref": "x",
        "yref": "y",
    }
