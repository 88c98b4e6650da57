"""Chapters in a notebook on screen: as they describe themselves, with their charts as pictures."""

from __future__ import annotations

import base64
import sys
from collections.abc import Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.exhibits.exhibit import Chapter, on_screen
from readiness.report.svg import figure_to_svg

WIDTH_POINTS = 520.0


def show_charts() -> None:
    """Let chapters come with their charts in the kernel that this runs in; elsewhere nobody looks at a cell's HTML."""
    shell: Any = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is not None:
        shell.display_formatter.formatters["text/html"].for_type(Chapter, with_charts)


def with_charts(chapter: Chapter) -> str:
    """A chapter as HTML, its charts beside its tables.

    Notes
    -----
    A picture runs no script and fetches nothing, whatever text stands in it; JupyterLab, Voila, VS Code and nbconvert show it alike.
    """
    return on_screen(chapter.payload(), picture=_picture)


def _picture(figure: Mapping[str, Any]) -> str | None:
    try:
        svg = figure_to_svg(figure, width=WIDTH_POINTS)
    except ModelError:
        return None  # the finding and the table say the same
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


__all__ = ["show_charts", "with_charts"]
