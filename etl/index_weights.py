"""The points of Decision 766 by component: a dated reference table that must add up on every day it covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl

from etl import values
from etl.config import ProvinceConfig
from etl.errors import DataError
from etl.tables import read_table
from language import _
from warehouse.index_items import DECIDED_BY, INDEX_FORMULAS, INDEX_GROUPS, INDEX_POINTS

INDEX_WEIGHTS = Path(__file__).resolve().parents[1] / "data" / "reference" / "index_766_weights.csv"
COLUMNS = (
    *("valid_from", "valid_to", "index_group", "group_points", "component", "name", "name_en", "max_points"),
    *("formula", "full_at", "decided_by", "is_assumed", "source"),
)
_REQUIRED = ("valid_from", "index_group", "group_points", "component", "name", "max_points", "source")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    **dict.fromkeys(COLUMNS, pl.String),
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "group_points": pl.Decimal(7, 3),
    "max_points": pl.Decimal(7, 3),
    "full_at": pl.Decimal(5, 3),
    "is_assumed": pl.Boolean,
}
_ONE_DAY = dt.timedelta(days=1)
Row = dict[str, Any]


def load_index_weights(config: ProvinceConfig) -> pl.DataFrame:
    """The `index_weight` table: our reference, or in its place the province's own `[index_weights]`.

    Raises DataError that names file and row: a row left out would change every total, so none may be wrong.
    """
    if config.index_weights is None:
        text = pl.read_csv(INDEX_WEIGHTS, infer_schema=False).with_row_index("row_number", 2)
        text = text.with_columns(source_file=pl.lit(INDEX_WEIGHTS.name))
    else:
        text = read_table(config, config.index_weights, "index_weight", columns=COLUMNS, required=_REQUIRED)
    return read_weights(text, timezone=config.province.timezone)


def read_weights(text: pl.DataFrame, *, timezone: str) -> pl.DataFrame:
    """Weights from text columns (COLUMNS, `source_file`, `row_number`), checked."""

    def day(column: str) -> pl.Expr:
        return values.parse_timestamp(pl.col(column), timezone=timezone).struct.field("value").dt.date()

    typed = text.with_columns(
        values.clean_text(pl.col(COLUMNS)),
        from_day=day("valid_from"),
        to_day=day("valid_to"),
        flag=values.parse_flag(pl.col("is_assumed")).fill_null(False),
    )
    faults = []
    rows: list[Row] = []
    for row in typed.iter_rows(named=True):
        read, fault = _row(row, rows)
        if fault:
            faults.append(
                _("{file}, dòng {row}: {fault}").format(file=row["source_file"], row=row["row_number"], fault=fault)
            )
        else:
            rows.append(read)
    if not faults:
        faults = [
            _("{file}: {fault}").format(file=typed["source_file"][0], fault=fault) for fault in _sums_that_fail(rows)
        ]
    if faults:
        raise DataError("\n".join(faults))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("valid_from", "component", maintain_order=True)


def _row(row: Row, before: list[Row]) -> tuple[Row, str]:
    """The row as the table holds it, or what is wrong with it."""
    for column in _REQUIRED:
        if row[column] is None:
            return {}, _("thiếu {column}.").format(column=column)
    starts, ends = row["from_day"], row["to_day"]
    if not isinstance(starts, dt.date) or (row["valid_to"] is not None and ends is None):
        return {}, _("ngày hiệu lực không đọc được; hãy ghi như 01/08/2022.")
    if isinstance(ends, dt.date) and ends < starts:
        return {}, _("ngày hết hiệu lực trước ngày có hiệu lực.")
    for name, allowed in (("index_group", INDEX_GROUPS), ("formula", INDEX_FORMULAS), ("decided_by", DECIDED_BY)):
        if row[name] is not None and row[name] not in allowed:
            return {}, _("{column} «{value}» không có; chỉ nhận {allowed}.").format(
                column=name, value=row[name], allowed=", ".join(allowed)
            )
    numbers = {name: _decimal(row[name]) for name in ("group_points", "max_points", "full_at")}
    full_at = numbers["full_at"]
    points = (numbers["group_points"], numbers["max_points"])
    if any(number is None or not 0 < number <= INDEX_POINTS for number in points):
        return {}, _("điểm phải là số trên 0 và không quá 100.")
    if row["full_at"] is not None and (full_at is None or not 0 < full_at <= 1):
        return {}, _("full_at phải là số trên 0 và không quá 1 (0,8 là 80 %).")
    if row["formula"] and full_at is None:
        return {}, _("có formula thì phải có full_at (tỷ lệ đạt điểm tối đa).")
    read = {name: row[name] for name in COLUMNS} | numbers
    read |= {"valid_from": starts, "valid_to": ends, "is_assumed": row["flag"]}
    read["decided_by"] = row["decided_by"] or "commune"
    for other in before:
        if other["component"] == read["component"] and _overlap(other, read):
            return {}, _("khoảng hiệu lực chồng lên một dòng trước của cùng chỉ số.")
    return read, ""


def _sums_that_fail(rows: list[Row]) -> Iterator[str]:
    """On the first day of every stretch with the same rows: groups add up to their points, all to 100."""
    starts = {row["valid_from"] for row in rows} | {
        row["valid_to"] + _ONE_DAY for row in rows if isinstance(row["valid_to"], dt.date)
    }
    for day in sorted(starts):
        valid = [row for row in rows if _is_valid(row, day)]
        if not valid:
            continue
        written = f"{day:%d/%m/%Y}"
        for group in INDEX_GROUPS:
            parts = [row for row in valid if row["index_group"] == group]
            declared = {row["group_points"] for row in parts}
            total = sum((row["max_points"] for row in parts), Decimal())
            if declared != {total}:
                yield _("ngày {day}: điểm các chỉ số của nhóm {group} cộng lại là {total}, khác điểm của nhóm.").format(
                    day=written, group=group, total=total
                )
        total = sum((row["max_points"] for row in valid), Decimal())
        if total != INDEX_POINTS:
            yield _("ngày {day}: điểm tối đa cộng lại là {total}, phải là 100.").format(day=written, total=total)


def _is_valid(row: Row, day: dt.date) -> bool:
    ends = row["valid_to"]
    return bool(row["valid_from"] <= day and (ends is None or day <= ends))


def _overlap(one: Row, other: Row) -> bool:
    first, last = (other["valid_from"], other["valid_to"] or dt.date.max)
    return bool(one["valid_from"] <= last and first <= (one["valid_to"] or dt.date.max))


def _decimal(value: object) -> Decimal | None:
    """`3,33` and `3.33`: points are small, a mark is never one of thousands."""
    try:
        return None if value is None else Decimal(str(value).replace(",", ".")).quantize(Decimal("0.001"))
    except InvalidOperation:
        return None
