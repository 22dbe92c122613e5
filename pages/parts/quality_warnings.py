"""Warnings over the months, and behind each rule the dossiers themselves: page by page, and as a workbook."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from language import _
from language.formats import date, date_time, number, percent
from pages.parts.quality_common import TALL, XLSX, frame, warning_name
from pages.parts.quality_data import warned, warned_workbook
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table

_MONTHS_SHOWN = 6
PAGE_ROWS = 50


def draw_warnings(screen: Screen) -> None:
    """Rules down, the last months across: is a fault of the source going away? A click opens the dossiers."""
    counted = frame(screen, "rules").filter(pl.col("kind") == "warning")
    counts = counted.group_by("rule", maintain_order=True).agg(pl.col("rows").sum())
    if counts.is_empty():
        st.markdown("##### " + _("Không có cảnh báo nào."))
        return
    st.markdown("##### " + _("{n} cảnh báo: vẫn nạp, nhưng cần xem lại.").format(n=number(int(counts["rows"].sum()))))
    chosen = screen.view.warning_rule if screen.view.warning_rule in counts["rule"] else ""
    _draw_months(screen, counts, chosen)
    st.caption(
        _(
            "Theo tháng tiếp nhận; dòng nhỏ: phần trăm số hồ sơ tiếp nhận trong tháng; tháng cuối có thể chưa trọn. "
            "Bấm vào một cảnh báo để xem từng hồ sơ."
        )
    )
    if chosen:
        _draw_warned(screen, chosen)


def _draw_months(screen: Screen, counts: pl.DataFrame, chosen: str) -> None:
    months = frame(screen, "months")
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
    for rule, total in counts.iter_rows():
        most = worst.get(rule)
        note = (
            _("nhiều nhất: {commune} ({n})").format(
                commune=screen.commune_name(most["commune"]), n=number(most["rows"])
            )
            if most is not None and most["commune"] in screen.lists.communes and most["rows"] > 1
            else ""
        )
        monthly = [of_month.get((rule, month), 0) for month in recent]
        cells = [
            _rate_cell(count, received.get(month)) if any(monthly) else "–"
            for count, month in zip(monthly, recent, strict=True)
        ]
        rows.append(
            Row(
                cells=[(warning_name(rule), note), number(total), *cells],
                sort=[warning_name(rule), total, *monthly],
                code=rule,
                chosen=rule == chosen,
            )
        )

    def pick(rule: str) -> None:
        change_view(warning_rule="" if rule == chosen else rule, warning_page=1)

    table(_("Cảnh báo theo tháng tiếp nhận"), columns, rows, key="warnings_by_month", height=TALL + 60, on_pick=pick)


def _rate_cell(count: int, received: int | None) -> str | tuple[str, str]:
    return (number(count), percent(count / received, 2)) if count and received else number(count)


def _draw_warned(screen: Screen, rule: str) -> None:
    found = warned(screen.snapshot, screen.snapshot.id, rule, screen.filters.commune)
    pages = max(1, -(-found.height // PAGE_ROWS))
    page = min(screen.view.warning_page, pages)
    named = found.with_columns(
        pl.col("commune").replace_strict(
            {code: one.full_name for code, one in screen.lists.communes.items()}, default=None, return_dtype=pl.String
        ).alias("unit"),
        pl.col("procedure").replace_strict(
            screen.lists.procedures, default=pl.col("procedure"), return_dtype=pl.String
        ).alias("procedure_name"),
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        title = _("{n} dòng: {rule}.").format(n=number(found.height), rule=warning_name(rule))
        st.markdown(f"##### {title}", width="content")
        st.download_button(
            _("Tải XLSX"),
            data=lambda: warned_workbook(
                [_exported(row, rule) for row in named.iter_rows(named=True)], warning_name(rule), screen.snapshot.info
            ),
            file_name=f"canh-bao-{rule.replace('_', '-')}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            disabled=found.is_empty(),
            on_click="ignore",
            key="warned_download",
        )
    if found.is_empty():
        st.caption(_("Các đơn vị đang chọn không có cảnh báo này."))
        return
    columns = [
        Column(label=_("Hồ sơ")),
        Column(label=_("Đơn vị, thủ tục")),
        Column(label=_("Tiếp nhận")),
        Column(label=_("Hẹn trả")),
        Column(label=_("Kết thúc")),
        Column(label=_("Điều cần xem")),
    ]
    rows = []
    for row in named.slice((page - 1) * PAGE_ROWS, PAGE_ROWS).iter_rows(named=True):
        place = row["source_file"]
        if row["row_number"] is not None:
            place = _("{file}, dòng {row}").format(file=place, row=number(row["row_number"]))
        rows.append(
            Row(
                cells=[
                    (row["dossier_id"] or "–", place),
                    (row["unit"] or "–", row["procedure_name"] or ""),
                    date_time(row["received_at"]),
                    date(row["due_at"]),
                    date_time(row["closed_at"]),
                    oddity(row, rule),
                ],
                sort=[
                    row["dossier_id"],
                    row["unit"],
                    str(row["received_at"] or ""),
                    str(row["due_at"] or ""),
                    str(row["closed_at"] or ""),
                    row["due_difference_days"],
                ],
            )
        )
    table(_("Hồ sơ có cảnh báo"), columns, rows, key="warned", height=TALL + 100 if len(rows) > 6 else None)
    if pages > 1:
        _draw_pager(page, pages, found.height)


def _draw_pager(page: int, pages: int, n: int) -> None:
    first, last = (page - 1) * PAGE_ROWS + 1, min(page * PAGE_ROWS, n)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, target, icon, key in (
            (_("Trang trước"), page - 1, ":material/chevron_left:", "warned_before"),
            (_("Trang sau"), page + 1, ":material/chevron_right:", "warned_after"),
        ):
            st.button(
                label,
                icon=icon,
                key=key,
                disabled=not 1 <= target <= pages,
                on_click=change_view,
                kwargs={"warning_page": target},
            )
        st.caption(
            _("Dòng {first} đến {last} trong {n}; trang {page}/{pages}").format(
                first=number(first), last=number(last), n=number(n), page=number(page), pages=number(pages)
            ),
            width="content",
        )


def oddity(row: dict[str, Any], rule: str) -> str:
    """What to look at in this one dossier, as far as the rule leaves a number to say."""
    days = row["due_difference_days"]
    if rule == "due_differs" and days is not None and row["computed_due_at"] is not None:
        words = _("tính theo thời hạn: {day} ({days} ngày làm việc)")
        return words.format(day=date(row["computed_due_at"]), days=number(days, signed=True))
    if rule == "repeated_supplement" and row["supplement_requests"]:
        return _("{n} lần yêu cầu bổ sung").format(n=number(row["supplement_requests"]))
    return warning_name(rule)


def _exported(row: dict[str, Any], rule: str) -> dict[str, Any]:
    return {
        _("Mã hồ sơ"): row["dossier_id"],
        _("Đơn vị"): row["unit"],
        _("Thủ tục"): row["procedure_name"],
        _("Tiếp nhận"): row["received_at"],
        _("Hẹn trả"): row["due_at"],
        _("Ngày tính theo thời hạn"): row["computed_due_at"],
        _("Lệch (ngày làm việc)"): row["due_difference_days"],
        _("Kết thúc"): row["closed_at"],
        _("Điều cần xem"): oddity(row, rule),
        _("Tệp nguồn"): row["source_file"],
        _("Dòng"): row["row_number"],
    }
