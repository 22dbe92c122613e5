"""The notebook: adding, reading, changing and restoring records, each change kept with who made it and when."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, insert, or_, select, update
from sqlalchemy.engine import URL

from language import _
from notebook import transfer
from notebook.clock import now
from notebook.engine import make_engine, make_folder, notebook_url, reading, shown, writing
from notebook.errors import EditConflict, NotebookError
from notebook.fields import KEPT, LARGEST_INTEGER, check_author, check_order, checked, fields_of
from notebook.migrate import upgrade
from notebook.records import Action, Change, Record
from notebook.rows import change_of, plain, record_of, values_of
from notebook.tables import CHANGES, TABLES
from notebook.words import field_name, table_name

R = TypeVar("R", bound=Record)

_books: dict[URL, Notebook] = {}
_opening = threading.Lock()


def open_notebook(url: str | None = None) -> Notebook:
    """The store at `url`, else at `$THONGSUOT_NOTEBOOK`, else in `data/notebook.sqlite`; made or brought up to date.

    One for each address and process; it may be used from several threads. Raises NotebookError where it cannot be
    opened or a newer version of the software wrote it.
    """
    address = notebook_url(url)
    with _opening:
        if address not in _books:
            if address.drivername == "sqlite":
                make_folder(Path(str(address.database)).parent, shown(address))
            engine = make_engine(address)
            upgrade(engine, address)
            _books[address] = Notebook(engine=engine, url=address)
        return _books[address]


class Notebook:
    """An open store. Every method is a transaction of its own and raises NotebookError where it cannot be done.

    What belongs together is written through the notebook that `together` gives.
    """

    def __init__(self, *, engine: Engine, url: URL, connection: Connection | None = None) -> None:
        self._engine, self._url, self._connection = engine, url, connection

    @property
    def place(self) -> str:
        """Where the store lies, without its password."""
        return shown(self._url)

    def close(self) -> None:
        """Give back every connection; `open_notebook` opens the store anew."""
        with _opening:
            _books.pop(self._url, None)
        self._engine.dispose()

    @contextmanager
    def together(self) -> Iterator[Notebook]:
        """A notebook whose reads and writes are one transaction: all kept at the end of the block, or none.

        Whatever leaves the block as an error undoes all of it. For one thread, and only inside the block; on SQLite
        other writers wait meanwhile.
        """
        with self._writing() as connection:
            yield Notebook(engine=self._engine, url=self._url, connection=connection)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._connection is not None:
            yield self._connection
            return
        with writing(self._engine, self._url) as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._connection is not None:
            yield self._connection
            return
        with reading(self._engine, self._url) as connection:
            yield connection

    def add(self, record: R, *, by: str) -> R:
        """Keep a new record; what it belongs to must be there. Returns it with its number and version 1."""
        kind, author, at = type(record), check_author(by), now()
        values = checked(kind, {name: value for name, value in values_of(record).items() if name not in KEPT})
        check_order(values)
        kept = replace(
            record,
            **values,
            id=None,
            version=1,
            created_at=at,
            created_by=author,
            updated_at=at,
            updated_by=author,
            deleted_at=None,
        )
        with self._writing() as connection:
            _check_parents(connection, kind, values)
            row = {name: value for name, value in values_of(kept).items() if name != "id"}
            key = connection.execute(insert(TABLES[kind]).values(row)).inserted_primary_key
            assert key is not None
            kept = replace(kept, id=key[0])
            _note_change(connection, "add", by=author, before=None, after=kept)
        return kept

    def get(self, kind: type[R], id: int, *, include_deleted: bool = False) -> R | None:
        """The record of a number; nothing where there is none, or where it was removed."""
        if not _is_number(id):
            return None
        with self._reading() as connection:
            record = _read(connection, kind, id)
        return record if record is not None and (include_deleted or record.deleted_at is None) else None

    def find(self, kind: type[R], *, include_deleted: bool = False, **filters: Any) -> list[R]:
        """Records in the order in which they were added; a filter takes a value, or a list of values that will do."""
        table = TABLES[kind]
        query = select(table).order_by(table.c.id)
        if not include_deleted:
            query = query.where(table.c.deleted_at.is_(None))
        for name, wanted in filters.items():
            choices = list(wanted) if isinstance(wanted, Collection) and not isinstance(wanted, str) else [wanted]
            query = query.where(_is_one_of(kind, name, choices))
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [record_of(kind, row) for row in rows]

    def edit(self, kind: type[R], id: int, *, version: int, by: str, **values: Any) -> R:
        """Change fields of the record as it was read with `version`; EditConflict where somebody changed it since.

        Where nothing differs the record stays as it is, without a new version.
        """
        author, wanted = check_author(by), checked(kind, values)
        with self._writing() as connection:
            current = _existing(connection, kind, id)
            if current.version != version:
                base = _as_read(connection, current, version)
                raise EditConflict(mine=replace(base, **wanted), theirs=current, changed=tuple(wanted))
            if current.deleted_at is not None:
                raise NotebookError(_("Nội dung này đã bị xóa. Hãy khôi phục trước khi sửa."))
            moved = {name: value for name, value in wanted.items() if value != getattr(current, name)}
            if not moved:
                return current
            check_order(values_of(current) | moved)
            _check_parents(connection, kind, moved)
            return _change(connection, "edit", current, by=author, **moved)

    def remove(self, kind: type[R], id: int, *, version: int, by: str) -> R:
        """Take a record out of sight; EditConflict where somebody changed it since. What belongs to it stays."""
        author = check_author(by)
        with self._writing() as connection:
            current = _existing(connection, kind, id)
            if current.version != version:
                mine = _as_read(connection, current, version)
                raise EditConflict(mine=mine, theirs=current, changed=())
            if current.deleted_at is not None:
                return current
            return _change(connection, "remove", current, by=author, deleted_at=now())

    def restore(self, kind: type[R], id: int, *, by: str) -> R:
        """Bring a removed record back as it was; one that was not removed stays as it is."""
        author = check_author(by)
        with self._writing() as connection:
            current = _existing(connection, kind, id)
            if current.deleted_at is None:
                return current
            return _change(connection, "restore", current, by=author, deleted_at=None)

    def history(self, kind: type[Record], id: int) -> list[Change]:
        """Every change of a record, the first one first."""
        if not _is_number(id):
            return []
        query = (
            select(CHANGES)
            .where(CHANGES.c.table_name == TABLES[kind].name, CHANGES.c.row_id == id)
            .order_by(CHANGES.c.id)
        )
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [change_of(row) for row in rows]

    def export(self, path: Path | str, *, overwrite: bool = False) -> dict[str, int]:
        """Write the whole store, its history too, as one JSON file; returns the rows of each table."""
        with self._reading() as connection:
            document = transfer.document_of(connection)
        return transfer.write(document, Path(path), overwrite=overwrite)

    def import_(self, path: Path | str, *, by: str, add: bool = False) -> dict[str, int]:
        """Read a file of `export`, all or nothing: into an empty store exactly as it was, numbers and history too.

        Into a store in use only with `add`, under new numbers. Returns the rows of each table.
        """
        author, tables = check_author(by), transfer.read(Path(path))
        with self._writing() as connection:
            return transfer.load(connection, tables, add=add, by=author, file_name=Path(path).name)

    def backup(self, path: Path | str, *, overwrite: bool = False) -> None:
        """A copy of one moment while others write: a SQLite file that opens as it is; on PostgreSQL the JSON file."""
        if self._url.drivername == "sqlite":
            transfer.copy_sqlite(self._engine, self._url, Path(path), overwrite=overwrite)
        else:
            self.export(path, overwrite=overwrite)


def _is_number(id: Any) -> bool:
    return isinstance(id, int) and not isinstance(id, bool) and 0 < id <= LARGEST_INTEGER


def _is_one_of(kind: type[Record], name: str, choices: list[Any]) -> Any:
    column = TABLES[kind].c.get(name)
    if column is None or (name in fields_of(kind) and fields_of(kind)[name].many):
        raise NotebookError(
            _("Không lọc được «{kind}» theo «{name}».").format(kind=table_name(TABLES[kind].name), name=name)
        )
    if name in fields_of(kind):
        given = [checked(kind, {name: each})[name] for each in choices if each is not None]
    else:
        given = [each for each in choices if each is not None]
    return or_(column.in_(given), column.is_(None)) if None in choices else column.in_(given)


def _read(connection: Connection, kind: type[R], id: int, *, lock: bool = False) -> R | None:
    table = TABLES[kind]
    query = select(table).where(table.c.id == id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    return None if row is None else record_of(kind, row)


def _existing(connection: Connection, kind: type[R], id: int) -> R:
    record = _read(connection, kind, id, lock=True) if _is_number(id) else None
    if record is None:
        raise NotebookError(
            _("Sổ tay không có {kind} số {id}.").format(kind=table_name(TABLES[kind].name), id=str(id)[:20])
        )
    return record


def _check_parents(connection: Connection, kind: type[Record], values: dict[str, Any]) -> None:
    """NotebookError where what a record belongs to is not there, or was removed by another in the meantime."""
    for name, value in values.items():
        for key in TABLES[kind].c[name].foreign_keys:
            if value is None:
                continue
            parent: Table = key.column.table
            # Nobody may remove it until this transaction has ended.
            query = select(parent.c.deleted_at).where(parent.c.id == value).with_for_update(read=True)
            row = connection.execute(query).one_or_none()
            if row is None or row.deleted_at is not None:
                words = _("Không ghi được: {name} số {id} không có hoặc đã bị xóa. Nếu cần, hãy khôi phục trước.")
                raise NotebookError(words.format(name=field_name(name), id=value))


def _change(connection: Connection, action: Action, before: R, *, by: str, **values: Any) -> R:
    after = replace(before, **values, version=before.version + 1, updated_at=now(), updated_by=by)
    table = TABLES[type(before)]
    row = {name: value for name, value in values_of(after).items() if name != "id"}
    connection.execute(update(table).where(table.c.id == before.id).values(row))
    _note_change(connection, action, by=by, before=before, after=after)
    return after


def _note_change(connection: Connection, action: Action, *, by: str, before: R | None, after: R) -> None:
    connection.execute(
        insert(CHANGES).values(
            table_name=TABLES[type(after)].name,
            row_id=after.id,
            at=after.updated_at,
            author=by,
            action=action,
            before=None if before is None else plain(before),
            after=plain(after),
        )
    )


def _as_read(connection: Connection, current: R, version: int) -> R:
    """The record as its reader saw it, from the history; as it is now where that version is unknown."""
    query = select(CHANGES).where(CHANGES.c.table_name == TABLES[type(current)].name, CHANGES.c.row_id == current.id)
    for row in connection.execute(query).mappings():
        after = change_of(row).after
        if after is not None and after.get("version") == version:
            return record_of(type(current), {name: after[name] for name in values_of(current) if name in after})
    return current
