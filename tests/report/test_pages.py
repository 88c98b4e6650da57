"""The pages of the long report, for every example and paper: none is half empty, none ends with a heading."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.report.document import Document, from_notebook
from readiness.report.make import notebook_for, run_notebook
from readiness.report.pdf import write_pdf

pypdf = pytest.importorskip("pypdf")
pytestmark = [
    pytest.mark.slow, pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"), pytest.mark.filterwarnings("ignore::DeprecationWarning:pypdf"),
]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("northlight", "cheerly", "medirow", "quillfield")
# Between these, in points from the edges, stands what is not the running head or foot.
HEAD, FOOT = {"a4": 70.0, "us-letter": 58.0}, {"a4": 62.0, "us-letter": 50.0}
LEAST_FILLED = 0.58
# Under a heading there is room for its words and a few lines.
LEAST_UNDER_HEADING = 60.0


@pytest.fixture(scope="module")
def document_of() -> Callable[[str], Document]:
    """The long report of one example, each run once."""
    known: dict[str, Document] = {}

    def run(name: str) -> Document:
        if name not in known:
            given = {"engagement": str(ROOT / "data" / "examples" / f"{name}.yaml"), "as_of": "2026-11-23", "audience": "client", "interactive": False}
            known[name] = from_notebook(run_notebook(notebook_for("client"), given))
        return known[name]

    return run


def filled(pdf: Path, paper: str) -> list[float]:
    """How far down the text of each page goes, as a share of the room between its running head and foot."""
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    shares = []
    for page in told.split("<page ")[1:]:
        height = float(re.findall(r'height="([\d.]+)"', page)[0])
        lowest = max((y for y in map(float, re.findall(r'yMax="([\d.]+)"', page)) if y < height - FOOT[paper]), default=0.0)
        shares.append((lowest - HEAD[paper]) / (height - HEAD[paper] - FOOT[paper]))
    return shares


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_page_but_the_last_is_half_empty_and_none_ends_with_a_heading(name: str, paper: Any, document_of: Callable[[str], Document], tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(write_pdf(document_of(name), paper=paper))
    shares = filled(file, paper)[1:-1]
    empty = {number: round(share, 2) for number, share in enumerate(shares, 2) if share < LEAST_FILLED}
    assert not empty, "pages with too little on them"
    low = [mark.title for mark in _marks(pypdf.PdfReader(file).outline) if float(mark.top) < FOOT[paper] + LEAST_UNDER_HEADING]
    assert not low, "headings at the end of a page"


def _marks(outline: list[Any]) -> list[Any]:
    return [leaf for mark in outline for leaf in (_marks(mark) if isinstance(mark, list) else [mark])]
