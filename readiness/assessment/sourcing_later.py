"""Now or later: what may be needed one day, as decision trees with a trigger, and what deciding not to will cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from readiness.assessment.sourcing import ServiceView, Sourcing
from readiness.assessment.sourcing_comparing import Compared
from readiness.assessment.sourcing_staying import remedies_cost
from readiness.assessment.yearly import supposed
from readiness.assumptions import MONTHS_PER_YEAR
from readiness.catalog.schema import Practice, Remedy
from readiness.language import tr
from readiness.models import Array
from readiness.models.cost import present_factors
from readiness.models.options import NowOrLater, now_or_later, trigger_chances

LOOK_AHEAD_MONTHS = 24
SURE = 1 - 1e-9
REGION_PRACTICE, DEPARTURE_PRACTICE = "second_region", "point_of_departure"
BUILT_LEVEL, PREPARED_LEVEL = 3, 2
Path = Literal["now", "prepare", "wait", "never"]


@dataclass(frozen=True)
class Later:
    """One option to keep open.

    Parameters
    ----------
    id, title, trigger
        What it is, and the sign that it is needed.
    result
        Present values of the four paths, per draw.
    chance_of_trigger
        Within the horizon, on average.
    build_now, preparation, build_later, build_unprepared, running_per_month, loss_per_month
        What went in; money per draw.
    price_today, price_in_24_months
        Of deciding not to: what building costs today; what it costs then, unprepared, with what was lost until then.
    """

    id: str
    title: str
    trigger: str
    result: NowOrLater = field(repr=False)
    chance_of_trigger: float
    build_now: Array
    preparation: Array
    build_later: Array
    build_unprepared: Array
    running_per_month: Array
    loss_per_month: Array
    price_today: Array
    price_in_24_months: Array

    @property
    def paths(self) -> dict[Path, float]:
        """Mean present cost of each path; never is infinite where the trigger must be obeyed."""
        r = self.result
        return {
            "now": float(r.now.mean()),
            "prepare": float(r.later.mean()),
            "wait": float(r.later_unprepared.mean()),
            "never": float(r.never.mean()),
        }

    @property
    def best(self) -> Path:
        return min(self.paths, key=lambda path: self.paths[path])

    @property
    def chance_best(self) -> float:
        """Share of draws in which the best path on average is also the best there."""
        r = self.result
        costs = {"now": r.now, "prepare": r.later, "wait": r.later_unprepared, "never": r.never}
        stacked = np.stack(np.broadcast_arrays(*costs.values()))
        return float(np.mean(np.argmin(stacked, axis=0) == list(costs).index(self.best)))


def options_of(s: Sourcing) -> tuple[Later, ...]:
    """The second region, and the switch to a managed service of what takes most hours."""
    found = [second_region(s), *(switch_later(s, view, view.managed) for view in _heaviest(s) if view.managed)]
    return tuple(f for f in found if f is not None)


def _heaviest(s: Sourcing, count: int = 2) -> list[ServiceView]:
    ready = [v for v in s.services if v.managed is not None]
    return sorted(ready, key=lambda v: -float(v.today.hours_now.mean()))[:count]


def second_region(s: Sourcing) -> Later | None:
    """A second region with the push of a button: now, prepared and later, or never; None where it stands already."""
    a = s.assessment
    practice = a.catalog.practices.get(REGION_PRACTICE)
    standing = next((p for p in a.standing.practices if p.practice.id == REGION_PRACTICE), None)
    if practice is None or standing is None or (standing.level or 0) >= BUILT_LEVEL:
        return None
    build, prepare = _remedy(practice, BUILT_LEVEL), _remedy(practice, PREPARED_LEVEL)
    if build is None or prepare is None:
        return None
    draws, money = s.today.values.draws, a.engagement.client.exchange_rate_from_usd
    rate = s.today.values["loaded_rate_per_hour"]
    built = supposed(a, a.engagement.with_answer(practice.id, build.to), draws=a.values.draws)
    lost = np.maximum(s.today.loss_by_month(s.growth.factor) - built.loss_by_month(s.growth.factor), 0.0)
    hours, running, _ = remedies_cost([(practice, build)], draws, money)
    first_hours, keeping, _ = remedies_cost([(practice, prepare)], draws, money)
    if (standing.level or 0) >= PREPARED_LEVEL:
        first_hours = keeping = np.zeros(draws)
    contracts = s.today.values["contract_value_at_stake_per_year"] / MONTHS_PER_YEAR
    asked = lost + (contracts * s.today.values["contract_block_share"])[:, None] if contracts.any() else None
    kept = keeping * present_factors(s.costs.discount_rate_per_year, s.months).sum()
    chance = trigger_chances(np.minimum(s.today.values["region_asked_chance_per_year"], SURE), s.months)
    return _tree(s, "second_region", tr("A second region at the push of a button"), tr("a contract, a law or a promise asks for it"),
                 build_now=hours * rate, running=running, loss=lost, after=asked, trigger=chance, preparation=first_hours * rate + kept,
                 build_later=np.maximum(hours - first_hours, 0.0) * rate)  # fmt: skip


def switch_later(s: Sourcing, view: ServiceView, best: Compared) -> Later | None:
    """Moving a service to a managed one now, or once the load asks for a larger machine anyway."""
    a, steps = s.assessment, view.today.steps
    stepped = steps > steps[:, :1]
    first = stepped & (np.cumsum(stepped, axis=1) == 1)
    if not first.any():
        return None
    practice = a.catalog.practices.get(DEPARTURE_PRACTICE)
    prepare = _remedy(practice, PREPARED_LEVEL) if practice else None
    draws, rate = s.today.values.draws, s.today.values["loaded_rate_per_hour"]
    hours = remedies_cost([(practice, prepare)], draws, 1.0)[0] if practice and prepare else np.zeros(draws)
    moving = best.moving_hours * rate + best.moving_cash
    running = [w.cash + w.hours * rate[:, None] + w.loss for w in (best.today, best.other)]
    # Only what differs between the two is held against each other: the lesser of both is common.
    common = np.minimum(*running)
    tier = view.placed.tier.name
    return _tree(s, f"switch_{tier}", tr("{tier}: moving to {best}", tier=tier, best=best.title), tr("the load needs a larger machine than today's"),
                 build_now=moving, running=running[1] - common, loss=running[0] - common, after=running[0] - common, trigger=first.astype(float),
                 preparation=hours * rate, build_later=moving)  # fmt: skip


def _remedy(practice: Practice, level: int) -> Remedy | None:
    ready = [r for r in practice.remedies if practice.answer(r.to).level >= level]
    return min(ready, key=lambda r: practice.answer(r.to).level) if ready else None


def _tree(
    s: Sourcing, id: str, title: str, words: str, *, build_now: Array, running: Array, loss: Array, after: Array | None, trigger: Array,
    preparation: Array, build_later: Array,
) -> Later:  # fmt: skip
    rushed = build_now * (1 + s.today.values["rushed_extra_factor"])
    result = now_or_later(build_now=build_now, running_per_month=running, loss_per_month=loss, trigger=trigger, build_later=build_later,
                          build_unprepared=rushed, loss_after_trigger_per_month=after, preparation=preparation,
                          discount_rate_per_year=s.costs.discount_rate_per_year)  # fmt: skip
    ahead = min(LOOK_AHEAD_MONTHS, s.months)
    lost = loss[:, :ahead].sum(axis=1) if loss.ndim == 2 else loss * ahead
    mean_running = running.mean(axis=1) if running.ndim == 2 else running
    mean_loss = loss.mean(axis=1) if loss.ndim == 2 else loss
    chance = float(np.atleast_2d(trigger).sum(axis=1).mean())
    return Later(id, title, words, result, chance, build_now, preparation, build_later, rushed, mean_running, mean_loss, build_now, rushed + lost)
