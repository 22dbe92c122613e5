"""A weekly series around an event: the weeks, what the mix alone would have made, and where its level moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from charts.event_marks import mark_events
from charts.layout import base_figure, date_ticks, value_ticks
from charts.palettes import Palette, rgba
from charts.trend import bucket_name
from charts.values import axis, difference_text, value_text
from indicators.breaks import Break
from indicators.catalogue import indicator
from indicators.dated_events import DatedEvent
from indicators.interrupted import Effect, Measure
from indicators.windows import Window
from language import _
from language.formats import date as written_date
from language.formats import number

DECLARED = {"on_time": "on_time_rate_ii06", "processing_days": "processing_days_mean"}


def weeks_figure(
    weeks: pl.DataFrame,
    measure: Measure,
    *,
    palette: Palette,
    minutes_per_day: int,
    height: int,
    events: Sequence[DatedEvent],
    found: Sequence[Break],
) -> go.Figure:
    """The weekly figure, dashed what the week's mix makes one expect, and a band where each change point may lie."""
    figure = base_figure(palette, height=height)
    declared = indicator(DECLARED[measure])
    days: list[dt.date] = weeks["starts"].to_list()
    values, expected = weeks["value"].to_list(), weeks["expected"].to_list()
    names = [bucket_name(Window(day, day + dt.timedelta(days=6)), "week") for day in days]
    texts = [
        f"<b>{name[:1].upper()}{name[1:]}</b>: {value_text(declared, value, minutes_per_day)}<br>"
        + _("{n} hồ sơ, {days} ngày làm việc").format(n=number(n), days=number(working))
        for name, value, n, working in zip(names, values, weeks["n"], weeks["working_days"], strict=True)
    ]
    for one in found:
        figure.add_vrect(
            x0=_moment(days[one.earliest], -3.5),
            x1=_moment(days[one.latest], -3.5 if one.latest > one.earliest else 0),
            fillcolor=rgba(palette.worse, 0.14),
            line={"width": 1, "color": rgba(palette.worse, 0.6)},
            layer="below",
        )
    edges = [0, *(one.index for one in found), len(days)]
    levels = [found[0].before, *(one.after for one in found)] if found else []
    for place, level in enumerate(levels):
        part = days[edges[place] : edges[place + 1]]
        figure.add_scatter(
            x=[part[0], part[-1]], y=[level, level], mode="lines", line={"color": palette.worse, "width": 3},
            hoverinfo="skip", name=_("mức từng giai đoạn, cùng cơ cấu thủ tục"), showlegend=place == 0,
        )  # fmt: skip
    figure.add_scatter(
        x=days, y=expected, mode="lines", line={"color": palette.quiet, "width": 1.5, "dash": "dash"},
        hoverinfo="skip", name=_("mức chung tại cơ cấu thủ tục của tuần"),
    )  # fmt: skip
    figure.add_scatter(
        x=days,
        y=values,
        mode="lines+markers",
        line={"color": palette.better, "width": 2},
        marker={"size": 6},
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
        name=declared.name,
    )
    mark_events(figure, events, palette)
    every = [*values, *expected]
    scale = axis(declared, every, minutes_per_day)
    figure.update_xaxes(**date_ticks(days, grain="week"), showgrid=False)
    figure.update_yaxes(**value_ticks(scale, min(every), max(every)))
    unit = "" if scale.unit == "%" else scale.unit
    figure.update_yaxes(title={"text": unit, "font": {"color": palette.quiet, "size": 14}})
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "x": 0, "font": {"size": 14}}
    )
    return figure


def effect_sentence(effect: Effect | None, event: DatedEvent, measure: Measure, *, minutes_per_day: int) -> str:
    """What the event changed, or that nobody can tell."""
    declared = indicator(DECLARED[measure])
    name = f"{event.text} ({written_date(event.starts)})"
    if effect is None:
        return _("{event}: chưa đủ số tuần trước và sau sự kiện để ước lượng").format(event=name)
    low, high = (difference_text(declared, bound, 0.0, minutes_per_day) for bound in (effect.low, effect.high))
    if not effect.is_clear:
        words = _("{event}: chưa đủ cơ sở nói {measure} thay đổi sau sự kiện (từ {low} đến {high})")
        return words.format(event=name, measure=_in_text(declared.name), low=low, high=high)
    words = _("{event}: {measure} {value} so với khi không có sự kiện (từ {low} đến {high}), trên cùng cơ cấu thủ tục")
    return words.format(
        event=name,
        measure=_in_text(declared.name),
        value=difference_text(declared, effect.value, 0.0, minutes_per_day),
        low=low,
        high=high,
    )


def break_sentence(
    one: Break, days: Sequence[dt.date], measure: Measure, events: Sequence[DatedEvent], *, minutes_per_day: int
) -> str:
    """Where the level moved, from what to what, and which known event lies there."""
    declared = indicator(DECLARED[measure])
    first, last = days[one.earliest], days[one.latest] + dt.timedelta(days=6)
    near = [
        event
        for event in events
        if event.starts <= last + dt.timedelta(days=7) and event.window.ends >= first - dt.timedelta(days=14)
    ]
    known = _("gần đó có: {events}").format(events="; ".join(event.text for event in near))
    return _("Từ tuần {week} (trong khoảng {first}–{last}): {before} thành {after}; {known}").format(
        week=f"{days[one.index]:%d/%m/%Y}",
        first=written_date(first),
        last=written_date(last),
        before=value_text(declared, one.before, minutes_per_day),
        after=value_text(declared, one.after, minutes_per_day),
        known=known if near else _("chưa có sự kiện nào được ghi quanh đó"),
    )


def _in_text(name: str) -> str:
    return name[:1].lower() + name[1:]


def _moment(day: dt.date, days: float) -> dt.datetime:
    return dt.datetime.combine(day, dt.time()) + dt.timedelta(days=days)
