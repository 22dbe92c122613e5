"""Reported figures are loaded as they were printed, with what their digits and words leave open."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from etl import reference
from etl.build import build
from etl.config import load_config
from etl.names import Names
from etl.reported import bounds, load_reported, precision_of
from etl.simulate import simulate
from etl.units import SmallTable, load_communes, load_lineage, with_districts
from tests.conftest import ROOT
from tests.etl.province import REGISTER_BLOCK, Tables, build_province, code, row, write_province

STORIES = ROOT / "data" / "reference" / "reported_stories.csv"
HEADINGS = "Đơn vị,Mã xã,Tỉnh,Từ ngày,Đến ngày,Chỉ tiêu,Giá trị,Mức chính xác,Tỷ lệ nêu,Tỷ lệ trên,Nguồn,Ngày nguồn"
BLOCK = '\n[reported]\npath = "reported.*"\n'


def load(directory: Path, lines: str) -> SmallTable:
    """What is loaded of lines of CSV under `HEADINGS`."""
    config_path = write_province(directory, toml=REGISTER_BLOCK + BLOCK)
    (directory / "reported.csv").write_text(f"{HEADINGS}\n{lines}\n", encoding="utf-8")
    config = load_config(config_path)
    communes = load_communes(config).rows
    codes = communes["commune_code"].to_list()
    lineage = load_lineage(config, codes).rows
    return load_reported(config, Names.of(with_districts(communes, lineage), lineage), codes)


def load_one(directory: Path, line: str) -> dict[str, object]:
    return load(directory, line).rows.row(0, named=True)


# ---- digits and words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "word", "expected"),
    [
        ("13.530", 13_530, None, (13_530, 13_530)),
        ("27,25", 27.25, None, (27.245, 27.255)),
        ("93.000", 93_000, "khoảng", (92_500, 93_500)),
        ("khoảng 856 người", 856, None, (855.5, 856.5)),
        ("35.100", 35_100, "trên", (35_100, 35_200)),
        ("hơn 500 hồ sơ", 500, None, (500, 600)),
        ("gần 500", 500, None, (400, 500)),
        ("trên 6,4", 6.4, None, (6.4, 6.5)),
        ("120", 120, "chính xác", (120, 120)),
        ("0", 0, "khoảng", (-0.5, 0.5)),
    ],
)
def test_printed_digits_and_words_say_what_a_figure_may_be(
    text: str, number: float, word: str | None, expected: tuple[float, float]
) -> None:
    assert bounds(text, number, word) == pytest.approx(expected)


def test_a_word_is_a_word_of_its_own() -> None:
    assert precision_of("gần 500") == "under"
    assert precision_of("Khoảng 500") == "about"
    assert precision_of("~500") == "about"
    assert precision_of("quận 5") is None
    assert precision_of("500") is None


@given(st.integers(0, 10**7), st.sampled_from(["", "khoảng ", "trên ", "gần "]))
def test_a_figure_lies_within_what_its_digits_leave_open(number: int, word: str) -> None:
    low, high = bounds(f"{word}{number}", float(number))
    assert low <= number <= high


# ---- rows ------------------------------------------------------------------------------------------------------------


def test_a_window_may_end_in_the_morning_and_a_day_is_meant_whole(tmp_path: Path) -> None:
    lines = (
        "Phường Phú Thọ,,,01/07/2025,04/07/2025 11:30,Lượt công dân,188,,,,Báo cáo,\n"
        "Phường Phú Thọ,,,01/07/2025,03/07/2025,Tiếp nhận,146,,,,Báo cáo,04/07/2025"
    )
    rows = load(tmp_path, lines).rows
    assert rows["ends_at"].dt.to_string("%d %H:%M").to_list() == ["04 11:30", "04 00:00"]
    assert rows["measure"].to_list() == ["visits", "received"]
    assert rows["commune_code"].to_list() == ["07942", "07942"]
    assert rows["row_id"].to_list() == [1, 2]


def test_a_share_is_a_fraction_with_the_rounding_of_its_digits(tmp_path: Path) -> None:
    shares = {}
    for text in ("15 %", '"0,15"', "100 %"):
        one = load_one(tmp_path, f"Phường Phú Thọ,,,,,Sớm hạn,865,,{text},Đã giải quyết,Báo cáo,")
        shares[text.strip('"')] = (one["share"], one["share_low"], one["share_high"])
        assert one["share_of"] == "resolved"
    assert shares["15 %"] == pytest.approx((0.15, 0.145, 0.155))
    assert shares["0,15"] == pytest.approx((0.15, 0.145, 0.155))
    assert shares["100 %"] == pytest.approx((1.0, 0.995, 1.0))


def test_a_share_printed_with_a_decimal_is_known_to_half_of_it(tmp_path: Path) -> None:
    one = load_one(tmp_path, 'Phường Phú Thọ,,,,,Sớm hạn,865,,"6,4 %",Đã giải quyết,Báo cáo,')
    assert (one["share_low"], one["share_high"]) == pytest.approx((0.0635, 0.0645))


def test_units_outside_the_province_and_the_province_itself_are_told_apart(tmp_path: Path) -> None:
    lines = "\n".join(
        f"{unit},01/07/2025,03/07/2025,Tiếp nhận,10,,,,Báo cáo,"
        for unit in (
            "Phường Thượng Thanh,00115,Hà Nội",
            "Xã An Phú,,",
            "Phường Chưa Từng Có,,",
            "Tỉnh Phú Thọ,,",
            "Toàn tỉnh,,Phú Thọ",
            "Tỉnh Hưng Yên,,",
        )
    )
    scopes = load(tmp_path, lines).rows["scope"].to_list()
    assert scopes == ["outside", "commune", "outside", "province", "province", "outside"]


def test_an_old_unit_is_not_taken_for_the_new_one_of_its_name(tmp_path: Path) -> None:
    line = "Xã Hà Lộc,07950,,01/03/2025,31/03/2025,Tiếp nhận,40,,,,Báo cáo,"
    assert load_one(tmp_path, line)["scope"] == "old_unit"


def test_vague_words_stay_words_and_unknown_measures_stay_as_they_are_called(tmp_path: Path) -> None:
    one = load_one(tmp_path, "Phường Phú Thọ,,,,,Tiếp nhận,hàng trăm,,,,Báo cáo,")
    assert (one["value"], one["value_text"]) == (None, "hàng trăm")
    other = load_one(tmp_path, "Phường Phú Thọ,,,,,Thôn,20,,,,Báo cáo,")
    assert (other["measure"], other["measure_name"], other["value"]) == ("other", "Thôn", 20)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (",,,01/07/2025,03/07/2025,Tiếp nhận,10,,,,Báo cáo,", "missing_code"),
        ("Phường Phú Thọ,,,01/07/2025,03/07/2025,Tiếp nhận,10,,,,,", "wrong_value"),
        ("Phường Phú Thọ,,,01/07/2025,03/07/2025,Tiếp nhận,,,,,Báo cáo,", "wrong_value"),
        ("Phường Phú Thọ,,,01/07/2025,,Tiếp nhận,10,,,,Báo cáo,", "wrong_value"),
        ("Phường Phú Thọ,,,03/07/2025,01/07/2025,Tiếp nhận,10,,,,Báo cáo,", "wrong_value"),
        ("Phường Phú Thọ,,,31/02/2025,03/07/2025,Tiếp nhận,10,,,,Báo cáo,", "unreadable_date"),
        ("Phường Phú Thọ,,,01/07/2025,03/07/2025,Tiếp nhận,10,,,,Báo cáo,hôm qua", "unreadable_date"),
        ("Phường Hùng Vương,,,01/03/2025,03/03/2025,Tiếp nhận,10,,,,Báo cáo,", "ambiguous_commune"),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused_with_its_reason(line: str, rule: str, tmp_path: Path) -> None:
    good = "Phường Phú Thọ,,,01/07/2025,03/07/2025,Tiếp nhận,10,,,,Báo cáo,"
    table = load(tmp_path, f"{line}\n{good}")
    assert table.rows.height == 1
    assert table.reject["rule"].to_list() == [rule]
    assert table.load.select("rows_read", "rows_loaded", "rows_refused").row(0) == (2, 1, 1)


def test_a_spreadsheet_with_a_title_and_real_dates_loads(tmp_path: Path) -> None:
    path = tmp_path / "reported.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "SỐ LIỆU CÁC ĐƠN VỊ NÊU")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(2, 0, ["Đơn vị", "Từ ngày", "Đến ngày", "Chỉ tiêu", "Giá trị", "Nguồn"])
        sheet.write_row(3, 0, ["Phường Phú Thọ", 45839, 45841, "Tiếp nhận", 146, "Báo cáo"])
        sheet.set_column(1, 2, 12, day)
    _report, tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + BLOCK)
    one = tables.one("select * exclude (starts_at, ends_at), starts_at::varchar s, ends_at::varchar e from reported")
    assert (one["s"], one["e"], one["value"], one["scope"]) == (
        "2025-07-01 00:00:00",
        "2025-07-04 00:00:00",
        146,
        "commune",
    )


def test_a_build_without_the_block_has_an_empty_table(tmp_path: Path) -> None:
    _report, tables = build_province(tmp_path, [row(code(1))])
    assert tables("select * from reported") == []


def test_the_block_is_no_longer_named_as_unused(tmp_path: Path) -> None:
    (tmp_path / "reported.csv").write_text(
        f"{HEADINGS}\nPhường Phú Thọ,,,,,Tiếp nhận,10,,,,Báo cáo,\n", encoding="utf-8"
    )
    report, _tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + BLOCK)
    assert not any("reported" in notice for notice in report.notices)


# ---- the source stories ----------------------------------------------------------------------------------------------


def test_every_row_of_the_source_stories_loads_and_names_its_story(tmp_path: Path) -> None:
    text = STORIES.read_text(encoding="utf-8")
    config_path = write_province(tmp_path, toml=REGISTER_BLOCK + BLOCK)
    (tmp_path / "reported.csv").write_text(text, encoding="utf-8")
    communes = reference.units("25")
    config = load_config(config_path)
    names = Names.of(load_communes(config).rows, load_lineage(config, []).rows)
    table = load_reported(config, names, communes["commune_code"].to_list())
    assert table.reject.is_empty()
    assert table.rows.height == text.count("\n") - 1
    assert set(table.rows["source"]) == {f"Bài nguồn {number:03d}" for number in range(5)}


def test_the_codes_of_the_source_stories_are_those_of_their_units() -> None:
    units = pl.concat(
        [
            reference.units().select(code="commune_code", name="full_name"),
            reference.old_units().select(code="old_code", name="full_name"),
        ]
    )
    known = set(units.iter_rows())
    rows = pl.read_csv(STORIES, infer_schema=False).filter(pl.col("commune_code").is_not_null())
    pairs = set(rows.select("commune_code", "unit_name").iter_rows())
    assert ("08740", "Phường Phúc Yên") in pairs and ("07942", "Phường Phú Thọ") in pairs
    assert pairs <= known


def test_the_demo_ships_the_stories_and_reports_of_its_own_that_meet_its_log(tmp_path: Path) -> None:
    simulate(tmp_path / "demo", dossiers=3_000, days=100, clean=True)
    text = (tmp_path / "demo" / "reported.csv").read_text(encoding="utf-8")
    assert text.startswith(STORIES.read_text(encoding="utf-8"))
    report = build(tmp_path / "demo" / "province.toml", tmp_path / "warehouse")
    tables = Tables(tmp_path / "warehouse", report.snapshot_id or "")
    reported = tables("select * from reported where source like '%(mô phỏng)'")
    assert {one["scope"] for one in reported} == {"commune"}
    first = next(one for one in reported if one["measure"] == "received")
    counted = tables.one(
        f"select count(*) as n from dossier where commune_code = '{first['commune_code']}' and status not in (1, 3) "
        f"and received_at >= '{first['starts_at']}' and received_at < '{first['ends_at']}'"
    )
    assert counted["n"] == first["value"]


def test_a_short_simulation_ships_the_stories_only(tmp_path: Path) -> None:
    simulate(tmp_path, dossiers=200, days=30, clean=True)
    assert (tmp_path / "reported.csv").read_text(encoding="utf-8") == STORIES.read_text(encoding="utf-8")
