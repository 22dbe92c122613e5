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
from pages.parts.quality_data import warned_workbook, workbook
from pages.parts.quality_warnings import PAGE_ROWS
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
        "commune_code": "08740",
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


def test_the_address_keeps_which_refused_rows_are_shown(visit: Visit, tmp_path: Path) -> None:
    unknown = refused("unknown_commune") | {"message": "Không có xã nào như vậy.", "commune_code": None}
    snapshot = build_snapshot(tmp_path, rejects=[refused(), unknown])
    for parameters, shown in (
        ({}, {"Thiếu ngày tiếp nhận.", "Không có xã nào như vậy."}),
        ({"ly-do": "missing_received_at"}, {"Thiếu ngày tiếp nhận."}),
        ({"xa-tu-choi": "khong-ro"}, {"Không có xã nào như vậy."}),
        ({"xa-tu-choi": "08740"}, {"Thiếu ngày tiếp nhận."}),
        ({"ly-do": "unknown_commune", "xa-tu-choi": "08740"}, set()),
        ({"ly-do": "unheard_of", "xa-tu-choi": "99999"}, {"Thiếu ngày tiếp nhận.", "Không có xã nào như vậy."}),
    ):
        app = visit("quality", snapshot, **parameters)
        assert not app.exception
        assert not app.warning
        assert {text for text in ("Thiếu ngày tiếp nhận.", "Không có xã nào như vậy.") if text in words(app)} == shown


# ---- warnings --------------------------------------------------------------------------------------------------------


def marked(number: int, rule: str = "due_differs") -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """So many dossiers, and a mark on each."""
    rows = [
        dossier(
            dossier_id=f"H44.740-250901-{each:04d}",
            received_at="2025-09-01 08:00",
            due_at="2025-09-10 17:00",
            computed_due_at=dt.datetime(2025, 9, 8, 17),
            due_difference_days=2,
        )
        for each in range(number)
    ]
    marks = [
        {
            "source_file": "so.csv",
            "row_number": each + 2,
            "table_name": "dossier",
            "rule": rule,
            "dossier_id": row["dossier_id"],
        }
        for each, row in enumerate(rows)
    ]
    return rows, marks


def test_a_warning_opens_its_dossiers_page_by_page(visit: Visit, tmp_path: Path) -> None:
    rows, marks = marked(PAGE_ROWS + 3)
    snapshot = build_snapshot(tmp_path, dossiers=rows, warnings=marks)
    closed = visit("quality", snapshot)
    assert "H44.740-250901-0000" not in words(closed)
    first = visit("quality", snapshot, **{"canh-bao": "due_differs"})
    assert "53 dòng: ngày hẹn trả khác ngày tính theo thời hạn của thủ tục." in words(first)
    assert "tính theo thời hạn: 08/09/2025 (+2 ngày làm việc)" in words(first)
    assert "so.csv, dòng 2" in words(first)
    assert "H44.740-250901-0052" not in words(first)
    assert first.button("warned_before").disabled
    second = first.button("warned_after").click().run()
    assert "H44.740-250901-0052" in words(second)
    assert "H44.740-250901-0000" not in words(second)
    assert "Dòng 51 đến 53 trong 53; trang 2/2" in words(second)
    assert second.query_params["trang"] == "2"


def test_the_dossiers_of_a_warning_follow_the_communes_and_odd_addresses(visit: Visit, tmp_path: Path) -> None:
    rows, marks = marked(2)
    snapshot = build_snapshot(tmp_path, dossiers=rows, warnings=marks)
    elsewhere = visit("quality", snapshot, xa=["08521"], **{"canh-bao": "due_differs"})
    assert "Các đơn vị đang chọn không có cảnh báo này." in words(elsewhere)
    beyond = visit("quality", snapshot, **{"canh-bao": "due_differs", "trang": "99"})
    assert "H44.740-250901-0001" in words(beyond)
    unknown = visit("quality", snapshot, **{"canh-bao": "unheard_of"})
    assert not unknown.exception
    assert not unknown.warning


def test_a_warning_about_no_dossier_is_listed_by_its_file(visit: Visit, tmp_path: Path) -> None:
    mark = {"source_file": "ranh_gioi.geojson", "table_name": "commune", "rule": "area_differs"}
    said = words(visit("quality", build_snapshot(tmp_path, warnings=[mark]), **{"canh-bao": "area_differs"}))
    assert "1 dòng: diện tích ranh giới khác diện tích công bố." in said
    assert "–\nranh_gioi.geojson\n–" in said


def test_the_marked_dossiers_go_into_a_workbook_with_dates_and_no_formulas() -> None:
    info = SimpleNamespace(as_of=dt.datetime(2025, 9, 30, 18), simulated=True)
    rows = [{"Mã hồ sơ": "=1+1", "Tiếp nhận": dt.datetime(2025, 9, 1, 8), "Lệch (ngày làm việc)": 2}]
    sheet = openpyxl.load_workbook(io.BytesIO(warned_workbook(rows, "không có ngày hẹn trả", info))).worksheets[0]
    assert sheet["A1"].value == "không có ngày hẹn trả · số liệu đến 30/09/2025 18:00 · dữ liệu mô phỏng"
    assert [cell.value for cell in sheet[3]] == list(rows[0])
    assert [cell.value for cell in sheet[4]] == ["=1+1", dt.datetime(2025, 9, 1, 8), 2]
    assert sheet["A4"].data_type == "s"


# ---- corrections and promises ----------------------------------------------------------------------------------------


def correction(outcome: str, **values: object) -> dict[str, object]:
    return {
        "dossier_id": "H44.740-250901-0001",
        "action": "override",
        "column_name": "finished_at",
        "old_value": "2025-09-20 10:12:25",
        "new_value": "10/09/2025 10:12:25",
        "reason": "Nhập nhầm ngày.",
        "author": "Văn phòng UBND tỉnh",
        "until": dt.date(2026, 1, 31),
        "outcome": outcome,
        "source_file": "corrections.csv",
        "row_number": 2,
    } | values


def test_corrections_say_what_was_changed_why_by_whom_until_when_and_what_became_of_it(
    visit: Visit, tmp_path: Path
) -> None:
    moved = correction("applied", action="reassign", column_name=None, old_value="08740", new_value="08521", until=None)
    rows = [correction("applied"), moved, correction("expired", action="drop"), correction("source_mended")]
    said = words(visit("quality", build_snapshot(tmp_path, corrections=rows)))
    assert "4 sửa lỗi nguồn đã duyệt: 2 đã áp dụng, 1 nguồn đã tự sửa, 1 hết hiệu lực." in said
    for part in (
        "Sửa ngày kết thúc\n20/09/2025 10:12 → 10/09/2025 10:12",
        "Nhập nhầm ngày.\nVăn phòng UBND tỉnh",
        "31/01/2026",
        "Chuyển đơn vị\nPhường Phú Thọ → Xã Đồng Lương",
        "không hạn định",
        "Bỏ hồ sơ",
        "bỏ dòng này khỏi tệp được",
        "còn cần thì gia hạn",
    ):
        assert part in said


def test_without_corrections_the_screen_says_how_an_objection_would_enter(visit: Visit) -> None:
    assert "Chưa có sửa lỗi nguồn nào được duyệt." in words(visit("quality"))


@pytest.mark.parametrize(("by", "name"), [("procedure", "Chứng thực bản sao"), ("commune", "Phường Phú Thọ")])
def test_promises_far_from_the_term_are_a_question_by_procedure_and_by_commune(
    by: str, name: str, visit: Visit, tmp_path: Path
) -> None:
    rows = [
        dossier(received_at="2025-09-02 08:00", due_at="2025-09-10", due_difference_days=days)
        for days in (0, 0, 0, 3, 3, -1)
    ]
    procedures = [{"procedure_code": "2.000815", "name": "Chứng thực bản sao"}]
    snapshot = build_snapshot(tmp_path, dossiers=rows, procedures=procedures)
    said = words(visit("quality", snapshot, **{"so-hen": by}, **SEPTEMBER))
    assert (
        "50,0\N{NO-BREAK SPACE}% ngày hẹn đúng như thời hạn của thủ tục; vì sao 2 hồ sơ hẹn dài hơn, 1 ngắn hơn?"
        in said
    )
    assert f"{name}\n2\n33,3\N{NO-BREAK SPACE}%\n1\n16,7\N{NO-BREAK SPACE}%\n+3 ngày\n6" in said


# ---- who is silent ---------------------------------------------------------------------------------------------------


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


def test_a_loss_is_published_only_after_a_press_that_says_so(province: Path, tmp_path: Path, visit: Visit) -> None:
    many = [dossier(received_at="2025-09-01 08:00") for _each in range(30)]
    warehouse = build_snapshot(tmp_path / "warehouse", dossiers=many)
    app = visit("quality", warehouse)
    assert not [button for button in app.button if button.key == "build_True"]
    app.button("build_False").click().run()
    assert finished(warehouse).outcome == "failed"
    assert current_id(warehouse) == "20250930T180000"
    app.run()
    assert app.button("build_True").label == "Vẫn công bố dù số hồ sơ giảm"
    app.button("build_True").click().run()
    run = finished(warehouse)
    assert (run.outcome, run.dossiers) == ("done", 1)
    assert current_id(warehouse) == run.snapshot != "20250930T180000"
    app.run()
    assert not [button for button in app.button if button.key == "build_True"]


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
