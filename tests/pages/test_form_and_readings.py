"""The official form and the two readings of "on time" on the analyst's bench."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import build_snapshot, dossier
from tests.indicators.test_readings import every_reason
from tests.pages.test_screens import files_of, words

Visit = Callable[..., AppTest]


def html(app: AppTest) -> str:
    return "".join(str(element.proto.body) for element in app.get("html"))


def component(app: AppTest, key: str) -> dict[str, Any]:
    """What one of our own components was given to draw."""
    found = [json.loads(one.proto.json) for one in app.get("bidi_component") if key in one.proto.id]
    assert len(found) == 1, key
    return dict(found[0])


def downloads(app: AppTest) -> list[str]:
    return [str(element.proto.label) for element in files_of(app)]


def test_the_form_has_the_official_head_a_row_a_field_its_total_and_its_notes(visit: Visit) -> None:
    app = visit("explore", phan="form", ky="2025-09", hang="field", xa=["08740"])
    assert not app.exception
    page = html(app)
    for text in ("Biểu số II.06a/VPCP/KSTT", "Kỳ báo cáo: Tháng 9/2025", "UBND phường Phú Thọ", "(3)=(4)+(5)+(6)"):
        assert text in page
    assert page.index("Chứng thực</td>") < page.index("Hộ tịch</td>") < page.index("Tổng số</td>")
    assert "Cột 14 là cột bổ sung" in words(app)
    assert downloads(app) == ["Tải XLSX", "Tải CSV", "Tải Parquet"]


def test_a_period_that_is_no_reporting_period_is_told_by_its_dates(visit: Visit) -> None:
    app = visit("explore", phan="form", ky="last_30_days")
    assert not app.exception
    assert "(Từ ngày 01/09/2025 đến ngày 30/09/2025)" in html(app)
    assert component(app, "form_period")["selected"] == []


def test_a_reporting_period_still_running_says_so(visit: Visit) -> None:
    app = visit("explore", phan="form", ky="report-2025-10", hang="commune")
    assert "(Từ ngày 15/09/2025 đến ngày 30/09/2025)" in html(app)
    assert "Kỳ báo cáo: Tháng 10/2025" in html(app)
    assert "số liệu mới đến hết ngày 30/09/2025" in words(app)


def test_names_from_files_stay_words_in_the_form(visit: Visit, tmp_path: Path) -> None:
    directory = build_snapshot(tmp_path, dossiers=[dossier(field="<script>x</script>", received_at="2025-09-01 08:00")])
    app = visit("explore", directory, phan="form", ky="2025-09", hang="field")
    assert "&lt;script&gt;x&lt;/script&gt;" in html(app)
    assert "<script>x" not in html(app)


@pytest.fixture
def reasons(tmp_path: Path) -> Path:
    return build_snapshot(tmp_path, dossiers=every_reason(), as_of="2025-07-31 18:00")


def test_both_rates_stand_side_by_side_with_every_reason_between_them(visit: Visit, reasons: Path) -> None:
    app = visit("explore", reasons, phan="readings", ky="2025-07")
    assert not app.exception
    assert [(metric.label, metric.value) for metric in app.metric] == [
        ("Tỷ lệ đúng hạn (biểu II.06)", "66,7 %"),
        ("Tỷ lệ đúng hạn (QĐ 766)", "45,5 %"),
        ("QĐ 766 so với biểu II.06", "−21,2 điểm %"),
    ]
    rows = component(app, "readings_bridge")["rows"]
    assert rows[0]["cells"] == ["Biểu II.06: 66,7 %", "", "2", "3"]
    assert rows[-1]["cells"] == ["Quyết định 766: 45,5 %", "", "5", "11"]
    assert len(rows) == 11
    for place in (2, 3):
        moved = sum(row["sort"][place] for row in rows[1:-1])
        assert rows[0]["sort"][place] + moved == rows[-1]["sort"][place]
    assert not [one for one in app.get("bidi_component") if "readings_dossiers" in one.proto.id]


def test_the_dossiers_of_a_reason_are_one_link_away(visit: Visit, reasons: Path) -> None:
    app = visit("explore", reasons, phan="readings", ky="2025-07", ly_do_lech="open_late")
    assert not app.exception
    assert "Đang giải quyết, đã quá hạn: 1 hồ sơ" in words(app)
    (row,) = component(app, "readings_dossiers")["rows"]
    assert row["cells"][0] == ["open_late", "Phường Phú Thọ"]
    chosen = [row["code"] for row in component(app, "readings_bridge")["rows"] if row["chosen"]]
    assert chosen == ["open_late"]


def test_one_button_shows_the_dossiers_of_all_reasons(visit: Visit, reasons: Path) -> None:
    app = visit("explore", reasons, phan="readings", ky="2025-07")
    next(button for button in app.button if "9 hồ sơ tạo nên chênh lệch" in button.label).click().run()
    assert not app.exception
    assert "Mọi lý do: 9 hồ sơ" in words(app)
    assert len(component(app, "readings_dossiers")["rows"]) == 9


def test_a_list_of_many_has_pages_and_a_page_past_the_end_is_the_last(visit: Visit, tmp_path: Path) -> None:
    many = [dossier(dossier_id=f"{number:03d}", received_at="2025-07-02 08:00") for number in range(101)]
    directory = build_snapshot(tmp_path, dossiers=many, as_of="2025-07-31 18:00")
    app = visit("explore", directory, phan="readings", ky="2025-07", ly_do_lech="open_no_due", trang_hs="9")
    assert not app.exception
    (row,) = component(app, "readings_dossiers")["rows"]
    assert row["cells"][0][0] == "100"


def test_a_period_without_dossiers_says_so(visit: Visit) -> None:
    app = visit("explore", phan="readings", linh_vuc="Hộ tịch", xa=["08674"])
    assert not app.exception
    assert "Không có hồ sơ nào" in words(app)


def test_the_overview_leads_to_the_difference_where_there_is_one(visit: Visit, reasons: Path) -> None:
    links = {
        str(link.proto.label): str(link.proto.query_string) for link in visit("overview", reasons).get("page_link")
    }
    (label,) = [label for label in links if "chênh nhau" in label]
    assert "21,2 điểm %" in label
    assert "phan=readings" in links[label]
    same = [str(link.proto.label) for link in visit("overview").get("page_link")]
    assert not [label for label in same if "chênh nhau" in label]
