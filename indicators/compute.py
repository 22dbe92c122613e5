"""The one call that every screen, report and command makes: indicators by dimensions, as a frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from indicators.adjusted import adjusted_ratio
from indicators.catalogue import Indicator, indicators
from indicators.durations import duration_rows, quantile
from indicators.figures import (
    WORKING_DAYS,
    AdjustedRatio,
    Count,
    Figure,
    IndexPoints,
    Mean,
    Quantile,
    Rate,
    Ratio,
    SlowReception,
    StepWait,
    Throughput,
)
from indicators.filters import Filters
from indicators.flows import CARRIED_OVER, FLOW_MEASURES, flow_measures
from indicators.histograms import duration_counts, wait_counts
from indicators.index_766.figure import index_points
from indicators.process.measures import STEP_MEASURES, step_measures, step_wait_counts, step_wait_rows
from indicators.reception import slow_reception
from indicators.scope import Scope
from indicators.statistics import mean_interval, wilson
from indicators.throughput import throughput, wait_rows
from indicators.windows import Window
from language.text import sort_key
from warehouse import Snapshot

_CELL = ["group_id", "bucket"]
# Dimensions whose values are names and not codes.
_NAMES = ("field", "old_province", "old_district", "cluster")
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
    exact: bool = False,
) -> pl.DataFrame:
    """Indicators for one window, or for each bucket of a time dimension in it.

    Columns: the dimensions of `by` in order (codes and keys as text, `day` as a date), then for each ID `ID`, and where
    it has an interval `ID_n`, `ID_low`, `ID_high`. Rates are fractions, durations days. Split by commune, every commune
    in force has a row, and split by time every bucket; of other dimensions the values that occur in the window.
    Dossiers of split old units have the commune null. What happened after the earlier of `date_to` and `as_of` is
    unknown.

    Quantiles of durations come from counts on a grid (docs/architecture.md says how near they are), `exact` ones from
    the dossiers' rows; all else is exact in both ways.

    Raises CallError (a ValueError) with a sentence for the user.
    """
    wanted = indicators([ids] if isinstance(ids, str) else ids)
    window = resolve_window(snapshot, date_from=date_from, date_to=date_to, as_of=as_of)
    scope = Scope(snapshot, (by,) if isinstance(by, str) else tuple(by), filters, window)
    cells = _cells(scope, wanted)
    answers = _answers(scope, {indicator.figure for indicator in wanted}, exact=exact)
    rows = _rows(scope, _present(cells, answers)).join(cells.lazy(), on=_CELL, how="left", validate="m:1")
    if any(WORKING_DAYS in indicator.figure.measures for indicator in wanted):
        rows = rows.join(scope.working_days.lazy(), on="bucket", how="left", validate="m:1")
    rows = rows.with_columns(pl.col(sorted(set(cells.columns) - set(_CELL))).fill_null(0))
    for indicator in wanted:
        if indicator.figure in answers:
            columns = dict(zip(("value", "n", "low", "high"), columns_of(indicator), strict=True))
            answer = answers[indicator.figure].lazy().rename(columns)
            rows = rows.join(answer, on=_CELL, how="left", validate="m:1")
    # One plan for all of it: each step by itself would cost more than what it works on.
    parts = rows.select(*scope.by, *(part for indicator in wanted for part in _parts(indicator)))
    frame = _in_order(parts.collect(), scope.by)
    figures = [column for one in wanted for column in _columns(frame, one, snapshot.info.minutes_per_day)]
    return frame.select(scope.by).with_columns(figures) if scope.by else pl.DataFrame(figures)


def _in_order(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The rows by their dimensions: names by the Vietnamese alphabet, codes and times as they are."""
    if not by:
        return frame
    keys = []
    for name in by:
        key = pl.col(name)
        if name in _NAMES:
            names = sorted(frame[name].drop_nulls().unique(), key=sort_key)
            key = key.replace_strict(names, range(len(names)), default=None, return_dtype=pl.Int32)
        keys.append(key)
    return frame.sort(keys, nulls_last=True)


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


def _cells(scope: Scope, wanted: Sequence[Indicator]) -> pl.DataFrame:
    """The measures of the indicators by group and bucket."""
    cells = flow_measures(scope, _measures(wanted))
    of_steps = STEP_MEASURES & {name for indicator in wanted for name in indicator.figure.measures}
    if of_steps:
        cells = cells.join(step_measures(scope, of_steps), on=_CELL, how="left", validate="1:1")
    return cells


def _answers(scope: Scope, figures: set[Figure], *, exact: bool) -> Answers:
    answers: Answers = {}
    # Durations are read and put in order once for all quantiles of them.
    quantiles = [figure for figure in figures if isinstance(figure, Quantile)]
    for duration in {figure.duration for figure in quantiles}:
        durations = duration_rows(scope, duration) if exact else duration_counts(scope, duration)
        for figure in quantiles:
            if figure.duration == duration:
                answers[figure] = quantile(scope, durations, figure.probability)
    if step_waits := [figure for figure in figures if isinstance(figure, StepWait)]:
        durations = step_wait_rows(scope) if exact else step_wait_counts(scope)
        answers |= {figure: quantile(scope, durations, figure.probability) for figure in step_waits}
    survivals = [figure for figure in figures if isinstance(figure, Throughput)]
    if survivals:
        waits = wait_rows(scope) if exact else wait_counts(scope)
        answers |= {figure: throughput(scope, waits, figure.probability) for figure in survivals}
    if indexes := [figure for figure in figures if isinstance(figure, IndexPoints)]:
        answers |= index_points(scope, indexes)
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


def _rows(scope: Scope, present: pl.Series) -> pl.LazyFrame:
    """The rows of the answer: communes in force × values present × buckets, with the group each belongs to."""
    units, keys = scope.units.lazy(), scope.key_dimensions
    groups, dimensions = scope.groups.lazy(), [*scope.unit_dimensions, *keys]
    found = groups.filter(pl.col("group_id").is_in(present.implode()))
    if scope.unit_dimensions:
        # Beside the units in force: dossiers of split old units, which no commune of today answers for.
        found_units = found.select(scope.unit_dimensions).unique()
        units = units.join(found_units, on=scope.unit_dimensions, how="full", coalesce=True, nulls_equal=True)
    if keys:
        units = units.join(found.select(keys).unique(), how="cross")
    if dimensions:
        units = units.join(groups, on=dimensions, how="left", validate="1:1", nulls_equal=True)
    else:
        units = units.with_columns(group_id=pl.lit(1, pl.Int32))
    return units.join(scope.buckets.lazy(), how="cross")


def _parts(indicator: Indicator) -> list[pl.Expr]:
    """What the columns of an indicator are made of, named by it."""
    name = indicator.id
    match indicator.figure:
        case Count(value):
            return [value.alias(name)]
        case Ratio(numerator, denominator, factor):
            return [pl.when(denominator > 0).then(factor * numerator / denominator).cast(pl.Float64).alias(name)]
        case Rate(numerator, denominator):
            parts = {"good": numerator, "n": denominator}
        case Mean(n, minutes, minutes_squared, _unit):
            parts = {"n": n, "total": minutes, "squares": minutes_squared}
        case _:
            n = pl.col(f"{name}_n").fill_null(0).cast(pl.Int64)
            return [pl.col(name), n, pl.col(f"{name}_low"), pl.col(f"{name}_high")]
    return [part.cast(pl.Float64).alias(f"{name}_{suffix}") for suffix, part in parts.items()]


def _columns(frame: pl.DataFrame, indicator: Indicator, minutes_per_day: int) -> list[pl.Series]:
    """The columns of an indicator from its parts."""

    def part(suffix: str) -> np.ndarray:
        return frame[f"{indicator.id}_{suffix}"].to_numpy()

    match indicator.figure:
        case Rate():
            good, n = part("good"), part("n")
            low, high = wilson(good, n)
            value = np.divide(good, n, out=np.full_like(n, np.nan), where=n > 0)
        case Mean(_n, _minutes, _squares, unit):
            n = part("n")
            day = {"working_days": minutes_per_day, "days": _MINUTES_OF_24_HOURS, "times": 1}[unit]
            value, low, high = (one / day for one in mean_interval(n, part("total"), part("squares")))
        case _:
            return [frame[column] for column in columns_of(indicator)]
    columns = zip(columns_of(indicator), (value, n, low, high), strict=True)
    made = [pl.Series(name, values, dtype=pl.Float64, nan_to_null=True) for name, values in columns]
    return [made[0], made[1].cast(pl.Int64), *made[2:]]
