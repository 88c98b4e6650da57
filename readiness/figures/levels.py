"""Levels by dimension: what was reached, and how far the unanswered could move it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import HAIR, QUIET, STRESSED, template
from readiness.language import signed, tr


def levels(
    labels: Sequence[str], scores: Sequence[float | None], worst: Sequence[float], best: Sequence[float], *, highest: float = 4
) -> dict[str, Any]:
    """A dot for the score of each dimension on a bar from the worst to the best that is still possible."""
    y = list(labels)[::-1]
    low, high = list(worst)[::-1], list(best)[::-1]
    known = [(label, score) for label, score in zip(y, list(scores)[::-1], strict=True) if score is not None]
    data = [
        {
            "type": "bar", "orientation": "h", "y": y, "base": low, "x": [max(h - lo, 0.02) for lo, h in zip(low, high, strict=True)],
            "marker": {"color": HAIR}, "name": tr("still possible"), "hoverinfo": "skip",
        },
        {
            "type": "scatter", "mode": "markers+text", "y": [k[0] for k in known], "x": [k[1] for k in known], "text": [signed(f"{k[1]:.1f}") for k in known],
            "textposition": "middle right", "marker": {"size": 11, "color": STRESSED}, "name": tr("answered so far"),
        },
    ]  # fmt: skip
    layout = {
        "template": template(), "height": 60 + 21 * len(y), "bargap": 0.45, "barmode": "overlay",
        "xaxis": {"title": {"text": tr("Level, 0 to 4")}, "range": [0, highest + 0.3], "tickvals": [0, 1, 2, 3, 4]},
        "yaxis": {"showgrid": False, "tickfont": {"color": QUIET}},
        "showlegend": True,
    }  # fmt: skip
    return {"data": data, "layout": layout}
