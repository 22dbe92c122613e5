"""When dossiers come, what is asked for and by which channel, for one commune."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.simulate.clock import DAY, Clock, Seconds
from etl.simulate.profiles import Procedures
from etl.simulate.workload import IN_PERSON_PROFILE, ONLINE_PROFILE, SLOT_MINUTES

ONLINE, IN_PERSON, POSTAL = range(3)
# Certified copies for the new school year.
_SCHOOL_CERTIFICATION = 1.25
_ONLINE_OF_NOT_ONLINE = 0.0015
_POSTAL_SHARE = 0.03


@dataclass(frozen=True)
class Arrivals:
    """One element a dossier, ordered by `submitted`; `arrived` is the working second at which an office can take it
    up."""

    procedure: NDArray[np.int64]
    channel: NDArray[np.int64]
    submitted: Seconds
    arrived: Seconds


def draw_arrivals(
    *,
    count: int,
    demand: NDArray[np.float64],
    online_share: NDArray[np.float64],
    school: NDArray[np.bool_],
    urban: float,
    procedures: Procedures,
    clock: Clock,
    rng: np.random.Generator,
) -> Arrivals:
    """Draw `count` dossiers; `demand`, `online_share` and `school` have one element a day."""
    days = len(demand)
    day = _pick(demand, count, rng)
    ordinary = procedures.mix(urban)
    certification = (procedures.table["field"] == "Chứng thực").to_numpy()
    school_mix = ordinary * np.where(certification, _SCHOOL_CERTIFICATION, 1.0)
    chance = rng.random(count)
    procedure = np.where(school[day], _place(school_mix, chance), _place(ordinary, chance))

    pull = procedures.online_pull - (procedures.online_pull * ordinary).sum()
    share = online_share[day]
    online = 1 / (1 + np.exp(-np.log(share / (1 - share)) - pull[procedure]))
    online = np.where(clock.is_working[day], online, 1.0)
    online = np.where(procedures.is_online[procedure], online, _ONLINE_OF_NOT_ONLINE)
    is_online = rng.random(count) < online
    is_postal = ~is_online & ~procedures.same_day[procedure] & (rng.random(count) < _POSTAL_SHARE)
    channel = np.where(is_online, ONLINE, np.where(is_postal, POSTAL, IN_PERSON))

    # Whoever wants to come in person on a day off comes on the next working day (or came on the last one).
    last = int(clock.working_before[days]) - 1
    ordinal = np.minimum(clock.working_before[day], last)
    slot = _pick(IN_PERSON_PROFILE, count, rng)
    at_counter = ordinal * clock.seconds_per_day + slot * SLOT_MINUTES * 60 + rng.integers(0, SLOT_MINUTES * 60, count)
    filed = day * DAY + _pick(ONLINE_PROFILE, count, rng) * 3600 + rng.integers(0, 3600, count)
    filed = np.where(filed > days * DAY - 6 * 3600, filed - 10 * 3600, filed)

    counter_time = clock.to_wall(at_counter)
    posted = counter_time - DAY - rng.integers(0, DAY, count)
    posted = np.where(posted < 8 * 3600, counter_time, posted)
    submitted = np.select([channel == ONLINE, channel == POSTAL], [filed, posted], counter_time)
    arrived = np.where(channel == ONLINE, clock.to_working(filed), at_counter)
    order = np.argsort(submitted, kind="stable")
    return Arrivals(procedure[order], channel[order], submitted[order], arrived[order])


def _pick(weights: NDArray[np.float64], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return _place(weights, rng.random(count))


def _place(weights: NDArray[np.float64], chance: NDArray[np.float64]) -> NDArray[np.int64]:
    """The index in which each chance (0 to 1) falls when the weights share out the line."""
    edges = np.cumsum(weights)
    return np.asarray(np.minimum(np.searchsorted(edges, chance * edges[-1], side="right"), len(weights) - 1))
