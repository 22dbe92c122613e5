"""Every indicator once more, in plain Python over dictionaries: slow, literal, without SQL, frames or packages.

Written from the definitions (docs/architecture.md, the design's table), not from the code under test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, comb, floor, sqrt
from typing import Any

from tests.builders import OFFICE_HOURS, Row, calendar, working_seconds

Z = 1.959963984540054
DAY = dt.timedelta(days=1)
Answer = dict[str, float | None]


@dataclass
class Province:
    """What the oracle knows: the same rows that the snapshot is built from."""

    dossiers: Sequence[Row]
    communes: Sequence[Row]
    as_of: dt.date
    days: Sequence[Row] = field(default_factory=calendar)
    minutes_per_day: int = 480
    # What becomes of the minutes that a dossier waited, before they are compared.
    snap: Callable[[float], float] = float


def rows(
    province: Province,
    ids: Sequence[str],
    by: Sequence[str],
    *,
    filters: dict[str, tuple[str, ...]],
    date_from: dt.date,
    date_to: dt.date,
    as_of: dt.date,
) -> dict[tuple[Any, ...], Answer]:
    """The answer by the values of the dimensions."""
    known = min(date_to, as_of, province.as_of)
    everyone = [d for d in province.dossiers if _kept(d, province, filters)]
    units = [
        c
        for c in province.communes
        if all(c[_column(name)] in values for name, values in filters.items() if name in UNIT)
    ]
    answer = {}
    for labels, starts, ends in buckets(by, date_from, known):
        for values in groups(province, everyone, units, ids, by, date_from, known):
            mine = [d for d in everyone if all(_value(d, province, name) == value for name, value in values.items())]
            unit_values = {name: value for name, value in values.items() if name in UNIT}
            mine_units = [c for c in units if all(c[_column(name)] == value for name, value in unit_values.items())]
            key = tuple(labels[name] if name in labels else values[name] for name in by)
            answer[key] = {}
            for indicator_id in ids:
                answer[key] |= one(
                    province, indicator_id, mine, mine_units, starts, ends, filters, by_unit=bool(unit_values)
                )
    return answer


# ---- dimensions ---------------------------------------------------------------------------------------------------- #

UNIT = ("commune", "kind", "old_province", "old_district", "cluster")
KEY = {"field": "field", "procedure": "procedure_code", "channel": "channel"}


def _column(dimension: str) -> str:
    return "commune_code" if dimension == "commune" else KEY.get(dimension, dimension)


def _value(dossier: Row, province: Province, dimension: str) -> Any:
    if dimension in KEY or dimension == "commune":
        return dossier[_column(dimension)]
    return next((c[dimension] for c in province.communes if c["commune_code"] == dossier["commune_code"]), None)


def _kept(dossier: Row, province: Province, filters: dict[str, tuple[str, ...]]) -> bool:
    return all(_value(dossier, province, name) in values for name, values in filters.items())


def label(dimension: str, day: dt.date) -> Any:
    if dimension == "day":
        return day
    if dimension == "week":
        return f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    if dimension == "quarter":
        return f"{day.year}-Q{ceil(day.month / 3)}"
    if dimension == "report_month" and day.day > 14:
        day = (day.replace(day=1) + 31 * DAY).replace(day=1)
    return f"{day.year}-{day.month:02d}"


def buckets(by: Sequence[str], starts: dt.date, ends: dt.date) -> list[tuple[dict[str, Any], dt.date, dt.date]]:
    found: dict[tuple[Any, ...], list[dt.date]] = {}
    names = [name for name in by if name in ("day", "week", "month", "quarter", "report_month")]
    day = starts
    while day <= ends:
        found.setdefault(tuple(label(name, day) for name in names), []).append(day)
        day += DAY
    return [(dict(zip(names, labels, strict=True)), days[0], days[-1]) for labels, days in found.items()]


def groups(
    province: Province,
    everyone: list[Row],
    units: list[Row],
    ids: Sequence[str],
    by: Sequence[str],
    starts: dt.date,
    ends: dt.date,
) -> list[dict[str, Any]]:
    """Units in force and values with a part in the window, crossed."""
    taking_part = [
        d for d in everyone if counts(d) and day_of(d["received_at"]) <= ends and not closed_before(d, starts)
    ]
    if "slow_reception_rate" in ids:
        taking_part += [
            d for d in everyone if in_window(d["submitted_at"], starts, ends) and waited(d, province, ends) is not None
        ]
    unit_names = [name for name in by if name in UNIT]
    key_names = [name for name in by if name in KEY]
    unit_values = {tuple(c[_column(name)] for name in unit_names) for c in units} if unit_names else {()}
    if unit_names:
        unit_values |= {tuple(_value(d, province, name) for name in unit_names) for d in taking_part}
    key_values = {tuple(_value(d, province, name) for name in key_names) for d in taking_part} if key_names else {()}
    return [
        dict(zip(unit_names, unit, strict=True)) | dict(zip(key_names, key, strict=True))
        for unit in unit_values
        for key in key_values
    ]


# ---- one dossier --------------------------------------------------------------------------------------------------- #


def day_of(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def in_window(moment: dt.datetime | None, starts: dt.date, ends: dt.date) -> bool:
    return moment is not None and starts <= moment.date() <= ends


def counts(d: Row) -> bool:
    return d["received_at"] is not None and d["status"] not in (1, 3)


def closed_before(d: Row, day: dt.date) -> bool:
    return d["closed_at"] is not None and d["closed_at"].date() < day


def open_on(d: Row, day: dt.date) -> bool:
    return counts(d) and d["received_at"].date() <= day and not closed_before(d, day + DAY)


def neutral(d: Row) -> bool:
    return d["status"] in (7, 8)


def verdict(d: Row) -> str:
    due = day_of(d["due_at"]) or day_of(d["computed_due_at"])
    closed = d["closed_at"].date()
    if due is None or closed == due:
        return "on_time"
    return "early" if closed < due else "late"


def late_on(d: Row, day: dt.date) -> bool:
    return d["due_at"] is not None and d["due_at"].date() < day


def good_on(d: Row, day: dt.date) -> bool:
    """Counts as on time for Decision 766 while open."""
    asked_again = day_of(d["repeat_supplement_requested_at"])
    if d["supplement_requests"] > 1 and (asked_again is None or asked_again <= day):
        return False
    if not late_on(d, day):
        return True
    requested, answered = day_of(d["supplement_requested_at"]), day_of(d["supplement_answered_at"])
    waiting = requested is not None and requested <= day and (answered is None or answered > day)
    return d["supplement_requests"] >= 1 and waiting and requested <= d["due_at"].date()


def waited(d: Row, province: Province, ends: dt.date) -> float | None:
    """Working seconds of an online submission until its answer, or until the end of a day; nothing where unknown."""
    if d["channel"] != "online" or d["submitted_at"] is None:
        return None
    answered = d["received_at"] if d["status"] != 1 else None
    if d["status"] == 3:
        answers = [moment for moment in (d["received_at"], d["refused_at"]) if moment is not None]
        if not answers:
            return None
        answered = min(answers)
    end_of_day = dt.datetime.combine(ends + DAY, dt.time())
    until = answered if answered is not None and answered < end_of_day else end_of_day
    return working_seconds(d["submitted_at"], until, province.days, OFFICE_HOURS)


# ---- one indicator ------------------------------------------------------------------------------------------------- #


def one(
    province: Province,
    name: str,
    mine: list[Row],
    units: list[Row],
    starts: dt.date,
    ends: dt.date,
    filters: dict[str, tuple[str, ...]],
    *,
    by_unit: bool,
) -> Answer:
    if name.startswith("index_766"):
        from tests.indicators import oracle_index_766

        return oracle_index_766.one(province, name, mine, units, starts, ends)
    received = [d for d in mine if counts(d) and in_window(d["received_at"], starts, ends)]
    closed = [d for d in mine if counts(d) and in_window(d["closed_at"], starts, ends)]
    resolved = [d for d in closed if not neutral(d)]
    carried = [d for d in mine if open_on(d, starts - DAY)]
    pending = [d for d in mine if open_on(d, ends)]
    working_days = sum(row["is_working"] for row in province.days if starts <= row["day"] <= ends)
    simple: dict[str, Callable[[], int]] = {
        "received": lambda: len(received),
        "carried_over": lambda: len(carried),
        "resolved": lambda: len(resolved),
        "resolved_early": lambda: sum(verdict(d) == "early" for d in resolved),
        "resolved_on_time": lambda: sum(verdict(d) == "on_time" for d in resolved),
        "resolved_late": lambda: sum(verdict(d) == "late" for d in resolved),
        "resolved_no_due": lambda: sum(not d["due_at"] and not d["computed_due_at"] for d in resolved),
        "pending": lambda: len(pending),
        "pending_in_term": lambda: sum(not late_on(d, ends) for d in pending),
        "pending_late": lambda: sum(late_on(d, ends) for d in pending),
        "pending_no_due": lambda: sum(d["due_at"] is None for d in pending),
        "closed_neutral": lambda: len(closed) - len(resolved),
        "due_soon": lambda: sum(
            d["due_at"] is not None and ends <= d["due_at"].date() <= ends + 3 * DAY for d in pending
        ),
    }
    if name in simple:
        return {name: simple[name]()}
    rates: dict[str, tuple[list[Row], Callable[[Row], bool]]] = {
        "on_time_rate_ii06": (resolved, lambda d: verdict(d) != "late"),
        "online_rate": (received, lambda d: d["channel"] == "online"),
        "out_of_area_rate": (
            [d for d in received if d["received_by"] and d["commune_code"]],
            lambda d: d["received_by"] != d["commune_code"],
        ),
        "supplement_rate": (closed, lambda d: d["supplement_requests"] >= 1),
        "repeat_supplement_rate": (closed, lambda d: d["supplement_requests"] >= 2),
        "paid_online_rate": ([d for d in received if (d["fee"] or 0) > 0], lambda d: d["paid_online"] is True),
        "digitised_rate": ([d for d in received if d["digitised"] is not None], lambda d: d["digitised"]),
        "e_result_rate": ([d for d in resolved if d["e_result"] is not None], lambda d: d["e_result"]),
        "slow_reception_rate": (
            [d for d in mine if in_window(d["submitted_at"], starts, ends) and waited(d, province, ends) is not None],
            lambda d: (waited(d, province, ends) or 0) > 8 * 3600,
        ),
    }
    if name in rates:
        among, is_good = rates[name]
        return rate(name, sum(1 for d in among if is_good(d)), len(among))
    if name == "on_time_rate_766":
        good = sum(d["supplement_requests"] <= 1 and verdict(d) != "late" for d in closed) + sum(
            good_on(d, ends) for d in pending
        )
        return rate(name, good, len(carried) + len(received))
    if name.startswith(("processing_days", "calendar_days")):
        if name.startswith("processing"):
            values = [
                d["processing_minutes"] / province.minutes_per_day
                for d in resolved
                if d["processing_minutes"] is not None
            ]
        else:
            values = [(d["closed_at"] - d["received_at"]).total_seconds() / 86400 for d in resolved]
        return mean(name, values) if name.endswith("mean") else quantile(name, values, int(name[-2:]) / 100)
    if name.startswith("throughput"):
        return throughput(name, received, province, ends, int(name[-2:]) / 100)
    if name == "per_1000_people":
        people = sum(c["population"] or 0 for c in units)
        counted = {c["commune_code"] for c in units if c["population"] is not None}
        if not by_unit and all(c["population"] is not None for c in province.communes):
            counted.add(None)
        total = sum(d["commune_code"] in counted for d in received)
        return {name: 1000 * total / people if people else None}
    if name == "per_reception_staff_day":
        counted = {c["commune_code"] for c in units if c["reception_staff"]}
        staff = sum(c["reception_staff"] or 0 for c in units)
        total = sum(d["commune_code"] in counted for d in received)
        return {name: total / (staff * working_days) if staff * working_days else None}
    if name == "backlog_days":
        return {name: len(pending) * working_days / len(resolved) if resolved and working_days else None}
    assert name == "on_time_ratio_adjusted"
    return adjusted(name, province, resolved, starts, ends, filters)


def adjusted(
    name: str,
    province: Province,
    resolved: list[Row],
    starts: dt.date,
    ends: dt.date,
    filters: dict[str, tuple[str, ...]],
) -> Answer:
    mix = {key: values for key, values in filters.items() if key in KEY}
    reference = [
        d
        for d in province.dossiers
        if counts(d) and in_window(d["closed_at"], starts, ends) and not neutral(d) and _kept(d, province, mix)
    ]

    def province_rate(d: Row) -> float:
        alike = [r for r in reference if (r["procedure_code"], r["channel"]) == (d["procedure_code"], d["channel"])]
        return sum(verdict(r) != "late" for r in alike) / len(alike)

    expected = sum(province_rate(d) for d in resolved)
    if not expected:
        return {name: None, f"{name}_n": 0, f"{name}_low": None, f"{name}_high": None}
    on_time, n = sum(verdict(d) != "late" for d in resolved), len(resolved)
    low, high = wilson(on_time, n)
    return {
        name: on_time / expected,
        f"{name}_n": n,
        f"{name}_low": low * n / expected,
        f"{name}_high": high * n / expected,
    }


# ---- statistics ---------------------------------------------------------------------------------------------------- #


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The two roots of (p - rate)² = z² p (1 - p) / n."""
    rate = successes / n
    a, b, c = 1 + Z**2 / n, -(2 * rate + Z**2 / n), rate**2
    root = sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def rate(name: str, successes: int, n: int) -> Answer:
    if n == 0:
        return {name: None, f"{name}_n": 0, f"{name}_low": None, f"{name}_high": None}
    low, high = wilson(successes, n)
    return {name: successes / n, f"{name}_n": n, f"{name}_low": low, f"{name}_high": high}


def mean(name: str, values: list[float]) -> Answer:
    n = len(values)
    if n == 0:
        return {name: None, f"{name}_n": 0, f"{name}_low": None, f"{name}_high": None}
    middle = sum(values) / n
    if n == 1:
        return {name: middle, f"{name}_n": 1, f"{name}_low": None, f"{name}_high": None}
    half = Z * sqrt(sum((value - middle) ** 2 for value in values) / (n - 1) / n)
    return {name: middle, f"{name}_n": n, f"{name}_low": max(middle - half, 0), f"{name}_high": middle + half}


def quantile(name: str, values: list[float], probability: float) -> Answer:
    values, n = sorted(values), len(values)
    if n == 0:
        return {name: None, f"{name}_n": 0, f"{name}_low": None, f"{name}_high": None}
    place = (n - 1) * probability
    below, above = values[floor(place)], values[ceil(place)]

    def binomial_quantile(level: float) -> int:
        total = 0.0
        for successes in range(n + 1):
            total += comb(n, successes) * probability**successes * (1 - probability) ** (n - successes)
            if total >= level:
                return successes
        return n

    low = max(binomial_quantile(0.025), 1)
    high = min(binomial_quantile(0.975) + 1, n)
    value = below + (place - floor(place)) * (above - below)
    return {name: value, f"{name}_n": n, f"{name}_low": values[low - 1], f"{name}_high": values[high - 1]}


def throughput(name: str, received: list[Row], province: Province, ends: dt.date, probability: float) -> Answer:
    """Value and n only: the interval is compared with a statistics package elsewhere."""
    end_of_day = dt.datetime.combine(ends + DAY, dt.time())
    times = []
    for d in received:
        is_closed = closed_before(d, ends + DAY)
        seconds = working_seconds(d["received_at"], d["closed_at"] if is_closed else end_of_day, province.days)
        times.append((province.snap(seconds / 60) / province.minutes_per_day, is_closed and not neutral(d)))
    survival, value = 1.0, None
    for moment in sorted({time for time, is_event in times if is_event}):
        at_risk = sum(time >= moment for time, _is_event in times)
        survival *= 1 - sum(time == moment and is_event for time, is_event in times) / at_risk
        if survival <= 1 - probability + 1e-12:
            value = moment
            break
    return {name: value, f"{name}_n": len(times)}
