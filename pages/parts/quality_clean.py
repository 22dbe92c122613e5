"""Sạch: refused rows by rule and commune with the rows themselves, and warnings over the months."""

from __future__ import annotations

import polars as pl
import streamlit as st

from language import _
from language.formats import number, percent
from language.text import sort_key
from pages.parts.quality_common import TALL, frame, reject_name, warning_name
from pages.parts.quality_data import workbook
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table

_MONTHS_SHOWN = 6
_ROWS_SHOWN = 200


def draw_clean(screen: Screen) -> None:
    """Refused rows by rule and commune with the rows themselves, and warnings over the months."""
    refused = frame(screen, "refused")
    if screen.filters.commune:
        refused = refused.filter(pl.col("commune").is_in(list(screen.filters.commune)))
    if refused.is_empty():
        st.markdown("##### " + _("Không có dòng nào bị từ chối."))
    else:
        _draw_refused(screen, refused)
    _draw_warnings(screen)


def _draw_refused(screen: Screen, refused: pl.DataFrame) -> None:
    rules = refused.group_by("rule").len("rows").sort("rows", "rule", descending=[True, False])
    st.markdown(
        "##### "
        + _("{n} dòng bị từ chối, {most} nhiều nhất ({m} dòng).").format(
            n=number(refused.height), most=reject_name(rules["rule"][0]), m=number(rules["rows"][0])
        )
    )
    by_commune, listing = st.columns([2, 3], gap="medium")
    names = {code: commune.full_name for code, commune in screen.lists.communes.items()}
    unknown = _("Không rõ đơn vị")
    with by_commune:
        counts = refused.group_by("commune", "rule").len("rows")
        totals = counts.group_by("commune").agg(
            pl.col("rows").sum(), rules=pl.struct("rule", "rows").sort_by("rows", descending=True)
        )
        rows = [
            Row(
                cells=[
                    (
                        names.get(row["commune"], unknown),
                        ", ".join(f"{reject_name(one['rule'])} {number(one['rows'])}" for one in row["rules"]),
                    ),
                    number(row["rows"]),
                ],
                sort=[rank, row["rows"]],
                muted=row["commune"] is None,
            )
            for rank, row in enumerate(
                sorted(
                    totals.iter_rows(named=True),
                    key=lambda one: (-one["rows"], sort_key(names.get(one["commune"], ""))),
                )
            )
        ]
        columns = [Column(label=_("Xã, phường")), Column(label=_("Dòng bị từ chối"), number=True)]
        table(_("Dòng bị từ chối theo xã, phường"), columns, rows, key="refused_by_commune", height=TALL + 84)
    with listing:
        _draw_rows(refused, rules, names)


def _draw_rows(refused: pl.DataFrame, rules: pl.DataFrame, names: dict[str, str]) -> None:
    """The rows of one rule or all, and of one commune or all, with their download."""
    counts = dict(rules.iter_rows())
    communes = sorted({code for code in refused["commune"] if code in names}, key=lambda code: sort_key(names[code]))
    first, second, third = st.columns([3, 3, 2], vertical_alignment="bottom", gap="small")
    with first:
        rule = st.selectbox(
            _("Lý do"),
            ["", *counts],
            format_func=lambda one: f"{reject_name(one)} ({number(counts[one])})" if one else _("mọi lý do"),
            key="refused_rule",
        )
    with second:
        commune = st.selectbox(
            _("Xã, phường"),
            ["", *communes],
            format_func=lambda one: names[one] if one else _("mọi xã, phường"),
            key="refused_commune",
        )
    shown = refused
    if rule:
        shown = shown.filter(pl.col("rule") == rule)
    if commune:
        shown = shown.filter(pl.col("commune") == commune)
    with third:
        st.download_button(
            _("Tải XLSX"),
            data=lambda: workbook(shown),
            file_name="-".join(["dong-bi-tu-choi", *(part for part in (rule, commune) if part)]) + ".xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            disabled=shown.is_empty(),
            on_click="ignore",
            width="stretch",
            help=_("Đúng cột của tệp nguồn kèm lý do, không có dữ liệu cá nhân, để gửi lại cho xã, phường."),
        )
    columns = [Column(label=_("Tệp, dòng")), Column(label=_("Lý do"))]
    rows = [
        Row(
            cells=[
                (row["source_file"], _("dòng {row}").format(row=number(row["row_number"]))),
                (row["message"] or reject_name(row["rule"]), names.get(row["commune"], "")),
            ],
            sort=[row["source_file"], row["message"]],
        )
        for row in shown.head(_ROWS_SHOWN).iter_rows(named=True)
    ]
    table(_("Các dòng bị từ chối"), columns, rows, key="refused_rows", height=TALL)
    if shown.height > _ROWS_SHOWN:
        st.caption(
            _("Đang xem {shown} dòng đầu trong {all}; tải về để có đủ.").format(
                shown=number(_ROWS_SHOWN), all=number(shown.height)
            )
        )
    elif shown.is_empty():
        st.caption(_("Không có dòng nào bị từ chối vì lý do này ở đơn vị này."))


def _draw_warnings(screen: Screen) -> None:
    """Rules down, the last months across: is a fault of the source going away?"""
    months = frame(screen, "months")
    counted = frame(screen, "rules").filter(pl.col("kind") == "warning")
    if counted.is_empty():
        st.markdown("##### " + _("Không có cảnh báo nào."))
        return
    st.markdown("##### " + _("{n} cảnh báo: vẫn nạp, nhưng cần xem lại.").format(n=number(int(counted["rows"].sum()))))
    recent = sorted(months["month"].unique())[-_MONTHS_SHOWN:]
    received = dict(months.select("month", "received").unique().iter_rows())
    of_month = {(row["rule"], row["month"]): row["rows"] for row in months.iter_rows(named=True)}
    worst = {
        str(rows["rule"][0]): rows.row(0, named=True)
        for rows in frame(screen, "warnings").partition_by("rule", maintain_order=True)
    }
    columns = [Column(label=_("Cảnh báo")), Column(label=_("Tất cả"), number=True)]
    columns += [
        Column(
            label=month.strftime("%m/%Y"),
            number=True,
            help=_("{n} hồ sơ tiếp nhận trong tháng").format(n=number(received.get(month))),
        )
        for month in recent
    ]
    rows = []
    for row in counted.group_by("rule", maintain_order=True).agg(pl.col("rows").sum()).iter_rows(named=True):
        most = worst.get(row["rule"])
        note = (
            _("nhiều nhất: {commune} ({n})").format(
                commune=screen.commune_name(most["commune"]), n=number(most["rows"])
            )
            if most is not None and most["commune"] in screen.lists.communes and most["rows"] > 1
            else ""
        )
        monthly = [of_month.get((row["rule"], month), 0) for month in recent]
        cells = [
            _rate_cell(count, received.get(month)) if any(monthly) else "–"
            for count, month in zip(monthly, recent, strict=True)
        ]
        rows.append(
            Row(
                cells=[(warning_name(row["rule"]), note), number(row["rows"]), *cells],
                sort=[warning_name(row["rule"]), row["rows"], *monthly],
            )
        )
    table(_("Cảnh báo theo tháng tiếp nhận"), columns, rows, key="warnings_by_month", height=TALL + 160)
    st.caption(
        _("Theo tháng tiếp nhận; dòng nhỏ: phần trăm số hồ sơ tiếp nhận trong tháng. Tháng cuối có thể chưa trọn.")
    )


def _rate_cell(count: int, received: int | None) -> str | tuple[str, str]:
    return (number(count), percent(count / received, 2)) if count and received else number(count)
