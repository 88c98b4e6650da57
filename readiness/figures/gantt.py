"""Who works on what when: improvements over quarters, above the hours each quarter has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import CALM, INK, PATTERNS, QUIET, STRESSED, template
from readiness.language import tr
from readiness.text import escape_plotly


def gantt(
    labels: Sequence[str], start: Sequence[float], finish: Sequence[float], effect: Sequence[float], gates: Sequence[bool], quarters: Sequence[str], hours: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """Bars of work, a thin line until it has effect, and a diamond there.

    Parameters
    ----------
    labels
        Improvements in the order of the work.
    start, finish, effect
        In quarters from the beginning of the first.
    gates
        Which of them the promise needs.
    quarters, hours
        Names of the quarters, and what is worked in each of what there is.
    """
    names = [escape_plotly(x) for x in labels][::-1]
    length = [max(0.04, float(f) - float(s)) for s, f in zip(start, finish, strict=True)][::-1]
    begin = list(map(float, start))[::-1]
    data: list[dict[str, Any]] = []
    for gate, name, colour, pattern in ((False, tr("work"), CALM, PATTERNS[0]), (True, tr("work on a gate of the promise"), STRESSED, "/")):
        rows = [i for i, g in enumerate(list(gates)[::-1]) if g == gate]
        if rows:
            data.append({"type": "bar", "orientation": "h", "y": [names[i] for i in rows], "x": [length[i] for i in rows], "base": [begin[i] for i in rows], "name": name,
                         "marker": {"color": colour, "pattern": {"shape": pattern}}, "hovertemplate": "%{y}<extra></extra>"})  # fmt: skip
    data.append({"type": "scatter", "mode": "markers", "x": list(map(float, effect))[::-1], "y": names, "name": tr("in effect"), "marker": {"symbol": "diamond", "size": 8, "color": INK},
                 "hovertemplate": "%{y}<extra></extra>"})  # fmt: skip
    ends = max([len(quarters), *map(float, effect)])
    layout = {
        "template": template(), "height": 84 + 16 * len(names), "barmode": "overlay", "showlegend": True, "bargap": 0.32, "margin": {"t": 76},
        "xaxis": {"range": [0, ends + 0.05], "tickvals": list(range(len(quarters) + 1)), "ticktext": [""] * (len(quarters) + 1), "showgrid": True},
        "yaxis": {"type": "category", "categoryorder": "array", "categoryarray": names, "showgrid": False, "automargin": True},
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "yref": "container"},
        "annotations": [
            {"x": place + 0.5, "y": 0, "yref": "paper", "yanchor": "top", "yshift": -6, "showarrow": False, "text": f"{quarter}<br>{escape_plotly(hour)}", "font": {"size": 11, "color": QUIET}}
            for place, (quarter, hour) in enumerate(zip(quarters, hours, strict=True))
        ],
    }  # fmt: skip
    layout["margin"] = {"t": 40, "b": 44}
    layout.pop("legend")
    return {"data": data, "layout": layout}
