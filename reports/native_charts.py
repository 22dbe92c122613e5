"""Plotly figures as the charts of PowerPoint: which kind, and with what values, so that they can be edited there."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from numbers import Real
from typing import Any, Literal

import plotly.graph_objects as go

from charts.layout import date_label
from charts.projector import row_names
from language.formats import date, number

Kind = Literal["line", "scatter", "bar", "stacked_bar", "column", "stacked_column"]
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"^[−-]?[\d.,]+")


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
    left_out: bool = field(default=False)


def native_chart(figure: go.Figure) -> NativeChart | None:
    """The native form of a figure; nothing where it has none (a drawing, a heat map)."""
    if figure.layout.xaxis.visible is False or not figure.data:
        return None
    kinds = {trace.type for trace in figure.data}
    if not kinds <= {"bar", "scatter"} or not any(_is_seen(trace) for trace in figure.data):
        return None
    if kinds == {"bar"}:
        return _bars(figure)
    if row_names(figure):
        return _rows(figure)
    if "bar" in kinds:
        return None
    if any(_is_date(value) for trace in figure.data for value in _listed(trace.x)[:1]):
        return _lines(figure)
    return _scatter(figure)


def _bars(figure: go.Figure) -> NativeChart | None:
    traces = list(figure.data)
    if any(trace.base is not None for trace in traces):
        return None
    is_lying = traces[0].orientation == "h"
    places = _listed(traces[0].y if is_lying else traces[0].x)
    axis, value_axis = (
        (figure.layout.yaxis, figure.layout.xaxis) if is_lying else (figure.layout.xaxis, figure.layout.yaxis)
    )
    named = dict(zip(_listed(axis.tickvals), _listed(axis.ticktext), strict=False))
    printed, factor = _scale(value_axis)
    is_stacked = figure.layout.barmode in ("stack", "relative") and len(traces) > 1
    kinds: dict[tuple[bool, bool], Kind] = {
        (True, True): "stacked_bar",
        (True, False): "bar",
        (False, True): "stacked_column",
        (False, False): "column",
    }
    series = tuple(
        NativeSeries(
            name=_words(trace.name),
            values=tuple(_scaled(value, factor) for value in _listed(trace.x if is_lying else trace.y)),
            colours=_colours(trace.marker.color),
        )
        for trace in traces
    )
    if any(len(one.values) != len(places) for one in series):
        return None
    return NativeChart(
        kind=kinds[is_lying, is_stacked],
        series=series,
        categories=tuple(_words(named.get(place, _category(place))) for place in places),
        number_format=printed,
        y_title=_words(value_axis.title.text),
    )


def _rows(figure: go.Figure) -> NativeChart | None:
    """A row a commune: its points, and its interval as a line of its own."""
    names = row_names(figure)
    printed, factor = _scale(figure.layout.xaxis)
    series = []
    for trace in figure.data:
        if not _is_seen(trace):
            continue
        # Rows run downwards on the screen.
        known = [
            (float(x) * factor, -float(y), colour)
            for x, y, colour in zip(_listed(trace.x), _listed(trace.y), _each(trace), strict=True)
            if _is_number(x) and y in names
        ]
        if not known:
            continue
        is_line = trace.type == "scatter" and trace.mode == "lines"
        if is_line:
            name = names.get(-known[0][1], "") if len({y for _x, y, _colour in known}) == 1 else ""
            points = tuple((x, y) for x, y, _colour in known)
            series.append(NativeSeries(name=name, points=points, colours=(known[0][2],), is_line=True))
            continue
        series += _by_colour(_words(trace.name), known)
    if not series:
        return None
    places = [-float(place) for place in names]
    bounds, unit = _steps(figure.layout.xaxis, factor)
    return NativeChart(
        kind="scatter",
        series=tuple(series),
        number_format=printed,
        x_bounds=bounds,
        y_bounds=(min(places) - 0.6, max(places) + 0.6),
        unit=unit,
        rows=tuple((-float(place), name) for place, name in names.items()),
        x_title=_words(figure.layout.xaxis.title.text),
    )


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
    printed, factor = _scale(figure.layout.yaxis)
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
    days = sorted({value for trace in best.values() for value in _listed(trace.x)})
    series = []
    for key, trace in best.items():
        values = _level(dict(zip(_listed(trace.x), _listed(trace.y), strict=True)), days)
        colour = colours.get(key) or next(iter(_colours(trace.marker.color)), "")
        series.append(
            NativeSeries(
                name=_words(trace.name),
                values=tuple(_scaled(values.get(day), factor) for day in days),
                colours=(colour,) if colour else (),
                is_line=True,
                is_dashed=trace.line.dash is not None and trace.mode == "lines",
            )
        )
    bounds, unit = _steps(figure.layout.yaxis, factor)
    is_monthly = len(days) > 1 and all(getattr(day, "day", 0) == 1 for day in days)
    return NativeChart(
        kind="line",
        series=tuple(series),
        categories=tuple(
            date_label(day, grain="month", with_year=True) if is_monthly else _category(day) for day in days
        ),
        number_format=printed,
        y_bounds=bounds,
        unit=unit,
        y_title=_words(figure.layout.yaxis.title.text),
        left_out=left_out,
    )


def _scatter(figure: go.Figure) -> NativeChart | None:
    printed, factor = _scale(figure.layout.yaxis)
    series: list[NativeSeries] = []
    left_out = False
    marked = {_words(annotation.text) for annotation in figure.layout.annotations}
    for trace in figure.data:
        if trace.fill or (trace.mode == "lines" and not trace.line.width):
            left_out = True
            continue
        known = [
            (float(x), y * factor, colour)
            for x, y, colour in zip(_listed(trace.x), _listed(trace.y), _each(trace), strict=True)
            if _is_number(x) and _is_number(y)
        ]
        if not known:
            continue
        if trace.mode == "lines":
            points = tuple((x, y) for x, y, _colour in known)
            is_dashed = trace.line.dash not in (None, "solid")
            colours = (trace.line.color,) if trace.line.color else ()
            series.append(
                NativeSeries(name=_words(trace.name), points=points, colours=colours, is_line=True, is_dashed=is_dashed)
            )
        else:
            # Only the names that the figure itself writes.
            labels = [name if name in marked else "" for name in _named(trace)]
            series += _by_colour(_words(trace.name), known, labels if len(labels) == len(known) else ())
    if not series:
        return None
    is_logarithmic = figure.layout.xaxis.type == "log"
    x_range = figure.layout.xaxis.range
    bounds, unit = _steps(figure.layout.yaxis, factor)
    return NativeChart(
        kind="scatter",
        series=tuple(series),
        number_format=printed,
        x_bounds=None if not x_range or is_logarithmic else (x_range[0], x_range[1]),
        y_bounds=bounds,
        unit=unit,
        x_title=_words(figure.layout.xaxis.title.text),
        y_title=_words(figure.layout.yaxis.title.text),
        is_logarithmic=is_logarithmic,
        left_out=left_out,
    )


def _named(trace: Any) -> Iterable[str]:
    for text in _listed(trace.customdata):
        found = re.match(r"<b>(.*?)</b>", str(text))
        yield found.group(1) if found else ""


def _scale(axis: Any) -> tuple[str, float]:
    """The number format of an axis, and what its values are multiplied by: hours where the figure prints hours."""
    vals, texts = _listed(axis.tickvals), [_words(text) for text in _listed(axis.ticktext)]
    if any(text.endswith("%") for text in texts):
        return ("0.0%" if any("," in text for text in texts) else "0%"), 1.0
    decimals = max((len(text.split(",")[1]) for text in texts if text.count(",") == 1), default=0)
    printed = "#,##0" + ("." + "0" * decimals if decimals else "")
    for value, text in zip(reversed(vals), reversed(texts), strict=False):
        found = _NUMBER.match(text)
        if found and _is_number(value) and value:
            shown = float(found.group().replace("−", "-").replace(".", "").replace(",", "."))
            return printed, shown / value if shown else 1.0
    return printed, 1.0


def _steps(axis: Any, factor: float) -> tuple[tuple[float, float] | None, float | None]:
    """The ends of an axis and its step, on round numbers where the figure prints some."""
    marks = [value * factor for value in _listed(axis.tickvals) if _is_number(value)]
    if len(marks) >= 2:
        step = marks[1] - marks[0]
        if step > 0 and all(math.isclose(b - a, step, rel_tol=1e-6) for a, b in pairwise(marks)):
            return (marks[0], marks[-1]), step
    found = axis.range
    return ((found[0] * factor, found[1] * factor) if found and all(map(_is_number, found)) else None), None


def _level(values: dict[Any, Any], days: Sequence[Any]) -> dict[Any, Any]:
    """A level drawn from one end to the other holds for every day between."""
    known = {day: value for day, value in values.items() if _is_number(value)}
    if len(known) != 2 or len(set(known.values())) != 1:
        return values
    return {day: next(iter(known.values())) for day in days if min(known) <= day <= max(known)}


def _is_seen(trace: Any) -> bool:
    """Whether the trace shows anything: a heat map's points only carry the texts under the pointer."""
    return not (trace.type == "scatter" and trace.marker.opacity == 0)


def _count(trace: Any) -> int:
    return sum(_is_number(value) for value in _listed(trace.y))


def _each(trace: Any) -> list[str]:
    given = trace.line.color if trace.type == "scatter" and trace.mode == "lines" else trace.marker.color
    number_of = len(_listed(trace.x))
    if isinstance(given, str) or given is None:
        colour = given or ""
        # A ring is seen by its line, not by the page's colour within.
        ring = trace.marker.line.color if trace.type == "scatter" and trace.mode == "markers" else None
        return [ring if isinstance(ring, str) else colour] * number_of
    return [str(colour) for colour in given]


def _colours(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(str(one) for one in _listed(given))


def _listed(values: Any) -> list[Any]:
    return [] if values is None else list(values)


def _is_date(value: Any) -> bool:
    return isinstance(value, dt.date) or type(value).__name__ == "datetime64"


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _scaled(value: Any, factor: float) -> float | None:
    return float(value) * factor if _is_number(value) else None


def _category(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return date(value.date())
    return date(value) if isinstance(value, dt.date) else _words(value)


def _words(text: Any) -> str:
    """A text without the signs of HTML; lines become one."""
    return _TAG.sub("", str(text or "").replace("<br>", " ")).strip()


def heat_table(figure: go.Figure) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
    """The headings and rows of a figure of cells, where it is one."""
    rows = row_names(figure)
    axis = figure.layout.xaxis
    if figure.data and figure.data[0].type == "heatmap":
        trace = figure.data[0]
        names = dict(zip(_listed(axis.tickvals), _listed(axis.ticktext), strict=False))
        sides = dict(zip(_listed(figure.layout.yaxis.tickvals), _listed(figure.layout.yaxis.ticktext), strict=False))
        cells = [[number(value) if _is_number(value) else "" for value in line] for line in trace.z]
        head = ["", *(_words(names.get(x, x)) for x in _listed(trace.x))]
        body = [[_words(sides.get(y, y)), *line] for y, line in zip(_listed(trace.y), cells, strict=True)]
        # Hours downwards, days across: a slide is not 25 columns wide.
        turned = [list(line) for line in zip(head, *body, strict=True)]
        return turned[0], turned[1:]
    if not rows or axis.tickvals is None or len(figure.layout.annotations) < len(rows):
        return None
    cells = {
        (annotation.x, annotation.y): _words(annotation.text)
        for annotation in figure.layout.annotations
        if annotation.xref != "paper" and annotation.yref != "paper"
    }
    head = ["", *(_words(text) for text in axis.ticktext)]
    body = [[name, *(cells.get((x, place), "") for x in axis.tickvals)] for place, name in rows.items()]
    return head, body
