"""Bàn giao: who hands to whom between units, how long dossiers wait for it, and what comes straight back."""

from __future__ import annotations

import polars as pl
import streamlit as st

from charts.handover_matrix import Handover, handover_matrix_figure
from charts.process_map import hours_text
from language import _
from language.formats import number, percent
from pages.parts import bottleneck_data as data
from pages.parts.plain import sentence
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table

_MOST_UNITS = 7
# Of a way that is taken less often nothing is said in the headline.
_LEAST_NAMED = 30


def draw_handovers(screen: Screen) -> None:
    """The matrix of the busiest units, how many hands a dossier goes through, and all ways in numbers."""
    found = data.frame(screen, "between_units")
    if found.is_empty():
        st.info(
            _("Nhật ký trong kỳ và bộ lọc này không ghi bộ phận nào chuyển hồ sơ cho bộ phận khác."),
            icon=":material/swap_horiz:",
        )
        return
    st.markdown(f"##### {sentence(handover_sentence(found))}")
    units = busiest_units(found, most=_MOST_UNITS)
    shown = found.filter(pl.col("from_unit").is_in(units) & pl.col("to_unit").is_in(units))
    figure = handover_matrix_figure(
        [
            Handover(
                giver=row["from_unit"],
                taker=row["to_unit"],
                n=row["n"],
                returns=row["returns"],
                wait_hours=row["wait_hours_mean"],
            )
            for row in shown.iter_rows(named=True)
        ],
        units=units,
        palette=screen.palette,
    )
    note = _(
        "Hàng: nơi giao; cột: nơi nhận. Trong ô: số lượt và thời gian chờ bình quân đến khi nơi nhận làm xong "
        "bước của mình, kể cả ngoài giờ làm việc; ô càng đậm chờ càng lâu. ↩: tỷ lệ trả ngược ngay về nơi vừa "
        "chuyển đến."
    )
    hidden = int(found["n"].sum()) - int(shown["n"].sum())
    if hidden:
        note += " " + _("Không vẽ {n} lượt của các nơi ít việc hơn.").format(n=number(hidden))
    plot(figure, title=_("Ai chuyển cho ai"), key="handover_matrix", note=note)
    _draw_hands(screen)
    with st.expander(_("Xem bằng bảng số")):
        _draw_ways(found)


def busiest_units(found: pl.DataFrame, *, most: int) -> list[str]:
    """The units with most handovers, in the order in which dossiers mostly go through them."""
    ends = [
        found.select(unit=pl.col(name), given=pl.col("n") * given, taken=pl.col("n") * (1 - given))
        for name, given in (("from_unit", 1), ("to_unit", 0))
    ]
    units = pl.concat(ends).group_by("unit").agg(pl.col("given", "taken").sum())
    chosen = units.sort([pl.col("given") + pl.col("taken"), "unit"], descending=[True, False]).head(most)
    kept = found.filter(pl.col("from_unit").is_in(chosen["unit"]) & pl.col("to_unit").is_in(chosen["unit"]))
    # Each next one is the unit that gets least from those not yet placed, so that most ways lead to the right.
    left, order = chosen["unit"].sort().to_list(), []
    while left:
        coming = dict.fromkeys(left, 0)
        for giver, taker, n in kept.select("from_unit", "to_unit", "n").iter_rows():
            if giver in coming and taker in coming and giver != taker:
                coming[taker] += n
                coming[giver] -= n
        first = min(left, key=lambda unit: (coming[unit], unit))
        left.remove(first)
        order.append(first)
    return order


def handover_sentence(found: pl.DataFrame) -> str:
    """The handing over that takes most time in all, and where most comes straight back."""
    longest = found.sort(
        [pl.col("wait_hours_mean") * pl.col("n"), "from_unit", "to_unit"], descending=[True, False, False]
    )
    row = longest.row(0, named=True)
    words = _("Chờ nhiều nhất khi “{giver}” chuyển cho “{taker}”: {n} lượt, bình quân {wait} mỗi lượt").format(
        giver=row["from_unit"], taker=row["to_unit"], n=number(row["n"]), wait=hours_text(row["wait_hours_mean"])
    )
    back = found.filter(pl.col("returns") >= _LEAST_NAMED).sort(
        ["returns", "from_unit", "to_unit"], descending=[True, False, False]
    )
    if back.is_empty():
        return words + "."
    row = back.row(0, named=True)
    return words + _("; bị trả ngược nhiều nhất từ “{giver}” về “{taker}” ({returns} lượt, {share}).").format(
        giver=row["from_unit"],
        taker=row["to_unit"],
        returns=number(row["returns"]),
        share=percent(row["returns"] / row["n"]),
    )


def _draw_hands(screen: Screen) -> None:
    found = data.frame(screen, "handovers")
    if found.is_empty():
        return
    mean = float((found["handovers"] * found["share"]).sum())
    many = found.filter(pl.col("handovers") > 2 * mean)
    words = _("Một hồ sơ kết thúc trong kỳ qua tay người khác bình quân {mean} lần").format(mean=number(mean, 1))
    if many["dossiers"].sum():
        words += _("; {n} hồ sơ ({share}) hơn gấp đôi mức ấy").format(
            n=number(int(many["dossiers"].sum())), share=percent(float(many["share"].sum()))
        )
    st.markdown(sentence(words + "."))


def _draw_ways(found: pl.DataFrame) -> None:
    columns = [
        Column(label=_("Nơi giao")),
        Column(label=_("Nơi nhận")),
        Column(label=_("Số lượt"), number=True),
        Column(label=_("Chờ bình quân"), number=True),
        Column(label=_("Trả ngược ngay"), number=True),
    ]
    rows = [
        Row(
            cells=[
                row["from_unit"],
                row["to_unit"],
                number(row["n"]),
                hours_text(row["wait_hours_mean"]),
                percent(row["returns"] / row["n"]),
            ],
            sort=[row["from_unit"], row["to_unit"], row["n"], row["wait_hours_mean"], row["returns"] / row["n"]],
        )
        for row in found.iter_rows(named=True)
    ]
    table(_("Ai chuyển cho ai"), columns, rows, key="between_units", height=420)
