"""The dirt of real exports: titles, merged headings, footers, stray quotes, ragged lines."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import DataError
from etl.reading import spreadsheet
from etl.reading.header import column_letter, find_header, unique_names
from etl.reading.lines import parse_lines
from etl.reading.rows import drop_footer
from etl.reading.table import BadRow
from tests.etl.test_reading import numbers_of, read, rows_of

HEADER = "STT,Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái\n"


def table_of(text: str, folder: Path, **options: object):
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    [table] = read(path, **options)
    return table


def test_titles_blank_rows_and_the_row_of_column_numbers_are_not_rows(tmp_path: Path) -> None:
    table = table_of(
        "UBND TỈNH PHÚ THỌ,,,,\nSỔ THEO DÕI HỒ SƠ,,,,\nTừ ngày 01/07/2025,,,,\n\n"
        + HEADER
        + "(1),(2),(3),(4),(5)\n1,a,05/07/2025,08/07/2025,x\n,,,,\n2,b,06/07/2025,,\n\n\n",
        tmp_path,
    )
    batch = pl.concat(table.batches)
    assert batch["Mã hồ sơ"].to_list() == ["a", "b"]
    assert batch["row_number"].to_list() == [7, 9]


def test_the_footer_is_not_a_row_but_a_sparse_dossier_at_the_end_is(tmp_path: Path) -> None:
    footer = (
        'Tổng cộng:,2,,,\n,,,"Phú Thọ, ngày 5 tháng 7 năm 2025",\n,Người lập biểu,,Thủ trưởng đơn vị,\n'
        ",,,Nguyễn Văn An,\n"
    )
    table = table_of(HEADER + "1,a,05/07/2025,08/07/2025,x\n,H44.100-250705-0002,,,\n" + footer, tmp_path)
    assert rows_of(table) == [
        ["1", "a", "05/07/2025", "08/07/2025", "x"],
        [None, "H44.100-250705-0002", None, None, None],
    ]


def frame(*rows: list[str | None]) -> pl.DataFrame:
    width = len(rows[0])
    return pl.DataFrame(rows, schema=[f"c{i}" for i in range(width)], orient="row").with_row_index("row_number")


@pytest.mark.parametrize(
    "last",
    [
        ["Tổng cộng", None, None, "12", "34"],
        ["TỔNG SỐ", "1", "2", "3", "4,5"],
        [None, "Cộng:", None, "1.234", None],
        ["Người lập biểu", None, None, "Thủ trưởng", None],
        ["Ngày xuất: 05/07/2025 17:00", None, None, None, None],
    ],
)
def test_a_footer_row_at_the_end_is_dropped(last: list[str | None]) -> None:
    assert drop_footer(frame(["1", "a", "b", "c", "d"], last)).height == 1


@pytest.mark.parametrize(
    "last",
    [
        ["2", "Tổng cộng", "05/07/2025", "08/07/2025", "x"],
        ["Cộng Hòa", "10645", "xã", "27,25", "35121"],
        ["Cộng Hòa", None, None, None, None],
        [None, "H44.100-250705-0002", None, None, None],
        ["Tổng cộng", "H44.100-250705-0002", None, None, None],
    ],
)
def test_a_real_row_at_the_end_is_kept(last: list[str | None]) -> None:
    assert drop_footer(frame(["1", "a", "b", "c", "d"], last)).height == 2


def test_a_footer_in_the_middle_is_kept_so_that_its_refusal_is_seen() -> None:
    assert (
        drop_footer(
            frame(["1", "a", "b", "c", "d"], ["Tổng cộng", None, None, None, None], ["2", "a", "b", "c", "d"])
        ).height
        == 3
    )


def test_headings_in_two_rows_under_merged_ones_are_put_together(tmp_path: Path) -> None:
    table = table_of(
        "Mã hồ sơ,Thời gian,,Trạng thái\n,Ngày tiếp nhận,Ngày hẹn trả,\na,05/07/2025,08/07/2025,x\n", tmp_path
    )
    assert table.headings == ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"]
    assert numbers_of(table) == [3]


@pytest.mark.parametrize(
    ("cells", "is_numbering"),
    [
        (["(1)", "(2)", "(3) = (1) + (2)"], True),
        (["A", "B", "1", "2", "3"], True),
        (["1", "2", "3", "4"], True),
        (["1", "2", "3"], False),
        (["1", "a", "2", "3"], False),
        (["1", "3", "2", "4"], False),
    ],
)
def test_a_row_of_column_numbers_is_told_from_data(cells: list[str], is_numbering: bool) -> None:
    header = find_header([["x", "y", "z"], cells], lambda row: row.count("x"))
    assert header is not None
    assert header.data_row == (2 if is_numbering else 1)


def test_a_title_does_not_become_the_heading_of_a_column_without_one() -> None:
    header = find_header(
        [["Sổ", "theo", "dõi"], ["a", "b", ""], ["1", "2", "3"]], lambda cells: sum(c in "ab" for c in cells if c)
    )
    assert header is not None
    assert (header.cells, header.data_row) == (["a", "b", ""], 2)


def test_the_configured_header_row_is_taken_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    text = "Mã hồ sơ,Ngày tiếp nhận\nID,When\na,05/07/2025\n"
    assert table_of(text, tmp_path, header_row=2).headings == ["ID", "When"]
    with pytest.raises(DataError, match="dòng 9"):
        table_of(text, tmp_path, header_row=9)


def test_headings_that_come_again_further_down_are_not_rows(tmp_path: Path) -> None:
    table = table_of(HEADER + "1,a,05/07/2025,,\n" + HEADER + "2,b,06/07/2025,,\n", tmp_path)
    assert [row[1] for row in rows_of(table)] == ["a", "b"]


def test_columns_get_unique_names() -> None:
    assert unique_names(["Ngày trả", "Ngày trả", "", "Ngày trả (2)", "row_number"]) == [
        "Ngày trả", "Ngày trả (2)", "cột C", "Ngày trả (2) (2)", "row_number (2)",
    ]  # fmt: skip


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [column_letter(position) for position in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_lines_with_too_few_fields_are_filled_and_those_with_too_many_reported(tmp_path: Path) -> None:
    table = table_of(
        HEADER + "1,a,05/07/2025\n2,b,06/07/2025,,x,,,\n3,c,07/07/2025,,x,lạc\n4,d,08/07/2025,,x\n", tmp_path
    )
    assert rows_of(table) == [
        ["1", "a", "05/07/2025", None, None],
        ["2", "b", "06/07/2025", None, "x"],
        ["4", "d", "08/07/2025", None, "x"],
    ]
    assert table.bad_rows == [BadRow(4, "có 6 ô, nhiều hơn 5 cột")]


def test_a_stray_quote_swallows_no_lines(tmp_path: Path) -> None:
    table = table_of(
        HEADER + '1,"a,05/07/2025,,x\n2,b,06/07/2025,,x\n3,c"c,07/07/2025,,x\n4,d,08/07/2025,,"Nhà văn hóa" thôn 5\n',
        tmp_path,
    )
    rows = rows_of(table)
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert [row[1] for row in rows] == ['"a', "b", 'c"c', "d"]
    assert table.bad_rows == []


def test_line_breaks_in_quoted_cells_stay_in_the_cell_and_the_record_is_one_row(tmp_path: Path) -> None:
    table = table_of(HEADER + '1,"a\nb",05/07/2025,,\r\n2,"c ""d""",06/07/2025,,\n', tmp_path)
    batch = pl.concat(table.batches)
    assert batch["Mã hồ sơ"].to_list() == ["a\nb", 'c "d"']
    assert batch["row_number"].to_list() == [2, 3]


def test_a_line_with_broken_bytes_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode() + b"1,a,05/07/2025,,\n" * 70_000 + b"2,\xff\xe0,05/07/2025,,\n3,c,05/07/2025,,\n")
    [table] = read(path)
    assert sum(batch.height for batch in table.batches) == 70_001
    assert [bad.row_number for bad in table.bad_rows] == [70_002]


def test_columns_beyond_the_headings_are_kept_where_most_rows_have_them(tmp_path: Path) -> None:
    table = table_of("Mã hồ sơ,Trạng thái\na,x,thừa\nb,y,thừa\n", tmp_path)
    assert table.headings == ["Mã hồ sơ", "Trạng thái", "cột C"]
    assert rows_of(table) == [["a", "x", "thừa"], ["b", "y", "thừa"]]


def test_cells_lose_outer_and_invisible_white_space(tmp_path: Path) -> None:
    table = table_of("Mã hồ sơ,Trạng thái\n\u00a0a\u200b ,\u3000 \n", tmp_path)
    assert rows_of(table) == [["a", None]]


def test_a_table_wider_than_any_register_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(["Mã hồ sơ", *(f"cột {number}" for number in range(1_500))]) + "\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.csv: có 1501 cột"):
        read(path)


def test_a_workbook_that_unpacks_beyond_all_measure_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2_000_000)
    monkeypatch.setattr(spreadsheet, "_MOST_UNPACKED", 1_000_000)
    with pytest.raises(DataError, match=r"a\.xlsx: sổ Excel giải nén ra 0,0 GB"):
        read(path)


ONE_LINE_CELLS = st.text(alphabet='ab,;" đ', max_size=6)
CELLS_WITH_BREAKS = st.text(alphabet='ab"\n đ', max_size=6)


@given(st.lists(st.lists(ONE_LINE_CELLS | CELLS_WITH_BREAKS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_csv_writer_writes_comes_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    bad: list[BadRow] = []
    numbers, cells, after = parse_lines(
        out.getvalue().encode(), delimiter=",", width=3, first_row=2, bad_rows=bad, shown_as="a.csv"
    )
    assert (cells, bad) == (rows, [])
    assert (numbers, after) == (list(range(2, len(rows) + 2)), len(rows) + 2)


@given(st.binary(max_size=60))
def test_every_line_of_anything_becomes_a_row_or_a_reported_one(block: bytes) -> None:
    bad: list[BadRow] = []
    numbers, cells, after = parse_lines(block, delimiter=",", width=3, first_row=2, bad_rows=bad, shown_as="a.csv")
    assert sorted([*numbers, *(row.row_number for row in bad)]) == list(range(2, after))
    assert all(len(row) == 3 for row in cells)
