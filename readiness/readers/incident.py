"""Incidents as values: what is known of each, and what a list of them cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from readiness.errors import ImportFileError

MOST_INCIDENTS = 20_000
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, as far as anybody knows.

    Parameters
    ----------
    started, resolved, detected
        In UTC; ``resolved`` is missing while it is open or when nobody wrote it down, ``detected`` when unknown.
    user_share
        Share of users who were hit, 0 to 1; missing when unknown.
    cause
        The client's own words.
    place
        Where it stands in the file.
    day_known_only
        The source knows the day and the minutes, not the hour.
    """

    started: datetime
    resolved: datetime | None = None
    detected: datetime | None = None
    user_share: float | None = None
    cause: str = ""
    title: str = ""
    place: str = ""
    day_known_only: bool = False

    @property
    def duration_minutes(self) -> float | None:
        """Minutes from start to end; nothing while it is open."""
        return None if self.resolved is None else (self.resolved - self.started).total_seconds() / 60

    @property
    def detect_minutes(self) -> float | None:
        """Minutes until somebody noticed."""
        return None if self.detected is None else (self.detected - self.started).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Incidents:
    """What a file says about incidents, by their start, and what could not be taken from it."""

    incidents: tuple[Incident, ...]
    warnings: tuple[str, ...]

    @property
    def overlaps(self) -> tuple[tuple[Incident, Incident], ...]:
        """Pairs that ran at the same time: perhaps one incident that was written down twice."""
        pairs: list[tuple[Incident, Incident]] = []
        running: list[Incident] = []
        for incident in self.incidents:
            running = [
                other for other in running if other.resolved is None or other.resolved > incident.started
            ]
            pairs.extend((other, incident) for other in running[:20])
            running.append(incident)
        return tuple(pairs[:1000])


def in_order(found: Iterable[Incident], warnings: Iterable[str], path: Path) -> Incidents:
    incidents = tuple(sorted(found, key=lambda incident: (incident.started, incident.place)))
    result = Incidents(incidents, tuple(dict.fromkeys(warnings)))
    if len(incidents) > MOST_INCIDENTS:
        raise ImportFileError(
            f"has more than {MOST_INCIDENTS:,} incidents", file=path, hint="these may be alerts"
        )
    overlaps = len(result.overlaps)
    if overlaps:
        words = f"{overlaps} pair(s) of incidents overlap; minutes that overlap count once only if they are one incident"
        result = replace(result, warnings=(*result.warnings, words))
    return result


def checked(incident: Incident) -> tuple[Incident | None, str]:
    """The incident if it can have happened, and what had to be dropped or doubted."""
    where = incident.place
    if incident.resolved is not None and incident.resolved < incident.started:
        return None, f"{where}: ended before it began; left out"
    if incident.duration_minutes is not None and incident.duration_minutes > 366 * 24 * 60:
        return None, f"{where}: lasted more than a year; left out"
    if incident.detected is not None and incident.detected < incident.started:
        return replace(
            incident, detected=incident.started
        ), f"{where}: detected before it began; read as detected at once"
    if (
        incident.detected is not None
        and incident.resolved is not None
        and incident.detected > incident.resolved
    ):
        return replace(
            incident, detected=None
        ), f"{where}: detected after it ended; the time of detection is left out"
    return (
        incident,
        "" if incident.resolved is not None else f"{where}: has no end; taken as still open or unknown",
    )


def short(text: str) -> str:
    """A text for a message: at most 40 characters."""
    return text if len(text) <= 40 else text[:39] + "…"
