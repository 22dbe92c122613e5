"""Values as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.values import axis, difference_text, interval_text, rounded_value, ticks, value_text
from indicators import CATALOGUE, indicator

RATE, COUNT, DAYS = indicator("on_time_rate_ii06"), indicator("received"), indicator("processing_days_p50")
MINUTES = 480


@pytest.mark.parametrize(
    ("declared", "value", "text"),
    [
        (RATE, 0.97625, "97,6 %"),
        (COUNT, 1234, "1.234"),
        (DAYS, 3.24, "3,2 ngày làm việc"),
        (DAYS, 0.5, "4,0 giờ"),
        (DAYS, 0.02, "10 phút"),
        (indicator("calendar_days_p50"), 2.0, "2,0 ngày"),
        (indicator("on_time_ratio_adjusted"), 1.016, "1,02"),
        (indicator("per_1000_people"), 4.16, "4,2"),
        (RATE, None, "–"),
        (RATE, float("nan"), "–"),
    ],
)
def test_a_value_is_printed_with_its_unit(declared, value, text) -> None:
    assert value_text(declared, value, MINUTES) == text


def test_an_interval_names_its_unit_once_where_both_ends_share_it() -> None:
    assert interval_text(RATE, 0.914, 0.929, MINUTES) == "91,4–92,9 %"
    assert interval_text(DAYS, 0.2, 2.0, MINUTES) == "1,6 giờ – 2,0 ngày làm việc"
    assert interval_text(RATE, None, 0.9, MINUTES) == ""


@pytest.mark.parametrize(
    ("declared", "value", "before", "text"),
    [
        (RATE, 0.95, 0.919, "+3,1 điểm %"),
        (RATE, 0.9, 0.9, "0,0 điểm %"),
        (COUNT, 90, 100, "−10,0 %"),
        (COUNT, 5, 0, "+5"),
        (DAYS, 0.25, 0.5, "−2,0 giờ"),
        (DAYS, 3.0, 1.5, "+1,5 ngày làm việc"),
        (indicator("on_time_ratio_adjusted"), 1.0, 1.001, "0,00"),
    ],
)
def test_a_change_is_printed_in_the_words_of_its_unit(declared, value, before, text) -> None:
    assert difference_text(declared, value, before, MINUTES) == text


@given(st.sampled_from(CATALOGUE), st.floats(0, 1_000))
def test_rounding_does_not_change_what_is_printed(declared, value) -> None:
    assert value_text(declared, rounded_value(declared, value, MINUTES), MINUTES) == value_text(
        declared, value, MINUTES
    ) or (
        # Half way between two digits either may be printed.
        abs(rounded_value(declared, value, MINUTES) - value) < 0.06
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_enclose_the_values_and_are_few(low, span) -> None:
    marks = ticks(low, low + span)
    hair = 1e-6 * (span + abs(low))
    assert marks[0] <= low + hair
    assert marks[-1] >= low + span - hair
    assert 2 <= len(marks) <= 9
    assert marks == sorted(set(marks))


def test_an_axis_has_one_unit_that_suits_its_values() -> None:
    assert axis(RATE, [0.2, 0.9], MINUTES).text(0.5) == "50 %"
    assert axis(RATE, [0.97, 0.99], MINUTES).text(0.975) == "97,5 %"
    assert axis(DAYS, [0.1, 0.15], MINUTES).unit == "phút"
    assert axis(DAYS, [0.1, 1.2], MINUTES).unit == "giờ làm việc"
    assert axis(DAYS, [0.1, 12.0], MINUTES).unit == "ngày làm việc"
    assert axis(COUNT, [1, 2_000], MINUTES).text(2_000) == "2.000"
    assert axis(COUNT, [], MINUTES).text(1) == "1"
