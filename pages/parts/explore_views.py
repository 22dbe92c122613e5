"""A view under a name: the name stands in the address, and the whole link can be copied."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from language import _
from pages.parts.address import write
from pages.parts.plain import plain
from pages.parts.screen import Screen
from pages.parts.state import change_view

MOST_CHARACTERS = 80


def draw_name(screen: Screen) -> None:
    """The name of the view, where it has one."""
    name = screen.view.title[:MOST_CHARACTERS]
    if name:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            # The name comes from an address that anybody may have written.
            st.markdown(f"#### {plain(name)}", width="content")
            st.button(
                _("Bỏ tên"),
                key="drop_name",
                icon=":material/close:",
                type="tertiary",
                on_click=change_view,
                kwargs={"title": ""},
            )


def draw_link(screen: Screen) -> None:
    """The link to copy, and the field that gives the view its name."""
    box = st.popover(_("Lưu khung nhìn"), icon=":material/bookmark:", key="save_view", on_change="rerun")
    if box.open:
        with box:
            _draw_link(screen, screen.view.title[:MOST_CHARACTERS])


def _draw_link(screen: Screen, name: str) -> None:
    st.session_state["view_name"] = name
    st.text_input(
        _("Tên của khung nhìn"),
        key="view_name",
        max_chars=MOST_CHARACTERS,
        placeholder=_("Ví dụ: Hồ sơ quá hạn đầu tuần"),
        on_change=lambda: change_view(title=" ".join(st.session_state["view_name"].split())),
    )
    parameters = urlencode(write(screen.view), doseq=True)
    address = (st.context.url or "").split("?")[0]
    st.caption(_("Mở liên kết này sẽ thấy đúng khung nhìn đang xem: kỳ, bộ lọc, bảng và tên."))
    st.code(f"{address}?{parameters}", language=None, wrap_lines=True)
