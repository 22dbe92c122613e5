"""Open dossiers week by week, and the band of the coming weeks where they can be foretold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import plotly.graph_objects as go

from charts.layout import base_figure, date_ticks, value_ticks
from charts.palettes import Palette, rgba
from charts.values import Axis
from indicators.backlog import Forecast, Trial
from language import _
from language.formats import date as written_date
from language.formats import number, percent

_SHOWN = 26


def backlog_figure(
    days: Sequence[dt.date], values: Sequence[int], found: Forecast, *, palette: Palette, height: int
) -> go.Figure:
    """The last half year, dashed the coming weeks with their band."""
    figure = base_figure(palette, height=height)
    days, values = list(days)[-_SHOWN:], list(values)[-_SHOWN:]
    coming = coming_weeks(days[-1], len(found.value))
    figure.add_scatter(
        x=[days[-1], *coming, *reversed(coming)],
        y=[values[-1], *found.high, *reversed(found.low)],
        mode="lines",
        fill="toself",
        fillcolor=rgba(palette.better, 0.18),
        line={"width": 0},
        hoverinfo="skip",
    )
    words = _("{date}: {n} hồ sơ")
    texts = [words.format(date=written_date(day), n=number(n)) for day, n in zip(days, values, strict=True)]
    figure.add_scatter(
        x=days, y=values, mode="lines+markers", line={"color": palette.better, "width": 2.5}, marker={"size": 6},
        customdata=texts, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    ranges = [
        _("{date}: {n} hồ sơ (từ {low} đến {high})").format(
            date=written_date(day), n=number(value), low=number(low), high=number(high)
        )
        for day, value, low, high in zip(coming, found.value, found.low, found.high, strict=True)
    ]
    figure.add_scatter(
        x=[days[-1], *coming], y=[values[-1], *found.value], mode="lines+markers",
        line={"color": palette.better, "width": 2, "dash": "dot"}, marker={"size": 6},
        customdata=["", *ranges], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    every = [*values, *found.low, *found.high]
    figure.update_xaxes(**date_ticks([*days, *coming], grain="week"), showgrid=False)
    figure.update_yaxes(**value_ticks(Axis(1, _("hồ sơ"), 0), min(every), max(every), steps=4))
    return figure


def backlog_sentence(days: Sequence[dt.date], values: Sequence[int], found: Forecast | None, trial: Trial) -> str:
    """What the last coming week may bring, or that nothing beats "as many as today"."""
    head = _("Hồ sơ đang giải quyết cuối ngày {date}: {n}").format(date=written_date(days[-1]), n=number(values[-1]))
    if found is None:
        if not trial.n:
            return _("{head}; chưa đủ số tuần để dự báo").format(head=head)
        return _("{head}; không dự báo được tốt hơn giữ nguyên").format(head=head)
    return _("{head}; đến {date} khoảng {value}, từ {low} đến {high}").format(
        head=head,
        date=written_date(coming_weeks(days[-1], len(found.value))[-1]),
        value=number(found.value[-1]),
        low=number(found.low[-1]),
        high=number(found.high[-1]),
    )


def trial_note(trial: Trial) -> str:
    """How the rule did on past weeks."""
    return _(
        "Quy tắc: trở dần về trung bình 12 tuần. Thử trên {n} tuần đã qua, chỉ với điều biết lúc đó: sai số nhỏ hơn "
        "cách giữ nguyên {share}. Dải màu: cứ năm lần thì khoảng bốn lần con số rơi vào đó."
    ).format(n=number(trial.n), share=percent(1 - trial.errors.mean() / trial.naive_errors.mean(), 0))


def coming_weeks(last: dt.date, n: int) -> list[dt.date]:
    return [last + dt.timedelta(weeks=week) for week in range(1, n + 1)]
