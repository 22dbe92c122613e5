"""Quanh một sự kiện: what a dated event changed on an equal mix, and where the series itself says that it changed."""

from __future__ import annotations

import streamlit as st

from charts.event_marks import event_text, events_legend
from charts.interrupted import DECLARED, break_sentence, effect_sentence, weeks_figure
from indicators import Filters
from indicators.breaks import breaks
from indicators.catalogue import indicator
from indicators.dated_events import DatedEvent, concerning
from indicators.interrupted import Measure, effect_of
from indicators.windows import Window
from language import _
from language.formats import number
from pages.parts import trend_data
from pages.parts.controls import pick_one
from pages.parts.picker import Option, picker
from pages.parts.plain import plain
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.viewport import room

_LEAST_WEEKS = 10
# A measure of the view that this segment can follow; every other one falls back to the first.
_MEASURES: dict[str, Measure] = {indicator_id: measure for measure, indicator_id in DECLARED.items()}  # type: ignore[misc]


def draw_around(screen: Screen) -> None:
    """The weekly figure of all days loaded, the chosen event's effect, and the change points found."""
    every = trend_data.events(screen.snapshot, screen.snapshot.id)
    window = Window(screen.lists.first_day, screen.as_of)
    shown = [event for event in every if event.window.starts <= window.ends and event.window.ends >= window.starts]
    left, right = st.columns([4, 3], vertical_alignment="bottom", gap="medium")
    with left:
        chosen = _pick_event(screen, shown)
    with right:
        names = {DECLARED["on_time"]: _("Tỷ lệ đúng hạn"), DECLARED["processing_days"]: _("Thời gian giải quyết")}
        wanted = screen.view.indicator if screen.view.indicator in _MEASURES else DECLARED["on_time"]
        pick_one(_("Đo bằng"), names, wanted, attribute="indicator")
    measure = _MEASURES[wanted]
    filters, place = _whose(screen, chosen)
    weeks = trend_data.weeks(screen.snapshot, screen.snapshot.id, window, filters, measure)
    if weeks.height < _LEAST_WEEKS:
        words = _("Mới có {n} tuần trọn đủ số liệu, cần ít nhất {least}.")
        st.info(words.format(n=weeks.height, least=_LEAST_WEEKS), icon=":material/hourglass_empty:")
        return
    near = concerning(every, window, communes=filters.commune, procedures=filters.procedure)
    # On the mix of all weeks together, so that a week of hard procedures is no change.
    on_equal_mix = weeks["value"] - weeks["expected"] + weeks["expected"].mean()
    found = breaks(on_equal_mix.to_numpy(), weeks["n"].to_numpy().astype(float))
    days = weeks["starts"].to_list()
    title = _("{name}, {place}, theo tuần").format(name=indicator(wanted).name, place=place)
    if chosen:
        holidays = [event for event in every if event.kind == "holiday" and event.window.days > 3]
        effect = effect_of(weeks, chosen, holidays, measure)
        title = f"{effect_sentence(effect, chosen, measure, minutes_per_day=screen.minutes_per_day)} · {place}"
    figure = weeks_figure(
        weeks,
        measure,
        palette=screen.palette,
        minutes_per_day=screen.minutes_per_day,
        height=max(340, room(key="around_room").height - 420),
        events=near,
        found=found,
    )
    plot(figure, title=title, key="around", indicator=indicator(wanted))
    if near:
        st.caption(plain(_("Sự kiện: {events}.").format(events=events_legend(near))))
    st.markdown("**" + _("Máy tự tìm chỗ mức thay đổi") + "**")
    if found:
        lines = [break_sentence(one, days, measure, near, minutes_per_day=screen.minutes_per_day) for one in found]
        st.markdown("\n".join(f"- {plain(line)}." for line in lines))
    else:
        st.markdown(_("Không thấy chỗ nào mức thay đổi hơn dao động ngẫu nhiên."))
    st.caption(
        _(
            "{weeks} tuần trọn. Ước lượng sự kiện: hồi quy gián đoạn theo tuần, có xu hướng, tuần quanh Tết và tuần ít "
            "ngày làm việc, trên cùng cơ cấu thủ tục và kênh; khoảng tin cậy 95 %. Chỗ thay đổi: 4 đến 10 % chuỗi "
            "không đổi vẫn bị báo nhầm; dải màu là khoảng có thể. Hai điều cùng lúc không chứng minh điều này gây ra "
            "điều kia."
        ).format(weeks=number(weeks.height))
    )


def _pick_event(screen: Screen, shown: list[DatedEvent]) -> DatedEvent | None:
    named = {event.key: event for event in shown}
    picker(
        _("Sự kiện"),
        [
            Option(
                value=key,
                label=event_text(event),
                hint=_where(screen, event),
            )
            for key, event in named.items()
        ],
        [screen.view.event] if screen.view.event in named else [],
        key="event",
        on_pick=lambda values: change_view(event=values[0] if values else ""),
        placeholder=_("Chọn một sự kiện để ước lượng"),
    )
    return named.get(screen.view.event)


def _where(screen: Screen, event: DatedEvent) -> str:
    communes = screen.lists.communes
    place = communes[event.commune_code].full_name if event.commune_code in communes else screen.whole
    return f"{event.kind_name} · {place}"


def _whose(screen: Screen, event: DatedEvent | None) -> tuple[Filters, str]:
    """Whose dossiers: those that the event concerns, else the view's."""
    filters = screen.filters
    if event is not None and event.commune_code in screen.lists.communes:
        assert event.commune_code is not None
        whole = filters.of_whole_province()
        return _of(whole, commune=(event.commune_code,)), screen.commune_name(event.commune_code)
    if event is not None and event.procedure_code in screen.lists.procedures:
        assert event.procedure_code is not None
        return _of(filters, procedure=(event.procedure_code,)), screen.lists.procedures[event.procedure_code]
    if len(screen.view.communes) == 1:
        return filters, screen.commune_name(screen.view.communes[0])
    return filters, screen.whole_in_text if filters == Filters() else _("phần đã lọc")


def _of(filters: Filters, **values: tuple[str, ...]) -> Filters:
    return Filters(**{**filters.given(), **values})
