"""The group of commands that take in what a client already has, and `readiness import incidents`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readiness.cli.engagements import AsOf, EngagementPath
from readiness.cli.offering import Who, Yes, offer
from readiness.cli.screen import progress, say, table

if TYPE_CHECKING:
    from readiness.engagement.schema import Engagement
    from readiness.readers.incident import Incidents

MOST_WARNINGS = 8
MOST_KEPT = 5000

# Every import is a command of this group; another one is a function with @imports.command.
imports = typer.Typer(name="import", help="Take in what a client already has. Shows the difference first; --yes accepts it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(imports)


@imports.command()
def incidents(
    engagement: EngagementPath,
    file: Annotated[Path, typer.Argument(help="CSV with started, resolved, detected, share of users, cause; gaps are fine.", metavar="FILE")],
    since: Annotated[str, typer.Option("--from", help="First day on which incidents were written down, as 2025-12-01.", metavar="DATE")] = "",
    until: Annotated[str, typer.Option("--to", help="Last such day; the day of --as-of when left out.", metavar="DATE")] = "",
    who: Who = "consultant",
    yes: Yes = False,
    as_of: AsOf = "",
) -> None:
    """Take in the client's own list of incidents; rates and durations then lean on it.

    Example: `readiness import incidents acme incidents.csv --from 2025-12-01`
    """
    from readiness.engagement.changing import differences, with_changes
    from readiness.readers.incidents import read_incidents
    from readiness.report.session import day, open_client

    with progress("Reading"):
        opened, catalog = open_client(engagement)
        found = read_incidents(file)
        after = incidents_as_written(found, file, since, until)
        changed = with_changes(opened, catalog, differences(opened, after))
    _show_incidents(found, opened.engagement, changed)
    _show_effect(catalog, opened.engagement, changed, day(as_of))
    offer(engagement, after, kind="import", who=who, yes=yes)


def incidents_as_written(found: Incidents, file: Path, since: str, until: str) -> dict[str, Any]:
    """The list as the client's file would hold it, by address."""
    from readiness.report.session import day

    kept = found.incidents[-MOST_KEPT:]
    rows = []
    for i in kept:
        row: dict[str, Any] = {"started": i.started.isoformat()}
        if i.resolved is not None:
            row["resolved"] = i.resolved.isoformat()
        if i.detected is not None:
            row["detected"] = i.detected.isoformat()
        if i.user_share is not None:
            row["share_of_users"] = i.user_share
        if i.cause:
            row["cause"] = i.cause
        if i.title:
            row["note"] = i.title
        rows.append(row)
    after: dict[str, Any] = {"history.incidents": rows, "history.file": file.name[:120]}
    if since:
        after["history.observed_from"] = day(since).isoformat()
    if until:
        after["history.observed_to"] = day(until).isoformat()
    return after


def _show_incidents(found: Incidents, before: Engagement, after: Engagement) -> None:
    import statistics

    from readiness.text import duration

    lengths = [m for i in found.incidents if (m := i.duration_minutes)]
    first, last = (found.incidents[0].started.date(), found.incidents[-1].started.date()) if found.incidents else ("", "")
    rows = [("incidents", f"{len(before.history.incidents)}", f"{len(after.history.incidents)}"), ("from, to", "", f"{first} to {last}")]
    if lengths:
        rows += [("typical", "", duration(statistics.median(lengths))), ("longest", "", duration(max(lengths)))]
    rows += [
        ("without an end", "", f"{sum(i.resolved is None for i in found.incidents)}"),
        ("without a share of users", "", f"{sum(i.user_share is None for i in found.incidents)}"),
    ]
    table(("", "now", "then"), rows, right=(1, 2))
    for words in found.warnings[:MOST_WARNINGS]:
        say(f"! {words}")
    if len(found.warnings) > MOST_WARNINGS:
        say(f"! and {len(found.warnings) - MOST_WARNINGS} more like these")


def _show_effect(catalog: Any, before: Engagement, after: Engagement, as_of: Any) -> None:
    """What the model would make of it."""
    from readiness.assessment.history import assess_with_history, history
    from readiness.text import Ledger

    ledger = Ledger(after.client.currency)
    with progress("Reckoning"):
        now, then = (assess_with_history(catalog, e, as_of=as_of) for e in (before, after))
        told = history(then)
    rows = []
    for figure_id in ("bad_minutes_per_year", "breach_chance_per_year", "loss_per_year"):
        pair = [ledger.say(a.figure(figure_id).band.mean, a.figure(figure_id).unit, id=figure_id) for a in (now, then)]
        rows.append((now.figure(figure_id).title, *pair))
    say()
    table(("", "now", "then"), rows, right=(1, 2))
    say(told.sentence)
    say()
