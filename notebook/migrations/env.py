"""What Alembic runs: the migrations on the connection and in the transaction that `notebook.migrate` opened."""

from __future__ import annotations

from alembic import context

from notebook.migrate import VERSION_TABLE
from notebook.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
context.run_migrations()
