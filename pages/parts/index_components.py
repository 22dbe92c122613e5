"""One unit by component: rate, threshold, points, where they come from, the published score beside; the next point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from indicators import indicator
from indicators.index_766 import GROUP_NAMES, GROUPS, Assessment, Component, NextPoint, next_points
from language import _
from language.formats import NOTHING, number, percent
from language.formats import date as _day
from pages.parts.definitions import behind_the_i
from pages.parts.index_data import LARGE_DIFFERENCE
from pages.parts.plain import sentence
from pages.parts.table import Cell, Column, Row, table


def draw_components(
    assessment: Assessment, weights: tuple[Component, ...], recomputed: Mapping[str, float], *, name: str
) -> None:
    """The table of all components, group by group; `recomputed` are our own points for the published period."""
    groups = {row["index_group"]: row for row in assessment.groups.iter_rows(named=True)}
    counted = {row["component"]: row for row in assessment.components.iter_rows(named=True)}
    last_days = assessment.components["published_ends_on"].drop_nulls().unique().to_list()
    columns = [
        Column(label=_("Chỉ số thành phần")),
        Column(label=_("Tỷ lệ đạt"), number=True),
        Column(label=_("Điểm"), number=True, help=_("Điểm tính được trên điểm tối đa, với khoảng tin cậy 95 %")),
        Column(
            label=_("Công bố, kỳ đến {day}").format(day=_day(last_days[0])) if len(last_days) == 1 else _("Công bố"),
            number=True,
            help=_("Điểm mà cổng hoặc tỉnh công bố cho kỳ gần nhất đã kết thúc"),
        ),
        Column(label=_("Chênh lệch"), number=True, help=_("Phần mềm tính lại cho chính kỳ công bố, trừ điểm công bố")),
    ]
    rows: list[Row] = []
    for group in GROUPS:
        if group not in groups:
            continue
        rows.append(_group_row(groups[group], order=len(rows), with_day=len(last_days) != 1))
        for component in weights:
            if component.group == group and component.code in counted:
                row = counted[component.code]
                rows.append(
                    _component_row(
                        component, row, recomputed.get(component.code), order=len(rows), with_day=len(last_days) != 1
                    )
                )
    table(_("Chỉ số thành phần, {name}").format(name=name), columns, rows, key="components")
    if any(component.is_assumed for component in weights):
        st.caption(
            _(
                "Giả định: tổng điểm của nhóm có căn cứ; cách chia cho từng chỉ số trong nhóm chưa tìm được văn bản "
                "nào nêu, nên chia đều, và thay được trong bảng điểm."
            )
        )


def _group_row(row: Mapping[str, Any], *, order: int, with_day: bool) -> Row:
    cells: list[Cell] = [
        GROUP_NAMES[row["index_group"]].text,
        "",
        (_points(row["points"], row["known"] if row["points"] is not None else row["max"]), _group_note(row)),
        _published(row, with_day=with_day) if row["published_score"] is not None else "",
        "",
    ]
    meaning = behind_the_i(indicator(f"index_766_{row['index_group']}"))
    return Row(cells=cells, sort=[order, None, None, None, None], strong=True, meaning=meaning)


def _group_note(row: Mapping[str, Any]) -> str:
    if row["basis"] == "group":
        return _("theo điểm công bố của cả nhóm")
    if row["points"] is not None and row["max"] - row["known"] > 0.005:
        return _("biết {known} trong {all} điểm").format(known=_short(row["known"]), all=_short(row["max"]))
    return ""


def _component_row(
    component: Component, row: Mapping[str, Any], then: float | None, *, order: int, with_day: bool
) -> Row:
    interval = ""
    if row["basis"] == "own" and row["low"] != row["high"]:
        interval = f"{number(row['low'], 2)}–{number(row['high'], 2)}"
    is_shown = row["points"] is not None or row["own"] is not None
    points = row["points"] if row["points"] is not None else row["own"]
    cells: list[Cell] = [
        (f"{component.code}. {component.name}", _note(component, row["basis"])),
        _rate(component, row),
        (_points(points, row["max"]), interval) if is_shown else (_points(None, row["max"]), ""),
        _published(row, with_day=with_day),
        _difference(then, row),
    ]
    sort = [order, row["rate"], points, row["published_score"], _gap(then, row)]
    return Row(cells=cells, sort=sort, muted=not is_shown)


def _note(component: Component, basis: str) -> str:
    return " · ".join([_basis_name(basis), *([_("điểm tối đa là giả định")] if component.is_assumed else [])])


def _basis_name(basis: str) -> str:
    return {
        "own": _("tính từ hồ sơ"),
        "published": _("điểm công bố"),
        "group": _("tính theo điểm công bố của cả nhóm"),
        "no_case": _("không phát sinh"),
        "not_recorded": _("nguồn không ghi"),
        "no_source": _("không có nguồn"),
    }[basis]


def _rate(component: Component, row: Mapping[str, Any]) -> Cell:
    if row["rate"] is None:
        return NOTHING
    unit = _("{good} / {n} thủ tục") if component.formula == "procedures_paid" else _("{good} / {n} hồ sơ")
    note = unit.format(good=number(row["good"]), n=number(row["n"]))
    if component.full_at is not None and component.full_at < 1:
        note += " · " + _("từ {rate} đạt tối đa").format(rate=percent(float(component.full_at), 0))
    return percent(row["rate"]), note


def _published(row: Mapping[str, Any], *, with_day: bool) -> Cell:
    if row["published_score"] is None:
        return NOTHING
    note = _("kỳ đến {day}").format(day=_day(row["published_ends_on"])) if with_day else ""
    return number(row["published_score"], 2), note


def _gap(then: float | None, row: Mapping[str, Any]) -> float | None:
    return None if then is None or row["published_score"] is None else then - row["published_score"]


def _difference(then: float | None, row: Mapping[str, Any]) -> Cell:
    gap = _gap(then, row)
    if gap is None:
        return ""
    note = _("tính lại kỳ ấy: {points}").format(points=number(then, 2))
    if abs(gap) >= LARGE_DIFFERENCE:
        note += " · " + _("nên đối chiếu")
    return number(gap, 2, signed=True), note


def _points(points: float | None, maximum: float) -> str:
    return f"{number(points, 2)} / {_short(maximum)}"


def _short(points: float) -> str:
    return number(points, 0 if abs(points - round(points)) < 0.005 else 2)


def draw_next_points(assessment: Assessment, weights: tuple[Component, ...]) -> None:
    """What one more point would take, the fewest dossiers per point first."""
    st.markdown("##### " + _("Điểm kế tiếp cần thêm những gì"))
    total = assessment.totals.row(0, named=True)
    rows = list(assessment.components.iter_rows(named=True))
    found = next_points(weights, rows, total=total["points"] if total["is_complete"] else None)
    if not found:
        st.markdown(_("Không có chỉ số nào tính từ hồ sơ còn thiếu điểm trong kỳ này."))
        return
    st.markdown("\n".join(f"- {sentence(next_point_sentence(one))}" for one in found))
    st.caption(
        _(
            "Tính trên chính các hồ sơ của kỳ này, các chỉ số khác giữ nguyên, xếp theo số hồ sơ cần cho mỗi điểm. Đây "
            "là số học của thang điểm, không phải chỉ tiêu giao."
        )
    )


def next_point_sentence(one: NextPoint) -> str:
    """`2.1. Thêm 37 hồ sơ đúng hạn (trong 52 hồ sơ chưa đạt): +1,0 điểm.`"""
    words = {
        "on_time": _("{more} hồ sơ đúng hạn"),
        "online_with_e_result": _("{more} hồ sơ nộp trực tuyến có kết quả điện tử"),
        "procedures_paid": _("{more} thủ tục có phí phát sinh thanh toán trực tuyến"),
        "paid_online": _("{more} hồ sơ có phí được thanh toán trực tuyến"),
        "e_result": _("{more} hồ sơ có kết quả điện tử"),
        "digitised": _("{more} hồ sơ được số hóa"),
    }
    what = words[one.component.formula or ""].format(more=number(one.more))
    gain = number(float(one.gain), 1 if one.gain >= 1 else 2, signed=True)
    facts = {"code": one.component.code, "what": what, "missed": number(one.missed), "gain": gain}
    if one.reason == "band":
        return _("{code}. Thêm {what}, trong {missed} chưa đạt: {gain} điểm, đủ lên mức kế tiếp.").format(**facts)
    if one.reason == "full" and one.more == one.missed:
        return _("{code}. Không đủ để thêm 1 điểm: thêm {what} là hết phần chưa đạt, tối đa {gain} điểm.").format(
            **facts
        )
    if one.reason == "full":
        return _("{code}. Thêm {what}, trong {missed} chưa đạt: đạt điểm tối đa, {gain} điểm.").format(**facts)
    return _("{code}. Thêm {what}, trong {missed} chưa đạt: {gain} điểm.").format(**facts)
