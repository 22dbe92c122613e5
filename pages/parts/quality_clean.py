"""Sạch: refused rows by rule and commune with the rows themselves; then the warnings and the corrections."""

from __future__ import annotations

import polars as pl
import streamlit as st

from language import _
from language.formats import number
from language.text import sort_key
from pages.parts.picker import Option, picker
from pages.parts.quality_common import TALL, XLSX, frame, reject_name
from pages.parts.quality_corrections import draw_corrections
from pages.parts.quality_data import workbook
from pages.parts.quality_warnings import draw_warnings
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Column, Row, table

_ROWS_SHOWN = 200
# In the address: the rows that do not say which commune they are about.
UNKNOWN = "khong-ro"


def draw_clean(screen: Screen) -> None:
    """What was refused, what was marked, and what was put right."""
    known = list(screen.lists.communes)
    refused = frame(screen, "refused").with_columns(
        commune=pl.when(pl.col("commune_code").is_in(known)).then("commune_code").otherwise(pl.lit(UNKNOWN))
    )
    if screen.filters.commune:
        refused = refused.filter(pl.col("commune").is_in(list(screen.filters.commune)))
    if refused.is_empty():
        st.markdown("##### " + _("Không có dòng nào bị từ chối."))
    else:
        _draw_refused(screen, refused)
    draw_warnings(screen)
    draw_corrections(screen)


def _draw_refused(screen: Screen, refused: pl.DataFrame) -> None:
    rules = refused.group_by("rule").len("rows").sort("rows", "rule", descending=[True, False])
    st.markdown(
        "##### "
        + _("{n} dòng bị từ chối, {most} nhiều nhất ({m} dòng).").format(
            n=number(refused.height), most=reject_name(rules["rule"][0]), m=number(rules["rows"][0])
        )
    )
    names = {code: commune.full_name for code, commune in screen.lists.communes.items()}
    names[UNKNOWN] = _("Không rõ đơn vị")
    communes = sorted(set(refused["commune"]), key=lambda code: (code == UNKNOWN, sort_key(names[code])))
    rule = screen.view.refused_rule if screen.view.refused_rule in rules["rule"] else ""
    commune = screen.view.refused_commune if screen.view.refused_commune in communes else ""
    by_commune, listing = st.columns([2, 3], gap="medium")
    with by_commune:
        _draw_by_commune(refused, names, commune)
    with listing:
        first, second = st.columns(2, gap="small")
        with first:
            picker(
                _("Lý do"),
                [Option(value=one, label=reject_name(one), hint=_dossiers(rows)) for one, rows in rules.iter_rows()],
                [rule] if rule else [],
                key="refused_rule",
                on_pick=lambda values: change_view(refused_rule=values[0] if values else ""),
                placeholder=_("mọi lý do"),
            )
        with second:
            picker(
                _("Đơn vị của dòng bị từ chối"),
                [Option(value=one, label=names[one]) for one in communes],
                [commune] if commune else [],
                key="refused_commune",
                on_pick=lambda values: change_view(refused_commune=values[0] if values else ""),
                placeholder=_("mọi xã, phường"),
            )
        _draw_rows(refused, names, rule=rule, commune=commune)


def _dossiers(rows: int) -> str:
    return _("{n} dòng").format(n=number(rows))


def _draw_by_commune(refused: pl.DataFrame, names: dict[str, str], chosen: str) -> None:
    """Communes with their refused rows by reason; a click shows those rows only."""
    counts = refused.group_by("commune", "rule").len("rows")
    totals = counts.group_by("commune").agg(
        pl.col("rows").sum(), rules=pl.struct("rule", "rows").sort_by("rows", descending=True)
    )
    ordered = sorted(totals.iter_rows(named=True), key=lambda one: (-one["rows"], sort_key(names[one["commune"]])))
    rows = [
        Row(
            cells=[
                (
                    names[row["commune"]],
                    ", ".join(f"{reject_name(one['rule'])} {number(one['rows'])}" for one in row["rules"]),
                ),
                number(row["rows"]),
            ],
            sort=[rank, row["rows"]],
            code=row["commune"],
            chosen=row["commune"] == chosen,
            muted=row["commune"] == UNKNOWN,
        )
        for rank, row in enumerate(ordered)
    ]
    columns = [Column(label=_("Xã, phường")), Column(label=_("Dòng bị từ chối"), number=True)]

    def pick(code: str) -> None:
        change_view(refused_commune="" if code == chosen else code)

    table(
        _("Dòng bị từ chối theo xã, phường"),
        columns,
        rows,
        key="refused_by_commune",
        height=TALL + 84 if len(rows) > 5 else None,
        on_pick=pick,
    )


def _draw_rows(refused: pl.DataFrame, names: dict[str, str], *, rule: str, commune: str) -> None:
    """The rows of one rule or all, and of one commune or all, with their download."""
    shown = refused
    if rule:
        shown = shown.filter(pl.col("rule") == rule)
    if commune:
        shown = shown.filter(pl.col("commune") == commune)
    columns = [Column(label=_("Tệp, dòng")), Column(label=_("Lý do"))]
    rows = [
        Row(
            cells=[
                (row["source_file"], _("dòng {row}").format(row=number(row["row_number"]))),
                (row["message"] or reject_name(row["rule"]), names[row["commune"]]),
            ],
            sort=[row["source_file"], row["message"]],
        )
        for row in shown.head(_ROWS_SHOWN).iter_rows(named=True)
    ]
    if rows:
        table(_("Các dòng bị từ chối"), columns, rows, key="refused_rows", height=TALL if len(rows) > 3 else None)
    if shown.height > _ROWS_SHOWN:
        st.caption(
            _("Đang xem {shown} dòng đầu trong {all}; tải về để có đủ.").format(
                shown=number(_ROWS_SHOWN), all=number(shown.height)
            )
        )
    elif shown.is_empty():
        st.caption(_("Không có dòng nào bị từ chối vì lý do này ở đơn vị này."))
    st.download_button(
        _("Tải XLSX"),
        data=lambda: workbook(shown),
        file_name="-".join(["dong-bi-tu-choi", *(part.replace("_", "-") for part in (rule, commune) if part)])
        + ".xlsx",
        mime=XLSX,
        icon=":material/download:",
        disabled=shown.is_empty(),
        on_click="ignore",
        key="refused_download",
        help=_("Đúng cột của tệp nguồn kèm lý do, không có dữ liệu cá nhân, để gửi lại cho xã, phường."),
    )
