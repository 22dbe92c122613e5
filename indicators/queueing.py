"""Waiting lines: what a desk with one more officer would do to the wait, by the formulas of queueing theory.

Sources: Erlang's C formula as in Gross, Shortle, Thompson, Harris, "Fundamentals of Queueing Theory", 4th ed., the
chapter on simple Markovian queues; the wait of general arrivals and services (the Allen-Cunneen approximation) as in
Allen, "Probability, Statistics and Queueing Theory", 2nd ed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

_STEPS = 80


def erlang_c(servers: int, load: float) -> float:
    """The share of arrivals that must wait at `servers` desks; `load` is arrivals per service time (erlangs).

    1 where the desks cannot keep up (`load >= servers`).
    """
    if servers < 1 or load < 0:
        raise ValueError("servers must be at least 1 and the load not negative")
    if load >= servers:
        return 1.0
    # Erlang B by its recursion, which neither overflows nor loses digits.
    blocked = 1.0
    for desks in range(1, servers + 1):
        blocked = load * blocked / (desks + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait(
    *, arrivals: float, service: float, servers: int, arrival_cv2: float = 1.0, service_cv2: float = 1.0
) -> float:
    """The mean wait before service, in the unit of `service`; `arrivals` per that unit. Infinite where full.

    `arrival_cv2` and `service_cv2` are squared coefficients of variation; 1 and 1 give M/M/c exactly.
    """
    load = arrivals * service
    if load == 0:
        return 0.0
    if load >= servers:
        return math.inf
    return erlang_c(servers, load) * service / (servers - load) * (arrival_cv2 + service_cv2) / 2


def service_time(
    *, wait: float, arrivals: float, servers: int, arrival_cv2: float = 1.0, service_cv2: float = 1.0
) -> float:
    """The service time at which the formula gives the wait that was measured: the inverse of `mean_wait`."""

    def waiting(service: float) -> float:
        return mean_wait(
            arrivals=arrivals,
            service=service,
            servers=servers,
            arrival_cv2=arrival_cv2,
            service_cv2=service_cv2,
        )

    return _solve(waiting, wait, high=servers / arrivals) if arrivals > 0 and wait > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A desk as measured: arrivals an hour, their variability, officers, the mean wait and its interval (hours)."""

    arrivals: float
    arrival_cv2: float
    servers: int
    wait: float
    wait_low: float
    wait_high: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A wait with its interval, and the service time that explains the measured one (hours)."""

    wait: float
    low: float
    high: float
    service: float


def with_officers(desk: Desk, servers: int, *, service_cv2: float = 1.0) -> Estimate | None:
    """The wait with another number of officers: the service time is what explains the measured wait, then stays.

    The interval carries the measured wait's own, nothing else: the assumptions must be told beside it. None where the
    measured wait or the arrivals are nothing.
    """
    if desk.arrivals <= 0 or desk.wait <= 0:
        return None
    fitted = [
        service_time(
            wait=wait,
            arrivals=desk.arrivals,
            servers=desk.servers,
            arrival_cv2=desk.arrival_cv2,
            service_cv2=service_cv2,
        )
        for wait in (desk.wait, max(desk.wait_low, 0.0), desk.wait_high)
    ]
    wait, low, high = (
        mean_wait(
            arrivals=desk.arrivals,
            service=service,
            servers=servers,
            arrival_cv2=desk.arrival_cv2,
            service_cv2=service_cv2,
        )
        for service in fitted
    )
    return Estimate(wait=wait, low=low, high=high, service=fitted[0])


def _solve(rising: Callable[[float], float], target: float, *, high: float) -> float:
    """Where a rising function takes a value, by halving the interval from zero to `high`."""
    low = 0.0
    for _step in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
