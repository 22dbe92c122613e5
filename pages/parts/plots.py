"""Charts on the page: a title that says what is seen, the figure, and the same in words for those who cannot see it."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from charts.layout import CONFIG


def plot(figure: go.Figure, *, title: str, key: str, alt: str = "", note: str = "") -> None:
    """Draw a figure under its title."""
    if title:
        # A unit never starts a line of its own.
        st.markdown(f"##### {title}".replace(" %", "\N{NO-BREAK SPACE}%"))
    st.plotly_chart(figure, key=key, config=CONFIG, theme=None, alt=alt or title)
    if note:
        st.caption(note)
