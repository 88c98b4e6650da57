"""Commands about what was delivered: verify a report, remove a client."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readiness.cli.screen import as_json, complain, progress, say, table


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("verify")(verify_command)
    app.command()(purge)


def verify_command(
    report: Annotated[Path, typer.Argument(help="Folder of a report, one of its files, or its manifest.", metavar="REPORT")],
    engagement: Annotated[Path | None, typer.Option(help="The client's YAML file or folder that it should belong to.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Say whether a report is as it was written, belongs to an engagement, and was made from the data at hand.

    Example: `readiness verify reports/acme --engagement acme`

    Exit status 0 when all of it holds, 1 when something does not.
    """
    from readiness.catalog import load_catalog
    from readiness.report.session import open_client
    from readiness.report.verify import read_manifest, verify

    read_manifest(report)
    with progress("Reading the data"):
        opened, catalog = open_client(engagement) if engagement is not None else (None, load_catalog())
        found = verify(report, opened=opened, catalog=catalog)
    if json:
        as_json({"good": found.good, "client": found.client, "as_of": found.as_of,
                 "findings": [{"what": f.what, "good": f.good, "said": f.said} for f in found.findings]})  # fmt: skip
    else:
        say(f"Report of {found.client}, as of {found.as_of}")
        table(("", "What", "Found"), [("good" if f.good else "NOT", f.what, f.said) for f in found.findings])
        if not found.good:
            complain("not all of it holds")
    if not found.good:
        raise typer.Exit(1)


def purge(
    engagement: Annotated[Path, typer.Argument(help="The client's folder.", metavar="ENGAGEMENT")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a client for good: engagement, journal, evidence, milestones and the reports in its folder.

    Example: `readiness purge acme-3f9c21d0`

    Reports that were written elsewhere stay where they are. What is not a client's folder is never touched.
    """
    from readiness.engagement.removal import removal_of, remove

    removal = removal_of(engagement)
    say(f"{removal.folder} holds {removal.client}: {removal.files} files, {removal.bytes:,} bytes. Reports elsewhere are not touched.")
    if not yes and typer.prompt(f'Type "{removal.client}" to remove it for good', default="", show_default=False) != removal.client:
        complain("nothing was removed")
        raise typer.Exit(1)
    remove(removal)
    say(f"Removed: {removal.client}")
