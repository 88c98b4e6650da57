"""Chapters in a notebook on screen come with their charts, and what stands in them runs nothing."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from readiness.exhibits.exhibit import Chapter, Exhibit
from readiness.report.on_screen import with_charts
from readiness.report.running import notebook_folder

HOSTILE = "'><script>alert(1)</script><img src=x onerror=alert(2)>"


def pictures(html: str) -> list[str]:
    return [base64.b64decode(found).decode() for found in re.findall(r"<img src='data:image/svg\+xml;base64,([^']+)' alt=", html)]


def test_a_chart_is_a_picture_with_its_alternative_text() -> None:
    figure = {"data": [{"type": "scatter", "mode": "lines", "name": HOSTILE, "x": [0, 1], "y": [1, 2]}], "layout": {"xaxis": {"title": {"text": HOSTILE}}}}
    html = with_charts(Chapter((Exhibit("one", HOSTILE, HOSTILE, figure=lambda: figure, alt=HOSTILE),)))
    assert "<script" not in html
    assert html.count("<img ") == 1
    (svg,) = pictures(html)
    kinds = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert kinds <= {"svg", "defs", "clipPath", "g", "path", "rect", "circle", "line", "polyline", "polygon", "text", "tspan", "linearGradient", "stop"}
    assert "alert(1)" in svg, "it is there as text"


def test_a_chart_that_cannot_be_drawn_is_left_to_its_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    figure = {"data": [{"type": "sankey"}]}
    html = with_charts(Chapter((Exhibit("one", "Title", "The finding.", figure=lambda: figure),)))
    assert "The finding." in html
    assert "<img" not in html


@pytest.mark.slow
def test_the_stock_kernel_shows_charts(tmp_path: Path) -> None:
    for name in ("3_availability_and_cost", "4_managed_or_self_hosted", "5_roadmap"):
        found = notebook_folder() / f"{name}.ipynb"
        subprocess.run([sys.executable, "-m", "papermill", str(found), str(tmp_path / "out.ipynb"), "--no-progress-bar", "--cwd", str(notebook_folder())],
                       check=True, capture_output=True)  # fmt: skip
        cells = json.loads((tmp_path / "out.ipynb").read_text("utf-8"))["cells"]
        html = "".join("".join(o["data"].get("text/html", "")) for c in cells for o in c.get("outputs", ()) if "data" in o)
        assert pictures(html)
