"""The client's own incidents: a CSV list, or what a monitor or a status page exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from readiness.errors import ImportFileError
from readiness.readers.incident import (
    LONGEST_TEXT,
    MOST_INCIDENTS,
    Incident,
    Incidents,
    checked,
    in_order,
    short,
)
from readiness.readers.incident_pages import from_front_matter, from_json
from readiness.readers.moments import moment
from readiness.readers.opening import csv_rows, is_null, plain_cell

__all__ = ["Incident", "Incidents", "read_incidents"]

_COLUMNS: Mapping[str, Sequence[str]] = {
    "started": ("started", "start", "began", "begin", "from", "start time", "started at", "start date", "opened",
                "created at", "created", "date", "impact start"),
    "resolved": ("resolved", "end", "ended", "to", "until", "end time", "resolved at", "closed", "closed at", "end date",
                 "fixed", "recovered", "impact end"),
    "detected": ("detected", "detected at", "noticed", "alerted", "acknowledged", "acknowledged at", "first alert"),
    "minutes": ("minutes", "duration minutes", "duration min", "duration", "downtime minutes", "downtime", "mttr"),
    "user_share": ("share of users", "user share", "users", "users affected", "share", "affected", "reach", "impact share",
                   "share of users affected", "percent of users", "users %", "% users"),
    "cause": ("cause", "root cause", "category", "reason", "trigger"),
    "title": ("title", "name", "incident", "summary", "description", "what happened"),
}  # fmt: skip


def read_incidents(path: Path, *, zone: tzinfo = UTC, day_first: bool | None = None) -> Incidents:
    """Read an incident list of any known kind.

    Parameters
    ----------
    zone
        The zone of times that name none.
    day_first
        How to read 3/4/25; without it the month comes first, with a warning.

    Returns
    -------
    Incidents by their start. Lines that cannot be used are named in the warnings.

    Raises
    ------
    ImportFileError
        When the file is none of: CSV, Upptime's ``summary.json`` or issues, Statuspage's ``incidents.json``, a page
        with front matter (cState).
    """
    path = Path(path)
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".json"):
        return from_json(path, zone)
    if name.endswith((".md", ".markdown", ".yml", ".yaml")):
        return from_front_matter(path, zone)
    return _from_csv(path, zone, day_first)


# --- CSV -------------------------------------------------------------------------------------------------------------


def _from_csv(path: Path, zone: tzinfo, day_first: bool | None) -> Incidents:
    columns: dict[str, int] = {}
    found: list[Incident] = []
    warnings: list[str] = []
    per_cent = False
    shares: list[float] = []
    for number, row in csv_rows(path, most_rows=MOST_INCIDENTS, limit=64 * 1024 * 1024):
        if not columns:
            columns = _columns(row, path)
            per_cent = any("%" in cell or "percent" in cell.lower() for cell in row)
            continue
        cells = {name: plain_cell(row[place]) if place < len(row) else "" for name, place in columns.items()}
        incident, words = _incident_of(cells, f"line {number}", zone, day_first)
        warnings.extend(words)
        if incident is not None:
            found.append(incident)
            if incident.user_share is not None:
                shares.append(incident.user_share)
    if not columns:
        raise ImportFileError("is empty", file=path)
    return in_order(_as_fractions(found, shares, per_cent, warnings), warnings, path)


def _as_fractions(
    found: list[Incident], shares: list[float], per_cent: bool, warnings: list[str]
) -> Iterable[Incident]:
    """Shares above one can only be per cent; then all of the column are, 1 included."""
    if shares and (per_cent or max(shares) > 1):
        warnings.append("the shares of users are read as per cent")
        for incident in found:
            share = incident.user_share
            if share is not None and share > 100:
                warnings.append(f"{incident.place}: {share:g} % of users is more than all; left open")
                share = None
            yield replace(incident, user_share=None if share is None else share / 100)
    else:
        yield from found


def _columns(header: list[str], path: Path) -> dict[str, int]:
    names = [re.sub(r"[\s_\-()]+", " ", cell).replace("utc", " ").strip() for cell in map(str.lower, header)]
    found: dict[str, int] = {}
    for meaning, words in _COLUMNS.items():
        for word in words:
            if word in names and names.index(word) not in found.values():
                found[meaning] = names.index(word)
                break
    if "started" not in found:
        wanted = "started, resolved, detected, share of users, cause"
        raise ImportFileError(
            "has no column that says when an incident started", file=path, hint=f"use the header {wanted}"
        )
    return found


def _incident_of(
    cells: Mapping[str, str], place: str, zone: tzinfo, day_first: bool | None
) -> tuple[Incident | None, list[str]]:
    warnings: list[str] = []
    moments: dict[str, datetime | None] = {}
    for name in ("started", "resolved", "detected"):
        moments[name] = None
        cell = cells.get(name, "")
        if is_null(cell) or cell.lower() in ("open", "ongoing", "still open", "?"):
            continue
        try:
            moments[name], remark = moment(cell, zone=zone, day_first=day_first)
        except ValueError as error:
            warnings.append(f"{place}: {name} {short(cell)!r} {error}; left out")
        else:
            if remark:
                warnings.append(f"{place}: {name} {remark}")
    started = moments["started"]
    if started is None:
        return None, [*warnings, f"{place}: has no start; left out"]
    minutes = _number(cells.get("minutes", ""))
    if moments["resolved"] is None and minutes is not None and 0 <= minutes <= 366 * 24 * 60:
        moments["resolved"] = started + timedelta(minutes=minutes)
    share, words = _share(cells.get("user_share", ""))
    if words:
        warnings.append(f"{place}: {words}")
    incident, words = checked(
        Incident(
            started,
            moments["resolved"],
            moments["detected"],
            share,
            cells.get("cause", "")[:LONGEST_TEXT],
            cells.get("title", "")[:LONGEST_TEXT],
            place,
        )
    )
    return incident, [*warnings, words] if words else warnings


def _share(cell: str) -> tuple[float | None, str]:
    if is_null(cell):
        return None, ""
    if cell.lower() in ("all", "everyone", "everybody"):
        return 1.0, ""
    value = _number(cell.rstrip("% "))
    if value is None or value < 0:
        return None, f"the share of users {short(cell)!r} is no number; left open"
    return (value / 100, "") if cell.endswith("%") and value <= 1 else (value, "")


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None
