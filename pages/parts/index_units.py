"""All communes by points: bands of those that cannot be told apart, never a bare ranking."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import streamlit as st

from charts.index_points import of_known_text, points_text, units_figure
from indicators import Filters, indicator
from indicators.index_766 import Assessment, Ranking, band_of
from language import _
from language.formats import number
from pages.parts import index_data
from pages.parts.controls import choose_commune
from pages.parts.plots import plot
from pages.parts.screen import Screen
from pages.parts.table import Cell, Column, Row, table

_INDEX = "index_766"


def draw_units(screen: Screen) -> None:
    """The figure of all communes that can be compared, and the table of all."""
    filters = replace(screen.filters, commune=())
    window = screen.period.window
    assessment = index_data.of_communes(screen.snapshot, screen.snapshot.id, window, filters)
    least_n = indicator(_INDEX).min_n
    ranking = index_data.ranking(screen.snapshot, screen.snapshot.id, window, filters, least_n)
    chart, listing = st.columns([3, 2], gap="medium")
    names = {code: commune.full_name for code, commune in screen.lists.communes.items()}
    with chart:
        if ranking.units.is_empty():
            words = _("Chưa đơn vị nào có đủ {n} hồ sơ trong kỳ để so sánh.")
            st.info(words.format(n=least_n), icon=":material/info:")
        else:
            figure = units_figure(ranking.units, names=names, selected=screen.view.marked, palette=screen.palette)
            plot(figure, title=_title(ranking), key="units", note=_note(screen, ranking, assessment, least_n))
    with listing:
        _table(screen, ranking, assessment)
        if words := _two_sources(screen, assessment, filters):
            st.caption(words)


def _title(ranking: Ranking) -> str:
    tiers = ranking.units.group_by("tier", maintain_order=True).agg(
        size=pl.len(), low=pl.col("points").min(), high=pl.col("points").max()
    )
    count = ranking.units.height
    if tiers.height == 1:
        return _("{count} đơn vị có điểm gần nhau: chưa đủ cơ sở phân biệt với đơn vị nhiều điểm nhất").format(
            count=count
        )
    first = tiers.row(0, named=True)
    return _(
        "{count} đơn vị chia thành {tiers} nhóm; {first} đơn vị của nhóm đầu ({low}–{high} điểm) chưa đủ cơ sở phân "
        "biệt"
    ).format(
        count=count,
        tiers=tiers.height,
        first=first["size"],
        low=points_text(first["low"]),
        high=points_text(first["high"]),
    )


def _note(screen: Screen, ranking: Ranking, assessment: Assessment, least_n: int) -> str:
    known = float(ranking.units["known"][0])
    notes = [
        _(
            "Mỗi điểm là một đơn vị với khoảng tin cậy 95 %, trên {known} điểm tính được. Một nhóm gồm các đơn vị có "
            "khoảng tin cậy chạm khoảng của đơn vị đứng đầu nhóm; thứ tự trong nhóm không nói lên điều gì, và hai đơn "
            "vị ở hai nhóm liền nhau chưa chắc khác nhau."
        ).format(known=number(known, 0 if known == round(known) else 2)),
    ]
    counted = ranking.units.height + len(ranking.apart)
    few = assessment.totals.filter(pl.col("commune").is_not_null()).height - counted
    if few > 0:
        notes.append(
            _("{count} đơn vị dưới {n} hồ sơ trong kỳ: chưa đủ số liệu, không so sánh.").format(count=few, n=least_n)
        )
    if ranking.apart:
        words = _("{count} đơn vị có phần tính được khác các đơn vị còn lại nên không đặt chung: {names}.")
        named = ", ".join(screen.commune_name(code) for code in ranking.apart[:5])
        more = len(ranking.apart) - 5
        notes.append(
            words.format(
                count=len(ranking.apart),
                names=named if more <= 0 else _("{names} và {more} đơn vị khác").format(names=named, more=more),
            )
        )
    return " ".join(notes)


def _table(screen: Screen, ranking: Ranking, assessment: Assessment) -> None:
    placed = {row["commune"]: row for row in ranking.units.iter_rows(named=True)}
    totals = {row["commune"]: row for row in assessment.totals.iter_rows(named=True) if row["commune"]}
    columns = [
        Column(label=_("Xã, phường")),
        Column(label=_("Điểm tính được"), number=True),
        Column(label=_("Thứ hạng có thể"), number=True, help=_("Khoảng thứ hạng trong 95 trên 100 lần mô phỏng")),
    ]
    rows = []
    for order, (code, commune) in enumerate(screen.lists.communes.items()):
        if code not in totals:
            continue
        total, place = totals[code], placed.get(code)
        cells: list[Cell] = [(commune.full_name, _under_the_name(total, place, is_apart=code in ranking.apart))]
        if total["points"] is None:
            cells += ["–", ""]
        else:
            interval = (
                f"{points_text(total['low'])}–{points_text(total['high'])}" if total["low"] != total["high"] else ""
            )
            cells.append((of_known_text(total["points"], total["known"]), interval))
            cells += [f"{place['rank_low']}–{place['rank_high']}" if place else ""]
        rows.append(
            Row(
                cells=cells,
                sort=[
                    order,
                    total["points"],
                    # Numbers are sorted from the highest first; here the first rank comes first.
                    -(place["rank_low"] + place["rank_high"]) if place else None,
                ],
                code=code,
                muted=place is None,
                chosen=code in screen.view.marked,
            )
        )
    caption = _("Điểm tính được theo xã, phường")
    table(caption, columns, rows, key="index_communes", height=440, on_pick=choose_commune)


def _two_sources(screen: Screen, assessment: Assessment, filters: Filters) -> str:
    """How often the published scores and our own computation for the same period lie far apart."""
    found = index_data.recomputed(screen, assessment, filters)
    if found.is_empty():
        return ""
    apart = found.filter((pl.col("own") - pl.col("published")).abs() >= index_data.LARGE_DIFFERENCE)
    words = _(
        "Đối chiếu hai nguồn: trong {all} điểm công bố mà phần mềm tính lại được cho chính kỳ ấy, {count} điểm lệch từ "
        "{least} điểm trở lên. Bấm vào một đơn vị để xem chênh lệch của đơn vị đó."
    )
    least = number(index_data.LARGE_DIFFERENCE, 1)
    return words.format(all=number(found.height), count=number(apart.height), least=least)


def _under_the_name(total: dict[str, object], place: dict[str, object] | None, *, is_apart: bool) -> str:
    if total["points"] is None:
        return _("không phát sinh")
    if is_apart:
        return _("phần tính được khác các đơn vị còn lại")
    if place is None:
        return _("chưa đủ số liệu")
    words = [_("nhóm {tier}").format(tier=place["tier"])]
    if total["is_complete"]:
        words.append(_("mức {band}").format(band=band_of(float(total["points"])).name))  # type: ignore[arg-type]
    return " · ".join(words)
