"""The orders of steps that dossiers really go through, and where they turn back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import polars as pl

from indicators.filters import Filters
from indicators.process.scoping import ALL, SECONDS_PER_HOUR, activity_names, month_and_day_rows, scope_of
from indicators.scope import Scope
from indicators.windows import Window
from warehouse import Snapshot

_CLOSED = "closed_on between $starts and $ends"


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
    """
    scope = scope_of(snapshot, window, filters=filters, as_of=as_of)
    if closed_only:
        whole, later = f"{_CLOSED} and last_on <= $ends", f"{_CLOSED} and last_on > $ends"
    else:
        whole = "last_on between $starts and $ends"
        later = """last_on > $ends and path_id in (
            select path_id from step_span where day between $starts and $ends and next_on > $ends
        )"""
    found = scope.query(
        f""",
            later as (select path_id from path_span join scoped_key using (key_id) where {later}),
            -- Their steps up to the window's end: what came later is not known in it.
            cut as (
                select
                    list(activity_id order by step_span.rowid) as activity_ids,
                    coalesce(sum(wait_seconds) filter (from_id > 0), 0)::integer as log_seconds
                from step_span
                semi join later using (path_id)
                where day <= $ends
                group by path_id
            ),
            seen as (
                select variant_id, null::smallint[] as unfinished, log_seconds
                from path_span
                join scoped_key using (key_id)
                where {whole}
                union all
                select variant.variant_id, if(variant.variant_id is null, cut.activity_ids, null), cut.log_seconds
                from cut
                left join variant on variant.activity_ids = cut.activity_ids
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
                variant_id,
                coalesce(unfinished, activity_ids) as activity_ids,
                n,
                n / sum(n) over () as share,
                seconds[1] / {SECONDS_PER_HOUR} as hours_p50,
                seconds[2] / {SECONDS_PER_HOUR} as hours_p90
            from counted
            left join variant using (variant_id)
            order by n desc, variant_id nulls last, activity_ids
            {"limit $top" if top is not None else ""}
        """,
        **({} if top is None else {"top": top}),
    )
    names = activity_names(snapshot)
    activities = [[names[number] for number in numbers] for numbers in found["activity_ids"].to_list()]
    return found.select(
        "variant_id",
        pl.Series("activities", activities, dtype=pl.List(pl.String)),
        pl.col("n").cast(pl.Int64),
        "share",
        "hours_p50",
        "hours_p90",
    )


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
    rows, days = month_and_day_rows(
        scope,
        monthly="select key_id, variant_id, dossiers from monthly_path where day {days}",
        daily="select key_id, closing_variant_id as variant_id, 1 as dossiers from path_span where closed_on {days}",
    )
    found = scope.query(
        f""",
            path as ({rows}),
            counted as (
                select variant_id, sum(dossiers)::bigint as n from path join scoped_key using (key_id) group by all
            )

            select activity_ids, n from counted join variant using (variant_id)
        """,
        **days,
    )
    return Counter({tuple(order): n for order, n in found.iter_rows()})
