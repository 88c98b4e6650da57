"""The planner's side of a plan: the room there is, the candidates as a backlog, and the best order of work all of whose steps pay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.effects import Effects
from readiness.errors import ModelError
from readiness.language import N_, Words, tr
from readiness.models.backlog import Backlog, Capacity, Integers, Plan, plan_of
from readiness.models.margin import WhyLeftOut
from readiness.models.roadmap import best_plan, polish

QUARTERS_AHEAD = 8
"""A plan is judged by two years from its first quarter on."""
DEFAULT_QUARTERS = 4
DEFAULT_HOURS_PER_MONTH = 40.0
WEEKS_PER_QUARTER = 13.0
LEAST_OF_ALLOWANCES = 0.002
"""Share of all used-up allowances that a step has to take off when the promise is the aim."""
NOT_PAYING = N_("saves less within two years than its own hours cost")
REASONS: dict[WhyLeftOut, str] = Words({
    "rival chosen": N_("another way for the same part is in the plan"),
    "not worth it": N_("avoids no more than it costs to run"),
    "no room": N_("hours or budget do not suffice"),
    "too late": N_("would take effect after the last quarter"),
    "still fits": N_("would fit, but adds next to nothing"),
})


@dataclass(frozen=True)
class Room:
    """What can be spent in each quarter.

    Parameters
    ----------
    quarters
        As 2027-Q1.
    hours
        Of the team.
    money
        For running costs, one year of them set aside; None when nobody limits it.
    said
        Where this comes from.
    """

    quarters: tuple[str, ...]
    hours: tuple[float, ...]
    money: tuple[float, ...] | None
    said: str


def quarter_of(day: date) -> str:
    """The quarter a day lies in.

    Examples
    --------
    >>> quarter_of(date(2026, 11, 23))
    '2026-Q4'
    """
    return f"{day.year}-Q{(day.month + 2) // 3}"


def next_quarter(quarter: str) -> str:
    """The quarter after.

    Examples
    --------
    >>> next_quarter("2026-Q4")
    '2027-Q1'
    """
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year + number // 4}-Q{number % 4 + 1}"


def room_of(a: Assessment) -> Room:
    """Hours and money by quarter: what the client said, else its spare hours, else a modest guess that is named as such."""
    team, first = a.engagement.team, quarter_of(a.as_of)
    given = sorted((q for q in team.capacity if q.quarter >= first), key=lambda q: q.quarter)
    if given:
        money = tuple(q.budget for q in given) if any(q.budget for q in given) else None
        return Room(tuple(q.quarter for q in given), tuple(q.hours for q in given), money, tr("the client's capacity by quarter"))
    spare = team.spare_hours_per_month
    said = (
        tr("three months of the hours the team can spare") if spare is not None else tr("a week of one person a month, since nobody said what can be spared")
    )
    quarters = [first]
    while len(quarters) < DEFAULT_QUARTERS:
        quarters.append(next_quarter(quarters[-1]))
    return Room(tuple(quarters), tuple(3 * (DEFAULT_HOURS_PER_MONTH if spare is None else spare) for _ in quarters), None, said)


class Planner:
    """Candidates as the planner wants them, and the plan without what does not pay.

    Parameters
    ----------
    effects
        Of all candidates.
    room
        Hours and money by quarter.
    keep
        Ids that go first and are never taken out.
    rate
        Of an hour: what a step's own work is held against.
    """

    def __init__(self, effects: Effects, room: Room, keep: Iterable[str], *, rate: float) -> None:
        self.effects, self.room, self.keep = effects, room, set(keep)
        quarters = len(room.quarters)
        self.stands_for = np.ones(quarters)
        self.stands_for[-1] = max(1.0, QUARTERS_AHEAD - quarters)
        self.capacity = Capacity.of(room.hours, None if room.money is None else room.money)
        money = effects.aim != "promise"
        whole = sum(effects.risks.values()) * float(self.stands_for.sum()) / 4
        self.price = rate * effects.hours if money else np.where(effects.hours > 0, LEAST_OF_ALLOWANCES * whole, 0.0)
        # Allowances and money are never added: with the promise as the aim, running costs are held against the budget only.
        self.running = (3 * effects.running_per_month if money else np.zeros(len(effects.order))) + effects.harm_per_year / 4
        self.out: list[str] = []
        self._build()

    def _build(self) -> None:
        effects, gone = self.effects, set(self.out)
        self.ids = [i for i in effects.order if i not in gone]
        rows = [effects.order.index(i) for i in self.ids]
        place = {i: p for p, i in enumerate(self.ids)}
        self.backlog = Backlog.of(
            effects.hours[rows],
            effects.shares[rows],
            np.outer(self.stands_for, np.array(list(effects.risks.values())) / 4),
            money=12 * np.maximum(effects.running_per_month[rows], 0.0),
            running_per_quarter=self.running[rows],
            lead_quarters=np.round(effects.lead_weeks[rows] / WEEKS_PER_QUARTER).astype(np.intp),
            quarters=self.stands_for,
            needs=[tuple(place[n] for n in effects.needs[i]) for i in self.ids],
            rivals=[group for group in (tuple(place[i] for i in ids if i in place) for ids in effects.rivals) if len(group) > 1],
        )
        self.own_price = self.price[rows]
        self.first = tuple(place[i] for i in self.keep if i in place)

    def paying(self) -> Plan:
        """The best plan all of whose steps pay for their own hours; what was taken out for that is in ``out``."""
        self._drop_hopeless()
        plan = best_plan(self.backlog, self.capacity, first=self.first)
        while True:
            plan = polish(self.backlog, self.capacity, plan, first=self.first)
            falling_short = self._falling_short(plan)
            if not falling_short:
                return self._sooner(self._with_all_kept(plan), self.capacity)
            finish = {i: int(plan.finish_quarter[p]) for p, i in enumerate(self.ids) if p not in falling_short}
            self._drop(falling_short)
            plan = plan_of(self.backlog, self.capacity, [finish.get(i, -1) for i in self.ids])

    def _kept(self) -> set[int]:
        return {int(q) for p in self.first for q in np.flatnonzero(self.backlog.closure[p])}

    def _drop(self, places: Iterable[int]) -> None:
        dropped = {i for p in places for q, i in enumerate(self.ids) if self.backlog.closure[q, p]}
        self.out += sorted(dropped)
        self._build()

    def _drop_hopeless(self) -> None:
        """Take out what could not pay even if nothing else were done: steps on which nothing hopeful builds."""
        years = float(self.stands_for.sum())
        while True:
            risks = self.backlog.losses[0] / self.stands_for[0]
            gain = (self.backlog.effects @ risks - self.backlog.running_per_quarter) * years - self.own_price
            built_on = self.backlog.closure.sum(axis=0) > 1
            hopeless = [p for p in np.flatnonzero((gain < 0) & ~built_on) if int(p) not in self._kept()]
            if not hopeless:
                return
            self._drop(map(int, hopeless))

    def _falling_short(self, plan: Plan) -> list[int]:
        """Steps that do not pay for their own hours beside the rest of the plan; the worst goes first, the others are looked at without it."""
        kept, gone = self._kept(), list[int]()
        effect = np.where(plan.finish_quarter >= 0, plan.effect_quarter, self.backlog.horizon)
        while True:
            standing = [p for p in plan.order if p not in gone]
            bundles = [[q for q in standing if self.backlog.closure[q, p]] for p in standing]
            loose = [(p, bundle) for p, bundle in zip(standing, bundles, strict=True) if not kept.intersection(bundle)]
            if not loose:
                return gone
            without = np.tile(effect, (len(loose) + 1, 1))
            for row, (_, bundle) in enumerate(loose):
                without[row, bundle] = self.backlog.horizon
            loss, running = self.backlog.cost_by_quarter(without)
            totals = loss.sum(axis=1) + running.sum(axis=1)
            net = totals[:-1] - totals[-1] - np.array([float(self.own_price[bundle].sum()) for _, bundle in loose])
            worst = int(np.argmin(net))
            if net[worst] >= -1e-9:
                return gone
            gone += loose[worst][1]
            effect[loose[worst][1]] = self.backlog.horizon

    def _with_all_kept(self, plan: Plan) -> Plan:
        """The plan with what has to be in it and fell out, since in the order of the work it came behind what waits for money."""
        for p in self.backlog.in_order(q for q in self._kept() if plan.finish_quarter[q] < 0):
            plan = self._made_room(plan, p) or plan
        return plan

    def _made_room(self, plan: Plan, p: int) -> Plan | None:
        """One more step in time to have effect; others give way while they have to, and come back where they still fit."""
        kept, out, found = self._kept(), list[int](), None
        finish = plan.finish_quarter.copy()
        while found is None:
            for quarter in range(self.backlog.horizon - int(self.backlog.lead_quarters[p])):
                found = self._at(finish, p, quarter)
                if found is not None:
                    break
            else:
                done = [q for q in range(self.backlog.count) if finish[q] >= 0]
                loose = [q for q in done if q not in kept and not any(self.backlog.closure[r, q] for r in done if r != q)]
                if not loose:
                    return None
                least = min(loose, key=lambda q: (self.backlog.effects[q] @ self.backlog.losses[0], q))
                finish[least] = -1
                out.append(least)
        for q in reversed(out):
            for quarter in range(self.backlog.horizon):
                back = self._at(found.finish_quarter, q, quarter)
                if back is not None and back.total < found.total:
                    found = back
                    break
        return found

    def _at(self, finish: Integers, p: int, quarter: int) -> Plan | None:
        """The plan with a step finished in a quarter, when hours, money and prerequisites allow it."""
        trial = finish.copy()
        trial[p] = quarter
        try:
            return plan_of(self.backlog, self.capacity, trial)
        except ModelError:
            return None

    def _sooner(self, plan: Plan, capacity: Capacity) -> Plan:
        """The same steps, each finished as soon as hours and money allow: what waits for money must not hold up what needs none."""
        for p in sorted(plan.order, key=lambda p: int(plan.finish_quarter[p])):
            for quarter in range(int(plan.finish_quarter[p])):
                finish = plan.finish_quarter.copy()
                finish[p] = quarter
                try:
                    moved = plan_of(self.backlog, capacity, finish)
                except ModelError:
                    continue
                if moved.total <= plan.total:
                    plan = moved
                    break
        return plan

    def added_in_turn(self, plan: Plan) -> list[float]:
        """What a year improves by each step in the order of the work; they add up to the whole."""
        done = np.zeros((len(plan.order) + 1, self.backlog.count), dtype=bool)
        for row, p in enumerate(plan.order, 1):
            done[row:, p] = True
        return [float(x) for x in -np.diff(self._years(done))]

    def avoided_per_year(self, plan: Plan) -> float:
        """What a year improves by the whole plan."""
        return float(sum(self.added_in_turn(plan)))

    def _years(self, done: np.ndarray) -> np.ndarray:
        loss, running = self.backlog.cost_by_quarter(np.where(done, 0, self.backlog.horizon))
        return 4 * (loss[:, 0] + running[:, 0]) / self.stands_for[0]

    def week_worth(self, plan: Plan, *, hours: float = 40.0) -> float:
        """What one more engineer-week in the first quarter would avoid over the two years: the same plan with more room, mended."""
        more = self.capacity.hours.copy()
        more[0] += hours
        wider = Capacity(more, self.capacity.money)
        best = self._sooner(polish(self.backlog, wider, plan, first=self.first), wider) if self.backlog.count else plan
        return max(0.0, plan.total - best.total)


__all__ = ["Planner", "Room", "quarter_of", "room_of"]
