"""Records as rows of a table and as values that JSON can hold, there and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from sqlalchemy import RowMapping

from notebook.clock import in_vietnam
from notebook.records import Change, Record
from notebook.tables import KINDS, TABLES

R = TypeVar("R", bound=Record)


def values_of(record: Record) -> dict[str, Any]:
    """All fields of a record, the notebook's own too."""
    return {each.name: getattr(record, each.name) for each in fields(record)}


def record_of(kind: type[R], row: RowMapping | Mapping[str, Any]) -> R:
    """The record in a row of its table."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return kind(**values)


def plain(record: Record) -> dict[str, Any]:
    """A record as JSON holds it: days and times as ISO text."""
    return {name: plain_value(value) for name, value in values_of(record).items()}


def plain_value(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def typed(kind: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """What `plain` made, as its class would take it; ValueError or TypeError for what is no day or time."""
    days, moments = _temporal()[kind]
    return {name: _typed(value, name in days, name in moments) for name, value in values.items()}


def change_of(row: RowMapping | Mapping[str, Any]) -> Change:
    """A line of the history."""
    kind = KINDS.get(row["table_name"])

    def sides(values: dict[str, Any] | None) -> dict[str, Any] | None:
        return values if values is None or kind is None else typed(kind, values)

    return Change(
        id=row["id"],
        table=row["table_name"],
        row_id=row["row_id"],
        at=row["at"],
        by=row["author"],
        action=row["action"],
        before=sides(row["before"]),
        after=sides(row["after"]),
    )


def typed_moment(value: str) -> dt.datetime:
    """A time that `plain` wrote."""
    return in_vietnam(dt.datetime.fromisoformat(value))


def _typed(value: Any, is_day: bool, is_moment: bool) -> Any:
    if value is None:
        return None
    if is_moment:
        return typed_moment(value)
    if is_day:
        return dt.date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


@cache
def _temporal() -> dict[type[Record], tuple[frozenset[str], frozenset[str]]]:
    """By class the names of the fields that are days, and of those that are times."""
    found = {}
    for kind in TABLES:
        members = {name: {hint, *get_args(hint)} for name, hint in get_type_hints(kind).items()}
        found[kind] = (
            frozenset(name for name, types in members.items() if dt.date in types),
            frozenset(name for name, types in members.items() if dt.datetime in types),
        )
    return found
