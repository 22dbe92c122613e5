"""Dated events: what happened on a day that figures may have answered to; the country's and the province's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from etl import values
from etl.config import FileBlock, ProvinceConfig
from etl.names import Names
from etl.tables import ORIGIN, read_table
from etl.units import SmallTable, account, no_table, with_columns_named

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference" / "dated_events.csv"
COLUMNS = ("starts_at", "ends_at", "unit_name", "commune_code", "procedure_code", "kind", "text", "source")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    "event_id": pl.Int32,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "scope": pl.String,
    "commune_code": pl.String,
    "procedure_code": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "source": pl.String,
    "source_file": pl.String,
    "row_number": pl.Int64,
}
_TABLE = "dated_event"
_SHOWN = ("starts_at", "ends_at", "commune_code", "procedure_code", "kind")


def load_dated_events(config: ProvinceConfig, names: Names, commune_codes: Sequence[str]) -> SmallTable:
    """The `dated_event` table: those of the whole country from our reference, then the province's own, by day.

    Refuses rows without a readable day, with an end before the beginning, without a text, of a kind that is none of
    ours, and of a unit that cannot be found. Only the province's own rows stand in the account.
    """
    national = _national(config)
    if config.dated_events is None:
        own = no_table(SCHEMA)
    else:
        own = _read(config, config.dated_events, names, frozenset(commune_codes))
    rows = (
        pl.concat([national, own.rows])
        .sort("starts_on", "scope", "row_number", maintain_order=True)
        .with_columns(event_id=pl.int_range(1, pl.len() + 1, dtype=pl.Int32))
        .select(list(SCHEMA))
    )
    return replace(own, rows=rows)


def _national(config: ProvinceConfig) -> pl.DataFrame:
    types = {"starts_at": pl.Date, "ends_at": pl.Date, "province_code": pl.String}
    reference = pl.read_csv(REFERENCE, schema_overrides=types)
    # A change of one province's own status concerns nobody else.
    concerned = reference.filter(pl.col("province_code").fill_null(config.province.code) == config.province.code)
    return concerned.select(
        event_id=pl.lit(0, dtype=pl.Int32),
        starts_on="starts_at",
        ends_on=pl.coalesce("ends_at", "starts_at"),
        scope=pl.lit("national"),
        commune_code=pl.lit(None, dtype=pl.String),
        procedure_code=pl.lit(None, dtype=pl.String),
        kind="kind",
        text="text",
        source="source",
        source_file=pl.lit(REFERENCE.name),
        row_number=pl.int_range(2, pl.len() + 2, dtype=pl.Int64),
    )


def _read(config: ProvinceConfig, block: FileBlock, names: Names, codes: frozenset[str]) -> SmallTable:
    text = read_table(config, block, _TABLE, columns=COLUMNS, required=("starts_at", "text"))
    timezone = config.province.timezone
    typed = text.select(values.clean_text(pl.col(COLUMNS)), *ORIGIN).with_columns(
        *(
            values.parse_timestamp(pl.col(name), timezone=timezone).struct.field("value").dt.date().alias(f"{name}_day")
            for name in ("starts_at", "ends_at")
        ),
        code=values.commune_code(pl.col("commune_code")),
        procedure=values.procedure_code(pl.col("procedure_code")),
        kind_read=values.parse_event_kind(pl.col("kind")),
    )
    read = [_row(row, names, codes) for row in typed.iter_rows(named=True)]
    frame = typed.with_columns(rule=pl.Series([rule for rule, _row in read], dtype=pl.String))
    rows = pl.DataFrame([row for rule, row in read if rule is None], schema=SCHEMA)
    return with_columns_named(account(frame, rows, _TABLE, _SHOWN))


def _row(row: dict[str, object], names: Names, codes: frozenset[str]) -> tuple[str | None, dict[str, object]]:
    """The rule that a row breaks, or the row as the table holds it."""
    starts, ends = row["starts_at_day"], row["ends_at_day"]
    if not isinstance(starts, dt.date) or (row["ends_at"] is not None and not isinstance(ends, dt.date)):
        return "event_without_day", {}
    if isinstance(ends, dt.date) and ends < starts:
        return "event_ends_early", {}
    if not row["text"]:
        return "event_without_text", {}
    if row["kind"] is not None and row["kind_read"] is None:
        return "unknown_event_kind", {}
    code = None
    if row["commune_code"] or row["unit_name"]:
        own_code, name = (str(row[key]) if row[key] else None for key in ("code", "unit_name"))
        found = names.resolve(code=own_code, name=name, agency=None, day=starts)
        if found.commune_code not in codes:
            return found.rule or "unknown_commune", {}
        code = found.commune_code
    return None, {
        "event_id": 0,
        "starts_on": starts,
        "ends_on": ends or starts,
        "scope": "commune" if code else "procedure" if row["procedure"] else "province",
        "commune_code": code,
        "procedure_code": row["procedure"],
        "kind": row["kind_read"] or "other",
        "text": row["text"],
        "source": row["source"],
        "source_file": row["source_file"],
        "row_number": row["row_number"],
    }
