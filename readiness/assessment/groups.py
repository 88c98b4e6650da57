"""Who loses what: the downtime, lost revenue, departures and credits of each tenant group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.engagement.schema import TenantGroup
from readiness.models import Array


@dataclass(frozen=True)
class GroupLoss:
    """One tenant group's year; draws first.

    Parameters
    ----------
    bad_minutes
        What it feels of the product's bad minutes.
    revenue, churn, credits
        Money a year of the lines of loss, as far as it is this group's.
    """

    group: TenantGroup
    bad_minutes: Array
    revenue: Array
    churn: Array
    credits: Array

    @property
    def total(self) -> Array:
        return np.asarray(self.revenue + self.churn + self.credits)


def losses_by_group(a: Assessment) -> tuple[GroupLoss, ...]:
    """The lines of lost revenue, departures and credits owed, split over the tenant groups; they add up to these lines.

    Notes
    -----
    Revenue by share of revenue x hit share, departures by that x churn times. Credits by a group's own table where it
    has one; what everybody's table costs is the other groups', by their revenue. People who cannot work, lost data and
    contracts are nobody's group.
    """
    groups = a.engagement.money.groups
    if not groups:
        return ()
    lines = {x.id: x.per_year for x in a.amounts}
    felt = np.array([g.share_of_revenue * g.hit_share for g in groups])
    leaving = felt * [g.churn_times for g in groups]
    owed = _credits(a)
    return tuple(
        GroupLoss(g, g.hit_share * a.bad_minutes_weighted, lines["lost_revenue"] * of_revenue, lines["churn"] * of_churn, owed[g.name] * a.values["credit_factor"])
        for g, of_revenue, of_churn in zip(groups, _parts(felt), _parts(leaving), strict=True)
    )


def _parts(weights: Array) -> Array:
    """Weights as shares of their sum; nothing of nothing."""
    total = weights.sum()
    return weights / total if total > 0 else weights


def _credits(a: Assessment) -> dict[str, float]:
    """Expected credits a year by group, before what is not claimed."""
    groups = a.engagement.money.groups
    owed = dict.fromkeys((g.name for g in groups), 0.0)
    for result in a.journeys:
        own = result.journey.promise.credits_of_groups
        # Where every group has a table of its own, everybody's is nobody's in particular.
        others = [g for g in groups if g.name not in own] or list(groups)
        revenue = sum(g.share_of_revenue for g in others)
        for name, amount in result.credits_by_table.items():
            if name is not None:
                owed[name] += amount
                continue
            for g in others:
                owed[g.name] += amount * g.share_of_revenue / revenue
    return owed
