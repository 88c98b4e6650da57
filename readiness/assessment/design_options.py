"""Every way that each tier of a client could be run, with what it costs, what it takes, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.causes import CauseDraws, of_tiers
from readiness.assessment.design_gates import LANGUAGES, STORING_NEEDS, Kept, LeftOut, cannot_stand_in
from readiness.assessment.sourcing_gates import barriers, homes
from readiness.catalog import Catalog
from readiness.catalog.schema import Service, Way
from readiness.design import Design, base_numbers, client_moves, design_of
from readiness.engagement.schema import Engagement, Tier
from readiness.language import tr
from readiness.models import Array
from readiness.moves import Choice, Values
from readiness.practices import choices

SPREAD_MONTHS = 36
"""One-off hours of a move are spread over so many months."""
NEUTRAL = frozenset({"any", "several", "cloud"})
"""Providers of ways that stand wherever the rest does."""
EDGE_NEEDS = frozenset({"dns_cdn", "domain_tls"})
"""Their traffic goes to the users anyway; it does not cross between providers."""
DATA_NEEDS = STORING_NEEDS | {"object_storage", "customer_login"}
"""What keeps data: in a second region it stands whole."""


@dataclass(frozen=True, eq=False)
class Option:
    """One way to run a tier, or several tiers at once.

    Parameters
    ----------
    tiers
        The tiers it fills; several for a bundle.
    cash_per_month
        Its bill, surcharges of gates included.
    run_hours_per_month, move_hours
        Hours to run it, and hours once to come there from today's way; zero for today's way itself.
    minutes, planned
        Bad minutes a year by its own causes, and the part of them that is planned work; (journeys, draws).
    zone_reach
        Share of users of each journey it takes down when its only zone is lost; zero where it has several.
    regions
        In how many it stands.
    failover_minutes
        Until it serves again when one of several regions is lost; (draws,).
    crossing_gigabytes
        A month, should it stand with another provider than the rest.
    standby_share
        Share of it that stands again in a second region: all of what keeps data, one copy of what passes requests on,
        nothing of what spans several regions or none of ours.
    copied_gigabytes
        A month, to a second region.
    conditions
        Gates that it passes only with a surcharge.
    price_known
        False for today's way when neither a bill nor a price is known: then it costs at least nothing.
    """

    tiers: tuple[str, ...]
    way: Way
    today: bool
    provider: str
    cash_per_month: float
    run_hours_per_month: float
    move_hours: float
    minutes: Array
    planned: Array
    zone_reach: Array
    regions: int
    failover_minutes: Array
    crossing_gigabytes: float
    standby_share: float
    copied_gigabytes: float
    conditions: tuple[str, ...]
    price_known: bool

    @property
    def hours_per_month(self) -> float:
        """To run it, with the hours of the move spread over three years."""
        return self.run_hours_per_month + self.move_hours / SPREAD_MONTHS

    @property
    def skills(self) -> frozenset[str]:
        return frozenset(self.way.skills)


@dataclass(frozen=True, eq=False)
class Choices:
    """What there is to choose from.

    Parameters
    ----------
    varied, fixed
        Tiers that could be run in several ways, and tiers that stay as they are.
    single
        Options of each varied tier, today's first.
    bundles
        Options that fill several varied tiers.
    kept
        Today's options of the fixed tiers.
    left_out
        What is not among them, and why.
    """

    varied: tuple[str, ...]
    fixed: tuple[str, ...]
    single: Mapping[str, tuple[Option, ...]]
    bundles: tuple[Option, ...]
    kept: tuple[Option, ...]
    left_out: tuple[LeftOut, ...]

    def __iter__(self) -> Iterator[Option]:
        yield from self.kept
        for options in self.single.values():
            yield from options
        yield from self.bundles


def as_run(engagement: Engagement, ways: Mapping[str, str]) -> Engagement:
    """The client with tiers run in other ways; what was known of an old way (bill, overrides) is left behind.

    Parameters
    ----------
    ways
        The way of each tier; tiers that are not named, or already run so, stay untouched.
    """
    altered = engagement
    moved = {t.name for t in engagement.architecture.tiers if ways.get(t.name, t.way) != t.way}
    for tier in sorted(moved):
        altered = altered.with_way(tier, ways[tier])
    if not moved:
        return engagement
    lines = tuple(line for line in altered.bill.lines if line.tier not in moved)
    overrides = tuple(o for o in altered.overrides if o.number.rpartition(".")[0] not in moved)
    return altered.model_copy(update={"bill": altered.bill.model_copy(update={"lines": lines}), "overrides": overrides})


@dataclass(frozen=True)
class _Candidate:
    tiers: tuple[str, ...]
    way: str
    surcharge: float = 0.0
    conditions: tuple[str, ...] = ()


def options_of(a: Assessment) -> Choices:
    """What each tier could be instead, after the gates, with numbers on the draws of the assessment."""
    e, catalog = a.engagement, a.catalog
    journeyed = {t for j in e.journeys for t in (j.tiers or [x.name for x in e.architecture.tiers])}
    left_out: list[LeftOut] = []
    open_ways: dict[str, dict[str, _Candidate]] = {}
    fixed: list[str] = []
    for tier in e.architecture.tiers:
        need = catalog.services.get(tier.need)
        if tier.name not in journeyed or (need is not None and not need.serves_requests):
            why = tr("no journey needs it") if tier.name not in journeyed else tr("its loss harms users only indirectly")
            left_out.append(LeftOut(tier.name, "", tier.name, "not in minutes", tr("{why}, so minutes cannot say what it is worth; it stays as it is", why=why)))
            fixed.append(tier.name)
            continue
        open_ways[tier.name] = dict(_open(a, tier, left_out))
    bundled = _bundles(a, open_ways)
    single = {
        name: [_Candidate((name,), _tier(e, name).way)] + [c for c in found.values() if _home_need(catalog, c.way) == _tier(e, name).need]
        for name, found in open_ways.items()
    }
    together = _today_together(a, tuple(single))
    every = [*bundled, *together, *(c for found in single.values() for c in found), *(_Candidate((n,), _tier(e, n).way) for n in fixed)]
    made = _made(a, list(dict.fromkeys(every)))
    return Choices(
        tuple(single), tuple(fixed), {n: tuple(made[c] for c in found) for n, found in single.items()},
        tuple(made[c] for c in dict.fromkeys([*together, *bundled])), tuple(made[_Candidate((n,), _tier(e, n).way)] for n in fixed), tuple(left_out),
    )  # fmt: skip


def _tier(engagement: Engagement, name: str) -> Tier:
    return next(t for t in engagement.architecture.tiers if t.name == name)


def _home_need(catalog: Catalog, way: str) -> str:
    return catalog.ways[way][0].need


def _ways_for(catalog: Catalog, tier: Tier) -> Iterator[tuple[Service, Way]]:
    """Every other way of a tier's need, bundles that begin with another need included."""
    for service in catalog.services.values():
        for way in service.ways:
            if way.id != tier.way and (service.need == tier.need or tier.need in way.fills):
                yield service, way


def _open(a: Assessment, tier: Tier, left_out: list[LeftOut]) -> Iterator[tuple[str, _Candidate]]:
    """The ways of a tier beside today's that nothing stands against; the others are told."""
    speaks = frozenset(a.catalog.ways[tier.way][1].skills) & LANGUAGES
    for service, way in _ways_for(a.catalog, tier):
        alone = a.engagement.architecture.model_copy(update={"tiers": (tier,), "dependencies": ()})
        placed = design_of(a.catalog, as_run(a.engagement.model_copy(update={"architecture": alone}), {tier.name: way.id}), as_of=a.as_of)[tier.name]
        # Another provider is no barrier here: it is a global choice whose hours and traffic are in the sum.
        found = [b for b in barriers(a.catalog, a.engagement, tier, way, placed) if b.on != "provider"]
        stop = next((b for b in found if b.effect != "surcharge"), None)
        if stop is not None:
            kind: Kept = "blocked" if stop.effect == "block" else "no price"
            reason = stop.reason if stop.effect == "block" else tr("price not known; ask ({reason})", reason=stop.reason.rstrip('.'))
            left_out.append(LeftOut(tier.name, way.id, way.title, kind, reason, stop.would_change))
            continue
        other = cannot_stand_in(a, tier, service, way, placed, speaks)
        if other is not None:
            left_out.append(other)
            continue
        shares = [b.surcharge_share for b in found if b.surcharge_share is not None]
        surcharge = sum(float(a.values.ranged(f"{tier.name}.{way.id}.surcharge", s.low, s.likely, s.high).mean()) for s in shares)
        yield way.id, _Candidate((tier.name,), way.id, surcharge, tuple(b.reason for b in found))


def _bundles(a: Assessment, open_ways: Mapping[str, Mapping[str, _Candidate]]) -> list[_Candidate]:
    """Ways that fill at least two tiers, each over all tiers in which nothing stands against it."""
    ways = {w: [t for t, found in open_ways.items() if w in found or _tier(a.engagement, t).way == w] for found in open_ways.values() for w in found}
    merged = []
    for way, tiers in ways.items():
        if len(tiers) > 1 and a.catalog.ways[way][1].fills:
            parts = [open_ways[t][way] for t in tiers if way in open_ways[t]]
            conditions = tuple(dict.fromkeys(c for p in parts for c in p.conditions))
            merged.append(_Candidate(tuple(tiers), way, max(p.surcharge for p in parts), conditions))
    return merged


def _today_together(a: Assessment, varied: Sequence[str]) -> list[_Candidate]:
    """Bundles in use today."""
    used: dict[str, list[str]] = {}
    for name in varied:
        used.setdefault(_tier(a.engagement, name).way, []).append(name)
    return [_Candidate(tuple(names), way) for way, names in used.items() if len(names) > 1 and a.catalog.ways[way][1].fills]


def _made(a: Assessment, candidates: list[_Candidate]) -> dict[_Candidate, Option]:
    """Each candidate with its numbers: packed into as few designs as there are ways of the tier with most of them."""
    layers: list[list[_Candidate]] = []
    for candidate in candidates:
        free = next((layer for layer in layers if not {t for c in layer for t in c.tiers} & set(candidate.tiers)), None)
        if free is None:
            layers.append([candidate])
        else:
            free.append(candidate)
    altered = [as_run(a.engagement, {t: c.way for c in layer for t in c.tiers}) for layer in layers]
    given = _every_choice(a, altered)
    made: dict[_Candidate, Option] = {}
    for layer, engagement in zip(layers, altered, strict=True):
        design = design_of(a.catalog, engagement, as_of=a.as_of)
        base = base_numbers(a.catalog, engagement, design)
        values = replace(a.values, base=base, choices=given, overrides=(*a.measured, *client_moves(engagement)), like=a.values, _drawn={}, _kept={})
        made |= {c: _option(a, c, design, values) for c in layer}
    return made


def _every_choice(a: Assessment, altered: Iterable[Engagement]) -> tuple[Choice, ...]:
    """The choices of all practices that apply to some design: a drill counts as soon as there is something to fail over to."""
    found = {c.origin: c for c in a.values.choices}
    for engagement in altered:
        for choice in choices(a.catalog, engagement, as_of=a.as_of):
            found.setdefault(choice.origin, choice)
    return tuple(found.values())


def bad_minutes_of(causes: Iterable[CauseDraws], draws: int) -> tuple[Array, Array]:
    """Bad minutes a year of causes, and the part of them that is planned work; each (draws,)."""
    both = [np.zeros(draws), np.zeros(draws)]
    for cause in causes:
        both[0] += cause.bad_minutes
        if cause.planned:
            both[1] += cause.bad_minutes
    return both[0], both[1]


def _option(a: Assessment, candidate: _Candidate, design: Design, values: Values) -> Option:
    first, e = next(p for p in design.placed if p.tier.name in candidate.tiers), a.engagement
    named = {t.name: t for t in e.architecture.tiers}
    today = all(named[t].way == candidate.way for t in candidate.tiers)
    own = [set(candidate.tiers) & (set(j.tiers) or set(named)) for j in e.journeys]
    minutes = [bad_minutes_of(of_tiers(design, names, values), values.draws) for names in own]
    way, tier = first.way, first.tier.name
    mean = {n: float(values[f"{tier}.{n}"].mean()) for n in ("cash_per_month", "effort_hours_per_month", "setup_hours", "migration_hours")}
    one_zone = way.zones == 1 and way.regions == 1 and way.redundancy in ("single", "pair")
    reach = first.service.reach_when_down.likely
    own_premises = today and way.run_by == "client" and e.architecture.departure == "on_premises"
    crosses = {t: named[t].egress_gigabytes or named[t].storage_gigabytes for t in candidate.tiers if named[t].need not in EDGE_NEEDS}
    keeping = [t for t in candidate.tiers if named[t].need in DATA_NEEDS]
    outside = way.provider not in homes(a.catalog) | NEUTRAL or way.redundancy == "serverless"
    standby = 0.0 if way.regions > 1 or (outside and not keeping) else 1.0 if keeping else 1.0 / first.copies
    return Option(
        candidate.tiers, way, today, "on_premises" if own_premises else way.provider, mean["cash_per_month"] * (1 + candidate.surcharge),
        mean["effort_hours_per_month"], 0.0 if today else mean["setup_hours"] + mean["migration_hours"],
        np.stack([m for m, _ in minutes]), np.stack([p for _, p in minutes]),
        np.array([reach if one_zone and names else 0.0 for names in own]), way.regions, values[f"{tier}.failover_minutes"],
        sum(crosses.values()), standby, sum(crosses.get(t, 0.0) for t in keeping) if standby else 0.0, candidate.conditions,
        bool(first.lines) or first.tier.cost_per_month is not None or mean["cash_per_month"] > 0,
    )  # fmt: skip
