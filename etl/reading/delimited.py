"""Delimited text (CSV and its kin), from a file of any size in bounded memory.

The text is cut into blocks that end with a record. Polars reads a block at full speed; only where its answer does not
account for every line of the block (line breaks or stray quotes in cells, surplus fields, broken bytes) is that
block taken apart line by line, so that no line is swallowed or lost in silence.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from etl.errors import DataError
from etl.reading.header import Header, check_width, find_header, no_header_error, unique_names
from etl.reading.lines import parse_lines
from etl.reading.rows import keep_data_rows, number_rows
from etl.reading.table import ROW_NUMBER, BadRow, RawTable, Recognise
from etl.reading.text import check_encoding, compose, decode_sample, likely_encodings, stream_bytes, stream_utf8
from language import _

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 1 << 20
_SAMPLE_LINES = 300
# Memory of this size is handed out again and again without being cleared, which halves the cost of a block.
_BLOCK_BYTES = 16 << 20
_MOST_BATCH_BYTES = 64 << 20
# A quoted cell with line breaks is shorter than this; a quote that stays open for longer is a stray one.
_LONGEST_RECORD_BYTES = 1 << 20


@dataclass(frozen=True)
class Layout:
    """How the text is to be cut: encoding, delimiter, headings by column, and where the data begin."""

    encoding: str
    delimiter: str
    header: Header
    width: int
    lines_before_data: int
    bytes_a_line: float
    carriage_returns_only: bool


def read_delimited(
    path: Path,
    *,
    shown_as: str,
    recognise: Recognise,
    header_row: int | None,
    encoding: str | None,
    delimiter: str | None,
    batch_rows: int,
) -> RawTable:
    """The table of a text file; its rows are parsed as the batches are taken."""
    if delimiter is not None and len(delimiter) != 1:
        raise DataError(
            _("{file}: delimiter phải là một ký tự, không phải {delimiter!r}.").format(
                file=shown_as, delimiter=delimiter
            )
        )
    sample = _take_sample(path, shown_as=shown_as)
    layout = _find_layout(
        sample, shown_as=shown_as, recognise=recognise, header_row=header_row, encoding=encoding, delimiter=delimiter
    )
    check_width(layout.width, shown_as=shown_as)
    cells = [*layout.header.cells, *[""] * layout.width][: layout.width]
    headings = unique_names(cells)
    bad_rows: list[BadRow] = []
    batches = _stream_batches(
        path, layout=layout, headings=headings, batch_rows=batch_rows, bad_rows=bad_rows, shown_as=shown_as
    )
    return RawTable(
        source_file=shown_as,
        headings=headings,
        batches=keep_data_rows(batches, headings=headings, cells=cells),
        bad_rows=bad_rows,
    )


def _take_sample(path: Path, *, shown_as: str) -> bytes:
    sample = b""
    for block in stream_bytes(path, shown_as=shown_as):
        sample += block
        if len(sample) >= _SAMPLE_BYTES:
            break
    if not sample.strip(b"\0\r\n\t \xef\xbb\xbf\xfe\xff"):
        raise DataError(_("{file}: tệp rỗng. Xuất lại tệp rồi nạp lại.").format(file=shown_as))
    return sample


def _find_layout(
    sample: bytes,
    *,
    shown_as: str,
    recognise: Recognise,
    header_row: int | None,
    encoding: str | None,
    delimiter: str | None,
) -> Layout:
    """The encoding and the delimiter under which the headings are recognised best."""
    complete = len(sample) < _SAMPLE_BYTES
    encodings = (
        [check_encoding(encoding, shown_as=shown_as)] if encoding else likely_encodings(sample, complete=complete)
    )
    best: Layout | None = None
    rows_seen: list[list[str]] = []
    for name in encodings:
        text = decode_sample(sample, name)
        if text is None:
            continue
        lines = _physical_lines(text)
        for separator in [delimiter] if delimiter else DELIMITERS:
            rows, ends = _parse_sample(lines, separator)
            if max(map(len, rows), default=0) > max(map(len, rows_seen), default=0):
                rows_seen = rows
            header = find_header(rows, recognise, header_row=header_row)
            if header is None or (best is not None and _rank(header) <= _rank(best.header)):
                continue
            best = Layout(
                encoding=name,
                delimiter=separator,
                header=header,
                width=_width(header, rows),
                lines_before_data=ends[header.data_row - 1],
                bytes_a_line=len(text.encode()) / max(1, text.count("\n") or text.count("\r")),
                carriage_returns_only="\n" not in text and "\r" in text,
            )
    if best is None:
        if not rows_seen:
            raise DataError(
                _("{file}: không rõ bảng mã của tệp. Ghi encoding (ví dụ windows-1258) trong tệp cấu hình.").format(
                    file=shown_as
                )
            )
        raise no_header_error(rows_seen, shown_as=shown_as, header_row=header_row)
    return best


def _rank(header: Header) -> tuple[int, int]:
    return header.score, sum(map(bool, header.cells))


def _physical_lines(text: str) -> list[str]:
    lines = text.split("\n") if "\n" in text else text.split("\r")
    return [line.rstrip("\r").replace("\r", " ") for line in lines[:_SAMPLE_LINES]]


def _parse_sample(lines: Sequence[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The first records, and after how many physical lines each ends."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    rows, ends = [], []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        pass
    return rows, ends


def _width(header: Header, rows: Sequence[Sequence[str]]) -> int:
    """The number of columns: of the headings, or more where most of the first rows have data beyond them."""
    named = max(position for position, cell in enumerate(header.cells, start=1) if cell)
    filled = [
        max((i for i, cell in enumerate(row, start=1) if cell.strip()), default=0) for row in rows[header.data_row :]
    ]
    lengths = [length for length in filled if length]
    wide = sum(length > named for length in lengths)
    return max(lengths) if lengths and 2 * wide > len(lengths) else named


def _stream_batches(
    path: Path, *, layout: Layout, headings: list[str], batch_rows: int, bad_rows: list[BadRow], shown_as: str
) -> Iterator[pl.DataFrame]:
    """Frames of several blocks each: blocks are small for the processor's sake, batches large for the caller's."""
    blocks_a_batch = max(1, min(_MOST_BATCH_BYTES, round(batch_rows * layout.bytes_a_line)) // _BLOCK_BYTES)
    row_number = layout.header.data_row + 1
    frames: list[pl.DataFrame] = []
    for block in _stream_blocks(path, layout=layout, shown_as=shown_as):
        frame = _parse_fast(block, layout=layout)
        if frame is None:
            numbers, rows, row_number = parse_lines(
                block,
                delimiter=layout.delimiter,
                width=layout.width,
                first_row=row_number,
                bad_rows=bad_rows,
                shown_as=shown_as,
            )
            frame = pl.DataFrame(rows, schema=dict.fromkeys(headings, pl.String), orient="row")
            frame = frame.with_columns(pl.Series(ROW_NUMBER, numbers, dtype=pl.Int64))
        else:
            frame.columns = headings
            frame = number_rows(frame, row_number)
            row_number += frame.height
        frames.append(frame)
        if len(frames) >= blocks_a_batch:
            yield pl.concat(frames)
            frames = []
    if frames:
        yield pl.concat(frames)


def _stream_blocks(path: Path, *, layout: Layout, shown_as: str) -> Iterator[bytes]:
    """The data in UTF-8, NFC, in blocks that end with a record; headings and titles cut off."""
    blocks = stream_bytes(path, shown_as=shown_as, size=_BLOCK_BYTES)
    open_record: list[bytes] = []
    to_skip = layout.lines_before_data
    for block in stream_utf8(blocks, encoding=layout.encoding, shown_as=shown_as):
        text = block.replace(b"\r", b"\n") if layout.carriage_returns_only else block
        if to_skip:
            *skipped, text = text.split(b"\n", to_skip)
            to_skip -= len(skipped)
            if to_skip:
                continue
        quotes_before = sum(part.count(b'"') for part in open_record)
        cut = _end_of_record(text, quotes_before=quotes_before)
        if cut:
            yield compose(b"".join([*open_record, memoryview(text)[:cut]]))
            open_record = []
        if cut < len(text):
            open_record.append(text[cut:])
    if last := b"".join(open_record):
        yield compose(last)


def _end_of_record(block: bytes, *, quotes_before: int) -> int:
    """Where the last complete record of the block ends: after a line break outside quotes; 0 where none does."""
    last_line = block.rfind(b"\n") + 1
    cut = last_line
    quotes = quotes_before + block.count(b'"', 0, cut)
    while quotes % 2 and cut > max(0, last_line - _LONGEST_RECORD_BYTES):
        previous = block.rfind(b"\n", 0, cut - 1) + 1
        quotes -= block.count(b'"', previous, cut)
        cut = previous
    return last_line if quotes % 2 else cut


def _parse_fast(block: bytes, *, layout: Layout) -> pl.DataFrame | None:
    """The block read by Polars; None where that does not give one row a line."""
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    names = [f"c{position}" for position in range(layout.width)]
    read = partial(
        pl.read_csv,
        separator=layout.delimiter,
        quote_char='"' if b'"' in block else None,
        schema=dict.fromkeys(names, pl.String),
        truncate_ragged_lines=False,
        glob=False,
    )
    try:
        frame = read(block, has_header=False)
    except pl.exceptions.SchemaError:
        # Polars takes the number of columns from the first line, which may be a short one: give it a full one.
        try:
            frame = read(layout.delimiter.join(names).encode() + b"\n" + block, has_header=True)
        except pl.exceptions.PolarsError:
            return None
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == lines else None
