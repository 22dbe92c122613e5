"""Native charts on a slide: their numbers lie in a workbook inside the file, and can be edited there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from charts.palettes import LIGHT
from language import _
from reports.content import Series
from reports.drawings import axis_range
from reports.slide_parts import BOTTOM, LEFT, LETTERS, ROOM, TABLE, TOP, write

_INK = RGBColor.from_string(LIGHT.text[1:])
_NUMBER_FORMATS = {"percent": "0.0 %", "count": "#,##0", "days": "0.0"}
# Labels of months that stand beside each other without being turned.
_MOST_LABELS = 8


def line_chart(slide: Any, series: Series, *, commune: str) -> None:
    """The figure, the ends of its interval and the province's value; a gap stays a gap."""
    chart_data = CategoryChartData(number_format=_NUMBER_FORMATS.get(series.unit, "0.0"))
    chart_data.categories = [f"{point.on:%m/%Y}" for point in series.points]
    chart_data.add_series(commune, [point.value for point in series.points])
    shown: list[tuple[str, float, Any]] = [(LIGHT.series[0], 3.0, None)]
    if any(point.low is not None for point in series.points):
        chart_data.add_series(_("Cận dưới 95 %"), [point.low for point in series.points])
        chart_data.add_series(_("Cận trên 95 %"), [point.high for point in series.points])
        shown += [(LIGHT.unclear, 1.5, MSO_LINE.ROUND_DOT)] * 2
    if series.reference is not None:
        chart_data.add_series(series.reference_label or _("Toàn tỉnh"), [series.reference] * len(series.points))
        shown.append((LIGHT.text, 1.75, MSO_LINE.DASH))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE, Inches(LEFT), Inches(TOP), Inches(ROOM), Inches(BOTTOM - TOP), chart_data
    )
    chart = _plain_chart(frame.chart)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.legend.font.size = Pt(TABLE)
    for one, (colour, width, dash) in zip(chart.plots[0].series, shown, strict=True):
        one.smooth = False
        one.format.line.color.rgb, one.format.line.width = RGBColor.from_string(colour[1:]), Pt(width)
        if dash is not None:
            one.format.line.dash_style = dash
    low, high = axis_range(series)
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = low, high
    if series.unit == "percent":
        # Whole per cents, which need no decimal sign of the reader's own Office.
        axis.major_unit = max(round((high - low) / 5, 2), 0.01)
        axis.tick_labels.number_format = "0 %"
        axis.tick_labels.number_format_is_linked = False
    _skip_labels(chart.category_axis, every=math.ceil(len(series.points) / _MOST_LABELS))
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(LIGHT.grid[1:])


def _skip_labels(axis: Any, *, every: int) -> None:
    """Only every so-many-th category is named, which the library has no call for."""
    skip = OxmlElement("c:tickLblSkip")
    skip.set("val", str(every))
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def bar_chart(slide: Any, shares: Sequence[dict[str, Any]]) -> None:
    chart_data = CategoryChartData(number_format="0%")
    chart_data.categories = [share["label"] for share in shares]
    chart_data.add_series(_("Phần thời gian"), [share["share"] for share in shares])
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, Inches(LEFT), Inches(TOP), Inches(ROOM), Inches(BOTTOM - TOP), chart_data
    )
    chart = _plain_chart(frame.chart)
    chart.has_legend = False
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    # Room for the text behind the longest bar.
    chart.value_axis.maximum_scale = 1.3 * max(share["share"] for share in shares) or 1
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = RGBColor.from_string(LIGHT.series[0][1:])
    plot.has_data_labels = True
    # The printed text of each part, as on paper: the chart's own number would say less.
    for point, share in enumerate(shares):
        label = plot.series[0].points[point].data_label
        label.position = XL_LABEL_POSITION.OUTSIDE_END
        label.text_frame.word_wrap = False
        write(label.text_frame.paragraphs[0], share["text"].replace(" ", "\xa0"), size=TABLE, bold=True)


def _plain_chart(chart: Any) -> Any:
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(TABLE), LETTERS, _INK
    chart.has_title = False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.has_major_gridlines = False
    return chart
