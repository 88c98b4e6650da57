"""What the data holds, for one screen: practices by dimension, numbers by evidence, services, age of prices."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median

from readiness.assumptions import EVIDENCE
from readiness.catalog import Catalog
from readiness.checks.numbers import sources

OLD_PRICE_MONTHS = 12


def newest_date(catalog: Catalog) -> date:
    """The newest date in the data: against it the data is reckoned when nobody names a day."""
    return max(day for _, _, day, _, _ in sources(catalog) if day is not None)


def facts(catalog: Catalog, *, as_of: date | None = None) -> dict[str, dict[str, str | int]]:
    """Counts and ages by title and label.

    Parameters
    ----------
    catalog
        What is looked at.
    as_of
        The day prices age against; the newest date in the data when None.
    """
    day = as_of or newest_date(catalog)
    practices: dict[str, str | int] = {
        dimension.title: sum(p.dimension == dimension.id for p in catalog.practices.values()) for dimension in catalog.dimensions
    }
    practices["all"] = len(catalog.practices)
    practices["answers"] = sum(len(p.answers) for p in catalog.practices.values())
    classes = Counter(evidence for _, _, _, _, evidence in sources(catalog))
    numbers: dict[str, str | int] = {evidence: classes.get(evidence, 0) for evidence in EVIDENCE}
    numbers["all"] = sum(classes.values())
    ways = [way for service in catalog.services.values() for way in service.ways]
    services: dict[str, str | int] = {
        "needs": len(catalog.services),
        "ways to run them": len(ways),
        "ways without a price, with the reason": sum(way.price_unknown is not None for way in ways),
        "commitments of providers": len(catalog.commitments),
        "scenarios": len(catalog.scenarios),
        "archetypes": len(catalog.archetypes),
    }
    ages = sorted(dated[-1].age_months(day) for dated in catalog.prices.values())
    prices: dict[str, str | int] = {"prices": len(ages)}
    if ages:
        prices |= {
            "median age, months": f"{median(ages):.0f}",
            "oldest, months": f"{ages[-1]:.0f}",
            f"older than {OLD_PRICE_MONTHS} months: look again": sum(age > OLD_PRICE_MONTHS for age in ages),
            "reckoned on": day.isoformat(),
        }
    return {"Practices by dimension": practices, "Numbers by evidence": numbers, "Services": services, "Prices": prices}
