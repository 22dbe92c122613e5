"""Biến động: an XmR chart of the indicator, what its rules say, and whether the process will meet a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import streamlit as st

from charts.control import (
    Control,
    Value,
    assurance_name,
    control_figure,
    control_notes,
    control_sentence,
    variation_name,
)
from charts.event_marks import event_text, events_legend
from charts.values import Axis, axis, is_missing, value_text
from indicators.catalogue import Indicator
from indicators.dated_events import DatedEvent, concerning
from indicators.figures import Count
from indicators.flows import CARRIED_OVER, STOCKS
from indicators.windows import Window
from indicators.xmr import chart
from language import _
from language.formats import number
from pages.parts import trend_data
from pages.parts.picker import Option, picker
from pages.parts.plain import plain
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.series import series, with_context
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table
from pages.parts.viewport import room

_LEAST = 6
_CONTEXT = {"week": 78, "month": 36}


def draw_control(screen: Screen, indicator: Indicator, grain: str) -> None:
    """The segment for the first chosen commune, or the part that the filters keep."""
    if grain == "day":
        grain = "week"
        st.caption(_("Từng ngày trong tuần vốn đã khác nhau, nên biểu đồ này vẽ theo tuần."))
    window = with_context(screen.period.window, grain, first=screen.lists.first_day, buckets=_CONTEXT[grain])
    line = series(screen, indicator, grain=grain, window=window, communes=screen.view.communes[:1])[0]
    windows = tuple(point.window for point in line.points)
    days = trend_data.days_of_work(screen.snapshot, screen.snapshot.id, windows)
    by_day = is_flow(indicator)
    values = []
    for point, working in zip(line.points, days, strict=True):
        # A week of holidays has no pace.
        if point.value is None or is_missing(point.value) or (by_day and not working):
            continue
        value = point.value / working if by_day else point.value
        enough = point.n is None or point.n >= indicator.min_n
        values.append(
            Value(
                window=point.window,
                value=value,
                n=point.value if by_day else point.n,
                working_days=working,
                is_judged=bool(point.finished and working and enough),
            )
        )
    judged = [value for value in values if value.is_judged]
    if len(judged) < _LEAST:
        words = _("Mới có {n} kỳ trọn và đủ số liệu, cần ít nhất {least} để vẽ giới hạn. Hãy chọn bước dài hơn.")
        st.info(words.format(n=len(judged), least=_LEAST), icon=":material/show_chart:")
        return
    shown = Window(values[0].window.starts, values[-1].window.ends)
    all_events = trend_data.events(screen.snapshot, screen.snapshot.id)
    near = concerning(all_events, shown, communes=screen.view.communes[:1], procedures=screen.view.procedures)
    above = st.container()
    left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
    with left:
        rebased = _pick_rebased(screen, near)
    with right:
        target = _pick_target(screen, indicator, by_day=by_day)
    starts = [value.window.starts for value in judged]
    control = Control(
        values=values,
        chart=chart(
            [value.value for value in judged],
            rebased_at=[int(np.searchsorted(starts, event.starts)) for event in rebased],  # type: ignore[call-overload]
            lowest=0.0,
            highest=1.0 if indicator.unit == "rate" else np.inf,
        ),
        indicator=indicator,
        text=_text(screen, indicator, by_day=by_day),
        scale=_axis(screen, indicator, values, by_day=by_day),
        grain=grain,
        target=target,
    )
    place = line.name[:1].lower() + line.name[1:] if line.is_province else line.name
    with above:
        _draw_chart(screen, control, place=place, near=near, rebased=rebased)


def _draw_chart(
    screen: Screen, control: Control, *, place: str, near: Sequence[DatedEvent], rebased: Sequence[DatedEvent]
) -> None:
    _draw_icons(control)
    indicator = control.indicator
    notes = control_notes(control, rebased)
    if is_flow(indicator):
        notes.insert(0, _("Số đếm chia cho số ngày làm việc của kỳ, để kỳ có ngày lễ vẫn so được."))
    if _is_stock(indicator):
        notes.append(_("Hồ sơ tồn đổi dần từ kỳ này sang kỳ sau, nên dễ vượt giới hạn hơn các chỉ tiêu khác."))
    height = max(320, room(key="control_room").height - 410)
    plot(
        control_figure(control, palette=screen.palette, height=height, events=near),
        title=control_sentence(control, place=place),
        key="control",
        note=plain(" ".join(notes)),
        indicator=indicator,
    )
    if near:
        st.caption(plain(_("Sự kiện: {events}.").format(events=events_legend(near))))
    with st.expander(_("Xem bằng bảng số"), key="control_in_numbers"):
        _draw_table(control)


def is_flow(indicator: Indicator) -> bool:
    """Whether the indicator counts what happened in the window, so that longer windows count more."""
    return isinstance(indicator.figure, Count) and not _is_stock(indicator)


def _is_stock(indicator: Indicator) -> bool:
    return bool(indicator.figure.measures & (STOCKS | {CARRIED_OVER})) and isinstance(indicator.figure, Count)


def _pick_rebased(screen: Screen, near: Sequence[DatedEvent]) -> list[DatedEvent]:
    """The events at which limits begin anew: only lasting ones, and only those that the reader names."""
    lasting = [event for event in near if not event.is_passing]
    chosen = [event.key for event in lasting if event.key in screen.view.rebased]
    picker(
        _("Tính lại giới hạn từ sự kiện"),
        [Option(value=event.key, label=event_text(event), hint=event.kind_name) for event in lasting],
        chosen,
        key="rebased",
        on_pick=lambda values: change_view(rebased=values),
        multiple=True,
        placeholder=_("Không tính lại; chỉ chọn khi cách làm thật sự đã đổi"),
    )
    return [event for event in lasting if event.key in chosen]


def _pick_target(screen: Screen, indicator: Indicator, *, by_day: bool) -> float | None:
    key = "target"
    st.session_state[key] = screen.view.target
    unit = "%" if indicator.unit == "rate" else _("số")
    st.text_input(
        _("Mục tiêu ({unit}), để trống nếu không có").format(unit=unit),
        key=key,
        on_change=lambda: change_view(target=st.session_state[key].strip()),
        max_chars=8,
    )
    return target_of(screen.view.target, indicator)


def target_of(text: str, indicator: Indicator) -> float | None:
    """`97,5` as 0.975 of a rate; None for what is no number or no rate."""
    try:
        value = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError:
        return None
    if not np.isfinite(value) or value < 0:
        return None
    if indicator.unit == "rate":
        return value / 100 if value <= 100 else None
    return value


def _draw_icons(control: Control) -> None:
    """The two icons of "Making Data Count", with their words: never one without the other."""
    variation = control.chart.variation(control.indicator.direction)
    looks: dict[str, tuple[str, Literal["blue", "orange", "violet", "gray"]]] = {
        "improving": (":material/trending_up:", "blue"),
        "worsening": (":material/warning:", "orange"),
        "changing": (":material/swap_vert:", "violet"),
        "nothing_unusual": (":material/show_chart:", "gray"),
    }
    with st.container(horizontal=True, gap="small"):
        icon, colour = looks[variation]
        st.badge(_("Biến động: {verdict}").format(verdict=variation_name(variation)), icon=icon, color=colour)
        if control.indicator.direction == "neutral":
            return
        if control.target is None:
            st.badge(_("Khả năng đạt mục tiêu: chưa đặt mục tiêu"), icon=":material/flag:", color="gray")
            return
        assurance = control.chart.assurance(
            control.target, higher_is_better=control.indicator.direction == "higher_is_better"
        )
        signs: dict[str, tuple[str, Literal["blue", "orange", "gray"]]] = {
            "meets": (":material/check_circle:", "blue"),
            "misses": (":material/cancel:", "orange"),
            "not_sure": (":material/help:", "gray"),
        }
        icon, colour = signs[assurance]
        st.badge(
            _("Khả năng đạt mục tiêu: {verdict}").format(verdict=assurance_name(assurance)), icon=icon, color=colour
        )


def _text(screen: Screen, indicator: Indicator, *, by_day: bool) -> Callable[[float], str]:
    if by_day:
        return lambda value: number(value, 0 if value >= 100 else 1)
    return lambda value: value_text(indicator, value, screen.minutes_per_day)


def _axis(screen: Screen, indicator: Indicator, values: Sequence[Value], *, by_day: bool) -> Axis:
    figures = [value.value for value in values]
    if by_day:
        return Axis(1, _("hồ sơ mỗi ngày làm việc"), 0 if max(figures) > 20 else 1)
    return axis(indicator, figures, screen.minutes_per_day)


def _draw_table(control: Control) -> None:
    columns = [
        Column(label=_("Kỳ")),
        Column(label=_("Ngày làm việc"), number=True),
        Column(label=_("Số hồ sơ"), number=True),
        Column(label=control.indicator.name, number=True),
        Column(label=_("Nhận định")),
    ]
    rows, judged = [], 0
    for order, value in enumerate(control.values):
        words = _("không tính vào giới hạn")
        if value.is_judged:
            words = _("khác thường") if control.chart.rules[judged] else _("bình thường")
            judged += 1
        name = f"{value.window.starts:%d/%m/%Y}–{value.window.ends:%d/%m/%Y}"
        cells = [name, number(value.working_days), number(value.n), control.text(value.value), words]
        sort = [order, value.working_days, value.n, value.value, words]
        rows.append(Row(cells=cells, sort=sort, muted=not value.is_judged))
    table(_("Các điểm của biểu đồ"), columns, rows[::-1], key="control_table", height=420)
