"""A drawing of boxes and arrows as shapes that PowerPoint can move and edit."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from reports.native_values import words_of
from reports.view_charts import colour_of, set_font

_LAYERS = ("below", "between", "above", None)
_FORMS = {"rect": MSO_SHAPE.RECTANGLE, "circle": MSO_SHAPE.OVAL}
_SMALLEST = 8
# A turn of a line as so many straight pieces.
_PIECES = 4

Point = tuple[float, float]


class _Ground:
    """Where a point of the figure lies on the slide: as large as fits, in the middle; EMU."""

    def __init__(self, figure: go.Figure, area: tuple[int, int, int, int]) -> None:
        (self.x0, self.x1), (self.y0, self.y1) = figure.layout.xaxis.range, figure.layout.yaxis.range
        left, top, width, height = area
        self.scale = min(width / (self.x1 - self.x0), height / (self.y1 - self.y0))
        self.left = left + (width - self.scale * (self.x1 - self.x0)) / 2
        self.top = top

    def at(self, x: float, y: float) -> tuple[Emu, Emu]:
        return Emu(round(self.left + (x - self.x0) * self.scale)), Emu(round(self.top + (self.y1 - y) * self.scale))

    def points(self, pixels: float) -> float:
        """A length on the screen as points of type."""
        return float(Emu(round(pixels * self.scale)).pt)


def add_drawing(slide: Any, figure: go.Figure, *, area: tuple[int, int, int, int]) -> None:
    """Put the figure's shapes and texts on a slide; `area` is left, top, width and height in EMU."""
    ground = _Ground(figure, area)
    for layer in _LAYERS:
        for shape in figure.layout.shapes:
            if shape.layer == layer:
                _add_shape(slide, shape, ground)
    for text in figure.layout.annotations:
        _add_text(slide, text, ground)


def _add_shape(slide: Any, shape: Any, ground: _Ground) -> None:
    if shape.type == "path":
        points, is_closed = outline(shape.path)
        places = [ground.at(*point) for point in points]
        builder = slide.shapes.build_freeform(*places[0])
        builder.add_line_segments(places[1:], close=is_closed)
        made = builder.convert_to_shape()
    else:
        left, top = ground.at(min(shape.x0, shape.x1), max(shape.y0, shape.y1))
        right, bottom = ground.at(max(shape.x0, shape.x1), min(shape.y0, shape.y1))
        made = slide.shapes.add_shape(_FORMS[shape.type], left, top, Emu(right - left), Emu(bottom - top))
    made.shadow.inherit = False
    if shape.fillcolor and shape.fillcolor.startswith("#"):
        made.fill.solid()
        made.fill.fore_color.rgb = colour_of(shape.fillcolor)
    else:
        made.fill.background()
    if shape.line.width and shape.line.color:
        made.line.color.rgb = colour_of(shape.line.color)
        made.line.width = Pt(max(0.5, ground.points(shape.line.width)))
        if shape.line.dash == "dash":
            made.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    else:
        made.line.fill.background()


def _add_text(slide: Any, text: Any, ground: _Ground) -> None:
    """A text around its point; its box lets clicks and other words through."""
    lines = re.split(r"<br\s*/?>", text.text)
    size = max(_SMALLEST, round(ground.points(text.font.size)))
    width = Pt(max(len(words_of(line)) for line in lines) * size * 0.62 + 6)
    height = Pt(size * 1.25 * len(lines))
    x, y = ground.at(text.x, text.y)
    box = slide.shapes.add_textbox(Emu(x - width // 2), Emu(y - height // 2), Emu(width), Emu(height))
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = False, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    if text.bgcolor:
        box.fill.solid()
        box.fill.fore_color.rgb = colour_of(text.bgcolor)
    is_bold = False
    for order, line in enumerate(lines):
        # As in a browser: what is bold stays so until it is ended.
        is_bold = "<b>" in line or (is_bold and not line.startswith("</b>"))
        paragraph = frame.paragraphs[0] if not order else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER
        run = paragraph.add_run()
        run.text = words_of(line)
        set_font(run.font, size=size, colour=text.font.color, bold=is_bold)
        is_bold = is_bold and "</b>" not in line


def outline(path: str) -> tuple[list[Point], bool]:
    """The points of an SVG path of M, L, Q and Z, turns in straight pieces; and whether it is closed."""
    points: list[Point] = []
    for command, numbers in re.findall(r"([MLQ])([^MLQZ]*)", path):
        values = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        if command == "Q":
            (start, (turn, end)) = points[-1], pairs
            points += [_on_turn(start, turn, end, piece / _PIECES) for piece in range(1, _PIECES + 1)]
        else:
            points += pairs
    kept = points[:1] + [after for before, after in pairwise(points) if after != before]
    return kept, path.rstrip().endswith("Z")


def _on_turn(start: Point, turn: Point, end: Point, share: float) -> Point:
    """A point of a quadratic Bézier curve."""
    weights = ((1 - share) ** 2, 2 * share * (1 - share), share**2)
    x, y = (sum(w * one[axis] for w, one in zip(weights, (start, turn, end), strict=True)) for axis in (0, 1))
    return x, y
