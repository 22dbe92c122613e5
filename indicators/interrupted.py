"""What an event changed: a segmented regression over weeks, on an equal mix of procedures and channels.

The weekly share of dossiers resolved in time follows a binomial model (logit), the mean working days a linear one
weighted by dossiers; each has a level, a trend, a step at the event, a term for weeks about Tết and one for short
weeks. What the mix of the week makes one expect is an offset. Its variance is the larger of the over-dispersed one and
that of Newey and West (1987), which allows for weeks that follow one another. Source: Wagner et al., "Segmented
regression analysis of interrupted time series studies", J Clin Pharm Ther 27 (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special, stats

from indicators.dated_events import DatedEvent
from indicators.filters import Filters
from indicators.flows import flow_measures
from indicators.scope import Scope
from indicators.statistics import CONFIDENCE, Floats
from indicators.windows import Window, bucket_label, bucket_window
from warehouse import Snapshot

Measure = Literal["on_time", "processing_days"]
# Weeks that a level before and after must be known from, and dossiers that a week must have.
LEAST_BEFORE, LEAST_AFTER, LEAST_DURING, LEAST_CASES = 12, 6, 1, 5
_LAGS = 3
_ROUNDS = 50
_RESOLVED = ("resolved_early", "resolved_on_time", "resolved_late")


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Mean difference over the weeks after the event (of a passing one: during it) to what the model says without it.

    A difference of rates, or working days; `without` and `with_event` are the two means.
    """

    value: float
    low: float
    high: float
    p_value: float
    without: float
    with_event: float
    weeks_before: int
    weeks_after: int

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


def weekly(snapshot: Snapshot, window: Window, filters: Filters, measure: Measure) -> pl.DataFrame:
    """`starts, n, value, expected, working_days` of each whole week of the window with dossiers.

    `value` is the share on time or the mean working days; `expected` the same at the rates that the whole province has
    over the window, for the week's procedures and channels.
    """
    mix = ("procedure", "channel")
    asked = (*_RESOLVED, "processing_n", "processing_minutes")
    scope = Scope(snapshot, ("week", *mix), filters, window)
    whole = Scope(snapshot, mix, filters.of_whole_province(), window)
    mine, all_of_them = (
        flow_measures(one, asked).join(one.groups, on="group_id", how="left", validate="m:1") for one in (scope, whole)
    )
    sums = (
        {"n": pl.sum_horizontal(_RESOLVED), "cases": pl.col("resolved_early") + pl.col("resolved_on_time")}
        if measure == "on_time"
        else {"n": pl.col("processing_n"), "cases": pl.col("processing_minutes") / snapshot.info.minutes_per_day}
    )
    rates = all_of_them.with_columns(**sums).filter(pl.col("n") > 0).select(*mix, rate=pl.col("cases") / pl.col("n"))
    rows = (
        mine.with_columns(**sums)
        .filter(pl.col("n") > 0)
        .join(rates, on=list(mix), how="left", validate="m:1", nulls_equal=True)
        .group_by("bucket")
        .agg(cases=pl.col("cases").sum(), at_mix=(pl.col("n") * pl.col("rate")).sum(), n=pl.col("n").sum())
        .join(scope.buckets, on="bucket")
        .join(scope.working_days, on="bucket")
        .sort("bucket")
    )
    whole_week = (pl.col("ends") - pl.col("starts")).dt.total_days() == 6
    return rows.filter(whole_week, pl.col("n") >= LEAST_CASES).select(
        "starts",
        "n",
        value=pl.col("cases") / pl.col("n"),
        expected=pl.col("at_mix") / pl.col("n"),
        working_days="working_days",
    )


def effect_of(
    weeks: pl.DataFrame, event: DatedEvent, holidays: Sequence[DatedEvent], measure: Measure
) -> Effect | None:
    """The event's effect in a frame of `weekly`; None where too few weeks are known on one side.

    A week in which a lasting event begins on another day than Monday is left out: it belongs to neither side.
    """
    starts = weeks["starts"].to_list()
    windows = [bucket_window("week", bucket_label("week", day)) for day in starts]
    touched = np.array([one.starts <= event.window.ends and one.ends >= event.window.starts for one in windows])
    after = touched if event.is_passing else np.array([one.starts >= event.starts for one in windows])
    mixed = np.zeros(len(starts), bool) if event.is_passing else touched & ~after
    about_tet = np.array([any(_is_about(one, holiday.window) for holiday in holidays) for one in windows], dtype=bool)
    kept = ~mixed
    before_n, after_n = int((kept & ~after).sum()), int((kept & after).sum())
    if before_n < LEAST_BEFORE or after_n < (LEAST_DURING if event.is_passing else LEAST_AFTER):
        return None
    return estimate(
        value=weeks["value"].to_numpy()[kept],
        n=weeks["n"].to_numpy()[kept].astype(np.float64),
        expected=weeks["expected"].to_numpy()[kept],
        after=after[kept],
        time=np.flatnonzero(kept).astype(np.float64),
        covariates=np.stack([about_tet[kept], weeks["working_days"].to_numpy()[kept] < 5], axis=1).astype(float),
        measure=measure,
    )


def _is_about(week: Window, holiday: Window) -> bool:
    """Whether the week touches a long holiday or the week on either side of it."""
    return (week.ends - holiday.starts).days >= -7 and (week.starts - holiday.ends).days <= 7


def estimate(
    *,
    value: Floats,
    n: Floats,
    expected: Floats,
    after: NDArray[np.bool_],
    time: Floats,
    covariates: Floats,
    measure: Measure,
) -> Effect:
    """The step at the event and its interval, from one row a week."""
    step = np.asarray(after, dtype=np.float64)
    others = [column for column in covariates.T if 0 < column.sum() < len(column) and not np.array_equal(column, step)]
    design = np.stack([np.ones_like(step), step, (time - time.mean()) / max(np.ptp(time), 1), *others], axis=1)
    if measure == "on_time":
        offset = special.logit(np.clip(expected, 0.005, 0.995))
        beta, covariance = logistic(design, value, n, offset)
    else:
        offset = expected
        beta, covariance = linear(design, value - expected, n)
    at = step > 0
    eta_with = (design @ beta + offset)[at]
    eta_without = eta_with - beta[1]
    weights = n[at] / n[at].sum()
    if measure == "on_time":
        with_event, without = (special.expit(eta) for eta in (eta_with, eta_without))
        other = design[at].copy()
        other[:, 1] = 0
        gradient = weights @ (
            (with_event * (1 - with_event))[:, None] * design[at] - (without * (1 - without))[:, None] * other
        )
    else:
        with_event, without = eta_with, eta_without
        gradient = np.zeros(len(beta))
        gradient[1] = 1.0
    difference = float(weights @ (with_event - without))
    error = float(np.sqrt(max(gradient @ covariance @ gradient, 0)))
    freedom = max(len(value) - design.shape[1], 1)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    return Effect(
        value=difference,
        low=difference - half,
        high=difference + half,
        p_value=float(2 * stats.t.sf(abs(difference) / error, freedom)) if error > 0 else float(difference == 0),
        without=float(weights @ without),
        with_event=float(weights @ with_event),
        weeks_before=int((~at).sum()),
        weeks_after=int(at.sum()),
    )


def logistic(design: Floats, rate: Floats, n: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Coefficients of a binomial regression with an offset (iteratively reweighted), and their covariance."""
    # Half a case spread over all weeks keeps the fit finite where nothing was ever late (Firth's remedy in brief).
    share = 0.5 / len(n)
    smooth, size = (rate * n + share / 2) / (n + share), n + share
    beta = np.zeros(design.shape[1])
    for _round in range(_ROUNDS):
        mean = special.expit(design @ beta + offset)
        variance = np.maximum(size * mean * (1 - mean), 1e-10)
        information = design.T @ (variance[:, None] * design) + 1e-9 * np.eye(len(beta))
        change = np.linalg.solve(information, design.T @ (size * (smooth - mean)))
        beta = beta + np.clip(change, -5, 5)
        if np.abs(change).max() < 1e-10:
            break
    mean = special.expit(design @ beta + offset)
    variance = np.maximum(size * mean * (1 - mean), 1e-10)
    return beta, _covariance(design, size * (smooth - mean), variance)


def linear(design: Floats, value: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Coefficients of a weighted least-squares regression, and their covariance."""
    normal = design.T @ (weights[:, None] * design)
    beta = np.asarray(np.linalg.solve(normal, design.T @ (weights * value)), dtype=np.float64)
    return beta, _covariance(design, weights * (value - design @ beta), weights)


def _covariance(design: Floats, scores: Floats, weights: Floats) -> Floats:
    """The larger of the over-dispersed covariance and Newey's and West's; `scores` are weighted residuals."""
    bread = np.linalg.inv(design.T @ (weights[:, None] * design))
    freedom = max(len(scores) - design.shape[1], 1)
    spread = float((scores**2 / weights).sum() / freedom)
    plain = spread * bread
    parts = scores[:, None] * design
    meat = parts.T @ parts
    for lag in range(1, min(_LAGS, len(scores) - 1) + 1):
        across = parts[lag:].T @ parts[:-lag]
        meat += (1 - lag / (_LAGS + 1)) * (across + across.T)
    robust = bread @ meat @ bread * len(scores) / freedom
    return np.asarray(robust if robust[1, 1] > plain[1, 1] else plain, dtype=np.float64)
