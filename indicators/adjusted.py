"""On time against expected: what is left of a difference once everyone has the same mix of procedures and channels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from indicators.flows import flow_measures
from indicators.scope import Scope
from indicators.statistics import wilson

_MIX = ("procedure", "channel")
_RESOLVED = ("resolved_early", "resolved_on_time", "resolved_late")


def adjusted_ratio(scope: Scope) -> pl.DataFrame:
    """`group_id, bucket, value, n, low, high`: observed over expected dossiers resolved on time.

    Expected: each procedure and channel of the group at the rate of all communes in the same bucket. The interval is
    Wilson's for the observed rate, carried over to the ratio; `n` is the number resolved.
    """
    dimensions = [*scope.unit_dimensions, *scope.key_dimensions]
    detail = _on_time(replace(scope, by=(*scope.by, *(name for name in _MIX if name not in scope.by))))
    province = _on_time(replace(scope, by=(*scope.time_dimensions, *_MIX), filters=scope.filters.of_whole_province()))
    expected = province.select(*_MIX, "bucket", rate=pl.col("on_time") / pl.col("resolved"))
    cells = (
        detail.filter(pl.col("resolved") > 0)
        .join(expected, on=[*_MIX, "bucket"], how="left", validate="m:1", nulls_equal=True)
        # Sums of fractions in one order have the same last digit every time.
        .sort(*_MIX)
        .group_by(*dimensions, "bucket")
        .agg(pl.col("on_time", "resolved").sum(), expected=(pl.col("resolved") * pl.col("rate")).sum())
        .filter(pl.col("expected") > 0)
    )
    if dimensions:
        cells = cells.join(scope.groups, on=dimensions, how="left", validate="m:1", nulls_equal=True)
    else:
        cells = cells.with_columns(group_id=pl.lit(1, pl.Int32))
    on_time, n, target = (cells[name].to_numpy().astype(np.float64) for name in ("on_time", "resolved", "expected"))
    low, high = wilson(on_time, n)
    return cells.select(
        "group_id",
        "bucket",
        value=pl.Series(on_time / target, dtype=pl.Float64),
        n="resolved",
        low=pl.Series(low * n / target, dtype=pl.Float64),
        high=pl.Series(high * n / target, dtype=pl.Float64),
    )


def _on_time(scope: Scope) -> pl.DataFrame:
    return (
        flow_measures(scope, _RESOLVED)
        .join(scope.groups, on="group_id", how="left", validate="m:1")
        .with_columns(
            on_time=pl.col("resolved_early") + pl.col("resolved_on_time"), resolved=pl.sum_horizontal(_RESOLVED)
        )
    )
