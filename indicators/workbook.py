"""Answers as an Excel workbook: formatted data sheets, and one that says what the figures are and where they come from.

    write_workbook(Path("so_lieu.xlsx"), [figures_sheet(snapshot, frame, ["commune"], wanted)], about)

Numbers, shares and dates are cells of their kind, which Excel prints in the reader's own way (`1.234,5`); texts are
texts, never formulas. The same answer gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, cast

import polars as pl
from xlsxwriter import Workbook

from indicators.errors import CallError
from indicators.indicator import Indicator
from indicators.printing import dimension_name
from indicators.source_sheet import HEADING_COLOUR, About, about, set_page, source_line, write_about
from indicators.words import value_in_words
from language import _, formats
from language.reasons import reason
from warehouse import Snapshot, SnapshotInfo

Kind = Literal["text", "count", "rate", "decimal", "date", "date_time"]

# Excel writes thousands and decimals with the signs of its own language, so these are 1.234,5 in Vietnamese.
NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "General",
    "count": "#,##0",
    "rate": "0.0 %",
    "decimal": "#,##0.00",
    "date": "dd/mm/yyyy",
    "date_time": "dd/mm/yyyy hh:mm",
}
_KIND_OF_UNIT: Mapping[str, Kind] = {"count": "count", "rate": "rate"}
# What stands beside an indicator's own column.
_PARTS: Mapping[str, Kind | None] = {"": None, "_n": "count", "_low": None, "_high": None}

_MOST_ROWS = 1_048_576 - 10  # an Excel sheet's, less our headings
_MOST_SHEET_NAME = 31
_TITLE_ROWS = 3
_WIDTHS: Mapping[Kind, int] = {"text": 160, "count": 95, "rate": 95, "decimal": 95, "date": 95, "date_time": 130}
_WIDEST, _PIXELS_A_SIGN = 420, 7

__all__ = ["About", "Column", "Sheet", "about", "figures_sheet", "open_workbook", "write_workbook"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A heading and how the cells under it are printed."""

    heading: str
    kind: Kind = "text"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a workbook; `columns` has one entry for each column of `frame`, in order."""

    name: str
    frame: pl.DataFrame
    columns: Sequence[Column]
    title: str = ""


def figures_sheet(
    snapshot: Snapshot, frame: pl.DataFrame, by: Sequence[str], wanted: Sequence[Indicator], *, name: str = ""
) -> Sheet:
    """An answer of `compute` with Vietnamese headings; communes get their names, channels and kinds their words."""
    shown: list[pl.Expr | pl.Series] = []
    columns = []
    for dimension in by:
        is_day = dimension == "day"
        if dimension == "commune":
            shown.append(pl.col(dimension))
            columns.append(Column(heading=_("Mã đơn vị")))
        shown.append(
            pl.col(dimension)
            if is_day
            else value_in_words(snapshot, dimension, frame[dimension]).alias(f"{dimension}_in_words")
        )
        columns.append(Column(heading=dimension_name(dimension), kind="date" if is_day else "text"))
    for indicator in wanted:
        own = _KIND_OF_UNIT.get(indicator.unit, "decimal")
        for part, kind in _PARTS.items():
            if indicator.id + part in frame.columns:
                shown.append(pl.col(indicator.id + part))
                columns.append(Column(heading=_heading(indicator, part), kind=kind or own))
    return Sheet(name=name or _("Số liệu"), frame=frame.select(shown), columns=columns)


def write_workbook(out: Path | BytesIO, sheets: Sequence[Sheet], about: About) -> None:
    """Write the sheets, and behind them the sheet "Nguồn và bộ lọc".

    Raises CallError where a table is longer than a sheet, or the file cannot be written; nothing is written then.
    """
    for sheet in sheets:
        if len(sheet.frame) > _MOST_ROWS:
            raise CallError(
                _(
                    "Bảng có {rows} dòng, nhiều hơn một trang tính Excel chứa được ({most}): hãy thu hẹp bộ lọc "
                    "hoặc tải dạng CSV."
                ).format(rows=formats.number(len(sheet.frame)), most=formats.number(_MOST_ROWS))
            )
    with open_workbook(out, about.info) as workbook:
        for number, sheet in enumerate(sheets, start=1):
            _write_sheet(workbook, sheet, about, number)
        write_about(workbook, about)


@contextmanager
def open_workbook(out: Path | BytesIO, info: SnapshotInfo) -> Iterator[Workbook]:
    """A workbook that runs no formula from the data; the file appears when all of it is written."""
    content = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with Workbook(content, options) as workbook:
        # The day of the data instead of today's, so that the same answer gives the same bytes.
        workbook.set_properties({"created": info.built_at, "author": "Thông Suốt"})
        yield workbook
    try:
        if isinstance(out, Path):
            out.write_bytes(content.getbuffer())
        else:
            out.write(content.getbuffer())
    except OSError as error:
        raise CallError(_("--out {file}: không ghi được ({reason}).").format(file=out, reason=reason(error))) from None


def _write_sheet(workbook: Workbook, sheet: Sheet, about: About, number: int) -> None:
    worksheet = workbook.add_worksheet(_sheet_name(sheet.name, number))
    worksheet.write_string(0, 0, sheet.title or about.title, workbook.add_format({"bold": True, "font_size": 14}))
    note = {"italic": True} | ({"bold": True, "font_color": "#B00020"} if about.info.simulated else {})
    worksheet.write_string(1, 0, source_line(about.info), workbook.add_format(note))
    headings = _unique([column.heading for column in sheet.columns])
    frame = sheet.frame.rename(dict(zip(sheet.frame.columns, headings, strict=True)))
    kinds = {name: column.kind for name, column in zip(headings, sheet.columns, strict=True)}
    number_formats: Any = {name: NUMBER_FORMATS[kind] for name, kind in kinds.items()}
    widths: Any = {name: _width(frame[name], name, kind) for name, kind in kinds.items()}
    frame.with_columns(pl.col(pl.Boolean).replace_strict({True: _("có"), False: _("không")}, default=None)).write_excel(
        workbook,
        worksheet,
        position=(_TITLE_ROWS, 0),
        column_formats=number_formats,
        column_widths=widths,
        header_format={"bold": True, "bg_color": HEADING_COLOUR, "border": 1, "text_wrap": True, "valign": "top"},
        table_style="Table Style Light 1",
        freeze_panes=(_TITLE_ROWS + 1, 0),
    )
    worksheet.set_row(_TITLE_ROWS, 48)
    worksheet.repeat_rows(_TITLE_ROWS)
    set_page(worksheet, about.info)


def _heading(indicator: Indicator, part: str) -> str:
    words = {
        "": "{name}",
        "_n": _("{name}: số hồ sơ xét"),
        "_low": _("{name}: cận dưới 95 %"),
        "_high": _("{name}: cận trên 95 %"),
    }
    return words[part].format(name=indicator.name)


def _unique(headings: Sequence[str]) -> list[str]:
    """Excel wants every heading of a table to differ, whatever the case of its letters."""
    found: dict[str, str] = {}
    for heading in headings:
        name, number = heading, 1
        while name.lower() in found:
            number += 1
            name = f"{heading} ({number})"
        found[name.lower()] = name
    return list(found.values())


def _width(cells: pl.Series, heading: str, kind: Kind) -> int:
    if kind != "text" or not len(cells):
        return _WIDTHS[kind]
    longest = cast("int | None", cells.cast(pl.String).head(1000).str.len_chars().max()) or 0
    return min(max(longest, len(heading) // 2, 8) * _PIXELS_A_SIGN + 12, _WIDEST)


def _sheet_name(name: str, number: int) -> str:
    """At most 31 signs, none that a workbook forbids."""
    return re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:_MOST_SHEET_NAME] or str(number)
