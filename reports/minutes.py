"""The record of a meeting as files: what was on the screen and when, and what was promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO

import docx
import xlsxwriter
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from language import _
from language.formats import date, date_time
from reports.office import fixed

_FONT = "Times New Roman"


@dataclass(frozen=True, kw_only=True)
class PageShown:
    """A page of the meeting: since when, its name, and the address that opens it again."""

    shown_at: dt.datetime
    title: str
    address: str


@dataclass(frozen=True, kw_only=True)
class PromiseMade:
    """A promise as the record words it; the commune by its name."""

    department: str
    commune: str
    text: str
    due_on: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """A meeting: `data` says which figures it was held on, as of when and from where."""

    title: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    data: str
    trip: str
    pages: tuple[PageShown, ...]
    promises: tuple[PromiseMade, ...]


def page_rows(minutes: Minutes) -> list[tuple[str, str, str]]:
    """Time, name and address of each page."""
    return [(f"{page.shown_at:%H:%M:%S}", page.title, page.address) for page in minutes.pages]


def promise_rows(minutes: Minutes) -> list[tuple[str, str, str, str]]:
    return [(one.department, one.commune, one.text, date(one.due_on)) for one in minutes.promises]


def page_columns() -> tuple[str, str, str]:
    return _("Lúc"), _("Trang"), _("Địa chỉ mở lại")


def promise_columns() -> tuple[str, str, str, str]:
    return _("Ai cam kết"), _("Về đơn vị"), _("Nội dung"), _("Hạn")


def facts(minutes: Minutes) -> list[str]:
    """The lines under the title."""
    times = _("Bắt đầu: {start}").format(start=date_time(minutes.started_at))
    if minutes.ended_at:
        times += " · " + _("kết thúc: {end}").format(end=date_time(minutes.ended_at))
    return [times, minutes.data, *([_("Chuyến đi: {trip}").format(trip=minutes.trip)] if minutes.trip else [])]


def write_docx(minutes: Minutes) -> bytes:
    """The record as a Word file that can be edited."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    section = document.sections[0]
    # The margins of an administrative paper on A4.
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(2)
    heading = document.add_paragraph()
    run = heading.add_run(_("Biên bản trình chiếu: {title}").format(title=minutes.title))
    run.bold, run.font.size = True, Pt(15)
    for line in facts(minutes):
        document.add_paragraph(line)
    for title, columns, rows, nothing in _parts(minutes):
        document.add_paragraph().add_run(title).bold = True
        if not rows:
            document.add_paragraph(nothing)
            continue
        table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, columns, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    out = BytesIO()
    document.save(out)
    return fixed(out.getvalue(), minutes.started_at.date())


def write_xlsx(minutes: Minutes) -> bytes:
    """The record as a workbook: one sheet of pages, one of promises."""
    out = BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    for title, columns, rows, _nothing in _parts(minutes):
        sheet = workbook.add_worksheet(title[:31])
        sheet.write_string(0, 0, minutes.title, bold)
        for place, line in enumerate(facts(minutes)):
            sheet.write_string(place + 1, 0, line)
        first = len(facts(minutes)) + 2
        for column, text in enumerate(columns):
            sheet.write_string(first, column, text, bold)
            sheet.set_column(column, column, 44 if column else 18)
        for below, row in enumerate(rows, start=first + 1):
            for column, text in enumerate(row):
                sheet.write_string(below, column, text, wrapped)
    workbook.close()
    return fixed(out.getvalue(), minutes.started_at.date())


def _parts(minutes: Minutes) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]], str]]:
    return [
        (_("Đã trình chiếu"), page_columns(), list(page_rows(minutes)), _("Chưa ghi trang nào.")),
        (_("Cam kết tại cuộc họp"), promise_columns(), list(promise_rows(minutes)), _("Không ghi cam kết nào.")),
    ]
