"""One line of a journal: a change, who made it, what they saw before, and the proof that nobody altered it since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from readiness.errors import UsageError

GENESIS = "0" * 64
"""``prev`` of a writer's first line."""

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of the longest line that is written or believed; a note of 10,000 characters needs 60 kB."""

DEEPEST = 64
"""Levels of nesting in a value; deeper ones are a mistake or an attack on the reader."""

_SEAL = b',"checksum":"'
_SEAL_LENGTH = len(_SEAL) + 64 + 2
_TEXTS = ("writer", "at", "who", "kind", "address", "prev", "group")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as somebody makes it; the journal adds sequence, time and proof.

    Parameters
    ----------
    kind
        What sort of change: ``"answer"``, ``"override"``, ``"decision"``, ``"note"``, ``"import"``, ...
    address
        What is changed, for instance ``"answers.on_call"``.
    before
        The value that the person saw; ``None`` when there was none.
    after
        The value from now on; ``None`` takes it away. Any JSON value.
    who
        Who said it.
    resolves
        The ids of the versions of a conflict which this change settles (`Conflict.ids`).
    group
        Changes that belong together, such as one import, share a group, so that they can be undone together.
    """

    kind: str
    address: str
    before: Any
    after: Any
    who: str
    resolves: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A change that is on disk.

    Parameters
    ----------
    writer, sequence
        Which journal, and the how manieth line in it, from 1.
    lamport
        One more than the largest in the folder when it was written; orders lines without trusting a clock.
    at
        When, in UTC, ISO 8601; for people, never for sorting.
    prev, checksum
        The checksum of the line before, and the SHA-256 of this one; the checksum is also the line's id.
    """

    writer: str
    sequence: int
    lamport: int
    at: str
    who: str
    kind: str
    address: str
    before: Any
    after: Any
    prev: str
    checksum: str
    resolves: tuple[str, ...] = ()
    group: str = ""


def json_value(value: Any, *, what: str) -> Any:
    """The value as it will be read back, or an error that says why JSON cannot carry it.

    Raises
    ------
    UsageError
        For NaN, infinity, keys that are no texts, objects, and nesting beyond `DEEPEST`.

    Examples
    --------
    >>> json_value({"rota": (1, 2)}, what="answers.on_call")
    {'rota': [1, 2]}
    >>> json_value(float("nan"), what="answers.on_call")
    Traceback (most recent call last):
    readiness.errors.UsageError: answers.on_call: is not a number (nan), which a journal cannot keep
    """
    return _plain(value, what, 0)


def _plain(value: Any, what: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise UsageError(f"is nested deeper than {DEEPEST} levels", place=what)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise UsageError(f"is not a number ({value}), which a journal cannot keep", place=what)
        return float(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise UsageError(f"has the key {key!r}, but keys must be texts", place=what)
        return {key: _plain(part, what, depth + 1) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part, what, depth + 1) for part in value]
    raise UsageError(f"is a {type(value).__name__}, which a journal cannot keep", place=what)


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value: sorted keys, no blanks, ASCII only, so that equal values have equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def seal(
    change: Change, *, writer: str, sequence: int, lamport: int, at: str, prev: str
) -> tuple[Line, bytes]:
    """The line for a change and its bytes, with the newline.

    Notes
    -----
    The checksum is the last key and covers the bytes before it, so it is checked without parsing first: another order
    of keys, a blank or a repeated key is seen as well as another value.
    """
    body = {
        "writer": writer,
        "sequence": sequence,
        "lamport": lamport,
        "at": at,
        "who": change.who,
        "kind": change.kind,
        "address": change.address,
        "before": json_value(change.before, what=change.address),
        "after": json_value(change.after, what=change.address),
        "resolves": list(change.resolves),
        "group": change.group,
        "prev": prev,
    }
    written = canonical(body)[:-1]
    if len(written) + _SEAL_LENGTH > LONGEST_LINE:
        raise UsageError(
            f"is {len(written):,} bytes long; a journal line has at most {LONGEST_LINE:,}",
            place=change.address,
        )
    checksum = hashlib.sha256(written).hexdigest()
    line = Line(checksum=checksum, **{**body, "resolves": tuple(change.resolves)})
    return line, written + _SEAL + checksum.encode("ascii") + b'"}\n'


def unseal(written: bytes) -> Line | str:
    """The line in these bytes (without the newline), or what is wrong with them in a few words."""
    if len(written) > LONGEST_LINE:
        return "is longer than any line the journal writes"
    if (
        len(written) <= _SEAL_LENGTH
        or not written.endswith(b'"}')
        or written[-_SEAL_LENGTH:][: len(_SEAL)] != _SEAL
    ):
        return "is not a journal line"
    body, checksum = written[:-_SEAL_LENGTH], written[-66:-2].decode("ascii", "replace")
    if hashlib.sha256(body).hexdigest() != checksum:
        return "was altered: its checksum does not fit its text"
    try:
        fields = json.loads(body + b"}")
        line = Line(checksum=checksum, **{**fields, "resolves": tuple(fields["resolves"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return "has a checksum that fits, but not the fields of a journal line"
    whole = isinstance(line.sequence, int) and isinstance(line.lamport, int) and line.sequence >= 1
    if not whole or not all(isinstance(getattr(line, name), str) for name in _TEXTS):
        return "has a checksum that fits, but not the fields of a journal line"
    return line
