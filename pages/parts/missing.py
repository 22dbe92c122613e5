"""What a screen says when there is nothing to read: why, and the command that mends it."""

from __future__ import annotations

import logging

import streamlit as st

from language import _
from pages.parts.plain import plain
from pages.parts.state import change_view
from warehouse import current_id, list_snapshots, warehouse_directory


def explain_missing(error: Exception, *, pinned: str) -> None:
    """No snapshot, or one that cannot be opened: why, and the way out. Where it lies is for the log only."""
    if pinned:
        st.warning(
            _("Không mở được bản dữ liệu {id} mà địa chỉ này nêu: không còn giữ, hoặc tệp bị hỏng.").format(
                id=plain(pinned[:100])
            ),
            icon=":material/history:",
        )
        st.button(_("Xem bản dữ liệu mới nhất"), on_click=change_view, kwargs={"snapshot": ""}, type="primary")
    elif current_id(warehouse_directory()) is None and not list_snapshots(warehouse_directory()):
        st.info(_("Chưa có dữ liệu để xem."), icon=":material/database:")
        _how_to_build()
    else:
        logging.getLogger(__name__).warning("%s", error)
        st.error(
            _("Không rõ bản dữ liệu nào đang được công bố: tệp CURRENT bị mất hoặc hỏng.")
            if current_id(warehouse_directory()) is None
            else _("Không đọc được bản dữ liệu đang công bố: tệp bị hỏng hoặc do phiên bản khác tạo ra."),
            icon=":material/broken_image:",
        )
        _how_to_repair()


def explain_unreadable() -> None:
    """The snapshot opens, but lacks what this version of the screens reads."""
    st.error(
        _("Bản dữ liệu này do một phiên bản khác của phần mềm tạo ra nên màn hình không đọc được."),
        icon=":material/broken_image:",
    )
    _how_to_repair()


def _how_to_build() -> None:
    st.markdown(_("Xem thử với một tỉnh mô phỏng:"))
    st.code("make demo", language=None)
    st.markdown(_("Nạp dữ liệu của tỉnh mình, theo tệp cấu hình PROVINCE.toml:"))
    st.code("python -m etl check PROVINCE.toml\npython -m etl build PROVINCE.toml", language=None)
    st.markdown(_("Tạo xong, tải lại trang này; không cần khởi động lại."))


def _how_to_repair() -> None:
    st.markdown(_("Quay về bản trước, hoặc tạo lại từ tệp nguồn:"))
    st.code("python -m etl status\npython -m etl rollback\npython -m etl build PROVINCE.toml", language=None)
