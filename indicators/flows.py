"""Counts from `daily_flow` and `monthly_flow`: what happened in each bucket, and what stood open at its two ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import numpy as np
import polars as pl

from indicators.levels import BoundDays, Span, spans
from indicators.scope import Scope
from indicators.windows import Window

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
    parts, days = _flow_parts(scope, stocks, events)
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
    found = scope.query(sql, **days).cast(types)  # type: ignore[arg-type]
    return _with_stocks(scope, found, stocks) if stocks else found.filter(pl.col("bucket") > 0)


def _flow_parts(scope: Scope, stocks: list[str], events: list[str]) -> tuple[str, BoundDays]:
    """The rows to add up: of the window, and before them the stocks at the start of its month and what changed them."""
    days, parts = BoundDays(), []
    if stocks:
        first, month = scope.window.starts, scope.window.starts.replace(day=1)
        days["month"] = min(month, scope.last_stock)
        parts.append(
            f"select $starts::date - 1 as day, key_id, {', '.join(stocks)} from monthly_stock where day = $month"
        )
        parts += [
            _part(span, days, stocks) for span in spans([Window(month, first - _ONE_DAY)] if month < first else [])
        ]
    parts += [_part(span, days, stocks + events) for span in spans(scope.windows)]
    # Spans one by one: a scan of one range of days passes over all others unread.
    return "\nunion all by name\n".join(parts), days


def _part(span: Span, days: BoundDays, columns: list[str]) -> str:
    table = "monthly_flow" if span.level == "month" else "daily_flow"
    # All of the measures' columns: those of the derived ones have names of their own.
    chosen = ", ".join(["day", "key_id", *(name for name in columns if name not in _DERIVED)])
    derived = ", received" if _DERIVED.keys() & set(columns) and "received" not in columns else ""
    return f"select {chosen}{derived} from {table} where day {days.between(span)}"


def _with_stocks(scope: Scope, found: pl.DataFrame, stocks: list[str]) -> pl.DataFrame:
    """Turn the changes of stocks into stocks, also in the buckets in which nothing happened."""
    # Bucket 0 is all that came before the window.
    shape = len(scope.groups), len(scope.buckets) + 1
    place = (found["group_id"].to_numpy() - 1, found["bucket"].to_numpy())
    columns = {}
    for measure in found.drop("group_id", "bucket").iter_columns():
        values = measure.to_numpy()
        table = np.zeros(shape, values.dtype)
        table[place] = values
        if measure.name in stocks:
            table = table.cumsum(axis=1)
        if measure.name == "open":
            columns[CARRIED_OVER] = table[:, :-1].ravel()
        columns[measure.name] = table[:, 1:].ravel()
    group_id, bucket = np.indices((shape[0], shape[1] - 1), dtype=np.int32).reshape(2, -1) + 1
    return pl.DataFrame({"group_id": group_id, "bucket": bucket, **columns})
