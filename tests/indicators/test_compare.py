"""Two windows side by side: what moved, whether it is more than chance, and whether it is good."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from indicators import Filters, Window
from indicators.compare import compare
from tests.builders import Row, dossier
from tests.indicators.conftest import Open

JULY = Window(dt.date(2025, 7, 1), dt.date(2025, 7, 31))
AUGUST = Window(dt.date(2025, 8, 1), dt.date(2025, 8, 31))
JUNE = Window(dt.date(2025, 6, 1), dt.date(2025, 6, 30))


def month_of(month: int, *, in_time: int, late: int, **options: str) -> list[Row]:
    """So many dossiers received and resolved in a month, spread over its days."""
    rows = []
    for number in range(in_time + late):
        day = dt.datetime(2025, month, 1 + number % 28, 8)
        due = day if number < in_time else day - dt.timedelta(days=1)
        rows.append(dossier(received_at=day, due_at=due, finished_at=day + dt.timedelta(hours=1), **options))
    return rows


def row(frame: pl.DataFrame, indicator: str) -> Row:
    return frame.row(by_predicate=pl.col("indicator") == indicator, named=True)


def test_a_rate_that_fell_by_more_than_chance_is_significant_and_worse(snapshot_of: Open) -> None:
    snapshot = snapshot_of(month_of(7, in_time=95, late=5) + month_of(8, in_time=70, late=30))
    found = row(compare(snapshot, ["on_time_rate_ii06"], AUGUST, JULY), "on_time_rate_ii06")
    assert (found["value"], found["reference"]) == (0.70, 0.95)
    assert found["difference"] == pytest.approx(-0.25)
    assert found["low"] < -0.25 < found["high"] < 0
    assert (found["significant"], found["direction"]) == (True, "worse")


def test_the_same_difference_among_few_dossiers_is_not_significant(snapshot_of: Open) -> None:
    snapshot = snapshot_of(month_of(7, in_time=18, late=2) + month_of(8, in_time=14, late=6))
    found = row(compare(snapshot, ["on_time_rate_ii06"], AUGUST, JULY), "on_time_rate_ii06")
    assert found["n"] == found["reference_n"] == 20
    assert not found["significant"]


def test_below_the_smallest_n_nothing_is_tested(snapshot_of: Open) -> None:
    snapshot = snapshot_of(month_of(7, in_time=19, late=0) + month_of(8, in_time=0, late=19))
    found = row(compare(snapshot, ["on_time_rate_ii06"], AUGUST, JULY), "on_time_rate_ii06")
    assert (found["difference"], found["p_value"], found["significant"]) == (-1.0, None, False)


def each_working_day(month: int, n: int) -> list[Row]:
    days = [dt.datetime(2025, month, day, 8) for day in range(1, 31)]
    return [dossier(received_at=day) for day in days if day.weekday() < 5 for _number in range(n)]


def test_counts_are_compared_per_working_day(snapshot_of: Open) -> None:
    """June has 21 working days and July 23: one a day is no change, two a day is one."""
    same = snapshot_of(each_working_day(6, 1) + each_working_day(7, 1))
    assert row(compare(same, ["received"], JULY, JUNE), "received")["p_value"] > 0.9
    more = snapshot_of(each_working_day(6, 1) + each_working_day(7, 2))
    found = row(compare(more, ["received"], JULY, JUNE), "received")
    assert (found["significant"], found["direction"]) == (True, "neutral")


def test_a_count_that_comes_in_heaps_needs_a_larger_change(snapshot_of: Open) -> None:
    steady = snapshot_of(each_working_day(7, 4) + each_working_day(8, 6))
    assert row(compare(steady, ["received"], AUGUST, JULY), "received")["significant"]
    heaps = [dossier(received_at="2025-07-03 08:00") for _number in range(22 * 4)]
    heaps += [dossier(received_at="2025-08-14 08:00") for _number in range(21 * 6)]
    assert not row(compare(snapshot_of(heaps), ["received"], AUGUST, JULY), "received")["significant"]


def test_longer_times_are_worse(snapshot_of: Open) -> None:
    rows = [
        dossier(received_at=f"2025-{month:02d}-0{1 + i % 5} 08:00", finished_at=f"2025-{month:02d}-0{6 + i % 3} 08:00")
        | {"processing_minutes": 480 * (i % 4 + (4 if month == 8 else 0))}
        for month in (7, 8)
        for i in range(120)
    ]
    ids = ["processing_days_p50", "processing_days_mean"]
    frame = compare(snapshot_of(rows), ids, AUGUST, JULY)
    for name in ids:
        assert (row(frame, name)["significant"], row(frame, name)["direction"]) == (True, "worse")


def test_a_reference_before_the_first_receipt_is_no_reference(snapshot_of: Open) -> None:
    snapshot = snapshot_of(month_of(7, in_time=30, late=0))
    for found in compare(snapshot, ["received", "on_time_rate_ii06"], JULY, JUNE).to_dicts():
        assert found["reference"] is None
        assert (found["significant"], found["direction"]) == (False, "neutral")


def test_each_commune_is_compared_with_itself(snapshot_of: Open) -> None:
    rows = month_of(7, in_time=50, late=0) + month_of(8, in_time=25, late=25)
    rows += month_of(7, in_time=50, late=0, commune_code="08521") + month_of(
        8, in_time=50, late=0, commune_code="08521"
    )
    frame = compare(snapshot_of(rows), ["on_time_rate_ii06"], AUGUST, JULY, by="commune")
    assert dict(frame.select("commune", "significant").iter_rows()) == {
        "08230": False,
        "08521": False,
        "08674": False,
        "08740": True,
    }


def test_filters_hold_for_both_windows(snapshot_of: Open) -> None:
    rows = month_of(7, in_time=30, late=0, channel="online") + month_of(8, in_time=20, late=0, channel="online")
    snapshot = snapshot_of(rows + month_of(8, in_time=40, late=0))
    found = row(compare(snapshot, ["received"], AUGUST, JULY, Filters(channel=("online",))), "received")
    assert (found["value"], found["reference"]) == (20, 30)
