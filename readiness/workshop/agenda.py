"""What to ask in the time there is, how much of it is used, and how far each dimension has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from readiness.assessment import Assessment

AGENDAS = (45, 90)
MINUTES_PER_QUESTION = 2.0
MINUTES_TO_CLOSE = 5.0
ANSWERED = ("answered", "disputed", "not applicable")


def questions_in(minutes: float) -> int:
    """How many questions fit.

    Examples
    --------
    >>> [questions_in(minutes) for minutes in AGENDAS]
    [20, 42]
    """
    return max(1, int((minutes - MINUTES_TO_CLOSE) / MINUTES_PER_QUESTION))


@dataclass
class Agenda:
    """A meeting's time, from when it was begun.

    Parameters
    ----------
    minutes
        How long the room has.
    clock
        Seconds that only go forward.
    """

    minutes: int = 90
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def used_minutes(self) -> float:
        return (self.clock() - self.began) / 60

    @property
    def left_minutes(self) -> float:
        return max(0.0, self.minutes - self.used_minutes)

    def words(self) -> str:
        """Time used of the time there is, for people.

        Examples
        --------
        >>> Agenda(45, clock=lambda: 0.0).words()
        '0 of 45 min used'
        """
        over = self.used_minutes - self.minutes
        return f"{self.used_minutes:.0f} of {self.minutes} min used" + (f", {over:.0f} over" if over >= 1 else "")

    def planned(self, a: Assessment, order: Sequence[str], skipped: Sequence[str] = ()) -> tuple[str, ...]:
        """The unanswered practices that still fit in the time left, skipped ones last."""
        states = {p.practice.id: p.state for p in a.standing.practices}
        left = [p for p in order if states.get(p) == "not asked"]
        left.sort(key=lambda p: p in skipped)
        return tuple(left[: questions_in(max(self.left_minutes, MINUTES_TO_CLOSE + MINUTES_PER_QUESTION))])


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a dimension's questions are answered."""

    dimension: str
    title: str
    answered: int
    asked: int


def progress(a: Assessment) -> tuple[Progress, ...]:
    """Each dimension, in its order."""
    found = []
    for one in a.standing.dimensions:
        states = [p.state for p in one.practices if p.state != "does not apply"]
        found.append(Progress(one.dimension.id, one.dimension.title, sum(s in ANSWERED for s in states), len(states)))
    return tuple(found)
