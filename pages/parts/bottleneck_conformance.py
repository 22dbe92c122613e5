"""Đúng quy trình: what happened beside the internal process that is declared, as questions and not as verdicts."""

from __future__ import annotations

from contextlib import nullcontext

import polars as pl
import streamlit as st

from indicators.conformance import KINDS, Conformance
from language import _
from language.formats import NOTHING, number, percent
from pages.parts import bottleneck_data as data
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.table import Cell, Column, Row, table

# Communes with fewer dossiers are shown in grey and not asked about.
_LEAST_ASKED = 20


def kind_name(kind: str) -> str:
    return {
        "skipped": _("Bỏ qua"),
        "repeated": _("Làm lại"),
        "out_of_order": _("Sai thứ tự"),
        "late": _("Quá giờ"),
    }[kind]


def draw_conformance(screen: Screen) -> None:
    """Steps of one procedure, then the communes; what the comparison cannot see."""
    found = data.conforming(screen)
    if not found.dossiers:
        st.info(
            _(
                "Không có hồ sơ nào kết thúc trong kỳ thuộc thủ tục đã khai quy trình nội bộ. Quy trình khai "
                "trong tệp TOML "
                "nêu ở khối [processes] của tệp cấu hình."
            ),
            icon=":material/rule:",
        )
        return
    if found.is_illustrative:
        st.warning(
            _(
                "Quy trình đang dùng chỉ để minh họa, không phải quy trình đã được phê duyệt. Tỉnh khai quy "
                "trình của mình ở "
                "khối [processes] của tệp cấu hình."
            ),
            icon=":material/draft:",
        )
    st.markdown(f"##### {sentence(_headline(found))}")
    left, right = st.columns([4, 3], gap="medium")
    with left:
        for place, procedure in enumerate(_most_first(found)):
            rows = found.steps.filter(pl.col("procedure") == procedure)
            with nullcontext() if place == 0 else st.expander(_procedure(screen, procedure)):
                _draw_steps(screen, procedure, rows)
    with right:
        _draw_communes(screen, found)
    if not found.unseen.is_empty():
        names = "; ".join(
            _("{step} ({procedure})").format(step=row["activity"], procedure=_procedure(screen, row["procedure"]))
            for row in found.unseen.iter_rows(named=True)
        )
        st.caption(
            sentence(_("Không xét vì nhật ký trong kỳ không có bước nào tên như vậy: {names}.").format(names=names))
        )
    st.caption(
        _(
            "Đây là câu hỏi, không phải kết luận: bước làm trên giấy hoặc ghi tên khác trong nhật ký cũng "
            "hiện ra là bỏ qua. "
            "Quá giờ: giờ làm việc từ bước trước theo quy trình, trừ lúc dừng tính giờ. Bước không có trong "
            "quy trình (bổ "
            "sung, xác minh, nộp tiền…) không bị tính là sai."
        )
    )


def _most_first(found: Conformance) -> list[str]:
    """The procedures, the one with most departures first."""
    hits = (
        found.steps.group_by("procedure")
        .agg(pl.col("hits").sum())
        .sort(["hits", "procedure"], descending=[True, False])
    )
    return hits["procedure"].to_list()


def _headline(found: Conformance) -> str:
    worst = found.steps.filter(pl.col("hits") > 0).sort("hits", "position", descending=[True, False])
    if worst.is_empty():
        return _("{n} hồ sơ kết thúc trong kỳ đều khớp quy trình đã khai.").format(n=number(found.dossiers))
    row = worst.row(0, named=True)
    words = {
        "skipped": _("nhật ký thiếu bước “{step}”"),
        "repeated": _("bước “{step}” làm hơn một lần"),
        "out_of_order": _("bước “{step}” làm trước lượt"),
        "late": _("bước “{step}” quá {hours} giờ làm việc đã khai"),
    }[row["kind"]].format(step=row["activity"], hours=number(row["hours"], 1) if row["hours"] is not None else NOTHING)
    return _("Nhiều nhất: {what}, {hits} trong {n} hồ sơ ({share}).").format(
        what=words, hits=number(row["hits"]), n=number(row["n"]), share=percent(row["value"])
    )


def _draw_steps(screen: Screen, procedure: str, rows: pl.DataFrame) -> None:
    n = int(rows.filter(pl.col("kind") == "skipped")["n"].max() or 0)  # type: ignore[arg-type]
    name = _("{name}: {n} hồ sơ").format(name=_procedure(screen, procedure), n=number(n))
    st.markdown(f"**{plain(name)}**")
    columns = [Column(label=_("Bước đã khai"))]
    columns += [Column(label=kind_name(kind), number=True) for kind in KINDS]
    table_rows = []
    for (position, activity), step in rows.group_by("position", "activity", maintain_order=True):
        of_kind = {row["kind"]: row for row in step.iter_rows(named=True)}
        hours = step["hours"][0]
        step_cell: Cell = str(activity)
        if hours is not None:
            step_cell = (str(activity), _("không quá {hours} giờ làm việc").format(hours=number(hours, 1)))
        cells: list[Cell] = [step_cell]
        cells += [_cell(of_kind.get(kind)) for kind in KINDS]
        values = [of_kind[kind]["value"] if kind in of_kind else None for kind in KINDS]
        table_rows.append(Row(cells=cells, sort=[float(str(position)), *values]))
    table(name, columns, table_rows, key=f"steps_{procedure}")


def _cell(row: dict[str, float] | None) -> Cell:
    if row is None:
        return NOTHING
    if not row["hits"]:
        return "0"
    return percent(row["value"]), _("{hits} hồ sơ; {low}–{high}").format(
        hits=number(row["hits"]), low=percent(row["low"]).removesuffix(" %"), high=percent(row["high"])
    )


def _draw_communes(screen: Screen, found: Conformance) -> None:
    title = _("Nơi nên hỏi: tỷ lệ cao hơn rõ mức chung")
    st.markdown(f"**{plain(title)}**")
    columns = [
        Column(label=_("Xã, phường")),
        Column(label=_("Điều gì")),
        Column(label=_("Tỷ lệ"), number=True),
        Column(label=_("Mức chung"), number=True, help=_("Tỷ lệ chung của tỉnh với cùng cơ cấu thủ tục.")),
    ]
    rows = [
        Row(
            cells=[
                screen.commune_name(row["commune"]),
                kind_name(row["kind"]),
                (
                    percent(row["value"]),
                    _("{hits} trong {n}").format(hits=number(row["hits"]), n=number(row["n"])),
                    "worse",
                ),
                percent(row["expected"]),
            ],
            sort=[screen.commune_name(row["commune"]), row["kind"], row["value"], row["expected"]],
            code=row["commune"],
        )
        for row in asked_about(found).iter_rows(named=True)
    ]
    if not rows:
        st.caption(_("Không đơn vị nào cao hơn rõ mức chung (cần từ {n} hồ sơ).").format(n=_LEAST_ASKED))
        return
    table(_("Nơi nên hỏi"), columns, rows, key="asked", height=520)


def asked_about(found: Conformance) -> pl.DataFrame:
    """The communes whose whole interval lies above the share that their mix of procedures lets expect."""
    clear = (pl.col("n") >= _LEAST_ASKED) & (pl.col("low") > pl.col("expected")) & pl.col("commune").is_not_null()
    return found.communes.filter(clear).sort("kind", "value", descending=[False, True])


def _procedure(screen: Screen, code: str) -> str:
    return screen.lists.procedures.get(code, code)
