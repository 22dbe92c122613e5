"""The brief as a Word document to work on: real headings and tables, Vietnamese for the speller."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
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
from reports.content import Brief
from reports.office import fixed
from reports.plain import as_data, headings
from reports.typesetting import picture_of

_LETTER = "Times New Roman"
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_COLOURS = {"better": RGBColor(0x0B, 0x53, 0x94), "worse": RGBColor(0xA8, 0x43, 0x00)}
_WIDTH = 165  # millimetres between the margins of an annex


def write_word(brief: Brief) -> bytes:
    """The whole brief, nothing left out, in the look of an annex under Decree 30/2020; it may run over two pages."""
    data, words = as_data(brief), headings()
    paper = _empty_paper(data)
    title = paper.add_heading(data["title"], level=1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    under = [f"{words['period']}: {data['period_text']}", data["last_visit_text"]]
    _note(paper.add_paragraph(), ". ".join(text for text in under if text)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _who(paper, data, words)
    _follow_up(paper, data, words)
    _figures(paper, data, words)
    _news(paper, data, words)
    _questions(paper, data, words)
    _dossiers(paper, data, words)
    _rest(paper, data, words)
    out = BytesIO()
    paper.save(out)
    return fixed(out.getvalue(), brief.as_of)


def _empty_paper(data: dict[str, Any]) -> Paper:
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
    for name, size in (("Normal", 12), ("Heading 1", 14), ("Heading 2", 13), ("Heading 3", 12)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _LETTER, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{kind}"), _LETTER)
        style.paragraph_format.space_before = Pt(0 if name == "Normal" else 8)
        style.paragraph_format.space_after = Pt(4)
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


def _who(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    for fact in data["profile"]:
        line = paper.add_paragraph()
        line.add_run(f"{fact['label']}: ").bold = True
        line.add_run(fact["value"])
        source = [fact["source"], fact["stated_on_text"], words["differs"] if fact["differs"] else ""]
        _note(line, _bracketed(source))
    if data["pieces"]:
        line = paper.add_paragraph()
        line.add_run(f"{words['pieces']}: ").bold = True
        pieces = [piece["name"] + _bracketed([piece["extent_text"], piece["note"]], "; ") for piece in data["pieces"]]
        line.add_run("; ".join(pieces) + ".")
    _picture(paper, data["map_svg"], 50)
    if data["map_svg"] and data["map_note"]:
        _note(paper.add_paragraph(), data["map_note"]).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _follow_up(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(f"1. {words['promises']}", level=2)
    _table(
        paper,
        [words[name] for name in ("promise", "department", "due", "result")],
        [
            (one["text"], one["department"], one["due_text"], f"{one['verdict_text']}. {one['evidence']}")
            for one in data["promises"]
        ],
        widths=(52, 28, 25, 60),
        empty=_nothing(data, words, "promises"),
    )
    paper.add_heading(f"2. {words['difficulties']}", level=2)
    _table(
        paper,
        [words[name] for name in ("difficulty", "department", "asked_on", "due", "state")],
        [
            (
                one["text"] + _bracketed([one["category"]]),
                one["department"],
                one["asked_on"],
                one["due_text"],
                one["state"] + (f": {one['answer']}" if one["answer"] else ""),
            )
            for one in data["difficulties"]
        ],
        widths=(52, 32, 23, 25, 33),
        empty=_nothing(data, words, "difficulties"),
    )


def _figures(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(f"3. {words['figures']}", level=2)
    if data["peers_text"]:
        _note(paper.add_paragraph(), data["peers_text"])
    names = ("figure", "since_merger", "last_30_days", "before", "peers", "province", "verdict")
    table = _table(
        paper,
        data["figure_headings"] if len(data["figure_headings"]) == len(names) else [words[name] for name in names],
        [
            (
                one["label"] + (f", {one['unit']}" if one["unit"] else ""),
                one["since_merger"],
                one["last_30_days"],
                one["before"] + (f" ({one['change']})" if one["change"] else ""),
                one["peers"],
                one["province"],
                f"{one['sign']} {one['verdict']}" + (f". {one['note']}" if one["note"] else ""),
            )
            for one in data["figures"]
        ],
        widths=(36, 18, 18, 24, 18, 18, 33),
        numbers=range(1, 6),
        empty=_nothing(data, words, "figures"),
    )
    if table is not None:
        for row, one in zip(table.rows[1:], data["figures"], strict=True):
            for run in row.cells[-1].paragraphs[0].runs:
                run.bold = True
                run.font.color.rgb = _COLOURS.get(one["standing"])
        _note(paper.add_paragraph(), words["signs"])
    for heading, drawing, sentence in (
        (data["trend_label"], data["trend_svg"], data["trend_sentence"]),
        (words["time"], data["time_svg"], data["time_text"]),
    ):
        if drawing:
            paper.add_heading(heading, level=3)
            _picture(paper, drawing, 110)
        if sentence:
            _note(paper.add_paragraph(), sentence)


def _news(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(f"4. {words['findings']}", level=2)
    if not data["findings"] and data["empty"].get("findings"):
        _note(paper.add_paragraph(), data["empty"]["findings"])
    for text in [one["sentence"] for one in data["findings"]] + [data["apology"], data["due_soon"]]:
        if text:
            paper.add_paragraph(text, style="List Bullet")


def _questions(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(
        f"5. {words['questions']}" + (f" ({data['minutes_text']})" if data["minutes_text"] else ""), level=2
    )
    if not data["questions"]:
        _note(paper.add_paragraph(), _nothing(data, words, "questions"))
    numbered = enumerate(data["questions"], start=1)
    for part, asked in groupby(numbered, key=lambda pair: pair[1]["part"]):
        paper.add_heading(words[part], level=3)
        for number, one in asked:
            line = paper.add_paragraph()
            line.add_run(f"{number}. {one['text']} ").bold = True
            line.add_run(one["evidence"])
            if one["minutes"]:
                _note(line, f" ({words['minutes_of'].format(minutes=one['minutes'])})")


def _dossiers(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    paper.add_heading(f"6. {words['dossiers']}", level=2)
    _table(
        paper,
        [words[name] for name in ("dossier", "procedure", "days", "step", "due")],
        [
            (
                one["dossier_id"],
                one["procedure"] + (f" ({one['why']})" if one["why"] else ""),
                one["days_text"],
                one["step"],
                one["due_text"],
            )
            for one in data["dossiers"]
        ],
        widths=(45, 46, 24, 26, 24),
        empty=_nothing(data, words, "dossiers"),
    )


def _rest(paper: Paper, data: dict[str, Any], words: dict[str, str]) -> None:
    number = 7
    if data["notes"]:
        paper.add_heading(f"{number}. {words['notes']}", level=2)
        number += 1
        for one in data["notes"]:
            line = paper.add_paragraph(style="List Bullet")
            if one["indicator"]:
                line.add_run(f"{one['indicator']}: ").bold = True
            line.add_run(one["text"])
            _note(line, _bracketed([one["kind"], one["who"], one["when"]]))
    if data["limits"]:
        paper.add_heading(f"{number}. {words['limits']}", level=2)
        for text in data["limits"]:
            paper.add_paragraph(text, style="List Bullet")


def _nothing(data: dict[str, Any], words: dict[str, str], name: str) -> str:
    return str(data["empty"].get(name) or words["nothing"])


def _bracketed(texts: Sequence[str], between: str = ", ") -> str:
    joined = between.join(text for text in texts if text)
    return f" ({joined})" if joined else ""


def _note(line: Paragraph, text: str) -> Paragraph:
    if text:
        run = line.add_run(text)
        run.italic = True
        run.font.size = Pt(11)
    return line


def _picture(paper: Paper, svg: str, width: float) -> None:
    if svg:
        paper.add_picture(BytesIO(picture_of(svg)), width=Mm(width))
        paper.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[int],
    empty: str,
    numbers: range = range(0),
) -> Any:
    """A table whose first row is repeated on every page; `widths` in millimetres; `numbers` are columns set right."""
    if not rows:
        _note(paper.add_paragraph(), empty)
        return None
    assert sum(widths) == _WIDTH
    table = paper.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row, texts in zip(table.rows, [heads, *rows], strict=True):
        for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Mm(widths[place])
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(1)
            run = line.add_run(text)
            run.font.size = Pt(10.5)
            run.bold = row is table.rows[0] or None
            if place in numbers:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for number, row in enumerate(table.rows):
        settings = row._tr.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if number == 0:
            settings.append(OxmlElement("w:tblHeader"))
            for cell in row.cells:
                for run in cell.paragraphs[0].runs:
                    run.bold = True
    paper.add_paragraph().paragraph_format.space_after = Pt(0)
    return table


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
