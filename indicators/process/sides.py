"""Two sides side by side: which step makes the difference in working hours, the parts adding up to the whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

from indicators.filters import Filters
from indicators.process.mix import like_for_like
from indicators.process.scoping import ALL, SECONDS_PER_HOUR, activity_names, named, scope_of
from indicators.process.times import closed_sums, step_sums
from indicators.statistics import CONFIDENCE, Floats
from indicators.windows import Window
from warehouse import Snapshot


@dataclass(frozen=True, kw_only=True)
class Side:
    """Which dossiers: those closed in the window that the filters keep."""

    window: Window
    filters: Filters = ALL


@dataclass(frozen=True, kw_only=True)
class Total:
    """The mean working hours from receipt to closing of both sides; None where a side closed nothing (the bounds: fewer
    than two dossiers)."""

    hours_a: float | None
    hours_b: float | None
    difference: float | None
    low: float | None
    high: float | None
    dossiers_a: int
    dossiers_b: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """`steps`: `activity, kind` (as in `time_by_step`), `hours_a, hours_b, difference` (b less a), `low, high`, the
    largest difference first; the differences add up to that of `total`.

    `alike`: the same with the differences between dossiers of the same procedure, and one row of `kind` `mix` (no
    activity) for what comes from the sides handling procedures in other shares; they add up to that of `total` too."""

    steps: pl.DataFrame
    alike: pl.DataFrame
    total: Total


def compare_two(snapshot: Snapshot, a: Side, b: Side, *, as_of: dt.date | None = None) -> Comparison:
    """What the working time of a mean dossier of side b has more than one of side a, step by step.

    Parts and means are those of `time_by_step`. The intervals are Welch's, of the difference of two means: each step's
    by itself, dossiers that did not take it counting as 0 hours. Those of `alike` are in `process.mix`.
    """
    (cells_a, counts_a), (cells_b, counts_b) = (_sums(snapshot, side, as_of) for side in (a, b))
    cell = ["activity_id", "stop"]
    parts_a, parts_b = (cells.group_by(cell).agg(pl.col("seconds", "seconds_sq").sum()) for cells in (cells_a, cells_b))
    all_a, all_b = (counts.select(pl.exclude("procedure").sum()).row(0, named=True) for counts in (counts_a, counts_b))
    joined = parts_a.join(parts_b, on=cell, how="full", coalesce=True, nulls_equal=True, suffix="_b").fill_null(0)
    first = _Mean(all_a["dossiers"], joined["seconds"].to_numpy(), joined["seconds_sq"].to_numpy())
    second = _Mean(all_b["dossiers"], joined["seconds_b"].to_numpy(), joined["seconds_sq_b"].to_numpy())
    difference, low, high = _welch(first, second)
    means = joined.select(cell).with_columns(pl.Series("hours_a", first.mean), pl.Series("hours_b", second.mean))
    steps = means.with_columns(
        pl.when(pl.col("stop").is_null()).then(pl.lit("step")).otherwise(pl.lit("stop")).alias("kind"),
        pl.Series("difference", difference),
        pl.Series("low", low),
        pl.Series("high", high),
    )
    alike = like_for_like(cells_a, counts_a, cells_b, counts_b)
    alike = alike.join(means, on=cell, how="left", nulls_equal=True)
    return Comparison(steps=_in_words(snapshot, steps), alike=_in_words(snapshot, alike), total=_total(all_a, all_b))


def _in_words(snapshot: Snapshot, parts: pl.DataFrame) -> pl.DataFrame:
    return (
        named(parts, activity_names(snapshot), "activity_id", "step")
        .select(
            pl.coalesce("stop", "step").alias("activity"),
            "kind",
            pl.col("hours_a", "hours_b", "difference", "low", "high").fill_nan(None),
        )
        .sort([pl.col("difference").abs(), "activity"], descending=[True, False], nulls_last=True)
    )


@dataclass(frozen=True)
class _Mean:
    """Means in hours over n dossiers, from sums in seconds."""

    n: float
    seconds: Floats
    squares: Floats

    @property
    def mean(self) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.seconds / SECONDS_PER_HOUR / self.n, dtype=np.float64)

    @property
    def variance_of_mean(self) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            squares = self.squares / SECONDS_PER_HOUR**2 - self.n * self.mean**2
            return np.asarray(np.maximum(squares, 0) / (self.n - 1) / self.n, dtype=np.float64)


def _welch(first: _Mean, second: _Mean) -> tuple[Floats, Floats, Floats]:
    """The difference of the means, second less first, with its bounds; nan where a side has too few."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = first.variance_of_mean, second.variance_of_mean
        freedom = (one + other) ** 2 / (one**2 / (first.n - 1) + other**2 / (second.n - 1))
        enough = first.n > 1 and second.n > 1
        half = special.stdtrit(freedom, 0.5 + CONFIDENCE / 2) * np.sqrt(one + other)
        # Without any spread the difference is known for certain.
        half = np.where(one + other > 0, half, 0.0) if enough else np.full_like(one, np.nan)
    difference = second.mean - first.mean
    return difference, difference - half, difference + half


def _sums(snapshot: Snapshot, side: Side, as_of: dt.date | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """By procedure: `activity_id, stop, seconds, seconds_sq`, and `dossiers, office_seconds, office_seconds_sq`."""
    scope = scope_of(snapshot, side.window, filters=side.filters, as_of=as_of, by=("procedure",))
    parts = step_sums(scope, squares=True).join(scope.groups, on="group_id", how="left")
    whole = closed_sums(scope).join(scope.groups, on="group_id", how="left")
    return (
        parts.select(
            "procedure", pl.col("activity_id").cast(pl.Int64), "stop", pl.col("seconds").cast(pl.Float64), "seconds_sq"
        ),
        whole.select("procedure", pl.col("dossiers", "office_seconds", "office_seconds_sq").cast(pl.Float64)),
    )


def _total(all_a: dict[str, float], all_b: dict[str, float]) -> Total:
    first, second = (
        _Mean(one["dossiers"], np.array([one["office_seconds"]]), np.array([one["office_seconds_sq"]]))
        for one in (all_a, all_b)
    )
    difference, low, high = _welch(first, second)

    def known(value: Floats) -> float | None:
        return None if np.isnan(value[0]) else float(value[0])

    return Total(
        hours_a=known(first.mean),
        hours_b=known(second.mean),
        difference=known(difference),
        low=known(low),
        high=known(high),
        dossiers_a=int(all_a["dossiers"]),
        dossiers_b=int(all_b["dossiers"]),
    )
