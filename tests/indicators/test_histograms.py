"""Durations from counts on the grid against the same from the dossiers' rows, over random questions."""

from __future__ import annotations

from math import floor
from typing import Any

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from indicators import CATALOGUE, Filters, compute
from indicators.figures import Quantile, Throughput
from tests.builders import COMMUNES, Row
from tests.indicators import oracle
from tests.indicators.strategies import AS_OF, DAYS, provinces
from tests.indicators.test_against_oracle import answer_of, questions, snapshot_of, unhurried
from warehouse import TABLES_SQL

ALL_IDS = [i.id for i in CATALOGUE]
DAY_MINUTES = {"processing_minutes": 480, "elapsed": 1440}
QUANTILES = {i.id: DAY_MINUTES[i.figure.duration] for i in CATALOGUE if isinstance(i.figure, Quantile)}
THROUGHPUT = [i.id for i in CATALOGUE if isinstance(i.figure, Throughput)]
# Besides the step: durations are rounded to whole minutes before they are counted.
ROUNDING = 0.5


def width(minutes: float, minutes_per_day: int) -> int:
    """The grid that docs/architecture.md states."""
    if minutes < 60:
        return 1
    return 3 if minutes < minutes_per_day else minutes_per_day // 20


def step(minutes: float, minutes_per_day: int) -> int:
    """The lower end of the step that a duration lies on, by counting steps from 0."""
    whole, starts = floor(minutes + 0.5), 0
    while starts + width(starts, minutes_per_day) <= whole:
        starts += width(starts, minutes_per_day)
    return starts


def resolution(days: float, minutes_per_day: int) -> float:
    """How far a dossier's place among the counts may lie from its duration, in days."""
    minutes = days * minutes_per_day
    return (ROUNDING + width(minutes + ROUNDING, minutes_per_day) - 1) / minutes_per_day


@given(provinces, st.lists(questions(), min_size=5, max_size=5))
@unhurried
def test_counts_answer_as_rows_do_to_the_stated_resolution(dossiers: list[Row], asked: list[dict[str, Any]]) -> None:
    intervals = [f"{name}{part}" for name in (*QUANTILES, *THROUGHPUT) for part in ("", "_low", "_high")]
    with snapshot_of(dossiers) as snapshot:
        for question in asked:
            options = {"filters": Filters(**question["kept"]), **question["dates"]}
            counted = compute(snapshot, ALL_IDS, question["by"], **options)
            exact = compute(snapshot, ALL_IDS, question["by"], **options, exact=True)
            assert_frame_equal(counted.select(pl.exclude(intervals)), exact.select(pl.exclude(intervals)))
            for name, minutes_per_day in QUANTILES.items():
                for found, expected in zip(parts_of(counted, name), parts_of(exact, name), strict=True):
                    # Of the two dossiers that the value lies between, the slower is no slower than `high`.
                    slowest = expected[-1]
                    for one, other in zip(found, expected, strict=True):
                        assert one == other or abs(one - other) <= resolution(slowest, minutes_per_day) + 1e-9, name


def parts_of(frame: pl.DataFrame, name: str) -> list[tuple[float | None, ...]]:
    return frame.select(name, f"{name}_low", f"{name}_high").rows()


@given(provinces, st.lists(questions(), min_size=5, max_size=5))
@unhurried
def test_the_curve_of_open_dossiers_is_that_of_the_durations_on_their_steps(
    dossiers: list[Row], asked: list[dict[str, Any]]
) -> None:
    province = oracle.Province(dossiers, COMMUNES, AS_OF.date(), DAYS, snap=lambda minutes: step(minutes, 480))
    with snapshot_of(dossiers) as snapshot:
        for question in asked:
            by, kept, dates = question["by"], question["kept"], question["dates"]
            found = answer_of(snapshot, THROUGHPUT, by, filters=Filters(**kept), **dates)
            expected = oracle.rows(province, THROUGHPUT, by, filters=kept, **dates)
            assert found.keys() == expected.keys()
            for key, answer in expected.items():
                for name in THROUGHPUT:
                    assert found[key][f"{name}_n"] == answer[f"{name}_n"]
                    value = found[key][name]
                    assert (value if value is None else step(value * 480, 480) / 480) == answer[name], (key, name)


@given(st.integers(0, 200_000), st.integers(60, 1440))
@settings(max_examples=200, deadline=None)
def test_the_grid_of_the_tables_is_the_one_stated(minutes: int, minutes_per_day: int) -> None:
    sql = "select duration_step($minutes, $day), duration_width(duration_step($minutes, $day), $day)"
    starts, wide = grid.execute(sql, {"minutes": minutes, "day": minutes_per_day}).fetchall()[0]
    assert starts <= minutes < starts + wide
    assert wide == width(minutes, minutes_per_day)


grid = duckdb.connect()
for _statement in duckdb.extract_statements(TABLES_SQL.read_text(encoding="utf-8")):
    if "create macro" in _statement.query:
        grid.execute(_statement)
