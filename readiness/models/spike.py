"""The client's extreme event: is it carried, what goes wrong first, and what would carry it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from readiness.models import Array, ArrayLike
from readiness.models.domain import at_least_zero
from readiness.models.load import attempts_per_request, scale_out_lag

#: What `Spike.verdict` counts, from good to bad.
CARRIED, SLOW, REFUSED, STUCK, TOO_SMALL = range(5)


class Spike(NamedTuple):
    """What a jump in load does, and the three changes that would each carry it.

    ``verdict``: 0 carried, 1 slow (longer than people wait, then well again), 3 stuck (retries keep it down
    until load is shed), 4 too small (the most that can be started is not enough); 2, some of it refused above a
    provider's limit, is found by ``refused_share`` and not here. ``capacity_to_carry`` is what must be there before
    the jump, ``lag_to_carry_seconds`` how soon new capacity must be there otherwise; both leave the ceiling to
    ``ceiling_to_carry``.
    """

    verdict: np.ndarray
    longest_wait_seconds: Array
    degraded_seconds: Array
    requests_delayed: Array
    capacity_to_carry: Array
    lag_to_carry_seconds: Array
    ceiling_to_carry: Array


def spike(
    *,
    load: ArrayLike,
    capacity: ArrayLike,
    ceiling: ArrayLike,
    lag_seconds: ArrayLike,
    patience_seconds: ArrayLike,
    retries: int = 0,
    layers: int = 1,
    retry_budget: ArrayLike = np.inf,
) -> Spike:
    """How a service gets through a jump in load.

    Parameters
    ----------
    load, capacity, ceiling
        Requests per second: in the event, what is there when it begins, and the most that can be started (by
        the autoscaler's limit, the quota, or the narrowest tier that does not scale).
    lag_seconds
        From the jump until the ceiling is reached.
    patience_seconds
        How long people, or the callers' timeouts, wait.
    retries, layers, retry_budget
        As in ``attempts_per_request``.

    Notes
    -----
    First come, first served, as a fluid: the longest wait is that of who arrives at lag x capacity / load and
    is served when the lag ends, W = lag (1 - capacity / load). Beyond their patience requests count as failed
    and are retried; the service is stuck if the ceiling does not carry load x attempts. One jump at once is
    the hard case: a ramp as long as the lag halves the backlog.

    Examples
    --------
    A shop with room for 1,500 a second is named on television: 3,000 a second within the minute, three
    minutes until there is room for 4,000, and people wait for 10 seconds.

    >>> found = spike(load=3000, capacity=1500, ceiling=4000, lag_seconds=180, patience_seconds=10)
    >>> int(found.verdict), float(found.longest_wait_seconds), float(found.degraded_seconds)
    (1, 90.0, 450.0)

    What would carry it? Room for 2,834 beforehand, or new machines in 20 seconds:

    >>> int(np.ceil(found.capacity_to_carry)), float(found.lag_to_carry_seconds)
    (2834, 20.0)
    """
    comes, now = at_least_zero(load, "the load"), at_least_zero(capacity, "the capacity")
    lag, patience = at_least_zero(lag_seconds, "the lag"), at_least_zero(patience_seconds, "the patience")
    # Scaling out never takes capacity away, whatever the limit in the autoscaler says.
    most = np.maximum(at_least_zero(ceiling, "the ceiling"), now)
    comes, now, most, lag, patience = np.broadcast_arrays(comes, now, most, lag, patience)
    backlog = scale_out_lag(load=comes, capacity=now, new_capacity=most, lag_seconds=lag)
    over = np.maximum(comes - now, 0.0)
    share_over = np.divide(over, comes, out=np.zeros(comes.shape), where=comes > 0)
    wait = np.where(comes > most, np.inf, lag * share_over)
    late = wait > patience
    sent = attempts_per_request(1.0, retries=retries, layers=layers, retry_budget=retry_budget) * comes
    verdict = np.select([comes > most, late & (sent > most), late], [TOO_SMALL, STUCK, SLOW], CARRIED)
    # Only where it is below 1: a lag of almost nothing would overflow the quotient.
    spare_share = np.divide(patience, lag, out=np.ones(lag.shape), where=lag > patience)
    lag_to_carry = np.divide(patience, share_over, out=np.full(lag.shape, np.inf), where=share_over > 0)
    return Spike(
        verdict,
        wait,
        backlog.degraded_seconds,
        backlog.requests,
        comes * (1.0 - spare_share),
        lag_to_carry,
        comes,
    )
