"""An indicator over time: communes against the province, intervals, days off, and what is not finished yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import plotly.graph_objects as go

from charts.layout import base_figure, date_ticks, value_ticks
from charts.palettes import Palette, rgba
from charts.values import axis, interval_text, is_missing, value_text
from indicators.catalogue import Indicator
from indicators.windows import Window
from language import _
from language.formats import date as written_date
from language.formats import number


@dataclass(frozen=True, kw_only=True)
class Point:
    """One bucket: its whole stretch of days, whether all of it is known, and the figure (None: no case)."""

    window: Window
    finished: bool
    value: float | None
    n: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Series:
    """A commune or the province through time."""

    name: str
    points: Sequence[Point]
    is_province: bool = False


def trend_figure(
    series: Sequence[Series],
    indicator: Indicator,
    *,
    grain: str,
    palette: Palette,
    minutes_per_day: int,
    days_off: Sequence[tuple[dt.date, str]] = (),
    height: int = 400,
    size: Literal["full", "half", "small"] = "full",
    value_range: tuple[float, float] | None = None,
    highlight: Window | None = None,
) -> go.Figure:
    """Lines with markers; hollow markers on a dashed line are buckets whose days are not all in the data yet.

    The interval is drawn for the first series only, so that bands never hide lines. Points with fewer cases than the
    indicator may be judged by are small, grey and not joined, without a band. The buckets of `highlight` stand on a
    ground of their own where the series reach further back.
    """
    figure = base_figure(palette, height=height, font_size=13 if size == "small" else 15)
    values = [
        value
        for place, one in enumerate(series)
        for point in one.points
        for value in _values(point, indicator, with_interval=place == 0)
        if value is not None
    ]
    scale = axis(indicator, values, minutes_per_day)
    low, high = value_range or (min(values, default=0), max(values, default=1))
    if indicator.unit == "count" and value_range is None:
        low = 0
    colours = iter(palette.series)
    drawn = [(one, palette.province if one.is_province else next(colours)) for one in series]
    if drawn:
        _add_band(figure, *drawn[0], indicator)
    for one, colour in drawn:
        _add_line(figure, one, colour, indicator, palette, minutes_per_day)
    days = sorted({point.window.starts for one in series for point in one.points})
    if days and size != "small" and grain != "month":
        shown = Window(days[0], max(point.window.ends for one in series for point in one.points))
        middle = sum(values) / len(values) if values else 0
        # The names stand where the lines are not.
        edge: Literal["top", "bottom"] = "bottom" if middle > (low + high) / 2 else "top"
        _add_days_off(figure, days_off, shown, palette, names_at=edge if size == "full" else None)
    if days and highlight is not None:
        _add_highlight(figure, [point.window for point in series[0].points], highlight, palette)
    figure.update_xaxes(**date_ticks(days, grain=grain, most={"full": 10, "half": 6, "small": 3}[size]), showgrid=False)
    figure.update_yaxes(**value_ticks(scale, low, high, steps=5 if size == "full" else 3))
    if size != "small":
        figure.update_yaxes(title={"text": "" if scale.unit == "%" else scale.unit, "font": {"color": palette.quiet}})
        figure.update_layout(
            showlegend=len(series) > 1,
            legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 15}},
        )
    return figure


def bucket_name(window: Window, grain: str) -> str:
    """The bucket as people say it: `ngày 02/09/2025`, `tuần 30/06–06/07/2025`, `tháng 7/2025`."""
    if grain == "day":
        return _("ngày {date}").format(date=written_date(window.starts))
    if grain == "week":
        return _("tuần {starts}–{ends}").format(starts=f"{window.starts:%d/%m}", ends=written_date(window.ends))
    return _("tháng {month}").format(month=f"{window.starts.month}/{window.starts.year}")


def grain_of(window: Window) -> str:
    return "day" if window.days == 1 else "week" if window.days <= 7 else "month"


def has_too_few(point: Point, indicator: Indicator) -> bool:
    """Whether the point has fewer cases than the indicator may be judged by."""
    return point.n is not None and point.n < indicator.min_n


def is_judged(point: Point, indicator: Indicator) -> bool:
    """Whether there is a value, from enough cases: only such points are joined by a line."""
    return not is_missing(point.value) and not has_too_few(point, indicator)


def has_interval(point: Point, indicator: Indicator) -> bool:
    return is_judged(point, indicator) and not is_missing(point.low) and not is_missing(point.high)


def _values(point: Point, indicator: Indicator, *, with_interval: bool) -> list[float | None]:
    bounds = (point.low, point.high) if with_interval and not has_too_few(point, indicator) else ()
    return [None if is_missing(value) else value for value in (point.value, *bounds)]


def _add_band(figure: go.Figure, series: Series, colour: str, indicator: Indicator) -> None:
    """A band for each run of judged points: what the line does not join, the band does not either."""
    for is_known, run in groupby(series.points, lambda point: has_interval(point, indicator)):
        known = list(run)
        if not is_known or len(known) < 2:
            continue
        days = [point.window.starts for point in known]
        figure.add_scatter(
            x=[*days, *reversed(days)],
            y=[*(point.high for point in known), *(point.low for point in reversed(known))],
            mode="lines",
            fill="toself",
            fillcolor=rgba(colour, 0.14),
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
            name=_("khoảng tin cậy 95 %"),
        )


def _add_line(
    figure: go.Figure, series: Series, colour: str, indicator: Indicator, palette: Palette, minutes_per_day: int
) -> None:
    points = series.points
    marks = [palette.unclear if has_too_few(point, indicator) else colour for point in points]
    size = 8 if len(points) <= 60 else 6
    figure.add_scatter(
        x=[point.window.starts for point in points],
        y=[point.value if point.finished and is_judged(point, indicator) else None for point in points],
        mode="lines",
        line={"color": colour, "width": 3 if series.is_province else 2.5},
        hoverinfo="skip",
        name=series.name,
        legendgroup=series.name,
        connectgaps=False,
    )
    for index, point in enumerate(points):
        # The way to and from an unfinished bucket is dashed.
        beside = points[index - 1] if index and not point.finished else None
        after = points[index + 1] if not point.finished and index + 1 < len(points) else None
        for other in (beside, after):
            if other is not None and is_judged(point, indicator) and is_judged(other, indicator):
                figure.add_scatter(
                    x=[other.window.starts, point.window.starts],
                    y=[other.value, point.value],
                    mode="lines",
                    line={"color": colour, "width": 2, "dash": "dot"},
                    hoverinfo="skip",
                    showlegend=False,
                    legendgroup=series.name,
                    name=_("tạm tính"),
                )
    figure.add_scatter(
        x=[point.window.starts for point in points],
        y=[None if is_missing(point.value) else point.value for point in points],
        mode="markers",
        marker={
            "color": [mark if point.finished else palette.page for mark, point in zip(marks, points, strict=True)],
            "line": {"color": marks, "width": 2},
            "size": [size - 3 if has_too_few(point, indicator) else size for point in points],
            "opacity": 1,
        },
        customdata=[_hover(series, point, indicator, minutes_per_day) for point in points],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        legendgroup=series.name,
        name=series.name,
    )


def _hover(series: Series, point: Point, indicator: Indicator, minutes_per_day: int) -> str:
    lines = [
        f"<b>{series.name}</b>, {bucket_name(point.window, grain_of(point.window))}",
        value_text(indicator, point.value, minutes_per_day),
    ]
    if interval := interval_text(indicator, point.low, point.high, minutes_per_day):
        lines.append(_("khoảng tin cậy 95 %: {interval}").format(interval=interval))
    if point.n is not None and not is_missing(point.n):
        lines.append(_("n = {n} hồ sơ").format(n=number(point.n)))
    if has_too_few(point, indicator):
        lines.append(_("chưa đủ số liệu để đánh giá"))
    if not point.finished:
        lines.append(_("tạm tính: kỳ chưa trọn ngày"))
    return "<br>".join(lines)


def _add_highlight(figure: go.Figure, buckets: Sequence[Window], highlight: Window, palette: Palette) -> None:
    inside = [bucket for bucket in buckets if bucket.ends >= highlight.starts and bucket.starts <= highlight.ends]
    if not inside or len(inside) == len(buckets):
        return
    half = dt.timedelta(days=inside[0].days) / 2
    figure.add_vrect(
        x0=dt.datetime.combine(inside[0].starts, dt.time()) - half,
        x1=dt.datetime.combine(inside[-1].starts, dt.time()) + half,
        fillcolor=rgba(palette.better, 0.10),
        line_width=0,
        layer="below",
    )


def _add_days_off(
    figure: go.Figure,
    days_off: Sequence[tuple[dt.date, str]],
    shown: Window,
    palette: Palette,
    *,
    names_at: Literal["top", "bottom"] | None,
) -> None:
    for window, name in stretches(days_off):
        if window.ends < shown.starts or window.starts > shown.ends:
            continue
        figure.add_vrect(
            x0=dt.datetime.combine(window.starts, dt.time()) - dt.timedelta(hours=12),
            x1=dt.datetime.combine(window.ends, dt.time()) + dt.timedelta(hours=12),
            fillcolor=rgba(palette.unclear, 0.22),
            line_width=0,
            layer="below",
        )
        if names_at:
            figure.add_annotation(
                x=dt.datetime.combine(window.starts, dt.time()),
                y=0 if names_at == "bottom" else 1,
                yref="paper",
                text=name,
                textangle=-90,
                showarrow=False,
                xanchor="right",
                yanchor=names_at,
                font={"size": 13, "color": palette.quiet},
            )


def stretches(days_off: Sequence[tuple[dt.date, str]]) -> list[tuple[Window, str]]:
    """Days off that lie within three days of each other as one stretch, under the shortest of their names."""
    joined: list[tuple[Window, str]] = []
    for day, full_name in days_off:
        # "(nghỉ bù)" and the like say why this day, not which holiday.
        name = full_name.split(" (")[0]
        if joined and (day - joined[-1][0].ends).days <= 3:
            window, before = joined[-1]
            joined[-1] = (Window(window.starts, day), min(before, name, key=len))
        else:
            joined.append((Window(day, day), name))
    return joined
