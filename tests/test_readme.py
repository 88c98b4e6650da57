"""What the README says comes out is what comes out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- demo output[^\n]*-->\n```text\n)(.*?)(```\n<!-- end of demo output -->)", re.DOTALL)


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "readiness", "report", "data/examples/northlight.yaml", "--out", str(tmp_path / "northlight"), "--as-of", "2026-11-23"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    printed = ran.stdout.replace(str(tmp_path), "out").replace("\u00a0", " ")
    shown = BLOCK.search(README.read_text("utf-8"))
    assert shown is not None
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(BLOCK.sub(lambda m: m[1] + printed + m[3], README.read_text("utf-8")), "utf-8")
        return
    assert shown[2] == printed


def test_every_verb_and_command_that_the_readme_names_exists() -> None:
    text = README.read_text("utf-8")
    verbs = set(re.findall(r"`make ([a-z]+)`|\$ make ([a-z]+)", text))
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {a or b for a, b in verbs} <= made
    commands = set(re.findall(r"^\$ readiness (\w+)", text, re.MULTILINE))
    ran = subprocess.run([sys.executable, "-m", "readiness", "--help"], capture_output=True, text=True, check=True)
    assert commands
    assert all(re.search(rf"│ {command} ", ran.stdout) for command in commands)


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_reference_page_is_what_the_data_says() -> None:
    from readiness.catalog import load_catalog
    from readiness.reference import reference

    assert (ROOT / "docs" / "reference.md").read_text("utf-8") == reference(load_catalog()), "run: readiness reference --out docs/reference.md"
