"""Our own plotly figures as SVG for the page: text stays text, in the faces of the page, and nothing is cut off."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.figures import theme
from readiness.report.svg import cartesian, polar
from readiness.report.svg.arrays import merged
from readiness.report.svg.canvas import Canvas
from readiness.report.svg.colours import hexadecimal
from readiness.report.svg.marks import PX

_USUAL_HEIGHT = 225.0
_LOWEST, _HIGHEST = 90.0, 600.0
_TRIES = 6


def figure_to_svg(figure: Mapping[str, Any], *, width: float, height: float | None = None) -> str:
    """A chart as SVG.

    Parameters
    ----------
    figure
        A plotly figure as plain data: ``data`` and ``layout``. Read are traces of the kinds scatter, bar, heatmap,
        scatterpolar and barpolar, and of the layout axes, shapes, annotations, legend and template;
        ``layout.meta.direct_labels`` puts names at the ends of lines in place of a legend. The figure's own title is
        left out: the caption says it.
    width, height
        Size in points; without a height, three quarters of the figure's own in pixels, or 225.

    Returns
    -------
    str
        One SVG file; the same for the same figure.

    Raises
    ------
    ModelError
        When the figure holds something that is not known here, and kaleido, which could draw it, is not installed.

    Notes
    -----
    Margins are found by drawing: where text reaches beyond the page, there is more room the next time.
    """
    try:
        return _drawn(figure, width, height).finished()
    except ModelError:
        if importlib.util.find_spec("kaleido") is None or _known(figure):
            raise
        return _by_kaleido(figure, width, height)


def figure_for_page(figure: Mapping[str, Any], *, width: float) -> dict[str, Any]:
    """A chart for typst: its shapes as SVG, and its letters apart, to be set in the faces of the page.

    Parameters
    ----------
    figure, width
        As for `figure_to_svg`.

    Returns
    -------
    dict
        ``svg``, ``width``, ``height`` and ``labels``.

    Notes
    -----
    Text inside an SVG finds faces for other scripts only by luck, and loses joiners and accents; typst then refuses
    PDF/UA. The page itself sets all of them.
    """
    try:
        canvas = _drawn(figure, width, None)
    except ModelError:
        if importlib.util.find_spec("kaleido") is None or _known(figure):
            raise
        return {"svg": _by_kaleido(figure, width, None), "width": width, "height": _USUAL_HEIGHT, "labels": []}
    labels = [
        {
            "x": round(label.where[0], 2),
            "y": round(label.where[1], 2),
            "offset": round(label.offset, 2),
            "runs": [run._asdict() for run in label.runs],
            "size": label.size,
            "colour": hexadecimal(label.colour),
            "across": label.across,
            "bold": label.bold,
            "angle": label.angle,
        }
        for label in canvas.labels()
    ]
    return {"svg": canvas.finished(letters=False), "width": canvas.width, "height": canvas.height, "labels": labels}


def _known(figure: Mapping[str, Any]) -> bool:
    """Whether all traces are of kinds that we draw, so that an error is about something else."""
    kinds = (*cartesian.KINDS, *polar.KINDS)
    return all(trace.get("type", "scatter") in kinds for trace in figure.get("data") or ())


def _drawn(figure: Mapping[str, Any], width: float, height: float | None) -> Canvas:
    given = figure.get("layout") or {}
    look = merged(theme.template(), given.get("template") or {})
    layout = merged(_usual(look, given), given)
    layout["annotations"] = [
        merged(look["layout"].get("annotationdefaults") or {}, one) for one in given.get("annotations") or ()
    ]
    layout["shapes"] = [merged(look["layout"].get("shapedefaults") or {}, one) for one in given.get("shapes") or ()]
    if layout.get("images"):
        raise ModelError("pictures inside a chart are not taken")
    palette = list(layout.get("colorway") or theme.PALETTE)
    traces, colours = [], []
    for number, trace in enumerate(figure.get("data") or ()):
        if trace.get("visible") in (False, "legendonly"):
            continue
        defaults = (look.get("data") or {}).get(trace.get("type", "scatter")) or [{}]
        whole = merged(defaults[number % len(defaults)], trace)
        if whole.get("coloraxis"):
            shared = layout.get(str(whole["coloraxis"])) or {}
            renamed = {
                "colorscale": "colorscale",
                "cmin": "zmin",
                "cmax": "zmax",
                "cmid": "zmid",
                "showscale": "showscale",
                "colorbar": "colorbar",
            }
            whole = merged(whole, {to: shared[key] for key, to in renamed.items() if key in shared})
        traces.append(whole)
        colours.append(palette[number % len(palette)])
    round_ = bool(traces) and traces[0].get("type") in polar.KINDS
    (polar if round_ else cartesian).check(traces)
    tall = height or min(max(float(layout.get("height") or _USUAL_HEIGHT / PX) * PX, _LOWEST), _HIGHEST)
    more = (0.0, 0.0, 0.0, 0.0)
    for _ in range(_TRIES):
        canvas = Canvas(width, tall)
        chart = polar.Circle(traces, colours, layout) if round_ else cartesian.Chart(traces, colours, layout)
        chart.draw(canvas, more)
        if max(canvas.beyond) <= 0.01:
            break
        more = tuple(
            room + (max(over, 0.0) + 1.0 if over > 0.01 else 0.0)
            for room, over in zip(more, canvas.beyond, strict=True)
        )  # type: ignore[assignment]
    return canvas


def _usual(look: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The template's layout, with its ``xaxis`` for ``xaxis2`` as well."""
    usual = dict(look["layout"])
    for key in given:
        for axis in ("xaxis", "yaxis"):
            if key.startswith(axis) and key != axis:
                usual[key] = usual.get(axis) or {}
    return usual


def _by_kaleido(figure: Mapping[str, Any], width: float, height: float | None) -> str:
    """The chart as Chrome draws it, for kinds that only plotly itself knows."""
    import plotly.graph_objects as go

    try:
        picture = go.Figure(dict(figure)).to_image(
            format="svg", width=round(width / PX), height=round((height or _USUAL_HEIGHT) / PX)
        )
    except Exception as error:  # kaleido raises what the browser says, of whatever kind
        kinds = ", ".join(sorted({str(trace.get("type", "scatter")) for trace in figure.get("data") or ()}))
        raise ModelError(
            f"charts on paper do not know one of the traces {kinds}, and Chrome, which could draw it, did not answer"
        ) from error
    return bytes(picture).decode("utf-8")
