"""A figure for a room: type, lines and signs large enough for ten metres, and one commune in front of all others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import plotly.graph_objects as go

from charts.palettes import Palette

# What a figure drawn for a desk is multiplied by on a projector of 1280 pixels.
FACTOR = 1.4
LEAST_FONT = 18
_NAME = re.compile(r"<b>(.*?)</b>")
_TAG = re.compile(r"<[^>]+>")
_PIXELS = re.compile(r"font-size:\s*([\d.]+)px")
_FAINT = 0.18
# Small multiples keep their proportions too.
_SMALL = 220


def enlarge(figure: go.Figure, *, factor: float, height: int) -> go.Figure:
    """Multiply type, signs, lines and margins in place; the figure becomes as high as the room, where its kind allows.

    `height` is that of the room in pixels. Rows are neither squeezed nor torn apart, a drawing keeps its proportions.
    """
    asked = (figure.layout.height or height / factor) * factor
    has_rows = len(row_names(figure)) > 2

    def type_of(font: Any) -> None:
        if font.size is not None:
            font.size = max(LEAST_FONT * factor / FACTOR, font.size * factor)

    def lines_of(line: Any) -> None:
        if line.width is not None:
            line.width = _scaled(line.width, factor)

    layout = figure.layout
    for font in (layout.font, layout.hoverlabel.font, layout.legend.font):
        type_of(font)
    for axis in (*figure.select_xaxes(), *figure.select_yaxes()):
        type_of(axis.tickfont)
        type_of(axis.title.font)
    for annotation in layout.annotations:
        type_of(annotation.font)
        if annotation.text and "font-size" in annotation.text:
            annotation.text = _larger_texts(annotation.text, factor)
        for shift in ("xshift", "yshift"):
            if annotation[shift]:
                annotation[shift] = annotation[shift] * factor
    for shape in layout.shapes:
        lines_of(shape.line)
    for side in ("l", "r", "t", "b"):
        if layout.margin[side] is not None:
            layout.margin[side] = layout.margin[side] * factor
    for trace in figure.data:
        if trace.type == "scatter":
            lines_of(trace.line)
        if trace.type == "scatter" and trace.marker.size is not None:
            trace.marker.size = _scaled(trace.marker.size, factor)
        if trace.type in ("scatter", "bar", "heatmap") and trace.textfont.size is not None:
            trace.textfont.size = _scaled(trace.textfont.size, factor)
    if is_drawing(figure) or asked <= _SMALL * factor:
        layout.height = round(asked)
    else:
        layout.height = round(min(max(height, 0.75 * asked), 1.3 * asked)) if has_rows else height
    return figure


def _larger_texts(text: str, factor: float) -> str:
    """Sizes that stand within a text: `<span style="font-size:12px">`."""
    return _PIXELS.sub(lambda found: f"font-size:{round(float(found.group(1)) * factor)}px", text)


def recede(figure: go.Figure, names: Collection[str], palette: Palette) -> go.Figure:
    """In place: what does not belong to the communes of these full names, or to the whole, steps back.

    A figure that names none of them is left as it is.
    """
    rows = row_names(figure)
    kept_rows = {place for place, name in rows.items() if name in names}
    if kept_rows:
        _recede_rows(figure, kept_rows, palette)
    elif any(trace.name in names for trace in figure.data):
        for trace in figure.data:
            # Every line of its own is named; the province's is drawn in the page's own ink.
            if trace.name and trace.name not in names and not _is_whole(trace, palette):
                trace.opacity = _FAINT
    elif any(name in names for trace in figure.data for name in _named_points(trace)):
        for trace in figure.data:
            if points := _named_points(trace):
                trace.marker.opacity = [1.0 if name in names else _FAINT for name in points]
        for annotation in figure.layout.annotations:
            if _plain(annotation.text) not in names and annotation.xref != "paper":
                annotation.opacity = 0.35
    return figure


def is_drawing(figure: go.Figure) -> bool:
    """Whether the figure is a drawing of boxes and arrows, without axes to read values from."""
    return figure.layout.xaxis.visible is False and figure.layout.yaxis.visible is False


def row_names(figure: go.Figure) -> dict[float, str]:
    """The rows of a figure that has one for each commune: where each lies on the vertical axis, and its name."""
    axis = figure.layout.yaxis
    if axis.ticktext is None or axis.tickvals is None or axis.range is None or axis.range[0] < axis.range[1]:
        return {}
    return {
        place: _plain(text)
        for place, text in zip(axis.tickvals, axis.ticktext, strict=True)
        if isinstance(place, int | float)
    }


def _recede_rows(figure: go.Figure, kept: set[float], palette: Palette) -> None:
    for trace in figure.data:
        if trace.y is None:
            continue
        places = list(trace.y)
        if trace.type == "scatter" and trace.mode == "lines":
            trace.opacity = 1.0 if set(places) & kept else _FAINT
        else:
            trace.marker.opacity = [1.0 if place in kept else _FAINT for place in places]
    for annotation in figure.layout.annotations:
        if annotation.yref != "paper" and annotation.y not in kept:
            annotation.opacity = 0.35
    axis = figure.layout.yaxis
    axis.ticktext = [
        text if place in kept else f'<span style="color:{palette.unclear}">{_plain(text)}</span>'
        for place, text in zip(axis.tickvals, axis.ticktext, strict=True)
    ]


def _is_whole(trace: Any, palette: Palette) -> bool:
    colours = (trace.line.color, trace.marker.line.color)
    return any(
        colour == palette.province or (isinstance(colour, list | tuple) and palette.province in colour)
        for colour in colours
    )


def _named_points(trace: Any) -> list[str]:
    """The name of each point, where the text under the pointer begins with one."""
    if trace.type != "scatter" or trace.mode != "markers" or trace.customdata is None:
        return []
    found = [_NAME.match(str(text)) for text in trace.customdata]
    return [match.group(1) if match else "" for match in found]


def _plain(text: object) -> str:
    return _TAG.sub("", str(text or "")).strip()


def _scaled(size: Any, factor: float) -> Any:
    return [one * factor for one in size] if isinstance(size, Iterable) else size * factor
