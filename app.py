"""Thông Suốt: page set-up and navigation; everything else lies in pages/.

Streamlit runs this file for each session, as a script; the server imports it once, as a module.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from language import set_language
from pages.parts.navigation import entries
from pages.parts.server import answer_error, started
from pages.parts.stage import turn_page
from pages.parts.state import current_view

if __name__ == "__main__":
    set_language(current_view().language)
    # The sidebar draws the links itself, so that each carries the filters of the view in its address.
    page = st.navigation([entry.page() for entry in entries()], position="hidden")
    st.set_page_config(
        page_title=f"{page.title} · Thông Suốt",
        page_icon=str(Path(__file__).parent / "pages" / "parts" / "images" / "mark.svg"),
        layout="wide",
        initial_sidebar_state=264,
    )
    turn_page(page.url_path)
    page.run()
else:
    app = st.App(__file__, lifespan=started, on_script_error=answer_error)
