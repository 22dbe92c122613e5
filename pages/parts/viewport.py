"""How much room the browser gives: Python lays out maps and charts, but only the browser knows its window."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from charts.projector import FACTOR
from pages.parts.components import component
from pages.parts.state import current_view

_viewport = component("viewport")


@dataclass(frozen=True)
class Room:
    """The width of the column that asks and the height of the window, in pixels."""

    width: int
    height: int


def room(*, key: str, width: int = 560) -> Room:
    """The room of the column that this is called in; until the browser has answered, that of a small projector.

    `width` is the guess for the column's width until then.
    """
    kept = f"{key}_size"

    def measured() -> None:
        # A report may come when the page that asked for it has gone.
        if size := getattr(st.session_state.get(key), "size", None):
            st.session_state[kept] = size

    known = st.session_state.get(kept)
    with st.container(key=f"measure-{key}"):
        _viewport(key=key, data={"known": known}, on_size_change=measured)
    given = Room(width, 720) if not known else Room(*(max(240, min(4000, int(length))) for length in known))
    if current_view().presenting:
        # Drawn as for a desk of that size and enlarged as a whole (charts.projector).
        return Room(round(given.width / FACTOR), round(given.height / FACTOR))
    return given
