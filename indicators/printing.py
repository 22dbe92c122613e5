"""An answer as a table for people, or as CSV or JSON for programs."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from indicators.catalogue import Indicator
from indicators.windows import Window
from language import _, formats
from warehouse import SnapshotInfo

_NARROWEST = 60


def as_csv(frame: pl.DataFrame) -> str:
    return frame.write_csv()


def as_json(frame: pl.DataFrame) -> str:
    """A list of objects, one a row; days as `2025-07-01`."""
    dates = frame.select(pl.selectors.date()).columns
    return frame.with_columns(pl.col(dates).cast(pl.String)).write_json() + "\n"


def as_table(
    frame: pl.DataFrame,
    wanted: list[Indicator],
    by: list[str],
    *,
    window: Window,
    info: SnapshotInfo,
    communes: Mapping[str, str],
    width: int | None,
) -> str:
    """The answer in words, with the window, the as-of date and whether the data are simulated.

    `communes` are the names to print beside the codes.
    """
    table = Table(
        title=_("{province}, từ {starts} đến {ends}").format(
            province=info.province_name, starts=formats.date(window.starts), ends=formats.date(window.ends)
        ),
        caption=_caption(info),
        # Room for the words above and below a table of one narrow column.
        min_width=_NARROWEST,
    )
    for dimension in by:
        table.add_column(dimension_name(dimension), overflow="fold")
    for indicator in wanted:
        table.add_column(indicator.name, justify="right")
        if indicator.has_interval:
            table.add_column("n", justify="right")
    for row in frame.iter_rows(named=True):
        cells = [_dimension_cell(dimension, row[dimension], communes) for dimension in by]
        for indicator in wanted:
            cells.append(_with_interval(row, indicator))
            if indicator.has_interval:
                cells.append(formats.number(row[f"{indicator.id}_n"]))
        table.add_row(*cells)
    text = io.StringIO()
    Console(file=text, width=width, no_color=True, highlight=False).print(table)
    return text.getvalue()


def value_text(value: float | None, unit: str) -> str:
    """One value as printed: `1.234`, `97,6 %`, `3,2`."""
    if unit == "count":
        return formats.number(value)
    if unit == "rate":
        return formats.percent(value)
    return formats.number(value, 2)


def dimension_name(dimension: str) -> str:
    names = {
        "commune": _("Đơn vị"),
        "field": _("Lĩnh vực"),
        "procedure": _("Thủ tục"),
        "channel": _("Kênh nộp"),
        "kind": _("Loại đơn vị"),
        "old_province": _("Tỉnh cũ"),
        "old_district": _("Huyện cũ"),
        "cluster": _("Cụm"),
        "day": _("Ngày"),
        "week": _("Tuần"),
        "month": _("Tháng"),
        "quarter": _("Quý"),
        "report_month": _("Kỳ báo cáo"),
    }
    return names[dimension]


def _with_interval(row: dict[str, Any], indicator: Indicator) -> str:
    value = value_text(row[indicator.id], indicator.unit)
    if not indicator.has_interval or row[f"{indicator.id}_low"] is None or row[f"{indicator.id}_high"] is None:
        return value
    low, high = (value_text(row[f"{indicator.id}_{end}"], indicator.unit) for end in ("low", "high"))
    return f"{value} ({low} – {high})"


def _dimension_cell(dimension: str, value: Any, communes: Mapping[str, str]) -> str:
    if value is None:
        return _("(không xác định)")
    if isinstance(value, dt.date):
        return formats.date(value)
    if dimension == "commune":
        return f"{value} {communes.get(value, '')}".strip()
    return value_names(dimension).get(value, str(value))


def value_names(dimension: str) -> dict[str, str]:
    """The values of a dimension that has a few fixed ones, in words; of any other dimension none."""
    if dimension == "channel":
        return {"online": _("Trực tuyến"), "in_person": _("Trực tiếp"), "postal": _("Bưu chính")}
    if dimension == "kind":
        return {"ward": _("Phường"), "commune": _("Xã"), "special_zone": _("Đặc khu")}
    return {}


def _caption(info: SnapshotInfo) -> str:
    text = _("Số liệu chốt {as_of}, bản {id}.").format(as_of=formats.date_time(info.as_of), id=info.snapshot_id)
    return text + " " + _("DỮ LIỆU MÔ PHỎNG.") if info.simulated else text
