"""How far each commune lies from the others in an indicator, what chance does to that, and which differ for certain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import polars as pl
from scipy import special

from indicators.catalogue import Indicator
from indicators.compare import SIGNIFICANCE_LEVEL
from indicators.compute import compute
from indicators.filters import Filters
from indicators.mix import decompose, mix_cells
from indicators.notable import funnel_scores
from indicators.statistics import Z, between_variance, false_discovery
from indicators.windows import Window
from warehouse import Snapshot

_ALL = Filters()
SCHEMA = {
    "commune": pl.String,
    "value": pl.Float64,
    "n": pl.Int64,
    "low": pl.Float64,
    "high": pl.Float64,
    "reference": pl.Float64,
    "difference": pl.Float64,
    "error": pl.Float64,
    "score": pl.Float64,
}


def is_at_equal_mix(indicator: Indicator) -> bool:
    """Whether `deviations` sets a commune against the others at its own procedures and channels."""
    return indicator.unit == "rate" and indicator.has_interval


def deviations(
    snapshot: Snapshot,
    indicator: Indicator,
    window: Window,
    filters: Filters = _ALL,
    *,
    among: Collection[str] | None = None,
) -> pl.DataFrame:
    """Communes with enough cases: `commune, value, n, low, high, reference, difference, error, score`.

    A rate's `reference` is what the other communes (of `among`) reach at this one's mix of procedures and channels
    (`mix.decompose`), that of a mean or quantile is the figure of all together. `difference = value - reference`,
    `error` its standard error by chance alone; `score` the z-score that allows for usual variation between communes
    too. Indicators without an interval have none of this (no rows).
    """
    if not indicator.has_interval:
        return pl.DataFrame(schema=SCHEMA)
    found = _rates if is_at_equal_mix(indicator) else _durations
    return found(snapshot, indicator, window, filters.of_whole_province(), among)


def with_verdict(frame: pl.DataFrame) -> pl.DataFrame:
    """`deviations` with `p_value` (Benjamini and Hochberg over its communes) and `verdict`: higher, lower, unclear."""
    p_values = false_discovery(2 * special.ndtr(-np.abs(frame["score"].to_numpy())))
    verdict = (
        pl.when(pl.col("p_value") >= SIGNIFICANCE_LEVEL)
        .then(pl.lit("unclear"))
        .when(pl.col("difference") > 0)
        .then(pl.lit("higher"))
        .otherwise(pl.lit("lower"))
    )
    return frame.with_columns(p_value=pl.Series(p_values, dtype=pl.Float64)).with_columns(verdict=verdict)


def _rates(
    snapshot: Snapshot, indicator: Indicator, window: Window, filters: Filters, among: Collection[str] | None
) -> pl.DataFrame:
    split = decompose(mix_cells(snapshot, indicator.id, window, filters), among=among)
    enough = split.filter((pl.col("n") >= indicator.min_n) & (pl.col("others_n") > 0))
    value, n, expected, n_rest = (
        enough[name].cast(pl.Float64).to_numpy() for name in ("value", "n", "expected", "others_n")
    )
    # Where nobody ever fails, one case more or less is still possible.
    possible = np.clip(expected, 0.5 / np.maximum(n_rest, 1), 1 - 0.5 / np.maximum(n_rest, 1))
    error = np.sqrt(possible * (1 - possible) * (1 / n + 1 / n_rest))
    return _framed(
        enough.select("commune", "value", "n", "low", "high", reference="expected"),
        error,
        funnel_scores(value, n, expected, n_rest) if len(n) else n,
    )


def _durations(
    snapshot: Snapshot, indicator: Indicator, window: Window, filters: Filters, among: Collection[str] | None
) -> pl.DataFrame:
    name = indicator.id
    answer = compute(snapshot, name, "commune", filters=filters, date_from=window.starts, date_to=window.ends)
    group = replace(filters, commune=tuple(among)) if among is not None else filters
    whole = compute(snapshot, name, filters=group, date_from=window.starts, date_to=window.ends)[name][0]
    kept = pl.col("commune").is_not_null() & (pl.col(f"{name}_n") >= indicator.min_n)
    if among is not None:
        kept &= pl.col("commune").is_in(list(among))
    known = answer.filter(kept).drop_nulls([name, f"{name}_low", f"{name}_high"]).sort("commune")
    if known.is_empty() or whole is None:
        return pl.DataFrame(schema=SCHEMA)
    value, low, high = (known[column].to_numpy() for column in (name, f"{name}_low", f"{name}_high"))
    difference = value - whole
    # The half of the interval that faces the others: intervals of durations reach further up than down.
    half = np.where(difference > 0, value - low, high - value)
    error = np.maximum(half, np.finfo(float).eps) / Z
    between = between_variance(difference / error, error)
    plain = known.select(
        "commune", value=name, n=pl.col(f"{name}_n").cast(pl.Int64), low=f"{name}_low", high=f"{name}_high"
    )
    return _framed(
        plain.with_columns(reference=pl.lit(float(whole))), error, difference / np.hypot(error, between**0.5)
    )


def _framed(frame: pl.DataFrame, error: np.ndarray, score: np.ndarray) -> pl.DataFrame:
    return frame.with_columns(
        difference=pl.col("value") - pl.col("reference"),
        error=pl.Series(error, dtype=pl.Float64),
        score=pl.Series(score, dtype=pl.Float64),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
