"""Where snapshots lie, and how one takes the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse import SnapshotMissing, current_id, list_snapshots, publish, snapshot_path, warehouse_directory


def finished(directory: Path, snapshot_id: str) -> None:
    path = snapshot_path(directory, snapshot_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_the_option_wins_over_the_environment_and_that_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THONGSUOT_WAREHOUSE", raising=False)
    assert warehouse_directory() == Path("data/warehouse")
    monkeypatch.setenv("THONGSUOT_WAREHOUSE", "elsewhere")
    assert warehouse_directory() == Path("elsewhere")
    assert warehouse_directory(Path("here")) == Path("here")


def test_publishing_names_the_snapshot_and_leaves_nothing_else_behind(tmp_path: Path) -> None:
    finished(tmp_path, "20250930T180000")
    assert current_id(tmp_path) is None
    publish(tmp_path, "20250930T180000")
    assert current_id(tmp_path) == "20250930T180000"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "snapshots"]


def test_a_snapshot_that_is_not_there_is_not_published(tmp_path: Path) -> None:
    finished(tmp_path, "one")
    publish(tmp_path, "one")
    with pytest.raises(SnapshotMissing, match="two"):
        publish(tmp_path, "two")
    assert current_id(tmp_path) == "one"


def test_when_publishing_dies_the_published_snapshot_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for snapshot_id in ("one", "two"):
        finished(tmp_path, snapshot_id)
    publish(tmp_path, "one")

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="space"):
        publish(tmp_path, "two")
    assert current_id(tmp_path) == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", "snapshots"]


def test_snapshots_are_listed_the_latest_first(tmp_path: Path) -> None:
    for snapshot_id in ("20250901T180000", "20250930T180000"):
        finished(tmp_path, snapshot_id)
    (tmp_path / "snapshots" / "half.duckdb.part").touch()
    assert list_snapshots(tmp_path) == ["20250930T180000", "20250901T180000"]
    assert list_snapshots(tmp_path / "nowhere") == []


@pytest.mark.parametrize("snapshot_id", ["", "../x", "a/b", "a\\b", ".hidden", "a..b", "x\n", "x" * 101, "/etc/passwd"])
def test_an_id_cannot_leave_the_folder(tmp_path: Path, snapshot_id: str) -> None:
    with pytest.raises(SnapshotMissing):
        snapshot_path(tmp_path, snapshot_id)


def test_a_pointer_that_is_no_text_is_no_pointer(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_bytes(b"\xff\xfe\x00")
    assert current_id(tmp_path) is None
