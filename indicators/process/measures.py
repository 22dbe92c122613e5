"""Counts of steps for `compute`: by group and bucket, as those of `indicators.flows`."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from indicators.durations import CELL_SIZE, Durations, packed
from indicators.process.scoping import CLOSED_SUMS, COUNTS, prepared_rows
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


def step_measures(scope: Scope, measures: Collection[str]) -> pl.DataFrame:
    """The measures by `group_id` and `bucket`, where there are any."""
    paths, days = prepared_rows(
        scope,
        table="monthly_path",
        columns="day, variant_id, handovers, dossiers, office_seconds",
        levels=CLOSED_SUMS,
        daily="""
            select
                group_id, closed_on as day, closing_variant_id as variant_id, handovers, 1 as dossiers, office_seconds
            from path_span
            {scoped}
            where closed_on {days} {narrowed}
        """,
    )
    found = scope.query(
        f""",
            path as ({paths}),
            -- Once for each order, and not for each row.
            variant_kind as materialized (
                select variant_id, len(list_distinct(activity_ids)) < len(activity_ids) as is_rework from variant
            )

            select
                group_id,
                {scope.bucket("day")} as bucket,
                sum(dossiers)::bigint as logged,
                coalesce(sum(dossiers) filter (is_rework), 0)::bigint as logged_rework,
                sum(dossiers * handovers)::double as logged_handovers,
                sum(dossiers * handovers ** 2)::double as logged_handovers_sq,
                coalesce(sum(office_seconds), 0)::double as logged_office_seconds
            from path
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
    rows, days = prepared_rows(
        scope,
        table="monthly_step_time",
        columns="day, stop, seconds",
        levels=CLOSED_SUMS,
        daily="""
            select group_id, closed_on as day, stop, seconds
            from step_part
            {scoped}
            where closed_on {days} and stop is not null {narrowed}
        """,
    )
    return scope.query(
        f""",
            part as ({rows})

            select group_id, {scope.bucket("day")} as bucket, sum(seconds)::double as logged_stopped_seconds
            from part
            where stop is not null
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
    rows, days = prepared_rows(
        scope,
        table="monthly_wait",
        columns=f"{scope.bucket('day')} as bucket, minutes, n",
        levels=COUNTS,
        daily=f"""
            select
                group_id,
                {scope.bucket("day")} as bucket,
                duration_step(round(wait_seconds / 60)::integer, $day)::integer as minutes,
                1 as n
            from step_span
            {{scoped}}
            where day {{days}} and from_id > 0 {{narrowed}}
        """,
    )
    found = scope.query(
        f""",
            part as ({rows}),
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
