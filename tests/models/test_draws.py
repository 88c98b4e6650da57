"""The common draws: stable, even, and better than plain random numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, qmc

from readiness.errors import ModelError
from readiness.models import draws
from readiness.models.draws import in_one_team, standard_normals, uniforms


@pytest.mark.parametrize("fewer", [1, 7, 60, 199])
def test_one_more_input_changes_the_numbers_of_no_other(fewer: int) -> None:
    assert np.array_equal(standard_normals(256, 200)[:, :fewer], standard_normals(256, fewer))


def test_more_draws_keep_the_first_ones() -> None:
    assert np.array_equal(standard_normals(4096, 20)[:256], standard_normals(256, 20))


def test_another_seed_gives_other_numbers() -> None:
    assert not np.isclose(standard_normals(256, 5), standard_normals(256, 5, seed=1)).all(axis=0).any()


def test_no_caller_can_change_the_common_draws() -> None:
    with pytest.raises(ValueError, match="read-only"):
        standard_normals(8, 2)[0, 0] = 1.0


@pytest.mark.parametrize("seed", [20260101, 1, 2])
def test_each_column_has_exactly_one_draw_in_each_of_equally_likely_cells(seed: int) -> None:
    cells = np.floor(uniforms(standard_normals(1024, 120, seed=seed)) * 1024).astype(int)
    assert (np.sort(cells, axis=0) == np.arange(1024)[:, None]).all()


def test_the_first_columns_fill_the_square_as_evenly_as_scipys_own_points() -> None:
    ours = uniforms(standard_normals(1024, 6))
    theirs = qmc.Sobol(6, scramble=True, rng=np.random.default_rng(3)).random(1024)
    plain = np.random.default_rng(3).random((1024, 6))
    assert qmc.discrepancy(ours) < 1.5 * qmc.discrepancy(theirs)
    assert qmc.discrepancy(ours) < qmc.discrepancy(plain) / 20


def test_the_first_two_columns_are_a_net() -> None:
    # Of 1024 points, one lies in each of the 2**a x 2**(10 - a) boxes: what scrambling must not destroy.
    u = uniforms(standard_normals(1024, 2))
    for a in range(11):
        box = np.floor(u * [2**a, 2 ** (10 - a)]).astype(int) @ [2 ** (10 - a), 1]
        assert len(np.unique(box)) == 1024, a


def test_no_draw_can_be_infinite() -> None:
    # Each point is the middle of its cell of width 2**-32, so that none is 0 or 1.
    middles = uniforms(standard_normals(64, 3)) * 2**32 % 1
    assert middles == pytest.approx(np.full((64, 3), 0.5), abs=1e-3)


def test_the_draws_are_standard_normal() -> None:
    z = standard_normals(4096, 200)
    assert np.abs(z.mean(axis=0)).max() < 1e-3
    assert np.abs(z.std(axis=0) - 1).max() < 5e-3
    assert kstest(z[:, 57], "norm").statistic < 2 / 4096


def test_two_hundred_columns_have_no_pair_that_moves_together() -> None:
    correlation = np.corrcoef(standard_normals(4096, 200).T) - np.eye(200)
    # 1.6 % is usual of plain random numbers, and 7 % the worst of so many pairs.
    assert np.abs(correlation).max() < 0.08
    assert np.sqrt((correlation**2).mean()) < 0.008


def test_the_direction_numbers_are_those_of_scipys_public_class(monkeypatch: pytest.MonkeyPatch) -> None:
    dimensions = draws._dimensions(150)
    from_file = draws._direction_numbers(dimensions, 12)
    assert np.array_equal(from_file, draws._direction_numbers_of_qmc(dimensions, 12))
    monkeypatch.setattr(draws, "_joe_kuo_table", lambda: None)
    without_the_file = standard_normals(64, 150)
    monkeypatch.undo()
    assert np.array_equal(without_the_file, standard_normals(64, 150))


def _yearly_loss(z: np.ndarray) -> np.ndarray:
    """Twelve causes, each a product of four lognormal numbers, some of them shared."""
    return sum(np.exp(0.4 * (z[:, k] + z[:, k + 1] + z[:, (k * 7) % 40] + z[:, 39 - k])) for k in range(12))


def test_the_mean_has_a_fifth_of_the_error_of_plain_random_numbers() -> None:
    # The truth by hand: each product is lognormal with sigma^2 = 0.16 x (sum of squared coefficients).
    truth = 0.0
    for k in range(12):
        weights = np.bincount([k, k + 1, (k * 7) % 40, 39 - k], minlength=40)
        truth += np.exp(0.16 * (weights**2).sum() / 2)
    even = [_yearly_loss(standard_normals(1024, 40, seed=s)).mean() / truth - 1 for s in range(16)]
    rng = np.random.default_rng(5)
    plain = [_yearly_loss(rng.standard_normal((1024, 40))).mean() / truth - 1 for s in range(16)]
    assert np.sqrt(np.mean(np.square(even))) < np.sqrt(np.mean(np.square(plain))) / 5


def test_efforts_of_one_team_are_correlated_as_asked_and_still_standard_normal() -> None:
    z = standard_normals(4096, 4)
    efforts = in_one_team(z[:, :3], z[:, 3], 0.6)
    assert np.corrcoef(efforts.T)[np.triu_indices(3, 1)] == pytest.approx([0.6] * 3, abs=0.01)
    assert efforts.std(axis=0) == pytest.approx(np.ones(3), abs=0.01)
    assert np.array_equal(in_one_team(z[:, 0], z[:, 3], 0.0), z[:, 0])


@pytest.mark.parametrize(("draws_", "columns"), [(1000, 2), (0, 2), (2**21, 2), (8, -1), (8, 2001)])
def test_impossible_draws_are_refused(draws_: int, columns: int) -> None:
    with pytest.raises(ModelError):
        standard_normals(draws_, columns)


def test_a_correlation_beyond_one_is_refused() -> None:
    with pytest.raises(ModelError, match="between 0 and 1"):
        in_one_team(np.zeros(4), np.zeros(4), 1.2)
