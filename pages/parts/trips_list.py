"""The list of trips: by leader, date and state, each a way to its own page."""

from __future__ import annotations

import streamlit as st

from language import _
from language.formats import date, number
from notebook import Promise, Trip
from pages.parts.controls import pick_one
from pages.parts.picker import Option, picker
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table
from pages.parts.trips_data import Log, last_day, watched
from pages.parts.trips_form import draw_new, states
from pages.parts.trips_promises import draw_loose
from pages.parts.trips_sample import draw_sample
from pages.parts.trips_write import ask_writer, restore


def draw_list(screen: Screen, log: Log) -> None:
    """The trips that the filters keep, a new one, those that were removed, and the promises of no trip."""
    if log.trips:
        _draw_filters(screen, log)
        _draw_table(screen, log)
    else:
        st.info(
            _(
                "Chưa có chuyến đi nào. Mỗi chuyến đi giữ các điểm đến, phiếu kiểm tra mang theo, việc đã chỉ đạo và "
                "đã cam kết; những kỳ số liệu sau cho biết cam kết có giữ được không."
            ),
            icon=":material/route:",
        )
    if screen.view.presenting:
        draw_loose(screen, log)
        return
    ask_writer(screen)
    with st.expander(_("Lập chuyến đi mới"), icon=":material/add:", expanded=not log.trips):
        draw_new(screen)
    if not log.trips and screen.snapshot.info.simulated:
        draw_sample(screen)
    if log.removed:
        with st.expander(_("Đã xóa ({count})").format(count=len(log.removed)), icon=":material/delete:"):
            for trip in log.removed:
                _draw_removed(trip)
    draw_loose(screen, log)


def _draw_removed(trip: Trip) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        words = f"{plain(trip.title)} · {plain(trip.leader)} · {date(trip.starts_on)}"
        st.markdown(words, width="content")
        st.button(
            _("Khôi phục"), key=f"restore_{trip.id}", icon=":material/undo:", on_click=restore, args=(Trip, trip.id)
        )


def _draw_filters(screen: Screen, log: Log) -> None:
    leaders = sorted({trip.leader for trip in log.trips})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        pick_one(
            _("Tình trạng"),
            {"all": _("Tất cả"), **states()},
            screen.view.trip_state,
            attribute="trip_state",
        )
        if len(leaders) > 1:
            with st.container(width=380):
                picker(
                    _("Người dẫn đoàn"),
                    [Option(value=one, label=one) for one in leaders],
                    [screen.view.trip_leader] if screen.view.trip_leader in leaders else [],
                    key="trip_leader",
                    on_pick=lambda values: change_view(trip_leader=values[0] if values else ""),
                    placeholder=_("Mọi người dẫn đoàn"),
                )


def kept_trips(screen: Screen, log: Log) -> list[Trip]:
    """The trips of the state, the leader and the communes of the address; no commune chosen keeps all."""
    view = screen.view
    return [
        trip
        for trip in log.trips
        if view.trip_state in ("all", trip.state)
        and view.trip_leader in ("", trip.leader)
        and (not view.communes or set(view.communes) & set(log.codes(trip)))
    ]


def _draw_table(screen: Screen, log: Log) -> None:
    found = kept_trips(screen, log)
    if not found:
        st.info(_("Không có chuyến đi nào như bộ lọc."), icon=":material/filter_alt:")
        return
    promises: dict[int, list[Promise]] = {}
    for promise in log.book.find(Promise, trip_id=[trip.id for trip in found]):
        if promise.state != "withdrawn":
            promises.setdefault(promise.trip_id or 0, []).append(promise)
    names = states()
    rows = []
    for trip in found:
        codes = [code for code in log.codes(trip) if code in screen.lists.communes]
        stops = ", ".join(screen.commune_name(code) for code in codes[:4])
        if len(codes) > 4:
            stops += " " + _("và {count} nơi khác").format(count=len(codes) - 4)
        day = date(trip.starts_on)
        if last_day(trip) != trip.starts_on:
            day = _("{first} đến {last}").format(first=day, last=date(trip.ends_on))
        rows.append(
            Row(
                cells=[
                    (trip.title, trip.leader),
                    day,
                    stops or _("chưa chọn"),
                    names[trip.state],
                    _promises_in_words(screen, promises.get(trip.id or 0, [])),
                ],
                sort=[trip.title, trip.starts_on.isoformat(), stops or None, names[trip.state], None],
                code=str(trip.id),
            )
        )
    table(
        _("{count} chuyến đi; bấm vào một dòng để mở.").format(count=number(len(rows))),
        [
            Column(label=_("Chuyến đi")),
            Column(label=_("Ngày")),
            Column(label=_("Điểm đến")),
            Column(label=_("Tình trạng")),
            Column(label=_("Cam kết")),
        ],
        rows,
        key="trips",
        on_pick=lambda code: change_view(trip=int(code)),
    )


def _promises_in_words(screen: Screen, promises: list[Promise]) -> str | tuple[str, str]:
    if not promises:
        return "–"
    verdicts = [watched(screen, promise).verdict for promise in promises]
    words = {
        "kept": _("{count} giữ được"),
        "not_kept": _("{count} chưa giữ được"),
        "not_measurable": _("{count} không đo được"),
        "too_early": _("{count} đang theo dõi"),
    }
    told = [text.format(count=verdicts.count(name)) for name, text in words.items() if name in verdicts]
    return number(len(promises)), ", ".join(told)
