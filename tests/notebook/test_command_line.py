"""`python -m notebook`: what it prints and with which code it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from notebook import Trip, open_notebook
from notebook.cli import main
from tests.notebook.conftest import BY, trip

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """`call("status")` returns the exit code and all that was printed."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["notebook", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        assert (code == 0) == (printed.err == "")
        return code, printed.out + printed.err

    return run


def test_status_makes_nothing_and_says_what_there_is(call: Call, notebook_path: Path) -> None:
    code, words = call("status")
    assert (code, "Chưa có sổ tay" in words, notebook_path.exists()) == (1, True, False)
    code, words = call("upgrade")
    assert (code, str(notebook_path) in words, notebook_path.exists()) == (0, True, True)
    visit = open_notebook().add(trip(), by="Sở Nội vụ")
    open_notebook().add(trip(), by=BY)
    assert visit.id is not None
    open_notebook().remove(Trip, visit.id, version=1, by="Sở Nội vụ")
    code, words = call("status")
    assert code == 0
    assert ["chuyến", "đi", "1", "1"] in [line.split() for line in words.splitlines()]
    assert "Sở Nội vụ" in words and "3 lần thay đổi" in words


def test_a_store_goes_out_and_comes_in_elsewhere(call: Call, tmp_path: Path) -> None:
    open_notebook().add(trip(), by=BY)
    assert call("export", tmp_path / "all.json") == (0, f"Đã ghi 2 dòng của 11 bảng vào {tmp_path / 'all.json'}.\n")
    assert len(json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["tables"]["trip"]) == 1
    code, words = call("export", tmp_path / "all.json")
    assert (code, "chọn tên khác" in words) == (1, True)
    assert call("export", tmp_path / "all.json", "--overwrite")[0] == 0
    elsewhere = ("--notebook", str(tmp_path / "elsewhere.sqlite"))
    assert call("import", tmp_path / "all.json", "--by", "An", *elsewhere)[0] == 0
    code, words = call("import", tmp_path / "all.json", "--by", "An", *elsewhere)
    assert (code, "--add" in words) == (1, True)
    assert call("import", tmp_path / "all.json", "--by", "An", "--add", *elsewhere)[0] == 0
    assert len(open_notebook(str(tmp_path / "elsewhere.sqlite")).find(Trip)) == 2


def test_a_backup_opens_as_a_store(call: Call, tmp_path: Path, notebook_path: Path) -> None:
    assert call("backup", tmp_path / "copy.sqlite")[0] == 1
    assert not notebook_path.exists()
    open_notebook().add(trip(), by=BY)
    assert call("backup", tmp_path / "copy.sqlite")[0] == 0
    assert open_notebook(str(tmp_path / "copy.sqlite")).find(Trip) == open_notebook().find(Trip)


def test_a_wrong_call_ends_with_2_and_a_fault_of_the_store_with_1(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("burn")[0] == 2
    assert call("import", tmp_path / "x.json")[0] == 2
    assert call("status", "--notebook", "mysql://writer:s3cret@host/db")[0] == 2
    code, words = call("status", "--notebook", "postgresql://writer:s3cret@127.0.0.1:1/db")
    assert (code, "s3cret" in words, "***" in words) == (1, False, True)
    (tmp_path / "letter.txt").write_text("Kính gửi " * 1000, encoding="utf-8")
    for command in (["status"], ["upgrade"], ["export", tmp_path / "out.json"]):
        code, words = call(*command, "--notebook", tmp_path / "letter.txt")
        assert (code, "không phải là sổ tay" in words) == (1, True)
    monkeypatch.setenv("THONGSUOT_NOTEBOOK", "oracle://host/db")
    code, words = call("status")
    assert (code, "THONGSUOT_NOTEBOOK" in words) == (2, True)


def test_status_tells_of_an_older_store_and_leaves_it_so(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_notebook().close()
    monkeypatch.setattr("notebook.standing.newest", lambda: "0003")
    monkeypatch.setattr("notebook.cli.newest", lambda: "0003")
    code, words = call("status")
    assert (code, "Mức 0002, phần mềm này dùng mức 0003" in words) == (0, True)
