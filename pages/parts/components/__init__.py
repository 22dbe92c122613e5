"""Small components of our own, each an HTML, a CSS and a JS file: what Streamlit's widgets cannot do in Vietnamese."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


def component(name: str) -> ComponentRenderer:
    """Declare the component whose files are `name.html`, `name.css` and `name.js`."""
    html, css, js = ((_FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component(name, html=html, css=css, js=js)
