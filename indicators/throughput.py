"""Time to result by Kaplan and Meier: a dossier that is still open has waited at least this long."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from indicators.durations import CELL_SIZE, Integers, answer, packed
from indicators.scope import Scope
from indicators.statistics import Floats, Z
from indicators.worktime import position, position_of_end

# What sums of floats may miss an equality by.
_NEGLIGIBLE = 1e-9


class Waits(NamedTuple):
    """How many dossiers had a result after so long, and how many were last seen without one, by cell and in order.

    `day` is how many units of `value` make a day; a value stands for the whole numbers from itself on, `width` of them.
    """

    cell: Integers
    value: Integers
    width: Integers
    resolved: Integers
    censored: Integers
    day: int


def wait_rows(scope: Scope) -> Waits:
    """Working seconds from receipt of the dossiers received in each bucket, each for itself.

    Seen from the bucket's last day: dossiers open then are censored at its end, neutral ones at their closing.
    """
    received, received_joins = position("received", "received_at")
    closed, closed_joins = position("closed", "closed_at")
    sql = f""",
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
                group_id,
                bucket,
                greatest(end_position - received_position, 0) as seconds,
                (is_closed and not is_neutral)::integer as is_resolved
            from placed
            where end_position is not null and received_position is not null
        )

        select 2 * ({packed("group_id", "bucket", "seconds")}) + is_resolved as packed
        from final
    """
    rows = np.sort(scope.query(sql, buckets=len(scope.buckets))["packed"].cast(pl.Int64).to_numpy())
    is_resolved = rows % 2
    cell, seconds = np.divmod(rows // 2, CELL_SIZE)
    return Waits(
        cell, seconds, np.ones_like(rows), is_resolved, 1 - is_resolved, 60 * scope.snapshot.info.minutes_per_day
    )


def throughput(scope: Scope, waits: Waits, probability: float) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high` of a quantile; empty where the curve does not come down to it."""
    cells, first = np.unique(waits.cell, return_index=True)
    n = np.add.reduceat(waits.resolved + waits.censored, first) if len(first) else np.empty(0, np.int64)
    value, low, high = survival_quantiles(waits, first, probability)
    return answer(scope, cells, value, n, low, high, units=waits.day)


def survival_quantiles(waits: Waits, first: Integers, probability: float) -> tuple[Floats, Floats, Floats]:
    """Each cell's quantile of the time to the event with its 95 % interval; nan for what the curve does not reach.

    `first` is where each cell begins. The interval turns Greenwood's variance on the scale log(-log S) (Brookmeyer and
    Crowley).
    """
    if not len(first):
        nothing = np.empty(0)
        return nothing, nothing, nothing
    # Equal times are one moment: those last seen then were still at risk of the events of it.
    is_new = np.append(True, (np.diff(waits.value) != 0) | (np.diff(waits.cell) != 0))
    starts = np.flatnonzero(is_new)
    first = np.searchsorted(starts, first)
    value, width = waits.value[starts], waits.width[starts]
    events = np.add.reduceat(waits.resolved, starts).astype(np.float64)
    leaving = events + np.add.reduceat(waits.censored, starts)
    sizes = np.diff(np.append(first, len(starts)))
    at_risk = np.repeat(np.add.reduceat(leaving, first), sizes) - _within_cells(leaving, first, sizes) + leaving
    is_last = events >= at_risk
    with np.errstate(divide="ignore", invalid="ignore"):
        log_share = _within_cells(np.where(is_last, 0.0, np.log1p(-events / at_risk)), first, sizes)
        greenwood = _within_cells(np.where(is_last, 0.0, events / (at_risk * (at_risk - events))), first, sizes)
        share = np.where(is_last, 0.0, np.exp(log_share))
        # Before the first event the curve is 1 for certain.
        spread = np.where(log_share < -_NEGLIGIBLE, Z * np.sqrt(np.maximum(greenwood, 0)) / log_share, 0.0)
        # log S < 0, so the spread is negative: the first power is the larger curve.
        upper, lower = share ** np.exp(spread), share ** np.exp(-spread)

    def reached(curve: Floats) -> Floats:
        """When each cell's curve first comes down to the level: within the step in which it passes it."""
        level = 1 - probability
        below = np.flatnonzero(curve <= level + _NEGLIGIBLE)
        place = np.append(below, len(curve))[np.searchsorted(below, first)]
        is_reached = place < first + sizes
        place = np.where(is_reached, place, first)
        before = np.where(place > first, curve[place - 1], 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            within = np.nan_to_num((before - level) / (before - curve[place]), nan=0.0)
        found = value[place] + (width[place] - 1) * np.clip(within, 0, 1)
        return np.where(is_reached, found, np.nan)

    return reached(share), reached(lower), reached(upper)


def _within_cells(values: Floats, first: Integers, sizes: Integers) -> Floats:
    """Sums up to and with each value, begun anew in each cell."""
    sums = np.cumsum(values)
    return sums - np.repeat(sums[first] - values[first], sizes)
