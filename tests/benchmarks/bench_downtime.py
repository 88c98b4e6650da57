"""One month's distribution against 100,000 simulated years, and an example client's downtime over its draws."""

from __future__ import annotations

import time

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.models.downtime import Causes, breach_chance, window_distribution, yearly_breach_chance

MONTH, YEAR = 43_200.0, 525_600.0
SIGMA = 1.24
RATE = np.array([24.0, 2.0, 0.2, 0.05, 3.0, 1.5, 2.0, 0.1])
REACH = np.array([0.3, 1.0, 1.0, 1.0, 0.6, 0.5, 0.8, 1.0])
MINUTES = np.array([40.0, 60.0, 180.0, 300.0, 90.0, 45.0, 75.0, 600.0])


def simulated_months(years: int) -> np.ndarray:
    """Bad minutes of each month in so many years, all outages drawn at once."""
    random = np.random.default_rng(3)
    months = round(years * YEAR / MONTH)
    counts = random.poisson(RATE[:, None] * MONTH / YEAR, (len(RATE), months))
    total = np.zeros(months)
    for reach, mean, count in zip(REACH, MINUTES, counts, strict=True):
        lengths = random.lognormal(np.log(mean) - SIGMA**2 / 2, SIGMA, count.sum())
        month = np.repeat(np.arange(months), count)
        total += np.bincount(month, reach * np.minimum(lengths, MONTH), months)
    return total


def test_bench_one_month(benchmark: BenchmarkFixture) -> None:
    def month() -> np.ndarray:
        distribution = window_distribution([RATE], [REACH], [MINUTES], SIGMA, window_minutes=MONTH)
        return breach_chance(distribution, [0.9995, 0.999, 0.995, 0.99])

    chance = benchmark(month)[0]
    start = time.perf_counter()
    total = simulated_months(100_000)
    simulation_seconds = time.perf_counter() - start
    seen = np.array([(total > budget * MONTH).mean() for budget in (0.0005, 0.001, 0.005, 0.01)])
    error = np.sqrt(chance * (1 - chance) / len(total))
    assert np.all(np.abs(seen - chance) < 4.5 * error)
    benchmark.extra_info["standard_errors_off"] = [round(float(x), 2) for x in (seen - chance) / error]
    benchmark.extra_info["simulation_seconds"] = simulation_seconds
    benchmark.extra_info["times_faster_than_simulation"] = simulation_seconds / benchmark.stats.stats.min
    benchmark.extra_info["limit_ms"] = 2
    benchmark.extra_info["limit_times_faster"] = 100


def test_bench_a_clients_downtime_over_its_draws(benchmark: BenchmarkFixture) -> None:
    """Means over 4,096 draws, breach of a month and of a year over 256 of them."""
    random = np.random.default_rng(5)
    spread = np.exp(random.normal(0, 0.6, (4096, len(RATE))))

    def client() -> tuple[np.ndarray, np.ndarray]:
        causes = Causes(tuple("abcdefgh"), RATE * spread, REACH + 0 * spread, MINUTES / spread**0.5, np.array(SIGMA))
        breach = breach_chance(causes.window(MONTH, draws=256), 0.999)
        return causes.total_per_year(), yearly_breach_chance(breach, 12)

    minutes, breach = benchmark(client)
    assert minutes.shape == (4096,)
    assert breach.shape == (256,)
    benchmark.extra_info["limit_ms"] = 60
