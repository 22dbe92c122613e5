"""Charts on the page: a title that says what is seen, the figure, and the same in words for those who cannot see it."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from charts.layout import CONFIG
from pages.parts.plain import sentence


def draw_title(title: str) -> None:
    """The sentence over a chart or map."""
    st.markdown(f"##### {sentence(title)}")


def plot(figure: go.Figure, *, title: str, key: str, alt: str = "", note: str = "") -> None:
    """Draw a figure under its title."""
    if title:
        draw_title(title)
    st.plotly_chart(figure, key=key, config=CONFIG, theme=None, alt=alt or title)
    if note:
        st.caption(note)
