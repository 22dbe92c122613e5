"""One figure before and after a day: the change with an interval that allows for the mix and for weeks that differ.

Rates are compared at one mix of procedures and channels (Kitagawa, see `mix`), counts per working day, means and
quantiles as they are. Where the weeks of both windows vary by more than chance, the interval is wider by as much
(McCullagh and Nelder, "Generalized linear models", 1989, 4.5 and 6.2).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import special

from indicators.catalogue import Indicator, indicator
from indicators.compare import compare
from indicators.compute import compute
from indicators.figures import Count
from indicators.filters import Filters
from indicators.flows import CARRIED_OVER, STOCKS
from indicators.mix import LEAST_COVERED, MixCells, decompose
from indicators.scope import Scope
from indicators.statistics import (
    CONFIDENCE,
    Floats,
    Z,
    difference_interval,
    dispersion,
    dispersion_freedom,
    wilson,
)
from indicators.windows import Window
from warehouse import Snapshot

_STRATUM = ["field", "procedure", "channel"]
# How many cases at the rate of all a stratum of few cases is mixed with, so that 3 of 3 is not known for certain.
_BORROWED = 2.0
_DAYS_FOR_WEEKS = 28


@dataclass(frozen=True, kw_only=True)
class BeforeAfter:
    """A figure in two windows and its change with a 95 % interval, all in its own unit.

    Counts of events are per working day, counts of open dossiers those of each window's last day. Of rates `change` is
    that at the mix of the window after where `is_adjusted`; `plain` is the plain difference, `mix` what the mix
    explains of it (`plain = change + mix`). Null: not known (no data, or no interval).
    """

    before: float | None
    after: float | None
    before_n: int | None
    after_n: int | None
    plain: float | None
    change: float | None
    low: float | None
    high: float | None
    mix: float = 0.0
    is_adjusted: bool = False
    wider: float = 1.0


def before_after(
    snapshot: Snapshot, indicator_id: str, before: Window, after: Window, filters: Filters, *, as_of: dt.date
) -> BeforeAfter:
    """The change of an indicator from one window to another, both within `as_of`; UnknownIndicator for an unknown ID.

    A window before that the data do not reach back to leaves everything of it null.
    """
    declared = indicator(indicator_id)
    row = compare(snapshot, [indicator_id], after, before, filters, as_of=as_of).row(0, named=True)
    found = BeforeAfter(
        before=row["reference"],
        after=row["value"],
        before_n=row["reference_n"],
        after_n=row["n"],
        plain=row["difference"],
        change=row["difference"],
        low=row["low"],
        high=row["high"],
    )
    if row["reference"] is None or row["value"] is None:
        return replace(found, plain=None, change=None, low=None, high=None)
    windows = (before, after)
    if isinstance(declared.figure, Count):
        return _of_counts(snapshot, declared, windows, filters, (row["reference"], row["value"]), as_of)
    if declared.unit != "rate" or not declared.has_interval:
        return found
    cells = pl.concat(
        _cells(snapshot, indicator_id, window, filters, name, as_of)
        for window, name in zip(windows, ("before", "after"), strict=True)
    )
    weeks = [_weeks(snapshot, indicator_id, window, filters, as_of) for window in windows]
    counts = [(week[indicator_id] * week["n"]).round().to_numpy() for week in weeks]
    return rates_change(cells, counts, [week["n"].to_numpy() for week in weeks])


def is_stock(declared: Indicator) -> bool:
    """Whether a count is of dossiers that stand open, and not of what happened on days."""
    return isinstance(declared.figure, Count) and bool(declared.figure.measures & (STOCKS | {CARRIED_OVER}))


# ---- rates -----------------------------------------------------------------------------------------------------------


def rates_change(cells: pl.DataFrame, hits: list[Floats], cases: list[Floats]) -> BeforeAfter:
    """The change of a rate from its cells and from its weeks.

    `cells`: `commune` ("before", "after"), `field, procedure, channel, hits, n`. `hits` and `cases`: one array a
    window, an entry a week.
    """
    sides = {
        name: (float(part["hits"].sum()), float(part["n"].sum()))
        for name in ("before", "after")
        for part in [cells.filter(pl.col("commune") == name)]
    }
    values = {name: np.array([hit]) / np.array([n]) for name, (hit, n) in sides.items()}
    bounds = {name: wilson(np.array([hit]), np.array([n])) for name, (hit, n) in sides.items()}
    plain, low, high = (
        float(part[0])
        for part in difference_interval((values["after"], *bounds["after"]), (values["before"], *bounds["before"]))
    )
    change, mix, is_adjusted = plain, 0.0, False
    split = decompose(MixCells(cells=cells)).filter(pl.col("commune") == "after").row(0, named=True)
    if 1 - split["alone"] >= LEAST_COVERED and cells.select(_STRATUM).n_unique() > 1:
        change, mix, is_adjusted = split["own"], split["mix"], True
        spread = Z * np.sqrt(_expected_variance(cells))
        value, (value_low, value_high) = values["after"][0], (bound[0] for bound in bounds["after"])
        low = change - float(np.hypot(value - value_low, spread))
        high = change + float(np.hypot(value_high - value, spread))
    wider = _wider(*rate_dispersion(hits, cases))
    return BeforeAfter(
        before=float(values["before"][0]),
        after=float(values["after"][0]),
        before_n=round(sides["before"][1]),
        after_n=round(sides["after"][1]),
        plain=plain,
        change=change,
        low=change - wider * (change - low),
        high=change + wider * (high - change),
        mix=mix,
        is_adjusted=is_adjusted,
        wider=wider,
    )


def _expected_variance(cells: pl.DataFrame) -> float:
    """The variance of the rate before at the mix of after: strata of few cases lean on the rate of all of both."""
    overall = float(cells["hits"].sum()) / float(cells["n"].sum())
    both = cells.group_by(_STRATUM).agg(hits=pl.col("hits").sum(), n=pl.col("n").sum())
    rate = ((pl.col("hits") + _BORROWED * overall) / (pl.col("n") + _BORROWED)).alias("rate")
    after, before = (cells.filter(pl.col("commune") == name).drop("commune", "hits") for name in ("after", "before"))
    share = pl.col("n") / pl.col("n").sum()
    # What was not done before at all stands against the field or all of before: as sure as a rate of all its cases.
    base = pl.col("n_before").fill_null(float(before["n"].sum()))
    terms = (
        after.join(before, on=_STRATUM, how="left", suffix="_before", validate="1:1")
        .join(both.select(*_STRATUM, rate), on=_STRATUM, how="left", validate="1:1")
        .select((share**2 * pl.col("rate") * (1 - pl.col("rate")) / base).sum())
    )
    return float(terms.item())


def rate_dispersion(hits: list[Floats], cases: list[Floats]) -> tuple[float, float]:
    """How much more the weeks of a rate vary within each window than by chance (Pearson's statistic per degree of
    freedom, from 1), and the degrees of freedom; infinite where nothing can be estimated."""
    statistic, freedom = 0.0, 0
    for hit, case in zip(hits, cases, strict=True):
        expected = case * hit.sum() / max(case.sum(), 1.0)
        if len(case) > 1 and 0 < hit.sum() < case.sum():
            statistic += float(((hit - expected) ** 2 / (expected * (1 - expected / case))).sum())
            freedom += len(case) - 1
    return (max(1.0, statistic / freedom), float(freedom)) if freedom else (1.0, np.inf)


def _wider(spread: float, freedom: float) -> float:
    """By how much an interval widens; a dispersion that was estimated from few weeks asks for Student's t."""
    if spread <= 1:
        return 1.0
    quantile = Z if np.isinf(freedom) else float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2))
    return float(np.sqrt(spread)) * quantile / Z


def _cells(snapshot: Snapshot, name: str, window: Window, filters: Filters, side: str, as_of: dt.date) -> pl.DataFrame:
    frame = compute(
        snapshot, name, _STRATUM, filters=filters, date_from=window.starts, date_to=window.ends, as_of=as_of
    )
    n = pl.col(f"{name}_n").cast(pl.Float64)
    # Texts that are missing are a stratum like any other.
    return frame.filter(n > 0).select(
        pl.lit(side).alias("commune"), pl.col(_STRATUM).fill_null(""), hits=(pl.col(name) * n).round(), n=n
    )


def _weeks(snapshot: Snapshot, name: str, window: Window, filters: Filters, as_of: dt.date) -> pl.DataFrame:
    """`step, name, n` of the weeks of a window, in a short one of its days; those without a case left out."""
    step = _step(window)
    frame = compute(snapshot, name, step, filters=filters, date_from=window.starts, date_to=window.ends, as_of=as_of)
    return frame.select(step, name, n=pl.col(f"{name}_n").cast(pl.Float64)).filter(pl.col("n") > 0)


def _step(window: Window) -> str:
    return "week" if window.days >= _DAYS_FOR_WEEKS else "day"


# ---- counts ----------------------------------------------------------------------------------------------------------


def _of_counts(
    snapshot: Snapshot,
    declared: Indicator,
    windows: tuple[Window, Window],
    filters: Filters,
    totals: tuple[float, float],
    as_of: dt.date,
) -> BeforeAfter:
    counts, exposures = [], []
    for window in windows:
        scope = Scope(snapshot, (_step(window),), filters, window.clipped(as_of))
        days = scope.buckets.join(scope.working_days, on="bucket", validate="1:1").select(_step(window), "working_days")
        frame = compute(
            snapshot,
            declared.id,
            _step(window),
            filters=filters,
            date_from=window.starts,
            date_to=window.ends,
            as_of=as_of,
        ).join(days, on=_step(window), how="left", validate="1:1")
        counts.append(frame[declared.id].cast(pl.Float64).to_numpy())
        exposures.append(frame["working_days"].cast(pl.Float64).to_numpy())
    if is_stock(declared):
        exposures = [np.ones(len(count)) for count in counts]
        return counts_change(totals, (1.0, 1.0), counts, exposures)
    return counts_change(totals, (float(exposures[0].sum()), float(exposures[1].sum())), counts, exposures)


def counts_change(
    totals: tuple[float, float], days: tuple[float, float], counts: list[Floats], exposures: list[Floats]
) -> BeforeAfter:
    """The change of a count per day, from the totals and working days of both windows and their weeks.

    Exact Poisson bounds of each (Garwood 1936) of the totals divided by the dispersion, combined by MOVER.
    """
    empty = BeforeAfter(
        before=None, after=None, before_n=None, after_n=None, plain=None, change=None, low=None, high=None
    )
    if min(days) <= 0:
        return empty
    wider = _wider(dispersion(counts, exposures), dispersion_freedom(counts, exposures))
    sides = [_poisson(total, wider**2, day) for total, day in zip(totals, days, strict=True)]
    difference, low, high = (float(part[0]) for part in difference_interval(sides[1], sides[0]))
    return BeforeAfter(
        before=float(sides[0][0][0]),
        after=float(sides[1][0][0]),
        before_n=round(totals[0]),
        after_n=round(totals[1]),
        plain=difference,
        change=difference,
        # Without a case in either window nothing is known of the change.
        low=low if sum(totals) else None,
        high=high if sum(totals) else None,
        wider=wider,
    )


def _poisson(total: float, spread: float, days: float) -> tuple[Floats, Floats, Floats]:
    tail, seen = (1 - CONFIDENCE) / 2, total / spread
    low = special.gammaincinv(seen, tail) if seen > 0 else 0.0
    high = special.gammaincinv(seen + 1, 1 - tail)
    return tuple(np.array([value * spread / days]) for value in (seen, low, high))  # type: ignore[return-value]
