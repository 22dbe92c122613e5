"""Native charts on slides: their axes, colours and names, so that they look like those on the screen."""

from __future__ import annotations

import math
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from charts.palettes import Palette, rgb
from language import _
from reports.native_charts import NativeChart, NativeSeries

# Arial is on every machine that opens slides, and has all Vietnamese letters.
_FONT = "Arial"
# Dates written along the axis of time.
_MOST_DATES = 12
_KINDS = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "scatter": XL_CHART_TYPE.XY_SCATTER,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked_bar": XL_CHART_TYPE.BAR_STACKED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked_column": XL_CHART_TYPE.COLUMN_STACKED,
}


def set_font(font: Any, *, size: int, colour: str, bold: bool = False) -> None:
    font.name, font.size, font.bold = _FONT, Pt(size), bold
    font.color.rgb = colour_of(colour)


def colour_of(text: str) -> RGBColor:
    return RGBColor(*rgb(text))


def add_chart(slide: Any, chart: NativeChart, *, palette: Palette, area: tuple[int, int, int, int]) -> None:
    """Put a chart on a slide; `area` is left, top, width and height in EMU."""
    data: Any
    bounds = _with_names(chart)
    if chart.kind == "scatter":
        data = XyChartData(number_format=chart.number_format)
        for one in chart.series:
            added = data.add_series(one.name or _("Số liệu"))
            for x, y in one.points:
                added.add_data_point(x, y)
        if chart.rows and bounds is not None:
            added = data.add_series(_("Tên"))
            for place, _name in chart.rows:
                added.add_data_point(bounds[0], place)
    else:
        data = CategoryChartData(number_format=chart.number_format)
        data.categories = list(chart.categories)
        for one in chart.series:
            data.add_series(one.name or _("Số liệu"), one.values)
    frame = slide.shapes.add_chart(_KINDS[chart.kind], *area, data)
    drawn = frame.chart
    set_font(drawn.font, size=14, colour=palette.text)
    drawn.has_title = False
    drawn.has_legend = len({one.name for one in chart.series if one.name}) > 1 and not chart.rows
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _style_axes(drawn, palette, chart, bounds)
    styled = list(drawn.plots[0].series)
    for one, series in zip(chart.series, styled, strict=False):
        _style_series(series, one, chart, palette)
    if len(styled) > len(chart.series):
        _name_rows(styled[-1], chart, palette)
    if chart.kind in ("bar", "stacked_bar", "column", "stacked_column"):
        plot = drawn.plots[0]
        plot.gap_width = 45
        if chart.kind.startswith("stacked"):
            plot.overlap = 100


def _with_names(chart: NativeChart) -> tuple[float, float] | None:
    """The ends of the horizontal axis; where rows are named at its left end, with room for the names."""
    if not chart.rows or chart.x_bounds is None:
        return chart.x_bounds
    low, high = chart.x_bounds
    room = 0.28 * (high - low)
    # Whole steps, so that the axis still prints round numbers.
    return (low - (math.ceil(room / chart.unit) * chart.unit if chart.unit else room)), high


def _style_axes(drawn: Any, palette: Palette, chart: NativeChart, x_bounds: tuple[float, float] | None) -> None:
    horizontal, vertical = drawn.category_axis, drawn.value_axis
    for axis in (horizontal, vertical):
        axis.format.line.color.rgb = colour_of(palette.grid)
        set_font(axis.tick_labels.font, size=12, colour=palette.quiet)
        # Where the axes meet: at the foot and on the left, whatever the signs of the values.
        axis.crosses = XL_AXIS_CROSSES.MINIMUM
    values = horizontal if chart.rows else vertical
    other = vertical if chart.rows else horizontal
    values.has_major_gridlines, other.has_major_gridlines = True, False
    values.major_gridlines.format.line.color.rgb = colour_of(palette.grid)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = chart.number_format, False
    if chart.unit:
        values.major_unit = chart.unit
    if chart.rows:
        vertical.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    elif chart.is_unnumbered:
        horizontal.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    elif chart.kind == "scatter":
        horizontal.tick_labels.number_format, horizontal.tick_labels.number_format_is_linked = "#,##0", False
    if chart.kind in ("bar", "stacked_bar"):
        # The first one on top, and the values at the foot all the same.
        horizontal.reverse_order = True
        horizontal.crosses = XL_AXIS_CROSSES.MAXIMUM
    if chart.kind == "line" and len(chart.categories) > _MOST_DATES:
        skip = OxmlElement("c:tickLblSkip")
        skip.set("val", str(-(-len(chart.categories) // _MOST_DATES)))
        horizontal._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    for axis, bounds, title in ((horizontal, x_bounds, chart.x_title), (vertical, chart.y_bounds, chart.y_title)):
        if bounds is not None:
            axis.minimum_scale, axis.maximum_scale = sorted(bounds)
        if title:
            axis.has_title = True
            axis.axis_title.text_frame.text = title
            for run in axis.axis_title.text_frame.paragraphs[0].runs:
                set_font(run.font, size=12, colour=palette.quiet)
    if chart.is_logarithmic:
        base = OxmlElement("c:logBase")
        base.set("val", "10")
        horizontal._element.find(qn("c:scaling")).insert(0, base)
        sizes = [x for one in chart.series for x, _y in one.points]
        horizontal.minimum_scale = 10.0 ** math.floor(math.log10(max(min(sizes), 1)))


def _style_series(series: Any, given: NativeSeries, chart: NativeChart, palette: Palette) -> None:
    colours = [colour for colour in given.colours if colour.startswith("#")] or [palette.text]
    if chart.kind not in ("line", "scatter"):
        _paint(series.format, colours[0])
        if len(colours) == len(given.values):
            for place, colour in enumerate(colours):
                _paint(series.points[place].format, colour)
        return
    series.smooth = False
    if given.is_line:
        series.format.line.color.rgb = colour_of(colours[0])
        series.format.line.width = Pt(2.5 if chart.kind == "line" or chart.rows else 1.5)
        if given.is_dashed:
            series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    else:
        series.format.line.fill.background()
    if given.is_line and (chart.kind == "scatter" or given.is_dashed):
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 9 if chart.kind == "scatter" else 6
    _paint(series.marker.format, colours[0])
    for place, label in enumerate(given.labels):
        if label:
            _label(series.points[place].data_label, label, palette, position=XL_LABEL_POSITION.ABOVE)


def _name_rows(series: Any, chart: NativeChart, palette: Palette) -> None:
    """The names of the rows at the left end, as labels of points that are not drawn themselves."""
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    for place, (_place, name) in enumerate(chart.rows):
        _label(series.points[place].data_label, name, palette, position=XL_LABEL_POSITION.RIGHT)


def _paint(shape: Any, colour: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour_of(colour)
    shape.line.color.rgb = colour_of(colour)


def _label(label: Any, text: str, palette: Palette, *, position: Any) -> None:
    label.position = position
    label.text_frame.text = text
    for run in label.text_frame.paragraphs[0].runs:
        set_font(run.font, size=11, colour=palette.text)
