"""What is known of a unit besides its dossiers: read as sources print it, refused with a reason, nothing merged."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from etl.config import load_config
from etl.masking import MASK
from etl.names import Names
from etl.unit_facts import load_unit_facts
from etl.units import SmallTable, load_communes, load_lineage
from language.formats import number
from tests.etl.province import REGISTER_BLOCK, build_province, code, row, write_province

BLOCK = '\n[unit_facts]\npath = "facts.*"\n'
HEADINGS = ("Đơn vị", "Mã xã", "Thông tin", "Giá trị", "Cách nói", "Nguồn", "Ngày nguồn")
GOOD = ("Phường Phú Thọ", "", "Dân số", "35.100", "trên", "Báo cáo của phường", "15/08/2025")


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def fact(name: str, value: str, **other: str) -> tuple[str, ...]:
    given = {"unit": "Xã An Phú", "code": "", "word": "", "source": "Bài báo", "day": "04/07/2025"} | other
    return (given["unit"], given["code"], name, value, given["word"], given["source"], given["day"])


def csv_of(*lines: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *lines])
    return text.getvalue()


def load(directory: Path, *lines: tuple[str, ...], block: str = BLOCK, text: str | None = None) -> SmallTable:
    path = write_province(directory, toml=REGISTER_BLOCK + block)
    if not list(directory.glob("facts.*")):
        (directory / "facts.csv").write_text(csv_of(*lines) if text is None else text, encoding="utf-8")
    config = load_config(path)
    communes = load_communes(config).rows
    codes = communes["commune_code"].to_list()
    return load_unit_facts(config, Names.of(communes, load_lineage(config, codes).rows), codes)


def read(table: SmallTable, *columns: str) -> list[tuple[object, ...]]:
    return table.rows.sort("row_number").select(columns or ("fact", "value", "precision", "value_text")).rows()


def test_a_figure_keeps_its_word_and_means_its_number(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        GOOD,
        fact("Diện tích", "trên 23 km²"),
        fact("Dân số", "~35.100"),
        fact("Diện tích tự nhiên", "27,25 km2"),
        fact("Diện tích", "2.725 ha"),
        fact("Số dân", "khoảng 24,7 nghìn người"),
        fact("Nhân sự trung tâm", "12 (1 giám đốc, 1 phó giám đốc, 1 CNTT, 9 tiếp nhận)"),
        fact("Diện tích trung tâm", "160 m²"),
        fact("Khu công nghiệp", "2"),
    )
    assert table.reject.is_empty()
    assert read(table) == [
        ("population", 35_100.0, "over", "trên 35.100"),
        ("area_km2", 23.0, "over", "trên 23 km²"),
        ("population", 35_100.0, "about", "~35.100"),
        ("area_km2", 27.25, None, "27,25 km2"),
        ("area_km2", 27.25, None, "2.725 ha"),
        ("population", 24_700.0, "about", "khoảng 24,7 nghìn người"),
        ("centre_staff", 12.0, None, "12 (1 giám đốc, 1 phó giám đốc, 1 CNTT, 9 tiếp nhận)"),
        ("centre_area_m2", 160.0, None, "160 m²"),
        ("industrial_zones", 2.0, None, "2"),
    ]


def test_the_printed_digits_say_what_the_number_may_be(tmp_path: Path) -> None:
    table = load(
        tmp_path, GOOD, fact("Dân số", "khoảng 93 nghìn"), fact("Diện tích", "2.725 ha"), fact("Biên chế", "58")
    )
    assert read(table, "value_low", "value_high") == [
        (35_100.0, 35_200.0),
        (92_500.0, 93_500.0),
        (27.25, 27.25),
        (58.0, 58.0),
    ]


def test_what_is_no_single_number_stays_text_and_what_has_no_name_keeps_its_own(tmp_path: Path) -> None:
    table = load(
        tmp_path,
        fact("Dân số", "hàng vạn"),
        fact("Số thôn", "20 - 22"),
        fact("Cơ sở vật chất", "cơ bản đáp ứng, 2 phòng chờ"),
        fact("Số trường học", "7"),
    )
    assert read(table, "fact", "fact_name", "value", "value_text") == [
        ("population", "Dân số", None, "hàng vạn"),
        ("villages", "Số thôn", None, "20 - 22"),
        ("facilities", "Cơ sở vật chất", None, "cơ bản đáp ứng, 2 phòng chờ"),
        ("other", "Số trường học", None, "7"),
    ]


def test_sources_that_differ_are_both_kept_and_a_row_said_twice_is_counted_as_repeated(tmp_path: Path) -> None:
    table = load(tmp_path, GOOD, GOOD, (*GOOD[:5], "Niên giám", GOOD[6]), fact("Dân số", "1", source=""))
    assert read(table, "commune_code", "value", "source", "stated_on") == [
        ("07942", 35_100.0, "Báo cáo của phường", dt.date(2025, 8, 15)),
        ("07942", 35_100.0, "Niên giám", dt.date(2025, 8, 15)),
    ]
    assert table.load.select("rows_read", "rows_loaded", "rows_refused", "rows_repeated").row(0) == (4, 2, 1, 1)


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        (fact("Dân số", "35.100", unit="Phường Không Có"), "unknown_commune", "commune_code"),
        (fact("Dân số", "35.100", unit=""), "missing_code", None),
        (fact("Dân số", ""), "fact_without_value", "value"),
        (fact("", "12"), "fact_without_value", "value"),
        (fact("Dân số", "35.100", source=""), "fact_without_source", "source"),
        (fact("Dân số", "35.100", day="32/07/2025"), "unreadable_date", None),
        (fact("Dân số", "23 km²"), "wrong_fact_unit", "value"),
        (fact("Biên chế", "98 %"), "wrong_fact_unit", "value"),
        (fact("Diện tích", "23 người"), "wrong_fact_unit", "value"),
        (fact("Diện tích", "-23"), "impossible_fact", "value"),
        (fact("Dân số", "93.000.000"), "impossible_fact", "value"),
        (fact("Biên chế", "58,5"), "impossible_fact", "value"),
        (fact("Dân số", "1.2.3"), "wrong_value", None),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_row_and_column(
    line: tuple[str, ...], rule: str, column: str | None, tmp_path: Path
) -> None:
    table = load(tmp_path, GOOD, line)
    refused = table.reject.row(0, named=True)
    assert (refused["rule"], refused["column_name"], refused["row_number"]) == (rule, column, 3)
    assert refused["source_file"] == "facts.csv" and refused["message"]
    assert table.load.select("rows_read", "rows_loaded", "rows_refused").row(0) == (2, 1, 1)
    assert table.rows.height == 1


def test_each_fact_decides_for_itself_what_a_point_in_a_number_is(tmp_path: Path) -> None:
    with Workbook(tmp_path / "facts.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        rows = (HEADINGS, fact("Diện tích", "x"), fact("Dân số", "93.000"), fact("Dân số", "x"))
        for number_of_row, line in enumerate(rows):
            sheet.write_row(number_of_row, 0, line)
        sheet.write_number(1, 3, 23.4)
        sheet.write_number(3, 3, 24700)
    assert [value for (value,) in read(load(tmp_path), "value")] == [23.4, 93_000.0, 24_700.0]


def test_a_telephone_number_among_the_texts_is_masked(tmp_path: Path) -> None:
    table = load(tmp_path, fact("Trang thiết bị", "hỏi anh phụ trách 0912345678", source="Zalo 0912 345 678"))
    text, source = read(table, "value_text", "source")[0]
    assert MASK in text and MASK in source and "0912" not in f"{text}{source}"


@given(st.integers(0, 900_000))
def test_every_number_that_our_screens_print_is_read_back(people: int) -> None:
    from etl.unit_facts import _number, _numbers

    printed = number(people)
    frame = pl.DataFrame({"fact_read": ["population"], "value": [printed]})
    assert _number("population", printed, "", _numbers(frame)) == (float(people), 1.0, None)


def test_a_build_carries_them_into_the_snapshot(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text(csv_of(GOOD, fact("Dân số", "")), encoding="utf-8")
    report, tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + BLOCK)
    loaded = tables.one('select commune_code, fact, "value", "precision", source from unit_fact')
    assert loaded == {
        "commune_code": "07942",
        "fact": "population",
        "value": 35_100.0,
        "precision": "over",
        "source": "Báo cáo của phường",
    }
    assert tables.one("select rule from reject where table_name = 'unit_fact'") == {"rule": "fact_without_value"}
    assert not report.notices
