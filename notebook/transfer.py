"""The whole store as one JSON file, there and back, and copies while others write."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.engine import URL

from language import _
from language.reasons import reason
from notebook.clock import now
from notebook.engine import explained
from notebook.errors import NotebookError
from notebook.migrate import is_known, newest, older_as_newest
from notebook.rows import plain_value
from notebook.sound import rows_of
from notebook.tables import CHANGES, KINDS, TABLES

FORMAT = "thong-suot-notebook"
_ALL = (*TABLES.values(), CHANGES)
# The row that an import into a store in use leaves in the history.
IMPORTED = "notebook"


def document_of(connection: Connection) -> dict[str, Any]:
    """Every row of every table, as `read` takes it."""
    tables = {
        str(table.name): [
            {str(name): plain_value(value) for name, value in row.items()}
            for row in connection.execute(select(table).order_by(table.c.id)).mappings()
        ]
        for table in _ALL
    }
    return {
        "format": FORMAT,
        "version": newest(),
        "exported_at": now().isoformat(),
        "sha256": _checksum(tables),
        "tables": tables,
    }


def write(document: dict[str, Any], path: Path, *, overwrite: bool) -> dict[str, int]:
    """Write an export, whole or not at all; returns the rows of each table."""
    _put(path, lambda partial: _write_synced(partial, document), overwrite=overwrite)
    return {name: len(rows) for name, rows in document["tables"].items()}


def read(path: Path) -> dict[str, Any]:
    """The tables of an export as this version of the software has them; NotebookError for a file that is not whole."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotebookError(_("Không đọc được tệp {file}: {reason}.").format(file=path, reason=reason(error))) from None
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise _damaged(path) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NotebookError(
            _("Tệp {file} không phải tệp xuất của sổ tay. Hãy chọn tệp do lệnh export tạo ra.").format(file=path)
        )
    tables, version = document.get("tables"), document.get("version")
    if not isinstance(tables, dict) or not isinstance(version, str) or document.get("sha256") != _checksum(tables):
        raise _damaged(path)
    if version == newest():
        return tables
    if not is_known(version):
        raise NotebookError(
            _(
                "Tệp {file} do phiên bản phần mềm mới hơn xuất (mức {version}, bản này biết đến {known}). Hãy cập nhật "
                "phần mềm rồi nhập lại."
            ).format(file=path, version=version[:40], known=newest())
        )
    try:
        return older_as_newest(tables, version, read_back=lambda connection: document_of(connection)["tables"])
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None


def load(connection: Connection, tables: dict[str, Any], *, add: bool, by: str, file_name: str) -> dict[str, int]:
    """Put the tables of an export into the store that `connection` writes in; returns the rows of each table."""
    rows = rows_of(tables, file_name=file_name)
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in _ALL)
        connection.execute(text(f"lock table {names} in share row exclusive mode"))
    in_use = any(connection.execute(select(table.c.id).limit(1)).first() is not None for table in _ALL)
    if in_use and not add:
        raise NotebookError(
            _(
                "Sổ tay này đã có nội dung, nên chưa nhập gì. Hãy nhập vào một sổ tay trống, hoặc chọn nhập thêm "
                "(--add): mọi nội dung trong tệp được thêm vào với số mới."
            )
        )
    if in_use:
        _add(connection, rows, by=by, file_name=file_name)
    else:
        _put_back(connection, rows)
    return {name: len(each) for name, each in rows.items()}


def copy_sqlite(engine: Engine, url: URL, path: Path, *, overwrite: bool) -> None:
    """A copy of the file as it is at one moment, by SQLite's own online backup."""
    store = Path(str(url.database))
    if path.exists() and path.samefile(store):
        raise NotebookError(_("Tệp {file} chính là sổ tay đang dùng. Hãy chọn tệp khác.").format(file=path))
    if path.with_name(f"{path.name}-wal").exists():
        raise NotebookError(_("Tệp {file} đang được chương trình khác dùng. Hãy chọn tệp khác.").format(file=path))

    def copy(partial: Path) -> None:
        with explained(url), closing(engine.raw_connection()) as source, closing(sqlite3.connect(partial)) as target:
            driver: Any = source.driver_connection
            driver.backup(target)
            # One file, which any reader may open from a folder that it cannot write in.
            target.execute("pragma journal_mode = delete")

    _put(path, copy, overwrite=overwrite)


def _put_back(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Into an empty store: everything under its own number."""
    for table in _ALL:
        if rows[table.name]:
            connection.execute(insert(table), rows[table.name])
            if connection.dialect.name == "postgresql":
                # The next number follows the highest given.
                name = table.name
                highest = f"(select max(id) from {name})"
                connection.execute(text(f"select setval(pg_get_serial_sequence('{name}', 'id'), {highest})"))


def _add(connection: Connection, rows: dict[str, list[dict[str, Any]]], *, by: str, file_name: str) -> None:
    """Into a store in use: everything under a new number, references and history with it."""
    numbers: dict[tuple[str, int], int] = {}

    def renumbered(name: str, values: dict[str, Any]) -> dict[str, Any]:
        moved = dict(values)
        for column in TABLES[KINDS[name]].c:
            for key in column.foreign_keys:
                if moved.get(column.name) is not None:
                    moved[column.name] = numbers[key.column.table.name, moved[column.name]]
        if "id" in moved:
            moved["id"] = numbers[name, values["id"]]
        return moved

    for table in TABLES.values():
        for row in rows[table.name]:
            old = row["id"]
            values = renumbered(table.name, {name: value for name, value in row.items() if name != "id"})
            key = connection.execute(insert(table).values(values)).inserted_primary_key
            assert key is not None
            numbers[table.name, old] = key[0]
    for row in rows[CHANGES.name]:
        change = {name: value for name, value in row.items() if name != "id"}
        name = change["table_name"]
        if name in KINDS:
            change["row_id"] = numbers[name, change["row_id"]]
            for side in ("before", "after"):
                change[side] = None if change[side] is None else renumbered(name, change[side])
        connection.execute(insert(CHANGES).values(change))
    told = {"file": file_name, "rows": {name: len(each) for name, each in rows.items()}}
    connection.execute(
        insert(CHANGES).values(
            table_name=IMPORTED, row_id=0, at=now(), author=by, action="import", before=None, after=told
        )
    )


def _checksum(tables: Any) -> str:
    return hashlib.sha256(orjson.dumps(tables)).hexdigest()


def _damaged(path: Path) -> NotebookError:
    return NotebookError(
        _(
            "Tệp {file} hỏng, chép dở hoặc đã bị sửa bằng tay; chưa nhập gì. Hãy chép lại từ nơi đã xuất, hoặc dùng "
            "bản xuất khác."
        ).format(file=path)
    )


def _write_synced(path: Path, document: dict[str, Any]) -> None:
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _put(path: Path, make: Callable[[Path], None], *, overwrite: bool) -> None:
    """Have a file made beside its place and moved there once it is whole and on the disk."""
    if path.exists() and (not overwrite or not path.is_file()):
        raise NotebookError(_("Đã có {file}. Hãy chọn tên khác; chưa ghi gì.").format(file=path))
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.touch()
        make(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise NotebookError(_("Không ghi được tệp {file}: {reason}.").format(file=path, reason=reason(error))) from None
    finally:
        partial.unlink(missing_ok=True)
