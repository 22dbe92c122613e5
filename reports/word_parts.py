"""The building blocks of a Word document: an annex's page, notes, tables whose head is repeated, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from language import current_language
from reports.typesetting import picture_of

_LETTER = "Times New Roman"
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_WIDTH = 165  # millimetres between the margins of an annex
_CELL_MARGIN = 45  # twentieths of a point


def empty_paper(data: dict[str, Any], *, size: float = 12) -> Paper:
    """An A4 page with the margins of an annex; `size` of the letters in points, headings and spaces go with it."""
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    styles: Any = paper.styles
    tongue = _LANGUAGES[current_language()]
    for language in styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            language.set(qn(name), tongue)
    for name, points in (
        ("Normal", size),
        ("Heading 1", max(size + 2, 13)),
        ("Heading 2", size + 1),
        ("Heading 3", size),
    ):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _LETTER, Pt(points), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{kind}"), _LETTER)
        style.paragraph_format.space_before = Pt(0 if name == "Normal" else max(2 * size - 16, 3))
        style.paragraph_format.space_after = Pt(max(size - 8, 2))
        style.paragraph_format.line_spacing = 1.0
    styles["Heading 3"].font.bold = False
    styles["Heading 3"].font.italic = True
    # The number stands on top in the middle, not on the first page.
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(number, "PAGE")
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        if data["mark"]:
            foot.add_run(f"{data['mark']}. ").bold = True
        foot.add_run(data["source_line"])
        for run in foot.runs:
            run.font.size = Pt(9)
    about = paper.core_properties
    about.author, about.title, about.language, about.comments = "Thông Suốt", data["title"], tongue, ""
    about.last_modified_by = "Thông Suốt"
    return paper


def bracketed(texts: Sequence[str], between: str = ", ") -> str:
    joined = between.join(text for text in texts if text)
    return f" ({joined})" if joined else ""


def note(line: Paragraph, text: str) -> Paragraph:
    if text:
        run = line.add_run(text)
        run.italic = True
    return line


def picture(line: Paragraph, svg: str, width: float, *, says: str) -> None:
    """A drawing of that many millimetres' width; `says` is told to whoever hears the page read."""
    if svg:
        drawn = line.add_run().add_picture(BytesIO(picture_of(svg)), width=Mm(width))
        drawn._inline.docPr.set("descr", says)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def side_by_side(paper: Paper, widths: Sequence[int]) -> list[Any]:
    """Cells without a frame beside one another, `widths` in millimetres; each begins with an empty paragraph."""
    assert sum(widths) == _WIDTH
    printed = paper.add_table(rows=1, cols=len(widths))
    printed.autofit = False
    for column, cell, width in zip(printed.columns, printed.rows[0].cells, widths, strict=True):
        column.width = cell.width = Mm(width)
    printed.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return list(printed.rows[0].cells)


def table(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[int],
    empty: str,
    numbers: range = range(0),
    size: float = 10.5,
) -> Any:
    """A table whose first row is repeated on every page; `widths` in millimetres; `numbers` are columns set right."""
    if not rows:
        note(paper.add_paragraph(), empty)
        return None
    assert sum(widths) == _WIDTH
    printed = paper.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    printed.alignment = WD_TABLE_ALIGNMENT.CENTER
    printed.autofit = False
    _narrow(printed)
    for column, width in zip(printed.columns, widths, strict=True):
        column.width = Mm(width)
    for number, (row, texts) in enumerate(zip(printed.rows, [heads, *rows], strict=True)):
        settings = row._tr.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if number == 0:
            settings.append(OxmlElement("w:tblHeader"))
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths[place])
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(0)
            run = line.add_run(text)
            run.font.size, run.bold = Pt(size), number == 0 or None
            if place in numbers:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return printed


def _narrow(printed: Any) -> None:
    """Little room between the frame and the letters: seven columns stand on a page."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(_CELL_MARGIN))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    # The schema knows one order only.
    printed._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _field(line: Paragraph, name: str) -> None:
    """A field that the program fills in, such as the page's number."""
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        run = line.add_run()
        run.font.size = Pt(13)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
