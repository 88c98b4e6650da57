"""The plan: which improvement in which quarter, what that does quarter by quarter, what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

from readiness.assessment.assess import Assessment, assess_if
from readiness.assessment.effects import Aim, Effects, Measured, effects_of
from readiness.assessment.improvements import Candidates, Improvement, PassedOver, applied, candidates
from readiness.assessment.planning import NOT_PAYING, REASONS, Planner, Room, room_of
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.language import N_, tr
from readiness.models import Array
from readiness.models.backlog import Plan
from readiness.models.margin import why_left_out
from readiness.models.tangents import least_total, refine
from readiness.moves import Choice, Move


@dataclass(frozen=True)
class Scheduled:
    """One improvement of the plan.

    Parameters
    ----------
    start, finish
        On the axis of quarters, 0 is the beginning of the first.
    finish_quarter, effect_quarter
        Places of the quarters at whose end the work is done and has effect.
    adds_per_year
        What a year improves by it in its turn, running costs included; over all steps they add up to the whole plan.
    running_per_month
        Cash that it adds a month (negative when it saves), as planned.
    """

    improvement: Improvement
    start: float
    finish: float
    finish_quarter: int
    effect_quarter: int
    adds_per_year: float
    running_per_month: float


@dataclass(frozen=True)
class State:
    """The client at the end of a quarter of the plan; assessed when somebody wants to know."""

    label: str
    assessed: Callable[[], Assessment] = field(repr=False)
    done: tuple[str, ...]

    @property
    def assessment(self) -> Assessment:
        return self.assessed()


@dataclass(frozen=True)
class Roadmap:
    """A plan with its proof.

    Parameters
    ----------
    steps
        In the order of the work.
    states
        Today, and at the end of each quarter.
    left_out
        What is not in the plan, and why.
    hours_by_quarter
        Work planned in each quarter.
    could_avoid_more
        Share by which any other plan of the same steps could avoid more at most; None when gates or chosen steps go first, since the
        bound knows no such order.
    engineer_week_worth
        What 40 hours more in the first quarter would avoid over the two years; in used-up allowances when the promise is the aim.
    planned_effect, joint_effect
        What the planner's approximation and the joint assessment say that the whole plan avoids a year.
    """

    aim: Aim
    gates_first: bool
    room: Room
    steps: tuple[Scheduled, ...]
    states: tuple[State, ...]
    left_out: tuple[PassedOver, ...]
    gates_left: tuple[str, ...]
    hours_by_quarter: tuple[float, ...]
    could_avoid_more: float | None
    engineer_week_worth: float
    planned_effect: float
    joint_effect: float
    candidates_looked_at: int
    effects: Effects = field(repr=False)
    model: Plan = field(repr=False)

    @property
    def today(self) -> Assessment:
        return self.states[0].assessment

    @property
    def after(self) -> Assessment:
        return self.states[-1].assessment

    @cached_property
    def hours(self) -> float:
        """Work of the whole plan."""
        return sum(s.improvement.hours for s in self.steps)

    def difference(self, figure_id: str) -> Array:
        """How a headline changes from today to the end of the plan, on the common draws."""
        return self.after.figure(figure_id).draws - self.today.figure(figure_id).draws


def roadmap(
    a: Assessment,
    *,
    aim: Aim = "economic",
    gates_first: bool | None = None,
    room: Room | None = None,
    refine_seconds: float = 0.0,
    measured: Measured | None = None,
) -> Roadmap:
    """What to do in which quarter.

    Parameters
    ----------
    a
        The client as it stands.
    aim
        ``economic`` counts avoided loss and spared hours at their loaded rate, less running costs; ``loss`` leaves hours out;
        ``promise`` counts how often outages use up the allowance of the main journey, whatever they cost.
    gates_first
        True puts what the promise needs before everything else; left out, only when the promise is the aim.
    room
        Hours and money by quarter; the client's own when left out.
    refine_seconds
        Time for an integer programme that looks for a better plan; 0 for none.
    measured
        Of the same client, so that several aims share their assessments.

    Notes
    -----
    Effects of single steps, and of pairs that may do more together, are differences of whole years on common draws. For
    scheduling they act as shares taken off each risk; the finished plan is assessed as a whole again after each quarter. A step
    stays only if what it adds to the plan over two years exceeds its own hours at the loaded rate (for a promise: if it takes off
    a five-hundredth of what uses up its allowance); gates are exempt when they go first.
    """
    room = room or room_of(a)
    measured = measured or Measured(a, candidates(a))
    every, gates_first = measured.every, gates_first if gates_first is not None else aim == "promise"
    effects = effects_of(measured, aim)
    keep = {i.id for i in every.improvements if (i.gate and gates_first) or _wanted(a, i)}
    planner = Planner(effects, room, keep, rate=float(a.values["loaded_rate_per_hour"].mean()))
    plan = planner.paying()
    bound = least_total(planner.backlog, planner.capacity) if planner.backlog.count and not planner.first else plan.total
    if refine_seconds > 0 and plan.order and not planner.first:
        refined = refine(planner.backlog, planner.capacity, plan, seconds=refine_seconds)
        plan, bound = refined.plan, max(bound, refined.bound)
    done = [planner.ids[p] for p in plan.order if planner.ids[p] in every.by_id]
    chosen = [every.by_id[i] for i in done]
    then = measured.of(chosen).total(aim) + (0.0 if aim == "promise" else MONTHS_PER_YEAR * sum(i.cost_per_month for i in chosen))
    return Roadmap(
        aim,
        gates_first,
        room,
        tuple(_scheduled(planner, plan)),
        _states(a, every, room, plan, planner.ids),
        _left_out(planner, plan, every),
        tuple(i.id for i in every.improvements if i.gate and i.id not in done),
        tuple(map(float, plan.hours_by_quarter)),
        None if planner.first else max(0.0, plan.total - bound) / plan.avoided if plan.avoided > 0 else 0.0,
        planner.week_worth(plan),
        planner.avoided_per_year(plan),
        measured.of(()).total(aim) - then,
        len(every.improvements),
        effects,
        plan,
    )


def _wanted(a: Assessment, improvement: Improvement) -> bool:
    """Whether the client has already chosen this step."""
    return any(
        (c.practice == improvement.practice and c.answer == improvement.answer)
        if c.practice
        else (c.tier == improvement.tier and c.way == improvement.way)
        for c in a.engagement.improvements
    )


def _scheduled(planner: Planner, plan: Plan) -> Iterator[Scheduled]:
    effects, added = planner.effects, planner.added_in_turn(plan)
    for p, adds in zip(plan.order, added, strict=True):
        name = planner.ids[p]
        if name in effects.candidates.by_id:
            yield Scheduled(
                effects.candidates.by_id[name],
                float(plan.start[p]),
                float(plan.finish[p]),
                int(plan.finish_quarter[p]),
                int(plan.effect_quarter[p]),
                adds,
                float(effects.running_per_month[effects.order.index(name)]),
            )


def _left_out(planner: Planner, plan: Plan, every: Candidates) -> tuple[PassedOver, ...]:
    reasons = why_left_out(planner.backlog, planner.capacity, plan)
    told = {planner.ids[p]: REASONS[why] for p, why in reasons.items()}
    told |= dict.fromkeys(planner.out, tr(NOT_PAYING) if planner.effects.aim != "promise" else tr("does too little for the promise"))
    left = []
    for name, why in told.items():
        i = every.by_id.get(name)
        # Of a chain that is not begun the first step says it all.
        if i is None or (i.after in told and told[i.after] == why):
            continue
        left.append(PassedOver(f"{i.title}: {i.what}", tr("nobody was asked how this stands; {why}", why=why) if not i.asked and not i.gate else why))
    return (*left, *every.passed_over)


def tools_of(a: Assessment, improvements: Iterable[Improvement]) -> tuple[Choice, ...]:
    """What the tools of several steps cost, as a move of the number that holds it."""
    cost = sum(i.cost_per_month for i in improvements)
    before = float(a.values["tooling_cost_per_month"].mean())
    if cost <= 0:
        return ()
    move = Move(
        "tooling_cost_per_month",
        "set",
        before + cost,
        before + cost,
        before + cost,
        "plan",
        tr("tools and surcharges of the steps taken"),
        tr("running costs of the remedies in the plan, on average"),
        "estimated",
        a.as_of,
    )
    return (Choice("plan", (1.0,), ((move,),), "supposed"),)


def _states(a: Assessment, every: Candidates, room: Room, plan: Plan, ids: Sequence[str]) -> tuple[State, ...]:
    states = [State(N_("today"), lambda: a, ())]
    for t, label in enumerate(room.quarters):
        done = [ids[p] for p in plan.order if plan.effect_quarter[p] <= t and ids[p] in every.by_id]
        if set(done) == set(states[-1].done):
            states.append(State(label, states[-1].assessed, states[-1].done))
            continue
        steps = [every.by_id[i] for i in done]
        then = partial(assess_if, a, applied(a.engagement, steps), extra=tools_of(a, steps))
        states.append(State(label, cache(then), tuple(done)))
    return tuple(states)


def compared(a: Assessment) -> tuple[Roadmap, ...]:
    """The plan that pays most, and the one that does most for the promise; the same when they agree."""
    measured = Measured(a, candidates(a))
    return tuple(roadmap(a, aim=aim, measured=measured) for aim in ("economic", "promise"))


__all__ = ["Aim", "Roadmap", "Room", "Scheduled", "State", "compared", "roadmap", "room_of", "tools_of"]
