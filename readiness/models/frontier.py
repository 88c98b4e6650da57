"""The exact frontier of cost against loss (and team hours) over every design.

Each tier can be run in several ways; together that is up to 10^15 designs. ``front`` finds all that no other
design beats, in about a millisecond, and ``merge`` puts the fronts of the global choices (provider, zones,
regions) together. The questions a client asks of it stand in ``frontier_questions``, the search for
alternatives in ``frontier_search``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.frontier_fields import Bundle, Integers, Tier, size_fields, steps_within
from readiness.models.frontier_lattice import Branch, build

MINUTES_PER_YEAR = 525_960.0  # 8,766 hours


LossUnit = Literal["log_availability", "minutes"]


def loss_of(unavailability: ArrayLike) -> Array:
    """The loss that adds up over tiers in series: -log(1 - unavailability).

    Raises
    ------
    ModelError
        When something is never up: its loss is infinite.

    Examples
    --------
    Two tiers of 99.95 % in series:

    >>> float(np.exp(-loss_of([0.0005, 0.0005]).sum()))
    0.99900025
    """
    share = np.asarray(unavailability, dtype=np.float64)
    if not ((share >= 0) & (share < 1)).all():
        raise ModelError("an unavailability lies from 0 to below 1: what is never up has no finite loss")
    return np.asarray(-np.log1p(-share))


@dataclass(frozen=True)
class Point:
    """One design, or sums made by hand.

    ``design`` is the option per tier, with ``~b`` where bundle ``b`` fills it; ``branch`` the number of the
    global choice and ``label`` its name; ``index`` the place on the front, None beside it.
    """

    cost: float
    loss: float
    hours: float | None = None
    design: tuple[int, ...] = ()
    branch: int = 0
    label: str = ""
    index: int | None = None


@dataclass(frozen=True, eq=False)
class Front:
    """The designs that no other design beats, by rising cost.

    Parameters
    ----------
    cost, loss, hours
        Sums of each point on the steps of the integers; ``hours`` is None when it is no criterion. With two
        criteria the loss falls along the front.
    branch
        Which of ``branches`` each point belongs to.
    branches
        The global choices.
    loss_unit
        What ``loss`` means; decides how ``minutes`` reads it.

    Notes
    -----
    ``cost_error``, ``loss_error`` and ``hours_error`` say how far a point can lie from the sums of its
    design: half a step per tier at most, and nothing where the prices lie on the steps.
    """

    cost: Array
    loss: Array
    hours: Array | None
    branch: Integers
    branches: tuple[Branch, ...]
    keys: Integers
    loss_unit: LossUnit
    cost_error: float
    loss_error: float
    hours_error: float

    def __post_init__(self) -> None:
        for values in (self.cost, self.loss, self.hours, self.branch, self.keys):
            if values is not None:
                values.flags.writeable = False

    def __len__(self) -> int:
        return len(self.cost)

    def designs(self, points: ArrayLike | None = None) -> NDArray[np.int64]:
        """The chosen option of each tier for every point, or the ``points`` asked for.

        Returns
        -------
        designs
            Rows are points, columns tiers; ``~b`` (negative) where bundle ``b`` fills the tier.
        """
        wanted = np.arange(len(self)) if points is None else np.atleast_1d(np.asarray(points, dtype=np.int64))
        chosen = np.zeros((len(wanted), len(self.branches[0].lattice.tiers)), dtype=np.int64)
        for number in np.unique(self.branch[wanted]):
            here = self.branch[wanted] == number
            chosen[here] = self.branches[number].lattice.designs(self.keys[wanted[here]])
        return chosen

    def point(self, index: int) -> Point:
        """The point at ``index`` with its design."""
        place = range(len(self))[index]
        return self._named(int(self.keys[place]), int(self.branch[place]), self.designs(place)[0], place)

    def evaluate(self, design: Sequence[int], branch: int = 0) -> Point:
        """Any design of a branch as a point: its sums on the front's steps, and its place if on it."""
        key = self.branches[branch].key(design)
        places = np.flatnonzero((self.keys == key) & (self.branch == branch))
        return self._named(key, branch, design, int(places[0]) if len(places) else None)

    def _named(self, key: int, number: int, design: Iterable[int], index: int | None) -> Point:
        branch = self.branches[number]
        cost, loss, hours = (float(s[0]) for s in branch.sums(np.array([key], dtype=np.int64)))
        chosen = tuple(int(o) for o in design)
        return Point(cost, loss, None if self.hours is None else hours, chosen, number, branch.label, index)

    def minutes(self, minutes_per_year: float = MINUTES_PER_YEAR) -> Array:
        """Bad minutes per year of each point."""
        return minutes_of(self.loss, self.loss_unit, minutes_per_year)


def minutes_of(loss: ArrayLike, loss_unit: LossUnit, minutes_per_year: float = MINUTES_PER_YEAR) -> Array:
    """Bad minutes per year of a loss.

    Examples
    --------
    >>> round(float(minutes_of(loss_of(0.0005), "log_availability")), 2)
    262.98
    """
    if loss_unit == "minutes":
        return np.asarray(loss, dtype=np.float64)
    return np.asarray(-np.expm1(-np.asarray(loss, dtype=np.float64)) * minutes_per_year)


def front(
    tiers: Sequence[Tier],
    bundles: Sequence[Bundle] = (),
    *,
    resolution: float = 0.01,
    hours_resolution: float = 0.5,
    loss_resolution: float | None = None,
    cost_max: float | None = None,
    loss_max: float | None = None,
    hours_max: float | None = None,
    surcharge: tuple[float, float, float] = (0.0, 0.0, 0.0),
    label: str = "",
    loss_unit: LossUnit = "log_availability",
) -> Front:
    """Every design that no other beats in cost and loss (and hours, when the tiers state them).

    Parameters
    ----------
    tiers
        The ways each tier can be run; blocked ways are left out by the caller, who knows the reason.
    bundles
        Options that fill several tiers at once.
    resolution, hours_resolution
        Steps to which cost (money per month) and hours (per month) are rounded.
    loss_resolution
        Step of the loss; by default as fine as the integer allows.
    cost_max, loss_max, hours_max
        Caps, surcharge included; designs above are left out.
    surcharge
        Cost, loss and hours that this global choice adds to every design: egress, a second skill set, the
        floor.
    label
        The name of this global choice.
    loss_unit
        ``log_availability`` (exact for parts in series) or ``minutes`` (first order).

    Returns
    -------
    front
        Empty when no design keeps the caps.

    Raises
    ------
    ModelError
        When an option is never up, when no design fills every tier, or when the sums do not fit into 63 bits.

    Notes
    -----
    Nemhauser and Ullmann (1969), "Discrete dynamic programming and capital allocation", on packed integers:
    exact for the rounded integers, and independent of the order of tiers and options. The common surcharge is
    added in floats.

    Examples
    --------
    A web tier and a database, each alone or doubled: which of the four designs are worth a look?

    >>> web = Tier(cost=[50, 100], loss=loss_of([0.01, 0.0002]))
    >>> database = Tier(cost=[200, 400], loss=loss_of([0.005, 0.0005]))
    >>> found = front([web, database], resolution=1)
    >>> for cost, minutes, design in zip(found.cost, found.minutes(), found.designs().tolist()):
    ...     print(f"{cost:.0f} a month: {minutes:,.0f} bad minutes a year with options {design}")
    250 a month: 7,863 bad minutes a year with options [0, 0]
    300 a month: 2,734 bad minutes a year with options [1, 0]
    500 a month: 368 bad minutes a year with options [1, 1]

    Doubling the database alone costs more than doubling the web tier and leaves more: it is not shown.
    """
    _check(tiers, bundles, surcharge, hours_max)
    fields = size_fields(tiers, bundles, resolution, hours_resolution, loss_resolution)
    steps = (fields.cost_step, fields.loss_step, fields.hours_step)
    errors = tuple(
        _rounding(tiers, bundles, w, s) for w, s in zip(("cost", "loss", "hours"), steps, strict=True)
    )
    caps = tuple(
        steps_within(cap, extra, error, step)
        for cap, extra, error, step in zip(
            (cost_max, loss_max, hours_max), surcharge, errors, steps, strict=True
        )
    )
    lattice = build(tiers, bundles, fields, (caps[0], caps[1], caps[2]))
    keys = lattice.rests[0][0]
    branch = Branch(label, lattice, surcharge)
    sums = branch.sums(keys)
    return Front(
        cost=sums[0],
        loss=sums[1],
        hours=sums[2] if fields.hours_bits else None,
        branch=np.zeros(len(keys), dtype=np.int64),
        branches=(branch,),
        keys=keys.copy(),
        loss_unit=loss_unit,
        cost_error=errors[0],
        loss_error=errors[1],
        hours_error=errors[2],
    )


def _check(
    tiers: Sequence[Tier],
    bundles: Sequence[Bundle],
    surcharge: tuple[float, float, float],
    hours_max: float | None,
) -> None:
    """Refuse what has no meaning before any sum is made."""
    if not tiers:
        raise ModelError("a design needs at least one tier")
    timed = any(t.hours is not None for t in tiers)
    if any(t.hours is None for t in tiers if len(t)) and timed:
        raise ModelError("hours must be given for every tier or for none")
    if not all(math.isfinite(extra) for extra in surcharge):
        raise ModelError(f"a surcharge must be finite, and is {surcharge}")
    if hours_max is not None and not timed:
        raise ModelError("a cap on hours needs hours for every tier")
    for bundle in bundles:
        if bundle.tiers[-1] >= len(tiers):
            raise ModelError(
                f"bundle {bundle.label or '?'} fills tier {bundle.tiers[-1]} of {len(tiers)} tiers"
            )
        if (bundle.hours is not None) != timed:
            raise ModelError(f"bundle {bundle.label or '?'} must state hours exactly when the tiers do")


def _rounding(tiers: Sequence[Tier], bundles: Sequence[Bundle], what: str, step: float) -> float:
    """How far the rounded sum of a design can lie from its exact one."""
    total = 0.0
    for t, tier in enumerate(tiers):
        values = [] if getattr(tier, what) is None else list(getattr(tier, what))
        values += [getattr(b, what) or 0.0 for b in bundles if t in b.tiers]
        exact = np.array(values, dtype=np.float64)
        total += float(np.abs(np.rint(exact / step) * step - exact).max(initial=0.0))
    return total


def merge(fronts: Sequence[Front]) -> Front:
    """The front over several global choices: each point keeps the choice it belongs to.

    Parameters
    ----------
    fronts
        One front per choice, each with its label and its surcharge in the sums; same tiers, loss unit and
        criteria.

    Notes
    -----
    Providers are enumerated, never mixed within a design, unless the caller hands in a mixed choice with its
    egress and its second skill set as the surcharge. Of two points equal in everything, the earlier front's
    stays.

    Examples
    --------
    One zone, or two at a surcharge of 30 a month that halves what goes wrong:

    >>> one = front([Tier([100, 250], [0.010, 0.002])], label="one zone")
    >>> two = front([Tier([100, 250], [0.005, 0.001])], label="two zones", surcharge=(30, 0, 0))
    >>> both = merge([one, two])
    >>> [(both.point(i).label, round(both.point(i).cost)) for i in range(len(both))]
    [('one zone', 100), ('two zones', 130), ('one zone', 250), ('two zones', 280)]
    """
    if not fronts:
        raise ModelError("there is no front to merge")
    first = fronts[0]
    for other in fronts[1:]:
        same = (other.hours is None) == (first.hours is None) and other.loss_unit == first.loss_unit
        if not same or len(other.branches[0].lattice.tiers) != len(first.branches[0].lattice.tiers):
            raise ModelError("fronts to merge must share their tiers, their loss unit and their criteria")
    before = np.cumsum([0] + [len(f.branches) for f in fronts])
    cost, loss = np.concatenate([f.cost for f in fronts]), np.concatenate([f.loss for f in fronts])
    hours = None if first.hours is None else np.concatenate([f.hours for f in fronts if f.hours is not None])
    kept = undominated(cost, loss, hours)
    return Front(
        cost=cost[kept],
        loss=loss[kept],
        hours=None if hours is None else hours[kept],
        branch=np.concatenate([f.branch + n for f, n in zip(fronts, before, strict=False)])[kept],
        branches=tuple(b for f in fronts for b in f.branches),
        keys=np.concatenate([f.keys for f in fronts])[kept],
        loss_unit=first.loss_unit,
        cost_error=max(f.cost_error for f in fronts),
        loss_error=max(f.loss_error for f in fronts),
        hours_error=max(f.hours_error for f in fronts),
    )


def undominated(cost: Array, loss: Array, hours: Array | None = None) -> Integers:
    """Places of the points that no other beats, by rising cost, then loss; of equal ones the first stays."""
    if hours is None:
        order = np.lexsort((np.arange(len(cost)), loss, cost))
        return order[_falls(loss[order])]
    # Floats of several fronts do not share steps, hence a sweep over the hour levels with one staircase.
    kept = np.zeros(len(cost), dtype=bool)
    stair = np.zeros(0, dtype=np.int64)
    for level in np.unique(hours):
        here = np.flatnonzero(hours == level)
        both = np.concatenate([stair, here])
        # Earlier levels come first among equals, and so dominate them.
        order = both[np.lexsort((np.arange(len(both)), loss[both], cost[both]))]
        stair = order[_falls(loss[order])]
        kept[stair[hours[stair] == level]] = True
    places = np.flatnonzero(kept)
    return places[np.lexsort((places, loss[places], hours[places], cost[places]))]


def _falls(loss: Array) -> NDArray[np.bool_]:
    """Where ``loss`` is below all before it."""
    keep = np.ones(len(loss), dtype=bool)
    np.less(loss[1:], np.minimum.accumulate(loss)[:-1], out=keep[1:])
    return keep
