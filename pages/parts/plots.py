"""Charts on the page: a title that says what is seen, the figure, and the same in words for those who cannot see it."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from charts.layout import CONFIG
from indicators.catalogue import Indicator
from language import _
from pages.parts import view_slides
from pages.parts.definitions import behind_the_i
from pages.parts.plain import plain, sentence
from pages.parts.stage import for_the_room, presenting


def draw_title(title: str, *, indicator: Indicator | None = None, key: str = "") -> None:
    """The sentence over a chart or map; with an indicator its meaning one click away, behind a button of this key."""
    if indicator is None:
        st.markdown(f"##### {sentence(title)}")
        return
    with st.container(key=f"titled-{key}", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"##### {sentence(title)}", width="content")
        meaning_button(indicator, key=f"meaning_{key}")


def meaning_button(indicator: Indicator, *, key: str) -> None:
    """What the indicator means, one click away."""
    if presenting():
        return
    with st.popover("", icon=":material/info:", help=_("Ý nghĩa của chỉ tiêu"), key=key, type="tertiary"):
        name, *texts = behind_the_i(indicator)
        st.markdown(f"**{name}**")
        for text in texts:
            st.markdown(plain(text))


def plot(
    figure: go.Figure,
    *,
    title: str,
    key: str,
    alt: str = "",
    note: str = "",
    indicator: Indicator | None = None,
    heading: str = "",
) -> None:
    """Draw a figure under its title; with its indicator, the meaning of that one click away.

    `heading`: what the page itself has written over the figure, for a slide, where `title` is empty.
    """
    if title:
        draw_title(title, indicator=indicator, key=key)
    view_slides.keep_figure(title or heading or alt, figure, note)
    st.plotly_chart(for_the_room(figure, title=title), key=key, config=CONFIG, theme=None, alt=alt or title)
    if note and not presenting():
        st.caption(note)
