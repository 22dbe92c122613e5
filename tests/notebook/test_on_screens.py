"""What the screens share: the store, who writes, and the choice after two people changed the same record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from notebook import EditConflict, Note, Promise, open_notebook
from tests.notebook.conftest import BY, promise


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def screen() -> None:
    """A page that asks who writes, and has changed and removed what others had changed before."""
    import streamlit as st

    from notebook import EditConflict, Promise
    from pages.parts.edit_conflict import draw_conflict, keep_conflict
    from pages.parts.notebook_data import book
    from pages.parts.writer import writer, writer_name

    by = writer(None)  # type: ignore[arg-type]
    assert by == writer_name()
    st.write(f"writer: {by}")
    if st.button("save"):
        for number in (1, 2):
            try:
                book().edit(Promise, number, version=1, by=by, text="của tôi")
            except EditConflict as conflict:
                keep_conflict(f"edited {number}", conflict)
        try:
            book().remove(Promise, 3, version=1, by=by)
        except EditConflict as conflict:
            keep_conflict("removed", conflict)
    for number in (1, 2):
        draw_conflict(f"edited {number}", by=by)
    draw_conflict("removed", by=by)


@pytest.fixture
def app() -> AppTest:
    """Three promises that others changed: the first and the third edited, the second removed."""
    book = open_notebook()
    for _ in range(3):
        book.add(promise(text="cũ"), by=BY)
    book.edit(Promise, 1, version=1, by="Sở *Tư pháp*", text="của họ", outcome="họ ghi thêm")
    book.remove(Promise, 2, version=1, by="Sở Y tế")
    book.edit(Promise, 3, version=1, by="Sở Y tế", text="của họ")
    app = AppTest.from_function(screen, default_timeout=30).run()
    app.text_input[0].set_value("  Văn phòng   tỉnh ").run()
    return app.button[0].click().run()


def press(app: AppTest, label: str) -> AppTest:
    (found,) = [button for button in app.button if button.label == label]
    return found.click().run()


def texts(app: AppTest) -> list[str]:
    return [each.value for each in app.text]


def test_the_writer_is_asked_once_a_session(app: AppTest) -> None:
    assert not app.exception
    assert "writer: Văn phòng tỉnh" in [each.value for each in app.markdown]
    assert AppTest.from_function(screen).run().markdown[0].value == "writer: Người chưa ghi tên"


def test_what_nobody_signed_is_told_in_whole_sentences() -> None:
    nobody = AppTest.from_function(screen).run().markdown[0].value.removeprefix("writer: ")
    book = open_notebook()
    number = book.add(Note(text="cũ", noted_on=dt.date(2026, 1, 1)), by="A").id or 0
    book.edit(Note, number, version=1, by=nobody, text="mới")
    with pytest.raises(EditConflict, match="Người chưa ghi tên đã sửa nội dung này lúc "):
        book.edit(Note, number, version=1, by="A", text="khác")


def test_both_texts_are_shown_and_nothing_has_been_written(app: AppTest) -> None:
    assert texts(app)[:4] == ["của họ", "của tôi", "họ ghi thêm", "bạn không sửa mục này"]
    assert [each.version for each in open_notebook().find(Promise, include_deleted=True)] == [2, 2, 2]
    words = " ".join(each.value for each in app.markdown)
    assert "Sở \\*Tư pháp\\*" in words and "Sở *Tư pháp*" not in words


def test_the_writer_may_write_over_the_newer_version(app: AppTest) -> None:
    for label, number, expected in (
        ("Ghi bản của tôi lên trên", 1, ("của tôi", "họ ghi thêm", "Văn phòng tỉnh")),
        ("Khôi phục và ghi bản của tôi", 2, ("của tôi", "", "Văn phòng tỉnh")),
        ("Vẫn xóa", 3, None),
    ):
        app = press(app, label)
        assert not app.exception
        kept = open_notebook().get(Promise, number)
        assert (kept and (kept.text, kept.outcome, kept.updated_by)) == expected
    assert len(app.button) == 1
    assert [each.by for each in open_notebook().history(Promise, 1)] == [BY, "Sở *Tư pháp*", "Văn phòng tỉnh"]


def test_the_writer_may_leave_it_as_the_others_have_it(app: AppTest) -> None:
    before = open_notebook().find(Promise, include_deleted=True)
    for label in ("Giữ bản đang có", "Để nguyên như đã xóa", "Giữ lại"):
        app = press(app, label)
    assert len(app.button) == 1
    assert open_notebook().find(Promise, include_deleted=True) == before


def test_whoever_was_overtaken_again_is_told_again(app: AppTest) -> None:
    open_notebook().edit(Promise, 1, version=2, by="Người thứ ba", text="lại khác")
    app = press(app, "Ghi bản của tôi lên trên")
    assert texts(app)[0] == "lại khác"
    assert "Người thứ ba" in " ".join(each.value for each in app.markdown)
    app = press(app, "Ghi bản của tôi lên trên")
    kept = open_notebook().get(Promise, 1)
    assert kept is not None and (kept.text, kept.version) == ("của tôi", 4)


def form() -> None:
    """A page with the form of one promise, whose text is sent as soon as it is typed."""
    import streamlit as st

    from notebook import EditConflict, Promise
    from pages.parts.edit_conflict import draw_conflict, keep_conflict
    from pages.parts.held import held
    from pages.parts.notebook_data import book

    newest = book().get(Promise, 1)
    assert newest is not None
    promise = held(newest, lambda one: f"promise_{one.id}_{one.version}")
    key = f"promise_{promise.id}_{promise.version}"
    draw_conflict("promise", by="Tôi")

    def save() -> None:
        try:
            book().edit(Promise, 1, version=promise.version, by="Tôi", text=st.session_state[f"{key}_text"].strip())
        except EditConflict as conflict:
            keep_conflict("promise", conflict)

    st.text_area("text", value=promise.text, key=f"{key}_text")
    st.button("save", key=f"{key}_save", on_click=save)


@pytest.fixture
def typing() -> AppTest:
    open_notebook().add(promise(text="cũ"), by=BY)
    return AppTest.from_function(form, default_timeout=30).run()


def test_what_others_write_does_not_slide_under_what_is_being_typed(typing: AppTest) -> None:
    typing.text_area[0].set_value("đang gõ").run()
    open_notebook().edit(Promise, 1, version=1, by="Người khác", text="của họ")
    typing.run()
    assert typing.text_area[0].value == "đang gõ"
    press(typing, "save")
    assert texts(typing) == ["của họ", "đang gõ"]
    assert [each.text for each in open_notebook().find(Promise)] == ["của họ"]
    assert typing.text_area[0].value == "đang gõ"
    press(typing, "Giữ bản đang có")
    assert typing.text_area[0].value == "của họ"


def test_a_form_in_which_nobody_types_shows_the_newest(typing: AppTest) -> None:
    open_notebook().edit(Promise, 1, version=1, by="Người khác", text="của họ")
    assert typing.run().text_area[0].value == "của họ"
    typing.text_area[0].set_value("  của tôi ").run()
    press(typing, "save")
    typing.text_area[0].set_value("của tôi, lần nữa").run()
    press(typing, "save")
    assert [(each.text, each.version) for each in open_notebook().find(Promise)] == [("của tôi, lần nữa", 4)]
    assert texts(typing) == []


def test_whoever_writes_over_the_newer_version_goes_on_from_there(typing: AppTest) -> None:
    typing.text_area[0].set_value("của tôi").run()
    open_notebook().edit(Promise, 1, version=1, by="Người khác", text="của họ")
    press(typing, "save")
    press(typing, "Ghi bản của tôi lên trên")
    typing.text_area[0].set_value("của tôi, lần nữa").run()
    press(typing, "save")
    assert [(each.text, each.version) for each in open_notebook().find(Promise)] == [("của tôi, lần nữa", 4)]
    assert texts(typing) == []
