"""Commands about time: ask, plan, milestone, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readiness.cli.engagements import AsOf, EngagementPath, Json
from readiness.cli.screen import as_json, progress, say, table

if TYPE_CHECKING:
    from readiness.assessment import Assessment
    from readiness.catalog import Catalog
    from readiness.engagement import Opened
    from readiness.exhibits.exhibit import Chapter
    from readiness.milestone import Milestone


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(ask)
    app.command()(plan)
    app.command()(milestone)
    app.command()(compare)


def _assessed(engagement: Path, as_of: str) -> tuple[Assessment, Opened, Catalog]:
    from readiness.assessment.history import assess_with_history
    from readiness.report.session import day, open_client

    opened, catalog = open_client(engagement)
    return assess_with_history(catalog, opened.engagement, as_of=day(as_of)), opened, catalog


def ask(
    engagement: EngagementPath,
    minutes: Annotated[int, typer.Option(help="How long the meeting is; two minutes a question.", min=7, max=600)] = 45,
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Say what is worth asking next, and how far a meeting gets.

    Example: `readiness ask acme --minutes 90`
    """
    from dataclasses import asdict

    from readiness.assessment.asking import asking
    from readiness.exhibits.asking import why_asked
    from readiness.text import Ledger

    with progress("Weighing the open questions"):
        a, _, _ = _assessed(engagement, as_of)
        found = asking(a)
    agenda = found.agenda(minutes)
    if json:
        as_json({"minutes": minutes, "questions": [asdict(q) for q in agenda], "open": len(found.questions), "variance_left": found.left_after(len(agenda)), "noise_per_year": found.noise_per_year})
        return
    if not agenda:
        say("Every question that applies has been answered and shown.")
        return
    ledger = Ledger(a.engagement.client.currency)
    practices = a.catalog.practices
    table(("", "Question", "Now", "What the answer is worth"), [(str(n), practices[q.practice].question, q.kind, why_asked(a, q, ledger)) for n, q in enumerate(agenda, 1)], right=(0,))
    left = found.left_after(len(agenda))
    say(f"{len(agenda)} of {len(found.questions)} open questions in {minutes} minutes; {left:.0%} of the variance of the yearly loss is left then.")


def plan(
    engagement: EngagementPath,
    aim: Annotated[str, typer.Option(help="economic (loss, hours and cash), loss, or promise.")] = "economic",
    gates_first: Annotated[bool | None, typer.Option("--gates-first/--no-gates-first", help="Put what the promise needs before everything else.")] = None,
    refine: Annotated[float, typer.Option(help="Seconds for an integer programme that looks for a better plan.", min=0, max=3600)] = 0.0,
    csv: Annotated[Path | None, typer.Option(help="Also write the plan as CSV for Jira, Linear or GitHub.")] = None,
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Say what to do in which quarter, and what that changes.

    Example: `readiness plan acme --aim promise --csv plan.csv`
    """
    from typing import get_args

    from readiness.assessment.plan import Aim, roadmap
    from readiness.errors import UsageError, did_you_mean
    from readiness.exhibits.plan import plan as chapter
    from readiness.exhibits.plan import plan_rows

    aims = get_args(Aim)
    if aim not in aims:
        raise UsageError(f'"{aim}" is not an aim', hint=did_you_mean(aim, aims) or f"aims are {', '.join(aims)}")
    with progress("Trying every step"):
        a, _, _ = _assessed(engagement, as_of)
        found = roadmap(a, aim=aim, gates_first=gates_first, refine_seconds=refine)  # type: ignore[arg-type]
    rows = plan_rows(found)
    if csv is not None:
        _write_csv(csv, rows)
    if json:
        as_json({"aim": aim, "steps": rows, "avoided_per_year": found.joint_effect, "could_avoid_more": found.could_avoid_more, "left_out": [{"step": p.title, "why": p.why} for p in found.left_out]})
    else:
        _show(chapter(found))
    if csv is not None and not json:
        say(f"Written: {csv}")


def _write_csv(path: Path, rows: list[dict[str, object]]) -> None:
    import csv

    from readiness.errors import StorageError

    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(rows[0]) if rows else ["Title"])
            writer.writeheader()
            writer.writerows(rows)
    except OSError as problem:
        raise StorageError(f"could not be written: {problem.strerror or problem}", file=path) from None


def milestone(
    engagement: EngagementPath,
    name: Annotated[str, typer.Argument(help="Short name: lower-case letters, digits and hyphens.", metavar="NAME")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for it; the client's own milestones/ when left out.")] = None,
    as_of: AsOf = "",
) -> None:
    """Keep how a client stands today, to compare with later.

    Example: `readiness milestone acme before-launch`
    """
    from readiness.errors import UsageError
    from readiness.milestone import FOLDER, milestone_of, write_milestone

    a, opened, _ = _assessed(engagement, as_of)
    if opened.folder is None and out is None:
        raise UsageError("is a single file, which holds no milestones", file=engagement, hint="say where to keep it, with --out FOLDER")
    kept = milestone_of(a, name, content_digest=opened.content_digest, journal_digest=opened.journal_digest)
    path = write_milestone(kept, out if out is not None else (opened.folder or Path()) / FOLDER)
    say(f"Written: {path}")


def compare(
    before: Annotated[Path, typer.Argument(help="A milestone, or a client's file or folder as it is now.", metavar="A")],
    after: Annotated[Path, typer.Argument(help="The later one.", metavar="B")],
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Say what moved between two milestones, and whether the client, the data or the code moved it.

    Example: `readiness compare acme/milestones/start.json acme`
    """
    from readiness.catalog import load_catalog
    from readiness.compare import compare as compared
    from readiness.exhibits.milestone import moved

    first, second = _milestone_at(before, as_of), _milestone_at(after, as_of)
    found = compared(first, second, load_catalog())
    if json:
        as_json({
            "before": {"name": first.name, "as_of": first.as_of, "code": first.code, "data": first.data}, "after": {"name": second.name, "as_of": second.as_of, "code": second.code, "data": second.data},
            "headline": {h.id: {"before": h.before, "after": h.after, "by": dict(h.by)} for h in found.headline},
            "answers": [{"practice": x.practice, "before": x.before, "after": x.after} for x in found.answers],
            "numbers": [{"number": x.address, "before": x.before, "after": x.after} for x in found.numbers],
        })  # fmt: skip
        return
    _show(moved(found))


def _milestone_at(path: Path, as_of: str) -> Milestone:
    """A milestone from its file, or of a client as it is now."""
    from readiness.milestone import milestone_of, read_milestone

    if path.suffix == ".json":
        return read_milestone(path)
    a, opened, _ = _assessed(path, as_of)
    return milestone_of(a, "now", content_digest=opened.content_digest, journal_digest=opened.journal_digest)


def _show(chapter: Chapter) -> None:
    """A chapter of the report, on the screen."""
    from readiness.exhibits.exhibit import Exhibit

    for part in chapter.parts:
        if isinstance(part, Exhibit):
            say(part.finding)
            if part.table is not None:
                table([c.label for c in part.table.columns], part.table.rows, right=[n for n, c in enumerate(part.table.columns) if c.align == "right"])
        else:
            for line in (*part.content.get("paragraphs", ()), *part.content.get("points", ())):
                say(str(line))
        say()
