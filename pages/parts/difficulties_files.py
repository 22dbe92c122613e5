"""The difficulties on screen as a workbook, as CSV and as Parquet, with their source and the filters."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import polars as pl

from indicators.difficulties import categories, common, overdue_by_department, states
from indicators.workbook import About, Column, Kind, Sheet, about, write_workbook
from language import _
from language.formats import date
from pages.parts.difficulties_data import Found
from pages.parts.explore_downloads import as_csv, as_parquet, downloads
from pages.parts.screen import Screen

_KINDS: dict[Any, Kind] = {
    pl.Date: "date",
    pl.Int64: "count",
    pl.UInt32: "count",
    pl.Int32: "count",
}


def draw_files(screen: Screen, found: Found) -> None:
    """The buttons; nothing where there is nothing to take along, or in a meeting."""
    if found.shown.is_empty() or screen.view.presenting:
        return
    names = {code: one.full_name for code, one in screen.lists.communes.items()}
    stated = _about(screen, found)
    downloads(
        screen,
        "vuong-mac",
        xlsx=lambda: workbook(found.shown, names, stated),
        csv=lambda: as_csv([listed(found.shown, names)]),
        parquet=lambda: as_parquet([listed(found.shown, names)]),
    )


def listed(shown: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The list under headings that a reader knows, codes put into words."""
    words = {"stated": _("danh sách ghi"), "words": _("theo từ trong câu"), "none": _("không rõ")}
    origins = {"list": _("danh sách nạp"), "typed": _("gõ trực tiếp")}
    return shown.select(
        pl.col("commune_code").alias(_("Mã đơn vị")),
        pl.col("commune_code").replace_strict(names, default=None, return_dtype=pl.String).alias(_("Xã, phường")),
        pl.col("category").replace(categories()).alias(_("Nhóm vướng mắc")),
        pl.col("category_by").replace(words).alias(_("Nhóm do đâu")),
        pl.col("department").alias(_("Sở, ngành")),
        pl.col("text").alias(_("Nội dung vướng mắc")),
        pl.col("asked_on").alias(_("Ngày nêu")),
        pl.col("due_on").alias(_("Hạn trả lời")),
        pl.col("state").replace(states()).alias(_("Trạng thái")),
        pl.col("overdue_days").alias(_("Số ngày quá hạn")),
        pl.col("answer").alias(_("Nội dung trả lời")),
        pl.col("answered_on").alias(_("Ngày trả lời")),
        pl.col("count").alias(_("Số lượt")),
        pl.col("source").alias(_("Nguồn")),
        pl.col("origin").replace(origins).alias(_("Đến từ")),
    )


def workbook(shown: pl.DataFrame, names: dict[str, str], stated: About) -> bytes:
    """The list, what is due from each department, what communes share, and the sheet of source and filters."""
    departments = overdue_by_department(shown).select(
        pl.col("department").fill_null(_("Chưa giao sở, ngành nào")).alias(_("Sở, ngành")),
        pl.col("asked").alias(_("Đã nêu")),
        pl.col("waiting").alias(_("Đang chờ trả lời")),
        pl.col("overdue").alias(_("Quá hạn")),
        pl.col("longest_days").alias(_("Quá hạn lâu nhất (ngày)")),
        pl.col("in_time").alias(_("Trả lời đúng hạn")),
        pl.col("late").alias(_("Trả lời trễ hạn")),
    )
    alike = common(shown)
    in_common = pl.DataFrame(
        {
            _("Nhóm vướng mắc"): [categories()[one.category] for one in alike],
            _("Nội dung"): [one.text for one in alike],
            _("Số xã, phường"): [len(one.communes) for one in alike],
            _("Xã, phường nêu"): [", ".join(names.get(code, code) for code in one.communes) for one in alike],
            _("Đang chờ trả lời"): [one.open for one in alike],
            _("Quá hạn"): [one.overdue for one in alike],
            _("Nêu lần đầu"): pl.Series([one.first_on for one in alike], dtype=pl.Date),
            _("Nêu gần nhất"): pl.Series([one.last_on for one in alike], dtype=pl.Date),
        }
    )
    sheets = [
        _sheet(_("Vướng mắc"), listed(shown, names)),
        _sheet(_("Theo sở, ngành"), departments),
        _sheet(_("Cùng một vướng mắc"), in_common),
    ]
    out = BytesIO()
    write_workbook(out, [sheet for sheet in sheets if len(sheet.frame)], stated)
    return out.getvalue()


def _sheet(name: str, frame: pl.DataFrame) -> Sheet:
    columns: Sequence[Column] = [
        Column(heading=heading, kind=_KINDS.get(kind.base_type(), "text")) for heading, kind in frame.schema.items()
    ]
    return Sheet(name=name, frame=frame, columns=columns)


def _about(screen: Screen, found: Found) -> About:
    view = screen.view
    chosen = {
        _("Nhóm vướng mắc"): ", ".join(categories().get(one, one) for one in view.categories),
        _("Sở, ngành"): ", ".join(view.departments),
        _("Tình trạng"): {"all": "", "overdue": _("quá hạn")}.get(view.answered, states().get(view.answered, "")),
        _("Tìm trong nội dung"): view.difficulty_search,
    }
    stated = about(
        screen.snapshot,
        _("Vướng mắc, kiến nghị của xã, phường"),
        filters={"commune": view.communes} if view.communes else {},
        notes=[
            _("Tình trạng tính đến hết ngày {day}.").format(day=date(found.day)),
            _("Gồm danh sách đã nạp và những vướng mắc gõ trực tiếp trên màn hình Vướng mắc."),
        ],
    )
    given = [(name, value) for name, value in chosen.items() if value]
    return About(
        title=stated.title, info=stated.info, filters=[*stated.filters, *given] or [(_("Bộ lọc"), _("không lọc"))],
        notes=stated.notes,
    )  # fmt: skip
