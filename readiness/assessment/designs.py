"""All designs of a client and the ones that no other beats: options per tier, the engine's fronts, exact sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from readiness.assessment.assess import Assessment, assess
from readiness.assessment.design_gates import LANGUAGES, LeftOut
from readiness.assessment.design_options import NEUTRAL, Choices, Option, as_run, options_of
from readiness.assessment.design_sums import DesignSums, Extras, Plan, Sums
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.engagement.schema import Engagement
from readiness.models import Array
from readiness.models.frontier import Front, front, merge, undominated
from readiness.models.frontier_fields import Bundle, Tier

HOURS_STEP = 0.25
LOSS_STEP = 0.05
"""Minutes a year; with the cost's step, what two designs may differ by and still count as the same."""
LOOSE_NEEDS = frozenset(
    {"object_storage", "stream_queue", "messaging", "analytics_store", "llm_api", "customer_login", "backup", "dns_cdn", "domain_tls", "functions",
     "jobs", "payments", "feature_flags", "gpu_compute", "vector_search", "search"}
)  # fmt: skip
"""Needs whose distance in milliseconds does not matter: they may stand with another home than the product, at a price."""


@dataclass(frozen=True)
class Scored:
    """A design re-scored by `assess` on the common draws.

    Parameters
    ----------
    plan, sums
        The design, and what the engine's sum says of it.
    minutes
        Bad minutes a year, weighted by the journeys' revenue; (draws,).
    on_average
        Whether each journey's expected bad minutes stay within what its promise forgives in a year.
    confidence
        Share of the draws in which the expected bad minutes of a year stay within it, for all journeys at once.
    breach
        Chance that the promise of the main journey is broken in at least one window of a year.
    loss_per_year
        Expected loss, all lines.
    """

    plan: Plan
    sums: Sums
    minutes: Array
    on_average: bool
    confidence: float
    breach: float
    loss_per_year: float


@dataclass(frozen=True, eq=False)
class _Branch:
    """Global choices: the home, the worst zone loss, a skill that is opened; and what they leave to choose from."""

    label: str
    single: tuple[tuple[Option, ...], ...]
    bundles: tuple[Option, ...]


@dataclass(frozen=True, eq=False)
class DesignSpace:
    """Every design of a client, the front of them, and the sums of any.

    Parameters
    ----------
    a
        The assessment it was made from: the draws are common.
    choices
        Options per tier, bundles, and what was left out with its reason.
    front
        What no other design beats in cash, bad minutes and hours a month; its sums are exact.
    raw
        The engine's own front before shared surcharges were counted exactly; its sums are never below the exact ones.
    designs
        How many designs there are to choose from, all homes together.
    """

    a: Assessment
    choices: Choices
    front: Front
    raw: Front
    branches: tuple[_Branch, ...]
    designs: float
    summing: DesignSums = field(repr=False)
    _scored: dict[tuple[str, ...], Scored] = field(default_factory=dict, repr=False)

    def plan(self, index: int) -> Plan:
        """The design of a point of the front."""
        return self.plan_of(self.front.designs([index])[0].tolist(), int(self.front.branch[index]))

    def plan_of(self, design: Sequence[int], branch: int) -> Plan:
        """The design that the engine names by its options in one of the branches."""
        return _plan(self.branches[branch], design)

    @cached_property
    def today(self) -> Plan:
        """How the client runs it now."""
        options = {t: o for t, found in self.choices.single.items() for o in found if o.today}
        options |= {t: o for o in self.choices.bundles if o.today for t in o.tiers}
        return Plan(tuple(options[t] for t in self.choices.varied))

    def plan_with(self, ways: Mapping[str, str]) -> Plan | None:
        """A design made by hand: today's with the ways of some tiers changed; None when it is not open to the client."""
        wanted = self.today.ways | dict(ways)
        options: dict[str, Option] = {}
        for o in self.choices.bundles:
            if all(wanted[t] == o.way.id for t in o.tiers) and not any(t in options for t in o.tiers):
                options |= dict.fromkeys(o.tiers, o)
        for t in self.choices.varied:
            found = options.get(t) or next((o for o in self.choices.single[t] if o.way.id == wanted[t]), None)
            if found is None:
                return None
            options[t] = found
        return Plan(tuple(options[t] for t in self.choices.varied))

    def sums(self, plan: Plan) -> Sums:
        """What the design adds up to, further providers, skills and the loss of zones and regions included."""
        return self.summing.sums(plan)

    def extras(self, plan: Plan) -> Extras:
        """What the design costs beside its parts."""
        return self.summing.extras(plan)

    @property
    def floor(self) -> float:
        """Bad minutes a year that no design removes: changes, people, load, security, outside services, tiers that stay."""
        return float(np.dot(self.a.weights, self.summing.floor.mean(axis=1)))

    @property
    def allowances(self) -> tuple[float, ...]:
        """Bad minutes that each journey's promise forgives in a year."""
        return tuple((1 - j.promise.slo) * MINUTES_PER_YEAR for j in self.a.engagement.journeys)

    def counted(self, plan: Plan) -> Array:
        """Bad minutes a year that the promise counts, by the engine's sum; (journeys, draws)."""
        return self.summing.counted(plan)

    def meets(self, plan: Plan) -> tuple[bool, float]:
        """By the engine's sum: whether the promises hold on average, and in which share of the draws."""
        return _meets(self.counted(plan), self.allowances)

    def engagement(self, plan: Plan) -> Engagement:
        """The client as if it ran this design."""
        return as_run(self.a.engagement, plan.ways)

    def score(self, plan: Plan) -> Scored:
        """The design re-scored by `assess` on the common draws; each design once."""
        if plan.key not in self._scored:
            a = self.a
            b = a
            if plan.differs(self.today):
                b = assess(a.catalog, self.engagement(plan), as_of=a.as_of, today=a.engagement, measured=a.measured,
                           draws=a.values.draws, seed=a.values.seed)  # fmt: skip
            on_average, confidence = _meets(np.stack([r.counted for r in b.journeys]), self.allowances)
            self._scored[plan.key] = Scored(plan, self.sums(plan), b.bad_minutes_weighted, on_average, confidence,
                                            float(b.main.breach.mean()), float(b.figure("loss_per_year").draws.mean()))  # fmt: skip
        return self._scored[plan.key]

    @property
    def rescored(self) -> int:
        """How many designs were re-scored."""
        return len(self._scored)

    def left_out(self, *kinds: str) -> tuple[LeftOut, ...]:
        return tuple(x for x in self.choices.left_out if x.kind in kinds)


def _meets(counted: Array, allowances: Sequence[float]) -> tuple[bool, float]:
    limits = np.array(allowances)[:, None]
    return bool((counted.mean(axis=1) <= limits[:, 0]).all()), float((counted <= limits).all(axis=0).mean())


def _plan(branch: _Branch, design: Sequence[int]) -> Plan:
    return Plan(tuple(branch.single[t][o] if o >= 0 else branch.bundles[~o] for t, o in enumerate(design)))


def _branches(a: Assessment, choices: Choices, summing: DesignSums) -> list[_Branch]:
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
        reaches = sorted({0.0, *(float(o.zone_reach.max()) for o in (*bundles, *(x for own in single for x in own)))})
        for worst in reaches:
            narrow = tuple(tuple(o for o in own if o.zone_reach.max() <= worst) for own in single)
            some = tuple(o for o in bundles if o.zone_reach.max() <= worst)
            if all(own or any(choices.varied[t] in o.tiers for o in some) for t, own in enumerate(narrow)):
                found.append(_Branch(home, narrow, some))
    return found


def _front(branch: _Branch, choices: Choices, summing: DesignSums, opened: frozenset[str], cost_step: float) -> Front:
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


def design_space(a: Assessment, *, choices: Choices | None = None) -> DesignSpace:
    """Every design open to a client, and the ones that no other beats in cash, bad minutes and team hours.

    Parameters
    ----------
    a
        The client as it stands; its draws are used for every design.
    choices
        What there is to choose from; found from the assessment when None.

    Returns
    -------
    DesignSpace
        With exact sums. Cash and hours are a month, bad minutes a year, all means over the common draws.

    Raises
    ------
    ModelError
        When the sums do not fit into the engine's integers.

    Notes
    -----
    One front for each home (the provider that runs the product), each worst loss of a zone and each new skill that several
    tiers would share; then merged. Tiers beside edge, storage and asynchronous parts stand with the home. Every further
    provider adds its hours and its traffic, every new skill its hours, every move its hours spread over 36 months. The
    sum over tiers is exact for the mean of one journey; with several journeys the loss of a zone is an upper bound until
    the design is known. What is printed as the answer is re-scored by `assess`.
    """
    choices = choices or options_of(a)
    summing = DesignSums(a, choices)
    branches: list[_Branch] = []
    fronts: list[Front] = []
    step = max(0.01, round(sum(o.cash_per_month for o in choices if o.today) / 2000, 2))
    for branch in _branches(a, choices, summing):
        new = [o.skills - summing.skills for own in branch.single for o in own]
        local = frozenset({branch.label}) & frozenset().union(*new) if new else frozenset()
        tiers_with: dict[str, int] = {}
        for own in branch.single:
            for skill in frozenset().union(*(o.skills for o in own)) - summing.skills - local if own else ():
                tiers_with[skill] = tiers_with.get(skill, 0) + 1
        shared = [s for s, tiers in sorted(tiers_with.items()) if tiers > 1 and s not in LANGUAGES]
        for opened in [local, *(local | {s} for s in shared)]:
            branches.append(branch)
            fronts.append(_front(branch, choices, summing, opened, step))
    raw = merge(fronts)
    designs = float(sum(np.prod([len(own) for own in b.single]) for b in {(x.label, len(x.single)): x for x in branches}.values()))
    return DesignSpace(a, choices, _exact(raw, branches, summing), raw, tuple(branches), designs, summing)


def _exact(raw: Front, branches: Sequence[_Branch], summing: DesignSums) -> Front:
    """The front with exact sums: what designs share is counted once, and what is beaten then is dropped."""
    sums = [summing.sums(_plan(branches[b], d)) for d, b in zip(raw.designs(), raw.branch.tolist(), strict=True)]
    cost, loss, hours = (np.array([getattr(s, n) for s in sums]) for n in ("cash", "minutes", "hours"))
    kept = undominated(np.round(cost, 6), np.round(loss, 6), np.round(hours, 6))
    return replace(raw, cost=cost[kept], loss=loss[kept], hours=hours[kept], branch=raw.branch[kept].copy(), keys=raw.keys[kept].copy())
