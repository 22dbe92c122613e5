"""So sánh: which communes really differ, each comparison with its doubt; only the chosen one is computed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from charts.dots import dots_figure
from charts.sentences import standing_sentence
from language import _
from pages.parts.communes import commune_table
from pages.parts.compare_group import draw_group_findings, pick_group
from pages.parts.compare_ranks import draw_periods, draw_ranks, group_standing
from pages.parts.compare_rates import draw_fields, draw_funnel, draw_mix, names_of
from pages.parts.compare_side import draw_side
from pages.parts.controls import pick_indicator, pick_one, toggle_commune
from pages.parts.filters import MOST_COMMUNES
from pages.parts.maps import by_commune
from pages.parts.plain import plain
from pages.parts.plots import plot
from pages.parts.ranking import mean_of_communes, pick_shown, shown_rows
from pages.parts.screen import close_screen, open_screen

screen = open_screen(_("So sánh"))
communes = screen.view.communes[:MOST_COMMUNES]
# Without a choice in the address: what a link of several communes, or of none, asks for.
contrast = screen.view.contrast or ("side" if len(communes) >= 2 else "ranks")
names = {
    "ranks": _("Xếp nhóm"),
    "funnel": _("Phễu"),
    "mix": _("Cùng cơ cấu"),
    "periods": _("Hai kỳ"),
    "fields": _("Theo lĩnh vực"),
    "side": _("Cạnh nhau"),
}
with st.container(horizontal=True, gap="medium"):
    pick_one(_("Cách so"), names, contrast, attribute="contrast")
    if contrast == "ranks":
        pick_shown(screen.view)
left, right = st.columns([3, 2], gap="medium")
with left:
    indicator = pick_indicator(screen.view)
with right:
    group = pick_group(screen)
is_rate = indicator.unit == "rate" and indicator.has_interval
frame, province = group_standing(*by_commune(screen, indicator), group, indicator)
if group.among is not None and contrast != "ranks":
    st.caption(_("So trong nhóm: {group}.").format(group=plain(group.words)))

if contrast in ("funnel", "mix", "fields") and not is_rate:
    st.info(_("Cách so này dành cho tỷ lệ; hãy chọn một chỉ tiêu là tỷ lệ, hoặc “Xếp nhóm”, “Hai kỳ”, “Cạnh nhau”."))
elif contrast == "funnel":
    draw_funnel(screen, indicator, frame, group)
elif contrast == "mix":
    draw_mix(screen, indicator, group)
elif contrast == "periods":
    draw_periods(screen, indicator, group)
elif contrast == "fields":
    draw_fields(screen, indicator, group)
elif contrast == "side" and len(communes) >= 2:
    draw_side(screen, indicator, communes, group)
else:
    chart, listing = st.columns([3, 2], gap="medium")
    with chart:
        title = standing_sentence(frame, indicator, province, whole=group.whole, minutes_per_day=screen.minutes_per_day)
        if contrast == "side":
            draw_side(screen, indicator, communes, group)
        elif indicator.has_interval:
            draw_ranks(screen, indicator, frame, province, group, title=title)
        else:
            marked = screen.view.marked
            rows, note = shown_rows(frame, indicator, shown=screen.view.shown, selected=marked)
            figure = dots_figure(
                rows,
                indicator,
                province=mean_of_communes(frame) if indicator.unit == "count" else province,
                whole=group.whole,
                names=names_of(screen),
                selected=marked,
                palette=screen.palette,
                minutes_per_day=screen.minutes_per_day,
            )
            plot(figure, title=title, key="dots", note=note, indicator=indicator)
    with listing:
        commune_table(
            replace(screen, whole=group.whole),
            indicator,
            frame,
            province,
            key="communes",
            height=640,
            on_pick=lambda code: toggle_commune(code, most=MOST_COMMUNES),
        )
if group.among is not None:
    draw_group_findings(screen, group)
close_screen(screen)
