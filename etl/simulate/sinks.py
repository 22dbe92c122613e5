"""The files being written: opened once, fed chunk by chunk, so that memory does not grow with the province."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import polars as pl
import xlsxwriter

_BUFFER = 1 << 20


class CsvSink:
    """A CSV file that grows; `encoding` as Python names it, `.gz` in the name packs it."""

    def __init__(
        self,
        path: Path,
        *,
        encoding: str = "utf-8",
        delimiter: str = ",",
        normal_form: str = "NFC",
        datetime_format: str | None = None,
    ) -> None:
        self.delimiter, self.datetime_format = delimiter, datetime_format
        self._encode, start = _encoder(encoding, normal_form)
        self._raw: BinaryIO | None = None
        if path.suffix == ".gz":
            self._raw = path.open("wb")
            # No name and no time inside, so that the same content is the same file.
            packed = gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=self._raw, mtime=0)
            self._file = cast(BinaryIO, io.BufferedWriter(packed, _BUFFER))
        else:
            self._file = path.open("wb", buffering=_BUFFER)
        self._file.write(start)
        self._has_header = False
        self.rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        target = io.BytesIO()
        frame.write_csv(
            target, separator=self.delimiter, include_header=not self._has_header, datetime_format=self.datetime_format
        )
        self._has_header = True
        self._file.write(self._encode(target.getvalue()))
        self.rows += frame.height

    def close(self) -> None:
        self._file.close()
        if self._raw is not None:
            self._raw.close()


class WorkbookSink:
    """A workbook as an office sends it: a merged title, a line about the period, the table, and a footer with the
    totals."""

    def __init__(self, path: Path, *, title: str, period: str, total: str, summed: str) -> None:
        self.path, self.title, self.period, self.total, self.summed = path, title, period, total, summed
        self._frames: list[pl.DataFrame] = []
        self.rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        self._frames.append(frame)
        self.rows += frame.height

    def close(self) -> None:
        table = pl.concat(self._frames).with_columns(pl.int_range(1, pl.len() + 1).alias("STT"))
        with xlsxwriter.Workbook(self.path, {"constant_memory": True}) as book:
            book.set_properties({"created": dt.datetime(2026, 1, 1)})
            sheet = book.add_worksheet("Sổ theo dõi")
            bold = book.add_format({"bold": True, "align": "center"})
            when = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
            last = table.width - 1
            sheet.merge_range(0, 0, 0, last, self.title, bold)
            sheet.merge_range(1, 0, 1, last, self.period, bold)
            sheet.write_row(3, 0, table.columns, bold)
            writers = [_cell_writer(sheet, dtype, when) for dtype in table.dtypes]
            for number, row in enumerate(table.iter_rows(), start=4):
                for column, value in enumerate(row):
                    if value is not None:
                        writers[column](number, column, value)
            footer = table.height + 4
            sheet.write(footer, 1, self.total, bold)
            sheet.write(footer, 2, table.height)
            sheet.write(footer, table.columns.index(self.summed), table[self.summed].sum())
        # What Excel leaves beside a workbook that somebody has open.
        (self.path.parent / f"~${self.path.name[2:]}").write_bytes(b"\x15Microsoft Excel".ljust(165))


def _cell_writer(sheet: Any, dtype: pl.DataType, when: object) -> Callable[[int, int, Any], object]:
    """How the cells of a column are written; knowing the type beforehand takes a third of the time off."""
    if dtype == pl.Datetime:
        return lambda row, column, value: sheet.write_datetime(row, column, value, when)
    return sheet.write_number if dtype.is_numeric() else sheet.write_string  # type: ignore[no-any-return]


def _encoder(encoding: str, normal_form: str) -> tuple[Callable[[bytes], bytes], bytes]:
    """Turns UTF-8 text into the file's bytes, and what the file begins with."""
    if encoding == "cp1258":
        return lambda data: data.decode().translate(_CP1258).encode("cp1258"), b""
    if encoding == "utf-16":
        return lambda data: data.decode().encode("utf-16-le"), b"\xff\xfe"
    start = b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""
    if normal_form == "NFD":
        return lambda data: unicodedata.normalize("NFD", data.decode()).encode(), start
    return lambda data: data, start


def _tones_apart() -> dict[int, str]:
    """Windows-1258 has the vowels with their hats and horns, but writes tones as characters of their own."""
    table = {}
    for code in [*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)]:
        character = chr(code)
        try:
            character.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", character)
            tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
            rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
            table[code] = rest + "".join(tones)
    return table


_CP1258 = _tones_apart()
