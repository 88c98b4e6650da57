"""Whether the verdict and the leading causes are a finding of the numbers, or of the draws; and what to verify when they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment, assess
from readiness.models.draws import uniforms
from readiness.models.sensitivity import answer_groups, bin_inputs, first_order_indices
from readiness.models.uncertainty import choose

SEEDS = (11, 23, 47)
LEADING = 3
# Two causes whose expected minutes differ by less than this are one place in the ranking.
TIE = 0.05


@dataclass(frozen=True)
class Stability:
    """An assessment under other draws.

    Parameters
    ----------
    outcomes, leading
        Verdict and ids of the leading causes: first under the report's draws, then under each other seed.
    verify
        Practices whose answers, once verified, would steady it most; the most telling first.
    """

    outcomes: tuple[str, ...]
    leading: tuple[tuple[str, ...], ...]
    verdict_holds: bool
    causes_hold: bool
    verify: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.verdict_holds and self.causes_hold


def stable_verdict(a: Assessment, seeds: Sequence[int] = SEEDS) -> Stability:
    """Whether the verdict and the three leading causes are the same under other draws.

    Parameters
    ----------
    a
        The assessment of the report.
    seeds
        Of the other draws; each costs an assessment.

    Notes
    -----
    The causes hold if, under every seed, the same three lead, or those that changed places lie within a twentieth of
    each other: then their order is not a finding, and the report does not make one of it.

    Examples
    --------
    Would another roll of the dice say the same? ``stable_verdict(assess(...)).holds``
    """
    others = [assess(a.catalog, a.engagement, as_of=a.as_of, measured=a.measured, draws=a.values.draws, seed=seed) for seed in seeds]
    every = [a, *others]
    outcomes = tuple(b.standing.verdict.outcome for b in every)
    means = [_means(b) for b in every]
    leading = tuple(_leading(m) for m in means)
    causes_hold = all(_same_leaders(leading[0], other, means[0], m) for other, m in zip(leading[1:], means[1:], strict=True))
    verdict_holds = len(set(outcomes)) == 1
    verify = () if verdict_holds and causes_hold else most_telling(a)
    return Stability(outcomes, leading, verdict_holds, causes_hold, verify)


def _means(a: Assessment) -> dict[str, float]:
    return {key: float(draws.mean()) for key, (_, draws) in a.bad_minutes_by_cause.items()}


def _leading(means: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(means, key=lambda key: (-means[key], key))[:LEADING])


def _same_leaders(first: tuple[str, ...], other: tuple[str, ...], means: dict[str, float], other_means: dict[str, float]) -> bool:
    """The same causes lead, except that near ties may change places."""
    if set(first) == set(other):
        return True
    left, joined = set(first) - set(other), set(other) - set(first)
    worst_left = max(other_means[c] / max(other_means[o] for o in joined) for c in left)
    return worst_left >= 1 - TIE and all(means[c] >= (1 - TIE) * min(means[o] for o in first) for c in joined)


def most_telling(a: Assessment, count: int = LEADING) -> tuple[str, ...]:
    """Practices that leave the most open in the bad minutes of a year: not asked, or answered without proof.

    Notes
    -----
    A practice that was not asked by the share of variance between its answers; one that was only claimed by the most
    telling of the numbers it sets. Both on the logarithm, as few years hold most of the minutes.
    """
    y = np.log(np.maximum(a.bad_minutes_weighted, 1e-9))
    told: dict[str, float] = {}
    numbers: dict[str, float] = {}
    for choice in a.values.choices:
        practice = a.catalog.practices.get(choice.origin)
        if practice is None or choice.state in ("not applicable", "does not apply"):
            continue
        if len(choice.weights) > 1:
            column = a.values.normals(f"{choice.origin}?")
            groups = answer_groups(choose(uniforms(column), choice.weights), len(choice.weights))
            told[practice.id] = float(first_order_indices(y, groups)[0])
            continue
        given = a.engagement.answers.get(practice.id)
        if given is None or given.rung == "verified":
            continue
        for move in choice.alternatives[0]:
            name = move.address
            if name not in numbers:
                known = [x for x in (name, *(f"{p.tier.name}.{name}" for p in a.design.placed)) if x in a.values and np.ptp(a.values[x]) > 0]
                numbers[name] = max((float(first_order_indices(y, bin_inputs(a.values[x][:, None]))[0]) for x in known), default=0.0)
            told[practice.id] = max(told.get(practice.id, 0.0), numbers[name])
    return tuple(sorted(told, key=lambda name: (-told[name], name))[:count])


__all__ = ["Stability", "most_telling", "stable_verdict"]
