"""Deletes the demo: its inputs, and the warehouse where everything in it is simulated. `make clean-demo`."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from language import _
from warehouse import SnapshotMissing, list_snapshots, open_snapshot, warehouse_directory

DEMO = Path(__file__).parent.parent / "data" / "demo"


def is_all_simulated(warehouse: Path) -> bool:
    """Whether every snapshot says so of itself; one that cannot be read may hold real data."""
    for snapshot_id in list_snapshots(warehouse):
        try:
            with closing(open_snapshot(warehouse, snapshot_id)) as snapshot:
                if not snapshot.info.simulated:
                    return False
        except SnapshotMissing:
            return False
    return True


def main() -> None:
    shutil.rmtree(DEMO, ignore_errors=True)
    print(_("Đã xóa dữ liệu đầu vào của bản mẫu."))
    warehouse = warehouse_directory()
    if not list_snapshots(warehouse):
        return
    if is_all_simulated(warehouse):
        shutil.rmtree(warehouse)
        print(_("Đã xóa kho dữ liệu mô phỏng {folder}.").format(folder=warehouse))
    else:
        print(_("Giữ nguyên kho {folder}: có bản dữ liệu không phải mô phỏng.").format(folder=warehouse))


if __name__ == "__main__":
    main()
