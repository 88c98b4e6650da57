"""Why a way of running a tier is no part of the choice although nothing blocks it: it is no substitute, or has no price."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from readiness.assessment.assess import Assessment
from readiness.catalog import Catalog
from readiness.catalog.schema import Service, Way
from readiness.design import Placed
from readiness.engagement.schema import Tier
from readiness.language import inside, joined, tr
from readiness.text import whole

LANGUAGES = frozenset({"postgres", "mysql", "sql_server", "mongodb", "kafka", "rabbitmq", "elasticsearch"})
"""Skills that are also what the application speaks: another one means changing the application, not only its hosting."""
STORING_NEEDS = frozenset({"relational_database", "document_store", "stream_queue", "search", "vector_search", "analytics_store"})
MOST_ON_BOARD_GIGABYTES = 50.0
"""What any machine's own disk holds without a line on the bill."""

Kept = Literal["blocked", "no price", "another language", "too small", "brings less", "not in minutes"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A way (or a whole tier, when ``way`` is empty) that is no part of the choice, and why."""

    tier: str
    way: str
    title: str
    kind: Kept
    reason: str
    would_change: str = ""


def cannot_stand_in(a: Assessment, tier: Tier, service: Service, way: Way, placed: Placed, speaks: frozenset[str]) -> LeftOut | None:
    """Whether a way with a price is no substitute: it speaks another language, or is too small for the peak."""
    if not tier.allowed and service.need == tier.need and frozenset(way.skills) & LANGUAGES != speaks:
        return LeftOut(tier.name, way.id, way.title, "another language", tr("the application would have to be changed, not only its hosting"),
                       tr("name it under allowed, with the hours of that change"))  # fmt: skip
    brings = frozenset(a.catalog.ways[tier.way][1].fills)
    lost = brings - {tier.need} - frozenset(way.fills) - {t.need for t in a.engagement.architecture.tiers}
    if lost:
        titles = joined_needs(a.catalog, lost)
        why = tr("today's way also brings {titles}; this one does not, and nothing else here does", titles=titles)
        return LeftOut(tier.name, way.id, way.title, "brings less", why, tr("a tier for {titles}, with its cost", titles=titles))
    unsaid = _use_not_said(tier, way)
    if unsaid:
        why = tr("price not known; ask (it is billed by use, and nobody has said how many {unsaid} a month)", unsaid=unsaid)
        return LeftOut(tier.name, way.id, way.title, "no price", why, tr("the use of this tier, in the client's file"))
    stored = tier.storage_gigabytes
    if stored > MOST_ON_BOARD_GIGABYTES and service.need in STORING_NEEDS and not any(x.per == "gigabyte" for x in way.price_lines):
        why = tr("the listed plan does not say what {stored} GB cost", stored=whole(stored))
        return LeftOut(tier.name, way.id, way.title, "too small", why, tr("a plan that holds them, with its price"))
    peak, carries = a.engagement.demand.peak_per_second, placed.copies * (way.capacity_per_copy or math.inf)
    if peak is not None and carries < peak:
        why = tr("at its listed size it carries {carries} requests a second; the peak is {peak}", carries=whole(carries), peak=whole(peak))
        return LeftOut(tier.name, way.id, way.title, "too small", why, tr("a larger plan with its price"))
    return None


def joined_needs(catalog: Catalog, needs: Iterable[str]) -> str:
    """Needs by their titles, as a list in a sentence."""
    titles = [inside(catalog.services[n].title) if n in catalog.services else n for n in sorted(needs)]
    return joined(titles)


def _use_not_said(tier: Tier, way: Way) -> str:
    """What would have to be known of a tier's use before this way has a price; nothing when it has one."""
    stored, sent = tier.storage_gigabytes, tier.egress_gigabytes
    said = {"million": tier.million_requests_per_month, "gigabyte": stored, "egress_gigabyte": sent, "seat": tier.seats}
    words = {"million": tr("million requests"), "gigabyte": tr("gigabytes stored"), "egress_gigabyte": tr("gigabytes sent out"), "seat": tr("seats")}
    by_use = not any(line.per in ("copy", "flat") for line in way.price_lines)
    asked = [line.per for line in way.price_lines if line.per == "million" or (by_use and line.per in said)]
    return next((words[per] for per in asked if not said[per]), "")
