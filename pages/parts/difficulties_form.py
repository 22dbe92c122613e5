"""Typing a difficulty in, changing, answering and removing one, and bringing a removed one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from indicators.difficulties import SETTLED, categories, states
from language import _
from language.formats import date_time
from language.personal import masked_words, personal_in
from notebook import Difficulty, EditConflict, NotebookError
from notebook.clock import now
from notebook.tables import LINE
from notebook.words import value_name
from pages.parts.difficulties_data import Found, department_names
from pages.parts.edit_conflict import draw_conflict, keep_conflict
from pages.parts.filters import commune_options
from pages.parts.held import held
from pages.parts.notebook_data import book
from pages.parts.picker import picker
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.trips_write import texts_in
from pages.parts.writer import writer, writer_name

_COMMUNE, _DONE, _FAULT, _OPEN = "new_difficulty_commune", "difficulty_done", "difficulty_fault", "difficulty_form"
_TEXT_LIMIT = 2_000


def draw_new(screen: Screen, found: Found, *, expanded: bool = False) -> None:
    """The form of a new difficulty behind one line, and what became of the last thing written."""
    if screen.view.presenting:
        return
    _draw_outcome()
    with st.expander(_("Ghi vướng mắc mới"), expanded=expanded, icon=":material/add:", key=_OPEN):
        if _COMMUNE not in st.session_state:
            st.session_state[_COMMUNE] = screen.view.communes[:1]
        left, right = st.columns(2)
        with left:
            picker(
                _("Xã, phường nêu"),
                commune_options(screen.lists),
                st.session_state[_COMMUNE],
                key="new_difficulty_picker",
                on_pick=lambda values: st.session_state.update({_COMMUNE: values}),
            )
        with right:
            writer(screen)
        with st.form("new_difficulty", border=False):
            _fields("new", found, None, screen)
            st.form_submit_button(
                _("Ghi vào sổ ghi chép"), type="primary", on_click=_add, icon=":material/save:", key="add_difficulty"
            )


def _key(one: Difficulty) -> str:
    return f"edit_{one.id}_{one.version}"


def draw_edit(screen: Screen, found: Found, one: Difficulty) -> None:
    """Who typed it, the form of its change, the button that removes it, and a conflict that waits for a choice."""
    at = one.updated_at or one.created_at
    st.caption(_("{by} ghi, {at}").format(by=plain(one.updated_by), at=date_time(at)))
    if screen.view.presenting:
        return
    draw_conflict(f"difficulty_{one.id}", by=writer_name(), spoken=_spoken(screen))
    one = held(one, _key)
    with st.expander(_("Sửa hoặc ghi trả lời"), icon=":material/edit:"):
        with st.form(f"edit_difficulty_{one.id}", border=False):
            _fields(_key(one), found, one, screen)
            st.form_submit_button(
                _("Lưu"),
                type="primary",
                on_click=_edit,
                args=(one, screen.as_of),
                icon=":material/save:",
                key=f"save_{one.id}",
            )
        st.button(
            _("Xóa vướng mắc này"), key=f"remove_{one.id}", icon=":material/delete:", on_click=_remove, args=(one,)
        )


def draw_removed(screen: Screen) -> None:
    """What was removed and can be brought back."""
    if screen.view.presenting:
        return
    try:
        removed = [one for one in book().find(Difficulty, include_deleted=True) if one.deleted_at is not None]
    except NotebookError:
        return  # said above the screen already
    removed = [one for one in removed if one.commune_code in screen.lists.communes]
    if not removed:
        return
    for one in removed:
        # Somebody else took away what is being corrected here.
        draw_conflict(f"difficulty_{one.id}", by=writer_name(), spoken=_spoken(screen))
    with st.expander(_("Đã xóa ({n})").format(n=len(removed)), icon=":material/delete_history:"):
        for one in reversed(removed[-20:]):
            with st.container(horizontal=True, vertical_alignment="center"):
                text = _("{text} · {commune} · {by} xóa {at}").format(
                    text=one.text, commune=screen.commune_name(one.commune_code), by=one.updated_by,
                    at=date_time(one.deleted_at),
                )  # fmt: skip
                st.markdown(plain(text))
                st.button(
                    _("Khôi phục"), key=f"restore_{one.id}", icon=":material/undo:", on_click=_restore, args=(one.id,)
                )


def _fields(prefix: str, found: Found, one: Difficulty | None, screen: Screen) -> None:
    """The widgets of a form; their values stay in the session under `prefix`."""
    names = categories()
    today = max(now().date(), screen.as_of)
    st.text_area(
        _("Nội dung (không ghi tên, số điện thoại của người dân)"),
        value=one.text if one else "",
        key=f"{prefix}_text",
        max_chars=_TEXT_LIMIT,
        height=90,
    )
    first, second = st.columns(2)
    first.selectbox(
        _("Nhóm"),
        list(names),
        index=list(names).index(one.category) if one else None,
        format_func=lambda id_: names[id_],
        key=f"{prefix}_category",
        placeholder=_("Chọn nhóm"),
    )
    departments = department_names(found.everything)
    if one and one.department and one.department not in departments:
        departments.append(one.department)
    second.selectbox(
        _("Sở, ngành phải trả lời"),
        departments,
        index=departments.index(one.department) if one and one.department else None,
        key=f"{prefix}_department",
        accept_new_options=True,
        placeholder=_("Chọn, hoặc gõ tên rồi nhấn Enter"),
    )
    first.date_input(
        _("Ngày nêu"), one.asked_on if one else today, max_value=today, format="DD/MM/YYYY", key=f"{prefix}_asked_on"
    )
    second.date_input(_("Hạn trả lời"), one.due_on if one else None, format="DD/MM/YYYY", key=f"{prefix}_due_on")
    first.number_input(_("Số lượt, hồ sơ vướng"), 1, None, one.count if one else None, step=1, key=f"{prefix}_count")
    second.text_input(_("Nguồn"), one.source if one else "", max_chars=LINE, key=f"{prefix}_source")
    if one is None:
        return
    states_by_id = states()
    first.selectbox(
        _("Tình trạng"),
        list(states_by_id),
        index=list(states_by_id).index(one.state),
        format_func=lambda id_: states_by_id[id_],
        key=f"{prefix}_state",
    )
    second.date_input(
        _("Ngày trả lời (đã trả lời mà để trống: hôm nay)"),
        one.answered_on,
        max_value=today,
        format="DD/MM/YYYY",
        key=f"{prefix}_answered_on",
    )
    st.text_area(_("Nội dung trả lời"), value=one.answer, key=f"{prefix}_answer", max_chars=_TEXT_LIMIT, height=90)


def _values(prefix: str, *, with_answer: bool) -> dict[str, Any]:
    names = ["text", "category", "department", "asked_on", "due_on", "count", "source"]
    names += ["state", "answered_on", "answer"] if with_answer else []
    values = {name: st.session_state.get(f"{prefix}_{name}") for name in names}
    for name in ("text", "source", "answer"):
        if name in values:
            values[name] = (values[name] or "").strip()
    values["department"] = (values["department"] or "").strip() or None
    return values


def _missing(values: dict[str, Any]) -> str:
    if not values["text"]:
        return _("Chưa ghi nội dung vướng mắc.")
    if not values["category"]:
        return _("Chưa chọn nhóm của vướng mắc.")
    return _("Chưa chọn ngày nêu.") if values["asked_on"] is None else ""


def _add() -> None:
    values = _values("new", with_answer=False)
    communes = st.session_state.get(_COMMUNE, ())
    fault = _missing(values) if communes else _("Chưa chọn xã, phường nêu vướng mắc.")
    if fault:
        st.session_state[_FAULT] = fault
        return

    def write() -> None:
        kept = book().add(Difficulty(commune_code=communes[0], **values), by=writer_name())
        st.session_state[_DONE] = _with_masked(_("Đã ghi: {text}").format(text=kept.text), values)
        st.session_state["new_text"] = ""
        # Whatever the filters keep, what was just written is seen.
        change_view(
            difficulty_part="list",
            difficulty=f"typed:{kept.id}",
            **{"categories": (), "departments": (), "answered": "all", "difficulty_search": ""},
        )

    _tried(write)


def _edit(one: Difficulty, as_of: dt.date) -> None:
    values = _values(_key(one), with_answer=True)
    is_undated = values["state"] == "answered" and values["answered_on"] is None
    if is_undated and one.state != "answered":
        values["answered_on"] = max(now().date(), as_of)
    if values["state"] not in SETTLED and one.state in SETTLED and values["answered_on"] == one.answered_on:
        # Opened again: it is answered on another day.
        values["answered_on"] = None
    fault = _missing(values)
    if not fault and is_undated and one.answered_on is not None and one.state == "answered":
        fault = _("Chưa chọn ngày trả lời.")
    if fault:
        st.session_state[_FAULT] = fault
        return
    # Only what was changed is written, so that two people may mend different things.
    changed = {name: value for name, value in values.items() if value != getattr(one, name)}

    def write() -> None:
        assert one.id is not None
        try:
            book().edit(Difficulty, one.id, version=one.version, by=writer_name(), **changed)
        except EditConflict as conflict:
            keep_conflict(f"difficulty_{one.id}", conflict)
            return
        st.session_state[_DONE] = _with_masked(_("Đã lưu."), changed)

    _tried(write)


def _remove(one: Difficulty) -> None:
    def write() -> None:
        assert one.id is not None
        try:
            book().remove(Difficulty, one.id, version=one.version, by=writer_name())
        except EditConflict as conflict:
            keep_conflict(f"difficulty_{one.id}", conflict)
            return
        st.session_state[_DONE] = _("Đã xóa: {text}. Có thể khôi phục ở mục «Đã xóa».").format(text=one.text)
        change_view(difficulty="")

    _tried(write)


def _restore(number: int) -> None:
    def write() -> None:
        kept = book().restore(Difficulty, number, by=writer_name())
        st.session_state[_DONE] = _("Đã khôi phục: {text}").format(text=kept.text)
        change_view(difficulty=f"typed:{number}")

    _tried(write)


def _with_masked(words: str, values: dict[str, Any]) -> str:
    """The words, and what of the typed fields the notebook masked."""
    told = masked_words(personal_in(texts_in(values)))
    return f"{words.rstrip('.')}. {told}" if told else words


def _tried(write: Callable[[], None]) -> None:
    try:
        write()
    except NotebookError as error:
        st.session_state[_FAULT] = str(error)


def _draw_outcome() -> None:
    if fault := st.session_state.pop(_FAULT, None):
        st.error(plain(fault), icon=":material/error:")
    if done := st.session_state.pop(_DONE, None):
        st.success(plain(done), icon=":material/check:")


def _spoken(screen: Screen) -> Callable[[str, Any], str]:
    def spoken(name: str, value: Any) -> str:
        if name == "category" and value in categories():
            return categories()[value]
        if name == "state" and value in states():
            return states()[value]
        if name == "commune_code" and value in screen.lists.communes:
            return screen.commune_name(value)
        return value_name(name, value)

    return spoken
