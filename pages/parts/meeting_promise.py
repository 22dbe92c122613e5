"""A promise, written down while the meeting goes on: by whom, what, until when, and of which commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from language import _
from notebook import NotebookError, Promise
from notebook.clock import now
from pages.parts.deck_data import author, running_meeting
from pages.parts.notebook_data import book
from pages.parts.period import read_date
from pages.parts.plain import plain
from pages.parts.stage import NEWS

if TYPE_CHECKING:
    from pages.parts.screen import Screen


def ask_promise(screen: Screen) -> None:
    """Open the box that asks; what is saved belongs to the meeting's trip, and to its record by its time."""
    st.dialog(_("Ghi cam kết"), width="medium")(_draw)(screen)


def _draw(screen: Screen) -> None:
    communes = {"": _("Không riêng đơn vị nào")} | {
        code: commune.full_name for code, commune in screen.lists.communes.items()
    }
    marked = next(iter(screen.view.marked), "")
    # Above the form, where it is read without scrolling.
    refusal = st.empty()
    with st.form("promise", border=False):
        department = st.text_input(_("Ai cam kết (sở, ngành, đơn vị)"), key="promise_department", max_chars=120)
        text = st.text_area(_("Cam kết điều gì"), key="promise_text", max_chars=2_000, height=80)
        left, right = st.columns([3, 2])
        code = left.selectbox(
            _("Về đơn vị"),
            list(communes),
            index=list(communes).index(marked) if marked in communes else 0,
            format_func=communes.__getitem__,
            key="promise_commune",
        )
        due = right.text_input(_("Hạn (ngày/tháng/năm)"), key="promise_due", placeholder=_("ngày/tháng/năm"))
        if not st.form_submit_button(_("Ghi"), type="primary", icon=":material/save:"):
            return
    due_on = read_date(due) if due.strip() else None
    if not department.strip() or not text.strip():
        refusal.error(_("Hãy ghi ai cam kết và cam kết điều gì."))
        return
    if due.strip() and due_on is None:
        refusal.error(_("Hạn: hãy gõ ngày/tháng/năm, ví dụ 31/12/2026."))
        return
    try:
        meeting = running_meeting(screen.view)
        book().add(
            Promise(
                trip_id=meeting.trip_id if meeting else None,
                meeting_id=meeting.id if meeting else None,
                commune_code=code or None,
                department=" ".join(department.split()),
                text=text.strip(),
                promised_on=now().date(),
                due_on=due_on,
            ),
            by=author(),
        )
    except NotebookError as error:
        refusal.error(plain(str(error)))
        return
    st.session_state[NEWS] = _("Đã ghi cam kết.")
    st.rerun()
