"""Global choices that all tiers of a design share: its home, its regions, the loss of a zone it bears, and the skills it opens."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.design_gates import LANGUAGES
from readiness.assessment.design_options import NEUTRAL, Choices, Option
from readiness.assessment.design_sums import LOOSE_NEEDS, DesignSums, Plan
from readiness.language import tr
from readiness.models import Array
from readiness.models.frontier import Front, front
from readiness.models.frontier_fields import Bundle, Tier

MOST_ZONE_LOSSES = 64
"""Combinations of zone losses over the journeys that are looked at one by one; above, all journeys share one bound."""
MOST_SPANNING = 3
"""Journeys whose ways could all span regions, each set of which is looked at; above, all of them or none."""
MOST_SHARED = 3
"""Skills, or providers, that several tiers could share, each set of which is looked at; above, each alone and all of them."""
HOURS_STEP = 0.25
LOSS_STEP = 0.05
"""Minutes a year; with the cost's step, what two designs may differ by and still count as the same."""


@dataclass(frozen=True, eq=False)
class GlobalChoice:
    """Global choices, and what they leave to choose from.

    Parameters
    ----------
    home
        The provider that runs the product.
    second
        Whether a second region stands by.
    spans
        For each journey, whether each of its tiers is run in a way that stands in several regions by itself.
    single, bundles
        Ways of each tier, and ways of several tiers; those too that bear the worst loss of a zone.
    """

    home: str
    second: bool
    spans: tuple[bool, ...]
    single: tuple[tuple[Option, ...], ...]
    bundles: tuple[Option, ...]

    @property
    def options(self) -> list[Option]:
        return [*(o for own in self.single for o in own), *self.bundles]

    @property
    def label(self) -> str:
        return tr("{home}, a second region on standby", home=self.home) if self.second else self.home


def plan_in(branch: GlobalChoice, design: Sequence[int]) -> Plan:
    """A design of the engine as options."""
    return Plan(tuple(branch.single[t][o] if o >= 0 else branch.bundles[~o] for t, o in enumerate(design)), branch.second)


def global_choices(a: Assessment, choices: Choices, summing: DesignSums) -> list[GlobalChoice]:
    """The global choices that the catalog and the client allow: home, one region or a second on standby, ways that span regions, worst loss of a zone."""
    every = [*(o for found in choices.single.values() for o in found), *choices.bundles]
    providers = sorted({o.provider for o in every if o.provider in summing.homes})
    today = next(iter(sorted({o.provider for o in every if o.today and o.provider in summing.homes})), "")
    need = {t.name: t.need for t in a.engagement.architecture.tiers}
    found = []
    for home in providers or ["any"]:

        def stands(o: Option, home: str = home) -> bool:
            if o.provider == home or o.provider not in summing.homes or (o.today and home == today):
                return True
            return all(need[t] in LOOSE_NEEDS for t in o.tiers)

        near = [o for o in every if stands(o)]
        regions = [False, True] if summing.second is not None and home in summing.second.prices else [False]
        for second, spans in itertools.product(regions, _spans(near, summing)):
            there = [o for o in near if _is_there(o, second, spans, home, summing)]
            for worst in _zone_losses(there, len(summing.names)):
                kept = {id(o) for o in there if (o.zone_reach <= worst).all()}
                single = tuple(tuple(o for o in choices.single[t] if id(o) in kept) for t in choices.varied)
                bundles = tuple(o for o in choices.bundles if id(o) in kept)
                if all(own or any(t in o.tiers for o in bundles) for t, own in zip(choices.varied, single, strict=True)):
                    found.append(GlobalChoice(home, second, spans, single, bundles))
    return found


def _spans(options: Sequence[Option], summing: DesignSums) -> list[tuple[bool, ...]]:
    """For which journeys every tier can be run in ways that span regions by themselves: each set of them, the empty one first."""
    wide = {t for o in options if o.regions > 1 for t in o.tiers}
    varied = {t for o in options for t in o.tiers}
    can = [not alone and varied & names <= wide for alone, names in zip(summing.one_region, summing.names, strict=True)]
    if sum(can) > MOST_SPANNING:
        return [(False,) * len(can), tuple(can)]
    return list(itertools.product(*([False, True] if x else [False] for x in can)))


def _is_there(o: Option, second: bool, spans: Sequence[bool], home: str, summing: DesignSums) -> bool:
    """Whether a way can be had with these regions."""
    if second and (summing.second is None or summing.second.adds(o, home) is None):
        return False
    return o.regions > 1 or not any(set(o.tiers) & names for names, spanned in zip(summing.names, spans, strict=True) if spanned)


def _zone_losses(options: Sequence[Option], journeys: int) -> list[Array]:
    """The worst that the loss of a zone can do to each journey, over all designs; only as many as can be told apart."""
    by_journey = [sorted({0.0, *(float(o.zone_reach[j]) for o in options)}) for j in range(journeys)]
    if math.prod(map(len, by_journey)) > MOST_ZONE_LOSSES:
        found = [np.full(journeys, worst) for worst in sorted({r for reaches in by_journey for r in reaches})]
    else:
        found = [np.array(worst) for worst in itertools.product(*by_journey)]
    # Two bounds that leave the same options are one.
    kept = {tuple(np.max([np.zeros(journeys), *(o.zone_reach for o in options if (o.zone_reach <= w).all())], axis=0)) for w in found}
    return [np.array(w) for w in sorted(kept)]


@dataclass(frozen=True)
class Opened:
    """What a design opens once however many tiers use it: new skills, and providers beside the home."""

    skills: frozenset[str]
    providers: frozenset[str]


def opened_in(branch: GlobalChoice, summing: DesignSums) -> list[Opened]:
    """What several tiers of a branch could share: each set of it; the home's own skill alone comes first."""
    # The skill that a home asks for, where it is named like the home and new to the team, is shared by all tiers but those that do without.
    options = branch.options
    own = (frozenset({branch.home}) & frozenset(s for o in options for s in o.skills)) - summing.skills
    without = {t for o in options if not own & o.skills for t in o.tiers}
    homes = [own, frozenset()] if own and without == {t for o in options for t in o.tiers} else [own]
    skills = _shared((t, s) for o in options if len(o.tiers) == 1 for t in o.tiers for s in o.skills - summing.skills - own - LANGUAGES)
    providers = _shared((t, o.provider) for o in options if o.provider not in NEUTRAL and o.provider != branch.home for t in o.tiers[:1])
    return [Opened(h | s, p) for h in homes for p in _sets(providers) for s in _sets(skills)]


def _shared(used: Iterable[tuple[str, str]]) -> list[str]:
    """What more than one tier could use."""
    tiers: dict[str, set[str]] = {}
    for tier, what in used:
        tiers.setdefault(what, set()).add(tier)
    return sorted(what for what, by in tiers.items() if len(by) > 1)


def _sets(shared: Sequence[str]) -> list[frozenset[str]]:
    """Every set of a few, the empty one first; of many each alone and all."""
    if len(shared) <= MOST_SHARED:
        return [frozenset(c) for n in range(len(shared) + 1) for c in itertools.combinations(shared, n)]
    return [frozenset(), *(frozenset({s}) for s in shared), frozenset(shared)]


def front_of(branch: GlobalChoice, choices: Choices, summing: DesignSums, opened: Opened, cost_step: float) -> Front:
    """The engine's front of one branch; what its designs share is the surcharge, what they may not share is counted with each."""
    w, home = summing.weights, branch.home
    second = summing.second if branch.second else None
    # The worst zone loss and the slowest failover of the branch for all: an upper bound, made exact once a design is known.
    places = float(w @ (summing.zone_mean * summing.reach(branch.options) + summing.region_bound(branch.options, branch.second, branch.spans)))
    surcharge = (
        summing.cash + (second.cash_per_month if second else 0.0), float(w @ summing.fixed_mean) + places,
        summing.hours + summing.fee["new_skill"] * len(opened.skills) + sum(map(summing.fee_of, opened.providers)) + (second.hours_per_month if second else 0.0),
    )  # fmt: skip

    def numbers(o: Option) -> tuple[float, float, float]:
        away = o.provider not in NEUTRAL and o.provider != home
        more_cash, more_hours = (second.adds(o, home) if second else None) or (0.0, 0.0)
        hours = o.hours_per_month + (summing.fee_of(o.provider) if away and o.provider not in opened.providers else 0.0)
        hours += summing.fee["new_skill"] * len(o.skills - summing.skills - opened.skills)
        cash = o.cash_per_month + (o.crossing_gigabytes * summing.egress if away else 0.0)
        return cash + more_cash, float(w @ summing.means[id(o)]), hours + more_hours

    tiers = []
    for name, own in zip(choices.varied, branch.single, strict=True):
        rows = np.array([numbers(o) for o in own]).reshape(-1, 3)
        tiers.append(Tier(rows[:, 0], rows[:, 1], rows[:, 2], name))
    place = {name: t for t, name in enumerate(choices.varied)}
    bundles = [Bundle(tuple(place[t] for t in o.tiers), *numbers(o), label=o.way.id) for o in branch.bundles]
    return front(tiers, bundles, resolution=cost_step, hours_resolution=HOURS_STEP, loss_resolution=LOSS_STEP,
                 surcharge=surcharge, label=branch.label, loss_unit="minutes")  # fmt: skip
