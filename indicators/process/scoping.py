"""What the questions about steps share: the scope, names of activities, rows of prepared periods beside single days."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from weakref import WeakKeyDictionary

import polars as pl

from indicators.filters import Filters
from indicators.levels import BoundDays, spans
from indicators.levels import Level as Period
from indicators.scope import COMMUNE_DIMENSIONS, KEY_DIMENSIONS, Scope
from indicators.windows import Window
from warehouse import Snapshot

Level = Literal["all", "kind", "commune", "procedure", "key"]
# The periods of each level of a table, the level with the fewest rows first.
Levels = dict[Level, tuple[Period, ...]]

ALL = Filters()
SECONDS_PER_HOUR = 3600
SUMS: Levels = {"kind": ("month", "day"), "commune": ("month",), "procedure": ("month",), "key": ("month",)}
# Of working time and dossiers, by the day of closing.
CLOSED_SUMS: Levels = SUMS | {"procedure": ("month", "day")}
COUNTS: Levels = {
    "all": ("month", "ten_days"),
    "kind": ("month", "ten_days"),
    "commune": ("month",),
    "procedure": ("month",),
}
# The dimensions that each level tells apart.
_TOLD_APART: dict[Level, set[str]] = {
    "all": set(),
    "kind": {"kind", "channel"},
    "commune": set(COMMUNE_DIMENSIONS),
    "procedure": set(KEY_DIMENSIONS),
    "key": {*COMMUNE_DIMENSIONS, *KEY_DIMENSIONS},
}
# So many keys are named in a statement, where blocks without any of them are passed over.
_MOST_NAMED = 60
_EVERYTHING = "cross join (select 1::integer as group_id)"
_groups_of: WeakKeyDictionary[Snapshot, pl.DataFrame] = WeakKeyDictionary()
_names_of: WeakKeyDictionary[Snapshot, dict[int, str | None]] = WeakKeyDictionary()
_last_day_of: WeakKeyDictionary[Snapshot, dt.date] = WeakKeyDictionary()


def scope_of(
    snapshot: Snapshot, window: Window, *, filters: Filters, as_of: dt.date | None, by: tuple[str, ...] = ()
) -> Scope:
    """The question with its window cut at what is known: the earlier of `as_of` and the snapshot's."""
    known_until = min(as_of or dt.date.max, snapshot.info.as_of.date())
    return Scope(snapshot, by, filters, window.clipped(known_until))


def level_of(scope: Scope, levels: Levels) -> Level | None:
    """The level with the fewest rows that tells apart what the question does; None where only single rows do."""
    given = _given(scope)
    return next((level for level in levels if given <= _TOLD_APART[level]), None)


def prepared_rows(
    scope: Scope,
    *,
    table: str,
    columns: str,
    daily: str,
    levels: Levels,
    without_days: bool = False,
) -> tuple[str, BoundDays]:
    """SQL of the `group_id` and columns of a prepared table and of the days left, and the days that it binds.

    `daily` is a statement over rows with `{days}` after the name of the day, `{scoped}` after the tables and
    `{narrowed}` at the end of its conditions on a table that has a `procedure_key`. `without_days` leaves it out.
    """
    level, days = level_of(scope, levels), BoundDays()
    periods = levels[level] if level else ()
    parts = []
    for span in spans(scope.windows, tuple(dict.fromkeys((*periods, "day")))):
        if level is not None and span.level in periods:
            parts.append(
                f"select group_id, {columns} from {table} {_level_join(scope, level)} "
                f"where level = '{level}' and period = '{span.level}' and day {days.between(span)}"
                f"{_named_keys(scope, level)}"
            )
        elif not without_days:
            parts.append(daily.format(days=days.between(span), scoped=scoped(scope), narrowed=narrowed(scope)))
    # Without any part the columns are still there.
    parts = parts or [f"select 0 as group_id, {columns} from {table} limit 0"]
    return "\nunion all by name\n".join(parts), days


def scoped(scope: Scope) -> str:
    """SQL that joins rows with a `key_id` to the scope and gives their `group_id`."""
    return "join scoped_key using (key_id)" if _given(scope) else _EVERYTHING


def narrowed(scope: Scope) -> str:
    """SQL of a condition on `procedure_key` that passes over blocks of other procedures; empty where there are many."""
    if not set(scope.filters.given()) & set(KEY_DIMENSIONS):
        return ""
    return _in(_scope_groups(scope)["procedure_key"].unique().sort().to_list(), "procedure_key")


def last_day(snapshot: Snapshot) -> dt.date:
    """The last day on which a step was taken or a dossier with a log closed; some lie after the snapshot's own."""
    if snapshot not in _last_day_of:
        found = snapshot.query(
            "select max(day) as day from (select day from monthly_step where period = 'day' union all "
            "select day from monthly_path where period = 'day')"
        )
        _last_day_of[snapshot] = found["day"][0] or dt.date.min
    return _last_day_of[snapshot]


def activity_names(snapshot: Snapshot) -> dict[int, str | None]:
    """The names of the activities by their numbers."""
    if snapshot not in _names_of:
        _names_of[snapshot] = dict(snapshot.query("select activity_id, name from activity").iter_rows())
    return _names_of[snapshot]


def named(frame: pl.DataFrame, names: dict[int, str | None], column: str, name: str) -> pl.DataFrame:
    """The frame with a column of numbers of activities replaced by their names under `name`, in its place."""
    texts: dict[Any, Any] = dict(names)
    values = frame[column].replace_strict(texts, default=None, return_dtype=pl.String)
    return frame.with_columns(values.alias(column)).rename({column: name})


def _given(scope: Scope) -> set[str]:
    return {*scope.filters.given(), *scope.unit_dimensions, *scope.key_dimensions}


def _scope_groups(scope: Scope) -> pl.DataFrame:
    """The rows of `key_group` in scope."""
    if scope.snapshot not in _groups_of:
        _groups_of[scope.snapshot] = scope.snapshot.query("from key_group")
    return _groups_of[scope.snapshot].join(scope.keys.select("key_id"), on="key_id", how="semi")


def _level_join(scope: Scope, level: Level) -> str:
    if not _given(scope):
        return _EVERYTHING
    if level == "key":
        return "join scoped_key using (key_id)"
    return (
        f"join (select distinct {level}_key as key_id, group_id from key_group join scoped_key using (key_id)) "
        "using (key_id)"
    )


def _named_keys(scope: Scope, level: Level) -> str:
    if level == "all" or not scope.filters.given():
        return ""
    return _in(_scope_groups(scope)["key_id" if level == "key" else f"{level}_key"].unique().sort().to_list(), "key_id")


def _in(keys: list[int], column: str) -> str:
    if not keys or len(keys) > _MOST_NAMED:
        return ""
    return f" and {column} in ({', '.join(map(str, keys))})"
