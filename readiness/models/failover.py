"""Copies that take over from one another: not at once, and not every time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from readiness.assumptions import MINUTES_PER_YEAR
from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.domain import at_least_zero, share_of


class Interruption(NamedTuple):
    """How often a year, and for how many minutes each time."""

    per_year: Array
    minutes: Array


class FailoverKinds(NamedTuple):
    """Outages of a failover group: switched by itself, moved by hand, and no copy left."""

    switched: Interruption
    by_hand: Interruption
    none_left: Interruption


def unavailability_with_failover(
    *,
    failures_per_year: ArrayLike,
    coverage: ArrayLike,
    switch_minutes: ArrayLike,
    manual_minutes: ArrayLike,
    rebuild_minutes: ArrayLike,
    repair_crews: int = 1,
    copies: int = 2,
    exact: bool = False,
) -> Array:
    """Unavailability of one active copy with hot standbys, where failing over takes time and may not work.

    Parameters
    ----------
    failures_per_year
        Failures per year of one copy.
    coverage
        Share of failures of the active copy that the automatic failover handles.
    switch_minutes, manual_minutes
        Minutes until service when it does, and when a person must act.
    rebuild_minutes
        Minutes until a lost copy is a standby again.
    repair_crews
        How many copies can be rebuilt at the same time.
    copies
        The active one and its standbys; 1 is a lone copy, down while it is rebuilt.
    exact
        Divide by the sum over all states, as the Markov chain does. The default is the first-order sum, a
        little on the safe side (0.2 % at one failure in 90 days).

    Notes
    -----
    U ~ lambda (c tau + (1-c) M) + n!/(prod_j min(j, crews)) (lambda R)^n: 2 (lambda R)^2 for a pair and
    one crew, (lambda R)^2 for two crews. Birth-death chain of the copies, after Trivedi and Bobbio (2017),
    chapter 9 and 10.

    Examples
    --------
    A database pair: each fails every 90 days, switches in 2 minutes, 95 times in 100; else somebody
    needs an hour; a rebuild takes two hours. Minutes a year, and what "two independent copies" would have
    promised:

    >>> from readiness.models.availability import minutes_per_year, unavailability_of_group
    >>> pair = unavailability_with_failover(failures_per_year=365 / 90, coverage=0.95, switch_minutes=2,
    ...                                     manual_minutes=60, rebuild_minutes=120)
    >>> round(float(minutes_per_year(pair)), 1)
    20.8
    >>> alone = unavailability_with_failover(failures_per_year=365 / 90, coverage=1, switch_minutes=0,
    ...                                      manual_minutes=0, rebuild_minutes=120, copies=1)
    >>> round(float(minutes_per_year(unavailability_of_group(alone, needed=1, of=2))), 2)
    0.45
    """
    failures = at_least_zero(failures_per_year, "failures_per_year")
    lost, others = _none_left(failures, rebuild_minutes, copies, repair_crews)
    if copies == 1:
        return lost / (1.0 + lost)
    interrupted = interruption_minutes(coverage, switch_minutes, manual_minutes)
    bad = failures / MINUTES_PER_YEAR * interrupted + lost
    return bad / (1.0 + others + bad) if exact else np.minimum(bad, 1.0)


def failover_kinds(
    *,
    failures_per_year: ArrayLike,
    coverage: ArrayLike,
    switch_minutes: ArrayLike,
    manual_minutes: ArrayLike,
    rebuild_minutes: ArrayLike,
    repair_crews: int = 1,
    copies: int = 2,
) -> FailoverKinds:
    """The same outages by kind: only those that automation does not handle wake somebody.

    Parameters
    ----------
    failures_per_year, coverage, switch_minutes, manual_minutes, rebuild_minutes, repair_crews, copies
        As in ``unavailability_with_failover``; its first-order sum is rate x minutes, added over the kinds.

    Examples
    --------
    The pair above: how often a year, and how long each time?

    >>> kinds = failover_kinds(failures_per_year=365 / 90, coverage=0.95, switch_minutes=2, manual_minutes=60,
    ...                        rebuild_minutes=120)
    >>> for kind, (per_year, minutes) in kinds._asdict().items():
    ...     print(f"{kind}: {float(per_year):.3f} of {float(minutes):g} minutes")
    switched: 3.853 of 2 minutes
    by_hand: 0.203 of 60 minutes
    none_left: 0.008 of 120 minutes
    """
    failures = at_least_zero(failures_per_year, "failures_per_year")
    rebuild = at_least_zero(rebuild_minutes, "rebuild_minutes")
    lost, _ = _none_left(failures, rebuild, copies, repair_crews)
    minutes = rebuild / min(copies, repair_crews)
    down, length = np.broadcast_arrays(lost * MINUTES_PER_YEAR, minutes)
    none_left = np.divide(down, length, out=np.zeros(down.shape), where=length > 0)
    # A lone copy has nothing to switch to.
    covered, switches = share_of(coverage, "coverage"), float(copies > 1)
    switch = at_least_zero(switch_minutes, "switch_minutes")
    manual = at_least_zero(manual_minutes, "manual_minutes")
    return FailoverKinds(
        Interruption(switches * failures * covered, switch),
        Interruption(switches * failures * (1.0 - covered), manual),
        Interruption(none_left, minutes),
    )


def _none_left(failures: Array, rebuild_minutes: ArrayLike, copies: int, crews: int) -> tuple[Array, Array]:
    """Weight of "all copies lost" and of "some lost", relative to none lost: failure over repair rates."""
    if copies < 1 or crews < 1:
        raise ModelError(f"failover needs a copy and a repair crew, but got {copies} and {crews}")
    rho = failures * at_least_zero(rebuild_minutes, "rebuild_minutes") / MINUTES_PER_YEAR
    lost, others = rho * copies, np.zeros(np.shape(rho))
    for already in range(1, copies):
        others = others + lost
        lost = lost * rho * (copies - already) / min(already + 1, crews)
    return lost, others


def unavailability_with_switching(
    structure: ArrayLike,
    *,
    active_failures_per_year: ArrayLike,
    share_lost: ArrayLike,
    coverage: ArrayLike,
    switch_minutes: ArrayLike,
    manual_minutes: ArrayLike,
) -> Array:
    """Unavailability of any redundant structure, with the interruptions that its failovers themselves cause.

    Parameters
    ----------
    structure
        Unavailability of the structure with perfect, instant failover.
    active_failures_per_year
        Failures per year of all active parts together.
    share_lost
        Share of the users that one such failure reaches (1 for the one primary, 1/n behind a balancer).
    coverage, switch_minutes, manual_minutes
        As in ``unavailability_with_failover``.

    Notes
    -----
    U = U_structure + nu_active x share_lost x (c tau + (1-c) M), never more than 1.

    Examples
    --------
    Ten web servers that fail four times a year each, thirty seconds until the balancer notices, a
    tenth of the users:

    >>> from readiness.models.availability import minutes_per_year
    >>> web = unavailability_with_switching(1e-6, active_failures_per_year=40, share_lost=0.1, coverage=1.0,
    ...                                     switch_minutes=0.5, manual_minutes=30)
    >>> round(float(minutes_per_year(web)), 1)
    2.5
    """
    per_minute = at_least_zero(active_failures_per_year, "active_failures_per_year") / MINUTES_PER_YEAR
    reached = share_of(share_lost, "share_lost") * interruption_minutes(
        coverage, switch_minutes, manual_minutes
    )
    return np.minimum(share_of(structure, "the unavailability of a structure") + per_minute * reached, 1.0)


def interruption_minutes(coverage: ArrayLike, switch_minutes: ArrayLike, manual_minutes: ArrayLike) -> Array:
    """Mean minutes without service after the active part fails: c tau + (1 - c) M."""
    covered = share_of(coverage, "coverage")
    manual = at_least_zero(manual_minutes, "manual_minutes")
    return covered * at_least_zero(switch_minutes, "switch_minutes") + (1.0 - covered) * manual
