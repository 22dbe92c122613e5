"""A note as one line with what is known of it, and the form that corrects it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from language import _
from notebook import Note
from notebook.tables import PROSE
from pages.parts.held import held
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.trips_write import edit, refuse, remove


def draw_note(
    screen: Screen, note: Note, parts: Sequence[str], *, prefix: str, figures: Mapping[str, str] | None = None
) -> None:
    """The note, `parts` (kind, figure, writer, day) under it. With `figures`, by ID, the one that it is about can be
    corrected too, else only its text; `prefix` keeps the widgets of one screen from those of another."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        head = " · ".join(plain(part) for part in parts if part)
        st.markdown(f"- {sentence(note.text)}  \n  {head}", width="stretch")
        if screen.view.presenting:
            return
        with st.popover("", icon=":material/edit:", help=_("Sửa hoặc xóa")):
            note = held(note, lambda one: f"{prefix}_{one.id}_{one.version}")
            key = f"{prefix}_{note.id}_{note.version}"
            if figures is not None:
                st.selectbox(_("Về số liệu"), list(figures), format_func=figures.__getitem__, key=f"{key}_indicator")
            st.text_area(_("Nội dung"), value=note.text, max_chars=PROSE, key=f"{key}_text")
            st.button(_("Ghi lại"), icon=":material/save:", key=f"{key}_save", on_click=_save, args=(note, key))
            st.button(
                _("Xóa"), icon=":material/delete:", key=f"{key}_remove", on_click=remove, args=(note, note.text[:60])
            )


def _save(note: Note, key: str) -> None:
    asked = st.session_state
    text = str(asked[f"{key}_text"]).strip()
    if not text:
        refuse(_("Hãy ghi nội dung."))
        return
    about = {"indicator": asked[f"{key}_indicator"] or None} if f"{key}_indicator" in asked else {}
    edit(note, text=text, **about)
