"""Biên bản: what was on the screen of a meeting and when, and what was promised there."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from language import _, set_language
from language.formats import date_time
from notebook import Meeting, MeetingPage, Promise, Trip
from notebook.clock import now
from pages.parts.address import write
from pages.parts.explore_downloads import XLSX, file_name
from pages.parts.notebook_data import book
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.stage import read_address
from pages.parts.table import Column, Row, table
from reports.minutes import (
    Minutes,
    PageShown,
    PromiseMade,
    facts,
    promise_columns,
    promise_rows,
    write_docx,
    write_xlsx,
)
from warehouse import SnapshotMissing, current_snapshot, warehouse_directory

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def draw_records(screen: Screen) -> None:
    """The meetings, the latest first, and the record of the chosen one."""
    meetings = book().find(Meeting)[::-1]
    if not meetings:
        st.info(
            _("Chưa có cuộc họp nào. Bắt đầu trình chiếu một bài thì biên bản tự ghi trang nào, lúc nào."),
            icon=":material/history_edu:",
        )
        return
    names = {meeting.id: f"{meeting.title} · {date_time(meeting.started_at)}" for meeting in meetings}
    chosen = st.selectbox(_("Cuộc họp"), list(names), format_func=names.__getitem__, key="meeting_chosen")
    meeting = next(one for one in meetings if one.id == chosen)
    minutes = minutes_of(screen, meeting)
    for line in facts(minutes):
        st.markdown(plain(line))
    st.markdown("##### " + _("Đã trình chiếu"))
    for page in minutes.pages:
        _draw_page(screen, page)
    if not minutes.pages:
        st.caption(_("Chưa ghi trang nào."))
    st.markdown("##### " + _("Cam kết tại cuộc họp"))
    if minutes.promises:
        rows = [Row(cells=row, sort=row) for row in promise_rows(minutes)]
        columns = [Column(label=name) for name in promise_columns()]
        table(_("Cam kết tại cuộc họp"), columns, rows, key="meeting_promises")
    else:
        st.caption(_("Không ghi cam kết nào."))
    _draw_files(screen, minutes)


def minutes_of(screen: Screen, meeting: Meeting) -> Minutes:
    """The record of a meeting: its pages, and the promises written down while it lasted or for its trip that day."""
    pages = book().find(MeetingPage, meeting_id=meeting.id)
    trip = book().get(Trip, meeting.trip_id) if meeting.trip_id else None
    names = {code: commune.full_name for code, commune in screen.lists.communes.items()}
    return Minutes(
        title=meeting.title,
        started_at=meeting.started_at,
        ended_at=meeting.ended_at,
        data=_data_words(meeting.snapshot_id),
        trip=trip.title if trip else "",
        pages=tuple(PageShown(shown_at=page.shown_at, title=page.title, address=page.address) for page in pages),
        promises=tuple(
            PromiseMade(
                department=one.department,
                commune=names.get(one.commune_code or "", one.commune_code or ""),
                text=one.text,
                due_on=one.due_on,
            )
            for one in promises_of(meeting)
        ),
    )


def promises_of(meeting: Meeting) -> list[Promise]:
    """Those written down at the meeting; of older ones, which name none, those of its trip on its day or its time."""
    ends = meeting.ended_at or min(now(), meeting.started_at + dt.timedelta(hours=12))
    days = {meeting.started_at.date(), ends.date()}
    own = book().find(Promise, meeting_id=meeting.id)
    found = book().find(Promise, promised_on=sorted(days))
    return own + [
        one
        for one in found
        if one.meeting_id is None
        and one.trip_id == meeting.trip_id
        and (
            meeting.trip_id is not None or (one.created_at is not None and meeting.started_at <= one.created_at <= ends)
        )
    ]


def _data_words(snapshot_id: str) -> str:
    """Which data the meeting saw; a snapshot that is gone is named by its number only."""
    try:
        info = current_snapshot(warehouse_directory(), snapshot_id).info
    except SnapshotMissing:
        return _("Bản dữ liệu {id} (không còn giữ)").format(id=snapshot_id)
    words = _("Bản dữ liệu {id}, số liệu đến {as_of}").format(id=snapshot_id, as_of=date_time(info.as_of))
    return f"{words} · {_('dữ liệu mô phỏng, không phải số liệu thật')}" if info.simulated else words


def _draw_page(screen: Screen, page: PageShown) -> None:
    found = read_address(page.address)
    label = f"{page.shown_at:%H:%M:%S} · {plain(page.title)}"
    if found is None:
        st.markdown(label)
        return
    entry, view = found
    parameters = write(view.with_changes(language=screen.view.language))
    st.page_link(entry.file, label=label, icon=entry.icon, query_params=parameters, help=_("Mở lại đúng trang này"))


def _draw_files(screen: Screen, minutes: Minutes) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, mime, write_file in (("DOCX", _DOCX, write_docx), ("XLSX", XLSX, write_xlsx)):

            def made(write_file: object = write_file) -> bytes:
                # The file is made in a thread that knows nothing of the session.
                set_language(screen.view.language)
                return write_file(minutes)  # type: ignore[operator, no-any-return]

            st.download_button(
                _("Tải {format}").format(format=name),
                data=made,
                file_name=file_name(screen, "bien-ban", name.lower()),
                mime=mime,
                icon=":material/download:",
                key=f"minutes_{name}",
                on_click="ignore",
            )
