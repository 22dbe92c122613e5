"""Time to result by Kaplan and Meier: a dossier that is still open has waited at least this long."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indicators.scope import Scope
from indicators.statistics import Z
from indicators.worktime import OFFICE_MINUTE, position, position_of_end

# Cell, seconds and whether resolved travel as one number, which sorts an order of magnitude faster than columns do.
_LONGEST = 1 << 32


def times_to_result(scope: Scope) -> NDArray[np.int64]:
    """Working seconds from receipt of the dossiers received in each bucket, packed with their cells, in order.

    Seen from the bucket's last day: dossiers open then are censored at its end, neutral ones at their closing.
    """
    received, received_joins = position("received", "received_at")
    closed, closed_joins = position("closed", "closed_at")
    sql = f""",
        {OFFICE_MINUTE},
        seen as (
            select
                key_id,
                {scope.bucket("received_at::date")} as bucket,
                {scope.bucket_end("received_at::date")} as bucket_ends,
                received_at,
                closed_at,
                coalesce(closed_at::date <= bucket_ends, false) as is_closed,
                coalesce(status, 0) in (7, 8) as is_neutral
            from dossier
            where
                received_at >= $starts
                and received_at < $ends::date + 1
                and coalesce(status, 0) not in (1, 3)
        ),
        placed as (
            select
                seen.*,
                group_id,
                {received} as received_position,
                if(is_closed, {closed}, {position_of_end("end_day")}) as end_position
            from seen
            join scoped_key using (key_id)
            left join calendar as end_day on end_day.day = bucket_ends
            {received_joins}
            {closed_joins}
        ),
        final as (
            select
                group_id::bigint * $buckets + bucket - 1 as cell,
                end_position - received_position as seconds,
                (is_closed and not is_neutral)::integer as is_resolved
            from placed
        )

        select (cell * {_LONGEST} + least(greatest(seconds, 0), {_LONGEST - 1})) * 2 + is_resolved as packed
        from final
        where seconds is not null
    """
    found = scope.query(sql, buckets=len(scope.buckets))
    return np.sort(found["packed"].cast(pl.Int64).to_numpy())


def throughput(scope: Scope, times: NDArray[np.int64], probability: float) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high` of a quantile; empty where the curve does not come down to it."""
    days = times // 2 % _LONGEST / (60 * scope.snapshot.info.minutes_per_day)
    is_resolved = (times % 2).astype(np.bool_)
    cells, first = np.unique(times // (2 * _LONGEST), return_index=True)
    rows = []
    for cell, start, stop in zip(cells.tolist(), first, np.append(first, len(times))[1:], strict=True):
        group_id, bucket = divmod(cell, len(scope.buckets))
        value, low, high = survival_quantile(days[start:stop], is_resolved[start:stop], probability)
        rows.append((group_id, bucket + 1, value, int(stop - start), low, high))
    types = (pl.Int32, pl.Int32, pl.Float64, pl.Int64, pl.Float64, pl.Float64)
    names = ("group_id", "bucket", "value", "n", "low", "high")
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row").fill_nan(None)


def survival_quantile(
    times: NDArray[np.float64], is_event: NDArray[np.bool_], probability: float
) -> tuple[float, float, float]:
    """The quantile of the time to the event with its 95 % interval; nan for what the curve does not reach.

    The interval turns Greenwood's variance on the scale log(-log S) (Brookmeyer and Crowley).
    """
    moments, first = np.unique(times, return_index=True)
    events = np.add.reduceat(is_event.astype(np.float64), first) if len(times) else np.empty(0)
    at_risk = len(times) - first
    happened = events > 0
    moments, events, at_risk = moments[happened], events[happened], at_risk[happened]
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        spread = Z * greenwood / np.log(survival)
        # log S < 0, so the spread is negative: the first power is the larger curve.
        upper, lower = survival ** np.exp(spread), survival ** np.exp(-spread)
    # Where everything has happened the variance is undefined and the curve is known to be at 0.
    upper, lower = np.nan_to_num(upper, nan=0.0), np.nan_to_num(lower, nan=0.0)
    remaining = 1 - probability
    return (
        _first_at_or_below(moments, survival, remaining),
        _first_at_or_below(moments, lower, remaining),
        _first_at_or_below(moments, upper, remaining),
    )


def _first_at_or_below(moments: NDArray[np.float64], curve: NDArray[np.floating[Any]], level: float) -> float:
    reached = np.flatnonzero(curve <= level + 1e-12)
    return float(moments[reached[0]]) if len(reached) else float("nan")
