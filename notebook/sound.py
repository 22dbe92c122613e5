"""Whether what a file of an export says can be the content of a store: types, lists, references, history."""

from __future__ import annotations

from typing import Any, get_args

from language import _
from notebook.errors import NotebookError
from notebook.fields import KEPT, check_author, check_order, checked
from notebook.records import Action, Record
from notebook.rows import typed, typed_moment
from notebook.tables import CHANGES, TABLES
from notebook.words import table_name


def rows_of(tables: dict[str, Any], *, file_name: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table as the database takes them; NotebookError names the first that cannot be.

    Numbers occur once, and whatever a row or a line of the history refers to is there.
    """
    expected = {table.name: {column.name for column in table.c} for table in (*TABLES.values(), CHANGES)}
    known: dict[str, set[int]] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    if set(tables) != set(expected):
        raise _unsound(file_name, _("thiếu hoặc thừa bảng"))
    for kind, table in TABLES.items():
        known[table.name], rows[table.name] = set(), []
        for place, row in enumerate(_listed(tables[table.name], table.name, file_name), start=1):
            where = _("{table}, dòng {row}").format(table=table_name(table.name), row=place)
            _same_columns(row, expected[table.name], where, file_name)
            try:
                values = _record(kind, row)
            except (NotebookError, ValueError, TypeError, OverflowError) as error:
                reason = str(error) if isinstance(error, NotebookError) else _("giá trị không đọc được")
                raise _unsound(file_name, f"{where}: {reason}") from None
            parents = {(key.column.table.name, values[c.name]) for c in table.c for key in c.foreign_keys}
            if values["id"] in known[table.name] or any(
                number is not None and number not in known[parent] for parent, number in parents
            ):
                raise _unsound(file_name, _("{where}: trùng số, hoặc thuộc về nội dung không có").format(where=where))
            known[table.name].add(values["id"])
            rows[table.name].append(values)
    rows[CHANGES.name] = _changes(tables[CHANGES.name], expected[CHANGES.name], known, file_name)
    return rows


def _record(kind: type[Record], row: dict[str, Any]) -> dict[str, Any]:
    values = typed(kind, row)
    own = checked(kind, {name: value for name, value in values.items() if name not in KEPT})
    check_order(own)
    kept = {name: value for name, value in values.items() if name in KEPT}
    if not _counts(kept["id"]) or not _counts(kept["version"]) or None in (kept["created_at"], kept["updated_at"]):
        raise ValueError
    return own | kept | {name: check_author(kept[name]) for name in ("created_by", "updated_by")}


def _changes(listed: Any, columns: set[str], known: dict[str, set[int]], file_name: str) -> list[dict[str, Any]]:
    rows, numbers = [], set()
    for place, row in enumerate(_listed(listed, CHANGES.name, file_name), start=1):
        where = _("{table}, dòng {row}").format(table=table_name(CHANGES.name), row=place)
        _same_columns(row, columns, where, file_name)
        try:
            at = typed_moment(row["at"])
            author = check_author(row["author"])
        except (NotebookError, ValueError, TypeError):
            raise _unsound(file_name, _("{where}: giá trị không đọc được").format(where=where)) from None
        imported = row["action"] == "import"
        sound = (
            _counts(row["id"])
            and row["id"] not in numbers
            and isinstance(row["table_name"], str)
            and row["action"] in get_args(Action)
            and (imported or row["row_id"] in known.get(row["table_name"], set()))
            and all(row[side] is None or isinstance(row[side], dict) for side in ("before", "after"))
        )
        if not sound:
            raise _unsound(file_name, _("{where}: trùng số, hoặc thuộc về nội dung không có").format(where=where))
        numbers.add(row["id"])
        rows.append(row | {"at": at, "author": author})
    return rows


def _listed(rows: Any, name: str, file_name: str) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _unsound(file_name, _("bảng {table} không đọc được").format(table=table_name(name)))
    return rows


def _same_columns(row: dict[str, Any], columns: set[str], where: str, file_name: str) -> None:
    if set(row) != columns:
        raise _unsound(file_name, _("{where}: thiếu hoặc thừa mục").format(where=where))


def _counts(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31


def _unsound(file_name: str, words: str) -> NotebookError:
    return NotebookError(
        _("Tệp {file} không nhập được ({reason}); chưa nhập gì. Hãy dùng bản xuất khác.").format(
            file=file_name, reason=words
        )
    )
