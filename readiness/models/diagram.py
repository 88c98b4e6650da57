"""Exact availability of any all / any / k-of-n expression, also when one part stands in several places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from readiness.assumptions import MINUTES_PER_YEAR
from readiness.errors import ModelError, did_you_mean
from readiness.models import Array, ArrayLike
from readiness.models.availability import Outages, outages_from
from readiness.models.domain import at_least_zero, share_of
from readiness.models.structure import (
    All,
    Any,
    AtLeast,
    Part,
    Structure,
    flatten,
    is_down,
    parts_of,
    pulled_together,
    small_first,
)

__all__ = ["All", "Any", "AtLeast", "Diagram", "Evaluation", "Part", "Structure", "diagram_of", "evaluate"]

NODE_CAP = 50_000
SAMPLES = 40_000
#: Failure chances that the simulation lends to parts which fail less often; 0 is the parts as they are.
LENT_CHANCES = (0.0, 0.01, 0.05, 0.2, 0.5)


class _TooBigError(Exception):
    """The diagram passed the cap in this order of parts."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a structure does, given how often its parts are down.

    ``exact`` is False when the numbers come from a simulation; ``standard_error`` is then that of the
    unavailability (0 otherwise), and ``unavailability`` may be printed no finer than that.
    """

    unavailability: Array
    exact: bool
    standard_error: Array
    #: Birnbaum's importance: how much the structure's unavailability falls per unit of the part's.
    birnbaum: Mapping[str, Array]
    parts: Mapping[str, Array] = field(repr=False)
    nodes: int = 0

    def minutes_saved_if_perfect(self) -> dict[str, Array]:
        """Minutes a year saved if one part never failed; U is linear in each part, so this is exact."""
        return {name: b * self.parts[name] * MINUTES_PER_YEAR for name, b in self.birnbaum.items()}

    def outages(self, failures_per_year: Mapping[str, ArrayLike]) -> Outages:
        """How often the structure goes down and how long, from each part's failures per year of operation.

        Notes
        -----
        omega = sum_i Birnbaum_i lambda_i A_i; mean outage = U / omega (Trivedi and Bobbio 2017, section
        9.5). Every part that fails must be named.
        """
        per_year = sum(self.outages_per_year_by_part(failures_per_year).values(), np.zeros(()))
        return outages_from(self.unavailability, per_year)

    def outages_per_year_by_part(self, failures_per_year: Mapping[str, ArrayLike]) -> dict[str, Array]:
        """Outages of the structure per year which the failure of each part sets off."""
        _check_names(failures_per_year, self.birnbaum)
        rates = {
            name: at_least_zero(r, f"failures per year of {name}") for name, r in failures_per_year.items()
        }
        return {name: self.birnbaum[name] * rate * (1.0 - self.parts[name]) for name, rate in rates.items()}


@dataclass(frozen=True, eq=False)
class Diagram:
    """A structure as a binary decision diagram over its parts' failures: build once, evaluate often.

    ``nodes`` holds (part, node if it is up, node if it has failed), children first, from index 2 on; 0 is
    "up" and 1 is "down". ``nodes`` is None when every order passed the cap.
    """

    structure: Structure
    names: tuple[str, ...]
    nodes: tuple[tuple[int, int, int], ...] | None
    root: int

    def evaluate(
        self, unavailability: Mapping[str, ArrayLike], *, samples: int = SAMPLES, seed: int = 0
    ) -> Evaluation:
        """Unavailability and importances for the given unavailability of each part, any shape, draws first.

        Parameters
        ----------
        unavailability
            By name of the part; what the structure does not name is refused.
        samples, seed
            Of the simulation, if the diagram was too big.

        Notes
        -----
        One pass up: p(node) = (1 - q) p(up) + q p(failed), positive terms only. One pass down for all
        the importances: the chance of reaching each node times p(failed) - p(up). Rauzy, *Reliability
        Engineering & System Safety* 40 (1993) 203; Birnbaum (1969).
        """
        _check_names(unavailability, self.names)
        missing = [name for name in self.names if name not in unavailability]
        if missing:
            raise ModelError(f"no unavailability was given for the part {missing[0]!r}")
        parts = {name: share_of(unavailability[name], f"the unavailability of {name}") for name in self.names}
        if self.nodes is None:
            return _simulate(self.structure, parts, samples, seed)
        return self._exact(parts)

    def _exact(self, parts: Mapping[str, Array]) -> Evaluation:
        assert self.nodes is not None
        # Plain floats where there is one draw: numpy scalars are five times slower in a loop.
        single = all(q.ndim == 0 for q in parts.values())
        down = [float(q) if single else q for q in parts.values()]
        up = [1.0 - q for q in down]
        chance: list[Array | float] = [0.0, 1.0]
        for part, if_up, if_failed in self.nodes:
            chance.append(up[part] * chance[if_up] + down[part] * chance[if_failed])
        reach: list[Array | float] = [0.0] * len(chance)
        reach[self.root] = 1.0
        birnbaum: list[Array | float] = [0.0] * len(down)
        for node in range(len(chance) - 1, 1, -1):
            part, if_up, if_failed = self.nodes[node - 2]
            here = reach[node]
            birnbaum[part] = birnbaum[part] + here * (chance[if_failed] - chance[if_up])
            if if_up > 1:
                reach[if_up] = reach[if_up] + here * up[part]
            if if_failed > 1:
                reach[if_failed] = reach[if_failed] + here * down[part]
        # Rounding may leave 1 + 1e-16 at the edge, which is no share.
        total = np.minimum(np.asarray(chance[self.root], dtype=np.float64), 1.0)
        # A worse part never helps; rounding may say so by 1e-18, and no frequency is negative.
        importance = {
            name: np.maximum(np.asarray(b, dtype=np.float64), 0.0)
            for name, b in zip(self.names, birnbaum, strict=True)
        }
        return Evaluation(total, True, np.zeros(total.shape), importance, parts, len(self.nodes))


def evaluate(
    structure: Structure | str,
    unavailability: Mapping[str, ArrayLike],
    *,
    node_cap: int = NODE_CAP,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Evaluation:
    """Unavailability of a structure whose parts may stand in several places.

    Parameters
    ----------
    structure
        Made of ``All``, ``Any``, ``AtLeast`` and ``Part`` (or bare names).
    unavailability
        Of each part, by name; arrays broadcast over their leading axis of draws.
    node_cap, samples, seed
        When to give up being exact, and how to simulate then; a seed gives the same numbers again.

    Examples
    --------
    Checkout and login each have two servers, and both ask the one database. Multiplying the two
    services would count the database twice:

    >>> shop = All(Any("checkout 1", "checkout 2"), "database", Any("login 1", "login 2"), "database")
    >>> down = {"checkout 1": 0.01, "checkout 2": 0.01, "login 1": 0.01, "login 2": 0.01, "database": 0.001}
    >>> found = evaluate(shop, down)
    >>> round(float(found.unavailability), 7), found.exact
    (0.0011998, True)

    Which part is worth making perfect? Minutes a year that each would save:

    >>> {name: round(float(m), 1) for name, m in found.minutes_saved_if_perfect().items() if m > 60}
    {'database': 525.5}
    """
    whole = Part(structure) if isinstance(structure, str) else structure
    return diagram_of(whole, node_cap=node_cap).evaluate(unavailability, samples=samples, seed=seed)


@lru_cache(maxsize=256)
def diagram_of(structure: Structure, *, node_cap: int = NODE_CAP) -> Diagram:
    """Build the diagram of a structure; a too big one has no nodes and is simulated.

    Parameters
    ----------
    structure
        Made of ``All``, ``Any``, ``AtLeast`` and ``Part``.
    node_cap
        Nodes after which an order of the parts is given up, so that nobody waits longer than about a second.

    Notes
    -----
    The order decides the size: a mesh took 27 s in one order and 2 ms in another. Depth-first, smallest
    members first, then pulled together by their groups (``pulled_together``).
    """
    flat = flatten(structure)
    small = tuple(dict.fromkeys(parts_of(small_first(flat))))
    for attempt in range(2):
        names = pulled_together(flat, small) if attempt else small
        try:
            nodes, root = _build(flat, names, node_cap)
        except (_TooBigError, RecursionError):
            continue
        return Diagram(flat, names, nodes, root)
    return Diagram(flat, small, None, 0)


def _check_names(given: Mapping[str, ArrayLike], known: Sequence[str] | Mapping[str, Array]) -> None:
    for name in given:
        if name not in known:
            raise ModelError(f"the structure has no part {name!r}", hint=did_you_mean(name, known))


def _build(
    structure: Structure, names: Sequence[str], cap: int
) -> tuple[tuple[tuple[int, int, int], ...], int]:
    level = {name: i for i, name in enumerate(names)}
    last = len(names)
    nodes: list[tuple[int, int, int]] = [(last, 0, 0), (last, 1, 1)]
    unique: dict[tuple[int, int, int], int] = {}
    choices: dict[tuple[int, int, int], int] = {}

    def make(part: int, if_up: int, if_failed: int) -> int:
        if if_up == if_failed:
            return if_up
        key = (part, if_up, if_failed)
        node = unique.get(key)
        if node is None:
            node = unique[key] = len(nodes)
            nodes.append(key)
            if node > cap:
                raise _TooBigError
        return node

    def choose(test: int, then: int, otherwise: int) -> int:
        """The diagram of "if test then .. otherwise ..": every operation on diagrams is one of these."""
        if test < 2:
            return then if test else otherwise
        if then == otherwise:
            return then
        if then == 1 and otherwise == 0:
            return test
        part, if_up, if_failed = nodes[test]
        then_node, otherwise_node = nodes[then], nodes[otherwise]
        if part < then_node[0] and part < otherwise_node[0]:
            if if_up == 0 and if_failed == 1:  # a bare part above all the rest: the common case in a tree
                return make(part, otherwise, then)
            top = part
        else:
            top = min(part, then_node[0], otherwise_node[0])
        key = (test, then, otherwise)
        found = choices.get(key)
        if found is None:
            if len(choices) > 4 * cap:
                raise _TooBigError
            a, b = (if_up, if_failed) if part == top else (test, test)
            c, d = (then_node[1], then_node[2]) if then_node[0] == top else (then, then)
            e, f = (
                (otherwise_node[1], otherwise_node[2]) if otherwise_node[0] == top else (otherwise, otherwise)
            )
            found = choices[key] = make(top, choose(a, c, e), choose(b, d, f))
        return found

    def failure(what: Structure) -> int:
        if isinstance(what, Part):
            return make(level[what.name], 0, 1)
        # Row j: down if at least j of the members from here on fail. From the last member back, so that each
        # step walks only the member's own diagram and never what was built before.
        fatal = len(what.members) - what.needed + 1
        members = [failure(member) for member in what.members]
        row = [1] + [0] * fatal
        for at in range(len(members) - 1, -1, -1):
            low = max(1, fatal - at)  # rows below cannot be reached by the members that come first
            row = row[:low] + [choose(members[at], row[j - 1], row[j]) for j in range(low, fatal + 1)]
            # row j needs row j-1 of the step before: the comprehension reads the old row throughout
        return row[fatal]

    root = failure(structure)
    return _reachable(nodes, root)


def _reachable(nodes: list[tuple[int, int, int]], root: int) -> tuple[tuple[tuple[int, int, int], ...], int]:
    """Drop what was only a step on the way, and number the rest with children first."""
    wanted = {root}
    for node in range(root, 1, -1):
        if node in wanted:
            wanted.update(nodes[node][1:])
    number = {0: 0, 1: 1}
    kept: list[tuple[int, int, int]] = []
    for node in sorted(wanted - {0, 1}):
        part, if_up, if_failed = nodes[node]
        number[node] = len(kept) + 2
        kept.append((part, number[if_up], number[if_failed]))
    return tuple(kept), number[root]


def _simulate(structure: Structure, parts: Mapping[str, Array], samples: int, seed: int) -> Evaluation:
    """Importance sampling for structures whose diagram is too big.

    Notes
    -----
    The structure is simulated once for all draws, with parts that fail more often than they do, from a
    mixture of several such loans; each failed state then counts by its true chance over its chance in the
    mixture. The mixture holds the parts as they are (at the mean of the draws), so no weight explodes:
    "defensive" importance sampling, Hesterberg, *Technometrics* 37 (1995) 185.
    """
    shape = np.broadcast_shapes(*(q.shape for q in parts.values()))
    down = np.stack([np.broadcast_to(q, shape).ravel() for q in parts.values()])  # parts x draws
    rng = np.random.default_rng(seed)
    lent = [np.maximum(down.mean(axis=1), chance) for chance in LENT_CHANCES]
    per_loan = -(-samples // len(lent))
    failed = np.concatenate([rng.random((per_loan, len(down))) < chance for chance in lent])
    count = len(failed)
    names = list(parts)
    bad = failed[is_down(structure, {name: failed[:, i] for i, name in enumerate(names)})]
    states, times = np.unique(bad, axis=0, return_counts=True) if len(bad) else (bad, np.zeros(0))
    mixture = np.mean([_chance_of(states, chance[:, None])[:, 0] for chance in lent], axis=0)
    total, square = np.zeros(down.shape[1]), np.zeros(down.shape[1])
    failing = np.zeros(down.shape)
    chunk = max(1, 4_000_000 // max(1, len(states)))  # bounds the memory at 32 MB
    for start in range(0, down.shape[1], chunk):
        here = slice(start, start + chunk)
        ratio = _chance_of(states, down[:, here]) / mixture[:, None]
        total[here] = times @ ratio / count
        square[here] = times @ ratio**2 / count
        failing[:, here] = (states * times[:, None]).T @ ratio / count
    # Nothing seen to fail is not "never fails": three over the samples is the 95 % bound.
    error = np.where(total > 0, np.sqrt(np.maximum(square - total**2, 0.0) / count), 3.0 / count)
    up = 1.0 - down
    importance = np.divide(failing, down, out=np.zeros_like(down), where=down > 0)
    importance -= np.divide(total - failing, up, out=np.zeros_like(down), where=up > 0)
    importance = np.maximum(importance, 0.0)  # the noise of a part that hardly matters may be negative
    return Evaluation(
        np.minimum(total, 1.0).reshape(shape), False, error.reshape(shape),
        {name: importance[i].reshape(shape) for i, name in enumerate(names)}, parts,
    )  # fmt: skip


def _chance_of(states: np.ndarray, down: Array) -> Array:
    """Chance of each state (row) under each draw (column)."""
    with np.errstate(divide="ignore"):
        fails, holds = np.log(down), np.log1p(-down)
    # 0 x -inf would be NaN: a very low stand-in makes the impossible 0 all the same.
    fails, holds = np.maximum(fails, -1e4), np.maximum(holds, -1e4)
    weight: Array = np.exp(states @ (fails - holds) + holds.sum(axis=0))
    return weight
