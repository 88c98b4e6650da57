"""All designs of a client and the ones that no other beats: options per tier, the engine's fronts, exact sums."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from readiness.assessment.assess import Assessment, assess_if
from readiness.assessment.causes import causes_of
from readiness.assessment.design_branches import GlobalChoice, front_of, global_choices, opened_in, plan_in
from readiness.assessment.design_gates import LeftOut
from readiness.assessment.design_options import Choices, Option, as_run, bad_minutes_of, options_of
from readiness.assessment.design_regions import ANSWER, PRACTICE
from readiness.assessment.design_sums import DesignSums, Extras, Plan, Sums
from readiness.assumptions import MINUTES_PER_YEAR
from readiness.catalog.schema import Practice
from readiness.design import base_numbers, client_moves, design_of
from readiness.engagement.schema import Engagement
from readiness.models import Array
from readiness.models.frontier import Front, merge, undominated
from readiness.moves import apply
from readiness.practices import choices as practice_choices


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
    loose
        One front for each home, to search for alternatives in; its sums are upper bounds.
    raw
        The engine's own front before shared surcharges were counted exactly; its sums are never below the exact ones.
    designs
        How many designs there are to choose from, all homes together.
    """

    a: Assessment
    choices: Choices
    front: Front
    raw: Front
    branches: tuple[GlobalChoice, ...]
    designs: float
    summing: DesignSums = field(repr=False)
    loose: Front = field(repr=False)
    loose_branches: tuple[GlobalChoice, ...] = field(repr=False)
    _scored: dict[tuple[str, ...], Scored] = field(default_factory=dict, repr=False)
    _minutes: dict[tuple[str, ...], Array] = field(default_factory=dict, repr=False)

    def plan(self, index: int) -> Plan:
        """The design of a point of the front."""
        return self.plan_of(self.front.designs([index])[0].tolist(), int(self.front.branch[index]))

    def plan_of(self, design: Sequence[int], branch: int) -> Plan:
        """The design that the engine names by its options in one of the branches."""
        return plan_in(self.branches[branch], design)

    @cached_property
    def today(self) -> Plan:
        """How the client runs it now."""
        options = {t: o for t, found in self.choices.single.items() for o in found if o.today}
        options |= {t: o for o in self.choices.bundles if o.today for t in o.tiers}
        return Plan(tuple(options[t] for t in self.choices.varied))

    def plan_with(self, ways: Mapping[str, str], *, second: bool = False) -> Plan | None:
        """A design made by hand: today's with the ways of some tiers changed, or a second region beside it; None when it is not open to the client."""
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
        plan = Plan(tuple(options[t] for t in self.choices.varied), second)
        return plan if not second or (self.summing.second is not None and math.isfinite(self.extras(plan).second_cash)) else None

    def sums(self, plan: Plan) -> Sums:
        """What the design adds up to, further providers, skills and the loss of zones and regions included."""
        return self.summing.sums(plan)

    def extras(self, plan: Plan) -> Extras:
        """What the design costs beside its parts."""
        return self.summing.extras(plan)

    @property
    def floor(self) -> float:
        """Bad minutes a year that no design removes: changes, people, load, security, outside services, tiers that stay."""
        summing = self.summing
        lost = np.min([summing.region_bound((), b.second, b.spans) for b in self.branches], axis=0)
        return float(np.dot(self.a.weights, summing.fixed_mean + lost))

    @property
    def allowances(self) -> tuple[float, ...]:
        """Bad minutes that each journey's promise forgives in a year."""
        return tuple((1 - j.promise.slo) * MINUTES_PER_YEAR for j in self.a.engagement.journeys)

    def counted(self, plan: Plan) -> Array:
        """Bad minutes a year that the promise counts, by the engine's sum; (journeys, draws)."""
        return self.summing.counted(plan)

    def meets(self, plan: Plan, allowances: Sequence[float] | None = None) -> tuple[bool, float]:
        """By the engine's sum: whether the promises, or other ``allowances``, hold on average, and in which share of the draws."""
        return _meets(self.counted(plan), allowances or self.allowances)

    def engagement(self, plan: Plan) -> Engagement:
        """The client as if it ran this design."""
        run, second = as_run(self.a.engagement, plan.ways), self.summing.second
        return second.engagement(run, self.a) if plan.second and second is not None else run

    def hours_once(self, plan: Plan) -> float:
        """Hours to come from today's design to this one: the moves of its tiers, and its second region."""
        second = self.summing.second
        return sum(o.move_hours for o in plan.parts) + (second.hours_once if plan.second and second is not None else 0.0)

    def score(self, plan: Plan) -> Scored:
        """The design re-scored by `assess` on the common draws; each design once."""
        if plan.key not in self._scored:
            b = assess_if(self.a, self.engagement(plan)) if plan.differs(self.today) else self.a
            on_average, confidence = _meets(np.stack([r.counted for r in b.journeys]), self.allowances)
            self._scored[plan.key] = Scored(plan, self.sums(plan), b.bad_minutes_weighted, on_average, confidence,
                                            float(b.main.breach.mean()), float(b.figure("loss_per_year").draws.mean()))  # fmt: skip
        return self._scored[plan.key]

    def minutes(self, plan: Plan) -> Array:
        """Bad minutes a year of a design by the sums of `assess`, without the chances of its windows, which take most of its time."""
        if plan.key in self._scored:
            return self._scored[plan.key].minutes
        if plan.key not in self._minutes:
            self._minutes[plan.key] = expected_minutes(self.a, self.engagement(plan))
        return self._minutes[plan.key]

    @property
    def rescored(self) -> int:
        """How many designs were re-scored."""
        return len({*self._scored, *self._minutes})

    def bought_as_design(self, practice: Practice, to: str) -> bool:
        """Whether a practice's answer stands for a second region, which is one of the designs here rather than a practice."""
        return practice.id == PRACTICE and any(b.second for b in self.branches) and practice.answer(to).level >= practice.answer(ANSWER).level

    def left_out(self, *kinds: str) -> tuple[LeftOut, ...]:
        homes = {b.home for b in self.branches}
        return tuple(x for x in (*self.choices.left_out, *(y for y in self.summing.no_second if y.way in homes)) if x.kind in kinds)


def _meets(counted: Array, allowances: Sequence[float]) -> tuple[bool, float]:
    limits = np.array(allowances)[:, None]
    return bool((counted.mean(axis=1) <= limits[:, 0]).all()), float((counted <= limits).all(axis=0).mean())


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
    One front for each combination of home (the provider that runs the product), regions (one, or a second on standby for
    all that keeps data), journeys whose ways span regions by themselves, worst loss of a zone, and new skills and further
    providers that several tiers would share; then merged. Tiers beside edge, storage and asynchronous parts stand with the home. Every further
    provider adds its hours and its traffic, every new skill its hours, every move its hours spread over 36 months; a
    second region adds what stands there again, its traffic, and the hours of the practices it needs. The
    sum over tiers is exact for the mean of one journey; with several journeys the loss of a zone is an upper bound until
    the design is known. What is printed as the answer is re-scored by `assess`.
    """
    choices = choices or options_of(a)
    summing = DesignSums(a, choices)
    branches: list[GlobalChoice] = []
    fronts: list[Front] = []
    step = max(0.01, round(sum(o.cash_per_month for o in choices if o.today) / 2000, 2))
    for branch in global_choices(a, choices, summing):
        for opened in opened_in(branch, summing):
            branches.append(branch)
            fronts.append(front_of(branch, choices, summing, opened, step))
    raw = merge(fronts)
    # The widest of each home and regions comes last of those without spanning ways, and first of it nothing shared is opened.
    last = {(b.home, b.second): b for b in branches if not any(b.spans)}
    loose = list(last.values())
    widest = merge([fronts[branches.index(b)] for b in loose])
    designs = float(sum(np.prod([len(own) for own in b.single]) for b in loose))
    return DesignSpace(a, choices, _exact(raw, branches, summing), raw, tuple(branches), designs, summing, widest, tuple(loose))


def _exact(raw: Front, branches: Sequence[GlobalChoice], summing: DesignSums) -> Front:
    """The front with exact sums: what designs share is counted once, and what is beaten then is dropped."""
    sums = [summing.sums(plan_in(branches[b], d)) for d, b in zip(raw.designs(), raw.branch.tolist(), strict=True)]
    cost, loss, hours = (np.array([getattr(s, n) for s in sums]) for n in ("cash", "minutes", "hours"))
    kept = undominated(np.round(cost, 6), np.round(loss, 6), np.round(hours, 6))
    return replace(raw, cost=cost[kept], loss=loss[kept], hours=hours[kept], branch=raw.branch[kept].copy(), keys=raw.keys[kept].copy())


def expected_minutes(a: Assessment, engagement: Engagement) -> Array:
    """Bad minutes a year of an altered client, weighted by revenue: what `assess` finds, on the same draws."""
    design = design_of(a.catalog, engagement, as_of=a.as_of)
    given, base = practice_choices(a.catalog, engagement, as_of=a.as_of), base_numbers(a.catalog, engagement, design)
    values = apply(given, base, overrides=(*a.measured, *client_moves(engagement)), reference=a.said, draws=a.values.draws, seed=a.values.seed,
                   like=a.values)  # fmt: skip
    totals = [bad_minutes_of(causes_of(a.catalog, engagement, design, j, values), values.draws)[0] for j in engagement.journeys]
    return np.asarray(np.tensordot(np.array(a.weights), np.minimum(np.stack(totals), MINUTES_PER_YEAR), axes=1))
