"""So sánh: which communes really differ from the province, and two to six of them side by side."""

from __future__ import annotations

import streamlit as st

from charts.dots import dots_figure
from charts.sentences import standing_sentence
from language import _
from pages.parts.communes import commune_table, side_by_side
from pages.parts.controls import pick_indicator, toggle_commune
from pages.parts.filters import MOST_COMMUNES
from pages.parts.maps import by_commune
from pages.parts.multiples import draw_multiples
from pages.parts.plots import plot
from pages.parts.ranking import mean_of_communes, pick_shown, shown_rows
from pages.parts.screen import close_screen, open_screen

screen = open_screen(_("So sánh"))
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    indicator = pick_indicator(screen.view)
frame, province = by_commune(screen, indicator)
with right:
    shown = pick_shown(screen.view, indicator)

communes = screen.view.communes[:MOST_COMMUNES]
if len(communes) >= 2:
    st.markdown("##### " + _("{count} đơn vị cạnh nhau").format(count=len(communes)))
    side_by_side(screen, communes, key="side_by_side")
    draw_multiples(screen, indicator, communes)
    if len(screen.view.communes) > MOST_COMMUNES:
        st.caption(
            _("Đặt cạnh nhau {shown} đơn vị đầu tiên trong {all} đơn vị đã chọn.").format(
                shown=MOST_COMMUNES, all=len(screen.view.communes)
            )
        )
else:
    st.caption(
        _("Chọn hai đến {most} đơn vị (ở ô “Xã, phường” hoặc trong bảng) để đặt cạnh nhau.").format(most=MOST_COMMUNES)
    )

rows, note = shown_rows(frame, indicator, province, shown=shown, selected=communes)
chart, listing = st.columns([3, 2], gap="medium")
with chart:
    figure = dots_figure(
        rows,
        indicator,
        province=mean_of_communes(frame) if indicator.unit == "count" else province,
        whole=screen.whole,
        names={code: commune.full_name for code, commune in screen.lists.communes.items()},
        selected=communes,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
    )
    title = standing_sentence(frame, indicator, province, whole=screen.whole, minutes_per_day=screen.minutes_per_day)
    plot(figure, title=title, key="dots", note=note)
with listing:
    commune_table(
        screen,
        indicator,
        frame,
        province,
        key="communes",
        height=640,
        on_pick=lambda code: toggle_commune(code, most=MOST_COMMUNES),
    )
close_screen(screen)
