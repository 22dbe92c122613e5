"""A cross table as an Excel workbook: the table as it is read, and the same figures one cell a row."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from indicators.pivot import TOTAL, Pivot, long_frame, mark
from indicators.pivot_words import in_order
from indicators.printing import dimension_name
from indicators.source_sheet import HEADING_COLOUR, About, set_page, source_line, write_about
from indicators.workbook import NUMBER_FORMATS, open_workbook
from language import _
from warehouse import Snapshot

_HEADINGS_ROW = 3
_FORMATS = {"count": NUMBER_FORMATS["count"], "rate": NUMBER_FORMATS["rate"]}


def pivot_workbook(snapshot: Snapshot, table: Pivot, about: About) -> bytes:
    """The workbook's bytes: numbers are numbers, hidden cells print `<5` or dots, cells without a case are empty."""
    out = BytesIO()
    with open_workbook(out, about.info) as workbook:
        _write_matrix(workbook, snapshot, table, about)
        write_about(workbook, about)
    return out.getvalue()


def named_frame(snapshot: Snapshot, table: Pivot) -> pl.DataFrame:
    """`long_frame` with a column of names beside each dimension's codes: `commune, commune_name, …`."""
    frame = long_frame(table)
    for dimension in (table.rows, *([table.columns] if table.columns else [])):
        if dimension != "day":
            names = in_order(snapshot, dimension, frame[dimension].unique().to_list())
            words = pl.Series(f"{dimension}_name", [names[value] for value in frame[dimension]], dtype=pl.String)
            frame.insert_column(frame.columns.index(dimension) + 1, words)
    return frame


def _write_matrix(workbook: Workbook, snapshot: Snapshot, table: Pivot, about: About) -> None:
    sheet = workbook.add_worksheet(_("Bảng chéo"))
    note = {"italic": True} | ({"bold": True, "font_color": "#B00020"} if about.info.simulated else {})
    sheet.write_string(0, 0, about.title, workbook.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, source_line(about.info), workbook.add_format(note))
    heading = workbook.add_format(
        {"bold": True, "bg_color": HEADING_COLOUR, "border": 1, "text_wrap": True, "valign": "top", "align": "center"}
    )
    styles = {
        (one.id, is_total): workbook.add_format({"num_format": _FORMATS.get(one.unit, "#,##0.00"), "bold": is_total})
        for one in table.indicators
        for is_total in (False, True)
    }
    bold, plain = workbook.add_format({"bold": True}), workbook.add_format({"align": "right"})
    names = in_order(snapshot, table.columns, table.column_values) if table.columns else {}
    columns: list[tuple[Any, str]] = [*names.items(), (TOTAL, _("Tất cả"))]
    sheet.merge_range(_HEADINGS_ROW, 0, _HEADINGS_ROW + 1, 0, dimension_name(table.rows), heading)
    width = len(table.indicators)
    for place, (_value, name) in enumerate(columns):
        first = 1 + place * width
        if width > 1:
            sheet.merge_range(_HEADINGS_ROW, first, _HEADINGS_ROW, first + width - 1, name, heading)
        else:
            sheet.write_string(_HEADINGS_ROW, first, name, heading)
        for offset, one in enumerate(table.indicators):
            sheet.write_string(_HEADINGS_ROW + 1, first + offset, one.name, heading)
    rows = [*in_order(snapshot, table.rows, table.row_values).items(), (TOTAL, _("Tất cả"))]
    for line, (row, name) in enumerate(rows, start=_HEADINGS_ROW + 2):
        sheet.write_string(line, 0, name, bold if row == TOTAL else None)
        for place, (column, _name) in enumerate(columns):
            for offset, one in enumerate(table.indicators, start=1 + place * width):
                style = styles[one.id, TOTAL in (row, column)]
                _write_cell(sheet, line, offset, table, (row, column), one.id, style, plain)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(columns) * width, 14)
    sheet.set_row(_HEADINGS_ROW + 1, 48)
    sheet.freeze_panes(_HEADINGS_ROW + 2, 1)
    sheet.repeat_rows(_HEADINGS_ROW, _HEADINGS_ROW + 1)
    set_page(sheet, about.info)


def _write_cell(
    sheet: Worksheet, line: int, place: int, table: Pivot, cell: tuple[Any, Any], indicator: str, style: Any, plain: Any
) -> None:
    value = table.figure(*cell, indicator).value
    if cell in table.hidden:
        sheet.write_string(line, place, mark(table, cell), plain)
    elif value is not None:
        sheet.write_number(line, place, value, style)
