"""How many dossiers will be open in the coming weeks: only where past weeks show that it can be foretold at all.

The rule set against "as many as today" is a return to the mean of the last twelve weeks, by a share that the past
teaches for each number of weeks ahead. Both are tried on past weeks with only what was known then; the rule is kept
where its mean error is smaller by a twentieth. The band is drawn from its own past errors and holds four
fifths of what comes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from indicators.filters import Filters
from indicators.flows import flow_measures
from indicators.scope import Scope
from indicators.statistics import Floats
from indicators.windows import Window
from warehouse import Snapshot

WEEKS_AHEAD = 4
# Weeks that a mean is taken of, past weeks to learn from before the first trial, and trials that a verdict needs.
_MEAN_OF, _LEARN, LEAST_TRIALS = 12, 16, 20
_BETTER_BY = 0.95
# Past errors follow one another, so that they are fewer than they look: this share of them is drawn for the promise.
_BAND = 0.87


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How the rule and "as many as today" did on past weeks: mean absolute errors by weeks ahead, over `n` trials."""

    n: int
    errors: Floats
    naive_errors: Floats

    @property
    def is_better(self) -> bool:
        return bool(self.n >= LEAST_TRIALS and self.errors.mean() < _BETTER_BY * self.naive_errors.mean())


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Open dossiers at the end of each coming week, with the band of past errors."""

    value: Floats
    low: Floats
    high: Floats
    trial: Trial


def weekly_backlog(snapshot: Snapshot, on: dt.date, filters: Filters, *, first: dt.date) -> pl.DataFrame:
    """`ends, open`: open dossiers at the end of each whole week up to `on`."""
    scope = Scope(snapshot, ("week",), filters, Window(first, on))
    return (
        flow_measures(scope, ["open"])
        .join(scope.buckets, on="bucket")
        .filter((pl.col("ends") - pl.col("starts")).dt.total_days() == 6)
        .sort("ends")
        .select("ends", "open")
    )


def forecast(values: Floats) -> tuple[Forecast | None, Trial]:
    """The coming weeks, or None where the rule did no better than "as many as today"; and how both did."""
    values = np.asarray(values, dtype=np.float64)
    origins = range(_MEAN_OF + _LEARN, len(values) - WEEKS_AHEAD)
    missed, naive = [], []
    for origin in origins:
        known, truth = values[: origin + 1], values[origin + 1 : origin + 1 + WEEKS_AHEAD]
        missed.append(truth - _ahead(known))
        naive.append(truth - known[-1])
    if not missed:
        nothing = np.full(WEEKS_AHEAD, np.nan)
        return None, Trial(n=0, errors=nothing, naive_errors=nothing)
    errors = np.array(missed)
    trial = Trial(n=len(errors), errors=np.abs(errors).mean(axis=0), naive_errors=np.abs(np.array(naive)).mean(axis=0))
    if not trial.is_better:
        return None, trial
    value = _ahead(values)
    tail = (1 - _BAND) / 2
    low, high = (np.maximum(value + np.quantile(errors, share, axis=0), 0) for share in (tail, 1 - tail))
    return Forecast(value=np.maximum(value, 0), low=low, high=high, trial=trial), trial


def _ahead(known: Floats) -> Floats:
    """The rule's values for the weeks after the last known one."""
    means = np.convolve(known, np.ones(_MEAN_OF) / _MEAN_OF, mode="valid")
    away = known[_MEAN_OF - 1 :] - means
    kept = np.empty(WEEKS_AHEAD)
    for place in range(WEEKS_AHEAD):
        start = away[: -place - 1]
        later = known[_MEAN_OF + place :] - means[: -place - 1]
        squares = float((start**2).sum())
        kept[place] = np.clip(float((start * later).sum()) / squares, 0, 1) if squares > 0 else 1.0
    return np.asarray(means[-1] + kept * away[-1])
