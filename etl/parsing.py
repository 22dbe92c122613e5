"""A batch of a raw file as typed columns under their canonical names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from etl import values
from etl.config import RowsBlock
from etl.headings import HeadingMatch
from etl.keys import keyed_hash
from etl.masking import is_personal_code, masked
from etl.names import MERGER_DAY, Names, resolve_frame
from etl.schemas import DECISIVE_TIMES, DOSSIER_FLAGS, DOSSIER_TIMES, TableName

_NO_TIME = pl.lit(None, dtype=pl.Datetime("us"))


@dataclass(frozen=True)
class Setting:
    """What staging needs to know of the province besides the file and its block."""

    timezone: str
    names: Names
    key: bytes
    today: dt.datetime
    #: changes with the units that rows are resolved to
    fingerprint: str


def parse(
    batch: pl.DataFrame,
    match: HeadingMatch,
    table_name: TableName,
    block: RowsBlock,
    setting: Setting,
    limit: dt.datetime,
) -> pl.DataFrame:
    """Typed canonical columns of a batch. Grain: the batch's rows, in their order."""
    text = _canonical_text(batch, match, block)
    parsed = _parse_times(text, table_name, block, setting)
    status = values.parse_status(pl.col("status"), _words(block, "status"))
    parsed = parsed.with_columns(
        text.select(
            dossier_id="dossier_id",
            known_shape=values.dossier_code_shape(pl.col("dossier_id")),
            status=status,
            status_unread=pl.col("status").is_not_null() & status.is_null(),
            channel=values.parse_channel(pl.col("channel"), _words(block, "channel")),
            personal_code=is_personal_code(pl.col("dossier_id")),
            procedure_code=masked(values.procedure_code(pl.col("procedure_code"))),
            field=masked(values.clean_text(pl.col("field"))),
            supplement_requests=values.parse_integer(pl.col("supplement_requests")).cast(pl.Int32, strict=False),
            fee=values.parse_number(pl.col("fee")).round().cast(pl.Int64, strict=False),
            **{flag: values.parse_flag(pl.col(flag)) for flag in DOSSIER_FLAGS},
        ).get_columns()
    ).with_columns(
        applicant_key=keyed_hash(text["applicant"], setting.key),
        state_limit=pl.lit(limit, dtype=pl.Datetime("us")),
    )
    day_source = pl.coalesce("received_at", "submitted_at", *(["at"] if table_name == "event" else []))
    parsed = _resolve_communes(parsed, text, setting.names, parsed.select(day_source.dt.date()).to_series())
    if table_name == "event":
        parsed = parsed.with_columns(
            text.select(masked(pl.col("activity", "unit"))), actor_key=keyed_hash(text["actor"], setting.key)
        )
    return parsed


def _canonical_text(batch: pl.DataFrame, match: HeadingMatch, block: RowsBlock) -> pl.DataFrame:
    """The file's columns under canonical names, constants filled in, absent ones null; all text."""
    wanted = [
        *("dossier_id", "commune_code", "commune_name", "agency_code", "received_by", "helped_by", "procedure_code"),
        *("field", "channel", "status", "supplement_requests", "fee", "applicant", "at", "activity", "unit", "actor"),
        *DOSSIER_TIMES,
        *DOSSIER_FLAGS,
    ]
    columns = []
    for name in wanted:
        if name in match.columns:
            columns.append(pl.col(match.columns[name]).alias(name))
        elif name in block.constants:
            columns.append(pl.lit(str(block.constants[name])).alias(name))
        else:
            columns.append(pl.lit(None, dtype=pl.String).alias(name))
    return batch.select(pl.col("row_number").cast(pl.Int64), *columns)


def _parse_times(text: pl.DataFrame, table_name: TableName, block: RowsBlock, setting: Setting) -> pl.DataFrame:
    decisive = (*DECISIVE_TIMES, "at") if table_name == "event" else DECISIVE_TIMES
    times = [*DOSSIER_TIMES, "at"]
    read = text.select(
        "row_number",
        *(
            values.parse_timestamp(pl.col(time), formats=block.datetime_formats, timezone=setting.timezone).alias(time)
            if text[time].null_count() < text.height
            else pl.struct(value=_NO_TIME, date_only=pl.lit(None, dtype=pl.Boolean)).alias(time)
            for time in times
        ),
    )
    unread = [
        pl.when(text[time].is_not_null() & read[time].struct.field("value").is_null()).then(pl.lit(time))
        for time in decisive
    ]
    closed_date_only = pl.when(pl.col("finished_at").struct.field("value").is_not_null())
    return read.select(
        "row_number",
        *(pl.col(time).struct.field("value").alias(time) for time in times),
        unread_column=pl.coalesce(unread),
        closed_date_only=closed_date_only.then(pl.col("finished_at").struct.field("date_only")).otherwise(
            pl.col("returned_at").struct.field("date_only")
        ),
    )


def _resolve_communes(parsed: pl.DataFrame, text: pl.DataFrame, names: Names, day: pl.Series) -> pl.DataFrame:
    """Adds commune_code, old_code, commune_rule, commune_message, received_by, helped_by."""
    asked = text.select(
        code=values.commune_code(pl.col("commune_code")), name=pl.col("commune_name"), agency=pl.col("agency_code")
    ).with_columns(day=day.fill_null(MERGER_DAY), before=day.fill_null(MERGER_DAY) < MERGER_DAY)
    found = _look_up(asked, names)
    columns = {
        "commune_code": found["commune_code"],
        "old_code": found["old_code"],
        "commune_rule": found["rule"],
        "commune_message": found["message"],
    }
    for other in ("received_by", "helped_by"):
        if text[other].null_count() == text.height:
            columns[other] = text[other]
            continue
        value = pl.col(other)
        # The same column may hold a code, an agency code or a name, as the source has it.
        is_code = value.str.contains(r"^\d{3,5}(\.0)?$")
        is_agency = value.str.contains(r"^[A-Za-z]\d{2}\.")
        apart = text.select(
            code=pl.when(is_code).then(values.commune_code(value)),
            name=pl.when(~is_code & ~is_agency).then(value),
            agency=pl.when(is_agency).then(value),
        ).with_columns(day=asked["day"], before=asked["before"])
        columns[other] = _look_up(apart, names)["commune_code"]
    return parsed.with_columns(**columns)


def _look_up(asked: pl.DataFrame, names: Names) -> pl.DataFrame:
    answers = resolve_frame(names, asked.select("code", "name", "agency", "day"))
    return asked.join(
        answers,
        on=["code", "name", "agency", "before"],
        how="left",
        nulls_equal=True,
        validate="m:1",
        maintain_order="left",
    )


def _words(block: RowsBlock, column: Literal["status", "channel"]) -> dict[str, Any]:
    return dict(block.values.get(column, {}))
