"""Makes the report of one client: runs the notebook, renders every format aside, and puts them in place together."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from readiness.engagement.store import FILE_NAME
from readiness.errors import StorageError, UsageError, did_you_mean
from readiness.exhibits import ahead
from readiness.report.formats import RENDERERS
from readiness.report.running import NOTEBOOK, notebook_folder, notebook_for, run_notebook
from readiness.report.soundness import blocks, check_sound
from readiness.report.words import WORDS

__all__ = [
    "FORMATS", "NOTEBOOK", "RENDERERS", "Made", "Rendered", "check_formats", "clear", "make_report", "notebook_folder", "put_in_place", "render_report",
    "replace", "run_notebook",
]  # fmt: skip

Headline = tuple[tuple[str, str], ...]
FORMATS = tuple(RENDERERS)


@dataclass(frozen=True)
class Made:
    """The files of one report, and the headline numbers on one screen."""

    files: tuple[Path, ...]
    headline: Headline


@dataclass(frozen=True)
class Rendered:
    """One report that is nowhere yet: its files by name, its headline, and where the time went."""

    contents: Mapping[str, bytes] = field(repr=False)
    headline: Headline
    seconds: Mapping[str, float]


def check_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """The formats, each once.

    Raises
    ------
    UsageError
        For one that does not exist, and when there is none at all.
    """
    for wanted in formats:
        if wanted not in RENDERERS:
            known = ", ".join(RENDERERS)
            raise UsageError(f'"{wanted}" is not a format', place="formats", hint=did_you_mean(wanted, RENDERERS) or f"formats are {known}")
    if not formats:
        raise UsageError("names no format", place="formats", hint=f"formats are {', '.join(RENDERERS)}")
    return tuple(dict.fromkeys(formats))


def render_report(
    engagement: Path, *, formats: Sequence[str] = ("pdf", "html"), as_of: date | None = None, audience: str = "client",
    paper: str = "a4", progress: Callable[[str], None] = lambda _: None, notebook: Path | None = None, brand: Path | None = None,
) -> Rendered:  # fmt: skip
    """The report of one client, in memory; the same bytes for the same engagement, date and version.

    Parameters
    ----------
    engagement, formats, as_of, audience, paper, progress, brand
        As for `make_report`.
    notebook
        Another notebook with the same parameters; the workbook's own for the audience when None.
    """
    from readiness.report.brand_file import load_brand

    wanted_formats = check_formats(formats)
    paper_of = load_brand(brand) if brand is not None else None
    progress("Reading the engagement and reckoning")
    clock = _Clock()
    given = {"engagement": str(Path(engagement).resolve()), "as_of": as_of.isoformat() if as_of else "", "audience": audience, "interactive": False}
    node = run_notebook(notebook or notebook_for(audience), given)
    check_sound(node)
    clock.lap("run")
    from readiness.report.document import from_notebook
    from readiness.report.manifest import NAME, manifest_of

    document = from_notebook(node, brand=paper_of)
    render = {wanted: partial(RENDERERS[wanted], node, document, paper) for wanted in wanted_formats}
    # The PDF takes as long as all the others.
    second = ahead.start({wanted: work for wanted, work in render.items() if wanted != "pdf"}) if "pdf" in render else None
    made: dict[str, bytes] = {}
    for wanted in sorted(render, key=lambda wanted: wanted != "pdf"):
        progress(f"Writing {wanted.upper()}")
        aside: bytes | None = second.take(wanted) if second is not None and wanted != "pdf" else None
        made[wanted] = render[wanted]() if aside is None else aside
        clock.lap(wanted)
    contents = {f"report.{wanted}": made[wanted] for wanted in wanted_formats}
    contents[NAME] = manifest_of(node, contents)
    clock.lap("manifest")
    return Rendered(contents, _headline(node), clock.laps)


def make_report(
    engagement: Path, out: Path, *, formats: Sequence[str] = ("pdf", "html"), as_of: date | None = None, audience: str = "client",
    paper: str = "a4", progress: Callable[[str], None] = lambda _: None, brand: Path | None = None,
) -> Made:  # fmt: skip
    """The report of one client in several formats.

    Parameters
    ----------
    engagement
        The client's YAML file or folder.
    out
        Folder for the files; made when it does not exist.
    formats
        Of those in `FORMATS`.
    as_of
        The day the report is about; today when None.
    audience, paper
        Who reads it; ``a4`` or ``us-letter``.
    progress
        Called with a few words at each step.
    brand
        File of the consultancy's paper, before the one that the engagement names.

    Returns
    -------
    Made
        The report's files and its manifest. Files that all exist. On any error none of them does: an older report of the same name is taken away first,
        so that it never looks fresh.
    """
    wanted = check_formats(formats)
    clear(out)
    rendered = render_report(engagement, formats=wanted, as_of=as_of, audience=audience, paper=paper, progress=progress, brand=brand)
    put_in_place(out, rendered.contents)
    return Made(tuple(out / name for name in rendered.contents), rendered.headline)


class _Clock:
    """Seconds between one step and the next."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self._last = now - self._last, now


def clear(out: Path) -> None:
    """Take the files of an earlier report away: a report that fails must not leave one that looks fresh.

    Raises
    ------
    UsageError
        When a client lives there: a file of its own may be called as one of a report is.
    """
    if (out / FILE_NAME).exists():
        raise UsageError("is a client's folder; a report does not lie among its files", file=out, hint=f"choose {out / 'reports'}, or a folder elsewhere")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for old in (*out.glob("report.*"), *out.glob(".report-*")):
            if old.name.startswith("."):
                shutil.rmtree(old, ignore_errors=True)  # left behind by a run that was killed
            elif old.suffix.lstrip(".") in {*RENDERERS, "csv"}:
                old.unlink()
    except OSError as problem:
        raise StorageError(f"cannot be written to: {problem.strerror}", file=out, hint="choose another folder with --out") from None


def put_in_place(out: Path, contents: Mapping[str, bytes]) -> None:
    """Write files aside and rename them when all are whole."""
    try:
        aside = Path(tempfile.mkdtemp(prefix=".report-", dir=out))
    except OSError as problem:
        raise StorageError(f"cannot be written to: {problem.strerror}", file=out) from None
    try:
        for name, content in contents.items():
            (aside / name).write_bytes(content)
        for name in contents:
            replace(aside / name, out / name)
    except OSError as problem:
        raise StorageError(f"cannot be written: {problem.strerror}", file=out) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def replace(source: Path, target: Path) -> None:
    """Rename, tried again for a while where another program holds the file (Windows)."""
    for attempt in range(5):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if attempt == 4:
                raise
            time.sleep(0.1 * 2**attempt)


def _headline(node: dict[str, Any]) -> Headline:
    """The headline numbers as they stand in the report."""
    found: list[tuple[str, str]] = []
    for block in blocks(node):
        if block["kind"] == "verdict":
            found.append((WORDS["verdict"], f"{WORDS[block['verdict']]} ({block['promise']})"))
        if block["kind"] == "figures_panel":
            found += [(f["label"], f"{f['value']}  [{f['range']}]") for f in block["figures"]]
    return tuple(found)
