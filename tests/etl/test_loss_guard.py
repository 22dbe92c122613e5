"""The guard against lost dossiers holds where the published snapshot cannot be read; nothing is not published."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb
import pytest

from etl.build import build, check
from etl.cli import main
from etl.errors import DataError
from tests.etl.province import LOG_BLOCK, REGISTER_BLOCK, build_province, code, row, write_province
from warehouse.layout import current_id, list_snapshots, publish, snapshot_path


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def many(count: int) -> list[tuple[str, ...]]:
    return [row(code(number)) for number in range(count)]


@pytest.fixture(scope="module")
def two_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of 20 and of 22 dossiers; the later one, `9999…`, is published."""
    place = tmp_path_factory.mktemp("province")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))
        build_province(place, many(20))
        later, _ = build_province(place, many(22))
    # Named by the second: give the later one a name that is later for sure.
    directory = place / "warehouse"
    snapshot_path(directory, later.snapshot_id or "").rename(snapshot_path(directory, "99990101-000000-later"))
    publish(directory, "99990101-000000-later")
    return directory


@pytest.fixture
def warehouse(tmp_path: Path, two_snapshots: Path) -> Path:
    return shutil.copytree(two_snapshots, tmp_path / "warehouse")


def damage(directory: Path) -> None:
    path = snapshot_path(directory, "99990101-000000-later")
    path.write_bytes(path.read_bytes()[:5000])


def lose_the_pointer(directory: Path) -> None:
    (directory / "CURRENT").write_bytes(b"\xff\xfe\x00")


def point_at_nothing(directory: Path) -> None:
    (directory / "CURRENT").write_text("20200101-000000-gone\n", encoding="utf-8")


def point_outside(directory: Path) -> None:
    (directory / "CURRENT").write_text("../../etc/passwd\n", encoding="utf-8")


def pointer_is_a_folder(directory: Path) -> None:
    (directory / "CURRENT").unlink()
    (directory / "CURRENT").mkdir()


BREAKS = [damage, lose_the_pointer, point_at_nothing, point_outside, pointer_is_a_folder]


@pytest.mark.parametrize("break_it", BREAKS)
def test_a_loss_is_measured_against_the_newest_snapshot_that_can_be_read(
    tmp_path: Path, warehouse: Path, break_it
) -> None:
    break_it(warehouse)
    before = list_snapshots(warehouse)
    with pytest.raises(DataError, match="--accept-loss"):
        build_province(tmp_path, many(10))
    assert list_snapshots(warehouse) == before


@pytest.mark.parametrize("break_it", BREAKS[:-1])
def test_a_build_without_a_loss_mends_the_pointer_and_says_what_it_was_held_against(
    tmp_path: Path, warehouse: Path, break_it
) -> None:
    break_it(warehouse)
    report, _ = build_province(tmp_path, many(20))
    assert current_id(warehouse) == report.snapshot_id
    assert any("không đọc được" in notice and "so với bản tốt mới nhất" in notice for notice in report.notices)


def test_with_no_snapshot_left_to_read_the_build_says_that_nothing_was_compared(tmp_path: Path) -> None:
    build_province(tmp_path, many(20))
    (only,) = list_snapshots(tmp_path / "warehouse")
    snapshot_path(tmp_path / "warehouse", only).write_bytes(b"broken")
    report, _ = build_province(tmp_path, many(2))
    assert any("không so được" in notice and "2 hồ sơ" in notice for notice in report.notices)


def test_a_snapshot_of_an_earlier_version_is_still_a_measure(tmp_path: Path, warehouse: Path) -> None:
    with duckdb.connect(str(snapshot_path(warehouse, "99990101-000000-later"))) as connection:
        connection.execute("drop table monthly_flow")
    with pytest.raises(DataError, match="bản đang dùng có 22"):
        build_province(tmp_path, many(10))


def test_the_first_build_has_nothing_to_say_of_earlier_ones(tmp_path: Path) -> None:
    report, _ = build_province(tmp_path, many(2))
    assert report.notices == []


# ---- status and rollback --------------------------------------------------------------------------------------------


def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[object, str, str]:
    monkeypatch.setattr(sys, "argv", ["etl", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return ended.value.code, printed.out, printed.err


@pytest.mark.parametrize("break_it", BREAKS)
def test_status_names_the_healthy_snapshots_where_the_published_one_cannot_be_read(
    warehouse: Path, break_it, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_it(warehouse)
    exit_code, out, err = command(monkeypatch, capsys, "status", "--warehouse", str(warehouse))
    assert exit_code == 1
    assert err.strip()
    healthy = [each for each in list_snapshots(warehouse) if break_it is not damage or "later" not in each]
    assert healthy and all(each in out for each in healthy)
    if break_it is damage:
        assert "99990101-000000-later" not in out


@pytest.mark.parametrize("break_it", BREAKS[:-1])
def test_rollback_publishes_the_newest_healthy_snapshot(
    warehouse: Path, break_it, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_it(warehouse)
    exit_code, _out, err = command(monkeypatch, capsys, "rollback", "--warehouse", str(warehouse))
    assert exit_code == 0, err
    older = min(list_snapshots(warehouse))
    assert current_id(warehouse) == (older if break_it is damage else "99990101-000000-later")
    assert command(monkeypatch, capsys, "status", "--warehouse", str(warehouse))[0] == 0


def test_rollback_passes_over_a_snapshot_with_a_damaged_block(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = min(list_snapshots(warehouse))
    content = snapshot_path(warehouse, sound).read_bytes()
    torn = bytearray(content)
    place = content.index(b"exports/register.csv")  # in a block of data, not in the catalogue at the head
    torn[place : place + 7] = b"\0" * 7
    snapshot_path(warehouse, "99980101-000000-torn").write_bytes(torn)
    exit_code, _out, err = command(monkeypatch, capsys, "rollback", "--warehouse", str(warehouse))
    assert exit_code == 0, err
    assert current_id(warehouse) == sound
    exit_code, _out, err = command(
        monkeypatch, capsys, "rollback", "99980101-000000-torn", "--warehouse", str(warehouse)
    )
    assert exit_code == 1
    assert "hỏng" in err
    assert current_id(warehouse) == sound


def test_rollback_with_nothing_healthy_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "one.duckdb").write_bytes(b"x")
    exit_code, _out, err = command(monkeypatch, capsys, "rollback", "--warehouse", str(tmp_path))
    assert (exit_code, "Không có bản dữ liệu nào đọc được" in err) == (1, True)


# ---- nothing loaded -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(code(1), commune="99999"), row(code(2), commune="99998"), row("")], "99999"),
        ([row(code(1), received="hôm qua")] * 3, "Ngày giờ không đọc được"),
    ],
)
def test_a_register_without_a_loadable_row_is_not_published(
    tmp_path: Path, rows: list[tuple[str, ...]], said: str
) -> None:
    with pytest.raises(DataError) as caught:
        build_province(tmp_path, rows)
    assert "exports/register.csv" in str(caught.value)
    assert said in str(caught.value)
    assert "Đã đọc 3 dòng" in str(caught.value)
    assert list_snapshots(tmp_path / "warehouse") == []
    with pytest.raises(DataError, match=r"register\.csv"):
        check(tmp_path / "province.toml", scratch=tmp_path / "scratch")
    accepted = build(tmp_path / "province.toml", tmp_path / "warehouse", accept_loss=True)
    assert accepted.dossiers == 0
    assert current_id(tmp_path / "warehouse") == accepted.snapshot_id


def test_without_a_state_nothing_loaded_is_told_in_the_same_words(tmp_path: Path) -> None:
    block = REGISTER_BLOCK.replace('state_at = "2026-03-31T18:00:00"', "")
    with pytest.raises(DataError, match=r"exports/register\.csv.*Ngày giờ không đọc được"):
        build_province(tmp_path, [row(code(1), received="hôm qua")], toml=block)


def test_an_empty_export_says_that_it_holds_no_rows(tmp_path: Path) -> None:
    province = write_province(tmp_path, [row(code(1))])
    register = tmp_path / "exports" / "register.csv"
    register.write_text(register.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="không có dòng dữ liệu nào"):
        build(province, tmp_path / "warehouse")


def test_a_log_alone_without_a_loadable_dossier_is_not_published(tmp_path: Path) -> None:
    log = [(code(1), "02/03/2026 08:00", "Tiếp nhận hồ sơ", "", "")]
    block = LOG_BLOCK + '[events.constants]\ncommune_code = "99999"\n'
    with pytest.raises(DataError, match=r"logs/log\.csv.*99999"):
        build_province(tmp_path, toml=block, log=log)


def test_one_file_of_several_that_gave_nothing_is_named_in_the_report(tmp_path: Path) -> None:
    write_province(tmp_path, [row(code(100 + number), commune="99999") for number in range(3)], register="hong.csv")
    report, _ = build_province(tmp_path, many(5))
    (notice,) = [notice for notice in report.notices if "hong.csv" in notice]
    assert "không nạp được dòng nào trong 3 dòng" in notice
    assert "99999" in notice
