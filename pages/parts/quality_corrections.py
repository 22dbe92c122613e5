"""Reviewed corrections of source errors: what was changed, why, by whom, until when, and what became of each."""

from __future__ import annotations

import datetime as dt

import polars as pl
import streamlit as st

from language import _
from language.formats import date, date_time, number
from pages.parts.filters import channel_name
from pages.parts.quality_common import TALL, frame
from pages.parts.screen import Screen
from pages.parts.table import Cell, Column, Row, table

_WRITTEN = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
OUTCOMES = ("applied", "source_mended", "not_found", "expired")


def draw_corrections(screen: Screen) -> None:
    """The corrections of the snapshot, those in use first; a commune's accepted objection is one of them."""
    every = frame(screen, "corrections")
    if every.is_empty():
        st.markdown("##### " + _("Chưa có sửa lỗi nguồn nào được duyệt."))
        st.caption(
            _(
                "Xã, phường thấy số liệu của mình chưa đúng thì gửi ý kiến; ý kiến được chấp nhận ghi thành một dòng "
                "của tệp sửa lỗi nguồn, nêu rõ lý do và nơi quyết định."
            )
        )
        return
    names = _outcome_names()
    counts = dict(every.group_by("outcome").len().iter_rows())
    parts = [f"{number(counts[one])} {names[one][0]}" for one in OUTCOMES if one in counts]
    st.markdown(
        "##### " + _("{n} sửa lỗi nguồn đã duyệt: {parts}.").format(n=number(every.height), parts=", ".join(parts))
    )
    st.caption(
        _("Ý kiến của xã, phường được chấp nhận cũng nằm ở đây. Tệp nguồn giữ nguyên; chỉ số liệu nạp vào được sửa.")
    )
    shown = every
    if screen.filters.commune:
        shown = every.filter(pl.col("commune").is_in(list(screen.filters.commune)) | pl.col("commune").is_null())
    columns = [
        Column(label=_("Hồ sơ")),
        Column(label=_("Sửa gì")),
        Column(label=_("Lý do, nơi quyết định")),
        Column(label=_("Hiệu lực đến")),
        Column(label=_("Kết quả")),
    ]
    rows = []
    for rank, row in enumerate(shown.iter_rows(named=True)):
        unit = screen.commune_name(row["commune"]) if row["commune"] in screen.lists.communes else ""
        outcome: Cell = names.get(row["outcome"], (row["outcome"], ""))
        rows.append(
            Row(
                cells=[
                    (row["dossier_id"], unit),
                    _change(screen, row),
                    (row["reason"] or "–", row["author"] or "–"),
                    date(row["until"]) if row["until"] else _("không hạn định"),
                    outcome,
                ],
                sort=[
                    row["dossier_id"],
                    row["column_name"] or row["action"],
                    row["reason"],
                    str(row["until"] or ""),
                    rank,
                ],
                muted=row["outcome"] != "applied",
            )
        )
    table(_("Sửa lỗi nguồn đã duyệt"), columns, rows, key="corrections", height=TALL if len(rows) > 5 else None)


def _outcome_names() -> dict[str, tuple[str, str]]:
    """What became of a correction, and what to do about it."""
    return {
        "applied": (_("đã áp dụng"), ""),
        "source_mended": (_("nguồn đã tự sửa"), _("bỏ dòng này khỏi tệp được")),
        "not_found": (_("không thấy hồ sơ"), _("xem lại mã hồ sơ")),
        "expired": (_("hết hiệu lực"), _("còn cần thì gia hạn")),
    }


def _change(screen: Screen, row: dict[str, object]) -> Cell:
    """What is changed, and from what to what."""
    action, column = row["action"], str(row["column_name"] or "")
    old, new = row["old_value"], row["new_value"]
    if action == "drop":
        return _("Bỏ hồ sơ")
    if action == "reassign":
        return _("Chuyển đơn vị"), f"{_unit(screen, old)} → {_unit(screen, new)}"
    name = _column_names().get(column, column)
    before = _value(column, old) if row["outcome"] in ("applied", "source_mended") else _("chưa đối chiếu")
    return _("Sửa {what}").format(what=name), f"{before} → {_value(column, new)}"


def _unit(screen: Screen, code: object) -> str:
    return screen.commune_name(code) if isinstance(code, str) and code in screen.lists.communes else str(code or "–")


def _column_names() -> dict[str, str]:
    return {
        "submitted_at": _("ngày nộp"),
        "received_at": _("ngày tiếp nhận"),
        "due_at": _("ngày hẹn trả"),
        "finished_at": _("ngày kết thúc"),
        "returned_at": _("ngày trả kết quả"),
        "supplement_requested_at": _("ngày yêu cầu bổ sung"),
        "supplement_answered_at": _("ngày bổ sung xong"),
        "supplement_requests": _("số lần yêu cầu bổ sung"),
        "status": _("trạng thái"),
        "channel": _("hình thức nộp"),
        "procedure_code": _("mã thủ tục"),
        "field": _("lĩnh vực"),
    }


def _value(column: str, value: object) -> str:
    text = str(value or "").strip()
    if not text or text.lower() in ("(trống)", "(empty)"):
        return _("(trống)")
    if column == "channel":
        return channel_name(text)
    moment = _moment(text) if column.endswith("_at") else None
    if moment is None:
        return text
    return date_time(moment) if moment.time() != dt.time() else date(moment)


def _moment(text: str) -> dt.datetime | None:
    """A time as the database prints it or as a clerk writes it."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _WRITTEN:
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    return None
