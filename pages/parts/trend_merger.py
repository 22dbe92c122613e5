"""Trước và sau sáp nhập: what a commune was made of, and what the old units handled, as far as it can be known."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from indicators.merger import Continuity, Piece, Span
from indicators.words import extent_words
from language import _
from language.formats import NOTHING, date, number, percent
from pages.parts import trend_data
from pages.parts.plain import plain, sentence
from pages.parts.screen import Screen
from pages.parts.table import Cell, Column, Row, table
from pages.parts.trend_choice import one_commune


def draw_merger(screen: Screen) -> None:
    """The pieces of the chosen commune in plain words, and the sums before and after."""
    code = one_commune(screen)
    if code is None:
        return
    name = screen.commune_name(code)
    found = trend_data.continuity_of(screen.snapshot, screen.snapshot.id, code)
    if not found.pieces:
        st.info(
            _("Chưa có bảng sắp xếp đơn vị cho {name}, nên không biết đơn vị cũ nào hợp thành.").format(
                name=plain(name)
            ),
            icon=":material/call_split:",
        )
        return
    st.markdown(f"##### {sentence(_title(found, name))}")
    if found.received_before is None:
        st.info(
            _("Chưa nạp hồ sơ nào của các đơn vị này trước {date}, nên chưa so được trước và sau.").format(
                date=date(found.effective)
            ),
            icon=":material/history:",
        )
    else:
        _draw_sums(found)
    columns = [
        Column(label=_("Đơn vị cũ")),
        Column(label=_("Huyện cũ")),
        Column(label=_("Phần nhập vào")),
        Column(label=_("Phần khác về")),
        Column(label=_("Tiếp nhận trước sáp nhập"), number=True),
        Column(label=_("Đúng hạn"), number=True),
        Column(label=_("Tính vào tổng")),
    ]
    rows = [_row(screen, piece, order) for order, piece in enumerate(found.pieces)]
    table(_("Các đơn vị cũ hợp thành"), columns, rows, key="merger_table")
    st.caption(
        _(
            "Nối theo mã đơn vị cũ trong nghị quyết sắp xếp, không theo tên. Đơn vị cũ nhập toàn bộ được cộng đúng; "
            "đơn vị bị tách cho một khoảng, từ không tính đến tính tất cả; phần chỉ có diện tích không mang theo hồ sơ "
            "nào."
        )
    )


def _title(found: Continuity, name: str) -> str:
    whole = sum(piece.share == "all" for piece in found.pieces)
    parts = [_("{n} đơn vị cũ nhập toàn bộ").format(n=whole)] if whole else []
    if found.split:
        parts.append(_("{n} đơn vị cũ chỉ nhập một phần").format(n=len(found.split)))
    land = sum(piece.share == "none" for piece in found.pieces)
    if land:
        parts.append(_("{n} phần chỉ có diện tích").format(n=land))
    return _("{name} từ {date}: {parts}").format(name=name, date=date(found.effective), parts=", ".join(parts))


def _draw_sums(found: Continuity) -> None:
    assert found.received_before is not None
    before, after = st.columns(2, border=True)
    with before:
        st.metric(
            _("Trước sáp nhập: hồ sơ tiếp nhận (từ {date})").format(date=date(found.first)),
            _span(found.received_before, number),
        )
        rate = found.on_time_before
        st.metric(_("Tỷ lệ đúng hạn"), _span(rate, percent) if rate else NOTHING)
    with after:
        st.metric(
            _("Sau sáp nhập: hồ sơ tiếp nhận (từ {date})").format(date=date(found.effective)),
            number(found.after.received),
        )
        st.metric(_("Tỷ lệ đúng hạn"), percent(found.after.on_time_rate))
    st.caption(
        _("Hai khoảng thời gian dài ngắn khác nhau, cơ cấu thủ tục có thể khác: đây là số để biết, chưa phải so sánh.")
    )


def _span(span: Span, text: Callable[[float], str]) -> str:
    low, high = text(span.low), text(span.high)
    return low if low == high else _("từ {low} đến {high}").format(low=low, high=high)


def _row(screen: Screen, piece: Piece, order: int) -> Row:
    communes = screen.lists.communes
    others = ", ".join(communes[code].full_name if code in communes else _("ngoài tỉnh") for code in piece.others)
    handled = piece.handled
    counted = {
        "all": _("tính đủ"),
        "some": _("một khoảng"),
        "none": _("không tính"),
    }[piece.share]
    cells: list[Cell] = [
        (piece.old_name, piece.old_code),
        piece.old_district or NOTHING,
        extent_words(piece.extent),
        others or NOTHING,
        number(handled.received) if handled.received else NOTHING,
        percent(handled.on_time_rate) if handled.resolved else NOTHING,
        counted,
    ]
    sort = [piece.old_name, piece.old_district, order, others, handled.received, handled.on_time_rate, counted]
    return Row(cells=cells, sort=sort)
