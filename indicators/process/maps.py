"""The process as it runs: which step follows which, how often, and how long dossiers wait in between."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from indicators.filters import Filters
from indicators.process.grid import MINUTES_OF_24_HOURS, hours_quantiles
from indicators.process.scoping import (
    ALL,
    COUNTS,
    SECONDS_PER_HOUR,
    SUMS,
    activity_names,
    last_day,
    level_of,
    named,
    narrowed,
    prepared_rows,
    scope_of,
    scoped,
)
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot


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
    (pairs, waits), names = _steps(scope), activity_names(snapshot)
    edges = (
        pairs.filter(pl.col("from_id") > 0)
        .with_columns(
            share=pl.col("n") / pl.col("n").sum(),
            wait_hours_mean=pl.col("wait_seconds") / pl.col("n") / SECONDS_PER_HOUR,
        )
        .join(hours_quantiles(scope, waits, ["from_id", "activity_id"]), on=["from_id", "activity_id"], how="left")
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
        .join(hours_quantiles(scope, waits, ["activity_id"]), on="activity_id", how="left")
        .with_columns(is_start=pl.col("starts") > 0, is_end=pl.col("ends") > 0)
        .sort(["visits", "activity_id"], descending=[True, False])
        .select("activity_id", "dossiers", "visits", "is_start", "is_end", "starts", "ends", "wait_hours_p50")
    )
    return ProcessMap(
        nodes=named(nodes, names, "activity_id", "activity"),
        edges=named(named(edges, names, "from_id", "from_activity"), names, "activity_id", "to_activity"),
        dossiers=int(pairs["lasts"].sum()),
    )


_SUMS = ("n", "wait_seconds", "repeats", "lasts", "ends")


def _steps(scope: Scope) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The window's steps as pairs with the step before, and how long the waits between them were.

    Pairs: `from_id, activity_id, n, wait_seconds, repeats, lasts, ends`; from_id 0 is the beginning. `repeats`: the
    dossier had taken the step in the window before; `lasts`: its last step by the window's end; `ends`: of a dossier
    closed by then. Months know the whole log; what lies across the window's edges is put right from the few steps that
    do. Waits: `from_id, activity_id, minutes, width, n`, how many lie on which step of the grid.
    """
    counts, days = prepared_rows(
        scope,
        table="monthly_wait",
        columns="from_id, activity_id, minutes, n, "
        "0 as wait_seconds, 0 as repeats, 0 as lasts, 0 as ends, false as is_row",
        levels=COUNTS,
        # Both answers from one reading of the rows.
        daily="""
            select
                from_id,
                activity_id,
                coalesce(duration_step(round(wait_seconds / 60)::integer, $minutes_per_day), 0)::integer as minutes,
                count(*) as n,
                sum(wait_seconds) as wait_seconds,
                count(before_on) as repeats,
                count(*) filter (next_on is null) as lasts,
                count(*) filter (next_on is null and closed_on < date '9999-12-31') as ends,
                true as is_row
            from step_span
            {scoped}
            where day {days} {narrowed}
            group by all
        """,
    )
    level = level_of(scope, COUNTS)
    # Three statements that know nothing of each other: what one core leaves idle another takes.
    with ThreadPoolExecutor(max_workers=2) as others:
        across = others.submit(_across_edges, scope)
        # Of all and of kinds, months and days have the sums; elsewhere rows of single days add theirs.
        prepared = others.submit(_prepared_pairs, scope) if level is not None else None
        found = scope.query(
            f""",
                part as ({counts})

                select
                    from_id,
                    activity_id,
                    minutes,
                    duration_width(minutes, $minutes_per_day)::bigint as width,
                    is_row,
                    {", ".join(f"sum({name})::bigint as {name}" for name in _SUMS)}
                from part
                group by all
            """,
            minutes_per_day=MINUTES_OF_24_HOURS,
            **days,
        )
    waits = found.filter(pl.col("from_id") > 0).select("from_id", "activity_id", "minutes", "width", "n")
    columns = ["from_id", "activity_id", *_SUMS]
    parts = [across.result()]
    if level not in ("all", "kind"):
        parts.append(found.filter("is_row").select(columns))
    if prepared is not None:
        parts.append(prepared.result())
    pairs = pl.concat([part.select(columns).cast(pl.Int64) for part in parts])
    return pairs.group_by("from_id", "activity_id").agg(pl.col(_SUMS).sum()), waits


def _prepared_pairs(scope: Scope) -> pl.DataFrame:
    rows, days = prepared_rows(
        scope,
        table="monthly_step",
        columns="from_id, activity_id, n, wait_seconds, repeats, lasts, ends",
        levels=SUMS,
        daily="",
        without_days=True,
    )
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in _SUMS)
    return scope.query(f", part as ({rows}) select from_id, activity_id, {sums} from part group by all", **days)


def _across_edges(scope: Scope) -> pl.DataFrame:
    """What the window's edges change: steps taken before it are no repeats, what comes after it is not known."""
    nothing = "0 as n, 0 as wait_seconds"
    before, after = f"{scoped(scope)} where before_on < $starts", f"{scoped(scope)} where next_on > $ends"
    inside = f"day between $starts and $ends {narrowed(scope)}"
    parts = [
        f"""
        select from_id, activity_id, {nothing}, -count(*) as repeats, 0 as lasts, 0 as ends
        from step_span
        {before} and {inside}
        group by all
    """
    ]
    if scope.window.ends < last_day(scope.snapshot):
        parts += [
            f"""
                select
                    from_id, activity_id, {nothing}, 0 as repeats, count(*) as lasts,
                    count(*) filter (closed_on <= $ends) as ends
                from step_span
                {after} and {inside}
                group by all
            """,
            f"""
                select from_id, activity_id, {nothing}, 0 as repeats, 0 as lasts, -count(*) as ends
                from step_span
                {scoped(scope)}
                where next_on is null and closed_on > $ends and closed_on < date '9999-12-31' and {inside}
                group by all
            """,
        ]
    return scope.query(f", part as ({' union all by name '.join(parts)}) from part")
