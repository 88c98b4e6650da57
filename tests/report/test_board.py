"""What a board gets: six pages and a short appendix, full pages, every number in the manifest, for every example and paper."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.report.document import from_notebook
from readiness.report.manifest import manifest_of, texts_of
from readiness.report.pdf import write_pdf

pypdf = pytest.importorskip("pypdf")
pytestmark = [
    pytest.mark.slow, pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed"), pytest.mark.filterwarnings("ignore::DeprecationWarning:pypdf"),
]  # fmt: skip
EXAMPLES = ("northlight", "cheerly", "medirow", "quillfield")
MOST_PAGES, MOST_APPENDIX = 6, 4
# The running foot of a page stands in its last points.
FOOT = 56.0
Shown = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def shown(executed: Callable[[str, str], dict[str, Any]]) -> Shown:
    """The executed notebook of one example."""
    return lambda name: executed(name, "board")


def filled(pdf: Path) -> list[float]:
    """How far down the text of each page goes, as a share of its height; the running foot does not count."""
    told = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    shares = []
    for page in told.split("<page ")[1:]:
        height = float(re.findall(r'height="([\d.]+)"', page)[0])
        shares.append(max(y for y in map(float, re.findall(r'yMax="([\d.]+)"', page)) if y < height - FOOT) / height)
    return shares


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_board_reads_six_full_pages_and_a_short_appendix(name: str, paper: Any, shown: Shown, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(write_pdf(from_notebook(shown(name)), paper=paper))
    reader = pypdf.PdfReader(file)
    starts = [reader.get_destination_page_number(mark) for mark in reader.outline if not isinstance(mark, list) and "Appendix" in mark.title]
    appendix = min(starts)
    assert appendix <= MOST_PAGES
    assert len(reader.pages) - appendix <= MOST_APPENDIX
    assert min(filled(file)) > 0.62, "a page is half empty"


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_board_does_not_read_is_not_in_its_notebook(name: str, shown: Shown) -> None:
    document = from_notebook(shown(name))
    ids = {exhibit.id for exhibit in document.exhibits()}
    assert {"levels", "dimensions", "downtime_by_cause", "breach_by_promise", "worst_situations", "frontier", "assumptions"} <= ids
    assert not {i for i in ids if i.startswith(("answers_", "decides_", "curves_", "gates", "plan_left_out", "cost_lines"))}
    assert "Example Consulting" in " ".join(texts_of(document))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_exhibit_s_numbers_are_in_the_manifest(name: str, shown: Shown) -> None:
    manifest = json.loads(manifest_of(shown(name), {}))
    stands = {place for n in manifest["numbers"] for place in n["stands_in"]}
    assert {"levels", "worst_situations", "frontier", "figures_panel"} <= stands
    chance = next(n for n in manifest["numbers"] if n["id"] == "breach_chance_per_year")
    assert chance["text"] in " ".join(texts_of(from_notebook(shown(name))))
