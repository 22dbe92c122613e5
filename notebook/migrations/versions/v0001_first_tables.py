"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None
branch_labels = depends_on = None


def upgrade() -> None:
    _create(
        "trip",
        _text("province_code", 50),
        _text("title"),
        _text("leader"),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        _text("state", 50),
        _text("snapshot_id", nullable=True),
        sa.Column("departments", sa.JSON, nullable=False),
        _text("summary", 10_000),
    )
    _create(
        "stop",
        *_parent("stop", "trip", nullable=False),
        _text("commune_code", 50),
        sa.Column("position", sa.Integer, nullable=False),
        _text("arrives", 50, nullable=True),
        _text("focus", 10_000),
        indexes=("trip_id", "commune_code"),
    )
    _create(
        "note",
        *_parent("note", "trip", nullable=True),
        _text("commune_code", 50, nullable=True),
        _text("kind", 50),
        _text("indicator", nullable=True),
        _text("text", 10_000),
        sa.Column("noted_on", sa.Date, nullable=False),
        indexes=("trip_id", "commune_code"),
    )
    _create(
        "promise",
        *_parent("promise", "trip", nullable=True),
        _text("commune_code", 50, nullable=True),
        _text("department"),
        _text("text", 10_000),
        sa.Column("promised_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        _text("indicator", nullable=True),
        _text("field", nullable=True),
        _text("procedure_code", 50, nullable=True),
        sa.Column("expected_change", sa.Float),
        _text("state", 50),
        _text("outcome", 10_000),
        indexes=("trip_id", "commune_code"),
    )
    _create(
        "difficulty",
        _text("commune_code", 50),
        _text("category", 50),
        _text("department", nullable=True),
        _text("text", 10_000),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        _text("state", 50),
        _text("answer", 10_000),
        sa.Column("answered_on", sa.Date),
        _text("source", 1_000),
        sa.Column("count", sa.Integer),
        *_parent("difficulty", "trip", nullable=True),
        indexes=("trip_id", "commune_code"),
    )
    _create("deck", _text("name"), _text("province_code", 50))
    _create(
        "deck_page",
        *_parent("deck_page", "deck", nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        _text("address", 4_000),
        _text("title", 1_000),
        indexes=("deck_id",),
    )
    _create("saved_view", _text("name"), _text("address", 4_000))
    _create(
        "meeting",
        *_parent("meeting", "deck", nullable=True),
        *_parent("meeting", "trip", nullable=True),
        _text("title"),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        _text("snapshot_id"),
        indexes=("deck_id", "trip_id"),
    )
    _create(
        "meeting_page",
        *_parent("meeting_page", "meeting", nullable=False),
        sa.Column("shown_at", sa.DateTime, nullable=False),
        _text("address", 4_000),
        _text("title", 1_000),
        indexes=("meeting_id",),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, nullable=False),
        _text("table_name", 50),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        _text("author"),
        _text("action", 50),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_table_name_row_id", "change", ["table_name", "row_id"])


def _text(name: str, length: int = 200, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _parent(table: str, parent: str, *, nullable: bool) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    column = f"{parent}_id"
    name = f"fk_{table}_{column}_{parent}"
    return sa.Column(column, sa.Integer, nullable=nullable), sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=name
    )


def _create(name: str, *columns: sa.Column[Any] | sa.ForeignKeyConstraint, indexes: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        *columns,
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        _text("created_by"),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        _text("updated_by"),
        sa.Column("deleted_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sqlite_autoincrement=True,
    )
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column])
