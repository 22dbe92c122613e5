"""Reviewed corrections of known source errors, as data: what, where, why, by whom, until when.

A correction says what it expects to find (`expect`); once the source has been mended it no longer finds it, is not
applied and says so, so that the file can be tidied. A commune's accepted objection enters the same way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb
import polars as pl

from etl import values
from etl.config import ProvinceConfig
from etl.errors import DataError
from etl.masking import masked, masked_code
from etl.tables import read_table
from language import _

ACTIONS = ("drop", "override", "reassign")
COLUMNS = ("dossier_id", "action", "column_name", "expect", "value", "reason", "author", "until")
# What may be overridden; a unit is changed by `reassign` only, which also clears the old unit.
OVERRIDABLE = {
    "received_at": "timestamp",
    "due_at": "timestamp",
    "finished_at": "timestamp",
    "returned_at": "timestamp",
    "submitted_at": "timestamp",
    "supplement_requested_at": "timestamp",
    "supplement_answered_at": "timestamp",
    "status": "tinyint",
    "channel": "varchar",
    "procedure_code": "varchar",
    "field": "varchar",
    "supplement_requests": "integer",
}


def load_corrections(config: ProvinceConfig, commune_codes: Sequence[str]) -> pl.DataFrame:
    """The reviewed corrections with typed `until`; one row a correction, in the order of the file.

    Raises DataError that names file and row: a correction that cannot be understood must not be passed over.
    """
    schema = {**dict.fromkeys(COLUMNS, pl.String), "until": pl.Date, "source_file": pl.String, "row_number": pl.Int64}
    if config.corrections is None:
        return pl.DataFrame(schema=schema)
    text = read_table(config, config.corrections, "correction", columns=COLUMNS, required=COLUMNS[:2])
    faults = []
    until = values.parse_timestamp(pl.col("until"), timezone=config.province.timezone).struct.field("value").dt.date()
    rows = text.with_columns(until_day=until)
    for row in rows.iter_rows(named=True):
        if fault := _fault(row, commune_codes):
            faults.append(
                _("{file}, dòng {row}: {fault}").format(file=row["source_file"], row=row["row_number"], fault=fault)
            )
    if faults:
        raise DataError("\n".join(faults))
    shown = masked(pl.col("value", "reason", "author"))
    return rows.with_columns(shown, until=pl.col("until_day")).select(list(schema))


def _fault(row: dict[str, object], commune_codes: Sequence[str]) -> str | None:
    action, column = row["action"], row["column_name"]
    if not row["dossier_id"]:
        return _("thiếu mã hồ sơ (dossier_id).")
    if action not in ACTIONS:
        return _("action «{action}» không có; chỉ nhận {actions}.").format(action=action, actions=", ".join(ACTIONS))
    if not row["reason"] or not row["author"]:
        return _("thiếu lý do (reason) hoặc người quyết định (author).")
    if row["until"] and row["until_day"] is None:
        return _("until không phải là ngày.")
    if action == "override" and column not in OVERRIDABLE:
        return _("column_name «{column}» không sửa được; chỉ nhận {columns}.").format(
            column=column, columns=", ".join(OVERRIDABLE)
        )
    if action == "override" and row["expect"] is None:
        return _("thiếu giá trị đang sai (expect); ghi «(trống)» nếu ô đang trống.")
    if action == "reassign" and row["value"] not in commune_codes:
        return _("value «{value}» không phải mã xã, phường đang có.").format(value=row["value"])
    return None


EMPTY_WORDS = ("(trống)", "(empty)")


def apply_corrections(
    connection: duckdb.DuckDBPyConnection, corrections: pl.DataFrame, *, as_of: dt.datetime, timezone: str
) -> None:
    """Apply to the merged `register` table and lay every outcome down in `correction`.

    A dropped row is a refused row. Raises DataError where a correction leaves a dossier closed before it was received.
    """
    connection.execute("create temp table dropped_row (file_order integer)")
    for row in corrections.iter_rows(named=True):
        outcome, old = _apply(connection, row, as_of=as_of, timezone=timezone)
        # A code that no dossier has may be anything.
        shown_id = pl.select(masked_code(pl.lit(row["dossier_id"]))).item()
        connection.execute(
            "insert into correction by name select $1 as dossier_id, $2 as action, $3 as column_name, $4 as old_value, "
            "$5 as new_value, $6 as reason, $7 as author, $8::date as until, $9 as outcome, $10 as source_file, "
            "$11::bigint as row_number",
            [
                *(shown_id, row["action"], row["column_name"], old, row["value"], row["reason"]),
                *(row["author"], row["until"], outcome, row["source_file"], row["row_number"]),
            ],
        )
    wrong = connection.execute(
        "select correction.source_file, correction.row_number, dossier_id from correction inner join register "
        "using (dossier_id) where outcome = 'applied' and finished_at < received_at and not closed_date_only limit 1"
    ).fetchall()
    if wrong:
        raise DataError(
            _("{file}, dòng {row}: sau khi sửa, hồ sơ {id} kết thúc trước khi tiếp nhận. Hãy xem lại giá trị.").format(
                file=wrong[0][0], row=wrong[0][1], id=wrong[0][2]
            )
        )


def _apply(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], *, as_of: dt.datetime, timezone: str
) -> tuple[str, str | None]:
    """(`applied, expired, not_found, source_mended`, the value before)."""
    until = row["until"]
    if isinstance(until, dt.date) and as_of.date() > until:
        return "expired", None
    column = str(row["column_name"]) if row["action"] == "override" else "commune_code"
    found = connection.execute(
        f"select {column}::varchar from register where dossier_id = $1", [row["dossier_id"]]
    ).fetchall()
    if not found:
        return "not_found", None
    old = found[0][0]
    if row["expect"] is not None and _typed(row["expect"], column, timezone) != old:
        return "source_mended", old
    if row["action"] == "drop":
        connection.execute(
            "insert into reject by name select source_file, row_number, 'dossier' as table_name, "
            "'dropped_by_correction' as rule, $2 as message, "
            "json_object('dossier_id', dossier_id)::varchar as source_row, commune_code from register "
            "where dossier_id = $1",
            [row["dossier_id"], row["reason"]],
        )
        connection.execute(
            "insert into dropped_row select file_order from register where dossier_id = $1", [row["dossier_id"]]
        )
        connection.execute("delete from register where dossier_id = $1", [row["dossier_id"]])
    elif row["action"] == "reassign":
        connection.execute(
            "update register set commune_code = $2, old_code = null where dossier_id = $1",
            [row["dossier_id"], row["value"]],
        )
    else:
        connection.execute(
            f"update register set {column} = $2::{OVERRIDABLE[column]} where dossier_id = $1",
            [row["dossier_id"], _typed(row["value"], column, timezone)],
        )
    return "applied", old


def _typed(value: object, column: str, timezone: str) -> str | None:
    """A value as the database prints it, so that what is expected compares with what is there."""
    text = None if value is None or str(value).strip().lower() in EMPTY_WORDS else str(value)
    if text is None or OVERRIDABLE.get(column) != "timestamp":
        return text
    parsed = pl.select(values.parse_timestamp(pl.lit(text), timezone=timezone).struct.field("value")).item()
    return str(parsed) if parsed is not None else text
