"""A report can be held against its files, its engagement, the data and the version; and it is the same wherever it is made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from readiness.catalog import Catalog
from readiness.engagement import open_engagement
from readiness.errors import UsageError
from readiness.report.make import make_report
from readiness.report.manifest import NAME
from readiness.report.verify import read_manifest, verify

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples"
FORMATS = ("pdf", "html", "xlsx", "json", "md", "csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made")
    make_report(EXAMPLES / "quillfield.yaml", out, formats=FORMATS, as_of=date(2026, 11, 23))
    return out


@pytest.fixture
def report(made: Path, tmp_path: Path) -> Path:
    """A copy, for who wants to spoil it."""
    return Path(shutil.copytree(made, tmp_path / "report"))


@pytest.mark.slow
def test_a_report_belongs_to_its_engagement_and_to_no_other(report, catalog: Catalog):
    own = open_engagement(EXAMPLES / "quillfield.yaml", catalog)
    other = open_engagement(EXAMPLES / "cheerly.yaml", catalog)
    assert verify(report, opened=own, catalog=catalog).good
    assert verify(report / "report.pdf", opened=own).good
    assert verify(report / NAME).good
    found = verify(report, opened=other, catalog=catalog)
    assert [f.what for f in found.findings if not f.good] == ["engagement"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [f"report.{f}" for f in FORMATS])
def test_one_changed_byte_is_seen(name, report):
    content = bytearray((report / name).read_bytes())
    content[len(content) // 2] ^= 1
    (report / name).write_bytes(bytes(content))
    assert [(f.what, f.said) for f in verify(report).findings if not f.good] == [(name, "was changed after it was written")]


@pytest.mark.slow
def test_a_missing_file_and_other_data_are_seen(report, catalog: Catalog):
    (report / "report.csv").unlink()
    manifest = json.loads((report / NAME).read_text())
    manifest["versions"]["catalog"] = "0" * 16
    (report / NAME).write_text(json.dumps(manifest))
    assert [f.what for f in verify(report, catalog=catalog).findings if not f.good] == ["report.csv", "data"]


@pytest.mark.slow
def test_an_answer_that_changed_since_is_seen(report, tmp_path, catalog: Catalog):
    text = (EXAMPLES / "quillfield.yaml").read_text("utf-8").replace("name: Quillfield", "name: Quillfields", 1)
    (tmp_path / "later.yaml").write_text(text, "utf-8")
    assert not verify(report, opened=open_engagement(tmp_path / "later.yaml", catalog)).good


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, f"has no {NAME}"), ("no json", "is not JSON"), ("[]", "not a manifest"), ('{"version": 9, "files": {}}', "not a manifest"), ('{"version": 1}', "not a manifest")],
    ids=["none", "no JSON", "a list", "another version", "no files"],
)
def test_what_is_no_manifest_is_a_sentence(content, said, tmp_path):
    if content is not None:
        (tmp_path / NAME).write_text(content)
    with pytest.raises(UsageError, match=said):
        read_manifest(tmp_path)


def test_a_manifest_names_no_file_elsewhere(tmp_path):
    (tmp_path / NAME).write_text(json.dumps({"version": 1, "files": {"../secret": "0", "/etc/passwd": "0"}}))
    assert verify(tmp_path).findings == ()


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_in_another_folder_time_zone_and_locale(made, tmp_path):
    elsewhere = tmp_path / "elsewhere \u00e4"
    elsewhere.mkdir()
    shutil.copy(EXAMPLES / "quillfield.yaml", elsewhere / "quillfield.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "readiness", "report", str(elsewhere / "quillfield.yaml"), "--out", str(elsewhere / "out"), "--as-of", "2026-11-23", "--formats", ",".join(FORMATS)],
        cwd=elsewhere, env={**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    for name in (*(f"report.{f}" for f in FORMATS), NAME):
        assert (elsewhere / "out" / name).read_bytes() == (made / name).read_bytes(), name
