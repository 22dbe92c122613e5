"""Trips for an empty notebook on simulated data: roles only, named as samples, with promises that can be measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import streamlit as st

from indicators.promise_baseline import is_possible
from indicators.promise_words import amount
from language import _
from notebook import Note, Notebook, Promise, Stop, Trip
from pages.parts.notebook_data import book
from pages.parts.screen import Screen
from pages.parts.trips_data import baseline_of, declared, proposals
from pages.parts.trips_write import attempt
from pages.parts.writer import writer_name

# How long before the state of the data the first sample trip was made; one promise is over since, the others run on.
_AGO = dt.timedelta(days=60)
_SHORT, _LONG = 45, 90
# A sample promise halves what stands in the way; fewer dossiers than this are nothing to halve.
_LEAST_LATE = 4
# Among how many of the communes most worth a visit the promises are looked for.
_LOOKED_AT = 8


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
    """One trip made two months ago with promises since, and one to come; all of it or nothing."""
    made_on, ahead = screen.as_of - _AGO, screen.as_of + dt.timedelta(days=3)
    offered = proposals(screen.snapshot, screen.snapshot.id, screen.view.language, (), (), ahead)
    codes = offered.sort("value", descending=True)["commune"].to_list() or list(screen.lists.communes)
    promises = _promises(screen, codes[:_LOOKED_AT], made_on)
    stops = list(dict.fromkeys([*(one.commune_code for one in promises if one.commune_code), *codes]))[:5]
    # Whatever has to be computed is known by now: other writers wait while this is written.
    with book().together() as notebook:
        _write_trips(screen, notebook, made_on, ahead, stops, promises)


def _write_trips(
    screen: Screen, notebook: Notebook, made_on: dt.date, ahead: dt.date, stops: list[str], promises: list[Promise]
) -> None:
    info, by = screen.snapshot.info, writer_name()
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
    for trip, chosen in ((done, stops[:2]), (planned, stops[2:])):
        for position, code in enumerate(chosen, start=1):
            notebook.add(Stop(trip_id=trip.id or 0, commune_code=code, position=position), by=by)
    notebook.add(
        Note(
            trip_id=done.id,
            commune_code=stops[0],
            kind="order",
            text=_("Mẫu: gửi thư xin lỗi kèm ngày hẹn lại cho mọi hồ sơ đang quá hạn."),
            noted_on=made_on,
        ),
        by=by,
    )
    for promise in promises:
        notebook.add(replace(promise, trip_id=done.id), by=by)


def _promises(screen: Screen, codes: list[str], made_on: dt.date) -> list[Promise]:
    """Promises on figures that the data of their day can measure: where none can, fewer are made."""
    asked = (
        ("pending_late", _("UBND xã, phường"), _("Mẫu: giảm một nửa số hồ sơ đang quá hạn (khi ấy {value})"), _LONG),
        ("on_time_rate_ii06", _("Sở Nội vụ"), _("Mẫu: giảm một nửa tỷ lệ trả trễ (đúng hạn khi ấy {value})"), _SHORT),
        (
            "slow_reception_rate",
            _("Sở Khoa học và Công nghệ"),
            _("Mẫu: giảm một nửa tỷ lệ tiếp nhận trực tuyến chậm (khi ấy {value})"),
            _LONG,
        ),
    )
    found: list[Promise] = []
    for indicator, department, text, days in asked:
        taken = {one.commune_code for one in found}
        # The whole province where no single commune has enough.
        for code in [*(code for code in codes if code not in taken), None]:
            promise = _halved(screen, code, indicator, made_on, days)
            if promise is not None:
                value, expected = promise
                figure = declared(indicator)
                assert figure is not None
                found.append(
                    Promise(
                        commune_code=code,
                        department=department if code else _("Văn phòng UBND tỉnh"),
                        text=text.format(value=amount(value, figure, screen.minutes_per_day)),
                        promised_on=made_on,
                        due_on=made_on + dt.timedelta(days=days - 1),
                        indicator=indicator,
                        expected_change=expected,
                    )
                )
                break
    return found


def _halved(
    screen: Screen, code: str | None, indicator: str, made_on: dt.date, days: int
) -> tuple[float, float] | None:
    """Where the figure stood and the change that halves what is bad of it; None where that could not be measured."""
    figure = declared(indicator)
    assert figure is not None
    found = baseline_of(screen.snapshot, screen.snapshot.id, code, indicator, made_on, days)
    if found.value is None:
        return None
    if figure.unit == "count":
        expected = -float(round(found.value / 2))
        is_measured = found.value >= _LEAST_LATE
    else:
        bad = found.value if figure.direction == "lower_is_better" else 1 - found.value
        half = round(bad / 2, 3)
        expected = -half if figure.direction == "lower_is_better" else half
        is_measured = (found.n or 0) >= figure.min_n and found.least is not None and abs(expected) >= found.least / 2
    return (found.value, expected) if is_measured and is_possible(figure, expected, found.value) else None
