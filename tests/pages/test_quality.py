"""Chất lượng dữ liệu: what the screen says of good and of bad data, and loading without a terminal."""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import building, loader
from pages.parts.quality_data import workbook
from tests.builders import build_snapshot, dossier
from tests.etl.province import code, row, write_province
from tests.pages.test_screens import words
from warehouse import current_id
from warehouse.loading import Run, latest_run, loading_folder, lock_of, now, tell

Visit = Callable[..., AppTest]
MAY_LOAD = building.may_load
SEPTEMBER = {"ky": "custom", "tu": "2025-09-01", "den": "2025-09-30"}


@pytest.fixture(autouse=True)
def _no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("THONGSUOT_CONFIG", raising=False)
    monkeypatch.setattr(loader, "DEMO", tmp_path / "no-demo.toml")
    # The test's visitor has no address of its own.
    monkeypatch.setattr(building, "may_load", lambda: True)


def refused(rule: str = "missing_received_at", **values: str) -> dict[str, object]:
    return {
        "source_file": "exports/so.xlsx",
        "row_number": 7,
        "table_name": "dossier",
        "rule": rule,
        "column_name": "Ngày tiếp nhận",
        "message": "Thiếu ngày tiếp nhận.",
        "source_row": json.dumps({"Đơn vị giải quyết": "08740", "Số hồ sơ": "H44.740-260302-0001"} | values),
    }


def load(read: int, loaded: int, refused_rows: int, repeated: int) -> dict[str, object]:
    return {
        "source_file": "exports/so.xlsx",
        "table_name": "dossier",
        "state_at": dt.datetime(2025, 9, 30, 18),
        "rows_read": read,
        "rows_loaded": loaded,
        "rows_refused": refused_rows,
        "rows_repeated": repeated,
    }


# ---- the screen ------------------------------------------------------------------------------------------------------


def test_the_four_words_are_headings_with_their_meaning(visit: Visit) -> None:
    app = visit("quality")
    assert not app.exception
    assert [heading.value.split(" · ")[0] for heading in app.subheader] == ["Đúng", "Đủ", "Sạch", "Sống"]


def test_good_data_are_called_good(visit: Visit, tmp_path: Path) -> None:
    rows = [
        dossier(commune_code=unit, received_at=f"2025-09-{day:02d} 09:00", due_at="2025-10-20 17:00")
        for unit in ("08740", "08521", "08230", "08674")
        for day in (22, 23, 24, 25, 26, 29, 30)
    ]
    good = visit("quality", build_snapshot(tmp_path, dossiers=rows, loads=[load(28, 28, 0, 0)]))
    for sentence in (
        "Không có dòng nào bị từ chối.",
        "Không có cảnh báo nào.",
        "Không đơn vị nào khác hẳn các nơi khác",
        "Mọi hồ sơ đều có đủ thông tin cần để tính.",
        "Không dòng nào thất lạc: cộng đúng ở cả 1 tệp.",
        "Không đơn vị nào im lặng",
    ):
        assert sentence in words(good)


def test_refused_rows_are_shown_with_file_row_reason_and_commune(visit: Visit, tmp_path: Path) -> None:
    snapshot = build_snapshot(tmp_path, rejects=[refused()], loads=[load(10, 7, 1, 2)])
    said = words(visit("quality", snapshot))
    assert "1 dòng bị từ chối, thiếu ngày tiếp nhận nhiều nhất (1 dòng)." in said
    assert "10 dòng đọc = 7 nạp + 1 từ chối + 2 lặp lại" in said
    for part in ("exports/so.xlsx", "dòng 7", "Thiếu ngày tiếp nhận.", "Phường Phú Thọ"):
        assert part in said


def test_the_download_has_the_sources_own_columns_and_the_reason() -> None:
    rows = pl.DataFrame([refused()]).with_columns(commune=pl.lit("08740"))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(rows))).worksheets[0]
    lines = [[cell for cell in line if cell is not None] for line in sheet.iter_rows(values_only=True)]
    assert lines[0] == ["Tệp nguồn: exports/so.xlsx"]
    assert lines[2] == ["Dòng", "Lý do", "Cột", "Đơn vị giải quyết", "Số hồ sơ"]
    assert lines[3] == [7, "Thiếu ngày tiếp nhận.", "Ngày tiếp nhận", "08740", "H44.740-260302-0001"]


def test_a_commune_that_stopped_sending_is_asked_about(visit: Visit, tmp_path: Path) -> None:
    days = [day for day in range(1, 20) if dt.date(2025, 9, day).weekday() < 5]
    rows = [dossier(received_at=f"2025-09-{day:02d} 09:00") for day in days for _number in range(4)]
    said = words(visit("quality", build_snapshot(tmp_path, dossiers=rows)))
    assert "im lặng khác thường: dữ liệu có về không?" in said
    assert "nên hỏi: đường truyền, tài khoản, hay nghỉ tiếp nhận?" in said


@pytest.mark.parametrize(
    "parameters",
    [
        {"xa": ["08740"]},
        {"xa": ["08674"], "linh-vuc": "Hộ tịch", "kenh": "online"},
        {"ky": "custom", "tu": "2025-08-02", "den": "2025-08-03"},
        {"tinh-cu": "Vĩnh Phúc", "ky": "from_2025_07_01"},
    ],
    ids=["one commune", "nothing left", "two days off", "an old province"],
)
def test_the_screen_follows_the_filters(parameters: dict[str, str | list[str]], visit: Visit) -> None:
    app = visit("quality", **parameters)
    assert not app.exception
    assert len(app.subheader) == 4


def test_a_province_without_a_single_dossier_has_the_screen_too(visit: Visit, tmp_path: Path) -> None:
    app = visit("quality", build_snapshot(tmp_path))
    assert not app.exception
    assert "Chưa có hồ sơ nào được tiếp nhận." in words(app)


def test_all_is_said_in_english_too(visit: Visit) -> None:
    app = visit("quality", lang="en", **SEPTEMBER)
    assert not app.exception


# ---- loading ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def province(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A tiny province to load; no loader outlives the test."""
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path / "hash.key"))
    config = write_province(tmp_path / "province", [row(code(1)), row(code(2), received="")])
    monkeypatch.setenv("THONGSUOT_CONFIG", str(config))
    yield config
    if (run := latest_run(tmp_path / "warehouse")) is not None and run.is_running:
        loader.cancel(run)
        finished(tmp_path / "warehouse")


def finished(warehouse: Path) -> Run:
    """The latest run once it has ended."""
    for _attempt in range(600):
        run = latest_run(warehouse)
        assert run is not None
        if not run.is_running:
            return run
        time.sleep(0.1)
    raise AssertionError("the loader did not end")


def test_check_then_load_from_an_empty_warehouse(province: Path, tmp_path: Path, visit: Visit) -> None:
    warehouse = tmp_path / "warehouse"
    app = visit("quality", warehouse)
    app.button("check_False").click().run()
    assert finished(warehouse).outcome == "done"
    assert current_id(warehouse) is None
    app.run()
    assert "nạp được 1 hồ sơ. Chưa công bố gì." in "\n".join(message.value for message in app.success)
    app.button("build_False").click().run()
    run = finished(warehouse)
    assert (run.outcome, run.dossiers, run.snapshot) == ("done", 1, current_id(warehouse))
    assert "Từ chối 1 dòng" in run.log
    app.run()
    assert app.title[0].value == "Chất lượng dữ liệu · Phú Thọ"
    assert "Đã công bố bản dữ liệu" in "\n".join(message.value for message in app.success)


def test_a_load_that_fails_says_why_and_leaves_the_published_snapshot(
    province: Path, tmp_path: Path, visit: Visit
) -> None:
    warehouse = build_snapshot(tmp_path / "warehouse", dossiers=[dossier(received_at="2025-09-01 08:00")])
    province.write_text(province.read_text(encoding="utf-8").replace('path = "exports/*"', 'path = "nowhere/*"'))
    loader.start(warehouse, province, "build")
    run = finished(warehouse)
    assert run.outcome == "failed"
    assert current_id(warehouse) == "20250930T180000"
    app = visit("quality", warehouse)
    assert "không có tệp nào như vậy" in "\n".join(message.value for message in app.error)


def test_a_second_press_is_refused_while_one_runs(province: Path, tmp_path: Path, visit: Visit) -> None:
    warehouse = tmp_path / "warehouse"
    path = loading_folder(warehouse) / "20250930T180000.jsonl"
    path.parent.mkdir(parents=True)
    with lock_of(path):
        tell(path, command="build", started_at=now(), pid=1, files=4, files_done=1, bytes=100, bytes_done=50)
        with pytest.raises(loader.Refused, match="đang chạy"):
            loader.start(warehouse, province, "check")
        app = visit("quality", warehouse)
        assert app.button("build_False").disabled
        assert app.get("progress")
    run = latest_run(warehouse)
    assert run is not None
    assert (run.outcome, run.is_running, run.share) == ("died", False, 0.25)


def test_a_press_of_stop_ends_the_loader_and_clears_up(province: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    loader.start(warehouse, province, "build")
    for _attempt in range(600):
        run = latest_run(warehouse)
        assert run is not None
        if run.pid is not None or not run.is_running:
            break
        time.sleep(0.02)
    loader.cancel(run)
    ended = finished(warehouse)
    # It may have been faster than the press.
    assert ended.outcome in ("stopped", "done")
    assert not list((warehouse / "snapshots").glob(".building-*"))


def test_the_demo_does_not_take_the_place_of_real_data(
    tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo.toml").write_text("")
    monkeypatch.setattr(loader, "DEMO", tmp_path / "demo.toml")
    real = build_snapshot(tmp_path, dossiers=[dossier(received_at="2025-09-01 08:00")], simulated=False)
    app = visit("quality", real)
    assert "Đang dùng dữ liệu thật" in words(app)
    assert not [button for button in app.button if button.key == "build_False"]


@pytest.mark.parametrize(
    ("address", "headers", "may"),
    [
        (None, {}, True),
        ("127.0.0.1", {}, True),
        ("10.0.0.7", {}, False),
        ("nonsense", {}, False),
        (None, {"X-Forwarded-For": "10.0.0.7"}, False),
    ],
    ids=["loopback as Streamlit tells it", "loopback", "another machine", "no address", "through a proxy"],
)
def test_who_may_load(address: str | None, headers: dict[str, str], may: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building.st, "context", SimpleNamespace(ip_address=address, headers=headers))
    assert MAY_LOAD() is may


def test_others_see_the_panel_without_its_buttons(
    province: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "may_load", lambda: False)
    app = visit("quality")
    assert "Chỉ nạp được từ chính máy chủ." in words(app)
    assert not [button for button in app.button if button.key == "build_False"]
