"""Tiers and bundles, their sums packed into one integer, and the undominated among such integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike

Integers = NDArray[np.int64]

FLOAT_NOISE = 1e-12  # relative; two sums of the same numbers in another order differ by less
LEAST_LOSS_STEP = 1e-18  # a finer step means nothing, and a subnormal one cannot divide
USABLE_BITS = 63  # of a signed 64-bit integer
MOST_LOSS_BITS = 52  # a loss field stays exact when it is turned into a float
FEW = 96  # so many are compared each with each, which is quicker than rounds over the hour levels
EARLIER = np.tri(FEW, k=-1, dtype=bool)  # [i, j]: j comes before i
LEAST_LOSS_BITS = 24  # coarser than 1 in 16 million of the worst design, good designs would melt into one


def _positive(values: ArrayLike, what: str) -> Array:
    """``values`` as a read-only row of finite numbers that are not negative, or a ModelError."""
    row = np.array(values, dtype=np.float64, ndmin=1)
    if row.ndim != 1:
        raise ModelError(f"{what} must be one row of numbers, one per option, and has {row.ndim} axes")
    if np.isposinf(row).any() and what.startswith("loss"):
        raise ModelError(f"{what} is infinite: an option that is never up cannot be part of a design")
    if not np.isfinite(row).all() or (row < 0).any():
        wrong = row[~(row >= 0) | np.isinf(row)][0]
        raise ModelError(f"{what} must be finite and not negative, and is {wrong}")
    row.flags.writeable = False
    return row


@dataclass(frozen=True, eq=False)
class Tier:
    """The ways one tier can be run.

    Parameters
    ----------
    cost
        Money per month of each option; zero or more.
    loss
        Loss of each option, in a unit that adds up over the tiers: -log(availability), or bad minutes.
    hours
        Team hours per month of each option, if hours are a criterion.
    name
        What messages call the tier.
    """

    cost: Array
    loss: Array
    hours: Array | None = None
    name: str = ""

    def __post_init__(self) -> None:
        called = f" of tier {self.name}" if self.name else ""
        for what in ("cost", "loss", "hours"):
            values = getattr(self, what)
            if values is not None:
                object.__setattr__(self, what, _positive(values, what + called))
        sizes = {len(v) for v in (self.cost, self.loss, self.hours) if v is not None}
        if len(sizes) > 1:
            raise ModelError(f"cost, loss and hours{called} differ in length")

    def __len__(self) -> int:
        return len(self.cost)


@dataclass(frozen=True)
class Bundle:
    """One option that fills several tiers at once, with one bill and one failure.

    Parameters
    ----------
    tiers
        Indices of the tiers it fills.
    cost, loss, hours
        As for a tier's option, once for all tiers it fills.
    label
        What the reader calls it.
    """

    tiers: tuple[int, ...]
    cost: float
    loss: float
    hours: float | None = None
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", tuple(sorted({int(t) for t in self.tiers})))
        if not self.tiers or self.tiers[0] < 0:
            raise ModelError(f"bundle {self.label or '?'} fills no tier that exists")
        for what in ("cost", "loss", "hours"):
            value = getattr(self, what)
            if value is not None and not 0 <= value < math.inf:
                _positive(value, f"{what} of bundle {self.label or '?'}")

    @property
    def mask(self) -> int:
        """The tiers it fills as bits."""
        return sum(1 << t for t in self.tiers)


@dataclass(frozen=True)
class Fields:
    """Where ``cost | hours | loss`` stand in one integer, each wide enough for the worst sum."""

    cost_step: float
    loss_step: float
    hours_step: float
    loss_bits: int
    hours_bits: int

    @property
    def low_bits(self) -> int:
        """Bits below the cost."""
        return self.loss_bits + self.hours_bits

    @property
    def loss_mask(self) -> int:
        """The bits of the loss."""
        return (1 << self.loss_bits) - 1

    def pack(self, cost: ArrayLike, loss: ArrayLike, hours: ArrayLike | None) -> Integers:
        """Each option as one integer, rounded to the steps."""
        hour_units = 0 if hours is None else np.rint(np.asarray(hours) / self.hours_step).astype(np.int64)
        cost_units = np.rint(np.asarray(cost) / self.cost_step).astype(np.int64)
        loss_units = np.rint(np.asarray(loss) / self.loss_step).astype(np.int64)
        packed = cost_units << self.low_bits | hour_units << self.loss_bits | loss_units
        return np.asarray(packed, dtype=np.int64)

    def cost_units(self, keys: Integers) -> Integers:
        """The cost in steps."""
        return keys >> self.low_bits

    def hour_units(self, keys: Integers) -> Integers:
        """The hours in steps."""
        return (keys >> self.loss_bits) & ((1 << self.hours_bits) - 1)

    def loss_units(self, keys: Integers) -> Integers:
        """The loss in steps."""
        return keys & self.loss_mask


def steps_within(bound: float | None, extra: float, error: float, step: float) -> int | None:
    """``bound`` as a number of steps, without what is ``extra`` to every design; None when there is no bound.

    It is widened by the rounding ``error``: a design whose exact sum meets the bound is kept, although its
    rounded one may lie above.
    """
    if bound is None or bound == math.inf:
        return None
    if math.isnan(bound):
        raise ModelError("a bound must be a number")
    return math.floor(max((bound - extra + error) / step * (1 + FLOAT_NOISE), -1.0))


def size_fields(
    tiers: Sequence[Tier],
    bundles: Sequence[Bundle],
    resolution: float,
    hours_resolution: float,
    loss_resolution: float | None,
) -> Fields:
    """Fields wide enough for the worst design; what the cost and the hours leave is the loss's."""

    def worst(what: str, step: float) -> float:
        # A bundle is spread evenly over its tiers: then no design can exceed the sum of the tiers' worst.
        total = 0.0
        for t, tier in enumerate(tiers):
            own = getattr(tier, what)
            spread = [(getattr(b, what) or 0.0) / len(b.tiers) for b in bundles if t in b.tiers]
            total += max([0.0, *(own if own is not None else ()), *spread]) + step
        return total

    def bits(what: str, step: float) -> int:
        if not (step > 0 and math.isfinite(step)):
            raise ModelError(f"the resolution of the {what} must be positive, and is {step}")
        return math.ceil(worst(what, step) / step).bit_length()

    cost_bits = bits("cost", resolution)
    hours_bits = 0 if all(t.hours is None for t in tiers) else bits("hours", hours_resolution)
    left = min(USABLE_BITS - cost_bits - hours_bits, MOST_LOSS_BITS)
    if loss_resolution is None:
        if left >= LEAST_LOSS_BITS:
            # One step of slack per tier, for rounding up.
            step = max(worst("loss", 0.0) / ((1 << left) - 1 - len(tiers)), LEAST_LOSS_STEP)
            return Fields(resolution, step, hours_resolution, left, hours_bits)
        needed = LEAST_LOSS_BITS
    else:
        needed = bits("loss", loss_resolution)
        if needed <= left:
            return Fields(resolution, loss_resolution, hours_resolution, needed, hours_bits)
    raise ModelError(
        f"cost ({cost_bits} bits), hours ({hours_bits}) and loss ({needed}) exceed {USABLE_BITS} bits",
        hint="choose a coarser resolution",
    )


def staircase_of_two(keys: Integers, loss_mask: int) -> Integers:
    """The undominated among ``keys`` in cost and loss alone."""
    keys = np.sort(keys)
    loss = keys & loss_mask
    keep = np.ones(len(keys), dtype=bool)
    np.less(loss[1:], np.minimum.accumulate(loss)[:-1], out=keep[1:])
    return keys[keep]


def staircase(keys: Integers, fields: Fields) -> Integers:
    """The undominated among ``keys``, sorted; of equal ones, one is kept.

    Notes
    -----
    Two criteria: after sorting, a point survives when its loss is below all before it (Nemhauser and Ullmann,
    1969). Three: the same within each hour level, then across levels. In round r the levels are paired in
    blocks of 2^(r+1); sorting by block, cost, hours makes the lower half's running minimum decide about the
    upper half. Every pair of levels meets in exactly one round, and all rounds sort plain integers, since
    each is a permutation of the fields. A few points are compared each with each: sorted by cost, hours, loss,
    only an earlier one can beat a later one.
    """
    if len(keys) <= 1:
        return keys
    if not fields.hours_bits:
        return staircase_of_two(keys, fields.loss_mask)
    if len(keys) <= FEW:
        keys = np.sort(keys)
        hours, loss = fields.hour_units(keys), fields.loss_units(keys)
        no_worse = (hours[None, :] <= hours[:, None]) & (loss[None, :] <= loss[:, None])
        return keys[~(no_worse & EARLIER[: len(keys), : len(keys)]).any(axis=1)]
    cost, hours, loss = fields.cost_units(keys), fields.hour_units(keys), fields.loss_units(keys)
    never = 1 << fields.loss_bits
    cost_bits = USABLE_BITS - fields.low_bits
    cost_mask = (1 << cost_bits) - 1
    levels = int(hours.max()).bit_length()
    for below in range(levels + 1):  # hour bits that stand below the cost in this round's order
        wide = fields.loss_bits + below
        order = (hours >> below) << (wide + cost_bits) | cost << wide
        order |= (hours & ((1 << below) - 1)) << fields.loss_bits | loss
        order.sort()
        loss = order & fields.loss_mask
        cost = (order >> wide) & cost_mask
        block = order >> (wide + cost_bits)
        lower = (order >> fields.loss_bits) & ((1 << below) - 1)
        hours = block << below | lower
        # A later block starts below everything before it, so that the running minimum begins anew.
        start = (int(block[-1]) - block) << (fields.loss_bits + 1)
        if below == 0:
            height = start | loss
            keep = np.empty(len(order), dtype=bool)
            keep[0] = True
            np.less(height[1:], np.minimum.accumulate(height)[:-1], out=keep[1:])
        else:
            upper = (lower >> (below - 1)).astype(bool)
            best = np.minimum.accumulate(start | np.where(upper, never, loss))
            keep = ~(upper & (best <= (start | loss)))
        cost, hours, loss = cost[keep], hours[keep], loss[keep]
    return np.sort(cost << fields.low_bits | hours << fields.loss_bits | loss)
