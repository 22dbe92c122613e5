"""The orders of steps that dossiers really go through, and where they turn back."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import polars as pl

from indicators.filters import Filters
from indicators.process.grid import MINUTES_OF_24_HOURS, hours_quantiles
from indicators.process.scoping import (
    ALL,
    CLOSED_SUMS,
    COUNTS,
    SECONDS_PER_HOUR,
    Levels,
    activity_names,
    level_of,
    narrowed,
    prepared_rows,
    scope_of,
    scoped,
)
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot

_CLOSED = "closed_on between $starts and $ends"
_ORDERS: Levels = {level: COUNTS[level] for level in ("all", "kind")}
_orders_of: WeakKeyDictionary[Snapshot, dict[int, tuple[int, ...]]] = WeakKeyDictionary()


def variants(
    snapshot: Snapshot,
    window: Window,
    *,
    filters: Filters = ALL,
    as_of: dt.date | None = None,
    closed_only: bool = True,
    top: int | None = None,
) -> pl.DataFrame:
    """The orders of steps of the dossiers closed in the window, the commonest first.

    Columns: `variant_id` (in the snapshot; null where each such dossier has gone on since), `activities, n, share` (of
    all, also where `top` cuts the list off), `hours_p50, hours_p90` (elapsed, from the first step to the last). With
    `closed_only` off: of all dossiers whose last step lies in the window, the open ones as far as they have come.
    Without a filter, or with one by kind and channel only, the quantiles of closed ones come from counts on the grid.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    is_counted = closed_only and level_of(scope, _ORDERS) is not None
    found = _counted(scope) if is_counted else _measured(scope, closed_only=closed_only)
    found = (
        found.with_columns(share=pl.col("n") / pl.col("n").sum())
        .sort(["n", "variant_id", "unfinished"], descending=[True, False, False], nulls_last=True)
        .head(found.height if top is None else top)
    )
    names, orders = activity_names(snapshot), _orders(snapshot)
    numbers = [
        json.loads(unfinished) if variant is None else orders[variant]
        for variant, unfinished in found.select("variant_id", "unfinished").iter_rows()
    ]
    activities = pl.Series("activities", [[names[one] for one in each] for each in numbers], dtype=pl.List(pl.String))
    return found.select("variant_id", activities, pl.col("n").cast(pl.Int64), "share", "hours_p50", "hours_p90")


def _orders(snapshot: Snapshot) -> dict[int, tuple[int, ...]]:
    """The activities of each `variant_id`."""
    if snapshot not in _orders_of:
        rows = snapshot.query("select variant_id, activity_ids from variant").iter_rows()
        _orders_of[snapshot] = {variant: tuple(order) for variant, order in rows}
    return _orders_of[snapshot]


def _cut(scope: Scope, later: str) -> str:
    """SQL of `cut`: those of the dossiers that went on after the window's end, as far as is known in it.

    `unfinished` is the order of their steps, where no dossier of the snapshot has just that.
    """
    return f""",
        later as (select path_id from path_span {scoped(scope)} where {later} {narrowed(scope)}),
        known as (
            select
                list(activity_id order by step_span.rowid) as activity_ids,
                coalesce(sum(wait_seconds) filter (from_id > 0), 0)::integer as log_seconds
            from step_span
            semi join later using (path_id)
            where day <= $ends
            group by path_id
        ),
        cut as (
            select
                variant.variant_id,
                if(variant.variant_id is null, known.activity_ids, null)::varchar as unfinished,
                known.log_seconds
            from known
            left join variant on variant.activity_ids = known.activity_ids
        )
    """


def _measured(scope: Scope, *, closed_only: bool) -> pl.DataFrame:
    """`variant_id, unfinished, n, hours_p50, hours_p90` from the dossiers' own rows."""
    if closed_only:
        whole, later = f"{_CLOSED} and last_on <= $ends", f"{_CLOSED} and last_on > $ends"
    else:
        whole = "last_on between $starts and $ends"
        later = """last_on > $ends and path_id in (
            select path_id from step_span where day between $starts and $ends and next_on > $ends
        )"""
    return scope.query(
        f"""{_cut(scope, later)},
            seen as (
                select variant_id, null::varchar as unfinished, log_seconds
                from path_span
                {scoped(scope)}
                where {whole} {narrowed(scope)}
                union all
                from cut
            ),
            counted as (
                select
                    variant_id,
                    unfinished,
                    count(*) as n,
                    quantile_cont(log_seconds::double, [0.5, 0.9]) as seconds
                from seen
                group by all
            )

            select
                * exclude (seconds),
                seconds[1] / {SECONDS_PER_HOUR} as hours_p50,
                seconds[2] / {SECONDS_PER_HOUR} as hours_p90
            from counted
        """
    )


def _counted(scope: Scope) -> pl.DataFrame:
    """The same of the dossiers closed in the window, from counts on the grid of durations."""
    grid = "duration_step(round(log_seconds / 60)::integer, $minutes_per_day)::integer as minutes"
    rows, days = prepared_rows(
        scope,
        table="monthly_order",
        columns="variant_id, minutes, n",
        levels=_ORDERS,
        daily=f"""
            select variant_id, {grid}, count(*) as n
            from path_span
            {{scoped}}
            where closed_on {{days}} {{narrowed}}
            group by all
        """,
    )
    later = f"{_CLOSED} and last_on > $ends"
    found = scope.query(
        f"""{_cut(scope, later)},
            part as (
                select variant_id, null::varchar as unfinished, minutes, n from ({rows})
                union all
                -- Counted above with all of their steps.
                select variant_id, null, {grid}, -count(*)
                from path_span
                {scoped(scope)}
                where {later} {narrowed(scope)}
                group by all
                union all
                select variant_id, unfinished, {grid}, count(*) from cut group by all
            )

            select
                variant_id,
                unfinished,
                minutes,
                duration_width(minutes, $minutes_per_day)::bigint as width,
                sum(n)::bigint as n
            from part
            group by all
            having sum(n) > 0
        """,
        minutes_per_day=MINUTES_OF_24_HOURS,
        **days,
    )
    cell = ["variant_id", "unfinished"]
    counts = found.group_by(cell).agg(pl.col("n").sum())
    return counts.join(hours_quantiles(scope, found, cell, prefix=""), on=cell, how="left", nulls_equal=True)


def variant_rows(snapshot: Snapshot, window: Window, *, filters: Filters, top: int) -> pl.DataFrame:
    """For the command line: the commonest orders of all dossiers whose last step lies in the window, open ones too.

    Columns: `activities` (joined by arrows), `steps, count, share, hours_p50, hours_p90` as in `variants`.
    """
    found = variants(snapshot, window, filters=filters, closed_only=False, top=top)
    return found.select(
        pl.col("activities").list.eval(pl.element().fill_null("")).list.join(" → "),
        pl.col("activities").list.len().alias("steps"),
        pl.col("n").alias("count"),
        "share",
        "hours_p50",
        "hours_p90",
    )


def rework(snapshot: Snapshot, window: Window, *, filters: Filters = ALL, as_of: dt.date | None = None) -> pl.DataFrame:
    """Where the dossiers closed in the window turned back, the commonest first.

    Columns: `kind, activity, other_activity, dossiers, share` (of all closed with a log). `repeat`: the step was taken
    more than once (`other_activity` null). `ping_pong`: from the first step to the other and straight back again.
    Steps count up to the day of closing.
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    orders = _closed_orders(scope)
    total = sum(orders.values())
    dossiers: Counter[tuple[str, int, int | None]] = Counter()
    for order, n in orders.items():
        for turn in turns(order):
            dossiers[turn] += n
    names = activity_names(snapshot)
    rows = [
        (kind, names[first], None if other is None else names[other], n, n / total)
        for (kind, first, other), n in sorted(dossiers.items(), key=lambda item: (-item[1], str(item[0])))
        if n
    ]
    columns = {
        "kind": pl.String,
        "activity": pl.String,
        "other_activity": pl.String,
        "dossiers": pl.Int64,
        "share": pl.Float64,
    }
    return pl.DataFrame(rows, schema=columns, orient="row")


def turns(order: Sequence[int]) -> set[tuple[str, int, int | None]]:
    """What is done again in an order of steps: `("repeat", step, None)` and `("ping_pong", step, other)`."""
    repeats = {("repeat", step, None) for step, times in Counter(order).items() if times > 1}
    back = zip(order, order[1:], order[2:], strict=False)
    return repeats | {("ping_pong", first, other) for first, other, third in back if first == third != other}


def _closed_orders(scope: Scope) -> Counter[tuple[int, ...]]:
    """How many dossiers closed in the window went through which order of steps, up to their day of closing."""
    rows, days = prepared_rows(
        scope,
        table="monthly_path",
        columns="variant_id, dossiers",
        levels=CLOSED_SUMS,
        daily="""
            select closing_variant_id as variant_id, count(*) as dossiers
            from path_span
            {scoped}
            where closed_on {days} {narrowed}
            group by all
        """,
    )
    found = scope.query(
        f""",
            path as ({rows})

            select variant_id, sum(dossiers)::bigint as n from path group by all
        """,
        **days,
    )
    orders = _orders(scope.snapshot)
    return Counter({orders[variant]: n for variant, n in found.iter_rows()})
