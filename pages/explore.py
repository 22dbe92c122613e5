"""Khai thác: the analyst's bench: cross table, dossier list, the official form, two readings of on time, and SQL."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.controls import pick_one
from pages.parts.explore_dossiers import draw_dossiers
from pages.parts.explore_pivot import draw_pivot
from pages.parts.explore_sql import draw_sql
from pages.parts.explore_views import draw_link, draw_name
from pages.parts.form import draw_form
from pages.parts.readings import draw_readings
from pages.parts.screen import close_screen, open_screen

screen = open_screen(_("Khai thác"))
draw_name(screen)
parts = {
    "pivot": (_("Bảng chéo"), draw_pivot),
    "dossiers": (_("Danh sách hồ sơ"), draw_dossiers),
    "form": (_("Biểu II.06"), draw_form),
    "readings": (_("Hai cách tính đúng hạn"), draw_readings),
    "sql": (_("SQL"), draw_sql),
}
chosen = screen.view.bench
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="small"):
    pick_one(_("Phần"), {key: name for key, (name, _draw) in parts.items()}, chosen, attribute="bench")
    draw_link(screen)
# Only the part on screen is computed.
parts[chosen][1](screen)
close_screen(screen)
