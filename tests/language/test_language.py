"""Vietnamese text, numbers and dates as a Vietnamese reader expects them."""

from __future__ import annotations

import datetime as dt
import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from language import _, set_language
from language.formats import date, date_time, days, duration, number, percent, percentage_points
from language.text import fold, fold_expr, never_a_formula, sort_key

VIETNAMESE = st.text(st.sampled_from("aăâđeêioôơuưyAĂÂĐ bcdghklmnpqrstvx\u0300\u0301\u0303\u0309\u0323"), max_size=30)


@pytest.fixture(autouse=True)
def _vietnamese() -> None:
    set_language("vi")


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Phường  Phú Thọ", "phuong phu tho"), ("Đặc khu Hoàng Sa", "dac khu hoang sa"), ("  Ấm\tHạ ", "am ha")],
)
def test_folding_drops_marks_case_and_doubled_spaces(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(VIETNAMESE)
def test_a_column_is_folded_like_a_text(text: str) -> None:
    column = pl.DataFrame({"text": [text]}).select(fold_expr(pl.col("text")))["text"]
    assert column[0] == fold(text)


def test_names_sort_by_the_vietnamese_alphabet() -> None:
    names = ["Đức", "Ấp", "Dầu", "Ăn", "Đắk", "An", "Ân", "Dê", "Ô", "O", "Ơ", "Yên"]
    assert sorted(names, key=sort_key) == ["An", "Ăn", "Ân", "Ấp", "Dầu", "Dê", "Đắk", "Đức", "O", "Ô", "Ơ", "Yên"]


def test_tones_only_decide_between_equal_letters() -> None:
    assert sorted(["mạ", "má", "mã", "mà", "ma", "mả", "mab"], key=sort_key) == [
        *("ma", "mà", "mả", "mã", "má", "mạ", "mab")
    ]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (number(1234567.891, 1), "1.234.567,9"),
        (number(-0.001, 1), "0,0"),
        (number(-3), "−3"),
        (number(None), "–"),
        (number(float("nan")), "–"),
        (number(2, signed=True), "+2"),
        (percent(0.976), "97,6 %"),
        (percentage_points(-0.031), "−3,1 điểm %"),
        (date(dt.date(2026, 2, 3)), "03/02/2026"),
        (date_time(dt.datetime(2026, 2, 3, 8, 5)), "03/02/2026 08:05"),
        (duration(12, 480), "12 phút"),
        (duration(306, 480), "5,1 giờ"),
        (duration(1536, 480), "3,2 ngày làm việc"),
        (days(3.2), "3,2 ngày"),
        (days(0.5), "12,0 giờ"),
        (days(0.01), "14 phút"),
    ],
)
def test_figures_are_printed_as_a_vietnamese_paper_prints_them(printed: str, expected: str) -> None:
    assert printed == expected


def test_english_changes_the_separators_and_an_unknown_language_means_vietnamese() -> None:
    set_language("en")
    assert number(1234.5, 1) == "1,234.5"
    set_language("tlh")
    assert number(1234.5, 1) == "1.234,5"
    assert _("Tổng quan") == "Tổng quan"


def test_a_text_that_begins_like_a_formula_is_a_text_to_a_spreadsheet() -> None:
    given = ["=1+1", "+84 là đầu số", "@SUM(1)", "-Sở", "-5", "Sở = cơ quan", None]
    kept = pl.DataFrame({"text": given}).select(never_a_formula(pl.col("text")))["text"].to_list()
    assert kept == ["'=1+1", "'+84 là đầu số", "'@SUM(1)", "'-Sở", "-5", "Sở = cơ quan", None]
