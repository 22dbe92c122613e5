"""What was said and ordered on a trip."""

from __future__ import annotations

import streamlit as st

from indicators import catalogue
from language import _
from language.formats import date
from notebook import Note, Trip
from notebook.tables import PROSE
from pages.parts.note_line import draw_note
from pages.parts.screen import Screen
from pages.parts.trips_data import Log, declared
from pages.parts.trips_write import add, draw_conflict_of, draw_removed, refuse


def kinds() -> dict[str, str]:
    return {"order": _("Chỉ đạo"), "observation": _("Ghi nhận tại chỗ"), "note": _("Ghi chú, câu hỏi")}


def draw_notes(screen: Screen, log: Log, trip: Trip) -> None:
    """Notes and orders in the order in which they were written, and a form for the next."""
    st.subheader(_("Ghi chép và chỉ đạo"), anchor=False)
    every = log.book.find(Note, trip_id=trip.id, include_deleted=True)
    notes = [one for one in every if one.deleted_at is None]
    if not notes:
        st.caption(_("Chưa ghi gì về chuyến đi này."))
    for note in notes:
        _draw_note(screen, note)
        draw_conflict_of(note)
    if screen.view.presenting:
        return
    with st.expander(_("Ghi thêm"), icon=":material/edit_note:"):
        _draw_new(screen, log, trip)
    removed = [one for one in every if one.deleted_at is not None]
    draw_removed(_("Ghi chép đã xóa ({count})").format(count=len(removed)), removed)


def _draw_note(screen: Screen, note: Note) -> None:
    figure = declared(note.indicator)
    commune = screen.lists.communes.get(note.commune_code or "")
    parts = [
        kinds().get(note.kind, ""),
        commune.full_name if commune else note.commune_code or "",
        figure.name if figure else note.indicator or "",
        note.updated_by,
        date(note.noted_on),
    ]
    draw_note(screen, note, parts, prefix="note")


def _draw_new(screen: Screen, log: Log, trip: Trip) -> None:
    key = f"new_note_{trip.id}_{st.session_state.setdefault('trip_note_turn', 0)}"
    names = kinds()
    codes = [code for code in log.codes(trip) if code in screen.lists.communes]
    figures = {one.id: one.name for one in catalogue.CATALOGUE}
    left, middle, right = st.columns(3)
    with left:
        st.selectbox(_("Loại"), list(names), format_func=names.__getitem__, key=f"{key}_kind")
    with middle:
        st.selectbox(
            _("Về đơn vị"),
            [*codes, ""],
            format_func=lambda code: screen.commune_name(code) if code else _("cả chuyến đi"),
            key=f"{key}_commune",
        )
    with right:
        st.selectbox(
            _("Về chỉ tiêu"),
            ["", *figures],
            format_func=lambda one: figures.get(one, _("không về chỉ tiêu nào")),
            key=f"{key}_figure",
        )
    st.text_area(_("Nội dung"), max_chars=PROSE, key=f"{key}_text")
    st.caption(_("Không ghi tên, số điện thoại hay giấy tờ của người dân."))
    st.button(_("Ghi lại"), icon=":material/save:", key=f"{key}_save", on_click=_add, args=(trip, key))


def _add(trip: Trip, key: str) -> None:
    asked = st.session_state
    text = str(asked[f"{key}_text"]).strip()
    if not text:
        refuse(_("Hãy ghi nội dung."))
        return
    note = Note(
        trip_id=trip.id,
        commune_code=asked[f"{key}_commune"] or None,
        kind=asked[f"{key}_kind"],
        indicator=asked[f"{key}_figure"] or None,
        text=text,
        noted_on=trip.starts_on,
    )
    if add(note):
        st.session_state["trip_note_turn"] += 1
