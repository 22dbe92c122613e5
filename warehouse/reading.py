"""Opening a snapshot to read it: read-only, locked down, shared by all threads of the process."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from language import _
from warehouse.layout import SnapshotMissing, current_id, snapshot_path

# Beside the published one, so that readers pinned to an earlier snapshot do not open it at every click.
_KEPT_OPEN = 4
_LOCKED_DOWN = {
    "access_mode": "read_only",
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": os.environ.get("THONGSUOT_MEMORY_LIMIT", "2GB"),
    "threads": os.environ.get("THONGSUOT_THREADS", str(min(os.cpu_count() or 1, 8))),
    "lock_configuration": "true",
}


@dataclass(frozen=True, kw_only=True)
class SnapshotInfo:
    """The one row of the table `snapshot`."""

    snapshot_id: str
    built_at: dt.datetime
    as_of: dt.datetime
    simulated: bool
    config_sha256: str | None
    software_version: str | None
    province_code: str
    province_name: str
    timezone: str
    minutes_per_day: int


class Snapshot:
    """One snapshot open for reading; several threads may share it."""

    def __init__(self, path: Path, snapshot_id: str) -> None:
        self.id = snapshot_id
        self._path = path
        self._connection = _connect(path)
        try:
            row = self.query("select * from snapshot").select(field.name for field in fields(SnapshotInfo))
            self.info = SnapshotInfo(**row.row(0, named=True))
            # The youngest tables: a snapshot of an earlier version is told apart here, not in the middle of a screen.
            self.query("select 1 from monthly_flow, correction, reported limit 0")
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            self.close()
            raise SnapshotMissing(_unreadable(path)) from error

    def query(self, sql: str, params: Mapping[str, Any] | Sequence[Any] | None = None) -> pl.DataFrame:
        """The rows that one SQL statement gives for its bound parameters."""
        # A cursor of its own for each call: one connection answers one thread at a time.
        with self._connection.cursor() as cursor:
            try:
                rows: pl.DataFrame = cursor.sql(sql, params=params).pl()
            except duckdb.Error as error:
                # A block that is damaged shows only when it is read.
                if "orrupt" in str(error):
                    raise SnapshotMissing(_unreadable(self._path)) from error
                raise
            return rows

    @cached_property
    def first_receipt(self) -> dt.date | None:
        """The day on which the first dossier was received."""
        day: dt.date | None = self.query("select min(day) as day from daily_flow where received > 0")["day"][0]
        return day

    def close(self) -> None:
        self._connection.close()


def open_snapshot(directory: Path, snapshot_id: str | None = None) -> Snapshot:
    """Open the snapshot asked for, else the published one; SnapshotMissing says how to get one."""
    chosen = snapshot_id or current_id(directory)
    if chosen is None:
        raise SnapshotMissing(
            _(
                "Chưa có bản dữ liệu nào trong {folder}. Hãy tạo một bản: "
                "python -m etl build PROVINCE.toml --warehouse {folder}"
            ).format(folder=directory)
        )
    path = snapshot_path(directory, chosen)
    if not path.is_file():
        raise SnapshotMissing(
            _(
                "Không có bản dữ liệu {id} trong {folder}. Xem các bản hiện có: "
                "python -m etl status --warehouse {folder}"
            ).format(id=chosen, folder=directory)
        )
    return Snapshot(path, chosen)


def current_snapshot(directory: Path, snapshot_id: str | None = None) -> Snapshot:
    """The published snapshot (or the one pinned to), from the handles this process holds open.

    `CURRENT` is read at every call, so a new snapshot is seen at the next click. A handle that falls out of the few
    kept is closed when its last user lets go of it, so nobody's running query is cut off.
    """
    chosen = snapshot_id or current_id(directory)
    if chosen is None:
        return open_snapshot(directory)
    key = (directory.resolve(), chosen)
    with _opening:
        snapshot = _held.pop(key, None) or open_snapshot(directory, chosen)
        _held[key] = snapshot
        while len(_held) > _KEPT_OPEN:
            del _held[next(iter(_held))]
    return snapshot


# Ordered by use, the least recent first.
_held: dict[tuple[Path, str], Snapshot] = {}
_opening = threading.Lock()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config=dict(_LOCKED_DOWN))
    except duckdb.Error as error:
        raise SnapshotMissing(_unreadable(path)) from error


def _unreadable(path: Path) -> str:
    return _(
        "Không đọc được bản dữ liệu {file}: tệp bị hỏng hoặc do phiên bản khác tạo ra. "
        "Hãy tạo lại bằng python -m etl build PROVINCE.toml, hoặc quay về bản trước bằng python -m etl rollback."
    ).format(file=path)
