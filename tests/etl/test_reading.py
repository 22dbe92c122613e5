"""Every format and encoding gives the same table."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from etl.errors import DataError
from etl.headings import recognise
from etl.reading import RawTable, read_tables
from etl.reading import delimited as delimited_module
from etl.reading.tcvn3 import _TABLE as TCVN3_LETTERS

HEADINGS = ["Mã hồ sơ", "Lĩnh vực", "Ngày tiếp nhận", "Trạng thái"]
ROWS = [
    ["H44.100-250705-0001", "Chứng thực", "05/07/2025 07:30", "Đã trả kết quả"],
    ["H44.100-250706-0002", "Hộ tịch", "06/07/2025", None],
    ["H44.100-250707-0003", "Đất đai; hoà giải", "7/7/2025 8:05", "Đang xử lý"],
]


def read(path: Path, **options: object) -> list[RawTable]:
    options.setdefault("recognise", recognise("dossier", {}))
    return list(read_tables(path, shown_as=path.name, **options))  # type: ignore[arg-type]


def rows_of(table: RawTable) -> list[list[str | None]]:
    return [list(row) for batch in table.batches for row in batch.select(table.headings).iter_rows()]


def numbers_of(table: RawTable) -> list[int]:
    return [number for batch in table.batches for number in batch["row_number"]]


def lines(delimiter: str = ",", end: str = "\n") -> str:
    return (
        end.join(
            delimiter.join(f'"{cell}"' if cell and delimiter in cell else cell or "" for cell in row)
            for row in [HEADINGS, *ROWS]
        )
        + end
    )


def assert_is_the_table(path: Path, **options: object) -> None:
    [table] = read(path, **options)
    assert table.headings == HEADINGS
    assert rows_of(table) == ROWS
    assert table.bad_rows == []


TEXTS: dict[str, Callable[[], bytes]] = {
    "UTF-8": lambda: lines().encode(),
    "UTF-8 with a mark and Windows line ends": lambda: lines(end="\r\n").encode("utf-8-sig"),
    "UTF-8 with old Macintosh line ends": lambda: lines(end="\r").encode(),
    "UTF-8 without a last line end": lambda: lines().rstrip("\n").encode(),
    "semicolons": lambda: lines(";").encode(),
    "tabs": lambda: lines("\t").encode(),
    "bars": lambda: lines("|").encode(),
    "UTF-16 with a mark": lambda: lines("\t").encode("utf-16"),
    "UTF-16 LE without a mark": lambda: lines("\t").encode("utf-16-le"),
    "UTF-16 BE without a mark": lambda: lines().encode("utf-16-be"),
    "decomposed Unicode": lambda: decomposed(lines()).encode(),
    "Windows-1258": lambda: to_cp1258(lines()),
    "TCVN3": lambda: to_tcvn3(lines()),
    "gzip": lambda: gzip.compress(lines().encode()),
    "gzip in two members": lambda: gzip.compress(lines()[:80].encode()) + gzip.compress(lines()[80:].encode()),
    "gzip of UTF-16": lambda: gzip.compress(lines().encode("utf-16")),
    "Excel's delimiter line": lambda: b"sep=;\r\n" + lines(";", "\r\n").encode(),
}  # fmt: skip


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def to_cp1258(text: str) -> bytes:
    """Windows-1258 has ê and the tones, but not ế: the tone follows its letter."""
    encoded = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            *base, tone = unicodedata.normalize("NFD", letter)
            marks = [mark for mark in [*base[1:], tone] if mark in "\u0300\u0301\u0303\u0309\u0323"]
            rest = "".join(mark for mark in [*base, tone] if mark not in marks)
            encoded += unicodedata.normalize("NFC", rest).encode("cp1258") + "".join(marks).encode("cp1258")
    return encoded


def to_tcvn3(text: str) -> bytes:
    backwards = {letter: bytes([code]) for code, letter in TCVN3_LETTERS.items()}
    return b"".join(backwards.get(letter) or letter.encode("ascii") for letter in text)


@pytest.mark.parametrize("kind", TEXTS)
def test_text_in_every_encoding_and_with_every_delimiter_is_the_same_table(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "so_theo_doi.csv"
    path.write_bytes(TEXTS[kind]())
    assert_is_the_table(path)


def test_a_configured_encoding_and_delimiter_are_taken_at_their_word(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(to_cp1258(lines(";")))
    assert_is_the_table(path, encoding="windows-1258", delimiter=";")


def test_an_unknown_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(lines())
    with pytest.raises(DataError, match=r"a\.csv.*bảng mã utf-99"):
        read(path, encoding="utf-99")


def test_a_workbook_gives_dates_as_iso_and_numbers_as_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Lệ phí", "Số hóa", "Mã xã"])
        sheet.write_string(1, 0, " H44.100-250705-0001\u00a0")
        sheet.write_datetime(
            1, 1, dt.datetime(2025, 7, 5, 7, 30, 15), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        )
        sheet.write_datetime(1, 2, dt.datetime(2025, 7, 8), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 3, 8000)
        sheet.write_boolean(1, 4, True)
        sheet.write_number(1, 5, 8740)
    [table] = read(path)
    assert rows_of(table) == [["H44.100-250705-0001", "2025-07-05 07:30:15", "2025-07-08", "8000", "true", "8740"]]


def test_the_old_binary_workbook_is_read_too() -> None:
    [table] = read(Path(__file__).with_name("so_theo_doi.xls"))
    assert table.headings == ["Mã hồ sơ", "Lĩnh vực", "Ngày tiếp nhận", "Ngày hẹn trả", "Mã xã"]
    assert rows_of(table) == [["H44.100-250705-0001", "Chứng thực", "2025-07-05 07:30:00", "2025-07-08", "8740"]]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["B3"] = "SỔ THEO DÕI HỒ SƠ"
    for column, heading in zip("BCD", HEADINGS, strict=False):
        book.active[f"{column}5"] = heading
    for row, cells in zip((6, 8), ROWS, strict=False):
        for column, cell in zip("BCD", cells, strict=False):
            book.active[f"{column}{row}"] = cell
    book.active["E6"] = "lạc"
    book.save(path)
    [table] = read(path)
    assert table.headings == [*HEADINGS[:3], "cột E"]
    assert numbers_of(table) == [6, 8]


def test_every_sheet_with_known_headings_is_a_table_and_the_others_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Tháng 7", "Tháng 8"):
            sheet = book.add_worksheet(name)
            for position, row in enumerate([HEADINGS, *ROWS]):
                sheet.write_row(position, 0, row)
        book.add_worksheet("Hướng dẫn").write_row(0, 0, ["Lĩnh vực", "Số lượng"])
        book.add_worksheet("Trống")
    tables = read(path)
    assert [table.source_file for table in tables] == ["a.xlsx [Tháng 7]", "a.xlsx [Tháng 8]"]
    assert rows_of(tables[1]) == ROWS
    assert "Hướng dẫn" in tables[0].notes[0]
    assert "Trống" in tables[0].notes[0]


def test_one_sheet_is_chosen_by_name_and_a_missing_one_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, row in (("Cũ", ROWS[0]), ("Mới", ROWS[1])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADINGS)
            sheet.write_row(1, 0, row)
    [table] = read(path, sheet="mới")
    assert table.source_file == "a.xlsx"
    assert rows_of(table) == [ROWS[1]]
    with pytest.raises(DataError, match=r"a\.xlsx.*'Khác'.*Cũ, Mới"):
        read(path, sheet="Khác")


def test_html_named_xls_is_read_with_its_merged_cells(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(
        "<html><head><meta charset='utf-8'></head><body><table>"
        "<tr><td colspan=4>DANH SÁCH HỒ SƠ &amp; KẾT QUẢ</td></tr>"
        "<tr><th rowspan=2>Mã hồ sơ</th><th colspan=2>Thời gian</th><th rowspan=2>Trạng thái</th></tr>"
        "<tr><th>Ngày tiếp<br>nhận</th><th>Ngày hẹn trả</th></tr>"
        "<tr><td> H44.100-250705-0001 </td><td>05/07/2025</td><td>08/07/2025</td><td>Đang xử lý</td></tr>"
        "</table></body></html>".encode()
    )
    [table] = read(path)
    assert table.headings == ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"]
    assert rows_of(table) == [["H44.100-250705-0001", "05/07/2025", "08/07/2025", "Đang xử lý"]]


def test_parquet_columns_become_iso_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "dossier_id": ["a", None],
            "received_at": [dt.datetime(2025, 7, 5, 7, 30), None],
            "due_at": [dt.date(2025, 7, 8), None],
            "fee": [56.983, None],
            "digitised": [True, None],
            "status": [10, None],
        }
    ).write_parquet(path)
    [table] = read(path)
    [row] = rows_of(table)
    assert row == ["a", "2025-07-05 07:30:00", "2025-07-08", "56.9830", "true", "10"]


def test_a_parquet_time_with_a_zone_keeps_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    moment = (
        pl.Series([dt.datetime(2025, 7, 5, 0, 30)]).dt.replace_time_zone("UTC").dt.convert_time_zone("Asia/Ho_Chi_Minh")
    )
    pl.DataFrame({"dossier_id": ["a"], "received_at": moment}).write_parquet(path)
    [table] = read(path)
    assert rows_of(table) == [["a", "2025-07-05 07:30:00+07:00"]]


def test_json_lines_have_the_keys_of_all_lines_as_columns_and_report_what_is_no_object(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"MaHoSo": "a", "LePhi": 8000.0}) + "\n\n[1]\nkhông phải JSON\n"
        + json.dumps({"MaHoSo": "b", "DuocSoHoa": True, "LePhi": 1.234}) + "\n"
    )  # fmt: skip
    [table] = read(path)
    assert table.headings == ["MaHoSo", "LePhi", "DuocSoHoa"]
    assert rows_of(table) == [["a", "8000", None], ["b", "1.2340", "true"]]
    assert [bad.row_number for bad in table.bad_rows] == [3, 4]


def test_a_large_file_comes_in_batches_with_unbroken_row_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_module, "_SAMPLE_BYTES", 2000)
    monkeypatch.setattr(delimited_module, "_BLOCK_BYTES", 1000)
    monkeypatch.setattr(delimited_module, "_MOST_BATCH_BYTES", 4000)
    count = 1000
    text = "".join(f'H44.100-250705-{number:04},"Hộ tịch, ấp {number}",05/07/2025,"a\nb"\n' for number in range(count))
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEADINGS) + "\n" + text)
    [table] = read(path)
    batches = list(table.batches)
    assert len(batches) > 3
    whole = pl.concat(batches)
    assert whole["row_number"].to_list() == list(range(2, count + 2))
    assert whole["Lĩnh vực"].to_list() == [f"Hộ tịch, ấp {number}" for number in range(count)]
    assert whole["Trạng thái"].unique().to_list() == ["a\nb"]


# ---- what cannot be read ---------------------------------------------------------------------------------------------


def drain(path: Path, **options: object) -> None:
    for table in read(path, **options):
        for _batch in table.batches:
            pass


def test_a_gzip_file_cut_short_is_refused_even_when_its_head_reads_well(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(lines().encode())[:-12])
    with pytest.raises(DataError, match=r"a\.csv\.gz: tệp nén bị cắt cụt"):
        drain(path)


def test_a_gzip_file_cut_before_its_first_byte_of_text_is_not_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(lines().encode())[:12])
    with pytest.raises(DataError, match=r"a\.csv\.gz: tệp nén bị cắt cụt"):
        drain(path)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN: dict[str, tuple[str, bytes, str]] = {
    "no bytes": ("a.csv", b"", "tệp rỗng"),
    "only line ends": ("a.csv", b"\xef\xbb\xbf\r\n\r\n", "tệp rỗng"),
    "a workbook that is none": ("a.xlsx", b"hello", "không phải định dạng .xlsx"),
    "a workbook cut short": ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "không mở được như một sổ Excel"),
    "a workbook with a password": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
    "a broken old workbook": ("a.xls", OLE + b"\0" * 600, "không mở được như một sổ Excel"),
    "a lock file of Excel": ("~$a.xlsx", b"x", "tệp khóa tạm"),
    "a Parquet file cut short": ("a.parquet", b"PAR1" + b"x" * 50, "tệp Parquet hỏng"),
    "an Excel 2003 XML file": ("a.xls", b'<?xml version="1.0"?><Workbook/>', "XML"),
    "a page without a table": ("a.xls", "<html><body>Phiên hết hạn</body></html>".encode(), "không có bảng nào"),
    "JSON lines without an object": ("a.jsonl", b"1\n2\n", "không có dòng JSON"),
    "text without headings we know": ("a.csv", "Tên,Giá\nNguyễn Văn An,5\n".encode(), "Tên; Giá"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_refused_by_name_with_the_reason(what: str, tmp_path: Path) -> None:
    name, content, reason = BROKEN[what]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        drain(path)
    assert name in str(error.value)
    assert reason in str(error.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.csv: không có tệp này"):
        drain(tmp_path / "gone.csv")
    (tmp_path / "exports").mkdir()
    with pytest.raises(DataError, match="exports: đây là thư mục"):
        drain(tmp_path / "exports")


def test_the_refusal_for_want_of_headings_shows_no_row_of_data(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,Nguyễn Văn An,0912345678,05/07/2025\n2,Trần Thị Bình,0987654321,06/07/2025\n")
    with pytest.raises(DataError) as error:
        drain(path)
    assert "Nguyễn" not in str(error.value)
    assert "0912345678" not in str(error.value)


def test_text_in_a_vntime_font_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["M· hå s¬", "Ngµy tiÕp nhËn"])
    with pytest.raises(DataError, match="TCVN3"):
        drain(path)
