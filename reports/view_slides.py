"""The view on the screen as slides: charts that PowerPoint can edit, cards, tables; each slide says what it is of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import plotly.graph_objects as go
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from charts.palettes import Palette
from charts.projector import is_drawing
from language import _
from language.formats import number
from reports.native_charts import native_chart
from reports.native_drawing import add_drawing
from reports.native_tables import heat_table
from reports.office import fixed
from reports.view_charts import add_chart, colour_of, set_font
from reports.view_tables import Layout, add_table

_WIDTH, _HEIGHT, _MARGIN = Inches(13.333), Inches(7.5), Inches(0.5)
_BODY_TOP, _BODY_HEIGHT = Inches(1.5), Inches(5.1)
# Of a table, and of each table of a screen that has many: there one slide of each goes along, else nobody finds
# anything.
_MOST_ROWS, _MOST_ROWS_OF_MANY, _MANY_TABLES = 24, 12, 4


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
class ShownWords:
    """A sentence of the screen, with the lines under it."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ShownTable:
    """A table of ready-made texts; `numbers` says which columns stand to the right.

    `dense` for many columns of short numbers, in smaller type.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...] = ()
    note: str = ""
    dense: bool = False


@dataclass(frozen=True, kw_only=True)
class ShownMap:
    """A map: a picture where one can be made, else the values behind it."""

    title: str
    picture: Callable[[], bytes] | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


Shown = ShownFigure | ShownCards | ShownWords | ShownTable | ShownMap


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
    most_rows = _MOST_ROWS
    if sum(isinstance(item, ShownTable) for item in view.items) > _MANY_TABLES:
        most_rows = _MOST_ROWS_OF_MANY
    for item in view.items:
        match item:
            case ShownFigure():
                _figure_slides(slides, view, item)
            case ShownCards():
                _cards_slide(slides, view, item)
            case ShownTable():
                _table_slides(slides, view, item, most_rows=most_rows)
            case ShownWords():
                _words_slide(slides, view, item)
            case ShownMap():
                _map_slides(slides, view, item)
    if not len(slides.slides):
        _slide(slides, view, _("Màn hình này không có biểu đồ hay bảng để mang theo"))
    out = BytesIO()
    slides.save(out)
    return fixed(out.getvalue(), view.made_on)


def _figure_slides(slides: Any, view: ShownView, item: ShownFigure) -> None:
    if is_drawing(item.figure) and item.figure.layout.shapes:
        slide = _slide(slides, view, item.title, note=item.note)
        add_drawing(slide, item.figure, area=(_MARGIN, _BODY_TOP, _WIDTH - 2 * _MARGIN, _BODY_HEIGHT))
        return
    chart = native_chart(item.figure)
    if chart is not None:
        note = item.note
        if chart.left_out:
            note = f"{note} {_('Dải khoảng tin cậy, vùng nền không có trên trang này: xem trên màn hình.')}".strip()
        slide = _slide(slides, view, item.title, note=note)
        area = (_MARGIN, _BODY_TOP, _WIDTH - 2 * _MARGIN, _BODY_HEIGHT)
        add_chart(slide, chart, palette=view.palette, area=area)
        return
    found = heat_table(item.figure)
    note = _("Hình này không có dạng biểu đồ sửa được nên được đưa vào thành bảng.")
    if found is None:
        _slide(slides, view, item.title, note=_("Hình này chỉ xem được trên màn hình. {note}").format(note=item.note))
        return
    head, body = found
    rows = tuple(tuple(row) for row in body)
    numbers = (False, *[True] * (len(head) - 1))
    _table_slides(
        slides, view, ShownTable(title=item.title, columns=tuple(head), rows=rows, numbers=numbers, note=note)
    )


def _map_slides(slides: Any, view: ShownView, item: ShownMap) -> None:
    if item.picture is not None:
        slide = _slide(slides, view, item.title, note=item.note)
        shape = slide.shapes.add_picture(BytesIO(item.picture()), 0, _BODY_TOP, height=_BODY_HEIGHT)
        widest = _WIDTH - 2 * _MARGIN
        if shape.width > widest:
            shape.height, shape.width = round(shape.height * widest / shape.width), widest
        shape.left = round((_WIDTH - shape.width) / 2)
        return
    note = _("Bản đồ không có dạng biểu đồ sửa được: đây là số liệu của bản đồ.")
    numbers = (False, True, False)
    _table_slides(
        slides, view, ShownTable(title=item.title, columns=item.columns, rows=item.rows, numbers=numbers, note=note)
    )


def _slide(slides: Any, view: ShownView, title: str, *, note: str = "") -> Any:
    """A slide with the sentence, what it is of, and its foot."""
    slide = slides.slides.add_slide(slides.slide_layouts[5])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = colour_of(view.palette.page)
    heading = slide.shapes.title
    heading.left, heading.top, heading.width, heading.height = _MARGIN, Inches(0.25), _WIDTH - 2 * _MARGIN, Inches(0.85)
    size = 24 if len(title) < 110 else 20 if len(title) < 190 else 16
    _write(heading, title, size=size, colour=view.palette.text, bold=True)
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


def _text(slide: Any, text: str, *, top: int, height: int, size: int, colour: str) -> Any:
    box = slide.shapes.add_textbox(_MARGIN, top, _WIDTH - 2 * _MARGIN, height)
    _write(box, text, size=size, colour=colour)
    return box.text_frame


def _write(shape: Any, text: str, *, size: int, colour: str, bold: bool = False) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.text = text
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            set_font(run.font, size=size, colour=colour, bold=bold)


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
        box.fill.fore_color.rgb = colour_of(view.palette.page)
        box.line.color.rgb = colour_of(view.palette.unclear)
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
            set_font(run.font, size=size, colour=colour, bold=bold)


def _words_slide(slides: Any, view: ShownView, item: ShownWords) -> None:
    """The sentence alone in large letters, or as the title over its lines."""
    colour = view.palette.text
    if not item.lines:
        size = 32 if len(item.title) < 220 else 26
        slide = _slide(slides, view, view.title)
        _text(slide, item.title, top=_BODY_TOP, height=Inches(3.4), size=size, colour=colour)
        return
    slide = _slide(slides, view, item.title)
    frame = _text(slide, "\n".join(item.lines), top=_BODY_TOP, height=_BODY_HEIGHT, size=18, colour=colour)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(8)


def _table_slides(slides: Any, view: ShownView, item: ShownTable, *, most_rows: int = _MOST_ROWS) -> None:
    """As many slides as the rows need, up to a limit; the last one says how many rows are left out."""
    set_out = Layout(left=_MARGIN, top=_BODY_TOP, width=_WIDTH - 2 * _MARGIN, height=_BODY_HEIGHT, dense=item.dense)
    shown = min(len(item.columns), set_out.most_columns)
    widths = set_out.widths([item.columns, *item.rows[:most_rows]], shown)
    parts = set_out.parts(item.columns, item.rows[:most_rows], widths)
    if most_rows < _MOST_ROWS:
        parts = parts[:1]
    kept = sum(map(len, parts))
    for part in parts:
        notes = [item.note] if item.note else []
        if part is parts[-1] and len(item.rows) > kept:
            words = _("Bảng có {all} dòng, ở đây là {shown} dòng đầu.")
            notes.append(words.format(all=number(len(item.rows)), shown=number(kept)))
        if len(item.columns) > shown:
            words = _("Bảng có {all} cột, ở đây là {shown} cột đầu.")
            notes.append(words.format(all=len(item.columns), shown=shown))
        slide = _slide(slides, view, item.title, note=" ".join(notes))
        add_table(slide, [item.columns, *part], widths, layout=set_out, numbers=item.numbers, palette=view.palette)
