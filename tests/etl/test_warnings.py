"""What is loaded all the same and marked: promises that differ from the term, logs that go on after the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.province import build_province, code, row

STEP = ("Trả kết quả", "Trung tâm PVHCC", "Cán bộ A")


@pytest.fixture(autouse=True)
def _key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path_factory.getbasetemp() / "hash.key"))


def marked(tmp_path: Path, rule: str, *rows: tuple[str, ...], log: list[tuple[str, ...]] | None = None) -> list[object]:
    _report, tables = build_province(tmp_path, list(rows), log=log or [])
    return [each["dossier_id"] for each in tables(f"select dossier_id from warning where rule = '{rule}' order by 1")]


def test_a_promise_on_another_day_than_the_term_is_marked(tmp_path: Path) -> None:
    # A copy certification received at 08:00 on Monday 2 March is due the same day.
    on_term = row(code(1), due="02/03/2026 17:00")
    a_day_late, a_week_late = row(code(2), due="03/03/2026"), row(code(3), due="09/03/2026")
    assert marked(tmp_path, "due_differs", on_term, a_day_late, a_week_late) == [code(2), code(3)]


def test_another_hour_of_the_same_day_and_no_promise_are_no_difference(tmp_path: Path) -> None:
    rows = row(code(1), due="02/03/2026 09:00"), row(code(2), due="02/03/2026"), row(code(3), due="")
    assert marked(tmp_path, "due_differs", *rows) == []


@pytest.mark.parametrize(
    ("row_status", "finished", "step", "is_marked"),
    [
        ("Đang xử lý", "", "Thẩm định", True),
        ("Yêu cầu bổ sung giấy tờ", "", "Thẩm định", False),
        ("Yêu cầu thực hiện nghĩa vụ tài chính", "", "Thẩm định", False),
        ("Đang xử lý", "", "Chờ bổ sung", False),
        ("Đã trả kết quả", "03/03/2026 09:00", "Chờ bổ sung", True),
    ],
    ids=["at work", "waiting for papers", "waiting for payment", "waiting by the log", "closed while it waited"],
)
def test_while_the_clock_stands_a_promise_is_not_held_against_the_term(
    tmp_path: Path, row_status: str, finished: str, step: str, is_marked: bool
) -> None:
    log = [(code(1), "02/03/2026 08:00", *STEP), (code(1), "02/03/2026 09:00", step, "Phòng", "Cán bộ A")]
    one = row(code(1), due="20/03/2026", finished=finished, status=row_status)
    _report, tables = build_province(tmp_path, [one], log=log)
    rules = {each["rule"] for each in tables("select rule from warning")}
    difference = tables.one("select due_difference_days as days from dossier")["days"]
    assert (("due_differs" in rules), difference is not None) == (is_marked, is_marked)


@pytest.mark.parametrize(
    ("at", "is_marked"),
    [("03/03/2026 16:00", False), ("04/03/2026 09:00", False), ("04/03/2026 09:01", True), ("20/03/2026 08:00", True)],
    ids=["the same day", "a day after", "a minute more than a day after", "weeks after"],
)
def test_a_step_more_than_a_day_after_the_end_is_marked(tmp_path: Path, at: str, is_marked: bool) -> None:
    log = [(code(1), "02/03/2026 08:00", *STEP), (code(1), at, *STEP)]
    found = marked(tmp_path, "log_after_finish", row(code(1), finished="03/03/2026 09:00"), log=log)
    assert found == ([code(1)] if is_marked else [])


def test_a_log_of_an_open_dossier_goes_on_rightly(tmp_path: Path) -> None:
    open_row = row(code(1), finished="", status="Đang xử lý")
    log = [(code(1), "02/03/2026 08:00", *STEP), (code(1), "30/03/2026 08:00", *STEP)]
    assert marked(tmp_path, "log_after_finish", open_row, log=log) == []
