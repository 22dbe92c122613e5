"""Where working time goes: before which step dossiers wait, and what their clocks stand for."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import polars as pl

from indicators.filters import Filters
from indicators.process.scoping import (
    ALL,
    CLOSED_SUMS,
    SECONDS_PER_HOUR,
    activity_names,
    named,
    prepared_rows,
    scope_of,
)
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot


def time_by_step(
    snapshot: Snapshot,
    window: Window,
    *,
    by: Literal["procedure", "commune"] | None = None,
    filters: Filters = ALL,
    as_of: dt.date | None = None,
) -> pl.DataFrame:
    """The working time of the dossiers closed in the window, from receipt to closing, by what they waited for.

    Columns: `by` (null where not split), `activity, kind, office_hours_mean, share`. The log knows one moment
    for each step, when it was done; so the time before a step, since the one before it (or since receipt), is that
    step's, waiting and work together: `kind` `step`. Where the step before stopped the clock the time is no step's but
    that cause's: `kind` `stop`, `activity` the cause as in `dossier_pause`. `activity` null: between the last step and
    the closing, where the log ends before it.

    Means are over all dossiers closed with a log, whether they took the step or not: they add up to the mean time from
    receipt to closing.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of, by=(by,) if by else ())
    parts, totals = step_sums(scope), closed_sums(scope)
    found = (
        parts.join(totals.select("group_id", closed="dossiers", total="office_seconds"), on="group_id", how="left")
        .join(scope.groups, on="group_id", how="left")
        .with_columns(
            by=pl.col(by) if by else pl.lit(None, pl.String),
            kind=pl.when(pl.col("stop").is_null()).then(pl.lit("step")).otherwise(pl.lit("stop")),
            office_hours_mean=pl.col("seconds") / pl.col("closed") / SECONDS_PER_HOUR,
            share=pl.when(pl.col("total") > 0).then(pl.col("seconds") / pl.col("total")),
        )
    )
    found = named(found, activity_names(snapshot), "activity_id", "step")
    return found.select("by", pl.coalesce("stop", "step").alias("activity"), "kind", "office_hours_mean", "share").sort(
        ["by", "office_hours_mean", "activity"], descending=[False, True, False], nulls_last=True
    )


def stops_by_cause(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> pl.DataFrame:
    """Why clocks stood, of the dossiers closed in the window with a log.

    Columns: `cause, dossiers` (that stood for it), `stops` (times that they did; a reminder is no new stop),
    `office_hours_mean` (working hours of a dossier that stood), `share_of_closed`.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    closed = closed_sums(scope)["dossiers"].sum()
    rows, days = prepared_rows(
        scope,
        table="monthly_step_time",
        columns="stop, dossiers, stops, seconds",
        levels=CLOSED_SUMS,
        daily="""
            select group_id, stop, 1 as dossiers, sum(stops) as stops, sum(seconds) as seconds
            from step_part
            {scoped}
            where closed_on {days} and stop is not null {narrowed}
            group by path_id, group_id, stop
        """,
    )
    return scope.query(
        f""",
            stopped as ({rows})

            select
                stop as cause,
                sum(dossiers)::bigint as dossiers,
                sum(stops)::bigint as stops,
                sum(seconds) / sum(dossiers) / {SECONDS_PER_HOUR} as office_hours_mean,
                sum(dossiers) / $closed as share_of_closed
            from stopped
            where stop is not null
            group by stop
            order by sum(dossiers) desc, stop
        """,
        closed=closed,
        **days,
    )


def step_sums(scope: Scope, *, squares: bool = False) -> pl.DataFrame:
    """`group_id, activity_id, stop, seconds, seconds_sq`: working time before each step, by closing.

    The sum of the squares of what each dossier spent is null unless asked for: it takes the parts of each together.
    """
    # The parts that one dossier has of the same make one square.
    of_days = (
        """
            select group_id, activity_id, stop, sum(seconds) as seconds, sum(seconds)::double ** 2 as seconds_sq
            from step_part
            {scoped}
            where closed_on {days} {narrowed}
            group by path_id, group_id, activity_id, stop
        """
        if squares
        else """
            select group_id, activity_id, stop, seconds, null as seconds_sq
            from step_part
            {scoped}
            where closed_on {days} {narrowed}
        """
    )
    rows, days = prepared_rows(
        scope,
        table="monthly_step_time",
        columns="activity_id, stop, seconds, seconds_sq",
        levels=CLOSED_SUMS,
        daily=of_days,
    )
    return scope.query(
        f""",
            part as ({rows})

            select
                group_id,
                activity_id,
                stop,
                sum(seconds)::bigint as seconds,
                sum(seconds_sq)::double as seconds_sq
            from part
            group by all
        """,
        **days,
    )


def closed_sums(scope: Scope) -> pl.DataFrame:
    """`group_id, dossiers, office_seconds, office_seconds_sq`: of the dossiers closed with a log."""
    rows, days = prepared_rows(
        scope,
        table="monthly_path",
        columns="dossiers, office_seconds, office_seconds_sq",
        levels=CLOSED_SUMS,
        daily="""
            select group_id, 1 as dossiers, office_seconds, office_seconds::double ** 2 as office_seconds_sq
            from path_span
            {scoped}
            where closed_on {days} {narrowed}
        """,
    )
    return scope.query(
        f""",
            path as ({rows})

            select
                group_id,
                sum(dossiers)::bigint as dossiers,
                sum(office_seconds)::bigint as office_seconds,
                sum(office_seconds_sq)::double as office_seconds_sq
            from path
            group by all
        """,
        **days,
    )
