"""Where snapshots lie, which one is published, and reading one."""

from __future__ import annotations

from pathlib import Path

from warehouse.layout import (
    SnapshotMissing,
    current_id,
    list_snapshots,
    publish,
    snapshot_path,
    warehouse_directory,
)
from warehouse.reading import Snapshot, SnapshotInfo, current_snapshot, healthy_snapshots, open_snapshot
from warehouse.settings import SettingError

# The DDL of every table of a snapshot.
TABLES_SQL = Path(__file__).with_name("tables.sql")

__all__ = [
    "TABLES_SQL",
    "SettingError",
    "Snapshot",
    "SnapshotInfo",
    "SnapshotMissing",
    "current_id",
    "current_snapshot",
    "healthy_snapshots",
    "list_snapshots",
    "open_snapshot",
    "publish",
    "snapshot_path",
    "warehouse_directory",
]
