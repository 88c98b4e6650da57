"""Which improvement when: the order of work that avoids most loss under capacity, money and prerequisites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from readiness.errors import ModelError
from readiness.models import Array
from readiness.models.backlog import Backlog, Bools, Capacity, Integers, Plan, plan_of

__all__ = ["Backlog", "Capacity", "Plan", "best_plan", "plan_of", "polish"]

# What counts as effort: the weight of money against hours, and the power that prefers small (above 1) or
# large work.
_MONEY_WEIGHTS = (0.0, 0.25, 0.6, 1.0)
_POWERS = (1.0, 0.7, 1.5)
_QUICK = 6.0
_SLICE = 256
_BLOCK = 8  # blocks up to so long are tried as left out, and everything from some place on


def best_plan(backlog: Backlog, capacity: Capacity, *, first: Iterable[int] = ()) -> Plan:
    """The best of some thousand orders of work.

    Parameters
    ----------
    backlog, capacity
        What there is to do, and with what.
    first
        Improvements that come before all others, with their prerequisites: the gates of the promise. Those
        which do not fit into the whole capacity are left to take their chance.

    Notes
    -----
    Greedy orders by avoided loss per effort, where an improvement stands for a bundle: itself and the
    prerequisites it lacks. Several measures of effort give several orders; each is tried whole and without
    each of its blocks, and the work is done in that order until the capacity ends. None of these orders looks
    at the capacity. Therefore more of it never makes the plan worse (as long as running costs do not eat what
    an earlier finish gains): the old choice is still there, and sooner done. A greedy that looks at the
    capacity lacks this: one more day can tempt it into a long detour. The price of the law is some loss
    avoided less; `polish` gets most of it back.

    Examples
    --------
    A drill of the failover takes away 90 % of what outages cost, 1,000 a quarter, but needs a second
    environment that avoids nothing by itself. Log retention would take away a tenth. With 30 hours, what
    comes first?

    >>> backlog = Backlog.of([20, 10, 10], [[0.0], [0.9], [0.1]], [[1000], [1000]], needs=[(), (0,), ()])
    >>> plan = best_plan(backlog, Capacity.of([20, 10]))
    >>> plan.order, round(plan.avoided)
    ((0, 1), 900)

    The environment in the first quarter and the drill in the second, which avoids 900 in that quarter.
    """
    if len(capacity.hours) != backlog.horizon:
        raise ModelError(f"capacity is needed for {backlog.horizon} quarters, not {len(capacity.hours)}")
    leading = _leading(backlog, capacity, first)
    best = np.full(backlog.count, -1, dtype=np.intp)
    least = float(backlog.losses.sum()) if not leading else np.inf
    seen: set[tuple[int, ...]] = set()
    orders = _orders(backlog, leading)
    # What is quick to do, whatever it avoids, fills the end of a plan where nothing larger fits.
    tails = orders[-(len(_MONEY_WEIGHTS) if backlog.money.any() else 1) :]
    for order in orders:
        if tuple(order) in seen:
            continue
        seen.add(tuple(order))
        finish, total = _best_of(backlog, capacity, *_sequences(order, tails, len(leading), backlog))
        if total < least * (1 - 1e-12):
            least, best = total, finish
    return plan_of(backlog, capacity, _without_idle(backlog, best))


def polish(backlog: Backlog, capacity: Capacity, plan: Plan, *, first: Iterable[int] = ()) -> Plan:
    """The plan after all single changes that improve it: one added, moved, or put in the place of another.

    Parameters
    ----------
    first
        As for `best_plan`: improvements whose place in front is kept.

    Notes
    -----
    Never worse than the given plan. In return the law of `best_plan` is lost: of two polished plans the one
    with more capacity can, rarely, be a little worse.
    """
    leading = [p for p in _leading(backlog, capacity, first) if plan.finish_quarter[p] >= 0]
    while True:
        order = leading + [p for p in plan.order if p not in leading]
        sequences = _neighbours(backlog, order, len(leading))
        finish, total = _best_of(backlog, capacity, sequences, sequences >= 0)
        if total >= plan.total - 1e-9 * plan.without:
            return plan
        plan = plan_of(backlog, capacity, _without_idle(backlog, finish))


def _neighbours(backlog: Backlog, order: list[int], fixed: int) -> Integers:
    """All orders that differ from this one in one improvement, padded with -1."""
    found = [order]
    size = len(order)
    for i in range(fixed, size):
        rest = order[:i] + order[i + 1 :]
        found += [[*rest[:j], order[i], *rest[j:]] for j in range(fixed, size) if j not in (i, i - 1)]
    for p in set(range(backlog.count)) - set(order):
        bundle = backlog.in_order(int(q) for q in np.flatnonzero(backlog.closure[p]) if q not in order)
        found += [order[:i] + bundle + order[i:] for i in range(fixed, size + 1)]
        found += [order[:i] + bundle + order[i + 1 :] for i in range(fixed, size)]
    longest = max(len(sequence) for sequence in found)
    return np.array([sequence + [-1] * (longest - len(sequence)) for sequence in found], dtype=np.intp)


def _leading(backlog: Backlog, capacity: Capacity, first: Iterable[int]) -> list[int]:
    """The gates that fit, with prerequisites, those first that are quick to do."""
    chosen: set[int] = set()
    for p in sorted(first, key=lambda p: float(backlog.hours[backlog.closure[p]].sum())):
        wider = chosen | {int(q) for q in np.flatnonzero(backlog.closure[p])}
        members = list(wider)
        if any(len(wider & group) > 1 for group in backlog.rivals):
            continue
        reached = capacity.quarter_reached(backlog.hours[members].sum(), backlog.money[members].sum())
        if reached < backlog.horizon:
            chosen = wider
    return backlog.in_order(chosen)


# -- orders ---
def _orders(backlog: Backlog, leading: list[int]) -> list[list[int]]:
    """Greedy orders by several measures of effort, with and without each rival; by quickness at the end."""
    hours = backlog.hours / max(float(backlog.hours.sum()), 1e-300)
    money = backlog.money / max(float(backlog.money.sum()), 1e-300)
    weights = _MONEY_WEIGHTS if money.any() else _MONEY_WEIGHTS[:1]
    efforts = [(1 - weight) * hours + weight * money for weight in weights]
    barred = [frozenset[int]()] + [group - {p} for group in backlog.rivals for p in sorted(group)]
    greedy = _Greedy.of(backlog, leading)
    found = [greedy.order(effort, _POWERS[0], without) for effort in efforts for without in barred]
    found += [greedy.order(effort, power, frozenset()) for power in _POWERS[1:] for effort in efforts]
    return found + [greedy.order(effort, _QUICK, frozenset()) for effort in efforts]


@dataclass(frozen=True)
class _Greedy:
    """What all greedy orders of one backlog have in common.

    Parameters
    ----------
    keeps
        Logarithm of what each improvement leaves of each risk.
    ahead
        What a quarter's delay costs: the share of all losses that is still ahead after the lead time of the bundle.
    running
        Running costs over all quarters.
    rivals
        Whether an improvement belongs to a group of rivals, (improvements, groups).
    leading
        What comes before all others.
    """

    backlog: Backlog
    keeps: Array
    ahead: Array
    running: Array
    rivals: Array
    leading: list[int]
    _bundles: dict[tuple[bytes, bytes], _Bundles] = field(default_factory=dict, init=False)

    @classmethod
    def of(cls, backlog: Backlog, leading: list[int]) -> _Greedy:
        by_quarter = np.cumsum(backlog.losses.sum(axis=1)[::-1])[::-1]
        ahead = np.append(by_quarter, 0.0) / max(backlog.losses.sum(), 1e-300)
        lead = np.array([_longest_lead(backlog, p) for p in range(backlog.count)], dtype=np.intp)
        rivals = np.zeros((backlog.count, len(backlog.rivals)))
        for number, group in enumerate(backlog.rivals):
            rivals[list(group), number] = 1.0
        running = backlog.running_per_quarter * float(backlog.quarters.sum())
        return cls(backlog, np.log1p(-backlog.effects), ahead[np.minimum(lead, backlog.horizon)], running, rivals, leading)

    def order(self, effort: Array, power: float, barred: frozenset[int]) -> list[int]:
        """One order of work: again and again the bundle that avoids most for its effort to the power."""
        left = self.backlog.losses.sum(axis=0)
        out = np.zeros(self.backlog.count, dtype=bool)
        out[list(barred - set(self.leading))] = True
        done = np.zeros(self.backlog.count, dtype=bool)
        floor = float(effort[effort > 0].min()) * 1e-3 if (effort > 0).any() else 1.0
        order: list[int] = []
        while True:
            open_ = self._open(done, out)
            gain = (open_.takes @ left - open_.running) * open_.ahead
            ratio = np.where((gain > 0) | open_.pressing, gain / (open_.flags @ effort + floor) ** power, -np.inf)
            best = int(np.argmax(ratio)) if len(ratio) else 0
            if not len(ratio) or ratio[best] == -np.inf:
                return order
            if best not in open_.after:
                bundle = self.backlog.in_order(int(q) for q in np.flatnonzero(open_.flags[best]))
                then = done.copy()
                then[bundle] = True
                shut = out | self.rivals[:, self.rivals[bundle].any(axis=0)].any(axis=1) & ~then
                open_.after[best] = bundle, np.exp(self.keeps[bundle].sum(axis=0)), then, shut
            bundle, leaves, done, out = open_.after[best]
            order += bundle
            left = left * leaves

    def _open(self, done: Bools, out: Bools) -> _Bundles:
        """What may come next, given what is done and what is out; many orders come by the same place."""
        key = done.tobytes(), out.tobytes()
        if key not in self._bundles:
            missing = self.backlog.closure & ~done
            first = np.isin(np.arange(self.backlog.count), self.leading)
            pressing = bool((first & ~done).any())
            allowed = ~done & ~missing[:, out].any(axis=1) & (first | (not pressing))
            allowed &= ~(missing @ self.rivals + done @ self.rivals > 1).any(axis=1)
            rows = np.flatnonzero(allowed)
            flags = missing[rows].astype(float)
            self._bundles[key] = _Bundles(flags, 1 - np.exp(flags @ self.keeps), flags @ self.running, self.ahead[rows], pressing)
        return self._bundles[key]


@dataclass(frozen=True, slots=True, eq=False)
class _Bundles:
    """Improvements that may come next, each with the prerequisites it lacks.

    Parameters
    ----------
    flags
        What belongs to each bundle, (bundles, improvements).
    takes
        Share of each risk that it takes away, (bundles, risks).
    running, ahead
        As of `_Greedy`, by bundle.
    pressing
        Whether what comes first is not yet done.
    after
        By place of the bundle that is chosen: its improvements, what they leave of each risk, what is done and what is out then.
    """

    flags: Array
    takes: Array
    running: Array
    ahead: Array
    pressing: bool
    after: dict[int, tuple[list[int], Array, Bools, Bools]] = field(default_factory=dict, init=False)


def _longest_lead(backlog: Backlog, p: int) -> int:
    return int(backlog.lead_quarters[p]) + max(
        (_longest_lead(backlog, q) for q in backlog.needs[p]), default=0
    )


def _sequences(
    order: list[int], tails: list[list[int]], fixed: int, backlog: Backlog
) -> tuple[Integers, Bools]:
    """The order as it is, without each of its blocks, and each beginning of it followed by each tail."""
    size = len(order)
    blocks = np.array([(size, size)] + [
        (i, j) for i in range(fixed, size) for j in range(i + 1, size + 1)
        if j - i <= _BLOCK or j == size
    ])  # fmt: skip
    place = np.arange(size)
    rows = [np.tile(np.array(order, dtype=np.intp), (len(blocks), 1))]
    kept = [~((blocks[:, :1] <= place) & (place < blocks[:, 1:]))]
    for tail in tails:
        joined = np.full((size - fixed, size), -1, dtype=np.intp)
        for i in range(fixed, size):
            begun = set(order[:i])
            rest = [p for p in tail if p not in begun][: size - i]
            joined[i - fixed, : i + len(rest)] = order[:i] + rest
        rows.append(joined)
        kept.append(joined >= 0)
    return np.concatenate(rows), np.concatenate(kept)


def _best_of(
    backlog: Backlog, capacity: Capacity, sequences: Integers, kept: Bools
) -> tuple[Integers, float]:
    """The best finish quarters among many sequences of work, each worked off until the capacity ends."""
    least, best = np.inf, np.full(backlog.count, -1, dtype=np.intp)
    # In slices that stay in the cache, and too small for the linear algebra library to start threads on.
    for begin in range(0, len(sequences), _SLICE):
        finish = _finish_quarters(
            backlog, capacity, sequences[begin : begin + _SLICE], kept[begin : begin + _SLICE]
        )
        effect = np.where(finish < backlog.horizon, finish + backlog.lead_quarters, backlog.horizon)
        loss, running = backlog.cost_by_quarter(effect)
        total = loss.sum(axis=1) + running.sum(axis=1)
        row = int(np.argmin(total))
        if total[row] < least:
            least, best = float(total[row]), np.where(finish[row] < backlog.horizon, finish[row], -1)
    return best, least


def _finish_quarters(backlog: Backlog, capacity: Capacity, sequences: Integers, kept: Bools) -> Integers:
    """Quarter in which each improvement is finished under each sequence, (sequences, improvements)."""
    count, horizon = backlog.count, backlog.horizon
    dependent = [p for p in backlog.in_order(range(count)) if backlog.needs[p]]
    # One column more takes what pads the short sequences.
    chosen = np.zeros((len(sequences), count + 1), dtype=bool)
    np.put_along_axis(chosen, sequences, kept, axis=1)
    chosen[:, count] = False
    for p in dependent:
        for q in backlog.needs[p]:
            chosen[:, p] &= chosen[:, q]
    for group in backlog.rivals:
        members = sorted(group)
        chosen[:, members] &= (chosen[:, members].sum(axis=1) <= 1)[:, None]
    kept = np.take_along_axis(chosen, sequences, axis=1)
    hours, money = (np.cumsum(kept * x[sequences], axis=1) for x in (backlog.hours, backlog.money))
    reached = np.where(kept, capacity.quarter_reached(hours, money), horizon)
    finish = np.full((len(sequences), count + 1), horizon, dtype=np.intp)
    np.put_along_axis(finish, sequences, reached, axis=1)
    for p in dependent:
        for q in backlog.needs[p]:
            np.maximum(finish[:, p], finish[:, q] + backlog.lead_quarters[q], out=finish[:, p])
    return np.minimum(finish[:, :count], horizon)


def _without_idle(backlog: Backlog, finish: Integers) -> Integers:
    """The same plan without work whose effect, and that of all that needs it, comes after the horizon."""
    useful = (finish >= 0) & (finish + backlog.lead_quarters < backlog.horizon)
    wanted = (backlog.closure & useful[:, None]).any(axis=0)
    return np.where(wanted, finish, -1)
