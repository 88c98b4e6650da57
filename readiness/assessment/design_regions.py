"""A second region as a global choice: what it costs a design once, what each way adds to it, and where it is not to be had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from readiness.assessment.assess import Assessment
from readiness.assessment.design_gates import LeftOut
from readiness.assessment.design_options import NEUTRAL, SPREAD_MONTHS, Option
from readiness.assessment.design_practices import raised_answer, remedy_cost
from readiness.assessment.improvements import STANDS_FROM
from readiness.catalog.schema import Practice
from readiness.engagement.schema import Engagement
from readiness.language import N_, tr
from readiness.models import Array
from readiness.practices import with_practice

PRACTICE, ANSWER = "second_region", "one_button"
"""The practice that says how a lost region is met, and its answer from which a second region stands."""
SECOND_REGION = "second region"
"""What it is called among the tiers that change; no tier has a name of two words."""
GATES: Mapping[str, tuple[frozenset[str], str, str]] = {
    "residency_own_premises": (frozenset(), N_("the data would leave the client's own premises"), N_("a second site of the client's own, with its price")),
    "next_to_premises": (frozenset(), N_("what stays on the premises is milliseconds too far away"), N_("what is talkative moves as well, or its traffic waits")),
    "residency_germany": (frozenset({"aws"}), N_("the provider has one region in Germany"), N_("the law allows a region elsewhere in the European Union")),
}
"""Constraints that keep everything, or what stands with the providers named, out of a second region; why, and what would change it."""


@dataclass(frozen=True, eq=False)
class SecondRegion:
    """A second region on standby: data flows there, one button switches over, and it has been pressed.

    Parameters
    ----------
    hours_once, cash_per_month
        Of getting to that answer, and to practices that have to stand before it.
    first
        Those practices.
    minutes
        Bad minutes a year from lost regions that are left; (draws,).
    prices
        Money for a gigabyte between two regions, by provider; one without a price is not open.

    Notes
    -----
    What keeps data stands there whole, at its own bill and work again; what only passes requests on stands there with
    one copy. What is outside of any region of ours, or spans several by itself, stands there already. Practices that
    have to stand first are paid for, but what else they save is not counted.
    """

    hours_once: float
    cash_per_month: float
    first: tuple[Practice, ...]
    minutes: Array
    prices: Mapping[str, float]

    @property
    def hours_per_month(self) -> float:
        """To get there, spread over three years."""
        return self.hours_once / SPREAD_MONTHS

    def adds(self, option: Option, home: str) -> tuple[float, float] | None:
        """Cash and hours a month that a way adds in the second region; None when it is not to be had there."""
        if not option.standby_share:
            return 0.0, 0.0
        price = self.prices.get(home if option.provider in NEUTRAL else option.provider)
        if price is None:
            return None
        return option.standby_share * option.cash_per_month + option.copied_gigabytes * price, option.standby_share * option.run_hours_per_month

    def engagement(self, engagement: Engagement, a: Assessment) -> Engagement:
        """The client as if the second region stood."""
        return engagement.with_answer(PRACTICE, raised_answer(a, a.catalog.practices[PRACTICE], ANSWER))


def second_region(a: Assessment, homes: Iterable[str]) -> tuple[SecondRegion | None, tuple[LeftOut, ...]]:
    """What a second region would be for this client, and with which homes it is not open; None when it stands, or with none."""
    practice = a.catalog.practices.get(PRACTICE)
    stands = next((p for p in a.standing.practices if p.practice.id == PRACTICE), None)
    if practice is None or stands is None or not any(c.origin == PRACTICE for c in a.values.choices):
        return None, ()
    if stands.level is not None and stands.level >= practice.answer(ANSWER).level:
        return None, ()
    rate = a.engagement.client.exchange_rate_from_usd
    known = {home: a.catalog.price(f"{home}/cross_region_traffic", a.as_of) for home in homes}
    prices = {home: price.price * rate for home, price in known.items() if price is not None}
    left_out = [_left_out(home, "no price", tr("price not known; ask (traffic between two regions)"), tr("that price")) for home in sorted(known.keys() - prices)]
    architecture = a.engagement.architecture
    for constraint in sorted({*architecture.constraints, *(c for t in architecture.tiers for c in t.constraints)} & GATES.keys()):
        only, reason, change = GATES[constraint]
        for home in sorted(prices.keys() & (only or prices.keys())):
            del prices[home]
            left_out.append(_left_out(home, "blocked", tr(reason), tr(change)))
    if not prices:
        return None, tuple(left_out)
    first = _missing(a, practice, ANSWER)
    steps = [(practice, ANSWER), *first]
    costs = [remedy_cost(a, p, to) for p, to in steps]
    there = with_practice(a.values, a.catalog, a.engagement.with_answer(PRACTICE, raised_answer(a, practice, ANSWER)), PRACTICE, as_of=a.as_of)
    minutes = there["region_losses_per_year"] * there["region_recovery_hours"] * 60
    # Its own remedy names money for a client of unknown size; here the bill of what stands there is known instead.
    cash = sum(cash for cash, _ in costs[1:])
    return SecondRegion(sum(hours for _, hours in costs), cash, tuple(p for p, _ in first), minutes, prices), tuple(left_out)


def _left_out(home: str, kind: str, reason: str, change: str) -> LeftOut:
    return LeftOut(SECOND_REGION, home, tr("with {home}", home=home.replace('_', ' ')), kind, reason, change)  # type: ignore[arg-type]


def _missing(a: Assessment, practice: Practice, to: str, seen: frozenset[str] = frozenset()) -> tuple[tuple[Practice, str], ...]:
    """Practices that have to stand before an answer and do not, with the first answer at which they would."""
    levels = {p.practice.id: p.level for p in a.standing.practices if p.state not in ("does not apply", "not applicable")}
    found: dict[str, tuple[Practice, str]] = {}
    for need in next((r.needs for r in practice.remedies if r.to == to), ()):
        level = levels.get(need, STANDS_FROM)
        if need in seen or (level is not None and level >= STANDS_FROM):
            continue
        wanted = a.catalog.practices[need]
        there = sorted((wanted.answer(r.to).level, r.to) for r in wanted.remedies if wanted.answer(r.to).level >= STANDS_FROM)
        if there:
            before = _missing(a, wanted, there[0][1], seen | {need})
            found |= {p.id: (p, answer) for p, answer in before} | {need: (wanted, there[0][1])}
    return tuple(found.values())
