"""From lines to a state: the latest value of each address, and where two people did not know of each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from readiness.journal.line import Line, canonical


@dataclass(frozen=True, slots=True)
class Version:
    """One of the values that an address could have, and the line that gave it (none: it stands in the hand-written base)."""

    value: Any
    line: Line | None
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """An address with several versions, none of which was made in the knowledge of the other.

    Parameters
    ----------
    versions
        In the order of the journals; the last one is what `Folded.values` shows until somebody decides.
    """

    address: str
    versions: tuple[Version, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """What a line must name in ``resolves`` to settle this."""
        return tuple(name for version in self.versions for name in version.ids)


@dataclass(frozen=True, slots=True)
class Folded:
    """The state that base and journals add up to.

    Parameters
    ----------
    values
        Address to value, without addresses that were taken away.
    conflicts
        In the order of addresses.
    last_lines
        Address to the line that gave its present value; an address of the base that nobody touched is not in it.
    """

    values: dict[str, Any]
    conflicts: tuple[Conflict, ...]
    last_lines: dict[str, Line]


def fold(lines: Iterable[Line], base: Mapping[str, Any] | None = None) -> Folded:
    """Fold journals over a base.

    Parameters
    ----------
    lines
        In the order of `read`.
    base
        What a person wrote by hand: address to value.

    Notes
    -----
    A line replaces the version whose value it says it saw. If it saw a value that does not stand there (a second
    writer was faster, or the base was edited by hand since), it becomes a version of its own and the two are a conflict,
    unless both say the same. A conflict stays, whatever is written to the address, until a line names all its versions
    in ``resolves``.

    Examples
    --------
    The file says *nobody*, the workshop changes it to *rota*, and later somebody edits the file to *team*:

    >>> from readiness.journal.line import Change, seal
    >>> change = Change("answer", "answers.on_call", "nobody", "rota", who="CTO")
    >>> line, _ = seal(change, writer="ann-1", sequence=1, lamport=1, at="2026-11-23T14:02:11Z", prev="0" * 64)
    >>> fold([line], {"answers.on_call": "nobody"}).values
    {'answers.on_call': 'rota'}
    >>> [version.value for version in fold([line], {"answers.on_call": "team"}).conflicts[0].versions]
    ['team', 'rota']
    """
    standing = {
        address: [Version(value, None, (base_id(address, value),))] for address, value in (base or {}).items()
    }
    for line in lines:
        versions = standing.get(line.address) or [Version(None, None, (base_id(line.address, None),))]
        standing[line.address] = _after(versions, line)
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    last_lines: dict[str, Line] = {}
    for address in sorted(standing):
        versions = standing[address]
        newest = versions[-1]
        if newest.value is not None:
            values[address] = newest.value
        if newest.line is not None:
            last_lines[address] = newest.line
        if len(versions) > 1:
            conflicts.append(Conflict(address, tuple(versions)))
    return Folded(values, tuple(conflicts), last_lines)


def _after(versions: list[Version], line: Line) -> list[Version]:
    settled = set(line.resolves)
    kept = [version for version in versions if not settled.intersection(version.ids)]
    seen = canonical(line.before)
    if not settled:
        kept = [version for version in kept if canonical(version.value) != seen]
    said = canonical(line.after)
    ids: tuple[str, ...] = (line.checksum,)
    for version in kept:  # two people who say the same are no conflict, and either id settles it
        if canonical(version.value) == said:
            ids = (*version.ids, line.checksum)
    return [version for version in kept if canonical(version.value) != said] + [
        Version(line.after, line, ids)
    ]


def base_id(address: str, value: Any) -> str:
    """The id of a hand-written value: it changes as soon as the value does."""
    return "base:" + hashlib.sha256(canonical([address, value])).hexdigest()
