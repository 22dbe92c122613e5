"""What the questions about steps share: the scope, names of activities, and rows of whole months beside single days."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import polars as pl

from indicators.filters import Filters
from indicators.levels import BoundDays, spans
from indicators.scope import COMMUNE_DIMENSIONS, Scope
from indicators.windows import Window
from warehouse import Snapshot

Level = Literal["all", "commune", "procedure"]

ALL = Filters()
SECONDS_PER_HOUR = 3600
# Which rows of a count by level belong to the scope.
LEVEL_KEYS: dict[Level, str] = {
    "all": "",
    "commune": "and key_id in (select commune_key from key_group join scoped_key using (key_id))",
    "procedure": "and key_id in (select procedure_key from key_group join scoped_key using (key_id))",
}


def scope_of(
    snapshot: Snapshot, window: Window, *, filters: Filters, as_of: dt.date | None, by: tuple[str, ...] = ()
) -> Scope:
    """The question with its window cut at what is known: the earlier of `as_of` and the snapshot's."""
    known_until = min(as_of or dt.date.max, snapshot.info.as_of.date())
    return Scope(snapshot, by, filters, window.clipped(known_until))


def month_and_day_rows(scope: Scope, *, monthly: str, daily: str) -> tuple[str, BoundDays]:
    """SQL of the rows of whole months and of the days left, and the days that it binds.

    Both are statements with `{days}` for the condition on the day that they name before it.
    """
    days = BoundDays()
    parts = [
        (monthly if span.level == "month" else daily).format(days=days.between(span))
        for span in spans(scope.windows, ("month", "day"))
    ]
    return "\nunion all by name\n".join(parts), days


def level_of(scope: Scope) -> Level | None:
    """The level of a count that tells apart what the question does; None where only the rows themselves do."""
    given = {*scope.filters.given(), *scope.unit_dimensions, *scope.key_dimensions}
    of_communes = given & set(COMMUNE_DIMENSIONS)
    if not given:
        return "all"
    if of_communes == given:
        return "commune"
    return None if of_communes else "procedure"


def activity_names(snapshot: Snapshot) -> dict[int, str | None]:
    """The names of the activities by their numbers."""
    return dict(snapshot.query("select activity_id, name from activity").iter_rows())


def named(frame: pl.DataFrame, names: dict[int, str | None], column: str, name: str) -> pl.DataFrame:
    """The frame with a column of numbers of activities replaced by their names under `name`, in its place."""
    texts: dict[Any, Any] = dict(names)
    values = frame[column].replace_strict(texts, default=None, return_dtype=pl.String)
    return frame.with_columns(values.alias(column)).rename({column: name})
