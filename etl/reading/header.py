"""Where the table begins: titles above, merged two-row headings, a row of column numbers below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from etl.errors import DataError
from etl.reading.table import ROW_NUMBER, Recognise
from language import _

ROWS_LOOKED_AT = 40
_MOST_COLUMNS = 1_000

Row = Sequence[str | None]

_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2})\s*\)?(\s*=.*)?$")
_UNREADABLE_AS_HEADING = re.compile(r"\d{3}|\d[/.:-]\d|@|\d\.\d")


class Header(NamedTuple):
    """The headings by column (empty where a column has none), the rows that hold them, and the first row of data.

    Rows are 0-based positions in the rows that were looked at.
    """

    cells: list[str]
    first_row: int
    data_row: int
    score: int


def find_header(rows: Sequence[Row], recognise: Recognise, *, header_row: int | None = None) -> Header | None:
    """The row whose cells are recognised best among the first rows; None where no row has a known heading.

    A heading may stand in two rows where a merged group heading spans several columns. `header_row` (1-based) is taken
    at its word, recognised or not.
    """
    cleaned = [[clean_heading(cell) for cell in row] for row in rows]
    if header_row is not None:
        if header_row < 1 or header_row > len(cleaned) or not any(cleaned[header_row - 1]):
            return None
        candidates = [header_row - 1]
    else:
        candidates = list(range(min(len(cleaned), ROWS_LOOKED_AT)))

    best: Header | None = None
    # One row before two: a title above must not fill the gap of a heading row that does without it.
    for height in (1, 2):
        for position in candidates:
            if position + height > len(cleaned):
                continue
            cells = _combine(cleaned[position], cleaned[position + 1]) if height == 2 else cleaned[position]
            score = recognise(cells)
            if best is None or score > best.score:
                best = Header(cells, position, position + height, score)
    if best is None or (best.score == 0 and header_row is None):
        return None
    if best.data_row < len(cleaned) and _is_row_of_column_numbers(cleaned[best.data_row]):
        best = best._replace(data_row=best.data_row + 1)
    return best


def clean_heading(cell: str | None) -> str:
    """The heading in NFC with single spaces and no line breaks; empty for an empty cell."""
    text = re.sub("[\u200b\ufeff\u00ad]", "", cell or "")
    return " ".join(unicodedata.normalize("NFC", text).split())


def unique_names(cells: Sequence[str], *, first_column: int = 0) -> list[str]:
    """A name for each column: `Ngày trả`, a second one `Ngày trả (2)`, one without heading `cột E` by its letter."""
    taken = {ROW_NUMBER}
    names = []
    for position, cell in enumerate(cells):
        wanted = cell or _("cột {letter}").format(letter=column_letter(first_column + position))
        name, count = wanted, 1
        while name in taken:
            count += 1
            name = f"{wanted} ({count})"
        taken.add(name)
        names.append(name)
    return names


def column_letter(position: int) -> str:
    """The letter of the 0-based column as a spreadsheet shows it: A, B, …, Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def no_header_error(rows: Sequence[Row], *, shown_as: str, header_row: int | None = None) -> DataError:
    """What to tell when no row is a heading row; shows heading-like cells only, never a person's data."""
    if header_row is not None:
        return DataError(
            _("{file}: dòng {row} (header_row) không có tiêu đề cột nào. Sửa header_row trong tệp cấu hình.").format(
                file=shown_as, row=header_row
            )
        )
    seen = _heading_like_cells(rows)
    if not seen:
        return DataError(
            _(
                "{file}: không tìm thấy dòng tiêu đề cột trong {count} dòng đầu. "
                "Thêm dòng tiêu đề vào tệp hoặc ghi header_row trong tệp cấu hình."
            ).format(file=shown_as, count=ROWS_LOOKED_AT)
        )
    return DataError(
        _(
            "{file}: không nhận ra tiêu đề cột nào. Các tiêu đề thấy được: {seen}. "
            "Khai báo chúng ở mục columns của tệp cấu hình (hoặc header_row nếu tiêu đề ở dòng khác)."
        ).format(file=shown_as, seen="; ".join(seen))
    )


def _combine(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    padded = [[*row, *[""] * (width - len(row))] for row in (upper, lower)]
    return [below or above for above, below in zip(*padded, strict=True)]


def _is_row_of_column_numbers(cells: Sequence[str]) -> bool:
    """Official forms number their columns (1), (2), (3) = (1) + (2), … in a row below the headings."""
    filled = [cell for cell in cells if cell]
    # The first columns may have letters instead: A, B, 1, 2, 3.
    letters = [cell for cell in filled if re.fullmatch(r"\(?[A-D]\)?", cell)]
    numbers = [int(match[1]) for cell in filled if (match := _COLUMN_NUMBER.match(cell))]
    first = numbers[0] if numbers else 0
    in_order = numbers == list(range(first, first + len(numbers))) and first in (1, len(letters) + 1)
    # Three bare numbers may be data.
    sure = len(filled) > 3 or any("(" in cell for cell in filled)
    return in_order and sure and len(numbers) > 1 and len(letters) + len(numbers) == len(filled)


def _heading_like_cells(rows: Sequence[Row]) -> list[str]:
    """The cells of the first row that could be headings: several short texts without dates, numbers or addresses."""
    for row in rows[:ROWS_LOOKED_AT]:
        cells = [cell for cell in map(clean_heading, row) if cell]
        if len(cells) >= 2 and not any(len(cell) > 60 or _UNREADABLE_AS_HEADING.search(cell) for cell in cells):
            return cells[:30]
    return []


def check_width(columns: int, *, shown_as: str) -> None:
    """DataError for a table wider than any register: a wrong delimiter, or a file made to fill the memory."""
    if columns > _MOST_COLUMNS:
        raise DataError(
            _("{file}: có {columns} cột, chỉ đọc được đến {most}. Kiểm tra đúng tệp và dấu phân cách chưa.").format(
                file=shown_as, columns=columns, most=_MOST_COLUMNS
            )
        )
