"""Đang đứng lại: the open dossiers by the step they stand at and since when, the longest, and the load of each unit."""

from __future__ import annotations

import polars as pl
import streamlit as st

from charts.stacked_bars import Segment, StackedBar, stacked_bars_figure
from indicators.process import AGE_CLASSES, OLDEST
from indicators.words import stop_words
from language import _
from language.formats import NOTHING, date, date_time, number
from pages.parts import bottleneck_data as data
from pages.parts.address import write
from pages.parts.plain import sentence
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Cell, Column, Row, table

_LISTED = 20
_MOST_STEPS = 10
_CLASSES = (*(name for _last, name in AGE_CLASSES), OLDEST)


def draw_standing(screen: Screen) -> None:
    """Bars by step, the list of the longest, and who did how much."""
    found = data.frame(screen, "ageing").with_columns(pl.col("activity").fill_null(""))
    until = date(screen.period.window.ends)
    if found.is_empty():
        st.info(
            _("Không có hồ sơ nào đang mở có nhật ký vào ngày {until}.").format(until=until), icon=":material/check:"
        )
    else:
        _draw_ageing(screen, found, until)
        _draw_list(screen)
    _draw_units(screen)


def _draw_ageing(screen: Screen, found: pl.DataFrame, until: str) -> None:
    total = int(found["dossiers"].sum())
    oldest = int(found.filter(pl.col("age_class").is_in(_CLASSES[-2:]))["dossiers"].sum())
    steps = found["activity"].unique(maintain_order=True).to_list()[:_MOST_STEPS]
    bars = []
    for step in steps:
        rows = found.filter(pl.col("activity") == step)
        counts = {age: float(n) for age, n in rows.select("age_class", "dossiers").iter_rows()}
        bars.append(StackedBar(name=step or _("bước không tên"), values=counts))
    segments = [
        Segment(key=age, name=_age_name(age), colour=screen.palette.sequential[place])
        for place, age in enumerate(_CLASSES)
    ]
    figure = stacked_bars_figure(
        bars,
        segments,
        palette=screen.palette,
        text=number,
        axis_title=_("hồ sơ đang mở, theo bước đã làm gần nhất"),
    )
    title = _("{n} hồ sơ đang mở vào ngày {until}; {oldest} hồ sơ đã đứng yên hơn 10 ngày làm việc").format(
        n=number(total), until=until, oldest=number(oldest)
    )
    plot(
        figure,
        title=title,
        key="ageing",
        note=_("Tính từ bước gần nhất đã ghi trong nhật ký, kể cả lúc dừng tính giờ."),
    )


def _age_name(age: str) -> str:
    if age == OLDEST:
        return _("từ {n} ngày làm việc").format(n=age.removesuffix("+"))
    return _("{days} ngày").format(days=age.replace("-", "–"))


def _draw_list(screen: Screen) -> None:
    rows = data.stalled(screen, _LISTED)
    st.markdown("##### " + sentence(_("{n} hồ sơ đứng yên lâu nhất").format(n=rows.height)))
    columns = [
        Column(label=_("Mã hồ sơ")),
        Column(label=_("Xã, phường")),
        Column(label=_("Thủ tục")),
        Column(label=_("Bước gần nhất")),
        Column(label=_("Từ lúc")),
        Column(label=_("Ngày làm việc"), number=True),
    ]
    shown = []
    for row in rows.iter_rows(named=True):
        commune = screen.lists.communes.get(row["commune"])
        procedure = screen.lists.procedures.get(row["procedure"], row["procedure"] or NOTHING)
        step: Cell = row["activity"] or NOTHING
        if row["cause"]:
            step = (row["activity"] or NOTHING, _("đồng hồ dừng: {cause}").format(cause=stop_words(row["cause"])))
        shown.append(
            Row(
                cells=[
                    row["dossier_id"],
                    commune.full_name if commune else NOTHING,
                    procedure,
                    step,
                    date_time(row["since"]),
                    number(row["office_days"], 1),
                ],
                sort=[
                    row["dossier_id"],
                    commune.full_name if commune else None,
                    procedure,
                    row["activity"],
                    row["since"].isoformat(),
                    row["office_days"],
                ],
                code=row["dossier_id"],
                chosen=row["dossier_id"] == screen.view.dossier,
            )
        )
    caption = _("Hồ sơ đứng yên lâu nhất")
    table(caption, columns, shown, key="stalled", height=420, on_pick=lambda code: change_view(dossier=code))
    chosen = screen.view.dossier
    if chosen:
        parameters = write(screen.view.with_changes(bench="dossiers", search=chosen, dossier=chosen))
        label = _("Mở hồ sơ {code} trong Khai thác").format(code=chosen)
    else:
        parameters = write(screen.view.with_changes(bench="dossiers", state="open", sort="received_at"))
        label = _("Mở danh sách hồ sơ đang giải quyết trong Khai thác; bấm vào một dòng để mở riêng hồ sơ đó")
    st.page_link("pages/explore.py", label=label, icon=":material/manage_search:", query_params=parameters)


def _draw_units(screen: Screen) -> None:
    found = data.frame(screen, "units")
    if found.is_empty():
        return
    with st.expander(_("Khối lượng theo bộ phận trong kỳ")):
        columns = [
            Column(label=_("Bộ phận trong nhật ký")),
            Column(label=_("Bước đã làm"), number=True),
            Column(label=_("Hồ sơ"), number=True),
            Column(label=_("Bước một ngày làm việc"), number=True),
            Column(label=_("Số người làm"), number=True, help=_("Không nêu khi dưới 5 người.")),
        ]
        rows = [
            Row(
                cells=[
                    row["unit"] or _("không ghi"),
                    number(row["steps"]),
                    number(row["dossiers"]),
                    number(row["steps_per_day"], 1) if row["steps_per_day"] is not None else NOTHING,
                    number(row["people"]) if row["people"] is not None else NOTHING,
                ],
                sort=[row["unit"] or "", row["steps"], row["dossiers"], row["steps_per_day"], row["people"]],
            )
            for row in found.head(40).iter_rows(named=True)
        ]
        table(_("Khối lượng theo bộ phận"), columns, rows, key="units", height=420)
