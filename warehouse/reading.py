"""Opening a snapshot to read it: read-only, locked down, shared by all threads of the process."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from language import _
from warehouse.layout import SnapshotMissing, current_id, list_snapshots, snapshot_path
from warehouse.settings import READER_MEMORY, SettingError, reader_memory, reader_threads

# The DDL of every table of a snapshot.
TABLES_SQL = Path(__file__).with_name("tables.sql")
_COLUMNS = "select table_name, column_name from duckdb_columns() where not internal"
# Beside the published one, so that readers pinned to an earlier snapshot do not open it at every click.
_KEPT_OPEN = 4
_LOCKED_DOWN = {
    "access_mode": "read_only",
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
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
            # A snapshot of an earlier version is told apart here, not in the middle of a screen.
            columns = self.query(_COLUMNS).rows()
            if not _declared_columns() <= set(columns):
                raise SnapshotMissing(_unreadable(path))
        except SnapshotMissing:
            self.close()
            raise
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            self.close()
            raise SnapshotMissing(_unreadable(path)) from error

    def query(
        self,
        sql: str,
        params: Mapping[str, Any] | Sequence[Any] | None = None,
        *,
        tables: Mapping[str, pl.DataFrame] | None = None,
    ) -> pl.DataFrame:
        """The rows that one SQL statement gives for its bound parameters; it may read the frames given as tables."""
        # A cursor of its own for each call: one connection answers one thread at a time.
        with self._connection.cursor() as cursor:
            try:
                for name, frame in (tables or {}).items():
                    cursor.register(name, frame.to_arrow())
                rows: pl.DataFrame = cursor.sql(sql, params=params).pl()
            except duckdb.OutOfMemoryException as error:
                raise SettingError(
                    _(
                        "Bộ nhớ cho phép ({limit}) không đủ để tính. Hãy tăng biến môi trường {variable}, hoặc chọn "
                        "phạm vi hẹp hơn."
                    ).format(limit=reader_memory(), variable=READER_MEMORY)
                ) from error
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

    def read_through(self) -> None:
        """Read every block of every table; SnapshotMissing where one is damaged."""
        for table in self.query("select table_name from duckdb_tables()")["table_name"]:
            self.query(f'select max(hash(every_column)) from "{table}" as every_column')

    def close(self) -> None:
        self._connection.close()


def open_snapshot(directory: Path, snapshot_id: str | None = None) -> Snapshot:
    """Open the snapshot asked for, else the published one; SnapshotMissing says how to get one."""
    chosen = snapshot_id or current_id(directory)
    if chosen is None and list_snapshots(directory):
        raise SnapshotMissing(
            _(
                "Không rõ bản dữ liệu nào trong {folder} đang được công bố: tệp CURRENT bị mất hoặc hỏng. Xem các bản "
                "còn tốt: python -m etl status --warehouse {folder}, rồi công bố lại một bản: python -m etl rollback "
                "--warehouse {folder}"
            ).format(folder=directory)
        )
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


def healthy_snapshots(directory: Path, *, before: str | None = None) -> Iterator[Snapshot]:
    """The snapshots that can be opened, the latest first, each open until the next is asked for.

    `before`: only those of an earlier name.
    """
    for snapshot_id in list_snapshots(directory):
        if before is not None and snapshot_id >= before:
            continue
        try:
            snapshot = open_snapshot(directory, snapshot_id)
        except SnapshotMissing:
            continue
        try:
            yield snapshot
        finally:
            snapshot.close()


def count_dossiers(directory: Path, snapshot_id: str) -> int:
    """The dossiers of a snapshot, also of one that an earlier version of this software made; else SnapshotMissing."""
    path = snapshot_path(directory, snapshot_id)
    if not path.is_file():
        raise SnapshotMissing(_("Không có bản dữ liệu {id} trong {folder}.").format(id=snapshot_id, folder=directory))
    connection = _connect(path)
    try:
        ((dossiers,),) = connection.execute("select count(*) from dossier").fetchall()
    except duckdb.Error as error:
        raise SnapshotMissing(_unreadable(path)) from error
    finally:
        connection.close()
    return int(dossiers)


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
    limits = {"memory_limit": reader_memory(), "threads": str(reader_threads())}
    try:
        return duckdb.connect(str(path), config={**_LOCKED_DOWN, **limits})
    except duckdb.Error as error:
        raise SnapshotMissing(_unreadable(path)) from error


@cache
def _declared_columns() -> frozenset[tuple[str, str]]:
    """(table, column) of everything that a snapshot of this version holds."""
    with duckdb.connect() as connection:
        connection.execute(TABLES_SQL.read_text(encoding="utf-8"))
        return frozenset(connection.execute(_COLUMNS).fetchall())


def _unreadable(path: Path) -> str:
    return _(
        "Không đọc được bản dữ liệu {file}: tệp bị hỏng hoặc do phiên bản khác tạo ra. "
        "Hãy tạo lại bằng python -m etl build PROVINCE.toml, hoặc quay về bản trước bằng python -m etl rollback."
    ).format(file=path)
