"""What a build writes for the program that started it, however it ends."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from etl.cli import main
from tests.etl.province import build_province, code, row, write_province
from warehouse import loading
from warehouse.layout import current_id
from warehouse.loading import read_run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = signal.getsignal(signal.SIGTERM)

    def run(province: Path, *options: str) -> object:
        monkeypatch.setattr(
            sys, "argv", ["etl", "build", str(province), "--warehouse", str(tmp_path / "warehouse"), *options]
        )
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code

    yield run
    signal.signal(signal.SIGTERM, kept)


def test_a_build_tells_its_files_steps_and_snapshot(tmp_path: Path, call) -> None:
    path = tmp_path / "run.jsonl"
    assert call(write_province(tmp_path, [row(code(1))]), "--progress-file", str(path)) == 0
    run = read_run(path)
    assert (run.outcome, run.dossiers, run.snapshot) == ("done", 1, current_id(tmp_path / "warehouse"))
    assert (run.files, run.files_done, run.file) == (1, 1, "register.csv")
    assert run.bytes == run.bytes_done == (tmp_path / "exports" / "register.csv").stat().st_size
    assert (run.is_running, run.steps_done) == (False, run.steps - 1)


def test_a_refusal_stands_in_it_with_its_sentence(tmp_path: Path, call) -> None:
    path = tmp_path / "run.jsonl"
    assert call(write_province(tmp_path, [row("")]), "--progress-file", str(path)) == 1
    run = read_run(path)
    assert run.outcome == "failed"
    assert "register.csv" in run.message and "Thiếu mã hồ sơ" in run.message


def test_a_wrong_setting_stands_in_it_too(tmp_path: Path, call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_BUILD_MEMORY", "abc")
    path = tmp_path / "run.jsonl"
    assert call(write_province(tmp_path, [row(code(1))]), "--progress-file", str(path)) == 2
    run = read_run(path)
    assert (run.outcome, "THONGSUOT_BUILD_MEMORY" in run.message) == ("failed", True)


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path, call, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "run.jsonl"
    assert call(write_province(tmp_path, [row(code(1))]), "--progress-file", str(path)) == 2
    assert "--progress-file" in capsys.readouterr().err


def test_a_build_goes_on_when_its_progress_can_no_longer_be_written(
    tmp_path: Path, call, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = loading.tell

    def full(path: Path, **facts: object) -> None:
        if "pid" not in facts:
            raise OSError(errno.ENOSPC, "No space left on device")
        tell(path, **facts)

    monkeypatch.setattr(loading, "tell", full)
    assert call(write_province(tmp_path, [row(code(1))]), "--progress-file", str(tmp_path / "run.jsonl")) == 0
    assert current_id(tmp_path / "warehouse") is not None


def test_a_polite_stop_leaves_the_published_snapshot_and_says_so(tmp_path: Path) -> None:
    first, _ = build_province(tmp_path, [row(code(1))])
    province = write_province(tmp_path, [row(code(number)) for number in range(30_000)])
    path = tmp_path / "run.jsonl"
    options = ["--warehouse", str(tmp_path / "warehouse"), "--progress-file", str(path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "etl", "build", str(province), *options], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and not (path.exists() and read_run(path).files):
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate()
    assert (process.returncode, "Traceback" in said) == (130, False), said
    assert read_run(path).outcome == "stopped"
    assert current_id(tmp_path / "warehouse") == first.snapshot_id
    assert not list((tmp_path / "warehouse" / "snapshots").glob(".building*"))
    assert not list((tmp_path / "warehouse" / "cache").glob("*.partial*"))
