"""Xu hướng: one indicator through time, communes against the province."""

from __future__ import annotations

import streamlit as st

from charts.sentences import trend_sentence
from charts.trend import has_too_few, trend_figure
from language import _
from pages.parts import data
from pages.parts.address import GRAINS
from pages.parts.controls import pick_indicator, pick_one
from pages.parts.filters import MOST_COMMUNES
from pages.parts.plots import plot
from pages.parts.screen import close_screen, open_screen
from pages.parts.series import fitting_grain, series, series_table, with_context
from pages.parts.viewport import room

# So many points at least, where the data go back so far: a line of five says little.
LEAST_BUCKETS = {"day": 60, "week": 26, "month": 13}

screen = open_screen(_("Xu hướng"))
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    indicator = pick_indicator(screen.view)
with right:
    names = dict(zip(GRAINS, (_("Ngày"), _("Tuần"), _("Tháng")), strict=True))
    pick_one(_("Mỗi điểm là một"), names, screen.view.grain, attribute="grain")

chosen = screen.period.window
grain = fitting_grain(screen.view.grain, chosen)
if grain != screen.view.grain:
    st.caption(
        _("Khoảng thời gian này quá dài để vẽ từng {asked}; đang vẽ theo {grain}.").format(
            asked=names[screen.view.grain].lower(), grain=names[grain].lower()
        )
    )
window = with_context(chosen, grain, first=screen.lists.first_day, buckets=LEAST_BUCKETS[grain])
communes = screen.view.communes[:MOST_COMMUNES]
if len(screen.view.communes) > MOST_COMMUNES:
    st.caption(
        _("Vẽ {shown} đơn vị đầu tiên trong {all} đơn vị đã chọn.").format(
            shown=MOST_COMMUNES, all=len(screen.view.communes)
        )
    )
lines = series(screen, indicator, grain=grain, window=window, communes=communes)
figure = trend_figure(
    lines,
    indicator,
    grain=grain,
    palette=screen.palette,
    minutes_per_day=screen.minutes_per_day,
    days_off=data.days_off(screen.snapshot, screen.snapshot.id),
    height=max(400, room(key="room").height - 330),
    highlight=chosen,
)
notes = [_("Nền xanh: kỳ đang xem; phần trước đó để thấy bối cảnh.")] if window != chosen else []
notes += [_("Dải màu: khoảng tin cậy 95 %.")] if indicator.has_interval else []
notes.append(_("Điểm rỗng, nét đứt: kỳ chưa trọn ngày, số liệu tạm tính."))
if any(point.n and has_too_few(point, indicator) for line in lines for point in line.points):
    notes.append(_("Chấm xám nhỏ: dưới {count} hồ sơ, chưa đủ số liệu để đánh giá.").format(count=indicator.min_n))
if grain != "month":
    notes.append(_("Nền xám: ngày lễ, Tết."))
title = trend_sentence(lines, indicator, minutes_per_day=screen.minutes_per_day, within=chosen)
plot(figure, title=title, key="trend", note=" ".join(notes))
with st.expander(_("Xem bằng bảng số")):
    series_table(screen, lines, indicator, grain)
close_screen(screen)
