"""Text becomes numbers, flags, codes and words of the closed lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import values
from etl.errors import DataError
from language.text import fold


def apply(function: Callable[..., pl.Expr], *texts: str | None, **options: Any) -> list[Any]:
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    return frame.select(function(pl.col("text"), **options)).to_series().to_list()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", 1234.5), ("1234.5", 1234.5), ("1.234", 1234), ("1.234.567", 1234567), ("12.000 đ", 12000),
        ("8.000 VNĐ", 8000),
        ("12,5", 12.5), ("1,234.56", 1234.56), ("0.125", 0.125), ("0,5", 0.5), (" -5 ", -5), ("1e5", 1e5),
        ("12 000", 12000),
        ("1.234,", 1234), ("2,50 km²", 2.5), ("12,000", 12000), ("56.9830", 56.983), ("100%", 100),
        ("", None), (None, None), ("abc", None), ("1.2.3", None), ("1,2,3", None), ("12-5", None), ("12.34,5", None),
        ("nan", None), ("inf", None),
    ],
)  # fmt: skip
def test_numbers_as_vietnamese_exports_write_them(text: str | None, number: float | None) -> None:
    assert apply(values.parse_number, text) == [number]


def test_the_column_decides_what_one_point_before_three_digits_means() -> None:
    assert apply(values.parse_number, "56.983", "23.07") == [56.983, 23.07]
    assert apply(values.parse_number, "56.983", "1.200.000") == [56983, 1200000]
    assert apply(values.parse_number, "8,500", "12,000") == [8500, 12000]
    assert apply(values.parse_number, "8,500", "12,5") == [8.5, 12.5]


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_a_number_printed_in_vietnamese_comes_back(whole: int, hundredths: int) -> None:
    number = whole + (hundredths / 100 if whole >= 0 else -hundredths / 100)
    text = f"{number:,.2f}".translate(str.maketrans(",.", ".,"))
    assert apply(values.parse_number, text) == [pytest.approx(number, abs=0.005)]


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_comes_back_grouped_or_not(number: int) -> None:
    assert apply(values.parse_integer, str(number)) == [number]
    assert apply(values.parse_integer, f"{number:,}".replace(",", ".")) == [number]


def test_an_integer_is_never_rounded() -> None:
    assert apply(values.parse_integer, "2,5", "3,0") == [None, 3]


def test_flags() -> None:
    yes = apply(values.parse_flag, "Có", "x", "X", "1", "TRUE", "đã", "✓", "Đã số hóa", "1.0")
    no = apply(values.parse_flag, "không", "0", "false", "Chưa", "Tiền mặt")
    assert (set(yes), set(no)) == ({True}, {False})
    assert apply(values.parse_flag, None, "", "có lẽ") == [None, None, None]


def test_statuses_by_number_and_by_word() -> None:
    assert apply(values.parse_status, "1", "04", "10", "10.0", "11", "0", "", None) == [
        1,
        4,
        10,
        10,
        None,
        None,
        None,
        None,
    ]
    assert apply(
        values.parse_status, "Đã trả kết quả", "Chờ bổ sung", "ĐANG XỬ LÝ", "Đã có kết quả", "DungXuLy",
        "Công dân yêu cầu rút hồ sơ"
    ) == [10, 5, 4, 9, 8, 7]  # fmt: skip
    assert apply(values.parse_status, "Treo") == [None]


def test_the_configured_words_come_before_the_built_in_ones() -> None:
    assert apply(values.parse_status, "treo", "Đã trả kết quả", mapping={"Treo": 5, "Đã trả kết quả": 9}) == [5, 9]
    assert apply(values.parse_channel, "Kiosk", "2", mapping={"kiosk": "in_person"}) == ["in_person", "online"]


def test_a_configured_word_for_what_does_not_exist_is_refused() -> None:
    with pytest.raises(DataError, match=r"values\.status.*'Treo' = 11"):
        apply(values.parse_status, "x", mapping={"Treo": 11})
    with pytest.raises(DataError, match=r"values\.channel.*'web'"):
        apply(values.parse_channel, "x", mapping={"Qua web": "web"})


def test_channels() -> None:
    assert apply(values.parse_channel, "Trực tuyến", "trực tiếp", "Bưu chính công ích", "1", "2", "3", "online",
    "fax", None) == [
        "online", "in_person", "postal", "in_person", "online", "postal", "online", None, None,
    ]  # fmt: skip


def test_kinds() -> None:
    assert apply(values.parse_kind, "Phường", "xã", "Đặc khu", "Thị trấn", "ward", "special_zone", "tổ") == [
        "ward", "commune", "special_zone", "township", "ward", "special_zone", None,
    ]  # fmt: skip


def test_extents_with_the_slips_of_the_official_table() -> None:
    notes = {
        "Nhập toàn bộ": "whole",
        "Nhập một phần": "part",
        "Nhâp một phần diện tích": "part_area_only",
        "Nhập một phần diện tích, toàn bộ dân số": "part_area_all_population",
        "phần còn lại": "remainder",
        "Giữ nguyên": "unchanged",
        "whole_district": "whole",
        "part_area_only": "part_area_only",
        "chia đôi": None,
    }
    assert apply(values.parse_extent, *notes) == list(notes.values())


def test_commune_codes_get_their_leading_zeros_back() -> None:
    assert apply(values.commune_code, "8740", "8740.0", "08740", " 4 ", "H44.100", "", None) == [
        "08740", "08740", "08740", "00004", "H44.100", None, None,
    ]  # fmt: skip


def test_procedure_codes_lose_their_suffix_and_get_lost_zeros_back() -> None:
    assert apply(
        values.procedure_code,
        "2.000815",
        "2.000815.000.00.00.H61",
        "1.004873.H42",
        "1.00077",
        "2,000815",
        "2.000.815",
        "khác",
        None,
    ) == ["2.000815", "2.000815", "1.004873", "1.000770", "2.000815", "2.000815", "khác", None]


@pytest.mark.parametrize(
    ("code", "is_known"),
    [
        ("H15.50.05.13-261008-0975", True), ("000.00.01.H26-260930-0012", True), ("G09.20-20260609-0092637", True),
        ("H44.100.05-250701-150001", True), ("H44-250701-00001", True),
        ("H44.100-251301-0001", False), ("H44.100-250732-0001", False), ("H44.100-250701-001", False),
        ("Z44.100-250701-0001", False),
        ("123456", False), ("case-10011", False),
    ],
)  # fmt: skip
def test_the_known_shapes_of_dossier_codes(code: str, is_known: bool) -> None:
    assert apply(values.dossier_code_shape, code) == [is_known]


def test_clean_text_has_single_spaces_and_composed_letters() -> None:
    assert apply(values.clean_text, "  Hô\u0300\u00a0 sơ\n ", " ", None) == ["Hồ sơ", None, None]


@given(st.lists(st.sampled_from(["Trực tuyến", "trực tiếp", None, "x", ""]), max_size=20))
def test_a_column_is_read_as_its_cells_one_by_one(texts: list[str | None]) -> None:
    assert apply(values.parse_channel, *texts) == [apply(values.parse_channel, text)[0] for text in texts]


def test_words_are_read_in_a_lazy_streaming_query() -> None:
    frame = pl.LazyFrame({"text": ["Trực tuyến", None]}).select(values.parse_channel(pl.col("text")))
    assert frame.collect(engine="streaming").to_series().to_list() == ["online", None]


def test_no_word_means_two_things() -> None:
    for kind in ("status", "channel", "kind", "extent", "flag"):
        words = values._words(kind)
        assert words
        assert all(word == fold(word) for word in words)
