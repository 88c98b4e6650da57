"""Azure review checklists (JSON, one check by its guid) and the export of a Well-Architected review (CSV)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError
from readiness.readers.opening import csv_rows, plain_cell, read_json

MOST_CHECKS = 5_000


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a checklist.

    Parameters
    ----------
    guid
        Its identity; the id is only where it stands and changes between versions.
    status
        ``Fulfilled``, ``Open``, ``Not verified``, ``Not required``, ``N/A``, or empty in a checklist nobody filled in.
    times
        How often the guid stands in the file.
    """

    guid: str
    id: str
    text: str
    category: str
    subcategory: str
    severity: str
    pillar: str
    service: str
    link: str
    status: str
    comment: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist with each check once."""

    name: str
    checks: tuple[Check, ...]
    faults: tuple[str, ...]


def read_checklist(path: Path) -> Checklist:
    """Read a checklist of Azure/review-checklists.

    Raises
    ------
    ImportFileError
        When the file is no checklist.

    Notes
    -----
    A repeated guid is one check; where its copies differ in text or status, the first one counts and the rest is reported.
    """
    path = Path(path)
    document, faults = read_json(path, tolerate=True)
    parts = document.get("items") if isinstance(document, Mapping) else None
    if not isinstance(parts, list):
        raise ImportFileError("is JSON, but no Azure review checklist: it has no items", file=path)
    if len(parts) > MOST_CHECKS:
        raise ImportFileError(f"has more than {MOST_CHECKS:,} checks", file=path)
    found: dict[str, Check] = {}
    warnings = list(faults)
    for number, part in enumerate(parts, start=1):
        if not isinstance(part, Mapping) or not _text(part, "text"):
            warnings.append(f"items.{number}: has no text; left out")
            continue
        guid = _text(part, "guid").lower()
        if not guid:
            warnings.append(f"items.{number}: has no guid; it cannot be recognised in another version")
            guid = f"no guid, items.{number}"
        check = Check(
            guid,
            _text(part, "id"),
            _text(part, "text"),
            _text(part, "category"),
            _text(part, "subcategory"),
            _text(part, "severity"),
            _text(part, "waf"),
            _text(part, "service"),
            link if (link := _text(part, "link")).startswith(("https://", "http://")) else "",
            _text(part, "status"),
            _text(part, "comments"),
        )
        if guid in found:
            first = found[guid]
            found[guid] = replace(first, times=first.times + 1)
            if (first.text, first.status) != (check.text, check.status):
                warnings.append(
                    f"items.{number}: repeats {guid} with another text or status; the first one counts"
                )
            else:
                warnings.append(f"items.{number}: repeats {guid}; counted once")
        else:
            found[guid] = check
    metadata = document.get("metadata")
    name = _text(metadata, "name") if isinstance(metadata, Mapping) else ""
    return Checklist(name or path.stem, tuple(found.values()), tuple(warnings))


def _text(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    return (
        str(value).strip()[:4000]
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
        else ""
    )


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation of a Well-Architected review export; ``complete`` is what the client ticked there."""

    pillar: str
    text: str
    link: str
    priority: str
    code: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A review export: the stated result by pillar, its recommendations, and the answers that were ticked."""

    results: Mapping[str, str]
    recommendations: tuple[Recommendation, ...]
    answers: tuple[tuple[str, str, str], ...]


def read_review(path: Path) -> Review:
    """Read the CSV that the Azure Well-Architected Review exports.

    Notes
    -----
    Three tables in one file: results, recommendations (from the line that begins with ``Category,Link-Text``), and after a
    line of dashes the questions with all choices; a choice that is repeated in the third column was ticked.
    """
    results: dict[str, str] = {}
    recommendations: list[Recommendation] = []
    answers: list[tuple[str, str, str]] = []
    part = "results"
    for _, row in csv_rows(Path(path), most_rows=20_000, limit=32 * 1024 * 1024):
        cells = [plain_cell(cell)[:2000] for cell in (*row, *[""] * 10)][:10]
        if cells[:2] == ["Category", "Link-Text"]:
            part = "recommendations"
        elif cells[0].startswith("-----"):
            part = "questions"
        elif part == "results" and cells[1] and "/" in cells[2]:
            results[cells[0]] = cells[2].strip("'")
        elif part == "recommendations":
            done = cells[8].upper() == "Y"
            recommendations.append(Recommendation(cells[0], cells[1], cells[2], cells[3], cells[4], done))
        elif part == "questions" and cells[3] and cells[3] == cells[2]:
            answers.append((cells[0], cells[1], cells[2]))
    if not recommendations:
        raise ImportFileError("is no export of an Azure Well-Architected Review", file=path)
    return Review(results, tuple(recommendations), tuple(answers))
