"""The analyst's bench: each part opens from a link, answers from the snapshot only, and hands out files."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.address import BENCHES
from pages.parts.explore_downloads import as_csv, as_parquet
from tests.builders import build_snapshot, dossier
from tests.pages.test_screens import files_of, words

Visit = Callable[..., AppTest]


def grids(app: AppTest) -> list[dict[str, Any]]:
    """The data of our wide tables on the page."""
    found = [json.loads(component.proto.json) for component in app.get("bidi_component")]
    return [data for data in found if "sorted_by_server" in data]


def shown(app: AppTest) -> list[list[str]]:
    """The main text of each cell of the first wide table."""
    rows = grids(app)[0]["rows"]
    return [[cell if isinstance(cell, str) else cell[0] for cell in row["cells"]] for row in rows]


@pytest.mark.parametrize("part", BENCHES)
def test_each_part_opens_from_its_address(part: str, visit: Visit) -> None:
    app = visit("explore", phan=part, ky="from_2025_07_01", tinh_trang="received")
    assert not app.exception
    assert not app.error
    if part in ("pivot", "dossiers", "form"):
        assert len(files_of(app)) == 3


@pytest.mark.parametrize("part", BENCHES)
def test_each_part_opens_for_a_province_without_dossiers(part: str, visit: Visit, tmp_path: Path) -> None:
    app = visit("explore", build_snapshot(tmp_path), phan=part)
    assert not app.exception
    assert not app.error


def test_the_cross_table_shows_values_n_and_totals_in_words(visit: Visit) -> None:
    app = visit("explore", ky="from_2025_07_01", cot="channel", bang=["received", "on_time_rate_ii06"])
    (data,) = grids(app)
    assert [group["label"] for group in data["groups"]] == ["Trực tiếp", "Trực tuyến", "Tất cả"]
    assert [row[0] for row in shown(app)] == [
        "Xã Ấm Hạ",
        "Xã Đồng Lương",
        "Phường Phú Thọ",
        "Phường Phúc Yên",
        "Tất cả",
    ]
    last = data["rows"][-1]
    assert last["strong"]
    assert last["cells"][-2] == "85"
    assert last["cells"][-1][1].startswith("n = 85")
    of_commune = {row["cells"][0]: row["cells"] for row in data["rows"]}
    assert of_commune["Phường Phúc Yên"][2][2] == "muted"
    assert of_commune["Xã Ấm Hạ"][1:3] == ["0", "–"]


def test_a_table_that_would_be_too_large_says_what_to_do(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indicators.pivot.MOST_CELLS", 10)
    app = visit("explore", ky="from_2025_07_01", hang="day")
    assert "Hãy chọn chiều ít giá trị hơn" in app.info[0].value
    assert not app.exception


def test_procedures_crossed_with_communes_announce_what_files_leave_out(visit: Visit) -> None:
    assert "ghi “<5”" in words(visit("explore", hang="procedure", cot="commune"))
    assert "ghi “<5”" not in words(visit("explore", hang="procedure"))


def test_the_list_has_one_page_and_its_neighbours(visit: Visit) -> None:
    link = {"phan": "dossiers", "ky": "from_2025_07_01", "tinh_trang": "received", "xep": "received_at"}
    app = visit("explore", **link)
    assert len(shown(app)) == 50
    assert "85 hồ sơ · trang 1/2" in words(app)
    first = [row[0] for row in shown(app)]
    next(button for button in app.button if button.label == "Trang sau").click()
    app.run()
    assert "85 hồ sơ · trang 2/2" in words(app)
    second = [row[0] for row in shown(app)]
    assert len(second) == 35
    assert not set(first) & set(second)


def test_a_page_beyond_the_last_is_the_last(visit: Visit) -> None:
    app = visit("explore", phan="dossiers", ky="from_2025_07_01", tinh_trang="received", trang_hs="99999")
    assert "trang 2/2" in words(app)


def test_a_dossier_opens_from_a_link_with_its_steps(visit: Visit, tmp_path: Path) -> None:
    steps = [
        {"dossier_id": "A", "step": 1, "at": "2025-09-01 08:00", "activity": "Tiếp nhận hồ sơ", "actor_key": "secret"},
        {"dossier_id": "A", "step": 2, "at": "2025-09-02 20:00", "activity": "Thẩm định", "unit": "Phòng Kinh tế"},
    ]
    given = dossier(dossier_id="A", received_at="2025-09-01 08:00", due_at="2025-09-05 17:00", applicant_key="secret")
    directory = build_snapshot(tmp_path, dossiers=[given], events=steps)
    app = visit("explore", directory, phan="dossiers", ho_so="A")
    text = words(app)
    assert not app.exception
    for expected in ("Hồ sơ A", "Đang quá hạn · quá 25 ngày", "Thẩm định", "1,5 ngày", "Phòng Kinh tế"):
        assert expected in text
    assert "secret" not in json.dumps([json.loads(one.proto.json) for one in app.get("bidi_component")])


def test_an_unknown_dossier_in_the_address_is_said_to_be_unknown(visit: Visit) -> None:
    app = visit("explore", phan="dossiers", ky="from_2025_07_01", tinh_trang="received", ho_so="![x](http://a.b)")
    assert "Không có hồ sơ này" in app.info[0].value
    assert "![x](http" not in words(app)


def test_a_code_is_searched_by_its_beginning(visit: Visit) -> None:
    app = visit("explore", phan="dossiers", ma="h44.740-")
    assert "Tìm theo mã bỏ qua kỳ và mọi bộ lọc" in words(app)
    assert shown(app)
    app = visit("explore", phan="dossiers", ma="nowhere[x](y)")
    assert "nowhere\\[x\\](y)" in app.info[0].value


def test_a_statement_in_the_address_is_answered(visit: Visit) -> None:
    app = visit(
        "explore", phan="sql", sql="select count(*) as so, 1234.5 as le, date '2025-07-01' as ngay from dossier"
    )
    assert shown(app) == [["85", "1.234,50", "01/07/2025"]]
    assert len(files_of(app)) == 3


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("drop table dossier", "Chỉ chạy được câu lệnh đọc dữ liệu"),
        ("select applicant_key from dossier", "Câu lệnh không chạy được"),
        ("from read_text('/etc/passwd')", "Hàm “read\\_text” không được dùng"),
        ("select * from nowhere", "Không có bảng này"),
    ],
)
def test_a_statement_that_may_not_run_is_answered_in_vietnamese(visit: Visit, sql: str, sentence: str) -> None:
    app = visit("explore", phan="sql", sql=sql)
    assert not app.exception
    assert sentence in app.warning[0].value
    assert not files_of(app)


def test_an_example_fills_the_box_and_runs(visit: Visit) -> None:
    app = visit("explore", phan="sql")
    next(button for button in app.button if "Thủ tục hay phải" in button.label).click()
    app.run()
    assert "any_value(name)" in app.text_area[0].value
    assert app.query_params["sql"]
    assert {row[0] for row in shown(app)} == {"Chứng thực bản sao từ bản chính", "Đăng ký khai sinh"}


def test_a_named_view_shows_its_name_as_words_only(visit: Visit) -> None:
    app = visit("explore", ten="Đầu tuần <b>x</b> [a](http://evil.example) $y$ :red[z]")
    heading = next(one.value for one in app.markdown if one.value.startswith("####"))
    assert "Đầu tuần" in heading
    assert not re.search(r"(?<!\\)[\[$:<]", heading.removeprefix("#### "))
    next(button for button in app.button if button.label == "Bỏ tên").click()
    app.run()
    assert not any(one.value.startswith("####") and "Đầu tuần" in one.value for one in app.markdown)


@pytest.mark.parametrize(
    "parameters",
    [
        {"phan": "x", "hang": "nope", "cot": "nope", "bang": ["nope"]},
        {"phan": "dossiers", "tinh_trang": "nope", "xep": "applicant_key", "trang_hs": "-1"},
        {"hang": "commune", "cot": "commune"},
        {"bang": ["received", "received", "resolved", "pending", "online_rate", "pending_late", "closed_neutral"]},
    ],
    ids=["unknown part", "unknown list", "one dimension twice", "too many indicators"],
)
def test_nonsense_in_the_address_ends_calmly(visit: Visit, parameters: dict[str, Any]) -> None:
    app = visit("explore", **parameters)
    assert not app.exception
    assert not app.error


MIXED = pl.DataFrame(
    {
        "name": ["Phường Phú Thọ", 'a"b;c'],
        "rate": [0.5, None],
        "at": [dt.datetime(2025, 7, 1, 8, 30), None],
        "count": [1234, 0],
    }
)


def test_csv_carries_the_mark_for_excel_once_and_raw_values() -> None:
    content = as_csv([MIXED, MIXED])
    assert content.startswith("\ufeffname,rate,at,count\n".encode())
    assert content.count("\ufeff".encode()) == 1
    assert b"0.5,2025-07-01T08:30:00,1234" in content
    assert pl.read_csv(BytesIO(content), try_parse_dates=True).equals(pl.concat([MIXED, MIXED]))


def test_parquet_in_pieces_reads_back_as_one() -> None:
    assert pl.read_parquet(BytesIO(as_parquet([MIXED, MIXED]))).equals(pl.concat([MIXED, MIXED]))


def test_numbers_that_are_none_do_not_break_the_table_of_an_answer(visit: Visit) -> None:
    app = visit("explore", phan="sql", sql="select 'nan'::double a, 'inf'::double b, -'inf'::double c, 1.5 d")
    assert not app.exception
    assert shown(app) == [["không phải số", "∞", "−∞", "1,50"]]
    # Python would write NaN and Infinity, which no browser reads.
    assert grids(app)[0]["rows"][0]["sort"] == [None, None, None, 1.5]


def test_an_unknown_reason_in_the_address_opens_no_list(visit: Visit) -> None:
    app = visit("explore", phan="readings", ky="from_2025_07_01", **{"ly-do-lech": "resolved_in_time"})
    assert not app.exception
    assert not [text for text in words(app) if "Mọi lý do" in text]
