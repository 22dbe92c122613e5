"""The view on the screen as slides: charts that PowerPoint can edit, cards, tables; each slide says what it is of."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import plotly.graph_objects as go
from pptx import Presentation
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
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from charts.palettes import Palette, rgb
from language import _
from language.formats import number
from reports.native_charts import NativeChart, NativeSeries, heat_table, native_chart
from reports.office import fixed

# Arial is on every machine that opens slides, and has all Vietnamese letters.
_FONT = "Arial"
_WIDTH, _HEIGHT, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.5)
_BODY_TOP, _BODY_HEIGHT = Inches(1.5), Inches(5.1)
_ROWS_A_SLIDE, _MOST_ROWS, _MOST_COLUMNS = 12, 24, 8
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


@dataclass(frozen=True, kw_only=True)
class ShownFigure:
    """A chart under its sentence; `note` explains its signs."""

    title: str
    figure: go.Figure
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ShownCard:
    """One figure in big type, with what is known of its certainty and beside what it stands."""

    name: str
    value: str
    certainty: str = ""
    comparison: str = ""


@dataclass(frozen=True, kw_only=True)
class ShownCards:
    cards: tuple[ShownCard, ...]


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """A table of ready-made texts; `numbers` says which columns stand to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShownMap:
    """A map: a picture where one can be made, else the values behind it."""

    title: str
    picture: Callable[[], bytes] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Shown = ShownFigure | ShownCards | ShownTable | ShownMap


@dataclass(frozen=True, kw_only=True)
class ShownView:
    """The screen: its name, what it is of, and the foot of every slide (as of when, source, snapshot)."""

    title: str
    scope: str
    foot: str
    simulated: bool
    made_on: dt.date
    palette: Palette
    items: tuple[Shown, ...]


def write_slides(view: ShownView) -> bytes:
    """The slides as a PPTX file; what has no native form becomes a table or a picture, and says so."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = _WIDTH, _HEIGHT
    slides.core_properties.title = view.title
    slides.core_properties.language = "vi-VN"
    slides.core_properties.author = "Thông Suốt"
    for item in view.items:
        match item:
            case ShownFigure():
                _figure_slides(slides, view, item)
            case ShownCards():
                _cards_slide(slides, view, item)
            case ShownTable():
                _table_slides(slides, view, item.title, item.columns, item.rows, item.numbers)
            case ShownMap():
                _map_slides(slides, view, item)
    if not len(slides.slides):
        _slide(slides, view, _("Màn hình này không có biểu đồ hay bảng để mang theo"))
    out = BytesIO()
    slides.save(out)
    return fixed(out.getvalue(), view.made_on)


def _figure_slides(slides: Any, view: ShownView, item: ShownFigure) -> None:
    chart = native_chart(item.figure)
    if chart is not None:
        note = item.note
        if chart.left_out:
            note = f"{note} {_('Dải khoảng tin cậy, vùng nền không có trên trang này: xem trên màn hình.')}".strip()
        slide = _slide(slides, view, item.title, note=note)
        _add_chart(slide, view, chart)
        return
    found = heat_table(item.figure)
    note = _("Hình này không có dạng biểu đồ sửa được nên được đưa vào thành bảng.")
    if found is None:
        _slide(slides, view, item.title, note=_("Hình này chỉ xem được trên màn hình. {note}").format(note=item.note))
        return
    head, body = found
    rows = tuple(tuple(row) for row in body)
    _table_slides(slides, view, item.title, tuple(head), rows, (False, *[True] * (len(head) - 1)), note=note)


def _map_slides(slides: Any, view: ShownView, item: ShownMap) -> None:
    if item.picture is not None:
        slide = _slide(slides, view, item.title, note=_("Bản đồ là hình, không sửa được; số liệu ở các trang sau."))
        shape = slide.shapes.add_picture(BytesIO(item.picture()), 0, _BODY_TOP, height=_BODY_HEIGHT)
        widest = _WIDTH - 2 * _MARGIN
        if shape.width > widest:
            shape.height, shape.width = round(shape.height * widest / shape.width), widest
        shape.left = round((_WIDTH - shape.width) / 2)
        return
    note = _("Bản đồ không có dạng biểu đồ sửa được: đây là số liệu của bản đồ.")
    _table_slides(slides, view, item.title, item.columns, item.rows, (False, True, False), note=note)


def _slide(slides: Any, view: ShownView, title: str, *, note: str = "") -> Any:
    """A slide with the sentence, what it is of, and its foot."""
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _colour(view.palette.page)
    heading = slide.shapes.title
    heading.left, heading.top, heading.width, heading.height = _MARGIN, Inches(0.25), _WIDTH - 2 * _MARGIN, Inches(0.85)
    _write(heading, title, size=24 if len(title) < 110 else 20, colour=view.palette.text, bold=True)
    head = f"{view.title} · {view.scope}"
    if view.simulated:
        head = f"{_('DỮ LIỆU MÔ PHỎNG')} · {head}"
    _text(slide, head, top=Inches(1.08), height=Inches(0.35), size=13, colour=_quiet(view, is_marked=view.simulated))
    if note:
        _text(slide, note, top=Inches(6.62), height=Inches(0.4), size=10, colour=view.palette.quiet)
    _text(slide, view.foot, top=Inches(7.02), height=Inches(0.35), size=10, colour=view.palette.quiet)
    return slide


def _quiet(view: ShownView, *, is_marked: bool) -> str:
    return view.palette.worse if is_marked else view.palette.quiet


def _text(slide: Any, text: str, *, top: int, height: int, size: int, colour: str) -> None:
    box = slide.shapes.add_textbox(_MARGIN, top, _WIDTH - 2 * _MARGIN, height)
    _write(box, text, size=size, colour=colour)


def _write(shape: Any, text: str, *, size: int, colour: str, bold: bool = False) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.text = text
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            _set_font(run.font, size=size, colour=colour, bold=bold)


def _set_font(font: Any, *, size: int, colour: str, bold: bool = False) -> None:
    font.name, font.size, font.bold = _FONT, Pt(size), bold
    font.color.rgb = _colour(colour)


def _colour(text: str) -> RGBColor:
    return RGBColor(*rgb(text))


def _add_chart(slide: Any, view: ShownView, chart: NativeChart) -> None:
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
    frame = slide.shapes.add_chart(_KINDS[chart.kind], _MARGIN, _BODY_TOP, _WIDTH - 2 * _MARGIN, _BODY_HEIGHT, data)
    drawn = frame.chart
    _set_font(drawn.font, size=14, colour=view.palette.text)
    drawn.has_title = False
    drawn.has_legend = len({one.name for one in chart.series if one.name}) > 1 and not chart.rows
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _style_axes(drawn, view, chart, bounds)
    styled = list(drawn.plots[0].series)
    for one, series in zip(chart.series, styled, strict=False):
        _style_series(series, one, chart, view)
    if len(styled) > len(chart.series):
        _name_rows(styled[-1], chart, view)
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


def _style_axes(drawn: Any, view: ShownView, chart: NativeChart, x_bounds: tuple[float, float] | None) -> None:
    horizontal, vertical = drawn.category_axis, drawn.value_axis
    for axis in (horizontal, vertical):
        axis.format.line.color.rgb = _colour(view.palette.grid)
        _set_font(axis.tick_labels.font, size=12, colour=view.palette.quiet)
        # Where the axes meet: at the foot and on the left, whatever the signs of the values.
        axis.crosses = XL_AXIS_CROSSES.MINIMUM
    values = horizontal if chart.rows else vertical
    other = vertical if chart.rows else horizontal
    values.has_major_gridlines, other.has_major_gridlines = True, False
    values.major_gridlines.format.line.color.rgb = _colour(view.palette.grid)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = chart.number_format, False
    if chart.unit:
        values.major_unit = chart.unit
    if chart.rows:
        vertical.tick_label_position = XL_TICK_LABEL_POSITION.NONE
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
                _set_font(run.font, size=12, colour=view.palette.quiet)
    if chart.is_logarithmic:
        base = OxmlElement("c:logBase")
        base.set("val", "10")
        horizontal._element.find(qn("c:scaling")).insert(0, base)
        sizes = [x for one in chart.series for x, _y in one.points]
        horizontal.minimum_scale = 10.0 ** math.floor(math.log10(max(min(sizes), 1)))


def _style_series(series: Any, given: NativeSeries, chart: NativeChart, view: ShownView) -> None:
    colours = [colour for colour in given.colours if colour.startswith("#")] or [view.palette.text]
    if chart.kind not in ("line", "scatter"):
        _paint(series.format, colours[0])
        if len(colours) == len(given.values):
            for place, colour in enumerate(colours):
                _paint(series.points[place].format, colour)
        return
    series.smooth = False
    if given.is_line:
        series.format.line.color.rgb = _colour(colours[0])
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
            _label(series.points[place].data_label, label, view, position=XL_LABEL_POSITION.ABOVE)


def _name_rows(series: Any, chart: NativeChart, view: ShownView) -> None:
    """The names of the rows at the left end, as labels of points that are not drawn themselves."""
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    for place, (_place, name) in enumerate(chart.rows):
        _label(series.points[place].data_label, name, view, position=XL_LABEL_POSITION.RIGHT)


def _paint(shape: Any, colour: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(colour)
    shape.line.color.rgb = _colour(colour)


def _label(label: Any, text: str, view: ShownView, *, position: Any) -> None:
    label.position = position
    label.text_frame.text = text
    for run in label.text_frame.paragraphs[0].runs:
        _set_font(run.font, size=11, colour=view.palette.text)


def _cards_slide(slides: Any, view: ShownView, item: ShownCards) -> None:
    slide = _slide(slides, view, view.title)
    columns = min(4, max(1, len(item.cards)))
    lines = -(-len(item.cards) // columns)
    gap = Inches(0.2)
    width = (_WIDTH - 2 * _MARGIN - gap * (columns - 1)) // columns
    height = min(Inches(2.45), (_BODY_HEIGHT - gap * (lines - 1)) // lines)
    for place, card in enumerate(item.cards):
        left = _MARGIN + (place % columns) * (width + gap)
        top = _BODY_TOP + (place // columns) * (height + gap)
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(top), Emu(width), Emu(height))
        box.shadow.inherit = False
        box.fill.solid()
        box.fill.fore_color.rgb = _colour(view.palette.page)
        box.line.color.rgb = _colour(view.palette.unclear)
        texts = [
            (card.name, 15, True),
            (card.value, 34, True),
            (card.certainty, 12, False),
            (card.comparison, 12, False),
        ]
        frame = box.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        for order, (text, size, bold) in enumerate(text for text in texts if text[0]):
            paragraph = frame.paragraphs[0] if not order else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = text
            colour = view.palette.text if bold else view.palette.quiet
            _set_font(run.font, size=size, colour=colour, bold=bold)


def _table_slides(
    slides: Any,
    view: ShownView,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
    *,
    note: str = "",
) -> None:
    """As many slides as the rows need, up to a limit; the last one says how many rows are left out."""
    kept = list(rows[:_MOST_ROWS])
    width = min(len(columns), _MOST_COLUMNS)
    for start in range(0, max(len(kept), 1), _ROWS_A_SLIDE):
        part = kept[start : start + _ROWS_A_SLIDE]
        is_last = start + _ROWS_A_SLIDE >= len(kept)
        left_out = []
        if is_last and len(rows) > len(kept):
            words = _("Bảng có {all} dòng, ở đây là {shown} dòng đầu.")
            left_out.append(words.format(all=number(len(rows)), shown=number(len(kept))))
        if len(columns) > width:
            left_out.append(_("Bảng có {all} cột, ở đây là {shown} cột đầu.").format(all=len(columns), shown=width))
        slide = _slide(slides, view, title, note=" ".join([*([note] if note else []), *left_out]))
        frame = slide.shapes.add_table(
            len(part) + 1, width, _MARGIN, _BODY_TOP, _WIDTH - 2 * _MARGIN, Inches(0.38) * (len(part) + 1)
        )
        table = frame.table
        first = min(Inches(4), (_WIDTH - 2 * _MARGIN) // 2) if width > 1 else _WIDTH - 2 * _MARGIN
        for place in range(width):
            table.columns[place].width = first if not place else (_WIDTH - 2 * _MARGIN - first) // (width - 1)
        for line, cells in enumerate([columns, *part]):
            for place in range(width):
                _fill_cell(
                    table.cell(line, place),
                    cells[place] if place < len(cells) else "",
                    is_head=not line,
                    is_number=place < len(numbers) and numbers[place],
                    view=view,
                )


def _fill_cell(cell: Any, text: str, *, is_head: bool, is_number: bool, view: ShownView) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.fill.solid()
    cell.fill.fore_color.rgb = _colour(view.palette.grid if is_head else view.palette.page)
    cell.text = text
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
        for run in paragraph.runs:
            _set_font(run.font, size=12, colour=view.palette.text, bold=is_head)
