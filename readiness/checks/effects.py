"""Rules of the data that need an assessment: every answer is tried out on the example clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, permutations
from pathlib import Path

import numpy as np

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog
from readiness.catalog.schema import Practice
from readiness.engagement import Engagement, GivenAnswer, open_engagement
from readiness.errors import DataError, EngagementError
from readiness.practices import applies

DRAWS = 32  # Differences between answers are smooth over common draws, so few of them tell the order.
NOT_WORSE = {"loss_per_year": "expected loss", "bad_minutes_per_year": "downtime", "economic_cost_per_year": "economic cost"}
HAIR = 1e-9


@dataclass(frozen=True)
class Tried:
    """A practice on one client: the means of all figures after each answer; None when it is not asked of that client."""

    client: str
    practice: Practice
    means: Mapping[str, Mapping[str, float]] | None


def tried(catalog: Catalog, client: str, engagement: Engagement, practice: Practice, *, as_of: date, draws: int = DRAWS) -> Tried:
    """Every answer of a practice on one client."""
    if not applies(practice, engagement, catalog):
        return Tried(client, practice, None)
    means = {}
    for answer in practice.answers:
        # Overrides move with the model, as they do for improvements; else a measured number would hide the practice.
        altered = engagement.with_answer(practice.id, GivenAnswer(answer=answer.id, rung="observed"))
        means[answer.id] = _means(assess(catalog, altered, as_of=as_of, today=engagement, draws=draws))
    return Tried(client, practice, means)


def _means(a: Assessment) -> dict[str, float]:
    return {figure.id: float(np.mean(figure.draws)) for figure in a.figures.values()}


def answers_differ(catalog: Catalog, practice: Practice, everywhere: Sequence[Tried]) -> Iterator[DataError]:
    """No two answers of a practice lead to the same assessment, for at least one client who is asked."""
    asked = [t.means for t in everywhere if t.means is not None]
    if not asked:
        return
    for first, second in combinations([answer.id for answer in practice.answers], 2):
        if all(_same(means[first], means[second]) for means in asked):
            yield DataError(
                f'"{first}" and "{second}" lead to the same assessment',
                file=catalog.files.get(practice.id),
                place="answers",
                hint="each answer carries its own values",
            )


def _same(first: Mapping[str, float], second: Mapping[str, float]) -> bool:
    return all(abs(first[k] - second[k]) <= HAIR * abs(first[k]) for k in first)


def better_never_costs_more(catalog: Catalog, practice: Practice, everywhere: Sequence[Tried]) -> Iterator[DataError]:
    """A higher level never means more loss, for any client, unless the file says why."""
    if practice.higher_level_costs_more:
        return
    pairs = [(low, high) for low, high in permutations(practice.answers, 2) if high.level > low.level]
    for t in everywhere:
        for low, high in pairs if t.means is not None else ():
            assert t.means is not None
            for figure, title in NOT_WORSE.items():
                worse, better = t.means[low.id][figure], t.means[high.id][figure]
                if better > worse * (1 + HAIR):
                    yield DataError(
                        f'"{high.id}" (level {high.level}) means more {title} than "{low.id}" (level {low.level}) for {t.client}: '
                        f"{better:.6g} instead of {worse:.6g}",
                        file=catalog.files.get(practice.id),
                        place="answers",
                        hint="mend the moves, or say why in higher_level_costs_more",
                    )


def order_changes_nothing(catalog: Catalog, client: str, engagement: Engagement, *, as_of: date) -> Iterator[DataError]:
    """The order in which answers were given changes not a bit."""
    turned = engagement.model_copy(update={"answers": dict(reversed(engagement.answers.items()))})
    before, after = (_means(assess(catalog, e, as_of=as_of, draws=DRAWS)) for e in (engagement, turned))
    for figure in before:
        if before[figure] != after[figure]:
            yield DataError(f"{figure} depends on the order of the answers of {client}", file="practices")
            return


def effect_problems(
    catalog: Catalog, examples: Sequence[Path], *, as_of: date, progress: Callable[[str], object] = lambda words: None
) -> Iterator[DataError]:
    """Try every answer of every practice on every example client."""
    clients: dict[str, Engagement] = {}
    for file in examples:
        try:
            clients[file.stem] = open_engagement(file, catalog).engagement
        except EngagementError as problem:
            yield DataError(f"is an example that cannot be opened: {problem}", file=file)
    if not clients:
        yield DataError("there is no example client to try the answers on", file="examples")
        return
    for name, engagement in clients.items():
        yield from order_changes_nothing(catalog, name, engagement, as_of=as_of)
    for number, practice in enumerate(catalog.practices.values(), start=1):
        progress(f"Trying out every answer: {number} of {len(catalog.practices)}, {practice.id}")
        everywhere = [tried(catalog, name, engagement, practice, as_of=as_of) for name, engagement in clients.items()]
        yield from answers_differ(catalog, practice, everywhere)
        yield from better_never_costs_more(catalog, practice, everywhere)


RULES = {rule.__name__: rule for rule in (answers_differ, better_never_costs_more, order_changes_nothing)}
