"""Vướng mắc: difficulties and petitions by commune, category and department, what is overdue, what the log shows."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.controls import pick_one
from pages.parts.difficulties_data import draw_narrowing, explain_nothing, read_difficulties
from pages.parts.difficulties_files import draw_files
from pages.parts.difficulties_form import draw_new
from pages.parts.difficulties_list import draw_list
from pages.parts.difficulties_log import draw_log
from pages.parts.difficulties_overview import draw_overview
from pages.parts.screen import close_screen, open_screen

screen = open_screen(_("Vướng mắc"), of_period=False)
found = read_difficulties(screen)
if found.everything.is_empty():
    explain_nothing()
    draw_new(screen, found, expanded=True)
    close_screen(screen)
    st.stop()
parts = {
    "overview": (_("Tổng hợp"), draw_overview),
    "list": (_("Danh sách"), draw_list),
    "log": (_("So với nhật ký"), draw_log),
}
chosen = screen.view.difficulty_part
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="small"):
    pick_one(_("Phần"), {key: name for key, (name, _draw) in parts.items()}, chosen, attribute="difficulty_part")
    draw_narrowing(screen, found)
# Only the part on screen is computed.
parts[chosen][1](screen, found)
draw_files(screen, found)
close_screen(screen)
