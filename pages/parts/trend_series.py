"""Diễn biến: one indicator through time, communes against the province, and the time to a result by cohort."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from charts.event_marks import mark_events
from charts.sentences import trend_sentence
from charts.trend import has_too_few, trend_figure
from indicators.catalogue import Indicator
from indicators.windows import Window
from language import _
from pages.parts import data
from pages.parts.cohorts import draw_cohorts
from pages.parts.event_lines import events_caption, events_near
from pages.parts.filters import MOST_COMMUNES
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.series import fitting_grain, series, series_table, with_context
from pages.parts.viewport import room

# So many points at least, where the data go back so far: a line of five says little.
LEAST_BUCKETS = {"day": 60, "week": 26, "month": 13}


def draw_series(screen: Screen, indicator: Indicator, names: Mapping[str, str]) -> None:
    """The lines with their table, and the cohorts; `names` are the steps' names."""
    chosen = screen.period.window
    grain = fitting_grain(screen.view.grain, chosen)
    if grain != screen.view.grain:
        st.caption(
            _("Khoảng thời gian này quá dài để vẽ từng {asked}; đang vẽ theo {grain}.").format(
                asked=names[screen.view.grain].lower(), grain=names[grain].lower()
            )
        )
    window = with_context(chosen, grain, first=screen.lists.first_day, buckets=LEAST_BUCKETS[grain])
    communes = screen.view.marked[:MOST_COMMUNES]
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
    shown = Window(lines[0].points[0].window.starts, lines[0].points[-1].window.ends) if lines[0].points else window
    near = events_near(screen, shown, communes=communes, grain=grain)
    mark_events(figure, near, screen.palette)
    notes = [_("Nền xanh: kỳ đang xem; phần trước đó để thấy bối cảnh.")] if window != chosen else []
    notes += [_("Dải màu: khoảng tin cậy 95 %.")] if indicator.has_interval else []
    notes.append(_("Điểm rỗng, nét đứt: kỳ chưa trọn ngày, số liệu tạm tính."))
    if any(point.n and has_too_few(point, indicator) for line in lines for point in line.points):
        notes.append(_("Chấm xám nhỏ: dưới {count} hồ sơ, chưa đủ số liệu để đánh giá.").format(count=indicator.min_n))
    if grain != "month":
        notes.append(_("Nền xám: ngày lễ, Tết."))
    title = trend_sentence(lines, indicator, minutes_per_day=screen.minutes_per_day, within=chosen)
    plot(figure, title=title, key="trend", note=" ".join(notes), indicator=indicator)
    if near:
        st.caption(events_caption(near))
    with st.expander(_("Xem bằng bảng số")):
        series_table(screen, lines, indicator, grain)
    draw_cohorts(screen, grain=grain, window=window)
