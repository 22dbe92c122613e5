"""Which dossiers will breach: open ones due within the next working days, with how often the like of them made it.

The chance of a result by the promised date is that of dossiers of the same procedure (of its field, of all, where too
few got as far) received in the year before and still open after as much working time: 1 - S(age + left) / S(age), with
Kaplan and Meier's curve, so that dossiers still open count.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from indicators.filters import Filters
from indicators.scope import Scope
from indicators.statistics import Floats
from indicators.windows import Window
from indicators.worktime import position, position_of_end
from warehouse import Snapshot

DAYS_AHEAD = 5
# A chance is stated from so many precedents that had got as far as the dossier has.
LEAST_PRECEDENTS = 30
_YEAR = dt.timedelta(days=365)
_LEVELS = ("procedure_code", "field", None)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Kaplan and Meier's curve of the time to a result, in working minutes from receipt."""

    minutes: Floats
    share: Floats
    at_risk: Floats

    def at(self, minutes: float) -> float:
        """The share still without a result after so long."""
        place = int(np.searchsorted(self.minutes, minutes, side="right"))
        return float(self.share[place - 1]) if place else 1.0

    def precedents(self, minutes: float) -> int:
        """How many dossiers were still open, and followed, after so long."""
        place = int(np.searchsorted(self.minutes, minutes, side="right"))
        return int(self.at_risk[place]) if place < len(self.minutes) else 0

    def chance(self, age: float, left: float) -> float:
        """Of those without a result after `age`, the share that had one within `left` more."""
        now = self.at(age)
        return 1 - self.at(age + left) / now if now > 0 else 0.0


def due_soon(snapshot: Snapshot, on: dt.date, filters: Filters, *, days: int = DAYS_AHEAD) -> pl.DataFrame:
    """Dossiers open at the end of `on` and due from then up to `days` working days later, the least likely first.

    Columns: `dossier_id, commune_code, commune, procedure_code, procedure, field, channel, received_at, due_on,
    days_left` (working days after `on`), `is_waiting, activity, unit` (the last step of the log, null without one),
    `chance, precedents` (null where too few).
    """
    found = _open_and_due(snapshot, on, filters, days)
    if found.is_empty():
        return found.drop("age", "left").with_columns(
            chance=pl.lit(None, dtype=pl.Float64), precedents=pl.lit(None, dtype=pl.Int64)
        )
    waits = _waits(snapshot, on, filters)
    rows = []
    for row in found.select("procedure_code", "field", "age", "left").iter_rows(named=True):
        rows.append(_chance(waits, row))
    chances = pl.DataFrame(rows, schema={"chance": pl.Float64, "precedents": pl.Int64}, orient="row")
    return (
        found.hstack(chances)
        .drop("age", "left")
        .sort("chance", "due_on", "dossier_id", nulls_last=True, maintain_order=True)
    )


def curve(minutes: Floats, has_result: Floats) -> Curve:
    """The curve of durations and whether each ended in a result (else last seen open)."""
    times, place = np.unique(minutes, return_inverse=True)
    events = np.bincount(place, weights=has_result, minlength=len(times))
    leaving = np.bincount(place, minlength=len(times)).astype(float)
    at_risk = leaving[::-1].cumsum()[::-1]
    return Curve(minutes=times, share=np.cumprod(1 - events / at_risk), at_risk=at_risk)


class _Curves:
    """The curve of each procedure, of each field and of all, made when first asked for."""

    def __init__(self, waits: pl.DataFrame) -> None:
        self._waits = waits
        self._made: dict[tuple[str | None, object], Curve] = {}

    def of(self, level: str | None, value: object) -> Curve:
        if (level, value) not in self._made:
            rows = self._waits if level is None else self._waits.filter(pl.col(level).eq_missing(pl.lit(value)))
            minutes, results = (rows[name].cast(pl.Float64).to_numpy() for name in ("minutes", "has_result"))
            self._made[level, value] = curve(minutes, results)
        return self._made[level, value]


def _chance(waits: _Curves, row: dict[str, object]) -> tuple[float | None, int | None]:
    age, left = row["age"], row["left"]
    if not isinstance(age, float) or not isinstance(left, float):
        return None, None  # a promise beyond the calendar
    for level in _LEVELS:
        known = waits.of(level, row[level] if level else None)
        precedents = known.precedents(age)
        if precedents >= LEAST_PRECEDENTS:
            return known.chance(age, left), precedents
    return None, None


def _waits(snapshot: Snapshot, on: dt.date, filters: Filters) -> _Curves:
    """Working minutes from receipt of the year's dossiers of the province, as known at the end of `on`."""
    window = Window(on - _YEAR, on)
    whole = Filters(channel=filters.channel)
    sql = f""",
        seen as (
            select
                key_id,
                closed_on <= $ends as is_closed,
                is_neutral,
                if(
                    closed_on <= $ends,
                    waited_minutes,
                    greatest({position_of_end("last_day")} - received_position, 0) // 60
                ) as minutes
            from dossier_span
            cross join (select * from calendar where day = $ends) as last_day
            where received_on between $starts and $ends
        )
        select procedure_code, field, minutes, is_closed and not is_neutral as has_result
        from seen
        join scoped_key using (key_id)
        join dossier_key using (key_id)
        where minutes is not null
    """
    return _Curves(Scope(snapshot, (), whole, window).query(sql))


def _open_and_due(snapshot: Snapshot, on: dt.date, filters: Filters, days: int) -> pl.DataFrame:
    received, joins = position("received", "received_at")
    sql = f""",
        ahead as (
            select day, row_number() over (order by day) as place from calendar where is_working and day > $ends
        ),
        open_and_due as (
            select dossier.*, due_at::date as due_on
            from dossier join scoped_key using (key_id)
            where
                received_at < $ends::date + 1
                and (closed_at is null or closed_at >= $ends::date + 1)
                and coalesce(status, 0) not in (1, 3)
                and due_at >= $ends::date
                and due_at::date <= (select max(day) from ahead where place <= $days)
        ),
        last_step as (
            select dossier_id, last(activity order by step) as activity, last(unit order by step) as unit
            from event
            where "at" < $ends::date + 1 and dossier_id in (select dossier_id from open_and_due)
            group by all
        ),
        named as (
            select procedure_code, any_value(name order by valid_from desc) as procedure from procedure group by all
        )
        select
            dossier_id,
            commune_code,
            full_name as commune,
            procedure_code,
            procedure,
            field,
            channel,
            received_at,
            due_on,
            coalesce((select max(place) from ahead where ahead.day <= due_on), 0) as days_left,
            coalesce(status, 0) in (5, 6) as is_waiting,
            activity,
            unit,
            greatest({position_of_end("today")} - {received}, 0) / 60 as age,
            greatest({position_of_end("due_day")} - {position_of_end("today")}, 0) / 60 as left
        from open_and_due
        left join last_step using (dossier_id)
        left join (select commune_code, full_name from commune) using (commune_code)
        left join named using (procedure_code)
        cross join (select * from calendar where day = $ends) as today
        left join calendar as due_day on due_day.day = due_on
        {joins}
        order by due_on, dossier_id
    """
    return Scope(snapshot, (), filters, Window(on, on)).query(sql, days=days)
