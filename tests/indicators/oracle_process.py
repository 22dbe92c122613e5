"""The questions about steps once more, in plain Python over dictionaries: slow, literal, without SQL or packages.

Written from the definitions in `indicators/process/`, not from their code.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from statistics import fmean, variance
from typing import Any

from tests.builders import Row, working_seconds

DAY = dt.timedelta(days=1)
HOUR = 3600
# What the steps used here do to the clock, as the reviewed words say.
CAUSES = {
    "Yêu cầu bổ sung hồ sơ": "supplement",
    "Gửi xác minh": "other_agency",
    "Niêm yết công khai": "public_notice",
}
ANSWERS = {"Công dân bổ sung"}


@dataclass(frozen=True)
class Log:
    """The dossiers that the question is about with their steps, and its window; `days` is the calendar."""

    dossiers: Sequence[Row]
    events: Sequence[Row]
    starts: dt.date
    ends: dt.date
    days: Sequence[Row]

    def paths(self) -> list[tuple[Row, list[Row]]]:
        """Each dossier with all of its steps, where it has any."""
        found = []
        for one in self.dossiers:
            steps = sorted((e for e in self.events if e["dossier_id"] == one["dossier_id"]), key=lambda e: e["step"])
            if steps:
                found.append((one, steps))
        return found

    def closed(self) -> list[tuple[Row, list[Row]]]:
        """The dossiers closed in the window, with their steps up to the day of closing."""
        return [
            (one, [step for step in steps if step["at"].date() <= one["closed_at"].date()])
            for one, steps in self.paths()
            if is_received(one) and one["closed_at"] and self.starts <= one["closed_at"].date() <= self.ends
        ]

    def inside(self, moment: dt.datetime) -> bool:
        return self.starts <= moment.date() <= self.ends

    def hours(self, first: dt.datetime, last: dt.datetime) -> float:
        return working_seconds(first, last, self.days) / HOUR if last > first else 0.0


def is_received(one: Row) -> bool:
    return one["received_at"] is not None and one["status"] not in (1, 3)


def cause_of(step: Row) -> str | None:
    if step["activity"] in ANSWERS:
        return None
    return CAUSES.get(step["activity"]) or {5: "supplement", 6: "payment"}.get(step["status"])


def quantile(values: list[float], probability: float) -> float:
    values = sorted(values)
    place = (len(values) - 1) * probability
    return values[floor(place)] + (place - floor(place)) * (values[ceil(place)] - values[floor(place)])


# ---- the map ------------------------------------------------------------------------------------------------------- #


def edges(log: Log) -> dict[tuple[Any, Any], list[float]]:
    """Elapsed hours of each pair of neighbouring steps whose second lies in the window."""
    waits = defaultdict(list)
    for _one, steps in log.paths():
        for first, second in pairwise(steps):
            if log.inside(second["at"]):
                waits[first["activity"], second["activity"]].append((second["at"] - first["at"]).total_seconds() / HOUR)
    return dict(waits)


def nodes(log: Log) -> dict[Any, dict[str, int]]:
    """`visits, dossiers, starts, ends` of each activity."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for one, steps in log.paths():
        mine = [step for step in steps if log.inside(step["at"])]
        for step in mine:
            found[step["activity"]]["visits"] += 1
        for activity in {step["activity"] for step in mine}:
            found[activity]["dossiers"] += 1
        if log.inside(steps[0]["at"]):
            found[steps[0]["activity"]]["starts"] += 1
        if mine and is_received(one) and one["closed_at"] and one["closed_at"].date() <= log.ends:
            found[mine[-1]["activity"]]["ends"] += 1
    names = ("visits", "dossiers", "starts", "ends")
    return {activity: {name: counts[name] for name in names} for activity, counts in found.items()}


def dossiers_with_steps(log: Log) -> int:
    return sum(any(log.inside(step["at"]) for step in steps) for _one, steps in log.paths())


# ---- orders of steps ----------------------------------------------------------------------------------------------- #


def variants(log: Log, *, closed_only: bool) -> dict[tuple[Any, ...], list[float]]:
    """Elapsed hours from first to last step, by the order of the steps known at the window's end."""
    found = defaultdict(list)
    for one, steps in log.paths():
        known = [step for step in steps if step["at"].date() <= log.ends]
        is_closed = is_received(one) and bool(one["closed_at"]) and log.inside(one["closed_at"])
        if is_closed if closed_only else bool(known) and log.inside(known[-1]["at"]):
            length = (known[-1]["at"] - known[0]["at"]).total_seconds() / HOUR if known else 0.0
            found[tuple(step["activity"] for step in known)].append(length)
    return dict(found)


def rework(log: Log) -> dict[tuple[str, Any, Any], int]:
    found: Counter[tuple[str, Any, Any]] = Counter()
    for _one, steps in log.closed():
        order = [step["activity"] for step in steps]
        turns: set[tuple[str, Any, Any]] = {("repeat", a, None) for a in order if order.count(a) > 1}
        for place in range(len(order) - 2):
            if order[place] == order[place + 2] and order[place] != order[place + 1]:
                turns.add(("ping_pong", order[place], order[place + 1]))
        found.update(turns)
    return dict(found)


def handovers(log: Log) -> Counter[int]:
    found: Counter[int] = Counter()
    for _one, steps in log.closed():
        changes = 0
        for first, second in pairwise(steps):
            if first["actor_key"] and second["actor_key"]:
                changes += first["actor_key"] != second["actor_key"]
            elif first["unit"] and second["unit"]:
                changes += first["unit"] != second["unit"]
        found[changes] += 1
    return found


def rework_and_all(log: Log) -> tuple[int, int]:
    orders = [[step["activity"] for step in steps] for _one, steps in log.closed()]
    return sum(len(set(order)) < len(order) for order in orders), len(orders)


# ---- working time -------------------------------------------------------------------------------------------------- #


def times_of(log: Log, one: Row, steps: list[Row]) -> dict[tuple[str, Any], float]:
    """Working hours of one closed dossier by (kind, activity or cause)."""
    parts: dict[tuple[str, Any], float] = defaultdict(float)
    reached, before = one["received_at"], None
    for step in steps:
        until = max(reached, min(step["at"], one["closed_at"]))
        cause = cause_of(before) if before else None
        parts[("stop", cause) if cause else ("step", step["activity"])] += log.hours(reached, until)
        reached, before = until, step
    cause = cause_of(before) if before else None
    parts[("stop", cause) if cause else ("step", None)] += log.hours(reached, one["closed_at"])
    return {part: hours for part, hours in parts.items() if hours > 0}


def time_by_step(log: Log) -> dict[tuple[str, Any], float]:
    """Mean working hours over all dossiers closed with a log."""
    sums: dict[tuple[str, Any], float] = defaultdict(float)
    closed = log.closed()
    for one, steps in closed:
        for part, hours in times_of(log, one, steps).items():
            sums[part] += hours
    return {part: hours / len(closed) for part, hours in sums.items()}


def like_for_like(a: Log, b: Log) -> dict[tuple[str, Any], tuple[float, float]]:
    """By part, and `("mix", None)`: what side b has more in the same procedures, in hours, and the variance of that."""
    sides = []
    for log in (a, b):
        times: dict[Any, list[dict[tuple[str, Any], float]]] = defaultdict(list)
        for one, steps in log.closed():
            times[one["procedure_code"]].append(times_of(log, one, steps))
        sides.append(times)
    counts = [sum(map(len, times.values())) for times in sides]
    procedures = set(sides[0]) | set(sides[1])
    parts = {part for times in sides for each in times.values() for one in each for part in one}
    found = {}
    middle: dict[Any, float] = defaultdict(float)
    for part in parts:
        difference = variance = 0.0
        values = [{p: [one.get(part, 0.0) for one in times[p]] for p in times} for times in sides]
        for p in procedures:
            weight = sum(len(times.get(p, ())) / n for times, n in zip(sides, counts, strict=True)) / 2
            means = [fmean(side[p]) if p in side else None for side in values]
            first, second = (
                mean if mean is not None else other for mean, other in zip(means, means[::-1], strict=True)
            )
            difference += weight * (second - first)
            middle[p] += (first + second) / 2
            if None not in means:
                variance += weight**2 * sum(_spread(side, p) / len(side[p]) for side in values)
        found[part] = difference, variance
    shares = [{p: len(times.get(p, ())) / n for p in procedures} for times, n in zip(sides, counts, strict=True)]
    mix = sum((shares[1][p] - shares[0][p]) * middle[p] for p in procedures)
    spread = 0.0
    for share, n in zip(shares, counts, strict=True):
        mean = sum(share[p] * middle[p] for p in procedures)
        spread += sum(share[p] * (middle[p] - mean) ** 2 for p in procedures) / n
    return found | {("mix", None): (mix, spread)}


def _spread(side: dict[Any, list[float]], procedure: Any) -> float:
    """The variance in a procedure; of the side's procedures together, where it has a single dossier."""
    if len(side[procedure]) > 1:
        return variance(side[procedure])
    squares = sum((value - fmean(values)) ** 2 for values in side.values() for value in values)
    degrees = sum(len(values) - 1 for values in side.values())
    return squares / degrees if degrees else math.nan


def stops(log: Log) -> dict[str, tuple[int, int, float]]:
    """By cause: dossiers, stops begun, working hours of a dossier that stood."""
    dossiers, begun = Counter[str](), Counter[str]()
    hours: dict[str, float] = defaultdict(float)
    for one, steps in log.closed():
        mine = Counter[str]()
        state = None
        for step in steps:
            cause = cause_of(step)
            if cause and cause != state:
                mine[cause] += 1
            state = cause
        times = {cause: spent for (kind, cause), spent in times_of(log, one, steps).items() if kind == "stop"}
        for cause in mine:
            dossiers[cause] += 1
            begun[cause] += mine[cause]
            hours[cause] += times.get(cause, 0)
    return {cause: (dossiers[cause], begun[cause], hours[cause] / dossiers[cause]) for cause in dossiers}


# ---- when, who, and what stands ------------------------------------------------------------------------------------ #


def hours_of_the_week(log: Log) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    """Receipts and steps by (weekday, hour)."""
    received = [one["received_at"] for one in log.dossiers if is_received(one) and log.inside(one["received_at"])]
    steps = [step["at"] for _one, steps in log.paths() for step in steps if log.inside(step["at"])]
    return (
        Counter((moment.isoweekday(), moment.hour) for moment in received),
        Counter((moment.isoweekday(), moment.hour) for moment in steps),
    )


def between_units(log: Log) -> dict[tuple[str, str], tuple[int, int, float]]:
    """Steps that another unit took than the step before: how many, how many straight back, mean elapsed hours."""
    found = defaultdict(list)
    for _one, steps in log.paths():
        for place in range(1, len(steps)):
            giver, taker = steps[place - 1]["unit"], steps[place]["unit"]
            if giver and taker and giver != taker and log.inside(steps[place]["at"]):
                is_back = place > 1 and steps[place - 2]["unit"] == taker
                waited = (steps[place]["at"] - steps[place - 1]["at"]).total_seconds() / HOUR
                found[giver, taker].append((is_back, waited))
    return {
        pair: (len(rows), sum(back for back, _hours in rows), fmean(hours for _back, hours in rows))
        for pair, rows in found.items()
    }


def load(log: Log) -> dict[Any, tuple[int, int, int | None]]:
    """By unit: steps, times that a dossier came to it, people."""
    steps_of, came = Counter[Any](), Counter[Any]()
    people: dict[Any, set[Any]] = defaultdict(set)
    for _one, steps in log.paths():
        for before, step in zip([None, *steps], steps, strict=False):
            if log.inside(step["at"]):
                unit = step["unit"]
                steps_of[unit] += 1
                came[unit] += before is None or before["unit"] != unit
                people[unit] |= {step["actor_key"]} - {None}
    return {
        unit: (n, came[unit], len(people[unit]) if len(people[unit]) >= 5 else None) for unit, n in steps_of.items()
    }


def standing(log: Log) -> dict[str, tuple[Any, float]]:
    """By open dossier: its last known step, and the working days from there to the window's end."""
    end = dt.datetime.combine(log.ends + DAY, dt.time())
    found = {}
    for one, steps in log.paths():
        known = [step for step in steps if step["at"].date() <= log.ends]
        is_open = is_received(one) and one["received_at"] < end and (not one["closed_at"] or one["closed_at"] >= end)
        if known and is_open:
            # Minutes, as a moment of the log is kept.
            since = max(known[-1]["at"], one["received_at"]).replace(second=0)
            found[one["dossier_id"]] = known[-1]["activity"], log.hours(since, end) / 8
    return found
