"""One dossier: where it stands, its steps with the wait before each, its stops, and how its promise moved."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from indicators.dossier_details import DossierDetails, dossier_details
from indicators.words import stop_words
from language import _
from language.formats import NOTHING, date, date_time, days, duration, number
from pages.parts.explore_words import days_over_text, state_name
from pages.parts.filters import channel_name
from pages.parts.plain import few, plain
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table


def draw_dossier(screen: Screen, dossier_id: str) -> None:
    """The dossier of the view as it stood on the window's last day."""
    until = screen.period.window.ends
    details = dossier_details(screen.snapshot, dossier_id, until)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("##### " + _("Hồ sơ {code}").format(code=few([dossier_id])), width="content")
        st.button(
            _("Đóng"),
            key="close_dossier",
            icon=":material/close:",
            type="tertiary",
            on_click=change_view,
            kwargs={"dossier": ""},
        )
    if details is None:
        words = _("Không có hồ sơ này tính đến ngày {until}.")
        st.info(words.format(until=date(until)), icon=":material/search_off:")
        return
    _draw_facts(details, screen.minutes_per_day)
    _draw_promise(details)
    _draw_pauses(details, screen.minutes_per_day)
    _draw_steps(details, until)


def _draw_facts(details: DossierDetails, minutes_per_day: int) -> None:
    facts = details.facts
    is_open = facts["closed_at"] is None
    state = " · ".join(
        part
        for part in (
            state_name(facts["state"]),
            days_over_text(facts["days_over"], is_open=is_open),
            _("đang chờ bổ sung") if facts["is_waiting"] else "",
        )
        if part
    )
    where = facts["commune"] or _("Đơn vị cũ bị chia tách")
    what = facts["procedure"] or facts["procedure_code"] or _("không rõ thủ tục")
    rows = [
        (_("Tình trạng"), state),
        (_("Xã, phường"), where),
        (_("Thủ tục"), " · ".join(part for part in (what, facts["field"]) if part)),
        (_("Hình thức nộp"), channel_name(facts["channel"] or "") or NOTHING),
        (_("Nộp, tiếp nhận"), f"{date_time(facts['submitted_at'])} → {date_time(facts['received_at'])}"),
        (_("Kết thúc"), date_time(facts["closed_at"])),
        (_("Thời gian giải quyết"), duration(facts["processing_minutes"], minutes_per_day)),
        (_("Yêu cầu bổ sung"), _("{count} lần").format(count=number(facts["supplement_requests"]))),
    ]
    if facts["apology_sent_at"] is not None:
        rows.append((_("Thư xin lỗi"), date_time(facts["apology_sent_at"])))
    st.markdown("  \n".join(f"**{name}:** {plain(value)}" for name, value in rows))


def _draw_promise(details: DossierDetails) -> None:
    facts = details.facts
    promised, computed = facts["due_at"], facts["computed_due_at"]
    st.markdown("**" + _("Ngày hẹn trả") + "**")
    lines = [_("Hẹn trả: {date}").format(date=date_time(promised))]
    if computed is not None:
        lines.append(_("tính theo thời hạn của thủ tục và thời gian dừng: {date}").format(date=date_time(computed)))
        if promised is not None:
            lines.append(_difference((promised.date() - computed.date()).days))
    st.markdown(plain("; ".join(lines)) + ".")
    if details.changes.height:
        columns = [Column(label=_("Tệp ngày")), Column(label=_("Hẹn cũ")), Column(label=_("Hẹn mới"))]
        rows = [
            Row(cells=[date_time(one) for one in row], sort=list(map(str, row))) for row in details.changes.iter_rows()
        ]
        table(_("Những lần đổi ngày hẹn"), columns, rows, key="promise_changes")


def _difference(difference: int) -> str:
    if difference == 0:
        return _("hai ngày trùng nhau")
    words = _("hẹn muộn hơn {days} ngày") if difference > 0 else _("hẹn sớm hơn {days} ngày")
    return words.format(days=number(abs(difference)))


def _draw_pauses(details: DossierDetails, minutes_per_day: int) -> None:
    if details.pauses.is_empty() or details.facts["closed_at"] is None:
        return
    parts = [
        f"{stop_words(cause)}: {duration(minutes, minutes_per_day)}" for cause, minutes in details.pauses.iter_rows()
    ]
    st.markdown("**" + _("Thời gian dừng tính hạn") + "**  \n" + plain("; ".join(parts)) + ".")


def _draw_steps(details: DossierDetails, until: dt.date) -> None:
    if details.steps.is_empty():
        st.caption(_("Nhật ký không có bước nào của hồ sơ này."))
    else:
        columns = [
            Column(label=_("Bước")),
            Column(label=_("Thời điểm")),
            Column(label=_("Chờ trước đó"), number=True, help=_("Thời gian trôi qua từ bước liền trước")),
        ]
        rows = []
        for row in details.steps.iter_rows(named=True):
            waited = row["waited_seconds"]
            text = NOTHING if waited is None else days(waited / 86_400)
            step = (row["activity"] or NOTHING, row["unit"] or "")
            rows.append(Row(cells=[step, date_time(row["at"]), text], sort=[row["step"], str(row["at"]), waited]))
        table(_("Các bước xử lý"), columns, rows, key="steps", height=420 if len(rows) > 8 else None)
    if details.later_steps:
        words = _("{count} bước diễn ra sau ngày {until} không hiện ở đây.")
        st.caption(words.format(count=number(details.later_steps), until=date(until)))
