"""Xu hướng: an indicator through time, what its wobbling means, and what stands behind it; one segment at a time."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.address import GRAINS
from pages.parts.controls import pick_indicator, pick_one
from pages.parts.screen import close_screen, open_screen
from pages.parts.trend_around import draw_around
from pages.parts.trend_causes import draw_causes
from pages.parts.trend_choice import pick_segment
from pages.parts.trend_control import draw_control
from pages.parts.trend_due import draw_due
from pages.parts.trend_merger import draw_merger
from pages.parts.trend_series import draw_series

screen = open_screen(_("Xu hướng"))
segment = pick_segment(screen)
if segment in ("series", "variation"):
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
    with left:
        indicator = pick_indicator(screen.view)
    with right:
        names = dict(zip(GRAINS, (_("Ngày"), _("Tuần"), _("Tháng")), strict=True))
        pick_one(_("Mỗi điểm là một"), names, screen.view.grain, attribute="grain")
    if segment == "series":
        draw_series(screen, indicator, names)
    else:
        draw_control(screen, indicator, screen.view.grain)
else:
    {"events": draw_around, "causes": draw_causes, "due": draw_due, "merger": draw_merger}[segment](screen)
close_screen(screen)
