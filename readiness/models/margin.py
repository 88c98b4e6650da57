"""At the margin of a plan: what still fits, what was left out and why, what one more week would buy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from readiness.models.backlog import Backlog, Capacity, Integers, Plan, plan_of
from readiness.models.roadmap import best_plan, polish

__all__ = ["WhyLeftOut", "engineer_week_worth", "ranked_by_ratio", "why_left_out"]

WhyLeftOut = Literal["rival chosen", "not worth it", "no room", "too late", "still fits"]


def _earliest(backlog: Backlog, capacity: Capacity, finish: Integers, p: int) -> int:
    """The first quarter in which one more fits without delaying another; the horizon for never."""
    ready = [
        int(finish[q] + backlog.lead_quarters[q]) if finish[q] >= 0 else backlog.horizon
        for q in backlog.needs[p]
    ]
    if any(finish[q] >= 0 for group in backlog.rivals if p in group for q in group):
        return backlog.horizon
    done = finish >= 0
    until = (done & (finish <= np.arange(backlog.horizon)[:, None])).astype(float)
    hours, money = until @ backlog.hours + backlog.hours[p], until @ backlog.money + backlog.money[p]
    fits = capacity.quarter_reached(hours, money) <= np.arange(backlog.horizon)
    # It must fit not only in its own quarter but beside everything that is finished later.
    fits_on = np.logical_and.accumulate(fits[::-1])[::-1]
    first = int(np.argmax(fits_on)) if fits_on.any() else backlog.horizon
    return max([first, *ready])


def _with_bundle(backlog: Backlog, capacity: Capacity, plan: Plan, p: int) -> Integers | None:
    """The finish quarters with one more improvement and what it lacks, or None if they do not fit."""
    finish = plan.finish_quarter.copy()
    for q in backlog.in_order(int(q) for q in np.flatnonzero(backlog.closure[p] & (finish < 0))):
        quarter = _earliest(backlog, capacity, finish, q)
        if quarter >= backlog.horizon:
            return None
        finish[q] = quarter
    return finish


def why_left_out(backlog: Backlog, capacity: Capacity, plan: Plan) -> dict[int, WhyLeftOut]:
    """For each improvement that is not in the plan, the first reason that holds.

    Returns
    -------
    dict
        "rival chosen": an alternative is in the plan. "not worth it": beside what is in the plan it, with the
        prerequisites it lacks, would avoid no more than it costs to run. "no room": hours or money do not
        suffice. "too late": it could be finished but has no effect within the horizon. "still fits": it would
        pay, and the plan was not polished.
    """
    done = plan.finish_quarter >= 0
    roomy = Capacity(np.where(np.arange(backlog.horizon) == 0, np.inf, 0.0), np.full(backlog.horizon, np.inf))
    return {int(p): _reason(backlog, capacity, roomy, plan, int(p)) for p in np.flatnonzero(~done)}


def _reason(backlog: Backlog, capacity: Capacity, roomy: Capacity, plan: Plan, p: int) -> WhyLeftOut:
    bundle = backlog.closure[p]
    taken = (plan.finish_quarter >= 0) & ~bundle
    if any(bundle[list(group)].any() and taken[list(group)].any() for group in backlog.rivals):
        return "rival chosen"
    at_once = _with_bundle(backlog, roomy, plan, p)
    if at_once is not None and _total(backlog, at_once) >= plan.total:
        late = at_once[p] + backlog.lead_quarters[p] >= backlog.horizon
        return "too late" if late else "not worth it"
    finish = _with_bundle(backlog, capacity, plan, p)
    if at_once is None:
        return "too late"  # its prerequisites take effect after the horizon even without limits
    if finish is None:
        return "no room"
    if finish[p] + backlog.lead_quarters[p] >= backlog.horizon:
        return "too late"
    return "still fits" if _total(backlog, finish) < plan.total else "not worth it"


def _total(backlog: Backlog, finish: Integers) -> float:
    effect = np.where(finish >= 0, finish + backlog.lead_quarters, backlog.horizon)
    loss, running = backlog.cost_by_quarter(effect)
    return float(loss.sum() + running.sum())


def engineer_week_worth(
    backlog: Backlog,
    capacity: Capacity,
    plan: Plan,
    *,
    hours: float = 40.0,
    quarter: int = 0,
    first: Iterable[int] = (),
) -> float:
    """What one more engineer-week would avoid in loss over the horizon, less running costs.

    Parameters
    ----------
    plan
        Of the capacity as it is; with more of it, it can still be followed, so that the worth is never
        negative.
    hours
        In the week.
    quarter
        In which the week is added.

    Examples
    --------
    Another 40 hours would halve what is left, 50 a quarter, for three quarters:

    >>> backlog = Backlog.of([30, 40], [[0.5], [0.5]], [[100]] * 3)
    >>> capacity = Capacity.of([30, 0, 0])
    >>> engineer_week_worth(backlog, capacity, best_plan(backlog, capacity))
    75.0
    """
    more = capacity.hours.copy()
    more[quarter] += hours
    wider = Capacity(more, capacity.money)
    return max(
        plan.total - polish(backlog, wider, best_plan(backlog, wider, first=first), first=first).total, 0.0
    )


def ranked_by_ratio(backlog: Backlog, capacity: Capacity) -> Plan:
    """The usual ranking: benefit by effort of each improvement by itself, worked off from the top.

    Notes
    -----
    What the planner is held against. It forgets that two improvements may mend the same thing, and that a
    prerequisite with little benefit of its own opens the way to more.
    """
    gain = backlog.effects @ backlog.losses.sum(axis=0) - backlog.running_per_quarter * backlog.quarters.sum()
    ratio = gain / np.maximum(backlog.hours, 1e-9)
    finish = np.full(backlog.count, -1, dtype=np.intp)
    waiting = [int(p) for p in np.argsort(-ratio, kind="stable")]
    while waiting:
        for p in waiting:
            # What waits for a prerequisite comes up again once that is done.
            if any(finish[q] < 0 for q in backlog.needs[p]) or ratio[p] <= 0:
                continue
            quarter = _earliest(backlog, capacity, finish, p)
            if quarter < backlog.horizon:
                finish[p] = quarter
                waiting.remove(p)
                break
        else:
            break
    return plan_of(backlog, capacity, finish)
