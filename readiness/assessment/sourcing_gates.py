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
from readiness.language import N_, either, tr
from readiness.text import whole

Effect = Literal["block", "surcharge", "no price", "rewrite"]
HOME_NEED = "web_compute"
"""A provider with a way to run the product itself is a home; the others sell single parts to all homes."""
NO_HOME = {"any", "several", "cloud"}
ELSEWHERE = (
    N_("it stands with a provider where nothing else of the product is: every request would cross between two, and the team would learn a second one")
)
NEEDS_AT_HOME = 2 / 3
"""A client that leaves its own premises looks at providers with a way for at least so much of what it runs."""
SECONDS_PER_MONTH = 730 * 3600


@dataclass(frozen=True, slots=True)
class Barrier:
    """One gate that is not simply passed.

    Parameters
    ----------
    on
        What is asked: residency, version, extensions, ..., or `provider`, `agreed`, `price`, `use`.
    effect
        ``block`` and ``no price`` keep a way out of the comparison; ``surcharge`` makes it dearer; ``rewrite`` says that
        the product has to change for it.
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
    """Homes that this client has or may soon have: today's, those of its credits, all large enough when it is leaving its own premises."""
    ways = catalog.ways
    used = {ways[t.way][1].provider for t in engagement.architecture.tiers if t.way in ways}
    found = used | {engagement.architecture.provider} | {c.provider for c in engagement.money.startup_credits}
    if engagement.architecture.departure == "on_premises":
        needs = [t.need for t in engagement.architecture.tiers if t.way in ways and ways[t.way][1].run_by == "client"]
        for home in homes(catalog):
            filled = sum(any(w.provider == home for w in catalog.services[n].ways) for n in needs)
            if filled >= NEEDS_AT_HOME * len(needs):
                found.add(home)
    return frozenset(found)


def ways_for(catalog: Catalog, tier: Tier) -> Iterator[tuple[Service, Way]]:
    """Every other way of a tier's need; a bundle is looked at where its first need is."""
    service = catalog.services.get(tier.need)
    for way in service.ways if service else ():
        if way.id != tier.way:
            yield service, way  # type: ignore[misc]


@lru_cache(maxsize=64)
def engines(catalog: Catalog, need: str) -> frozenset[str]:
    """Skills that both self-run and provider-run ways of a need ask for: what the product itself speaks.

    Examples
    --------
    >>> from readiness.catalog import load_catalog
    >>> sorted(engines(load_catalog(), "stream_queue"))
    ['kafka', 'rabbitmq']
    """
    ways = catalog.services[need].ways
    sides = [{skill for way in ways if way.run_by == who for skill in way.skills} for who in ("client", "provider")]
    return frozenset(sides[0] & sides[1]) - {way.provider for service in catalog.services.values() for way in service.ways}


def barriers(catalog: Catalog, engagement: Engagement, tier: Tier, way: Way, placed: Placed) -> tuple[Barrier, ...]:
    """What stands between this tier and a way, gates of the data first."""
    found = [Barrier(g.on, g.effect, g.reason, g.would_change, g.surcharge_share) for g in gates_hit(way, tier, engagement)]
    found += [Barrier("agreed", "block", b.why, tr("what was agreed with the client")) for b in tier.blocked if b.way == way.id]
    if tier.allowed and way.id not in tier.allowed:
        found.append(Barrier("agreed", "block", tr("not among the ways under discussion"), tr("the client takes it up")))
    if way.provider in homes(catalog) and way.provider not in homes_of(catalog, engagement) and way.id not in tier.allowed:
        found.append(Barrier("provider", "block", tr(ELSEWHERE), tr("moving the whole product there")))
    known = engines(catalog, tier.need) if tier.need in catalog.services else frozenset()
    today = catalog.ways[engagement_way(engagement, tier)][1]
    spoken = known.intersection(today.skills)
    if spoken and not spoken.intersection(way.skills):
        found.append(
            Barrier(
                "engine",
                "rewrite",
                tr("it does not speak {protocol}: the product has to change", protocol=either(sorted(spoken))),
                tr("a trial with the product's own calls"),
            )
        )
    if any(line.per == "million" for line in way.price_lines) and not tier.million_requests_per_month:
        mean = engagement.demand.mean_per_second
        hint = tr(" ({millions} million if every request of the product goes there)", millions=whole(mean * SECONDS_PER_MONTH / 1e6)) if mean else ""
        found.append(
            Barrier("use", "no price", tr("it is paid by use, and this tier's use is not known"), tr("million_requests_per_month of the tier{hint}", hint=hint))
        )
    elif placed.lines and placed.list_price_per_month <= 0:
        found.append(
            Barrier(
                "use",
                "no price",
                tr("it is paid by traffic or storage, and this tier's is not known"),
                tr("egress_gigabytes and storage_gigabytes of the tier"),
            )
        )
    if way.price_unknown or placed.price_missing or not (placed.lines or "cash_per_month" in way.numbers):
        found.append(
            Barrier(
                "price", "no price", placed.price_missing or way.price_unknown or tr("no price is known"), tr("a quote, entered as the tier's cost_per_month")
            )
        )
    return tuple(found)


def engagement_way(engagement: Engagement, tier: Tier) -> str:
    """How the client runs a tier today."""
    return next(t.way for t in engagement.architecture.tiers if t.name == tier.name)


def closed(found: tuple[Barrier, ...]) -> bool:
    """Whether a way cannot be compared in money: blocked, or without a price."""
    return any(b.effect in ("block", "no price") for b in found)
