"""Chuyến đi: a leader's trip, from the choice of communes to what became of the promises."""

from __future__ import annotations

import streamlit as st

from language import _
from language.formats import date
from pages.parts.plain import plain
from pages.parts.screen import close_screen, open_screen
from pages.parts.state import change_view
from pages.parts.trips_clash import draw_clashes
from pages.parts.trips_data import last_day, read_log
from pages.parts.trips_files import draw_files
from pages.parts.trips_form import draw_edit, states
from pages.parts.trips_list import draw_list
from pages.parts.trips_notes import draw_notes
from pages.parts.trips_plan import draw_plan
from pages.parts.trips_promises import draw_promises
from pages.parts.trips_write import ask_writer, draw_conflict_of, draw_told, mark_done, remove

screen = open_screen(_("Chuyến đi"), of_period=False)
log = read_log(screen)
trip = log.trip(screen.view.trip) if log else None
draw_told()
if log is None:
    st.caption(_("Chưa xem và chưa lập được chuyến đi."))
elif trip is None:
    if screen.view.trip:
        st.warning(_("Không có chuyến đi này, hoặc nó đã bị xóa."), icon=":material/link_off:")
    draw_list(screen, log)
else:
    days = date(trip.starts_on)
    if last_day(trip) != trip.starts_on:
        days = _("{first} đến {last}").format(first=days, last=date(trip.ends_on))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(plain(trip.title), anchor=False, width="content")
        st.badge(states()[trip.state], color="blue" if trip.state == "planned" else "gray")
        st.markdown(f"{plain(trip.leader)} · {days}", width="content")
        if not screen.view.presenting:
            st.button(
                _("Mọi chuyến đi"),
                icon=":material/arrow_back:",
                on_click=change_view,
                kwargs={"trip": 0},
                key="trips_back",
            )
            if trip.state == "planned" and last_day(trip) < screen.as_of:
                st.button(
                    _("Đánh dấu đã đi"),
                    icon=":material/done:",
                    key="trip_done",
                    on_click=mark_done,
                    args=(trip,),
                )
    if trip.departments:
        st.caption(_("Cùng đi: {departments}").format(departments=plain(", ".join(trip.departments))))
    if trip.summary:
        st.markdown(plain(trip.summary))
    draw_conflict_of(trip)
    draw_clashes(screen, log, trip)
    draw_files(screen, log, trip)
    draw_plan(screen, log, trip)
    ask_writer(screen)
    draw_promises(screen, log, trip)
    draw_notes(screen, log, trip)
    if not screen.view.presenting:
        with st.expander(_("Sửa hoặc xóa chuyến đi"), icon=":material/edit:"):
            draw_edit(trip)
            st.button(
                _("Xóa chuyến đi"),
                icon=":material/delete:",
                key="trip_remove",
                on_click=remove,
                args=(trip, trip.title),
            )
close_screen(screen)
