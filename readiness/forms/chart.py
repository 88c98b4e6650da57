"""A chart that follows: one figure trait, plotly sent once to each page, from this computer and never from a network."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import anywidget
import ipywidgets
import traitlets

from readiness.forms.form import STYLE, script


@lru_cache(maxsize=1)
def plotly_packed() -> bytes:
    """The plotly that lies in the installed package, compressed: 1.4 MB instead of 4.7."""
    return gzip.compress(files("plotly").joinpath("package_data", "plotly.min.js").read_bytes(), 6, mtime=0)


class Library(anywidget.AnyWidget):
    """Carries plotly to the page; all charts of a kernel share one."""

    _esm = script("library.js")
    packed = traitlets.Bytes(b"").tag(sync=True)


_LIBRARY: list[Library] = []


def library() -> Library:
    """The one library of this kernel."""
    if not _LIBRARY:
        _LIBRARY.append(Library(packed=plotly_packed()))
    return _LIBRARY[0]


class Chart(anywidget.AnyWidget):
    """One plotly figure, as plain data, redrawn in place when it changes.

    Parameters
    ----------
    figure
        ``data`` and ``layout``, as `readiness.figures` makes them.
    alternative
        The figure in words.
    night
        Colours by day and by night, for dark themes.
    """

    _esm = script("dom.js", "chart.js")
    _css = STYLE
    figure = traitlets.Dict().tag(sync=True)
    alternative = traitlets.Unicode().tag(sync=True)
    night = traitlets.Dict().tag(sync=True)
    serial = traitlets.Int(0).tag(sync=True)
    library = traitlets.Instance(Library).tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, figure: Mapping[str, Any], alternative: str = "", *, night: Mapping[str, str] | None = None) -> None:
        super().__init__(figure=dict(figure), alternative=alternative, night=dict(night or {}), library=library())

    def draw(self, figure: Mapping[str, Any], alternative: str = "") -> None:
        """Show another figure; nothing is sent when it is the same."""
        if figure != self.figure:
            with self.hold_sync():
                self.figure, self.alternative, self.serial = dict(figure), alternative, self.serial + 1
