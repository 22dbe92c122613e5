"""Phiếu kiểm tra: one commune on two pages, ten minutes before a leader leaves for it."""

from __future__ import annotations

import streamlit as st

from language import _
from pages.parts.brief_choice import draw_nothing_chosen
from pages.parts.brief_data import brief_of, notebook
from pages.parts.brief_figures import draw_figures
from pages.parts.brief_files import draw_files
from pages.parts.brief_follow_up import draw_follow_up
from pages.parts.brief_notes import draw_notes
from pages.parts.brief_pictures import draw_pictures, draw_profile
from pages.parts.brief_questions import draw_dossiers, draw_findings, draw_questions
from pages.parts.controls import commune_search
from pages.parts.filters import commune_options
from pages.parts.plain import sentence
from pages.parts.screen import close_screen, open_screen

screen = open_screen(_("Phiếu kiểm tra"), of_period=False)
communes = screen.view.communes
if not screen.view.presenting:
    with st.columns([2, 3])[0]:
        commune_search(commune_options(screen.lists), communes)
if not communes:
    draw_nothing_chosen(screen)
else:
    if len(communes) > 1:
        st.caption(_("Phiếu viết cho từng đơn vị: đang xem đơn vị đầu tiên đã chọn."))
    brief = brief_of(screen, communes[0], notebook())
    st.subheader(sentence(f"{brief.commune_name}, {brief.period_text}"), anchor=False)
    draw_files(screen, brief, notebook())
    draw_follow_up(brief)
    draw_questions(brief)
    draw_figures(screen, brief)
    draw_findings(brief)
    draw_dossiers(screen, brief)
    draw_pictures(brief)
    draw_profile(screen, brief)
    draw_notes(screen, brief, notebook())
    st.markdown(f"##### {_('Điều số liệu không nói được')}")
    st.markdown("\n".join(f"- {sentence(one)}" for one in brief.limits))
close_screen(screen)
