"""Global choices that all tiers of a design share: its home, the loss of a zone it bears, and the skills it opens."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.design_options import NEUTRAL, Choices, Option
from readiness.assessment.design_sums import DesignSums, Plan
from readiness.models import Array
from readiness.models.frontier import Front, front
from readiness.models.frontier_fields import Bundle, Tier

MOST_ZONE_LOSSES = 64
"""Combinations of zone losses over the journeys that are looked at one by one; above, all journeys share one bound."""
HOURS_STEP = 0.25
LOSS_STEP = 0.05
"""Minutes a year; with the cost's step, what two designs may differ by and still count as the same."""
LOOSE_NEEDS = frozenset(
    {"object_storage", "stream_queue", "messaging", "analytics_store", "llm_api", "customer_login", "backup", "dns_cdn", "domain_tls", "functions",
     "jobs", "payments", "feature_flags", "gpu_compute", "vector_search", "search"}
)  # fmt: skip
"""Needs whose distance in milliseconds does not matter: they may stand with another home than the product, at a price."""


@dataclass(frozen=True, eq=False)
class GlobalChoice:
    """Global choices: the home, the worst zone loss, a skill that is opened; and what they leave to choose from."""

    label: str
    single: tuple[tuple[Option, ...], ...]
    bundles: tuple[Option, ...]


def plan_in(branch: GlobalChoice, design: Sequence[int]) -> Plan:
    """A design of the engine as options."""
    return Plan(tuple(branch.single[t][o] if o >= 0 else branch.bundles[~o] for t, o in enumerate(design)))


def global_choices(a: Assessment, choices: Choices, summing: DesignSums) -> list[GlobalChoice]:
    """The global choices: home, worst loss of a zone, one skill opened for several tiers at once."""
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

        single = tuple(tuple(o for o in choices.single[t] if stands(o)) for t in choices.varied)
        bundles = tuple(o for o in choices.bundles if stands(o))
        for worst in _zone_losses([*bundles, *(o for own in single for o in own)], len(summing.names)):
            narrow = tuple(tuple(o for o in own if (o.zone_reach <= worst).all()) for own in single)
            some = tuple(o for o in bundles if (o.zone_reach <= worst).all())
            if all(own or any(choices.varied[t] in o.tiers for o in some) for t, own in enumerate(narrow)):
                found.append(GlobalChoice(home, narrow, some))
    return found


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


def home_skill(branch: GlobalChoice, summing: DesignSums) -> frozenset[str]:
    """The skill that a home asks for, where it is named like the home and new to the team: shared by all tiers."""
    asked = frozenset(s for own in branch.single for o in own for s in o.skills)
    return (frozenset({branch.label}) & asked) - summing.skills


def front_of(branch: GlobalChoice, choices: Choices, summing: DesignSums, opened: frozenset[str], cost_step: float) -> Front:
    """The engine's front of one branch; what its designs share is the surcharge, what they may not share is counted with each."""
    w, home = summing.weights, branch.label
    every = [*(o for own in branch.single for o in own), *branch.bundles]
    # The worst zone loss of the branch and one region for all: an upper bound, made exact once a design is known.
    zone = summing.zone_mean * float(w @ summing.reach(every))
    surcharge = (summing.cash, float(w @ (summing.fixed_mean + summing.region_mean)) + zone, summing.hours + summing.fee["new_skill"] * len(opened))

    def numbers(o: Option) -> tuple[float, float, float]:
        away = o.provider not in NEUTRAL and o.provider != home
        hours = o.hours_per_month + (summing.fee_of(o.provider) if away else 0.0) + summing.fee["new_skill"] * len(o.skills - summing.skills - opened)
        return o.cash_per_month + (o.crossing_gigabytes * summing.egress if away else 0.0), float(w @ summing.means[id(o)]), hours

    tiers = []
    for name, own in zip(choices.varied, branch.single, strict=True):
        rows = np.array([numbers(o) for o in own]).reshape(-1, 3)
        tiers.append(Tier(rows[:, 0], rows[:, 1], rows[:, 2], name))
    place = {name: t for t, name in enumerate(choices.varied)}
    bundles = [Bundle(tuple(place[t] for t in o.tiers), *numbers(o), label=o.way.id) for o in branch.bundles]
    return front(tiers, bundles, resolution=cost_step, hours_resolution=HOURS_STEP, loss_resolution=LOSS_STEP,
                 surcharge=surcharge, label=home, loss_unit="minutes")  # fmt: skip
