"""Quantiles in elapsed hours from counts on the grid of 24 hours (docs/architecture.md)."""

from __future__ import annotations

import numpy as np
import polars as pl

from indicators.durations import Durations, quantile
from indicators.scope import Scope

MINUTES_OF_24_HOURS = 1440
_MINUTES_PER_HOUR = 60


def hours_quantiles(scope: Scope, counts: pl.DataFrame, cell: list[str], *, prefix: str = "wait_") -> pl.DataFrame:
    """The columns of `cell` with `{prefix}hours_p50` and `{prefix}hours_p90`.

    `counts`: the columns of `cell`, and `n` durations of `minutes` to `minutes + width`.
    """
    summed = counts.group_by([*cell, "minutes", "width"]).agg(pl.col("n").sum()).sort([*cell, "minutes"])
    cells = summed.select(cell).unique(maintain_order=True).with_row_index("group_id", 1)
    numbers = summed.join(cells, on=cell, how="left", maintain_order="left", nulls_equal=True)["group_id"].to_numpy()
    value, width, n = (summed[name].cast(pl.Int64).to_numpy() for name in ("minutes", "width", "n"))
    durations = Durations(numbers.astype(np.int64), value, width, n, _MINUTES_PER_HOUR)
    frame = cells.with_columns(pl.col("group_id").cast(pl.Int32))
    for name, probability in (("hours_p50", 0.5), ("hours_p90", 0.9)):
        found = quantile(scope, durations, probability).select("group_id", pl.col("value").alias(f"{prefix}{name}"))
        frame = frame.join(found, on="group_id", how="left")
    return frame.drop("group_id")
