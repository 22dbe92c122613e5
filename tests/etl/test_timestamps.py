"""Times in every shape that exports use come back; what leaves something open does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import DataError
from etl.values import TIMESTAMP, parse_timestamp

Moment = tuple[dt.datetime | None, bool | None]


def read(*texts: str | None, formats: tuple[str, ...] = (), timezone: str = "Asia/Ho_Chi_Minh") -> list[Moment]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    result = frame.select(parse_timestamp(pl.col("text"), formats=formats, timezone=timezone)).to_series()
    assert result.dtype == TIMESTAMP
    return [(row["value"], row["date_only"]) for row in result.to_list()]


NOON_LIKE: Moment = (dt.datetime(2025, 7, 5, 7, 30), False)
DAY: Moment = (dt.datetime(2025, 7, 5), True)


@pytest.mark.parametrize(
    "text",
    [
        "05/07/2025 07:30:00", "5/7/2025 7:30", " 05/07/2025  07:30 ", "05-07-2025 07:30", "5.7.2025 07:30:00",
        "05/07/2025, 7h30",
        "07:30 05/07/2025", "07:30:00 05/07/2025", "7h30 05/07/2025", "7 giờ 30 phút, ngày 05 tháng 07 năm 2025",
        "05/07/2025 lúc 7h30",
        "Thứ bảy, 05/07/2025 07:30", "05/07/2025 07:30:00 SA", "2025-07-05 07:30", "2025-07-05T07:30:00",
        "2025-07-05 07:30:00.000",
        "2025-07-05T07:30:00+07:00", "2025-07-05T00:30:00Z", "2025-07-05 00:30:00.000000+00:00",
        "2025-07-05 07:30:00+0700",
        "2025-07-04 20:30:00-04", "20250705073000", "202507050730", "20250705T073000", "45843.3125", "45843,3125",
        "1751675400000",
    ],
)  # fmt: skip
def test_a_time_in_any_supported_shape(text: str) -> None:
    assert read(text) == [NOON_LIKE]


@pytest.mark.parametrize(
    "text",
    ["05/07/2025", "5/7/2025", "05-07-2025", "5.7.2025", "2025-07-05", "2025/07/05", "20250705", "20250705.0",
     "45843", "45843.0",
     "Ngày 5 tháng 7 năm 2025", "2025-07-05+07:00"],
)  # fmt: skip
def test_a_date_in_any_supported_shape(text: str) -> None:
    assert read(text) == [DAY]


@pytest.mark.parametrize(
    "text",
    [None, "", "  ", "x", "31/02/2025", "05/13/2025", "05/07/25", "05/07/25 07:30", "07/05/2025 7:30 AM",
     "05/07/2025 24:00", "05/07/1825",
     "12345", "99999", "5", "2025", "05/07/2025 07:30 x", "05/07", "0000-00-00 00:00:00", "05/07/2025 13:30 CH"],
)  # fmt: skip
def test_what_is_no_time_or_leaves_something_open_is_null(text: str | None) -> None:
    assert read(text) == [(None, None)]


def test_afternoon_in_the_vietnamese_windows() -> None:
    assert read("05/07/2025 7:30:00 CH", "05/07/2025 12:05 SA", "05/07/2025 12:05 CH") == [
        (dt.datetime(2025, 7, 5, 19, 30), False),
        (dt.datetime(2025, 7, 5, 0, 5), False),
        (dt.datetime(2025, 7, 5, 12, 5), False),
    ]


def test_an_offset_is_converted_also_across_summer_time() -> None:
    texts = ["2011-10-29 12:00:00.5+02:00", "2011-10-30 12:00:00+01:00"]
    assert [moment for moment, _ in read(*texts, timezone="UTC")] == [
        dt.datetime(2011, 10, 29, 10, 0, 0, 500_000),
        dt.datetime(2011, 10, 30, 11),
    ]
    assert [moment for moment, _ in read(*texts, timezone="Europe/Amsterdam")] == [
        dt.datetime(2011, 10, 29, 12, 0, 0, 500_000),
        dt.datetime(2011, 10, 30, 12),
    ]


def test_configured_formats_come_first() -> None:
    assert read("07/05/2025", "07/05/25 7:30 PM", "06/07/2025", formats=("%m/%d/%Y", "%m/%d/%y %I:%M %p")) == [
        DAY,
        (dt.datetime(2025, 7, 5, 19, 30), False),
        (dt.datetime(2025, 6, 7), True),
    ]
    assert read("2025_07_05 07.30.15.25", formats=("%Y_%m_%d %H.%M.%S.%f",)) == [
        (dt.datetime(2025, 7, 5, 7, 30, 15, 250_000), False)
    ]


def test_a_configured_format_with_an_offset_is_converted() -> None:
    assert read("05/07/2025 00:30 +0000", formats=("%d/%m/%Y %H:%M %z",)) == [NOON_LIKE]


def test_a_configured_format_that_is_none_is_named() -> None:
    with pytest.raises(DataError, match=r"datetime_formats.*%Q"):
        read("05/07/2025", formats=("%Q",))


def test_a_column_of_mixed_shapes_keeps_every_value_in_its_place() -> None:
    texts = ["05/07/2025 07:30", None, "7h30 5/7/2025", "x", "45843", "2025-07-05"] * 50
    assert read(*texts) == [NOON_LIKE, (None, None), NOON_LIKE, (None, None), DAY, DAY] * 50


def test_a_long_column_in_the_shape_of_the_vietnamese_windows() -> None:
    assert set(read(*["5/7/2025 7:30:00 SA", "05/07/2025 07:30 SA"] * 1000)) == {NOON_LIKE}
    assert set(read(*["5/7/2025 7:30:00 AM", "13:30 SA"] * 1000)) == {(None, None)}


def test_shapes_that_the_sample_misses_are_read_all_the_same() -> None:
    texts = ["05/07/2025"] * 30_000 + ["5.7.2025 07:30"] * 1500 + ["05/07/2025 7:30 SA"]
    assert read(*texts)[29_999:] == [DAY] + [NOON_LIKE] * 1501


SHAPES: dict[str, Callable[[dt.datetime], str]] = {
    "dmy": lambda t: f"{t:%d/%m/%Y %H:%M:%S}",
    "one digit": lambda t: f"{t.day}/{t.month}/{t.year} {t.hour}:{t.minute:02}:{t.second:02}",
    "dashes": lambda t: f"{t:%d-%m-%Y %H:%M:%S}",
    "points": lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
    "time first": lambda t: f"{t:%H:%M:%S %d/%m/%Y}",
    "ISO": lambda t: t.isoformat(),
    "ISO with Z": lambda t: f"{(t - dt.timedelta(hours=7)).isoformat()}Z",
    "compact": lambda t: f"{t:%Y%m%d%H%M%S}",
    "serial": lambda t: repr((t - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)),
    "words": lambda t: f"{t.hour} giờ {t.minute} phút {t.second} giây ngày {t.day} tháng {t.month} năm {t.year}",
    "halves": lambda t: f"{t.day}/{t.month}/{t.year} {t.hour % 12 or 12}:{t:%M:%S} {'SA' if t.hour < 12 else 'CH'}",
}
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)).map(lambda t: t.replace(microsecond=0))


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(sorted(SHAPES))), min_size=1, max_size=8))
def test_any_moment_printed_in_any_shape_comes_back(printed: list[tuple[dt.datetime, str]]) -> None:
    texts = [SHAPES[shape](moment) for moment, shape in printed]
    assert [moment for moment, _ in read(*texts)] == [moment for moment, _ in printed]


@given(st.text(alphabet="0123456789/-.: hTZ+ngàysach", max_size=20))
def test_no_text_brings_it_down_or_gives_a_time_outside_its_years(text: str) -> None:
    [(moment, date_only)] = read(text)
    assert (moment is None) == (date_only is None)
    assert moment is None or 1900 <= moment.year <= 2199
