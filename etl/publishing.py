"""Making a finished snapshot the published one: what is checked before, and what is cleared away after."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import polars as pl

from etl.errors import DataError
from language import _
from language.formats import number
from language.reasons import details, reason
from warehouse.layout import SnapshotMissing, current_id, list_snapshots, publish, snapshot_path
from warehouse.reading import count_dossiers

SNAPSHOTS_KEPT = 10
LARGEST_LOSS = 0.10


def make_directory(warehouse: Path) -> None:
    """The warehouse's folders; DataError where they cannot be made."""
    try:
        (warehouse / "snapshots").mkdir(parents=True, exist_ok=True)
        (warehouse / "cache").mkdir(exist_ok=True)
    except OSError as error:
        raise DataError(
            _("Không tạo được thư mục {folder} ({reason}).").format(folder=warehouse, reason=reason(error))
        ) from None


def finish(unfinished: Path, warehouse: Path, snapshot_id: str) -> None:
    """Bring the file to disk under its name, then let the pointer follow."""
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.replace(snapshot_path(warehouse, snapshot_id))
    publish(warehouse, snapshot_id)


def guard_against_loss(warehouse: Path, dossiers: int) -> str | None:
    """Refuse a snapshot that has lost more than a tenth of the published one's dossiers, by DataError.

    Where the published one cannot be read, the newest that can is the measure; the text returned says so, or that there
    was none.
    """
    published = current_id(warehouse)
    if published is None and not list_snapshots(warehouse):
        return None  # the first build
    try:
        if published is not None:
            _compare(dossiers, count_dossiers(warehouse, published), _("bản đang dùng"))
            return None
    except SnapshotMissing:
        pass
    for snapshot_id in list_snapshots(warehouse):
        try:
            before = count_dossiers(warehouse, snapshot_id)
        except SnapshotMissing:
            continue
        _compare(dossiers, before, _("bản {id}").format(id=snapshot_id))
        return _(
            "Bản dữ liệu công bố trước đây không đọc được. Số hồ sơ đã được so với bản tốt mới nhất, {id} ({n} hồ sơ)."
        ).format(id=snapshot_id, n=number(before))
    return _(
        "Bản dữ liệu công bố trước đây không đọc được và không còn bản nào tốt, nên không so được số hồ sơ với lần "
        "trước. Hãy tự kiểm tra: bản mới có {n} hồ sơ."
    ).format(n=number(dossiers))


def _compare(dossiers: int, before: int, measure: str) -> None:
    if dossiers < before * (1 - LARGEST_LOSS):
        raise DataError(
            _(
                "Bản mới chỉ có {now} hồ sơ, {measure} có {before}: mất hơn một phần mười nên không công bố. "
                "Nếu đúng là như vậy, hãy chạy lại với --accept-loss."
            ).format(now=number(dossiers), before=number(before), measure=measure)
        )


def nothing_loaded(files: dict[str, int], refusals: pl.DataFrame) -> DataError:
    """What to tell where no dossier could be loaded: `files` with the rows read, and the commonest refusal.

    `refusals` has `message, source_file, row_number, n`, the commonest first.
    """
    listed = ", ".join(list(files)[:5]) + (_(" và {n} tệp khác").format(n=len(files) - 5) if len(files) > 5 else "")
    text = _("Không nạp được hồ sơ nào từ {files}, nên không công bố.").format(files=listed)
    if refusals.height:
        first = refusals.row(0, named=True)
        text += " " + _(
            "Đã đọc {read} dòng; lý do từ chối nhiều nhất ({n} dòng): {message} Ví dụ: {file}, dòng {row}."
        ).format(
            read=number(sum(files.values())),
            n=number(first["n"]),
            message=first["message"],
            file=first["source_file"],
            row=first["row_number"],
        )
    else:
        text += " " + _("Các tệp này không có dòng dữ liệu nào.")
    return DataError(text + " " + _("Nếu đúng là chưa có hồ sơ nào, hãy chạy lại với --accept-loss."))


def forget_old_snapshots(warehouse: Path) -> None:
    """Keep the last snapshots and the published one."""
    published = current_id(warehouse)
    for snapshot_id in list_snapshots(warehouse)[SNAPSHOTS_KEPT:]:
        if snapshot_id != published:
            snapshot_path(warehouse, snapshot_id).unlink(missing_ok=True)


def clear_leftovers(warehouse: Path) -> None:
    """What a build that died left behind; the lock says that no other build is running."""
    for leftover in (warehouse / "snapshots").glob(".building-*"):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink(missing_ok=True)
    for leftover in warehouse.glob(".CURRENT.*"):
        leftover.unlink(missing_ok=True)
    for leftover in (warehouse / "cache").glob("*.partial-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def remove_database(path: Path) -> None:
    """The file of a database and the one that it keeps beside it while it is written."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def gave_way(error: Exception, folder: Path) -> DataError:
    """What to tell where the disk or the memory gave way while working in `folder`; other faults are ours: raised."""
    kept = _("Bản dữ liệu đang dùng vẫn giữ nguyên.")
    if isinstance(error, OSError):
        name = error.filename if isinstance(error.filename, str) else str(folder)
        return DataError(
            _("Không đọc hoặc ghi được {file} ({reason}).").format(file=name, reason=reason(error)) + " " + kept
        )
    if isinstance(error, pl.exceptions.ComputeError) and "os error" in str(error):
        return DataError(
            _("Không đọc hoặc ghi được {file} ({reason}).").format(file=folder, reason=reason(error)) + " " + kept
        )
    # A commit that cannot be written comes as a failed transaction, a spill that cannot as an I/O error.
    if isinstance(error, duckdb.OutOfMemoryException):
        return DataError(
            _("Bộ nhớ cho phép không đủ để nạp. Hãy tăng biến môi trường {variable} (ví dụ 4GB) rồi chạy lại.").format(
                variable="THONGSUOT_BUILD_MEMORY"
            )
            + " "
            + kept
        )
    if isinstance(error, duckdb.IOException) or "Could not write" in str(error):
        return DataError(
            _(
                "Không đủ chỗ trên đĩa hoặc không ghi được vào {folder}. Hãy giải phóng chỗ, kiểm tra quyền ghi rồi "
                "chạy lại ({details})."
            ).format(folder=folder, details=details(str(error).splitlines()[0][:200]))
            + " "
            + kept
        )
    raise error
