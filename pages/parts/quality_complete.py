"""Đủ: what became of every row, what dossiers lack, what register and log have of each other."""

from __future__ import annotations

import polars as pl
import streamlit as st

from indicators.quality import LOG_RULES, accounts
from language import _
from language.formats import number, percent
from pages.parts.quality_common import TALL, frame, table_name, warning_name
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table


def draw_complete(screen: Screen) -> None:
    """What became of every row, what dossiers lack, and what register and log have of each other."""
    loaded = frame(screen, "sources")
    _draw_accounts(loaded)
    left, right = st.columns(2, gap="medium")
    with left:
        _draw_missing(screen)
    with right:
        _draw_log(screen)


_ROW_COUNTS = ("rows_read", "rows_loaded", "rows_refused", "rows_repeated")


def _draw_accounts(loaded: pl.DataFrame) -> None:
    totals = accounts(loaded)
    wrong = loaded.filter(
        pl.col("rows_read") != pl.col("rows_loaded") + pl.col("rows_refused") + pl.col("rows_repeated")
    )
    lines = [
        _("{table}: {read} dòng đọc = {loaded} nạp + {refused} từ chối + {repeated} lặp lại").format(
            table=table_name(row["table_name"]),
            read=number(row["rows_read"]),
            loaded=number(row["rows_loaded"]),
            refused=number(row["rows_refused"]),
            repeated=number(row["rows_repeated"]),
        )
        for row in totals.filter(pl.col("table_name").is_in(["dossier", "event"])).iter_rows(named=True)
    ]
    verdict = (
        _("Không dòng nào thất lạc: cộng đúng ở cả {n} tệp.").format(n=number(loaded.height))
        if wrong.is_empty()
        else _("Cộng không khớp ở {n} tệp: {files}.").format(n=wrong.height, files=", ".join(wrong["source_file"]))
    )
    st.markdown("##### " + verdict)
    for line in lines:
        st.caption(line[:1].upper() + line[1:] + ".")
    columns = [Column(label=_("Tệp nguồn")), Column(label=_("Bảng"))]
    columns += [Column(label=name, number=True) for name in (_("Đọc"), _("Nạp"), _("Từ chối"), _("Lặp lại"))]
    rows = [
        Row(
            cells=[row["source_file"], table_name(row["table_name"]), *(number(row[name]) for name in _ROW_COUNTS)],
            sort=[row["source_file"], table_name(row["table_name"]), *(row[name] for name in _ROW_COUNTS)],
        )
        for row in loaded.iter_rows(named=True)
    ]
    with st.expander(_("Từng tệp ({n})").format(n=number(loaded.height)), key="accounts_by_file"):
        table(_("Số dòng theo tệp nguồn"), columns, rows, key="accounts", height=TALL)


def _field_name(name: str) -> str:
    names = {
        "due_at": _("ngày hẹn trả"),
        "channel": _("kênh nộp"),
        "procedure_code": _("mã thủ tục"),
        "field": _("lĩnh vực"),
        "old_or_new_commune": _("xã, phường hiện nay"),
    }
    return names.get(name, name)


def _draw_missing(screen: Screen) -> None:
    missing = frame(screen, "missing")
    lacking = missing.filter(pl.col("missing") > 0)
    n = max(missing["n"], default=0)
    if missing.is_empty():
        st.markdown("##### " + _("Chưa có hồ sơ nào được tiếp nhận."))
        return
    st.markdown(
        "##### "
        + (
            _("Mọi hồ sơ đều có đủ thông tin cần để tính.")
            if lacking.is_empty()
            else _("{n} trong {all} thông tin cần để tính còn chỗ trống.").format(n=lacking.height, all=missing.height)
        )
    )
    columns = [Column(label=_("Thông tin")), Column(label=_("Thiếu"), number=True), Column(label=_("Nhiều nhất ở"))]
    rows = []
    for row in missing.iter_rows(named=True):
        worst = row["worst"]
        where = (
            (
                screen.commune_name(worst),
                _("{missing} trên {n} hồ sơ").format(missing=number(row["worst_missing"]), n=number(row["worst_n"])),
            )
            if worst in screen.lists.communes
            else "–"
        )
        share = percent(row["missing"] / row["n"], 2)
        rows.append(
            Row(
                cells=[_field_name(row["field"]), (number(row["missing"]), share), where],
                sort=[_field_name(row["field"]), row["missing"], row["worst_missing"]],
                muted=not row["missing"],
            )
        )
    table(_("Hồ sơ thiếu thông tin"), columns, rows, key="missing_fields")
    st.caption(_("n = {n} hồ sơ đã tiếp nhận, toàn bộ bản dữ liệu.").format(n=number(n)))


def _draw_log(screen: Screen) -> None:
    coverage = frame(screen, "log").row(0, named=True)
    counted = dict(
        frame(screen, "rules")
        .filter(pl.col("kind") == "warning")
        .group_by("rule")
        .agg(pl.col("rows").sum())
        .iter_rows()
    )
    if not coverage["steps"]:
        st.markdown("##### " + _("Chưa có nhật ký xử lý để đối chiếu với sổ."))
        st.caption(_("Thêm khối [[events]] vào province.toml để biết hồ sơ chờ ở bước nào.").replace("[", "\\["))
        return
    broken = sum(counted.get(rule, 0) for rule in LOG_RULES)
    st.markdown(
        "##### "
        + (
            _("Sổ và nhật ký khớp nhau.")
            if not broken
            else _("Sổ và nhật ký: {n} chỗ không khớp.").format(n=number(broken))
        )
    )
    columns = [Column(label=_("Giữa sổ và nhật ký")), Column(label=_("Hồ sơ"), number=True)]
    rows = [
        Row(
            cells=[_("có trong sổ và có bước xử lý"), number(coverage["logged"])],
            sort=[None, coverage["logged"]],
        )
    ]
    rows += [
        Row(
            cells=[warning_name(rule), number(counted.get(rule, 0))],
            sort=[warning_name(rule), counted.get(rule, 0)],
            muted=not counted.get(rule, 0),
        )
        for rule in LOG_RULES
    ]
    table(_("Sổ và nhật ký"), columns, rows, key="log_coverage")
    st.caption(
        _("n = {n} hồ sơ, {steps} bước xử lý.").format(n=number(coverage["dossiers"]), steps=number(coverage["steps"]))
    )
