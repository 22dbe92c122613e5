"""The sheet "Nguồn và bộ lọc" of every workbook: where the figures come from, which they are, what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from indicators.indicator import Indicator
from indicators.reference import unit_name
from indicators.windows import Window
from indicators.words import filters_in_words
from language import _, formats
from warehouse import Snapshot, SnapshotInfo

HEADING_COLOUR = "#E8EEF4"


@dataclass(frozen=True, kw_only=True)
class About:
    """What the sheet "Nguồn và bộ lọc" states; `filters` are pairs of a dimension and its values, both in words."""

    title: str
    info: SnapshotInfo
    window: Window | None = None
    filters: Sequence[tuple[str, str]] = ()
    indicators: Sequence[Indicator] = ()
    notes: Sequence[str] = ()


def about(
    snapshot: Snapshot,
    title: str,
    *,
    window: Window | None = None,
    filters: Mapping[str, tuple[str, ...]] | None = None,
    indicators: Sequence[Indicator] = (),
    notes: Sequence[str] = (),
) -> About:
    """An `About` with the filters (`Filters.given()`) put into words."""
    return About(
        title=title,
        info=snapshot.info,
        window=window,
        filters=filters_in_words(snapshot, filters or {}),
        indicators=indicators,
        notes=notes,
    )


def source_line(info: SnapshotInfo) -> str:
    """As-of, snapshot and source in one line, and that the data are simulated where they are."""
    source = (
        _("DỮ LIỆU MÔ PHỎNG, không phải số liệu thật")
        if info.simulated
        else _("Nguồn: hệ thống một cửa {province}").format(province=info.province_name)
    )
    return _("{source}. Số liệu đến {as_of}, bản dữ liệu {id}.").format(
        source=source, as_of=formats.date_time(info.as_of), id=info.snapshot_id
    )


def write_about(workbook: Workbook, about: About) -> None:
    """The sheet "Nguồn và bộ lọc": source, time, filters, and what each indicator means."""
    info = about.info
    sheet = workbook.add_worksheet(_("Nguồn và bộ lọc"))
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    heading = workbook.add_format({"bold": True, "bg_color": HEADING_COLOUR, "border": 1, "text_wrap": True})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 4, 46)
    sheet.write_string(0, 0, about.title, workbook.add_format({"bold": True, "font_size": 14}))
    facts = [
        (_("Tỉnh, thành phố"), info.province_name),
        (
            _("Nguồn"),
            _("Dữ liệu mô phỏng, không phải số liệu thật")
            if info.simulated
            else _("Hệ thống một cửa {province}").format(province=info.province_name),
        ),
        (_("Số liệu đến"), formats.date_time(info.as_of)),
        (_("Nạp lúc"), formats.date_time(info.built_at)),
        (_("Bản dữ liệu"), info.snapshot_id),
    ]
    if about.window is not None:
        dates = _("{starts} đến {ends}, tính cả hai ngày").format(
            starts=formats.date(about.window.starts), ends=formats.date(about.window.ends)
        )
        facts.append((_("Khoảng thời gian"), dates))
    facts += [*about.filters] or [(_("Bộ lọc"), _("không lọc: toàn bộ hồ sơ"))]
    row = 2
    for name, value in facts:
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, value, wrapped)
        row += 1
    for note in about.notes:
        row += 1
        sheet.merge_range(row, 0, row, 4, "", wrapped)
        sheet.write_string(row, 0, note, wrapped)
        sheet.set_row(row, 15 * (1 + len(note) // 190))
    if about.indicators:
        row += 2
        headings = (_("Chỉ số"), _("Nghĩa là"), _("Công thức"), _("Đơn vị tính"), _("Căn cứ"))
        for column, text in enumerate(headings):
            sheet.write_string(row, column, text, heading)
        for indicator in about.indicators:
            row += 1
            unit = f"{unit_name(indicator.unit)}; {_('tính theo')} {indicator.dated_by}"
            texts = (indicator.name, indicator.definition, indicator.formula, unit, indicator.source)
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, wrapped if column else bold)
        row += 2
        sheet.write_string(row, 0, _("Ô trống trong bảng là không phát sinh, khác với 0."))
    set_page(sheet, info)


def set_page(sheet: Worksheet, info: SnapshotInfo) -> None:
    """A4 across, one page wide, with the source and the page's number at the foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8" + source_line(info).replace("&", "&&") + "&R&P/&N")
