"""Thời gian đến kết quả: cohorts of receipt through time, the curve of one of them, and what the open ones change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from charts.cohort_words import QUANTILES, cohort_name, cohort_sentence, gap_sentence, share_name
from charts.cohorts import cohorts_figure, curve_figure
from charts.event_marks import mark_events
from charts.values import interval_text, value_text
from indicators.catalogue import indicator
from indicators.cohorts import Cohort, Grain, cohorts, merged
from indicators.filters import Filters
from indicators.windows import Window, bucket_label
from language import _
from language.formats import number
from pages.parts.controls import pick_one
from pages.parts.definitions import behind_the_i
from pages.parts.event_lines import events_caption, events_near
from pages.parts.picker import Option, picker
from pages.parts.plain import sentence
from pages.parts.plots import draw_title, plot
from pages.parts.screen import Screen
from pages.parts.series import whole_buckets, with_context
from pages.parts.state import change_view
from pages.parts.table import Cell, Column, Row, table
from pages.parts.whole import in_text
from warehouse import Snapshot

HEIGHT = 330
# In the address: all cohorts together.
_ALL = "all"


@st.cache_resource(max_entries=40, show_spinner=False)
def cohorts_of(
    _snapshot: Snapshot, snapshot_id: str, grain: Grain, window: Window, filters: Filters, as_of: date
) -> tuple[list[Cohort], Cohort | None]:
    """`indicators.cohorts.cohorts`, and all of them as one, kept by snapshot; shared, and must not be changed."""
    found = cohorts(_snapshot, grain=grain, window=window, filters=filters, as_of=as_of)
    return found, merged(found) if found else None


def draw_cohorts(screen: Screen, *, grain: str, window: Window) -> None:
    """The section: cohorts on the left, one cohort's curve on the right, all figures in a table below."""
    probability = QUANTILES[screen.view.quantile]
    step: Grain = "month" if grain == "month" else "week"
    found, whole = _followed(screen, step, window)
    if step == "week" and 2 * sum(one.has_enough(probability) for one in found) < len(found):
        # Weeks of a commune hold a handful of dossiers: months say more.
        step = "month"
        found, whole = _followed(screen, step, with_context(window, step, first=screen.lists.first_day, buckets=13))
    st.subheader(_("Thời gian đến kết quả"), anchor=False)
    if whole is None:
        st.markdown(_("Không có hồ sơ nào tiếp nhận trong thời gian này."))
        return
    offered = {_ALL: whole, **{_key(one, step): one for one in found}}
    key, chosen = _chosen(offered, screen.view.cohort)
    left, right = st.columns([2, 3], vertical_alignment="bottom", gap="medium")
    with left:
        names = {key: share_name(probability).capitalize() for key, probability in QUANTILES.items()}
        pick_one(_("Thời gian để số hồ sơ này có kết quả"), names, screen.view.quantile, attribute="quantile")
    with right:
        picker(
            _("Xem riêng hồ sơ tiếp nhận"),
            [
                Option(value=value, label=_capital(cohort_name(one, step)), hint=_state(one))
                for value, one in reversed(offered.items())
            ],
            [key],
            key="cohort",
            on_pick=lambda values: change_view(cohort=values[0] if values else ""),
            clearable=False,
        )
    declared = indicator(f"throughput_days_{screen.view.quantile}")
    minutes = screen.minutes_per_day
    # Titles of different length stand over charts of one height: aligned below, the charts stand side by side.
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    steps = {"week": _("tuần tiếp nhận"), "month": _("tháng tiếp nhận")}
    with left:
        title = _("{name}, theo {step}").format(name=declared.name, step=steps[step])
        draw_title(title, indicator=declared, key="cohorts")
        figure = cohorts_figure(
            found,
            probability,
            grain=step,
            palette=screen.palette,
            minutes_per_day=minutes,
            height=HEIGHT,
            chosen=chosen,
        )
        days = Window(found[0].window.starts, found[-1].window.ends)
        near = events_near(screen, days, communes=screen.view.communes, grain=step)
        mark_events(figure, near, screen.palette)
        plot(figure, title="", key="cohorts", alt=title)
    with right:
        title = cohort_sentence(chosen, grain=step, place=_place(screen), minutes_per_day=minutes)
        draw_title(title, indicator=declared, key="cohort_curve")
        figure = curve_figure(chosen, palette=screen.palette, minutes_per_day=minutes, height=HEIGHT)
        plot(figure, title="", key="cohort_curve", alt=title)
    words = gap_sentence(chosen, probability, minutes_per_day=minutes)
    st.markdown(sentence(f"{_capital(cohort_name(chosen, step))}: {words[:1].lower()}{words[1:]}"))
    notes = [
        _(
            "Tính từ lúc tiếp nhận, theo giờ làm việc, không trừ thời gian dừng. Hồ sơ chưa xong được tính là còn chờ "
            "đến cuối ngày chốt số liệu, hồ sơ rút, dừng đến lúc kết thúc (Kaplan–Meier). Điểm rỗng, tạm tính: còn hồ "
            "sơ chưa xong chờ ngắn hơn con số này, nên con số còn có thể đổi. Dải màu: khoảng tin cậy 95 %."
        )
    ]
    if not all(one.has_enough(probability) for one in found):
        words = _("Chấm xám nhỏ: dưới {count} hồ sơ, chưa đủ số liệu để đánh giá.")
        notes.append(words.format(count=declared.min_n))
    if near:
        notes.append(events_caption(near))
    st.caption(" ".join(notes))
    with st.expander(_("Xem bằng bảng số"), key="cohorts_in_numbers"):
        _draw_table(screen, found, step)


def _followed(screen: Screen, step: Grain, window: Window) -> tuple[list[Cohort], Cohort | None]:
    """The cohorts of the view that touch the window, whole ones as far as the data go."""
    shown = whole_buckets(window, step, first=screen.lists.first_day, last=screen.as_of)
    return cohorts_of(screen.snapshot, screen.snapshot.id, step, shown, screen.filters, screen.as_of)


def _place(screen: Screen) -> str:
    """Whose dossiers they are, within a sentence."""
    if screen.filters == Filters():
        return screen.whole_in_text
    if len(screen.view.communes) == 1 and screen.filters == Filters(commune=screen.view.communes):
        return screen.commune_name(screen.view.communes[0])
    return in_text(_("Phần đã lọc"))


def _chosen(offered: Mapping[str, Cohort], wanted: str) -> tuple[str, Cohort]:
    """The cohort of the address; without one the latest whose days are all in the data, if it has enough dossiers.

    Otherwise all of them together.
    """
    if wanted not in offered:
        whole = [key for key, one in offered.items() if key != _ALL and one.window.ends <= one.as_of]
        wanted = whole[-1] if whole and offered[whole[-1]].has_enough(max(QUANTILES.values())) else _ALL
    return wanted, offered[wanted]


def _key(cohort: Cohort, step: str) -> str:
    return bucket_label(step, cohort.window.starts)


def _state(cohort: Cohort) -> str:
    return _("{received} hồ sơ, {open} chưa có kết quả").format(
        received=number(cohort.received), open=number(cohort.open)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draw_table(screen: Screen, found: Sequence[Cohort], step: str) -> None:
    minutes = screen.minutes_per_day
    columns = [
        Column(label=_("Tiếp nhận")),
        Column(label=_("Số hồ sơ"), number=True),
        Column(label=_("Chưa có kết quả"), number=True),
    ]
    naive = _("chỉ tính hồ sơ đã xong")
    for key, probability in QUANTILES.items():
        meaning = behind_the_i(indicator(f"throughput_days_{key}"))
        name = _capital(share_name(probability))
        columns += [
            Column(label=name, number=True, meaning=meaning),
            Column(label=f"{name}, {naive}", number=True, meaning=meaning),
        ]
    rows = []
    for order, one in enumerate(found):
        cells: list[Cell] = [
            _capital(cohort_name(one, step)),
            number(one.received),
            number(one.open),
        ]
        sort: list[float | str | None] = [order, one.received, one.open]
        for key, probability in QUANTILES.items():
            declared, quantile = indicator(f"throughput_days_{key}"), one.quantile(probability)
            notes = [
                interval_text(declared, quantile.low, quantile.high, minutes),
                _("chưa đủ số liệu") if not one.has_enough(probability) else "",
                _("tạm tính") if quantile.is_provisional else "",
            ]
            note = " · ".join(part for part in notes if part)
            cells += [(value_text(declared, quantile.value, minutes), note)]
            cells += [value_text(declared, quantile.naive, minutes)]
            sort += [quantile.value, quantile.naive]
        rows.append(Row(cells=cells, sort=sort))
    table(_("Thời gian đến kết quả"), columns, rows[::-1], key="cohorts_table", height=420)
