"""Bài trình chiếu: running orders of screens for meetings, and the records of the meetings that were held."""

from __future__ import annotations

import streamlit as st

from language import _
from notebook import NotebookError
from pages.parts.deck_manager import draw_decks
from pages.parts.meeting_record import draw_records
from pages.parts.plain import plain
from pages.parts.screen import close_screen, open_screen
from pages.parts.writer import writer

screen = open_screen(_("Bài trình chiếu"), of_period=False)
try:
    writing, records = st.tabs([_("Các bài"), _("Biên bản")])
    with writing:
        draw_decks(screen)
        writer(screen)
    with records:
        draw_records(screen)
except NotebookError as error:
    st.error(plain(str(error)), icon=":material/edit_off:")
close_screen(screen)
