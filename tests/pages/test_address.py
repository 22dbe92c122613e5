"""A view and its address say the same, whatever the view."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.address import GRAINS, PARAMETERS, RARE, SCHEMES, STAGES, View, misread, read, write
from pages.parts.period import choices, read_date, resolve

words = st.text(
    st.characters(codec="utf-8", exclude_characters=" ", categories=("L", "N", "P")), min_size=1, max_size=12
)
several = st.lists(words, max_size=4, unique=True).map(tuple)
views = st.builds(
    View,
    period=words,
    date_from=st.none() | st.dates(),
    date_to=st.none() | st.dates(),
    communes=several,
    old_provinces=several,
    fields=several,
    procedures=several,
    channels=several,
    indicator=words,
    second_indicator=st.just("") | words,
    grain=st.sampled_from(GRAINS),
    scheme=st.sampled_from(SCHEMES),
    shown=st.sampled_from(["clear", "all"]),
    quantile=st.sampled_from(["p50", "p90"]),
    cohort=st.just("") | words,
    old_outlines=st.booleans(),
    refused_rule=st.just("") | words,
    refused_commune=st.just("") | words,
    warning_rule=st.just("") | words,
    warning_page=st.integers(1, 999_999),
    promised_by=st.sampled_from(["procedure", "commune"]),
    stage=st.sampled_from(STAGES),
    rare=st.sampled_from(RARE),
    turning_day=st.none() | st.dates(),
    step=st.just("") | words,
    snapshot=st.just("") | words,
    language=st.sampled_from(["vi", "en"]),
)


@given(views)
def test_a_view_comes_back_from_its_address(view: View) -> None:
    assert read(write(view)) == view


def test_every_part_of_a_view_has_a_parameter_of_its_own() -> None:
    assert set(PARAMETERS) == {field.name for field in fields(View)}
    assert len(set(PARAMETERS.values())) == len(PARAMETERS)


def test_the_default_view_needs_no_parameters() -> None:
    assert write(View()) == {}


@pytest.mark.parametrize(
    "parameters",
    [
        {"buoc": ["năm"]},
        {"tu": ["31/02/2025"]},
        {"la-gi": ["x"]},
        {"lang": ["fr"]},
        {"xa": ["", " "]},
        {"phan-lop": [""]},
        {"trang": ["0"]},
        {"trang": ["-1"]},
        {"trang": ["hai"]},
    ],
)
def test_what_cannot_be_understood_is_passed_over(parameters: dict[str, list[str]]) -> None:
    assert read(parameters) == View()


def test_an_address_names_each_commune_once() -> None:
    assert read({"xa": ["08740", "08740", "08521"]}).communes == ("08740", "08521")


@given(views)
def test_nothing_of_an_address_of_ours_is_misread(view: View) -> None:
    assert misread(write(view)) == []


def test_values_that_mean_nothing_are_told() -> None:
    parameters = {"buoc": ["năm"], "tu": ["31/02/2025"], "lang": ["xx"], "la-gi": ["x"], "xa": ["08740"], "ky": [""]}
    assert misread(parameters) == ["31/02/2025", "năm", "xx"]
    assert misread({"buoc": ["week"], "ranh-gioi-cu": ["0"], "lang": ["vi"]}) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/7/2025", dt.date(2025, 7, 1)),
        (" 01-07-2025 ", dt.date(2025, 7, 1)),
        ("1.7.25", dt.date(2025, 7, 1)),
        ("2025-07-01", dt.date(2025, 7, 1)),
        ("31/02/2025", None),
        ("hôm nay", None),
        ("", None),
        ("1/7", None),
    ],
)
def test_dates_are_read_as_people_type_them(text: str, day: dt.date | None) -> None:
    assert read_date(text) == day


AS_OF, FIRST = dt.date(2025, 9, 30), dt.date(2025, 7, 1)


def period(**view: Any) -> tuple[dt.date, dt.date]:
    found = resolve(View(**view), as_of=AS_OF, first=FIRST)
    return found.window.starts, found.window.ends


def test_the_period_of_a_view_is_found_by_its_key() -> None:
    assert period() == (dt.date(2025, 9, 1), AS_OF)
    assert period(period="2025-08") == (dt.date(2025, 8, 1), dt.date(2025, 8, 31))
    assert period(period="2025-Q3") == (dt.date(2025, 7, 1), AS_OF)
    assert period(period="report-2025-09") == (dt.date(2025, 8, 15), dt.date(2025, 9, 14))
    assert period(period="from_2025_07_01") == (dt.date(2025, 7, 1), AS_OF)


def test_a_period_never_reaches_past_the_data() -> None:
    assert period(period="custom", date_from=dt.date(2025, 9, 29), date_to=dt.date(2026, 1, 1)) == (
        dt.date(2025, 9, 29),
        AS_OF,
    )
    assert all(
        choice.window.ends <= AS_OF or choice.key in ("2025-Q3", "2025-09", "report-2025-10")
        for choice in choices(AS_OF, FIRST, "vi")
    )


@pytest.mark.parametrize(
    "view",
    [
        {"period": "ngày mai"},
        {"period": "2027-01"},
        {"period": "custom"},
        {"period": "custom", "date_from": dt.date(2025, 9, 2), "date_to": dt.date(2025, 9, 1)},
        {"period": "custom", "date_from": dt.date(2025, 10, 2), "date_to": dt.date(2025, 10, 3)},
        {"period": "custom", "date_from": dt.date(1999, 1, 1), "date_to": dt.date(1999, 12, 31)},
        {"period": "0001-01"},
        {"period": "report-0001-01"},
        {"period": "2025-06"},
    ],
)
def test_an_impossible_period_becomes_the_default(view: dict[str, Any]) -> None:
    assert period(**view) == period()


def test_a_typed_period_is_clipped_to_the_days_of_the_data() -> None:
    whole_of_time = {"date_from": dt.date.min, "date_to": dt.date.max}
    assert period(period="custom", **whole_of_time) == (FIRST, AS_OF)


def test_a_period_taken_in_stead_of_another_says_so() -> None:
    for asked, answered in (("2025-08", True), ("last_30_days", True), ("0001-01", False), ("xyz", False)):
        view = View(period=asked)
        assert resolve(view, as_of=AS_OF, first=FIRST).answers(view) is answered


def test_no_two_periods_share_a_key() -> None:
    keys = [choice.key for choice in choices(AS_OF, FIRST, "vi")]
    assert len(set(keys)) == len(keys)
