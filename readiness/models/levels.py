"""Readiness levels with what they do not know, gates that follow the promise, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from readiness.errors import ModelError
from readiness.models import ArrayLike

__all__ = [
    "DimensionScore",
    "GateStatus",
    "Outcome",
    "Reason",
    "Verdict",
    "dimension_score",
    "gate_status",
    "highest_promise",
    "required_level",
    "verdict",
]

GateStatus = Literal["met", "missed", "unproven", "not applicable"]
Outcome = Literal["Go", "Go with conditions", "Not yet"]

TOLERATED_BREACH_CHANCE = (
    0.10  # a year; what one signs for, see METHODS: "the highest promise one could sign today"
)


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """The level of a dimension, how much of it was asked, and how far the rest could move it.

    Parameters
    ----------
    score
        Weighted mean level of the answered practices; None when nothing was answered.
    coverage
        Share of the weight that was answered, from 0 to 1; 1 when nothing applies, as nothing is left to ask.
    worst, best
        The score if all unanswered practices turned out at their lowest or their highest level; None when
        nothing applies.
    """

    score: float | None
    coverage: float
    worst: float | None
    best: float | None


def dimension_score(
    levels: ArrayLike,
    weights: ArrayLike,
    answered: ArrayLike,
    applicable: ArrayLike,
    *,
    lowest: ArrayLike = 0.0,
    highest: ArrayLike = 3.0,
) -> DimensionScore:
    """The level of one dimension from its practices, with coverage and the bounds that the unanswered allow.

    Parameters
    ----------
    levels
        Level of each practice; read only where it is answered and applicable (NaN is fine elsewhere).
    weights
        How much each practice counts; positive.
    answered, applicable
        Whether each was answered, and whether it can be asked of this client at all. What is not applicable
        leaves numerator and denominator.
    lowest, highest
        Lowest and highest level which the answers of each practice can reach; one number for all, or one
        each.

    Examples
    --------
    Three of four practices were answered and one of these does not apply. The score is 2; what was not asked
    could make it as low as 1.33 and as high as 2.33:

    >>> levels, weights = [1, 3, 0, float("nan")], [1, 1, 1, 1]
    >>> score = dimension_score(levels, weights, [True, True, True, False], [True, True, False, True])
    >>> score.score, round(score.coverage, 2), round(score.worst, 2), round(score.best, 2)
    (2.0, 0.67, 1.33, 2.33)
    """
    level = np.asarray(levels, dtype=float)
    weight, bottom, top = (
        np.broadcast_to(np.asarray(x, dtype=float), level.shape) for x in (weights, lowest, highest)
    )
    applies = np.broadcast_to(np.asarray(applicable, dtype=bool), level.shape)
    known = np.broadcast_to(np.asarray(answered, dtype=bool), level.shape) & applies
    if not np.all(weight > 0) or not np.all(np.isfinite(weight)):
        raise ModelError(
            f"each practice counts with a positive weight, but the weights are {weight.tolist()}"
        )
    if not np.all(bottom <= top) or not np.all((bottom <= level)[known] & (level <= top)[known]):
        raise ModelError(
            f"levels lie between {bottom.min():g} and {top.max():g}, but are {level[known].tolist()}"
        )
    total = float(weight[applies].sum())
    if total == 0:
        return DimensionScore(score=None, coverage=1.0, worst=None, best=None)
    asked = float(weight[known].sum())
    reached = float((weight * np.where(known, level, 0.0)).sum())
    open_ = applies & ~known
    return DimensionScore(
        score=reached / asked if asked else None,
        coverage=asked / total,
        worst=(reached + float((weight * bottom)[open_].sum())) / total,
        best=(reached + float((weight * top)[open_].sum())) / total,
    )


# -- gates -----------------------------------------------------------------------------------------
def required_level(promise: float, required_from: Mapping[float, float]) -> float | None:
    """The level below which a promise is not credible, or None when it asks nothing of this practice.

    Parameters
    ----------
    promise
        The promised availability, as a fraction: 0.999.
    required_from
        For each level that is a gate, the lowest promise that needs it: ``{1: 0.99, 3: 0.999}``.

    Examples
    --------
    >>> required_level(0.995, {1: 0.99, 3: 0.999}), required_level(0.999, {1: 0.99, 3: 0.999})
    (1, 3)
    >>> required_level(0.95, {1: 0.99, 3: 0.999}) is None
    True
    """
    if not 0 <= promise <= 1:
        raise ModelError(f"a promise is a fraction between 0 and 1, not {promise}")
    return max((level for level, lowest in required_from.items() if promise >= lowest), default=None)


def gate_status(level: float | None, required: float | None, *, applicable: bool = True) -> GateStatus:
    """Whether a practice stands in the way of a promise.

    Parameters
    ----------
    level
        The level that was answered; None when nobody was asked.
    required
        The level that the promise needs, see `required_level`; None when it needs none.
    applicable
        Whether the practice can be asked of this client at all.

    Examples
    --------
    Nobody was asked whether a backup was ever restored, and the promise needs it. That is neither bad nor
    good, but unproven:

    >>> gate_status(None, 2)
    'unproven'
    """
    if required is None or not applicable:
        return "not applicable"
    if level is None:
        return "unproven"
    return "met" if level >= required else "missed"


# -- promise and verdict ---------------------------------------------------------------------------
def highest_promise(
    breach_chance_by_promise: Mapping[float, float],
    tolerance: float = TOLERATED_BREACH_CHANCE,
    *,
    gates_closed_from: float | None = None,
) -> float | None:
    """The highest promise one could sign today, or None when none of them.

    Parameters
    ----------
    breach_chance_by_promise
        Chance of at least one breach a year under each promise (a fraction such as 0.999).
    tolerance
        The chance one is ready to bear; a promise exactly at it can be signed.
    gates_closed_from
        The lowest promise at which a gate is missed or unproven, if any: it and higher ones cannot be signed.

    Examples
    --------
    >>> highest_promise({0.99: 0.01, 0.995: 0.08, 0.999: 0.55})
    0.995
    """
    _check_chance(tolerance)
    highest = None
    for promise in sorted(breach_chance_by_promise):
        chance = breach_chance_by_promise[promise]
        _check_chance(chance)
        # A higher promise is never easier to keep; if it seems so, that is noise, and the search ends at the
        # first breach.
        if chance > tolerance or (gates_closed_from is not None and promise >= gates_closed_from):
            break
        highest = promise
    return highest


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a verdict, to be worded elsewhere.

    Parameters
    ----------
    kind
        "gate missed", "gate unproven", "breach likely", "breach uncertain", "breach unknown", "too little
        asked" or "risk accepted".
    blocks
        True when it makes the verdict "Not yet", False when it makes it "Go with conditions".
    subject
        Id of the practice or of the risk; empty for what concerns the whole.
    value, limit
        The chance or the coverage, and the bound that it is held against.
    """

    kind: Literal[
        "gate missed",
        "gate unproven",
        "breach likely",
        "breach uncertain",
        "breach unknown",
        "too little asked",
        "risk accepted",
    ]
    blocks: bool
    subject: str = ""
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Go, Go with conditions or Not yet, and every reason why it is not a plain Go, blockers first."""

    outcome: Outcome
    reasons: tuple[Reason, ...]

    @property
    def blockers(self) -> tuple[Reason, ...]:
        """What has to change before a Go."""
        return tuple(reason for reason in self.reasons if reason.blocks)

    @property
    def conditions(self) -> tuple[Reason, ...]:
        """What has to be shown or watched with a Go."""
        return tuple(reason for reason in self.reasons if not reason.blocks)


def verdict(
    gates: Mapping[str, GateStatus],
    breach_chance: float | None,
    *,
    breach_chance_high: float | None = None,
    coverage: float = 1.0,
    accepted_risks: Sequence[str] = (),
    tolerance: float = TOLERATED_BREACH_CHANCE,
    least_coverage: float = 0.5,
) -> Verdict:
    """Whether one named promise can be given from one named date.

    Parameters
    ----------
    gates
        Status of each practice that is a gate for this promise, by id.
    breach_chance
        Expected chance of at least one breach a year; None when it could not be computed.
    breach_chance_high
        Its 95th percentile over the draws: above the tolerance, the Go has a condition.
    coverage
        Share of the questions that was answered; below ``least_coverage`` the answer is Not yet.
    accepted_risks
        Ids of risks that somebody accepted; each is a condition. An accepted risk does not open a gate.
    tolerance
        Yearly chance of a breach that one is ready to bear.

    Returns
    -------
    Verdict
        "Not yet" with a missed gate (whatever the score), with an expected breach chance above the tolerance,
        or when too little was asked. An unproven gate, a chance whose range reaches above the tolerance, and
        an accepted risk forbid a plain Go.

    Examples
    --------
    All is well but nobody has asked about the restore:

    >>> verdict({"restore_test": "unproven", "on_call": "met"}, 0.04).outcome
    'Go with conditions'
    """
    for chance in (tolerance, coverage, least_coverage, breach_chance, breach_chance_high):
        if chance is not None:
            _check_chance(chance)
    missed = [Reason("gate missed", True, name) for name, status in gates.items() if status == "missed"]
    unproven = [
        Reason("gate unproven", False, name) for name, status in gates.items() if status == "unproven"
    ]
    reasons = missed + unproven
    if coverage < least_coverage:
        reasons.append(Reason("too little asked", True, value=coverage, limit=least_coverage))
    if breach_chance is None:
        reasons.append(Reason("breach unknown", False, limit=tolerance))
    elif breach_chance > tolerance:
        reasons.append(Reason("breach likely", True, value=breach_chance, limit=tolerance))
    elif breach_chance_high is not None and breach_chance_high > tolerance:
        reasons.append(Reason("breach uncertain", False, value=breach_chance_high, limit=tolerance))
    reasons += [Reason("risk accepted", False, name) for name in accepted_risks]
    ordered = tuple(sorted(reasons, key=lambda reason: not reason.blocks))
    outcome: Outcome = "Go" if not ordered else "Not yet" if ordered[0].blocks else "Go with conditions"
    return Verdict(outcome, ordered)


def _check_chance(chance: float) -> None:
    if not 0 <= chance <= 1:
        raise ModelError(f"a chance or a share is a fraction between 0 and 1, not {chance}")
