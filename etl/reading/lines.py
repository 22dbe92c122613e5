"""Delimited text line by line, for the blocks that are not plain: every line becomes a row or a reported bad row."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from etl.errors import DataError
from etl.reading.table import BadRow
from language import _

# A cell holds fewer line breaks than this.
_MOST_LINES_OF_A_RECORD = 200
# More broken lines than this in one block, and the file is not in the encoding it seemed to be in.
_MOST_BROKEN_LINES = 1000


def parse_lines(
    block: bytes, *, delimiter: str, width: int, first_row: int, bad_rows: list[BadRow], shown_as: str
) -> tuple[list[int], list[list[str]], int]:
    """The row numbers and cells of the block's records, and the number of the row after the block.

    A record with too few fields is filled up with empty ones; surplus empty fields are cut off. A record with surplus
    values, broken bytes or a quote that never closes is no row: it is appended to `bad_rows`.
    """
    # What is not UTF-8 stays recognisable as such, line by line.
    lines = [
        line.removesuffix("\r") for line in block.removesuffix(b"\n").decode("utf-8", "surrogateescape").split("\n")
    ]
    numbers: list[int] = []
    rows: list[list[str]] = []
    broken = 0
    position, row_number = 0, first_row
    while position < len(lines):
        height = _height(lines, position, delimiter=delimiter, width=width)
        record = lines[position : position + max(1, height)]
        reason = None
        cells = record[0].split(delimiter) if height == 0 else _cells(record, delimiter)
        if any("\udc80" <= letter <= "\udcff" for line in record for letter in line):
            broken += 1
            _check_broken(broken, shown_as=shown_as, row_number=row_number)
            reason = _("có ký tự hỏng (không phải UTF-8)")
        elif height == 0 and len(cells) != width:
            reason = _("dấu nháy kép mở mà không đóng")
        elif any(cell.strip() for cell in cells[width:]):
            reason = _("có {count} ô, nhiều hơn {width} cột").format(count=len(cells), width=width)
        if reason is None:
            numbers.append(row_number)
            rows.append([*cells[:width], *[""] * (width - len(cells))])
        else:
            bad_rows.append(BadRow(row_number, reason))
        position += max(1, height)
        row_number += 1
    return numbers, rows, row_number


def _height(lines: Sequence[str], position: int, *, delimiter: str, width: int) -> int:
    """How many lines the record at `position` has; 0 where it opens a quote that is a stray one."""
    quotes = lines[position].count('"')
    if quotes % 2 == 0:
        return 1
    for height in range(2, min(_MOST_LINES_OF_A_RECORD, len(lines) - position) + 1):
        line = lines[position + height - 1]
        if line.count('"') % 2:
            record = lines[position : position + height]
            return height if _strict_cells(record, delimiter) is not None else 0
        # A record of its own inside the quotes: a stray quote has swallowed it.
        if width > 2 and line.count(delimiter) >= width - 1 and len(_strict_cells([line], delimiter) or []) == width:
            return 0
    return 0


def _cells(record: Sequence[str], delimiter: str) -> list[str]:
    """The fields of a record as leniently as spreadsheets read them."""
    try:
        return next(csv.reader(_with_breaks(record), delimiter=delimiter), [])
    except csv.Error:
        return "\n".join(record).split(delimiter)


def _strict_cells(record: Sequence[str], delimiter: str) -> list[str] | None:
    """The fields of a record whose quotes are all where they belong; None where they are not."""
    try:
        return next(csv.reader(_with_breaks(record), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _with_breaks(record: Sequence[str]) -> list[str]:
    return [*(f"{line}\n" for line in record[:-1]), record[-1]]


def _check_broken(broken: int, *, shown_as: str, row_number: int) -> None:
    if broken > _MOST_BROKEN_LINES:
        raise DataError(
            _(
                "{file}: từ dòng {row} không còn là UTF-8. Ghi đúng encoding trong tệp cấu hình hoặc xuất lại tệp."
            ).format(file=shown_as, row=row_number)
        )
