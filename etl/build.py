"""From a `PROVINCE.toml` to a published snapshot. `build` reads like the table of contents of the ETL."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from etl.config import load_config
from etl.errors import DataError
from etl.inputs import Progress, read_inputs
from etl.publishing import (
    clear_leftovers,
    finish,
    forget_old_snapshots,
    gave_way,
    guard_against_loss,
    make_directory,
    nothing_loaded,
    remove_database,
)
from etl.snapshot import DEFAULT_BUILD_MEMORY, Report, fill
from etl.staging import forget_unused
from language import _
from warehouse.settings import BUILD_MEMORY, check_reader_settings, memory_limit


def build(config_path: Path, warehouse: Path, *, accept_loss: bool = False, progress: Progress | None = None) -> Report:
    """Read every source, build a new snapshot beside the published one and publish it.

    Raises DataError where the data cannot be used, SettingError and UsageError where the call cannot be meant; the
    published snapshot then stays as it was.
    """
    progress = progress or Progress()
    _check_settings()
    config = load_config(config_path)
    make_directory(warehouse)
    lock = FileLock(warehouse / ".build.lock", timeout=0)
    try:
        with lock:
            clear_leftovers(warehouse)
            inputs = read_inputs(config, warehouse / "cache", progress)
            unfinished = warehouse / "snapshots" / f".building-{os.getpid()}.duckdb"
            try:
                report = fill(unfinished, inputs, config_path, progress)
                assert report.snapshot_id is not None
                if not accept_loss:
                    report = _checked(report, warehouse)
                finish(unfinished, warehouse, report.snapshot_id or "")
            finally:
                remove_database(unfinished)
            forget_unused(warehouse / "cache", inputs.staged)
            forget_old_snapshots(warehouse)
            return report
    except Timeout:
        raise DataError(
            _("Một lần nạp khác đang chạy trên {folder}. Hãy chờ xong rồi thử lại.").format(folder=warehouse)
        ) from None
    except (duckdb.Error, pl.exceptions.ComputeError, OSError) as error:
        raise gave_way(error, warehouse) from error


def check(config_path: Path, *, scratch: Path, progress: Progress | None = None) -> Report:
    """The same up to validation; nothing is published. `scratch` is a folder for temporary files."""
    _check_settings()
    config = load_config(config_path)
    try:
        inputs = read_inputs(config, scratch / "cache", progress or Progress())
        report = fill(scratch / "check.duckdb", inputs, config_path, progress or Progress())
    except (duckdb.Error, pl.exceptions.ComputeError, OSError) as error:
        raise gave_way(error, scratch) from error
    if not report.dossiers:
        raise nothing_loaded(_rows_read(report), report.rejects_by_rule)
    return report


def _check_settings() -> None:
    """Refuse settings that make no sense before the files are read, not after."""
    memory_limit(BUILD_MEMORY, DEFAULT_BUILD_MEMORY)
    check_reader_settings()


def _checked(report: Report, warehouse: Path) -> Report:
    """The report of a snapshot that may be published, with what the guard has to say."""
    if not report.dossiers:
        raise nothing_loaded(_rows_read(report), report.rejects_by_rule)
    notice = guard_against_loss(warehouse, report.dossiers)
    return replace(report, notices=[*report.notices, notice]) if notice else report


def _rows_read(report: Report) -> dict[str, int]:
    rows = report.load.filter(pl.col("table_name").is_in(["dossier", "event"]))
    return dict(rows.group_by("source_file", maintain_order=True).agg(pl.col("rows_read").max()).iter_rows())
