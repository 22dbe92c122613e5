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
from indicators.figures import Quantile
from indicators.filters import Filters
from indicators.histograms import duration_counts
from indicators.mix import decompose, mix_cells
from indicators.notable import funnel_scores
from indicators.scope import Scope
from indicators.statistics import false_discovery
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


def is_comparable(indicator: Indicator) -> bool:
    """Whether `deviations` has an answer: rates, and quantiles of durations."""
    return is_at_equal_mix(indicator) or isinstance(indicator.figure, Quantile)


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
    (`mix.decompose`) and `difference = value - reference`; that of a quantile is the figure of all together, and the
    difference that of the shares of dossiers above it, here and elsewhere. `error` is the difference's standard error
    by chance alone; `score` the z-score that allows for usual variation between communes too. Other indicators have
    none of this (no rows).
    """
    if not is_comparable(indicator):
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
    """A quantile is judged by how many dossiers lie above that of all: a count, whose chance is known exactly.

    Intervals of quantiles are too rough for it: judged by them, one innocent province in five had a commune named.
    """
    name, figure = indicator.id, indicator.figure
    assert isinstance(figure, Quantile)
    answer = compute(snapshot, name, "commune", filters=filters, date_from=window.starts, date_to=window.ends)
    group = replace(filters, commune=tuple(among)) if among is not None else filters
    whole = compute(snapshot, name, filters=group, date_from=window.starts, date_to=window.ends)[name][0]
    if whole is None:
        return pl.DataFrame(schema=SCHEMA)
    known = window.clipped(snapshot.info.as_of.date())
    scope = Scope(snapshot, ("commune",), group, known)
    counts = duration_counts(scope, figure.duration)
    slower = counts.value + (counts.width - 1) / 2 > whole * counts.day
    shares = (
        pl.DataFrame({"group_id": counts.cell.astype(np.int32), "hits": counts.n * slower, "n": counts.n})
        .group_by("group_id")
        .agg(pl.col("hits", "n").sum().cast(pl.Float64))
        .join(scope.groups, on="group_id", how="inner", validate="1:1")
        .drop_nulls("commune")
        .with_columns(others_n=pl.col("n").sum() - pl.col("n"), others=pl.col("hits").sum() - pl.col("hits"))
        .filter((pl.col("n") >= indicator.min_n) & (pl.col("others_n") > 0))
        .select("commune", "hits", "others_n", counted="n", expected=pl.col("others") / pl.col("others_n"))
    )
    plain = answer.drop_nulls([name, "commune"]).select(
        "commune", value=name, n=pl.col(f"{name}_n").cast(pl.Int64), low=f"{name}_low", high=f"{name}_high"
    )
    frame = plain.join(shares, on="commune", how="inner", validate="1:1").sort("commune")
    hits, n, expected, n_rest = (frame[column].to_numpy() for column in ("hits", "counted", "expected", "others_n"))
    if not len(n):
        return pl.DataFrame(schema=SCHEMA)
    possible = np.clip(expected, 0.5 / n_rest, 1 - 0.5 / n_rest)
    error = np.sqrt(possible * (1 - possible) * (1 / n + 1 / n_rest))
    found = _framed(
        frame.with_columns(reference=pl.lit(float(whole))), error, funnel_scores(hits / n, n, expected, n_rest)
    )
    return found.with_columns(difference=pl.Series(hits / n - expected, dtype=pl.Float64))


def _framed(frame: pl.DataFrame, error: np.ndarray, score: np.ndarray) -> pl.DataFrame:
    return frame.with_columns(
        difference=pl.col("value") - pl.col("reference"),
        error=pl.Series(error, dtype=pl.Float64),
        score=pl.Series(score, dtype=pl.Float64),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
