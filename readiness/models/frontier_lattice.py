"""The lattice of all designs: one option per tier, or a bundle over several, as packed integers.

A path through the lattice is a design. The front of every *rest* of the path is kept, so that a point's
design is found by walking the path again (no back pointers), and the search for the next best designs knows
what the rest can reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from readiness.errors import ModelError
from readiness.models import Array
from readiness.models.frontier_fields import USABLE_BITS, Bundle, Fields, Integers, Tier, staircase

SUMS_AT_ONCE = 1 << 20  # sums held in memory before dominated ones are dropped: 8 MB


@dataclass(frozen=True, eq=False)
class Lattice:
    """All designs of one global choice, and the front of every rest of a path.

    ``rests[t][mask]`` is the front of the tiers from ``t`` on, when those in ``mask`` are already filled by a
    bundle that began earlier.
    """

    tiers: tuple[Tier, ...]
    bundles: tuple[Bundle, ...]
    fields: Fields
    options: tuple[Integers, ...]
    bundle_keys: tuple[int, ...]
    caps: tuple[int | None, int | None, int | None] = (None, None, None)
    rests: list[dict[int, Integers]] = field(default_factory=list)

    def begins(self, t: int, mask: int) -> list[tuple[int, int, int]]:
        """Bundles that may begin at tier ``t``: index, packed integer, mask afterwards."""
        return [
            (b, self.bundle_keys[b], (mask | bundle.mask) & ~(1 << t))
            for b, bundle in enumerate(self.bundles)
            if bundle.tiers[0] == t and not bundle.mask & mask
        ]

    def designs(self, keys: Integers) -> NDArray[np.int64]:
        """The options of each point: rows are points, columns tiers; ``~b`` stands for bundle ``b``."""
        chosen = np.zeros((len(keys), len(self.tiers)), dtype=np.int64)
        groups = {0: (np.arange(len(keys)), np.searchsorted(self.rests[0][0], keys))}
        for t in range(len(self.tiers)):
            arriving: dict[int, list[tuple[Integers, Integers]]] = {}
            for mask, (points, places) in groups.items():
                if mask >> t & 1:
                    arriving.setdefault(mask & ~(1 << t), []).append((points, places))
                    continue
                # Many points share the rest of their path: each distinct rest is looked up once.
                used = np.zeros(len(self.rests[t][mask]), dtype=bool)
                used[places] = True
                place = np.cumsum(used)[places] - 1
                state = self.rests[t][mask][used]
                ways = [(mask, np.arange(len(self.options[t])), self.options[t])]
                ways += [(after, np.array([~b]), np.array([key])) for b, key, after in self.begins(t, mask)]
                open_ = np.ones(len(points), dtype=bool)
                for after, names, weights in ways:
                    found, option, following = _first_step(
                        state, names, weights, self.rests[t + 1].get(after)
                    )
                    now = open_ & found[place]
                    chosen[points[now], t] = option[place[now]]
                    arriving.setdefault(after, []).append((points[now], following[place[now]]))
                    open_ &= ~now
                    if (option < 0).any():
                        for other in self.bundles[~int(names[0])].tiers:
                            chosen[points[now], other] = names[0]
            groups = {
                mask: (np.concatenate([p for p, _ in parts]), np.concatenate([f for _, f in parts]))
                for mask, parts in arriving.items()
            }
        return chosen


@dataclass(frozen=True)
class Branch:
    """One global choice (a provider, zones, a region): its lattice and its surcharge (cost, loss, hours)."""

    label: str
    lattice: Lattice
    surcharge: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def totals(self, designs: NDArray[np.int64]) -> tuple[Array, Array, Array]:
        """Cost, loss and hours of each design, not rounded, surcharge included."""
        tiers, bundles = self.lattice.tiers, self.lattice.bundles
        rows = np.atleast_2d(np.asarray(designs, dtype=np.int64))
        sums: list[Array] = []
        for what, extra in zip(("cost", "loss", "hours"), self.surcharge, strict=True):
            total = np.full(len(rows), extra, dtype=np.float64)
            for t, tier in enumerate(tiers):
                own = rows[:, t] >= 0
                values = getattr(tier, what)
                if values is not None:
                    total[own] += values[rows[own, t]]
            for b, bundle in enumerate(bundles):
                total[(rows[:, bundle.tiers[0]] == ~b)] += getattr(bundle, what) or 0.0
            sums.append(total)
        return sums[0], sums[1], sums[2]

    def checked(self, design: Sequence[int]) -> tuple[int, ...]:
        """``design`` as a tuple, or a ModelError when it is none of this branch."""
        chosen = tuple(int(o) for o in design)
        tiers, bundles = self.lattice.tiers, self.lattice.bundles
        possible = len(chosen) == len(tiers) and all(
            o < len(tier) if o >= 0 else ~o < len(bundles) and t in bundles[~o].tiers
            for t, (o, tier) in enumerate(zip(chosen, tiers, strict=True))
        )
        if not possible or any(chosen[t] != o for o in chosen if o < 0 for t in bundles[~o].tiers):
            raise ModelError(f"{chosen} is no design of these {len(tiers)} tiers and {len(bundles)} bundles")
        return chosen

    def key(self, design: Sequence[int]) -> int:
        """The packed sum of a design, without the surcharge."""
        chosen = self.checked(design)
        own = sum(int(self.lattice.options[t][o]) for t, o in enumerate(chosen) if o >= 0)
        return own + sum(self.lattice.bundle_keys[~o] for o in {o for o in chosen if o < 0})

    def sums(self, keys: Integers) -> tuple[Array, Array, Array]:
        """Cost, loss and hours of packed sums, surcharge included."""
        fields = self.lattice.fields
        units = (fields.cost_units(keys), fields.loss_units(keys), fields.hour_units(keys))
        steps = (fields.cost_step, fields.loss_step, fields.hours_step)
        cost, loss, hours = (
            np.asarray(u * s + extra, dtype=np.float64)
            for u, s, extra in zip(units, steps, self.surcharge, strict=True)
        )
        return cost, loss, hours


def _first_step(
    state: Integers, names: Integers, weights: Integers, rest: Integers | None
) -> tuple[NDArray[np.bool_], Integers, Integers]:
    """For each state the first option that leaves a point of the rest, and that point's place."""
    found = np.zeros(len(state), dtype=bool)
    option, following = np.zeros(len(state), dtype=np.int64), np.zeros(len(state), dtype=np.int64)
    if rest is None or not len(rest) or not len(weights):
        return found, option, following
    rows = max(1, SUMS_AT_ONCE // len(weights))
    for first in range(0, len(state), rows):
        part = slice(first, first + rows)
        left = state[part] - weights[:, None]
        place = np.minimum(np.searchsorted(rest, left), len(rest) - 1)
        fits = rest[place] == left
        which = fits.argmax(axis=0)
        here = np.arange(fits.shape[1])
        found[part], option[part], following[part] = fits[which, here], names[which], place[which, here]
    return found, option, following


def build(
    tiers: Sequence[Tier],
    bundles: Sequence[Bundle],
    fields: Fields,
    caps: tuple[int | None, int | None, int | None] = (None, None, None),
) -> Lattice:
    """The lattice with the front of every rest; ``caps`` (cost, loss, hours) are in steps."""
    options = tuple(fields.pack(t.cost, t.loss, t.hours) for t in tiers)
    bundle_keys = tuple(int(fields.pack(b.cost, b.loss, b.hours)) for b in bundles)
    lattice = Lattice(tuple(tiers), tuple(bundles), fields, options, bundle_keys, caps)
    _refuse_overflow(lattice)
    useful = [staircase(o, fields) for o in options]
    amounts = (fields.cost_units, fields.loss_units, fields.hour_units)
    least = _least_before(lattice, useful)
    if not least[-1]:
        raise ModelError("no design fills every tier", hint="a tier without options needs a bundle")
    rests: list[dict[int, Integers]] = [{} for _ in range(len(tiers) + 1)]
    rests[-1][0] = np.zeros(1, dtype=np.int64)
    for t in reversed(range(len(tiers))):
        for mask, before in least[t].items():
            if mask >> t & 1:
                following = rests[t + 1].get(mask & ~(1 << t))
                if following is not None:
                    rests[t][mask] = following
                continue
            ways = [(mask, useful[t])]
            ways += [(after, np.array([key])) for _, key, after in lattice.begins(t, mask)]
            kept = np.zeros(0, dtype=np.int64)
            for after, keys in ways:
                rest = rests[t + 1].get(after)
                if rest is None or not len(keys):
                    continue
                columns = max(1, SUMS_AT_ONCE // max(1, len(rest)))
                for first in range(0, len(keys), columns):
                    sums = (rest + keys[first : first + columns, None]).ravel()
                    for cap, of, used in zip(caps, amounts, before, strict=True):
                        if cap is not None:
                            sums = sums[of(sums) <= cap - used]
                    kept = staircase(np.concatenate([kept, sums]) if len(kept) else sums, fields)
            rests[t][mask] = kept
    lattice.rests.extend(rests)
    return lattice


def _least_before(lattice: Lattice, useful: Sequence[Integers]) -> list[dict[int, tuple[int, ...]]]:
    """For each tier and mask that a path can reach, the least cost, loss and hours any beginning of it uses.

    With it, a rest that would break a cap is dropped as soon as it is made.
    """
    fields = lattice.fields
    amounts = (fields.cost_units, fields.loss_units, fields.hour_units)
    least: list[dict[int, tuple[int, ...]]] = [{0: (0, 0, 0)}]
    for t in range(len(lattice.tiers)):
        here: dict[int, tuple[int, ...]] = {}
        for mask, so_far in least[t].items():
            arcs: list[tuple[int, Integers]] = []
            if mask >> t & 1:
                arcs.append((mask & ~(1 << t), np.zeros(1, dtype=np.int64)))
            else:
                if len(useful[t]):
                    arcs.append((mask, useful[t]))
                arcs += [(after, np.array([key])) for _, key, after in lattice.begins(t, mask)]
            for after, keys in arcs:
                use = tuple(s + int(of(keys).min()) for s, of in zip(so_far, amounts, strict=True))
                here[after] = tuple(map(min, here.get(after, use), use))
        least.append(here)
    return least


def _refuse_overflow(lattice: Lattice) -> None:
    """Check on the packed integers themselves that no design's sum can leave its field.

    The fields were sized in floats; a sum that spills into the next field gives a plausible wrong front.
    """
    fields = lattice.fields
    rooms = (USABLE_BITS - fields.low_bits, fields.loss_bits, fields.hours_bits)
    names = ("cost", "loss", "hours")
    steps = (fields.cost_step, fields.loss_step, fields.hours_step)
    for name, room, step in zip(names, rooms, steps, strict=True):
        total = 0.0
        for t, tier in enumerate(lattice.tiers):
            # From the options as given, since a packed one may already have spilled.
            own = getattr(tier, name)
            worst = [0.0] if own is None or not len(own) else [float(np.rint(own.max() / step))]
            worst += [
                float(np.rint((getattr(b, name) or 0.0) / step)) / len(b.tiers)
                for b in lattice.bundles
                if t in b.tiers
            ]
            total += max(worst)
        if total > (1 << room) - 1:
            raise ModelError(
                f"the {name} of a design can leave its {room} bits", hint="choose a coarser resolution"
            )
