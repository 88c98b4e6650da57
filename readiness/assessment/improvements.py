"""What could be improved: practices raised step by step, services moved to another way, and what opens only after a move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.design_options import as_run
from readiness.assessment.sourcing_gates import HOME_NEED, barriers, homes, ways_for
from readiness.assessment.yearly import Year, supposed
from readiness.catalog.schema import Practice, Remedy, Way
from readiness.design import Placed, design_of, gates_hit
from readiness.engagement.schema import Engagement, GivenAnswer
from readiness.language import tr
from readiness.models import Array
from readiness.practices import applies

STANDS_FROM = 2
"""The level from which a practice counts as there when another one needs it."""
MOVE_DRAWS = 512
MOVES_PER_TIER = 2
WORTH_A_LOOK = 0.03
"""Share of all bad minutes that a move has to spare to be looked at although it does not pay by itself."""
LEAST_STEP = 0.1


@dataclass(frozen=True)
class Improvement:
    """One step: a practice raised to an answer, or a tier moved to a way.

    Parameters
    ----------
    id
        ``practice.answer`` or ``tier.way``.
    title, what
        The practice or tier, and what it becomes.
    hours, hours_low, hours_high
        Work, on average and as a 90 % range; of a further step, over and above the step before it.
    cost_per_month
        Tools and surcharges from then on, in the client's currency; tiers' own bills come from the design.
    lead_weeks
        From the decision until it works.
    needs
        Improvements that have to be in effect before.
    after
        The step before it, against which its effect is reckoned; None for today.
    gate
        Whether the promise needs it.
    asked
        False when nobody has said yet how this stands; then it is done only for what needs it.
    """

    id: str
    title: str
    what: str
    hours: float
    hours_low: float
    hours_high: float
    cost_per_month: float
    lead_weeks: float
    practice: str | None = None
    answer: str | None = None
    tier: str | None = None
    way: str | None = None
    needs: tuple[str, ...] = ()
    after: str | None = None
    gate: bool = False
    asked: bool = True
    source: str = ""

    def applied(self, engagement: Engagement) -> Engagement:
        """The client after this step; its evidence is as good as that of the answer it replaces."""
        if self.tier is not None and self.way is not None:
            return as_run(engagement, {self.tier: self.way})
        practice = self.practice or ""
        held = engagement.answers.get(practice)
        return engagement.with_answer(practice, GivenAnswer(answer=self.answer, rung=held.rung if held else "observed", on=None))


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An improvement that was not put to the planner, and why."""

    title: str
    why: str


@dataclass(frozen=True)
class Candidates:
    """All that could be done, prerequisites first, and what was passed over before planning."""

    improvements: tuple[Improvement, ...]
    passed_over: tuple[PassedOver, ...]
    rivals: tuple[tuple[str, ...], ...]

    @cached_property
    def by_id(self) -> dict[str, Improvement]:
        return {i.id: i for i in self.improvements}

    def chain(self, improvement: Improvement) -> list[Improvement]:
        """The steps before this one that its effect builds on, and itself."""
        before = self.by_id[improvement.after] if improvement.after else None
        return [*(self.chain(before) if before else []), improvement]


def applied(engagement: Engagement, improvements: Iterable[Improvement]) -> Engagement:
    """The client after several steps; of one practice the last counts."""
    for improvement in improvements:
        engagement = improvement.applied(engagement)
    return engagement


def candidates(a: Assessment) -> Candidates:
    """Everything this client could do that the workbook knows of.

    Notes
    -----
    What nobody was asked about is not planned: it stands under "worth asking next". Two exceptions: a gate of the promise, and what
    something planned needs first. What the client decided against or accepted as a risk is left alone unless it is a gate.
    """
    found = _Finder(a)
    for standing in a.standing.practices:
        found.consider(standing.practice)
    moves = list(_moves(a))
    for move in moves:
        found.add(move)
        found.consider_after(move)
    by_tier: dict[str, list[str]] = {}
    for move in moves:
        by_tier.setdefault(move.tier or "", []).append(move.id)
    versions: dict[str, list[str]] = {}
    for i in found.found.values():
        if i.practice and i.after in {m.id for m in moves}:
            versions.setdefault(i.practice, []).append(i.id)
    rivals = [tuple(ids) for ids in (*by_tier.values(), *versions.values()) if len(ids) > 1]
    return Candidates(tuple(found.found.values()), tuple(found.passed_over), tuple(rivals))


class _Finder:
    """Walks the practices; what one needs is walked first."""

    def __init__(self, a: Assessment) -> None:
        self.a = a
        self.standing = {p.practice.id: p for p in a.standing.practices}
        self.found: dict[str, Improvement] = {}
        self.passed_over: list[PassedOver] = []
        self.walked: dict[str, list[Improvement]] = {}
        self.accepted = {r.practice for r in a.engagement.accepted_risks if r.practice and r.review_on > a.as_of}
        self.rate = a.engagement.client.exchange_rate_from_usd

    def add(self, improvement: Improvement) -> None:
        self.found[improvement.id] = improvement

    def consider(self, practice: Practice) -> None:
        """Put a practice's steps among the candidates, or say why not."""
        stands = self.standing[practice.id]
        if stands.state in ("does not apply", "not applicable"):
            return
        given = self.a.engagement.answers.get(practice.id)
        if stands.gate not in ("missed", "unproven"):
            if given is None:
                return
            if any(practice.answer(w).needs_reason for w in given.answers):
                self.passed_over.append(PassedOver(practice.title, tr("decided against{owner}", owner=tr(' by {owner}', owner=given.owner) if given.owner else '')))
                return
            if practice.id in self.accepted:
                self.passed_over.append(PassedOver(practice.title, tr("risk accepted")))
                return
        self.steps(practice)

    def steps(self, practice: Practice) -> list[Improvement]:
        """The steps of a practice above where it stands, each after the one before; walked once."""
        if practice.id in self.walked:
            return self.walked[practice.id]
        self.walked[practice.id] = []
        stands = self.standing[practice.id]
        level = stands.level if stands.level is not None else -1.0
        required = practice.answer(stands.required).level if stands.required and stands.gate in ("missed", "unproven") else None
        above = _remedies(practice, level)
        made: list[Improvement] = []
        for remedy in above:
            needs = self._needs(remedy)
            if needs is None:
                self.passed_over.append(PassedOver(f"{practice.title}: {practice.answer(remedy.to).text}", tr("needs what there is no known way to")))
                break
            reached = practice.answer(remedy.to).level
            gate = required is not None and reached >= required and not any(i.gate for i in made)
            made.append(self._step(practice, remedy, made[-1] if made else None, needs, gate=gate, asked=stands.state != "not asked"))
        self.walked[practice.id] = made
        for improvement in made:
            self.add(improvement)
        return made

    def consider_after(self, move: Improvement) -> None:
        """What can be asked of this client only once it has moved: a failover to drill, for instance."""
        then = move.applied(self.a.engagement)
        for practice in self.a.catalog.practices.values():
            if applies(practice, self.a.engagement, self.a.catalog) or not applies(practice, then, self.a.catalog):
                continue
            before: Improvement | None = None
            for remedy in _remedies(practice, -1):
                needs = self._needs(remedy)
                if needs is None:
                    break
                step = self._step(practice, remedy, before, (*needs, move.id), gate=False, asked=True, opened_by=move)
                self.add(step)
                before = step

    def _needs(self, remedy: Remedy) -> tuple[str, ...] | None:
        """Improvements that a remedy needs and the client lacks; None when there is no way to one of them."""
        found = []
        for name in remedy.needs:
            stands = self.standing.get(name)
            if stands is None or stands.state in ("does not apply", "not applicable") or (stands.level is not None and stands.level >= STANDS_FROM):
                continue
            practice = self.a.catalog.practices[name]
            there = [i for i in self.steps(practice) if i.answer and practice.answer(i.answer).level >= STANDS_FROM]
            if not there:
                return None
            found.append(there[0].id)
        return tuple(found)

    def _step(
        self,
        practice: Practice,
        remedy: Remedy,
        before: Improvement | None,
        needs: Sequence[str],
        *,
        gate: bool,
        asked: bool,
        opened_by: Improvement | None = None,
    ) -> Improvement:
        # Hours of a remedy lead there from anywhere below, so a further step costs what it has over and above the one before.
        earlier = next((r for r in practice.remedies if before is not None and r.to == before.answer), None)
        whole = _hours(self.a, practice, remedy)
        if earlier is not None:
            whole = np.maximum(whole - _hours(self.a, practice, earlier), LEAST_STEP * whole)
        tools = (_cost(self.a, practice, remedy) - (_cost(self.a, practice, earlier) if earlier else 0.0)) * self.rate
        suffix = f"@{opened_by.id}" if opened_by else ""
        return Improvement(
            f"{practice.id}.{remedy.to}{suffix}",
            practice.title,
            practice.answer(remedy.to).text,
            float(whole[0]),
            float(whole[1]),
            float(whole[2]),
            tools,
            max(0.0, remedy.lead_weeks - (earlier.lead_weeks if earlier else 0.0)),
            practice=practice.id,
            answer=remedy.to,
            needs=tuple(dict.fromkeys([*needs, *([before.id] if before else [])])),
            after=before.id if before else opened_by.id if opened_by else None,
            gate=gate,
            asked=asked,
            source=remedy.source,
        )


def _remedies(practice: Practice, level: float) -> list[Remedy]:
    """Ways up from a level, lowest first; nobody sets out for an answer that does not yet count as being there."""
    return sorted(
        (r for r in practice.remedies if practice.answer(r.to).level > max(level, STANDS_FROM - 1)), key=lambda r: practice.answer(r.to).level
    )


def _mean_and_range(a: Assessment, low: float, likely: float, high: float, name: str) -> tuple[float, float, float]:
    if low <= 0:
        return likely, low, high
    return float(a.values.ranged(name, low, likely, high).mean()), low, high


def _hours(a: Assessment, practice: Practice, remedy: Remedy) -> Array:
    """Mean, low and high of a remedy's work."""
    return np.array(_mean_and_range(a, remedy.hours.low, remedy.hours.likely, remedy.hours.high, f"hours:{practice.id}={remedy.to}"))


def _cost(a: Assessment, practice: Practice, remedy: Remedy) -> float:
    cost = remedy.cost_per_month
    return _mean_and_range(a, cost.low, cost.likely, cost.high, f"cost:{practice.id}={remedy.to}")[0] if cost else 0.0


def _moves(a: Assessment) -> Iterator[Improvement]:
    """For each tier, the ways that spare most, cash, hours and loss taken together, and the one that spares most downtime."""
    today = supposed(a, draws=MOVE_DRAWS, credits=None)
    rate = float(a.values["loaded_rate_per_hour"].mean())
    minutes = float(today.bad_minutes.mean())
    for placed in a.design.placed:
        looked: list[tuple[float, float, Way, Year]] = []
        for way in open_ways(a, placed):
            then = supposed(a, as_run(a.engagement, {placed.tier.name: way.id}), draws=MOVE_DRAWS, credits=None)
            work = float((then.values[f"{placed.tier.name}.setup_hours"] + then.values[f"{placed.tier.name}.migration_hours"]).mean()) * rate
            spared = float((today.economic - then.economic).mean()) - work / 2
            looked.append((spared, minutes - float(then.bad_minutes.mean()), way, then))
        looked.sort(key=lambda one: -one[0])
        kept = [one for one in looked if one[0] > 0][:MOVES_PER_TIER]
        calmest = max(looked, key=lambda one: one[1], default=None)
        if calmest is not None and calmest not in kept and calmest[1] > WORTH_A_LOOK * minutes:
            kept.append(calmest)
        for _, _, way, then in kept:
            yield _move(a, placed, way, then)


def _move(a: Assessment, placed: Placed, way: Way, then: Year) -> Improvement:
    tier = placed.tier.name
    hours = then.values[f"{tier}.setup_hours"] + then.values[f"{tier}.migration_hours"]
    low, high = np.quantile(hours, (0.05, 0.95))
    surcharge = sum(g.surcharge_share.likely for g in gates_hit(way, placed.tier, a.engagement) if g.surcharge_share is not None)
    return Improvement(
        f"{tier}.{way.id}",
        tier,
        way.title,
        float(hours.mean()),
        float(low),
        float(high),
        surcharge * float(then.values[f"{tier}.cash_per_month"].mean()),
        float(then.values[f"{tier}.lead_weeks"].mean()),
        tier=tier,
        way=way.id,
        source=tr("hours to set up and to move, from the services' own numbers"),
    )


def open_ways(a: Assessment, placed: Placed) -> list[Way]:
    """Other ways to run a tier by itself: nothing blocks them, they have a price, and no new home, skill or change of the product comes with them."""
    tier, e = placed.tier, a.engagement
    if placed.way.fills:
        return []
    at_home = {p.way.provider for p in a.design.placed if p.service.need == HOME_NEED} or {e.architecture.provider}
    skills = {skill for p in a.design.placed for skill in p.way.skills}
    found = []
    for _, way in ways_for(a.catalog, tier):
        agreed = way.id in tier.allowed
        if way.fills or (way.provider in homes(a.catalog) and way.provider not in at_home and not agreed):
            continue
        if way.run_by == "client" and not set(way.skills) <= skills and not agreed:
            continue
        then = design_of(a.catalog, as_run(e, {tier.name: way.id}), as_of=a.as_of)[tier.name]
        if not any(b.effect != "surcharge" for b in barriers(a.catalog, e, tier, way, then)):
            found.append(way)
    return found


__all__ = ["Candidates", "Improvement", "PassedOver", "applied", "candidates", "open_ways"]
