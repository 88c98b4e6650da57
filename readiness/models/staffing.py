"""Can this team run this: hours against what it can spare, who knows what, and the cheapest way to cover a rota."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats


@dataclass(frozen=True)
class HoursBalance:
    """Hours a month that the services need, against what the team can spare; per draw.

    Parameters
    ----------
    needed
        Sum over the services.
    missing
        What the team cannot spare, 0 where it can.
    chance_missing
        Share of draws in which hours are missing.
    by_service
        Mean hours of each service, the largest first: pairs (id, hours).
    """

    needed: Array
    missing: Array
    chance_missing: float
    by_service: tuple[tuple[str, float], ...]


def hours_balance(
    ids: Sequence[str], hours_per_month: ArrayLike, spare_hours_per_month: ArrayLike
) -> HoursBalance:
    """Hours of each service against what the team can spare.

    Parameters
    ----------
    ids
        One id per service.
    hours_per_month
        Shape (draws, services).
    spare_hours_per_month
        A number or one per draw.

    Examples
    --------
    >>> balance = hours_balance(("kafka", "orders_db"), [[80.0, 24.0]], 60)
    >>> float(balance.missing[0]), balance.by_service[0]
    (44.0, ('kafka', 80.0))
    """
    hours = np.atleast_2d(floats(hours_per_month))
    if hours.shape[1] != len(ids):
        raise ModelError(f"{len(ids)} ids do not fit {hours.shape[1]} services")
    if np.any(hours < 0):
        raise ModelError("hours of a service are not negative")
    needed = hours.sum(axis=1)
    missing = np.maximum(needed - spare_hours_per_month, 0.0)
    mean = hours.mean(axis=0)
    order = np.argsort(-mean, kind="stable")
    return HoursBalance(
        needed=needed,
        missing=missing,
        chance_missing=float(np.mean(missing > 0)),
        by_service=tuple((ids[i], float(mean[i])) for i in order),
    )


def bus_factor(who_can: Mapping[str, Collection[str]]) -> tuple[int, tuple[str, ...]]:
    """How many people must leave until some service has nobody who can run it, and which services those are.

    Parameters
    ----------
    who_can
        For each service the people who can run it alone.

    Examples
    --------
    >>> bus_factor({"kafka": {"ana"}, "orders_db": {"ana", "ben"}})
    (1, ('kafka',))
    """
    if not who_can:
        raise ModelError("a bus factor needs at least one service")
    counts = {service: len(set(people)) for service, people in who_can.items()}
    fewest = min(counts.values())
    return fewest, tuple(service for service, count in counts.items() if count == fewest)


@dataclass(frozen=True)
class Cover:
    """One way to cover a rota that lacks people: its mean cost a month, and how often it is the cheapest."""

    id: str
    cost_per_month: float
    chance_cheapest: float
    why: str


def cheapest_cover(
    *,
    people: float,
    people_needed: float,
    cost_per_person_month: ArrayLike,
    loss_of_lower_promise_per_month: ArrayLike | None = None,
    managed_cost_per_month: ArrayLike | None = None,
) -> tuple[Cover, ...]:
    """The cheapest way to cover a rota that lacks people: hire, promise less, or let somebody else run it.

    Parameters
    ----------
    people, people_needed
        People who can be on call, and how many the rota needs.
    cost_per_person_month
        Loaded cost of one more person a month.
    loss_of_lower_promise_per_month
        Cost of support in business hours only: contracts that ask for more, and longer nights. None: not open.
    managed_cost_per_month
        Premium of managed services with which the rota is small enough, with what remains to be done. None: not open.

    Returns
    -------
    tuple of Cover
        The cheapest first; a single free one when nobody is missing.

    Examples
    --------
    Three people, eight needed; nights off the promise would cost 4,000 a month in contracts:

    >>> cover = cheapest_cover(people=3, people_needed=8, cost_per_person_month=9_000,
    ...                        loss_of_lower_promise_per_month=4_000, managed_cost_per_month=6_500)
    >>> [(way.id, way.cost_per_month) for way in cover]
    [('lower_promise', 4000.0), ('managed', 6500.0), ('hire', 45000.0)]
    """
    short = int(np.ceil(max(people_needed - people, 0.0)))
    if not short:
        return (Cover("as_is", 0.0, 1.0, "nobody is missing"),)
    offers = [
        ("hire", floats(cost_per_person_month) * short, f"{short} more people on the rota"),
    ]
    if loss_of_lower_promise_per_month is not None:
        offers.append(
            ("lower_promise", floats(loss_of_lower_promise_per_month), "support in business hours only")
        )
    if managed_cost_per_month is not None:
        offers.append(
            ("managed", floats(managed_cost_per_month), "somebody else is woken for the service")
        )
    costs = np.stack(np.broadcast_arrays(*(np.atleast_1d(cost) for _, cost, _ in offers)))
    wins = costs == costs.min(axis=0)
    wins = wins / wins.sum(axis=0)
    covers = [
        Cover(id, float(costs[i].mean()), float(wins[i].mean()), why) for i, (id, _, why) in enumerate(offers)
    ]
    return tuple(sorted(covers, key=lambda cover: cover.cost_per_month))
