"""Sống: how old the sources are, who sends nothing, and the snapshots kept."""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from language import _
from language.formats import date, date_time, days, number
from pages.parts.quality_common import TALL, frame, now_of, table_name
from pages.parts.quality_data import earlier_snapshot
from pages.parts.screen import Screen
from pages.parts.state import change_view
from pages.parts.table import Cell, Column, Row, table
from warehouse import current_id, list_snapshots, warehouse_directory


def draw_alive(screen: Screen) -> None:
    """How old the sources are, who sends nothing, and the snapshots kept."""
    _draw_freshness(screen)
    _draw_silent(screen)
    _draw_snapshots(screen)


def _draw_freshness(screen: Screen) -> None:
    info = screen.snapshot.info
    loaded = frame(screen, "sources").filter(pl.col("state_at").is_not_null())
    st.markdown(
        "##### "
        + _("Số liệu đến {as_of}: {age} trước lúc nạp, {now} trước bây giờ.").format(
            as_of=date_time(info.as_of),
            age=days(_elapsed(info.as_of, info.built_at)),
            now=days(_elapsed(info.as_of, now_of(screen))),
        )
    )
    columns = [
        Column(label=_("Tệp nguồn")),
        Column(label=_("Trạng thái lúc"), help=_("Thời điểm xuất tệp")),
        Column(label=_("Cũ hơn mới nhất"), number=True, help=_("So với tệp mới nhất cùng loại")),
        Column(label=_("Hồ sơ cuối")),
    ]
    rows = []
    for row in loaded.iter_rows(named=True):
        behind, age = row["behind_days"] or 0.0, _elapsed(row["state_at"], info.built_at)
        rows.append(
            Row(
                cells=[
                    (row["source_file"], table_name(row["table_name"])),
                    (date_time(row["state_at"]), _("{age} trước lúc nạp").format(age=days(age))),
                    days(behind) if behind else _("không"),
                    date_time(row["last_received_at"]),
                ],
                sort=[
                    row["source_file"],
                    row["state_at"].isoformat(),
                    behind,
                    row["last_received_at"].isoformat() if row["last_received_at"] else None,
                ],
            )
        )
    table(_("Độ mới của từng tệp"), columns, rows, key="freshness", height=TALL - 60)


def _elapsed(since: dt.datetime, until: dt.datetime) -> float:
    return max(0.0, (until - since).total_seconds() / 86_400)


def _draw_silent(screen: Screen) -> None:
    silent = frame(screen, "silent").filter(pl.col("commune").is_in(list(screen.lists.communes)))
    if screen.filters.commune:
        silent = silent.filter(pl.col("commune").is_in(list(screen.filters.commune)))
    if silent.is_empty():
        st.markdown("##### " + _("Không đơn vị nào im lặng: ai cũng gửi hồ sơ trong 5 ngày làm việc qua."))
        return
    unusual = silent.filter(pl.col("adjusted") < 0.05).height
    st.markdown(
        "##### "
        + (
            _("{n} đơn vị im lặng khác thường: dữ liệu có về không?").format(n=number(unusual))
            if unusual
            else _("{n} đơn vị im lặng từ 5 ngày làm việc, nhưng vốn ít hồ sơ: chưa có gì lạ.").format(n=silent.height)
        )
    )
    columns = [
        Column(label=_("Xã, phường")),
        Column(label=_("Ngày im lặng"), number=True, help=_("Số ngày làm việc không có hồ sơ")),
        Column(label=_("Hồ sơ cuối")),
        Column(label=_("Bình thường"), number=True, help=_("Hồ sơ mỗi ngày làm việc, 60 ngày trước đó")),
        Column(label=_("Có thể chỉ là ngẫu nhiên?")),
    ]
    rows = [
        Row(
            cells=[
                screen.commune_name(row["commune"]),
                (number(row["silent_days"]), _("từ 10 ngày") if row["silent_days"] >= 10 else _("từ 5 ngày")),
                date(row["last_day"]),
                _("{n} mỗi ngày").format(n=number(row["usual_per_day"], 1)),
                _chance_in_words(row["chance"], unusual=row["adjusted"] < 0.05, ever=row["last_day"] is not None),
            ],
            sort=[rank, row["silent_days"], str(row["last_day"] or ""), row["usual_per_day"], row["chance"]],
            muted=row["adjusted"] >= 0.05,
        )
        for rank, row in enumerate(silent.iter_rows(named=True))
    ]
    table(_("Đơn vị không gửi hồ sơ"), columns, rows, key="silent", height=TALL if len(rows) > 6 else None)


def _chance_in_words(chance: float, *, unusual: bool, ever: bool) -> tuple[str, str, str] | tuple[str, str]:
    if not ever:
        return _("chưa từng có hồ sơ nào"), _("hỏi lại: đơn vị đã dùng hệ thống chưa?")
    times = 1 / max(chance, 1e-6)
    words = (
        _("có: cứ {n} lần thì một lần như vậy").format(n=number(max(2, round(times))))
        if times < 20
        else _("hiếm: khoảng {n} lần mới có một").format(n=number(_rounded(times)))
    )
    if chance < 1e-6:
        words = _("hầu như không: chưa đến một phần triệu")
    if unusual:
        return words, _("nên hỏi: đường truyền, tài khoản, hay nghỉ tiếp nhận?"), "worse"
    return words, _("so với nếp thường của chính đơn vị")


def _rounded(value: float) -> float:
    """Two digits that count: 8,734 as 8,700."""
    return float(f"{value:.2g}")


def _draw_snapshots(screen: Screen) -> None:
    directory = warehouse_directory()
    published = current_id(directory)
    found = [(one, earlier_snapshot(str(directory), one)) for one in list_snapshots(directory)]
    st.markdown("##### " + _("{n} bản dữ liệu còn giữ.").format(n=number(len(found))))
    rows = []
    for position, (snapshot_id, about) in enumerate(found):
        marks = [_("đang công bố")] if snapshot_id == published else []
        marks += [_("đang xem")] if snapshot_id == screen.snapshot.id else []
        if about is None:
            cells: list[Cell] = [(snapshot_id, _("không đọc được")), "–", "–"]
            rows.append(Row(cells=cells, sort=[snapshot_id, None, None], muted=True))
            continue
        before = next((other for _id, other in found[position + 1 :] if other is not None), None)
        change = number(about.dossiers)
        rows.append(
            Row(
                cells=[
                    (date_time(about.built_at), " · ".join(marks) or snapshot_id),
                    date_time(about.as_of),
                    (
                        change,
                        _("{difference} so với bản trước").format(
                            difference=number(about.dossiers - before.dossiers, signed=True)
                        ),
                    )
                    if before
                    else change,
                ],
                sort=[snapshot_id, str(about.as_of), about.dossiers],
                code=snapshot_id,
                chosen=snapshot_id == screen.snapshot.id,
            )
        )
    columns = [Column(label=_("Nạp lúc")), Column(label=_("Số liệu đến")), Column(label=_("Hồ sơ"), number=True)]
    table(
        _("Các bản dữ liệu"),
        columns,
        rows,
        key="snapshots",
        height=TALL,
        on_pick=lambda code: change_view(snapshot="" if code == published else code),
    )
    st.caption(_("Bấm vào một bản để xem mọi màn hình theo bản đó."))
