"""Reading the view from the address, and changing it: the only place that touches the query parameters."""

from __future__ import annotations

import streamlit as st

from pages.parts.address import PARAMETERS, View, misread, read, write


def current_view() -> View:
    """The view that the address describes in this run."""
    return read(_parameters())


def misread_values() -> list[str]:
    """What the address says in this run that no view can hold."""
    return misread(_parameters())


def _parameters() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def change_view(**changes: object) -> None:
    """Put the changes into the address; to be called from widgets' callbacks."""
    ours = set(PARAMETERS.values())
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in ours}
    st.query_params.from_dict(others | write(current_view().with_changes(**changes)))
