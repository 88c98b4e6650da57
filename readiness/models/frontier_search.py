"""The next best designs: exact A* over the lattice, guided by what the front of each rest can still reach."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import count, islice

import numpy as np

from readiness.errors import ModelError
from readiness.models.frontier import Front, Point
from readiness.models.frontier_fields import Fields, Integers, staircase_of_two, steps_within
from readiness.models.frontier_lattice import Branch, Lattice

UNLIMITED = 1 << 62
MOST_STEPS = 500_000  # paths looked at for one design: some ten seconds

Limits = tuple[int, int, int]  # cost, loss, hours in steps
Layers = list[dict[int, list["Reach"]]]


class Reach:
    """The least cost, or loss, of a rest within what is left of the limits."""

    def __init__(self, keys: Integers, fields: Fields, by_cost: bool, hours: bool) -> None:
        self.low_bits, self.loss_mask = fields.low_bits, fields.loss_mask
        self.by_cost, self.hours = by_cost, hours
        if hours:
            self.parts = fields.cost_units(keys), fields.loss_units(keys), fields.hour_units(keys)
        else:
            self.keys: list[int] = keys.tolist()
            self.gains: list[int] = (-fields.loss_units(keys)).tolist() if by_cost else []

    def least(self, cost: int, loss: int, hours: int) -> int | None:
        """The least of the objective when so much of the limits is left; None when nothing fits."""
        if self.hours:
            costs, losses, needed = self.parts
            fits = (costs <= cost) & (losses <= loss) & (needed <= hours)
            reached = (costs if self.by_cost else losses)[fits]
            return int(reached.min()) if len(reached) else None
        if self.by_cost:
            place = bisect_left(self.gains, -loss)
            fits_cost = place < len(self.keys) and self.keys[place] >> self.low_bits <= cost
            return self.keys[place] >> self.low_bits if fits_cost else None
        if cost < 0:
            return None
        place = bisect_right(self.keys, (cost << self.low_bits) | ((1 << self.low_bits) - 1)) - 1
        if place < 0:
            return None
        best = self.keys[place] & self.loss_mask
        return best if best <= loss else None


def k_best(
    front: Front,
    wanted: int,
    *,
    cost_max: float | None = None,
    loss_max: float | None = None,
    hours_max: float | None = None,
    differ: int = 1,
    unlike: Sequence[Point] = (),
) -> tuple[Point, ...]:
    """The ``wanted`` best designs: least loss within ``cost_max``, or least cost within ``loss_max``.

    Parameters
    ----------
    front
        From ``front`` or ``merge``; its caps hold here too.
    wanted
        How many designs; fewer come back when there are no more.
    cost_max, loss_max
        Exactly one of them: the bound; the other is made least.
    hours_max
        A cap on team hours.
    differ
        Each design differs from all before it in at least so many tiers; a design of another global choice
        differs in every tier. The designs are chosen one after the other, each the best that differs enough
        from those before.
    unlike
        Designs that are already on the table, and from which the new ones must differ as well.

    Raises
    ------
    ModelError
        When not exactly one bound is given, or the search looks at more than half a million paths for one
        design.

    Notes
    -----
    Hart, Nilsson and Raphael (1968), A*, with exact heuristics: the front of every rest is known, so that the
    plain k best need about one path per design. For ``differ`` > 1 each design already chosen adds a front
    per rest and number of differences still owed; the largest of these bounds guides the search and keeps it
    exact.

    Examples
    --------
    The three most available designs within 500 a month:

    >>> from readiness.models.frontier import Tier, front, loss_of
    >>> web = Tier([50, 100], loss_of([0.01, 0.0002]))
    >>> database = Tier([200, 400], loss_of([0.005, 0.0005]))
    >>> [found.design for found in k_best(front([web, database]), 3, cost_max=500)]
    [(1, 1), (1, 0), (0, 1)]
    """
    if (cost_max is None) == (loss_max is None):
        raise ModelError("the search for designs needs exactly one bound: a cost or a loss")
    if hours_max is not None and front.hours is None:
        raise ModelError("a cap on hours needs hours for every tier")
    if wanted < 0 or differ < 1:
        raise ModelError(f"{wanted} designs that differ in {differ} tiers cannot be asked for")
    bounds = (cost_max, loss_max, hours_max)
    by_cost = cost_max is None

    known: dict[tuple[int, tuple[int, ...]], Layers] = {}

    def paths(number: int, chosen: Sequence[Point]) -> Iterator[Point]:
        """The designs of one branch, best first, that differ enough from the chosen."""
        branch = front.branches[number]
        alike = [p.design for p in chosen if p.branch == number]
        for design in alike:
            if (number, design) not in known:
                known[number, design] = _layers(branch.lattice, design, differ, by_cost)
        others = [(design, known[number, design]) for design in alike]
        for path in _search(branch.lattice, by_cost, _limits(front, branch, bounds), others, differ):
            yield front.evaluate(path, number)

    def value(point: Point) -> tuple[float, float, int]:
        return (point.cost, point.loss, point.branch) if by_cost else (point.loss, point.cost, point.branch)

    numbers = range(len(front.branches))
    if differ == 1:
        # Designs of one search differ anyhow: one search per branch, merged.
        return tuple(islice(heapq.merge(*(paths(n, unlike) for n in numbers), key=value), wanted))
    chosen: list[Point] = []
    upcoming: dict[int, Point | None] = {n: next(paths(n, unlike), None) for n in numbers}
    while len(chosen) < wanted:
        ready = [point for point in upcoming.values() if point is not None]
        if not ready:
            break
        best = min(ready, key=value)
        chosen.append(best)
        upcoming[best.branch] = next(paths(best.branch, [*unlike, *chosen]), None)
    return tuple(chosen)


def _limits(front: Front, branch: Branch, bounds: Sequence[float | None]) -> Limits:
    """The bounds in steps of this branch, without its surcharge and never above the front's own caps."""
    fields = branch.lattice.fields
    steps = (fields.cost_step, fields.loss_step, fields.hours_step)
    errors = (front.cost_error, front.loss_error, front.hours_error)
    limits = []
    for bound, extra, error, step, cap in zip(
        bounds, branch.surcharge, errors, steps, branch.lattice.caps, strict=True
    ):
        own = steps_within(bound, extra, error, step)
        limits.append(min(UNLIMITED if limit is None else limit for limit in (own, cap)))
    return limits[0], limits[1], limits[2]


def _search(
    lattice: Lattice,
    by_cost: bool,
    limits: Limits,
    others: Sequence[tuple[tuple[int, ...], Layers]],
    differ: int,
) -> Iterator[tuple[int, ...]]:
    """The designs within the limits, best first, ``differ`` tiers or more away from ``others``."""
    fields, length = lattice.fields, len(lattice.tiers)
    reach: dict[tuple[int, int], Reach] = {}

    def bound(t: int, mask: int, key: int, owed: tuple[int, ...]) -> int | None:
        """The least of the objective over all designs that begin like this; None when none fits."""
        if (t, mask) not in reach:
            rest = lattice.rests[t].get(mask, np.zeros(0, dtype=np.int64))
            reach[t, mask] = Reach(rest, fields, by_cost, bool(fields.hours_bits))
        cost, loss = key >> fields.low_bits, key & fields.loss_mask
        hours = (key >> fields.loss_bits) & ((1 << fields.hours_bits) - 1)
        left = limits[0] - cost, limits[1] - loss, limits[2] - hours
        best = reach[t, mask].least(*left)
        for (_, layer), differences in zip(others, owed, strict=True):
            if best is None:
                return None
            if differences:
                other = layer[t][mask][differences].least(*left)
                best = None if other is None else max(best, other)
        return None if best is None else best + (cost if by_cost else loss)

    order = count()
    owed = (differ,) * len(others)
    first = bound(0, 0, 0, owed)
    # Among equals the longer path is looked at first, so that ties do not fan out.
    heap: list[tuple[int, int, int, int, int, tuple[int, ...], tuple[int, ...]]] = []
    heap += [] if first is None else [(first, 0, next(order), 0, 0, owed, ())]
    looked_at = 0
    while heap:
        _, _, _, key, mask, owed, path = heapq.heappop(heap)
        t = len(path)
        if t == length:
            looked_at = 0
            yield path
            continue
        looked_at += 1
        if looked_at > MOST_STEPS:
            raise ModelError(f"no further design in {MOST_STEPS:,} steps", hint="let them differ less")
        for name, weight, after in _arcs(lattice, t, mask, path):
            still = tuple(
                max(0, d - _differences(lattice, t, name, mask, design))
                for d, (design, _) in zip(owed, others, strict=True)
            )
            reached = bound(t + 1, after, key + weight, still)
            if reached is not None:
                begun = (*path, name)
                heapq.heappush(heap, (reached, -t - 1, next(order), key + weight, after, still, begun))


def _arcs(lattice: Lattice, t: int, mask: int, path: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Every way on from tier ``t``: its name, its packed integer, the mask afterwards."""
    if mask >> t & 1:
        # Filled by the bundle that began earlier: the latest one on the path that covers this tier.
        name = next(o for o in path if o < 0 and t in lattice.bundles[~o].tiers)
        yield name, 0, mask & ~(1 << t)
        return
    for option, weight in enumerate(lattice.options[t].tolist()):
        yield option, weight, mask
    for b, weight, after in lattice.begins(t, mask):
        yield ~b, weight, after


def _differences(lattice: Lattice, t: int, name: int, mask: int, design: tuple[int, ...]) -> int:
    """Tiers in which this way on differs from ``design``; a bundle counts all its tiers where it begins."""
    if mask >> t & 1 or design[t] == name:
        return 0
    return len(lattice.bundles[~name].tiers) if name < 0 else 1


def _layers(lattice: Lattice, design: tuple[int, ...], differ: int, by_cost: bool) -> Layers:
    """What each rest can reach, by the differences it still owes to ``design``; hours aside."""
    fields = lattice.fields
    no_hours = ~(((1 << fields.hours_bits) - 1) << fields.loss_bits)
    nothing = np.zeros(0, dtype=np.int64)
    fronts: list[dict[int, list[Integers]]] = [{} for _ in range(len(lattice.tiers) + 1)]
    fronts[-1][0] = [np.zeros(1, dtype=np.int64)] + [nothing] * differ
    for t in reversed(range(len(lattice.tiers))):
        for mask in lattice.rests[t]:
            if mask >> t & 1:
                fronts[t][mask] = fronts[t + 1][mask & ~(1 << t)]
                continue
            own = lattice.options[t] & no_hours
            same = np.arange(len(own)) == design[t]
            ways = [(own[same], mask, 0), (staircase_of_two(own[~same], fields.loss_mask), mask, 1)]
            for b, weight, after in lattice.begins(t, mask):
                differences = 0 if design[t] == ~b else len(lattice.bundles[b].tiers)
                ways.append((np.array([weight & no_hours]), after, differences))
            fronts[t][mask] = [
                staircase_of_two(
                    np.concatenate(
                        [
                            (fronts[t + 1][after][max(0, owed - differences)] + weights[:, None]).ravel()
                            for weights, after, differences in ways
                            if after in fronts[t + 1]
                        ]
                        or [nothing]
                    ),
                    fields.loss_mask,
                )
                for owed in range(differ + 1)
            ]
    return [
        {mask: [Reach(keys, fields, by_cost, False) for keys in owed] for mask, owed in here.items()}
        for here in fronts
    ]
