"""The notebook that the screens write in, opened once a server."""

from __future__ import annotations

import streamlit as st

from notebook import Notebook, open_notebook
from notebook.engine import notebook_url


def book() -> Notebook:
    """The store of `$THONGSUOT_NOTEBOOK`, else of `data/notebook.sqlite`; NotebookError where it cannot be opened."""
    return _book(notebook_url().render_as_string(hide_password=False))


@st.cache_resource(show_spinner=False)
def _book(url: str) -> Notebook:
    return open_notebook(url)
