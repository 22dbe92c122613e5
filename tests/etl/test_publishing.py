"""The published snapshot stays good whatever happens to a build."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from etl import staging
from etl.build import build
from etl.errors import DataError
from tests.etl.province import LOG_BLOCK, REGISTER_BLOCK, Tables, build_province, code, row, write_province
from warehouse.layout import current_id, list_snapshots
from warehouse.reading import open_snapshot

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def start_build(province: Path, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "etl", "build", str(province), "--warehouse", str(province.parent / "warehouse")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def dossiers(warehouse: Path) -> int:
    snapshot = open_snapshot(warehouse)
    try:
        return int(snapshot.query("select count(*) as n from dossier")["n"][0])
    finally:
        snapshot.close()


def many(count: int) -> list[tuple[str, ...]]:
    return [row(code(number)) for number in range(count)]


# What a build does last, in its order: the moments between which nothing may be half done.
MOMENTS = ("read", "filled", "synced", "renamed", "pointer written", "published")
KILLED = """
import os, signal, sys
from pathlib import Path
from etl import build, publishing
from warehouse import layout

moment, province, warehouse = sys.argv[1:]

def die(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

def after(module, name):
    real = getattr(module, name)
    def then_die(*arguments, **options):
        real(*arguments, **options)
        die()
    setattr(module, name, then_die)

if moment == "read":
    build.fill = die
elif moment == "filled":
    after(build, "fill")
elif moment == "synced":
    after(os, "fsync")
elif moment == "renamed":
    publishing.publish = die
elif moment == "pointer written":
    real = Path.replace
    layout.Path.replace = lambda self, target: die() if target.name == "CURRENT" else real(self, target)
elif moment == "published":
    build.forget_unused = die
build.build(Path(province), Path(warehouse))
"""


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_between_any_two_of_its_last_steps_leaves_a_whole_snapshot(tmp_path: Path, moment: str) -> None:
    first, _ = build_province(tmp_path, many(20))
    warehouse = tmp_path / "warehouse"
    province = write_province(tmp_path, many(30))
    call = [sys.executable, "-c", KILLED, moment, str(province), str(warehouse)]
    ended = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    published = current_id(warehouse)
    assert (published == first.snapshot_id) == (moment != "published")
    assert dossiers(warehouse) == (30 if moment == "published" else 20)
    last = build(province, warehouse)
    assert current_id(warehouse) == last.snapshot_id
    assert dossiers(warehouse) == 30
    left = [
        path.name
        for path in warehouse.rglob("*")
        if path.name.startswith((".building", ".CURRENT")) or "partial" in path.name
    ]
    assert left == []


def test_a_build_killed_at_some_moment_leaves_the_published_snapshot(tmp_path: Path) -> None:
    first, _ = build_province(tmp_path, many(20))
    warehouse = tmp_path / "warehouse"
    province = write_province(tmp_path, many(3_000), log=[(code(1), "02/03/2026 08:00", "Tiếp nhận", "", "")])
    started = time.monotonic()
    assert start_build(write_province(tmp_path / "other", many(3_000))).wait() == 0
    whole = time.monotonic() - started
    killed = 0
    for _attempt in range(3):
        process = start_build(province)
        # Starting Python takes the first part; what is killed later is at work.
        time.sleep(whole * random.uniform(0.4, 1.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        published = current_id(warehouse)
        assert published is not None
        # Either the build had not yet published, or it had: never anything between.
        assert dossiers(warehouse) == (20 if published == first.snapshot_id else 3_000)
    assert killed
    last = build(province, warehouse)
    assert current_id(warehouse) == last.snapshot_id
    assert dossiers(warehouse) == 3_000
    assert not list((warehouse / "snapshots").glob(".building*"))
    assert not list((warehouse / "cache").glob("*.partial*"))


@pytest.mark.parametrize("room", [0, 16, 200, 700])
def test_a_disk_that_takes_no_more_at_whatever_place_is_told_in_words(tmp_path: Path, room: int) -> None:
    first, _ = build_province(tmp_path, many(20))
    province = write_province(tmp_path, many(5_000))
    full = room * 1024
    process = start_build(province, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (full, full)))
    _, said = process.communicate()
    assert process.returncode == 1, said
    assert "Traceback" not in said and "giữ nguyên" in said, said
    assert current_id(tmp_path / "warehouse") == first.snapshot_id
    assert dossiers(tmp_path / "warehouse") == 20
    assert not list((tmp_path / "warehouse" / "cache").glob("*.partial*"))


@pytest.mark.parametrize("step", ["etl.staging._stage_tables", "etl.build.fill", "etl.publishing.os.fsync"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_what_the_disk_refuses_at_any_step_leaves_the_published_snapshot(
    tmp_path: Path, step: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = build_province(tmp_path, many(2))

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(step, refuse)
    with pytest.raises(DataError, match="giữ nguyên") as caught:
        build(write_province(tmp_path, many(3)), tmp_path / "warehouse")
    assert os.strerror(number) not in str(caught.value)
    monkeypatch.undo()
    assert current_id(tmp_path / "warehouse") == first.snapshot_id
    assert not list((tmp_path / "warehouse" / "snapshots").glob(".building*"))


def test_of_two_builds_started_together_one_wins_and_the_other_says_why(tmp_path: Path) -> None:
    province = write_province(tmp_path, many(20_000))
    both = [start_build(province) for _number in range(2)]
    said = [process.communicate()[1] for process in both]
    codes = [process.returncode for process in both]
    assert 0 in codes
    # Where one was so slow to start that the other was done, both have built.
    assert sorted(codes) == [0, 0] or "đang chạy" in said[codes.index(1)], said
    assert dossiers(tmp_path / "warehouse") == 20_000


def test_a_second_build_at_the_same_time_refuses_clearly(tmp_path: Path) -> None:
    province = write_province(tmp_path, many(2))
    build(province, tmp_path / "warehouse")
    with FileLock(tmp_path / "warehouse" / ".build.lock"), pytest.raises(DataError, match="đang chạy"):
        build(province, tmp_path / "warehouse")


def test_a_warehouse_that_cannot_be_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file"):
        build(write_province(tmp_path, many(1)), tmp_path / "file" / "warehouse")


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    province = write_province(tmp_path, many(3))
    register = tmp_path / "exports" / "register.csv"
    parse = staging.parse

    def parse_and_grow(*arguments: object) -> object:
        with register.open("a", encoding="utf-8") as file:
            file.write("thêm một dòng\n")
        return parse(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(staging, "parse", parse_and_grow)
    with pytest.raises(DataError, match="thay đổi trong khi đang đọc"):
        build(province, tmp_path / "warehouse")
    assert current_id(tmp_path / "warehouse") is None


def test_a_changed_and_a_removed_file_are_noticed(tmp_path: Path) -> None:
    province = write_province(tmp_path, many(3))
    write_province(tmp_path, [row(code(100 + number)) for number in range(30)], register="second.csv")
    build(province, tmp_path / "warehouse")
    assert dossiers(tmp_path / "warehouse") == 33
    write_province(tmp_path, many(5))
    build(province, tmp_path / "warehouse")
    assert dossiers(tmp_path / "warehouse") == 35
    (tmp_path / "exports" / "register.csv").unlink()
    build(province, tmp_path / "warehouse", accept_loss=True)
    assert dossiers(tmp_path / "warehouse") == 30
    cached = [folder.name for folder in (tmp_path / "warehouse" / "cache").iterdir()]
    assert len(cached) == 1


def test_the_order_of_the_files_changes_nothing_but_their_names(tmp_path: Path) -> None:
    halves = many(6)[:3], many(6)[3:]
    found = []
    for place, names in (("first", ("a.csv", "b.csv")), ("second", ("b.csv", "a.csv"))):
        for name, rows in zip(names, halves, strict=True):
            province = write_province(tmp_path / place, rows, register=name)
        report = build(province, tmp_path / place / "warehouse")
        tables = Tables(tmp_path / place / "warehouse", report.snapshot_id or "")
        found.append(
            [
                tables(f"select * exclude ({left_out}) from {table}")
                for table, left_out in (("dossier", "source_file"), ("daily_flow", "key_id"), ("dossier_key", "key_id"))
            ]
        )
    assert found[0] == found[1]


def test_old_snapshots_are_kept_for_a_while_and_the_published_one_always(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.publishing.SNAPSHOTS_KEPT", 2)
    for count in range(1, 4):
        build(write_province(tmp_path, many(count)), tmp_path / "warehouse", accept_loss=True)
        time.sleep(1.1)  # a snapshot is named by its second
    kept = list_snapshots(tmp_path / "warehouse")
    assert len(kept) == 2
    assert current_id(tmp_path / "warehouse") == kept[0]


def test_the_command_line_names_bad_input_without_a_traceback(tmp_path: Path) -> None:
    province = write_province(tmp_path, many(1), toml=REGISTER_BLOCK.replace("exports/*", "khong_co/*") + LOG_BLOCK)
    process = start_build(province, env=os.environ | {"COLUMNS": "300"})
    _, said = process.communicate()
    assert process.returncode == 1
    assert "khong_co/*" in said and "logs/*" in said
    assert "Traceback" not in said, said
