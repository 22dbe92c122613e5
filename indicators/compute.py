"""The one call that every screen, report and command makes: indicators by dimensions, as a frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from indicators.adjusted import adjusted_ratio
from indicators.catalogue import Indicator, indicators
from indicators.durations import quantile, sorted_durations
from indicators.figures import (
    WORKING_DAYS,
    AdjustedRatio,
    Count,
    Figure,
    Mean,
    Quantile,
    Rate,
    Ratio,
    SlowReception,
    Throughput,
)
from indicators.filters import Filters
from indicators.flows import CARRIED_OVER, FLOW_MEASURES, flow_measures
from indicators.reception import slow_reception
from indicators.scope import Scope
from indicators.statistics import mean_interval, wilson
from indicators.throughput import throughput, times_to_result
from indicators.windows import Window
from warehouse import Snapshot

_CELL = ["group_id", "bucket"]
_MINUTES_OF_24_HOURS = 1440
_ALL = Filters()


def compute(
    snapshot: Snapshot,
    ids: str | Iterable[str],
    by: str | Sequence[str] = (),
    *,
    filters: Filters = _ALL,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
    as_of: dt.date | None = None,
) -> pl.DataFrame:
    """Indicators for one window, or for each bucket of a time dimension in it.

    Columns: the dimensions of `by` in order (codes and keys as text, `day` as a date), then for each ID `ID`, and where
    it has an interval `ID_n`, `ID_low`, `ID_high`. Rates are fractions, durations days. Split by commune, every commune
    in force has a row, and split by time every bucket; of other dimensions the values that occur in the window.
    Dossiers of split old units have the commune null. What happened after the earlier of `date_to` and `as_of` is
    unknown.

    Raises CallError (a ValueError) with a sentence for the user.
    """
    wanted = indicators([ids] if isinstance(ids, str) else ids)
    window = resolve_window(snapshot, date_from=date_from, date_to=date_to, as_of=as_of)
    scope = Scope(snapshot, (by,) if isinstance(by, str) else tuple(by), filters, window)
    cells = flow_measures(scope, _measures(wanted))
    answers = _answers_from_rows(scope, {indicator.figure for indicator in wanted})
    frame = _rows(scope, _present(cells, answers)).join(cells, on=_CELL, how="left", validate="m:1")
    if any(WORKING_DAYS in indicator.figure.measures for indicator in wanted):
        frame = frame.join(scope.working_days, on="bucket", how="left", validate="m:1")
    frame = frame.with_columns(pl.col(sorted(set(cells.columns) - set(_CELL))).fill_null(0))
    for indicator in wanted:
        frame = _with_figure(frame, indicator.id, indicator.figure, answers, snapshot.info.minutes_per_day)
    if scope.by:
        frame = frame.sort(*scope.by, nulls_last=True)
    return frame.select(*scope.by, *(name for indicator in wanted for name in columns_of(indicator)))


def columns_of(indicator: Indicator) -> list[str]:
    """The columns that an indicator has in an answer."""
    suffixes = ("", "_n", "_low", "_high") if indicator.has_interval else ("",)
    return [indicator.id + suffix for suffix in suffixes]


def resolve_window(
    snapshot: Snapshot,
    *,
    date_from: dt.date | None = None,
    date_to: dt.date | None = None,
    as_of: dt.date | None = None,
) -> Window:
    """The days that a question is about: from the first receipt to the snapshot's as-of where it does not say."""
    known_until = min(as_of or dt.date.max, snapshot.info.as_of.date())
    if date_from is None:
        date_from = min(snapshot.first_receipt or known_until, date_to or known_until, known_until)
    return Window(date_from, date_to or max(known_until, date_from)).clipped(known_until)


# Frames of `group_id, bucket, value, n, low, high`, for the figures that counts do not give.
Answers = dict[Figure, pl.DataFrame]


def _measures(wanted: Sequence[Indicator]) -> set[str]:
    # Receipts and stocks also say which groups have a part in the window.
    needed = {"received", CARRIED_OVER}
    for indicator in wanted:
        needed |= indicator.figure.measures & FLOW_MEASURES
    return needed


def _answers_from_rows(scope: Scope, figures: set[Figure]) -> Answers:
    answers: Answers = {}
    # Rows are read and sorted once for all quantiles of them.
    quantiles = [figure for figure in figures if isinstance(figure, Quantile)]
    for duration in {figure.duration for figure in quantiles}:
        rows = sorted_durations(scope, duration)
        for figure in quantiles:
            if figure.duration == duration:
                answers[figure] = quantile(scope, duration, rows, figure.probability)
    survivals = [figure for figure in figures if isinstance(figure, Throughput)]
    if survivals:
        times = times_to_result(scope)
        answers |= {figure: throughput(scope, times, figure.probability) for figure in survivals}
    for other in figures:
        if isinstance(other, SlowReception):
            answers[other] = slow_reception(scope)
        elif isinstance(other, AdjustedRatio):
            answers[other] = adjusted_ratio(scope)
    return answers


def _present(cells: pl.DataFrame, answers: Answers) -> pl.Series:
    """The groups that have a part in the window: a dossier carried over, received, or counted by its rows."""
    taking_part = cells.filter((pl.col("received") > 0) | (pl.col(CARRIED_OVER) > 0))["group_id"]
    return pl.concat([taking_part, *(answer["group_id"] for answer in answers.values())]).unique()


def _rows(scope: Scope, present: pl.Series) -> pl.DataFrame:
    """The rows of the answer: communes in force × values present × buckets, with the group each belongs to."""
    units, keys = scope.units, scope.key_dimensions
    found = scope.groups.filter(pl.col("group_id").is_in(present.implode()))
    if scope.unit_dimensions:
        # Beside the units in force: dossiers of split old units, which no commune of today answers for.
        found_units = found.select(scope.unit_dimensions).unique()
        units = units.join(found_units, on=scope.unit_dimensions, how="full", coalesce=True, nulls_equal=True)
    if keys:
        units = units.join(found.select(keys).unique(), how="cross")
    dimensions = [*scope.unit_dimensions, *keys]
    if dimensions:
        units = units.join(scope.groups, on=dimensions, how="left", validate="1:1", nulls_equal=True)
    else:
        units = units.with_columns(group_id=pl.lit(1, pl.Int32))
    return units.join(scope.buckets, how="cross")


def _with_figure(
    frame: pl.DataFrame, name: str, figure: Figure, answers: Answers, minutes_per_day: int
) -> pl.DataFrame:
    """The frame with the figure's columns beside the others."""
    match figure:
        case Count(value):
            return frame.with_columns(value.alias(name))
        case Ratio(numerator, denominator, factor):
            value = pl.when(denominator > 0).then(factor * numerator / denominator)
            return frame.with_columns(value.cast(pl.Float64).alias(name))
        case Rate(numerator, denominator):
            parts = frame.select(good=numerator.cast(pl.Float64), n=denominator.cast(pl.Float64))
            good, n = parts["good"].to_numpy(), parts["n"].to_numpy()
            low, high = wilson(good, n)
            return _add(frame, name, np.divide(good, n, out=np.full_like(n, np.nan), where=n > 0), n, low, high)
        case Mean(n_of, minutes, minutes_squared, unit):
            parts = frame.select(
                n=n_of.cast(pl.Float64), total=minutes.cast(pl.Float64), squares=minutes_squared.cast(pl.Float64)
            )
            n = parts["n"].to_numpy()
            mean, low, high = mean_interval(n, parts["total"].to_numpy(), parts["squares"].to_numpy())
            day = minutes_per_day if unit == "working_days" else _MINUTES_OF_24_HOURS
            return _add(frame, name, mean / day, n, low / day, high / day)
        case _:
            answer = answers[figure].select(
                *_CELL,
                pl.col("value").alias(name),
                *(pl.col(part).alias(f"{name}_{part}") for part in ("n", "low", "high")),
            )
            joined = frame.join(answer, on=_CELL, how="left", validate="m:1")
            return joined.with_columns(pl.col(f"{name}_n").fill_null(0).cast(pl.Int64))


def _add(
    frame: pl.DataFrame, name: str, value: np.ndarray, n: np.ndarray, low: np.ndarray, high: np.ndarray
) -> pl.DataFrame:
    def column(suffix: str, values: np.ndarray) -> pl.Series:
        return pl.Series(name + suffix, values, dtype=pl.Float64, nan_to_null=True)

    return frame.with_columns(
        column("", value), column("_n", n).cast(pl.Int64), column("_low", low), column("_high", high)
    )
