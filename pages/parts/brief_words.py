"""Headings of the brief: a name, and what belongs beside it."""

from __future__ import annotations

import streamlit as st

from pages.parts.plain import sentence


def heading(name: str, note: str) -> None:
    st.markdown(f"##### {name}")
    if note:
        st.caption(sentence(note))
