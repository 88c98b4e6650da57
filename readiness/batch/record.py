"""The completion record of one client: written last of all, so that a report without it is no report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from readiness.batch.outcome import Outcome
from readiness.errors import StorageError
from readiness.report.make import clear, put_in_place

FILE_NAME = "record.json"
FORMAT = 1
RecordState = Literal["started", "done", "failed"]


@dataclass(frozen=True)
class Record:
    """What stands in a client's folder about its last run.

    Parameters
    ----------
    state
        ``started`` before anything runs, so that a killed run is seen; ``done`` or ``failed`` when it has ended.
    key
        Everything the report depends on: the client's inputs, as_of, notebook, data, code, formats, audience, paper.
    outputs
        The report's files, each with its sha256.
    """

    state: RecordState
    key: Mapping[str, Any]
    engagement: str = ""
    kind: str | None = None
    said: str = ""
    headline: tuple[tuple[str, str], ...] = ()
    outputs: Mapping[str, str] = ()  # type: ignore[assignment]


def key_of(inputs: str, versions: Mapping[str, str], *, as_of: str, formats: tuple[str, ...], audience: str, paper: str) -> dict[str, Any]:
    """What a report depends on; two equal keys are the same report to the byte."""
    return {"inputs": inputs, "as_of": as_of, "formats": sorted(formats), "audience": audience, "paper": paper, **versions}


def read_record(folder: Path) -> Record | None:
    """The record of a client's folder; None when there is none, or it is no record of ours."""
    try:
        found = json.loads((folder / FILE_NAME).read_bytes())
        if found.pop("format") != FORMAT:
            return None
        return Record(**{**found, "headline": tuple(tuple(pair) for pair in found["headline"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_record(folder: Path, record: Record) -> None:
    """Put a record in place whole."""
    content = {
        "format": FORMAT, "state": record.state, "key": dict(record.key), "engagement": record.engagement, "kind": record.kind, "said": record.said,
        "headline": [list(pair) for pair in record.headline], "outputs": dict(record.outputs),
    }  # fmt: skip
    put_in_place(folder, {FILE_NAME: (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()})


def begin(folder: Path, key: Mapping[str, Any], engagement: str) -> None:
    """Take the old report away and say that a new one was started; the record changes first."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StorageError(f"cannot be made: {problem.strerror}", file=folder, hint="choose another folder with --out") from None
    write_record(folder, Record("started", key, engagement))
    clear(folder)


def finish(folder: Path, key: Mapping[str, Any], outcome: Outcome) -> None:
    """Write down how it ended; of a report that is done, after all its files are in place."""
    outputs = outcome.outputs if outcome.done else {}
    write_record(folder, Record(outcome.state, key, outcome.engagement, outcome.kind, outcome.said, outcome.headline, outputs))


def still_right(folder: Path, record: Record | None, key: Mapping[str, Any]) -> bool:
    """Whether a report need not be made again: done, from the same key, and all of its files as they were written."""
    return (
        record is not None and record.state == "done" and dict(record.key) == dict(key) and bool(record.outputs) and unaltered(folder, record.outputs)
    )


def unaltered(folder: Path, outputs: Mapping[str, str]) -> bool:
    """Whether files are what they were."""
    try:
        return all(sha256((folder / name).read_bytes()) == digest for name, digest in outputs.items())
    except OSError:
        return False


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
