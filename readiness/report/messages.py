"""Every fixed sentence of a report in one catalogue, for who writes the report in another language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

import readiness
from readiness.language import DOMAIN
from readiness.report.markdown import blocks_of
from readiness.report.running import notebook_folder

PACKAGE = Path(__file__).parents[1]
# By name of the function that is called: which of its arguments are sentences.
MARKS = {"tr": None, "N_": None, "trn": (1, 2), "plural": (1, 2), "_organisation": (3,), "_option": (3,)}


def messages() -> Catalog:
    """What `readiness.language.tr` may be asked for: the sentences of the code, and those of the notebooks of reports.

    Returns
    -------
    babel.messages.catalog.Catalog
        Each with the files in which it stands. Texts of the data (questions, answers, causes, services) are not in it:
        they are data, and a bank of one's own may say them in its own words.
    """
    found = Catalog(project=DOMAIN, domain=DOMAIN, version=readiness.__version__, header_comment="# The fixed sentences of the reports.", fuzzy=False)
    for file, line, message, comments, _ in sorted(extract_from_dir(PACKAGE, [("**.py", "python")], keywords=MARKS), key=lambda m: m[:2]):
        found.add(message, locations=[(f"readiness/{file}", line)], auto_comments=comments)
    for notebook in sorted(notebook_folder().glob("*.ipynb")):
        for text in _prose(notebook):
            found.add(text, locations=[(f"notebooks/{notebook.name}", 1)])
    return found


def _prose(notebook: Path) -> Iterator[str]:
    """The runs of text of a report's markdown cells, as they are looked up."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    for cell in cells if notebook.name.startswith("9_") or notebook.stem == "portfolio" else ():
        for block in blocks_of("".join(cell["source"])) if cell["cell_type"] == "markdown" else ():
            if block["kind"] == "heading":
                yield block["text"]
            for spans in block.get("paragraphs") or block.get("points") or ():
                yield from (span["text"] for span in spans)
