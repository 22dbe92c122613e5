"""Durations from counts on a grid: the same cost whatever the filter, without the dossiers' rows.

The grid is declared in warehouse/tables.sql. A quantile is known to the step that its dossier lies on.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from indicators.durations import CELL_SIZE, Durations, packed
from indicators.levels import BoundDays, Level, spans
from indicators.scope import Scope
from indicators.throughput import Waits
from indicators.worktime import position_of_end

_LEVELS: tuple[Level, ...] = ("year", "month", "day")
_TABLES: dict[Level, str] = {"year": "yearly_duration", "month": "monthly_duration"}


class _Measure(NamedTuple):
    """A measure of `monthly_duration`, the column of `dossier_span` that it counts, and the minutes of its day."""

    name: str
    column: str
    day: int


def duration_counts(scope: Scope, duration: str) -> Durations:
    """How many dossiers resolved in each bucket took how long."""
    minutes_per_day = scope.snapshot.info.minutes_per_day
    measure = {
        "processing_minutes": _Measure("processing", "processing_minutes", minutes_per_day),
        "elapsed": _Measure("elapsed", "elapsed_minutes", 1440),
    }[duration]
    parts, params = [], BoundDays()
    for span in spans(scope.windows, _LEVELS):
        days = params.between(span)
        if span.level == "day":
            parts.append(f"""
                select
                    key_id,
                    {scope.bucket("closed_on")} as bucket,
                    duration_step({measure.column}, $day) as minutes,
                    1 as n
                from dossier_span
                where closed_on {days} and not is_neutral and {measure.column} is not null
            """)
        else:
            parts.append(f"""
                select key_id, {scope.bucket("day")} as bucket, minutes, n
                from {_TABLES[span.level]}
                where measure = '{measure.name}' and day {days}
            """)
    found = _summed(scope, parts, ["n"], params, day=measure.day)
    cell, value, width, n = (found[name].to_numpy() for name in ("cell", "minutes", "width", "n"))
    return Durations(cell, value, width, n, measure.day)


def wait_counts(scope: Scope) -> Waits:
    """How many dossiers received in each bucket waited how long: until closed, or until the bucket's end.

    First all are counted as what became of them; then those of which the bucket's last day did not know it yet, few and
    lying together in `dossier_span`, are taken out again and counted as waiting until that day's end.
    """
    bucket = scope.bucket("received_on")
    parts, params = [], BoundDays()
    for span in spans(scope.windows, _LEVELS):
        days = params.between(span)
        if span.level == "day":
            parts.append(f"""
                select
                    key_id,
                    {bucket} as bucket,
                    duration_step(waited_minutes, $day) as minutes,
                    (not is_neutral)::integer as resolved,
                    is_neutral::integer as censored
                from dossier_span
                where received_on {days} and closed_on >= $starts and waited_minutes is not null
            """)
        else:
            parts.append(f"""
                select
                    key_id,
                    {scope.bucket("day")} as bucket,
                    minutes,
                    if(measure = 'resolved', n, 0) as resolved,
                    if(measure = 'neutral', n, 0) as censored
                from {_TABLES[span.level]}
                where measure in ('neutral', 'resolved') and day {days}
            """)
    parts += [
        """
        select key_id, bucket, duration_step(waited_minutes, $day), -(not is_neutral)::integer, -is_neutral::integer
        from still_open
        where waited_minutes is not null
        """,
        """
        select key_id, bucket, duration_step(minutes_by_then, $day), 0, 1
        from still_open
        where minutes_by_then is not null
        """,
    ]
    still_open = f"""
        still_open as (
            select
                key_id,
                {bucket} as bucket,
                is_neutral,
                waited_minutes,
                round(greatest({position_of_end("end_day")} - received_position, 0) / 60)::bigint as minutes_by_then
            from dossier_span
            left join calendar as end_day on end_day.day = {scope.bucket_end("received_on")}
            where
                received_on between $starts and $ends
                and closed_on > $starts
                and closed_on > {scope.bucket_end("received_on")}
        ),
    """
    day = scope.snapshot.info.minutes_per_day
    found = _summed(scope, parts, ["resolved", "censored"], params, day=day, before=still_open)
    cell, value, width, resolved, censored = (
        found[name].to_numpy() for name in ("cell", "minutes", "width", "resolved", "censored")
    )
    return Waits(cell, value, width, resolved, censored, day)


def _summed(
    scope: Scope, parts: list[str], counts: list[str], params: BoundDays, *, day: int, before: str = ""
) -> pl.DataFrame:
    """`cell, minutes, width` and the counts, in order of the first two; steps on which nobody is left are left out."""
    sums = "".join(f", sum({name})::bigint as {name}" for name in counts)
    sql = f""",
        {before}
        part as (
            {"union all".join(parts)}
        ),
        summed as (
            select {packed("group_id", "bucket", "minutes")} as packed {sums}
            from part
            join scoped_key using (key_id)
            group by all
        )

        select
            packed,
            packed // {CELL_SIZE} as cell,
            packed % {CELL_SIZE} as minutes,
            duration_width(minutes, $day)::bigint as width,
            {", ".join(counts)}
        from summed
        where {" or ".join(f"{name} > 0" for name in counts)}
    """
    return scope.query(sql, buckets=len(scope.buckets), day=day, **params).sort("packed")
