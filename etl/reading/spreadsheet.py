"""Workbooks: .xlsx, .xlsb, .ods and the old binary .xls, read by calamine."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import polars as pl

from etl.errors import DataError
from etl.reading.header import Header, Row, check_width, find_header, no_header_error, unique_names
from etl.reading.rows import keep_data_rows, normalise_text_columns
from etl.reading.table import ROW_NUMBER, RawTable, Recognise
from etl.reading.tcvn3 import looks_like_tcvn3
from etl.reading.text import readable
from language import _
from language.formats import number

_ROWS_FOR_HEADER = 60
# A sheet of a million rows and thirty columns unpacks to about 2 GB of XML.
_MOST_UNPACKED = 4_000_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
_TIME_ONLY = r"^1899-12-3[01] (\d{2}:\d{2}:\d{2})$"


def read_workbook(
    path: Path, *, shown_as: str, recognise: Recognise, sheet: str | None, header_row: int | None, batch_rows: int
) -> Iterator[RawTable]:
    """A table for each sheet with recognised headings, or for the one named; one workbook at a time is in memory."""
    reader = _open(path, shown_as=shown_as)
    names = _wanted_sheets(reader.sheet_names, sheet, shown_as=shown_as)
    sheets = [(name, _load_text(reader, name, shown_as=shown_as)) for name in names]
    yield from tables_of_sheets(
        [(name, first_column, cells) for name, (first_column, cells) in sheets],
        shown_as=shown_as,
        recognise=recognise,
        header_row=header_row,
        batch_rows=batch_rows,
        one_wanted=sheet is not None,
    )


def tables_of_sheets(
    sheets: list[tuple[str, int, pl.DataFrame]],
    *,
    shown_as: str,
    recognise: Recognise,
    header_row: int | None,
    batch_rows: int,
    one_wanted: bool,
) -> Iterator[RawTable]:
    """The tables among sheets given as (name, first column, text cells): those whose headings are recognised.

    A sheet recognised less than half as well as the best one (a pivot, a code list) is left aside and noted.
    """
    headed: list[tuple[str, int, pl.DataFrame, Header]] = []
    aside: list[str] = []
    for name, first_column, cells in sheets:
        check_width(cells.width, shown_as=shown_as)
        header = find_header(_rows(cells), recognise, header_row=header_row)
        if header is None:
            aside.append(name)
        else:
            headed.append((name, first_column, cells, header))
    if not headed:
        raise _nothing_found([cells for _name, _column, cells in sheets], shown_as=shown_as, header_row=header_row)
    best = max(header.score for *_rest, header in headed)
    kept = [entry for entry in headed if 2 * entry[3].score >= best]
    aside += [name for name, *_rest, header in headed if 2 * header.score < best]
    notes = (
        (_("Bỏ qua các trang tính không có tiêu đề cột nhận ra được: {sheets}.").format(sheets=", ".join(aside)),)
        if aside
        else ()
    )
    for name, first_column, cells, header in kept:
        yield _table(
            cells,
            header,
            source_file=shown_as if len(sheets) == 1 or one_wanted else f"{shown_as} [{name}]",
            first_column=first_column,
            batch_rows=batch_rows,
            notes=notes,
        )


def _table(
    sheet: pl.DataFrame, header: Header, *, source_file: str, first_column: int, batch_rows: int, notes: tuple[str, ...]
) -> RawTable:
    data = sheet.with_row_index(ROW_NUMBER, offset=1)[header.data_row :].cast({ROW_NUMBER: pl.Int64})
    cells = [*header.cells, *[""] * sheet.width][: sheet.width]
    names = unique_names(cells, first_column=first_column)
    data = normalise_text_columns(data.select(*sheet.columns, ROW_NUMBER))
    data.columns = [*names, ROW_NUMBER]
    # A column without heading and without data is the sheet's margin.
    used = [position for position, cell in enumerate(cells) if cell or data[names[position]].null_count() < data.height]
    headings = [names[position] for position in used]
    data = data.select(*headings, ROW_NUMBER)
    return RawTable(
        source_file=source_file,
        headings=headings,
        batches=keep_data_rows(
            data.iter_slices(batch_rows), headings=headings, cells=[cells[position] for position in used]
        ),
        notes=notes,
    )


def _open(path: Path, *, shown_as: str) -> fastexcel.ExcelReader:
    with readable(shown_as):
        content = path.read_bytes()
    if content.startswith(b"\xd0\xcf\x11\xe0") and _ENCRYPTED in content:
        raise DataError(_("{file}: sổ Excel đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi nạp.").format(file=shown_as))
    if zipfile.is_zipfile(path):
        with readable(shown_as), zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise DataError(
                _("{file}: sổ Excel giải nén ra {size} GB, quá lớn để mở. Xuất lại thành CSV rồi nạp.").format(
                    file=shown_as, size=number(unpacked / 1e9, 1)
                )
            )
    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        raise _broken(shown_as, error) from error


def _load_text(reader: fastexcel.ExcelReader, name: str, *, shown_as: str) -> tuple[int, pl.DataFrame]:
    """The 0-based first column of the sheet and its cells as text, from row 1 on; dates in ISO."""
    try:
        # skip_rows=0 keeps the empty rows at the top, so that rows keep their numbers.
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        cells = sheet.to_polars()
    except fastexcel.FastExcelError as error:
        raise _broken(shown_as, error) from error
    if not cells.width:
        return 0, cells
    text = pl.col(pl.String)
    cells = cells.with_columns(text.str.replace(_MIDNIGHT, "${1}").str.replace(_TIME_ONLY, "${1}"))
    return sheet.available_columns()[0].absolute_index, cells


def _rows(cells: pl.DataFrame) -> list[Row]:
    return list(cells.head(_ROWS_FOR_HEADER).rows())


def _wanted_sheets(names: list[str], sheet: str | None, *, shown_as: str) -> list[str]:
    if sheet is None:
        return names
    for name in names:
        if name.strip().casefold() == sheet.strip().casefold():
            return [name]
    raise DataError(
        _("{file}: không có trang tính {sheet!r}. Các trang có trong tệp: {names}.").format(
            file=shown_as, sheet=sheet, names=", ".join(names)
        )
    )


def _nothing_found(sheets: list[pl.DataFrame], *, shown_as: str, header_row: int | None) -> DataError:
    filled = [rows for rows in map(_rows, sheets) if any(any(row) for row in rows)]
    if not filled:
        return DataError(_("{file}: tệp không có dữ liệu. Xuất lại tệp rồi nạp lại.").format(file=shown_as))
    if any(looks_like_tcvn3(cell) for rows in filled for row in rows for cell in row if cell):
        return DataError(
            _(
                "{file}: chữ trong tệp theo bảng mã TCVN3 (phông .VnTime). "
                "Chuyển sang Unicode (ví dụ bằng UniKey), lưu lại rồi nạp."
            ).format(file=shown_as)
        )
    return no_header_error(filled[0], shown_as=shown_as, header_row=header_row)


def _broken(shown_as: str, error: Exception) -> DataError:
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        return DataError(_("{file}: sổ Excel đặt mật khẩu. Bỏ mật khẩu, lưu lại rồi nạp.").format(file=shown_as))
    return DataError(
        _("{file}: không mở được như một sổ Excel (tệp hỏng hoặc chép dở). Xuất lại tệp rồi nạp lại.").format(
            file=shown_as
        )
    )
