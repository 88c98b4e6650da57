"""An incident as a row of parts that follow each other; one row for each way it may go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import PALETTE, PAPER, template
from readiness.language import tr
from readiness.text import escape_plotly


def timeline(
    rows: Sequence[str], parts: Sequence[str], minutes: Sequence[Sequence[float]], texts: Sequence[Sequence[str]], totals: Sequence[str], *, axis_title: str
) -> dict[str, Any]:  # fmt: skip
    """Parts of each row end to end, dark and light in turn so that grey print keeps them apart, and the sum at the end.

    Parameters
    ----------
    rows, parts
        Names, the first row on top.
    minutes, texts
        By row, then by part; a text is shown where the part is wide enough to hold it.
    totals
        What is written at the end of each row.
    """
    sums = [sum(row) for row in minutes]
    widest = max(sums) or 1.0
    per = 60.0 if widest > 180 else 1.0
    y = [escape_plotly(r) for r in rows][::-1]
    data: list[dict[str, Any]] = []
    for number, part in enumerate(parts):
        x = [row[number] / per for row in minutes][::-1]
        said = [t[number] if row[number] > 0.085 * widest else "" for row, t in zip(minutes, texts, strict=True)][::-1]
        data.append({
            "type": "bar", "orientation": "h", "y": y, "x": x, "name": escape_plotly(part), "text": said, "textposition": "inside", "insidetextanchor": "middle",
            "marker": {"color": PALETTE[number % len(PALETTE)], "line": {"width": 0.8, "color": PAPER}},
            "hovertemplate": f"{escape_plotly(part)}: %{{x:.1f}}<extra></extra>",
        })  # fmt: skip
    data.append({
        "type": "scatter", "mode": "text", "y": y, "x": [s / per for s in sums][::-1], "text": [f"  {escape_plotly(t)}" for t in totals][::-1],
        "textposition": "middle right", "showlegend": False, "hoverinfo": "skip",
    })  # fmt: skip
    unit = tr("hours") if per == 60 else tr("minutes")
    layout = {
        "template": template(), "barmode": "stack", "height": 110 + 46 * len(rows), "showlegend": True, "bargap": 0.35,
        "xaxis": {"title": {"text": f"{axis_title}, {unit}"}, "range": [0, widest / per * 1.18]}, "yaxis": {"showgrid": False, "automargin": True},
    }  # fmt: skip
    return {"data": data, "layout": layout}
