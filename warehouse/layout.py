"""Where snapshots lie on disk, which one is published, and how another takes its place."""

from __future__ import annotations

import os
import re
from pathlib import Path

from language import _
from warehouse.settings import SettingError

DEFAULT_DIRECTORY = Path("data/warehouse")
ENVIRONMENT_VARIABLE = "THONGSUOT_WAREHOUSE"

# One plain file name: no separators, no leading dot, so that an ID taken from an address cannot leave the folder.
_SNAPSHOT_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,99}")


class SnapshotMissing(Exception):
    """No snapshot to read: the message says how to build one."""


def warehouse_directory(option: Path | str | None = None) -> Path:
    """The folder asked for, else `$THONGSUOT_WAREHOUSE`, else `data/warehouse`.

    Raises SettingError for an option without text: a variable of a script that was never set must not mean the folder
    that the command happens to run in.
    """
    if option is not None:
        if not str(option).strip():
            raise SettingError(_("--warehouse để trống. Hãy ghi thư mục kho dữ liệu, hoặc bỏ hẳn tùy chọn này."))
        return Path(option)
    return Path(os.environ.get(ENVIRONMENT_VARIABLE) or DEFAULT_DIRECTORY)


def snapshot_path(directory: Path, snapshot_id: str) -> Path:
    """The file of a snapshot, whether it exists or not; an ID that is no plain file name raises SnapshotMissing."""
    if not _SNAPSHOT_ID.fullmatch(snapshot_id) or ".." in snapshot_id:
        raise SnapshotMissing(_("“{id}” không phải là mã của một bản dữ liệu.").format(id=snapshot_id[:100]))
    return directory / "snapshots" / f"{snapshot_id}.duckdb"


def current_id(directory: Path) -> str | None:
    """The ID of the published snapshot; nothing where none has been published."""
    try:
        text = (directory / "CURRENT").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text or None


def publish(directory: Path, snapshot_id: str) -> None:
    """Make a finished snapshot the one that readers open next: after a power cut either the old or the new stands."""
    if not snapshot_path(directory, snapshot_id).is_file():
        raise SnapshotMissing(_("Không có bản dữ liệu {id} trong {folder}.").format(id=snapshot_id, folder=directory))
    temporary = directory / f".CURRENT.{os.getpid()}"
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(f"{snapshot_id}\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(directory / "CURRENT")
    finally:
        temporary.unlink(missing_ok=True)
    _sync_directory(directory)


def list_snapshots(directory: Path) -> list[str]:
    """The IDs of all finished snapshots, the latest name first."""
    files = (directory / "snapshots").glob("*.duckdb")
    return sorted((file.stem for file in files if _SNAPSHOT_ID.fullmatch(file.stem)), reverse=True)


def _sync_directory(directory: Path) -> None:
    """Make the rename itself durable; Windows cannot open a folder and does not need it."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
