"""The screen of reported figures: a verdict for each source, the arithmetic on a click, and no accusation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.statements import TEMPLATE, choices, shown_statements, written_stay
from tests.builders import Row, build_snapshot, dossier
from tests.indicators.test_reconcile import EARLY, claim, reported
from tests.pages.test_screens import words

Visit = Callable[..., AppTest]
OUTSIDE = {
    "unit_name": "Phường Thượng Thanh",
    "province": "Hà Nội",
    "commune_code": "00115",
    "scope": "outside",
    "source": "Bài nguồn 003",
    "starts_at": dt.datetime(2021, 7, 1),
    "ends_at": dt.datetime(2022, 6, 21),
}
REPORTED = [
    reported("received", 5),
    reported("resolved", 3, measure_name="Đã giải quyết"),
    reported("resolved", 13_530, value_text="13.530", **OUTSIDE),
    reported("resolved_early", 865, value_text="865", **OUTSIDE, **EARLY),
    reported(
        "visits",
        188,
        source="Cổng",
        commune_code="08521",
        unit_name="Xã Đồng Lương",
        ends_at=dt.datetime(2025, 7, 4, 11, 30),
    ),
]


def three_days() -> list[Row]:
    return [
        dossier(received_at=f"2025-07-0{1 + number % 3} 08:00", finished_at="2025-07-03 16:00", due_at="2025-07-10")
        for number in range(5)
    ]


@pytest.fixture(scope="module")
def with_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_snapshot(tmp_path_factory.mktemp("reported"), dossiers=three_days(), reported=REPORTED)


def test_the_screen_opens_with_the_most_pressing_claim_and_its_readings(visit: Visit, with_reports: Path) -> None:
    app = visit("reconcile", with_reports)
    assert not app.exception
    assert app.title[0].value == "Đối chiếu · Phú Thọ"
    said = words(app)
    assert "Phường Thượng Thanh, Hà Nội" in said
    assert "865 / 13.530 = 6,39\N{NO-BREAK SPACE}%" in said
    assert "2.029,5" in said
    assert "Nên hỏi" in said
    assert "Đơn vị ngoài tỉnh Phú Thọ" in said
    assert "sai" not in said.lower().split()


def test_a_click_opens_another_source_and_the_address_keeps_it(visit: Visit, with_reports: Path) -> None:
    app = visit("reconcile", with_reports, nguon="phuong-phu-tho-bao-cao")
    assert not app.exception
    said = words(app)
    assert "Lệch 2 hồ sơ\nNguồn nêu 3, nhật ký có 5." in said
    assert "Còn 2 hồ sơ đang giải quyết, không phải trễ." in said


def test_visits_are_never_set_against_dossiers(visit: Visit, with_reports: Path) -> None:
    said = words(visit("reconcile", with_reports, nguon="xa-dong-luong-cong"))
    assert "Lượt công dân không phải là hồ sơ" in said
    assert "lượt người, không so với hồ sơ" in said
    assert "3,5" in said and "53,7" in said


@pytest.mark.parametrize(
    ("parameters", "present", "absent"),
    [
        ({"ket-luan": "differs"}, "Phường Phú Thọ", "Thượng Thanh"),
        ({"ket-luan": "ask"}, "Thượng Thanh", "Đồng Lương"),
        ({"xa": ["08521"]}, "Xã Đồng Lương", "Thượng Thanh"),
        ({"ket-luan": "unheard-of"}, "Thượng Thanh", "Không có số liệu nào"),
        ({"xa": ["08674"]}, "Không có số liệu nào như vậy", "Thượng Thanh"),
    ],
)
def test_the_list_follows_the_verdict_and_the_communes(
    parameters: dict[str, str | list[str]], present: str, absent: str, visit: Visit, with_reports: Path
) -> None:
    app = visit("reconcile", with_reports, **parameters)
    assert not app.exception
    assert present in words(app)
    assert absent not in words(app)


def test_without_reported_figures_the_screen_says_how_to_load_some(visit: Visit, tmp_path: Path) -> None:
    app = visit("reconcile", build_snapshot(tmp_path, dossiers=three_days()))
    assert not app.exception
    assert "[reported]" in words(app)
    assert "chưa có số liệu nào" in words(app)


def test_the_template_is_loaded_by_the_etl_as_it_stands(tmp_path: Path) -> None:
    from tests.etl.province import REGISTER_BLOCK, build_province, code, row

    (tmp_path / "so_lieu_neu.csv").write_text(TEMPLATE, encoding="utf-8-sig")
    block = '\n[reported]\npath = "so_lieu_neu.csv"\n'
    _report, tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + block)
    one = tables.one("select measure, value, value_low, value_high, scope, commune_code from reported")
    assert one == {
        "measure": "received",
        "value": 120.0,
        "value_low": 115.0,
        "value_high": 125.0,
        "scope": "commune",
        "commune_code": "07942",
    }


def test_an_address_of_an_unknown_source_opens_the_most_pressing_one(visit: Visit, with_reports: Path) -> None:
    app = visit("reconcile", with_reports, nguon="khong-co")
    assert not app.exception
    assert not app.warning
    assert "Phường Thượng Thanh, Hà Nội" in words(app)


def test_the_heading_names_communes_and_no_period(visit: Visit, with_reports: Path) -> None:
    app = visit("reconcile", with_reports, xa=["08740"], ky="2025-07", kenh="online")
    heading = next(one.value for one in app.markdown if "Phường Phú Thọ" in one.value)
    assert heading == "Phường Phú Thọ"
    assert "Tháng 7" not in words(app)


def test_windows_are_written_with_their_last_day_not_the_one_after() -> None:
    assert written_stay(claim("received", 1)) == "01/07/2025 – 03/07/2025"
    noon = claim("received", 1, ends_at=dt.datetime(2025, 7, 4, 11, 30))
    assert written_stay(noon) == "01/07/2025 – 04/07/2025 11:30"
    assert written_stay(claim("received", 1, ends_at=dt.datetime(2025, 7, 2))) == "01/07/2025"
    assert written_stay(claim("staff", 1, starts_at=None, ends_at=None)) == "không nêu kỳ"


def test_only_buttons_with_something_behind_them_are_offered() -> None:
    assert choices([]) == {"all": "Tất cả (0)"}
    assert shown_statements([], verdict="ask", communes=()) == []
