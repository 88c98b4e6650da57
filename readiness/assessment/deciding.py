"""What decides a headline: the share of its spread by input, its tornado, and how the inputs that matter most were obtained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.yearly import at_numbers
from readiness.assumptions import HORIZON_NUMBERS, PART_NUMBERS, number_at
from readiness.errors import UsageError, did_you_mean
from readiness.language import tr
from readiness.models import Array
from readiness.models.information import permutation_floor
from readiness.models.sensitivity import Bar, answer_groups, bin_inputs, first_order_indices, tornado
from readiness.models.uncertainty import Band, band, quantiles
from readiness.moves import Step

HEADLINES = ("bad_minutes_per_year", "breach_chance_per_year", "loss_per_year", "cash_per_month", "hours_per_month", "economic_cost_per_year")
BINS = 28
FEWEST_IN_A_BIN = 32
PERMUTATIONS = 100
MOST_BARS = 12
LEAST_SWING = 1e-4
LEAST_BY_ANSWER = 0.005
POLICY = (
    "claimed_widening",
    "verified_narrowing",
    "stale_widening",
    "evidence_shelf_months",
    "breach_tolerance_share",
    "discount_rate_per_year",
    "residual_effort_share",
)


@dataclass(frozen=True)
class Input:
    """One number that a headline hangs on.

    Parameters
    ----------
    address, title, unit, band
        Which it is, and what it is reckoned to be.
    share
        Part of the headline's variance that it carries by itself, 0 to 1.
    how
        How it was obtained: ``published``, ``measured``, ``arithmetic``, ``estimated`` or ``not asked``.
    practices
        Practices that set or scale it.
    open
        Those of them that nobody was asked about.
    source, trail
        Where it comes from last, and the whole trail.
    """

    address: str
    title: str
    unit: str
    band: Band
    share: float
    how: str
    practices: tuple[str, ...]
    open: tuple[str, ...]
    source: str
    trail: tuple[Step, ...]


@dataclass(frozen=True)
class Deciding:
    """What decides one headline.

    Parameters
    ----------
    headline
        Id of the figure.
    inputs
        By share, largest first.
    by_practice
        Share of the variance that the answer to each open practice carries.
    bars
        The tornado: one input at its 5th and 95th percentile, the rest at their medians.
    together
        Sum of all shares; what is left over inputs do only together.
    """

    headline: str
    inputs: tuple[Input, ...]
    by_practice: tuple[tuple[str, float], ...]
    bars: tuple[Bar, ...]
    together: float

    @property
    def first(self) -> tuple[Input, ...]:
        """The three that matter most."""
        return self.inputs[:3]


def deciding(a: Assessment, headline: str = "loss_per_year") -> Deciding:
    """What a headline hangs on.

    Parameters
    ----------
    headline
        Any headline figure: loss, downtime, chance of breach, cash, hours, economic cost.

    Raises
    ------
    UsageError
        When it is not one of them.

    Notes
    -----
    First-order indices on the common draws by bins (Sobol 1993), so the model is not run again; the tornado runs it once for all its
    cases. Inputs are the numbers as reckoned with, after answers and overrides.

    Examples
    --------
    Which three numbers would we have to know better? ``deciding(a).first``
    """
    if headline not in HEADLINES:
        raise UsageError(f'"{headline}" is not a headline', hint=did_you_mean(headline, HEADLINES) or f"headlines are {', '.join(HEADLINES)}")
    y = a.figure(headline).draws
    addresses = _varying(a)
    # With the rest at their medians most things can be told apart from what only happens to lie alike in the draws.
    bars = _tornado(a, "main_bad_minutes" if headline == "breach_chance_per_year" else headline, addresses)
    felt = {b.name for b in bars if b.swing > LEAST_SWING * abs(b.at_median)}
    addresses = [x for x in addresses if x in felt]
    if not addresses:
        return Deciding(headline, (), (), (), 0.0)
    drawn = np.column_stack([a.values[x][: len(y)] for x in addresses])
    bins = max(6, min(BINS, len(y) // FEWEST_IN_A_BIN))
    shares = first_order_indices(y, bin_inputs(drawn, bins))
    # Bins explain a little of anything by chance; bins of equal count all the same, so that one column tells how much.
    one = bin_inputs(drawn[:, :1], bins)
    noise = float(permutation_floor(lambda rows: first_order_indices(rows, one), y, permutations=PERMUTATIONS)[0])
    ranked = [i for i in np.argsort(-shares, kind="stable") if shares[i] > noise]
    inputs = tuple(_input(a, addresses[i], float(shares[i])) for i in ranked)
    if headline == "breach_chance_per_year":
        bars = _tornado(a, headline, [b.name for b in bars][: 2 * MOST_BARS])
    return Deciding(headline, inputs, _by_practice(a, y, felt), bars[:MOST_BARS], float(sum(shares[i] for i in ranked)))


def _varying(a: Assessment) -> list[str]:
    """Numbers that vary and are no policy of the workbook; shares of parts act through the whole, and numbers of the horizon later."""
    tiers = {p.tier.name for p in a.design.placed}
    found = []
    for address in a.values.base:
        if address in PART_NUMBERS or address in POLICY or address in HORIZON_NUMBERS or ("." in address and address.rsplit(".", 1)[0] not in tiers):
            continue
        if float(a.values[address].std()) > 1e-12:
            found.append(address)
    return found


def _input(a: Assessment, address: str, share: float) -> Input:
    trail = a.values.trail(address)
    origins = {s.origin for s in trail}
    practices = tuple(dict.fromkeys(o.removeprefix("practice:").partition("=")[0] for o in sorted(origins) if o.startswith("practice:")))
    states = {c.origin: c.state for c in a.values.choices}
    unasked = tuple(p for p in practices if states.get(p) == "not asked")
    last = trail[-1]
    by_hand = last.origin in ("override", "client", "bill") or not last.origin.startswith("practice:")
    how = "not asked" if unasked and not by_hand else last.evidence
    return Input(
        address, tr(number_at(address).meaning), number_at(address).unit, band(a.values[address]), share, how, practices, unasked, tr(last.source), trail
    )


def _by_practice(a: Assessment, y: Array, felt: set[str]) -> tuple[tuple[str, float], ...]:
    bare = {x.rpartition(".")[2] for x in felt}
    unasked = [
        c
        for c in a.values.choices
        if len(c.weights) > 1
        and c.origin in a.catalog.practices
        and any(m.address.rpartition(".")[2] in bare for moves in c.alternatives for m in moves)
    ]
    if not unasked:
        return ()
    chosen = np.column_stack([a.values.chosen(c)[: len(y)] for c in unasked])
    shares = first_order_indices(y, answer_groups(chosen, max(len(c.weights) for c in unasked)))
    ranked = sorted(zip((c.origin for c in unasked), map(float, shares), strict=True), key=lambda one: -one[1])
    return tuple((name, share) for name, share in ranked if share > LEAST_BY_ANSWER * np.sqrt(4096 / len(y)))


def _tornado(a: Assessment, headline: str, addresses: Sequence[str]) -> tuple[Bar, ...]:
    if not addresses:
        return ()
    low, likely, high = np.array([quantiles(a.values[x], (0.05, 0.5, 0.95)) for x in addresses]).T
    middle = {x: float(np.median(a.values[x])) for x in a.values.base.keys() - set(addresses)}

    def outcome(cases: Array) -> Array:
        numbers = {x: np.full(len(cases), m) for x, m in middle.items()}
        numbers |= {x: cases[:, i] for i, x in enumerate(addresses)}
        year = at_numbers(a, numbers, len(cases))
        return year.main.counted if headline == "main_bad_minutes" else year.headline(headline)

    return tuple(tornado(outcome, list(addresses), low, likely, high))


__all__ = ["HEADLINES", "Deciding", "Input", "deciding"]
