"""What a visitor reads when a screen fails: a sentence in Vietnamese, never a traceback."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from pages.parts.server import started
from tests.conftest import ROOT


def failing(kind: str) -> None:
    import duckdb

    from indicators import CallError
    from notebook import NotebookError
    from pages.parts.server import answer_error
    from warehouse import SettingError, SnapshotMissing

    errors = {
        "call": CallError("Khoảng thời gian kết thúc trước khi bắt đầu."),
        "snapshot": SnapshotMissing("Không đọc được bản dữ liệu."),
        "setting": SettingError("Biến môi trường THONGSUOT_THREADS = «x» không dùng được."),
        "notebook": NotebookError("Không dùng được sổ tay ở data/notebook.sqlite: đĩa hết chỗ."),
        "table": duckdb.CatalogException("Table with name lineage does not exist!"),
        "other": ZeroDivisionError("division by zero"),
    }
    assert answer_error(errors[kind])


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("call", "Khoảng thời gian kết thúc trước khi bắt đầu."),
        ("setting", "THONGSUOT_THREADS"),
        ("notebook", "đĩa hết chỗ"),
        ("table", "phiên bản khác của phần mềm"),
        ("other", "hãy báo người quản trị"),
    ],
)
def test_an_error_becomes_a_sentence(kind: str, words: str) -> None:
    app = AppTest.from_function(failing, args=(kind,)).run(timeout=30)
    assert not app.exception
    texts = " ".join(element.value for element in [*app.warning, *app.error])
    assert words in texts
    assert "division" not in texts
    assert "Table with name" not in texts


def test_a_snapshot_that_went_missing_is_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(tmp_path))
    app = AppTest.from_function(failing, args=("snapshot",)).run(timeout=30)
    assert not app.exception
    assert app.info[0].value == "Chưa có dữ liệu để xem."


def test_a_lost_pointer_is_not_taken_for_an_empty_warehouse(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "one.duckdb").touch()
    (tmp_path / "CURRENT").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("THONGSUOT_WAREHOUSE", str(tmp_path))
    app = AppTest.from_function(failing, args=("snapshot",)).run(timeout=30)
    assert not app.info
    assert "CURRENT" in app.error[0].value
    assert "rollback" in app.code[0].value


def test_the_first_visitor_of_a_deep_link_is_not_told_that_there_is_no_such_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", True)

    async def start() -> bool | None:
        async with started(st.App(ROOT / "app.py")):
            return PagesManager.uses_pages_directory

    assert asyncio.run(start()) is False
