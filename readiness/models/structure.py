"""Expressions of parts: all of these, any of these, at least k of these; and how to read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError


@dataclass(frozen=True)
class Part:
    """A part by name; the same name anywhere is the same part and fails once."""

    name: str


@dataclass(frozen=True, init=False)
class AtLeast:
    """Up while at least ``needed`` of the members are; a bare string is the part of that name."""

    needed: int
    members: tuple[Structure, ...]

    def __init__(self, needed: int, *members: Structure | str) -> None:
        if not 1 <= needed <= len(members):
            raise ModelError(f"a structure needs 1 to all of its members, but got {needed} of {len(members)}")
        object.__setattr__(self, "needed", needed)
        object.__setattr__(self, "members", tuple(Part(m) if isinstance(m, str) else m for m in members))


def All(*members: Structure | str) -> AtLeast:  # reads as the class that it builds
    """Up while all members are up: a chain of hard dependencies."""
    return AtLeast(len(members), *members)


def Any(*members: Structure | str) -> AtLeast:
    """Up while any member is up: plain redundancy."""
    return AtLeast(1, *members)


Structure = Part | AtLeast


def parts_of(structure: Structure) -> Iterator[str]:
    """The name of each part, in the order of reading and as often as it stands there."""
    if isinstance(structure, Part):
        yield structure.name
    else:
        for member in structure.members:
            yield from parts_of(member)


def small_first(structure: Structure) -> Structure:
    """The same members with the smallest first, so that pairs stay together ahead of long lists."""
    if isinstance(structure, Part):
        return structure
    members = sorted(map(small_first, structure.members), key=lambda member: sum(1 for _ in parts_of(member)))
    return AtLeast(structure.needed, *members)


def flatten(structure: Structure) -> Structure:
    """Take "all of all" and "any of any" apart; say a thing once where saying it twice changes nothing."""
    if isinstance(structure, Part):
        return structure
    members = [flatten(member) for member in structure.members]
    of, needed = len(members), structure.needed
    if 1 < needed < of:
        return AtLeast(needed, *members)
    everything = needed == of and of > 1
    flat: dict[Structure, None] = {}
    for member in members:
        same_kind = isinstance(member, AtLeast) and member.needed == (
            len(member.members) if everything else 1
        )
        flat.update(dict.fromkeys(member.members if same_kind and isinstance(member, AtLeast) else (member,)))
    return next(iter(flat)) if len(flat) == 1 else AtLeast(len(flat) if everything else 1, *flat)


def pulled_together(structure: Structure, names: Sequence[str], rounds: int = 20) -> tuple[str, ...]:
    """An order in which parts that stand in the same group are near one another.

    Notes
    -----
    FORCE: each part moves to the mean place of its groups, again and again; the order with the shortest
    groups is kept. Aloul, Markov and Sakallah, *FORCE: a fast and easy-to-implement variable-ordering
    heuristic*, GLSVLSI 2003.
    """
    groups = [group for group in _groups(structure) if len(group) < len(names)]
    place = {name: float(i) for i, name in enumerate(names)}
    best, shortest = tuple(names), np.inf
    for _ in range(rounds):
        pulls: dict[str, list[float]] = {name: [] for name in names}
        for group in groups:
            middle = sum(place[name] for name in group) / len(group)
            for name in group:
                pulls[name].append(middle)
        order = sorted(
            names, key=lambda name: sum(pulls[name]) / len(pulls[name]) if pulls[name] else place[name]
        )
        place = {name: float(i) for i, name in enumerate(order)}
        length = sum(max(place[n] for n in group) - min(place[n] for n in group) for group in groups)
        if length >= shortest:
            break
        best, shortest = tuple(order), length
    return best


def _groups(structure: Structure) -> Iterator[frozenset[str]]:
    if isinstance(structure, AtLeast):
        yield frozenset(parts_of(structure))
        for member in structure.members:
            yield from _groups(member)


def is_down(structure: Structure, failed: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether the structure is down, for each of many states of its parts."""
    if isinstance(structure, Part):
        return failed[structure.name]
    lost = sum(is_down(member, failed).astype(np.int64) for member in structure.members)
    return np.asarray(lost > len(structure.members) - structure.needed)
