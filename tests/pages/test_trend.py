"""Xu hướng's segments: only the chosen one is drawn, choices stand in the address, no claim without a rule."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.address import SEGMENTS
from tests.builders import build_snapshot, dated_event, dossier

Visit = Callable[..., AppTest]
MERGER = dt.date(2025, 7, 1)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty weeks of two communes; from week 25 on Phường Phú Thọ is late four times as often. Some from before."""
    generator = random.Random(4)
    rows: list[dict[str, object]] = []
    monday = dt.date(2025, 7, 7)
    for code, often in (("08740", 0.3), ("08230", 0.05)):
        for week in range(40):
            for case in range(25):
                day = dt.datetime.combine(monday + dt.timedelta(weeks=week, days=case % 5), dt.time(8))
                late = generator.random() < (often if week >= 25 else 0.05)
                rows.append(
                    dossier(
                        commune_code=code,
                        received_at=day,
                        due_at=day + dt.timedelta(days=7),
                        computed_due_at=day + dt.timedelta(days=7),
                        due_difference_days=0,
                        finished_at=day + dt.timedelta(days=9 if late else 2),
                    )
                )
    rows += [
        dossier(old_code=code, received_at="2025-05-05 08:00", due_at="2025-05-09", finished_at="2025-05-07 08:00")
        for code in ("07942", "07942", "07943")
    ]
    rows.append(dossier(dossier_id="sap-han", received_at="2026-04-23 08:00", due_at="2026-04-28"))
    split = {"old_name": "Xã Văn Lung", "old_code": "07943", "extent": "part", "effective_date": MERGER}
    return build_snapshot(
        tmp_path_factory.mktemp("year"),
        as_of="2026-04-26 18:00",
        dossiers=rows,
        events=[{"dossier_id": "sap-han", "step": 1, "at": "2026-04-23 08:00", "activity": "Thẩm định"}],
        lineage=[
            {"new_code": "08740", "old_code": "07942", "old_name": "Phường Hùng Vương", "extent": "whole"},
            {"new_code": "08740", **split},
            {"new_code": "08230", **split},
        ],
        dated_events=[
            dated_event(starts_on=dt.date(2025, 12, 29), commune_code="08740", scope="commune", kind="staffing",
                        text="Công chức chuyển công tác"),
            dated_event(starts_on=dt.date(2025, 9, 1), text="Sự cố phần mềm"),
        ],
    )  # fmt: skip


def texts(app: AppTest) -> str:
    assert not app.exception, app.exception
    elements = (*app.markdown, *app.caption, *app.info, *app.success, *app.title)
    return "\n".join(str(element.value) for element in elements).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("segment", SEGMENTS)
def test_every_segment_opens_with_and_without_figures(segment: str, visit: Visit, year: Path) -> None:
    assert texts(visit("trend", year, xem=segment, xa=["08740"], ky="last_12_months"))
    assert texts(visit("trend", xem=segment, xa=["08674"])), "a commune without a dossier"


@pytest.mark.parametrize("segment", ["causes", "merger"])
def test_a_segment_about_one_unit_asks_for_it(segment: str, visit: Visit, year: Path) -> None:
    assert "Hãy chọn một xã, phường" in texts(visit("trend", year, xem=segment))


def test_a_change_is_claimed_where_a_rule_fired_and_nowhere_else(visit: Visit, year: Path) -> None:
    changed = texts(visit("trend", year, xem="variation", xa=["08740"], ky="last_12_months"))
    assert "xấu đi, không phải dao động ngẫu nhiên" in changed
    calm = texts(visit("trend", year, xem="variation", xa=["08230"], ky="last_12_months"))
    assert "chưa có cơ sở nói tốt lên hay xấu đi" in calm
    assert "Biến động: không có gì khác thường" in calm


def test_limits_begin_anew_only_at_a_chosen_event_and_the_reason_is_shown(visit: Visit, year: Path) -> None:
    key = "2025-12-29~08740"
    kept = texts(visit("trend", year, xem="variation", xa=["08740"], ky="last_12_months"))
    assert "Giới hạn tính lại" not in kept and "Công chức chuyển công tác" in kept
    again = texts(visit("trend", year, xem="variation", xa=["08740"], ky="last_12_months", tinh_lai=[key]))
    assert "Giới hạn tính lại từ 29/12/2025: Công chức chuyển công tác." in again


@pytest.mark.parametrize(("target", "words"), [("20", "chắc đạt"), ("99,9", "chắc không đạt"), ("mai", "chưa đặt")])
def test_a_target_of_the_address_is_set_against_the_limits(target: str, words: str, visit: Visit, year: Path) -> None:
    found = texts(
        visit("trend", year, xem="variation", xa=["08740"], buoc="month", ky="last_12_months", muc_tieu=target)
    )
    assert f"Khả năng đạt mục tiêu: {words}" in found


def test_the_effect_of_an_event_and_the_place_where_the_level_moved(visit: Visit, year: Path) -> None:
    found = texts(visit("trend", year, xem="events", su_kien="2025-12-29~08740"))
    assert "Công chức chuyển công tác (29/12/2025)" in found and "Phường Phú Thọ" in found
    assert "gần đó có: Công chức chuyển công tác" in found
    quiet = texts(visit("trend", year, xem="events", xa=["08230"]))
    assert "Không thấy chỗ nào mức thay đổi" in quiet


def test_lateness_is_laid_to_its_parts(visit: Visit, year: Path) -> None:
    found = texts(visit("trend", year, xem="causes", xa=["08740"], ky="last_12_months"))
    assert "phần lớn nhất là khâu tự xử lý" in found


def test_before_the_merger_a_split_unit_gives_a_range(visit: Visit, year: Path) -> None:
    app = visit("trend", year, xem="merger", xa=["08740"])
    assert "1 đơn vị cũ nhập toàn bộ, 1 đơn vị cũ chỉ nhập một phần" in texts(app)
    assert next(metric.value for metric in app.metric) == "từ 2 đến 3"


def test_dossiers_due_soon_are_counted_and_listed(visit: Visit, year: Path) -> None:
    assert "1 hồ sơ đến hạn trong 5 ngày làm việc" in texts(visit("trend", year, xem="due", xa=["08740"]))
    assert "Không có hồ sơ nào" in texts(visit("trend", year, xem="due", xa=["08674"]))
