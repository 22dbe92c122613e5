"""Two people changed the same record: the second sees both texts and chooses; nothing is lost either way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from language import _
from language.formats import date_time
from notebook import EditConflict, NotebookError, Record
from notebook.fields import fields_of
from notebook.words import field_name, value_name
from pages.parts.held import let_go
from pages.parts.notebook_data import book
from pages.parts.plain import plain


def keep_conflict(key: str, conflict: EditConflict) -> None:
    """Remember a conflict until its writer has chosen; `key` is the record's on this screen."""
    st.session_state[_place(key)] = conflict


def draw_conflict(key: str, *, by: str, spoken: Callable[[str, Any], str] = value_name) -> None:
    """The conflict kept under `key`, where there is one; `spoken` says a field's value in words."""
    conflict: EditConflict | None = st.session_state.get(_place(key))
    if conflict is None:
        return
    with st.container(border=True):
        title = _("Người khác vừa sửa") if conflict.theirs.deleted_at is None else _("Người khác vừa xóa")
        st.markdown(f":material/edit_note: **{title}**")
        st.write(plain(str(conflict)))
        _draw_both(conflict, spoken)
        _draw_choice(key, conflict, by)
        problem = st.session_state.get(f"{_place(key)}_problem")
        if problem:
            st.error(plain(problem))


def _draw_both(conflict: EditConflict, spoken: Callable[[str, Any], str]) -> None:
    theirs, mine = st.columns(2)
    theirs.markdown(_("**Bản đang có** · {by}, {at}").format(by=plain(conflict.by), at=date_time(conflict.at)))
    mine.markdown(_("**Bản của bạn** · chưa ghi") if conflict.changed else _("**Bản bạn đã mở**"))
    for name in fields_of(type(conflict.theirs)):
        now, wanted = getattr(conflict.theirs, name), getattr(conflict.mine, name)
        if now == wanted:
            continue
        is_mine = name in conflict.changed or not conflict.changed
        heading = field_name(name)
        # A row of its own for each field, so that the two texts stand side by side.
        for column, value in zip(
            st.columns(2),
            (spoken(name, now), spoken(name, wanted) if is_mine else _("bạn không sửa mục này")),
            strict=True,
        ):
            with column.container(gap=None):
                st.caption(heading[:1].upper() + heading[1:])
                st.text(value)


def _draw_choice(key: str, conflict: EditConflict, by: str) -> None:
    removed = conflict.theirs.deleted_at is not None
    if not conflict.changed:
        write, leave = _("Vẫn xóa"), _("Giữ lại")
        told = _("Xóa rồi vẫn khôi phục được.")
    elif removed:
        write, leave = _("Khôi phục và ghi bản của tôi"), _("Để nguyên như đã xóa")
        told = _("Nội dung trước khi xóa vẫn còn trong lịch sử.")
    else:
        write, leave = _("Ghi bản của tôi lên trên"), _("Giữ bản đang có")
        told = _("Chỉ những mục bạn sửa được thay; bản bị thay vẫn còn trong lịch sử.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(leave, key=f"{_place(key)}_leave", on_click=_forget, args=(key,))
        if conflict.changed or not removed:
            st.button(write, key=f"{_place(key)}_write", type="primary", on_click=_write, args=(key, by))
    st.caption(told)


def _write(key: str, by: str) -> None:
    conflict: EditConflict = st.session_state[_place(key)]
    theirs: Record = conflict.theirs
    kind, number = type(theirs), theirs.id
    assert number is not None
    st.session_state.pop(f"{_place(key)}_problem", None)
    try:
        if not conflict.changed:
            book().remove(kind, number, version=theirs.version, by=by)
        else:
            version = theirs.version
            if theirs.deleted_at is not None:
                version = book().restore(kind, number, by=by).version
            book().edit(
                kind,
                number,
                version=version,
                by=by,
                **{name: getattr(conflict.mine, name) for name in conflict.changed},
            )
    except EditConflict as again:
        keep_conflict(key, again)
    except NotebookError as error:
        st.session_state[f"{_place(key)}_problem"] = str(error)
    else:
        _forget(key)


def _forget(key: str) -> None:
    conflict: EditConflict = st.session_state.pop(_place(key))
    let_go(conflict.theirs)
    st.session_state.pop(f"{_place(key)}_problem", None)


def _place(key: str) -> str:
    return f"edit_conflict_{key}"
