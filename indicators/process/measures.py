"""Counts of steps for `compute`: by group and bucket, as those of `indicators.flows`."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from indicators.durations import CELL_SIZE, Durations, packed
from indicators.levels import BoundDays, spans
from indicators.process.scoping import level_of, month_and_day_rows
from indicators.scope import Scope

# Of the dossiers closed with a log, steps up to the day of closing.
STEP_MEASURES = frozenset(
    {
        "logged",
        "logged_rework",
        "logged_handovers",
        "logged_handovers_sq",
        "logged_office_seconds",
        "logged_stopped_seconds",
    }
)
_SECONDS_PER_DAY = 86_400
_MINUTES_PER_DAY = 1440
# The keys of a level, each with the group that it belongs to.
_LEVEL_GROUPS = {
    "all": "select distinct 0 as key_id, group_id from scoped_key",
    "commune": "select distinct commune_key as key_id, group_id from key_group join scoped_key using (key_id)",
    "procedure": "select distinct procedure_key as key_id, group_id from key_group join scoped_key using (key_id)",
}


def step_measures(scope: Scope, measures: Collection[str]) -> pl.DataFrame:
    """The measures by `group_id` and `bucket`, where there are any."""
    paths, days = month_and_day_rows(
        scope,
        monthly="select day, key_id, variant_id, dossiers, office_seconds, handovers, handovers_sq "
        "from monthly_path where day {days}",
        daily="select closed_on as day, key_id, closing_variant_id as variant_id, 1 as dossiers, office_seconds, "
        "handovers, handovers ** 2 as handovers_sq from path_span where closed_on {days}",
    )
    found = scope.query(
        f""",
            path as ({paths}),
            variant_kind as (
                select variant_id, len(list_distinct(activity_ids)) < len(activity_ids) as is_rework from variant
            )

            select
                group_id,
                {scope.bucket("day")} as bucket,
                sum(dossiers)::bigint as logged,
                coalesce(sum(dossiers) filter (is_rework), 0)::bigint as logged_rework,
                sum(handovers)::double as logged_handovers,
                sum(handovers_sq)::double as logged_handovers_sq,
                coalesce(sum(office_seconds), 0)::double as logged_office_seconds
            from path
            join scoped_key using (key_id)
            join variant_kind using (variant_id)
            group by all
        """,
        **days,
    )
    if "logged_stopped_seconds" in measures:
        found = found.join(_stopped(scope), on=["group_id", "bucket"], how="left")
        found = found.with_columns(pl.col("logged_stopped_seconds").fill_null(0))
    return found.select("group_id", "bucket", *sorted(measures))


def _stopped(scope: Scope) -> pl.DataFrame:
    rows, days = month_and_day_rows(
        scope,
        monthly="select day, key_id, seconds from monthly_step_time where stop is not null and day {days}",
        daily="select closed_on as day, key_id, seconds from step_part where stop is not null and closed_on {days}",
    )
    return scope.query(
        f""",
            part as ({rows})

            select group_id, {scope.bucket("day")} as bucket, sum(seconds)::double as logged_stopped_seconds
            from part
            join scoped_key using (key_id)
            group by all
        """,
        **days,
    )


def step_wait_rows(scope: Scope) -> Durations:
    """How long dossiers waited for each step taken in a bucket, since the step before it, in whole seconds."""
    sql = f"""
        select {packed("group_id", scope.bucket("day"), "wait_seconds")} as packed
        from step_span
        join scoped_key using (key_id)
        where day between $starts and $ends and from_id > 0
    """
    rows = np.sort(scope.query(sql, buckets=len(scope.buckets))["packed"].cast(pl.Int64).to_numpy())
    one = np.ones_like(rows)
    return Durations(rows // CELL_SIZE, rows % CELL_SIZE, one, one, _SECONDS_PER_DAY)


def step_wait_counts(scope: Scope) -> Durations:
    """The same from counts on the grid of durations."""
    level, days, parts = level_of(scope), BoundDays(), []
    for span in spans(scope.windows, ("month", "day")):
        between = days.between(span)
        if span.level == "month" and level is not None:
            parts.append(f"""
                select group_id, {scope.bucket("day")} as bucket, minutes, n
                from monthly_wait
                join level_group using (key_id)
                where level = '{level}' and day {between}
            """)
        else:
            parts.append(f"""
                select
                    group_id,
                    {scope.bucket("day")} as bucket,
                    duration_step(round(wait_seconds / 60)::bigint, $day) as minutes,
                    1 as n
                from step_span
                join scoped_key using (key_id)
                where day {between} and from_id > 0
            """)
    found = scope.query(
        f""",
            level_group as ({_LEVEL_GROUPS[level or "all"]}),
            part as ({" union all by name ".join(parts)}),
            summed as (
                select {packed("group_id", "bucket", "minutes")} as packed, sum(n)::bigint as n
                from part
                group by all
            )

            select packed, packed % {CELL_SIZE} as minutes, duration_width(minutes, $day)::bigint as width, n
            from summed
        """,
        buckets=len(scope.buckets),
        day=_MINUTES_PER_DAY,
        **days,
    ).sort("packed")
    place, value, width, n = (found[name].cast(pl.Int64).to_numpy() for name in ("packed", "minutes", "width", "n"))
    return Durations(place // CELL_SIZE, value, width, n, _MINUTES_PER_DAY)
