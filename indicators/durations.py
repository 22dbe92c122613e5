"""Quantiles of durations, from the dossiers' own rows or from counts on a grid (`indicators.histograms`)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indicators.scope import Scope
from indicators.statistics import Floats, quantile_ranks

Integers = NDArray[np.int64]

# SQL of what is measured, in whole units, and how many of the units make a day; None is a working day's minutes.
DURATIONS: dict[str, tuple[str, int | None]] = {
    "processing_minutes": ("processing_minutes", None),
    "elapsed": ("epoch_ms(closed_at) - epoch_ms(received_at)", 86_400_000),
}
# A duration and its cell travel as one number, which sorts an order of magnitude faster than columns do.
CELL_SIZE = 1 << 40


class Durations(NamedTuple):
    """How many dossiers took how long, by cell of the answer and in order; `day` is how many units make a day.

    A value stands for the whole numbers from itself on, `width` of them.
    """

    cell: Integers
    value: Integers
    width: Integers
    n: Integers
    day: int


def duration_rows(scope: Scope, duration: str) -> Durations:
    """The durations of the dossiers resolved in each bucket, each for itself."""
    measured, units_per_day = DURATIONS[duration]
    sql = f"""
        select {packed("group_id", scope.bucket("closed_at::date"), measured)} as packed
        from dossier
        join scoped_key using (key_id)
        where
            closed_at >= $starts
            and closed_at < $ends::date + 1
            and received_at is not null
            and coalesce(status, 0) not in (1, 3, 7, 8)
            and {measured} is not null
    """
    rows = np.sort(scope.query(sql, buckets=len(scope.buckets))["packed"].cast(pl.Int64).to_numpy())
    one = np.ones_like(rows)
    return Durations(
        rows // CELL_SIZE, rows % CELL_SIZE, one, one, units_per_day or scope.snapshot.info.minutes_per_day
    )


def packed(group_id: str, bucket: str, value: str) -> str:
    """SQL for a value and the cell that it belongs to as one number; needs `$buckets`."""
    return f"({group_id}::bigint * $buckets + {bucket} - 1) * {CELL_SIZE} + least({value}, {CELL_SIZE - 1})"


def quantile(scope: Scope, durations: Durations, probability: float) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high` in days, the value interpolated linearly between neighbours."""
    cells, first = np.unique(durations.cell, return_index=True)
    cumulated = np.cumsum(durations.n)
    before = cumulated[first] - durations.n[first]
    n = np.diff(np.append(before, cumulated[-1:]))

    def ranked(rank: Integers) -> Floats:
        """The duration at a rank (from 1) of each cell; those on one step lie evenly on it."""
        place = np.searchsorted(cumulated, before + rank)
        within = (rank + before - cumulated[place] + durations.n[place] - 0.5) / durations.n[place]
        value: Floats = durations.value[place] + (durations.width[place] - 1) * within
        return value

    place = (n - 1) * probability
    below = np.floor(place).astype(np.int64)
    under, over = ranked(below + 1), ranked(np.minimum(below + 2, n))
    low, high = quantile_ranks(n, probability)
    return answer(
        scope, cells, under + (place - below) * (over - under), n, ranked(low), ranked(high), units=durations.day
    )


def answer(
    scope: Scope, cells: Integers, value: Floats, n: Integers, low: Floats, high: Floats, *, units: float
) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high` of each cell; durations in units, of which so many make a day."""
    group_id, bucket = np.divmod(cells, len(scope.buckets))
    columns: dict[str, Any] = {
        "group_id": group_id.astype(np.int32),
        "bucket": (bucket + 1).astype(np.int32),
        "value": value / units,
        "n": n.astype(np.int64),
        "low": low / units,
        "high": high / units,
    }
    return pl.DataFrame(columns).fill_nan(None)
