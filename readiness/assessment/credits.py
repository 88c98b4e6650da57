"""SLA credits that providers would owe the client: small, only for who claims them, and never the loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.causes import CauseDraws, of_places, of_tiers, sigma_of, stacked
from readiness.assumptions import MINUTES_PER_YEAR, MONTHS_PER_YEAR
from readiness.catalog.read import Commitment
from readiness.design import Design, Placed
from readiness.models import Array
from readiness.models.breach import expected_credit_share
from readiness.models.windows import WindowChances
from readiness.moves import Values

MONTH_MINUTES = MINUTES_PER_YEAR / MONTHS_PER_YEAR
DRAWS = 32


@dataclass(frozen=True)
class CreditsReceived:
    """What one tier's provider would owe back in a year.

    Parameters
    ----------
    tier
        Whose bill it is.
    commitment
        The provider's SLA and its credit tiers.
    bill_per_month
        What the credits are a share of, (draws,).
    share
        Expected share of a month's bill owed back, (draws,).
    """

    tier: str
    commitment: Commitment
    bill_per_month: Array
    share: Array

    @property
    def per_year(self) -> Array:
        """Money a year if every claim is made and accepted, (draws,)."""
        return np.asarray(self.share * self.bill_per_month * MONTHS_PER_YEAR)


def credits_received(a: Assessment) -> tuple[CreditsReceived, ...]:
    """Expected SLA credits from the providers of all tiers, if every one is claimed; tiers whose SLA names credits.

    Returns
    -------
    tuple
        One entry per bill, in the order of the design; 32 of the common draws.

    Notes
    -----
    Chance of each credit tier in a billing month by compound Poisson over the bad minutes that the *provider* causes,
    times that tier's bill of the month. The provider causes the faults of what it runs and the loss of its zone or
    region; what fails in the client's own hands on rented machines is no claim, and announced maintenance is excluded.
    A part of the copies that fails counts in proportion, though many contracts count only a full outage: so this is
    the most that could be claimed. Not netted against anything: it is no part of cash or of loss.
    """
    placed = list(_with_credits(a))
    if not placed:
        return ()
    draws = min(DRAWS, a.values.draws)
    # Tiers that share their causes share their distribution: five machines in one zone are reckoned once.
    known: dict[tuple[tuple[str, ...], ...], WindowChances] = {}
    found = []
    for p, commitment in placed:
        causes = provider_caused(p, a.values)
        key = tuple(c.inputs for c in causes)
        if key not in known:
            known[key] = stacked(causes, sigma_of(a.values), draws).chances(MONTH_MINUTES)
        bill = np.broadcast_to(a.values[f"{p.tier.name}.cash_per_month"], (a.values.draws,))[:draws]
        found.append(CreditsReceived(p.tier.name, commitment, bill, expected_credit_share(known[key], commitment.credit_tiers)))
    return tuple(found)


def provider_caused(placed: Placed, values: Values) -> tuple[CauseDraws, ...]:
    """The unplanned causes of a tier's downtime for which its provider answers; their reach is the share of the tier that is down."""
    design, names = Design((placed,)), {placed.tier.name}
    whole = placed.service.reach_when_down.likely
    own = of_tiers(design, names, values) if placed.way.run_by == "provider" else ()
    parts = [replace(c, reach=np.minimum(c.reach / whole, 1.0)) for c in own if not c.planned]
    return (*parts, *(replace(c, reach=np.ones(values.draws)) for c in of_places(design, names, values)))


def _with_credits(a: Assessment) -> Iterator[tuple[Placed, Commitment]]:
    """Each bill with an SLA that names credits; tiers of one bundle share theirs, and machines elsewhere have none of this one."""
    bundles: set[str] = set()
    for placed in a.design.placed:
        commitment = a.catalog.commitments.get(placed.way.sla or "")
        theirs = commitment is not None and (placed.way.run_by == "provider" or commitment.provider == a.engagement.architecture.provider)
        if commitment is not None and theirs and commitment.credit_tiers and placed.way.id not in bundles:
            yield placed, commitment
        if placed.way.fills:
            bundles.add(placed.way.id)
