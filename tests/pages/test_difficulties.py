"""The screen of difficulties: what waits and whom it waits for, typed in, answered, removed and brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from indicators.difficulties import difficulties
from indicators.workbook import about
from notebook import Difficulty, open_notebook
from notebook.clock import now
from pages.parts.difficulties_data import TEMPLATE, day_of
from pages.parts.difficulties_files import listed, workbook
from tests.builders import Row, build_snapshot, dossier
from tests.pages.test_screens import words
from warehouse import open_snapshot

Visit = Callable[..., AppTest]
SCIENCE, HOME = "Sở Khoa học và Công nghệ", "Sở Nội vụ"
PAYMENT = "Thanh toán trực tuyến thường báo lỗi, người dân phải quay lại"
LISTED: tuple[Row, ...] = (
    {"difficulty_id": "A", "text": PAYMENT},
    {"difficulty_id": "B", "text": f"{PAYMENT} nộp tiền mặt", "commune_code": "08230"},
    {
        **{"difficulty_id": "C", "commune_code": "08521", "category": "posts", "text": "Chưa quy định biên chế"},
        **{"department": HOME, "state": "answered", "answered_on": dt.date(2025, 8, 10), "answer": "Đã có văn bản"},
    },
)


@pytest.fixture(scope="module")
def with_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        dossier(received_at="2025-08-01 08:00", channel="online", fee=1_000, paid_online=number < 2)
        for number in range(30)
    ]
    rows += [
        dossier(
            commune_code="08230", received_at="2025-08-01 08:00", channel="online", fee=1_000, paid_online=number < 28
        )
        for number in range(30)
    ]
    return build_snapshot(tmp_path_factory.mktemp("difficulties"), dossiers=rows, difficulties=LISTED)


def test_the_screen_says_what_waits_whom_it_waits_for_and_what_is_common(visit: Visit, with_lists: Path) -> None:
    app = visit("difficulties", with_lists)
    assert not app.exception
    assert app.title[0].value == "Vướng mắc · Phú Thọ"
    said = words(app)
    assert f"{SCIENCE} còn 2 vướng mắc quá hạn trả lời" in said
    assert "Đang chờ trả lời" in said and "trong 3 vướng mắc đã nêu" in said
    assert "Cùng một vướng mắc ở nhiều xã, phường" in said
    assert "Phường Phúc Yên, Phường Phú Thọ" in said or "Phường Phú Thọ, Phường Phúc Yên" in said


@pytest.mark.parametrize(
    ("parameters", "present", "absent"),
    [
        ({}, "Chưa quy định biên chế", "Không có vướng mắc nào như vậy"),
        ({"tra-loi": "overdue"}, PAYMENT, "Chưa quy định biên chế"),
        ({"tra-loi": "answered"}, "Đã có văn bản", PAYMENT),
        ({"so-nganh": [HOME]}, "Chưa quy định biên chế", PAYMENT),
        ({"nhom-vm": ["posts"]}, "Chưa quy định biên chế", PAYMENT),
        ({"xa": ["08521"]}, "Chưa quy định biên chế", PAYMENT),
        ({"tim-vm": "bien che"}, "Chưa quy định biên chế", PAYMENT),
        ({"tim-vm": "không có chữ này"}, "Không có vướng mắc nào như vậy", PAYMENT),
        ({"tra-loi": "nonsense"}, PAYMENT, "Không có vướng mắc nào như vậy"),
    ],
)
def test_the_list_follows_the_address(
    parameters: dict[str, str | list[str]], present: str, absent: str, visit: Visit, with_lists: Path
) -> None:
    app = visit("difficulties", with_lists, **{"muc-vm": "list"}, **parameters)
    assert not app.exception
    assert present in words(app)
    assert absent not in words(app)


def test_what_is_opened_says_who_else_asks_it_and_what_the_log_shows(visit: Visit, with_lists: Path) -> None:
    said = words(visit("difficulties", with_lists, **{"muc-vm": "list", "vuong-mac": "list:A"}))
    assert "1 đơn vị khác cùng nêu" in said and "Phường Phúc Yên" in said
    assert "Nhật ký cho thấy" in said
    assert "quá hạn 43 ngày" in said
    assert "sửa ở danh sách của xã, phường rồi nạp lại" in said


def test_the_comparison_with_the_log_tells_the_two_complaints_apart(visit: Visit, with_lists: Path) -> None:
    app = visit("difficulties", with_lists, **{"muc-vm": "log"})
    assert not app.exception
    said = words(app)
    assert "Nhật ký cho thấy 1 trong 2 vướng mắc có thể đo được" in said
    assert "Nhật ký không cho thấy" in said
    assert "Nhật ký không đo được: Biên chế chưa quy định." in said


def test_without_any_the_screen_says_how_to_load_a_list_and_offers_the_form(visit: Visit, tmp_path: Path) -> None:
    app = visit("difficulties", build_snapshot(tmp_path, dossiers=[dossier()]))
    assert not app.exception
    assert "[difficulties]" in words(app)
    assert [one.label for one in app.button if "Ghi vào sổ ghi chép" in one.label]


def test_the_template_is_loaded_by_the_etl_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.etl.province import REGISTER_BLOCK, build_province, code, row

    monkeypatch.setenv("THONGSUOT_KEY_FILE", str(tmp_path / "hash.key"))
    (tmp_path / "vuong_mac.csv").write_text(TEMPLATE, encoding="utf-8-sig")
    block = '\n[difficulties]\npath = "vuong_mac.csv"\n'
    _report, tables = build_province(tmp_path, [row(code(1))], toml=REGISTER_BLOCK + block)
    assert tables.one('select category, state, "count", due_on from difficulty') == {
        "category": "online_payment",
        "state": "open",
        "count": 12,
        "due_on": dt.date(2025, 7, 11),
    }


# ---- typed in --------------------------------------------------------------------------------------------------------


def button(app: AppTest, label: str):  # type: ignore[no-untyped-def]
    return next(one for one in app.button if label in one.label)


def test_a_difficulty_is_typed_in_answered_removed_and_brought_back(visit: Visit, with_lists: Path) -> None:
    book = open_notebook()
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "xa": ["08521"]})
    app.text_area(key="new_text").set_value("Chữ ký số của lãnh đạo chưa được cấp")
    app.selectbox(key="new_category").set_value("digital_signature")
    app.selectbox(key="new_department").set_value(SCIENCE)
    app.date_input(key="new_asked_on").set_value(dt.date(2025, 9, 1))
    app.date_input(key="new_due_on").set_value(dt.date(2025, 9, 10))
    button(app, "Ghi vào sổ ghi chép").click()
    app.run()
    assert not app.exception
    (kept,) = book.find(Difficulty)
    assert (kept.commune_code, kept.category, kept.created_by) == ("08521", "digital_signature", "Người chưa ghi tên")
    assert [one.value for one in app.success] == ["Đã ghi\\: Chữ ký số của lãnh đạo chưa được cấp"]
    assert app.query_params["vuong-mac"] == f"typed:{kept.id}"

    app.selectbox(key=f"edit_{kept.id}_1_state").set_value("answered")
    app.date_input(key=f"edit_{kept.id}_1_answered_on").set_value(dt.date(2025, 9, 8))
    app.text_area(key=f"edit_{kept.id}_1_answer").set_value("Đã cấp")
    button(app, "Lưu").click()
    app.run()
    assert not app.exception
    (answered,) = book.find(Difficulty)
    assert (answered.state, answered.answer, answered.version) == ("answered", "Đã cấp", 2)
    assert "đúng hạn" in words(app)

    button(app, "Xóa vướng mắc này").click()
    app.run()
    assert not app.exception and book.find(Difficulty) == []
    button(app, "Khôi phục").click()
    app.run()
    assert not app.exception
    assert [one.text for one in book.find(Difficulty)] == ["Chữ ký số của lãnh đạo chưa được cấp"]


@pytest.mark.parametrize(
    ("fills", "fault"),
    [
        ({}, "Chưa ghi nội dung vướng mắc."),
        ({"new_text": "Mạng chậm"}, "Chưa chọn nhóm của vướng mắc."),
        ({"new_text": "Mạng chậm", "new_category": "network", "new_due_on": dt.date(2025, 8, 1)}, "không thể trước"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(
    fills: dict[str, object], fault: str, visit: Visit, with_lists: Path
) -> None:
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "xa": ["08521"]})
    for key, value in fills.items():
        kinds = {"new_text": app.text_area, "new_category": app.selectbox, "new_due_on": app.date_input}
        kinds[key](key=key).set_value(value)
    button(app, "Ghi vào sổ ghi chép").click()
    app.run()
    assert not app.exception
    assert fault in words(app)
    assert open_notebook().find(Difficulty) == []


def test_an_answer_without_its_day_is_of_today_and_its_day_cannot_be_taken_away(visit: Visit, with_lists: Path) -> None:
    book = open_notebook()
    kept = book.add(
        Difficulty(commune_code="08521", category="network", text="Mạng chậm", asked_on=dt.date(2025, 9, 1)), by="A"
    )
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "vuong-mac": f"typed:{kept.id}"})
    assert any("đã trả lời mà để trống: hôm nay" in one.label for one in app.date_input)
    app.selectbox(key=f"edit_{kept.id}_1_state").set_value("answered")
    button(app, "Lưu").click()
    app.run()
    assert not app.exception
    (answered,) = book.find(Difficulty)
    assert (answered.state, answered.answered_on) == ("answered", now().date())
    app.date_input(key=f"edit_{kept.id}_2_answered_on").set_value(None)
    button(app, "Lưu").click()
    app.run()
    assert "Chưa chọn ngày trả lời." in words(app)
    assert book.find(Difficulty) == [answered]


def test_a_difficulty_opened_again_has_no_day_of_answer(visit: Visit, with_lists: Path) -> None:
    book = open_notebook()
    answered = {"state": "answered", "answered_on": dt.date(2025, 9, 8)}
    kept = book.add(
        Difficulty(
            commune_code="08521", category="network", text="Mạng chậm", asked_on=dt.date(2025, 9, 1), **answered
        ),
        by="A",
    )
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "vuong-mac": f"typed:{kept.id}"})
    app.selectbox(key=f"edit_{kept.id}_1_state").set_value("open")
    button(app, "Lưu").click()
    app.run()
    assert not app.exception
    (opened,) = book.find(Difficulty)
    assert (opened.state, opened.answered_on) == ("open", None)


def test_an_answer_to_what_somebody_took_away_is_not_lost(visit: Visit, with_lists: Path) -> None:
    book = open_notebook()
    kept = book.add(
        Difficulty(commune_code="08521", category="network", text="Mạng chậm", asked_on=dt.date(2025, 9, 1)), by="A"
    )
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "vuong-mac": f"typed:{kept.id}"})
    book.remove(Difficulty, kept.id or 0, version=1, by="Người kia")
    app.text_area(key=f"edit_{kept.id}_1_answer").set_value("Đã nâng băng thông")
    button(app, "Lưu").click()
    app.run()
    assert not app.exception
    assert "Người khác vừa xóa" in words(app)
    button(app, "Khôi phục và ghi bản của tôi").click()
    app.run()
    (now_kept,) = book.find(Difficulty)
    assert now_kept.answer == "Đã nâng băng thông"


def test_the_second_of_two_who_edit_is_told_and_chooses(visit: Visit, with_lists: Path) -> None:
    book = open_notebook()
    kept = book.add(
        Difficulty(commune_code="08521", category="network", text="Mạng chậm", asked_on=dt.date(2025, 9, 1)), by="A"
    )
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "vuong-mac": f"typed:{kept.id}"})
    assert kept.id is not None
    book.edit(Difficulty, kept.id, version=1, by="B", text="Mạng chậm buổi sáng")
    app.text_area(key=f"edit_{kept.id}_1_answer").set_value("Đã nâng băng thông")
    button(app, "Lưu").click()
    app.run()
    assert not app.exception
    assert "Người khác vừa sửa" in words(app)
    assert book.find(Difficulty)[0].answer == ""
    button(app, "Ghi bản của tôi lên trên").click()
    app.run()
    (last,) = book.find(Difficulty)
    assert (last.text, last.answer) == ("Mạng chậm buổi sáng", "Đã nâng băng thông"), "both changes stand"


def test_nothing_can_be_typed_in_while_presenting(visit: Visit, with_lists: Path) -> None:
    app = visit("difficulties", with_lists, **{"muc-vm": "list", "trinh-chieu": "1"})
    assert not app.exception
    assert not [one for one in app.button if "Ghi vào sổ ghi chép" in one.label]


def test_the_day_is_the_datas_or_that_of_what_was_typed_since_but_never_to_come() -> None:
    def typed(day: dt.date) -> Difficulty:
        return Difficulty(commune_code="1", category="other", text="x", asked_on=day)

    as_of, today = dt.date(2025, 9, 30), dt.date(2025, 10, 2)
    assert day_of(as_of, [], today=today) == as_of
    assert day_of(as_of, [typed(dt.date(2025, 9, 1)), typed(dt.date(2025, 10, 1))], today=today) == dt.date(2025, 10, 1)
    assert day_of(as_of, [typed(dt.date(2026, 1, 1))], today=today) == as_of


# ---- files -----------------------------------------------------------------------------------------------------------


def test_the_workbook_holds_the_list_the_departments_what_is_common_and_its_source(with_lists: Path) -> None:
    snapshot = open_snapshot(with_lists)
    shown = difficulties(snapshot)
    names = dict(snapshot.query("select commune_code, full_name from commune").iter_rows())
    book = openpyxl.load_workbook(BytesIO(workbook(shown, names, about(snapshot, "Vướng mắc"))))
    assert book.sheetnames == ["Vướng mắc", "Theo sở, ngành", "Cùng một vướng mắc", "Nguồn và bộ lọc"]
    rows = [[cell.value for cell in row] for row in book["Vướng mắc"].iter_rows()]
    assert "DỮ LIỆU MÔ PHỎNG" in str(rows[1])
    assert sum(PAYMENT in str(row) for row in rows) == 2
    departments = [[cell.value for cell in row] for row in book["Theo sở, ngành"].iter_rows()]
    assert [SCIENCE, 2, 2, 2, 43, 0, 0] in departments
    assert any("Phường Phúc Yên" in str(row) for row in book["Cùng một vướng mắc"].iter_rows(values_only=True))


def test_the_list_in_words_has_no_code_but_the_communes(with_lists: Path) -> None:
    snapshot = open_snapshot(with_lists)
    frame = listed(difficulties(snapshot), {"08740": "Phường Phú Thọ"})
    cells = set(frame.select(pl.exclude(pl.Date, pl.Int64)).unpivot()["value"].drop_nulls())
    assert not cells & {"open", "answered", "online_payment", "posts", "stated", "list"}
