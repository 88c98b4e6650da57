"""Now or later: a decision tree with a trigger, in months, for what may be needed one day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats
from readiness.models.cost import present_factors


@dataclass(frozen=True)
class NowOrLater:
    """Present values of building now, preparing and waiting, waiting unprepared, and never building; per draw.

    Parameters
    ----------
    now
        Build today and run from today on.
    later
        Prepare today, build when the trigger comes.
    later_unprepared
        Do nothing today, build when the trigger comes, at the price of the unprepared.
    never
        Never build and bear what that costs after the trigger; infinite where the trigger must be obeyed.
    value_of_waiting
        ``now - later``: positive when waiting is cheaper.
    most_worth_paying
        The most that preparing may cost before the best of the other ways is as good; 0 when it is worth nothing.
    built_in_month
        Present value of all costs if the trigger comes in a given month, with preparation paid; (draws, months).
    """

    now: Array
    later: Array
    later_unprepared: Array
    never: Array
    value_of_waiting: Array
    most_worth_paying: Array
    built_in_month: Array


def trigger_chances(chance_per_year: ArrayLike, months: int, *, not_before_month: int = 0) -> Array:
    """Chance that a trigger comes first in each month, with a steady yearly chance.

    Parameters
    ----------
    chance_per_year
        Chance that it comes within a year, a number or one per draw.
    months
        Length of the horizon.
    not_before_month
        First month in which it can come.

    Returns
    -------
    array
        Shape (months,) or (draws, months); what is missing to 1 is "never within the horizon".

    Examples
    --------
    >>> round(float(trigger_chances(0.3, 12).sum()), 6)
    0.3
    """
    yearly = floats(chance_per_year)
    if np.any(yearly < 0) or np.any(yearly >= 1):
        raise ModelError("the yearly chance of a trigger is at least 0 and below 1")
    month = np.arange(months + 1, dtype=float)
    # A trigger that can come from month m on has lived through no months before it.
    waited = np.maximum(month - not_before_month, 0.0) / 12
    still_waiting = np.exp(np.log1p(-yearly)[..., None] * waited)
    return np.asarray(-np.diff(still_waiting, axis=-1))


def _by_month(values: ArrayLike, months: int) -> Array:
    array = floats(values)
    if array.ndim == 2:
        return array
    return np.broadcast_to(array.reshape(-1, 1) if array.ndim == 1 else array.reshape(1, 1), (array.size, months))


def now_or_later(
    *,
    build_now: ArrayLike,
    running_per_month: ArrayLike,
    loss_per_month: ArrayLike,
    trigger: ArrayLike,
    build_later: ArrayLike | None = None,
    build_unprepared: ArrayLike | None = None,
    loss_after_trigger_per_month: ArrayLike | None = None,
    preparation: ArrayLike = 0.0,
    discount_rate_per_year: float = 0.0,
) -> NowOrLater:
    """Build something now, or when it is needed?

    Parameters
    ----------
    build_now
        Cost of building today.
    running_per_month
        Cost of running it a month; a number, one per draw, or (draws, months).
    loss_per_month
        Expected loss a month while it is not there; same shapes.
    trigger
        Chance that the trigger comes first in each month, (months,) or (draws, months); see `trigger_chances`.
    build_later
        Cost of building when prepared, in the money of that month; by default as today.
    build_unprepared
        Cost of building when nothing was prepared; by default as when prepared.
    loss_after_trigger_per_month
        Loss a month when the trigger has come and it is still not built (the contract that goes elsewhere). None when
        the trigger must be obeyed: then never building is no way out.
    preparation
        Cost today of staying able to build it: data model, addresses, region-neutral names.
    discount_rate_per_year
        As a fraction.

    Notes
    -----
    ``now = B_0 + sum_t R_t DF_t``;
    ``later = preparation + sum_k P(k) (loss until k + B_k DF_k + running from k) + P(never) x loss throughout``.
    A tree, not Black-Scholes: nobody trades a second region, and its value has no known volatility.

    Examples
    --------
    A second region costs 60,000 and 4,000 a month; without it we lose 500 a month; a contract that asks for it comes
    with a chance of 20 % a year. Wait, and what may staying able to add it cost?

    >>> choice = now_or_later(build_now=60_000, running_per_month=4_000, loss_per_month=500,
    ...                       trigger=trigger_chances(0.2, 36), build_unprepared=140_000)
    >>> round(float(choice.value_of_waiting[0]), -3), round(float(choice.most_worth_paying[0]), -3)
    (122000.0, 39000.0)

    Waiting is right, and up to 39,000 spent on staying ready for it pays.
    """
    chance = np.atleast_2d(floats(trigger))
    if np.any(chance < 0) or np.any(chance.sum(axis=1) > 1 + 1e-9):
        raise ModelError("chances of the trigger's months are not negative and add up to at most 1")
    months = chance.shape[1]
    factor = present_factors(discount_rate_per_year, months)
    running = _by_month(running_per_month, months) * factor
    loss = _by_month(loss_per_month, months) * factor
    first = np.atleast_1d(floats(build_now))
    prepared = first if build_later is None else np.atleast_1d(floats(build_later))
    unprepared = prepared if build_unprepared is None else np.atleast_1d(floats(build_unprepared))
    prepare = np.atleast_1d(floats(preparation))

    loss_before = np.cumsum(loss, axis=1) - loss
    running_from = running[:, ::-1].cumsum(axis=1)[:, ::-1]
    throughout = loss.sum(axis=1)
    never_triggered = 1 - chance.sum(axis=1)
    waiting = (chance * (loss_before + running_from)).sum(axis=1) + never_triggered * throughout
    weight = (chance * factor).sum(axis=1)

    if loss_after_trigger_per_month is None:
        never = np.full(len(waiting), np.inf)
    else:
        after = _by_month(loss_after_trigger_per_month, months) * factor
        after_from = after[:, ::-1].cumsum(axis=1)[:, ::-1]
        never = (chance * (loss_before + after_from)).sum(axis=1) + never_triggered * throughout

    now = first + running.sum(axis=1)
    later_free = waiting + prepared * weight
    later_unprepared = waiting + unprepared * weight
    later = prepare + later_free
    best_other = np.minimum(np.minimum(now, later_unprepared), never)
    return NowOrLater(
        now=now,
        later=later,
        later_unprepared=later_unprepared,
        never=never,
        value_of_waiting=now - later,
        most_worth_paying=np.maximum(best_other - later_free, 0.0),
        built_in_month=prepare[:, None] + loss_before + prepared[:, None] * factor + running_from,
    )
