"""A milestone: one client on one day, kept whole, so that a later one can tell what moved and who moved it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import readiness
from readiness.assessment import Assessment
from readiness.assumptions import Quantity, number_at
from readiness.engagement.schema import Engagement
from readiness.errors import ImportFileError, StorageError, UsageError
from readiness.models.uncertainty import band
from readiness.moves import Choice, Move

FORMAT = 1
FOLDER = "milestones"
HEADLINES = ("bad_minutes_per_year", "breach_chance_per_year", "loss_per_year", "cash_per_month", "hours_per_month", "economic_cost_per_year")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")
RECKONING = ("assessment", "models", "moves.py", "design.py", "assumptions.py")
"""Parts of the package that turn numbers into numbers; the rest only shows them."""


@dataclass(frozen=True)
class Milestone:
    """One client on one day.

    Parameters
    ----------
    name, as_of
        What it is called, and the day it was reckoned for.
    code, data
        Digest of the code that reckons, and of the data it was reckoned with.
    content, journal
        Digest of the engagement, and of its journals' heads.
    engagement
        The client, as plain data.
    verdict, highest_promise
        As they stood.
    headline
        By figure: title, unit, mean, low and high.
    numbers
        By address: mean, low, high, unit, source, evidence, date.
    design
        By tier: its way, its title, its copies.
    base, choices, overrides, causes, lines
        All that the numbers came from, so that another version of the code can reckon them again.
    with_history
        Whether the client's incidents were taken in.
    """

    name: str
    as_of: date
    code: str
    data: str
    content: str
    journal: str
    engagement: Mapping[str, Any]
    verdict: str
    highest_promise: float | None
    headline: Mapping[str, Mapping[str, Any]]
    numbers: Mapping[str, Mapping[str, Any]]
    design: Mapping[str, Mapping[str, Any]]
    base: Mapping[str, Mapping[str, Any]]
    choices: Sequence[Mapping[str, Any]]
    overrides: Sequence[Mapping[str, Any]]
    causes: Sequence[Mapping[str, Any]]
    lines: Sequence[Mapping[str, Any]]
    with_history: bool = False

    @property
    def client(self) -> Engagement:
        """The client as an engagement."""
        return Engagement.model_validate(self.engagement)

    def quantities(self) -> dict[str, Quantity]:
        """Every number's starting range."""
        return {address: Quantity(**{**given, "as_of": _day(given["as_of"])}) for address, given in self.base.items()}

    def given_choices(self) -> tuple[Choice, ...]:
        """What the practices contributed."""
        return tuple(
            Choice(
                c["origin"], tuple(c["weights"]), tuple(tuple(_move(m) for m in moves) for moves in c["alternatives"]), c["state"], tuple(c["labels"])
            )
            for c in self.choices
        )

    def given_overrides(self) -> tuple[Move, ...]:
        """What was set by hand or measured."""
        return tuple(_move(m) for m in self.overrides)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _move(given: Mapping[str, Any]) -> Move:
    return Move(**{**given, "as_of": _day(given["as_of"])})


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the package, with a digest of the code that reckons."""
    root = Path(readiness.__file__).parent
    digest = hashlib.sha256()
    for part in RECKONING:
        for file in sorted((root / part).rglob("*.py")) if (root / part).is_dir() else [root / part]:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{readiness.__version__}+{digest.hexdigest()[:12]}"


def milestone_of(a: Assessment, name: str, *, content_digest: str = "", journal_digest: str = "") -> Milestone:
    """What is to be kept of an assessment.

    Raises
    ------
    UsageError
        When the name could not be a file's.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f'"{name}" cannot be the name of a milestone', hint="lower-case letters, digits and hyphens, as before-launch")
    numbers = {}
    for address in a.values.base:
        reckoned, last = band(a.values[address]), a.values.trail(address)[-1]
        numbers[address] = {"mean": reckoned.mean, "low": reckoned.low, "high": reckoned.high, "unit": number_at(address).unit, "source": last.source,
                            "evidence": last.evidence, "as_of": last.as_of.isoformat() if last.as_of else None}  # fmt: skip
    headline = {}
    for figure in (a.figure(i) for i in HEADLINES):
        headline[figure.id] = {"title": figure.title, "unit": figure.unit, "mean": figure.band.mean, "low": figure.band.low, "high": figure.band.high}
    return _through_json(Milestone(
        name, a.as_of, code_version(), a.catalog.digest, content_digest, journal_digest, a.engagement.model_dump(mode="json"),
        a.standing.verdict.outcome, a.standing.highest_promise, headline, numbers,
        {p.tier.name: {"way": p.way.id, "title": p.way.title, "copies": p.copies} for p in a.design.placed},
        {address: asdict(q) for address, q in a.values.base.items()}, [asdict(c) for c in a.values.choices], [asdict(m) for m in a.values.overrides],
        [c.model_dump(mode="json") for c in a.catalog.causes], [x.model_dump(mode="json") for x in a.catalog.lines], bool(a.measured),
    ))  # fmt: skip


def _through_json(milestone: Milestone) -> Milestone:
    """The same as it will be read, so that one kept in memory and one from a file are equal."""
    return _from_plain(json.loads(as_text(milestone)))


def as_text(milestone: Milestone) -> str:
    """The milestone as JSON, sorted: the same client gives the same bytes."""
    content = {f.name: getattr(milestone, f.name) for f in fields(milestone)}
    return (
        json.dumps({"format": FORMAT, **content}, default=lambda day: day.isoformat(), sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False)
        + "\n"
    )


def _from_plain(content: Mapping[str, Any]) -> Milestone:
    known = {f.name: content[f.name] for f in fields(Milestone)}
    return Milestone(**{**known, "as_of": date.fromisoformat(content["as_of"])})


def write_milestone(milestone: Milestone, folder: Path) -> Path:
    """Keep a milestone in a folder; one that is there already is never replaced.

    Raises
    ------
    UsageError
        When another milestone has this name.
    StorageError
        When it could not be saved.
    """
    target = Path(folder) / f"{milestone.name}.json"
    if target.exists():
        raise UsageError(f'there is a milestone "{milestone.name}" already', file=target, hint="a milestone is not replaced: choose another name")
    try:
        target.parent.mkdir(exist_ok=True)
        handle, passing = tempfile.mkstemp(dir=target.parent, prefix=f".{milestone.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(as_text(milestone))
                stream.flush()
                os.fsync(stream.fileno())
            # A link fails when the name has been taken meanwhile; replacing would not.
            os.link(passing, target)
        finally:
            os.unlink(passing)
    except FileExistsError:
        raise UsageError(f'there is a milestone "{milestone.name}" already', file=target, hint="choose another name") from None
    except OSError as problem:
        raise StorageError(f"could not be saved: {problem.strerror or problem}", file=target) from None
    return target


def read_milestone(path: Path) -> Milestone:
    """A milestone from its file.

    Raises
    ------
    ImportFileError
        When it is none, or was written in another format.
    """
    try:
        content = json.loads(Path(path).read_text("utf-8"))
    except OSError as problem:
        raise ImportFileError(f"cannot be read: {problem.strerror or problem}", file=path) from None
    except ValueError:
        raise ImportFileError("is not a milestone: not JSON", file=path, hint="make one with: readiness milestone ENGAGEMENT NAME") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ImportFileError("is not a milestone of this version", file=path, hint="make one with: readiness milestone ENGAGEMENT NAME")
    try:
        return _from_plain(content)
    except (KeyError, TypeError, ValueError) as problem:
        raise ImportFileError(f"is not a whole milestone: {problem}", file=path, hint="was it edited or cut short?") from None


__all__ = ["FOLDER", "HEADLINES", "Milestone", "as_text", "code_version", "milestone_of", "read_milestone", "write_milestone"]
