"""LibreOffice, headless, in a profile of its own that recalculates every formula when a file is opened."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.sourcing import Sourcing, sourcing
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.report.whole import Whole
from readiness.report.workings import whole_of

AS_OF = date(2026, 11, 23)
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
Recalculate = Callable[[bytes], Any]


@pytest.fixture(scope="session")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    return profile


@pytest.fixture
def recalculated(office_profile: Path, tmp_path: Path) -> Recalculate:
    """A function from a workbook's bytes to the workbook as LibreOffice computes it, values only."""

    def convert(content: bytes) -> Any:
        given, out = tmp_path / "given.xlsx", tmp_path / "out"
        given.write_bytes(content)
        out.mkdir(exist_ok=True)
        done = subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={office_profile.as_uri()}", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(given)],
            capture_output=True, text=True, timeout=180, env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}, check=False,
        )  # fmt: skip
        assert (out / "given.xlsx").exists(), done.stderr
        return openpyxl.load_workbook(io.BytesIO((out / "given.xlsx").read_bytes()), data_only=True)

    return convert


@pytest.fixture(scope="session")
def reckoned(catalog: Catalog, clients: dict[str, Engagement]) -> Callable[[str], tuple[Assessment, Sourcing, Whole]]:
    """One example client: assessed, its ways compared, and both as plain data; each once."""
    known: dict[str, tuple[Assessment, Sourcing, Whole]] = {}

    def of(name: str) -> tuple[Assessment, Sourcing, Whole]:
        if name not in known:
            a = assess(catalog, clients[name], as_of=AS_OF)
            s = sourcing(a)
            known[name] = a, s, whole_of(a, s, audience="client")
        return known[name]

    return of


def named(book: Any, name: str) -> Any:
    """The value of a named cell."""
    sheet, _, address = book.defined_names[name].attr_text.rpartition("!")
    return book[sheet.strip("'")][address.replace("$", "")].value


def column(book: Any, sheet: str, head: str, *, row: int = 4) -> list[Any]:
    """The values under a head, down to the first empty cell of the first column."""
    page = book[sheet]
    place = next(cell.column for cell in page[row] if cell.value == head)
    values = []
    for line in range(row + 1, page.max_row + 1):
        if page.cell(line, 1).value in (None, "", "Sum"):
            break
        values.append(page.cell(line, place).value)
    return values
