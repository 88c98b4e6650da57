"""Draws, indices and values of information at the size of one client: 42 inputs, 48 practices, 4096 draws."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.stats import norm, qmc

from readiness.models.information import answer_groups, bin_inputs, evpi, evppi, permutation_floor
from readiness.models.sensitivity import first_order_indices, spread_narrowed, variance_left
from readiness.models.uncertainty import bands, choose, quantiles_to_draws, standard_normals, uniforms

DRAWS, INPUTS, PRACTICES = 4096, 42, 48


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.fixture(scope="module")
def z() -> np.ndarray:
    """Draws of the inputs."""
    return standard_normals(DRAWS, INPUTS)


@pytest.fixture(scope="module")
def cost(z: np.ndarray) -> np.ndarray:
    """Three decisions that hang on many inputs."""
    weights = np.linspace(0, 0.5, INPUTS)
    return np.column_stack([np.exp(z @ weights), np.full(DRAWS, 3.0), 1 + np.exp(z @ weights[::-1])])


@pytest.fixture(scope="module")
def chosen() -> np.ndarray:
    """Which of four answers holds, for each practice."""
    u = uniforms(standard_normals(DRAWS, PRACTICES))
    return np.column_stack([choose(u[:, k], [0.3, 0.3, 0.3, 0.1]) for k in range(PRACTICES)])


def test_draws_once_a_session(benchmark: BenchmarkFixture) -> None:
    """Against scipy's scrambled Sobol points of the same size, through the same quantile."""
    work = standard_normals
    assert benchmark(work, DRAWS, 150).shape == (DRAWS, 150)
    scipys = best_of(3, lambda: norm.ppf(qmc.Sobol(150, scramble=True, rng=1).random(DRAWS)))
    benchmark.extra_info["scipy_over_ours"] = round(scipys / best_of(3, lambda: work(DRAWS, 150)), 1)


def test_ranges_of_all_inputs(benchmark: BenchmarkFixture, z: np.ndarray) -> None:
    """Three numbers to draws, all inputs at once."""
    low = np.linspace(1, 2, INPUTS)
    drawn = benchmark(quantiles_to_draws, z, low, 2 * low, 9 * low, kind="positive")
    assert drawn.shape == (DRAWS, INPUTS)


def test_bands_of_forty_headlines(benchmark: BenchmarkFixture, z: np.ndarray) -> None:
    """Mean and 90 % band of each."""
    assert len(benchmark(bands, z)) == INPUTS


def test_bins_once_a_session(benchmark: BenchmarkFixture, z: np.ndarray) -> None:
    """Sorting the inputs, which every index and value uses."""
    assert benchmark(bin_inputs, z).count == 28


def test_evppi_of_all_inputs(benchmark: BenchmarkFixture, z: np.ndarray, cost: np.ndarray) -> None:
    """Against the loop over inputs and bins that one would write first."""
    bins = bin_inputs(z)

    def by_loop() -> list[float]:
        best = cost.mean(axis=0).min()
        return [
            best - sum(cost[codes == k].sum(axis=0).min() for k in range(28)) / DRAWS for codes in bins.codes
        ]

    found = benchmark(evppi, cost, bins)
    np.testing.assert_allclose(found, by_loop(), atol=1e-9)
    benchmark.extra_info["loop_over_ours"] = round(
        best_of(2, by_loop) / best_of(5, lambda: evppi(cost, bins)), 1
    )


def test_first_order_indices_of_all_inputs(
    benchmark: BenchmarkFixture, z: np.ndarray, cost: np.ndarray
) -> None:
    """Shares of variance of one headline."""
    bins = bin_inputs(z)
    assert benchmark(first_order_indices, cost[:, 0], bins).sum() < 1.1


def test_ranking_of_what_to_ask_with_its_floor(
    benchmark: BenchmarkFixture, cost: np.ndarray, chosen: np.ndarray
) -> None:
    """Worth for the decision with 20 permutations, narrowing of the loss, and what an agenda leaves."""

    def ranking() -> np.ndarray:
        worth = evppi(cost, answer_groups(chosen, 4))
        floor = permutation_floor(lambda c: evppi(c, answer_groups(chosen, 4)), cost)
        narrowed = spread_narrowed(cost[:, 0], chosen, 4)
        order = np.lexsort((-narrowed, -np.where(worth > floor, worth, 0)))
        return variance_left(cost[:, 0], chosen[:, order], 4)

    assert len(benchmark(ranking)) == PRACTICES + 1


@pytest.mark.parametrize("draws", [256, 1024, 4096])
def test_error_of_the_mean_against_plain_random_numbers(benchmark: BenchmarkFixture, draws: int) -> None:
    """A loss of twelve causes over 42 inputs; the figure is the ratio of errors over 24 seeds."""

    def loss(z: np.ndarray) -> float:
        return float(np.mean(sum(np.exp(0.3 * z[:, k : k + 4].sum(axis=1)) for k in range(0, 36, 3))))

    truth = 12 * np.exp(0.09 * 4 / 2)
    even = [loss(standard_normals(draws, INPUTS, seed=s)) / truth - 1 for s in range(24)]
    rng = np.random.default_rng(1)
    plain = [loss(rng.standard_normal((draws, INPUTS))) / truth - 1 for _ in range(24)]
    benchmark(loss, standard_normals(draws, INPUTS))
    ratio = np.sqrt(np.mean(np.square(plain)) / np.mean(np.square(even)))
    benchmark.extra_info["error_of_plain_over_ours"] = round(float(ratio), 1)


@pytest.mark.parametrize("draws", [1024, 4096])
def test_error_of_evppi_against_the_closed_form(benchmark: BenchmarkFixture, draws: int) -> None:
    """Two normal decisions; the figure is the error in per cent of perfect information."""
    z = standard_normals(draws, 3)
    cost = np.column_stack([0 * z[:, 0], 0.5 + z[:, 0] + z[:, 1]])
    found = benchmark(evppi, cost, z)
    closed = norm.pdf(0.5) - 0.5 * norm.cdf(-0.5)
    error = abs(found[:2] - closed).max() / evpi(cost)
    benchmark.extra_info["error_in_per_cent_of_evpi"] = round(100 * float(error), 2)
