"""Incidents from monitoring and status pages: Statuspage, Upptime, cState."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError
from readiness.readers.incident import LONGEST_TEXT, Incident, Incidents, checked, in_order, short
from readiness.readers.moments import moment
from readiness.readers.opening import is_null, read_json, read_text

_IMPACT_SHARES = {"none": 0.0}


def from_json(path: Path, zone: tzinfo) -> Incidents:
    document, faults = read_json(path, tolerate=True)
    warnings = list(faults)
    if isinstance(document, Mapping) and isinstance(document.get("incidents"), list):
        return in_order(_statuspage(document["incidents"], zone, warnings), warnings, path)
    if isinstance(document, list) and any(
        isinstance(part, Mapping) and "dailyMinutesDown" in part for part in document
    ):
        return in_order(_upptime_summary(document, warnings), warnings, path)
    if isinstance(document, list) and any(isinstance(part, Mapping) and _opened(part) for part in document):
        return in_order(_issues(document, zone, warnings), warnings, path)
    hint = "known are Statuspage's incidents.json, Upptime's history/summary.json and its issues (gh issue list --json)"
    raise ImportFileError("is JSON, but no incident list that is known", file=path, hint=hint)


def _when(value: Any, zone: tzinfo, place: str, warnings: list[str]) -> datetime | None:
    if not isinstance(value, str) or is_null(value):
        return None
    try:
        return moment(value, zone=zone)[0]
    except ValueError as error:
        warnings.append(f"{place}: {short(value)!r} {error}; left out")
        return None


def _text(value: Any) -> str:
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""


def _statuspage(parts: list[Any], zone: tzinfo, warnings: list[str]) -> Iterable[Incident]:
    """Atlassian Statuspage ``/api/v2/incidents.json``; planned maintenance is not an incident."""
    for number, part in enumerate(parts, start=1):
        place = f"incident {number}"
        if not isinstance(part, Mapping):
            warnings.append(f"{place}: is no incident; left out")
            continue
        if part.get("scheduled_for") or part.get("impact") == "maintenance":
            warnings.append(f"{place}: is planned maintenance; left out")
            continue
        started = _when(part.get("started_at") or part.get("created_at"), zone, place, warnings)
        if started is None:
            warnings.append(f"{place}: has no start; left out")
            continue
        resolved = _when(part.get("resolved_at"), zone, place, warnings)
        share = _IMPACT_SHARES.get(str(part.get("impact")))
        detected = _when(part.get("created_at"), zone, place, warnings)
        incident, words = checked(
            Incident(
                started,
                resolved,
                detected if detected != started else None,
                share,
                "",
                _text(part.get("name")),
                place,
            )
        )
        warnings.extend([words] if words else [])
        if incident is not None:
            yield incident


def _upptime_summary(parts: list[Any], warnings: list[str]) -> Iterable[Incident]:
    """Upptime's ``history/summary.json``: minutes down by day and site, without the hour."""
    for part in parts:
        if not isinstance(part, Mapping) or not isinstance(part.get("dailyMinutesDown"), Mapping):
            continue
        name = _text(part.get("name")) or _text(part.get("slug"))
        for day, minutes in part["dailyMinutesDown"].items():
            place = f"{name} {day}"[:80]
            if (
                not isinstance(minutes, (int, float))
                or isinstance(minutes, bool)
                or not 0 < minutes <= 24 * 60
            ):
                warnings.append(f"{place}: {short(str(minutes))} minutes a day; left out")
                continue
            started = _when(day, UTC, place, warnings)
            if started is not None:
                ended = started + timedelta(minutes=float(minutes))
                yield Incident(started, ended, None, None, "", name, place, day_known_only=True)
    warnings.append(
        "the history knows minutes by day only: several incidents of a day count as one that starts at midnight"
    )


def _opened(part: Mapping[str, Any]) -> Any:
    return part.get("created_at") or part.get("createdAt")


def _issues(parts: list[Any], zone: tzinfo, warnings: list[str]) -> Iterable[Incident]:
    """Upptime opens a GitHub issue when a site goes down and closes it when it is up again."""
    for number, part in enumerate(parts, start=1):
        if not isinstance(part, Mapping) or part.get("pull_request"):
            continue
        labels = [
            label.get("name") if isinstance(label, Mapping) else label for label in part.get("labels") or ()
        ]
        if labels and "status" not in labels and "maintenance" in labels:
            continue
        place = f"issue {part.get('number', number)}"
        started = _when(_opened(part), zone, place, warnings)
        resolved = _when(part.get("closed_at") or part.get("closedAt"), zone, place, warnings)
        if started is None:
            warnings.append(f"{place}: has no start; left out")
            continue
        incident, words = checked(
            Incident(started, resolved, None, None, "", _text(part.get("title")), place)
        )
        warnings.extend([words] if words else [])
        if incident is not None:
            yield incident


# --- front matter ----------------------------------------------------------------------------------------------------


def from_front_matter(path: Path, zone: tzinfo) -> Incidents:
    """One page with ``date``, ``resolvedWhen``, ``severity`` (cState), or the present state that Upptime keeps per site."""
    text = read_text(path, limit=1024 * 1024)
    block = re.match(r"^---\s*\n(.*?)\n---\s*(\n|$)", text, re.DOTALL)
    fields: dict[str, str] = dict(
        re.findall(r"^([A-Za-z]\w*):[ \t]*(.*?)[ \t]*$", block[1] if block else text, re.MULTILINE)[:100]
    )
    fields = {name.lower(): value.split(" #")[0].strip().strip("\"'") for name, value in fields.items()}
    warnings: list[str] = []
    began = next((fields[name] for name in ("started", "start", "date") if fields.get(name)), "")
    if not began and "status" in fields and "lastupdated" in fields:
        if fields["status"] == "down":
            began = fields["lastupdated"]
        else:
            hint = "hand in history/summary.json or the repository's issues"
            raise ImportFileError("holds only the present state of a site, which is up", file=path, hint=hint)
    if not began:
        raise ImportFileError("has no front matter that says when an incident started", file=path)
    started = _when(began, zone, path.name, warnings)
    if started is None:
        raise ImportFileError(f"starts at {short(began)!r}, which is no date", file=path)
    ended = next(
        (fields[name] for name in ("resolvedwhen", "resolved_at", "end", "ended") if fields.get(name)), ""
    )
    share = _IMPACT_SHARES.get("none") if fields.get("severity") == "notice" else None
    title = fields.get("title", fields.get("url", ""))[:LONGEST_TEXT]
    incident, words = checked(
        Incident(started, _when(ended, zone, path.name, warnings), None, share, "", title, path.name)
    )
    return in_order([incident] if incident else [], [*warnings, words] if words else warnings, path)
