"""Who writes: asked once a session, until somebody signs in."""

from __future__ import annotations

import streamlit as st

from language import _
from notebook.tables import LINE
from pages.parts.screen import Screen

_KEPT = "writer_name"


def writer(screen: Screen) -> str:
    """Ask for the writer's name or role, once on a screen; returns it, or "Người chưa ghi tên"."""
    del screen
    key = "writer_asked"
    # A widget's own value goes when its screen goes; the name stays for the session.
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(_KEPT, "")
    st.text_input(
        _("Người ghi"),
        key=key,
        max_chars=LINE,
        width=420,
        placeholder=_("Tên hoặc chức vụ, ví dụ: Văn phòng UBND tỉnh"),
        help=_("Đứng cạnh mọi nội dung bạn ghi, sửa hoặc xóa; nhớ đến khi đóng trang."),
        on_change=_keep,
        args=(key,),
    )
    return writer_name()


def writer_name() -> str:
    """The name given in this session, without asking again."""
    name: str = st.session_state.get(_KEPT, "")
    # Reads as the subject of a sentence too: "Người chưa ghi tên đã sửa …".
    return name or _("Người chưa ghi tên")


def _keep(key: str) -> None:
    st.session_state[_KEPT] = " ".join(st.session_state[key].split())
