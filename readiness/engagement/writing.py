"""Writes a client's file: the journal folded into one YAML whose comments survive; and the journal as a log for people."""

from __future__ import annotations

import io
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from readiness import journal
from readiness.catalog import Catalog
from readiness.engagement.schema import Engagement
from readiness.engagement.store import Opened, check_against, engagement_file
from readiness.errors import EngagementError, ModelError, StorageError
from readiness.yaml_source import read_yaml, validated

WIDEST = 160


@dataclass(frozen=True, slots=True)
class LogLine:
    """One change as a person reads it."""

    when: str
    who: str
    what: str
    before: str
    after: str
    line: journal.Line

    def as_data(self) -> dict[str, Any]:
        """For machines: the line as it stands in the journal."""
        one = self.line
        return {"at": one.at, "who": one.who, "writer": one.writer, "sequence": one.sequence, "lamport": one.lamport, "kind": one.kind,
                "address": one.address, "before": one.before, "after": one.after, "group": one.group, "checksum": one.checksum}  # fmt: skip


def log_of(path: Path) -> tuple[list[LogLine], tuple[journal.Finding, ...]]:
    """Who changed what and when, and what is wrong with the journals."""
    _, folder = engagement_file(Path(path))
    if folder is None:
        raise EngagementError("is a single file, which has no journal", file=path, hint="name the folder that readiness workshop made")
    reading = journal.read(folder / "journal") if (folder / "journal").is_dir() else journal.Reading((), ())
    findings = journal.verify(folder / "journal") if (folder / "journal").is_dir() else ()
    return [_log_line(one) for one in reading.lines], findings


def _log_line(one: journal.Line) -> LogLine:
    at = datetime.fromisoformat(one.at.replace("Z", "+00:00")).astimezone()
    what = one.address if one.kind in ("answer", "intake") else f"{one.address} ({one.kind})"
    return LogLine(f"{at:%Y-%m-%d %H:%M:%S}", one.who or one.writer, what, in_short(one.before), in_short(one.after), one)


def in_short(value: Any) -> str:
    """A value in one line for a log.

    Examples
    --------
    >>> in_short(None), in_short({"answer": "rota", "rung": "observed"}), in_short([1, 2, 3])
    ('', 'rota (rung: observed)', '3 in a list')
    """
    if value is None:
        return ""
    if isinstance(value, Mapping):
        rest = ", ".join(f"{k}: {v}" for k, v in value.items() if k not in ("answer", "on"))
        head = str(value.get("answer", ""))
        return f"{head} ({rest})"[:WIDEST] if head and rest else (head or rest)[:WIDEST]
    if isinstance(value, list):
        return f"{len(value)} in a list"
    return str(value)[:WIDEST]


def exported(opened: Opened, catalog: Catalog) -> str:
    """The client as one YAML: what a person wrote, with the journal laid over it, comments and order kept.

    Raises
    ------
    EngagementError
        While two people disagree and nobody has decided: one file can hold only one of them.
    ModelError
        Should the file not say what the engagement says; nothing is written then.
    """
    if opened.conflicts:
        found = opened.conflicts[0].address
        raise EngagementError("has two values that do not know of each other", file=opened.file, place=found, hint="decide it in the workshop first")
    yaml = _yaml()
    written = yaml.load(opened.file.read_text("utf-8-sig"))
    text = _dumped(yaml, _laid(written, opened.raw))
    again = read_yaml(opened.file, EngagementError, text=text)
    if again.content != opened.raw:
        text = _dumped(yaml, opened.raw)  # without comments rather than with another meaning
        again = read_yaml(opened.file, EngagementError, text=text)
    if again.content != opened.raw:
        raise ModelError("the file cannot be written so that it says the same", file=opened.file)
    check_against(catalog, validated(again, Engagement), again)
    return text


def write_export(opened: Opened, catalog: Catalog, out: Path) -> Path:
    """Write the export; a file that exists is replaced as a whole or not at all."""
    text = exported(opened, catalog)
    if out.resolve() == opened.file.resolve():
        raise EngagementError("is the client's own file, over which the journal still lies", file=out, hint="name another file")
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        aside.write_text(text, "utf-8")
        os.replace(aside, out)
    except OSError as problem:
        raise StorageError(f"cannot be written: {problem.strerror}", file=out) from None
    return out


def _yaml() -> YAML:
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.allow_unicode = True
    return yaml


def _dumped(yaml: YAML, content: Any) -> str:
    buffer = io.StringIO()
    yaml.dump(content, buffer)
    return buffer.getvalue()


def _laid(written: Any, wanted: Any) -> Any:
    """What was written, changed in place until it says what is wanted, so that comments stay where they are."""
    if isinstance(written, CommentedMap) and isinstance(wanted, Mapping):
        for key in [k for k in written if k not in wanted]:
            del written[key]
        for key, value in wanted.items():
            if key not in written or not _same(written[key], value):
                written[key] = _laid(written.get(key), value)
        return written
    if isinstance(written, CommentedSeq) and isinstance(wanted, list):
        while len(written) > len(wanted):
            del written[-1]
        for number, value in enumerate(wanted):
            if number == len(written):
                written.append(value)
            elif not _same(written[number], value):
                written[number] = _laid(written[number], value)
        return written
    return json.loads(json.dumps(wanted))


def _same(written: Any, wanted: Any) -> bool:
    """Whether a value as YAML reads it is the value as the workbook reads it (a date is a text there)."""
    if isinstance(written, Mapping) or isinstance(wanted, Mapping) or isinstance(written, list) or isinstance(wanted, list):
        return False
    return (
        (type(written) is type(wanted)
        and written == wanted)
        or (str(written) == str(wanted)
        and not isinstance(wanted, bool | str))
        or (not isinstance(written, str) and str(written) == wanted)
    )
