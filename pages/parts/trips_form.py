"""The fields of a trip: who leads it, when, and which departments come along."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from language import _
from language.formats import date
from notebook import Trip
from notebook.clock import now
from notebook.tables import LINE, PROSE
from pages.parts.held import held
from pages.parts.notebook_data import book
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.trips_write import attempt, edit, refuse, tell_masked
from pages.parts.writer import writer_name

_NEW = "trip_new"


def departments() -> tuple[str, ...]:
    """Those that go along on trips most often."""
    return (
        _("Văn phòng UBND tỉnh"),
        _("Sở Nội vụ"),
        _("Sở Tài chính"),
        _("Sở Khoa học và Công nghệ"),
        _("Sở Nông nghiệp và Môi trường"),
        _("Sở Xây dựng"),
        _("Sở Tư pháp"),
        _("Sở Y tế"),
        _("Sở Giáo dục và Đào tạo"),
        _("Công an tỉnh"),
    )


def states() -> dict[str, str]:
    return {"planned": _("Đang chuẩn bị"), "done": _("Đã đi"), "cancelled": _("Đã hủy")}


def draw_new(screen: Screen) -> None:
    """The form of a new trip; once kept it is what the screen shows."""
    # The data end yesterday at the latest: a trip that is being planned lies ahead of them and of today.
    tomorrow = max(now().date(), screen.as_of) + dt.timedelta(days=1)
    with st.form("trip_new_form", border=False):
        _fields(_NEW, None, default_day=tomorrow)
        st.form_submit_button(
            _("Lập chuyến đi"),
            icon=":material/add:",
            type="primary",
            on_click=_create,
            args=(screen.snapshot.info.province_code, screen.snapshot.id),
        )


def draw_edit(trip: Trip) -> None:
    """The same for a trip that is there, with its state and what was found."""
    # A changed record is a new form: what one typed over an older one would hide what others wrote.
    trip = held(trip, _key)
    key = _key(trip)
    with st.form(f"{key}_form", border=False):
        _fields(key, trip, default_day=trip.starts_on)
        names = states()
        st.selectbox(
            _("Tình trạng"),
            list(names),
            index=list(names).index(trip.state),
            format_func=names.__getitem__,
            key=f"{key}_state",
        )
        st.text_area(_("Kết luận chung của chuyến đi"), value=trip.summary, max_chars=PROSE, key=f"{key}_summary")
        st.form_submit_button(_("Ghi lại"), icon=":material/save:", type="primary", on_click=_save, args=(trip, key))


def _key(trip: Trip) -> str:
    return f"trip_{trip.id}_{trip.version}"


def _fields(key: str, trip: Trip | None, *, default_day: dt.date) -> None:
    left, right = st.columns(2)
    with left:
        st.text_input(
            _("Người dẫn đoàn"),
            value=trip.leader if trip else "",
            max_chars=LINE,
            key=f"{key}_leader",
            placeholder=_("Chức vụ, ví dụ: Phó Chủ tịch phụ trách nội chính"),
        )
    with right:
        st.text_input(
            _("Tên chuyến đi"),
            value=trip.title if trip else "",
            max_chars=LINE,
            key=f"{key}_title",
            placeholder=_("Để trống thì lấy theo ngày đi"),
        )
    left, right = st.columns(2)
    with left:
        st.date_input(
            _("Ngày đi"), value=trip.starts_on if trip else default_day, format="DD/MM/YYYY", key=f"{key}_starts_on"
        )
    with right:
        st.date_input(
            _("Ngày về (nếu khác ngày đi)"),
            value=trip.ends_on if trip else None,
            format="DD/MM/YYYY",
            key=f"{key}_ends_on",
        )
    given = trip.departments if trip else ()
    offered = list(dict.fromkeys([*departments(), *given]))
    st.pills(_("Sở, ngành cùng đi"), offered, default=list(given), selection_mode="multi", key=f"{key}_departments")
    st.text_input(
        _("Sở, ngành khác"), max_chars=LINE, key=f"{key}_other", placeholder=_("Cách nhau bằng dấu chấm phẩy")
    )


def _values(key: str) -> dict[str, Any]:
    def text(name: str) -> str:
        return " ".join(str(st.session_state.get(f"{key}_{name}") or "").split())

    others = (part.strip() for part in text("other").split(";"))
    chosen = [*(st.session_state.get(f"{key}_departments") or []), *(part for part in others if part)]
    starts: dt.date = st.session_state[f"{key}_starts_on"]
    return {
        "leader": text("leader"),
        "title": text("title") or _("Chuyến đi ngày {day}").format(day=date(starts)),
        "starts_on": starts,
        "ends_on": st.session_state.get(f"{key}_ends_on"),
        "departments": tuple(dict.fromkeys(chosen)),
    }


def _create(province_code: str, snapshot_id: str) -> None:
    values = _values(_NEW)
    if not values["leader"]:
        refuse(_("Hãy ghi chức vụ của người dẫn đoàn."))
        return
    kept: list[Trip] = []
    trip = Trip(province_code=province_code, snapshot_id=snapshot_id, **values)
    if attempt(lambda: kept.append(book().add(trip, by=writer_name()))):
        tell_masked(values)
        change_view(trip=kept[0].id or 0)


def _save(trip: Trip, key: str) -> None:
    values = _values(key)
    if not values["leader"]:
        refuse(_("Hãy ghi chức vụ của người dẫn đoàn."))
        return
    edit(trip, **values, state=st.session_state[f"{key}_state"], summary=st.session_state[f"{key}_summary"].strip())
