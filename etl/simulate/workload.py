"""How busy each centre is: demand by day and hour, backlogs at its desks and back office, and when its leader signs.

Backlogs follow the centre's real volume, whatever number of dossiers is written out: a run with few dossiers is a
thin sample of the same province, with the same waiting.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.simulate.clock import FIRST_DAY, Clock, Seconds
from etl.simulate.province import Change, Province

Floats = NDArray[np.float64]

SLOT_MINUTES = 30
# People at the counter by half-hour of office time: the first hours of each half-day are the busy ones.
IN_PERSON_PROFILE = np.array([0.55, 1.15, 1.5, 1.55, 1.35, 1.05, 0.75, 0.45, 0.8, 1.15, 1.3, 1.2, 1.0, 0.75, 0.45, 0.2])
# Online filing by hour of the day, also in the evening.
ONLINE_PROFILE = np.array(
    [
        0.15,
        0.08,
        0.05,
        0.05,
        0.08,
        0.2,
        0.5,
        1.0,
        1.7,
        2.0,
        1.9,
        1.3,
        0.8,
        1.1,
        1.7,
        1.8,
        1.6,
        1.2,
        0.8,
        0.9,
        1.3,
        1.2,
        0.8,
        0.4,
    ]
)
_WEEKDAY = np.array([1.24, 1.07, 1.0, 0.97, 0.86, 0.7, 0.5])
_WEEKEND_ONLINE = 0.3
_DESK_MINUTES = 52
_PRESENCE = 0.91
_BACK_OFFICE_LOAD = 0.8
_OUTAGE_DESK, _OUTAGE_ONLINE = 0.6, 0.25


@dataclass(frozen=True)
class Workload:
    """Rows are communes. `demand`: relative arrivals a day; `online_share`: by day; `desk_wait`: working seconds of
    backlog by slot of office time; `office_wait`: by working day."""

    demand: Floats
    online_share: Floats
    school: NDArray[np.bool_]
    desk_wait: Floats
    office_wait: Floats


def build_workload(province: Province, *, days: int, clock: Clock, rngs: list[np.random.Generator]) -> Workload:
    """Draw the workload of every commune, each from its own generator."""
    season, school = _season(days, clock)
    working = clock.is_working[:days]
    weekday = _WEEKDAY[(np.arange(days) + FIRST_DAY.weekday()) % 7]
    noise = np.array([rng.gamma(30, 1 / 30, days) for rng in rngs])
    absence = np.array([1 - rng.choice([0, 0, 0, 0.12, 0.25], days) for rng in rngs])
    demand = noise * season * np.where(working, weekday, _WEEKEND_ONLINE)
    growth = 0.36 + 0.34 * (1 - np.exp(-np.arange(days) / 300))
    logit = np.log(growth / (1 - growth)) + province.online_shift[:, None]
    online_share = 1 / (1 + np.exp(-logit))
    if province.outage:
        start, end = province.outage
        demand[:, start:end] *= 1 - online_share[:, start:end] * (1 - _OUTAGE_ONLINE)
        online_share[:, start:end] *= _OUTAGE_ONLINE

    working_days = clock.working_days[clock.working_days < days]
    load = demand[:, working_days] * province.daily_volume[:, None]
    outage = np.ones(days)
    if province.outage:
        outage[slice(*province.outage)] = _OUTAGE_DESK
    desk = np.array([_steps(change.desk, change, days) if change else np.ones(days) for change in province.changes])
    office = np.array(
        [_steps(change.back_office, change, days) if change else np.ones(days) for change in province.changes]
    )

    slots = clock.seconds_per_day // 60 // SLOT_MINUTES
    profile = IN_PERSON_PROFILE / IN_PERSON_PROFILE.sum()
    work = (load[:, :, None] * profile * _DESK_MINUTES).reshape(province.size, -1)
    desks = (province.desks[:, None] * absence * outage * desk)[:, working_days]
    desk_wait = _fluid_queue(
        work, np.repeat(desks * SLOT_MINUTES, slots, axis=1), slot=SLOT_MINUTES, day=clock.seconds_per_day / 60
    )
    officers = province.officers[:, None] * (absence * outage * office)[:, working_days]
    mean_load = province.daily_volume[:, None]
    office_wait = (
        _fluid_queue(load / mean_load, officers / _BACK_OFFICE_LOAD, slot=1.0, day=1.0) * clock.seconds_per_day
    )
    return Workload(demand, online_share, school, desk_wait * 60, office_wait)


def sign_rounds(change: Change | None, *, days: int, clock: Clock, rng: np.random.Generator) -> Seconds:
    """The working seconds at which the leader of one commune signs, in order.

    Half-days without the leader have one late round by a deputy, or none.
    """
    half = clock.seconds_per_day // 2
    # Beyond the last day too, so that every dossier finds a round.
    halves = np.arange(2 * (int(clock.working_before[days]) + 90))
    changed = 2 * int(clock.working_before[change.day]) if change else len(halves)
    (early, late), (in_before, in_after) = (
        (change.sign_rounds, change.presence) if change else ((4, 4), (_PRESENCE, _PRESENCE))
    )
    rounds = np.where(halves < changed, early, late)
    present = rng.random(len(halves)) < np.where(halves < changed, in_before, in_after)
    deputy = rng.random(len(halves)) < 0.5
    widest = max(early, late, 1)
    place = (np.arange(widest) + 1) / rounds[:, None] - rng.uniform(0, 0.6 / widest, (len(halves), widest))
    kept = np.where(present[:, None], np.arange(widest) < rounds[:, None], (np.arange(widest) == 0) & deputy[:, None])
    place = np.where(present[:, None], place, 0.93)
    # A single round a half-day is a folder carried in towards its end.
    place = np.where(rounds[:, None] == 1, rng.uniform(0.55, 0.95, place.shape), place)
    moments = (halves[:, None] + np.clip(place, 0, 0.98)) * half
    return np.sort(moments[kept]).astype(np.int64)


def _season(days: int, clock: Clock) -> tuple[Floats, NDArray[np.bool_]]:
    """Demand by day relative to an ordinary day, and whether it is the season of school papers."""
    dates = [FIRST_DAY + dt.timedelta(days=day) for day in range(days)]
    school = np.array([(7, 10) <= (date.month, date.day) <= (9, 5) for date in dates])
    season = np.where(school, 1.1, 1.0)
    ordinal = clock.working_before[:days]
    padded = clock.working_days
    for gap_end in np.flatnonzero(np.diff(padded) >= 4) + 1:
        length = int(padded[gap_end] - padded[gap_end - 1])
        is_tet = length >= 8
        before = (ordinal >= gap_end - (7 if is_tet else 1)) & (ordinal < gap_end)
        after = (ordinal >= gap_end) & (ordinal < gap_end + (6 if is_tet else 2))
        season = np.where(before, season * (0.62 if is_tet else 0.88), season)
        season = np.where(after, season * (1.42 if is_tet else 1.22), season)
        resting = (np.arange(days) > padded[gap_end - 1]) & (np.arange(days) < padded[gap_end])
        season = np.where(resting, season * (0.3 if is_tet else 0.7), season)
    return season, school


def _steps(values: tuple[float, float], change: Change, days: int) -> Floats:
    return np.where(np.arange(days) < change.day, *values)


def _fluid_queue(work: Floats, capacity: Floats, *, slot: float, day: float) -> Floats:
    """The wait that each slot's arrivals find: backlog over capacity, where a growing backlog makes people work harder.

    `work` and `capacity` have one row a commune and one column a slot, in the same unit; `slot` and `day` are the
    lengths of a slot and of a working day, and the wait comes in their unit.
    """
    backlog = np.zeros(len(work))
    wait = np.empty_like(work)
    for column in range(work.shape[1]):
        wait[:, column] = backlog / capacity[:, column] * slot
        days_behind = wait[:, column] / day
        effort = 1 + 0.9 * days_behind / (days_behind + 1)
        backlog = np.maximum(0, backlog + work[:, column] - capacity[:, column] * effort)
    return wait
