"""How often, and for how long, a structure of parts that fail and are repaired is down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import betainc

from readiness.assumptions import HOURS_PER_YEAR, MINUTES_PER_YEAR
from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.domain import at_least_zero, share_of
from readiness.models.failover import (
    failover_kinds,
    interruption_minutes,
    unavailability_with_failover,
    unavailability_with_switching,
)

__all__ = [
    "Outages",
    "failover_kinds",
    "instances_for_static_stability",
    "interruption_minutes",
    "minutes_per_year",
    "outages",
    "outages_from",
    "series",
    "soft_dependency",
    "split_common_cause",
    "unavailability_k_of_n",
    "unavailability_of_group",
    "unavailability_of_repairable",
    "unavailability_over_zones",
    "unavailability_with_failover",
    "unavailability_with_switching",
]


class Outages(NamedTuple):
    """How often a structure is down and how long each time; ``unavailability`` is the product of the two."""

    unavailability: Array
    per_year: Array
    mean_minutes: Array


def minutes_per_year(unavailability: ArrayLike) -> Array:
    """Minutes a year (of 8,760 hours) that an unavailability amounts to.

    Examples
    --------
    What does a promise of 99.95 % allow?

    >>> round(float(minutes_per_year(0.0005)), 1)
    262.8
    """
    return share_of(unavailability, "an unavailability") * MINUTES_PER_YEAR


def unavailability_of_repairable(failures_per_year: ArrayLike, repair_hours: ArrayLike) -> Array:
    """Unavailability of one part that fails now and then and is repaired.

    Parameters
    ----------
    failures_per_year
        Failures per year *of operation*: 8,760 over the mean hours between repair and the next failure.
    repair_hours
        Mean hours from failure to service.

    Notes
    -----
    U = MTTR / (MTBF + MTTR) = x / (1 + x) with x = failures x repair / 8,760 (Trivedi and Bobbio,
    *Reliability and Availability Engineering*, 2017, section 9.1). The second form keeps all digits of a
    small U.

    Examples
    --------
    A disk that fails every two years and takes a working day to replace costs about four hours a year:

    >>> round(float(minutes_per_year(unavailability_of_repairable(0.5, 8.0))) / 60, 2)
    4.0
    """
    down = at_least_zero(failures_per_year, "failures_per_year") * at_least_zero(repair_hours, "repair_hours")
    ratio = down / HOURS_PER_YEAR
    return ratio / (1.0 + ratio)


def series(*parts: ArrayLike) -> Array:
    """Unavailability of parts that must all be up.

    Parameters
    ----------
    parts
        Unavailability of each part, any shapes that broadcast. Name a part that two services share once: this
        function cannot see that two numbers are the same database; ``models.diagram`` can.

    Notes
    -----
    1 - prod (1 - u), summed as ``log1p`` and taken back by ``expm1``, since 1 - 0.999999 loses six digits.

    Examples
    --------
    Two dependencies of 99.95 % in a row are 99.9 %:

    >>> round(float(1 - series(0.0005, 0.0005)), 8)
    0.99900025
    """
    log_up: Array = np.zeros(())
    with np.errstate(divide="ignore"):  # a part that is never up is -inf, and comes back as exactly 1
        for part in parts:
            log_up = log_up + np.log1p(-share_of(part, "the unavailability of a part"))
    return -np.expm1(log_up)


def soft_dependency(part: ArrayLike, *, weight: ArrayLike) -> Array:
    """Unavailability that a soft dependency adds: its own, times the share of the service lost with it.

    Examples
    --------
    Search is down 1 % of the time; without it shoppers still buy, but a fifth of them leave:

    >>> float(soft_dependency(0.01, weight=0.2))
    0.002
    """
    return share_of(part, "the unavailability of a dependency") * share_of(
        weight, "the weight of a soft dependency"
    )


def unavailability_of_group(
    part: ArrayLike, *, needed: int, of: int, common_cause_share: ArrayLike = 0.0
) -> Array:
    """Unavailability of ``of`` like replicas, ``needed`` of which must be up.

    Parameters
    ----------
    part
        Unavailability of one replica, as a fraction; any shape, draws first.
    needed, of
        The k and the n of k-out-of-n.
    common_cause_share
        Share of one replica's downtime that takes all replicas down at once (power, network, the host pool);
        the beta factor of reliability engineering. 0 is the brochure's answer. Changes and operators are
        causes of their own.

    Notes
    -----
    A = (1 - beta q) * sum_{i=k..n} C(n,i) (1-q')^i q'^(n-i), q' = (1-beta) q / (1 - beta q). The
    divisor makes a group of one the part itself. The beta-factor model: IEC 61508-6 annex D; NUREG/CR-4780.
    The sum is taken over the *failed* replicas, as an incomplete beta function, so that it keeps its digits.
    Sharing hurts when one is needed and helps when all are.

    Examples
    --------
    Two replicas of a 99 % part look like four nines,

    >>> float(1 - unavailability_of_group(0.01, needed=1, of=2))
    0.9999

    and are not quite three nines when a tenth of the outages is shared:

    >>> round(float(1 - unavailability_of_group(0.01, needed=1, of=2, common_cause_share=0.1)), 4)
    0.9989
    """
    _check_group(needed, of)
    together, alone = split_common_cause(part, common_cause_share)
    apart = betainc(of - needed + 1, needed, alone)
    return together + apart * (1.0 - together)


def unavailability_k_of_n(parts: Sequence[ArrayLike], needed: int) -> Array:
    """Unavailability of unlike, independent parts, ``needed`` of which must be up.

    Parameters
    ----------
    parts
        Unavailability of each part.
    needed
        How many must be up; as many as there are parts is a series, one is plain redundancy.

    Notes
    -----
    Dynamic programming over the number of failed parts. Only positive terms are added, hence no digit
    is lost.

    Examples
    --------
    Three name servers of different quality, two of which must answer:

    >>> round(float(unavailability_k_of_n([0.1, 0.2, 0.3], 2)), 12)
    0.098
    """
    _check_group(needed, len(parts))
    spare = len(parts) - needed
    failed, dead = _start(spare)
    for part in parts:
        down = share_of(part, "the unavailability of a part")
        failed, dead = _lose(failed, dead, [1.0 - down, down])
    return dead


def unavailability_over_zones(
    instance: ArrayLike,
    zone: ArrayLike,
    *,
    needed: int,
    per_zone: Sequence[int],
    common_cause_share: ArrayLike = 0.0,
) -> Array:
    """Unavailability of instances spread over zones, where a zone fails as one.

    Parameters
    ----------
    instance, zone
        Unavailability of one instance while its zone is up, and of one zone.
    needed
        Instances that must be up in all zones together.
    per_zone
        Instances in each zone.
    common_cause_share
        Share of an instance's downtime that takes all instances in all zones down at once (beta factor).

    Notes
    -----
    Sum over the zones that are up of k-of-n inside them, done as a convolution of the numbers of lost
    instances. AWS, *Static stability using Availability Zones*, says why the zone, not the instance, is the
    unit. For regions apply the same function to regions, and put what is global (identity, DNS, the pipeline)
    in ``series``.

    Examples
    --------
    Ten instances of 99.5 % are needed and fifteen run in three zones of 99.95 %. Counting instances
    promises ten nines:

    >>> f"{float(unavailability_of_group(0.005, needed=10, of=15)):.0e}"
    '8e-11'

    Counting zones, four:

    >>> round(float(1 - unavailability_over_zones(0.005, 0.0005, needed=10, per_zone=[5, 5, 5])), 6)
    0.999926
    """
    _check_zones(needed, per_zone)
    together, alone = split_common_cause(instance, common_cause_share)
    apart = _lost_over_zones(alone, share_of(zone, "the unavailability of a zone"), needed, per_zone)
    return together + apart * (1.0 - together)


def outages(
    failures_per_year: ArrayLike,
    repair_hours: ArrayLike,
    *,
    needed: int = 1,
    of: int = 1,
    common_cause_share: ArrayLike = 0.0,
) -> Outages:
    """How often a group of like replicas is down, and how long each time.

    Parameters
    ----------
    failures_per_year, repair_hours
        Of one replica, as in ``unavailability_of_repairable``; every replica has a repair crew.
    needed, of, common_cause_share
        As in ``unavailability_of_group``.

    Notes
    -----
    One part: nu = lambda A. A group: nu = sum of Birnbaum importance x nu_i, which for like replicas is
    n C(n-1,k-1) (1-q)^(k-1) q^(n-k) nu; a share beta of each replica's outages is common. Mean length = U /
    nu. A structure that never fails has outages of length 0.

    Examples
    --------
    A server that fails monthly for an hour, alone and as a pair: outages a year and minutes each.

    >>> [round(float(x), 2) for x in outages(12, 1.0)[1:]]
    [11.98, 60.0]
    >>> [round(float(x), 3) for x in outages(12, 1.0, of=2)[1:]]
    [0.033, 30.0]
    """
    _check_group(needed, of)
    failures = at_least_zero(failures_per_year, "failures_per_year")
    part = unavailability_of_repairable(failures, repair_hours)
    together, alone = split_common_cause(part, common_cause_share)
    share = share_of(common_cause_share, "common_cause_share")
    # Rates of the two imagined parts, such that in a group of one they add up to the part's own frequency.
    nu_part = failures * (1.0 - part)
    nu_alone = (1.0 - share) * nu_part / (1.0 - together)
    nu_together = share * nu_part / (1.0 - alone)
    apart = betainc(of - needed + 1, needed, alone)
    on_edge = of * math.comb(of - 1, needed - 1) * (1.0 - alone) ** (needed - 1) * alone ** (of - needed)
    per_year = nu_together * (1.0 - apart) + nu_alone * on_edge * (1.0 - together)
    return outages_from(together + apart * (1.0 - together), per_year)


def outages_from(unavailability: ArrayLike, per_year: ArrayLike) -> Outages:
    """Join an unavailability with a frequency: mean outage = U / nu, and 0 where nothing ever fails."""
    down, often = np.broadcast_arrays(
        share_of(unavailability, "an unavailability"), at_least_zero(per_year, "outages per year")
    )
    minutes = np.divide(down * MINUTES_PER_YEAR, often, out=np.zeros(down.shape), where=often > 0)
    return Outages(down, often, minutes)


def instances_for_static_stability(needed: int, zones: int) -> int:
    """Instances to run so that the loss of one zone leaves enough without starting any: ceil(N / (z-1)) z.

    Examples
    --------
    >>> instances_for_static_stability(10, 3)
    15
    """
    if needed < 1 or zones < 2:
        raise ModelError(f"static stability needs instances and two zones, but got {needed} and {zones}")
    return math.ceil(needed / (zones - 1)) * zones


def split_common_cause(part: ArrayLike, common_cause_share: ArrayLike) -> tuple[Array, Array]:
    """Split a replica's unavailability into what strikes all at once, beta q, and it alone, q'."""
    down = share_of(part, "the unavailability of a part")
    together = share_of(common_cause_share, "common_cause_share") * down
    # together == 1: everything is always down, whatever the rest does.
    alone = np.divide(down - together, 1.0 - together, out=np.zeros(np.shape(together)), where=together < 1.0)
    return together, alone


def _check_group(needed: int, of: int) -> None:
    if not 1 <= needed <= of:
        raise ModelError(f"a group must need between 1 and all of its parts, but got {needed} of {of}")


def _check_zones(needed: int, per_zone: Sequence[int]) -> None:
    if not per_zone or min(per_zone) < 0:
        raise ModelError(f"instances per zone must be counts, one for each zone, but got {list(per_zone)}")
    _check_group(needed, sum(per_zone))


def _start(spare: int) -> tuple[list[Array], Array]:
    """Chances of 0..spare lost, and of more than that (down), before anything was looked at."""
    return [np.ones(())] + [np.zeros(())] * spare, np.zeros(())


def _lose(failed: list[Array], dead: Array, losses: Sequence[Array]) -> tuple[list[Array], Array]:
    """Add a unit that loses i instances with chance ``losses[i]``: a convolution, overflow gathered."""
    room = len(failed)
    after: list[Array] = [np.zeros(())] * room
    for lost, chance in enumerate(losses):
        for before, weight in enumerate(failed):
            if before + lost < room:
                after[before + lost] = after[before + lost] + weight * chance
            else:
                dead = dead + weight * chance
    return after, dead


def _lost_over_zones(instance: Array, zone: Array, needed: int, per_zone: Sequence[int]) -> Array:
    failed, dead = _start(sum(per_zone) - needed)
    for count in per_zone:
        losses = [
            math.comb(count, i) * instance**i * (1.0 - instance) ** (count - i) * (1.0 - zone)
            for i in range(count + 1)
        ]
        losses[count] = losses[count] + zone
        failed, dead = _lose(failed, dead, losses)
    return dead
