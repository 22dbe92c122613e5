"""The calendar against the field's own test vectors, and the properties a calendar must have."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.calendar import Calendar, load_calendar
from etl.errors import DataError

CALENDAR = load_calendar()
DAYS = st.dates(dt.date(2021, 1, 4), dt.date(2027, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2021, 1, 1), dt.datetime(2027, 12, 31))


def add(day: str, term: int, calendar: Calendar = CALENDAR) -> str:
    return str(calendar.add_working_days(np.array([day], "datetime64[D]"), term)[0])


@pytest.mark.parametrize(
    ("received", "term", "due"),
    [
        ("2025-04-25", 5, "2025-05-06"),
        ("2025-08-29", 1, "2025-09-03"),
        ("2026-01-09", 1, "2026-01-10"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-08-21", 3, "2026-08-25"),
        ("2026-11-23", 1, "2026-11-25"),
    ],
)
def test_terms_end_on_the_days_that_the_field_worked_out(received: str, term: int, due: str) -> None:
    assert add(received, term) == due


@pytest.mark.parametrize(
    ("year", "by_month"),
    [
        (2025, [17, 20, 21, 21, 20, 21, 23, 21, 20, 23, 20, 23]),
        (2026, [21, 15, 22, 20, 20, 22, 23, 21, 20, 22, 20, 23]),
    ],
)
def test_working_days_by_month_agree_with_the_published_counts(year: int, by_month: list[int]) -> None:
    days = CALENDAR.days.filter(pl.col("day").dt.year() == year)
    months = days.group_by(pl.col("day").dt.month()).agg(pl.col("is_working").sum()).sort("day")
    assert months["is_working"].to_list() == by_month


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-20T14:59", "2026-11-20"),
        ("2026-11-20T15:00", "2026-11-23"),
        ("2026-11-23T15:30", "2026-11-25"),
        ("2026-11-21T09:00", "2026-11-23"),
        ("2026-11-21T16:00", "2026-11-23"),
    ],
)
def test_a_same_day_procedure_follows_the_three_o_clock_rule(received: str, due: str) -> None:
    found = CALENDAR.due_days(np.array([received], "datetime64[us]"), np.array([0]), np.array([True]))
    assert str(found[0]) == due


def test_working_minutes_of_a_hand_worked_case() -> None:
    # Friday 10:00 to 11:30 = 90, Friday afternoon 240, Monday 13:00 to 14:15 = 75 after a morning of 240.
    start, end = np.array(["2026-11-20T10:00"], "datetime64[us]"), np.array(["2026-11-23T14:15"], "datetime64[us]")
    assert CALENDAR.working_minutes(start, end)[0] == 90 + 240 + 240 + 75


@given(DAYS, st.integers(1, 60))
def test_counting_undoes_adding(day: dt.date, term: int) -> None:
    start = np.array([day], "datetime64[D]")
    assert CALENDAR.count_working_days(start, CALENDAR.add_working_days(start, term))[0] == term


@given(DAYS, st.integers(0, 60))
def test_a_term_ends_on_a_working_day_and_a_longer_term_not_earlier(day: dt.date, term: int) -> None:
    start = np.array([day], "datetime64[D]")
    due = CALENDAR.add_working_days(start, term)
    assert CALENDAR.is_working(due[0].astype(dt.date))
    assert due[0] <= CALENDAR.add_working_days(start, term + 1)[0]


@given(MOMENTS, MOMENTS, MOMENTS)
def test_working_minutes_add_up(first: dt.datetime, second: dt.datetime, third: dt.datetime) -> None:
    a, b, c = (np.array([moment], "datetime64[us]") for moment in sorted([first, second, third]))
    assert CALENDAR.working_minutes(a, b) + CALENDAR.working_minutes(b, c) == CALENDAR.working_minutes(a, c)
    assert 0 <= CALENDAR.working_minutes(a, b) <= (b - a).astype("timedelta64[m]").astype(int) + 1


def test_a_province_adds_its_own_days_and_hours() -> None:
    own = load_calendar(
        days_off=[dt.date(2026, 3, 2)], workdays=[dt.date(2026, 3, 7)], hours=["08:00-12:00", "13:30-17:00"]
    )
    assert own.minutes_per_day == 450
    assert not own.is_working(dt.date(2026, 3, 2))
    assert own.is_working(dt.date(2026, 3, 7))


@pytest.mark.parametrize("hours", [["08:00-12:00", "11:00-17:00"], ["12:00-08:00"], ["sáng"], [], ["08:00-25:00"]])
def test_hours_that_make_no_sense_are_refused_in_words(hours: list[str]) -> None:
    with pytest.raises(DataError, match="hours"):
        load_calendar(hours=hours)
