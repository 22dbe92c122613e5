"""Two trips for an empty notebook on simulated data: roles only, and named as samples."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from language import _
from notebook import Note, Promise, Stop, Trip
from pages.parts.notebook_data import book
from pages.parts.screen import Screen
from pages.parts.trips_data import proposals
from pages.parts.trips_write import attempt
from pages.parts.writer import writer_name

# How long before the state of the data the first sample trip was made: half of its promises' time has passed.
_AGO = dt.timedelta(days=60)


def draw_sample(screen: Screen) -> None:
    """A button that writes two sample trips."""
    st.button(
        _("Thêm chuyến đi mẫu"),
        icon=":material/science:",
        key="trips_sample",
        on_click=_write,
        args=(screen,),
        help=_("Hai chuyến đi chỉ ghi chức vụ, để xem thử trên dữ liệu mô phỏng; xóa được."),
    )


def _write(screen: Screen) -> None:
    attempt(lambda: write_sample(screen))


def write_sample(screen: Screen) -> None:
    """One trip made two months ago with promises since, and one to come."""
    as_of, by, notebook = screen.as_of, writer_name(), book()
    made_on, ahead = as_of - _AGO, as_of + dt.timedelta(days=3)
    offered = proposals(screen.snapshot, screen.snapshot.id, screen.view.language, (), (), ahead)
    codes = offered.sort("value", descending=True)["commune"].head(5).to_list() or list(screen.lists.communes)[:5]
    info = screen.snapshot.info
    done = notebook.add(
        Trip(
            province_code=info.province_code,
            title=_("Chuyến đi mẫu: sau hai tháng"),
            leader=_("Phó Chủ tịch phụ trách nội chính"),
            starts_on=made_on,
            state="done",
            snapshot_id=info.snapshot_id,
            departments=(_("Văn phòng UBND tỉnh"), _("Sở Khoa học và Công nghệ"), _("Sở Nội vụ")),
            summary=_("Mẫu: số liệu mô phỏng, không phải chuyến đi có thật."),
        ),
        by=by,
    )
    planned = notebook.add(
        Trip(
            province_code=info.province_code,
            title=_("Chuyến đi mẫu: đang chuẩn bị"),
            leader=_("Chủ tịch UBND tỉnh"),
            starts_on=ahead,
            snapshot_id=info.snapshot_id,
            departments=(_("Văn phòng UBND tỉnh"), _("Sở Tài chính")),
        ),
        by=by,
    )
    for trip, chosen in ((done, codes[:2]), (planned, codes[2:])):
        for position, code in enumerate(chosen, start=1):
            notebook.add(Stop(trip_id=trip.id or 0, commune_code=code, position=position), by=by)
    notebook.add(
        Note(
            trip_id=done.id,
            commune_code=codes[0],
            kind="order",
            text=_("Mẫu: gửi thư xin lỗi kèm ngày hẹn lại cho mọi hồ sơ đang quá hạn."),
            noted_on=made_on,
        ),
        by=by,
    )
    for code, department, text, figure, change in (
        (codes[0], _("UBND xã, phường"), _("Mẫu: giải quyết hết hồ sơ quá hạn"), "pending_late", -2.0),
        (codes[1], _("Sở Nội vụ"), _("Mẫu: đủ người tiếp nhận, trả đúng hẹn"), "on_time_rate_ii06", 0.05),
        (
            None,
            _("Sở Khoa học và Công nghệ"),
            _("Mẫu: tiếp nhận hồ sơ trực tuyến kịp thời"),
            "slow_reception_rate",
            -0.02,
        ),
    ):
        notebook.add(
            Promise(
                trip_id=done.id,
                commune_code=code,
                department=department,
                text=text,
                promised_on=made_on,
                due_on=made_on + dt.timedelta(days=90),
                indicator=figure,
                expected_change=change,
            ),
            by=by,
        )
