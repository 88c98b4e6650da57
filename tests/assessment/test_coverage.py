"""A 90 % band holds the truth in about 90 of 100 clients drawn from the priors, by a sampler that shares no code with the draws."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import log

import numpy as np
import pytest

from readiness.assessment import Assessment, assess
from readiness.assessment.yearly import year_of
from readiness.assumptions import NUMBERS, OPTION_NUMBERS, PART_NUMBERS, number_at
from readiness.catalog import Catalog
from readiness.catalog.schema import MoveData, Practice
from readiness.design import client_moves
from readiness.engagement import Engagement
from readiness.models import Array
from readiness.practices import applies

CLIENTS = 2000
SIGMAS = 1.6448536269514722


def plain_draws(stream: np.random.Generator, low: float, likely: float, high: float, kind: str) -> Array:
    """Numbers with these three percentiles, by plain Monte Carlo."""
    if low == high:
        return np.full(CLIENTS, float(likely))
    z = stream.standard_normal(CLIENTS) / SIGMAS
    if kind == "share":
        a, m, b = (log(p / (1 - p)) for p in (low, likely, high))
        y = m + np.where(z < 0, z * (m - a), z * (b - m))
        return 1 / (1 + np.exp(-y))
    return likely * np.where(z < 0, (likely / low) ** z, (high / likely) ** z)


class Population:
    """Synthetic clients: for each an answer to every practice, by how common it is, and every number within its range."""

    def __init__(self, a: Assessment, seed: int, *, factor: float = 1.0) -> None:
        self.stream, self.factor = np.random.Generator(np.random.MT19937(seed)), factor
        self.asked = [p for p in a.catalog.practices.values() if applies(p, a.engagement, a.catalog)]
        self.answers = {p.id: self._answers(p) for p in self.asked}
        self.base = a.values.base
        self.said = {m.address: m for m in client_moves(a.engagement)}
        self.numbers: dict[str, Array] = {}
        for address in [*PART_NUMBERS, *(x for x in self.base if x not in PART_NUMBERS)]:
            self.numbers[address] = self._number(address)

    def _answers(self, practice: Practice) -> np.ndarray:
        shares = np.array([x.share.likely for x in practice.answers])
        return self.stream.choice(len(shares), size=CLIENTS, p=shares / shares.sum())

    def _drawn(self, given: object, kind: str) -> Array:
        low, likely, high = (float(getattr(given, x)) for x in ("low", "likely", "high"))
        found = plain_draws(self.stream, low, likely, high, kind)
        return found if self.factor == 1.0 or low == high else likely * (found / likely) ** self.factor if kind != "share" else found

    def _moves(self, address: str, wanted: Callable[[MoveData], bool]) -> list[tuple[Practice, int, MoveData]]:
        names = {address, address.rpartition(".")[2]}
        return [(p, n, m) for p in self.asked for n, answer in enumerate(p.answers) for m in answer.moves if m.target in names and wanted(m)]

    def _number(self, address: str) -> Array:
        known = number_at(address)
        if address in self.said:
            return self._drawn(self.said[address], known.kind)
        value = self._drawn(self.base[address], known.kind)
        for practice, answer, move in self._moves(address, lambda m: m.set is not None):
            value = np.where(self.answers[practice.id] == answer, self._drawn(move, known.kind), value)
        scales = self._moves(address, lambda m: m.scale is not None)
        if not scales:
            return value
        factor: dict[str, Array] = {}
        floor: dict[str, float] = {}
        for practice, answer, move in scales:
            part = move.part or ""
            drawn = np.where(self.answers[practice.id] == answer, self._drawn(move, "positive"), 1.0)
            factor[part] = factor.get(part, np.ones(CLIENTS)) * drawn
            floor[part] = min(floor.get(part, 1.0), move.cap or 0.0)
        kept = {part: np.maximum(f, floor[part]) for part, f in factor.items()}
        if known.parts:
            shares = np.array([self.numbers[f"{known.name}/{p}"] for p in known.parts])
            shares = shares / shares.sum(axis=0)
            total = sum(share * kept.get(part, np.ones(CLIENTS)) for share, part in zip(shares, known.parts, strict=True))
        else:
            total = kept[""]
        moved = 1 - (1 - value) * total if known.scale_complement else value * total
        return np.clip(moved, 0, 1) if known.kind == "share" else np.asarray(moved)


def coverage(a: Assessment, population: Population) -> dict[str, float]:
    """The share of clients whose truth lies within the band, by headline."""
    values = a.values.with_numbers(population.numbers, draws=CLIENTS)
    owed = next(x for x in a.amounts if x.id == "sla_credits_owed").per_year / a.values["credit_factor"]
    truth = year_of(a.catalog, a.engagement, a.design, values, credits=float(owed.mean()))
    found = {}
    for name in ("loss_per_year", "bad_minutes_per_year", "economic_cost_per_year"):
        band, actual = a.figure(name).band, truth.headline(name)
        found[name] = float(((actual >= band.low) & (actual <= band.high)).mean())
    return found


@pytest.fixture(scope="module", params=["northlight", "cheerly", "quillfield"])
def unasked(request: pytest.FixtureRequest, catalog: Catalog, clients: dict[str, Engagement]) -> Assessment:
    """A client of whom nothing was asked."""
    return assess(catalog, clients[request.param].model_copy(update={"answers": {}}), as_of=date(2026, 11, 23))


def test_every_number_is_drawn(unasked: Assessment) -> None:
    assert set(NUMBERS) | set(PART_NUMBERS) <= set(unasked.values.base)
    assert all(f"{p.tier.name}.{n}" in unasked.values.base for p in unasked.design.placed for n in OPTION_NUMBERS)


def test_a_band_of_90_per_cent_holds_the_truth_in_87_to_93(unasked: Assessment) -> None:
    found = coverage(unasked, Population(unasked, seed=8_191))
    assert all(0.87 <= share <= 0.93 for share in found.values()), found


def test_clients_that_vary_more_than_the_priors_say_fall_outside(unasked: Assessment) -> None:
    """The test above can fail: of clients twice as varied, far fewer lie within."""
    found = coverage(unasked, Population(unasked, seed=8_191, factor=2.0))
    assert found["bad_minutes_per_year"] < 0.87
