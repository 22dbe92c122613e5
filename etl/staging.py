"""One raw file → typed rows, refused rows and their account, kept by content so that an unchanged file is read once.

A staged file is a folder of Parquet parts (`rows-*.parquet`, `reject-*.parquet`) and an `account.json`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import dataframely as dy
import polars as pl

from etl import values
from etl.config import DossiersBlock, EventsBlock, RowsBlock
from etl.errors import DataError
from etl.headings import HeadingMatch, match_headings, recognise
from etl.keys import keyed_hash
from etl.masking import is_personal_code, masked, masked_code
from etl.names import MERGER_DAY, Names, resolve_frame
from etl.reading import RawTable, read_tables
from etl.schemas import (
    DECISIVE_TIMES,
    DOSSIER_FLAGS,
    DOSSIER_TIMES,
    RULES,
    StagedDossier,
    StagedEvent,
    rule_message,
)
from language import _
from language.reasons import reason

# Raise when a change of the code changes what a file is staged to.
STAGING_VERSION = 2
REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
TableName = Literal["dossier", "event"]
REQUIRED = {"dossier": ("dossier_id",), "event": ("dossier_id", "at")}
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


@dataclass(frozen=True)
class Account:
    """What became of a file's rows. `rows_read = staged + refused`."""

    source_file: str
    table_name: TableName
    sha256: str
    rows_read: int
    rows_refused: int
    state_at: str | None
    columns: list[str]
    unknown_headings: list[str]
    #: a row was held against today's date, so the stage must not be kept
    depends_on_today: bool = False


@dataclass(frozen=True)
class Staged:
    account: Account
    folder: Path

    @property
    def state_at(self) -> dt.datetime | None:
        return dt.datetime.fromisoformat(self.account.state_at) if self.account.state_at else None


def stage_file(
    path: Path,
    *,
    shown_as: str,
    block: RowsBlock,
    setting: Setting,
    cache: Path,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Staged:
    """Parse a register or a log file, or take what an earlier build parsed from the same bytes with the same settings.

    Raises DataError where the file cannot be used at all.
    """
    before = _signature(path)
    digest = _sha256(path)
    key = _cache_key(digest, shown_as, block, setting)
    folder = cache / key
    if (folder / "account.json").exists():
        account = Account(**json.loads((folder / "account.json").read_text(encoding="utf-8")))
        on_rows(account.rows_read)
        return Staged(account, folder)
    partial = cache / f"{key}.partial-{os.getpid()}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        account = _stage_tables(path, shown_as, digest, block, setting, partial, on_rows)
        if _signature(path) != before:
            raise DataError(
                _("{file}: tệp thay đổi trong khi đang đọc. Hãy chờ xuất xong rồi nạp lại.").format(file=shown_as)
            )
        if account.depends_on_today:
            shutil.rmtree(folder, ignore_errors=True)
        (partial / "account.json").write_text(json.dumps(asdict(account), ensure_ascii=False), encoding="utf-8")
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Staged(account, folder)


def _stage_tables(
    path: Path,
    shown_as: str,
    digest: str,
    block: RowsBlock,
    setting: Setting,
    folder: Path,
    on_rows: Callable[[int], None],
) -> Account:
    table_name: TableName = "event" if isinstance(block, EventsBlock) else "dossier"
    tables = read_tables(
        path,
        shown_as=shown_as,
        recognise=recognise(table_name, block.columns),
        sheet=block.sheet,
        header_row=block.header_row,
        encoding=block.encoding,
        delimiter=block.delimiter,
    )
    read = refused = part = 0
    state_at: dt.datetime | None = block.state_at
    limit = block.state_at or setting.today
    columns: set[str] = set()
    unknown: list[str] = []
    depends_on_today = False
    for table in tables:
        match = _match(table, table_name, block)
        columns |= set(match.columns)
        unknown += [heading for heading in match.unknown if heading not in unknown]
        for batch in table.batches:
            part += 1
            parsed = _parse(batch, match, table_name, block, setting, limit)
            good, refusals = _judge(parsed, batch, match, table_name, table.source_file)
            good = good.with_columns(source_file=pl.lit(table.source_file))
            good.write_parquet(folder / f"rows-{part:05}.parquet", compression="lz4")
            if refusals.height:
                refusals.write_parquet(folder / f"reject-{part:05}.parquet")
            read += batch.height
            refused += refusals.height
            if block.state_at is None:
                depends_on_today |= bool(refusals["rule"].is_in(["received_after_state", "step_after_state"]).any())
                state_at = max(filter(None, [state_at, _latest(good, table_name)]), default=None)
            on_rows(batch.height)
        if table.bad_rows:
            part += 1
            bad = _bad_rows(table, table_name)
            bad.write_parquet(folder / f"reject-{part:05}.parquet")
            read += bad.height
            refused += bad.height
    return Account(
        source_file=shown_as,
        table_name=table_name,
        sha256=digest,
        rows_read=read,
        rows_refused=refused,
        state_at=state_at.isoformat() if state_at else None,
        columns=sorted(columns),
        unknown_headings=unknown,
        depends_on_today=depends_on_today,
    )


def _match(table: RawTable, table_name: TableName, block: RowsBlock) -> HeadingMatch:
    match = match_headings(table.headings, table=table_name, configured=block.columns, source_file=table.source_file)
    given = set(match.columns) | set(block.constants)
    for column in REQUIRED[table_name]:
        if column not in given:
            raise DataError(
                _(
                    "{file}: không thấy cột «{column}». Các cột đang có: {headings}. "
                    'Hãy khai báo columns = {{ {column} = "tên cột" }} trong khối của tệp này.'
                ).format(file=table.source_file, column=column, headings=", ".join(table.headings))
            )
    if table_name == "dossier":
        if not given & {"received_at", "submitted_at"}:
            raise DataError(
                _(
                    "{file}: không thấy cột ngày tiếp nhận. Các cột đang có: {headings}. "
                    'Hãy khai báo columns = {{ received_at = "tên cột" }} trong khối của tệp này.'
                ).format(file=table.source_file, headings=", ".join(table.headings))
            )
        if not given & {"commune_code", "commune_name", "agency_code"}:
            raise DataError(
                _(
                    "{file}: không thấy cột xã, phường. Các cột đang có: {headings}. Hãy khai báo columns cho "
                    'commune_code, commune_name hoặc agency_code, hoặc constants = {{ commune_code = "mã" }}.'
                ).format(file=table.source_file, headings=", ".join(table.headings))
            )
    return match


# ---- parsing ---------------------------------------------------------------------------------------------------------


def _parse(
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


# ---- judging ---------------------------------------------------------------------------------------------------------


def _judge(
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


def _bad_rows(table: RawTable, table_name: TableName) -> pl.DataFrame:
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


def _latest(rows: pl.DataFrame, table_name: TableName) -> dt.datetime | None:
    """The latest thing that the rows say has happened; a promised date has not."""
    happened = ["received_at", "finished_at", "returned_at"] + (["at"] if table_name == "event" else [])
    limit = pl.col("state_limit")
    latest = rows.select(
        pl.max_horizontal([pl.when(pl.col(time) <= limit).then(pl.col(time)).max() for time in happened])
    ).item()
    return latest if isinstance(latest, dt.datetime) else None


# ---- identity of a stage ---------------------------------------------------------------------------------------------


def _signature(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(
            _("Không đọc được tệp {file} ({reason}). Hãy kiểm tra tên và quyền của tệp.").format(
                file=path.name, reason=reason(error)
            )
        ) from None
    return status.st_size, status.st_mtime_ns


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            _("Không đọc được tệp {file} ({reason}). Hãy kiểm tra tên và quyền của tệp.").format(
                file=path.name, reason=reason(error)
            )
        ) from None


def _cache_key(digest: str, shown_as: str, block: RowsBlock, setting: Setting) -> str:
    # The path pattern may change without changing what is read.
    declared = block.model_dump(mode="json", exclude={"path", "closing"})
    reference = [hashlib.sha256(file.read_bytes()).hexdigest() for file in _reading_tables()]
    parts: list[Any] = [STAGING_VERSION, type(block).__name__, digest, shown_as, declared, reference]
    parts += [setting.timezone, setting.fingerprint, hashlib.sha256(setting.key).hexdigest()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _reading_tables() -> Iterable[Path]:
    return (REFERENCE / "headings.csv", REFERENCE / "value_words.csv")


def forget_unused(cache: Path, used: Iterable[Staged]) -> None:
    """Delete what no file of this build was staged to."""
    keep = {staged.folder.name for staged in used}
    for folder in cache.iterdir() if cache.exists() else ():
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


__all__ = ["Account", "DossiersBlock", "Setting", "Staged", "forget_unused", "stage_file"]
