"""The building blocks of slides: sixteen to nine, letters that carry ten metres, nothing left empty, notes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from charts.palettes import LIGHT
from language import current_language

WIDTH, HEIGHT = 13.333, 7.5  # inches
LEFT, TOP, BOTTOM = 0.6, 1.45, 6.75
ROOM = WIDTH - 2 * LEFT
LETTERS = "Arial"
BODY, TABLE, SMALL = 26, 20, 12  # points
_TITLE_ONLY = 5
_INK, _MARK = RGBColor.from_string(LIGHT.text[1:]), RGBColor.from_string(LIGHT.worse[1:])
_TONES = {"better": RGBColor.from_string(LIGHT.better[1:]), "worse": RGBColor.from_string(LIGHT.worse[1:])}
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_HEAD, _STRIPES = LIGHT.sequential[1][1:], ("FFFFFF", LIGHT.none[1:])
# Mean width of a letter as a part of its size, and the height of a line.
_LETTER, _LINE = 0.52, 1.22
_PADDING = 0.09


@dataclass(frozen=True, kw_only=True)
class Foot:
    """What stands under every slide."""

    source_line: str
    mark: str


def presentation(title: str) -> Any:
    """An empty show, sixteen to nine; the places of the template's titles are widened with it."""
    show = Presentation()
    wider = WIDTH / (show.slide_width / Inches(1))
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for layout in (show.slide_master, *show.slide_layouts):
        for place in layout.placeholders:
            place.left, place.width = Emu(int(place.left * wider)), Emu(int(place.width * wider))
    about = show.core_properties
    about.title, about.author, about.last_modified_by = title, "Thông Suốt", "Thông Suốt"
    about.language = _LANGUAGES[current_language()]
    return show


def new_slide(show: Any, title: str, foot: Foot, *, notes: Sequence[str] = ()) -> Any:
    """A slide with its title, the foot and what the speaker may say."""
    slide = show.slides.add_slide(show.slide_layouts[_TITLE_ONLY])
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = Inches(LEFT), Inches(0.35), Inches(ROOM), Inches(1.0)
    frame = head.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    text = cut(title, 110)
    write(frame.paragraphs[0], text, size=32 if len(text) < 48 else 26, bold=True)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    box = slide.shapes.add_textbox(Inches(LEFT), Inches(6.92), Inches(ROOM - 1), Inches(0.4))
    box.text_frame.word_wrap = True
    line = box.text_frame.paragraphs[0]
    if foot.mark:
        write(line, f"{foot.mark}. ", size=SMALL, bold=True, colour=_MARK)
    write(line, foot.source_line, size=SMALL)
    number = slide.shapes.add_textbox(Inches(LEFT + ROOM - 1), Inches(6.92), Inches(1), Inches(0.4))
    number.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    write(number.text_frame.paragraphs[0], str(len(show.slides)), size=SMALL)
    said = [foot.mark, foot.source_line, *notes]
    slide.notes_slide.notes_text_frame.text = "\n".join(one for one in said if one)
    return slide


def write(line: Any, text: str, *, size: float, bold: bool = False, colour: RGBColor | None = None) -> None:
    """A run at the end of a paragraph, in the show's letters and language."""
    run = line.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LETTERS
    run.font.color.rgb = colour or _INK
    run._r.get_or_add_rPr().set("lang", _LANGUAGES[current_language()])


def bullets(slide: Any, texts: Sequence[str], *, left: float = LEFT, width: float = ROOM, top: float = TOP) -> int:
    """As many texts as the slide holds, each cut to four lines; gives their number."""
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(BOTTOM - top))
    frame = box.text_frame
    frame.word_wrap = True
    used, shown = 0.0, 0
    for text in texts:
        text = cut(text, 4 * per_line(width - 0.3, BODY))
        height = lines_of(text, width - 0.3, BODY) * BODY * _LINE / 72 + 0.14
        if shown and used + height > BOTTOM - top:
            break
        line = frame.paragraphs[0] if shown == 0 else frame.add_paragraph()
        line.space_after = Pt(8)
        write(line, text, size=BODY)
        used += height
        shown += 1
    return shown


def table_slides(
    show: Any,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
    foot: Foot,
    notes: Sequence[str] = (),
    tones: Sequence[str] = (),
    most_slides: int = 2,
    more: str = "",
) -> None:
    """A native table, carried on over at most so many slides; what is left out is said by `more` with its {n}.

    `widths` are shares of the slide; `tones` the standing of each row, which colours its last cell.
    """
    inches = [ROOM * width / sum(widths) for width in widths]
    most = [4 * per_line(width - 2 * _PADDING, TABLE) for width in inches]
    cells = [[cut(text, limit) for text, limit in zip(row, most, strict=True)] for row in rows]
    heights = [_row_height(row, inches) for row in cells]
    room = BOTTOM - 0.3 - TOP - _row_height(heads, inches)
    start = 0
    for page, end in enumerate(_even_ends(heights, room)[:most_slides]):
        named = title if page == 0 else f"{title} ({page + 1})"
        slide = new_slide(show, named, foot, notes=notes if page == 0 else ())
        _table(slide, heads, cells[start:end], inches, tones[start:end])
        start = end
        if start >= len(cells):
            return
    box = slide.shapes.add_textbox(Inches(LEFT), Inches(BOTTOM - 0.3), Inches(ROOM), Inches(0.4))
    box.text_frame.word_wrap = True
    write(box.text_frame.paragraphs[0], more.format(n=len(cells) - start), size=TABLE)


def _even_ends(heights: Sequence[float], room: float) -> list[int]:
    """Where each slide's rows end: as few slides as can be, and the rows shared evenly among them."""

    def ends(most_rows: int) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(heights) or not found:
            end = start
            while end < min(len(heights), start + most_rows) and sum(heights[start : end + 1]) <= room:
                end += 1
            start = max(end, min(start + 1, len(heights)))
            found.append(start)
        return found

    fullest = ends(len(heights))
    return next(shared for most in range(1, len(heights) + 2) if len(shared := ends(most)) == len(fullest))


def picture(slide: Any, content: bytes, *, left: float, top: float, width: float, height: float) -> None:
    """A picture as large as its room allows."""
    shape = slide.shapes.add_picture(BytesIO(content), Inches(left), Inches(top))
    factor = min(Inches(width) / shape.width, Inches(height) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * factor)), Emu(int(shape.height * factor))


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def per_line(width: float, size: float) -> int:
    """About how many letters of a size (points) stand on a line of a width (inches)."""
    return max(int(width * 72 / (size * _LETTER)), 4)


def lines_of(text: str, width: float, size: float) -> int:
    return max(math.ceil(len(text) / per_line(width, size)), 1)


def _row_height(texts: Sequence[str], inches: Sequence[float]) -> float:
    lines = max(lines_of(text, width - 2 * _PADDING, TABLE) for text, width in zip(texts, inches, strict=True))
    return lines * TABLE * _LINE / 72 + 0.12


def _table(
    slide: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], inches: Sequence[float], tones: Sequence[str]
) -> None:
    heights = [_row_height(texts, inches) for texts in (heads, *rows)]
    shape = slide.shapes.add_table(
        len(rows) + 1, len(heads), Inches(LEFT), Inches(TOP), Inches(ROOM), Inches(sum(heights))
    )
    table = shape.table
    for column, width in zip(table.columns, inches, strict=True):
        column.width = Inches(width)
    for place, (row, texts) in enumerate(zip(table.rows, (heads, *rows), strict=True)):
        row.height = Inches(heights[place])
        for cell, text in zip(row.cells, texts, strict=True):
            cell.margin_left = cell.margin_right = Inches(_PADDING)
            cell.margin_top = cell.margin_bottom = Inches(0.04)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(_HEAD if place == 0 else _STRIPES[place % 2])
            last = place > 0 and text is texts[-1]
            tone = _TONES.get(tones[place - 1]) if last and len(tones) >= place else None
            write(cell.text_frame.paragraphs[0], text, size=TABLE, bold=place == 0 or tone is not None, colour=tone)
