"""Starts an engagement from an archetype: a folder with a YAML that a person fills in."""

from __future__ import annotations

import io
import secrets
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from readiness.catalog import Catalog
from readiness.catalog.schema import Archetype
from readiness.engagement.schema import Identity
from readiness.engagement.store import FILE_NAME
from readiness.errors import StorageError, UsageError, did_you_mean

_IDENTITY: TypeAdapter[str] = TypeAdapter(Identity)
_HEAD = """\
# One client's engagement. Lines marked with <-- are yours to fill in; everything else is a sensible start.
# Ranges may be written as {low: 1, likely: 2, high: 5, source: who said so}. Check with: readiness check
"""


def start_engagement(catalog: Catalog, identity: str, archetype_id: str, folder: Path) -> Path:
    """Make a client's folder and its YAML; an existing one is never touched.

    Raises
    ------
    UsageError
        For a name that is no safe folder name, or an archetype that does not exist.
    StorageError
        When the folder cannot be made.
    """
    try:
        _IDENTITY.validate_python(identity)
    except ValidationError:
        raise UsageError(
            f'"{identity[:80]}" cannot be a client\'s short name', place="ID", hint="use lower-case letters, digits and hyphens, such as acme-shop"
        ) from None
    archetype = catalog.archetypes.get(archetype_id)
    if archetype is None:
        known = did_you_mean(archetype_id, catalog.archetypes)
        raise UsageError(f'"{archetype_id}" is not an archetype', place="--from", hint=known or f"archetypes are {', '.join(catalog.archetypes)}")
    home = folder / f"{identity}-{secrets.token_hex(4)}"
    try:
        if any(folder.glob(f"{identity}-????????/{FILE_NAME}")):
            raise UsageError(f"{folder} already has a client named {identity}", hint="choose another short name, or go on with that one")
        home.mkdir(parents=True)
        (home / "journal").mkdir()
        (home / FILE_NAME).write_text(written(archetype, identity, catalog), "utf-8")
    except OSError as problem:
        raise StorageError(f"cannot be made: {problem.strerror}", file=home) from None
    return home / FILE_NAME


def written(archetype: Archetype, identity: str, catalog: Catalog) -> str:
    """The YAML of a new engagement, with at most twelve lines to fill in."""
    tiers: list[dict[str, Any]] = [
        {"name": t.name, "need": t.need, "way": t.way} | ({"copies": t.copies} if t.copies > 1 else {}) for t in archetype.tiers
    ]
    serving = [t["name"] for t in tiers if catalog.services[t["need"]].serves_requests]
    content: dict[str, Any] = {
        "version": 1,
        "client": {"id": identity, "name": identity.replace("-", " ").title(), "industry": "software", "currency": "USD"},
        "stage": archetype.stage,
        "journeys": [{"name": "main", "title": "Customers use the product", "tiers": serving,
                      "promise": {"slo": 0.999, "window": "calendar_month", "counts_as_down": "requests fail or take longer than the agreed time"}}],
        "money": {"revenue_per_year": 0, "loaded_rate_per_hour": 85, "cloud_budget_per_month": 2000},
        "demand": {"peak_per_second": 50, "growth_per_year": 0.5},
        "architecture": {"provider": archetype.provider, "region": archetype.region, "departure": archetype.departure,
                         "tiers": tiers, "dependencies": [dict(d) for d in archetype.dependencies]},
        "team": {"engineers": 5, "spare_hours_per_month": 80},
    }  # fmt: skip
    marks = ("name: " + identity.replace("-", " ").title(), "industry:", "currency:", "slo:", "revenue_per_year:", "loaded_rate_per_hour:", "cloud_budget_per_month:",
             "peak_per_second:", "growth_per_year:", "region:", "engineers:", "spare_hours_per_month:")  # fmt: skip
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    buffer = io.StringIO()
    yaml.dump(content, buffer)
    lines = []
    left = list(marks)
    for line in buffer.getvalue().splitlines():
        mark = next((m for m in left if line.strip().startswith(m)), None)
        if mark:
            left.remove(mark)
            line += "  # <--"
        lines.append(line)
    usual = [f"#   {practice}: {answer}" for practice, answer in archetype.answers.items()]
    if usual:
        lines += ["# What such a client usually answers; take the # away where it holds, and say how it is known.", "# answers:", *usual]
    return _HEAD + "\n".join(lines) + "\n"
