"""Reads the first sheet of a small spreadsheet file, with an end to patience: no bombs, no far cells, no formulas."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from readiness.errors import ImportFileError

LARGEST_PART = 8_000_000
HIGHEST_RATIO = 100
MOST_ROWS, MOST_COLUMNS = 2_000, 40
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_PLACE = re.compile(r"^([A-Z]{1,3})([1-9]\d{0,6})$")


def read_sheet(file: Path) -> list[list[Any]]:
    """The cells of the first sheet, row by row; a formula counts as what it was last reckoned to.

    Raises
    ------
    ImportFileError
        When it is not such a file, or one that unpacks to far more than anybody types.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            parts = {info.filename: info for info in packed.infolist()}
            texts = _texts(packed, parts, file)
            first = next((n for n in sorted(parts) if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)), None)
            if first is None:
                raise ImportFileError("holds no sheet", file=file)
            return _rows(_parsed(packed, parts[first], file), texts, file)
    except (zipfile.BadZipFile, OSError, ElementTree.ParseError, ValueError, EOFError, NotImplementedError, RuntimeError) as problem:
        if isinstance(problem, FileNotFoundError):
            raise ImportFileError("does not exist", file=file) from None
        raise ImportFileError("is not a spreadsheet (.xlsx) that can be read", file=file) from None


def _parsed(packed: zipfile.ZipFile, info: zipfile.ZipInfo, file: Path) -> ElementTree.Element:
    if info.file_size > LARGEST_PART or (info.file_size > 100_000 and info.file_size > HIGHEST_RATIO * max(1, info.compress_size)):
        raise ImportFileError("unpacks to far more than anybody fills in", file=file)
    with packed.open(info) as stream:
        content = stream.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART or b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content:
        raise ImportFileError("holds what no spreadsheet of ours holds", file=file)
    return ElementTree.fromstring(content)


def _texts(packed: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], file: Path) -> list[str]:
    info = parts.get("xl/sharedStrings.xml")
    if info is None:
        return []
    return ["".join(t.text or "" for t in one.iter(f"{_SPACE}t")) for one in _parsed(packed, info, file).iter(f"{_SPACE}si")]


def _rows(sheet: ElementTree.Element, texts: list[str], file: Path) -> list[list[Any]]:
    found: dict[int, dict[int, Any]] = {}
    for cell in sheet.iter(f"{_SPACE}c"):
        place = _PLACE.match(cell.get("r") or "")
        if place is None:
            continue
        row, column = int(place[2]) - 1, _column(place[1])
        value = _value(cell, texts)
        if value is None:
            continue
        if row >= MOST_ROWS or column >= MOST_COLUMNS:
            raise ImportFileError(f"has something in {place[0]}, far outside the questions", file=file)
        found.setdefault(row, {})[column] = value
    last = max(found, default=-1)
    return [[found.get(r, {}).get(c) for c in range(max(found.get(r, {-1: 0})) + 1)] for r in range(last + 1)]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, texts: list[str]) -> Any:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_SPACE}t"))
    held = cell.find(f"{_SPACE}v")
    if held is None or held.text is None:
        return None
    if kind == "s":
        number = int(held.text)
        return texts[number] if 0 <= number < len(texts) else None
    if kind in ("str", "e"):
        return held.text
    return bool(int(held.text)) if kind == "b" else float(held.text)
