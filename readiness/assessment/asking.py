"""What is worth asking next: unanswered and weakly evidenced practices by what knowing the answer is worth, in money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.yearly import Year, year_of
from readiness.catalog.schema import Practice, Remedy
from readiness.errors import ModelError
from readiness.language import N_
from readiness.models import Array
from readiness.models.information import permutation_floor, value_apart
from readiness.models.sensitivity import Groups, answer_groups, bin_inputs, first_order_indices, spread_narrowed, variance_left
from readiness.moves import Choice, Values
from readiness.practices import choice_of, widening

ASKING_DRAWS = 1024
ORDER_DRAWS = 512
MINUTES_PER_QUESTION = 2.0
YEARS_OF_USE = 2.0
"""A step's work is held against so many years of what it spares, as in the plan."""
MOST_DECISIONS = 48
WEAK_BINS = 16
NOISE_OF_SHARE = 0.02
"""Shares of the variance below it are as likely chance, at the draws used here."""
PERMUTATIONS = 20
Kind = Literal["not asked", "people disagree", "only claimed", "out of date"]


@dataclass(frozen=True, slots=True)
class Question:
    """One practice that is worth asking about.

    Parameters
    ----------
    practice
        Its id.
    kind
        Why it is open: not asked, people disagree, only claimed, or out of date.
    worth_per_year
        What knowing the answer would save a year, because other steps would be taken; 0 when within the noise.
    narrows_loss
        How much of the standard deviation of the yearly loss the answer takes away, in money; 0 when within the noise.
    for_verdict
        True for an unproven gate on which the verdict may hang.
    chance_of_missing
        Chance that the answer falls short of what the promise needs, for a gate; of the lowest answers else.
    """

    practice: str
    kind: Kind
    worth_per_year: float
    narrows_loss: float
    for_verdict: bool
    chance_of_missing: float


@dataclass(frozen=True)
class Asking:
    """Everything worth asking, best first.

    Parameters
    ----------
    questions
        In the order in which to ask.
    noise_per_year, noise_of_loss
        What a useless question would be worth by chance; values below it are set to 0.
    left
        Share of the variance of the yearly loss that is left after the first 0, 1, 2, ... questions.
    loss_spread
        Standard deviation of the yearly loss today, in money.
    decisions
        Titles of the steps whose worth depends most on what is not known.
    """

    questions: tuple[Question, ...]
    noise_per_year: float
    noise_of_loss: float
    left: tuple[float, ...]
    loss_spread: float
    decisions: tuple[str, ...]

    def agenda(self, minutes: float, *, closing: float = 5.0) -> tuple[Question, ...]:
        """What fits into a meeting at two minutes a question, with five minutes to close.

        Examples
        --------
        >>> none = Asking((), 0.0, 0.0, (1.0,), 0.0, ())
        >>> none.agenda(45)
        ()
        """
        return self.questions[: questions_in(minutes, closing=closing)]

    def left_after(self, asked: int) -> float:
        """Share of today's variance that is left when one stops after so many questions."""
        return self.left[min(asked, len(self.left) - 1)]


def questions_in(minutes: float, *, closing: float = 5.0) -> int:
    """How many questions a meeting has room for.

    Examples
    --------
    >>> questions_in(45), questions_in(90)
    (20, 42)
    """
    return max(1, int((minutes - closing) / MINUTES_PER_QUESTION))


def asking(a: Assessment, *, draws: int = ASKING_DRAWS, permutations: int = PERMUTATIONS) -> Asking:
    """What to ask next, and what each answer is worth.

    Notes
    -----
    The decisions at hand are the steps one could take: each practice raised to its best answer that pays, or not. A step costs its
    hours at the loaded rate, spread over two years, and its tools, whatever turns out; it saves the difference of two years on common
    draws. Each decision is taken by its expectation; an answer is worth what deciding after it saves over deciding now (EVPPI), summed
    over the decisions, since one step does not forbid another. An unanswered practice is conditioned on its answers, a claimed or stale
    one on the numbers it sets, and only for the part of their variance that evidence would take away. Gates that nobody has asked come
    first while the verdict may hang on them, those most likely missed before the others; then worth; then narrowing of the yearly loss.
    """
    return _Asked(a, draws, permutations).result


def order(a: Assessment) -> list[str]:
    """Ids of the open practices in the order in which to ask, for the workshop's next question.

    Examples
    --------
    What should we ask this client next? ``order(assessment)[0]``
    """
    return [q.practice for q in _Asked(a, ORDER_DRAWS, 6).questions]


class _Asked:
    """The common draws of one client, and what is open in them."""

    def __init__(self, a: Assessment, draws: int, permutations: int) -> None:
        self.a, self.permutations = a, permutations
        self.draws = min(draws, a.values.draws)
        self.values: Values = a.values.with_numbers({}, draws=self.draws)
        self.choices = {c.origin: c for c in a.values.choices}
        self.standing = {p.practice.id: p for p in a.standing.practices}
        self.noise = self.noise_of_loss = 0.0
        self.seems: dict[str, float] = {}
        self.open = [c for c in a.values.choices if len(c.weights) > 1 and c.origin in self.standing]
        self.weak = [c for c in a.values.choices if c.origin in self.standing and len(c.weights) == 1 and self._widening(c.origin) > 1]

    def _widening(self, practice: str) -> float:
        given = self.a.engagement.answers.get(practice)
        return widening(given, self.a.catalog, as_of=self.a.as_of, stage=self.a.engagement.stage) if given and not given.not_applicable else 1.0

    @cached_property
    def today(self) -> Year:
        return self._year(self.values)

    def _year(self, values: Values) -> Year:
        return year_of(self.a.catalog, self.a.engagement, self.a.design, values, credits=None)

    # -- decisions ---
    def _net(self, practice: Practice, remedy: Remedy) -> Array:
        """What a step costs less what it saves, a year, in each draw."""
        altered = (self._raised(c, practice, remedy.to) if c.origin == practice.id else c for c in self.a.values.choices)
        then = self._year(self.values.altered(tuple(altered)))
        rate = self.a.engagement.client.exchange_rate_from_usd
        tools = 12 * remedy.cost_per_month.likely * rate if remedy.cost_per_month else 0.0
        work = remedy.hours.likely * self.values["loaded_rate_per_hour"] / YEARS_OF_USE
        return np.asarray(then.economic - self.today.economic + work + tools)

    def _best_step(self, practice: Practice) -> tuple[str, Array] | None:
        """The step of a practice that pays most, or costs least; None when there is none left."""
        given = self.a.engagement.answers.get(practice.id)
        held = given.answers if given is not None else ()
        if given is not None and (given.not_applicable or any(practice.answer(w).needs_reason for w in held)):
            return None
        level = min((practice.answer(w).level for w in held), default=-1)
        nets = [
            (f"{practice.title}: {practice.answer(r.to).text}", self._net(practice, r))
            for r in _upper(practice)
            if practice.answer(r.to).level > level
        ]
        return min(nets, key=lambda one: float(one[1].mean()), default=None)

    def _raised(self, choice: Choice, practice: Practice, to: str) -> Choice:
        """The same practice where every answer below ``to`` has become it; draws in which it is better stay better."""
        certain = choice_of(practice, None, self.a.catalog, as_of=self.a.as_of, stage=self.a.engagement.stage)
        target = certain.alternatives[certain.labels.index(to)]
        labels = choice.labels or (practice.answers[0].id,) * len(choice.alternatives)
        level = practice.answer(to).level
        return replace(
            choice,
            alternatives=tuple(target if practice.answer(w).level < level else moves for w, moves in zip(labels, choice.alternatives, strict=True)),
        )

    @cached_property
    def decisions(self) -> list[tuple[str, Array]]:
        """Steps that might or might not be taken, those whose worth is least certain first."""
        found = []
        for choice in self.a.values.choices:
            practice = self.a.catalog.practices.get(choice.origin)
            step = self._best_step(practice) if practice is not None and choice.origin in self.standing else None
            if step is not None:
                net = step[1]
                # What knowing everything would save for this one decision.
                found.append((min(float(net.mean()), 0.0) - float(np.minimum(net, 0.0).mean()), step))
        found.sort(key=lambda one: -one[0])
        return [step for value, step in found[:MOST_DECISIONS] if value > 0]

    # -- worth ---
    @cached_property
    def _nets(self) -> Array:
        return np.column_stack([net for _, net in self.decisions]) if self.decisions else np.zeros((self.draws, 1))

    def _chance(self, groups: Groups) -> Array:
        """What chance alone would give."""
        return permutation_floor(lambda nets: value_apart(nets, groups), self._nets, permutations=self.permutations)

    @cached_property
    def questions(self) -> list[Question]:
        """All open practices, best first."""
        chosen, most = self._chosen(self.open)
        questions: list[Question] = []
        loss = self.today.loss
        if self.open:
            answers = answer_groups(chosen, most)
            seeming, chance = value_apart(self._nets, answers), self._chance(answers)
            worth, self.noise = np.where(seeming > chance, seeming, 0.0), float(chance.mean())
            raw = spread_narrowed(loss, chosen, most)
            floor = permutation_floor(lambda y: spread_narrowed(y, chosen, most), loss, permutations=self.permutations)
            self.noise_of_loss = float(floor.mean())
            narrowed = np.where(raw > floor, raw, 0.0)
            # Within the noise the order still has to be one: by what it seems to be worth.
            self.seems = dict(zip((c.origin for c in self.open), map(float, seeming), strict=True))
            questions += [self._question(c, float(w), float(n)) for c, w, n in zip(self.open, worth, narrowed, strict=True)]
        questions += list(self._weak_questions(loss))
        hangs = not self._settled()
        questions.sort(
            key=lambda q: (
                not (q.for_verdict and hangs),
                -q.chance_of_missing if q.for_verdict and hangs else 0.0,
                -q.worth_per_year,
                -q.narrows_loss,
                -self.seems.get(q.practice, 0.0),
                -q.chance_of_missing,
            )
        )
        return questions

    def _settled(self) -> bool:
        """Whether the verdict is Not yet whatever the open gates say: one is missed, or even the low end of the chance of breach is too high."""
        missed = any(p.gate == "missed" for p in self.a.standing.practices)
        return missed or float(np.quantile(self.a.main.breach, 0.05)) > self.a.standing.tolerance

    @cached_property
    def result(self) -> Asking:
        loss = self.today.loss
        return Asking(
            tuple(self.questions),
            self.noise,
            self.noise_of_loss,
            self._left(self.questions, loss),
            float(loss.std()),
            tuple(title for title, _ in self.decisions),
        )

    def _chosen(self, choices: Sequence[Choice]) -> tuple[np.ndarray, int]:
        if not choices:
            return np.empty((self.draws, 0), dtype=np.intp), 1
        return np.column_stack([self.values.chosen(c) for c in choices]), max(len(c.weights) for c in choices)

    def _question(self, choice: Choice, worth: float, narrowed: float) -> Question:
        stands = self.standing[choice.origin]
        practice = stands.practice
        limit = practice.answer(stands.required).level if stands.required else 1
        missing = sum(w for w, label in zip(choice.weights, choice.labels, strict=False) if practice.answer(label).level < limit)
        kind: Kind = N_("people disagree") if choice.state == "disputed" else N_("not asked")
        return Question(choice.origin, kind, worth, narrowed, stands.gate == "unproven", missing)

    def _weak_questions(self, loss: Array) -> list[Question]:
        """Answers that stand on a claim or on old evidence, by the numbers they set."""
        found: list[Question] = []
        if not self.weak:
            return found
        # Bins of equal count all find as much by chance, so that one column tells it for all.
        one = bin_inputs(self.today.loss, bins=WEAK_BINS)
        floor = float(self._chance(one)[0])
        for choice in self.weak:
            addresses = list(dict.fromkeys(m.address for m in choice.alternatives[0] if m.operation == "set" and m.address in self.values))
            drawn = [x for x in (self.values[address] for address in addresses) if float(x.std()) > 0]
            factor = self._widening(choice.origin)
            # Evidence narrows a range by its factor, which leaves 1/factor^2 of the variance.
            taken = 1 - 1 / factor**2
            worth = narrowed = 0.0
            if drawn:
                groups = bin_inputs(np.column_stack(drawn), bins=WEAK_BINS)
                seeming = float(value_apart(self._nets, groups).max())
                self.seems[choice.origin] = seeming * taken
                worth = seeming * taken if seeming > floor else 0.0
                share = min(float(first_order_indices(loss, groups).max()) * taken, 1.0)
                narrowed = float(loss.std()) * (1 - np.sqrt(1 - share)) if share > NOISE_OF_SHARE else 0.0
            given = self.a.engagement.answers[choice.origin]
            kind: Kind = N_("only claimed") if given.rung == "claimed" else N_("out of date")
            found.append(Question(choice.origin, kind, worth, narrowed, False, 0.0))
        return found

    def _left(self, questions: Sequence[Question], loss: Array) -> tuple[float, ...]:
        by_origin = {c.origin: c for c in self.open}
        asked = [by_origin[q.practice] for q in questions if q.practice in by_origin]
        chosen, most = self._chosen(asked)
        if not asked or not float(loss.std()):
            return (1.0,) * (len(questions) + 1)
        shares = iter(variance_left(loss, chosen, most)[1:])
        left = [1.0]
        for q in questions:
            left.append(float(next(shares)) if q.practice in by_origin else left[-1])
        return tuple(left)


def _upper(practice: Practice) -> tuple[Remedy, ...]:
    """The two uppermost steps of a practice."""
    return practice.remedies[-2:]


def step_costs(a: Assessment, *, draws: int = ORDER_DRAWS) -> dict[tuple[str, str], float]:
    """What the upper steps of each practice cost a year less what they save, on average; below 0 a step pays.

    Examples
    --------
    Which steps pay, as far as we know? ``[step for step, cost in step_costs(a).items() if cost < 0]``
    """
    asked = _Asked(a, draws, 1)
    practices = [a.catalog.practices[c.origin] for c in a.values.choices if c.origin in asked.standing]
    return {(p.id, r.to): float(asked._net(p, r).mean()) for p in practices for r in _upper(p)}


def stop_after(found: Asking, share: float) -> int:
    """How many questions bring the variance of the yearly loss down to ``share`` of today's, or all of them.

    Raises
    ------
    ModelError
        When the share is not between 0 and 1.
    """
    if not 0 < share <= 1:
        raise ModelError(f"a share of the variance lies between 0 and 1, not at {share}")
    return next((n for n, left in enumerate(found.left) if left <= share), len(found.left) - 1)


__all__ = ["Asking", "Question", "asking", "order", "questions_in", "step_costs", "stop_after"]
