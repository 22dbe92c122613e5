"""Windows, their names, and what they are compared with."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import CallError, Window, last_year, presets, previous_window
from indicators.errors import WrongDates
from indicators.windows import TIME_DIMENSIONS, bucket_label, bucket_window

D = dt.date
days = st.dates(D(2020, 1, 1), D(2030, 12, 31))


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (D(2025, 7, 10), D(2025, 7, 16), Window(D(2025, 7, 3), D(2025, 7, 9))),
        (D(2025, 3, 1), D(2025, 3, 31), Window(D(2025, 2, 1), D(2025, 2, 28))),
        (D(2025, 1, 1), D(2025, 3, 31), Window(D(2024, 10, 1), D(2024, 12, 31))),
        (D(2025, 6, 15), D(2025, 7, 14), Window(D(2025, 5, 15), D(2025, 6, 14))),
        (D(2025, 1, 1), D(2025, 12, 31), Window(D(2024, 1, 1), D(2024, 12, 31))),
    ],
)
def test_the_previous_window_is_as_long_and_whole_months_stay_whole(starts: D, ends: D, expected: Window) -> None:
    assert previous_window(starts, ends) == expected


@given(days, st.integers(0, 800))
def test_the_previous_window_ends_on_the_day_before(starts: D, length: int) -> None:
    ends = starts + dt.timedelta(days=length)
    before = previous_window(starts, ends)
    assert before.ends == starts - dt.timedelta(days=1)
    assert abs(before.days - (length + 1)) <= 3


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (D(2025, 7, 10), D(2025, 7, 16), Window(D(2024, 7, 10), D(2024, 7, 16))),
        (D(2025, 2, 1), D(2025, 2, 28), Window(D(2024, 2, 1), D(2024, 2, 29))),
        (D(2024, 2, 29), D(2024, 3, 4), Window(D(2023, 2, 28), D(2023, 3, 4))),
    ],
)
def test_last_year_is_the_same_days_and_the_end_of_a_month_stays_its_end(starts: D, ends: D, expected: Window) -> None:
    assert last_year(starts, ends) == expected


@given(days, st.sampled_from(TIME_DIMENSIONS))
def test_a_bucket_holds_every_day_that_bears_its_label_and_no_other(day: D, dimension: str) -> None:
    label = bucket_label(dimension, day)
    window = bucket_window(dimension, label)
    assert window.starts <= day <= window.ends
    assert {bucket_label(dimension, inside) for inside in window} == {label}
    for outside in (window.starts - dt.timedelta(days=1), window.ends + dt.timedelta(days=1)):
        assert bucket_label(dimension, outside) != label


@pytest.mark.parametrize(
    ("dimension", "day", "label"),
    [
        ("week", D(2025, 6, 30), "2025-W27"),
        ("week", D(2027, 1, 1), "2026-W53"),
        ("quarter", D(2025, 7, 1), "2025-Q3"),
        ("report_month", D(2025, 6, 15), "2025-07"),
        ("report_month", D(2025, 7, 14), "2025-07"),
        ("report_month", D(2025, 12, 15), "2026-01"),
    ],
)
def test_buckets_are_named_as_the_reports_name_them(dimension: str, day: D, label: str) -> None:
    assert bucket_label(dimension, day) == label


@pytest.mark.parametrize("label", ["2025", "2025-W60", "2025-13", "x", "2025-Q5"])
def test_a_label_that_names_no_bucket_is_refused_with_a_sentence(label: str) -> None:
    for dimension in TIME_DIMENSIONS:
        with pytest.raises(CallError, match=label):
            bucket_window(dimension, label)


@given(days)
def test_no_preset_reaches_past_the_as_of_date(as_of: D) -> None:
    found = presets(as_of)
    assert all(preset.window.ends <= as_of for preset in found)
    assert len({preset.key for preset in found}) == len(found)


def test_presets_on_a_day_in_the_middle_of_everything() -> None:
    windows = {preset.key: preset.window for preset in presets(D(2026, 9, 20))}
    assert windows == {
        "from_2025_07_01": Window(D(2025, 7, 1), D(2026, 9, 20)),
        "this_month": Window(D(2026, 9, 1), D(2026, 9, 20)),
        "last_month": Window(D(2026, 8, 1), D(2026, 8, 31)),
        "last_30_days": Window(D(2026, 8, 22), D(2026, 9, 20)),
        "this_quarter": Window(D(2026, 7, 1), D(2026, 9, 20)),
        "this_year": Window(D(2026, 1, 1), D(2026, 9, 20)),
        "last_12_months": Window(D(2025, 9, 21), D(2026, 9, 20)),
        "report_month": Window(D(2026, 9, 15), D(2026, 9, 20)),
        "last_report_month": Window(D(2026, 8, 15), D(2026, 9, 14)),
    }


def test_a_window_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(WrongDates, match="02/07/2025"):
        Window(D(2025, 7, 2), D(2025, 7, 1))
