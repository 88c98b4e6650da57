"""The command that makes reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.engagements import AsOf
from readiness.cli.screen import complain, progress, say


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(report)


def report(
    engagements: Annotated[list[Path], typer.Argument(help="Clients' YAML files or folders.", metavar="ENGAGEMENT...")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files; one folder inside for each client when there are several.")],
    formats: Annotated[str, typer.Option(help="Comma-separated: pdf, html, xlsx, json, md, csv (the plan, for Jira, Linear and GitHub), ipynb.")] = "pdf,html",
    as_of: AsOf = "",
    audience: Annotated[str, typer.Option(help="Who reads it: internal, client or board.")] = "client",
    paper: Annotated[str, typer.Option(help="a4 or us-letter.")] = "a4",
    brand: Annotated[Path | None, typer.Option(help="Brand file (name, logo, colours, fonts, small print), before the one that the engagement names.")] = None,
) -> None:
    """Make the report of one or more clients.

    Example: `readiness report acme --out reports --formats pdf,html,xlsx --audience board`

    Beside the files lies `report.manifest.json`: where every printed number comes from. `readiness verify` reads it.
    """
    from readiness.batch.clients import folder_names
    from readiness.errors import ReadinessError
    from readiness.exhibits.ahead import side_by_side
    from readiness.report.make import make_report
    from readiness.report.session import day

    failed = 0
    names = folder_names(engagements) if len(engagements) > 1 else {}
    for engagement in dict.fromkeys(engagements):
        target = out / names[engagement] if names else out
        try:
            with progress(f"{engagement}: starting") as status, side_by_side():
                made = make_report(
                    engagement,
                    target,
                    formats=[f.strip() for f in formats.split(",") if f.strip()],
                    as_of=day(as_of),
                    audience=audience,
                    paper=paper,
                    brand=brand,
                    progress=status,
                )
        except ReadinessError as problem:
            complain(str(problem))
            failed += 1
            continue
        for label, value in made.headline:
            say(f"{label:<30}  {value}")
        for file in made.files:
            say(f"Written: {file}")
    if failed:
        raise typer.Exit(2)
