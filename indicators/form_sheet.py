"""Form II.06 laid out as the circular prints it, in an Excel workbook ready for A4."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from indicators.filters import Filters
from indicators.form_ii06 import COLUMNS, FIRST_NUMBER, IDENTITIES, Form
from indicators.source_sheet import about, set_page, write_about
from indicators.workbook import open_workbook
from language import _, formats
from warehouse import Snapshot, SnapshotInfo

_FONT = {"font_name": "Times New Roman", "font_size": 11, "text_wrap": True, "valign": "vcenter"}
_GRID = {**_FONT, "border": 1}
_LAST = len(COLUMNS) + FIRST_NUMBER - 2  # the last column, counted from 0
OUR_COLUMN = _LAST
_HEAD, _NUMBERS, _FIRST_ROW = 6, 9, 10


class Heading(NamedTuple):
    """A cell of the printed head: on which of its three lines, over which columns (counted from 0)."""

    text: str
    line: int
    lines: int
    column: int
    columns: int


def headings(by: str) -> list[Heading]:
    """The head of the table, from the top left to the bottom right."""
    total, late = _("Tổng số"), _("Quá hạn")
    return [
        Heading(_("TT"), 0, 3, 0, 1),
        Heading(_("Lĩnh vực giải quyết") if by == "field" else _("Đơn vị"), 0, 3, 1, 1),
        Heading(_("Số lượng hồ sơ tiếp nhận"), 0, 1, 2, 4),
        Heading(_("Số lượng hồ sơ đã giải quyết"), 0, 1, 6, 4),
        Heading(_("Số lượng hồ sơ đang giải quyết"), 0, 1, 10, 3),
        Heading(_("Rút, dừng (ngoài biểu)"), 0, 3, OUR_COLUMN, 1),
        Heading(total, 1, 2, 2, 1),
        Heading(_("Trong kỳ"), 1, 1, 3, 2),
        Heading(_("Từ kỳ trước"), 1, 2, 5, 1),
        Heading(total, 1, 2, 6, 1),
        Heading(_("Trước hạn"), 1, 2, 7, 1),
        Heading(_("Đúng hạn"), 1, 2, 8, 1),
        Heading(late, 1, 2, 9, 1),
        Heading(total, 1, 2, 10, 1),
        Heading(_("Trong hạn"), 1, 2, 11, 1),
        Heading(late, 1, 2, 12, 1),
        Heading(_("Trực tuyến"), 2, 1, 3, 1),
        Heading(_("Trực tiếp, dịch vụ bưu chính"), 2, 1, 4, 1),
    ]


def column_numbers() -> list[str]:
    """The line under the head: `(1)`, `(2)`, `(3)=(4)+(5)+(6)`, …"""
    return ["(1)", "(2)", *map(_number_of, COLUMNS)]


def _number_of(column: str) -> str:
    own, *parts = (COLUMNS.index(name) + FIRST_NUMBER for name in (column, *IDENTITIES.get(column, ((),))[0]))
    return f"({own})" + ("=" if parts else "") + "+".join(f"({part})" for part in parts)


def title() -> str:
    return _("TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH")


def dates_in_words(form: Form) -> str:
    return _("(Từ ngày {starts} đến ngày {ends})").format(
        starts=formats.date(form.window.starts), ends=formats.date(form.window.ends)
    )


def write_form(out: Path | BytesIO, form: Form, snapshot: Snapshot, *, filters: Filters) -> None:
    """The form on one sheet and its sources on another; raises CallError where the file cannot be written."""
    with open_workbook(out, snapshot.info) as workbook:
        sheet = workbook.add_worksheet(_("Biểu {variant}").format(variant=form.variant))
        _write_head(workbook, sheet, form, snapshot.info)
        _write_rows(workbook, sheet, form)
        _set_paper(sheet, snapshot.info)
        write_about(
            workbook,
            about(
                snapshot,
                _("Biểu {variant}/VPCP/KSTT").format(variant=form.variant),
                window=form.window,
                filters=filters.given(),
                notes=form.notes,
            ),
        )


def _write_head(workbook: Workbook, sheet: Worksheet, form: Form, info: SnapshotInfo) -> None:
    bold = workbook.add_format({**_FONT, "bold": True})
    middle = workbook.add_format({**_FONT, "bold": True, "align": "center", "font_size": 13})
    plain = workbook.add_format({**_FONT, "align": "center", "italic": True})
    sheet.merge_range(0, 0, 1, 1, _("Biểu số {variant}/VPCP/KSTT").format(variant=form.variant), bold)
    sheet.merge_range(0, 2, 1, _LAST - 4, title(), middle)
    sheet.merge_range(0, _LAST - 3, 0, _LAST, _("Đơn vị báo cáo: {unit}").format(unit=form.unit), bold)
    sheet.merge_range(1, _LAST - 3, 1, _LAST, _("Đơn vị nhận báo cáo: …"), bold)
    period = _("Kỳ báo cáo: {period}").format(period=form.period) if form.period else _("Kỳ báo cáo")
    sheet.merge_range(2, 0, 2, _LAST, period, workbook.add_format({**_FONT, "bold": True, "align": "center"}))
    sheet.merge_range(3, 0, 3, _LAST, dates_in_words(form), plain)
    if info.simulated:
        marked = workbook.add_format({**_FONT, "bold": True, "align": "center", "font_color": "#B00020"})
        sheet.merge_range(4, 0, 4, _LAST, _("DỮ LIỆU MÔ PHỎNG, không phải số liệu thật"), marked)
    sheet.merge_range(
        5,
        0,
        5,
        _LAST,
        _("Đơn vị tính: Số hồ sơ TTHC."),
        workbook.add_format({**_FONT, "italic": True, "align": "right"}),
    )
    head = workbook.add_format({**_GRID, "bold": True, "align": "center"})
    ours = workbook.add_format({**_GRID, "italic": True, "align": "center"})
    for cell in headings(form.by):
        row, kind = _HEAD + cell.line, ours if cell.column == OUR_COLUMN else head
        if cell.lines * cell.columns == 1:
            sheet.write_string(row, cell.column, cell.text, kind)
        else:
            last = row + cell.lines - 1, cell.column + cell.columns - 1
            sheet.merge_range(row, cell.column, *last, cell.text, kind)
    small = workbook.add_format({**_GRID, "italic": True, "align": "center", "font_size": 8})
    for place, text in enumerate(column_numbers()):
        sheet.write_string(_NUMBERS, place, text, small)


def _write_rows(workbook: Workbook, sheet: Worksheet, form: Form) -> None:
    text = workbook.add_format(_GRID)
    serial = workbook.add_format({**_GRID, "align": "center"})
    count = workbook.add_format({**_GRID, "num_format": "#,##0"})
    total_text = workbook.add_format({**_GRID, "bold": True, "align": "center"})
    total_count = workbook.add_format({**_GRID, "bold": True, "num_format": "#,##0"})
    row = _FIRST_ROW
    for row, values in enumerate(form.frame.iter_rows(named=True), start=_FIRST_ROW):
        sheet.write_number(row, 0, row - _FIRST_ROW + 1, serial)
        sheet.write_string(row, 1, values["name"], text)
        for place, column in enumerate(COLUMNS, start=FIRST_NUMBER - 1):
            sheet.write_number(row, place, values[column], count)
    row = _FIRST_ROW + len(form.frame)
    sheet.merge_range(row, 0, row, 1, _("Tổng số"), total_text)
    for place, column in enumerate(COLUMNS, start=FIRST_NUMBER - 1):
        sheet.write_number(row, place, form.total[column], total_count)
    note = workbook.add_format({**_FONT, "font_size": 9, "italic": True, "valign": "top"})
    bold = workbook.add_format({**_FONT, "bold": True, "font_size": 9, "text_wrap": False})
    sheet.write_string(row + 1, 0, _("Ghi chú:"), bold)
    for number, words in enumerate(form.notes, start=1):
        sheet.merge_range(row + 1 + number, 0, row + 1 + number, _LAST, f"{number}. {words}", note)
        sheet.set_row(row + 1 + number, 13 * (1 + len(words) // 175))


def _set_paper(sheet: Worksheet, info: SnapshotInfo) -> None:
    set_page(sheet, info)
    sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.6)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, _LAST, 10.5)
    sheet.set_row(0, 30)
    sheet.set_row(_HEAD + 2, 46)
    sheet.freeze_panes(_FIRST_ROW, 2)
    sheet.repeat_rows(_HEAD, _NUMBERS)
