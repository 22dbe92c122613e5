"""Counts from `daily_flow` and `monthly_flow`: what happened in each bucket, and what stood open at its two ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import polars as pl

from indicators.scope import Scope
from indicators.windows import bucket_label, bucket_window

_ONE_DAY = dt.timedelta(days=1)

# Columns of `daily_flow` that hold the day's change of a stock; as measures: the stock on the bucket's last day.
STOCKS = frozenset({"open", "open_late", "open_no_due", "open_766", "open_due_soon"})
EVENTS = frozenset(
    {
        "received",
        "received_online",
        "received_with_receiver",
        "received_out_of_area",
        "received_with_fee",
        "received_paid_online",
        "received_digitised_known",
        "received_digitised",
        "resolved_early",
        "resolved_on_time",
        "resolved_late",
        "resolved_no_due",
        "resolved_e_result_known",
        "resolved_e_result",
        "closed_neutral",
        "closed_supplement",
        "closed_repeat_supplement",
        "closed_766",
        "processing_n",
        "processing_minutes",
        "processing_minutes_sq",
        "elapsed_seconds",
        "elapsed_minutes_sq",
    }
)
# Measures that need more than a sum, by their SQL.
_DERIVED = {
    "received_where_people_known": "sum(received) filter (has_people)",
    "received_where_staff_known": "sum(received) filter (has_reception_staff)",
}
# Open on the day before the bucket.
CARRIED_OVER = "carried_over"
FLOW_MEASURES = STOCKS | EVENTS | _DERIVED.keys() | {CARRIED_OVER}


def flow_measures(scope: Scope, measures: Collection[str]) -> pl.DataFrame:
    """The measures by `group_id` and `bucket`; without stocks only the buckets in which something happened."""
    stocks = sorted((STOCKS & set(measures)) | ({"open"} if CARRIED_OVER in measures else set()))
    events = sorted(set(measures) - STOCKS - {CARRIED_OVER})
    sums = "".join(f",\n    coalesce({_DERIVED.get(name, f'sum({name})')}, 0) as {name}" for name in [*stocks, *events])
    parts, params = _flow_parts(scope, with_history=bool(stocks))
    sql = f""",
        flow as (
            {parts}
        )

        select group_id, if(day < $starts, 0, {scope.bucket("day")}) as bucket {sums}
        from flow
        join scoped_key using (key_id)
        group by all
    """
    types = {name: pl.Float64 if name.endswith("_sq") else pl.Int64 for name in [*stocks, *events]}
    found = scope.query(sql, **params).cast(types)  # type: ignore[arg-type]
    return _with_stocks(scope, found, stocks) if stocks else found.filter(pl.col("bucket") > 0)


def _flow_parts(scope: Scope, *, with_history: bool) -> tuple[str, dict[str, dt.date]]:
    """The rows to add up: by month where a whole month falls into one bucket (or before the window), else by day."""
    bucket_of = dict(zip(scope.window, scope.bucket_numbers, strict=True))
    spans: list[tuple[str, dt.date, dt.date]] = []
    month = scope.window.starts.replace(day=1)
    if with_history:
        spans.append(("monthly_flow", dt.date.min, month - _ONE_DAY))
    while month <= scope.window.ends:
        last = bucket_window("month", bucket_label("month", month)).ends
        is_whole = month in bucket_of and bucket_of[month] == bucket_of.get(last)
        table = "monthly_flow" if is_whole else "daily_flow"
        first = month if with_history else max(month, scope.window.starts)
        if spans and spans[-1][0] == table:
            table, first, _last = spans.pop()
        spans.append((table, first, min(last, scope.window.ends)))
        month = last + _ONE_DAY
    # Spans one by one: a scan of one range of days passes over all others unread.
    parts = [
        f"select * from {table} where day between $from_{i} and $to_{i}" for i, (table, *_days) in enumerate(spans)
    ]
    params = {f"from_{i}": first for i, (_table, first, _last) in enumerate(spans)}
    params |= {f"to_{i}": last for i, (_table, _first, last) in enumerate(spans)}
    return "\nunion all by name\n".join(parts), params


def _with_stocks(scope: Scope, found: pl.DataFrame, stocks: list[str]) -> pl.DataFrame:
    """Turn the changes of stocks into stocks, also in the buckets in which nothing happened."""
    # Bucket 0 is all that came before the window.
    buckets = pl.DataFrame({"bucket": range(len(scope.buckets) + 1)}, schema={"bucket": pl.Int32})
    frame = (
        scope.groups.select("group_id")
        .join(buckets, how="cross")
        .join(found, on=["group_id", "bucket"], how="left", validate="1:1")
        .with_columns(pl.exclude("group_id", "bucket").fill_null(0))
        .sort("group_id", "bucket")
        .with_columns(pl.col(stocks).cum_sum().over("group_id"))
    )
    if "open" in stocks:
        frame = frame.with_columns(pl.col("open").shift(1).over("group_id").alias(CARRIED_OVER))
    return frame.filter(pl.col("bucket") > 0)
