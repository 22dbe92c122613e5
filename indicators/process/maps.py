"""The process as it runs: which step follows which, how often, and how long dossiers wait in between."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from indicators.durations import Durations, quantile
from indicators.filters import Filters
from indicators.levels import BoundDays, spans
from indicators.process.scoping import (
    ALL,
    LEVEL_KEYS,
    SECONDS_PER_HOUR,
    activity_names,
    level_of,
    month_and_day_rows,
    named,
    scope_of,
)
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot

_MINUTES_OF_24_HOURS = 1440
_MINUTES_PER_HOUR = 60


@dataclass(frozen=True, eq=False)
class ProcessMap:
    """The steps of a window and the ways between them; times in elapsed hours.

    `nodes`: `activity, dossiers` (that took the step), `visits, is_start, is_end, starts, ends, wait_hours_p50`;
    `edges`: `from_activity, to_activity, n, share` (of all n), `wait_hours_p50, wait_hours_p90, wait_hours_mean`, the
    commonest first. `dossiers` had a step in the window.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    dossiers: int


def process_map(
    snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None
) -> ProcessMap:
    """The steps taken in the window, each with the step before it, whenever that was.

    `starts` counts the dossiers whose log begins with the step, `ends` those for which it is the last step known at the
    end of the window, if they are closed by then. Quantiles come from counts on the grid of durations
    (docs/architecture.md), all else is exact.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    pairs, names = _pairs(scope), activity_names(snapshot)
    waits = _waits(scope)
    edges = (
        pairs.filter(pl.col("from_id") > 0)
        .with_columns(
            share=pl.col("n") / pl.col("n").sum(),
            wait_hours_mean=pl.col("wait_seconds") / pl.col("n") / SECONDS_PER_HOUR,
        )
        .join(_quantiles(scope, waits, ["from_id", "activity_id"]), on=["from_id", "activity_id"], how="left")
        .sort(["n", "from_id", "activity_id"], descending=[True, False, False])
        .select("from_id", "activity_id", "n", "share", "wait_hours_p50", "wait_hours_p90", "wait_hours_mean")
    )
    nodes = (
        pairs.group_by("activity_id")
        .agg(
            pl.col("ends").sum(),
            visits=pl.col("n").sum(),
            dossiers=pl.col("n").sum() - pl.col("repeats").sum(),
            starts=pl.col("n").filter(pl.col("from_id") == 0).sum(),
        )
        .join(_quantiles(scope, waits, ["activity_id"]), on="activity_id", how="left")
        .with_columns(is_start=pl.col("starts") > 0, is_end=pl.col("ends") > 0)
        .sort(["visits", "activity_id"], descending=[True, False])
        .select("activity_id", "dossiers", "visits", "is_start", "is_end", "starts", "ends", "wait_hours_p50")
    )
    return ProcessMap(
        nodes=named(nodes, names, "activity_id", "activity"),
        edges=named(named(edges, names, "from_id", "from_activity"), names, "activity_id", "to_activity"),
        dossiers=int(pairs["lasts"].sum()),
    )


def _pairs(scope: Scope) -> pl.DataFrame:
    """`from_id, activity_id, n, wait_seconds, repeats, lasts, ends` of the window's steps; from_id 0 is the beginning.

    `repeats`: the dossier had taken the step in the window before; `lasts`: its last step by the window's end; `ends`:
    of a dossier closed by then. Months know the whole log; what lies across the window's edges is put right from the
    few steps that do.
    """
    measures = "n, wait_seconds, repeats, lasts, ends"
    rows, days = month_and_day_rows(
        scope,
        monthly=f"select key_id, from_id, activity_id, {measures} from monthly_step where day {{days}}",
        daily="""
            select
                key_id,
                from_id,
                activity_id,
                1 as n,
                wait_seconds,
                (before_on is not null)::integer as repeats,
                (next_on is null)::integer as lasts,
                (next_on is null and closed_on < date '9999-12-31')::integer as ends
            from step_span
            where day {days}
        """,
    )
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in measures.split(", "))
    return scope.query(
        f""",
            step as (
                {rows}
                union all by name
                select key_id, from_id, activity_id, 0 as n, 0 as wait_seconds, -1 as repeats, 0 as lasts, 0 as ends
                from step_span
                where before_on < $starts and day between $starts and $ends
                union all by name
                select
                    key_id,
                    from_id,
                    activity_id,
                    0 as n,
                    0 as wait_seconds,
                    0 as repeats,
                    1 as lasts,
                    (closed_on <= $ends)::integer as ends
                from step_span
                where next_on > $ends and day between $starts and $ends
                union all by name
                select key_id, from_id, activity_id, 0 as n, 0 as wait_seconds, 0 as repeats, 0 as lasts, -1 as ends
                from step_span
                where
                    next_on is null
                    and closed_on > $ends
                    and closed_on < date '9999-12-31'
                    and day between $starts and $ends
            )

            select from_id, activity_id, {sums}
            from step
            join scoped_key using (key_id)
            group by all
        """,
        **days,
    )


def _waits(scope: Scope) -> pl.DataFrame:
    """`from_id, activity_id, minutes, width, n`: how many waits lie on which step of the grid, in that order."""
    level, days = level_of(scope), BoundDays()
    parts = []
    counted = "duration_step(round(wait_seconds / 60)::integer, $day)::integer"
    for span in spans(scope.windows, ("month", "day")):
        between = days.between(span)
        if span.level == "month" and level is not None:
            parts.append(f"""
                select from_id, activity_id, minutes, sum(n) as n
                from monthly_wait
                where level = '{level}' and day {between} {LEVEL_KEYS[level]}
                group by all
            """)
        else:
            parts.append(f"""
                select from_id, activity_id, {counted} as minutes, count(*) as n
                from step_span
                join scoped_key using (key_id)
                where day {between} and from_id > 0
                group by all
            """)
    return scope.query(
        f""",
            part as ({" union all by name ".join(parts)})

            select
                from_id,
                activity_id,
                minutes,
                duration_width(minutes, $day)::bigint as width,
                sum(n)::bigint as n
            from part
            group by all
        """,
        day=_MINUTES_OF_24_HOURS,
        **days,
    )


def _quantiles(scope: Scope, waits: pl.DataFrame, cell: list[str]) -> pl.DataFrame:
    """The columns of `cell`, and the median and the 90th percentile of their waits in hours."""
    counts = waits.group_by([*cell, "minutes", "width"]).agg(pl.col("n").sum()).sort([*cell, "minutes"])
    cells = counts.select(cell).unique(maintain_order=True).with_row_index("group_id", 1)
    numbers = counts.join(cells, on=cell, how="left", maintain_order="left")["group_id"].to_numpy().astype(np.int64)
    value, width, n = (counts[name].cast(pl.Int64).to_numpy() for name in ("minutes", "width", "n"))
    durations = Durations(numbers, value, width, n, _MINUTES_PER_HOUR)
    frame = cells.with_columns(pl.col("group_id").cast(pl.Int32))
    for name, probability in (("wait_hours_p50", 0.5), ("wait_hours_p90", 0.9)):
        found = quantile(scope, durations, probability).select("group_id", pl.col("value").alias(name))
        frame = frame.join(found, on="group_id", how="left")
    return frame.drop("group_id")
