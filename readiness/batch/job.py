"""One client's run, inside its own process: makes the report aside and leaves a result, written last."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from readiness.errors import ReadinessError

# What a process is told to be warm for, beside formats: the workbook's own notebook.
WHOLE = "whole"
BEGAN, RESULT, PRINTED, REPORT = "began", "result.json", "printed.txt", "report"


@dataclass(frozen=True)
class Job:
    """What a client's process is told.

    Parameters
    ----------
    number
        Of this start; a second try has another one.
    engagement
        Absolute path of the client's file or folder.
    scratch
        Absolute path of a folder of its own, where the report and the result are left.
    notebook
        Absolute path of the notebook; the workbook's own report when empty.
    timeout_seconds, memory_megabytes
        After which it is ended; how much memory it may take on top of what a warm process has, 0 for no limit.
    """

    number: int
    engagement: str
    scratch: str
    as_of: str
    formats: tuple[str, ...]
    audience: str = "client"
    paper: str = "a4"
    notebook: str = ""
    timeout_seconds: float = 300.0
    memory_megabytes: int = 2048

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Job:
        found = json.loads(text)
        return cls(**{**found, "formats": tuple(found["formats"])})


def run_job(job: Job) -> None:
    """Make one client's report in its scratch folder; whatever happens is in the result.

    Notes
    -----
    Nothing is raised: `sys.exit` and an interrupt inside a notebook are errors of that notebook. A process that is
    killed leaves no result, and that is how it is known.
    """
    scratch = Path(job.scratch)
    (scratch / BEGAN).touch()
    os.chdir(scratch)
    try:
        result = _made(job, scratch / REPORT)
    except ReadinessError as problem:
        result = _failed(type(problem).__name__, str(problem))
    except MemoryError:
        result = _failed("MemoryError", f"needed more than the {job.memory_megabytes:,} MB of memory that it may take")
    except OSError as problem:
        result = _failed("StorageError", f"cannot be written: {problem.strerror or problem}")
    except BaseException as problem:
        result = _failed(type(problem).__name__, f"{type(problem).__name__}: {problem}")
    if result["error"]:
        result["error"]["said"] = without_place(result["error"]["said"], Path(job.engagement), scratch)
    aside = scratch / f"{RESULT}.part"
    aside.write_text(json.dumps(result), "utf-8")
    os.replace(aside, scratch / RESULT)


def _made(job: Job, folder: Path) -> dict[str, Any]:
    from readiness.batch.record import sha256
    from readiness.report.make import render_report

    rendered = render_report(
        Path(job.engagement), formats=job.formats, as_of=date.fromisoformat(job.as_of), audience=job.audience, paper=job.paper,
        notebook=Path(job.notebook) if job.notebook else None,
    )  # fmt: skip
    folder.mkdir()
    for name, content in rendered.contents.items():
        (folder / name).write_bytes(content)
    outputs = {name: sha256(content) for name, content in rendered.contents.items()}
    return {"error": None, "outputs": outputs, "headline": rendered.headline, "parts": dict(rendered.seconds)}


def _failed(kind: str, said: str) -> dict[str, Any]:
    return {"error": {"class": kind, "said": said}}


def without_place(said: str, client: Path, scratch: Path) -> str:
    """A message in which files are named as seen from the client: where they lie on this disk differs from run to run.

    Examples
    --------
    >>> without_place("/srv/clients/acme.yaml: line 3: is wrong", Path("/srv/clients/acme.yaml"), Path("/tmp/1"))
    'acme.yaml: line 3: is wrong'
    """
    home = client.parent
    for place, name in ((scratch, ""), (home, ""), (home.parent, "../")):
        if len(place.parts) > 1:
            said = said.replace(f"{place}{os.sep}", name)
    return said


def read_result(scratch: Path) -> tuple[dict[str, Any] | None, bool, str]:
    """The result that a process left, whether it began at all, and the last of what it printed outside cells."""
    try:
        result = json.loads((scratch / RESULT).read_bytes())
    except (OSError, ValueError):
        result = None
    try:
        with (scratch / PRINTED).open("rb") as stream:
            stream.seek(max(0, (scratch / PRINTED).stat().st_size - 4000))
            tail = stream.read().decode("utf-8", "replace")
    except OSError:
        tail = ""
    return result, (scratch / BEGAN).exists(), tail
