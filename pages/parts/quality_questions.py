"""Đúng: the faults that vendors' checks look for, promises against the law's terms, and patterns to ask about."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from indicators.quality import VENDOR_FAULTS
from indicators.questions import LEAST_N, QUESTIONS
from language import _
from language.formats import number, percent
from pages.parts.quality_common import TALL, frame, reject_name, warning_name
from pages.parts.quality_data import asked
from pages.parts.quality_promises import draw_promises
from pages.parts.screen import Screen
from pages.parts.table import Column, Row, table


def question_texts() -> dict[str, tuple[str, str]]:
    """For each question what is asked, and what exactly is counted."""
    return {
        "promise_moved": (
            _("Vì sao ngày hẹn được lùi sau khi đã qua?"),
            _("Hồ sơ có ngày hẹn trong kỳ; ngày hẹn bị đổi sang muộn hơn khi hẹn cũ đã qua mà không dừng đồng hồ."),
        ),
        "promise_longer": (
            _("Vì sao hẹn dài hơn thời hạn của thủ tục?"),
            _("Hồ sơ tiếp nhận trong kỳ; hẹn sau ngày tính theo thời hạn và thời gian dừng, từ 1 ngày làm việc."),
        ),
        "promise_shorter": (
            _("Vì sao hẹn ngắn hơn thời hạn của thủ tục?"),
            _("Hồ sơ tiếp nhận trong kỳ; hẹn trước ngày tính từ 1 ngày làm việc: làm nhanh hơn, hay danh mục đã cũ?"),
        ),
        "closed_end_of_day": (
            _("Vì sao kết thúc dồn vào 30 phút cuối ngày?"),
            _("Hồ sơ kết thúc trong kỳ vào ngày làm việc; kết thúc trong 30 phút cuối giờ làm việc hoặc sau đó."),
        ),
        "closed_in_bulk": (
            _("Vì sao nhiều hồ sơ kết thúc trong cùng một phút?"),
            _("Hồ sơ kết thúc trong kỳ; từ 5 hồ sơ của một đơn vị trong cùng một phút."),
        ),
        "closed_just_before_due": (
            _("Vì sao kết thúc ngay trước giờ hẹn?"),
            _("Hồ sơ kết thúc trong kỳ, hẹn có giờ; kết thúc trong 15 phút trước giờ hẹn."),
        ),
        "closed_within_a_minute": (
            _("Có phải nhập sau khi đã trả kết quả?"),
            _("Hồ sơ kết thúc trong kỳ; kết thúc trong vòng một phút kể từ lúc tiếp nhận."),
        ),
        "supplement_on_last_day": (
            _("Vì sao đến ngày cuối mới yêu cầu bổ sung?"),
            _("Yêu cầu bổ sung trong kỳ; yêu cầu vào ngày hẹn ban đầu hoặc sau đó."),
        ),
        "closed_off_hours": (
            _("Vì sao kết thúc ngoài giờ làm việc?"),
            _("Hồ sơ kết thúc trong kỳ; ngày nghỉ, trước giờ mở cửa 30 phút hoặc sau giờ đóng cửa 1 giờ."),
        ),
        "received_off_hours": (
            _("Vì sao tiếp nhận trực tiếp ngoài giờ làm việc?"),
            _(
                "Hồ sơ nộp trực tiếp trong kỳ; tiếp nhận ngày nghỉ, trước giờ mở cửa 30 phút hoặc sau giờ đóng cửa "
                "1 giờ."
            ),
        ),
    }


def findings(screen: Screen) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The province's totals by question, and the communes that stand out, those that the filters keep."""
    totals, every = asked(screen.snapshot, screen.snapshot.id, screen.period.window, screen.filters.of_whole_province())
    kept = every.filter("stands_out" if every.height else pl.lit(True))
    if screen.filters != screen.filters.of_whole_province():
        known = screen.figures(["received"], by=["commune"])["commune"].to_list()
        kept = kept.filter(pl.col("commune").is_in(known))
    excess = (pl.col("rate") - pl.col("expected")) * pl.col("n")
    return totals, kept.sort(excess, descending=True)


def draw_right(screen: Screen) -> None:
    """Questions to ask of the period, promised against computed dates, and the six faults."""
    totals, found = findings(screen)
    _draw_found(screen, totals, found)
    draw_promises(screen)
    _draw_faults(screen)


def _draw_found(screen: Screen, totals: pl.DataFrame, found: pl.DataFrame) -> None:
    texts = question_texts()
    counts = {row["question"]: row for row in totals.iter_rows(named=True)}
    names = screen.lists.communes
    st.markdown(
        "##### "
        + (
            _("{n} điều nên hỏi đơn vị: khác hẳn các nơi khác khi làm cùng loại thủ tục.").format(
                n=number(found.height)
            )
            if found.height
            else _("Không đơn vị nào khác hẳn các nơi khác: chưa có điều gì phải hỏi.")
        )
    )
    st.caption(
        _(
            "Mỗi dòng là một câu hỏi, không phải kết luận: dấu hiệu nào cũng có thể có lý do chính đáng. Chỉ nêu đơn "
            "vị có từ {least} hồ sơ và vượt mức dự kiến theo cơ cấu thủ tục, kênh nộp của chính mình hơn mức ngẫu "
            "nhiên (Benjamini–Hochberg, 5 %)."
        ).format(least=LEAST_N)
    )
    if found.height:
        columns = [
            Column(label=_("Xã, phường")),
            Column(label=_("Câu hỏi")),
            Column(label=_("Ở đơn vị này"), number=True, help=_("Tỷ lệ và khoảng tin cậy 95 %")),
            Column(label=_("Dự kiến"), number=True, help=_("Các đơn vị khác, cùng thủ tục và kênh nộp")),
            Column(label=_("n"), number=True, help=_("Số hồ sơ làm căn cứ")),
        ]
        rows = [
            Row(
                cells=[
                    names[row["commune"]].full_name,
                    texts[row["question"]][0],
                    (percent(row["rate"]), f"{percent(row['low'])} – {percent(row['high'])}"),
                    percent(row["expected"]),
                    (number(row["n"]), _("{hits} hồ sơ").format(hits=number(row["hits"]))),
                ],
                sort=[rank, texts[row["question"]][0], row["rate"], row["expected"], row["n"]],
            )
            for rank, row in enumerate(found.iter_rows(named=True))
            if row["commune"] in names
        ]
        table(_("Những điều nên hỏi"), columns, rows, key="findings", height=TALL if len(rows) > 5 else None)
    columns = [
        Column(label=_("Dấu hiệu đã xem")),
        Column(label=screen.whole, number=True),
        Column(label=_("n"), number=True),
        Column(label=_("Đơn vị nổi bật"), number=True),
    ]
    rows = []
    for rank, name in enumerate(QUESTIONS):
        count: dict[str, Any] = counts.get(name) or {"hits": 0, "n": 0}
        communes = found.filter(pl.col("question") == name).height
        rate = (
            (percent(count["hits"] / count["n"], 2), _("{hits} hồ sơ").format(hits=number(count["hits"])))
            if count["n"]
            else _("không phát sinh")
        )
        rows.append(
            Row(
                cells=[
                    texts[name],
                    rate,
                    number(count["n"]),
                    number(communes) if communes else _("không có"),
                ],
                sort=[rank, count["hits"], count["n"], communes],
                muted=not communes,
            )
        )
    with st.expander(_("Mười dấu hiệu đã xem và mức chung"), expanded=not found.height, key="patterns"):
        table(_("Các dấu hiệu"), columns, rows, key="questions", height=TALL + 100)


def _draw_faults(screen: Screen) -> None:
    counted = {
        (row["kind"], row["rule"]): row["rows"]
        for row in frame(screen, "rules").group_by("kind", "rule").agg(pl.col("rows").sum()).iter_rows(named=True)
    }
    loaded = frame(screen, "sources").filter(pl.col("table_name") == "dossier")
    read, kept = int(loaded["rows_read"].sum()), int(loaded["rows_loaded"].sum())
    found = {rule: counted.get((kind, rule), 0) for rule, kind in VENDOR_FAULTS.items()}
    total = sum(found.values())
    st.markdown(
        "##### "
        + (
            _("Sáu lỗi nhà cung cấp hay gặp: {n} dòng.").format(n=number(total))
            if total
            else _("Không gặp lỗi nào trong sáu lỗi hay gặp của phần mềm một cửa.")
        )
    )
    st.caption(
        _("Từ chối: trên {read} dòng sổ đã đọc; cảnh báo: trên {kept} hồ sơ đã nạp. Toàn bộ bản dữ liệu.").format(
            read=number(read), kept=number(kept)
        )
    )
    columns = [Column(label=_("Lỗi")), Column(label=_("Số dòng"), number=True)]
    rows = []
    for rank, (rule, kind) in enumerate(VENDOR_FAULTS.items()):
        base = read if kind == "reject" else kept
        share = percent(found[rule] / base, 3).replace(" ", "\N{NO-BREAK SPACE}") if base else ""
        rows.append(
            Row(
                cells=[
                    (
                        reject_name(rule) if kind == "reject" else warning_name(rule),
                        _("từ chối, trả lại nguồn") if kind == "reject" else _("nạp kèm cảnh báo"),
                    ),
                    (number(found[rule]), share) if found[rule] else number(0),
                ],
                sort=[rank, found[rule]],
                muted=not found[rule],
            )
        )
    table(_("Sáu lỗi hay gặp"), columns, rows, key="faults")
