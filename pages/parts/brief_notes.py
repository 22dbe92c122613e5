"""The commune's own word on its figures, and ours: written, corrected, taken away and brought back."""

from __future__ import annotations

import streamlit as st

from language import _
from notebook import Note, Notebook
from notebook.clock import now
from notebook.tables import PROSE
from pages.parts.brief_words import heading
from pages.parts.note_line import draw_note
from pages.parts.plain import sentence
from pages.parts.screen import Screen
from pages.parts.trips_write import add, draw_conflict_of, draw_removed, draw_told
from pages.parts.writer import writer
from reports.content import Brief
from reports.follow_up import figure_name, note_kinds, note_line, notes_of
from reports.shared import FIGURES


def draw_notes(screen: Screen, brief: Brief, book: Notebook | None) -> None:
    """Every note with the way to correct it or take it away, and a form for the next."""
    heading(_("Ý kiến của đơn vị và ghi chép"), "")
    draw_told()
    if not brief.notes:
        st.markdown(sentence(brief.empty["notes"]))
    for note in notes_of(brief.commune_code, book):
        _draw_note(screen, note)
        draw_conflict_of(note)
    if book is None:
        st.warning(_("Không mở được sổ ghi chép, nên chưa ghi được ý kiến."), icon=":material/edit_off:")
        return
    if screen.view.presenting:
        return
    every = book.find(Note, commune_code=brief.commune_code, include_deleted=True)
    removed = [note for note in every if note.deleted_at is not None]
    with st.expander(_("Ghi ý kiến về một số liệu"), icon=":material/edit_note:"):
        _draw_form(screen, brief.commune_code)
    draw_removed(_("Ghi chép đã xóa ({count})").format(count=len(removed)), removed)


def _draw_note(screen: Screen, note: Note) -> None:
    line = note_line(note)
    # What a note is about may be nothing, or a figure that the brief does not show.
    figures = {one: _figure(one) for one in dict.fromkeys([note.indicator or "", *FIGURES])}
    parts = (line.kind, line.indicator, line.who, line.when)
    draw_note(screen, note, parts, prefix="brief_note", figures=figures)


def _figure(indicator_id: str) -> str:
    return figure_name(indicator_id) or _("không về chỉ tiêu nào")


def _draw_form(screen: Screen, commune_code: str) -> None:
    # Emptied after a note was kept, by a key that nobody has typed in yet.
    key = f"brief_new_note_{st.session_state.setdefault('brief_note_turn', 0)}"
    left, right = st.columns(2)
    with left:
        st.selectbox(_("Về số liệu"), list(FIGURES), format_func=_figure, key="brief_note_figure")
    with right:
        kinds = note_kinds()
        st.selectbox(_("Là"), list(kinds), format_func=kinds.__getitem__, key="brief_note_kind")
    text = st.text_area(
        _("Nội dung"),
        key=key,
        max_chars=PROSE,
        placeholder=_("Ví dụ: 12 hồ sơ đã trả kết quả nhưng chưa cập nhật do lỗi phần mềm từ 03/11."),
    )
    writer(screen)
    st.caption(_("Không ghi tên, số điện thoại hay giấy tờ của người dân."))
    st.button(
        _("Ghi lại"),
        icon=":material/save:",
        disabled=not text.strip(),
        key="brief_note_save",
        on_click=_add,
        args=(commune_code, key),
    )


def _add(commune_code: str, key: str) -> None:
    asked = st.session_state
    note = Note(
        commune_code=commune_code,
        kind=asked["brief_note_kind"],
        indicator=asked["brief_note_figure"],
        text=str(asked[key]).strip(),
        noted_on=now().date(),
    )
    if add(note):
        asked["brief_note_turn"] += 1
