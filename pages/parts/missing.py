"""What a screen says when there is nothing to read: why, and the command that mends it."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.state import change_view
from warehouse import current_id, warehouse_directory


def explain_missing(error: Exception, *, pinned: str) -> None:
    """No snapshot, or one that cannot be opened: the message of the error, and the way out."""
    if pinned:
        st.warning(str(error), icon=":material/history:")
        st.button(_("Xem bản dữ liệu mới nhất"), on_click=change_view, kwargs={"snapshot": ""}, type="primary")
    elif current_id(warehouse_directory()) is None:
        st.info(_("Chưa có dữ liệu để xem."), icon=":material/database:")
        _how_to_build()
    else:
        st.error(str(error), icon=":material/broken_image:")
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
