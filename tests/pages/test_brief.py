"""Phiếu kiểm tra: says what it is before a commune is chosen, then the whole brief, and keeps the commune's word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from notebook import Note, Promise, open_notebook
from pages.parts import brief_files
from reports.brief import compose_brief
from tests.builders import build_snapshot
from tests.pages.test_screens import words as of_elements
from warehouse import open_snapshot

Visit = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """All texts, those of the tables in HTML included."""
    return "\n".join([of_elements(app), *(str(element.proto.body) for element in app.get("html"))])


def test_without_a_commune_the_page_says_what_it_is_and_offers_some(visit: Visit) -> None:
    app = visit("brief")
    assert not app.exception
    assert "Phiếu kiểm tra gói trong hai trang" in words(app)


def test_the_brief_of_a_commune_has_all_its_parts(visit: Visit) -> None:
    app = visit("brief", xa="08521")
    assert not app.exception
    said = words(app)
    for part in (
        "Xã Đồng Lương, từ 01/07/2025 đến 30/09/2025",
        "Việc lần trước",
        "Chưa có cam kết nào được ghi",
        "Nên hỏi",
        "Số liệu chính",
        "Tỷ lệ đúng hạn (biểu II.06)",
        "Điều đáng chú ý",
        "Hồ sơ nên mở",
        "Thư xin lỗi",
        "Ba ngày tới",
        "Thời gian nằm ở đâu",
        "Hợp thành từ",
        "Điều số liệu không nói được",
    ):
        assert part in said, part


def test_of_several_communes_the_first_is_shown(visit: Visit) -> None:
    said = words(visit("brief", xa=["08740", "08521"]))
    assert "đang xem đơn vị đầu tiên" in said
    assert "Phường Phú Thọ, từ" in said


def test_a_province_without_dossiers_has_its_page(visit: Visit, tmp_path: Path) -> None:
    empty = build_snapshot(tmp_path)
    assert not visit("brief", empty).exception
    app = visit("brief", empty, xa="08674")
    assert not app.exception
    assert "Không có hồ sơ nào của đơn vị" in words(app)


def test_an_unknown_commune_is_passed_over_with_a_word(visit: Visit) -> None:
    app = visit("brief", xa="99999")
    assert not app.exception
    assert "99999" in words(app)
    assert "Phiếu kiểm tra gói trong hai trang" in words(app)


def test_a_note_is_kept_under_its_writer_and_stands_with_its_figure(visit: Visit) -> None:
    app = visit("brief", xa="08521")
    save = next(button for button in app.button if button.label == "Ghi lại")
    assert save.disabled
    app.text_area(key="brief_new_note_0").set_value("Hồ sơ đã trả <b>mà</b> chưa cập nhật").run()
    next(one for one in app.text_input if one.label == "Người ghi").set_value("Trung tâm PVHCC").run()
    app.selectbox(key="brief_note_figure").set_value("on_time_rate_ii06")
    next(button for button in app.button if button.label == "Ghi lại").click().run()
    assert not app.exception
    [kept] = open_notebook().find(Note, commune_code="08521")
    assert (kept.indicator, kept.kind, kept.created_by) == ("on_time_rate_ii06", "objection", "Trung tâm PVHCC")
    said = words(app)
    assert "đơn vị có ý kiến" in said
    assert "Hồ sơ đã trả" in said
    assert "Trung tâm PVHCC" in said
    # The field is empty for the next one.
    assert app.text_area(key="brief_new_note_1").value == ""


def a_note(text: str = "Số này chưa đúng") -> Note:
    return open_notebook().add(
        Note(commune_code="08521", kind="objection", indicator="received", text=text, noted_on=dt.date(2025, 9, 2)),
        by="Trung tâm PVHCC",
    )


def test_a_note_is_corrected_where_it_stands(visit: Visit) -> None:
    note = a_note()
    app = visit("brief", xa="08521")
    key = f"brief_note_{note.id}_{note.version}"
    app.text_area(key=f"{key}_text").set_value("Thiếu 12 hồ sơ chưa cập nhật")
    app.selectbox(key=f"{key}_indicator").set_value("pending_late")
    app.button(key=f"{key}_save").click().run()
    assert not app.exception
    [kept] = open_notebook().find(Note, commune_code="08521")
    assert (kept.text, kept.indicator) == ("Thiếu 12 hồ sơ chưa cập nhật", "pending_late")
    assert kept.version == note.version + 1
    assert "Thiếu 12 hồ sơ chưa cập nhật" in words(app)


def test_a_note_is_not_emptied_by_correcting_it(visit: Visit) -> None:
    note = a_note()
    app = visit("brief", xa="08521")
    key = f"brief_note_{note.id}_{note.version}"
    app.text_area(key=f"{key}_text").set_value("  ")
    app.button(key=f"{key}_save").click().run()
    assert "Hãy ghi nội dung" in words(app)
    assert open_notebook().find(Note, commune_code="08521")[0].text == note.text


def test_a_note_that_was_taken_away_comes_back(visit: Visit) -> None:
    note = a_note()
    app = visit("brief", xa="08521")
    app.button(key=f"brief_note_{note.id}_{note.version}_remove").click().run()
    assert not app.exception
    assert not open_notebook().find(Note, commune_code="08521")
    assert "Đơn vị chưa có ý kiến" in words(app)
    app.button(key="trips_undo").click().run()
    assert [one.text for one in open_notebook().find(Note, commune_code="08521")] == [note.text]
    assert "Số này chưa đúng" in words(app)


def test_whoever_corrects_a_note_second_sees_both_texts_and_chooses(visit: Visit) -> None:
    note = a_note()
    app = visit("brief", xa="08521")
    assert note.id is not None
    key = f"brief_note_{note.id}_{note.version}"
    open_notebook().edit(Note, note.id, version=note.version, by="Văn phòng", text="Đã đối chiếu, đúng")
    app.text_area(key=f"{key}_text").set_value("Vẫn thiếu 12 hồ sơ")
    app.button(key=f"{key}_save").click().run()
    said = words(app)
    assert "Người khác vừa sửa" in said
    assert "Đã đối chiếu, đúng" in said
    assert "Vẫn thiếu 12 hồ sơ" in [one.value for one in app.text]
    assert open_notebook().find(Note, commune_code="08521")[0].text == "Đã đối chiếu, đúng"
    next(button for button in app.button if button.label == "Ghi bản của tôi lên trên").click().run()
    assert open_notebook().find(Note, commune_code="08521")[0].text == "Vẫn thiếu 12 hồ sơ"


def test_a_promise_written_elsewhere_shows_in_the_next_run(visit: Visit) -> None:
    assert "Chưa có cam kết nào" in words(visit("brief", xa="08521"))
    open_notebook().add(
        Promise(
            commune_code="08521",
            department="Sở Nội vụ",
            text="Bổ sung một cán bộ",
            promised_on=dt.date(2025, 9, 1),
            indicator="on_time_rate_ii06",
            expected_change=0.2,
        ),
        by="Văn phòng",
    )
    assert "Bổ sung một cán bộ" in words(visit("brief", xa="08521"))


def test_names_and_texts_of_people_are_words_and_never_markup(visit: Visit) -> None:
    open_notebook().add(
        Note(
            commune_code="08521", kind="note", text="<script>x</script> [a](http://b.c)", noted_on=dt.date(2025, 9, 2)
        ),
        by="*đậm*",
    )
    said = words(visit("brief", xa="08521"))
    assert "\\<script>" in said
    assert "[a](http" not in said
    assert "\\*đậm\\*" in said


@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx", "html", "png", "xlsx"])
def test_each_kind_of_file_is_made_and_named_by_what_it_holds(kind: str, warehouse: Path) -> None:
    snapshot = open_snapshot(warehouse)
    brief = compose_brief(snapshot, "08521")
    made = brief_files.maker(kind, brief, snapshot.info, "vi", ())()
    starts = {"pdf": b"%PDF", "docx": b"PK", "pptx": b"PK", "html": b"<!", "png": b"\x89PNG", "xlsx": b"PK"}
    assert made.lstrip().lower().startswith(starts[kind].lower())
    assert brief_files.file_name(brief, kind) == f"phieu-kiem-tra-xa-dong-luong-2025-09-30-mo-phong.{kind}"
