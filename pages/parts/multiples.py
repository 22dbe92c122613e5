"""Small multiples: the same chart for each commune, on one scale, against the province."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts.trend import trend_figure
from charts.values import is_missing
from indicators.catalogue import Indicator
from language import _
from pages.parts.plain import plain
from pages.parts.plots import draw_title, plot
from pages.parts.screen import Screen
from pages.parts.series import fitting_grain, series, with_context


def draw_multiples(screen: Screen, indicator: Indicator, communes: Sequence[str]) -> None:
    """One small trend a commune; the province's line stands in each, the scale is the same in all."""
    chosen = screen.period.window
    grain = fitting_grain("month" if chosen.days > 120 else "week" if chosen.days > 20 else "day", chosen)
    window = with_context(chosen, grain, first=screen.lists.first_day, buckets=13)
    lines = series(screen, indicator, grain=grain, window=window, communes=communes)
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
    if window != chosen:
        st.caption(_("Nền xanh: kỳ đang xem; phần trước đó để thấy bối cảnh."))
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
                st.markdown(f"**{plain(line.name)}**")
                plot(figure, title="", key=f"multiple_{line.name}", alt=f"{indicator.name}, {line.name}")
