"""The tables in which records are kept. A change here needs a migration; a test compares the two."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Date, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Table

from notebook import records

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

LINE, PROSE, ADDRESS = 200, 10_000, 4_000
# Texts that may go over several lines.
_LINES = {"lines": True}


def _line(name: str, *, limit: int = LINE, nullable: bool = False, index: bool = False) -> Column[str]:
    return Column(name, String(limit), nullable=nullable, index=index)


def _prose(name: str) -> Column[str]:
    return Column(name, String(PROSE), nullable=False, info=_LINES)


def _code(name: str, *, nullable: bool = False, index: bool = False) -> Column[str]:
    return _line(name, limit=50, nullable=nullable, index=index)


def _parent(name: str, table: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{table}.id"), nullable=nullable, index=True)


def _day(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime, nullable=nullable)


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        *columns,
        Column("version", Integer, nullable=False),
        _moment("created_at"),
        _line("created_by"),
        _moment("updated_at"),
        _line("updated_by"),
        _moment("deleted_at", nullable=True),
        # A number once given is never given again: the history names records by it.
        sqlite_autoincrement=True,
    )


# Parents before children: the order in which an export is read back.
TABLES: dict[type[records.Record], Table] = {
    records.Trip: _table(
        "trip",
        _code("province_code"),
        _line("title"),
        _line("leader"),
        _day("starts_on"),
        _day("ends_on", nullable=True),
        _code("state"),
        _line("snapshot_id", nullable=True),
        Column("departments", JSON, nullable=False),
        _prose("summary"),
    ),
    records.Stop: _table(
        "stop",
        _parent("trip_id", "trip"),
        _code("commune_code", index=True),
        Column("position", Integer, nullable=False),
        _code("arrives", nullable=True),
        _prose("focus"),
    ),
    records.Note: _table(
        "note",
        _parent("trip_id", "trip", nullable=True),
        _code("commune_code", nullable=True, index=True),
        _code("kind"),
        _line("indicator", nullable=True),
        _prose("text"),
        _day("noted_on"),
    ),
    records.Difficulty: _table(
        "difficulty",
        _code("commune_code", index=True),
        _code("category"),
        _line("department", nullable=True),
        _prose("text"),
        _day("asked_on"),
        _day("due_on", nullable=True),
        _code("state"),
        _prose("answer"),
        _day("answered_on", nullable=True),
        _line("source", limit=1_000),
        Column("count", Integer, nullable=True),
        _parent("trip_id", "trip", nullable=True),
    ),
    records.Deck: _table("deck", _line("name"), _code("province_code")),
    records.DeckPage: _table(
        "deck_page",
        _parent("deck_id", "deck"),
        Column("position", Integer, nullable=False),
        _line("address", limit=ADDRESS),
        _line("title", limit=1_000),
    ),
    records.View: _table("saved_view", _line("name"), _line("address", limit=ADDRESS)),
    records.Meeting: _table(
        "meeting",
        _parent("deck_id", "deck", nullable=True),
        _parent("trip_id", "trip", nullable=True),
        _line("title"),
        _moment("started_at"),
        _moment("ended_at", nullable=True),
        _line("snapshot_id"),
    ),
    records.Promise: _table(
        "promise",
        _parent("trip_id", "trip", nullable=True),
        _parent("meeting_id", "meeting", nullable=True),
        _code("commune_code", nullable=True, index=True),
        _line("department"),
        _prose("text"),
        _day("promised_on"),
        _day("due_on", nullable=True),
        _line("indicator", nullable=True),
        _line("field", nullable=True),
        _code("procedure_code", nullable=True),
        Column("expected_change", Float, nullable=True),
        _code("state"),
        _prose("outcome"),
    ),
    records.MeetingPage: _table(
        "meeting_page",
        _parent("meeting_id", "meeting"),
        _moment("shown_at"),
        _line("address", limit=ADDRESS),
        _line("title", limit=1_000),
    ),
}
KINDS: dict[str, type[records.Record]] = {table.name: kind for kind, table in TABLES.items()}

CHANGES = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    _code("table_name"),
    Column("row_id", Integer, nullable=False),
    _moment("at"),
    _line("author"),
    _code("action"),
    Column("before", JSON(none_as_null=True), nullable=True),
    Column("after", JSON(none_as_null=True), nullable=True),
    Index(None, "table_name", "row_id"),
    sqlite_autoincrement=True,
)
