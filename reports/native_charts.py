"""Plotly figures as the charts of PowerPoint: which kind, and with what values, so that they can be edited there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from charts.layout import date_label
from charts.projector import is_drawing, row_names
from reports.native_values import (
    category,
    colours_of,
    each_colour,
    is_date,
    is_number,
    level,
    listed,
    scale_of,
    scaled,
    steps_of,
    words_of,
)

# More intervals than this are a wall of lines.
_MOST_INTERVALS = 40
Kind = Literal["line", "scatter", "bar", "stacked_bar", "column", "stacked_column"]


@dataclass(frozen=True, kw_only=True)
class NativeSeries:
    """Values by category or, of a scatter, points; colours are one for all or one for each value."""

    name: str
    values: tuple[float | None, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    colours: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    is_line: bool = False
    is_dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class NativeChart:
    """A chart as PowerPoint draws it; `number_format` is that of its values, `unit` the step of their axis.

    `rows` are the places and names of a scatter whose vertical axis is one of communes.
    """

    kind: Kind
    series: tuple[NativeSeries, ...]
    categories: tuple[str, ...] = ()
    number_format: str = "General"
    x_bounds: tuple[float, float] | None = None
    y_bounds: tuple[float, float] | None = None
    unit: float | None = None
    rows: tuple[tuple[float, str], ...] = ()
    x_title: str = ""
    y_title: str = ""
    is_logarithmic: bool = False
    # Places on the horizontal axis that stand for nothing have no numbers.
    is_unnumbered: bool = False
    left_out: bool = False


def native_chart(figure: go.Figure) -> NativeChart | None:
    """The native form of a figure; nothing where it has none (a drawing, a heat map)."""
    kinds = {trace.type for trace in figure.data}
    if is_drawing(figure):
        return None
    if not kinds or not kinds <= {"bar", "scatter"} or not any(_is_seen(trace) for trace in figure.data):
        return None
    if kinds == {"bar"} or ("bar" in kinds and figure.layout.barmode == "stack"):
        return _bars(figure)
    if row_names(figure):
        return _rows(figure)
    if "bar" in kinds:
        return None
    if any(is_date(value) for trace in figure.data for value in listed(trace.x)[:1]):
        return _lines(figure)
    return _scatter(figure)


def _bars(figure: go.Figure) -> NativeChart | None:
    traces = [trace for trace in figure.data if trace.type == "bar"]
    if any(trace.base is not None for trace in traces):
        return None
    is_lying = traces[0].orientation == "h"
    places = listed(traces[0].y if is_lying else traces[0].x)
    axis, value_axis = (
        (figure.layout.yaxis, figure.layout.xaxis) if is_lying else (figure.layout.xaxis, figure.layout.yaxis)
    )
    named = dict(zip(listed(axis.tickvals), listed(axis.ticktext), strict=False))
    printed, factor = scale_of(value_axis)
    is_stacked = figure.layout.barmode in ("stack", "relative") and len(traces) > 1
    kinds: dict[tuple[bool, bool], Kind] = {
        (True, True): "stacked_bar",
        (True, False): "bar",
        (False, True): "stacked_column",
        (False, False): "column",
    }
    series = tuple(
        NativeSeries(
            name=words_of(trace.name),
            values=tuple(scaled(value, factor) for value in listed(trace.x if is_lying else trace.y)),
            colours=colours_of(trace.marker.color),
        )
        for trace in traces
    )
    if any(len(one.values) != len(places) for one in series):
        return None
    return NativeChart(
        kind=kinds[is_lying, is_stacked],
        series=series,
        categories=tuple(words_of(named.get(place, category(place))) for place in places),
        number_format=printed,
        y_title=words_of(value_axis.title.text),
    )


def _rows(figure: go.Figure) -> NativeChart | None:
    """A row a commune: its points, and its interval as a line of its own."""
    names = row_names(figure)
    printed, factor = scale_of(figure.layout.xaxis)
    # Rows run downwards on the screen: the last one is the first from below.
    upwards = {place: 1 + max(names) - place for place in names}
    named = {upwards[place]: name for place, name in names.items()}
    series: list[NativeSeries] = []
    for trace in figure.data:
        if not _is_seen(trace):
            continue
        known = [
            (float(x) * factor, upwards[y], colour)
            for x, y, colour in zip(listed(trace.x), listed(trace.y), each_colour(trace), strict=True)
            if is_number(x) and y in names
        ]
        if not known:
            continue
        is_line = trace.type == "scatter" and trace.mode == "lines"
        if is_line:
            name = named[known[0][1]] if len({y for _x, y, _colour in known}) == 1 else ""
            points = tuple((x, y) for x, y, _colour in known)
            series.append(NativeSeries(name=name, points=points, colours=(known[0][2],), is_line=True))
            continue
        series += _by_colour(words_of(trace.name), known)
    if not series:
        return None
    bounds, unit = steps_of(figure.layout.xaxis, factor)
    return NativeChart(
        kind="scatter",
        # Points first: they say what the chart is of.
        series=tuple(sorted(series, key=lambda one: one.is_line)),
        number_format=printed,
        x_bounds=bounds,
        y_bounds=(min(named) - 0.6, max(named) + 0.6),
        unit=unit,
        rows=tuple(named.items()),
        x_title=words_of(figure.layout.xaxis.title.text),
    )


def _intervals(trace: Any, factor: float) -> list[NativeSeries]:
    """The upright interval of each point as a line of its own."""
    above, below = listed(trace.error_y.array), listed(trace.error_y.arrayminus)
    colours = (trace.error_y.color,) if trace.error_y.color else ()
    return [
        NativeSeries(
            name="",
            points=((float(x), (y - less) * factor), (float(x), (y + more) * factor)),
            colours=colours,
            is_line=True,
        )
        for x, y, more, less in zip(listed(trace.x), listed(trace.y), above, below or above, strict=False)
        if all(map(is_number, (x, y, more, less)))
    ]


def _by_colour(name: str, known: Sequence[tuple[float, float, str]], labels: Sequence[str] = ()) -> list[NativeSeries]:
    """Points of one colour each: every program draws the colour of a series, not every one that of a single point."""
    found = []
    for colour in dict.fromkeys(colour for _x, _y, colour in known):
        own = [place for place, one in enumerate(known) if one[2] == colour]
        found.append(
            NativeSeries(
                name=name,
                points=tuple(known[place][:2] for place in own),
                colours=(colour,),
                labels=tuple(labels[place] for place in own) if labels else (),
            )
        )
    return found


def _lines(figure: go.Figure) -> NativeChart | None:
    """Lines through time: one series for each name, of the trace that holds most of its points."""
    printed, factor = scale_of(figure.layout.yaxis)
    best: dict[Any, Any] = {}
    colours: dict[str, str] = {}
    left_out = False
    for trace in figure.data:
        if trace.fill:
            left_out = True
            continue
        key = trace.legendgroup or trace.name or ""
        if trace.mode and "lines" in trace.mode and trace.line.color and key not in colours:
            colours[key] = trace.line.color
        if key not in best or _count(trace) > _count(best[key]):
            best[key] = trace
    days = sorted({value for trace in best.values() for value in listed(trace.x)})
    series = []
    for key, trace in best.items():
        values = level(dict(zip(listed(trace.x), listed(trace.y), strict=True)), days)
        colour = colours.get(key) or next(iter(colours_of(trace.marker.color)), "")
        series.append(
            NativeSeries(
                name=words_of(trace.name),
                values=tuple(scaled(values.get(day), factor) for day in days),
                colours=(colour,) if colour else (),
                is_line=True,
                is_dashed=trace.line.dash is not None and trace.mode == "lines",
            )
        )
    bounds, unit = steps_of(figure.layout.yaxis, factor)
    is_monthly = len(days) > 1 and all(getattr(day, "day", 0) == 1 for day in days)
    return NativeChart(
        kind="line",
        series=tuple(series),
        categories=tuple(
            date_label(day, grain="month", with_year=True) if is_monthly else category(day) for day in days
        ),
        number_format=printed,
        y_bounds=bounds,
        unit=unit,
        y_title=words_of(figure.layout.yaxis.title.text),
        left_out=left_out,
    )


def _scatter(figure: go.Figure) -> NativeChart | None:
    printed, factor = scale_of(figure.layout.yaxis)
    series: list[NativeSeries] = []
    left_out = False
    marked = {words_of(annotation.text) for annotation in figure.layout.annotations}
    for trace in figure.data:
        if trace.fill or (trace.mode == "lines" and not trace.line.width):
            left_out = True
            continue
        known = [
            (float(x), y * factor, colour)
            for x, y, colour in zip(listed(trace.x), listed(trace.y), each_colour(trace), strict=True)
            if is_number(x) and is_number(y)
        ]
        if not known:
            continue
        if trace.mode == "lines":
            points = tuple((x, y) for x, y, _colour in known)
            is_dashed = trace.line.dash not in (None, "solid")
            colours = (trace.line.color,) if trace.line.color else ()
            series.append(
                NativeSeries(
                    name=words_of(trace.name), points=points, colours=colours, is_line=True, is_dashed=is_dashed
                )
            )
        else:
            # Only the names that the figure itself writes.
            labels = [name if name in marked else "" for name in _named(trace)]
            series += _by_colour(words_of(trace.name), known, labels if len(labels) == len(known) else ())
            intervals = _intervals(trace, factor)
            left_out = left_out or len(intervals) > _MOST_INTERVALS
            series += intervals if len(intervals) <= _MOST_INTERVALS else []
    if not series:
        return None
    is_logarithmic = figure.layout.xaxis.type == "log"
    x_range = figure.layout.xaxis.range
    bounds, unit = steps_of(figure.layout.yaxis, factor)
    return NativeChart(
        kind="scatter",
        series=tuple(series),
        number_format=printed,
        x_bounds=None if not x_range or is_logarithmic else (x_range[0], x_range[1]),
        y_bounds=bounds,
        unit=unit,
        x_title=words_of(figure.layout.xaxis.title.text),
        y_title=words_of(figure.layout.yaxis.title.text),
        is_logarithmic=is_logarithmic,
        is_unnumbered=figure.layout.xaxis.visible is False,
        left_out=left_out,
    )


def _named(trace: Any) -> Iterable[str]:
    for text in listed(trace.customdata):
        found = re.match(r"<b>(.*?)</b>", str(text))
        yield found.group(1) if found else ""


def _is_seen(trace: Any) -> bool:
    """Whether the trace shows anything: a heat map's points only carry the texts under the pointer."""
    return not (trace.type == "scatter" and trace.marker.opacity == 0)


def _count(trace: Any) -> int:
    return sum(is_number(value) for value in listed(trace.y))
