"""Raw export files as text tables, whatever their format, encoding, titles and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from etl.errors import DataError
from etl.reading.delimited import read_delimited
from etl.reading.markup import read_html_tables
from etl.reading.records import read_json_lines, read_parquet
from etl.reading.spreadsheet import read_workbook, tables_of_sheets
from etl.reading.table import ROW_NUMBER, BadRow, RawTable, Recognise
from etl.reading.text import GZIP, readable, stream_bytes
from language import _

__all__ = ["ROW_NUMBER", "BadRow", "RawTable", "Recognise", "is_lock_file", "read_tables"]


def read_tables(
    path: Path,
    *,
    shown_as: str,
    recognise: Recognise,
    sheet: str | None = None,
    header_row: int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    batch_rows: int = 500_000,
) -> Iterator[RawTable]:
    """The tables of a file: one for text, Parquet and JSON lines, one for each recognised sheet of a workbook.

    The format is known by content, then by ending. Batches hold at most about `batch_rows` rows and are read as they
    are taken, so a text file of any size fits; a workbook is in memory as a whole. `header_row` is 1-based. Raises
    DataError (naming the file as `shown_as`, and what to do) for what cannot be read, also while batches are taken:
    an archive cut short shows at its end.
    """
    if is_lock_file(path):
        raise DataError(_("{file}: đây là tệp khóa tạm của Excel. Đóng Excel rồi nạp tệp chính.").format(file=shown_as))
    if path.is_dir():
        raise DataError(
            _("{file}: đây là thư mục, không phải tệp. Ghi path là một tệp hoặc mẫu như thư-mục/*.xlsx.").format(
                file=shown_as
            )
        )
    kind = _kind_of(path, shown_as=shown_as)
    if kind == "parquet":
        yield read_parquet(path, shown_as=shown_as, recognise=recognise, batch_rows=batch_rows)
    elif kind == "workbook":
        yield from read_workbook(
            path, shown_as=shown_as, recognise=recognise, sheet=sheet, header_row=header_row, batch_rows=batch_rows
        )
    elif kind == "html":
        yield from tables_of_sheets(
            read_html_tables(path, shown_as=shown_as, encoding=encoding),
            shown_as=shown_as,
            recognise=recognise,
            header_row=header_row,
            batch_rows=batch_rows,
            one_wanted=False,
        )
    elif kind == "json lines":
        yield read_json_lines(path, shown_as=shown_as, recognise=recognise)
    else:
        yield read_delimited(
            path,
            shown_as=shown_as,
            recognise=recognise,
            header_row=header_row,
            encoding=encoding,
            delimiter=delimiter,
            batch_rows=batch_rows,
        )


def is_lock_file(path: Path) -> bool:
    """Whether the file is one that Excel (`~$…`) or LibreOffice (`.~lock.…#`) keeps beside an open workbook."""
    return path.name.startswith(("~$", ".~lock."))


def _kind_of(path: Path, *, shown_as: str) -> str:
    with readable(shown_as), path.open("rb") as file:
        packed = file.read(2) == GZIP
    head = next(stream_bytes(path, shown_as=shown_as, size=4096), b"")
    if not head:
        raise DataError(_("{file}: tệp rỗng (0 byte). Xuất lại tệp rồi nạp lại.").format(file=shown_as))
    kind = _kind_by_content(head)
    if kind == "old xml":
        raise DataError(
            _("{file}: tệp XML (Excel 2003 hoặc khác) không đọc được. Mở bằng Excel và lưu lại thành .xlsx.").format(
                file=shown_as
            )
        )
    if kind is None:
        ending = path.name.lower().removesuffix(".gz").rpartition(".")[2]
        if ending in {"xlsx", "xlsm", "xlsb", "parquet"}:
            raise DataError(
                _("{file}: nội dung không phải định dạng .{ending}. Xuất lại tệp rồi nạp lại.").format(
                    file=shown_as, ending=ending
                )
            )
        kind = "json lines" if ending in {"jsonl", "ndjson"} else "text"
    if packed and kind in {"parquet", "workbook"}:
        raise DataError(
            _("{file}: tệp này không đọc được khi còn nén .gz. Giải nén trước khi nạp.").format(file=shown_as)
        )
    return kind


def _kind_by_content(head: bytes) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<div")):
        return "html"
    if text.startswith(b"<?xml"):
        return "html" if b"<html" in text else "old xml"
    return "json lines" if re.match(rb'\{\s*"', text) else None
