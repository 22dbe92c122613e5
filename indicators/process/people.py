"""How work passes from hand to hand, when it is done, and on whose desk it lies: never a single person."""

from __future__ import annotations

import datetime as dt

import polars as pl

from indicators.filters import Filters
from indicators.process.scoping import ALL, CLOSED_SUMS, COUNTS, SUMS, Levels, prepared_rows, scope_of
from indicators.windows import Window
from warehouse import Snapshot

# A number of people below this could point to one of them.
LEAST_PEOPLE = 5
# What the tables of hours and units, and that of persons, hold.
_HOURS: Levels = {level: periods for level, periods in SUMS.items() if level != "key"}
_ACTORS: Levels = {level: periods for level, periods in COUNTS.items() if level != "all"}


def handovers(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """How often the dossiers closed in the window changed hands: `handovers` (0, 1, …), `dossiers, share`.

    A step is a handover where another person did it than the step before (another unit, where persons are not known);
    steps count up to the day of closing.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    rows, days = prepared_rows(
        scope,
        table="monthly_path",
        columns="handovers, dossiers",
        levels=CLOSED_SUMS,
        daily="""
            select handovers, count(*) as dossiers
            from path_span
            {scoped}
            where closed_on {days} {narrowed}
            group by all
        """,
    )
    return scope.query(
        f""",
            path as ({rows})

            select
                handovers,
                sum(dossiers)::bigint as dossiers,
                sum(dossiers) / sum(sum(dossiers)) over () as share
            from path
            group by handovers
            order by handovers
        """,
        **days,
    )


def hours_by_weekday(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """When dossiers are received and steps taken: `weekday` (1 is Monday) to 7, `hour` 0 to 23, `received, steps`; all
    168 hours of the week.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    rows, days = prepared_rows(
        scope,
        table="monthly_hour",
        columns="weekday, hour, received, steps",
        levels=_HOURS,
        daily="""
            select isodow(day) as weekday, minute // 60 as hour, 0 as received, count(*) as steps
            from step_span
            {scoped}
            where day {days} {narrowed}
            group by all
            union all by name
            select isodow(received_at) as weekday, hour(received_at) as hour, count(*) as received, 0 as steps
            from dossier
            {scoped}
            where received_at::date {days} and coalesce(status, 0) not in (1, 3)
            group by all
        """,
    )
    found = scope.query(
        f""",
            part as ({rows})

            select
                weekday::bigint as weekday,
                hour::bigint as hour,
                sum(received)::bigint as received,
                sum(steps)::bigint as steps
            from part
            group by all
        """,
        **days,
    )
    week = pl.DataFrame({"weekday": range(1, 8)}).join(pl.DataFrame({"hour": range(24)}), how="cross")
    hours = week.join(found, on=["weekday", "hour"], how="left")
    return hours.with_columns(pl.col("received", "steps").fill_null(0)).sort("weekday", "hour")


def load_by_unit(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """The steps taken in the window by each unit of the log, the busiest first.

    Columns: `unit, steps, dossiers` (times that one came to the unit, from another or as its first step), `people`
    (that took the steps; null below five, and where nobody is named), `steps_per_day` (working day of the window).
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    rows, days = prepared_rows(
        scope,
        table="monthly_actor",
        columns="unit_id, actor_id, steps, arrivals",
        levels=_ACTORS,
        daily="""
            select unit_id, actor_id, count(*) as steps, count(*) filter (is_arrival) as arrivals
            from step_span
            {scoped}
            where day {days} {narrowed}
            group by all
        """,
    )
    return scope.query(
        f""",
            part as ({rows}),
            person as (
                select unit_id, actor_id, sum(steps) as steps, sum(arrivals) as arrivals from part group by all
            ),
            working as (
                select count(*) filter (is_working) as days from calendar where day between $starts and $ends
            )

            select
                unit,
                sum(steps)::bigint as steps,
                sum(arrivals)::bigint as dossiers,
                if(count(actor_id) >= $least, count(actor_id), null) as people,
                if(any_value(working.days) > 0, sum(steps) / any_value(working.days), null) as steps_per_day
            from person
            cross join working
            left join log_unit using (unit_id)
            group by unit
            order by sum(steps) desc, unit
        """,
        least=LEAST_PEOPLE,
        **days,
    )
