"""Where the store lies, and connections to it: SQLite in a file, or PostgreSQL for several servers."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from language import _
from notebook.errors import NotebookError
from notebook.faults import explain

DEFAULT_URL = "sqlite:///data/notebook.sqlite"
ENVIRONMENT_VARIABLE = "THONGSUOT_NOTEBOOK"
# Seconds: how long a writer waits for another, and how long a server may stay silent.
_PATIENCE, _SILENCE = 15, 30
_POSTGRESQL = "postgresql+pg8000"


class AddressError(NotebookError):
    """The address of the store itself makes no sense."""


def notebook_url(given: str | None = None) -> URL:
    """The store asked for, else `$THONGSUOT_NOTEBOOK`, else `data/notebook.sqlite`; a plain path means SQLite.

    Raises AddressError for what names neither a SQLite file nor a PostgreSQL database.
    """
    text = (given if given is not None else os.environ.get(ENVIRONMENT_VARIABLE, "")).strip() or DEFAULT_URL
    if "://" not in text:
        text = f"sqlite:///{text}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise AddressError(_address_words()) from None
    if url.drivername in ("sqlite", "sqlite+pysqlite") and url.database not in (None, "", ":memory:") and not url.query:
        return url.set(drivername="sqlite", database=str(Path(str(url.database)).expanduser().absolute()))
    if url.drivername in ("postgresql", "postgres", _POSTGRESQL) and url.database:
        return _with_known_options(url.set(drivername=_POSTGRESQL))
    raise AddressError(_address_words())


def _address_words() -> str:
    # The address may hold a password: it is not repeated.
    return _(
        "Địa chỉ sổ tay (biến {variable} hoặc --notebook) không dùng được. Hãy ghi sqlite:///đường/dẫn/tệp.sqlite hoặc "
        "postgresql://người_dùng:mật_khẩu@máy_chủ/tên_cơ_sở_dữ_liệu."
    ).format(variable=ENVIRONMENT_VARIABLE)


def _with_known_options(url: URL) -> URL:
    unknown = sorted(set(url.query) - {"sslmode", "unix_sock", "application_name"})
    modes = {"disable", "require", "verify-full"}
    if unknown or url.query.get("sslmode", "disable") not in modes:
        raise AddressError(
            _(
                "Địa chỉ sổ tay có tùy chọn không dùng được. Chỉ nhận sslmode=disable, require hoặc verify-full, "
                "unix_sock và application_name."
            )
        )
    return url


def shown(url: URL) -> str:
    """The address without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def make_engine(url: URL) -> Engine:
    """Connections to the store; nothing is opened yet, but the folder of a SQLite file is made."""
    if url.drivername == "sqlite":
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": _PATIENCE})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url.difference_update_query(["sslmode"]),
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,
        connect_args={"timeout": _SILENCE, **_encryption(url)},
    )


def make_folder(folder: Path, place: str) -> None:
    """The folder of a SQLite file; NotebookError where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotebookError(explain(error, place=place)) from None


def _encryption(url: URL) -> dict[str, Any]:
    """Without `sslmode` the driver encrypts where the server offers it."""
    mode = url.query.get("sslmode")
    if mode is None:
        return {}
    if mode == "disable":
        return {"ssl_context": False}
    import ssl

    context = ssl.create_default_context()
    if mode == "require":
        # As libpq has it: encrypted, whoever answers.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return {"ssl_context": context}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions are ours: the driver's own begin too late for a reader and never for a change of tables.
    connection.isolation_level = None
    connection.execute(f"pragma busy_timeout = {_PATIENCE * 1000}")
    connection.execute("pragma foreign_keys = on")
    prepare_write_ahead(connection)


def prepare_write_ahead(connection: sqlite3.Connection) -> None:
    """Readers beside a writer. The change of mode does not wait its turn by itself when another makes it too."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_mode", "read")
    if mode == "rebuild":
        # A table that is rebuilt is dropped: what refers to it must not mind. It has no effect inside a transaction.
        connection.exec_driver_sql("pragma foreign_keys = off")
    connection.exec_driver_sql("begin" if mode == "read" else "begin immediate")


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what the database complains of into a NotebookError without passwords and without people's texts."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise NotebookError(explain(error, place=shown(url))) from None


@contextmanager
def reading(engine: Engine, url: URL) -> Iterator[Connection]:
    """A transaction that sees one moment of the whole store."""
    options = {} if url.drivername == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with explained(url), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, url: URL, *, rebuild: bool = False) -> Iterator[Connection]:
    """A transaction that is kept whole or not at all; on SQLite one writer at a time."""
    mode = "rebuild" if rebuild else "write"
    with (
        explained(url),
        engine.connect().execution_options(sqlite_mode=mode) as connection,
        connection.begin(),
    ):
        yield connection
