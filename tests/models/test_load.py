"""Queues, lag, retries and growth against closed forms, exact fractions and simulation."""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from readiness.errors import ModelError
from readiness.models import load as ld

SHARES = st.floats(0.0, 1.0)


def exact_waiting(servers: int, offered: Fraction) -> Fraction:
    """Erlang C from its definition, with factorials and no rounding."""
    top = offered**servers / factorial(servers) * servers / (servers - offered)
    return top / (sum(offered**i / factorial(i) for i in range(servers)) + top)


@given(servers=st.integers(1, 60), busy=st.floats(0.01, 0.999))
@settings(max_examples=50)
def test_waiting_agrees_with_the_factorials(servers: int, busy: float) -> None:
    offered = servers * busy
    expected = float(exact_waiting(servers, Fraction(offered)))
    assert float(ld.chance_of_waiting(servers, offered)) == pytest.approx(expected, rel=1e-11)


def test_thousands_of_servers_do_not_overflow() -> None:
    assert 0.0 < float(ld.chance_of_waiting(5_000, 4_950.0)) < 0.5
    assert float(ld.chance_of_blocking(5_000, 0.0)) == 0.0


@pytest.mark.parametrize(
    ("found", "expected", "within"),
    [
        pytest.param(lambda: ld.chance_of_waiting(2, 1.5), 9 / 14, 1e-12, id="two servers at three quarters"),
        pytest.param(lambda: ld.chance_of_blocking(1, 1.0), 0.5, 1e-12, id="one line, one caller"),
        pytest.param(lambda: ld.chance_of_blocking(0, 1.0), 1.0, 0, id="no line blocks all"),
        pytest.param(
            lambda: ld.queue(55, per_second=0.2, service_seconds=240).chance_of_waiting, 0.239, 5e-4,
            id="a call centre's chance to wait",
        ),
        pytest.param(
            lambda: ld.queue(55, per_second=0.2, service_seconds=240).mean_wait, 8.18, 5e-3,
            id="a call centre's wait",
        ),
        pytest.param(
            lambda: ld.service_level(55, per_second=0.2, service_seconds=240, within_seconds=15), 0.846, 5e-4,
            id="a call centre's service level",
        ),
        pytest.param(lambda: ld.servers_by_square_root(100, 0.5), 105, 0, id="square-root staffing"),
        pytest.param(lambda: ld.attempts_per_request(0.5, retries=2), 1.75, 1e-12, id="half fail twice"),
        pytest.param(lambda: ld.attempts_per_request(1.0, retries=3, layers=2), 16, 0, id="layers multiply"),
        pytest.param(
            lambda: ld.attempts_per_request(1.0, retries=3, retry_budget=0.1), 1.1, 1e-12, id="a budget"
        ),
        pytest.param(lambda: ld.headroom(1200, 1000), -0.2, 1e-12, id="a fifth too much"),
        pytest.param(
            lambda: ld.runway(load=100, limit=400, growth_per_year=1.0).months_until_limit, 24, 1e-9,
            id="two doublings are two years",
        ),
    ],
)  # fmt: skip
def test_a_figure_known_by_hand(found: Any, expected: float, within: float) -> None:
    assert float(found()) == pytest.approx(expected, rel=0, abs=within)


def test_scale_out_lag_leaves_a_backlog_to_drain() -> None:
    found = ld.scale_out_lag(load=3000, capacity=1500, new_capacity=4000, lag_seconds=180)
    assert [float(x) for x in found] == [270_000, 270, 450]
    enough = ld.scale_out_lag(load=1000, capacity=1500, new_capacity=1500, lag_seconds=180)
    assert [float(x) for x in enough] == [0, 0, 0]
    never = ld.scale_out_lag(load=3000, capacity=1500, new_capacity=3000, lag_seconds=180)
    assert [float(x) for x in never] == [270_000, np.inf, np.inf]
    exactly = ld.scale_out_lag(load=1500, capacity=1500, new_capacity=1500, lag_seconds=60)
    assert [float(x) for x in exactly] == [0, 0, 0]


def test_a_queue_agrees_with_a_simulated_one() -> None:
    """A queue of three servers, customer by customer: who waits, and for how long."""
    rng, servers, per_second, service = np.random.default_rng(2), 3, 0.24, 10.0
    waits = []
    for _ in range(40):
        arrivals = np.cumsum(rng.exponential(1 / per_second, 5_000)).tolist()
        lengths = rng.exponential(service, 5_000).tolist()
        free, waited = [0.0] * servers, []
        for at, length in zip(arrivals, lengths, strict=True):
            free.sort()
            start = max(at, free[0])
            waited.append(start - at)
            free[0] = start + length
        waits.append(waited[500:])  # the first find it empty
    seen = np.array(waits)
    found = ld.queue(servers, per_second=per_second, service_seconds=service)
    level = ld.service_level(servers, per_second=per_second, service_seconds=service, within_seconds=5)
    for per_run, expected in (
        ((seen > 0).mean(axis=1), found.chance_of_waiting),
        (seen.mean(axis=1), found.mean_wait),
        ((seen <= 5).mean(axis=1), level),
    ):
        assert abs(per_run.mean() - float(expected)) < 4.5 * per_run.std(ddof=1) / np.sqrt(len(per_run))


@given(servers=st.integers(1, 40), offered=st.floats(0.0, 60.0))
def test_one_server_more_never_makes_more_wait_and_an_overload_makes_all_wait(
    servers: int, offered: float
) -> None:
    waits, fewer = ld.chance_of_waiting(servers + 1, offered), ld.chance_of_waiting(servers, offered)
    assert 0.0 <= float(waits) <= float(fewer) <= 1.0
    if offered >= servers:
        assert float(fewer) == 1.0
        assert float(ld.queue(servers, per_second=offered, service_seconds=1).mean_wait) == np.inf
        assert (
            float(ld.service_level(servers, per_second=offered, service_seconds=1, within_seconds=9)) == 0.0
        )
    assert float(ld.chance_of_blocking(servers, offered)) <= float(fewer)


@given(offered=st.floats(0.1, 200.0), chance=st.floats(0.001, 0.9))
@settings(max_examples=30)
def test_the_fewest_servers_are_enough_and_one_less_is_not(offered: float, chance: float) -> None:
    servers = float(ld.servers_for(offered, chance_to_wait=chance))
    assert float(ld.chance_of_waiting(servers, offered)) <= chance
    assert float(ld.chance_of_waiting(servers - 1, offered)) > chance


@given(load=st.floats(1, 1e4), capacity=st.floats(1, 1e4), more=st.floats(0, 1e4), lag=st.floats(0, 1e4))
def test_what_is_drained_is_what_piled_up(load: float, capacity: float, more: float, lag: float) -> None:
    found = ld.scale_out_lag(load=load, capacity=capacity, new_capacity=capacity + more, lag_seconds=lag)
    assume(capacity + more - load > 1e-6 * load)
    drained = float(found.drain_seconds) * (capacity + more - load)
    assert drained == pytest.approx(float(found.requests), rel=1e-6)
    assert float(found.requests) == pytest.approx(max(load - capacity, 0) * lag, rel=1e-9)


@given(failing=SHARES, retries=st.integers(0, 5), layers=st.integers(1, 3), budget=st.floats(0, 3))
def test_retries_only_add_load_and_a_budget_only_takes_it_away(
    failing: float, retries: int, layers: int, budget: float
) -> None:
    free = float(ld.attempts_per_request(failing, retries=retries, layers=layers))
    capped = float(ld.attempts_per_request(failing, retries=retries, layers=layers, retry_budget=budget))
    assert 1.0 <= capped <= free <= (retries + 1) ** layers * (1 + 1e-12)
    assert capped <= (1 + budget) ** layers * (1 + 1e-12)
    if failing < 1:
        geometric = (1 - Fraction(failing) ** (retries + 1)) / (1 - Fraction(failing))
        assert free == pytest.approx(float(geometric**layers), rel=1e-9)


def test_attempts_agree_with_retries_played_out() -> None:
    rng, failing, retries, count = np.random.default_rng(8), 0.3, 2, 200_000
    fails = rng.random((count, retries)) < failing
    seen = 1 + fails[:, 0] + (fails[:, 0] & fails[:, 1])
    error = seen.std() / np.sqrt(count)
    assert abs(seen.mean() - float(ld.attempts_per_request(failing, retries=retries))) < 4.5 * error


@pytest.mark.parametrize(
    ("load", "zone"),
    [(499, 0), (500, 0), (501, 1), (999, 1), (1000, 2), (1500, 2)],
    ids=["well below", "at half", "just above half", "just below", "at capacity", "above"],
)
def test_one_retry_makes_the_upper_half_metastable(load: float, zone: int) -> None:
    assert int(ld.retry_zone(load=load, capacity=1000, retries=1)) == zone


def test_a_metastable_service_stays_down_and_a_stable_one_comes_back() -> None:
    """Second by second: an overload of a minute, then the old load; late answers fail and are retried."""

    def late_at_the_end(load: float, capacity: float, retries: int) -> bool:
        queue = 0.0
        due = [0.0] * retries  # requests on their second, third .. attempt in the next second
        for second in range(4_000):
            first = load * (3.0 if second < 60 else 1.0)
            queue += first + sum(due)
            late = queue > 2 * capacity  # whoever arrives now waits for more than two seconds: given up
            due = [first, *due[:-1]] if late and retries else [0.0] * retries
            queue = max(0.0, queue - capacity)
        return late

    for load in (200.0, 300.0, 400.0, 600.0, 800.0, 950.0):
        zone = int(ld.retry_zone(load=load, capacity=1000, retries=2))
        assert late_at_the_end(load, 1000, 2) == (zone == 1)


@given(load=st.floats(1, 1e5), limit=st.floats(1, 1e5), growth=st.floats(-0.5, 5), step=st.floats(1, 1e4))
def test_at_the_end_of_the_runway_the_load_meets_the_limit(
    load: float, limit: float, growth: float, step: float
) -> None:
    found = ld.runway(
        load=load, limit=limit, growth_per_year=growth, step=step, lead_months=3, horizon_months=18
    )
    months = float(found.months_until_limit)
    if load >= limit:
        assert months == 0.0
    elif growth <= 0:
        assert months == np.inf
    elif months < 1e4:
        assert load * (1 + growth) ** (months / 12) == pytest.approx(limit, rel=1e-6)
    assert float(found.months_until_order) == months - 3
    later = load * (1 + growth) ** 1.5
    steps = float(found.steps)
    assert limit + steps * step >= later * (1 - 1e-9)
    assert steps == 0 or limit + (steps - 1) * step < later * (1 + 1e-9)


def test_a_limit_that_cannot_be_moved_takes_infinitely_many_steps() -> None:
    assert float(ld.runway(load=9, limit=10, growth_per_year=1.0).steps) == np.inf


@given(load=st.integers(1, 400), limit=st.integers(1, 400), retries=st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_the_share_refused_is_that_of_a_limiter_played_out(load: int, limit: int, retries: int) -> None:
    """A fixed window a second; who is refused tries again in the next seconds, at most so many times."""
    waiting: list[int] = []  # how many times each has been refused
    let_through = gone = 0
    for _ in range(300):
        waiting = [0] * load + waiting  # the impatient are asked last, which changes nobody's chance in sum
        let_through += min(limit, len(waiting))
        refused = waiting[limit:]
        gone += sum(n >= retries for n in refused)
        waiting = [n + 1 for n in refused if n < retries]
    assert gone / (let_through + gone) == pytest.approx(float(ld.refused_share(load, limit)), abs=0.01 * (1 + retries))


def test_below_the_limit_nothing_is_refused_and_without_load_neither() -> None:
    assert ld.refused_share([0.0, 5.0, 10.0, 40.0], 10.0).tolist() == [0.0, 0.0, 0.0, 0.75]


def test_people_are_servers_too() -> None:
    alone = ld.load_on_people(pages_per_hour=4, minutes_per_page=10, staff=1)
    assert [float(x) for x in alone] == pytest.approx([2 / 3, 2 / 3, 20.0])  # M/M/1: rho, rho, rho T/(1-rho)
    two = ld.load_on_people(pages_per_hour=4, minutes_per_page=10, staff=2)
    assert float(two.mean_wait) < 2
    nobody = ld.load_on_people(pages_per_hour=4, minutes_per_page=10, staff=0)
    assert [float(x) for x in nobody] == [1.0, 1.0, np.inf]


def test_hours_or_seconds_change_nothing_but_the_unit() -> None:
    seconds = ld.queue(5, per_second=0.01, service_seconds=400)
    hours = ld.queue(5, per_second=36, service_seconds=400 / 3600)
    assert float(seconds.chance_of_waiting) == pytest.approx(float(hours.chance_of_waiting), rel=1e-12)
    assert float(seconds.mean_wait) == pytest.approx(3600 * float(hours.mean_wait), rel=1e-12)


def test_draws_come_through_one_by_one() -> None:
    rng = np.random.default_rng(4)
    rate, servers = rng.uniform(0.5, 3.0, 32), rng.integers(1, 6, 32)
    found = ld.queue(servers, per_second=rate, service_seconds=1.5)
    many = ld.servers_for(rate, chance_to_wait=0.1)
    runway = ld.runway(load=rate, limit=4.0, growth_per_year=rate - 1, step=servers)
    for i in (0, 9, 31):
        one = ld.queue(servers[i], per_second=rate[i], service_seconds=1.5)
        assert [float(x[i]) for x in found] == pytest.approx([float(x) for x in one], rel=1e-12)
        assert float(many[i]) == float(ld.servers_for(rate[i], chance_to_wait=0.1))
        single = ld.runway(load=rate[i], limit=4.0, growth_per_year=rate[i] - 1, step=servers[i])
        assert [float(x[i]) for x in runway] == pytest.approx([float(x) for x in single], rel=1e-12)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: ld.chance_of_waiting(1.5, 1.0), "must be whole"),
        (lambda: ld.chance_of_waiting(2, -1.0), "the offered load must be a finite number not below 0"),
        (lambda: ld.servers_for(2.0, chance_to_wait=0.0), "between 0 and 1"),
        (lambda: ld.attempts_per_request(1.2, retries=1), "between 0 and 1, but got 1.2"),
        (lambda: ld.attempts_per_request(0.2, retries=-1), "got -1 and 1"),
        (lambda: ld.attempts_per_request(0.2, retries=1, retry_budget=-0.1), "retry budget"),
        (lambda: ld.headroom(1, 0), "above 0"),
        (lambda: ld.runway(load=1, limit=2, growth_per_year=-1.0), "cannot shrink"),
        (lambda: ld.refused_share(-1, 1), "the load must be a finite number not below 0"),
        (lambda: ld.refused_share(1, float("nan")), "the limit must be a finite number not below 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(call: Any, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        call()
