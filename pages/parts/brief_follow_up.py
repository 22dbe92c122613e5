"""What was promised last time and what became of it, difficulties, and the commune's own word."""

from __future__ import annotations

import streamlit as st

from indicators import indicator
from language import _
from notebook import Note, Notebook, NotebookError
from notebook.clock import now
from notebook.tables import PROSE
from pages.parts.brief_words import heading
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.writer import writer, writer_name
from reports.content import Brief, DifficultyLine, NoteLine, PromiseLine
from reports.follow_up import note_kinds
from reports.shared import FIGURES

_ICONS = {
    "kept": ":material/check_circle:",
    "not_kept": ":material/cancel:",
    "not_measurable": ":material/help:",
    "too_early": ":material/hourglass_empty:",
}


def draw_follow_up(brief: Brief) -> None:
    """The promises with their verdicts, then the difficulties that wait for an answer."""
    heading(_("Việc lần trước"), brief.last_visit_text)
    if brief.promises:
        for promise in brief.promises:
            _draw_promise(promise)
    else:
        st.markdown(sentence(brief.empty["promises"]))
    st.markdown(f"**{_('Vướng mắc, kiến nghị')}**")
    if not brief.difficulties:
        st.markdown(sentence(brief.empty["difficulties"]))
    for difficulty in brief.difficulties:
        _draw_difficulty(difficulty)


def _draw_promise(promise: PromiseLine) -> None:
    words = _("{icon} **{verdict}** · {text} ({department}, hạn {due})").format(
        icon=_ICONS[promise.verdict],
        verdict=plain(promise.verdict_text.capitalize()),
        text=sentence(promise.text),
        department=plain(promise.department),
        due=promise.due_text,
    )
    st.markdown(words)
    st.caption(sentence(promise.evidence))


def _draw_difficulty(difficulty: DifficultyLine) -> None:
    state = difficulty.state + (", " + _("quá hạn trả lời") if difficulty.is_overdue else "")
    words = _("- {text} · {category} · {department} · nêu {asked}, hạn {due}: **{state}**").format(
        text=sentence(difficulty.text),
        category=plain(difficulty.category),
        department=plain(difficulty.department),
        asked=difficulty.asked_on,
        due=difficulty.due_text,
        state=plain(state),
    )
    st.markdown(words + (f". {sentence(difficulty.answer)}" if difficulty.answer else ""))


def draw_notes(screen: Screen, brief: Brief, book: Notebook | None) -> None:
    """The commune's word on its figures, and a form to write one down."""
    heading(_("Ý kiến của đơn vị và ghi chép"), "")
    if not brief.notes:
        st.markdown(sentence(brief.empty["notes"]))
    for note in brief.notes:
        _draw_note(note)
    if book is None:
        st.warning(_("Không mở được sổ ghi chép, nên chưa ghi được ý kiến."), icon=":material/edit_off:")
    elif not screen.view.presenting:
        with st.expander(_("Ghi ý kiến về một số liệu"), icon=":material/edit_note:"):
            _draw_form(screen, brief, book)


def _draw_note(note: NoteLine) -> None:
    head = " · ".join(plain(part) for part in (note.kind, note.indicator, note.who, note.when) if part)
    st.markdown(f"- {sentence(note.text)}  \n  {head}")


def _draw_form(screen: Screen, brief: Brief, book: Notebook) -> None:
    # Emptied after a note was kept, by a key that nobody has typed in yet.
    turn = st.session_state.setdefault("brief_note_turn", 0)
    names = {one: indicator(one).name for one in FIGURES}
    left, right = st.columns(2)
    with left:
        figure = st.selectbox(_("Về số liệu"), list(FIGURES), format_func=names.__getitem__, key="brief_note_figure")
    with right:
        kinds = note_kinds()
        kind = st.selectbox(_("Là"), list(kinds), format_func=kinds.__getitem__, key="brief_note_kind")
    text = st.text_area(
        _("Nội dung"),
        key=f"brief_note_{turn}",
        max_chars=PROSE,
        placeholder=_("Ví dụ: 12 hồ sơ đã trả kết quả nhưng chưa cập nhật do lỗi phần mềm từ 03/11."),
    )
    writer(screen)
    st.caption(_("Không ghi tên, số điện thoại hay giấy tờ của người dân."))
    if st.button(_("Ghi lại"), icon=":material/save:", disabled=not text.strip(), key="brief_note_save"):
        note = Note(
            commune_code=brief.commune_code, kind=kind, indicator=figure, text=text.strip(), noted_on=now().date()
        )
        try:
            book.add(note, by=writer_name())
        except NotebookError as error:
            st.error(plain(str(error)))
        else:
            st.session_state["brief_note_turn"] = turn + 1
            st.rerun()
