"""Rows that keep every rule, and the `reject` rows of the others."""

from __future__ import annotations

from collections.abc import Sequence

import dataframely as dy
import polars as pl

from etl.headings import HeadingMatch
from etl.masking import masked, masked_code
from etl.reading import RawTable
from etl.schemas import RULES, StagedDossier, StagedEvent, TableName, rule_message


def judge(
    parsed: pl.DataFrame, batch: pl.DataFrame, match: HeadingMatch, table_name: TableName, source_file: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split into rows that keep every rule and `reject` rows."""
    schema: type[dy.Schema] = StagedDossier if table_name == "dossier" else StagedEvent
    rules = [name for name in RULES if hasattr(schema, name)]
    needed = parsed.select(schema.column_names())
    good, failure = schema.filter(needed)
    kept = parsed.filter(pl.col("row_number").is_in(good["row_number"].implode())) if failure.counts() else parsed
    refusals = _refusals(failure.details(), parsed, rules) if failure.counts() else _NO_REFUSALS
    return kept, _reject_rows(refusals, batch, match, table_name, source_file)


_NO_REFUSALS = pl.DataFrame(
    schema={"row_number": pl.Int64}
    | dict.fromkeys(("rule", "column_name", "message", "commune_code", "dossier_id"), pl.String)
)


def _refusals(details: pl.DataFrame, parsed: pl.DataFrame, rules: Sequence[str]) -> pl.DataFrame:
    """`row_number, rule, column_name, message, commune_code, dossier_id` of refused rows: for the first broken rule."""
    first = pl.coalesce(
        [
            pl.when(pl.col(rule).cast(pl.String) == "invalid").then(pl.lit(rule))
            for rule in rules
            if rule in details.columns
        ]
        + [pl.lit("wrong_value")]
    )
    broken = details.select("row_number", rule=first)
    own = [
        name for name in ("unread_column", "commune_message", "commune_code", "dossier_id") if name in parsed.columns
    ]
    return (
        broken.join(parsed.select("row_number", *own), on="row_number", how="left", validate="1:1")
        .with_columns(
            column_name=pl.when(pl.col("rule") == "unreadable_date")
            .then(pl.col("unread_column"))
            .otherwise(pl.col("rule").replace_strict({rule: about[0] for rule, about in RULES.items()}, default=None)),
            message=pl.when(pl.col("rule").is_in(["unknown_commune", "ambiguous_commune"]))
            .then(pl.col("commune_message"))
            .otherwise(pl.col("rule").replace_strict({rule: rule_message(rule) for rule in RULES}, default=None)),
        )
        .select("row_number", "rule", "column_name", "message", "commune_code", "dossier_id")
    )


def _reject_rows(
    refusals: pl.DataFrame, batch: pl.DataFrame, match: HeadingMatch, table_name: TableName, source_file: str
) -> pl.DataFrame:
    """`reject` rows with the source's own values; only recognised columns, none of a person's."""
    refused = batch.filter(pl.col("row_number").is_in(refusals["row_number"].implode()))
    own = refused.select(pl.col("row_number").cast(pl.Int64), source_row=_source_row(match))
    found = own.join(refusals, on="row_number", how="inner", validate="1:1", maintain_order="left")
    return found.select(
        source_file=pl.lit(source_file),
        row_number=pl.col("row_number"),
        table_name=pl.lit(table_name),
        rule=pl.col("rule"),
        column_name=pl.col("column_name").replace(match.columns),
        message=masked(pl.col("message")),
        source_row=pl.col("source_row"),
        commune_code=pl.col("commune_code"),
        dossier_id=masked_code(pl.col("dossier_id")),
    )


def _source_row(match: HeadingMatch) -> pl.Expr:
    """The recognised columns but those of people as a JSON object; a person's number typed into another is masked."""
    shown = [
        masked_code(pl.col(heading)) if column == "dossier_id" else masked(pl.col(heading))
        for column, heading in match.columns.items()
        if column not in {"applicant", "actor"}
    ]
    return pl.struct(shown).struct.json_encode() if shown else pl.lit("{}")


def bad_rows(table: RawTable, table_name: TableName) -> pl.DataFrame:
    return pl.DataFrame(
        {"row_number": [number for number, _reason in table.bad_rows]}, schema={"row_number": pl.Int64}
    ).select(
        source_file=pl.lit(table.source_file),
        row_number=pl.col("row_number"),
        table_name=pl.lit(table_name),
        rule=pl.lit("bad_row"),
        message=pl.lit(rule_message("bad_row")),
        **dict.fromkeys(("column_name", "source_row", "commune_code", "dossier_id"), pl.lit(None, dtype=pl.String)),
    )
