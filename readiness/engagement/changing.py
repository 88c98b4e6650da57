"""Changes a client's engagement through its journal: shown first, accepted as a group, undone as a group."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness import journal
from readiness.catalog import Catalog
from readiness.engagement.schema import Engagement
from readiness.engagement.store import Opened, check_against, laid_over, open_engagement, value_at
from readiness.errors import EngagementError, StorageError, UsageError
from readiness.yaml_source import Source, validated


@dataclass(frozen=True, slots=True)
class Difference:
    """One address that would change."""

    address: str
    before: Any
    after: Any


def differences(opened: Opened, values: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What would change, address by address; what already says so is left out."""
    found = (Difference(a, value_at(opened.raw, a), v) for a, v in values.items())
    return tuple(d for d in found if d.before != d.after)


def with_changes(opened: Opened, catalog: Catalog, changes: Sequence[Difference]) -> Engagement:
    """The engagement as it would be; nothing is written.

    Raises
    ------
    EngagementError
        When the changed engagement would not be valid.
    """
    raw = laid_over(opened.raw, {d.address: d.after for d in changes if d.after is not None}, {d.address for d in changes})
    source = Source(opened.file, raw, {}, EngagementError)
    engagement = validated(source, Engagement)
    check_against(catalog, engagement, source)
    return engagement


def accept(opened: Opened, catalog: Catalog, changes: Sequence[Difference], *, kind: str, who: str) -> str:
    """Write changes to the journal as one group, all or none; gives the group's name, by which they are undone.

    Raises
    ------
    StorageError
        When the engagement is a single file, which has no journal, or the disk refuses.
    """
    if opened.folder is None:
        home = opened.file.with_suffix("")
        raise StorageError("is a single file, which is never written to", file=opened.file, hint=f"make a folder of it: mkdir {home}; mv {opened.file} {home / 'engagement.yaml'}")
    with_changes(opened, catalog, changes)
    group = f"{kind}-{secrets.token_hex(4)}"
    lines = [journal.Change(kind, d.address, d.before, d.after, who=who, group=group) for d in changes]
    journal.Journal(opened.folder / "journal", who).append_all(lines)
    return group


def undo(path: Path, catalog: Catalog, group: str, *, who: str) -> tuple[Difference, ...]:
    """Take a group back: each address becomes what it was, unless somebody has changed it since.

    Raises
    ------
    UsageError
        When there is no such group, or one of its addresses was changed later.
    """
    opened = open_engagement(path, catalog)
    lines = [line for line in journal.read(opened.folder / "journal").lines if line.group == group] if opened.folder else []
    if not lines:
        raise UsageError(f'"{group}" is not a group of changes in this engagement', hint="readiness log lists them")
    if all(value_at(opened.raw, line.address) == line.before for line in lines):
        raise UsageError(f"{group} was taken back already")
    changed = next((line for line in lines if value_at(opened.raw, line.address) != line.after), None)
    if changed is not None:
        raise UsageError(f"{changed.address} was changed after {group}; undo that first, or set it by hand")
    back = tuple(Difference(line.address, line.after, line.before) for line in reversed(lines))
    accept(opened, catalog, back, kind="undo", who=who)
    return back
