"""One raw file → typed rows, refused rows and their account, kept by content so that an unchanged file is read once.

A staged file is a folder of Parquet parts (`rows-*.parquet`, `reject-*.parquet`) and an `account.json`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from etl.config import EventsBlock, RowsBlock
from etl.errors import DataError
from etl.headings import HeadingMatch, match_headings, recognise
from etl.judging import bad_rows, judge
from etl.parsing import Setting, parse
from etl.reading import RawTable, read_tables
from etl.schemas import TableName
from language import _
from language.reasons import reason

# Raise when a change of the code changes what a file is staged to.
STAGING_VERSION = 2
REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
REQUIRED = {"dossier": ("dossier_id",), "event": ("dossier_id", "at")}


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
            parsed = parse(batch, match, table_name, block, setting, limit)
            good, refusals = judge(parsed, batch, match, table_name, table.source_file)
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
            bad = bad_rows(table, table_name)
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
