"""Readers share a snapshot, cannot harm it, and see a new one without a restart."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tests.builders import build_snapshot, dossier
from warehouse import SnapshotMissing, current_snapshot, open_snapshot, publish, snapshot_path


def test_a_snapshot_knows_what_it_is(tmp_path: Path) -> None:
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=[dossier()], as_of="2025-08-01 12:00", simulated=False))
    assert snapshot.id == snapshot.info.snapshot_id == "20250930T180000"
    assert snapshot.info.as_of == dt.datetime(2025, 8, 1, 12)
    assert (snapshot.info.province_name, snapshot.info.minutes_per_day) == ("Phú Thọ", 480)
    assert not snapshot.info.simulated
    assert snapshot.first_receipt == dt.date(2025, 7, 1)


def test_parameters_are_bound_and_rows_come_as_a_frame(tmp_path: Path) -> None:
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=[dossier(dossier_id="A'; drop table dossier")]))
    sql = "select dossier_id from dossier where dossier_id = $wanted"
    assert snapshot.query(sql, {"wanted": "A'; drop table dossier"}).rows() == [("A'; drop table dossier",)]
    assert snapshot.query("select count(*) from dossier where status = ?", [4]).item() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "delete from dossier",
        "create table mine (x integer)",
        "copy dossier to 'out.csv'",
        "select * from read_text('/etc/hostname')",
        "attach 'other.duckdb'",
        "install spatial",
        "set memory_limit = '64GB'",
        "set enable_external_access = true",
    ],
)
def test_a_reader_can_neither_write_nor_reach_outside(tmp_path: Path, statement: str) -> None:
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=[dossier()]))
    with pytest.raises(duckdb.Error):
        snapshot.query(statement)
    assert snapshot.query("select count(*) from dossier").item() == 1


def test_variables_of_the_program_are_no_tables(tmp_path: Path) -> None:
    secret = duckdb.sql("select 1 as x").pl()
    assert len(secret) == 1
    with pytest.raises(duckdb.CatalogException):
        open_snapshot(build_snapshot(tmp_path)).query("select * from secret")


def test_threads_share_one_snapshot(tmp_path: Path) -> None:
    snapshot = open_snapshot(build_snapshot(tmp_path, dossiers=[dossier() for _number in range(20)]))
    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(lambda number: snapshot.query("select count(*) + ? from dossier", [number]).item(), range(80))
    assert list(counts) == [20 + number for number in range(80)]


def test_a_new_snapshot_is_seen_at_once_and_the_old_one_stays_readable(tmp_path: Path) -> None:
    build_snapshot(tmp_path, dossiers=[dossier()], snapshot_id="one")
    first = current_snapshot(tmp_path)
    assert current_snapshot(tmp_path) is first
    build_snapshot(tmp_path, dossiers=[dossier(), dossier()], snapshot_id="two")
    second = current_snapshot(tmp_path)
    assert (second.id, second.query("select count(*) from dossier").item()) == ("two", 2)
    assert first.query("select count(*) from dossier").item() == 1
    assert current_snapshot(tmp_path, "one") is first
    publish(tmp_path, "one")
    assert current_snapshot(tmp_path) is first


def test_handles_that_fall_out_of_the_few_kept_serve_their_users_on(tmp_path: Path) -> None:
    build_snapshot(tmp_path, dossiers=[dossier()], snapshot_id="first")
    held = current_snapshot(tmp_path)
    for number in range(6):
        build_snapshot(tmp_path, snapshot_id=f"later{number}")
        current_snapshot(tmp_path)
    assert held.query("select count(*) from dossier").item() == 1
    assert current_snapshot(tmp_path, "first") is not held


def test_without_a_warehouse_the_message_says_how_to_build_one(tmp_path: Path) -> None:
    for open_it in (open_snapshot, current_snapshot):
        with pytest.raises(SnapshotMissing, match="python -m etl build"):
            open_it(tmp_path / "nowhere")


def test_an_unknown_snapshot_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissing, match="other"):
        open_snapshot(build_snapshot(tmp_path), "other")


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_broken_file_is_told_as_such(tmp_path: Path, content: bytes | None) -> None:
    directory = build_snapshot(tmp_path)
    path = snapshot_path(directory, "20250930T180000")
    path.write_bytes(path.read_bytes()[:5000] if content is None else content)
    with pytest.raises(SnapshotMissing, match="rollback"):
        open_snapshot(directory)


@pytest.mark.parametrize("table", ["monthly_stock", "index_weight", "index_score"])
def test_a_snapshot_of_another_version_is_told_as_such(tmp_path: Path, table: str) -> None:
    directory = build_snapshot(tmp_path)
    with duckdb.connect(str(snapshot_path(directory, "20250930T180000"))) as connection:
        connection.execute(f"drop table {table}")
    with pytest.raises(SnapshotMissing, match="phiên bản khác"):
        open_snapshot(directory)
