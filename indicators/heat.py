"""Communes × fields: in which field a commune differs from the others in the same field by more than chance."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl
from scipy import special

from indicators.catalogue import indicator
from indicators.compare import SIGNIFICANCE_LEVEL
from indicators.compute import compute
from indicators.filters import Filters
from indicators.funnel import funnel
from indicators.statistics import false_discovery
from indicators.windows import Window
from warehouse import Snapshot


def field_table(
    snapshot: Snapshot, indicator_id: str, window: Window, filters: Filters, *, among: Collection[str] | None = None
) -> pl.DataFrame:
    """One row a commune and field with cases, of a rate.

    Columns: `commune, field, value, n, low, high, whole, p_value, standing`. `whole` is the rate of the field in all
    communes of `among`. `standing` is `higher` or `lower` where the funnel of the field says so after Benjamini and
    Hochberg over all cells with enough cases, else `unclear`, or `too_few`.
    """
    frame = compute(
        snapshot,
        indicator_id,
        ["commune", "field"],
        filters=filters.of_whole_province(),
        date_from=window.starts,
        date_to=window.ends,
    )
    cells = frame.filter(pl.col("commune").is_not_null() & (pl.col(f"{indicator_id}_n") > 0)).select(
        "commune",
        pl.col("field").fill_null(""),
        value=indicator_id,
        n=f"{indicator_id}_n",
        low=f"{indicator_id}_low",
        high=f"{indicator_id}_high",
    )
    if among is not None:
        cells = cells.filter(pl.col("commune").is_in(list(among)))
    parts = [_scored(of_field, indicator(indicator_id).min_n) for of_field in cells.partition_by("field")]
    if not parts:
        return cells.with_columns(whole=pl.lit(None, pl.Float64), p_value=pl.lit(None, pl.Float64), standing=pl.lit(""))
    scored = pl.concat(parts)
    tested = scored["score"].is_not_null()
    adjusted = np.full(len(scored), np.nan)
    scores = scored.filter(tested)["score"].to_numpy()
    adjusted[tested.to_numpy()] = false_discovery(2 * special.ndtr(-np.abs(scores)))
    is_clear = pl.col("p_value") < SIGNIFICANCE_LEVEL
    return (
        scored.with_columns(p_value=pl.Series(adjusted, nan_to_null=True))
        .with_columns(
            standing=pl.when(pl.col("p_value").is_null())
            .then(pl.lit("too_few"))
            .when(is_clear & (pl.col("score") > 0))
            .then(pl.lit("higher"))
            .when(is_clear)
            .then(pl.lit("lower"))
            .otherwise(pl.lit("unclear"))
        )
        .drop("score")
    )


def _scored(cells: pl.DataFrame, min_n: int) -> pl.DataFrame:
    n = cells["n"].cast(pl.Float64).to_numpy()
    hits = np.rint(cells["value"].to_numpy() * n)
    drawn = funnel(hits, n)
    is_enough = (n >= min_n) & (n < drawn.total)
    scores = np.where(is_enough, drawn.scores(hits, n), np.nan)
    return cells.with_columns(
        whole=pl.lit(float(hits.sum() / n.sum())), score=pl.Series(scores, nan_to_null=True, dtype=pl.Float64)
    )
