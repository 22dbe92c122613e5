"""What changed from one window to another, and whether it is more than chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl

from indicators.catalogue import Indicator, indicators
from indicators.compute import compute
from indicators.figures import Count
from indicators.filters import Filters
from indicators.flows import CARRIED_OVER, STOCKS
from indicators.statistics import difference_interval, dispersion, dispersion_freedom, rate_ratio_p, two_sided_p
from indicators.windows import Window
from warehouse import Snapshot

SIGNIFICANCE_LEVEL = 0.05
_ALL = Filters()
# Indicators by dimensions for a window, as `compute` gives them.
Ask = Callable[[Sequence[str], Sequence[str], Window], pl.DataFrame]


def compare(
    snapshot: Snapshot,
    ids: Iterable[str],
    window: Window,
    reference: Window,
    filters: Filters = _ALL,
    *,
    by: str | Sequence[str] = (),
    as_of: dt.date | None = None,
    answer: Ask | None = None,
) -> pl.DataFrame:
    """One row an indicator (and group), with the difference and whether it is more than chance.

    Columns: the dimensions, `indicator, value, value_low, value_high, n, reference, reference_n, difference, low, high,
    p_value, significant, direction`.

    `low` and `high` enclose the difference of rates, means and quantiles, which are tested once both n reach the
    indicator's smallest. Counts are tested per working day, chance widened to what their weeks (in short windows days)
    show; counts of open dossiers likewise, without the days. Ratios are not tested. `direction` is `better`, `worse` or
    `neutral`. A reference window that the data do not reach back to is no reference. `answer` gives the frames of
    `compute` in its place, for callers that keep them.
    """
    by = [by] if isinstance(by, str) else list(by)
    wanted = indicators(ids)
    names = [indicator.id for indicator in wanted]

    def computed(ids: Sequence[str], by: Sequence[str], window: Window) -> pl.DataFrame:
        starts, ends = window.starts, window.ends
        return compute(snapshot, ids, by, filters=filters, date_from=starts, date_to=ends, as_of=as_of)

    ask = answer or computed
    now = ask(names, by, window)
    before = ask(names, by, reference) if _is_known(snapshot, reference) else now.clear()
    both = now.join(before, on=by, how="left", suffix="_before", nulls_equal=True) if by else _side_by_side(now, before)
    counts = [indicator for indicator in wanted if isinstance(indicator.figure, Count)]
    steps = _Steps(snapshot, counts, by, (window, reference), as_of, ask)
    parts = [_changes(both, indicator, by, steps) for indicator in wanted]
    order = pl.col("indicator").replace_strict({name: place for place, name in enumerate(names)})
    return pl.concat(parts).sort([*by, order], nulls_last=True)


def _is_known(snapshot: Snapshot, reference: Window) -> bool:
    """Whether the data reach back to its start; days off before the first receipt are no gap."""
    if snapshot.first_receipt is None or reference.starts > snapshot.info.as_of.date():
        return False
    gap = "select 1 from calendar where day >= $starts and day < $first and is_working limit 1"
    return snapshot.query(gap, {"starts": reference.starts, "first": snapshot.first_receipt}).is_empty()


def _side_by_side(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    renamed = before.rename({name: f"{name}_before" for name in before.columns})
    if renamed.is_empty():
        renamed = renamed.clear(n=1)
    return pl.concat([now, renamed], how="horizontal")


def _changes(both: pl.DataFrame, indicator: Indicator, by: list[str], steps: _Steps) -> pl.DataFrame:
    name, nothing = indicator.id, np.full(len(both), np.nan)
    value, reference = _floats(both, name), _floats(both, f"{name}_before")
    found = {
        "value": value,
        "value_low": nothing,
        "value_high": nothing,
        "n": nothing,
        "reference": reference,
        "reference_n": nothing,
        "difference": value - reference,
        "low": nothing,
        "high": nothing,
        "p_value": nothing,
    }
    if isinstance(indicator.figure, Count):
        found["p_value"] = steps.p_values(indicator, both, value, reference)
    elif indicator.has_interval:
        found["n"], found["reference_n"] = n, reference_n = (
            _floats(both, f"{name}_n"),
            _floats(both, f"{name}_n_before"),
        )
        found["value_low"], found["value_high"] = low, high = (
            _floats(both, f"{name}_low"),
            _floats(both, f"{name}_high"),
        )
        bounds_before = _floats(both, f"{name}_low_before"), _floats(both, f"{name}_high_before")
        difference, low, high = difference_interval((value, low, high), (reference, *bounds_before))
        enough = (n >= indicator.min_n) & (reference_n >= indicator.min_n)
        found["low"], found["high"] = low, high
        found["p_value"] = np.where(enough, two_sided_p(difference, low, high), np.nan)
    frame = both.select(
        *by,
        pl.lit(name).alias("indicator"),
        *(pl.Series(column, values, dtype=pl.Float64, nan_to_null=True) for column, values in found.items()),
    )
    better = 1 if indicator.direction == "higher_is_better" else -1
    sign = pl.col("difference").sign().fill_null(0) * (0 if indicator.direction == "neutral" else better)
    return frame.with_columns(
        pl.col("n", "reference_n").cast(pl.Int64),
        significant=(pl.col("p_value") < SIGNIFICANCE_LEVEL).fill_null(False),
        direction=pl.when(sign > 0)
        .then(pl.lit("better"))
        .when(sign < 0)
        .then(pl.lit("worse"))
        .otherwise(pl.lit("neutral")),
    )


class _Steps:
    """The counts of both windows week by week, in a short one day by day: how much they vary by themselves."""

    def __init__(
        self,
        snapshot: Snapshot,
        counts: list[Indicator],
        by: list[str],
        windows: tuple[Window, Window],
        as_of: dt.date | None,
        ask: Ask,
    ) -> None:
        self._by = by
        self._series: list[pl.DataFrame] = []
        self._working_days: list[float] = []
        if not counts:
            return
        for window in windows:
            if not _is_known(snapshot, window):
                self._series.append(pl.DataFrame())
                self._working_days.append(0.0)
                continue
            step = "week" if window.days >= 28 else "day"
            frame = ask([i.id for i in counts], [step, *by], window)
            days = _working_days(snapshot, window, step, as_of)
            self._series.append(frame.join(days, on=step, how="left", validate="m:1"))
            self._working_days.append(float(days["working_days"].sum()))

    def p_values(
        self, indicator: Indicator, both: pl.DataFrame, value: np.ndarray, reference: np.ndarray
    ) -> np.ndarray:
        """For each row of the answer: the chance of such a difference where nothing has changed."""
        is_stock = bool(indicator.figure.measures & (STOCKS | {CARRIED_OVER}))
        found = []
        for row, key in enumerate(both.select(self._by).rows() if self._by else [()]):
            if np.isnan(reference[row]):
                found.append(np.nan)
                continue
            series = [self._of_group(frame, key) for frame in self._series]
            counts = [_floats(frame, indicator.id) for frame in series]
            exposures = [np.ones(len(frame)) if is_stock else _floats(frame, "working_days") for frame in series]
            first, second = (1.0, 1.0) if is_stock else self._working_days
            spread, freedom = dispersion(counts, exposures), dispersion_freedom(counts, exposures)
            found.append(rate_ratio_p(value[row], first, reference[row], second, spread, freedom))
        return np.array(found)

    def _of_group(self, frame: pl.DataFrame, key: tuple[object, ...]) -> pl.DataFrame:
        matches = [pl.col(name).eq_missing(pl.lit(value)) for name, value in zip(self._by, key, strict=True)]
        return frame.filter(*matches) if matches else frame


def _working_days(snapshot: Snapshot, window: Window, step: str, as_of: dt.date | None) -> pl.DataFrame:
    from indicators.scope import Scope

    known = window.clipped(min(as_of or dt.date.max, snapshot.info.as_of.date()))
    scope = Scope(snapshot, (step,), _ALL, known)
    return scope.buckets.join(scope.working_days, on="bucket", validate="1:1").select(step, "working_days")


def _floats(frame: pl.DataFrame, column: str) -> np.ndarray:
    return frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
