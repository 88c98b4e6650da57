"""Shows what would change in a client's engagement, and writes it to the journal as one group once it is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from readiness.cli.screen import say, table

Who = Annotated[str, typer.Option("--who", help="Who says so; stands in the audit log.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Accept the difference and write it to the client's journal.")]


def offer(path: Path, values: dict[str, Any], *, kind: str, who: str, yes: bool) -> None:
    """Show what would change, and write it to the journal as one group once it is accepted."""
    from readiness.catalog import load_catalog
    from readiness.engagement.changing import accept, differences, with_changes
    from readiness.engagement.store import open_engagement

    catalog = load_catalog()
    opened = open_engagement(path, catalog)
    changes = differences(opened, values)
    if not changes:
        say("Nothing would change.")
        return
    with_changes(opened, catalog, changes)
    table(("What", "Now", "Then"), [(d.address, short(d.before), short(d.after)) for d in changes])
    if not yes:
        say("Nothing was written. Accept it with --yes.")
        return
    group = accept(opened, catalog, changes, kind=kind, who=who)
    say(f"Saved as {group}. Take it back with: readiness undo {path} {group}")


def short(value: Any) -> str:
    import json as plain

    if value is None:
        return "not set"
    text = value if isinstance(value, str) else plain.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "..."
