"""Load against capacity while an extreme event runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from readiness.figures.theme import BAD, INK, QUIET, STRESSED, faded, template
from readiness.language import tr
from readiness.text import escape_plotly

# Share of the time that a label takes across.
WIDE = 0.3


def load_against_capacity(
    minutes: Sequence[float], load: Sequence[float], capacity: Sequence[float], *, load_text: str, capacity_text: str, late_from: float | None, late_text: str
) -> dict[str, Any]:  # fmt: skip
    """Two lines that carry their names, and the time in which the first is above the second shaded.

    Parameters
    ----------
    minutes, load, capacity
        Requests per second by minute.
    late_from
        Minute from which more comes than can be served; None when that never happens.
    late_text
        What stands in the shaded part.
    """
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": list(minutes), "y": list(capacity), "line": {"color": QUIET, "width": 2, "dash": "dash", "shape": "hv"}, "name": "capacity",
         "fill": "tozeroy", "fillcolor": faded(QUIET, 0.10), "showlegend": False, "hovertemplate": tr("minute %{x:.0f}: room for %{y:.0f} a second<extra></extra>")},
        {"type": "scatter", "mode": "lines", "x": list(minutes), "y": list(load), "line": {"color": STRESSED, "width": 2.4}, "name": tr("load"), "showlegend": False,
         "hovertemplate": tr("minute %{x:.0f}: %{y:.0f} a second<extra></extra>")},
    ]  # fmt: skip
    top, last = max([*load, *capacity]), float(minutes[-1])
    rises = next((float(m) for m, c in zip(minutes, capacity, strict=True) if c > capacity[0]), None)
    notes = [
        {"x": last, "y": float(max(load)), "xanchor": "right", "yanchor": "bottom", "text": f"{escape_plotly(load_text)} ", "showarrow": False, "font": {"color": STRESSED, "size": 11}},
        {"x": (0.04 if rises is None or rises > WIDE * last else rises / last + 0.01) * last, "y": float(capacity[0]), "xanchor": "left", "yanchor": "bottom" if capacity[0] < 0.8 * max(load) or capacity[0] > max(load) else "top",
         "text": escape_plotly(capacity_text), "showarrow": False, "font": {"color": INK, "size": 11}},
    ]  # fmt: skip
    if capacity[-1] > capacity[0]:
        notes.append(
            {
                "x": last,
                "y": float(capacity[-1]),
                "xanchor": "right",
                "yanchor": "bottom",
                "text": tr("after more has been started "),
                "showarrow": False,
                "font": {"color": INK, "size": 11},
            }
        )
    shapes = []
    if late_from is not None:
        until = next((m for m, lo, c in zip(minutes, load, capacity, strict=True) if m > late_from and c >= lo), last)
        shapes.append(
            {
                "type": "rect",
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "x0": late_from,
                "x1": until,
                "fillcolor": faded(BAD, 0.08),
                "line": {"width": 0},
                "layer": "below",
            }
        )
        notes.append(
            {
                "x": (max(late_from, 0.0) + until) / 2 if until - late_from > WIDE * last else until + 0.01 * last,
                "y": 0.5 * (float(capacity[0]) + max(map(float, load))),
                "xanchor": "center" if until - late_from > WIDE * last else "left",
                "text": escape_plotly(late_text),
                "showarrow": False,
                "font": {"color": BAD, "size": 11},
            }
        )
    layout = {
        "template": template(), "height": 296, "showlegend": False, "shapes": shapes, "annotations": notes,
        "xaxis": {"title": {"text": tr("Minutes since the event began")}, "range": [0, last]},
        "yaxis": {"title": {"text": tr("Requests a second")}, "range": [0, top * 1.15]},
    }  # fmt: skip
    return {"data": data, "layout": layout}
