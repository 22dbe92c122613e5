"""A forecast is given where it beats "as many as today", and its band holds what it promises."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from indicators.backlog import LEAST_TRIALS, WEEKS_AHEAD, forecast, weekly_backlog
from indicators.filters import Filters
from tests.builders import build_snapshot, dossier
from warehouse import open_snapshot


def returning(seed: int, weeks: int, *, following: float = 0.5) -> np.ndarray:
    """A backlog about 400 that returns to it."""
    generator = np.random.default_rng(seed)
    values = np.full(weeks, 400.0)
    for week in range(1, weeks):
        values[week] = 400 + following * (values[week - 1] - 400) + generator.normal(0, 20)
    return values


def test_a_returning_backlog_is_foretold_and_a_wandering_one_is_not() -> None:
    """Of 60 returning series 50 get a forecast at least; of 60 random walks 12 at most."""
    given = sum(forecast(returning(seed, 72))[0] is not None for seed in range(60))
    walks = (np.maximum(400 + np.random.default_rng(seed).normal(0, 20, 72).cumsum(), 0) for seed in range(60))
    wandering = sum(forecast(walk)[0] is not None for walk in walks)
    assert given >= 50
    assert wandering <= 12


def test_the_band_holds_four_fifths_and_the_error_is_smaller_than_staying() -> None:
    held, error, naive, runs = np.zeros(WEEKS_AHEAD), 0.0, 0.0, 0
    for seed in range(200):
        series = returning(seed, 76)
        found, _trial = forecast(series[:72])
        if found is None:
            continue
        truth = series[72:]
        held += (found.low <= truth) & (truth <= found.high)
        error += np.abs(truth - found.value).mean()
        naive += np.abs(truth - series[71]).mean()
        runs += 1
    assert runs > 150
    assert ((held / runs > 0.7) & (held / runs < 0.9)).all(), held / runs
    assert error < 0.95 * naive


def test_too_short_a_past_gives_no_forecast() -> None:
    found, trial = forecast(returning(1, 40))
    assert found is None and trial.n < LEAST_TRIALS
    assert forecast(np.full(10, 5.0))[1].n == 0
    assert forecast(np.full(80, 5.0))[0] is None, "nothing is better than as many as today"


def test_the_backlog_is_what_was_open_at_the_end_of_each_whole_week(tmp_path: Path) -> None:
    rows = [
        dossier(received_at="2025-07-08 08:00", finished_at="2025-07-16 09:00"),
        dossier(received_at="2025-07-09 08:00"),
        dossier(received_at="2025-07-15 08:00", commune_code="08230"),
    ]
    build_snapshot(tmp_path, dossiers=rows)
    snapshot = open_snapshot(tmp_path)
    first, on = dt.date(2025, 7, 1), dt.date(2025, 7, 23)
    assert weekly_backlog(snapshot, on, Filters(), first=first).rows() == [
        (dt.date(2025, 7, 13), 2),
        (dt.date(2025, 7, 20), 2),
    ]
    mine = weekly_backlog(snapshot, on, Filters(commune=("08740",)), first=first)
    assert mine["open"].to_list() == [2, 1]
