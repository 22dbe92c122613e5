"""Where snapshots lie, which one is published, and reading one."""

from __future__ import annotations

from warehouse.layout import (
    SnapshotMissing,
    current_id,
    list_snapshots,
    publish,
    snapshot_path,
    warehouse_directory,
)
from warehouse.reading import TABLES_SQL, Snapshot, SnapshotInfo, current_snapshot, healthy_snapshots, open_snapshot
from warehouse.settings import SettingError

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
