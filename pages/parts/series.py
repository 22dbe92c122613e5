"""Indicators through time for the trend charts: the province and communes, bucket by bucket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from charts.change import Figure
from charts.trend import Point, Series, bucket_name
from charts.values import interval_text, value_text
from indicators.catalogue import Indicator
from indicators.windows import Window, bucket_label, bucket_window
from language import _
from language.formats import number
from pages.parts import trend_data
from pages.parts.definitions import behind_the_i
from pages.parts.screen import Screen
from pages.parts.table import Cell, Column, Row, table

# A chart with more points than this says less than one with a coarser step.
_MOST_POINTS = {"day": 120, "week": 160, "month": 120}


def fitting_grain(grain: str, window: Window) -> str:
    """The step asked for, or the next coarser one where it would give too many points."""
    days = {"day": 1, "week": 7, "month": 30}
    for coarser in list(days)[list(days).index(grain) :]:
        if window.days / days[coarser] <= _MOST_POINTS[coarser]:
            return coarser
    return "month"


def with_context(window: Window, grain: str, *, first: dt.date, buckets: int) -> Window:
    """The window, begun earlier where it is short: enough days before it, as far as the data go, to judge it by."""
    days = {"day": 1, "week": 7, "month": 30.4}[grain] * buckets
    starts = max(first, window.ends - dt.timedelta(days=round(days) - 1))
    return Window(min(window.starts, starts), window.ends)


def series(
    screen: Screen, indicator: Indicator, *, grain: str, window: Window, communes: Sequence[str]
) -> list[Series]:
    """The selected communes first (without any, the part that the filters keep), then the province.

    The window is widened to whole buckets as far as the data go, so that only what is really unfinished looks so.
    """
    window = whole_buckets(window, grain, first=screen.lists.first_day, last=screen.as_of)
    whole = screen.filters.of_whole_province()
    found = []
    if communes:
        filters = replace(whole, commune=tuple(communes))
        frame = screen.figures([indicator.id], by=["commune", grain], window=window, filters=filters)
        for code in communes:
            rows = frame.filter(pl.col("commune") == code)
            found.append(
                Series(name=screen.commune_name(code), points=_points(rows, indicator, grain, window, screen.as_of))
            )
    elif screen.filters != whole:
        frame = screen.figures([indicator.id], by=[grain], window=window)
        points = _points(frame, indicator, grain, window, screen.as_of)
        found.append(Series(name=_("Phần đã lọc"), points=points))
    # A count of a few communes would vanish under the province's: counts stand alone.
    if not found or indicator.unit != "count":
        frame = screen.figures([indicator.id], by=[grain], window=window, filters=whole)
        points = _points(frame, indicator, grain, window, screen.as_of)
        found.append(Series(name=screen.whole, points=points, is_province=True))
    return found


def group_line(
    screen: Screen, indicator: Indicator, grain: str, window: Window, among: Sequence[str], name: str
) -> Series:
    """The common line of a group of communes, drawn as the province's is."""
    window = whole_buckets(window, grain, first=screen.lists.first_day, last=screen.as_of)
    filters = replace(screen.filters.of_whole_province(), commune=tuple(among))
    frame = screen.figures([indicator.id], by=[grain], window=window, filters=filters)
    return Series(name=name, points=_points(frame, indicator, grain, window, screen.as_of), is_province=True)


def whole_buckets(window: Window, grain: str, *, first: dt.date, last: dt.date) -> Window:
    """The window widened to the first day of its first bucket and the last day of its last, within the data."""
    starts, ends = (bucket_window(grain, bucket_label(grain, day)) for day in (window.starts, window.ends))
    return Window(max(starts.starts, first), min(ends.ends, last))


def _points(frame: pl.DataFrame, indicator: Indicator, grain: str, window: Window, as_of: dt.date) -> list[Point]:
    points = []
    for row in frame.iter_rows(named=True):
        label = row[grain]
        bucket = bucket_window(grain, label if isinstance(label, str) else bucket_label("day", label))
        figure = Figure.from_row(row, indicator)
        points.append(
            Point(
                window=bucket,
                finished=bucket.starts >= window.starts and bucket.ends <= min(window.ends, as_of),
                value=figure.value,
                n=figure.n,
                low=figure.low,
                high=figure.high,
            )
        )
    return points


def series_table(screen: Screen, lines: Sequence[Series], indicator: Indicator, grain: str) -> None:
    """The same figures as a table, the latest bucket on top."""
    minutes = screen.minutes_per_day
    windows = tuple(point.window for point in lines[0].points)
    days = trend_data.days_of_work(screen.snapshot, screen.snapshot.id, windows)
    columns = [
        Column(label=_("Kỳ")),
        Column(label=_("Ngày làm việc"), number=True),
        *(Column(label=line.name, number=True, meaning=behind_the_i(indicator)) for line in lines),
    ]
    rows = []
    for order, points in enumerate(zip(*(line.points for line in lines), strict=True)):
        name = bucket_name(points[0].window, grain)
        head: Cell = name if points[0].finished else (name, _("tạm tính"))
        cells = [head, number(days[order])]
        for point in points:
            note = interval_text(indicator, point.low, point.high, minutes)
            cells.append((value_text(indicator, point.value, minutes), note))
        rows.append(
            Row(
                cells=cells, sort=[order, days[order], *(point.value for point in points)], muted=not points[0].finished
            )
        )
    table(_("{name} theo thời gian").format(name=indicator.name), columns, rows[::-1], key="series_table", height=420)
