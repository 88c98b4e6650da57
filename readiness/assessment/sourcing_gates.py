"""Gates before money: which ways of a need are open to this client, which are not, why, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from readiness.catalog import Catalog
from readiness.catalog.schema import Range, Service, Way
from readiness.design import Placed, gates_hit
from readiness.engagement.schema import Engagement, Tier

Effect = Literal["block", "surcharge", "no price"]
HOME_NEED = "web_compute"
"""A provider with a way to run the product itself is a home; the others sell single parts to all homes."""
NO_HOME = {"any", "several", "cloud"}


@dataclass(frozen=True, slots=True)
class Barrier:
    """One gate that is not simply passed.

    Parameters
    ----------
    on
        What is asked: residency, version, extensions, ..., or `provider`, `agreed`, `price`.
    effect
        ``block`` and ``no price`` keep a way out of the comparison; ``surcharge`` makes it dearer.
    reason, would_change
        In words.
    surcharge_share
        Of the way's own bill.
    """

    on: str
    effect: Effect
    reason: str
    would_change: str
    surcharge_share: Range | None = None


@lru_cache(maxsize=8)
def homes(catalog: Catalog) -> frozenset[str]:
    """Providers that one can live with: they run the product itself."""
    service = catalog.services.get(HOME_NEED)
    return frozenset(way.provider for way in service.ways if way.provider not in NO_HOME) if service else frozenset()


def homes_of(catalog: Catalog, engagement: Engagement) -> frozenset[str]:
    """Homes that this client has or may soon have: today's, those of its credits, all when it is leaving its own premises."""
    if engagement.architecture.departure == "on_premises":
        return homes(catalog)
    ways = catalog.ways
    used = {ways[t.way][1].provider for t in engagement.architecture.tiers if t.way in ways}
    return frozenset(used | {engagement.architecture.provider} | {c.provider for c in engagement.money.startup_credits})


def ways_for(catalog: Catalog, tier: Tier) -> Iterator[tuple[Service, Way]]:
    """Every other way of a tier's need, bundles of other needs included."""
    for service in catalog.services.values():
        for way in service.ways:
            if way.id != tier.way and (service.need == tier.need or tier.need in way.fills):
                yield service, way


def barriers(catalog: Catalog, engagement: Engagement, tier: Tier, way: Way, placed: Placed) -> tuple[Barrier, ...]:
    """What stands between this tier and a way, gates of the data first."""
    found = [Barrier(g.on, g.effect, g.reason, g.would_change, g.surcharge_share) for g in gates_hit(way, tier, engagement)]
    found += [Barrier("agreed", "block", b.why, "what was agreed with the client") for b in tier.blocked if b.way == way.id]
    if tier.allowed and way.id not in tier.allowed:
        found.append(Barrier("agreed", "block", "not among the ways under discussion", "the client takes it up"))
    if way.provider in homes(catalog) and way.provider not in homes_of(catalog, engagement) and way.id not in tier.allowed:
        found.append(Barrier("provider", "block", f"it stands with {way.provider}, where nothing else of the product is: every request would cross between providers, and the team would learn a second one",
                             "moving the whole product there"))  # fmt: skip
    if way.price_unknown or placed.price_missing or not (placed.lines or "cash_per_month" in way.numbers):
        found.append(Barrier("price", "no price", placed.price_missing or way.price_unknown or "no price is known", "a quote, entered as the tier's cost_per_month"))
    return tuple(found)


def closed(found: tuple[Barrier, ...]) -> bool:
    """Whether a way cannot be compared in money: blocked, or without a price."""
    return any(b.effect in ("block", "no price") for b in found)
