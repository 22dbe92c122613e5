"""Files that know their columns: Parquet and JSON lines."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from etl.errors import DataError
from etl.reading.header import no_header_error, unique_names
from etl.reading.rows import clean_text_columns, normalise_text_columns, number_rows
from etl.reading.table import ROW_NUMBER, BadRow, RawTable, Recognise
from etl.reading.text import readable, stream_bytes
from language import _

_JSON_ROWS_AT_ONCE = 50_000


def read_parquet(path: Path, *, shown_as: str, recognise: Recognise, batch_rows: int) -> RawTable:
    """The columns of a Parquet file as text: times in ISO, whole numbers without fraction; binary ones left aside."""
    with readable(shown_as):
        try:
            schema = pl.read_parquet_schema(path)
            frame = pl.scan_parquet(path)
        except (pl.exceptions.PolarsError, ValueError) as error:
            raise _broken_parquet(shown_as) from error
    readable_columns = {name: kind for name, kind in schema.items() if kind.base_type() not in (pl.Binary, pl.Object)}
    aside = [name for name in schema if name not in readable_columns]
    _check_recognised(list(readable_columns), recognise, shown_as=shown_as)
    headings = unique_names(list(readable_columns))
    columns = [
        _as_text(pl.col(name), kind).alias(heading)
        for heading, (name, kind) in zip(headings, readable_columns.items(), strict=True)
    ]

    def batches() -> Iterator[pl.DataFrame]:
        try:
            first_row = 1
            for batch in frame.select(columns).collect_batches(chunk_size=batch_rows, lazy=True):
                yield number_rows(batch, first_row)
                first_row += batch.height
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _broken_parquet(shown_as) from error

    notes = (_("Bỏ qua các cột nhị phân: {columns}.").format(columns=", ".join(aside)),) if aside else ()
    return RawTable(source_file=shown_as, headings=headings, batches=_filled(batches(), headings), notes=notes)


def read_json_lines(path: Path, *, shown_as: str, recognise: Recognise) -> RawTable:
    """The objects of a JSON-lines file, one row each; the columns are the keys of all of them."""
    keys: dict[str, None] = {}
    for _number, value in _json_values(path, shown_as=shown_as):
        if isinstance(value, dict):
            keys.update(dict.fromkeys(value))
    if not keys:
        raise DataError(_("{file}: không có dòng JSON nào đọc được. Xuất lại tệp rồi nạp lại.").format(file=shown_as))
    names = list(keys)
    _check_recognised(names, recognise, shown_as=shown_as)
    headings = unique_names(names)
    bad_rows: list[BadRow] = []

    def batches() -> Iterator[pl.DataFrame]:
        lines = _json_values(path, shown_as=shown_as)
        while some := list(itertools.islice(lines, _JSON_ROWS_AT_ONCE)):
            good = [(number, value) for number, value in some if isinstance(value, dict)]
            bad_rows.extend(
                BadRow(number, _("không phải một đối tượng JSON"))
                for number, value in some
                if not isinstance(value, dict)
            )
            yield pl.DataFrame(
                {
                    **{
                        heading: [_json_text(value.get(name)) for _number, value in good]
                        for heading, name in zip(headings, names, strict=True)
                    },
                    ROW_NUMBER: [number for number, _value in good],
                },
                schema={**dict.fromkeys(headings, pl.String), ROW_NUMBER: pl.Int64},
            )

    return RawTable(source_file=shown_as, headings=headings, batches=_filled(batches(), headings), bad_rows=bad_rows)


def _filled(batches: Iterator[pl.DataFrame], headings: list[str]) -> Iterator[pl.DataFrame]:
    """Clean text, without rows that are empty throughout."""
    for batch in batches:
        rows = clean_text_columns(normalise_text_columns(batch))
        yield rows.filter(~pl.all_horizontal([pl.col(name).is_null() for name in headings]))


def _as_text(column: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        # The offset keeps the moment exact; the values' reader converts it to the province's time.
        return column.dt.to_string("%Y-%m-%d %H:%M:%S%.f%:z" if kind.time_zone else "%Y-%m-%d %H:%M:%S%.f")
    if kind.is_float():
        return unambiguous_number(column.cast(pl.Float64).cast(pl.String))
    if isinstance(kind, (pl.Struct,)):
        return column.struct.json_encode()
    if isinstance(kind, (pl.List, pl.Array)):
        return column.cast(pl.List(pl.String)).list.join("; ")
    return column.cast(pl.String)


def unambiguous_number(text: pl.Expr) -> pl.Expr:
    """The text of a float such that no reader takes its point for one that groups thousands: 56.983 as 56.9830."""
    return text.str.replace(r"\.0$", "").str.replace(r"^(-?\d{1,3}\.\d{3})$", "${1}0")


def _json_values(path: Path, *, shown_as: str) -> Iterator[tuple[int, Any]]:
    """The row number and the value of each line that is not blank; None for a line that is not JSON."""
    rest = b""
    number = 0
    for block in itertools.chain(stream_bytes(path, shown_as=shown_as), [b"\n"]):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            number += 1
            text = line.strip().removeprefix(b"\xef\xbb\xbf")
            if text:
                try:
                    yield number, orjson.loads(text)
                except orjson.JSONDecodeError:
                    yield number, None


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else _padded(repr(value))
    return str(value) if isinstance(value, int) else orjson.dumps(value).decode()


def _padded(text: str) -> str:
    whole, point, fraction = text.partition(".")
    return f"{text}0" if point and len(fraction) == 3 and len(whole.lstrip("-")) <= 3 else text


def _check_recognised(names: list[str], recognise: Recognise, *, shown_as: str) -> None:
    if recognise(names) == 0:
        raise no_header_error([names], shown_as=shown_as)


def _broken_parquet(shown_as: str) -> DataError:
    return DataError(_("{file}: tệp Parquet hỏng hoặc chép dở. Xuất lại tệp rồi nạp lại.").format(file=shown_as))
