"""OpenSSF Scorecard results: what a repository shows of its own practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError
from readiness.readers.opening import read_json

INCONCLUSIVE = -1


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check, 0 to 10; no score when it was inconclusive."""

    name: str
    score: float | None
    reason: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One probe: ``True``, ``False``, or another outcome that says nothing."""

    probe: str
    outcome: str
    message: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A result of the tool.

    Parameters
    ----------
    stated_score
        The tool's own total, 0 to 10; missing when it is inconclusive (-1) or not in the file.
    """

    repository: str
    date: str
    version: str
    stated_score: float | None
    checks: tuple[CheckResult, ...]
    probes: tuple[ProbeResult, ...]
    warnings: tuple[str, ...]

    @property
    def mean_score(self) -> float | None:
        """Plain mean of the conclusive checks, 0 to 10; the tool's own total weighs them by risk."""
        scores = [check.score for check in self.checks if check.score is not None]
        return sum(scores) / len(scores) if scores else None


def read_scorecard(path: Path) -> Scorecard:
    """Read ``scorecard --format json`` or ``--format probe``.

    Notes
    -----
    A score of -1 means that the tool could not tell; such a check is neither good nor bad and takes part in no mean.
    """
    path = Path(path)
    document, faults = read_json(path)
    checks = document.get("checks") if isinstance(document, Mapping) else None
    findings = document.get("findings") if isinstance(document, Mapping) else None
    if not isinstance(checks, list) and not isinstance(findings, list):
        raise ImportFileError("is JSON, but no result of OpenSSF Scorecard", file=path)
    warnings = list(faults)
    found = []
    for part in checks or ():
        if not isinstance(part, Mapping) or not isinstance(part.get("name"), str):
            warnings.append("a check without a name is left out")
            continue
        score = _score(part.get("score"), part["name"], path)
        if score is None:
            warnings.append(f"{part['name'][:80]}: inconclusive; excluded")
        details = part.get("details")
        texts = tuple(str(text)[:500] for text in details[:200]) if isinstance(details, list) else ()
        found.append(CheckResult(part["name"][:200], score, _text(part, "reason"), texts))
    probes = tuple(
        ProbeResult(_text(part, "probe"), _text(part, "outcome"), _text(part, "message"))
        for part in findings or ()
        if isinstance(part, Mapping)
    )
    repository, tool = document.get("repo"), document.get("scorecard")
    return Scorecard(
        _text(repository, "name"),
        _text(document, "date"),
        _text(tool, "version"),
        _score(document.get("score"), "the total", path),
        tuple(found),
        probes,
        tuple(warnings),
    )


def _text(part: Any, key: str) -> str:
    value = part.get(key) if isinstance(part, Mapping) else None
    return value[:1000] if isinstance(value, str) else ""


def _score(value: Any, name: str, path: Path) -> float | None:
    if value is None or value == INCONCLUSIVE:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 10:
        raise ImportFileError(
            f"has the score {str(value)[:20]!r}; scores go from 0 to 10", file=path, place=name[:80]
        )
    return float(value)
