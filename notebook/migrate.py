"""Bringing a store to the tables of this version of the software, when it is opened."""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import JSON, Connection, Date, DateTime, Engine, MetaData, Table, insert, null, text
from sqlalchemy.engine import URL

from language import _
from notebook.engine import make_engine, reading, shown, writing
from notebook.errors import NotebookError

MIGRATIONS = Path(__file__).with_name("migrations")
# Beside other programs' tables on a shared PostgreSQL.
VERSION_TABLE = "notebook_version"
# Any number that no other program is likely to lock by.
_LOCK = 7_660_107_2025
# Alembic keeps what it is at in global names.
_one_at_a_time = threading.Lock()


def newest() -> str:
    """The version of the tables that this software writes."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def is_known(version: str) -> bool:
    """Whether this software can read tables of a version: its own or an earlier one."""
    try:
        return ScriptDirectory(str(MIGRATIONS)).get_revision(version) is not None
    except CommandError:
        return False


def version_of(connection: Connection) -> str | None:
    """The version of the tables of an open store; nothing where it has none yet."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def upgrade(engine: Engine, url: URL) -> None:
    """Make or bring up to date the tables: one process at a time, all or nothing.

    Raises NotebookError where a newer version of the software wrote the store.
    """
    with reading(engine, url) as connection:
        version = version_of(connection)
    if version == newest():
        return
    with writing(engine, url, rebuild=True) as connection:
        if url.drivername != "sqlite":
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        check_known(version_of(connection), url)
        migrate(connection, "head")


def check_known(version: str | None, url: URL) -> None:
    """NotebookError where a newer version of the software wrote the store."""
    if version is not None and not is_known(version):
        raise NotebookError(
            _(
                "Sổ tay ở {place} do phiên bản phần mềm mới hơn ghi (mức {version}, bản này biết đến {known}). Hãy cập "
                "nhật phần mềm, hoặc chọn sổ tay khác; chưa có gì bị sửa."
            ).format(place=shown(url), version=version, known=newest())
        )


def older_as_newest(
    tables: dict[str, Any], version: str, *, read_back: Callable[[Connection], dict[str, Any]]
) -> dict[str, Any]:
    """The tables of an older export as this version has them: the migrations run on a store made of them."""
    with tempfile.TemporaryDirectory() as folder:
        url = URL.create("sqlite", database=str(Path(folder) / "older.sqlite"))
        with writing(make_engine(url), url, rebuild=True) as connection:
            migrate(connection, version)
            older = MetaData()
            older.reflect(connection)
            for table in older.sorted_tables:
                rows = [_as_columns_take(table, row) for row in tables.get(table.name, [])]
                if rows:
                    connection.execute(insert(table), rows)
            migrate(connection, "head")
            return read_back(connection)


def _as_columns_take(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    readers = {Date: dt.date.fromisoformat, DateTime: dt.datetime.fromisoformat}
    values: dict[str, Any] = {}
    for name, value in row.items():
        column = table.c[name].type
        read = next((reader for kind, reader in readers.items() if isinstance(column, kind)), None)
        if value is None:
            # JSON has a null of its own, which is not meant.
            values[name] = null() if isinstance(column, JSON) else None
        else:
            values[name] = value if read is None else read(value)
    return values


def migrate(connection: Connection, target: str) -> None:
    """Run the migrations up to a version within the connection's transaction."""
    with _one_at_a_time:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, target)
