"""The province's small tables: communes in force, lineage of the merger, procedures."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from etl import values
from etl.config import ProvinceConfig
from etl.errors import DataError
from etl.masking import masked
from etl.names import MERGER_DAY, lineage_districts, split_kind
from etl.schemas import RULES, rule_message
from etl.tables import ORIGIN, read_table
from language import _
from language.text import fold, sort_key

PROCEDURES = Path(__file__).resolve().parents[1] / "data" / "reference" / "procedures.csv"
KIND_NAMES = {"ward": "Phường", "commune": "Xã", "special_zone": "Đặc khu"}


@dataclass(frozen=True)
class SmallTable:
    """A loaded table with the account of its files: `reject` and `load` rows."""

    rows: pl.DataFrame
    reject: pl.DataFrame
    load: pl.DataFrame


REJECT_SCHEMA = {
    "source_file": pl.String,
    "row_number": pl.Int64,
    "table_name": pl.String,
    "rule": pl.String,
    "column_name": pl.String,
    "message": pl.String,
    "source_row": pl.String,
}
LOAD_SCHEMA = {
    "source_file": pl.String,
    "sha256": pl.String,
    "table_name": pl.String,
    "rows_read": pl.Int64,
    "rows_loaded": pl.Int64,
    "rows_refused": pl.Int64,
    "rows_repeated": pl.Int64,
}


def load_communes(config: ProvinceConfig) -> SmallTable:
    """The `commune` table without geometry and districts: one row a unit in force, sorted by code.

    Refuses rows without code, of another province, or with a code seen before.
    """
    text = read_table(
        config,
        config.communes,
        "commune",
        columns=(
            *("commune_code", "name", "kind", "province_code", "area_km2", "population", "staff", "reception_staff"),
            *("centre_area_m2", "agency_code", "cluster"),
        ),
        required=("commune_code", "name"),
    )
    code = values.commune_code(pl.col("commune_code"))
    frame = text.with_columns(commune_code=code, province_code=pl.col("province_code").str.zfill(2)).with_columns(
        rule=pl.when(pl.col("commune_code").is_null())
        .then(pl.lit("missing_code"))
        .when((pl.col("province_code") != config.province.code).fill_null(False))
        .then(pl.lit("other_province"))
        .when(pl.col("name").is_null())
        .then(pl.lit("wrong_value"))
    )
    frame = frame.with_columns(
        rule=pl.coalesce(
            "rule",
            pl.when(pl.col("rule").is_null() & (pl.int_range(pl.len()).over("commune_code", "rule") > 0)).then(
                pl.lit("duplicate_code")
            ),
        )
    )
    good = frame.filter(pl.col("rule").is_null())
    if good.is_empty():
        raise DataError(
            _(
                "[communes] {path}: không có đơn vị nào của tỉnh {code}. Hãy kiểm tra mã tỉnh và cột mã xã, phường."
            ).format(path=config.communes.path, code=config.province.code)
        )
    kinds = good.select(kind=values.parse_kind(pl.col("kind")))["kind"].to_list()
    apart = [split_kind(name) for name in good["name"]]
    kind = [declared or own or "commune" for declared, (own, _bare) in zip(kinds, apart, strict=True)]
    bare = [name for _own, name in apart]
    full = [f"{KIND_NAMES.get(each, '')} {name}".strip() for each, name in zip(kind, bare, strict=True)]
    order = {name: position for position, name in enumerate(sorted(set(bare), key=sort_key), start=1)}
    rows = good.select(
        "commune_code",
        name=pl.Series(bare),
        full_name=pl.Series(full),
        kind=pl.Series(kind),
        province_code=pl.lit(config.province.code),
        area_km2=values.parse_number(pl.col("area_km2")),
        population=values.parse_integer(pl.col("population")).cast(pl.Int32, strict=False),
        staff=values.parse_integer(pl.col("staff")).cast(pl.Int32, strict=False),
        reception_staff=values.parse_integer(pl.col("reception_staff")).cast(pl.Int32, strict=False),
        centre_area_m2=values.parse_number(pl.col("centre_area_m2")),
        agency_code=pl.col("agency_code"),
        cluster=pl.col("cluster"),
        sort_order=pl.Series([order[name] for name in bare], dtype=pl.Int32),
        search_key=pl.Series([fold(name) for name in full]),
    ).sort("commune_code")
    return account(frame, rows, "commune", ("commune_code", "name"))


def load_lineage(config: ProvinceConfig, commune_codes: Sequence[str]) -> SmallTable:
    """The `lineage` table: one row a piece, sorted. Refuses rows whose new unit is not in force."""
    if config.lineage is None:
        schema = dict.fromkeys(
            (*("new_code", "old_code", "old_name", "old_kind", "old_district", "old_province", "extent"), "resolution"),
            pl.String,
        )
        empty = pl.DataFrame(schema={**schema, "effective_date": pl.Date})
        return SmallTable(empty, pl.DataFrame(schema=REJECT_SCHEMA), pl.DataFrame(schema=LOAD_SCHEMA))
    text = read_table(
        config,
        config.lineage,
        "lineage",
        columns=(
            *("new_code", "old_code", "old_name", "old_kind", "old_district", "old_province", "extent"),
            *("resolution", "effective_date"),
        ),
        required=("new_code", "old_code"),
    )
    frame = text.with_columns(
        new_code=values.commune_code(pl.col("new_code")),
        old_code=values.commune_code(pl.col("old_code")),
        kept_extent=values.parse_extent(pl.col("extent")),
        date=values.parse_timestamp(pl.col("effective_date"), timezone=config.province.timezone).struct.field("value"),
    ).with_columns(
        rule=pl.when(pl.col("new_code").is_null())
        .then(pl.lit("missing_code"))
        .when(~pl.col("new_code").is_in(list(commune_codes)))
        .then(pl.lit("unknown_new_code"))
        .when(pl.col("extent").is_not_null() & pl.col("kept_extent").is_null())
        .then(pl.lit("wrong_value"))
        .when(pl.col("effective_date").is_not_null() & pl.col("date").is_null())
        .then(pl.lit("unreadable_date"))
    )
    good = frame.filter(pl.col("rule").is_null())
    kinds = good.select(kind=values.parse_kind(pl.col("old_kind")))["kind"].to_list()
    own = [split_kind(name or "")[0] for name in good["old_name"]]
    rows = good.select(
        "new_code",
        "old_code",
        "old_name",
        old_kind=pl.Series([declared or found for declared, found in zip(kinds, own, strict=True)], dtype=pl.String),
        old_district=pl.col("old_district"),
        old_province=pl.col("old_province"),
        extent=pl.col("kept_extent").fill_null("whole"),
        resolution=pl.col("resolution"),
        effective_date=pl.col("date").dt.date().fill_null(MERGER_DAY),
    ).sort("new_code", "old_code", nulls_last=True)
    return account(frame, rows, "lineage", ("new_code", "old_code", "old_name", "extent"))


def with_districts(communes: pl.DataFrame, lineage: pl.DataFrame) -> pl.DataFrame:
    """Adds `old_province, old_district` from the lineage."""
    found = lineage_districts(lineage, communes["commune_code"].to_list())
    return communes.with_columns(
        old_province=pl.Series([found[code][0] for code in communes["commune_code"]], dtype=pl.String),
        old_district=pl.Series([found[code][1] for code in communes["commune_code"]], dtype=pl.String),
    )


def load_procedures(config: ProvinceConfig) -> SmallTable:
    """The reference procedures, replaced or added to by the province's own of the same code."""
    columns = (
        *("procedure_code", "name", "field", "deadline_working_days", "same_day", "is_online", "has_fee"),
        *("valid_from", "valid_to"),
    )
    own = pl.DataFrame(schema={**dict.fromkeys(columns, pl.String), **ORIGIN})
    if config.procedures is not None:
        own = read_table(config, config.procedures, "procedure", columns=columns, required=("procedure_code",))
    reference = pl.read_csv(PROCEDURES, infer_schema=False).select(columns)
    procedures = [_procedure_rows(frame, config.province.timezone) for frame in (reference, own)]
    frame = own.with_columns(rule=_procedure_faults(own, procedures[1]))
    own_rows = procedures[1].filter(frame["rule"].is_null())
    rows = pl.concat(
        [procedures[0].join(own_rows, on="procedure_code", how="anti"), own_rows],
        how="vertical",
    ).sort("procedure_code", "valid_from", nulls_last=False)
    return account(frame, rows, "procedure", ("procedure_code", "name"), loaded=own_rows.height)


def _procedure_faults(text: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """Why a row of the province's own procedures is refused: no code, or dates that cannot both be meant.

    Of two rows of one code whose dates overlap, the one that begins later in the file is refused.
    """
    unread = pl.any_horizontal(text[side].is_not_null() & rows[side].is_null() for side in ("valid_from", "valid_to"))
    first, last = pl.lit(dt.date.min), pl.lit(dt.date.max)
    spans = rows.with_columns(
        unread=pl.select(unread).to_series(),
        starts=pl.col("valid_from").fill_null(first),
        ends=pl.col("valid_to").fill_null(last),
        place=pl.int_range(pl.len()),
    )
    pairs = spans.join(spans, on="procedure_code", how="inner", suffix="_other").filter(
        (pl.col("place_other") < pl.col("place"))
        & (pl.col("starts") <= pl.col("ends_other"))
        & (pl.col("starts_other") <= pl.col("ends"))
    )
    return spans.select(
        rule=pl.when(pl.col("procedure_code").is_null())
        .then(pl.lit("missing_code"))
        .when(pl.col("unread") | (pl.col("starts") > pl.col("ends")) | pl.col("place").is_in(pairs["place"].implode()))
        .then(pl.lit("wrong_dates"))
    )["rule"]


def _procedure_rows(text: pl.DataFrame, timezone: str) -> pl.DataFrame:
    def day(column: str) -> pl.Expr:
        return values.parse_timestamp(pl.col(column), timezone=timezone).struct.field("value").dt.date()

    return text.select(
        procedure_code=values.procedure_code(pl.col("procedure_code")),
        name=pl.col("name"),
        field=pl.col("field"),
        deadline_working_days=values.parse_integer(pl.col("deadline_working_days")).cast(pl.Int32, strict=False),
        same_day=values.parse_flag(pl.col("same_day")),
        is_online=values.parse_flag(pl.col("is_online")),
        has_fee=values.parse_flag(pl.col("has_fee")),
        valid_from=day("valid_from"),
        valid_to=day("valid_to"),
    )


def fingerprint(*tables: pl.DataFrame) -> str:
    """A hash of table contents: what was resolved with other tables must be resolved again."""
    digest = hashlib.sha256()
    for table in tables:
        digest.update(table.write_csv().encode())
    return digest.hexdigest()


# ---- accounting -----------------------------------------------------------------------------------------------------


def no_table(schema: Mapping[str, type[pl.DataType] | pl.DataType]) -> SmallTable:
    """What a block that is not declared gives."""
    return SmallTable(pl.DataFrame(schema=schema), pl.DataFrame(schema=REJECT_SCHEMA), pl.DataFrame(schema=LOAD_SCHEMA))


def with_columns_named(table: SmallTable) -> SmallTable:
    """The same with the column that each refused row's rule is about."""
    columns = {rule: column for rule, (column, _message) in RULES.items() if column}
    named = pl.col("rule").replace_strict(columns, default=None, return_dtype=pl.String)
    return replace(table, reject=table.reject.with_columns(column_name=named))


def account(
    frame: pl.DataFrame,
    rows: pl.DataFrame,
    table_name: str,
    shown: Sequence[str],
    *,
    loaded: int | None = None,
    repeated: pl.DataFrame | None = None,
) -> SmallTable:
    """Check and lay down the account: rows read = loaded + refused + repeated.

    `repeated`: the `source_file` of each row that another one says already.
    """
    refused = frame.filter(pl.col("rule").is_not_null())
    again = pl.DataFrame(schema={"source_file": pl.String}) if repeated is None else repeated.select("source_file")
    kept = frame.height - refused.height - again.height
    assert (rows.height if loaded is None else loaded) == kept, "a row was lost"
    reject = refused.select(
        "source_file",
        "row_number",
        table_name=pl.lit(table_name),
        rule=pl.col("rule"),
        column_name=pl.lit(None, dtype=pl.String),
        message=pl.col("rule").map_elements(rule_message, return_dtype=pl.String),
        source_row=pl.struct(masked(pl.col(shown))).struct.json_encode(),
    )
    load = (
        frame.group_by("source_file", "sha256", maintain_order=True)
        .agg(rows_read=pl.len().cast(pl.Int64), rows_refused=pl.col("rule").is_not_null().sum().cast(pl.Int64))
        .join(again.group_by("source_file").agg(rows_repeated=pl.len().cast(pl.Int64)), on="source_file", how="left")
        .with_columns(table_name=pl.lit(table_name), rows_repeated=pl.col("rows_repeated").fill_null(0))
        .with_columns(rows_loaded=pl.col("rows_read") - pl.col("rows_refused") - pl.col("rows_repeated"))
        .select(list(LOAD_SCHEMA))
    )
    return SmallTable(rows, reject, load)
