"""People: what an hour costs, and how many a rota needs."""

from __future__ import annotations

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array, ArrayLike
from readiness.models.arrays import floats

WEEKS_PER_MONTH = 730 / 168


def loaded_hourly_rate(
    salary_per_year: ArrayLike, *, on_cost_factor: ArrayLike = 1.35, productive_hours: ArrayLike = 1600.0
) -> Array:
    """Cost of an hour of somebody's work, with all that the employer pays on top.

    Parameters
    ----------
    salary_per_year
        Gross salary.
    on_cost_factor
        Employer's cost over salary, 1.25 to 1.45.
    productive_hours
        Hours a year that are left for work.

    Notes
    -----
    ``salary x factor / hours``; the US Bureau of Labor Statistics found 1.42 for all private employers in 2025.

    Examples
    --------
    >>> float(loaded_hourly_rate(100_000, on_cost_factor=1.28, productive_hours=1600))
    80.0
    """
    hours = floats(productive_hours)
    if np.any(hours <= 0):
        raise ModelError("somebody works more than 0 hours a year")
    return np.asarray(floats(salary_per_year) * floats(on_cost_factor) / hours)


def rota_minimum(*, sites: int = 1, pragmatic: bool = False) -> int:
    """People that a rota around the clock needs.

    Parameters
    ----------
    sites
        Sites that share it, following the sun.
    pragmatic
        The floor below which people leave, instead of what lasts; for one site only.

    Notes
    -----
    Google SRE: at most a quarter of the time on call with a primary and a secondary gives 8 people on one site and 6
    per site on two; 5 is a pragmatic floor.

    Examples
    --------
    >>> rota_minimum(), rota_minimum(sites=2), rota_minimum(pragmatic=True)
    (8, 12, 5)
    """
    if sites < 1:
        raise ModelError("a rota has at least one site")
    if sites == 1:
        return 5 if pragmatic else 8
    return 6 * sites


def on_call_people(hours_to_cover_per_week: float, *, share_on_call: float = 0.25, deep: int = 2) -> int:
    """People needed so that nobody is on call for more than a share of the time that is covered.

    Parameters
    ----------
    hours_to_cover_per_week
        168 around the clock, 45 for business hours.
    share_on_call
        Largest share of all hours that one person is on call.
    deep
        People on call at once: 2 for a primary and a secondary.

    Examples
    --------
    >>> on_call_people(168), on_call_people(45)
    (8, 3)
    """
    if not 0 < share_on_call <= 1 or deep < 1 or not 0 <= hours_to_cover_per_week <= 168:
        raise ModelError("a rota covers at most 168 hours a week with at least one person")
    need = deep * hours_to_cover_per_week / (168 * share_on_call)
    return max(deep, int(np.ceil(need - 1e-9))) if hours_to_cover_per_week else 0


def people_short(people: ArrayLike, needed: ArrayLike) -> Array:
    """How many people a rota lacks; 0 when it has enough."""
    return np.maximum(floats(needed) - floats(people), 0.0)


def on_call_cost_per_month(
    *,
    pay_per_week: ArrayLike = 0.0,
    deep: int = 2,
    pages_per_month: ArrayLike = 0.0,
    hours_per_page: ArrayLike = 0.0,
    hourly_rate: ArrayLike = 0.0,
) -> Array:
    """Cost of being on call a month: pay for standing by, and the hours that pages take.

    Parameters
    ----------
    pay_per_week
        Pay for one person's week on call.
    deep
        People on call at once.
    pages_per_month, hours_per_page, hourly_rate
        Pages, hours each takes with its follow-up (Google SRE: 6), and the loaded rate.

    Examples
    --------
    >>> round(float(on_call_cost_per_month(pay_per_week=500, deep=1)))
    2173
    """
    standing_by = floats(pay_per_week) * deep * WEEKS_PER_MONTH
    return np.asarray(standing_by + floats(pages_per_month) * floats(hours_per_page) * floats(hourly_rate))
