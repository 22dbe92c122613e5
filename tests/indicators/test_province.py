"""A province is called what it is on the day."""

from __future__ import annotations

import datetime as dt

import pytest

from indicators.province import province_in_text, whole_name


@pytest.mark.parametrize(
    ("code", "name", "day", "whole", "in_text"),
    [
        ("25", "Phú Thọ", "2026-11-22", "Toàn tỉnh", "tỉnh Phú Thọ"),
        ("31", "Hải Phòng", "2025-07-01", "Toàn thành phố", "thành phố Hải Phòng"),
        ("31", "Thành phố Hải Phòng", "2025-07-01", "Toàn thành phố", "thành phố Hải Phòng"),
        ("75", "Đồng Nai", "2026-04-29", "Toàn tỉnh", "tỉnh Đồng Nai"),
        ("75", "Đồng Nai", "2026-04-30", "Toàn thành phố", "thành phố Đồng Nai"),
    ],
)
def test_a_province_is_called_what_it_is_on_the_day(code: str, name: str, day: str, whole: str, in_text: str) -> None:
    on = dt.date.fromisoformat(day)
    assert whole_name(code, on) == whole
    assert province_in_text(code, name, on) == in_text
