"""How bad a year may get: the chance of more than so many hours, with the promise's allowance and the usual years marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import BAD, INK, QUIET, STRESSED, faded, template
from readiness.language import tr
from readiness.text import escape_plotly

HIGH = 0.3


def exceedance(
    hours: Sequence[float], chances: Sequence[float], *, marks: Sequence[tuple[float, float, str]], allowed_hours: float, allowed_text: str
) -> dict[str, Any]:  # fmt: skip
    """The chance that a year has more than so many hours of downtime.

    Parameters
    ----------
    hours, chances
        The curve, falling.
    marks
        Points on it with their labels: hours, chance, label.
    allowed_hours, allowed_text
        What the promise forgives in a year, and how that is said.
    """
    per_cent = [100 * c for c in chances]
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": list(map(float, hours)), "y": per_cent, "line": {"color": STRESSED, "width": 2}, "fill": "tozeroy",
         "fillcolor": faded(STRESSED), "showlegend": False, "hovertemplate": tr("more than %{x:.1f} h: %{y:.0f} %<extra></extra>")},
        {"type": "scatter", "mode": "markers+text", "x": [m[0] for m in marks], "y": [100 * m[1] for m in marks], "text": [escape_plotly(m[2]) for m in marks],
         "textposition": "top right", "marker": {"size": 9, "color": STRESSED, "symbol": "circle"}, "showlegend": False, "hoverinfo": "skip"},
    ]  # fmt: skip
    # Where the curve still runs high at the limit there is room below it, else above.
    above = next((c for h, c in zip(hours, chances, strict=True) if h >= allowed_hours), 0.0) > HIGH
    far = allowed_hours > 0.6 * max(hours)
    layout = {
        "template": template(), "height": 296, "showlegend": False, "margin": {"t": 40},
        "xaxis": {"title": {"text": tr("Hours of downtime in a year")}, "range": [0, float(max(hours))]},
        "yaxis": {"title": {"text": tr("Chance of more than that, %")}, "range": [0, 106]},
        "shapes": [{"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": allowed_hours, "x1": allowed_hours, "line": {"color": BAD, "width": 1.6, "dash": "dash"}}],
        "annotations": [{"x": allowed_hours + (-0.008 if far else 0.008) * max(hours), "yref": "paper", "y": 0.02 if above else 0.99, "yanchor": "bottom" if above else "top", "xanchor": "right" if far else "left",
                         "text": escape_plotly(allowed_text), "showarrow": False, "font": {"color": INK, "size": 11}},
                        {"xref": "paper", "x": 1, "xanchor": "right", "yref": "paper", "y": 0.91, "yanchor": "top", "showarrow": False,
                         "text": tr("the lower the line, the better"), "font": {"color": QUIET, "size": 11}}],
    }  # fmt: skip
    return {"data": data, "layout": layout}
