"""HTML tables, which many one-stop systems send out under the name .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl

from etl.errors import DataError
from etl.reading.text import check_encoding, decode_sample, likely_encodings, stream_bytes
from language import _

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_LARGEST_SPAN = 1000


def read_html_tables(path: Path, *, shown_as: str, encoding: str | None) -> list[tuple[str, int, pl.DataFrame]]:
    """Each outermost table of the page as (name, 0, text cells by row); a merged cell stands in its first place."""
    content = b"".join(stream_bytes(path, shown_as=shown_as))
    text = _decode(content, shown_as=shown_as, encoding=encoding)
    parser = _Tables()
    parser.feed(text)
    parser.close()
    tables = [rows for rows in parser.tables if any(rows)]
    if not tables:
        raise DataError(
            _("{file}: trang HTML không có bảng nào. Xuất lại dưới dạng .xlsx hoặc .csv.").format(file=shown_as)
        )
    return [(_("bảng {number}").format(number=number), 0, _frame(rows)) for number, rows in enumerate(tables, start=1)]


class _Tables(HTMLParser):
    """Collects rows of cells; tables inside cells are read as text of the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str | None]]] = []
        self._depth = 0
        self._row: list[str | None] | None = None
        self._cell: list[str] | None = None
        self._span = (1, 1)
        # Columns that a cell of a row above still covers: column -> rows left.
        self._covered: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
                self._covered = {}
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_row()
            self._row = []
        elif tag in {"td", "th"}:
            self._end_cell()
            if self._row is None:
                self._row = []
            values = dict(attrs)
            self._span = (_number(values.get("colspan")), _number(values.get("rowspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
            self._depth -= 1
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_row()
        elif tag in {"td", "th"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        self._skip_covered(self._row)
        columns, rows = self._span
        start = len(self._row)
        self._row += [" ".join("".join(self._cell).split()) or None, *[None] * (columns - 1)]
        if rows > 1:
            self._covered.update(dict.fromkeys(range(start, start + columns), rows))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        self._skip_covered(self._row)
        self.tables[-1].append(self._row)
        self._covered = {column: rows - 1 for column, rows in self._covered.items() if rows > 1}
        self._row = None

    def _skip_covered(self, row: list[str | None]) -> None:
        # A cell that began in this very row already occupies its own columns, so only earlier rows' cells are found.
        while len(row) in self._covered:
            row.append(None)


def _number(span: str | None) -> int:
    return min(int(span), _LARGEST_SPAN) if span and span.strip().isdigit() and int(span) > 0 else 1


def _frame(rows: list[list[str | None]]) -> pl.DataFrame:
    width = max(map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return pl.DataFrame(padded, schema=[(f"c{position}", pl.String) for position in range(width)], orient="row")


def _decode(content: bytes, *, shown_as: str, encoding: str | None) -> str:
    declared = _CHARSET.search(content[:4096])
    candidates = [check_encoding(encoding, shown_as=shown_as)] if encoding else likely_encodings(content, complete=True)
    if encoding is None and candidates != ["utf-8"] and len(candidates) > 1 and declared:
        candidates = [check_encoding(declared[1].decode(), shown_as=shown_as), *candidates]
    for candidate in candidates:
        text = decode_sample(content, candidate)
        if text is not None:
            return text
    raise DataError(
        _("{file}: không rõ bảng mã của tệp. Ghi encoding (ví dụ windows-1258) trong tệp cấu hình.").format(
            file=shown_as
        )
    )
