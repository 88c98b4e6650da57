"""A move is one change of one number; answers, overrides, scenarios, improvements and switches are lists of them.

`apply` turns base numbers and moves into common draws and a trail: why each number is what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import Any, Literal, TypeVar
from zlib import crc32

import numpy as np

from readiness.assumptions import LIMIT_NUMBERS, NUMBERS, OPTION_NUMBERS, PART_NUMBERS, Evidence, Kind, Quantity, number_at
from readiness.catalog.schema import MoveData
from readiness.models import Array
from readiness.models.draws import standard_normal, uniforms
from readiness.models.uncertainty import choose, quantiles_to_draws, widen

DRAWS = 4096
SEED = 20260101
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Move:
    """One change of one number.

    Parameters
    ----------
    address
        A bare name, or ``tier.name`` for a number of one tier's option. A scale on a bare option name reaches every tier.
    operation
        ``set`` puts the range in place of what was there; ``scale`` multiplies (what is missed, for a coverage) by it.
    low, likely, high
        The range, 5th, 50th and 95th percentile.
    origin
        What brought it: ``practice:on_call=rota``, ``override``, ``client``, ``way:rds``, ``scenario:zone_lost``.
    why
        For a reader.
    """

    address: str
    operation: Literal["set", "scale"]
    low: float
    likely: float
    high: float
    origin: str
    why: str
    source: str
    evidence: Evidence
    as_of: date | None = None
    part: str | None = None
    cap: float | None = None

    @classmethod
    def of(cls, given: MoveData, *, origin: str, why: str) -> Move:
        """The move that a line of the data describes."""
        return cls(given.target, "set" if given.set else "scale", given.low, given.likely, given.high, origin, given.why or why,
                   given.source, given.evidence, given.as_of, given.part, given.cap)  # fmt: skip

    @classmethod
    def setting(cls, address: str, to: Quantity, *, origin: str, why: str) -> Move:
        """The move that puts ``to`` in place."""
        return cls(address, "set", to.low, to.likely, to.high, origin, why, to.source, to.evidence, to.as_of)

    def widened(self, factor: float) -> Move:
        """The same move, known less (factor above 1) or more precisely (below 1)."""
        if factor == 1 or self.low == self.high:
            return self
        kind: Kind = number_at(self.address).kind if self.operation == "set" else "positive"
        low, likely, high = widen(self.low, self.likely, self.high, factor, kind)
        return replace(self, low=low, likely=likely, high=high)


@dataclass(frozen=True)
class Choice:
    """Moves of which one list is true: one certain list for an answer, several with their chances for an open question.

    Parameters
    ----------
    origin
        The practice, or whatever else decides.
    weights
        Chance of each alternative; they add up to one.
    alternatives
        The moves of each.
    state
        ``answered``, ``disputed``, ``not asked`` or ``not applicable``; ``supposed`` for what is no practice.
    """

    origin: str
    weights: tuple[float, ...]
    alternatives: tuple[tuple[Move, ...], ...]
    state: str = "answered"
    labels: tuple[str, ...] = ()

    _acting: dict[str, tuple[tuple[Move, ...], ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The numbers that any of its moves acts on."""
        return frozenset(m.address for moves in self.alternatives for m in moves)

    def acting_on(self, address: str) -> tuple[tuple[Move, ...], ...]:
        """Of each alternative the moves that act on a number."""
        if address not in self._acting:
            wanted = address, _bare(address)
            self._acting[address] = tuple(tuple(m for m in moves if m.address in wanted) for moves in self.alternatives)
        return self._acting[address]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a trail: what happened to a number, and its mean after that."""

    text: str
    source: str
    evidence: str
    as_of: date | None
    mean_after: float
    origin: str
    chance: float = 1.0


@dataclass(frozen=True)
class Values:
    """All numbers as common draws, with the trail of each."""

    base: Mapping[str, Quantity]
    choices: tuple[Choice, ...]
    overrides: tuple[Move, ...]
    columns: Mapping[str, int]
    draws: int
    reference: tuple[Choice, ...] | None = None
    learned: tuple[Choice, ...] | None = None
    seed: int = SEED
    like: Values | None = field(default=None, repr=False, compare=False)
    """The same client otherwise: a number that nothing moved in between is taken from there, the same array."""
    _drawn: dict[str, Array] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, address: str) -> Array:
        """The draws of a number, shape (draws,)."""
        if address not in self._drawn:
            self._drawn[address] = self.like[address] if self.like is not None and self._unmoved(address) else self._draw(address)
        return self._drawn[address]

    def kept(self, key: Hashable, names: Collection[str], make: Callable[[Values], Made]) -> Made:
        """What ``make`` makes from the numbers ``names`` and nothing else, once; from ``like`` where none of them moved."""
        if key not in self._kept:
            self._kept[key] = self.like.kept(key, names, make) if self.like is not None and self._all_unmoved(names) else make(self)
        found: Made = self._kept[key]
        return found

    @cached_property
    def _moved(self) -> frozenset[str] | None:
        """Addresses at which a number may differ from ``like``: another start, other moves, another override; None when not comparable."""
        like = self.like
        if like is None or (self.draws, self.seed) != (like.draws, like.seed) or self.columns != like.columns:
            return None
        # Against what it was itself, a measured number has not moved.
        itself = like.reference is None and like.learned is None and _same(self.reference, like.choices)
        if not itself and not (_same(self.reference, like.reference) and _same(self.learned, like.learned)):
            return None
        pairs = zip_longest(self.choices, like.choices)
        differing = [c for pair in pairs if pair[0] is not pair[1] for c in pair if c is not None]
        moved = set().union(*(c.addresses for c in differing))
        for here, there in ((self.base, like.base), (self._final, like._final)):
            if here is not there:
                moved |= {k for k in here.keys() | there.keys() if here.get(k) is not there.get(k) and here.get(k) != there.get(k)}
        # What acts on a part acts on the whole.
        return frozenset(moved | {address.partition("/")[0] for address in moved})

    def _unmoved(self, address: str) -> bool:
        moved = self._moved
        return moved is not None and address not in moved and _bare(address) not in moved

    def _all_unmoved(self, addresses: Collection[str]) -> bool:
        moved = self._moved
        return moved is not None and moved.isdisjoint(addresses) and moved.isdisjoint(map(_bare, addresses))

    def __contains__(self, address: str) -> bool:
        return address in self.base

    @cached_property
    def _by_address(self) -> dict[str, list[tuple[int, Choice]]]:
        return _index(self.choices)

    @cached_property
    def _learned_by_address(self) -> dict[str, list[tuple[int, Choice]]] | None:
        return None if self.learned is None else _index(self.learned)

    @cached_property
    def _reference_by_address(self) -> dict[str, list[tuple[int, Choice]]]:
        if self.like is not None and self.reference is self.like.reference:
            return self.like._reference_by_address
        return _index(self.reference or ())

    @cached_property
    def _final(self) -> dict[str, Move]:
        if self.like is not None and _same(self.overrides, self.like.overrides):
            return self.like._final
        return {move.address: move for move in self.overrides}

    def ranged(self, name: str, low: float, likely: float, high: float, kind: Kind = "positive") -> Array:
        """Draws of a range that is not in the vocabulary, of a scenario for instance; ``name`` decides which draws it gets."""
        return _drawn(_column_of(name), low, likely, high, kind, self.draws, self.seed)

    def normals(self, name: str) -> Array:
        """The standard normal draws behind an input: an address, or ``practice?`` for which of its answers holds."""
        return standard_normal(self.draws, self._column(name), seed=self.seed)

    def chosen(self, choice: Choice) -> np.ndarray:
        """Which alternative of an open choice holds in each draw, by its place, (draws,)."""
        return self._chosen(choice)

    def before(self, address: str) -> Array:
        """The draws of a number before any answer or override moved it."""
        return self._transform(address, self.base[address])

    def altered(self, given: Sequence[Choice]) -> Values:
        """The same client and the same draws under other choices; what was measured moves as much as the model does."""
        return replace(self, choices=tuple(given), reference=self.reference if self.reference is not None else self.choices,
                       like=self, _drawn={}, _kept={})  # fmt: skip

    def with_numbers(self, numbers: Mapping[str, Array], *, draws: int | None = None) -> Values:
        """The same client with other numbers in place of some, (draws,) each; they have no trail."""
        return replace(self, draws=self.draws if draws is None else draws, like=None, _drawn=dict(numbers), _kept={})

    def trail(self, address: str) -> tuple[Step, ...]:
        """Why a number is what it is: where it began, and every move since."""
        steps: list[Step] = []
        self._draw(address, steps)
        return tuple(steps)

    def _draw(self, address: str, steps: list[Step] | None = None) -> Array:
        computed = self._computed(address, self._by_address, steps)
        override = self._final.get(address) or self._final.get(_bare(address))
        if override is None:
            return computed
        drawn = self._transform(address, override)
        against = self._reference_by_address if self.reference is not None else self._learned_by_address if override.origin == "history" else None
        if against is not None:
            # An override says what is true today. A change of practice moves it by as much as it moves the model.
            drawn = _moved_like(drawn, computed, self._computed(address, against, None), number_at(address).kind)
        if steps is not None:
            steps.append(_step(override, f"set by hand: {override.why}", drawn))
        return drawn

    def _computed(self, address: str, by_address: dict[str, list[tuple[int, Choice]]], steps: list[Step] | None) -> Array:
        base = self.base[address]
        drawn = self._transform(address, base)
        if steps is not None:
            steps.append(Step("starts at", base.source, base.evidence, base.as_of, float(drawn.mean()), "base"))
        known = number_at(address)
        at_bare = by_address.get(_bare(address), []) if "." in address else []
        relevant = by_address.get(address, []) + at_bare
        if not relevant:
            return drawn
        factors: dict[str, tuple[Array | float, float]] = {}
        for _, choice in relevant:
            drawn = self._set(address, choice, drawn, steps)
            self._gather_scales(address, choice, factors)
        if not factors:
            return drawn
        total: Array | float = 1.0
        if known.parts:
            shares = np.stack([self[f"{known.name}/{part}"] for part in known.parts])
            shares = shares / shares.sum(axis=0)
            total = sum((shares[i] * np.maximum(*factors.get(part, (1.0, 0.0))) for i, part in enumerate(known.parts)), np.zeros(self.draws))
        else:
            total = np.maximum(*factors[""])
        scaled = 1 - (1 - drawn) * total if known.scale_complement else drawn * total
        if known.kind == "share":
            scaled = np.clip(scaled, 0.0, 1.0)
        if steps is not None:
            self._tell_scales(address, relevant, steps, scaled)
        return np.asarray(scaled)

    def _set(self, address: str, choice: Choice, drawn: Array, steps: list[Step] | None) -> Array:
        setting = [[m for m in moves if m.operation == "set"] for moves in choice.acting_on(address)]
        if not any(setting):
            return drawn
        if len(setting) == 1:
            drawn = self._transform(address, setting[0][-1])
        else:
            chosen = self._chosen(choice)
            drawn = drawn.copy()
            for number, moves in enumerate(setting):
                if moves:
                    mask = chosen == number
                    drawn[mask] = self._transform(address, moves[-1])[mask]
        if steps is not None:
            for weight, moves in zip(choice.weights, setting, strict=True):
                steps.extend(_step(move, move.why, drawn, weight) for move in moves)
        return drawn

    def _gather_scales(self, address: str, choice: Choice, factors: dict[str, tuple[Array | float, float]]) -> None:
        scaling = [[m for m in moves if m.operation == "scale"] for moves in choice.acting_on(address)]
        parts = {m.part for moves in scaling for m in moves}
        for part in parts:
            drawn: Array | float = 1.0
            cap = 1.0
            arrays = []
            for moves in scaling:
                factor: Array | float = 1.0
                for m in moves:
                    if m.part == part:
                        factor = factor * self._transform(f"{choice.origin}!", m)
                        cap = min(cap, m.cap or 0.0)
                arrays.append(factor)
            if len(arrays) == 1:
                drawn = arrays[0]
            else:
                chosen = self._chosen(choice)
                drawn = np.choose(chosen, [np.broadcast_to(a, (self.draws,)) for a in arrays])
            before, floor = factors.get(part or "", (1.0, 1.0))
            factors[part or ""] = (before * drawn, min(floor, cap))

    def _tell_scales(self, address: str, relevant: list[tuple[int, Choice]], steps: list[Step], scaled: Array) -> None:
        for _, choice in relevant:
            for weight, moves in zip(choice.weights, choice.acting_on(address), strict=True):
                for m in moves:
                    if m.operation == "scale":
                        what = f"its part {m.part}" if m.part else ("what it misses" if number_at(address).scale_complement else "it")
                        steps.append(_step(m, f"{m.why}: scales {what} by {m.likely:.2g}", scaled, weight))

    def _chosen(self, choice: Choice) -> np.ndarray:
        return _choice(self._column(f"{choice.origin}?"), choice.weights, self.draws, self.seed)

    def _transform(self, column: str, of: Move | Quantity) -> Array:
        kind: Kind = "positive" if column.endswith("!") else number_at(column).kind
        return _drawn(self._column(column), of.low, of.likely, of.high, kind, self.draws, self.seed)

    def _column(self, name: str) -> int:
        found = self.columns.get(name)
        return _column_of(name) if found is None else found


@lru_cache(maxsize=8192)
def _drawn(column: int, low: float, likely: float, high: float, kind: Kind, draws: int, seed: int) -> Array:
    if low == high:
        constant = np.full(draws, float(likely))
        constant.flags.writeable = False
        return constant
    result = quantiles_to_draws(standard_normal(draws, column, seed=seed), low, likely, high, kind=kind)
    result.flags.writeable = False
    return result


@lru_cache(maxsize=512)
def _choice(column: int, weights: tuple[float, ...], draws: int, seed: int) -> np.ndarray:
    return choose(uniforms(standard_normal(draws, column, seed=seed)), weights)


_BLOCK = 1024
_APART = 256


def _column_of(name: str) -> int:
    """A column for what is not among the inputs, from its name alone, so that it moves nobody else's draws."""
    return _BLOCK - 1 - crc32(name.encode()) % _APART


@lru_cache(maxsize=4096)
def _bare(address: str) -> str:
    return address.rsplit(".", 1)[-1]


def _index(choices: Iterable[Choice]) -> dict[str, list[tuple[int, Choice]]]:
    found: dict[str, list[tuple[int, Choice]]] = {}
    for number, choice in enumerate(choices):
        for address in choice.addresses:
            found.setdefault(address, []).append((number, choice))
    return found


def _same(one: Sequence[object] | None, other: Sequence[object] | None) -> bool:
    """Whether two lists hold the very same objects."""
    if one is None or other is None:
        return one is other
    return one is other or (len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True)))


def _step(move: Move, text: str, drawn: Array, chance: float = 1.0) -> Step:
    return Step(text, move.source, move.evidence, move.as_of, float(drawn.mean()), move.origin, chance)


def _moved_like(drawn: Array, computed: Array, reference: Array, kind: Kind) -> Array:
    ratio = np.divide(computed, reference, out=np.ones_like(computed), where=reference > 0)
    moved = drawn * ratio
    return np.clip(moved, 0, 1) if kind == "share" else moved


def apply(
    moves: Sequence[Choice],
    base: Mapping[str, Quantity],
    *,
    overrides: Sequence[Move] = (),
    reference: Sequence[Choice] | None = None,
    learned: Sequence[Choice] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    like: Values | None = None,
) -> Values:
    """Numbers as common draws, and the trail of each.

    Parameters
    ----------
    moves
        What was answered or supposed, in the order in which it counts.
    base
        Every number's starting range, by address.
    overrides
        Moves that say what is true today whatever the model thinks; the last one for an address counts.
    reference
        What was true when the overrides were measured. Given, an override moves by as much as the model does
        between ``reference`` and ``moves``; so a measured number can still be improved.
    learned
        What had been answered when moves of the origin ``history`` were learned: answers given since move them as they
        move the model, until they are learned anew.
    like
        The same client otherwise, so that only what differs is drawn; it changes no result.
    seed
        Of the draws; another one tells whether a finding is one of the numbers or of the draws.
    """
    # What is supposed on top takes no column of its own among the inputs: it must not move anybody else's draws.
    origins = tuple(c.origin for c in moves if c.state != "supposed")
    return Values(base, tuple(moves), tuple(overrides), _columns(tuple(base), origins), draws,
                  None if reference is None else tuple(reference), None if learned is None else tuple(learned), seed, like)  # fmt: skip


@lru_cache(maxsize=64)
def _columns(addresses: tuple[str, ...], origins: tuple[str, ...]) -> Mapping[str, int]:
    """One column of the common draws for each input; those of the organisation never move when a tier is added."""
    names = [*NUMBERS, *PART_NUMBERS]
    names += [f"{origin}{mark}" for origin in sorted(set(origins)) for mark in "?!"]
    tiers = sorted({a.rsplit(".", 1)[0] for a in addresses if "." in a})
    names += [f"{tier}.{name}" for tier in tiers for name in OPTION_NUMBERS if name not in LIMIT_NUMBERS]
    names += [f"{tier}.{name}" for tier in tiers for name in LIMIT_NUMBERS]
    return {name: number % _BLOCK for number, name in enumerate(names)}
