"""The bill of twelve services over sixty months and 20,000 draws, against the same sum in a pandas long table."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from readiness.models.cost import CostLines, cost_curves

DRAWS, SERVICES, MONTHS = 20_000, 12, 60


def drawn(draws: int) -> CostLines:
    random = np.random.default_rng(11)
    shape = (draws, SERVICES)
    return CostLines(
        load=random.lognormal(5, 0.5, shape),
        growth_per_year=random.lognormal(-0.5, 0.5, shape),
        capacity=random.uniform(40, 90, SERVICES),
        minimum_units=np.full(SERVICES, 2.0),
        price_per_unit=random.lognormal(4, 0.3, shape),
        hours_per_month=random.lognormal(2, 0.6, shape),
        fixed_per_month=random.uniform(0, 100, SERVICES),
    )


def long_table(lines: CostLines, months: int) -> pd.DataFrame:
    """One row per draw, service and month, as one would in a notebook."""
    full = lines.broadcast()
    draws, services = full["load"].shape
    index = pd.MultiIndex.from_product([range(draws), range(services)], names=["draw", "service"])
    wide = pd.DataFrame({name: array.ravel() for name, array in full.items()}, index=index).reset_index()
    return wide.merge(pd.DataFrame({"month": range(months)}), how="cross")


def summed(table: pd.DataFrame) -> pd.Series:
    """The same bill, by draw and month."""
    load = table["load"] * (1 + table["growth_per_year"]) ** (table["month"] / 12)
    needed = np.maximum(np.ceil(load / table["capacity"] * (1 - 1e-9)), table["minimum_units"])
    table["cash"] = table["fixed_per_month"] + needed * table["price_per_unit"] + load * table["price_per_load"]
    table["hours"] = table["hours_per_month"] + needed * table["hours_per_unit"]
    return table.groupby(["draw", "month"])[["cash", "hours"]].sum()["cash"]


def test_bench_twelve_services_over_five_years(benchmark: BenchmarkFixture) -> None:
    lines = drawn(DRAWS)
    curves = benchmark(cost_curves, lines, MONTHS)
    # Only the sum is timed: making the table takes longer still.
    table = long_table(lines, MONTHS)
    start = time.perf_counter()
    expected = summed(table)
    pandas_seconds = time.perf_counter() - start
    assert curves.cash == pytest.approx(expected.to_numpy().reshape(DRAWS, MONTHS), rel=1e-9)
    benchmark.extra_info["pandas_seconds"] = pandas_seconds
    benchmark.extra_info["times_faster_than_pandas"] = pandas_seconds / benchmark.stats.stats.min
    benchmark.extra_info["limit_ms"] = 40
    benchmark.extra_info["limit_times_faster"] = 50


def test_bench_recosting_a_client_after_one_answer(benchmark: BenchmarkFixture) -> None:
    """4,096 draws and a horizon of 36 months: what one click in the workshop costs."""
    curves = benchmark(cost_curves, drawn(4096), 36)
    assert curves.cash.shape == (4096, 36)
    benchmark.extra_info["limit_ms"] = 25
