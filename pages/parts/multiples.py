"""Small multiples: the same chart for each commune, on one scale, against the province."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.event_marks import mark_events
from charts.trend import trend_figure
from charts.values import is_missing
from indicators.catalogue import Indicator
from language import _
from pages.parts.event_lines import events_caption, events_near
from pages.parts.plain import plain
from pages.parts.plots import draw_title, plot
from pages.parts.screen import Screen
from pages.parts.series import fitting_grain, group_line, series, with_context
from pages.parts.whole import in_text


def draw_multiples(
    screen: Screen,
    indicator: Indicator,
    communes: Sequence[str],
    *,
    among: Sequence[str] | None = None,
    whole: str = "",
) -> None:
    """One small trend a commune; a common line stands in each, the scale is the same in all.

    The common line is the province's, or that of the communes `among` under the name `whole`.
    """
    chosen = screen.period.window
    grain = fitting_grain("month" if chosen.days > 120 else "week" if chosen.days > 20 else "day", chosen)
    window = with_context(chosen, grain, first=screen.lists.first_day, buckets=13)
    lines = series(screen, indicator, grain=grain, window=window, communes=communes)
    if among is not None:
        # A count of one commune would vanish under the group's.
        own = [line for line in lines if not line.is_province]
        common = [] if indicator.unit == "count" else [group_line(screen, indicator, grain, window, among, whole)]
        lines = [*own, *common]
    province = [line for line in lines if line.is_province]
    values = [
        value
        for line in lines
        for point in line.points
        for value in (point.value,)
        if value is not None and not is_missing(value)
    ]
    if not values:
        return
    low = 0 if indicator.unit == "count" else min(values)
    steps = {"day": _("ngày"), "week": _("tuần"), "month": _("tháng")}
    title = _("{name} theo {step}, cùng một thang").format(name=indicator.name, step=steps[grain])
    draw_title(title, indicator=indicator, key="multiples")
    notes = [_("Nền xanh: kỳ đang xem; phần trước đó để thấy bối cảnh.")] if window != chosen else []
    if among is not None and province:
        notes.append(_("Đường đậm: {group} ({count} đơn vị).").format(group=plain(in_text(whole)), count=len(among)))
    if notes:
        st.caption(" ".join(notes))
    near = events_near(screen, window, communes=communes, grain=grain)
    with st.grid(min(3, len(communes)), min_column_width=260, gap="small"):
        for line in lines[: len(communes)]:
            with st.container():
                figure = trend_figure(
                    [line, *province],
                    indicator,
                    grain=grain,
                    palette=screen.palette,
                    minutes_per_day=screen.minutes_per_day,
                    height=200,
                    size="small",
                    value_range=(low, max(values)),
                    highlight=chosen,
                )
                mark_events(figure, near, screen.palette, small=True)
                st.markdown(f"**{plain(line.name)}**")
                plot(figure, title="", key=f"multiple_{line.name}", alt=f"{indicator.name}, {line.name}")
    if near:
        st.caption(events_caption(near))
