"""What the server does once at its start, and what a visitor sees when a screen fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import duckdb
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from indicators.errors import CallError
from language import _
from notebook import NotebookError
from pages.parts.missing import explain_missing, explain_unreadable
from pages.parts.plain import plain
from pages.parts.state import current_view
from warehouse import SettingError, SnapshotMissing


@asynccontextmanager
async def started(app: st.App) -> AsyncIterator[None]:
    """Runs around the server's life."""
    # A folder named pages/ makes Streamlit guess its own navigation until the first session has run app.py, and tell
    # the first visitor of any address but "/" in English that there is no such page.
    PagesManager.uses_pages_directory = False
    yield


def answer_error(error: Exception) -> bool:
    """Say in the visitor's language what can be said; the details go to the log. Always handled."""
    if isinstance(error, CallError):
        st.warning(str(error), icon=":material/help:")
    elif isinstance(error, SnapshotMissing):
        explain_missing(error, pinned=current_view().snapshot)
    elif isinstance(error, SettingError):
        st.error(str(error), icon=":material/settings:")
    elif isinstance(error, NotebookError):
        st.error(plain(str(error)), icon=":material/menu_book:")
    elif isinstance(error, duckdb.Error):
        logging.getLogger(__name__).exception("The snapshot cannot be read", exc_info=error)
        explain_unreadable()
    else:
        logging.getLogger(__name__).exception("A screen failed", exc_info=error)
        st.error(
            _("Màn hình này gặp lỗi khi tính toán. Chi tiết nằm trong nhật ký của máy chủ; hãy báo người quản trị."),
            icon=":material/error:",
        )
    return True
