"""Files that were made to do harm end in one sentence, in bounded time and memory."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.errors import ImportFileError
from readiness.readers.azure import read_checklist, read_review
from readiness.readers.bill import BillRules
from readiness.readers.bills import read_bill
from readiness.readers.incidents import read_incidents
from readiness.readers.lens import read_lens
from readiness.readers.scorecard import read_scorecard

MEGABYTE = 1024 * 1024
JSON_READERS: tuple[Callable[[Path], Any], ...] = (
    read_lens,
    read_checklist,
    read_scorecard,
    read_incidents,
    lambda path: read_bill(path, BillRules([])),
)
IDS = ("lens", "checklist", "scorecard", "incidents", "bill")

# A process of its own, so that memory is measured for this file alone and a runaway cannot harm the tests.
BOUNDED = """
import resource, sys
from pathlib import Path
from readiness.errors import ImportFileError
from readiness.readers.bill import BillRules
from readiness.readers.bills import read_bill
from readiness.readers.incidents import read_incidents
from readiness.readers.lens import read_lens
resource.setrlimit(resource.RLIMIT_AS, (900 * 1024 * 1024, 900 * 1024 * 1024))
resource.setrlimit(resource.RLIMIT_CPU, (40, 40))
read = {"bill": lambda path: read_bill(path, BillRules([])), "incidents": read_incidents, "lens": read_lens}[sys.argv[1]]
try:
    read(Path(sys.argv[2]))
except ImportFileError as error:
    print("SENTENCE", error.message)
status = Path("/proc/self/status")
if status.exists():  # the peak of getrusage also counts the test runner that this was forked from
    print("PEAK", int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024)
else:
    print("PEAK", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def bounded(kind: str, path: Path) -> str:
    command = [sys.executable, "-c", BOUNDED, kind, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr[-500:]
    assert "SENTENCE" in result.stdout, result.stdout
    peak = int(result.stdout.rpartition("PEAK ")[2])
    assert peak < 700, f"{peak} MB"
    return result.stdout


@pytest.mark.parametrize(
    ("kind", "name", "start"),
    [
        ("bill", "bill.csv.gz", b"BilledCost,ChargePeriodStart,ServiceName,BillingCurrency\n"),
        ("incidents", "incidents.csv.gz", b"started,resolved\n"),
        ("incidents", "incidents.json.gz", b"["),
        ("lens", "lens.json", b"{"),
    ],
)
def test_a_gzip_bomb(tmp_path: Path, kind: str, name: str, start: bytes) -> None:
    path = tmp_path / name
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(start)
        for _ in range(256):
            file.write(b"0" * MEGABYTE)
    assert path.stat().st_size < MEGABYTE
    bounded(kind, path)


@pytest.mark.parametrize("kind", ["bill", "incidents"])
def test_a_line_without_end(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "line.csv"
    header = b"BilledCost,ChargePeriodStart,ServiceName,BillingCurrency,started\n"
    path.write_bytes(header + b"x" * (60 * MEGABYTE))
    assert "is longer than 1 MB" in bounded(kind, path)


def test_a_quoted_cell_without_end(tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    path.write_bytes(b'started,resolved\n"' + b"x\n" * (5 * MEGABYTE))
    assert "is not a CSV file" in bounded("incidents", path)


def test_json_of_millions_of_empty_lists(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_bytes(b"[" + b"[]," * (6 * MEGABYTE) + b"[]]")
    assert "has more than 3,000,000 values" in bounded("lens", path)


def test_a_json_file_of_hundreds_of_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.write(b'{"pillars": "')
        file.truncate(300 * MEGABYTE)
    assert "holds more than 32 MB" in bounded("lens", path)


def test_ten_million_lines_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ten_million.csv"
    with path.open("wb") as file:
        file.write(b"BilledCost,ChargePeriodStart,ServiceName,BillingCurrency\n")
        for _ in range(100):
            file.write(b"1,2026-01-01,EC2,USD\n" * 100_000)
    assert "has more than 5,000,000 lines" in bounded("bill", path)


def test_many_incidents(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(b"started,resolved\n" + b"2026-01-01,2026-01-02\n" * 100_000)
    assert "has more than 20,000 lines" in bounded("incidents", path)


def test_a_bill_in_which_every_line_is_another_service(tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    with path.open("w") as file:
        file.write("BilledCost,ChargePeriodStart,ServiceName,BillingCurrency\n")
        file.writelines(f"1,2026-01-01,i-{number:08x},USD\n" for number in range(100_000))
    assert "different services" in bounded("bill", path)


@pytest.mark.parametrize("reader", JSON_READERS, ids=IDS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00",
        b"{",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"1" * 100_000 + b"}",
        b'{"a": "\xff"}',
        b"\x1f\x8b broken gzip",
        b"\x1f\x8b",
        b"\xff\xfe\x00",
        b"null",
        b"NaN",
        b'"' + b"\\" * 99_999,
        b'{"incidents": [null, [], {}], "projects": [null], "items": [null], "checks": [null], "pillars": [null]}',
    ],
    ids=["empty", "zero byte", "open", "lists", "objects", "digits", "latin-1", "gzip", "short gzip", "utf-16", "null", "NaN",
         "backslashes", "nulls"],
)  # fmt: skip
def test_broken_files_raise_a_sentence_or_read_as_nothing(
    tmp_path: Path, reader: Callable[[Path], Any], content: bytes
) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    sentence = ""
    try:
        reader(path)
    except ImportFileError as error:
        sentence = str(error)
    if not sentence:
        assert b"null" in content, "only the file of nulls has anything to read"
        return
    assert str(path) in sentence
    assert "\n" not in sentence
    assert len(sentence) < 600


@pytest.mark.parametrize("reader", [*JSON_READERS, read_review], ids=[*IDS, "review"])
def test_a_folder_and_a_missing_file_are_named(tmp_path: Path, reader: Callable[[Path], Any]) -> None:
    with pytest.raises(ImportFileError, match="is not a file"):
        reader(tmp_path)
    with pytest.raises(ImportFileError, match="does not exist"):
        reader(tmp_path / "missing.json")


def test_a_huge_number_does_not_overflow(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    path.write_text('{"incidents": [{"created_at": 1e999, "resolved_at": -1e999}]}')
    assert read_incidents(path).incidents == ()
