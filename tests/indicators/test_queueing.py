"""Waiting lines against values of textbooks, and against a line that is simulated arrival by arrival."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.queueing import Desk, erlang_c, mean_wait, service_time, with_officers


@pytest.mark.parametrize(
    ("servers", "load", "waiting"),
    [
        # One desk: the share that waits is its use.
        (1, 0.5, 0.5),
        # Two desks: 2ρ² / (1 + ρ) (Gross, Shortle, Thompson, Harris, the chapter on simple Markovian queues).
        (2, 1.0, 1 / 3),
        (2, 1.6, 0.64 * 2 / 1.8),
        # Their eye clinic: 3 doctors, 6 patients an hour of 20 minutes, r = 2, p0 = 1/9, Wq = 4/27 h.
        (3, 2.0, 4 / 9),
    ],
)
def test_the_share_that_waits_is_that_of_the_textbooks(servers: int, load: float, waiting: float) -> None:
    assert erlang_c(servers, load) == pytest.approx(waiting)


def test_the_eye_clinic_waits_as_in_the_textbook() -> None:
    """Six patients an hour, twenty minutes each, three doctors: 0.148 hours in the line."""
    assert mean_wait(arrivals=6, service=1 / 3, servers=3) == pytest.approx(0.1481, abs=5e-5)


@given(st.integers(1, 12), st.floats(0.01, 0.98))
def test_erlang_c_agrees_with_its_sum(servers: int, use: float) -> None:
    load = servers * use
    queued = load**servers / math.factorial(servers) / (1 - use)
    by_sum = queued / (sum(load**k / math.factorial(k) for k in range(servers)) + queued)
    assert erlang_c(servers, load) == pytest.approx(by_sum)


def test_a_desk_that_cannot_keep_up_has_no_steady_wait() -> None:
    assert erlang_c(2, 2.0) == 1
    assert mean_wait(arrivals=2, service=1, servers=2) == math.inf


def test_one_desk_with_any_services_waits_as_pollaczek_and_khinchine_say() -> None:
    arrivals, service, cv2 = 0.8, 1.0, 0.25
    use = arrivals * service
    exact = use * service * (1 + cv2) / (2 * (1 - use))
    assert mean_wait(arrivals=arrivals, service=service, servers=1, service_cv2=cv2) == pytest.approx(exact)


@given(st.integers(1, 10), st.floats(0.05, 0.95), st.floats(0.1, 5), st.floats(0.2, 3))
def test_the_service_time_is_found_again_from_its_wait(servers: int, use: float, arrivals: float, cv2: float) -> None:
    service = use * servers / arrivals
    wait = mean_wait(arrivals=arrivals, service=service, servers=servers, arrival_cv2=cv2)
    found = service_time(wait=wait, arrivals=arrivals, servers=servers, arrival_cv2=cv2)
    assert mean_wait(arrivals=arrivals, service=found, servers=servers, arrival_cv2=cv2) == pytest.approx(
        wait, rel=1e-6, abs=1e-9
    )


@given(st.integers(1, 10), st.floats(0.2, 0.95), st.floats(0.1, 5))
def test_one_more_officer_never_lengthens_the_wait_and_none_more_leaves_it(
    servers: int, use: float, arrivals: float
) -> None:
    wait = mean_wait(arrivals=arrivals, service=use * servers / arrivals, servers=servers)
    desk = Desk(arrivals=arrivals, arrival_cv2=1, servers=servers, wait=wait, wait_low=wait * 0.8, wait_high=wait * 1.2)
    same, more = with_officers(desk, servers), with_officers(desk, servers + 1)
    assert same is not None
    assert more is not None
    assert same.wait == pytest.approx(wait, rel=1e-6)
    assert more.wait <= wait
    assert more.low <= more.wait <= more.high


def simulated_wait(
    rng: np.random.Generator, *, servers: int, gaps: np.ndarray, services: np.ndarray, warm_up: int
) -> float:
    """The mean wait of arrivals that are served in order by whoever is free first."""
    free = [0.0] * servers
    clock, waits = 0.0, []
    for gap, service in zip(gaps, services, strict=True):
        clock += gap
        begins = max(clock, heapq.heappop(free))
        waits.append(begins - clock)
        heapq.heappush(free, begins + service)
    return float(np.mean(waits[warm_up:]))


@pytest.mark.parametrize(("servers", "use"), [(1, 0.7), (3, 0.8), (6, 0.85)])
def test_a_simulated_line_waits_as_the_formula_says(servers: int, use: float) -> None:
    rng = np.random.default_rng(5)
    count = 120_000
    gaps, services = rng.exponential(1 / (servers * use), count), rng.exponential(1.0, count)
    simulated = simulated_wait(rng, servers=servers, gaps=gaps, services=services, warm_up=5_000)
    assert simulated == pytest.approx(mean_wait(arrivals=servers * use, service=1, servers=servers), rel=0.12)


def test_the_estimate_for_one_more_officer_is_what_a_simulated_line_does_with_one_more() -> None:
    """Lumpy arrivals and even services: only the wait with two is told, the wait with three is asked."""
    rng = np.random.default_rng(11)
    count, cv2_arrivals, cv2_services = 200_000, 1.5, 0.5
    # Gamma distributions of the wanted squared coefficients of variation.
    gaps = rng.gamma(1 / cv2_arrivals, cv2_arrivals / 1.6, count)
    services = rng.gamma(1 / cv2_services, cv2_services, count)
    with_two, with_three = (
        simulated_wait(rng, servers=servers, gaps=gaps, services=services, warm_up=5_000) for servers in (2, 3)
    )
    desk = Desk(arrivals=1.6, arrival_cv2=1.5, servers=2, wait=with_two, wait_low=with_two, wait_high=with_two)
    estimate = with_officers(desk, 3, service_cv2=0.5)
    assert estimate is not None
    assert estimate.service == pytest.approx(1.0, rel=0.05)
    assert estimate.wait == pytest.approx(with_three, rel=0.25)
