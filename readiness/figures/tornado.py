"""A tornado: what each input by itself does to a difference, the strongest on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import CALM, INK, PALETTE, template
from readiness.language import tr
from readiness.text import escape_plotly


def tornado(labels: Sequence[str], at_low: Sequence[float], at_high: Sequence[float], *, middle: float, axis_title: str) -> dict[str, Any]:
    """Bars from the outcome with an input at its low end to that with it at its high end.

    Parameters
    ----------
    labels
        Inputs, the strongest first.
    at_low, at_high
        Outcomes at the two ends.
    middle
        The outcome on average, where all bars cross; zero is drawn too, since that is where the decision turns.
    """
    names = [escape_plotly(label) for label in labels][::-1]
    data = []
    for name, ends, colour, pattern in ((tr("input low"), at_low, CALM, ""), (tr("input high"), at_high, PALETTE[0], "/")):
        values = [float(v) - middle for v in ends][::-1]
        data.append({"type": "bar", "orientation": "h", "y": names, "x": values, "base": [middle] * len(values), "name": name,
                     "marker": {"color": colour, "pattern": {"shape": pattern}}, "hovertemplate": "%{y}<extra>" + name + "</extra>"})  # fmt: skip
    layout = {
        "template": template(), "height": 90 + 22 * len(labels), "barmode": "overlay", "showlegend": True,
        "xaxis": {"title": {"text": axis_title}, "tickformat": ",.0f"}, "yaxis": {"showgrid": False, "automargin": True},
        "shapes": [{"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": INK, "width": 1.5}}],
    }  # fmt: skip
    return {"data": data, "layout": layout}
