"""What an audience may not read is not in any file that it gets: neither in the text nor in the file's own data."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from readiness.assessment import assess
from readiness.catalog import Catalog
from readiness.engagement import Engagement, open_engagement
from readiness.errors import UsageError
from readiness.report.audience import AUDIENCES, may_read, reduced
from readiness.report.formats import RENDERERS
from readiness.report.make import render_report

AS_OF = date(2026, 11, 23)
ROOT = Path(__file__).resolve().parents[2]
# Each stands where only some may read it.
INTERNAL = ("CANARYinternalnote", "CANARYinternalanswer", "CANARYincidentnote", "CANARYinternaldecision")
PEOPLE = ("CANARYcontact", "CANARYanswerer", "CANARYviewer", "CANARYdecider", "CANARYwriter")
CLIENT = ("CANARYclientnote", "CANARYclientanswer", "CANARYowner", "CANARYriskowner")
BOARD = ("CANARYboardnote",)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client whose file holds a canary wherever a person may write one."""
    content = YAML(typ="safe").load((ROOT / "data" / "examples" / "quillfield.yaml").read_text("utf-8"))
    content["client"]["contact"] = "CANARYcontact"
    content["answers"] |= {
        "on_call": {"views": [{"by": "CANARYviewer", "answer": "goodwill"}, {"by": "one", "answer": "nobody"}], "on": "2026-11-01"},
        "rollback": {"answer": "untried", "by": "CANARYanswerer", "owner": "CANARYowner", "note": "CANARYclientanswer", "on": "2026-11-01"},
        "load_test": {"answer": "never", "by": "CANARYanswerer", "note": "CANARYinternalanswer", "audience": "internal"},
    }
    content["notes"] = [
        {"text": "CANARYinternalnote", "by": "CANARYwriter", "audience": "internal"},
        {"text": "CANARYclientnote", "by": "CANARYwriter", "audience": "client"},
        {"text": "CANARYboardnote", "by": "CANARYwriter", "audience": "board"},
    ]
    content["decisions"] = [{"text": "CANARYinternaldecision", "by": "CANARYdecider", "audience": "internal"}]
    content["accepted_risks"] = [{"title": "One region", "why": "it is cheap", "owner": "CANARYriskowner", "review_on": "2027-05-01"}]
    content["history"] = {"incidents": [{"started": "2026-05-01T10:00:00Z", "resolved": "2026-05-01T11:00:00Z", "note": "CANARYincidentnote"}]}
    file = tmp_path_factory.mktemp("client") / "planted.yaml"
    file.write_text(json.dumps(content, default=str), "utf-8")
    return file


def readable(name: str, content: bytes, folder: Path) -> str:
    """Everything in a finished file that a curious reader finds: text, metadata, parts of the archive."""
    found = content.decode("utf-8", "ignore")
    if name.endswith(".pdf"):
        import pypdf

        file = folder / name
        file.write_bytes(content)
        reader = pypdf.PdfReader(io.BytesIO(content))
        found += str(reader.metadata) + "".join(page.extract_text() for page in reader.pages)
        if shutil.which("qpdf"):
            plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", str(file), "-"], capture_output=True, check=False).stdout
            found += plain.decode("latin-1")
            # Alternative texts of PDF are in UTF-16.
            found += plain.replace(b"\x00", b"").decode("latin-1")
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += "".join(archive.read(part).decode("utf-8", "ignore") for part in archive.namelist())
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning:pypdf")
@pytest.mark.parametrize(
    ("audience", "seen", "hidden"),
    [("internal", (*INTERNAL[:2], *CLIENT[:2], *BOARD), ()), ("client", (*CLIENT, *BOARD), (*INTERNAL, *PEOPLE)), ("board", BOARD, (*INTERNAL, *PEOPLE, *CLIENT))],
)
def test_no_canary_sings_to_an_audience_that_may_not_hear_it(audience, seen, hidden, planted, tmp_path):
    formats = tuple(RENDERERS)
    files = render_report(planted, formats=formats, as_of=AS_OF, audience=audience).contents
    assert len(files) == len(formats) + 1
    everything = {name: readable(name, content, tmp_path) for name, content in files.items()}
    for canary in hidden:
        assert [name for name, text in everything.items() if canary in text] == [], canary
    if audience != "client":
        for canary in seen:
            assert [name for name, text in everything.items() if canary in text], f"{canary} is looked for in vain, so its absence elsewhere proves nothing"


@pytest.mark.parametrize("audience", ["client", "board"])
def test_no_sum_depends_on_who_reads_it(audience, planted, catalog: Catalog):
    full = open_engagement(planted, catalog).engagement
    a, b = (assess(catalog, e, as_of=AS_OF, draws=256) for e in (full, reduced(full, audience)))
    assert a.figures.keys() == b.figures.keys()
    for name, figure in a.figures.items():
        np.testing.assert_array_equal(figure.draws, b.figures[name].draws)
    assert a.standing.verdict == b.standing.verdict
    assert [p.level for p in a.standing.practices] == [p.level for p in b.standing.practices]


def test_a_smaller_circle_reads_less(planted, catalog: Catalog):
    full = open_engagement(planted, catalog).engagement
    lengths = [len(reduced(full, audience).model_dump_json()) for audience in AUDIENCES]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == len(AUDIENCES)
    assert reduced(full, "internal") is full


def test_what_was_reduced_is_still_an_engagement(planted, catalog: Catalog):
    full = open_engagement(planted, catalog).engagement
    for audience in AUDIENCES:
        again = json.loads(reduced(full, audience).model_dump_json())
        assert Engagement.model_validate(again)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_everybody_may_read_what_is_meant_for_the_board(audience):
    assert may_read(audience, "board")
    assert may_read("internal", audience)
    assert may_read("board", audience) == (audience == "board")


def test_an_audience_that_does_not_exist_is_a_sentence(northlight: Engagement):
    with pytest.raises(UsageError, match='did you mean "board"'):
        reduced(northlight, "bord")
