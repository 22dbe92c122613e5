"""A promise names the meeting at which it was made; those of before are found by trip and time as they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("promise", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("meeting_id", sa.Integer, nullable=True))
        table.create_foreign_key("fk_promise_meeting_id_meeting", "meeting", ["meeting_id"], ["id"])
        table.create_index("ix_promise_meeting_id", ["meeting_id"])
